//! Settings of a world, each read and set as a whole: whether permissions are enforced, how changes spread, when sessions
//! end, what is answered for actions that nobody runs.

use crate::control::{Answer, Shared, commit, ok, part, read};
use crate::scenario::flaws_of_stubs;
use crate::world::account::SessionExpiry;
use crate::world::propagation::Propagation;
use crate::world::stubs::Stubs;
use crate::world::{Enforcement, State as WorldState, Tx};
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A part of the state that is set as a whole.
pub(super) trait Setting: Serialize + DeserializeOwned {
    /// What it is.
    fn of(state: &WorldState) -> Self;
    /// Sets it.
    fn set(&self, tx: &mut Tx<'_>);
    /// Reads one that can be set.
    fn read(body: &Bytes) -> Answer<Self> {
        read(body)
    }
}

pub(super) async fn show<T: Setting>(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    Ok(ok(&T::of(&control.world(&world)?.state())))
}

pub(super) async fn set<T: Setting>(
    State(control): Shared,
    Path(world): Path<String>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let wanted = T::read(&body)?;
    commit(&world, |tx| {
        wanted.set(tx);
        Ok(())
    })?;
    Ok(ok(&wanted))
}

/// What becomes of calls that no policy allows.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Permissions")]
pub(super) struct Mode {
    mode: Enforcement,
}

impl Setting for Mode {
    fn of(state: &WorldState) -> Self {
        Self { mode: state.enforcement }
    }

    fn set(&self, tx: &mut Tx<'_>) {
        tx.set_enforcement(self.mode);
    }
}

impl Setting for Propagation {
    fn of(state: &WorldState) -> Self {
        *state.propagation
    }

    fn set(&self, tx: &mut Tx<'_>) {
        tx.set_propagation(*self);
    }
}

impl Setting for SessionExpiry {
    fn of(state: &WorldState) -> Self {
        state.session_expiry
    }

    fn set(&self, tx: &mut Tx<'_>) {
        tx.set_session_expiry(*self);
    }
}

/// What is answered for actions that nobody runs.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stubs")]
pub(super) struct Stubbed {
    /// The first that fits a call answers it.
    stubs: Stubs,
}

impl Setting for Stubbed {
    fn of(state: &WorldState) -> Self {
        Self { stubs: (*state.stubs).clone() }
    }

    fn set(&self, tx: &mut Tx<'_>) {
        tx.set_stubs(self.stubs.clone());
    }

    fn read(body: &Bytes) -> Answer<Self> {
        part(body, ("the body", "invalid_stub"), |wanted: &Self| flaws_of_stubs(&wanted.stubs))
    }
}
