//! One line of standard error for each call: what was asked, by whom, with which result, and why.

use crate::cli::{LogFormat, log};
use crate::world::journal::{Record, operation};
use crate::world::{World, Worlds};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write;
use std::sync::OnceLock;
use tracing::level_filters::LevelFilter;

/// Longest reason in a line.
const REASON: usize = 160;
/// Most calls that a report lists.
const LISTED: usize = 50;

/// Form of the lines.
#[derive(Debug, Clone, Copy)]
struct Form {
    refused_only: bool,
    is_json: bool,
    is_coloured: bool,
}

static FORM: OnceLock<Form> = OnceLock::new();

/// Returns the function that writes the lines of this level; `None` if nothing is to be written, so that calls cost nothing.
pub(super) fn listener(
    level: LevelFilter,
    format: LogFormat,
    is_coloured: bool,
) -> Option<fn(&World, &Record)> {
    if level < LevelFilter::WARN {
        return None;
    }
    let (refused_only, is_json) = (level < LevelFilter::INFO, format == LogFormat::Json);
    let _ = FORM.set(Form { refused_only, is_json, is_coloured });
    Some(told)
}

fn told(world: &World, record: &Record) {
    let Some(form) = FORM.get().filter(|form| !form.refused_only || record.refused.is_some()) else { return };
    let line = Line::of(world, record);
    log::say(&if form.is_json { line.json() } else { line.text(form.is_coloured) });
}

/// A call as a line shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line<'a> {
    message: String,
    time: String,
    #[serde(skip_serializing_if = "is_default_world")]
    world: &'a str,
    status: u16,
    operation: String,
    caller: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    request_id: String,
}

fn is_default_world(name: &&str) -> bool {
    *name == "default"
}

impl<'a> Line<'a> {
    fn of(world: &'a World, record: &'a Record) -> Self {
        Self {
            message: String::new(),
            time: record.gateway_at.to_string(),
            world: world.name.as_str(),
            status: record.status,
            operation: shown(&operation(record.product, &record.action, &record.path)),
            caller: shown(&record.who(&world.state())),
            code: record.refused.as_deref().map(|refused| &*refused.code),
            why: record.reason().map(|why| shown(&why)),
            request_id: record.ids.request_id(),
        }
        .with_message()
    }

    /// Returns the line of a record that the control API returned.
    pub(super) fn read(world: &'a str, record: &'a Value) -> Self {
        let text = |name: &str| record[name].as_str();
        let [action, path] = ["action", "path"].map(|name| text(name).unwrap_or_default());
        Self {
            message: String::new(),
            time: text("gatewayAt").unwrap_or_default().to_owned(),
            world,
            status: record["status"].as_u64().and_then(|status| status.try_into().ok()).unwrap_or_default(),
            operation: shown(&operation(text("product"), action, path)),
            caller: shown(text("who").unwrap_or("-")),
            code: text("code"),
            why: text("why").map(shown),
            request_id: text("requestId").unwrap_or_default().to_owned(),
        }
        .with_message()
    }

    fn with_message(mut self) -> Self {
        self.message = format!("{} {} {}", self.status, self.operation, self.caller);
        for (lead, text) in [(" ", self.code), (": ", self.why.as_deref())] {
            _ = text.map(|text| write!(self.message, "{lead}{text}"));
        }
        self
    }

    /// Returns the line for people.
    pub(super) fn text(&self, is_coloured: bool) -> String {
        let paint = match (is_coloured, self.code) {
            (false, _) => ("", ""),
            (true, None) => ("\x1b[32m", "\x1b[0m"),
            (true, Some(_)) => ("\x1b[31m", "\x1b[0m"),
        };
        let time = self.time.get(11..19).unwrap_or(&self.time);
        let world = if is_default_world(&self.world) { String::new() } else { format!("[{}] ", self.world) };
        let (status, rest) = self.message.split_once(' ').unwrap_or((&self.message, ""));
        format!("{time} {world}{}{status}{} {rest} ({})\n", paint.0, paint.1, self.request_id)
    }

    fn json(&self) -> String {
        log::json(if self.code.is_some() { "WARN" } else { "INFO" }, "alimock::call", self)
    }
}

/// Text on one line, without control characters and not too long.
fn shown(text: &str) -> String {
    let mut line: String = text.chars().take(REASON).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(REASON).is_some() {
        line.push_str("...");
    }
    line
}

/// Returns the rejected calls of all worlds as text for the end of a run; empty if there are none.
pub(super) fn refused(worlds: &Worlds, is_coloured: bool) -> String {
    let mut out = String::new();
    for world in worlds.all() {
        let records = world.journal.read(0, usize::MAX, |record| record.refused.is_some());
        for record in records.iter().take(LISTED) {
            out.push_str("  ");
            out.push_str(&Line::of(&world, record).text(is_coloured));
        }
        if let Some(more) = records.len().checked_sub(LISTED).filter(|more| *more > 0) {
            let _ = writeln!(out, "  and {more} more in the world {}", world.name);
        }
    }
    if out.is_empty() { out } else { format!("refused calls:\n{out}") }
}

/// Returns the actions that were called and that alimock does not run, each with the number of calls.
pub(super) fn not_run(worlds: &Worlds) -> Vec<NotRun> {
    let mut all: Vec<NotRun> = Vec::new();
    for world in worlds.all() {
        let is_not_run = |record: &Record| record.refused.as_ref().is_some_and(|refused| refused.is_not_run);
        for record in world.journal.read(0, usize::MAX, is_not_run) {
            let (product, action) = (record.product.unwrap_or_default(), shown(&record.action));
            match all.iter_mut().find(|one| one.product == product && one.action == action) {
                Some(known) => known.calls += 1,
                None => all.push(NotRun { product, action, calls: 1 }),
            }
        }
    }
    all
}

/// An action that alimock does not run.
#[derive(Debug, Serialize)]
pub(super) struct NotRun {
    pub(super) product: &'static str,
    pub(super) action: String,
    pub(super) calls: u64,
}
