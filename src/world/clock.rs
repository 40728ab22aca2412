//! The two clocks of a world, and the one place where the machine's time is read.
//!
//! The *resource clock* dates everything stored. The *gateway clock* decides whether a signed time is inside its window
//! and fills the `Date` header: advancing the first must not push clients, who sign with their own time, out of the
//! second.

use crate::text::Timestamp;
use jiff::SignedDuration;
use parking_lot::RwLock;
use std::time::{Duration, Instant};

/// How a clock runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Run {
    /// As the machine's.
    Real,
    /// As the machine's, this much ahead.
    Offset(SignedDuration),
    /// Not at all.
    Frozen(Timestamp),
    /// This many times as fast as the machine's since `wall`, when it showed `shown`.
    Scaled {
        /// How many seconds it runs in one.
        factor: f64,
        /// The machine's time when this was set.
        wall: Timestamp,
        /// What the clock showed then.
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

/// How many times as fast as the machine's a clock can run: a year in half a minute.
pub const MOST_FACTOR: f64 = 1e6;

/// Both clocks as they are set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clocks {
    /// Dates what is stored.
    pub resource: Run,
    /// Judges signed times.
    pub gateway: Run,
}

impl Default for Clocks {
    fn default() -> Self {
        Self { resource: Run::Real, gateway: Run::Real }
    }
}

/// What both clocks showed when a request came; read once a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The resource clock.
    pub resource: Timestamp,
    /// The gateway clock.
    pub gateway: Timestamp,
}

/// The clocks of one world.
#[derive(Debug, Default)]
pub struct Clock(RwLock<Clocks>);

impl Clock {
    /// Clocks that run as `clocks` says.
    pub fn new(clocks: Clocks) -> Self {
        Self(RwLock::new(clocks))
    }

    /// What both show.
    pub fn now(&self) -> Now {
        let wall = wall();
        let clocks = *self.0.read();
        Now { resource: clocks.resource.at(wall), gateway: clocks.gateway.at(wall) }
    }

    /// How both are set.
    pub fn setting(&self) -> Clocks {
        *self.0.read()
    }

    /// Sets both.
    pub fn set(&self, clocks: Clocks) {
        *self.0.write() = clocks;
    }

    /// Moves the resource clock forward by `span`; the gateway clock stays. False when no date can show the time it would be
    /// then; the clock stays, too.
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
            // The time that has passed since it was set counts at its end, where it may be cut.
            Run::Scaled { factor, wall: since, shown } => {
                let shown = Run::Scaled { factor, wall: since, shown }.at(wall);
                Run::Scaled { factor, wall, shown: shown.plus(span) }
            }
        };
        true
    }

    /// A clock that is ahead by `span`, unless no date can show the time it would be.
    pub fn ahead(span: SignedDuration) -> Option<Run> {
        wall().checked_plus(span).map(|_| Run::Offset(span))
    }

    /// A clock that runs `factor` times as fast as the machine's from now on.
    pub fn scaled(factor: f64) -> Run {
        let wall = wall();
        Run::Scaled { factor, wall, shown: wall }
    }
}

/// The machine's time.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
fn wall() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A stopwatch, for log lines and time limits of our own; nothing a client can see.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
pub fn stopwatch() -> Instant {
    Instant::now()
}
