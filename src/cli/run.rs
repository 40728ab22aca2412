//! `alimock run -- CMD`: the one line of a CI job.

use crate::cli::env::Environment;
use crate::cli::options::SeedOptions;
use crate::cli::report::{EXPECTATION_FAILED, Report};
use crate::cli::serve::start_log;
use crate::cli::signals::Signals;
use crate::cli::{USAGE, fail, runtime};
use crate::server::Server;
use clap::Args;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::sync::Arc;
use tokio::process::Child;

#[derive(Args, Debug)]
pub(super) struct RunOptions {
    #[command(flatten)]
    seed: SeedOptions,
    /// Write the report of expectations and coverage to this file, as JSON
    #[arg(long, env = "ALIMOCK_JSON", value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the expectations to this file, as JUnit XML
    #[arg(long, env = "ALIMOCK_JUNIT", value_name = "FILE")]
    junit: Option<PathBuf>,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<String>,
}

pub(super) fn run(options: RunOptions) -> ExitCode {
    let scenario = match options.seed.scenario() {
        Ok(scenario) => scenario,
        Err(message) => return fail(USAGE, &message),
    };
    start_log(&options.seed);
    let expectations = scenario.expectations().to_vec();
    runtime().block_on(async {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = match Server::start(options.seed.config(listen), scenario).await {
            Ok(server) => server,
            Err(error) => return fail(USAGE, &error.to_string()),
        };
        let environment = environment(&server);
        let worlds = Arc::clone(server.worlds());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        let (program, arguments) = options.command.split_first().expect("clap requires a command");
        let mut command = tokio::process::Command::new(program);
        command
            .args(arguments)
            .envs(environment.map(|environment| environment.variables()).unwrap_or_default());
        // From here on a signal is passed on: one that came between spawn and handler would leave the child behind.
        let signals = Signals::new();
        let status = match command.spawn() {
            Ok(child) => wait_for(child, signals).await,
            Err(error) => return fail(USAGE, &format!("cannot run `{program}`: {error}")),
        };
        let _ = stop.send(());
        let _ = running.await;
        let report = Report::of(&expectations, worlds.default_world(), worlds.outcomes());
        options.finish(&report, status)
    })
}

impl RunOptions {
    /// Reports, and gives the child's own code, unless that is 0 and an expectation does not hold.
    fn finish(&self, report: &Report, status: ExitStatus) -> ExitCode {
        eprint!("{}", report.text(std::io::stderr().is_terminal()));
        let files = [(&self.json, report.json()), (&self.junit, report.junit())];
        for (file, text) in files {
            if let Some(file) = file
                && let Err(error) = std::fs::write(file, text)
            {
                return fail(USAGE, &format!("cannot write {}: {error}", file.display()));
            }
        }
        if status.success() && !report.passed {
            ExitCode::from(EXPECTATION_FAILED)
        } else {
            exit_code(status)
        }
    }
}

/// The credentials of the account `demo`, else of the first account that has a key.
fn environment(server: &Server) -> Option<Environment> {
    let state = server.worlds().default_world().state();
    let mut accounts: Vec<_> = state.accounts.values().filter(|account| !account.keys.is_empty()).collect();
    accounts.sort_by_key(|account| account.label != "demo");
    let account = accounts.first()?;
    let key = account.keys.iter().next()?;
    Some(Environment {
        endpoint: server.endpoint().to_owned(),
        uid: account.uid.to_string(),
        key: key.id.to_string(),
        secret: key.material.secret().to_owned(),
    })
}

/// Waits for the child. A signal that reaches only us is passed on: a terminal sends SIGINT to both, CI sends SIGTERM to us.
async fn wait_for(mut child: Child, mut signals: Signals) -> ExitStatus {
    loop {
        tokio::select! {
            status = child.wait() => return status.expect("the child can be waited for"),
            _ = signals.term.recv() => pass_on(&child),
            _ = signals.int.recv() => {}
        }
    }
}

/// Sends SIGTERM to the child, unless it has ended.
fn pass_on(child: &Child) {
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

/// The child's own code, or 128 and the signal that ended it.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
