//! Console passwords of RAM users and the rules for them. Source: docs/evidence/ram.md 5.2 and 5.10.

use crate::text::{Password, Timestamp};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::Arc;

/// How a user logs in to the console.
#[derive(Debug, Clone)]
pub struct LoginProfile {
    /// Hash of the password: a password that alimock did not make is never kept.
    password: Hash,
    /// Hashes of earlier ones, the newest first.
    earlier: VecDeque<Hash>,
    /// Whether the next log-in must bind an MFA device.
    pub mfa_bind_required: bool,
    /// Whether the next log-in must change the password.
    pub password_reset_required: bool,
    /// When it was made.
    pub created: Timestamp,
}

type Hash = [u8; 32];

/// How many earlier passwords are remembered: `PasswordReusePrevention` is at most 24.
const REMEMBERED: usize = 24;

/// What passwords must be like. Source: docs/evidence/ram.md 5.10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasswordPolicy {
    /// Shortest length.
    pub minimum_length: i64,
    /// Needs a lower-case letter.
    pub lowercase: bool,
    /// Needs an upper-case letter.
    pub uppercase: bool,
    /// Needs a digit.
    pub numbers: bool,
    /// Needs something else.
    pub symbols: bool,
    /// Whether an expired password stops the log-in.
    pub hard_expiry: bool,
    /// Days until a password expires; 0 for never.
    pub max_age: i64,
    /// How many earlier passwords may not come back.
    pub reuse_prevention: i64,
    /// How many wrong passwords an hour lock the user out; 0 for any number.
    pub max_login_attempts: i64,
}

impl Default for PasswordPolicy {
    /// UNCERTAIN: which kinds of characters are needed by default. Source: docs/evidence/ram.md 5.10.
    fn default() -> Self {
        Self {
            minimum_length: 8,
            lowercase: false,
            uppercase: false,
            numbers: false,
            symbols: false,
            hard_expiry: false,
            max_age: 0,
            reuse_prevention: 0,
            max_login_attempts: 0,
        }
    }
}

impl PasswordPolicy {
    /// Whether a password is strong enough.
    pub fn admits(&self, password: &Password) -> bool {
        let text = password.reveal();
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let needs = |wanted: bool, kind: fn(char) -> bool| !wanted || text.chars().any(kind);
        length >= self.minimum_length
            && needs(self.lowercase, |c| c.is_ascii_lowercase())
            && needs(self.uppercase, |c| c.is_ascii_uppercase())
            && needs(self.numbers, |c| c.is_ascii_digit())
            && needs(self.symbols, |c| !c.is_ascii_alphanumeric())
    }
}

/// A change to a login profile; what is `None` stays.
pub struct LoginChange {
    /// The new password.
    pub password: Option<Password>,
    /// Whether the next log-in must bind an MFA device.
    pub mfa_bind_required: Option<bool>,
    /// Whether the next log-in must change the password.
    pub password_reset_required: Option<bool>,
}

impl Account {
    /// Refuses a password that is weaker than the policy asks.
    pub fn check_password(&self, password: &Password) -> Result<(), Refusal> {
        if self.password_policy.admits(password) { Ok(()) } else { Err(Refusal::PasswordTooWeak) }
    }

    /// Gives a user a password.
    pub fn add_login(
        &mut self,
        user: Slot,
        change: LoginChange,
        now: Timestamp,
    ) -> Result<&LoginProfile, Refusal> {
        let password = change.password.ok_or(Refusal::PasswordTooWeak)?;
        self.check_password(&password)?;
        if self.user(user)?.login.is_some() {
            return Err(Refusal::LoginProfileExists);
        }
        let password = self.hash(user, &password)?;
        let profile = LoginProfile {
            password,
            earlier: VecDeque::new(),
            mfa_bind_required: change.mfa_bind_required.unwrap_or(false),
            password_reset_required: change.password_reset_required.unwrap_or(false),
            created: now,
        };
        let found = self.users.get_mut(user).ok_or(Refusal::NoSuchUser)?;
        Ok(found.login.insert(Arc::new(profile)))
    }

    /// How a user logs in.
    pub fn login(&self, user: Slot) -> Result<&LoginProfile, Refusal> {
        self.user(user)?.login.as_deref().ok_or(Refusal::NoLoginProfile)
    }

    /// Changes password and flags.
    pub fn change_login(&mut self, user: Slot, change: LoginChange) -> Result<(), Refusal> {
        self.login(user)?;
        change.password.iter().try_for_each(|password| self.check_password(password))?;
        let password = change.password.map(|password| self.hash(user, &password)).transpose()?;
        let profile = self.login_mut(user)?;
        if let Some(password) = password {
            profile.set(password);
        }
        profile.mfa_bind_required = change.mfa_bind_required.unwrap_or(profile.mfa_bind_required);
        profile.password_reset_required =
            change.password_reset_required.unwrap_or(profile.password_reset_required);
        Ok(())
    }

    /// Changes a password for somebody who knows the present one.
    pub fn change_password(&mut self, user: Slot, old: &Password, new: &Password) -> Result<(), Refusal> {
        let profile = self.login(user)?;
        if profile.password != self.hash(user, old)? {
            return Err(Refusal::WrongOldPassword);
        }
        self.check_password(new)?;
        let hash = self.hash(user, new)?;
        let barred = usize::try_from(self.password_policy.reuse_prevention).unwrap_or(0);
        if std::iter::once(&profile.password).chain(&profile.earlier).take(barred).any(|one| *one == hash) {
            return Err(Refusal::PasswordReused);
        }
        let profile = self.login_mut(user)?;
        profile.set(hash);
        profile.password_reset_required = false;
        Ok(())
    }

    /// Takes the password away.
    pub fn remove_login(&mut self, user: Slot) -> Result<(), Refusal> {
        self.login(user)?;
        self.users.get_mut(user).ok_or(Refusal::NoSuchUser)?.login = None;
        Ok(())
    }

    fn login_mut(&mut self, user: Slot) -> Result<&mut LoginProfile, Refusal> {
        let user = self.users.get_mut(user).ok_or(Refusal::NoSuchUser)?;
        user.login.as_mut().map(Arc::make_mut).ok_or(Refusal::NoLoginProfile)
    }

    fn hash(&self, user: Slot, password: &Password) -> Result<Hash, Refusal> {
        let salted = Sha256::new_with_prefix(self.user(user)?.id.to_le_bytes());
        Ok(salted.chain_update(password.reveal()).finalize().into())
    }
}

impl LoginProfile {
    fn set(&mut self, password: Hash) {
        self.earlier.push_front(std::mem::replace(&mut self.password, password));
        self.earlier.truncate(REMEMBERED);
    }
}
