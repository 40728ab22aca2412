//! The caller of a request.

use crate::text::{Uid, UserName};
use crate::world::account::{Project, Session};
use crate::world::register::Slot;
use serde::Serialize;
use std::sync::Arc;

/// The caller of a request. Only the gateway creates one; an operation cannot forge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// No caller: an anonymous action, or a request rejected before authentication.
    Nobody,
    /// The account itself.
    Root {
        /// UID.
        uid: Uid,
    },
    /// A RAM user.
    User {
        /// UID of the account.
        uid: Uid,
        /// Slot in the account.
        slot: Slot,
        /// User id.
        id: u64,
        /// User name at the time of the call.
        name: UserName,
    },
    /// A session of a role.
    Role(Arc<Session>),
}

impl Caller {
    /// Returns the account of the caller.
    pub fn uid(&self) -> Option<Uid> {
        match self {
            Self::Nobody => None,
            Self::Root { uid } | Self::User { uid, .. } => Some(*uid),
            Self::Role(session) => Some(session.uid),
        }
    }

    /// Returns `true` for an account itself.
    pub fn is_root(&self) -> bool {
        matches!(self, Self::Root { .. })
    }

    /// Returns `true` if the caller is a member of a project of its account.
    pub fn may_enter(&self, project: &Project) -> bool {
        let has = |name: &str| project.members.iter().any(|member| member == name);
        match self {
            Self::Nobody => false,
            Self::Root { .. } => true,
            Self::User { name, .. } => has(name.as_str()),
            Self::Role(session) => has(&format!("role/{}", session.role_name)),
        }
    }

    /// Returns the `IdentityType` of `GetCallerIdentity`. Source: docs/evidence/sts.md section 6.
    pub fn identity_type(&self) -> &'static str {
        match self {
            Self::Nobody => "Anonymous",
            Self::Root { .. } => "Account",
            Self::User { .. } => "RAMUser",
            Self::Role(_) => "AssumedRoleUser",
        }
    }

    /// Returns the ARN, as in `GetCallerIdentity`: it has the name of a role in lower case. Source: docs/evidence/sts.md section 6.
    pub fn arn(&self) -> String {
        match self {
            Self::Nobody => String::new(),
            Self::Root { uid } => format!("acs:ram::{uid}:root"),
            Self::User { uid, name, .. } => format!("acs:ram::{uid}:user/{name}"),
            Self::Role(session) => {
                let role = session.role_name.folded();
                format!("acs:ram::{}:assumed-role/{role}/{}", session.uid, session.name)
            }
        }
    }
}

/// Form of a caller in the journal and the control API.
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
