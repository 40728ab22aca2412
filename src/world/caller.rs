//! Who signed a call.

use crate::text::{Uid, UserName};
use crate::world::account::Session;
use crate::world::permission::Decision;
use crate::world::register::Slot;
use crate::world::state::State;
use serde::Serialize;
use std::cell::OnceCell;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// Who signed a call. Only the gateway makes one; an operation cannot forge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Nobody: an anonymous action, or a call refused before it was known.
    Nobody,
    /// The account itself.
    Root {
        /// Its UID.
        uid: Uid,
    },
    /// A RAM user.
    User {
        /// UID of its account.
        uid: Uid,
        /// Its place in the account.
        slot: Slot,
        /// Its id.
        id: u64,
        /// Its name when it called.
        name: UserName,
    },
    /// A session of a role.
    Role(Arc<Session>),
}

/// Where a call comes from: what condition keys tell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Address of the client.
    pub ip: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
}

impl Source {
    /// This machine: the control API, scenarios, what falls due.
    pub const LOCAL: Self = Self { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), secure: false };
}

/// On whose behalf something is done.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who calls.
    pub caller: &'a Caller,
    /// Where the call comes from.
    pub source: Source,
    /// The host that it was sent to, with a port if the client named one.
    pub host: &'a str,
    /// Where an operation that decides about permission itself leaves its decision for the journal.
    pub decided: Option<&'a OnceCell<Decision>>,
    /// The state as this call sees it, when a change has not spread yet: whoever asks about permission asks it.
    pub seen: Option<&'a State>,
}

impl By<'static> {
    /// Nobody on the wire: the control API, scenarios, what falls due.
    pub const OURSELVES: Self =
        Self { caller: &Caller::Nobody, source: Source::LOCAL, host: "", decided: None, seen: None };
}

impl Caller {
    /// The account it acts in.
    pub fn uid(&self) -> Option<Uid> {
        match self {
            Self::Nobody => None,
            Self::Root { uid } | Self::User { uid, .. } => Some(*uid),
            Self::Role(session) => Some(session.uid),
        }
    }

    /// Whether it is an account itself.
    pub fn is_root(&self) -> bool {
        matches!(self, Self::Root { .. })
    }

    /// `IdentityType` of `GetCallerIdentity`. Source: docs/evidence/sts.md section 6.
    pub fn identity_type(&self) -> &'static str {
        match self {
            Self::Nobody => "Anonymous",
            Self::Root { .. } => "Account",
            Self::User { .. } => "RAMUser",
            Self::Role(_) => "AssumedRoleUser",
        }
    }

    /// Its ARN, as `GetCallerIdentity` shows it. Source: docs/evidence/sts.md section 6.
    pub fn arn(&self) -> String {
        match self {
            Self::Nobody => String::new(),
            Self::Root { uid } => format!("acs:ram::{uid}:root"),
            Self::User { uid, name, .. } => format!("acs:ram::{uid}:user/{name}"),
            Self::Role(session) => {
                format!("acs:ram::{}:assumed-role/{}/{}", session.uid, session.role_name, session.name)
            }
        }
    }
}

/// The journal's and the control API's view of a caller.
impl Serialize for Caller {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("type", self.identity_type())?;
        if let Some(uid) = self.uid() {
            map.serialize_entry("uid", &uid)?;
            map.serialize_entry("arn", &self.arn())?;
        }
        map.end()
    }
}
