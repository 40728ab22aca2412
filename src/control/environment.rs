//! Environment variables that give a client its endpoint and credentials: for `alimock run`, `alimock env` and new worlds.

use crate::control::{Answer, Control, ControlError};
use crate::text::{DEFAULT_REGION, Scalar, UserName};
use crate::world::account::{AccessKey, Account};
use crate::world::{State, World};
use http::{HeaderMap, header};
use std::net::SocketAddr;

/// An AccessKey and its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signer {
    /// Account, or account/user.
    pub(crate) who: String,
    pub(crate) uid: String,
    pub(crate) key: String,
    pub(crate) secret: String,
}

impl Signer {
    fn of(account: &Account, user: Option<&UserName>, key: &AccessKey) -> Self {
        let who = match user {
            Some(user) => format!("{}/{user}", account.label),
            None => account.label.to_string(),
        };
        let (key, secret) = (key.id.to_string(), key.material.secret().to_owned());
        Self { who, uid: account.uid.to_string(), key, secret }
    }
}

/// Returns the first key of `who` that the scenario of the world has. Without `who`: of the caller that the scenario names, or of `demo`, or
/// the first key of an account, or of a user. `None` if the world has no such key.
pub(crate) fn signer(world: &World, who: Option<&str>) -> Result<Option<Signer>, String> {
    let (state, seed) = (world.state(), world.seed_state());
    let Some(who) = who else {
        let named = signer_named(&state, &seed, world.brief().actor.as_deref().unwrap_or("demo"));
        return Ok(named.or_else(|| signers(&state, &seed).next()));
    };
    if let Some(found) = signer_named(&state, &seed, who) {
        return Ok(Some(found));
    }
    let account = who.split_once('/').map_or(who, |(account, _)| account);
    let accounts = state.accounts_in_order();
    if accounts.iter().any(|one| one.label == account) {
        return Err(format!(
            "`{who}` has no AccessKey from the scenario; the secret of any other key is shown only when it is created"
        ));
    }
    let names: Vec<_> = accounts.iter().map(|account| format!("`{}`", account.label)).collect();
    Err(format!("no account `{account}`; the world has {}", names.join(", ")))
}

fn is_seeded(seed: &State) -> impl Fn(&&AccessKey) -> bool + Copy {
    move |key| seed.credential(key.id.as_str()).is_some()
}

/// Returns the first seeded key of an account, or of `account/user`.
fn signer_named(state: &State, seed: &State, who: &str) -> Option<Signer> {
    let is_seeded = is_seeded(seed);
    state.accounts_in_order().into_iter().find_map(|account| {
        let rest = who.strip_prefix(account.label.as_str())?;
        if rest.is_empty() {
            return account.keys.iter().find(is_seeded).map(|key| Signer::of(account, None, key));
        }
        let name = UserName::parse(rest.strip_prefix('/')?).ok()?;
        let user = account.user(account.user_slot(&name).ok()?).ok()?;
        let key = user.keys.iter().find(is_seeded).filter(|_| user.name == name);
        key.map(|key| Signer::of(account, Some(&user.name), key))
    })
}

/// Returns all seeded keys: those of accounts first, then those of users.
pub(crate) fn signers<'a>(state: &'a State, seed: &'a State) -> impl Iterator<Item = Signer> + 'a {
    let is_seeded = is_seeded(seed);
    let own = state.accounts_in_order().into_iter().flat_map(move |account| {
        account.keys.iter().filter(is_seeded).map(move |key| Signer::of(account, None, key))
    });
    let users = state.accounts_in_order().into_iter().flat_map(move |account| {
        account.users.iter().flat_map(move |(_, user)| {
            user.keys.iter().filter(is_seeded).map(move |key| Signer::of(account, Some(&user.name), key))
        })
    });
    own.chain(users)
}

/// Returns the variables. `at_endpoint` adds those that lead SDKs to the endpoint; without it, they use the real endpoints.
///
/// Source: docs/evidence/clients.md 3.4 (SDK credentials), 3.7 (the aliyun CLI), 3.8 (Terraform); alibabacloud-oss-v2, `environment_provider`.
pub(crate) fn variables(
    endpoint: &str,
    signer: Option<&Signer>,
    control_token: Option<&str>,
    at_endpoint: bool,
) -> Vec<(&'static str, String)> {
    let mut all = vec![("ALIMOCK_ENDPOINT", endpoint.to_owned())];
    all.extend(control_token.map(|token| ("ALIMOCK_CONTROL_TOKEN", token.to_owned())));
    if let Some(signer) = signer {
        all.extend([
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", signer.key.clone()),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", signer.secret.clone()),
            ("ALIBABACLOUD_ACCESS_KEY_ID", signer.key.clone()),
            ("ALIBABACLOUD_ACCESS_KEY_SECRET", signer.secret.clone()),
            ("ALICLOUD_ACCESS_KEY", signer.key.clone()),
            ("ALICLOUD_SECRET_KEY", signer.secret.clone()),
            ("ALICLOUD_ACCOUNT_ID", signer.uid.clone()),
            ("OSS_ACCESS_KEY_ID", signer.key.clone()),
            ("OSS_ACCESS_KEY_SECRET", signer.secret.clone()),
        ]);
    }
    all.extend(["ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION"].map(|name| (name, DEFAULT_REGION.to_owned())));
    if at_endpoint {
        let address = endpoint.trim_start_matches("http://");
        let names = ["ALIBABA_CLOUD_ENDPOINT", "RAM_ENDPOINT", "STS_ENDPOINT", "IMS_ENDPOINT"];
        all.extend(names.map(|name| (name, address.to_owned())));
    }
    all
}

/// Prefixes of variables that SDKs and tools read.
const PREFIXES: [&str; 6] = ["ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_", "ALIYUN_", "OSS_", "ODPS_"];
/// Words in names of variables that are a credential or choose one.
const WORDS: [&str; 15] = [
    "ACCESS_ID",
    "ACCESS_KEY",
    "SECRET",
    "TOKEN",
    "CREDENTIAL",
    "PROFILE",
    "ROLE",
    "METADATA",
    "IMDS",
    "OIDC",
    "SAML",
    "SESSION",
    "CONFIG",
    "ACCOUNT_ID",
    "BEARER",
];
/// Names without a prefix that the aliyun CLI reads.
const BARE: [&str; 3] = ["SECURITY_TOKEN", "ACCESS_KEY_ID", "ACCESS_KEY_SECRET"];

/// Returns `true` if a variable is a credential or chooses one.
pub(crate) fn is_credential(name: &str) -> bool {
    let prefixed = |prefix: &&str| name.strip_prefix(*prefix);
    let is_word = |rest: &str| WORDS.iter().any(|word| rest.contains(word));
    BARE.contains(&name) || PREFIXES.iter().find_map(prefixed).is_some_and(is_word)
}

/// Returns a regular expression for the names of all variables that are a credential or choose one.
pub(super) fn credential_names() -> String {
    format!("^((?:{})\\w*(?:{})\\w*|{})$", PREFIXES.join("|"), WORDS.join("|"), BARE.join("|"))
}

impl Control {
    /// Returns the endpoint that the client which sent `headers` reached.
    pub(crate) fn reached(&self, headers: &HeaderMap) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        host.map_or_else(|| self.endpoint.clone(), |host| format!("http://{host}"))
    }

    /// Returns the signer of a world for its view.
    pub(super) fn signer_of(world: &World, who: Option<&str>) -> Answer<Option<Signer>> {
        signer(world, who).map_err(|why| ControlError::bad_request("unknown_caller", why))
    }

    /// Returns the endpoint of a world for the client that sent `headers`: the machine and port that it reached, the port of the world if it
    /// has one, and the name of the world if the key does not lead to it.
    pub(crate) fn endpoint_for(&self, headers: &HeaderMap, world: &World, signer: Option<&Signer>) -> String {
        let reached = self.reached(headers);
        if let Some(own) = world.address {
            return at_port(&reached, own);
        }
        let is_found = signer.is_none_or(|signer| {
            self.worlds.of_key(&signer.key).is_some_and(|found| found.name == world.name)
        });
        if is_found && (signer.is_some() || world.name == crate::text::WorldName::default_world()) {
            return reached;
        }
        match split_port(&reached) {
            Some((_, port)) => format!("http://{}.localhost:{port}", world.name.folded()),
            None => format!("http://{}.localhost", world.name.folded()),
        }
    }
}

/// Endpoint at the port of `own` on the machine of `endpoint`.
fn at_port(endpoint: &str, own: SocketAddr) -> String {
    let machine = split_port(endpoint).map_or(endpoint, |(machine, _)| machine);
    format!("{machine}:{}", own.port())
}

fn split_port(endpoint: &str) -> Option<(&str, u16)> {
    let (machine, port) = endpoint.rsplit_once(':')?;
    Some((machine, port.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_told_from_settings() {
        for credential in [
            "ALIBABA_CLOUD_SECURITY_TOKEN",
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
            "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
            "ALIBABACLOUD_IGNORE_PROFILE",
            "ALICLOUD_ACCESS_KEY_ID",
            "ALICLOUD_ASSUME_ROLE_SESSION_NAME",
            "ODPS_STS_TOKEN",
            "OSS_ACCESS_KEY_SECRET",
            "SECURITY_TOKEN",
        ] {
            assert!(is_credential(credential), "{credential}");
        }
        for setting in [
            "ALIBABA_CLOUD_REGION_ID",
            "ALIBABA_CLOUD_ENDPOINT",
            "ALICLOUD_REGION",
            "ALIBABA_CLOUD_CA_BUNDLE",
            "PATH",
            "GITHUB_TOKEN",
            "OSS_ENDPOINT",
        ] {
            assert!(!is_credential(setting), "{setting}");
        }
    }
}
