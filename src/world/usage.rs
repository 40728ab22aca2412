//! Time and product of the last use of each key.
//!
//! It is outside the state for two reasons: a rejected call counts as use too (UNCERTAIN;
//! docs/evidence/ram.md section 8), and a call that only reads must not write the state.
//! A last use that a scenario or a command tells is in the state, see [`AccessKey::told_use`].

use crate::text::AccessKeyId;
use crate::world::account::{AccessKey, LastUse};
use parking_lot::{Mutex, RwLock};
use std::collections::HashMap;

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

    /// Returns the last use of `key`: its last call or, without a call since, what was told.
    pub(super) fn of(&self, key: &AccessKey) -> Option<LastUse> {
        let noted = self.0.read().get(&key.id).map(|last| last.lock().clone());
        let told = key.told_use.as_deref();
        let is_newer = |noted: &LastUse| told.is_none_or(|told| noted.version >= told.version);
        noted.filter(is_newer).or_else(|| told.cloned())
    }

    /// Returns a copy for a snapshot.
    pub(super) fn copy(&self) -> HashMap<AccessKeyId, LastUse> {
        self.0.read().iter().map(|(key, last)| (key.clone(), last.lock().clone())).collect()
    }

    /// Returns the usage of a copy.
    pub(super) fn of_copy(copy: HashMap<AccessKeyId, LastUse>) -> Self {
        let usage = Self::default();
        usage.restore(copy);
        usage
    }

    /// Restores a copy.
    pub(super) fn restore(&self, copy: HashMap<AccessKeyId, LastUse>) {
        *self.0.write() = copy.into_iter().map(|(key, last)| (key, Mutex::new(last))).collect();
    }
}
