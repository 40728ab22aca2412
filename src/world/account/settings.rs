//! Settings of an account for all its users, and tags of users, roles and policies.

use crate::text::{Flaw, Network, Tag, TagKey, TagValue};
use crate::world::refusal::Refusal;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Rights of users on themselves, and their log-in. Source: docs/evidence/ram.md 5.10, docs/evidence/ims.md 4.8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SecurityPreference {
    /// Lets users manage their own AccessKeys without a policy. Scenarios set this on the account.
    #[serde(skip)]
    pub allow_user_to_manage_access_keys: bool,
    /// Lets users change their own password without a policy.
    pub allow_user_to_change_password: bool,
    /// Lets users bind and unbind their own MFA device without a policy.
    pub allow_user_to_manage_mfa_devices: bool,
    /// Stored and returned, without effect: alimock has no public keys to manage.
    pub allow_user_to_manage_public_keys: bool,
    /// Lets users manage their own service credentials.
    pub allow_user_to_manage_service_credentials: bool,
    /// Lets users log in to the console with a passkey. Stored and returned: alimock has no such log-in.
    pub allow_user_to_login_with_passkey: bool,
    /// Lets users bind their own DingTalk account. Stored and returned, without effect.
    pub allow_user_to_manage_personal_ding_talk: bool,
    /// Use of MFA devices for log-ins.
    pub mfa_operation_for_login: MfaOperation,
    /// Treatment of risky log-ins. Stored and returned: no log-in to alimock is risky.
    pub operation_for_risk_login: RiskOperation,
    /// Days without use after which a user is disabled: 90, 180, 365 or 730.
    pub max_idle_days_for_users: i64,
    /// Days without use after which an AccessKey is disabled: 90, 180, 365 or 730.
    pub max_idle_days_for_access_keys: i64,
    /// Ways to verify users: `sms`, `email`. Stored and returned, without effect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verification_types: Vec<String>,
    /// Lets the console remember a device for seven days.
    pub enable_save_mfa_ticket: bool,
    /// Addresses from which users may log in to the console.
    #[schemars(with = "String")]
    pub login_network_masks: CompactString,
    /// Duration of a log-in in hours.
    pub login_session_duration: i64,
}

/// Use of MFA devices for console log-ins: `MFAOperationForLogin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MfaOperation {
    /// Every user must use a device.
    Mandatory,
    /// The login profile of each user decides.
    #[default]
    Independent,
    /// Only an unusual log-in needs a device. No log-in to alimock is unusual.
    Adaptive,
}

/// Treatment of a risky console log-in: `OperationForRiskLogin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RiskOperation {
    /// The user decides about further verification.
    #[default]
    Autonomous,
    /// Further verification is required.
    EnforceVerify,
}

impl Default for SecurityPreference {
    /// Defaults. All but those of keys and idle days are UNCERTAIN. Source: docs/evidence/ims.md 4.3 and 4.8, docs/evidence/ram.md 5.10.
    fn default() -> Self {
        Self {
            allow_user_to_manage_access_keys: false,
            allow_user_to_change_password: true,
            allow_user_to_manage_mfa_devices: true,
            allow_user_to_manage_public_keys: false,
            allow_user_to_manage_service_credentials: false,
            allow_user_to_login_with_passkey: true,
            allow_user_to_manage_personal_ding_talk: true,
            mfa_operation_for_login: MfaOperation::default(),
            operation_for_risk_login: RiskOperation::default(),
            max_idle_days_for_users: 730,
            max_idle_days_for_access_keys: 730,
            verification_types: Vec::new(),
            enable_save_mfa_ticket: false,
            login_network_masks: CompactString::default(),
            login_session_duration: 6,
        }
    }
}

impl SecurityPreference {
    /// Returns `true` if users may log in from `address`. A mask that is neither an address nor a block admits nobody.
    pub fn admits(&self, address: IpAddr) -> bool {
        let mut masks =
            self.login_network_masks.split(';').map(str::trim).filter(|mask| !mask.is_empty()).peekable();
        masks.peek().is_none()
            || masks.any(|mask| Network::parse(mask).is_some_and(|network| network.contains(address)))
    }
}

/// Tags of a user, role or policy, sorted by key. Source: docs/evidence/ram.md 5.9, docs/evidence/ims.md 4.14.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(Vec<(TagKey, TagValue)>);

impl Tags {
    /// No tags.
    pub const NONE: Self = Self(Vec::new());

    /// Number of tags in one call.
    const MOST_OF_CALL: usize = 20;

    /// Checks new tags of a user: up to 20, with keys that neither start with `aliyun` or `acs:` nor contain a URL.
    ///
    /// Source: docs/evidence/ims.md 4.1 and 4.14.
    pub fn check_of_user(tags: &[Tag]) -> Result<(), Flaw> {
        let is_reserved = |Tag(key, _): &Tag| {
            let key = key.as_str();
            let starts = ["aliyun", "acs:"].iter().any(|start| key.starts_with(start));
            starts || key.contains("http://") || key.contains("https://")
        };
        if tags.len() > Self::MOST_OF_CALL {
            return Err(Flaw::Length);
        }
        if tags.iter().any(is_reserved) { Err(Flaw::Value) } else { Ok(()) }
    }

    /// Returns `true` without tags.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the tags.
    pub fn iter(&self) -> impl Iterator<Item = &(TagKey, TagValue)> {
        self.0.iter()
    }

    /// Sets tags; an existing key gets the new value.
    pub fn set(&mut self, tags: &[Tag], quota: usize) -> Result<(), Refusal> {
        for Tag(key, value) in tags {
            match self.0.binary_search_by(|(one, _)| one.cmp(key)) {
                Ok(at) => self.0[at].1 = value.clone(),
                Err(at) => self.0.insert(at, (key.clone(), value.clone())),
            }
        }
        if self.0.len() > quota { Err(Refusal::TooManyTags) } else { Ok(()) }
    }

    /// Removes the tags with `keys`; `None` removes all.
    pub fn remove(&mut self, keys: Option<&[TagKey]>) {
        self.0.retain(|(key, _)| keys.is_some_and(|keys| !keys.contains(key)));
    }

    /// Returns `true` if all tags in `wanted` exist; an empty value matches any.
    pub fn have(&self, wanted: &[Tag]) -> bool {
        let has = |key: &TagKey, value: &TagValue| {
            self.0.iter().any(|(one, it)| one == key && (value.as_str().is_empty() || it == value))
        };
        wanted.iter().all(|Tag(key, value)| has(key, value))
    }
}
