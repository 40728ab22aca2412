//! The rules of a world: list with hit counters, add, replace, drop.

use crate::control::{Answer, ControlError, Shared, json, names, ok, part};
use crate::scenario::{At, flaws_of_rule};
use crate::world::World;
use crate::world::faults::{Listed, Rule};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct All {
    faults: Vec<Listed>,
}

pub(super) async fn list(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    Ok(ok(&All { faults: control.world(&world)?.faults.list() }))
}

pub(super) async fn add(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let rule = good(&body, &world)?;
    Ok(json(StatusCode::CREATED, &world.faults.add(rule)))
}

pub(super) async fn replace(
    State(control): Shared,
    Path((world, id)): Path<(String, String)>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let rule = good(&body, &world)?;
    let replaced = number(&id).and_then(|id| world.faults.replace(id, rule));
    Ok(ok(&replaced.ok_or_else(|| no_such_rule(&id))?))
}

pub(super) async fn remove(
    State(control): Shared,
    Path((world, id)): Path<(String, String)>,
) -> Answer<Response> {
    let world = control.world(&world)?;
    match number(&id).filter(|id| world.faults.remove(*id)) {
        Some(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        None => Err(no_such_rule(&id)),
    }
}

/// A rule that can work.
fn good(body: &Bytes, world: &World) -> Answer<Rule> {
    let names = names(world);
    part(body, ("a rule", "invalid_fault"), |rule| flaws_of_rule(rule, &names, &At::top()))
}

fn number(id: &str) -> Option<u64> {
    id.parse().ok()
}

fn no_such_rule(id: &str) -> ControlError {
    ControlError::not_found("fault", format!("there is no fault `{id}`"), "GET .../faults lists them")
}
