//! Fault rules of a world: list with hit counters, add, replace, amend, delete.

use crate::control::{Answer, ControlError, Shared, json, known, ok, part};
use crate::scenario::{At, flaws_of_rule};
use crate::world::World;
use crate::world::faults::{CountedRule, Rule};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
struct All {
    faults: Vec<CountedRule>,
}

pub(super) fn list(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    Ok(ok(&All { faults: control.world(&world)?.faults.list() }))
}

pub(super) fn add(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let rule = good(&body, &world)?;
    Ok(json(StatusCode::CREATED, &world.faults.add(rule)))
}

pub(super) fn replace(
    State(control): Shared,
    Path((world, id)): Path<(String, String)>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let rule = good(&body, &world)?;
    let replaced = number(&id).and_then(|id| world.faults.replace(id, rule));
    Ok(ok(&replaced.ok_or_else(|| no_such_rule(&id))?))
}

/// Merges the body into a rule (RFC 7386): missing fields keep their values, `null` removes a field.
pub(super) fn amend(
    State(control): Shared,
    Path((world, id)): Path<(String, String)>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let body = if body.is_empty() { Bytes::from_static(b"{}") } else { body };
    let patch: Map<String, Value> = serde_json::from_slice(&body)
        .map_err(|why| ControlError::bad_request("invalid_body", format!("the body: {why}")))?;
    let merged = |rule: &Rule| {
        let mut value = serde_json::to_value(rule).expect("a rule is plain data");
        merge(&mut value, Value::Object(patch));
        good(&value.to_string().into(), &world)
            .map_err(|error| ControlError { code: "invalid_fault".into(), ..error })
    };
    let amended = number(&id).and_then(|id| world.faults.amend(id, merged));
    Ok(ok(&amended.ok_or_else(|| no_such_rule(&id))??))
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let fields = target.as_object_mut().expect("made one just now");
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

pub(super) fn remove(State(control): Shared, Path((world, id)): Path<(String, String)>) -> Answer<Response> {
    let world = control.world(&world)?;
    match number(&id).filter(|id| world.faults.remove(*id)) {
        Some(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        None => Err(no_such_rule(&id)),
    }
}

/// Parses a rule and checks that it can work.
fn good(body: &Bytes, world: &World) -> Answer<Rule> {
    let known = known(world);
    part(body, "a rule", "invalid_fault", |rule| flaws_of_rule(rule, &known, &At::top()))
}

fn number(id: &str) -> Option<u64> {
    id.parse().ok()
}

fn no_such_rule(id: &str) -> ControlError {
    ControlError::not_found("fault", format!("there is no fault `{id}`"), "GET .../faults lists them")
}
