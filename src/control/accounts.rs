//! Accounts: register, read, change, and set the state. Source: docs/evidence/account.md 4.2.

use crate::control::account_view::AccountView;
use crate::control::{Answer, InAccount, Shared, act, commit, json, ok, read};
use crate::world::{Act, ChangeAccount, Refusal, Register, SetState, World};
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(Serialize)]
struct Accounts {
    accounts: Vec<AccountView>,
}

pub(super) fn list(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    let world = control.world(&world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    let accounts =
        state.accounts.values().map(|account| AccountView::of(account, world.seed_state())).collect();
    Ok(ok(&Accounts { accounts }))
}

pub(super) fn show(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    world.settle(world.clock.now().resource);
    Ok(ok(&view(&world, &path)?))
}

fn view(world: &World, path: &InAccount) -> Result<AccountView, Refusal> {
    Ok(AccountView::of(path.of(&world.state())?, world.seed_state()))
}

pub(super) fn register(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let new: Register = read(&body)?;
    let uid = commit(&world, |tx| Ok(new.act(tx)?))?;
    let state = world.state();
    Ok(json(StatusCode::CREATED, &AccountView::of(state.account(uid)?, world.seed_state())))
}

pub(super) fn change(control: Shared, path: Path<InAccount>, body: Bytes) -> Answer<Response> {
    changed::<ChangeAccount>(control, path, &body)
}

pub(super) fn set_state(control: Shared, path: Path<InAccount>, body: Bytes) -> Answer<Response> {
    changed::<SetState>(control, path, &body)
}

/// Changes an account, and returns its view.
fn changed<T: Act + DeserializeOwned + JsonSchema>(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: &Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let uid = path.of(&world.state())?.uid;
    act(&world, &path, &read::<T>(body)?)?;
    Ok(ok(&AccountView::of(world.state().account(uid)?, world.seed_state())))
}
