//! Fault rules of a world: add, switch, delete; made from a recorded request by two clicks.

use crate::console::pages::requests::rule_from;
use crate::console::visit::{Shown, Trouble, Visit};
use crate::console::words;
use crate::control::good_rule;
use crate::world::faults::Rule;
use askama::Template;
use http::StatusCode;
use std::convert::Infallible;

struct Row {
    id: u64,
    name: String,
    text: String,
    is_on: bool,
    matched: u64,
    struck: u64,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
    text: String,
    error: Option<String>,
}

/// Criteria that a new rule begins with.
const EXAMPLE: &str =
    "match: {product: Ram, action: CreateUser}\nwhen: {first: 1}\ndo:\n  error: {code: Throttling.User}\n";

/// Shows the rules, and a form that may begin with a recorded request.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let text = v.query.given("from").and_then(|id| rule_from(v, id)).unwrap_or_else(|| EXAMPLE.to_owned());
    Ok(page(v, StatusCode::OK, text, None))
}

fn page(v: &Visit<'_>, status: StatusCode, text: String, error: Option<String>) -> axum::response::Response {
    let written = |rule: &Rule| {
        let value = serde_json::to_value(rule).map(|value| words::without_nulls(&value));
        value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_default()
    };
    let rows: Vec<_> = v
        .world
        .faults
        .list()
        .iter()
        .map(|one| Row {
            id: one.id,
            name: one.rule.name.clone(),
            text: written(&one.rule),
            is_on: one.rule.enabled,
            matched: one.matched,
            struck: one.struck,
        })
        .collect();
    let id = rows.first().map_or_else(|| "ID".to_owned(), |row| row.id.to_string());
    let body = r#"{"match": {"action": "CreateUser"}, "do": {"error": {"code": "Throttling.User"}}}"#;
    let recipes = [
        v.recipe("GET", "/faults", ""),
        v.recipe("POST", "/faults", body),
        v.recipe("PATCH", &format!("/faults/{id}"), r#"{"enabled": false}"#),
        v.recipe("DELETE", &format!("/faults/{id}"), ""),
    ];
    v.page_with(status, v.t.rules, &Page { v, rows, text, error }, &recipes)
}

/// Adds a rule, written in YAML or JSON.
pub(crate) fn add(v: &Visit<'_>) -> Shown {
    let text = v.form.raw("rule").replace("\r\n", "\n");
    match good_rule(&text.clone().into(), &v.world) {
        Ok(rule) => {
            v.world.faults.add(rule);
            Ok(v.go("/rules", "done_rule_added"))
        }
        Err(why) => Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, text, Some(why.to_string()))),
    }
}

fn id(v: &Visit<'_>) -> Result<u64, Trouble> {
    v.names.first().and_then(|id| id.parse().ok()).ok_or(Trouble::NotFound)
}

/// Switches a rule on or off. It keeps its counters.
pub(crate) fn switch(v: &Visit<'_>) -> Shown {
    let switched = |rule: &Rule| Ok::<_, Infallible>(Rule { enabled: !rule.enabled, ..rule.clone() });
    v.world.faults.amend(id(v)?, switched).ok_or(Trouble::NotFound)?.unwrap_or_else(|never| match never {});
    Ok(v.go("/rules", "done_rule_switched"))
}

/// Deletes a rule.
pub(crate) fn remove(v: &Visit<'_>) -> Shown {
    if v.world.faults.remove(id(v)?) {
        Ok(v.go("/rules", "done_rule_deleted"))
    } else {
        Err(Trouble::NotFound)
    }
}
