//! Options that `serve` and `run` share, and the check of the environment.

use crate::cli::{LogFormat, colour};
use crate::control::ControlToken;
use crate::gateway::Rules;
use crate::scenario::{Scenario, library};
use crate::server::Config;
use crate::text::{listen_address, parse_duration};
use crate::world::journal::Limits;
use crate::world::{Enforcement, Settings};
use clap::Args;
use clap::builder::BoolishValueParser;
use jiff::SignedDuration;
use std::borrow::Cow;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tracing::level_filters::LevelFilter;

/// Headings of the help.
pub(super) const REPORTS: &str = "Reports and log";
const SERVER: &str = "Server";
const LIMITS: &str = "Limits and strictness";

#[derive(Args, Debug)]
pub(super) struct ServerOptions {
    /// Address to listen on; a port alone means 127.0.0.1, and port 0 a free port. Use 0.0.0.0:4588 in a container. Separate several
    /// addresses with commas; clients get the first one as the endpoint
    #[arg(
        long,
        env = "ALIMOCK_LISTEN",
        default_value = "127.0.0.1:4588",
        value_name = "IP:PORT",
        value_delimiter = ',',
        value_parser = address
    )]
    pub(super) listen: Vec<SocketAddr>,
    /// Print secrets that the scenario file sets, even if standard error is not a terminal
    #[arg(long, env = "ALIMOCK_SHOW_SECRETS", value_parser = BoolishValueParser::new(), help_heading = SERVER)]
    pub(super) show_secrets: bool,
    #[command(flatten)]
    pub(super) seed: SeedOptions,
}

#[derive(Args, Debug)]
pub(super) struct SeedOptions {
    /// Seed of all ids and secrets: the same seed gives the same ids. Default: the seed of the scenario, or 42
    #[arg(long, env = "ALIMOCK_SEED", value_name = "NUMBER")]
    seed: Option<u64>,
    /// Scenario to start with: a file, the name of a built-in scenario (see `alimock scenario list`), or the text of a scenario. Default:
    /// `default`
    #[arg(long, env = "ALIMOCK_SCENARIO", value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Domain suffix for worlds: WORLD.SUFFIX selects a world, as WORLD.localhost does
    #[arg(long, env = "ALIMOCK_HOST_SUFFIX", value_name = "SUFFIX", help_heading = SERVER)]
    host_suffix: Option<String>,
    /// Directory for the certificate authority, as ca.pem and ca.key. Default: a new authority in memory at each start
    #[arg(long, env = "ALIMOCK_DATA_DIR", value_name = "DIR", help_heading = SERVER)]
    pub(super) data_dir: Option<PathBuf>,
    /// Token for the control API, 8 to 256 characters, or `none`. Default: no token on loopback, otherwise a generated token that is printed
    /// at the start
    #[arg(long, env = "ALIMOCK_CONTROL_TOKEN", hide_env_values = true, value_parser = ControlToken::parse, value_name = "TOKEN", help_heading = SERVER)]
    control_token: Option<ControlToken>,
    /// Maximum number of requests in each world's journal
    #[arg(long, env = "ALIMOCK_JOURNAL_RECORDS", default_value_t = Limits::default().records, value_name = "COUNT", help_heading = LIMITS)]
    journal_records: usize,
    /// Maximum size of each world's journal, in bytes
    #[arg(long, env = "ALIMOCK_JOURNAL_BYTES", default_value_t = Limits::default().bytes, value_name = "BYTES", help_heading = LIMITS)]
    journal_bytes: usize,
    /// Maximum number of nonces that each world remembers; beyond it, those that end first are forgotten and can be replayed
    #[arg(long, env = "ALIMOCK_NONCES", default_value_t = Settings::default().nonces, value_name = "COUNT", help_heading = LIMITS)]
    nonces: usize,
    /// Maximum difference between the time of a v1 signature and the gateway clock
    #[arg(long, env = "ALIMOCK_WINDOW_V1", default_value = "15m", value_parser = window, value_name = "SPAN", help_heading = LIMITS)]
    window_v1: i64,
    /// Maximum difference between the time of a v3 signature and the gateway clock
    #[arg(long, env = "ALIMOCK_WINDOW_V3", default_value = "15m", value_parser = window, value_name = "SPAN", help_heading = LIMITS)]
    window_v3: i64,
    /// Treatment of v3 requests that use a header without signing it
    #[arg(long, env = "ALIMOCK_UNSIGNED_HEADERS", value_enum, default_value_t = Unsigned::Refuse, help_heading = LIMITS)]
    unsigned_headers: Unsigned,
    /// Treatment of calls that no policy allows: enforce denies them, audit allows them and says so in the journal
    #[arg(long, env = "ALIMOCK_PERMISSIONS", value_enum, default_value_t = Permissions::Enforce, help_heading = LIMITS)]
    permissions: Permissions,
    /// Level of the log: off, error, warn (refused calls), info (all calls), debug or trace. Default: info; `run` lists refused calls at its end
    #[arg(long, env = "ALIMOCK_LOG", value_name = "LEVEL", help_heading = REPORTS)]
    pub(super) log: Option<LevelFilter>,
    /// Format of everything on standard error: text, or one JSON object a line
    #[arg(long, env = "ALIMOCK_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, help_heading = REPORTS)]
    pub(super) log_format: LogFormat,
}

/// Loads a scenario from a file, or a built-in scenario by name. The error text lists all problems of the file.
pub(super) fn load(path: &Path) -> Result<Scenario, String> {
    let text = text(path)?;
    Scenario::parse(&text).map_err(|error| error.shown(Some(path), colour::of_errors()))
}

/// Returns `true` for the text of a scenario, in YAML or JSON, and `false` for the name of a file or of a built-in scenario.
pub(super) fn is_text(value: &str) -> bool {
    value.contains('\n') || value.contains(": ") || value.starts_with('{')
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

/// Reads an address to listen on.
fn address(text: &str) -> Result<SocketAddr, String> {
    listen_address(text).ok_or_else(|| "expected IP:PORT, PORT or localhost:PORT".to_owned())
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
    /// Level of the log.
    pub(super) fn level(&self) -> LevelFilter {
        self.log.unwrap_or(LevelFilter::INFO)
    }

    /// Format of the log.
    pub(super) fn format(&self) -> LogFormat {
        self.log_format
    }

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
    ///
    /// A container that CI starts beside a job can be given variables but no files, so the text itself can stand for the file.
    pub(super) fn scenario(&self) -> Result<Scenario, String> {
        let scenario = match &self.scenario {
            None => Scenario::default_seed(),
            Some(given) => match given.to_str().filter(|text| is_text(text) && !given.exists()) {
                Some(text) => {
                    Scenario::parse(text).map_err(|error| error.shown(None, colour::of_errors()))?
                }
                None => load(given)?,
            },
        };
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

/// Returns warnings about variables `ALIMOCK_...` whose names are almost those of a flag. Other unknown ones are not ours: Kubernetes sets
/// `ALIMOCK_PORT` and more for a Service of this name.
pub(super) fn near_misses(
    command: &clap::Command,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<String> {
    let mut known = Vec::new();
    add_variables(command, &mut known);
    let suffix =
        |name: &OsString| name.to_str().and_then(|name| name.strip_prefix(PREFIX)).map(str::to_owned);
    let unknown =
        variables.into_iter().filter(|(_, value)| !value.is_empty()).filter_map(|(name, _)| suffix(&name));
    let unknown = unknown.filter(|name| !known.contains(name) && !OTHERS.contains(&name.as_str()));
    let warning = |name: String| {
        let far = |one: &&String| strsim::damerau_levenshtein(one, &name);
        let near = known.iter().min_by_key(far).filter(|one| far(one) <= 2.min(one.len() / 2))?;
        Some(format!(
            "warning: `{PREFIX}{name}` in the environment is ignored; did you mean `{PREFIX}{near}`?"
        ))
    };
    unknown.filter_map(warning).collect()
}

/// Prefix of our variables.
const PREFIX: &str = "ALIMOCK_";
/// Variables that `alimock run` and the test suites set, and that are no flags.
const OTHERS: [&str; 4] = ["BIN", "WAY", "CA", "COMMIT"];

fn add_variables(command: &clap::Command, known: &mut Vec<String>) {
    let named = |arg: &clap::Arg| arg.get_env()?.to_str()?.strip_prefix(PREFIX).map(str::to_owned);
    known.extend(command.get_arguments().filter_map(named));
    command.get_subcommands().for_each(|one| add_variables(one, known));
}

/// The command without the variables that are set to nothing: they count as unset.
pub(super) fn without_empty(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &clap::Arg| {
        arg.get_env().is_some_and(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()))
    };
    let command = command.mut_args(|arg| if is_empty(&arg) { arg.env(None::<&str>) } else { arg });
    command.mut_subcommands(without_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_miss_of_a_flag_is_a_warning() {
        let check =
            |name: &str, value: &str| near_misses(&crate::cli::whole(), [(name.into(), value.into())]);
        for fine in [
            "ALIMOCK_LISTEN",
            "PATH",
            "ALIMOCK_PORT",
            "ALIMOCK_SERVICE_HOST",
            "ALIMOCK_PORT_4588_TCP",
            "ALIMOCK_WAY",
        ] {
            assert_eq!(check(fine, "tcp://10.0.0.1:4588"), [""; 0], "{fine}");
        }
        assert_eq!(check("ALIMOCK_LISTN", ""), [""; 0]);
        assert_eq!(
            check("ALIMOCK_LISTN", "4588"),
            ["warning: `ALIMOCK_LISTN` in the environment is ignored; did you mean `ALIMOCK_LISTEN`?"]
        );
    }
}
