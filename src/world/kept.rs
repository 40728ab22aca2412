//! Earlier states for the trace of a request: what a call changed, and which state it met.
//!
//! A world keeps nothing here until a page asks for it, so a world without the console pays one load of a flag for each change. Answers to
//! clients never depend on these states.

use crate::world::state::State;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Number of earlier states that are kept. Neighbours share nearly everything.
const MOST: usize = 100;

/// Earlier states of a world.
#[derive(Debug, Default)]
pub(super) struct KeptStates {
    is_on: AtomicBool,
    states: Mutex<VecDeque<Arc<State>>>,
    /// Number of the last request before the state was replaced as a whole: versions of earlier requests mean other states.
    replaced: AtomicU64,
}

impl KeptStates {
    /// Begins to keep states.
    pub(super) fn begin(&self) {
        self.is_on.store(true, Relaxed);
    }

    /// Keeps the state before a change.
    pub(super) fn keep(&self, before: &Arc<State>) {
        if !self.is_on.load(Relaxed) {
            return;
        }
        let mut states = self.states.lock();
        let oldest = if states.len() == MOST { states.pop_front() } else { None };
        states.push_back(Arc::clone(before));
        drop(states);
        // Frees it outside of the lock.
        drop(oldest);
    }

    /// Returns the kept state of this version.
    pub(super) fn of(&self, version: u64) -> Option<Arc<State>> {
        let states = self.states.lock();
        let at = states.binary_search_by_key(&version, |state| state.version).ok()?;
        states.get(at).cloned()
    }

    /// Returns `true` if the versions of a request are those of the present line of states.
    pub(super) fn is_of_this_line(&self, request: u64) -> bool {
        request > self.replaced.load(Relaxed)
    }

    /// Forgets all states, because another state came after request number `last`.
    pub(super) fn replace(&self, last: u64) {
        self.states.lock().clear();
        self.replaced.store(last, Relaxed);
    }
}
