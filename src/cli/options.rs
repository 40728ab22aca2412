//! Options that `serve` and `run` share, and the check of the environment.

use crate::cli::LogFormat;
use crate::control::ControlToken;
use crate::gateway::Rules;
use crate::scenario::{Scenario, library};
use crate::server::Config;
use crate::text::parse_duration;
use crate::world::journal::Limits;
use crate::world::{Enforcement, Settings};
use clap::Args;
use clap::builder::BoolishValueParser;
use jiff::SignedDuration;
use std::borrow::Cow;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tracing::level_filters::LevelFilter;

#[derive(Args, Debug)]
pub(super) struct ServerOptions {
    /// Address to listen on; port 0 selects a free port. Use 0.0.0.0:4588 in a container. Separate several addresses with commas; clients get
    /// the first one as the endpoint
    #[arg(
        long,
        env = "ALIMOCK_LISTEN",
        default_value = "127.0.0.1:4588",
        value_name = "IP:PORT",
        value_delimiter = ','
    )]
    pub(super) listen: Vec<SocketAddr>,
    /// Print secrets that the scenario file sets, even if standard error is not a terminal
    #[arg(long, env = "ALIMOCK_SHOW_SECRETS", value_parser = BoolishValueParser::new())]
    pub(super) show_secrets: bool,
    #[command(flatten)]
    pub(super) seed: SeedOptions,
}

#[derive(Args, Debug)]
pub(super) struct SeedOptions {
    /// Seed of all ids and secrets: the same seed gives the same ids. Default: the seed of the scenario, or 42
    #[arg(long, env = "ALIMOCK_SEED", value_name = "NUMBER")]
    seed: Option<u64>,
    /// Scenario to start with: a file, or the name of a built-in scenario (see `alimock scenario list`). Default: `default`
    #[arg(long, env = "ALIMOCK_SCENARIO", value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Domain suffix for worlds: WORLD.SUFFIX selects a world, as WORLD.localhost does
    #[arg(long, env = "ALIMOCK_HOST_SUFFIX", value_name = "SUFFIX")]
    host_suffix: Option<String>,
    /// Directory for the certificate authority, as ca.pem and ca.key. Default: a new authority in memory at each start
    #[arg(long, env = "ALIMOCK_DATA_DIR", value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Token for the control API, 8 to 256 characters, or `none`. Default: no token on loopback, otherwise a generated token that is printed
    /// at the start
    #[arg(long, env = "ALIMOCK_CONTROL_TOKEN", hide_env_values = true, value_parser = ControlToken::parse, value_name = "TOKEN")]
    control_token: Option<ControlToken>,
    /// Maximum number of requests in each world's journal
    #[arg(long, env = "ALIMOCK_JOURNAL_RECORDS", default_value_t = Limits::default().records, value_name = "COUNT")]
    journal_records: usize,
    /// Maximum size of each world's journal, in bytes
    #[arg(long, env = "ALIMOCK_JOURNAL_BYTES", default_value_t = Limits::default().bytes, value_name = "BYTES")]
    journal_bytes: usize,
    /// Maximum number of nonces that each world remembers; beyond it, those that end first are forgotten and can be replayed
    #[arg(long, env = "ALIMOCK_NONCES", default_value_t = Settings::default().nonces, value_name = "COUNT")]
    nonces: usize,
    /// Maximum difference between the time of a v1 signature and the gateway clock
    #[arg(long, env = "ALIMOCK_WINDOW_V1", default_value = "15m", value_parser = window, value_name = "SPAN")]
    window_v1: i64,
    /// Maximum difference between the time of a v3 signature and the gateway clock
    #[arg(long, env = "ALIMOCK_WINDOW_V3", default_value = "15m", value_parser = window, value_name = "SPAN")]
    window_v3: i64,
    /// Treatment of v3 requests that use a header without signing it
    #[arg(long, env = "ALIMOCK_UNSIGNED_HEADERS", value_enum, default_value_t = Unsigned::Refuse)]
    unsigned_headers: Unsigned,
    /// Treatment of calls that no policy allows: enforce denies them, audit allows them and says so in the journal
    #[arg(long, env = "ALIMOCK_PERMISSIONS", value_enum, default_value_t = Permissions::Enforce)]
    permissions: Permissions,
    /// Level of the log: off, error, warn, info, debug or trace
    #[arg(long, env = "ALIMOCK_LOG", default_value = "info", value_name = "LEVEL")]
    pub(super) log: LevelFilter,
    /// Format of the log. Default: text on a terminal, otherwise JSON
    #[arg(long, env = "ALIMOCK_LOG_FORMAT", value_enum)]
    pub(super) log_format: Option<LogFormat>,
}

/// Loads a scenario from a file, or a built-in scenario by name. The error text lists all problems of the file.
pub(super) fn load(path: &Path) -> Result<Scenario, String> {
    let text = text(path)?;
    Scenario::parse(&text).map_err(|error| error.shown(Some(path), std::io::stderr().is_terminal()))
}

/// Text of a scenario. A file takes precedence over a built-in scenario of the same name.
pub(super) fn text(path: &Path) -> Result<Cow<'static, str>, String> {
    if let (false, Some(text)) = (path.exists(), path.to_str().and_then(library::named)) {
        return Ok(Cow::Borrowed(text));
    }
    std::fs::read_to_string(path).map(Cow::Owned).map_err(|error| {
        let is_name = path.components().count() == 1 && path.extension().is_none();
        let name = path.to_string_lossy();
        let near = library::ALL
            .iter()
            .map(|(one, _)| *one)
            .min_by_key(|one| strsim::damerau_levenshtein(one, &name));
        match near.filter(|_| is_name) {
            Some(near) => {
                format!("no file and no built-in scenario `{name}`; did you mean `{near}`?")
            }
            None => format!("cannot read the scenario `{name}`: {error}"),
        }
    })
}

/// Values of `--permissions`.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Permissions {
    /// Deny them.
    Enforce,
    /// Allow them.
    Audit,
}

impl From<Permissions> for Enforcement {
    fn from(permissions: Permissions) -> Self {
        match permissions {
            Permissions::Enforce => Self::Enforce,
            Permissions::Audit => Self::Audit,
        }
    }
}

/// Values of `--unsigned-headers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Unsigned {
    /// Reject them.
    Refuse,
    /// Accept them.
    Allow,
}

/// Reads a duration.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .ok()
        .and_then(|span| Duration::try_from(span).ok())
        .ok_or_else(|| "expected a duration such as `30s`".to_owned())
}

fn window(text: &str) -> Result<i64, String> {
    let span = parse_duration(text).ok().filter(SignedDuration::is_positive);
    let millis = span.and_then(|span| i64::try_from(span.as_millis()).ok());
    millis.ok_or_else(|| "expected a duration above zero, such as `15m` or `1h30m`".to_owned())
}

impl SeedOptions {
    /// Configuration of a server that listens on all addresses in `listen`, which is not empty.
    pub(super) fn config(&self, listen: &[SocketAddr]) -> Config {
        let defaults = Settings::default();
        let (first, others) = listen.split_first().expect("a server listens somewhere");
        Config {
            listen: *first,
            also_listen: others.to_vec(),
            worlds: Settings {
                seed: self.seed.unwrap_or(defaults.seed),
                journal: Limits { records: self.journal_records, bytes: self.journal_bytes },
                nonces: self.nonces,
                enforcement: self.permissions.into(),
                needs: None,
            },
            rules: Rules {
                window_v1_millis: self.window_v1,
                window_v3_millis: self.window_v3,
                unsigned_headers: self.unsigned_headers == Unsigned::Allow,
            },
            host_suffix: self.host_suffix.clone(),
            data_dir: self.data_dir.clone(),
            control_token: self.control_token.clone().unwrap_or_default(),
            ..Config::default()
        }
    }

    /// Scenario to start with. `--seed` overrides the seed in the file.
    pub(super) fn scenario(&self) -> Result<Scenario, String> {
        let Some(path) = &self.scenario else { return Ok(Scenario::default_seed().with_seed(self.seed)) };
        let scenario = load(path)?;
        Ok(scenario.with_seed(self.seed))
    }

    /// Checks that are less strict than the default, for the start block.
    pub(super) fn relaxed(&self, enforcement: Enforcement, config: &Config) -> Vec<String> {
        let default = Rules::default();
        let windows = [
            ("v1", self.window_v1, default.window_v1_millis),
            ("v3", self.window_v3, default.window_v3_millis),
        ];
        let wider = windows.into_iter().filter(|(_, is, default)| is > default);
        let wider = wider.map(|(name, is, _)| format!("{name} signatures may be {} s old", is / 1000));
        let is_open = config.control_token == ControlToken::Off && !config.is_local();
        let others = [
            (self.unsigned_headers == Unsigned::Allow, "v3 requests may leave headers unsigned"),
            (enforcement == Enforcement::Audit, "permissions are audited, not enforced"),
            (is_open, "the control API requires no token beyond loopback"),
        ];
        let others = others.into_iter().filter(|(is, _)| *is).map(|(_, text)| text.to_owned());
        wider.chain(others).collect()
    }
}

/// Rejects a variable `ALIMOCK_...` that belongs to no flag, and suggests the nearest one.
pub(super) fn check_environment(
    command: &clap::Command,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<(), String> {
    let known: Vec<String> = command
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .filter_map(|arg| arg.get_env().and_then(|env| env.to_str()).map(str::to_owned))
        .collect();
    for (name, _) in variables {
        let Some(name) =
            name.to_str().filter(|name| name.starts_with("ALIMOCK_") && !known.iter().any(|k| k == name))
        else {
            continue;
        };
        let nearest = known.iter().max_by(|a, b| strsim::jaro(a, name).total_cmp(&strsim::jaro(b, name)));
        return Err(format!(
            "unknown variable `{name}` in the environment; did you mean `{}`?",
            nearest.map_or("", String::as_str)
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn an_unknown_variable_is_refused_with_the_nearest_one() {
        let check =
            |name: &str| check_environment(&crate::cli::Cli::command(), [(name.into(), OsString::new())]);
        assert_eq!(check("ALIMOCK_LISTEN"), Ok(()));
        assert_eq!(check("PATH"), Ok(()));
        assert_eq!(
            check("ALIMOCK_LISTN").unwrap_err(),
            "unknown variable `ALIMOCK_LISTN` in the environment; did you mean `ALIMOCK_LISTEN`?"
        );
    }
}
