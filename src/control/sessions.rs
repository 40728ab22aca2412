//! Temporary credentials: list them without secrets, expire or revoke them without notice to the client.

use crate::attributes::{apply, view};
use crate::control::call::{Id, InWorld};
use crate::control::{Answer, commands, listed, settled};
use crate::text::{AccessKeyId, RoleName, Scalar, Timestamp, Uid};
use crate::world::account::Session;
use crate::world::{Command, Refusal, WhichSessions};
use axum::response::Response;

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

pub(super) fn list(InWorld(world): InWorld) -> Response {
    let state = settled(&world);
    listed("sessions", state.sessions().map(|session| SessionView::of(session)))
}

pub(super) fn expire(InWorld(world): InWorld, Id(id): Id) -> Answer<Response> {
    commands::carry_out(&world, &Command::ExpireSessions(only(&id)?))
}

pub(super) fn revoke(InWorld(world): InWorld, Id(id): Id) -> Answer<Response> {
    commands::carry_out(&world, &Command::RevokeSessions(only(&id)?))
}

fn only(id: &str) -> Result<WhichSessions, Refusal> {
    let id = AccessKeyId::parse(id).map_err(|_| Refusal::NoSuchSession)?;
    Ok(WhichSessions { id: Some(id), ..WhichSessions::default() })
}
