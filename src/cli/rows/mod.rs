//! Commands that are one call of the control API: `alimock why`, `logs`, `status`, `world ...`, `account ...`, `key ...`, `clock ...`.
//!
//! [`table::ROWS`] has them, one row each. Every command has `--json`, which prints the answer of the control API, and `--dry-run`, which
//! prints the call as a curl command.

mod show;
mod table;
mod why;

use crate::cli::calls::Line;
use crate::cli::chains::encoded;
use crate::cli::client::{EndpointOption, nobody, send};
use crate::cli::{USAGE, colour, command, ctl, fail, log, runtime, say};
use bytes::Bytes;
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches};
use http::Method;
use serde_json::Value;
use show::Show;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use table::{Arg, GROUPS, Goes, ROWS, Row};

/// Place of the command of a timeline in a call `DO`.
const COMMANDS: &str = "/worlds/{world}/commands";

impl Row {
    /// Method and path.
    fn target(&self) -> (Method, &'static str) {
        let (method, path) = self.call.split_once(' ').expect("a row has a method and a path");
        match method {
            "DO" => (Method::POST, COMMANDS),
            method => (method.parse().expect("a row has a method of HTTP"), path),
        }
    }

    /// Returns `true` if the call is about the world of `--world`.
    fn has_world(&self) -> bool {
        let is_optional = |arg: &Arg| matches!(arg.goes, Goes::Path) && !arg.is_required;
        self.target().1.contains("{world}") || self.args.iter().any(is_optional)
    }
}

impl Arg {
    fn is_positional(&self) -> bool {
        self.name.starts_with(|c: char| c.is_ascii_uppercase())
    }

    /// Name for clap.
    fn id(&self) -> &'static str {
        self.name.split_once(' ').map_or(self.name, |(long, _)| long)
    }

    fn clap(&self) -> clap::Arg {
        let arg = clap::Arg::new(self.id()).help(self.about).required(self.is_required);
        let arg = match self.goes {
            Goes::Flag(_) | Goes::Stream(_) => arg.action(ArgAction::SetTrue),
            Goes::Fields => arg.action(ArgAction::Append).num_args(1..),
            _ if self.is_positional() => arg.allow_negative_numbers(true),
            _ => arg.allow_hyphen_values(true),
        };
        match self.goes {
            _ if self.is_positional() => arg.value_name(self.name),
            Goes::Stream(_) => arg.long(self.id()).short('f'),
            _ => {
                arg.long(self.id()).value_name(self.name.split_once(' ').map_or("VALUE", |(_, value)| value))
            }
        }
    }
}

/// Adds all commands of the table to the command line.
pub(super) fn add(cli: Command) -> Command {
    let grouped = GROUPS.iter().fold(cli, |cli, (group, about)| {
        let rows = ROWS.iter().filter_map(|row| Some((row, row.words.strip_prefix(group)?.trim_start())));
        let group = Command::new(*group).about(*about).subcommand_required(true).arg_required_else_help(true);
        cli.subcommand(rows.fold(group, |group, (row, word)| group.subcommand(of_row(row, word))))
    });
    let alone = ROWS.iter().filter(|row| !row.words.contains(' '));
    alone.fold(grouped, |cli, row| cli.subcommand(of_row(row, row.words)))
}

fn of_row(row: &'static Row, word: &'static str) -> Command {
    // The options bring their own help, so that of the command comes after it.
    let command = EndpointOption::augment_args(Command::new(word)).about(row.about);
    let flag = |name: &'static str, about: &'static str| {
        clap::Arg::new(name).long(name).help(about).action(ArgAction::SetTrue)
    };
    let command = command
        .arg(flag("json", "Print the answer of the control API as JSON"))
        .arg(flag("dry-run", "Print the call as a curl command, and call nothing"));
    let of_world = clap::Arg::new("world").long("world").env("ALIMOCK_WORLD").default_value("default");
    let of_world = of_world.value_name("WORLD").help("Name of the world");
    let command = if row.has_world() { command.arg(of_world) } else { command };
    row.args.iter().filter(|arg| !arg.name.is_empty()).fold(command, |command, arg| command.arg(arg.clap()))
}

/// Runs the command of the table that a command line names. `None` if it names another one.
pub(super) fn run(matches: &ArgMatches) -> Option<ExitCode> {
    let (mut words, mut inner) = matches.subcommand().map(|(word, inner)| (word.to_owned(), inner))?;
    if GROUPS.iter().any(|(group, _)| *group == words) {
        let (word, deeper) = inner.subcommand()?;
        let _ = write!(words, " {word}");
        inner = deeper;
    }
    let row = ROWS.iter().find(|row| row.words == words)?;
    Some(match (EndpointOption::from_arg_matches(inner), Call::of(row, inner)) {
        (Ok(endpoint), Ok(call)) => call.run(row, &endpoint, inner),
        (Err(error), _) => fail(USAGE, &error.to_string()),
        (_, Err(message)) => fail(USAGE, &message),
    })
}

/// A call of the control API.
struct Call<'a> {
    method: Method,
    path: String,
    body: Body<'a>,
    is_stream: bool,
}

/// Body of a call.
enum Body<'a> {
    None,
    Text(String),
    File(&'a str),
}

impl<'a> Call<'a> {
    fn of(row: &Row, given: &'a ArgMatches) -> Result<Self, String> {
        let (method, path) = row.target();
        let world = if row.has_world() { given.get_one::<String>("world").map(String::as_str) } else { None };
        let mut path = path.replace("{world}", &encoded(world.unwrap_or_default()).to_string());
        let (mut query, mut fields, mut file) = (Vec::new(), Vec::new(), None);
        let mut is_stream = false;
        for arg in row.args {
            let all = || given.get_many::<String>(arg.id()).into_iter().flatten().map(String::as_str);
            let one = || all().next();
            match arg.goes {
                Goes::Path => {
                    let part = one().or(world).unwrap_or_default();
                    path = path.replace(&format!("{{{}}}", arg.name), &encoded(part).to_string());
                }
                Goes::Query(name) => query.extend(one().map(|value| (name, value))),
                Goes::QueryOr(name, other) => query.push((name, one().unwrap_or(other))),
                Goes::Flag(name) => query.extend(given.get_flag(arg.id()).then_some((name, "true"))),
                Goes::Body(name) => fields.extend(one().map(|value| (name, value))),
                Goes::Constant(name, value) => fields.push((name, value)),
                Goes::Fields => {
                    for field in all() {
                        fields.push(command::field(field)?);
                    }
                }
                Goes::File(name) => match one() {
                    Some(value) if names_file(value) => file = Some(value),
                    value => query.extend(value.map(|value| (name, value))),
                },
                Goes::Stream(below) if given.get_flag(arg.id()) => {
                    path += below;
                    is_stream = true;
                }
                Goes::Stream(_) => {}
            }
        }
        for (index, (name, value)) in query.into_iter().enumerate() {
            let _ = write!(path, "{}{name}={}", if index == 0 { '?' } else { '&' }, encoded(value));
        }
        let body = match (row.call.strip_prefix("DO "), file) {
            (Some(name), _) => Body::Text(command::body(name, &fields)),
            (None, Some(file)) => Body::File(file),
            (None, None) if fields.is_empty() => Body::None,
            (None, None) => Body::Text(command::map(&fields)),
        };
        Ok(Self { method, path: format!("/_alimock{path}"), body, is_stream })
    }

    fn run(self, row: &Row, endpoint: &EndpointOption, given: &ArgMatches) -> ExitCode {
        if given.get_flag("dry-run") {
            return say(self.curl(endpoint).as_bytes());
        }
        let is_json = given.get_flag("json");
        let world = given.try_get_one::<String>("world").ok().flatten().map_or("", String::as_str);
        if self.is_stream {
            return follow(endpoint, &self.path, |record| line(world, record, is_json));
        }
        let body = match self.body {
            Body::None => Bytes::new(),
            Body::Text(text) => text.into(),
            Body::File(file) => match std::fs::read(file) {
                Ok(text) => text.into(),
                Err(error) => return fail(USAGE, &format!("cannot read `{file}`: {error}")),
            },
        };
        match runtime().block_on(ctl::answer(endpoint, self.method, &self.path, body)) {
            Ok(answer) => say(&shown(row.show, &answer, world, is_json)),
            Err(message) => fail(1, &message),
        }
    }

    /// The call as a curl command for a shell. The token stays in its variable.
    fn curl(&self, endpoint: &EndpointOption) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let mut line = format!("curl -sS --fail-with-body -X {} ", self.method);
        if self.is_stream {
            line += "-N ";
        }
        line += &quoted(&format!("{}{}", endpoint.url(), self.path));
        if endpoint.token().is_some() {
            line += " -H \"Authorization: Bearer $ALIMOCK_CONTROL_TOKEN\"";
        }
        match &self.body {
            Body::None => {}
            Body::Text(text) => _ = write!(line, " -d {}", quoted(text)),
            Body::File(file) => _ = write!(line, " --data-binary {}", quoted(&format!("@{file}"))),
        }
        line + "\n"
    }
}

/// Returns `true` for a file, also for a missing one that cannot be the name of a scenario.
fn names_file(text: &str) -> bool {
    let path = Path::new(text);
    path.is_file() || path.extension().is_some() || path.components().count() > 1
}

/// The text to print for an answer. With `--json`, an answer without a body is `{}`.
fn shown(show: Show, answer: &[u8], world: &str, is_json: bool) -> Vec<u8> {
    let value: Value = serde_json::from_slice(answer).unwrap_or_default();
    match (show, is_json) {
        (Show::Lines, _) => {
            let records = value["requests"].as_array().into_iter().flatten();
            records.map(|record| line(world, record, is_json)).collect::<String>().into()
        }
        (_, true) if answer.is_empty() => b"{}\n".to_vec(),
        (_, true) => answer.to_vec(),
        (show, false) => show.text(&value, colour::of_output()).into(),
    }
}

/// The line of a record of the journal, as the server writes it to standard error.
fn line(world: &str, record: &Value, is_json: bool) -> String {
    if is_json { format!("{record}\n") } else { Line::read(world, record).text(colour::of_output()) }
}

/// Prints the records of a stream as they arrive, until it ends or the reader of standard output is gone.
fn follow(endpoint: &EndpointOption, path: &str, line: impl Fn(&Value) -> String) -> ExitCode {
    let print = |event: &str, data: &str| match event {
        "request" => {
            let record: Value = serde_json::from_str(data).unwrap_or_default();
            ctl::write(line(&record).as_bytes())
        }
        "lost" => {
            log::say(&format!("the journal dropped {data} older calls\n"));
            Ok(ctl::Reader::Reads)
        }
        _ => Ok(ctl::Reader::Reads),
    };
    let done: Result<(), String> = runtime().block_on(async {
        let answer = send(endpoint.url(), endpoint.token(), Method::GET, path, Bytes::new()).await;
        let mut answer = ctl::good(answer.map_err(|error| nobody(endpoint.url(), &error))?).await?;
        let (mut text, mut event) = (Vec::new(), String::new());
        while let Some(data) = ctl::next(&mut answer).await? {
            text.extend_from_slice(&data);
            while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                let rest = text.split_off(end + 1);
                let full = std::mem::replace(&mut text, rest);
                let full = String::from_utf8_lossy(&full);
                match full.trim_end().split_once(": ") {
                    Some(("event", name)) => name.clone_into(&mut event),
                    Some(("data", data)) if print(&event, data)? == ctl::Reader::Gone => return Ok(()),
                    _ => {}
                }
            }
        }
        Ok(())
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(1, &message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::calls;
    use crate::world::Command as Told;
    use std::collections::BTreeSet;

    /// The path as the control API has it: each name in braces is the same.
    fn bare(path: &str) -> String {
        let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn every_row_is_a_call_of_the_control_api() {
        let known: BTreeSet<_> = calls().into_iter().map(|[method, path, _]| (method, bare(&path))).collect();
        for row in ROWS {
            let (method, path) = row.target();
            assert!(known.contains(&(method.to_string(), bare(path))), "{}", row.words);
            for arg in row.args.iter().filter(|arg| matches!(arg.goes, Goes::Path)) {
                assert!(path.contains(&format!("{{{}}}", arg.name)), "{}", row.words);
            }
            if let Some(name) = row.call.strip_prefix("DO ") {
                let schema = schemars::schema_for!(Told).to_value();
                let commands = schema["oneOf"].as_array().unwrap();
                assert!(commands.iter().any(|one| one["properties"].get(name).is_some()), "{name}");
            }
        }
    }

    #[test]
    fn every_group_has_rows_and_every_row_its_group() {
        for row in ROWS.iter().filter(|row| row.words.contains(' ')) {
            assert!(GROUPS.iter().any(|(group, _)| row.words.starts_with(group)), "{}", row.words);
        }
        for (group, _) in GROUPS {
            assert!(
                ROWS.iter().filter(|row| row.words.starts_with(&format!("{group} "))).count() > 1,
                "{group}"
            );
        }
    }
}
