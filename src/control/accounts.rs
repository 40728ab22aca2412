//! Accounts: register, read, change, and set the state. Source: docs/evidence/account.md 4.2.

use crate::control::account_view::AccountView;
use crate::control::call::{InWorld, Input};
use crate::control::{Answer, InAccount, commit, json, listed, ok, settled};
use crate::world::{Act, Register};
use axum::response::Response;
use http::StatusCode;

pub(super) fn list(InWorld(world): InWorld) -> Response {
    let state = settled(&world);
    let accounts =
        state.accounts_in_order().into_iter().map(|account| AccountView::of(account, &world.seed_state()));
    listed("accounts", accounts)
}

pub(super) fn show(path: InAccount) -> Answer<Response> {
    Ok(ok(&AccountView::of(path.of(&settled(&path.world))?, &path.world.seed_state())))
}

pub(super) fn register(InWorld(world): InWorld, Input(new): Input<Register>) -> Answer<Response> {
    let uid = commit(&world, |tx| Ok(new.act(tx)?))?;
    let state = world.state();
    Ok(json(StatusCode::CREATED, &AccountView::of(state.account(uid)?, &world.seed_state())))
}

/// Changes an account, and returns its view.
pub(super) fn change<T: Act>(path: InAccount, Input(words): Input<T>) -> Answer<Response> {
    let uid = path.of(&path.world.state())?.uid;
    path.act(&words)?;
    Ok(ok(&AccountView::of(path.world.state().account(uid)?, &path.world.seed_state())))
}
