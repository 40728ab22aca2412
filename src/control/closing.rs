//! The way out of an account: what stands against it, the silence period, and staying after all. Source: docs/evidence/account.md 1.7.

use crate::control::account_view::ClosureView;
use crate::control::{Answer, InAccount, Shared, commit, ok, read};
use crate::world::Refusal;
use crate::world::account::Check;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    checks: Vec<CheckView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closure: Option<ClosureView>,
}

/// What stands against closing the account, and how far its closing is.
pub(super) fn show(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    let account = state.account(path.uid()?)?;
    let standing = account.standing();
    let checks = if standing.is_closed() { Vec::new() } else { account.closing_checks() };
    let checks = checks.into_iter().map(Into::into).collect();
    Ok(ok(&Checked { checks, closure: standing.closure().map(Into::into) }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Closing")]
pub(super) struct Close {
    /// What is given up: ids of checks that may be waived.
    #[serde(default)]
    waive: Vec<String>,
}

pub(super) fn close(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    let body: Close = read(&body)?;
    let waived: Vec<_> = body.waive.iter().map(String::as_str).collect();
    let closure = commit(&world, |tx| {
        tx.close(uid, &waived).map_err(|refusal| match refusal {
            Refusal::ClosingBlocked => {
                let checks = tx.closing_checks(uid, &waived).unwrap_or_default();
                let named = checks.iter().map(|check| {
                    format!(
                        "{}: {}{}",
                        check.id,
                        check.description,
                        if check.waivable { " Or waive it." } else { "" }
                    )
                });
                let error: crate::control::ControlError = refusal.into();
                error.hint(named.collect::<Vec<_>>().join(" "))
            }
            refusal => refusal.into(),
        })
    })?;
    Ok(ok(&Checked { checks: Vec::new(), closure: Some(closure.into()) }))
}

pub(super) fn stay(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    commit(&world, |tx| Ok(tx.stay(uid)?))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
