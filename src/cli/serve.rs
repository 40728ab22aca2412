//! `alimock serve`.

use crate::cli::options::{SeedOptions, ServerOptions};
use crate::cli::signals::Signals;
use crate::cli::{LogFormat, USAGE, calls, colour, fail, log, runtime};
use crate::control::ControlToken;
use crate::server::{Config, Server};
use crate::world::account::{AccessKey, Account};
use serde::Serialize;
use std::fmt::Write;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub(super) fn run(options: ServerOptions) -> ExitCode {
    let scenario = match options.seed.scenario() {
        Ok(scenario) => scenario,
        Err(message) => return fail(USAGE, &message),
    };
    let (level, format) = (options.seed.level(), options.seed.format());
    let listener = calls::listener(level, format, colour::of_errors());
    let config = Config { listener, ..options.seed.config(&options.listen) };
    let is_quiet = level == LevelFilter::OFF;
    if is_quiet && config.generates_token() {
        return fail(
            USAGE,
            "`--log off` hides the generated token of the control API; set `--control-token TOKEN`, or `--control-token none`",
        );
    }
    let runtime = runtime();
    let started = runtime.block_on(Server::start(config.clone(), scenario));
    let server = match started {
        Ok(server) => server,
        Err(error) => return fail(USAGE, &error.to_string()),
    };
    // The server answers first; the log and the start block come after that.
    runtime.block_on(async {
        let block = start_block(&server, &options, &config);
        let running = tokio::spawn(server.run(Signals::new().any()));
        start_log(&options.seed);
        if !is_quiet {
            log::say(&in_format(&block, format));
        }
        running.await.expect("the accept loop does not panic");
        ExitCode::SUCCESS
    })
}

/// Sets up the log on standard error.
pub(super) fn start_log(options: &SeedOptions) {
    let (level, format) = (options.level(), options.format());
    // Messages of libraries about the bytes they move are left out.
    let own = Targets::new().with_target("alimock", level);
    let lines = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(|| log::Lines)
        .with_ansi(colour::of_errors());
    log::set_json(format == LogFormat::Json);
    match format {
        LogFormat::Text => lines.without_time().with_target(false).finish().with(own).init(),
        LogFormat::Json => lines.without_time().json().finish().with(own).init(),
    }
}

/// Text that `serve` prints at the start.
fn start_block(server: &Server, options: &ServerOptions, config: &Config) -> String {
    let world = server.worlds().default_world();
    let is_terminal = std::io::stderr().is_terminal();
    let is_coloured = colour::of_errors() && options.seed.format() == LogFormat::Text;
    let (strong, plain) = if is_coloured { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
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
    let _ = writeln!(out, "  worlds    {} (create more with POST /_alimock/worlds)", world.name);
    for line in root_keys(server, is_terminal || options.show_secrets) {
        let _ = writeln!(out, "  {line}");
    }
    match (server.control_token(), &config.control_token) {
        (Some(token), ControlToken::Auto) => {
            let _ = writeln!(
                out,
                "  control   token {token} (set ALIMOCK_CONTROL_TOKEN to it, or send it as `Authorization: Bearer`)"
            );
        }
        (Some(_), _) => out.push_str("  control   requires the given token\n"),
        (None, _) => {}
    }
    let relaxed = options.seed.relaxed(world.state().enforcement, config);
    let checks = if relaxed.is_empty() { "all strict".to_owned() } else { relaxed.join("; ") };
    let _ = writeln!(out, "  checks    {checks}");
    out
}

/// A text for people in the format of the log: each line is a record in JSON.
pub(super) fn in_format(text: &str, format: LogFormat) -> String {
    #[derive(Serialize)]
    struct Message<'a> {
        message: &'a str,
    }
    match format {
        LogFormat::Text => text.to_owned(),
        LogFormat::Json => {
            text.lines().map(|line| log::json("INFO", "alimock", &Message { message: line })).collect()
        }
    }
}

/// One line for the root key of each seeded account. A secret from a scenario file may be a real one, and logs are kept. So it is printed
/// on terminals only. Secrets that follow from the seed are test data; CI users read them in the log.
fn root_keys(server: &Server, shows_pinned: bool) -> Vec<String> {
    let state = server.worlds().default_world().state();
    let secret = |key: &AccessKey| {
        let secret = key.material.secret();
        let is_hidden = !shows_pinned && server.scenario().pins_secret(secret);
        if is_hidden { "(hidden; --show-secrets prints it)".to_owned() } else { secret.to_owned() }
    };
    let line = |account: &Account| {
        let key = account.keys.iter().next();
        let key = key.map_or("no key".to_owned(), |key| format!("{}  {}", key.id, secret(key)));
        format!("account   {:<9} {}  {key}", account.label, account.uid)
    };
    state.accounts_in_order().into_iter().map(line).collect()
}
