//! Closing of an account: its conditions, the silence period, and cancellation. Source: docs/evidence/account.md 1.7.

use crate::attributes::{apply, view};
use crate::control::account_view::ClosureView;
use crate::control::call::Input;
use crate::control::{Answer, InAccount, ok, settled};
use crate::world::account::Check;
use crate::world::{Close, Command};
use axum::response::Response;

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
pub(super) fn show(path: InAccount) -> Answer<Response> {
    let state = settled(&path.world);
    let account = path.of(&state)?;
    let standing = account.standing();
    let checks = if standing.is_closed() { Vec::new() } else { account.closing_checks() };
    let checks = checks.into_iter().map(Into::into).collect();
    Ok(ok(&Checked { checks, closure: standing.closure().map(Into::into) }))
}

pub(super) fn close(path: InAccount, Input(words): Input<Close>) -> Answer<Response> {
    let closure = path.act(&words)?;
    Ok(ok(&Checked { checks: Vec::new(), closure: Some(closure.into()) }))
}

pub(super) fn stay(path: InAccount) -> Answer<Response> {
    path.change(Command::Stay)
}
