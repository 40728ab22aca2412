//! Settings of a world: plain data in scenario files and the control API. Other modules apply them.

mod rules;

pub use rules::{AccountRules, Review};

use crate::text::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Quotas of an account; a setting of the world.
///
/// Source: docs/evidence/ram.md section 3 and docs/evidence/ims.md 3.3 (2 keys for the account
/// itself; docs/evidence/account.md section 5 has heard of 5, UNCERTAIN).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Quotas {
    /// RAM users in an account.
    pub users: usize,
    /// AccessKeys of a RAM user.
    pub keys_per_user: usize,
    /// AccessKeys of the account itself.
    pub keys_per_account: usize,
    /// Groups in an account.
    pub groups: usize,
    /// Groups of a user.
    pub groups_per_user: usize,
    /// Roles in an account.
    pub roles: usize,
    /// Custom policies in an account.
    pub policies: usize,
    /// Versions of a custom policy.
    pub versions_per_policy: usize,
    /// System policies of a user, group or role.
    pub system_policies_each: usize,
    /// Custom policies of a user, group or role.
    pub custom_policies_each: usize,
    /// Virtual MFA devices in an account.
    pub mfa_devices: usize,
    /// Tags of a role, policy or resource group.
    pub tags_each: usize,
    /// Deleted users in the recycle bin of an account; the oldest goes first. Source: docs/evidence/ims.md 3.4.
    pub users_in_recycle_bin: usize,
    /// Deleted keys of a user in the recycle bin.
    pub keys_in_recycle_bin: usize,
    /// Service credentials of a user, or of the account itself, for one service. Source: docs/evidence/ims.md section 5.
    pub service_credentials_each: usize,
    /// OAuth applications that a user may have authorized, as `GetAccountSummary` of IMS shows it; nothing else depends on it.
    /// UNCERTAIN: the number.
    pub authorized_clients_per_user: usize,
    /// OIDC providers in an account, and SAML providers.
    pub identity_providers: usize,
    /// Folders of a resource directory, without its Root folder. Source: docs/evidence/resource-directory.md section 3, here and below.
    pub folders_per_directory: usize,
    /// Members of a resource directory.
    pub members_per_directory: usize,
    /// Invitations that a resource directory sends in a day.
    pub invitations_per_day: usize,
    /// Custom control policies of a resource directory.
    pub control_policies: usize,
    /// Control policies of a folder or member.
    pub control_policies_each: usize,
    /// Message contacts of a resource directory.
    pub message_contacts: usize,
    /// Members of a message contact. UNCERTAIN: the number.
    pub members_per_contact: usize,
    /// Verification codes that an account has sent in a day for its resource directory.
    pub codes_per_day: usize,
    /// Members that a resource directory deletes in 30 days. UNCERTAIN: the number depends on the size of the directory.
    pub member_deletions_per_month: usize,
    /// Delegated administrators of a service. UNCERTAIN: each service has another number.
    pub delegated_administrators_per_service: usize,
    /// Resource groups in an account, besides the default one.
    pub resource_groups: usize,
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
            users_in_recycle_bin: 1000,
            keys_in_recycle_bin: 3,
            service_credentials_each: 2,
            authorized_clients_per_user: 20,
            identity_providers: 100,
            folders_per_directory: 100,
            members_per_directory: 20,
            invitations_per_day: 20,
            control_policies: 1500,
            control_policies_each: 10,
            message_contacts: 10,
            members_per_contact: 100,
            codes_per_day: 100,
            member_deletions_per_month: 20,
            delegated_administrators_per_service: 5,
            resource_groups: 30,
        }
    }
}

/// Treatment of calls that no policy allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Enforcement {
    /// Rejects the call.
    #[default]
    Enforce,
    /// Runs the call and marks it in the journal as not allowed.
    Audit,
}

/// Expiry of issued sessions, counted from the time of issue. Tests use it to run every branch of a
/// client's refresh. By default both fields are as requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SessionExpiry {
    /// Expiry in the response; negative for a session that seems expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<Span>,
    /// Enforced expiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforced: Option<Span>,
}

/// Delay of each kind of change; a setting of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Propagation {
    /// A new or enabled key works.
    #[serde(rename = "key.active")]
    pub key_active: Spread,
    /// A disabled or deleted key stops working.
    #[serde(rename = "key.disabled")]
    pub key_disabled: Spread,
    /// An attached policy takes effect.
    #[serde(rename = "policy.attached")]
    pub policy_attached: Spread,
    /// A detached policy loses its effect.
    #[serde(rename = "policy.detached")]
    pub policy_detached: Spread,
    /// Products outside the account plane see that an account is verified.
    #[serde(rename = "account.verified")]
    pub account_verified: Spread,
}

/// Delay of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Spread {
    /// No delay.
    #[default]
    Now,
    /// Every second call does not see the change, starting with the first, until this setting changes.
    Flapping,
    /// Calls see the change after a time on the resource clock.
    After(Span),
    /// The first calls, up to this number, do not see the change.
    AfterCalls(u64),
}

impl Propagation {
    /// Returns `true` if all changes take effect at once.
    pub fn is_immediate(&self) -> bool {
        *self == Self::default()
    }
}
