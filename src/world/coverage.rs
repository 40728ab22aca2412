//! Which operations a world has run, and with which outcomes. Outside the state: a refused call counts too.

use crate::error;
use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Code of a product and name of an action.
pub type Operation = (&'static str, &'static str);

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

/// How far outcomes go over all that can be met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Wire codes.
    pub codes: Codes,
    /// Operations that were never called, `Ram.CreateUser`, in the order of the alphabet.
    pub uncalled: Vec<String>,
}

/// The wire codes of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// Those that were met.
    pub met: Vec<&'static str>,
    /// How many there are.
    pub of: usize,
}

impl Totals {
    /// Compares outcomes with the operations that run and the codes that alimock knows.
    pub fn of(outcomes: &BTreeMap<Operation, Outcomes>, operations: impl Iterator<Item = Operation>) -> Self {
        let known: BTreeSet<_> = error::catalogue().map(|known| known.code).collect();
        let of = known.len();
        let was_met = |code: &&str| outcomes.values().any(|one| one.refused.contains_key(*code));
        let uncalled = operations.filter(|operation| !outcomes.contains_key(operation));
        let mut uncalled: Vec<_> = uncalled.map(|(product, action)| format!("{product}.{action}")).collect();
        uncalled.sort_unstable();
        Self { codes: Codes { met: known.into_iter().filter(was_met).collect(), of }, uncalled }
    }
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
