//! Closing of an account: its conditions, the silence period, and cancellation. Source: docs/evidence/account.md 1.7.

use crate::attributes::{apply, view};
use crate::control::account_view::ClosureView;
use crate::control::{Answer, InAccount, Shared, act, change, ok, read};
use crate::world::account::Check;
use crate::world::{Close, Command};
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;

#[apply(view)]
struct CheckView {
    check_id: &'static str,
    name: &'static str,
    description: &'static str,
    waivable: bool,
}

impl From<Check> for CheckView {
    fn from(check: Check) -> Self {
        let Check { id, name, description, waivable } = check;
        Self { check_id: id, name, description, waivable }
    }
}

#[apply(view)]
struct Checked {
    checks: Vec<CheckView>,
    closure: Option<ClosureView>,
}

/// Returns the conditions that prevent the closing of the account, and the state of its closing.
pub(super) fn show(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    let account = path.of(&state)?;
    let standing = account.standing();
    let checks = if standing.is_closed() { Vec::new() } else { account.closing_checks() };
    let checks = checks.into_iter().map(Into::into).collect();
    Ok(ok(&Checked { checks, closure: standing.closure().map(Into::into) }))
}

pub(super) fn close(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    let closure = act(&*control.world(&path.world)?, &path, &read::<Close>(&body)?)?;
    Ok(ok(&Checked { checks: Vec::new(), closure: Some(closure.into()) }))
}

pub(super) fn stay(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    change(&control, &path, Command::Stay)
}
