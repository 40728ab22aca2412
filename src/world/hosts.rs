//! Hosts that a scenario gives to products, such as the names of a private cloud. This module knows no products: the
//! scenario reader checks the names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// True once any world of the process has had such a host: requests look only then.
static DECLARED: AtomicBool = AtomicBool::new(false);

/// Product codes by host, in lower case and without a port.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Hosts(pub BTreeMap<String, String>);

impl Hosts {
    /// Returns `true` if a world has or had hosts of its own.
    pub(crate) fn are_declared() -> bool {
        DECLARED.load(Relaxed)
    }

    /// Returns the hosts as requests are compared with them.
    #[must_use]
    pub(super) fn noted(self) -> Self {
        if !self.0.is_empty() {
            DECLARED.store(true, Relaxed);
        }
        Self(self.0.into_iter().map(|(host, code)| (host.to_ascii_lowercase(), code)).collect())
    }
}
