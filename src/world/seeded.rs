//! Content that a world starts with. A reset returns to it, and a loaded scenario replaces it.

use crate::text::{AccessKeyId, Timestamp};
use crate::world::account::LastUse;
use crate::world::by::By;
use crate::world::clock::{Clock, Clocks};
use crate::world::expect::Watch;
use crate::world::faults::Kept;
use crate::world::ids::Ids;
use crate::world::plant::{Brief, Plant, Settings};
use crate::world::propagation::Change;
use crate::world::state::State;
use crate::world::tx::{Tx, day};
use crate::world::usage::Usage;
use std::collections::HashMap;
use std::sync::Arc;

/// A world at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Snapshot {
    pub(super) state: Arc<State>,
    pub(super) clocks: Clocks,
    pub(super) usage: HashMap<AccessKeyId, LastUse>,
    pub(super) spreading: Vec<Change>,
    pub(super) swept: i64,
}

/// Content of a seed: moment and rules that a reset returns to, expectations, text.
#[derive(Debug)]
pub(super) struct Seeded {
    pub(super) moment: Snapshot,
    pub(super) faults: Kept,
    /// Watches for expectations that must always hold.
    pub(super) watches: Arc<[Watch]>,
    /// Caller, expectations and text of the scenario.
    pub(super) brief: Brief,
}

/// A planted seed, not yet in a world.
#[derive(Debug)]
pub(super) struct Planted {
    pub(super) moment: Snapshot,
    /// Start of the world: spans in rules and expectations count from here.
    pub(super) start: Timestamp,
}

impl Planted {
    /// Plants `seed` into an empty state.
    pub(super) fn of<P: Plant>(seed: &P, ids: &Ids, settings: &Settings) -> Result<Self, P::Error> {
        let clocks = seed.clocks();
        let state = State { enforcement: settings.enforcement, needs: settings.needs, ..State::default() };
        let start = Clock::new(clocks).now().resource;
        let usage = Usage::default();
        let (by, touched, decided) = (By::OURSELVES, Vec::new(), None);
        let mut tx = Tx { state, by, now: start, ids, usage: &usage, touched, decided };
        seed.plant(&mut tx)?;
        let state = Arc::new(tx.state);
        let swept = day(start);
        let moment = Snapshot { state, clocks, usage: HashMap::new(), spreading: Vec::new(), swept };
        Ok(Self { moment, start })
    }

    /// Returns the content for a world whose initial rules are `faults`.
    pub(super) fn seeded<P: Plant>(self, seed: &P, faults: Kept) -> Seeded {
        let watches = Watch::over(seed.expectations(), &self.moment.state, self.start);
        Seeded { moment: self.moment, faults, watches, brief: Brief::of(seed) }
    }
}
