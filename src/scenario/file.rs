//! The format of a scenario file. Every field here is one that [`super::seed`] plants and [`super::export`] writes; an unknown
//! one is an error.

use crate::scenario::clock::Setting;
use crate::scenario::life::{InstanceFile, LabelFile, RealNameFile};
use crate::scenario::problem::advice;
use crate::text::{AccountAlias, CountryCode, Email, LoginName, MobilePhone, Site};
use crate::world::account::{Acl, KeyStatus, PasswordPolicy, Redundancy, SecurityPreference, StorageClass};
use crate::world::clock::Run;
use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::gates::Gate;
use crate::world::machine::MachineSettings;
use crate::world::settings::{AccountRules, Propagation, Quotas, SessionExpiry};
use crate::world::stubs::Stubs;
use crate::world::{Clocks, Due, Enforcement, SetSecurity, SetState};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct File {
    /// The number all ids come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) clock: Option<ClockFile>,
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) quotas: Quotas,
    /// What becomes of calls that no policy allows; the server's choice when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) permissions: Option<Enforcement>,
    /// How fast changes spread to the calls they concern.
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) propagation: Propagation,
    /// When sessions end that are given out.
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) session_expiry: SessionExpiry,
    /// What is answered for actions that alimock does not run; the first that fits answers.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) stubs: Stubs,
    /// Rules about accounts that no source settles.
    #[serde(skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) account_rules: AccountRules,
    /// What must be in order before what is called; the first that fits a call decides, before those that are always there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) gates: Vec<Gate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<AccountFile>,
    /// The instance whose metadata the world serves; none when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) instance: Option<MachineSettings>,
    /// Rules that spoil calls; docs/scenarios.md has their words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) faults: Vec<Rule>,
    /// Whose credentials a command gets that is run with it: an account, or account/user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) r#as: Option<String>,
    /// What is done to the world later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) timeline: Vec<Due>,
    /// What `alimock run` checks at the end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) expect: Vec<Expectation>,
}

impl File {
    /// How the clocks run, from now on.
    pub(super) fn clocks(&self) -> Clocks {
        let run = |setting: Option<Setting>| setting.map_or(Run::Real, Setting::run);
        let Some(clock) = &self.clock else { return Clocks::default() };
        Clocks { resource: run(clock.resource), gateway: run(clock.gateway) }
    }

    /// The AccessKeys of all accounts and their users.
    pub(super) fn keys(&self) -> impl Iterator<Item = &KeyFile> {
        self.accounts
            .iter()
            .flat_map(|account| account.keys.iter().chain(account.users.iter().flat_map(|user| &user.keys)))
    }

    /// What is wrong with `who`, when it has no key.
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

/// Each clock: `real`, an RFC 3339 time it stands still at, a span it is ahead by (`-20m`), or a number: how many times as
/// fast it runs.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ClockFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<Setting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gateway: Option<Setting>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AccountFile {
    /// Our name for it; never on the wire.
    pub(super) name: String,
    /// Pins the UID. As text or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<u64>,
    #[serde(default = "Site::china", skip_serializing_if = "is_china")]
    pub(super) site: Site,
    /// Makes the account a partner, which manages other accounts.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) is_partner: bool,
    /// Name of the partner it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) login_name: Option<LoginName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<Email>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mobile: Option<MobilePhone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) country: Option<CountryCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) real_name: Option<RealNameFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<SetState>,
    /// How its owner logs in to the console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) security: Option<SetSecurity>,
    /// What else is known of the owner, by the names of official APIs: `NickName`, `City`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) details: BTreeMap<String, String>,
    /// Statuses of services, by service: `{dataworks-public: {activated: "false"}}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) services: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<LabelFile>,
    /// What it has bought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) instances: Vec<InstanceFile>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) allow_user_to_manage_access_keys: bool,
    /// What users may do to themselves, and how they log in to the console.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) security_preference: SecurityPreference,
    /// What console passwords must be like.
    #[serde(default, skip_serializing_if = "is_default", serialize_with = "what_differs")]
    pub(super) password_policy: PasswordPolicy,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<KeyFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(super) bearer_tokens: Vec<String>,
    /// The first label of the logon domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alias: Option<AccountAlias>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) policies: Vec<PolicyFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<GroupFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) users: Vec<UserFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) roles: Vec<RoleFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) oidc_providers: Vec<OidcProviderFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) saml_providers: Vec<SamlProviderFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) projects: Vec<ProjectFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) buckets: Vec<BucketFile>,
}

/// A bucket of OSS.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BucketFile {
    pub(super) name: String,
    /// `cn-hangzhou` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) acl: Acl,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) storage_class: StorageClass,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) redundancy: Redundancy,
}

/// A MaxCompute project, which is a DataWorks workspace. The account itself is a member always.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ProjectFile {
    pub(super) name: String,
    /// Pins the id of the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<u64>,
    /// Names of RAM users of the account, and `role/NAME` for sessions of a role.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(super) members: Vec<String>,
}

/// An OIDC provider. The control API registers one from the same text.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OidcProviderFile {
    pub(crate) name: String,
    /// `iss` of its tokens; the built-in issuer when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    #[serde(serialize_with = "in_a_line")]
    pub(crate) client_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(crate) fingerprints: Vec<String>,
    /// How old a token may be, in whole hours; `12h` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuance_limit: Option<String>,
    /// Its key set (JWKS), as a mapping or a text of JSON. The built-in issuer has its own; another without one cannot be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keys: Option<Value>,
    /// Thumbprint of the certificate that the issuer shows; a registered one when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<String>,
    /// Whether that certificate has a good chain.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) trusted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_yes(flag: &bool) -> bool {
    *flag
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Of several settings those that are not as they always are.
fn what_differs<T: Default + Serialize, S: Serializer>(settings: &T, s: S) -> Result<S::Ok, S::Error> {
    let read = |settings: &T| serde_json::to_value(settings).map_err(serde::ser::Error::custom);
    let (mut settings, default) = (read(settings)?, read(&T::default())?);
    if let Value::Object(named) = &mut settings {
        named.retain(|name, value| default.get(name) != Some(value));
    }
    settings.serialize(s)
}

/// A list of names, as people write one: `[a, b]`.
fn in_a_line<S: Serializer>(names: &[String], s: S) -> Result<S::Ok, S::Error> {
    serde_saphyr::FlowSeq(names).serialize(s)
}

fn yes() -> bool {
    true
}

/// A SAML provider. The control API registers one from the same text.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SamlProviderFile {
    pub(crate) name: String,
    /// XML; that of the built-in provider when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<String>,
    /// Whether the service can read the metadata. With `false` any text is taken, and every login fails.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) readable: bool,
}

/// A custom policy.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PolicyFile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    /// Number of its default version; 1 when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<u32>,
    /// A mapping, or a text of JSON.
    pub(super) document: Value,
    /// The versions that are not the default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) other_versions: Vec<VersionFile>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) tags: BTreeMap<String, String>,
}

/// A version of a custom policy that does not count.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VersionFile {
    /// `1` of `v1`.
    pub(super) version: u32,
    /// A mapping, or a text of JSON.
    pub(super) document: Value,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct GroupFile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comments: Option<String>,
    /// Names of policies, the account's own or the system's.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(super) policies: Vec<String>,
    /// Names of policies that hold in one resource group alone, by the name of the group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) resource_groups: BTreeMap<String, Vec<String>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_china(site: &Site) -> bool {
    *site == Site::China
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct KeyFile {
    /// Pins the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// Pins the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
    /// PEM of an RSA public key, instead of a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<KeyStatus>,
    /// Whether it has leaked: it signs, and much is refused to it.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) leaked: bool,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UserFile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display_name: Option<String>,
    /// `<country code>-<number>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mobile_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comments: Option<String>,
    /// Names of policies, the account's own or the system's.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(super) policies: Vec<String>,
    /// Names of policies that hold in one resource group alone, by the name of the group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) resource_groups: BTreeMap<String, Vec<String>>,
    /// Names of groups of the account.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(super) groups: Vec<String>,
    /// Console password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) password: Option<String>,
    /// The virtual MFA device that is bound to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mfa: Option<MfaFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<KeyFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(super) bearer_tokens: Vec<String>,
}

/// A virtual MFA device. Whoever has its seed can compute its codes.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MfaFile {
    /// Its name, the last part of its serial number; the user's when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// What its codes are made with, in Base32 as apps take it.
    pub(super) seed: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RoleFile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    /// The cloud service that it is linked to: `ess.aliyuncs.com`. The service decides about trust, policies and sessions' length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) service: Option<String>,
    /// Who may assume it: `{RAM: [root]}`, or a whole trust policy. Without it every user and role of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trust: Option<Value>,
    /// The longest session; one hour when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_session: Option<String>,
    /// Whether the console may switch to it; a service-linked one not, any other may, when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_console_login: Option<bool>,
    /// Names of policies, the account's own or the system's.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "in_a_line")]
    pub(super) policies: Vec<String>,
    /// Names of policies that hold in one resource group alone, by the name of the group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) resource_groups: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) tags: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sessions: Vec<SessionFile>,
}

/// A temporary credential that exists from the start.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SessionFile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    /// How long it lasts; negative when it has ended. One hour when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<String>,
    /// How long it really lasts, when that differs from what the client was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) enforced_expires: Option<String>,
    /// A policy that narrows those of the role: a mapping, or a text of JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<Value>,
    /// Who is behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_identity: Option<String>,
}
