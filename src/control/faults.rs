//! Fault rules of a world: list with hit counters, add, replace, amend, delete.

use crate::control::call::{Id, InWorld};
use crate::control::{Answer, ControlError, done, json, known, listed, ok, part};
use crate::scenario::{At, flaws_of_rule};
use crate::world::World;
use crate::world::faults::Rule;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

pub(super) fn list(InWorld(world): InWorld) -> Response {
    listed("faults", world.faults.list())
}

pub(super) fn add(InWorld(world): InWorld, body: Bytes) -> Answer<Response> {
    let rule = good(&body, &world)?;
    Ok(json(StatusCode::CREATED, &world.faults.add(rule)))
}

pub(super) fn replace(InWorld(world): InWorld, Id(id): Id, body: Bytes) -> Answer<Response> {
    let rule = good(&body, &world)?;
    let replaced = number(&id).and_then(|id| world.faults.replace(id, rule));
    Ok(ok(&replaced.ok_or_else(|| no_such_rule(&id))?))
}

/// Merges the body into a rule (RFC 7386): missing fields keep their values, `null` removes a field.
pub(super) fn amend(InWorld(world): InWorld, Id(id): Id, body: Bytes) -> Answer<Response> {
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

pub(super) fn remove(InWorld(world): InWorld, Id(id): Id) -> Answer<Response> {
    match number(&id).filter(|id| world.faults.remove(*id)) {
        Some(_) => Ok(done()),
        None => Err(no_such_rule(&id)),
    }
}

/// Parses a rule and checks that it can work.
pub(crate) fn good(body: &Bytes, world: &World) -> Answer<Rule> {
    let known = known(world);
    part(body, "a rule", "invalid_fault", |rule| flaws_of_rule(rule, &known, &At::top()))
}

fn number(id: &str) -> Option<u64> {
    id.parse().ok()
}

fn no_such_rule(id: &str) -> ControlError {
    ControlError::not_found("fault", format!("there is no fault `{id}`"), "GET .../faults lists them")
}
