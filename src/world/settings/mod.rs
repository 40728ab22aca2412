//! Settings of a world: plain data that control API and scenario files read and write. Other files act on them.

mod rules;

pub use rules::{AccountRules, Review};

use crate::text::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many of a thing an account may hold; settings of the world.
///
/// Source: docs/evidence/ram.md section 3 and docs/evidence/ims.md 3.3 (2 keys for the account itself; docs/evidence/account.md section 5 has heard
/// of 5, UNCERTAIN).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Quotas {
    /// RAM users of an account.
    pub users: usize,
    /// AccessKeys of a RAM user.
    pub keys_per_user: usize,
    /// AccessKeys of the account itself.
    pub keys_per_account: usize,
    /// Groups of an account.
    pub groups: usize,
    /// Groups that a user may be in.
    pub groups_per_user: usize,
    /// Roles of an account.
    pub roles: usize,
    /// Custom policies of an account.
    pub policies: usize,
    /// Versions of a custom policy.
    pub versions_per_policy: usize,
    /// System policies of a user, group or role.
    pub system_policies_each: usize,
    /// Custom policies of a user, group or role.
    pub custom_policies_each: usize,
    /// Virtual MFA devices of an account.
    pub mfa_devices: usize,
    /// Tags of a role or policy.
    pub tags_each: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            users: 5000,
            keys_per_user: 2,
            keys_per_account: 2,
            groups: 300,
            groups_per_user: 10,
            roles: 1000,
            policies: 1500,
            versions_per_policy: 5,
            system_policies_each: 20,
            custom_policies_each: 10,
            mfa_devices: 5000,
            tags_each: 20,
        }
    }
}

/// What becomes of a call that no policy allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Enforcement {
    /// It is refused.
    #[default]
    Enforce,
    /// It is let through, and the journal says that it would have been refused.
    Audit,
}

/// When the sessions end that are given out, from the moment on that they are: a setting of the world, by which a test drives a
/// client through every branch of its refresh. Without it both are what the call asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SessionExpiry {
    /// What the client is told; negative for a session that seems to be over already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<Span>,
    /// What counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforced: Option<Span>,
}

/// How fast each kind of change spreads; a setting of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Propagation {
    /// A key that was made or enabled can be used.
    #[serde(rename = "key.active")]
    pub key_active: Spread,
    /// A key that was disabled or deleted can no longer be used.
    #[serde(rename = "key.disabled")]
    pub key_disabled: Spread,
    /// A policy that was attached counts.
    #[serde(rename = "policy.attached")]
    pub policy_attached: Spread,
    /// A policy that was detached no longer counts.
    #[serde(rename = "policy.detached")]
    pub policy_detached: Spread,
    /// Products other than those of the account know that it is verified.
    #[serde(rename = "account.verified")]
    pub account_verified: Spread,
}

/// How fast a change spreads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Spread {
    /// At once.
    #[default]
    Now,
    /// Every second call it concerns does not see it, the first one first, until the setting is another.
    Flapping,
    /// After a time of the resource clock.
    After(Span),
    /// The first so many calls it concerns do not see it.
    AfterCalls(u64),
}

impl Propagation {
    /// Whether every change is seen at once.
    pub fn is_immediate(&self) -> bool {
        *self == Self::default()
    }
}
