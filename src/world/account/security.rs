//! Console log-in of the account owner. The log-ins of RAM users are in `login`. Source:
//! docs/evidence/account.md 1.5.

use crate::text::{Network, Password, Timestamp, Uid};
use crate::world::account::mfa::Seed;
use crate::world::refusal::Refusal;
use crate::world::settings::AccountRules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::net::IpAddr;

/// Number of log-ins to remember, for reports.
const MOST_LOGINS: usize = 100;

/// Protection of sensitive operations: `RiskControlDto`. UNCERTAIN: values are kept as text, unchecked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Protection {
    /// `ProtectLevel`; empty while protection is off.
    pub level: String,
    /// `VerifyType`: verification method for an operation.
    pub verify_type: String,
}

/// Addresses that may use the console.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IpMask {
    /// Applies `networks`.
    pub enabled: bool,
    /// Addresses and CIDR blocks.
    pub networks: Vec<Network>,
}

impl IpMask {
    /// Returns `true` if `address` may log in.
    pub fn admits(&self, address: IpAddr) -> bool {
        !self.enabled || self.networks.iter().any(|network| network.contains(address))
    }
}

/// Console log-in of an account.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Password hash. alimock never keeps a password that it did not generate.
    password: Option<[u8; 32]>,
    /// Time when the password was set.
    pub password_set: Option<Timestamp>,
    /// Wrong passwords since the last successful log-in, and the time of the last one.
    failures: (u32, Option<Timestamp>),
    /// Seed of the bound virtual MFA device.
    pub mfa: Option<Seed>,
    /// Addresses that may log in.
    pub ip_mask: IpMask,
    /// Duration of a log-in in seconds; by default the world's. UNCERTAIN: the unit of `SessionExpireTime`.
    pub session_seconds: Option<i64>,
    /// Allows log-in with the security mobile.
    pub mobile_login: bool,
    /// Protection of sensitive operations.
    pub protection: Protection,
    /// Time of the last log-in.
    pub last_login: Option<Timestamp>,
    /// Latest log-ins, oldest first.
    pub(super) logins: VecDeque<Timestamp>,
}

impl Security {
    /// Returns `true` if a password is set.
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

    /// Checks whether `password` is correct.
    pub fn is_password(&self, uid: Uid, password: &Password) -> bool {
        self.password == Some(hash(uid, password))
    }

    /// Returns the end of the lockout after too many wrong passwords.
    pub fn locked_until(&self, rules: &AccountRules) -> Option<Timestamp> {
        let (count, last) = self.failures;
        let locked = rules.login_attempts > 0 && count >= rules.login_attempts;
        last.filter(|_| locked).map(|last| last.plus(rules.login_lockout.0))
    }

    /// Records a wrong password. After the lockout, counting starts again from one.
    pub(crate) fn fail(&mut self, rules: &AccountRules, now: Timestamp) {
        let is_over = self.locked_until(rules).is_some_and(|until| until <= now);
        let before = if is_over { 0 } else { self.failures.0 };
        self.failures = (before + 1, Some(now));
    }

    /// Records a successful log-in.
    pub(crate) fn succeed(&mut self, now: Timestamp) {
        self.failures = (0, None);
        self.last_login = Some(now);
        if self.logins.len() == MOST_LOGINS {
            self.logins.pop_front();
        }
        self.logins.push_back(now);
    }
}

fn hash(uid: Uid, password: &Password) -> [u8; 32] {
    Sha256::new_with_prefix(uid.0.to_le_bytes()).chain_update(password.reveal()).finalize().into()
}
