//! Requests of a world: the list, which grows while it is open, and the trace of one request.

use crate::console::door::ROOT;
use crate::console::form::encoded;
use crate::console::texts::Texts;
use crate::console::visit::{Render, Shown, Trouble, Visit, part};
use crate::console::words;
use crate::control::events;
use crate::params::Origin;
use crate::world::State;
use crate::world::faults::Match;
use crate::world::journal::Record;
use crate::world::permission::Decision;
use askama::Template;
use serde_json::json;

/// A request in a list.
struct Row {
    number: u64,
    at: String,
    page: String,
    what: String,
    who: String,
    status: u16,
    code: String,
    why: String,
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
    let mut found = v.world.journal.read(after, usize::MAX, |record| has(record, q));
    let first = found.len().saturating_sub(most);
    found.drain(..first);
    found.iter().rev().map(|record| link.row(record)).collect()
}

/// Texts and addresses of rows. An event has no visit any more.
struct Links {
    world: String,
    t: &'static Texts,
}

impl Links {
    fn of(v: &Visit<'_>) -> Self {
        Self { world: encoded(v.world.name.as_str()), t: v.t }
    }

    fn row(&self, record: &Record) -> Row {
        let faults: Vec<_> = record.faults.iter().map(|one| one.name.as_str()).collect();
        Row {
            number: record.number,
            at: record.at.to_string(),
            page: format!("{ROOT}/requests/{}?world={}", record.ids.request_id(), self.world),
            what: what(record),
            who: who(record, self.t),
            status: record.status,
            code: record.refused.as_ref().map(|refused| refused.code.to_string()).unwrap_or_default(),
            why: record.why().unwrap_or_default().into_owned(),
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

fn who(record: &Record, t: &Texts) -> String {
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
    q.to_lowercase().split_whitespace().all(|word| all.to_lowercase().contains(word))
}

fn stream_of(v: &Visit<'_>, q: &str) -> String {
    let after = v.world.journal.written();
    v.at(&format!("/requests/stream?after={after}&q={}", encoded(q)))
}

/// Shows the list.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
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

/// A named value.
struct Pair {
    name: String,
    value: String,
}

fn pair(name: impl Into<String>, value: impl Into<String>) -> Pair {
    Pair { name: name.into(), value: value.into() }
}

/// A text with its first different place: before, the character, after.
struct Marked {
    before: String,
    mark: String,
    after: String,
}

/// Marks the byte `at` of a text; line ends become visible where the mark is on one.
fn marked(text: &str, at: Option<usize>) -> Marked {
    let at = at.filter(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let (before, rest) = text.split_at(at);
    let (mark, after) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
    let mark = if mark == "\n" { "\u{21B5}\n" } else { mark };
    Marked { before: before.to_owned(), mark: mark.to_owned(), after: after.to_owned() }
}

/// Signature of a rejected request.
struct Signature {
    cause: String,
    server: Marked,
    client: Option<Marked>,
}

/// A deciding policy.
struct Policy {
    name: String,
    kind: &'static str,
    effect: &'static str,
    attached_to: &'static str,
}

#[derive(Template)]
#[template(path = "request.html")]
struct Trace<'a> {
    v: &'a Visit<'a>,
    row: Row,
    facts: Vec<Pair>,
    params: Vec<Pair>,
    signature: Option<Signature>,
    allowed: Option<bool>,
    reason: String,
    policies: Vec<Policy>,
    changed: Option<u64>,
    unseen: &'a [String],
    rule: String,
}

/// Shows one request.
pub(crate) fn trace(v: &Visit<'_>) -> Shown {
    let id = v.names.first().map(String::as_str).unwrap_or_default();
    let record = v.world.journal.find(id).ok_or(Trouble::NotFound)?;
    let row = Links::of(v).row(&record);
    let t = v.t;
    let facts = vec![
        pair(t.request_id, record.ids.request_id()),
        pair(t.call, format!("{} {}", record.method, record.path)),
        pair(t.host, record.host.as_str()),
        pair(t.client, record.client.to_string()),
        pair(t.style, record.style),
        pair(t.version, record.version.as_str()),
        pair(t.resource_clock, record.at.to_string()),
        pair(t.gateway_clock, record.gateway_at.to_string()),
        pair(t.key_id, record.key.as_ref().map(ToString::to_string).unwrap_or_default()),
        pair(t.caller, who(&record, t)),
    ];
    let place = |origin| match origin {
        Origin::Path => "path",
        Origin::Query => "query",
        Origin::Form => "form",
        Origin::Json => "json",
    };
    let params = record.params.iter();
    let params =
        params.map(|(name, value, origin)| pair(format!("{name} ({})", place(origin)), value)).collect();
    let mismatch = record.refused.as_deref().and_then(|refused| refused.mismatch.as_deref());
    let signature = mismatch.map(|one| Signature {
        cause: one.cause.clone(),
        server: marked(&one.server, one.first_difference),
        client: one.client.as_ref().map(|client| marked(client, one.first_difference)),
    });
    let evaluated = record.decision.as_ref().and_then(|decision| decision.evaluated());
    let matched = evaluated.map(|one| one.matched.as_slice()).unwrap_or_default();
    let policies = matched
        .iter()
        .map(|one| Policy {
            name: one.policy.clone(),
            kind: one.policy_type,
            effect: one.effect,
            attached_to: one.attached_to,
        })
        .collect();
    let page = Trace {
        v,
        row,
        facts,
        params,
        signature,
        allowed: record.decision.as_ref().map(Decision::allowed),
        reason: record.decision.as_ref().map(|decision| decision.reason().to_owned()).unwrap_or_default(),
        policies,
        changed: record.changed,
        unseen: &record.unseen,
        rule: v.at(&format!("/rules?from={}", encoded(&record.ids.request_id()))),
    };
    let recipe = v.recipe("GET", &format!("/requests/{}", record.ids.request_id()), "");
    Ok(v.page(v.t.one_request, &page, &[recipe]))
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
