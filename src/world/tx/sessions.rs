//! Sessions that STS, the metadata of an instance or the control API issues, and those that a scenario starts with.

use crate::text::{AccessKeyId, SecretText, Span, Timestamp, Uid};
use crate::world::account::{KeyMaterial, Session, SessionPolicy};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::state::Event;
use crate::world::tx::Tx;
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

/// What a temporary credential is made with.
#[derive(Debug)]
pub struct NewSession {
    /// Name of the session.
    pub name: CompactString,
    /// What narrows the permissions of the role.
    pub policy: Option<SessionPolicy>,
    /// Who is behind it.
    pub source_identity: Option<CompactString>,
    /// The expiry the client is told.
    pub returned_expiry: Timestamp,
    /// The expiry that counts, when it is another.
    pub enforced_expiry: Option<Timestamp>,
    /// Its key id, when it is not generated.
    pub id: Option<AccessKeyId>,
    /// Its secret, when it is not generated.
    pub secret: Option<SecretText>,
    /// Its token, when it is not generated.
    pub token: Option<SecretText>,
}

impl Tx<'_> {
    /// Makes a session of a role of the account `uid`, which ends when [`crate::world::settings::SessionExpiry`] says, else when
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

    /// Adds a temporary credential of a role; what was not given is generated. It is forgotten when it is over: its token
    /// tells by itself that it once was good.
    pub fn add_session(&mut self, uid: Uid, role: Slot, new: NewSession) -> Result<Arc<Session>, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let found = self.state.account(uid)?.role(role)?;
        let (role_id, role_name) = (found.id, found.name.clone());
        let (id, secret) = loop {
            let (account, _) = self.account_of(uid)?;
            let made = ids.session(uid, account.counters.next(IdKind::Session));
            if new.id.is_some() || !self.is_taken(&made.0) {
                break made;
            }
        };
        let id = new.id.unwrap_or(id);
        let returned_expiry = new.returned_expiry;
        let enforced_expiry = new.enforced_expiry.unwrap_or(returned_expiry);
        let is_pinned = new.token.is_some();
        let token = new.token.unwrap_or_else(|| ids.token(id.as_str(), enforced_expiry));
        let session = Arc::new(Session {
            id: id.clone(),
            material: KeyMaterial::Secret(new.secret.unwrap_or(secret)),
            token,
            uid,
            role,
            role_id,
            role_name,
            name: new.name,
            policy: new.policy,
            source_identity: new.source_identity,
            returned_expiry,
            enforced_expiry,
        });
        if self.is_taken(&id) {
            return Err(Refusal::KeyTaken);
        }
        self.state.sessions.insert(id.clone(), Arc::clone(&session));
        if is_pinned {
            self.state.tokens.insert(session.token.reveal().into(), id);
        } else {
            self.later(enforced_expiry.max(now), Event::SessionEnd { id });
        }
        Ok(session)
    }

    /// Ends a temporary credential: its token is expired from now on.
    pub fn expire_session(&mut self, id: &AccessKeyId) {
        if let Some(session) = self.state.sessions.get_mut(id) {
            Arc::make_mut(session).enforced_expiry = self.now;
        }
    }

    /// Takes a temporary credential away: its key is unknown from now on.
    pub fn revoke_session(&mut self, id: &AccessKeyId) {
        self.state.sessions.remove(id);
    }
}
