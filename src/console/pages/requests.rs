//! Requests of a world: the list, which grows while it is open.

use crate::console::door::ROOT;
use crate::console::form::encoded;
use crate::console::texts::{Lang, Texts};
use crate::console::visit::{Render, Shown, Visit, part};
use crate::console::{reasons, words};
use crate::control::events;
use crate::world::State;
use crate::world::faults::Match;
use crate::world::journal::Record;
use askama::Template;
use serde_json::json;

/// A request in a list.
pub(crate) struct Row {
    number: u64,
    at: String,
    page: String,
    pub(crate) what: String,
    who: String,
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) why: String,
    faults: String,
}

#[derive(Template)]
#[template(path = "requests.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
    q: &'a str,
    /// Address of the list alone.
    part: String,
    /// Address of the events.
    stream: String,
}

/// The list alone, for the filter.
#[derive(Template)]
#[template(path = "request_list.html")]
struct Part<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
    stream: String,
}

/// A short list for another page.
#[derive(Template)]
#[template(path = "request_table.html")]
struct Table<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
}

/// Returns the newest requests as a table; `None` if there are none.
pub(crate) fn table(v: &Visit<'_>, most: usize) -> Option<String> {
    let after = v.world.journal.written().saturating_sub(most as u64);
    let rows = rows(v, after, most, "");
    (!rows.is_empty()).then(|| Table { v, rows }.html())
}

/// One row, for an event.
#[derive(Template)]
#[template(path = "request_row.html")]
struct One<'a> {
    row: &'a Row,
}

/// Requests in the list at most.
const SHOWN: usize = 100;

/// Returns the requests after number `after` that contain a text, newest first.
fn rows(v: &Visit<'_>, after: u64, most: usize, q: &str) -> Vec<Row> {
    let link = Links::of(v);
    let found = v.world.journal.last(most, |record| record.number > after && has(record, q));
    found.iter().rev().map(|record| link.row(record)).collect()
}

/// Texts and addresses of rows. An event has no visit any more.
pub(crate) struct Links {
    world: String,
    lang: Lang,
    t: &'static Texts,
}

impl Links {
    pub(crate) fn of(v: &Visit<'_>) -> Self {
        Self { world: encoded(v.world.name.as_str()), lang: v.lang, t: v.t }
    }

    pub(crate) fn row(&self, record: &Record) -> Row {
        let faults: Vec<_> = record.faults.iter().map(|one| one.name.as_str()).collect();
        Row {
            number: record.number,
            at: record.at.to_string(),
            page: format!("{ROOT}/requests/{}?world={}", record.ids.request_id(), self.world),
            what: what(record),
            who: who(record, self.t),
            status: record.status,
            code: record.refused.as_ref().map(|refused| refused.code.to_string()).unwrap_or_default(),
            why: reasons::of_request(record, self.t, self.lang),
            faults: faults.join(", "),
        }
    }
}

/// Product and action, or method and path.
fn what(record: &Record) -> String {
    match (record.product, record.action.as_str()) {
        (Some(product), action) if !action.is_empty() => format!("{product} {action}"),
        _ => format!("{} {}", record.method, record.path),
    }
}

pub(crate) fn who(record: &Record, t: &Texts) -> String {
    let arn = record.caller.arn();
    let key = record.key.as_ref().map(ToString::to_string);
    if arn.is_empty() { key.unwrap_or_else(|| t.nobody.to_owned()) } else { arn }
}

/// Returns `true` if a request contains a text, ignoring case.
fn has(record: &Record, q: &str) -> bool {
    if q.is_empty() {
        return true;
    }
    let code = record.refused.as_ref().map_or("", |refused| &*refused.code);
    let key = record.key.as_ref().map_or("", crate::text::AccessKeyId::as_str);
    let all = format!(
        "{} {} {} {} {code} {key} {} {}",
        what(record),
        record.method,
        record.path,
        record.status,
        record.caller.arn(),
        record.host
    );
    let all = all.to_lowercase();
    q.to_lowercase().split_whitespace().all(|word| all.contains(word))
}

fn stream_of(v: &Visit<'_>, q: &str) -> String {
    let after = v.world.journal.written();
    v.at(&format!("/requests/stream?after={after}&q={}", encoded(q)))
}

/// Shows the list.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    v.world.keep_states();
    let q = v.query.get("q");
    // Read before the list, so that no request is between them.
    let stream = stream_of(v, q);
    let rows = rows(v, 0, SHOWN, q);
    if v.query.given("part").is_some() {
        return Ok(part(&Part { v, rows, stream }));
    }
    let page = Page { v, rows, q, part: v.at("/requests?part=1"), stream };
    let recipes = [v.recipe("GET", "/requests?limit=100", ""), v.recipe("GET", "/requests/stream", "")];
    Ok(v.page(v.t.requests, &page, &recipes))
}

/// Streams new requests as rows.
pub(crate) fn stream(v: &Visit<'_>) -> Shown {
    let after =
        v.headers.get("last-event-id").and_then(|last| last.to_str().ok()).unwrap_or(v.query.get("after"));
    let (q, link) = (v.query.get("q").to_owned(), Links::of(v));
    let event = move |record: &Record, _: &State| {
        has(record, &q).then(|| {
            let html = One { row: &link.row(record) }.html().replace(['\r', '\n'], " ");
            format!("id: {}\ndata: {html}\n\n", record.number)
        })
    };
    Ok(events(v.world.clone(), after.parse().unwrap_or(0), None, Box::new(event)))
}

/// Returns a rule for calls like a recorded one: the next of them fails.
pub(crate) fn rule_from(v: &Visit<'_>, id: &str) -> Option<String> {
    let record = v.world.journal.find(id)?;
    let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let matching = match (record.product, named(&record.action)) {
        (Some(product), Some(action)) => {
            Match { product: Some(product.to_owned()), action: Some(action), ..Match::default() }
        }
        _ => Match { method: named(&record.method), path: named(&record.path), ..Match::default() },
    };
    let rule = json!({
        "match": matching,
        "when": {"first": 1},
        "do": {"error": {"code": "Throttling.User"}},
    });
    serde_json::to_string_pretty(&words::without_nulls(&rule)).ok()
}
