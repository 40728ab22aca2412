//! `alimock env`: the names under which SDKs, the CLI and Terraform look for an endpoint and credentials.

use crate::cli::client::{EndpointOption, get, nobody};
use crate::cli::{fail, runtime};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Args, Debug)]
pub(super) struct EnvOptions {
    #[command(flatten)]
    endpoint: EndpointOption,
    /// Whose credentials: the name of an account, or account/user
    #[arg(long = "as", env = "ALIMOCK_AS", default_value = "demo", value_name = "NAME")]
    who: String,
    /// Name of the world
    #[arg(long, env = "ALIMOCK_WORLD", default_value = "default", value_name = "WORLD")]
    world: String,
    /// The syntax to print
    #[arg(long, env = "ALIMOCK_FORMAT", value_enum, default_value_t = Syntax::Sh)]
    format: Syntax,
}

/// The syntax to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Syntax {
    /// `export NAME='value'`.
    Sh,
    /// `set -gx NAME 'value'`.
    Fish,
    /// `$env:NAME = 'value'`.
    Powershell,
    /// `NAME=value`, for env files.
    Dotenv,
    /// One JSON object.
    Json,
}

/// What a client needs to sign calls to an emulator.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Environment {
    pub(super) endpoint: String,
    /// Nobody in a world without any key.
    pub(super) signer: Option<Signer>,
}

/// Whose key it is, and the key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signer {
    pub(super) uid: String,
    pub(super) key: String,
    pub(super) secret: String,
}

impl Environment {
    /// All variables. Source: facts/clients.md 3.4 (SDK credentials), 3.7 (the aliyun CLI), 3.8 (Terraform).
    pub(super) fn variables(&self) -> Vec<(&'static str, String)> {
        let address = self.endpoint.trim_start_matches("http://").to_owned();
        let signer = self.signer.iter().flat_map(|signer| {
            [
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", &signer.key),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &signer.secret),
                ("ALIBABACLOUD_ACCESS_KEY_ID", &signer.key),
                ("ALIBABACLOUD_ACCESS_KEY_SECRET", &signer.secret),
                ("ALICLOUD_ACCESS_KEY", &signer.key),
                ("ALICLOUD_SECRET_KEY", &signer.secret),
                ("ALICLOUD_ACCOUNT_ID", &signer.uid),
            ]
        });
        let signer = signer.map(|(name, value)| (name, value.clone()));
        let endpoint = [("ALIMOCK_ENDPOINT", self.endpoint.clone())].into_iter();
        let places = [
            ("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou".to_owned()),
            ("ALICLOUD_REGION", "cn-hangzhou".to_owned()),
            ("ALIBABA_CLOUD_ENDPOINT", address.clone()),
            ("RAM_ENDPOINT", address.clone()),
            ("STS_ENDPOINT", address.clone()),
            ("IMS_ENDPOINT", address),
        ];
        endpoint.chain(signer).chain(places).collect()
    }
}

/// The part of a world's view that matters here.
#[derive(Debug, Deserialize)]
struct WorldAnswer {
    accounts: Vec<AccountAnswer>,
}

#[derive(Debug, Deserialize)]
struct AccountAnswer {
    name: String,
    uid: String,
    keys: Vec<KeyAnswer>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyAnswer {
    access_key_id: String,
    access_key_secret: Option<String>,
    user: Option<String>,
}

impl WorldAnswer {
    fn environment(self, endpoint: &str, who: &str) -> Result<Environment, String> {
        let (account, user) =
            who.split_once('/').map_or((who, None), |(account, user)| (account, Some(user)));
        let names: Vec<String> = self.accounts.iter().map(|account| format!("`{}`", account.name)).collect();
        let found = self.accounts.into_iter().find(|one| one.name == account);
        let found = found
            .ok_or_else(|| format!("there is no account `{account}`; there are {}", names.join(", ")))?;
        let key =
            found.keys.into_iter().find(|key| key.user.as_deref() == user && key.access_key_secret.is_some());
        let key = key.ok_or_else(|| {
            format!("`{who}` has no AccessKey from its seed, and the secrets of others are shown once only")
        })?;
        let secret = key.access_key_secret.unwrap_or_default();
        let signer = Signer { uid: found.uid, key: key.access_key_id, secret };
        Ok(Environment { endpoint: endpoint.to_owned(), signer: Some(signer) })
    }
}

pub(super) fn run(options: &EnvOptions) -> ExitCode {
    let endpoint = options.endpoint.url();
    let path = format!("/_alimock/worlds/{}", options.world);
    let answer = runtime().block_on(get(endpoint, &path, Duration::from_secs(5)));
    let environment = match answer {
        Err(error) => Err(nobody(endpoint, &error)),
        Ok((404, _)) => Err(format!("there is no world `{}` at {endpoint}", options.world)),
        Ok((_, body)) => serde_json::from_slice::<WorldAnswer>(&body)
            .map_err(|error| format!("{endpoint} does not answer like an emulator: {error}"))
            .and_then(|world| world.environment(endpoint, &options.who)),
    };
    match environment {
        Ok(environment) => {
            print!("{}", written(options.format, &environment.variables()));
            ExitCode::SUCCESS
        }
        Err(message) => fail(1, &message),
    }
}

fn written(syntax: Syntax, variables: &[(&'static str, String)]) -> String {
    if syntax == Syntax::Json {
        let map: serde_json::Map<_, _> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
        return format!("{}\n", serde_json::Value::Object(map));
    }
    let line = |(name, value): &(&str, String)| match syntax {
        Syntax::Sh => format!("export {name}='{value}'\n"),
        Syntax::Fish => format!("set -gx {name} '{value}'\n"),
        Syntax::Powershell => format!("$env:{name} = '{value}'\n"),
        Syntax::Dotenv | Syntax::Json => format!("{name}={value}\n"),
    };
    variables.iter().map(line).collect()
}
