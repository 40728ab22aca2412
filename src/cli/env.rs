//! `alimock env`: prints the variables from which SDKs, the CLI and Terraform read the endpoint and credentials.

use crate::cli::chains::{TokenFile, encoded};
use crate::cli::client::{EndpointOption, nobody, reason};
use crate::cli::trust::{Trust, WayOptions};
use crate::cli::{fail, foreign, log, runtime, say};
use crate::control::{self, Signer};
use clap::{Args, ValueEnum};
use http::Method;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Maximum time for a response of the emulator.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Args, Debug)]
pub(super) struct EnvOptions {
    #[command(flatten)]
    endpoint: EndpointOption,
    /// Account name, or account/user, whose credentials are printed. Default: the one that the scenario of the world names, or `demo`
    #[arg(long = "as", env = "ALIMOCK_AS", value_name = "NAME")]
    who: Option<String>,
    /// Name of the world
    #[arg(long, env = "ALIMOCK_WORLD", default_value = "default", value_name = "WORLD")]
    world: String,
    #[command(flatten)]
    chains: ChainOptions,
    /// Write an OIDC token of the built-in issuer to this file, and print the variables for it
    #[arg(long, env = "ALIMOCK_OIDC_TOKEN_FILE", value_name = "FILE")]
    oidc_token_file: Option<PathBuf>,
    #[command(flatten)]
    way: WayOptions,
    /// Write the emulator's CA certificate to this file, for --tls and --proxy
    #[arg(long, env = "ALIMOCK_CA", value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The syntax to print
    #[arg(long, env = "ALIMOCK_FORMAT", value_enum, default_value_t = Syntax::Sh)]
    format: Syntax,
    /// Print one JSON object: `variables`, and `unset`, the names to unset
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// Sources of credentials other than a key.
#[derive(Args, Debug)]
pub(super) struct ChainOptions {
    /// Role to assume with an OIDC token, as account/role. Default: the first role that trusts the built-in issuer
    #[arg(long, env = "ALIMOCK_OIDC_ROLE", value_name = "ROLE")]
    pub(super) oidc_role: Option<String>,
    /// Serve credentials of this role (account/role) at a credentials URI, for clients that find no other credentials
    #[arg(long, env = "ALIMOCK_CREDENTIALS_URI", value_name = "ROLE")]
    pub(super) credentials_uri: Option<String>,
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

/// Endpoint and credentials for a client.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Environment {
    pub(super) endpoint: String,
    /// `None` in a world without keys.
    pub(super) signer: Option<Signer>,
    /// An OIDC token.
    pub(super) token: Option<TokenFile>,
    /// A credentials URI.
    pub(super) uri: Option<String>,
    /// Settings for HTTPS or the proxy.
    pub(super) trust: Option<Trust>,
    /// The token of the control API.
    pub(super) control_token: Option<String>,
}

impl Environment {
    /// Returns `true` if SDKs find credentials in it.
    pub(super) fn has_credentials(&self) -> bool {
        self.signer.is_some() || self.token.is_some() || self.uri.is_some()
    }

    /// All variables.
    pub(super) fn variables(&self) -> Vec<(&'static str, String)> {
        // Through the proxy, clients use the real endpoints.
        let is_proxy = self.trust.as_ref().is_some_and(Trust::is_proxy);
        let token = self.control_token.as_deref();
        let mut all = control::variables(&self.endpoint, self.signer.as_ref(), token, !is_proxy);
        all.extend(self.trust.iter().flat_map(|trust| trust.variables(&self.endpoint)));
        all.extend(self.token.iter().flat_map(TokenFile::variables));
        all.extend(self.uri.iter().map(|uri| ("ALIBABA_CLOUD_CREDENTIALS_URI", uri.clone())));
        all
    }
}

/// Fields of a world's view that this command reads.
#[derive(Debug, Deserialize)]
struct WorldAnswer {
    r#as: Option<String>,
    env: BTreeMap<String, String>,
}

/// Response with the address of credentials.
#[derive(Debug, Deserialize)]
struct MadeAnswer {
    uri: String,
}

impl WorldAnswer {
    fn environment(mut self, endpoint: &str) -> Environment {
        let mut take = |name: &str| self.env.remove(name).unwrap_or_default();
        let endpoint =
            Some(take("ALIMOCK_ENDPOINT")).filter(|own| !own.is_empty()).unwrap_or(endpoint.to_owned());
        let (uid, key) = (take("ALICLOUD_ACCOUNT_ID"), take("ALIBABA_CLOUD_ACCESS_KEY_ID"));
        let secret = take("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        let signer = self.r#as.map(|who| Signer { who, uid, key, secret });
        Environment { endpoint, signer, ..Environment::default() }
    }
}

impl EnvOptions {
    /// Adds the settings for HTTPS or the proxy.
    async fn add_trust(&self, mut to: Environment) -> Result<Environment, String> {
        if let Some(file) = &self.ca {
            to.trust = Some(Trust::written(file, &self.endpoint, self.way).await?);
        } else if self.way.tls || self.way.proxy {
            return Err("`--tls` and `--proxy` need a file for the certificate; add `--ca FILE`".to_owned());
        }
        Ok(to)
    }
}

impl EnvOptions {
    /// Adds the requested credentials other than the key.
    async fn add_chains(&self, mut to: Environment) -> Result<Environment, String> {
        let endpoint = self.endpoint.url();
        let asks = |method: Method, path: String, body: String| async move {
            let answer = self.endpoint.call(method, &path, body.into(), PATIENCE).await;
            let (status, body) = answer.map_err(|error| nobody(endpoint, &error))?;
            if (200..300).contains(&status) { Ok(body) } else { Err(reason(&body)) }
        };
        let world = format!("/_alimock/worlds/{}", self.world);
        if let Some(file) = &self.oidc_token_file {
            let role = self
                .chains
                .oidc_role
                .as_ref()
                .map(|role| format!("?role={}", encoded(role)))
                .unwrap_or_default();
            let body = asks(Method::GET, format!("{world}/issuer/login{role}"), String::new()).await?;
            let login = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
            to.token = Some(TokenFile::write(file, login)?);
        }
        if self.oidc_token_file.is_none() && self.chains.oidc_role.is_some() {
            return Err("`--oidc-role` needs a file for the token; add `--oidc-token-file FILE`".to_owned());
        }
        if let Some(role) = &self.chains.credentials_uri {
            let wanted = serde_json::json!({"role": role}).to_string();
            let body = asks(Method::POST, format!("{world}/credentials"), wanted).await?;
            let made: MadeAnswer = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
            // The server's own name for itself may not work for the caller.
            let path = made.uri.find("/_alimock/").map(|start| &made.uri[start..]);
            to.uri = path.map(|path| format!("{}{path}", to.endpoint));
        }
        Ok(to)
    }
}

pub(super) fn run(options: &EnvOptions) -> ExitCode {
    let endpoint = options.endpoint.url();
    let who = options.who.as_ref().map(|who| format!("?as={}", encoded(who))).unwrap_or_default();
    let path = format!("/_alimock/worlds/{}{who}", encoded(&options.world));
    let answer = runtime().block_on(options.endpoint.get(&path, PATIENCE));
    let environment = match answer {
        Err(error) => Err(nobody(endpoint, &error)),
        Ok((404, _)) => Err(format!("no world `{}` at `{endpoint}`", options.world)),
        Ok((400 | 401 | 403, body)) => Err(reason(&body)),
        Ok((_, body)) => serde_json::from_slice::<WorldAnswer>(&body)
            .map_err(|error| format!("`{endpoint}` is not an alimock emulator: {error}"))
            .map(|world| world.environment(endpoint)),
    };
    let environment = environment.and_then(|mut environment| {
        environment.control_token = options.endpoint.token().map(str::to_owned);
        runtime().block_on(async { options.add_trust(options.add_chains(environment).await?).await })
    });
    match environment {
        Ok(environment) => {
            if !environment.has_credentials() {
                log::say(foreign::NO_KEY);
            }
            let variables = environment.variables();
            let unset = foreign::to_unset(&variables);
            if options.json {
                let all = serde_json::json!({"variables": map(&variables), "unset": unset});
                return say(format!("{all}\n").as_bytes());
            }
            say((unsetting(options.format, &unset) + &written(options.format, &variables)).as_bytes())
        }
        Err(message) => fail(1, &message),
    }
}

/// The line that unsets variables, in a syntax that has one.
fn unsetting(syntax: Syntax, names: &[String]) -> String {
    match syntax {
        Syntax::Sh => format!("unset {}\n", names.join(" ")),
        Syntax::Fish => format!("set -e {}\n", names.join(" ")),
        Syntax::Powershell => {
            let names: Vec<_> = names.iter().map(|name| format!("Env:{name}")).collect();
            format!("Remove-Item -ErrorAction SilentlyContinue {}\n", names.join(", "))
        }
        Syntax::Dotenv | Syntax::Json => String::new(),
    }
}

fn map(variables: &[(&'static str, String)]) -> serde_json::Value {
    variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn written(syntax: Syntax, variables: &[(&'static str, String)]) -> String {
    if syntax == Syntax::Json {
        return format!("{}\n", map(variables));
    }
    let line = |(name, value): &(&str, String)| match syntax {
        Syntax::Sh => format!("export {name}='{}'\n", value.replace('\'', r"'\''")),
        Syntax::Fish => format!("set -gx {name} '{}'\n", value.replace('\'', r"\'")),
        Syntax::Powershell => format!("$env:{name} = '{}'\n", value.replace('\'', "''")),
        Syntax::Dotenv | Syntax::Json => format!("{name}={value}\n"),
    };
    variables.iter().map(line).collect()
}
