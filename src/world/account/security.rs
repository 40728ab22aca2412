//! How the owner of an account logs in to the console, and what guards it. It is the account's own log-in; those of RAM users
//! are in `login`. Source: docs/evidence/account.md 1.5.

use crate::text::{Network, Password, Timestamp, Uid};
use crate::world::account::mfa::Seed;
use crate::world::refusal::Refusal;
use crate::world::settings::AccountRules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// What guards sensitive operations: `RiskControlDto`. UNCERTAIN: values are texts, kept as they come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Protection {
    /// `ProtectLevel`; empty while it is off.
    pub level: String,
    /// `VerifyType`: how an operation is confirmed.
    pub verify_type: String,
}

/// From where the console may be reached.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IpMask {
    /// Whether it counts.
    pub enabled: bool,
    /// Addresses and blocks.
    pub networks: Vec<Network>,
}

impl IpMask {
    /// Whether one at `address` may log in.
    pub fn admits(&self, address: IpAddr) -> bool {
        !self.enabled || self.networks.iter().any(|network| network.contains(address))
    }
}

/// The log-in of an account.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Hash of the password: a password that alimock did not make is never kept.
    password: Option<[u8; 32]>,
    /// When it was set.
    pub password_set: Option<Timestamp>,
    /// Wrong passwords since the last good log-in, and when the last one was told.
    failures: (u32, Option<Timestamp>),
    /// The bound virtual MFA device.
    pub mfa: Option<Seed>,
    /// From where it may log in.
    pub ip_mask: IpMask,
    /// How long a log-in lasts, in seconds, when not as the world has it. UNCERTAIN: the unit of `SessionExpireTime`.
    pub session_seconds: Option<i64>,
    /// Whether the security mobile may be used to log in.
    pub mobile_login: bool,
    /// What guards sensitive operations.
    pub protection: Protection,
    /// When it last logged in.
    pub last_login: Option<Timestamp>,
}

impl Security {
    /// Whether there is a password.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// Sets the password.
    pub fn set_password(
        &mut self,
        uid: Uid,
        password: &Password,
        rules: &AccountRules,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if !rules.admits_password(password) {
            return Err(Refusal::RootPasswordTooWeak);
        }
        self.password = Some(hash(uid, password));
        self.password_set = Some(now);
        self.failures = (0, None);
        Ok(())
    }

    /// Whether it is the password.
    pub fn is_password(&self, uid: Uid, password: &Password) -> bool {
        self.password == Some(hash(uid, password))
    }

    /// Until when wrong passwords bar the log-in.
    pub fn locked_until(&self, rules: &AccountRules) -> Option<Timestamp> {
        let (count, last) = self.failures;
        let locked = rules.login_attempts > 0 && count >= rules.login_attempts;
        last.filter(|_| locked).map(|last| last.plus(rules.login_lockout.0))
    }

    /// Notes a wrong password. One after the lockout counts from the first again.
    pub(crate) fn fail(&mut self, rules: &AccountRules, now: Timestamp) {
        let is_over = self.locked_until(rules).is_some_and(|until| until <= now);
        let before = if is_over { 0 } else { self.failures.0 };
        self.failures = (before + 1, Some(now));
    }

    /// Notes a good log-in.
    pub(crate) fn succeed(&mut self, now: Timestamp) {
        self.failures = (0, None);
        self.last_login = Some(now);
    }
}

fn hash(uid: Uid, password: &Password) -> [u8; 32] {
    Sha256::new_with_prefix(uid.0.to_le_bytes()).chain_update(password.reveal()).finalize().into()
}
