//! Outcomes of calls by operation. They are outside the state, because a rejected call counts too.

use crate::error;
use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Product code and action name.
pub type Operation = (&'static str, &'static str);

/// Outcomes by operation.
#[derive(Debug, Default)]
pub struct Coverage(RwLock<HashMap<Operation, Tally>>);

#[derive(Debug, Default)]
struct Tally {
    succeeded: AtomicU64,
    refused: Mutex<BTreeMap<String, u64>>,
}

/// Outcomes of calls to one operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Outcomes {
    /// Number of successful calls.
    pub succeeded: u64,
    /// Number of rejected calls, by error code.
    pub refused: BTreeMap<String, u64>,
}

/// Coverage of error codes and operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Error codes.
    pub codes: Codes,
    /// Operations without calls, such as `Ram.CreateUser`, in alphabetical order.
    pub uncalled: Vec<String>,
}

/// Error codes of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// Codes that occurred.
    pub met: Vec<&'static str>,
    /// Number of all codes.
    pub of: usize,
}

impl Totals {
    /// Compares outcomes with the implemented operations and known codes.
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
    /// Records a call: its error code, or success.
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
