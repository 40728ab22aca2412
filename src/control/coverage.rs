//! Coverage: operations that ran and their outcomes, since the last reset of a world or since the server started. Also
//! the totals over all operations.

use crate::control::call::InWorld;
use crate::control::{Control, Shared, ok};
use crate::world::coverage::{Operation, Outcomes, Totals};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Covered {
    operations: Vec<One>,
    #[serde(flatten)]
    totals: Totals,
}

#[derive(Serialize)]
struct One {
    product: &'static str,
    action: &'static str,
    #[serde(flatten)]
    outcomes: Outcomes,
}

fn listed(control: &Control, outcomes: BTreeMap<Operation, Outcomes>) -> Response {
    let totals = Totals::of(&outcomes, (control.operations)().into_iter());
    let one = |((product, action), outcomes)| One { product, action, outcomes };
    ok(&Covered { operations: outcomes.into_iter().map(one).collect(), totals })
}

pub(super) fn of_server(State(control): Shared) -> Response {
    listed(&control, control.worlds.outcomes())
}

pub(super) fn of_world(State(control): Shared, InWorld(world): InWorld) -> Response {
    let mut outcomes = BTreeMap::new();
    world.coverage.add_to(&mut outcomes);
    listed(&control, outcomes)
}
