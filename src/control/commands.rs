//! Commands of timelines and rules, run immediately.

use crate::control::{Answer, Shared, commit, ok, part};
use crate::world::{Command, World};
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

pub(super) fn run(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let command: Command = part(&body, "a command", "invalid_command", |_| Vec::new())?;
    carry_out(&world, &command)
}

/// Runs a command on a world, and returns a description of the result.
pub(super) fn carry_out(world: &World, command: &Command) -> Answer<Response> {
    #[derive(Serialize)]
    struct Done {
        done: String,
    }
    let done = commit(world, |tx| Ok(command.run(tx)?))?;
    Ok(ok(&Done { done }))
}
