//! `alimock serve`.

use crate::cli::options::{SeedOptions, ServerOptions};
use crate::cli::signals::Signals;
use crate::cli::{LogFormat, USAGE, fail, log, runtime};
use crate::server::Server;
use crate::world::World;
use std::fmt::Write;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub(super) fn run(options: ServerOptions) -> ExitCode {
    let scenario = match options.seed.scenario() {
        Ok(scenario) => scenario,
        Err(message) => return fail(USAGE, &message),
    };
    let runtime = runtime();
    let started = runtime.block_on(Server::start(options.seed.config(&options.listen), scenario));
    let server = match started {
        Ok(server) => server,
        Err(error) => return fail(USAGE, &error.to_string()),
    };
    // Nothing slow stands before the first answer: the log is set up and the start block printed while the server answers.
    runtime.block_on(async {
        let block = start_block(&server, &options.seed);
        let running = tokio::spawn(server.run(Signals::new().either()));
        start_log(&options.seed);
        log::say(&block);
        running.await.expect("the accept loop does not panic");
        ExitCode::SUCCESS
    })
}

/// Logs to stderr: text on a terminal, JSON otherwise.
pub(super) fn start_log(options: &SeedOptions) {
    let terminal = std::io::stderr().is_terminal();
    // What libraries say of the bytes they move is for their authors.
    let own = Targets::new().with_target("alimock", options.log);
    let lines =
        tracing_subscriber::fmt().with_max_level(options.log).with_writer(|| log::Lines).with_ansi(terminal);
    let format = options.log_format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json });
    log::set_json(format == LogFormat::Json);
    match format {
        LogFormat::Text => lines.without_time().with_target(false).finish().with(own).init(),
        LogFormat::Json => lines.without_time().json().finish().with(own).init(),
    }
}

/// What a person wants to know at the start.
fn start_block(server: &Server, options: &SeedOptions) -> String {
    let world = server.worlds().default_world();
    let (strong, plain) = if std::io::stderr().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{strong}alimock {}{plain} listens on {strong}{}{plain}",
        env!("CARGO_PKG_VERSION"),
        server.endpoint()
    );
    for address in server.other_addresses() {
        let _ = writeln!(out, "  also      {address}");
    }
    let _ = writeln!(out, "  seed      {}", world.seed);
    let _ = writeln!(out, "  worlds    {} (make more with POST /_alimock/worlds)", world.name);
    for line in root_keys(world) {
        let _ = writeln!(out, "  {line}");
    }
    let relaxed = options.relaxed(world.state().enforcement);
    let checks = if relaxed.is_empty() { "all strict".to_owned() } else { relaxed.join("; ") };
    let _ = writeln!(out, "  checks    {checks}");
    out
}

/// One line for the root key of each seeded account.
fn root_keys(world: &World) -> Vec<String> {
    let state = world.state();
    let line = |account: &crate::world::account::Account| {
        let key = account.keys.iter().next();
        let key = key.map_or("no key".to_owned(), |key| format!("{}  {}", key.id, key.material.secret()));
        format!("account   {:<9} {}  {key}", account.label, account.uid)
    };
    state.accounts.values().map(|account| line(account)).collect()
}
