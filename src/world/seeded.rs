//! Content that a world starts with. A reset returns to it, and [`World::load`] replaces it.

use crate::text::Timestamp;
use crate::world::expect::Watch;
use crate::world::faults::Kept;
use crate::world::ids::Ids;
use crate::world::plant::{Brief, Plant, Settings};
use crate::world::usage::Usage;
use crate::world::{By, Clock, Snapshot, State, Tx, World, tx};
use std::collections::HashMap;
use std::sync::Arc;

/// Content of a seed: moment and rules that a reset returns to, expectations, text.
#[derive(Debug)]
pub(super) struct Seeded {
    pub(super) moment: Snapshot,
    pub(super) faults: Kept,
    /// Watches for expectations that must always hold.
    pub(super) watches: Box<[Watch]>,
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
        let swept = tx::day(start);
        let moment = Snapshot { state, clocks, usage: HashMap::new(), spreading: Vec::new(), swept };
        Ok(Self { moment, start })
    }

    /// Returns the content for a world whose initial rules are `faults`.
    pub(super) fn seeded<P: Plant>(self, seed: &P, faults: Kept) -> Seeded {
        let watches = Watch::over(seed.expectations(), &self.moment.state, self.start);
        Seeded { moment: self.moment, faults, watches, brief: Brief::of(seed) }
    }
}

impl World {
    /// Returns the content that a reset returns to.
    pub(super) fn seeded(&self) -> Arc<Seeded> {
        Arc::clone(&self.seeded.read())
    }

    /// Returns caller, expectations and text of the scenario.
    pub fn brief(&self) -> Brief {
        self.seeded().brief.clone()
    }

    /// Plants `seed` with the ids of this world, without a change of the world.
    pub(super) fn plant<P: Plant>(&self, seed: &P, settings: &Settings) -> Result<Planted, P::Error> {
        Planted::of(seed, &self.ids, settings)
    }

    /// Replaces the content, and starts again with it.
    pub(super) fn load<P: Plant>(&self, seed: &P, planted: Planted) {
        let writing = self.writer.lock();
        let faults = self.faults.replace_all(seed.faults(), planted.start);
        let moment = planted.moment.clone();
        *self.seeded.write() = Arc::new(planted.seeded(seed, faults));
        self.start_again(moment, writing);
    }
}
