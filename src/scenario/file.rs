//! The format of a scenario file. Every field here is one that [`super::seed`] plants; an unknown one is an error.

use crate::world::account::{KeyStatus, Quotas, RealNameStatus, SessionExpiry, Site, Status, Subject};
use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::propagation::Propagation;
use crate::world::{Due, Enforcement};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct File {
    /// The number all ids come from.
    pub(super) seed: Option<u64>,
    pub(super) clock: Option<ClockFile>,
    pub(super) quotas: Quotas,
    /// What becomes of calls that no policy allows; the server's choice when not given.
    pub(super) permissions: Option<Enforcement>,
    /// How fast changes spread to the calls they concern.
    pub(super) propagation: Propagation,
    /// When sessions end that are given out.
    pub(super) session_expiry: SessionExpiry,
    pub(super) accounts: Vec<AccountFile>,
    /// Rules that spoil calls; docs/scenarios.md has their words.
    pub(super) faults: Vec<Rule>,
    /// Whose credentials a command gets that is run with it: an account, or account/user.
    pub(super) r#as: Option<String>,
    /// What is done to the world later.
    pub(super) timeline: Vec<Due>,
    /// What `alimock run` checks at the end.
    pub(super) expect: Vec<Expectation>,
}

impl File {
    /// What is wrong with `who`, when it has no key.
    pub(super) fn missing(&self, who: &str) -> Option<String> {
        let (account, user) =
            who.split_once('/').map_or((who, None), |(account, user)| (account, Some(user)));
        let account = self.accounts.iter().find(|one| one.name == account);
        let keys = match user {
            None => account.map(|account| &account.keys),
            Some(user) => account
                .and_then(|account| account.users.iter().find(|one| one.name == user))
                .map(|user| &user.keys),
        };
        let has_key = keys.is_some_and(|keys| !keys.is_empty());
        (!has_key).then(|| format!("as: no account or account/user `{who}` has a key"))
    }
}

/// Each clock: `real`, an RFC 3339 time it stands still at, or a span it is ahead by (`-20m`).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ClockFile {
    pub(super) resource: Option<String>,
    pub(super) gateway: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AccountFile {
    /// Our name for it; never on the wire.
    pub(super) name: String,
    /// Pins the UID. As text or number.
    pub(super) uid: Option<u64>,
    #[serde(default = "china")]
    pub(super) site: Site,
    /// Whether it is a partner.
    #[serde(default)]
    pub(super) operator: bool,
    /// Name of the partner it belongs to.
    pub(super) operated_by: Option<String>,
    pub(super) login_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) mobile: Option<String>,
    pub(super) country: Option<String>,
    pub(super) real_name: Option<RealNameFile>,
    pub(super) state: Option<StateFile>,
    #[serde(default)]
    pub(super) allow_user_to_manage_access_keys: bool,
    #[serde(default)]
    pub(super) keys: Vec<KeyFile>,
    #[serde(default)]
    pub(super) bearer_tokens: Vec<String>,
    /// The first label of the logon domain.
    pub(super) alias: Option<String>,
    #[serde(default)]
    pub(super) policies: Vec<PolicyFile>,
    #[serde(default)]
    pub(super) groups: Vec<GroupFile>,
    #[serde(default)]
    pub(super) users: Vec<UserFile>,
    #[serde(default)]
    pub(super) roles: Vec<RoleFile>,
    #[serde(default)]
    pub(super) oidc_providers: Vec<OidcProviderFile>,
    #[serde(default)]
    pub(super) saml_providers: Vec<SamlProviderFile>,
}

/// An OIDC provider. The control API registers one from the same text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OidcProviderFile {
    pub(crate) name: String,
    /// `iss` of its tokens; the built-in issuer when not given.
    pub(crate) issuer: Option<String>,
    pub(crate) client_ids: Vec<String>,
    #[serde(default)]
    pub(crate) fingerprints: Vec<String>,
    /// How old a token may be, in whole hours; `12h` when not given.
    pub(crate) issuance_limit: Option<String>,
    /// Its key set (JWKS), as a mapping or a text of JSON. The built-in issuer has its own; another without one cannot be reached.
    pub(crate) keys: Option<Value>,
    /// Thumbprint of the certificate that the issuer shows; a registered one when not given.
    pub(crate) certificate: Option<String>,
    /// Whether that certificate has a good chain.
    #[serde(default = "yes")]
    pub(crate) trusted: bool,
}

fn yes() -> bool {
    true
}

/// A SAML provider. The control API registers one from the same text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SamlProviderFile {
    pub(crate) name: String,
    /// XML; that of the built-in provider when not given. One that cannot be read is kept: its logins fail.
    pub(crate) metadata: Option<String>,
}

/// A custom policy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PolicyFile {
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// A mapping, or a text of JSON.
    pub(super) document: Value,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct GroupFile {
    pub(super) name: String,
    pub(super) comments: Option<String>,
    /// Names of policies, the account's own or the system's.
    #[serde(default)]
    pub(super) policies: Vec<String>,
}

fn china() -> Site {
    Site::China
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RealNameFile {
    pub(super) status: RealNameStatus,
    #[serde(default = "enterprise")]
    pub(super) subject: Subject,
    pub(super) name: Option<String>,
    pub(super) license_type: Option<String>,
    pub(super) license_number: Option<String>,
    pub(super) phone: Option<String>,
}

fn enterprise() -> Subject {
    Subject::Enterprise
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StateFile {
    pub(super) status: Option<Status>,
    pub(super) balance: Option<f64>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct KeyFile {
    /// Pins the id.
    pub(super) id: Option<String>,
    /// Pins the secret.
    pub(super) secret: Option<String>,
    /// PEM of an RSA public key, instead of a secret.
    pub(super) public_key: Option<String>,
    pub(super) status: Option<KeyStatus>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UserFile {
    pub(super) name: String,
    pub(super) display_name: Option<String>,
    /// Names of policies, the account's own or the system's.
    #[serde(default)]
    pub(super) policies: Vec<String>,
    /// Names of groups of the account.
    #[serde(default)]
    pub(super) groups: Vec<String>,
    /// Console password.
    pub(super) password: Option<String>,
    #[serde(default)]
    pub(super) keys: Vec<KeyFile>,
    #[serde(default)]
    pub(super) bearer_tokens: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RoleFile {
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// Who may assume it: `{RAM: [root]}`, or a whole trust policy. Without it every user and role of the account.
    pub(super) trust: Option<Value>,
    /// The longest session; one hour when not given.
    pub(super) max_session: Option<String>,
    /// Names of policies, the account's own or the system's.
    #[serde(default)]
    pub(super) policies: Vec<String>,
    #[serde(default)]
    pub(super) sessions: Vec<SessionFile>,
}

/// A temporary credential that exists from the start.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SessionFile {
    pub(super) name: String,
    pub(super) id: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) token: Option<String>,
    /// How long it lasts; negative when it has ended. One hour when not given.
    pub(super) expires: Option<String>,
    /// How long it really lasts, when that differs from what the client was told.
    pub(super) enforced_expires: Option<String>,
}
