//! `alimock run -- CMD`: one line in a CI job.

use crate::cli::chains::TokenFile;
use crate::cli::child::{Ended, Running};
use crate::cli::env::{ChainOptions, Environment};
use crate::cli::folder::Folder;
use crate::cli::needs::{NeedsOptions, Recording};
use crate::cli::options::{REPORTS, SeedOptions, span};
use crate::cli::report::{EXPECTATION_FAILED, Report};
use crate::cli::serve::{in_format, start_log};
use crate::cli::signals::Signals;
use crate::cli::trust::{Trust, WayOptions};
use crate::cli::{USAGE, calls, colour, fail, foreign, launch, log, runtime};
use crate::control::{self, Login};
use crate::scenario::Scenario;
use crate::server::{Config, Server};
use crate::world::faults::Rule;
use crate::world::needs::Needs;
use crate::world::{Plant, World, Worlds};
use clap::Args;
use clap::builder::BoolishValueParser;
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// A command, and the emulator that it runs against.
#[derive(Args, Debug)]
pub(super) struct JobOptions {
    #[command(flatten)]
    pub(super) seed: SeedOptions,
    /// Account name or account/user whose credentials the command gets. Default: the one that the scenario names, or `demo`
    #[arg(long = "as", env = "ALIMOCK_AS", value_name = "NAME")]
    who: Option<String>,
    #[command(flatten)]
    chains: ChainOptions,
    #[command(flatten)]
    way: WayOptions,
    /// Time for the command and its processes to end after a signal, before they are killed
    #[arg(long, env = "ALIMOCK_GRACE", default_value = "10s", value_parser = span, value_name = "SPAN")]
    grace: Duration,
    /// Command and its arguments; after `--` if its name begins with a hyphen
    #[arg(trailing_var_arg = true, required = true, value_name = "CMD")]
    command: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct RunOptions {
    #[command(flatten)]
    job: JobOptions,
    /// Print how many operations and error codes the command has met
    #[arg(long, env = "ALIMOCK_COVERAGE", value_parser = BoolishValueParser::new(), help_heading = REPORTS)]
    coverage: bool,
    /// Write the report of expectations and coverage to this file as JSON
    #[arg(long, env = "ALIMOCK_JSON", value_name = "FILE", help_heading = REPORTS)]
    json: Option<PathBuf>,
    /// Write the expectations to this file as JUnit XML
    #[arg(long, env = "ALIMOCK_JUNIT", value_name = "FILE", help_heading = REPORTS)]
    junit: Option<PathBuf>,
    #[command(flatten)]
    needs: NeedsOptions,
}

pub(super) fn run(options: RunOptions) -> ExitCode {
    let scenario = match options.job.seed.scenario() {
        Ok(scenario) => scenario,
        Err(message) => return fail(USAGE, &message),
    };
    let recording = match options.needs.start() {
        Ok(recording) => recording,
        Err(message) => return fail(USAGE, &message),
    };
    start_log(&options.job.seed);
    let expectations = scenario.expectations().to_vec();
    runtime().block_on(async {
        // From here on, signals are passed to the command. A signal between spawn and handler would leave the command running.
        let mut signals = Signals::new();
        let job = Job { options: &options.job, quiet: false, fault: None, needs: recording.needs };
        let (ended, worlds) = match job.run(scenario, &mut signals).await {
            Ok(done) => done,
            Err(message) => return fail(USAGE, &message),
        };
        let report = Report::of(&expectations, &worlds);
        options.finish(&report, &worlds, &recording, ended.status)
    })
}

impl JobOptions {
    /// Certificate file of the server's authority.
    fn trust(&self, server: &Server, folder: &Folder) -> Result<Trust, String> {
        match &self.seed.data_dir {
            Some(directory) => Trust::kept_in(directory, self.way),
            None => Trust::lent(server.authority().certificate(), folder, self.way),
        }
    }
}

/// One run of a command with a new emulator.
pub(super) struct Job<'a> {
    pub(super) options: &'a JobOptions,
    /// True to discard the command's output.
    pub(super) quiet: bool,
    /// A rule that comes before the rules of the scenario.
    pub(super) fault: Option<Rule>,
    /// Recorder of the permissions that the calls need.
    pub(super) needs: Option<&'static Needs>,
}

impl Job<'_> {
    /// Runs the command. Returns its end and the worlds after it.
    pub(super) async fn run(
        self,
        scenario: Scenario,
        signals: &mut Signals,
    ) -> Result<(Ended, Arc<Worlds>), String> {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        // Lines about calls would be mixed with those of the command, so they must be asked for.
        let seed = &self.options.seed;
        let listener = seed.log.and_then(|level| calls::listener(level, seed.format(), colour::of_errors()));
        let mut config = Config { listener, ..seed.config(&[listen]) };
        config.worlds.needs = self.needs;
        let server = Server::start(config, scenario).await.map_err(|error| error.to_string())?;
        let environment = environment(&server, self.options.who.as_deref())?;
        // Dropped, and so removed, when this function returns.
        let folder = Folder::new()?;
        let mut environment = self.options.chains.add(&server, environment, &folder)?;
        if !environment.has_credentials() && !self.quiet {
            log::say(foreign::NO_KEY);
        }
        environment.trust = Some(self.options.trust(&server, &folder)?);
        let worlds = Arc::clone(server.worlds());
        if let Some(rule) = self.fault {
            worlds.default_world().faults.add(rule);
        }
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let answering = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        let (program, arguments) = self.options.command.split_first().expect("clap requires a command");
        let refused = folder.file("refused");
        let mut command = launch::through(program, &refused);
        foreign::inherited().for_each(|name| _ = command.env_remove(name));
        command.args(arguments).envs(environment.variables());
        if self.quiet {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        }
        let cannot = |why: &dyn std::fmt::Display| format!("cannot run `{program}`: {why}");
        let running = Running::start(command).map_err(|error| cannot(&error))?;
        let ended = running.ended(signals, self.options.grace).await;
        if let Ok(why) = std::fs::read_to_string(refused) {
            return Err(cannot(&why));
        }
        let _ = stop.send(());
        let _ = answering.await;
        Ok((ended, worlds))
    }
}

impl RunOptions {
    /// Writes the reports. Returns the command's exit code, or 3 if the command succeeded and an expectation failed or the policy to check refuses
    /// a call.
    fn finish(
        &self,
        report: &Report,
        worlds: &Worlds,
        recording: &Recording<'_>,
        status: ExitStatus,
    ) -> ExitCode {
        let colour = colour::of_errors();
        let mut text = String::new();
        if self.job.seed.log.is_none() {
            text.push_str(&calls::refused(worlds, colour));
        }
        text.push_str(&report.text(colour, self.coverage));
        log::say(&in_format(&text, self.job.seed.format()));
        let files = [(&self.json, report.json()), (&self.junit, report.junit())];
        for (file, text) in files {
            if let Some(file) = file
                && let Err(error) = std::fs::write(file, text)
            {
                return fail(USAGE, &format!("cannot write {}: {error}", file.display()));
            }
        }
        let is_allowed = match recording.finish() {
            Ok(is_allowed) => is_allowed,
            Err(message) => return fail(USAGE, &message),
        };
        if status.success() && !(report.passed && is_allowed) {
            ExitCode::from(EXPECTATION_FAILED)
        } else {
            exit_code(status)
        }
    }
}

/// Credentials of `who`. Default: the caller that the scenario names.
fn environment(server: &Server, who: Option<&str>) -> Result<Environment, String> {
    let signer = control::signer(server.worlds().default_world(), who)?;
    let (endpoint, control_token) = (server.endpoint().to_owned(), server.control_token().map(str::to_owned));
    Ok(Environment { endpoint, signer, control_token, ..Environment::default() })
}

impl ChainOptions {
    /// Adds an OIDC token and the credentials URI, if requested. Both are set only on request: tools that find them beside a key use them
    /// instead, as the aliyun CLI does with `ALIBABA_CLOUD_ROLE_ARN`.
    fn add(&self, server: &Server, to: Environment, folder: &Folder) -> Result<Environment, String> {
        let world = server.worlds().default_world();
        if let Some(role) = &self.credentials_uri {
            let state = world.state();
            let found = control::role_named(&state, role).map_err(|why| why.to_string())?;
            let is_there = state.account(found.0).and_then(|account| account.role_slot(&found.1));
            is_there.map_err(|why| format!("--credentials-uri {role}: {why}"))?;
        }
        let uri = self.credentials_uri.as_ref().map(|role| server.credentials_uri(world, role));
        let login = match &self.oidc_role {
            None => None,
            Some(_) => Some(self.login(world)?),
        };
        let token = login.map(|login| TokenFile::write(&folder.file("oidc-token"), login)).transpose()?;
        Ok(Environment { token, uri, ..to })
    }
}

impl ChainOptions {
    /// Returns the login to the requested role.
    fn login(&self, world: &World) -> Result<Login, String> {
        let login = control::login(world, self.named_role()).map_err(|why| why.to_string())?;
        login.ok_or_else(|| {
            "`--oidc-role`: no role trusts a provider of the built-in issuer; give one the trust `{Federated: [oidc-provider/NAME]}`"
                .to_owned()
        })
    }
}

/// The command's exit code, or 128 plus the signal that ended it.
pub(super) fn exit_number(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1)
}

/// The same number as an exit code of alimock.
pub(super) fn exit_code(status: ExitStatus) -> ExitCode {
    ExitCode::from(u8::try_from(exit_number(status)).unwrap_or(1))
}
