//! The command line: `alimock serve|run|deny-sweep|scenario|env|ca|ctl|wait|completions`. One file a command. docs/cli.md is the reference.
//!
//! Human messages go to stderr, data to stdout. Exit codes: 0 done, 1 the command failed, 2 the command line or the
//! environment is wrong; `run` gives the code of its child, or 128 and the number of the signal that ended it.

mod ca;
mod chains;
mod child;
mod client;
mod command;
mod ctl;
mod deny_sweep;
mod env;
mod folder;
mod launch;
mod log;
mod options;
mod report;
mod run;
mod scenario;
mod serve;
mod signals;
mod trust;
mod wait;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::error::Error;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

/// The command line was wrong, or what it needs is not there.
const USAGE: u8 = 2;

#[derive(Parser)]
#[command(name = "alimock", version, about, max_term_width = 100)]
#[command(
    after_help = "Every flag can be set as ALIMOCK_<FLAG>, for example ALIMOCK_LISTEN. A flag wins over its variable."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the emulator and answer until SIGTERM or SIGINT
    Serve(options::ServerOptions),
    /// Start the emulator on a free port, run a command with its endpoint and credentials in the environment, and give the command's exit code
    Run(run::RunOptions),
    /// Run a command once for each action it calls, each time refusing that action, and say which refusals it survives
    DenySweep(deny_sweep::SweepOptions),
    /// List, show and check scenarios
    Scenario(scenario::ScenarioOptions),
    /// Print the environment that points SDKs and tools at a running emulator
    Env(env::EnvOptions),
    /// Print the certificate that clients trust to speak TLS with an emulator
    Ca(ca::CaOptions),
    /// Call the control API of a running emulator
    Ctl(ctl::CtlOptions),
    /// Change a world of a running emulator: disable a key, freeze an account, verify it
    Do(command::DoOptions),
    /// Wait until an emulator is ready
    Wait(wait::WaitOptions),
    /// Print a completion script
    Completions(Completions),
}

#[derive(Args)]
struct Completions {
    /// The shell it is for
    shell: Shell,
}

/// How a program that starts us reads our log.
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

fn command() -> ExitCode {
    if let Err(message) = options::check_environment(&Cli::command(), std::env::vars_os()) {
        return fail(USAGE, &message);
    }
    let command = match Cli::try_parse() {
        Ok(Cli { command }) => command,
        Err(told) => return tell(&told),
    };
    match command {
        Command::Serve(options) => serve::run(options),
        Command::Run(options) => run::run(options),
        Command::DenySweep(options) => deny_sweep::run(options),
        Command::Scenario(options) => scenario::run(&options),
        Command::Env(options) => env::run(&options),
        Command::Ca(options) => ca::run(&options),
        Command::Ctl(options) => ctl::run(&options),
        Command::Do(options) => command::run(&options),
        Command::Wait(options) => wait::run(&options),
        Command::Completions(Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "alimock", &mut script);
            say(&script)
        }
    }
}

/// Prints what a command line without a command asks for (help, the version), or what is wrong with it.
fn tell(told: &clap::Error) -> ExitCode {
    if let Some(ContextValue::String(flag)) = told.get(ContextKind::InvalidArg)
        && flag.starts_with("--control-token")
        && let Some(why) = told.source()
    {
        // A secret is not repeated.
        return fail(USAGE, &format!("invalid value for `--control-token`: {why}"));
    }
    let is_wrong = told.use_stderr();
    let is_terminal =
        if is_wrong { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
    let is_coloured = is_terminal && std::env::var_os("NO_COLOR").is_none();
    let text = told.render();
    let text = if is_coloured { text.ansi().to_string() } else { text.to_string() };
    if !is_wrong {
        return say(text.as_bytes());
    }
    log::say(&text);
    ExitCode::from(USAGE)
}

/// Says what is wrong. What is wrong with a file says itself that it is an error, of each thing.
fn fail(code: u8, message: &str) -> ExitCode {
    let is_said = message.trim_start_matches("\x1b[1;31m").starts_with("error:");
    log::say(&format!("{}{message}\n", if is_said { "" } else { "error: " }));
    ExitCode::from(code)
}

/// Prints what was asked for. Who reads it may have read enough (`| head`): that is no failure.
fn say(text: &[u8]) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            fail(1, &format!("cannot write to standard output: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The runtime all commands that do I/O share.
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
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_variable() {
        for command in Cli::command().get_subcommands() {
            for flag in
                command.get_arguments().filter(|arg| arg.get_long().is_some_and(|long| long != "help"))
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
