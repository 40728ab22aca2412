//! RAM users.

use crate::text::{Comments, DisplayName, Email, MobilePhone, Patch, Timestamp, UserName, UserPrincipalName};
use crate::world::account::{Account, Entity, KeyRing, LoginProfile, UserExtras};
use crate::world::ids::Ids;
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;
use std::sync::Arc;

/// A RAM user.
#[derive(Debug, Clone)]
pub struct User {
    /// User id; a rename keeps it.
    pub id: u64,
    /// User name as written.
    pub name: UserName,
    /// Descriptive texts.
    pub details: UserDetails,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
    /// Time of the last console log-in.
    pub last_login: Option<Timestamp>,
    /// Console log-in, if allowed.
    pub login: Option<Arc<LoginProfile>>,
    /// AccessKeys of the user.
    pub keys: KeyRing,
    /// Tags and other data that few users have.
    pub(in crate::world) extras: Option<Arc<UserExtras>>,
}

impl Named for User {
    fn folded_name(&self) -> CompactString {
        self.name.folded()
    }
}

impl User {
    /// Returns the display name, or an empty text.
    pub fn display_name(&self) -> String {
        self.details.display_name.as_ref().map(DisplayName::to_string).unwrap_or_default()
    }
}

/// Descriptive texts of a user.
#[derive(Debug, Clone, Default)]
pub struct UserDetails {
    /// Name shown in the console.
    pub display_name: Option<DisplayName>,
    /// Mobile number.
    pub mobile_phone: Option<MobilePhone>,
    /// E-mail address.
    pub email: Option<Email>,
    /// Optional remark.
    pub comments: Option<Comments>,
}

/// Changes to a user.
pub struct UserChange {
    /// New name.
    pub name: Option<UserName>,
    /// New display name.
    pub display_name: Patch<DisplayName>,
    /// New mobile number.
    pub mobile_phone: Patch<MobilePhone>,
    /// New e-mail address.
    pub email: Patch<Email>,
    /// New remark.
    pub comments: Patch<Comments>,
}

impl Account {
    /// Returns the logon domain: of the alias, or else of the UID. Source: docs/evidence/ims.md section 2.
    pub fn default_domain(&self) -> String {
        match &self.alias {
            Some(alias) => format!("{}.onaliyun.com", alias.as_str()),
            None => UserPrincipalName::domain_of(self.uid),
        }
    }

    /// Returns the slot of the user with this id, which hides it.
    pub fn user_with_id(&self, id: u64) -> Result<Slot, Refusal> {
        let is_its = |slot: &Slot| self.users.get(*slot).is_some_and(|user| user.id == id);
        Ids::slot_of_user(self.uid, id).filter(is_its).ok_or(Refusal::NoSuchUser)
    }

    /// Returns the slot of the user `name`.
    pub fn user_slot(&self, name: &UserName) -> Result<Slot, Refusal> {
        self.users.find(&name.folded()).ok_or(Refusal::NoSuchUser)
    }

    /// Returns the user in `slot`.
    pub fn user(&self, slot: Slot) -> Result<&User, Refusal> {
        self.users.get(slot).map(|user| &**user).ok_or(Refusal::NoSuchUser)
    }

    /// Adds a user.
    pub fn add_user(&mut self, user: User, quotas: &Quotas) -> Result<Slot, Refusal> {
        if self.users.len() >= quotas.users && self.users.find(&user.folded_name()).is_none() {
            return Err(Refusal::TooManyUsers);
        }
        self.users.add(user).map_err(|_| Refusal::UserExists)
    }

    /// Changes a user. A rename keeps id, keys and slot. The same name is fine. Source: docs/evidence/ram.md section 6.
    pub fn update_user(&mut self, slot: Slot, change: UserChange, now: Timestamp) -> Result<&User, Refusal> {
        let apply = |user: &mut User| {
            user.name = change.name.unwrap_or_else(|| user.name.clone());
            change.display_name.apply(&mut user.details.display_name);
            change.mobile_phone.apply(&mut user.details.mobile_phone);
            change.email.apply(&mut user.details.email);
            change.comments.apply(&mut user.details.comments);
            user.updated = now;
        };
        self.users.rename(slot, apply).map_err(|_| Refusal::UserExists)?;
        self.user(slot)
    }

    /// Moves a user without keys, policies or other dependents into the recycle bin. Nothing cascades. Conflicts are
    /// reported in the order of the page (UNCERTAIN). Source: docs/evidence/ram.md section 6, docs/evidence/ims.md 3.4.
    pub fn remove_user(&mut self, slot: Slot, quotas: &Quotas, now: Timestamp) -> Result<(), Refusal> {
        let user = self.user(slot)?;
        let left = [
            (self.members.right_of(slot).next().is_some(), Refusal::UserInGroup),
            (!user.keys.is_empty(), Refusal::UserHasKeys),
            (user.login.is_some(), Refusal::UserHasLogin),
            (self.device_of(slot).is_some(), Refusal::UserHasDevice),
            (self.attachments.right_of(Entity::User(slot)).next().is_some(), Refusal::UserHasPolicies),
        ];
        if let Some((_, refusal)) = left.into_iter().find(|(is_left, _)| *is_left) {
            return Err(refusal);
        }
        self.recycle_user(slot, quotas, now);
        Ok(())
    }
}
