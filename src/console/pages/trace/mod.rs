//! The trace of one request: what arrived, each check in order, the walk through the policies, what it changed, and how to repeat it.
//!
//! Everything is computed when the page is shown, from the record of the journal and from the states that [`World::keep_states`] keeps.
//!
//! [`World::keep_states`]: crate::world::World::keep_states

mod changes;
mod checks;
mod repeat;
mod walk;

use crate::console::form::encoded;
use crate::console::pages::requests::{Links, Row, who};
use crate::console::reasons;
use crate::console::visit::{Shown, Trouble, Visit};
use crate::params::Origin;
use crate::world::journal::Record;
use askama::Template;
use changes::Changes;
use checks::Check;
use repeat::Repeat;
use walk::Walk;

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

/// A rule that applied to the request.
struct Struck {
    name: String,
    /// Address of the rule; `None` if the world does not have it any more.
    page: Option<String>,
}

#[derive(Template)]
#[template(path = "trace.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    row: Row,
    facts: Vec<Pair>,
    params: Vec<Pair>,
    signature: Option<Signature>,
    struck: Vec<Struck>,
    checks: Vec<Check>,
    decision: Option<(bool, String)>,
    walk: Option<Walk>,
    changes: Option<Changes>,
    repeat: Repeat,
    /// Address of the page that makes a rule.
    rule: String,
}

/// Shows one request.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    v.world.keep_states();
    let id = v.names.first().map(String::as_str).unwrap_or_default();
    let record = v.world.journal.find(id).ok_or(Trouble::NotFound)?;
    let mismatch = record.refused.as_deref().and_then(|refused| refused.mismatch.as_deref());
    let signature = mismatch.map(|one| Signature {
        cause: reasons::of_signature(one, v.lang),
        server: marked(&one.server, one.first_difference),
        client: one.client.as_ref().map(|client| marked(client, one.first_difference)),
    });
    let rules = v.world.faults.list();
    let struck = record.faults.iter().map(|one| Struck {
        name: one.name.clone(),
        page: rules
            .iter()
            .any(|rule| rule.id == one.id)
            .then(|| format!("{}#rule-{}", v.at("/rules"), one.id)),
    });
    let decision = record.decision.as_ref();
    let page = Page {
        v,
        row: Links::of(v).row(&record),
        facts: facts(&record, v),
        params: params(&record),
        signature,
        struck: struck.collect(),
        checks: checks::of(&record, v),
        decision: decision.map(|one| (one.allowed(), reasons::of_decision(one, v.lang))),
        walk: walk::of(&record, v),
        changes: changes::of(&record, v),
        repeat: repeat::of(&record, v),
        rule: v.at(&format!("/rules?from={}", encoded(&record.ids.request_id()))),
    };
    let id = record.ids.request_id();
    let mut recipes = vec![v.recipe("GET", &format!("/requests/{id}"), "")];
    if page.walk.is_some() {
        recipes.push(v.recipe("POST", "/explain", &format!(r#"{{"request": "{id}"}}"#)));
    }
    recipes.push(v.recipe("GET", &format!("/why?request={id}"), ""));
    Ok(v.page(v.t.one_request, &page, &recipes))
}

fn facts(record: &Record, v: &Visit<'_>) -> Vec<Pair> {
    let t = v.t;
    vec![
        pair(t.request_id, record.ids.request_id()),
        pair(t.call, format!("{} {}", record.method, record.path)),
        pair(t.host, record.host.as_str()),
        pair(t.client, record.client.to_string()),
        pair(t.style, record.style),
        pair(t.version, record.version.as_str()),
        pair(t.resource_clock, record.at.to_string()),
        pair(t.gateway_clock, record.gateway_at.to_string()),
        pair(t.key_id, record.key.as_ref().map(ToString::to_string).unwrap_or_default()),
        pair(t.caller, who(record, t)),
    ]
}

fn params(record: &Record) -> Vec<Pair> {
    let place = |origin| match origin {
        Origin::Path => "path",
        Origin::Query => "query",
        Origin::Form => "form",
        Origin::Json => "json",
    };
    record
        .params
        .iter()
        .map(|(name, value, origin)| pair(format!("{name} ({})", place(origin)), value))
        .collect()
}
