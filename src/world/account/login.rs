//! Console passwords of RAM users, and the password policy. Source: docs/evidence/ram.md 5.2 and 5.10.

use crate::text::{Password, Timestamp, UserName};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::Slot;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// Console log-in of a user.
#[derive(Debug, Clone)]
pub struct LoginProfile {
    /// Password hash. alimock never keeps a password that it did not generate. `None`: nobody knows the password.
    password: Option<Hash>,
    /// Time when the password was set.
    password_set: Timestamp,
    /// Times of the latest wrong passwords and codes since the last log-in, newest first.
    failures: VecDeque<Timestamp>,
    /// Hashes of earlier passwords, newest first.
    earlier: VecDeque<Hash>,
    /// Requires binding an MFA device at the next log-in.
    pub mfa_bind_required: bool,
    /// Requires a new password at the next log-in.
    pub password_reset_required: bool,
    /// Permission to log in. RAM does not show it; IMS calls it `Status`.
    pub status: LoginStatus,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change. IMS calls it `UpdateDate`.
    pub updated: Timestamp,
    /// True if the system disabled it because nobody logged in for a long time: `AutoDisableLoginStatus`.
    pub auto_disabled: bool,
    /// `true` until the first log-in.
    is_initial: bool,
}

/// Status of a password. A password is initial until its first use: a new one before that is initial, too.
/// Source: docs/evidence/ims.md 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum PasswordStatus {
    /// Somebody has logged in.
    NotInitial,
    /// Nobody has logged in, and somebody may.
    InitialValid,
    /// Nobody has logged in in time.
    InitialExpired,
}

/// Status of a console log-in. Source: docs/evidence/ims.md 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum LoginStatus {
    /// The user may log in.
    #[default]
    Active,
    /// The user may not log in.
    Inactive,
}

type Hash = [u8; 32];

/// Time in which wrong passwords are counted. Source: docs/evidence/ram.md 5.10.
const ATTEMPTS_COUNT: SignedDuration = SignedDuration::from_hours(1);

/// Number of wrong passwords to remember: `MaxLoginAttemps` is at most 32.
const MOST_ATTEMPTS: usize = 32;

/// Number of earlier passwords to remember: `PasswordReusePrevention` is at most 24.
const REMEMBERED: usize = 24;

/// Password policy. Source: docs/evidence/ram.md 5.10, docs/evidence/ims.md 4.8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasswordPolicy {
    /// Minimum length.
    pub minimum_length: i64,
    /// Requires a lowercase letter.
    pub lowercase: bool,
    /// Requires an uppercase letter.
    pub uppercase: bool,
    /// Requires a digit.
    pub numbers: bool,
    /// Requires another character.
    pub symbols: bool,
    /// Blocks the log-in with an expired password.
    pub hard_expiry: bool,
    /// Days until a password expires; 0 means never.
    pub max_age: i64,
    /// Number of earlier passwords that may not be reused.
    pub reuse_prevention: i64,
    /// Number of wrong passwords in an hour that locks the user out; 0 means no limit.
    pub max_login_attempts: i64,
    /// Minimum number of different characters.
    pub different_characters: i64,
    /// Forbids passwords that contain the user name.
    pub not_user_name: bool,
    /// Days until an initial password expires; 0 means never (UNCERTAIN).
    pub initial_age: i64,
    /// Rejects known passwords. Stored and returned, without effect: no source shows which passwords are known.
    pub intercept_risk_on_api: bool,
}

impl Default for PasswordPolicy {
    /// Default policy. UNCERTAIN: the kinds of characters that are required. Source: docs/evidence/ram.md 5.10.
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
            different_characters: 0,
            not_user_name: false,
            initial_age: 14,
            intercept_risk_on_api: false,
        }
    }
}

impl PasswordPolicy {
    /// Returns `true` if the password of a user meets the policy. UNCERTAIN: the user name is found in any case.
    pub fn admits(&self, password: &Password, user: &UserName) -> bool {
        let text = password.reveal();
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let different = || i64::try_from(text.chars().collect::<BTreeSet<_>>().len()).unwrap_or(i64::MAX);
        let has_name = || text.to_ascii_lowercase().contains(&*user.folded());
        let needs = |wanted: bool, kind: fn(char) -> bool| !wanted || text.chars().any(kind);
        length >= self.minimum_length
            && needs(self.lowercase, |c| c.is_ascii_lowercase())
            && needs(self.uppercase, |c| c.is_ascii_uppercase())
            && needs(self.numbers, |c| c.is_ascii_digit())
            && needs(self.symbols, |c| !c.is_ascii_alphanumeric())
            && (self.different_characters == 0 || different() >= self.different_characters)
            && !(self.not_user_name && has_name())
    }
}

/// Changes to a login profile; `None` keeps the value.
#[derive(Default)]
pub struct LoginChange {
    /// New password.
    pub password: Option<Password>,
    /// Requires binding an MFA device at the next log-in.
    pub mfa_bind_required: Option<bool>,
    /// Requires a new password at the next log-in.
    pub password_reset_required: Option<bool>,
    /// Whether the user may log in.
    pub status: Option<LoginStatus>,
}

impl Account {
    /// Rejects a password of the user `name` that does not meet the policy.
    pub fn check_password(&self, password: &Password, name: &UserName) -> Result<(), Refusal> {
        if self.password_policy.admits(password, name) { Ok(()) } else { Err(Refusal::PasswordTooWeak) }
    }

    fn check_password_of(&self, user: Slot, password: &Password) -> Result<(), Refusal> {
        self.check_password(password, &self.user(user)?.name)
    }

    /// Gives a user a login profile. Without a password, nobody can log in with it yet.
    pub fn add_login(
        &mut self,
        user: Slot,
        change: LoginChange,
        now: Timestamp,
    ) -> Result<&LoginProfile, Refusal> {
        change.password.iter().try_for_each(|password| self.check_password_of(user, password))?;
        if self.user(user)?.login.is_some() {
            return Err(Refusal::LoginProfileExists);
        }
        let password = change.password.map(|password| self.hash(user, &password)).transpose()?;
        let profile = LoginProfile {
            password,
            password_set: now,
            failures: VecDeque::new(),
            earlier: VecDeque::new(),
            mfa_bind_required: change.mfa_bind_required.unwrap_or(false),
            password_reset_required: change.password_reset_required.unwrap_or(false),
            status: change.status.unwrap_or_default(),
            created: now,
            updated: now,
            auto_disabled: false,
            is_initial: true,
        };
        let found = self.users.get_mut(user).ok_or(Refusal::NoSuchUser)?;
        Ok(found.login.insert(Arc::new(profile)))
    }

    /// Returns the console log-in of a user.
    pub fn login(&self, user: Slot) -> Result<&LoginProfile, Refusal> {
        self.user(user)?.login.as_deref().ok_or(Refusal::NoLoginProfile)
    }

    /// Changes the password and flags.
    pub fn change_login(&mut self, user: Slot, change: LoginChange, now: Timestamp) -> Result<(), Refusal> {
        self.login(user)?;
        change.password.iter().try_for_each(|password| self.check_password_of(user, password))?;
        let password = change.password.map(|password| self.hash(user, &password)).transpose()?;
        let profile = self.login_mut(user)?;
        if let Some(password) = password {
            profile.set(password, now);
        }
        profile.mfa_bind_required = change.mfa_bind_required.unwrap_or(profile.mfa_bind_required);
        profile.password_reset_required =
            change.password_reset_required.unwrap_or(profile.password_reset_required);
        if let Some(status) = change.status {
            (profile.status, profile.auto_disabled) = (status, false);
        }
        profile.updated = now;
        Ok(())
    }

    /// Changes a password; needs the current one.
    pub fn change_password(
        &mut self,
        user: Slot,
        [old, new]: [&Password; 2],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let profile = self.login(user)?;
        if !self.is_password(user, old) {
            return Err(Refusal::WrongOldPassword);
        }
        self.check_password_of(user, new)?;
        let hash = self.hash(user, new)?;
        let barred = usize::try_from(self.password_policy.reuse_prevention).unwrap_or(0);
        if profile.password.iter().chain(&profile.earlier).take(barred).any(|one| *one == hash) {
            return Err(Refusal::PasswordReused);
        }
        let profile = self.login_mut(user)?;
        profile.set(hash, now);
        profile.password_reset_required = false;
        profile.updated = now;
        Ok(())
    }

    /// Removes the console log-in.
    pub fn remove_login(&mut self, user: Slot) -> Result<(), Refusal> {
        self.login(user)?;
        self.users.get_mut(user).ok_or(Refusal::NoSuchUser)?.login = None;
        Ok(())
    }

    /// Returns `true` if `password` is the present one of a user.
    pub(in crate::world) fn is_password(&self, user: Slot, password: &Password) -> bool {
        let set = self.login(user).ok().and_then(|profile| profile.password);
        set.is_some() && set == self.hash(user, password).ok()
    }

    pub(in crate::world) fn login_mut(&mut self, user: Slot) -> Result<&mut LoginProfile, Refusal> {
        let user = self.users.get_mut(user).ok_or(Refusal::NoSuchUser)?;
        user.login.as_mut().map(Arc::make_mut).ok_or(Refusal::NoLoginProfile)
    }

    fn hash(&self, user: Slot, password: &Password) -> Result<Hash, Refusal> {
        let salted = Sha256::new_with_prefix(self.user(user)?.id.to_le_bytes());
        Ok(salted.chain_update(password.reveal()).finalize().into())
    }
}

impl LoginProfile {
    /// Returns the time when the password was set.
    pub fn password_set(&self) -> Timestamp {
        self.password_set
    }

    fn set(&mut self, password: Hash, now: Timestamp) {
        if let Some(before) = self.password.replace(password) {
            self.earlier.push_front(before);
        }
        self.earlier.truncate(REMEMBERED);
        self.password_set = now;
        self.failures.clear();
    }

    /// Returns `true` if wrong passwords of the last hour lock the user out.
    pub(in crate::world) fn is_locked(&self, policy: &PasswordPolicy, now: Timestamp) -> bool {
        let counted = self.failures.iter().filter(|at| now.since(**at) < ATTEMPTS_COUNT).count();
        policy.max_login_attempts > 0 && i64::try_from(counted).is_ok_and(|n| n >= policy.max_login_attempts)
    }

    /// Returns `true` if the password is older than the policy allows.
    pub(in crate::world) fn is_expired(&self, policy: &PasswordPolicy, now: Timestamp) -> bool {
        policy.max_age > 0 && self.is_older(policy.max_age, now)
    }

    /// Records a wrong password or code.
    pub(in crate::world) fn fail(&mut self, now: Timestamp) {
        self.failures.truncate(MOST_ATTEMPTS - 1);
        self.failures.push_front(now);
    }

    /// Returns the status of the password at `now`.
    pub fn password_status(&self, policy: &PasswordPolicy, now: Timestamp) -> PasswordStatus {
        let is_old = policy.initial_age > 0 && self.is_older(policy.initial_age, now);
        match (self.is_initial, is_old) {
            (false, _) => PasswordStatus::NotInitial,
            (true, false) => PasswordStatus::InitialValid,
            (true, true) => PasswordStatus::InitialExpired,
        }
    }

    fn is_older(&self, days: i64, now: Timestamp) -> bool {
        now.since(self.password_set).as_hours() >= days.saturating_mul(24)
    }

    /// Records a successful log-in.
    pub(in crate::world) fn succeed(&mut self) {
        self.failures.clear();
        self.is_initial = false;
    }

    /// Makes profile and password as old as told. An old password is not initial.
    pub(in crate::world) fn date(&mut self, created: Timestamp) {
        self.is_initial = false;
        (self.created, self.updated, self.password_set) = (created, created, created);
    }
}
