//! Which operations were run and with which outcomes: since the last reset of a world, or since the server started.

use crate::control::{Answer, Shared, ok};
use crate::world::coverage::Outcomes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Covered {
    operations: Vec<One>,
}

#[derive(Serialize)]
struct One {
    product: &'static str,
    action: &'static str,
    #[serde(flatten)]
    outcomes: Outcomes,
}

fn listed(outcomes: BTreeMap<(&'static str, &'static str), Outcomes>) -> Response {
    let one = |((product, action), outcomes)| One { product, action, outcomes };
    ok(&Covered { operations: outcomes.into_iter().map(one).collect() })
}

pub(super) async fn of_server(State(control): Shared) -> Response {
    listed(control.worlds.outcomes())
}

pub(super) async fn of_world(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    let mut outcomes = BTreeMap::new();
    control.world(&world)?.coverage.add_to(&mut outcomes);
    Ok(listed(outcomes))
}
