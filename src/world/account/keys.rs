//! AccessKeys, of the account itself and of its RAM users.

use crate::text::{AccessKeyId, Flaw, Scalar, SecretText, Timestamp, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::settings::Quotas;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Whether a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum KeyStatus {
    /// It may.
    Active,
    /// It is disabled.
    Inactive,
}

/// As it is written in files.
impl fmt::Display for KeyStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Scalar for KeyStatus {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "Active" => Ok(Self::Active),
            "Inactive" => Ok(Self::Inactive),
            _ => Err(Flaw::Value),
        }
    }
}

/// What a signature is checked with.
#[derive(Debug, Clone)]
pub enum KeyMaterial {
    /// The secret that both sides know; shown once, in the answer that makes it.
    Secret(SecretText),
    /// The public half of an RSA key pair, DER of a PKCS#1 `RSAPublicKey`. Only scenarios register one: no API of the
    /// account plane does (UNCERTAIN; docs/evidence/gateway.md 2.3).
    Public(Arc<[u8]>),
}

impl KeyMaterial {
    /// The secret, when there is one.
    pub fn secret(&self) -> &str {
        match self {
            Self::Secret(secret) => secret.reveal(),
            Self::Public(_) => "",
        }
    }
}

/// An AccessKey.
#[derive(Debug, Clone)]
pub struct AccessKey {
    /// Its id.
    pub id: AccessKeyId,
    /// What its signatures are checked with.
    pub material: KeyMaterial,
    /// Whether it may sign.
    pub status: KeyStatus,
    /// Whether it has leaked: then some actions are refused to it for good. Source: docs/evidence/account.md section 7, row 3.
    pub leaked: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When its status last changed.
    pub updated: Timestamp,
    /// Until when it is good, and what goes with it, when it is for a short term.
    pub short_term: Option<ShortTerm>,
}

/// What a key for a short term has besides. Source: docs/evidence/account.md 3.1, `CreateShortTermAccessKeyForAccount`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortTerm {
    /// When it ends; it is deleted then.
    pub expires: Timestamp,
    /// Whether it was said to be asked for with MFA.
    pub with_mfa: bool,
}

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The account itself.
    Root,
    /// A RAM user.
    User(Slot),
}

/// The keys of one owner, oldest first. Shared by copies of the owner until one of them changes it.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Arc<[AccessKey]>);

impl KeyRing {
    /// All keys.
    pub fn iter(&self) -> impl Iterator<Item = &AccessKey> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key `id`.
    pub fn get(&self, id: &str) -> Option<&AccessKey> {
        self.0.iter().find(|key| key.id.as_str() == id)
    }

    /// Whether this is the very same value as `other`.
    pub(in crate::world) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Lets the key `id` be as it is given, or not be there.
    pub(in crate::world) fn put(&mut self, id: &AccessKeyId, key: Option<&AccessKey>) {
        if let Some((key, at)) = key.zip(self.0.iter().position(|one| one.id == *id)) {
            Arc::make_mut(&mut self.0)[at] = key.clone();
        } else {
            self.0 = self.0.iter().filter(|one| one.id != *id).chain(key).cloned().collect();
        }
    }

    /// Adds a key, unless the owner has `quota` of them. Keys for a short term do not count (UNCERTAIN).
    pub fn add(&mut self, key: AccessKey, quota: usize) -> Result<(), Refusal> {
        let lasting = self.0.iter().filter(|one| one.short_term.is_none()).count();
        if key.short_term.is_none() && lasting >= quota {
            return Err(Refusal::TooManyKeys);
        }
        self.0 = self.0.iter().cloned().chain([key]).collect();
        Ok(())
    }

    /// Enables or disables a key. Setting what is set already succeeds. Source: docs/evidence/ram.md 5.3.
    pub fn set_status(&mut self, id: &AccessKeyId, status: KeyStatus, now: Timestamp) -> Result<(), Refusal> {
        let keys = Arc::make_mut(&mut self.0);
        let key = keys.iter_mut().find(|key| key.id == *id).ok_or(Refusal::NoSuchKey)?;
        if key.status != status {
            key.status = status;
            key.updated = now;
        }
        Ok(())
    }

    /// Notes that a key has leaked, or that it has not after all.
    pub fn set_leaked(&mut self, id: &AccessKeyId, leaked: bool) -> Result<(), Refusal> {
        let keys = Arc::make_mut(&mut self.0);
        let key = keys.iter_mut().find(|key| key.id == *id).ok_or(Refusal::NoSuchKey)?;
        key.leaked = leaked;
        Ok(())
    }

    /// Takes a key out. An active one goes too. Source: docs/evidence/ram.md 5.3.
    pub fn remove(&mut self, id: &AccessKeyId) -> Result<(), Refusal> {
        self.get(id.as_str()).ok_or(Refusal::NoSuchKey)?;
        self.0 = self.0.iter().filter(|key| key.id != *id).cloned().collect();
        Ok(())
    }
}

impl Account {
    /// The keys of `owner`.
    pub fn keys_of(&self, owner: Owner) -> Result<&KeyRing, Refusal> {
        match owner {
            Owner::Root => Ok(&self.keys),
            Owner::User(slot) => self.users.get(slot).map(|user| &user.keys).ok_or(Refusal::NoSuchUser),
        }
    }

    /// The keys of `owner`, to change.
    pub fn keys_of_mut(&mut self, owner: Owner) -> Result<&mut KeyRing, Refusal> {
        match owner {
            Owner::Root => Ok(&mut self.keys),
            Owner::User(slot) => {
                self.users.get_mut(slot).map(|user| &mut user.keys).ok_or(Refusal::NoSuchUser)
            }
        }
    }
}

impl Quotas {
    /// How many keys `owner` may have.
    pub fn keys(&self, owner: Owner) -> usize {
        match owner {
            Owner::Root => self.keys_per_account,
            Owner::User(_) => self.keys_per_user,
        }
    }
}

/// Where a credential is kept; what the index of a state holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub uid: Uid,
    /// The owner in it.
    pub owner: Owner,
}
