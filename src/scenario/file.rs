//! Format of a scenario file. [`super::seed`] plants every field and [`super::export`] writes it. An unknown field is
//! an error.

use crate::attributes::{apply, input, is_yes, optional_input, yes};
use crate::scenario::clock::Setting;
use crate::scenario::life::{InstanceFile, LabelFile, RealNameFile};
use crate::scenario::problem::advice;
use crate::text::{AccountAlias, CountryCode, Email, LoginName, MobilePhone, Moment, Site};
use crate::world::account::{Acl, KeyStatus, PasswordPolicy, Redundancy, SecurityPreference, StorageClass};
use crate::world::clock::Run;
use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::gates::Gate;
use crate::world::machine::MachineSettings;
use crate::world::settings::{AccountRules, Propagation, Quotas, SessionExpiry};
use crate::world::stubs::Stubs;
use crate::world::{
    Clocks, Due, Enforcement, Hosts, LoginProfileWords, PasskeyWords, SetSecurity, SetState,
    VerificationWords, Vpcs,
};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

#[apply(optional_input)]
pub(super) struct File {
    /// Seed of all ids.
    pub(super) seed: Option<u64>,
    pub(super) clock: Option<ClockFile>,
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) quotas: Quotas,
    /// Handling of calls that no policy allows. Default: the server's setting.
    pub(super) permissions: Option<Enforcement>,
    /// Propagation delays of changes.
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) propagation: Propagation,
    /// Expiry of issued sessions.
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) session_expiry: SessionExpiry,
    /// Responses to actions that alimock does not implement; the first stub that matches a call answers it.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) stubs: Stubs,
    /// System policies beside the built-in ones. One with the name of a built-in policy replaces it.
    pub(super) system_policies: Vec<SystemPolicyFile>,
    /// Further hosts of products: a host name without port, and the code of its product.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) hosts: Hosts,
    /// Addresses of clients that call from inside a VPC, by its id: `{vpc-1: [172.16.0.0/16]}`. Others are public.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) vpcs: Vpcs,
    /// Rules about accounts for which no source exists.
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) account_rules: AccountRules,
    /// Conditions that a call must meet. The first matching gate decides; these gates come before the built-in ones.
    pub(super) gates: Vec<Gate>,
    pub(super) accounts: Vec<AccountFile>,
    /// Instance whose metadata the world serves. Default: no instance.
    pub(super) instance: Option<MachineSettings>,
    /// Fault rules; docs/scenarios.md describes their fields.
    pub(super) faults: Vec<Rule>,
    /// Owner of the credentials for a command that runs with the scenario: an account, or account/user.
    pub(super) r#as: Option<String>,
    /// Commands that run later.
    pub(super) timeline: Vec<Due>,
    /// Expectations that `alimock run` checks at the end.
    pub(super) expect: Vec<Expectation>,
}

impl File {
    /// Returns the settings of the clocks from now on.
    pub(super) fn clocks(&self) -> Clocks {
        let run = |setting: Option<Setting>| setting.map_or(Run::Real, Setting::run);
        let Some(clock) = &self.clock else { return Clocks::default() };
        Clocks { resource: run(clock.resource), gateway: run(clock.gateway) }
    }

    /// Returns the AccessKeys of all accounts and their users.
    pub(super) fn keys(&self) -> impl Iterator<Item = &KeyFile> {
        self.accounts
            .iter()
            .flat_map(|account| account.keys.iter().chain(account.users.iter().flat_map(|user| &user.keys)))
    }

    /// Returns an error message if `who` has no key.
    pub(super) fn missing(&self, who: &str) -> Option<String> {
        let accounts = || self.accounts.iter().map(|account| (account.name.clone(), &account.keys));
        let users = self.accounts.iter().flat_map(|account| {
            account.users.iter().map(|user| (format!("{}/{}", account.name, user.name), &user.keys))
        });
        let all: Vec<_> = accounts().chain(users).collect();
        match all.iter().find(|(name, _)| name == who) {
            Some((_, keys)) if !keys.is_empty() => None,
            Some(_) => Some(format!("`{who}` has no key: give it `keys: [{{}}]`")),
            None => {
                let known = all.iter().filter(|(_, keys)| !keys.is_empty()).map(|(name, _)| name.as_str());
                let advice = advice(who, known.collect::<Vec<_>>());
                Some(format!("`{who}` is neither an account nor account/user of this file{advice}"))
            }
        }
    }
}

/// Each clock: `real`, a fixed RFC 3339 time, an offset from real time (`-20m`), or a number: the speed factor.
#[apply(input)]
pub(super) struct ClockFile {
    pub(super) resource: Option<Setting>,
    pub(super) gateway: Option<Setting>,
}

#[apply(input)]
pub(super) struct AccountFile {
    /// Name in this file; never sent to clients.
    pub(super) name: String,
    /// Fixed UID, as text or number.
    pub(super) uid: Option<u64>,
    #[serde(default = "Site::china", skip_serializing_if = "is_china")]
    pub(super) site: Site,
    /// Makes the account a partner, which manages other accounts.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) is_partner: bool,
    /// Name of the partner that manages it.
    pub(super) partner: Option<String>,
    pub(super) login_name: Option<LoginName>,
    pub(super) email: Option<Email>,
    pub(super) mobile: Option<MobilePhone>,
    pub(super) country: Option<CountryCode>,
    pub(super) real_name: Option<RealNameFile>,
    pub(super) state: Option<SetState>,
    /// Login settings of the owner.
    pub(super) security: Option<SetSecurity>,
    /// Other data of the owner, by the names of official APIs: `NickName`, `City`.
    pub(super) details: BTreeMap<String, String>,
    /// Statuses of services, by service: `{dataworks-public: {activated: "false"}}`.
    pub(super) services: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) labels: Vec<LabelFile>,
    /// Purchased instances.
    pub(super) instances: Vec<InstanceFile>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) allow_user_to_manage_access_keys: bool,
    /// Self-management permissions and console login of RAM users.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) security_preference: SecurityPreference,
    /// Rules for console passwords.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) password_policy: PasswordPolicy,
    pub(super) keys: Vec<KeyFile>,
    /// Network policy of all keys of the account and its users: a mapping as in the API, or JSON text.
    pub(super) key_network_policy: Option<Value>,
    pub(super) service_credentials: Vec<ServiceCredentialFile>,
    #[serde(serialize_with = "in_a_line")]
    pub(super) bearer_tokens: Vec<String>,
    /// First label of the logon domain.
    pub(super) alias: Option<AccountAlias>,
    pub(super) policies: Vec<PolicyFile>,
    pub(super) groups: Vec<GroupFile>,
    pub(super) users: Vec<UserFile>,
    pub(super) roles: Vec<RoleFile>,
    pub(super) oidc_providers: Vec<OidcProviderFile>,
    pub(super) saml_providers: Vec<SamlProviderFile>,
    pub(super) projects: Vec<ProjectFile>,
    pub(super) buckets: Vec<BucketFile>,
}

/// An OSS bucket.
#[apply(input)]
pub(super) struct BucketFile {
    pub(super) name: String,
    /// Region; default `cn-hangzhou`.
    pub(super) region: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) acl: Acl,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) storage_class: StorageClass,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) redundancy: Redundancy,
}

/// A MaxCompute project, which is a DataWorks workspace. The account is always a member.
#[apply(input)]
pub(super) struct ProjectFile {
    pub(super) name: String,
    /// Fixed id of the workspace.
    pub(super) id: Option<u64>,
    /// Names of RAM users of the account, and `role/NAME` for sessions of a role.
    #[serde(serialize_with = "in_a_line")]
    pub(super) members: Vec<String>,
}

/// An OIDC provider. The control API registers one from the same format.
#[apply(input)]
pub(crate) struct OidcProviderFile {
    pub(crate) name: String,
    /// `iss` of its tokens. Default: the built-in issuer.
    pub(crate) issuer: Option<String>,
    #[serde(serialize_with = "in_a_line")]
    #[serde_with(skip_apply)]
    pub(crate) client_ids: Vec<String>,
    #[serde(serialize_with = "in_a_line")]
    pub(crate) fingerprints: Vec<String>,
    /// Maximum age of a token in whole hours; default `12h`.
    pub(crate) issuance_limit: Option<String>,
    /// Its key set (JWKS), as a mapping or JSON text. Without one, only the built-in issuer is reachable.
    pub(crate) keys: Option<Value>,
    /// Thumbprint of the issuer's certificate. Default: a registered thumbprint.
    pub(crate) certificate: Option<String>,
    /// The certificate has a valid chain.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) trusted: bool,
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Serializes only the settings that differ from their defaults.
fn what_differs<T: Default + Serialize, S: Serializer>(settings: &T, s: S) -> Result<S::Ok, S::Error> {
    let read = |settings: &T| serde_json::to_value(settings).map_err(serde::ser::Error::custom);
    let (mut settings, default) = (read(settings)?, read(&T::default())?);
    if let Value::Object(named) = &mut settings {
        named.retain(|name, value| default.get(name) != Some(value));
    }
    settings.serialize(s)
}

/// Serializes a list of names in one line: `[a, b]`.
fn in_a_line<S: Serializer>(names: &[String], s: S) -> Result<S::Ok, S::Error> {
    serde_saphyr::FlowSeq(names).serialize(s)
}

/// A SAML provider. The control API registers one from the same format.
#[apply(input)]
pub(crate) struct SamlProviderFile {
    pub(crate) name: String,
    /// Metadata XML. Default: the metadata of the built-in provider.
    pub(crate) metadata: Option<String>,
    /// The service can read the metadata. With `false`, any text is accepted, and every login fails.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) readable: bool,
}

/// A custom policy.
#[apply(input)]
pub(super) struct PolicyFile {
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// Number of its default version; default 1.
    pub(super) version: Option<u32>,
    /// A mapping, or JSON text.
    pub(super) document: Value,
    /// Versions that are not the default.
    pub(super) other_versions: Vec<VersionFile>,
    pub(super) tags: BTreeMap<String, String>,
}

/// A system policy, which every account has.
#[apply(input)]
pub(super) struct SystemPolicyFile {
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    /// Number of its version; default 1.
    pub(super) version: Option<u32>,
    /// A mapping, or JSON text.
    pub(super) document: Value,
}

/// A non-default version of a custom policy.
#[apply(input)]
pub(super) struct VersionFile {
    /// Version number: `1` for `v1`.
    pub(super) version: u32,
    /// A mapping, or JSON text.
    pub(super) document: Value,
}

#[apply(input)]
pub(super) struct GroupFile {
    pub(super) name: String,
    /// Display name, which only IMS shows.
    pub(super) display_name: Option<String>,
    pub(super) comments: Option<String>,
    /// Names of policies. A custom policy comes before a system policy of the same name.
    #[serde(serialize_with = "in_a_line")]
    pub(super) policies: Vec<String>,
    /// Names of policies that apply in one resource group only, by the name of the group.
    pub(super) resource_groups: BTreeMap<String, Vec<String>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_china(site: &Site) -> bool {
    *site == Site::China
}

#[apply(optional_input)]
pub(super) struct KeyFile {
    /// Fixed id.
    pub(super) id: Option<String>,
    /// Fixed secret.
    pub(super) secret: Option<String>,
    /// PEM of an RSA public key, instead of a secret.
    pub(super) public_key: Option<String>,
    pub(super) status: Option<KeyStatus>,
    /// The key has leaked: it signs, but many calls are refused.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) leaked: bool,
    /// Time of creation: a time, or a span back (`-400d`). Default: the start.
    pub(super) created: Option<Moment>,
    /// Time of the last use before the start. Default: never used.
    pub(super) last_used: Option<Moment>,
    /// Product of the last use: `Ecs`. Default: `Ram`.
    pub(super) last_used_service: Option<String>,
    /// Network policy: a mapping as in the API, or JSON text.
    pub(super) network_policy: Option<Value>,
    /// Time of its deletion in the last 30 days: it is in the recycle bin. Default for a key of a deleted user: as the user.
    pub(super) deleted: Option<Moment>,
}

/// An API key for one cloud service.
#[apply(input)]
pub(super) struct ServiceCredentialFile {
    pub(super) name: String,
    /// The cloud service.
    pub(super) service: String,
    /// Fixed id.
    pub(super) id: Option<String>,
    /// Fixed secret.
    pub(super) secret: Option<String>,
    pub(super) status: Option<KeyStatus>,
    /// Time of creation: a time, or a span back (`-400d`). Default: the start.
    pub(super) created: Option<Moment>,
    /// Expiry: a time or a span from now. Default: never.
    pub(super) expires: Option<Moment>,
}

#[apply(input)]
pub(super) struct UserFile {
    pub(super) name: String,
    pub(super) display_name: Option<String>,
    /// `<country code>-<number>`.
    pub(super) mobile_phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) comments: Option<String>,
    /// Names of policies. A custom policy comes before a system policy of the same name.
    #[serde(serialize_with = "in_a_line")]
    pub(super) policies: Vec<String>,
    /// Names of policies that apply in one resource group only, by the name of the group.
    pub(super) resource_groups: BTreeMap<String, Vec<String>>,
    /// Names of groups of the account.
    #[serde(serialize_with = "in_a_line")]
    pub(super) groups: Vec<String>,
    /// Console password.
    pub(super) password: Option<String>,
    /// Console log-in. Without `password`, nobody knows its password.
    pub(super) login_profile: Option<LoginProfileWords>,
    /// Time of creation of the user and its login profile: a time, or a span back (`-400d`). Default: the start.
    pub(super) created: Option<Moment>,
    /// Time of the last console log-in. Default: never.
    pub(super) last_login: Option<Moment>,
    /// Time of its deletion in the last 30 days: it is in the recycle bin, and so are its keys.
    pub(super) deleted: Option<Moment>,
    /// The virtual MFA device bound to the user.
    pub(super) mfa: Option<MfaFile>,
    pub(super) tags: BTreeMap<String, String>,
    /// Contacts that verify the user.
    pub(super) verification: Option<VerificationWords>,
    /// Passkeys of the user.
    pub(super) passkeys: Vec<PasskeyWords>,
    pub(super) keys: Vec<KeyFile>,
    pub(super) service_credentials: Vec<ServiceCredentialFile>,
    #[serde(serialize_with = "in_a_line")]
    pub(super) bearer_tokens: Vec<String>,
}

/// A virtual MFA device. Everyone who knows its seed can compute its codes.
#[apply(input)]
pub(super) struct MfaFile {
    /// Name, the last part of the serial number. Default: the user's name.
    pub(super) name: Option<String>,
    /// Seed of its codes, in Base32 as apps take it.
    pub(super) seed: String,
}

#[apply(input)]
pub(super) struct RoleFile {
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// Cloud service linked to the role: `ess.aliyuncs.com`. It defines trust policy, policies and session length.
    pub(super) service: Option<String>,
    /// Trust policy, short (`{RAM: [root]}`) or complete. Default: every user and role of the account may assume it.
    pub(super) trust: Option<Value>,
    /// Maximum session length; default one hour.
    pub(super) max_session: Option<String>,
    /// The console may switch to the role. Default: `true`, but `false` for a service-linked role.
    pub(super) allow_console_login: Option<bool>,
    /// Names of policies. A custom policy comes before a system policy of the same name.
    #[serde(serialize_with = "in_a_line")]
    pub(super) policies: Vec<String>,
    /// Names of policies that apply in one resource group only, by the name of the group.
    pub(super) resource_groups: BTreeMap<String, Vec<String>>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) sessions: Vec<SessionFile>,
}

/// A temporary credential that exists from the start.
#[apply(input)]
pub(super) struct SessionFile {
    pub(super) name: String,
    pub(super) id: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) token: Option<String>,
    /// Lifetime; negative if already expired. Default: one hour.
    pub(super) expires: Option<String>,
    /// Actual lifetime, if it differs from the lifetime that the client was told.
    pub(super) enforced_expires: Option<String>,
    /// Policy that restricts those of the role: a mapping, or JSON text.
    pub(super) policy: Option<Value>,
    /// Source identity.
    pub(super) source_identity: Option<String>,
}
