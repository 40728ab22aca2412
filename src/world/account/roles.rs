//! Roles and their sessions.

use crate::text::{AccessKeyId, SecretText, Timestamp, Uid};
use crate::world::account::KeyMaterial;
use crate::world::register::{Named, Slot};
use compact_str::CompactString;

/// A role: an identity without keys of its own.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: CompactString,
    /// When it was made.
    pub created: Timestamp,
}

impl Named for Role {
    fn folded_name(&self) -> CompactString {
        self.name.to_ascii_lowercase()
    }
}

/// A temporary credential. Source: facts/sts.md section 2.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its key id, `STS.`...
    pub id: AccessKeyId,
    /// What its signatures are checked with.
    pub material: KeyMaterial,
    /// The token that must come with the key.
    pub token: SecretText,
    /// The account of the role.
    pub uid: Uid,
    /// The role.
    pub role: Slot,
    /// Name of the session.
    pub name: CompactString,
    /// The expiry the client was told.
    pub returned_expiry: Timestamp,
    /// The expiry that counts; a scenario may set the two apart.
    pub enforced_expiry: Timestamp,
}
