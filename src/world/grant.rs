//! Sessions that are given out, by whichever door: STS, the metadata of an instance, the control API.

use crate::text::{Span, Uid};
use crate::world::account::{Session, SessionPolicy};
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::tx::{NewSession, Tx};
use compact_str::CompactString;
use std::sync::Arc;

/// What somebody is given who may assume a role.
#[derive(Debug)]
pub struct Grant {
    /// Name of the session.
    pub name: CompactString,
    /// How many seconds it lasts, unless the world says otherwise for all.
    pub seconds: i64,
    /// What narrows the permissions of the role.
    pub policy: Option<SessionPolicy>,
    /// Who is behind it.
    pub source_identity: Option<CompactString>,
}

impl Tx<'_> {
    /// Makes a session of a role of the account `uid`, which ends when [`crate::world::account::SessionExpiry`] says, else when
    /// the grant does. Whether the role may be assumed is not asked here.
    pub fn grant(&mut self, uid: Uid, role: Slot, grant: Grant) -> Result<Arc<Session>, Refusal> {
        let now = self.now;
        let expiry = self.state.session_expiry;
        let asked = now.plus_millis(grant.seconds * 1000);
        let at = |span: Option<Span>| span.map_or(asked, |span| now.plus(span.0));
        let new = NewSession {
            name: grant.name,
            policy: grant.policy,
            source_identity: grant.source_identity,
            returned_expiry: at(expiry.returned),
            enforced_expiry: Some(at(expiry.enforced)),
            id: None,
            secret: None,
            token: None,
        };
        self.add_session(uid, role, new)
    }
}
