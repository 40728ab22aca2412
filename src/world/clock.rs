//! The two clocks of a world, and the only place that reads the system time.
//!
//! The *resource clock* dates all stored data. The *gateway clock* checks signed times and fills the
//! `Date` header. They are separate because clients sign with their own time. Advancing the resource
//! clock must not invalidate their signatures.

use crate::text::Timestamp;
use jiff::SignedDuration;
use parking_lot::RwLock;
use std::time::{Duration, Instant};

/// Setting of a clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Run {
    /// Shows the system time.
    Real,
    /// Shows the system time plus an offset.
    Offset(SignedDuration),
    /// Does not run.
    Frozen(Timestamp),
    /// Runs `factor` times as fast as the system time since `wall`, when it showed `shown`.
    Scaled {
        /// Seconds per second of the system time.
        factor: f64,
        /// System time when this was set.
        wall: Timestamp,
        /// Time that the clock showed then.
        shown: Timestamp,
    },
}

impl Run {
    fn at(self, wall: Timestamp) -> Timestamp {
        match self {
            Self::Real => wall,
            Self::Offset(span) => wall.plus(span),
            Self::Frozen(at) => at,
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "a scaled clock is exact enough to the millisecond"
            )]
            Self::Scaled { factor, wall: since, shown } => {
                shown.plus_millis(((wall.as_millis() - since.as_millis()) as f64 * factor) as i64)
            }
        }
    }
}

/// Maximum factor of a clock: a year in half a minute.
pub const MOST_FACTOR: f64 = 1e6;

/// Settings of both clocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clocks {
    /// Setting of the resource clock, which dates stored data.
    pub resource: Run,
    /// Setting of the gateway clock, which checks signed times.
    pub gateway: Run,
}

impl Default for Clocks {
    fn default() -> Self {
        Self { resource: Run::Real, gateway: Run::Real }
    }
}

/// Time on both clocks at the arrival of a request; read once per request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Time on the resource clock.
    pub resource: Timestamp,
    /// Time on the gateway clock.
    pub gateway: Timestamp,
}

/// The clocks of one world.
#[derive(Debug, Default)]
pub struct Clock(RwLock<Clocks>);

impl Clock {
    /// Creates clocks that run as `clocks` says.
    pub fn new(clocks: Clocks) -> Self {
        Self(RwLock::new(clocks))
    }

    /// Returns the time on both clocks.
    pub fn now(&self) -> Now {
        let wall = wall();
        let clocks = *self.0.read();
        Now { resource: clocks.resource.at(wall), gateway: clocks.gateway.at(wall) }
    }

    /// Returns the settings of both clocks.
    pub fn setting(&self) -> Clocks {
        *self.0.read()
    }

    /// Sets both clocks.
    pub fn set(&self, clocks: Clocks) {
        *self.0.write() = clocks;
    }

    /// Moves the resource clock forward by `span`; the gateway clock does not change. Returns
    /// `false`, and changes nothing, if no date can represent the new time.
    pub fn advance(&self, span: SignedDuration) -> bool {
        let wall = wall();
        let mut clocks = self.0.write();
        if clocks.resource.at(wall).checked_plus(span).is_none() {
            return false;
        }
        clocks.resource = match clocks.resource {
            Run::Real => Run::Offset(span),
            Run::Offset(before) => Run::Offset(before.saturating_add(span)),
            Run::Frozen(at) => Run::Frozen(at.plus(span)),
            // Adds the time since the setting at the end, where it may be truncated.
            Run::Scaled { factor, wall: since, shown } => {
                let shown = Run::Scaled { factor, wall: since, shown }.at(wall);
                Run::Scaled { factor, wall, shown: shown.plus(span) }
            }
        };
        true
    }

    /// Returns a clock that is ahead by `span`, unless no date can represent that time.
    pub fn ahead(span: SignedDuration) -> Option<Run> {
        wall().checked_plus(span).map(|_| Run::Offset(span))
    }

    /// Returns a clock that runs `factor` times as fast as the system time from now on.
    pub fn scaled(factor: f64) -> Run {
        let wall = wall();
        Run::Scaled { factor, wall, shown: wall }
    }
}

/// Returns the system time.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
fn wall() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Returns a stopwatch, for log lines and internal time limits only; clients never see it.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
pub fn stopwatch() -> Instant {
    Instant::now()
}
