//! Time and product of the last use of each key.
//!
//! It is outside the state for two reasons: a rejected call counts as use too (UNCERTAIN;
//! docs/evidence/ram.md section 8), and a call that only reads must not write the state.

use crate::text::{AccessKeyId, Timestamp};
use parking_lot::{Mutex, RwLock};
use std::collections::HashMap;

/// Last use of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastUse {
    /// Time on the resource clock.
    pub at: Timestamp,
    /// Product code, such as `Ram`.
    pub product: &'static str,
}

/// Last use of every used key of a world.
#[derive(Debug, Default)]
pub(super) struct Usage(RwLock<HashMap<AccessKeyId, Mutex<LastUse>>>);

impl Usage {
    /// Records a use.
    pub(super) fn note(&self, key: &AccessKeyId, used: LastUse) {
        if let Some(last) = self.0.read().get(key) {
            *last.lock() = used;
            return;
        }
        self.0.write().insert(key.clone(), Mutex::new(used));
    }

    /// Returns the last use of `key`.
    pub(super) fn of(&self, key: &AccessKeyId) -> Option<LastUse> {
        self.0.read().get(key).map(|last| *last.lock())
    }

    /// Returns a copy for a snapshot.
    pub(super) fn copy(&self) -> HashMap<AccessKeyId, LastUse> {
        self.0.read().iter().map(|(key, last)| (key.clone(), *last.lock())).collect()
    }

    /// Restores a copy.
    pub(super) fn restore(&self, copy: HashMap<AccessKeyId, LastUse>) {
        *self.0.write() = copy.into_iter().map(|(key, last)| (key, Mutex::new(last))).collect();
    }
}
