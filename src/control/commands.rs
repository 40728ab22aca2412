//! Commands: what a scenario's timeline and rules can do to a world, done now.

use crate::control::{Answer, ControlError, Shared, ok, part};
use crate::world::{By, Command, NotDone, World};
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

pub(super) fn run(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let command: Command = part(&body, ("a command", "invalid_command"), |_| Vec::new())?;
    carry_out(&world, &command)
}

/// Does a command to a world, and says what was done.
pub(super) fn carry_out(world: &World, command: &Command) -> Answer<Response> {
    #[derive(Serialize)]
    struct Done {
        done: String,
    }
    let now = world.clock.now().resource;
    world.settle(now);
    let (done, _) = world.commit(now, By::OURSELVES, |tx| command.run(tx)).map_err(|why| match why {
        NotDone::Refused(refusal) => refusal.into(),
        why => ControlError::bad_request("invalid_command", why.to_string()),
    })?;
    Ok(ok(&Done { done }))
}
