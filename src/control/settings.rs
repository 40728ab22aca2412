//! Settings of a world, each read and set as a whole: permission mode, propagation, session expiry, stubs, rules about
//! accounts, gates.

use crate::control::call::InWorld;
use crate::control::{Answer, commit, known, ok, part};
use crate::scenario::{At, Known, MOST_MISFITS, Misfit, flaws_of_gate, flaws_of_stubs, yaml};
use crate::world::gates::Gates;
use crate::world::settings::{AccountRules, Propagation, SessionExpiry};
use crate::world::stubs::Stubs;
use crate::world::{Enforcement, State as WorldState, Tx, World};
use axum::response::Response;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A setting: a part of the state that is set as a whole.
pub(super) trait Setting: Serialize + DeserializeOwned + JsonSchema {
    /// Returns the current value.
    fn of(state: &WorldState) -> Self;
    /// Sets it.
    fn set(&self, tx: &mut Tx<'_>);
    /// Returns the entries that can never work in a world with these known names.
    fn flaws(&self, _known: &Known) -> Vec<Misfit> {
        Vec::new()
    }
}

pub(super) fn show<T: Setting>(InWorld(world): InWorld) -> Response {
    ok(&T::of(&world.state()))
}

pub(super) fn set<T: Setting>(InWorld(world): InWorld, body: Bytes) -> Answer<Response> {
    Ok(ok(&change::<T>(&world, &body)?))
}

/// Sets a setting to the value in a text. Returns it.
fn change<T: Setting>(world: &World, body: &Bytes) -> Answer<T> {
    let known = known(world);
    let wanted: T = part(body, "the body", "invalid_setting", |wanted: &T| wanted.flaws(&known))?;
    commit(world, |tx| {
        wanted.set(tx);
        Ok(())
    })?;
    Ok(wanted)
}

/// A setting without its type.
pub(crate) struct NamedSetting {
    /// Its name in paths.
    pub(crate) name: &'static str,
    /// Its name in scenario files.
    pub(crate) word: &'static str,
    /// Returns the current value as YAML.
    pub(crate) shown: fn(&World) -> String,
    /// Sets it to the value in YAML or JSON.
    pub(crate) set: fn(&World, &Bytes) -> Answer<()>,
}

impl NamedSetting {
    const fn of<T: Setting>(name: &'static str, word: &'static str) -> Self {
        Self {
            name,
            word,
            shown: |world| yaml(&T::of(&world.state())),
            set: |world, body| change::<T>(world, body).map(|_| ()),
        }
    }
}

/// All settings that can be changed.
pub(crate) static SETTINGS: [NamedSetting; 6] = [
    NamedSetting::of::<Mode>("permissions", "permissions"),
    NamedSetting::of::<Propagation>("propagation", "propagation"),
    NamedSetting::of::<SessionExpiry>("session-expiry", "sessionExpiry"),
    NamedSetting::of::<AllGates>("gates", "gates"),
    NamedSetting::of::<AccountRules>("account-rules", "accountRules"),
    NamedSetting::of::<Stubbed>("stubs", "stubs"),
];

/// Handling of calls that no policy allows.
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

/// Responses to actions that alimock does not implement.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stubs")]
pub(super) struct Stubbed {
    /// The first stub that matches a call answers it.
    stubs: Stubs,
}

impl Setting for Stubbed {
    fn of(state: &WorldState) -> Self {
        Self { stubs: (*state.stubs).clone() }
    }

    fn set(&self, tx: &mut Tx<'_>) {
        tx.set_stubs(self.stubs.clone());
    }

    fn flaws(&self, _: &Known) -> Vec<Misfit> {
        flaws_of_stubs(&self.stubs)
    }
}

impl Setting for AccountRules {
    fn of(state: &WorldState) -> Self {
        state.registry.rules.clone()
    }

    fn set(&self, tx: &mut Tx<'_>) {
        tx.set_rules(self.clone());
    }

    fn flaws(&self, _: &Known) -> Vec<Misfit> {
        let flaws = AccountRules::flaws(self).into_iter();
        flaws.map(|(field, why)| Misfit { at: field.to_owned(), what: why.to_owned() }).collect()
    }
}

/// Conditions that a call must meet.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Gates")]
pub(super) struct AllGates {
    gates: Gates,
}

impl Setting for AllGates {
    fn of(state: &WorldState) -> Self {
        Self { gates: state.registry.gates.clone() }
    }

    fn set(&self, tx: &mut Tx<'_>) {
        tx.set_gates(self.gates.clone());
    }

    fn flaws(&self, known: &Known) -> Vec<Misfit> {
        let gates = self.gates.iter().enumerate();
        let flaws =
            gates.flat_map(|(index, gate)| flaws_of_gate(gate, known, &At::top().item("gates", index)));
        flaws.take(MOST_MISFITS).collect()
    }
}
