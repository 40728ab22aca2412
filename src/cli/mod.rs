//! The command line: `alimock serve|run|deny-sweep|policy|scenario|env|ca|ctl|do|wait|version|man|completions`, one file a command, and the
//! commands in the table of `rows`, which are one call of the control API each. The reference is docs/cli.md.
//!
//! Messages for people go to standard error, data to standard output. Exit codes: 0 success, 1 the command failed, 2 wrong command line or
//! environment. `run` returns the code of its command, or 128 plus the number of the signal that ended it.

mod ca;
mod calls;
mod chains;
mod child;
mod client;
mod colour;
mod command;
mod ctl;
mod deny_sweep;
mod env;
mod folder;
mod foreign;
mod launch;
mod log;
mod man;
#[cfg(feature = "mcp")]
mod mcp;
mod needs;
mod options;
mod policy;
mod report;
mod rows;
mod run;
mod scenario;
mod serve;
mod signals;
mod trust;
mod version;
mod wait;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use colour::Colour;
use std::error::Error;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// Exit code for a wrong command line, or for an environment that the command cannot use.
const USAGE: u8 = 2;

#[derive(Parser)]
#[command(name = "alimock", version, about, max_term_width = 100)]
#[command(
    after_help = "Each flag has an environment variable ALIMOCK_<FLAG>, for example ALIMOCK_LISTEN. The flag overrides it."
)]
struct Cli {
    /// Colour of messages: `auto` on a terminal, unless NO_COLOR is set
    #[arg(long, env = "ALIMOCK_COLOR", value_enum, default_value_t = Colour::Auto, global = true, value_name = "WHEN")]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the emulator and serve requests until SIGTERM or SIGINT
    #[command(
        after_help = "Examples:\n  alimock serve\n  alimock serve --listen 0.0.0.0:4588 --scenario mine.yaml\n  alimock serve --log warn --log-format json"
    )]
    Serve(options::ServerOptions),
    /// Start the emulator on a free port, run a command with its endpoint and credentials in the environment, and return the command's exit code
    #[command(
        after_help = "Examples:\n  alimock run pytest -q\n  alimock run --scenario key-leaked --as demo/ci -- go test ./...\n  alimock run --junit expectations.xml --log info make test"
    )]
    Run(run::RunOptions),
    /// Run a command once for each action it calls, with that action denied, and report which denials the command survives
    #[command(
        after_help = "Examples:\n  alimock deny-sweep ./deploy.sh\n  alimock deny-sweep --json result.json -- pytest -q"
    )]
    DenySweep(deny_sweep::SweepOptions),
    /// Check, test and explain RAM policies, without a server
    Policy(policy::PolicyOptions),
    /// List, show and check scenarios
    #[command(
        after_help = "Examples:\n  alimock scenario list\n  alimock scenario new > mine.yaml\n  alimock scenario check mine.yaml"
    )]
    Scenario(scenario::ScenarioOptions),
    /// Print environment variables that connect SDKs and tools to a running emulator
    #[command(after_help = "Examples:\n  eval \"$(alimock env)\"\n  alimock env --as demo/dev --format json")]
    Env(env::EnvOptions),
    /// Print the CA certificate that clients must trust to use HTTPS with an emulator
    Ca(ca::CaOptions),
    /// Call the control API of a running emulator
    #[command(
        after_help = "Examples:\n  alimock ctl --list\n  alimock ctl POST clock/advance '{\"by\": \"30m\"}'\n  alimock ctl GET 'requests?code=NoPermission'"
    )]
    Ctl(ctl::CtlOptions),
    /// Change a world of a running emulator: disable a key, freeze an account, verify it
    #[command(
        after_help = "Examples:\n  alimock do disableKey account=demo/dev\n  alimock do setState account=demo holds=[LOGIN]"
    )]
    Do(command::DoOptions),
    /// Wait until an emulator is ready
    #[command(after_help = "Examples:\n  alimock wait --timeout 10s")]
    Wait(wait::WaitOptions),
    /// Print version, commit and build
    #[command(after_help = "Examples:\n  alimock version --json")]
    Version(version::VersionOptions),
    /// Print the manual page
    #[command(after_help = "Examples:\n  alimock man > /usr/local/share/man/man1/alimock.1")]
    Man,
    /// Serve tools for coding agents on standard input and output (Model Context Protocol)
    #[cfg(feature = "mcp")]
    #[command(after_help = "Examples:\n  alimock mcp --scenario key-leaked")]
    Mcp(mcp::McpOptions),
    /// Print a completion script
    #[command(after_help = "Examples:\n  alimock completions bash > /etc/bash_completion.d/alimock")]
    Completions(Completions),
}

#[derive(Args)]
struct Completions {
    /// Shell to print the script for
    shell: Shell,
}

/// Format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Runs the program.
pub fn main() -> ExitCode {
    if let Some(code) = launch::launched(std::env::args_os()) {
        return code;
    }
    log::tell_panics();
    let code = command();
    log::flush();
    code
}

/// All commands.
fn whole() -> clap::Command {
    rows::add(Cli::command())
}

fn command() -> ExitCode {
    let mut cli = options::without_empty(whole());
    for warning in options::near_misses(&cli, std::env::vars_os()) {
        log::say(&format!("{warning}\n"));
    }
    let parsed = cli.try_get_matches_from_mut(std::env::args_os());
    let parsed = parsed.and_then(|matches| {
        colour::choose(matches.get_one("color").copied().unwrap_or(Colour::Auto));
        rows::run(&matches).map_or_else(|| Cli::from_arg_matches(&matches).map(Err), |code| Ok(Ok(code)))
    });
    let command = match parsed {
        Ok(Ok(code)) => return code,
        Ok(Err(Cli { command, .. })) => command,
        Err(told) => {
            colour::choose(colour::of_arguments(std::env::args()));
            return tell(&told.format(&mut cli));
        }
    };
    match command {
        Command::Serve(options) => serve::run(options),
        Command::Run(options) => run::run(options),
        Command::DenySweep(options) => deny_sweep::run(options),
        Command::Policy(options) => policy::run(&options),
        Command::Scenario(options) => scenario::run(&options),
        Command::Env(options) => env::run(&options),
        Command::Ca(options) => ca::run(&options),
        Command::Ctl(options) => ctl::run(&options),
        Command::Do(options) => command::run(&options),
        Command::Wait(options) => wait::run(&options),
        Command::Version(options) => version::run(&options),
        #[cfg(feature = "mcp")]
        Command::Mcp(options) => mcp::run(&options),
        Command::Man => say(man::page(whole()).as_bytes()),
        Command::Completions(Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut whole(), "alimock", &mut script);
            say(&script)
        }
    }
}

/// Prints the help or the version, or reports a mistake in the command line.
fn tell(told: &clap::Error) -> ExitCode {
    if let Some(ContextValue::String(flag)) = told.get(ContextKind::InvalidArg)
        && flag.starts_with("--control-token")
        && let Some(why) = told.source()
    {
        // The value is a secret, so the message does not repeat it.
        return fail(USAGE, &format!("invalid value for `--control-token`: {why}"));
    }
    let is_wrong = told.use_stderr();
    let is_coloured = if is_wrong { colour::of_errors() } else { colour::of_output() };
    let text = told.render();
    let text = if is_coloured { text.ansi().to_string() } else { text.to_string() };
    if !is_wrong {
        return say(text.as_bytes());
    }
    log::say(&text);
    ExitCode::from(USAGE)
}

/// Prints a message and returns `code`. Adds `error: ` unless the message begins with it, as the problems of a file do.
fn fail(code: u8, message: &str) -> ExitCode {
    let is_said = message.trim_start_matches("\x1b[1;31m").starts_with("error:");
    log::say(&format!("{}{message}\n", if is_said { "" } else { "error: " }));
    ExitCode::from(code)
}

/// Prints data to standard output. If a reader closes the pipe early (`| head`), this is not a failure.
fn say(text: &[u8]) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            fail(1, &format!("cannot write to standard output: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Runtime for all commands that do I/O.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads and an event queue can be had at start")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        whole().debug_assert();
    }

    /// Except flags that say what one call does: those of `rows`, and `--json` where it takes no file.
    #[test]
    fn every_flag_has_its_variable() {
        for command in Cli::command().get_subcommands() {
            let is_json = |arg: &clap::Arg| arg.get_id() == "json" && !arg.get_action().takes_values();
            for flag in command
                .get_arguments()
                .filter(|arg| arg.get_long().is_some_and(|long| long != "help") && !is_json(arg))
            {
                let expected =
                    format!("ALIMOCK_{}", flag.get_long().unwrap().to_uppercase().replace('-', "_"));
                assert_eq!(
                    flag.get_env().and_then(|env| env.to_str()),
                    Some(expected.as_str()),
                    "{}",
                    command.get_name()
                );
            }
        }
    }
}
