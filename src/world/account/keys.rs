//! AccessKeys of the account itself and of its RAM users.

use crate::policy::NetworkPolicy;
use crate::text::{AccessKeyId, Flaw, Scalar, SecretText, Timestamp, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use crate::world::settings::Quotas;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Status of an AccessKey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum KeyStatus {
    /// May sign.
    Active,
    /// Disabled.
    Inactive,
}

/// Writes the name used in files.
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

/// Material that signatures are checked with.
#[derive(Debug, Clone)]
pub enum KeyMaterial {
    /// The shared secret, shown once: in the response that creates it.
    Secret(SecretText),
    /// The public half of an RSA key pair, DER of a PKCS#1 `RSAPublicKey`. Only scenarios register one: no API of the
    /// account plane does (UNCERTAIN; docs/evidence/gateway.md 2.3).
    Public(Arc<[u8]>),
}

impl KeyMaterial {
    /// Returns the secret; empty for a public key.
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
    /// AccessKey id.
    pub id: AccessKeyId,
    /// Material that its signatures are checked with.
    pub material: KeyMaterial,
    /// Status.
    pub status: KeyStatus,
    /// True if the system disabled it because it was not used for a long time.
    pub idle: bool,
    /// Marks a leaked key; some actions then reject it permanently. Source: docs/evidence/account.md section 7, row 3.
    pub leaked: bool,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last status change.
    pub updated: Timestamp,
    /// Last use that a scenario or a command told. A call since then replaces it.
    pub told_use: Option<Arc<LastUse>>,
    /// Expiry and MFA of a short-term key.
    pub short_term: Option<ShortTerm>,
    /// Network policy; it replaces that of the account while it is active.
    pub network: Option<Arc<NetworkPolicy>>,
}

/// Additional data of a short-term key. Source: docs/evidence/account.md 3.1, `CreateShortTermAccessKeyForAccount`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortTerm {
    /// Expiry; the key is deleted then.
    pub expires: Timestamp,
    /// Set if the request said that it was made with MFA.
    pub with_mfa: bool,
}

/// Last use of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// Time on the resource clock.
    pub at: Timestamp,
    /// Product code, such as `Ram`.
    pub product: Cow<'static, str>,
    /// Version of the state that the call saw, or that the told use is part of.
    pub version: u64,
}

/// Owner of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The account itself.
    Root,
    /// A RAM user.
    User(Slot),
}

/// Keys of one owner, oldest first. Copies of the owner share them until one copy changes.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Arc<[AccessKey]>);

impl KeyRing {
    /// Iterates over the keys.
    pub fn iter(&self) -> impl Iterator<Item = &AccessKey> {
        self.0.iter()
    }

    /// Returns `true` if the owner has no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the key `id`.
    pub fn get(&self, id: &str) -> Option<&AccessKey> {
        self.0.iter().find(|key| key.id.as_str() == id)
    }

    /// Returns `true` if both are the same shared value.
    pub(in crate::world) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Replaces, adds or removes the key `id`.
    pub(in crate::world) fn put(&mut self, id: &AccessKeyId, key: Option<&AccessKey>) {
        if let Some((key, at)) = key.zip(self.0.iter().position(|one| one.id == *id)) {
            Arc::make_mut(&mut self.0)[at] = key.clone();
        } else {
            self.0 = self.0.iter().filter(|one| one.id != *id).chain(key).cloned().collect();
        }
    }

    /// Adds a key, unless the owner has `quota` keys. Short-term keys do not count (UNCERTAIN).
    pub fn add(&mut self, key: AccessKey, quota: usize) -> Result<(), Refusal> {
        let lasting = self.0.iter().filter(|one| one.short_term.is_none()).count();
        if key.short_term.is_none() && lasting >= quota {
            return Err(Refusal::TooManyKeys);
        }
        self.0 = self.0.iter().cloned().chain([key]).collect();
        Ok(())
    }

    /// Enables or disables a key. Setting the current status succeeds. Source: docs/evidence/ram.md 5.3.
    pub fn set_status(&mut self, id: &AccessKeyId, status: KeyStatus, now: Timestamp) -> Result<(), Refusal> {
        let key = self.get_mut(id)?;
        if key.status != status {
            (key.status, key.updated) = (status, now);
        }
        key.idle = false;
        Ok(())
    }

    /// Returns the key `id`, to change.
    pub(in crate::world) fn get_mut(&mut self, id: &AccessKeyId) -> Result<&mut AccessKey, Refusal> {
        Arc::make_mut(&mut self.0).iter_mut().find(|key| key.id == *id).ok_or(Refusal::NoSuchKey)
    }

    /// Sets or clears the `leaked` flag of a key.
    pub fn set_leaked(&mut self, id: &AccessKeyId, leaked: bool) -> Result<(), Refusal> {
        self.get_mut(id)?.leaked = leaked;
        Ok(())
    }

    /// Deletes and returns a key, active or not. Source: docs/evidence/ram.md 5.3.
    pub fn remove(&mut self, id: &AccessKeyId) -> Result<AccessKey, Refusal> {
        let removed = self.get(id.as_str()).ok_or(Refusal::NoSuchKey)?.clone();
        self.0 = self.0.iter().filter(|key| key.id != *id).cloned().collect();
        Ok(removed)
    }
}

impl Account {
    /// Returns the keys of `owner`.
    pub fn keys_of(&self, owner: Owner) -> Result<&KeyRing, Refusal> {
        match owner {
            Owner::Root => Ok(&self.keys),
            Owner::User(slot) => self.users.get(slot).map(|user| &user.keys).ok_or(Refusal::NoSuchUser),
        }
    }

    /// Returns the keys of `owner`, to change.
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
    /// Returns the maximum number of keys of `owner`.
    pub fn keys(&self, owner: Owner) -> usize {
        match owner {
            Owner::Root => self.keys_per_account,
            Owner::User(_) => self.keys_per_user,
        }
    }
}

/// Location of a credential, as stored in the index of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub uid: Uid,
    /// Owner in the account.
    pub owner: Owner,
}
