//! Commands of timelines and rules, run immediately.

use crate::control::call::InWorld;
use crate::control::{Answer, commit, field, ok, part};
use crate::world::{Command, World};
use axum::response::Response;
use bytes::Bytes;

pub(super) fn run(InWorld(world): InWorld, body: Bytes) -> Answer<Response> {
    let command: Command = part(&body, "a command", "invalid_command", |_| Vec::new())?;
    carry_out(&world, &command)
}

/// Runs a command on a world, and returns a description of the result.
pub(super) fn carry_out(world: &World, command: &Command) -> Answer<Response> {
    let done = commit(world, |tx| Ok(command.run(tx)?))?;
    Ok(ok(&field("done", done)))
}
