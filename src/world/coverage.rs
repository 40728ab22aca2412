//! Which operations a world has run, and with which outcomes. Outside the state: a refused call counts too.

use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Code of a product and name of an action.
type Operation = (&'static str, &'static str);

/// Outcomes by operation.
#[derive(Debug, Default)]
pub struct Coverage(RwLock<HashMap<Operation, Tally>>);

#[derive(Debug, Default)]
struct Tally {
    succeeded: AtomicU64,
    refused: Mutex<BTreeMap<String, u64>>,
}

/// What became of the calls of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Outcomes {
    /// How many succeeded.
    pub succeeded: u64,
    /// How many were refused, by wire code.
    pub refused: BTreeMap<String, u64>,
}

impl Coverage {
    /// Notes a call: the code of its refusal, or that it succeeded.
    pub fn note(&self, operation: Operation, code: Option<&str>) {
        if let Some(tally) = self.0.read().get(&operation) {
            return tally.note(code);
        }
        self.0.write().entry(operation).or_default().note(code);
    }

    /// Adds all outcomes to `sum`.
    pub fn add_to(&self, sum: &mut BTreeMap<Operation, Outcomes>) {
        for (operation, tally) in &*self.0.read() {
            let outcomes = sum.entry(*operation).or_default();
            outcomes.succeeded += tally.succeeded.load(Relaxed);
            for (code, count) in &*tally.refused.lock() {
                *outcomes.refused.entry(code.clone()).or_default() += count;
            }
        }
    }

    /// Moves all outcomes to `other`.
    pub fn move_to(&self, other: &Self) {
        let moved = std::mem::take(&mut *self.0.write());
        for (operation, tally) in moved {
            let mut into = other.0.write();
            let to = into.entry(operation).or_default();
            to.succeeded.fetch_add(tally.succeeded.into_inner(), Relaxed);
            for (code, count) in tally.refused.into_inner() {
                *to.refused.lock().entry(code).or_default() += count;
            }
        }
    }
}

impl Tally {
    fn note(&self, code: Option<&str>) {
        match code {
            None => drop(self.succeeded.fetch_add(1, Relaxed)),
            Some(code) => *self.refused.lock().entry(code.to_owned()).or_default() += 1,
        }
    }
}
