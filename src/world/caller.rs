//! Who signed a call.

use crate::text::{Uid, UserName};
use crate::world::account::{Project, Session};
use crate::world::register::Slot;
use serde::Serialize;
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

    /// Whether it may enter a project of its account.
    pub fn may_enter(&self, project: &Project) -> bool {
        let has = |name: &str| project.members.iter().any(|member| member == name);
        match self {
            Self::Nobody => false,
            Self::Root { .. } => true,
            Self::User { name, .. } => has(name.as_str()),
            Self::Role(session) => has(&format!("role/{}", session.role_name)),
        }
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
