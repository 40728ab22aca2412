//! Messages that a real service would have sent by SMS, e-mail or bank transfer.

use crate::console::form::encoded;
use crate::console::visit::{Shown, Visit, part};
use crate::console::words;
use crate::world::Command;
use crate::world::account::TraceStatus;
use askama::Template;
use http::StatusCode;
use serde_json::json;

struct Row {
    number: u64,
    at: String,
    channel: String,
    to: String,
    scene: String,
    text: String,
    code: Option<String>,
    is_used: bool,
    asks: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
    to: &'a str,
    part: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "inbox_list.html")]
struct Part<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
}

/// Messages on the page at most.
const SHOWN: usize = 100;

/// Shows the newest messages.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    Ok(page(v, StatusCode::OK, None))
}

fn page(v: &Visit<'_>, status: StatusCode, error: Option<String>) -> axum::response::Response {
    let to = v.query.get("to");
    let rows = rows(v, to);
    if v.query.given("part").is_some() {
        return part(&Part { v, rows });
    }
    let path = if to.is_empty() { "/outbox".to_owned() } else { format!("/outbox?to={}", encoded(to)) };
    let part = v.at(&format!("/inbox?part=1&to={}", encoded(to)));
    v.page_with(status, v.t.inbox, &Page { v, rows, to, part, error }, &[v.recipe("GET", &path, "")])
}

fn rows(v: &Visit<'_>, to: &str) -> Vec<Row> {
    let registry = &v.state.registry;
    let asks = |to: &str| {
        registry
            .traces
            .values()
            .any(|trace| trace.status == TraceStatus::Waiting && trace.mailbox().as_str() == to)
    };
    let fits = registry.outbox.iter().rev().filter(|one| to.is_empty() || one.to.contains(to)).take(SHOWN);
    fits.map(|one| Row {
        number: one.number,
        at: one.at.to_string(),
        channel: words::written(&one.channel),
        to: one.to.to_string(),
        scene: one.scene.to_string(),
        text: one.text.clone(),
        code: one.code.as_ref().map(ToString::to_string),
        is_used: one.used,
        asks: asks(&one.to),
    })
    .collect()
}

/// Confirms what a mail asked for.
pub(crate) fn confirm(v: &Visit<'_>) -> Shown {
    let command: Result<Command, _> = serde_json::from_value(json!({"confirm": {"to": v.form.get("to")}}));
    let done = match command {
        Ok(command) => v.act(|tx| command.run(tx)),
        Err(why) => Err(why.to_string()),
    };
    match done {
        Ok(_) => Ok(v.go("/inbox", "done_confirmed")),
        Err(why) => Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(why))),
    }
}
