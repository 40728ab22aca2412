//! When each key was last used, and for which product.
//!
//! Outside the state, because a refused call counts as use too (UNCERTAIN; docs/evidence/ram.md section 8) and a call that only
//! reads must not write the state.

use crate::text::{AccessKeyId, Timestamp};
use parking_lot::{Mutex, RwLock};
use std::collections::HashMap;

/// One use of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastUse {
    /// When, on the resource clock.
    pub at: Timestamp,
    /// Code of the product that was called, `Ram`.
    pub product: &'static str,
}

/// The last use of every key of a world that was ever used.
#[derive(Debug, Default)]
pub(super) struct Usage(RwLock<HashMap<AccessKeyId, Mutex<LastUse>>>);

impl Usage {
    /// Notes a use.
    pub(super) fn note(&self, key: &AccessKeyId, used: LastUse) {
        if let Some(last) = self.0.read().get(key) {
            *last.lock() = used;
            return;
        }
        self.0.write().insert(key.clone(), Mutex::new(used));
    }

    /// The last use of `key`.
    pub(super) fn of(&self, key: &AccessKeyId) -> Option<LastUse> {
        self.0.read().get(key).map(|last| *last.lock())
    }

    /// A copy, for a snapshot.
    pub(super) fn copy(&self) -> HashMap<AccessKeyId, LastUse> {
        self.0.read().iter().map(|(key, last)| (key.clone(), *last.lock())).collect()
    }

    /// Goes back to a copy.
    pub(super) fn restore(&self, copy: HashMap<AccessKeyId, LastUse>) {
        *self.0.write() = copy.into_iter().map(|(key, last)| (key, Mutex::new(last))).collect();
    }
}
