//! Input for new worlds: settings of the server, and a seed that fills them.

use crate::world::clock::Clocks;
use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::journal::Limits;
use crate::world::needs::Needs;
use crate::world::settings::Enforcement;
use crate::world::tx::Tx;
use std::sync::Arc;

/// Settings that all worlds of a server share.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Seed of all ids.
    pub seed: u64,
    /// Limits of each journal.
    pub journal: Limits,
    /// Maximum number of nonces of each world.
    pub nonces: usize,
    /// Treatment of calls that no policy allows, unless the seed sets it.
    pub enforcement: Enforcement,
    /// Recorder of the permissions that calls need; it belongs to the whole program.
    pub needs: Option<&'static Needs>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 42,
            journal: Limits::default(),
            nonces: 4_000_000,
            enforcement: Enforcement::Enforce,
            needs: None,
        }
    }
}

/// What the seed of a world says to its clients and tests.
#[derive(Debug, Clone, Default)]
pub struct Brief {
    /// Owner of the credentials for a client: an account, or account/user.
    pub actor: Option<Arc<str>>,
    /// Expectations.
    pub expectations: Arc<[Expectation]>,
    /// Text of the scenario as it was loaded.
    pub text: Option<Arc<str>>,
}

impl Brief {
    pub(super) fn of<P: Plant>(seed: &P) -> Self {
        let (actor, expectations) = (seed.actor().map(Into::into), seed.expectations().into());
        Self { actor, expectations, text: seed.text() }
    }
}

/// Fills a new world.
pub trait Plant {
    /// Error of the seed.
    type Error;
    /// Returns the settings of the clocks.
    fn clocks(&self) -> Clocks;
    /// Returns the seed of all ids, if set.
    fn seed(&self) -> Option<u64>;
    /// Returns the initial fault rules.
    fn faults(&self) -> &[Rule];
    /// Returns the owner of the credentials for a client: an account, or account/user.
    fn actor(&self) -> Option<&str> {
        None
    }
    /// Returns the expectations. Those that must always hold are watched from the start.
    fn expectations(&self) -> &[Expectation] {
        &[]
    }
    /// Returns the text of the seed, if it is a file.
    fn text(&self) -> Option<Arc<str>> {
        None
    }
    /// Fills the world.
    fn plant(&self, tx: &mut Tx<'_>) -> Result<(), Self::Error>;
}
