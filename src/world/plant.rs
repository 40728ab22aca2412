//! What a world is made with: settings of the server, and a seed that fills it.

use crate::world::clock::Clocks;
use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::journal::Limits;
use crate::world::settings::Enforcement;
use crate::world::tx::Tx;

/// What every world of a server has in common.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The number all ids come from.
    pub seed: u64,
    /// How much each journal keeps.
    pub journal: Limits,
    /// How many nonces each world keeps.
    pub nonces: usize,
    /// What becomes of calls that no policy allows, in worlds whose seed says nothing of it.
    pub enforcement: Enforcement,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 42, journal: Limits::default(), nonces: 4_000_000, enforcement: Enforcement::Enforce }
    }
}

/// Fills a new world.
pub trait Plant {
    /// Why it may fail.
    type Error;
    /// How its clocks run.
    fn clocks(&self) -> Clocks;
    /// The number all ids come from, when the seed sets one.
    fn seed(&self) -> Option<u64>;
    /// The rules that spoil calls from the start.
    fn faults(&self) -> &[Rule];
    /// What should happen in it; what is to hold always is watched from the start.
    fn expectations(&self) -> &[Expectation] {
        &[]
    }
    /// Fills it.
    fn plant(&self, tx: &mut Tx<'_>) -> Result<(), Self::Error>;
}
