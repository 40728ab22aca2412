//! Data that few RAM users have: tags, verified contacts, passkeys. Source: docs/evidence/ims.md 4.6 and 4.14.

use crate::text::{Email, MobilePhone, PasskeyName, Timestamp};
use crate::world::account::{Account, Tags};
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Data that few users have. Users without any of it have no value, so they stay small.
#[derive(Debug, Clone, Default)]
pub struct UserExtras {
    /// Tags.
    pub tags: Tags,
    /// Contacts that verify the user.
    pub verification: Verification,
    /// Passkeys, oldest first. No API creates one: the console does.
    pub passkeys: Vec<Passkey>,
}

/// Contacts that verify a user: `SecurityPhoneDevice` and `SecurityEmailDevice`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// The mobile number.
    pub mobile: Option<(MobilePhone, Confirmation)>,
    /// The e-mail address.
    pub email: Option<(Email, Confirmation)>,
}

/// State of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confirmation {
    /// The user has confirmed it.
    #[default]
    Active,
    /// An administrator has set it; the user has not confirmed it.
    Pending,
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Passkey id.
    pub id: CompactString,
    /// Name; changeable.
    pub name: PasskeyName,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last log-in with it.
    pub last_used: Option<Timestamp>,
}

static NONE: UserExtras = UserExtras {
    tags: Tags::NONE,
    verification: Verification { mobile: None, email: None },
    passkeys: Vec::new(),
};

impl Account {
    /// Returns the extras of a user.
    pub fn extras(&self, user: Slot) -> Result<&UserExtras, Refusal> {
        Ok(self.user(user)?.extras())
    }

    /// Returns the extras of a user, to change.
    pub fn extras_mut(&mut self, user: Slot) -> Result<&mut UserExtras, Refusal> {
        let user = self.users.get_mut(user).ok_or(Refusal::NoSuchUser)?;
        Ok(Arc::make_mut(user.extras.get_or_insert_default()))
    }

    /// Returns a passkey of a user, to change.
    pub fn passkey_mut(&mut self, user: Slot, id: &str) -> Result<&mut Passkey, Refusal> {
        let mut all = self.extras_mut(user)?.passkeys.iter_mut();
        all.find(|passkey| passkey.id == id).ok_or(Refusal::NoSuchPasskey)
    }

    /// Deletes a passkey of a user.
    pub fn remove_passkey(&mut self, user: Slot, id: &str) -> Result<(), Refusal> {
        self.passkey_mut(user, id)?;
        self.extras_mut(user)?.passkeys.retain(|passkey| passkey.id != id);
        Ok(())
    }
}

impl super::User {
    /// Returns the extras; without any, empty ones.
    pub fn extras(&self) -> &UserExtras {
        self.extras.as_deref().unwrap_or(&NONE)
    }
}
