//! Temporary credentials: list them without secrets, expire or revoke them without notice to the client.

use crate::attributes::{apply, view};
use crate::control::{Answer, Shared, commands, ok};
use crate::text::{AccessKeyId, RoleName, Scalar, Timestamp, Uid};
use crate::world::account::Session;
use crate::world::{Command, Refusal, WhichSessions};
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

#[apply(view)]
struct SessionView<'a> {
    id: &'a AccessKeyId,
    uid: Uid,
    role: &'a RoleName,
    name: &'a str,
    /// Expiry that the client was told.
    returned_expiry: Timestamp,
    /// Expiry that applies.
    enforced_expiry: Timestamp,
}

impl<'a> SessionView<'a> {
    fn of(session: &'a Session) -> Self {
        Self {
            id: &session.id,
            uid: session.uid,
            role: &session.role_name,
            name: &session.name,
            returned_expiry: session.returned_expiry,
            enforced_expiry: session.enforced_expiry,
        }
    }
}

pub(super) fn list(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    #[derive(Serialize)]
    struct Listed<'a> {
        sessions: Vec<SessionView<'a>>,
    }
    let world = control.world(&world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    Ok(ok(&Listed { sessions: state.sessions().map(|session| SessionView::of(session)).collect() }))
}

pub(super) fn expire(State(control): Shared, Path((world, id)): Path<(String, String)>) -> Answer<Response> {
    commands::carry_out(&*control.world(&world)?, &Command::ExpireSessions(only(&id)?))
}

pub(super) fn revoke(State(control): Shared, Path((world, id)): Path<(String, String)>) -> Answer<Response> {
    commands::carry_out(&*control.world(&world)?, &Command::RevokeSessions(only(&id)?))
}

fn only(id: &str) -> Result<WhichSessions, Refusal> {
    let id = AccessKeyId::parse(id).map_err(|_| Refusal::NoSuchSession)?;
    Ok(WhichSessions { id: Some(id), ..WhichSessions::default() })
}
