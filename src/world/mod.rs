//! A world: accounts with their own clocks, seed and journal, isolated from every other.
//!
//! It knows nothing of HTTP, signatures or services: the gateway and the control API drive it. Read [`World::commit`]
//! first, then [`state`] and [`Tx`], then [`account`] and [`permission`].
//!
//! The one trap: what must survive a refusal is *not* in the state. Nonces, last use of keys, the journal and the count of
//! requests stand beside it, because a refused commit throws its copy of the state away.

pub mod account;
pub mod caller;
pub mod clock;
mod command;
pub mod coverage;
pub mod expect;
pub mod faults;
pub mod ids;
pub mod journal;
pub mod nonces;
pub mod permission;
pub mod refusal;
pub mod register;
pub mod relation;
pub mod state;
mod tx;
mod usage;
mod worlds;

pub use caller::{By, Caller, Source};
pub use clock::{Clock, Clocks, Now};
pub use command::{Command, Due, NotDone};
pub use permission::Enforcement;
pub use refusal::Refusal;
pub use state::{Credential, Event, FellDue, State, View};
pub use tx::{DEFAULT_SESSION_SECONDS, NewRole, NewSession, Tx};
pub use usage::LastUse;
pub use worlds::{NotMade, Plant, Settings, Worlds};

use crate::text::{AccessKeyId, Timestamp, WorldName};
use crate::world::faults::{Faults, Rule};
use coverage::Coverage;
use ids::{Ids, MadeToken, RequestIds};
use journal::Journal;
use nonces::Nonces;
use parking_lot::{Mutex, MutexGuard, RwLock};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use usage::Usage;

/// Tries at the writer's lock before sleeping on it; some ten microseconds.
const SPINS: u32 = 1000;

/// An isolated universe of accounts.
#[derive(Debug)]
pub struct World {
    /// Its name.
    pub name: WorldName,
    /// The number all its ids come from.
    pub seed: u64,
    /// Its clocks.
    pub clock: Clock,
    /// What happened in it.
    pub journal: Journal,
    /// Nonces seen.
    pub nonces: Nonces,
    /// The rules that spoil calls.
    pub faults: Faults,
    /// Outcomes since the last reset.
    pub coverage: Coverage,
    /// Outcomes before it.
    past: Coverage,
    ids: Ids,
    usage: Usage,
    state: RwLock<Arc<State>>,
    /// Held while a change is made, so that changes come one after another and readers never wait for one.
    writer: Mutex<()>,
    requests: AtomicU64,
    origin: Origin,
    snapshots: Mutex<BTreeMap<String, Snapshot>>,
}

/// What a reset goes back to.
#[derive(Debug, Clone)]
struct Origin {
    state: Arc<State>,
    clocks: Clocks,
    faults: Arc<[Rule]>,
}

#[derive(Debug, Clone)]
struct Snapshot {
    state: Arc<State>,
    clocks: Clocks,
    usage: HashMap<AccessKeyId, LastUse>,
}

/// A world as it is, or as it was at one moment.
#[derive(Debug)]
pub struct Point {
    /// Everything it remembers.
    pub state: Arc<State>,
    /// How its clocks run.
    pub clocks: Clocks,
    /// Its rules; their spans count from the moment that was asked about.
    pub faults: Vec<Rule>,
}

impl World {
    /// A world that `seed` fills; what it fills in is what a reset goes back to.
    pub fn new<P: Plant>(name: WorldName, ids: Ids, settings: &Settings, seed: &P) -> Result<Self, P::Error> {
        let clocks = seed.clocks();
        let clock = Clock::new(clocks);
        let state = State { enforcement: settings.enforcement, ..State::default() };
        let start = clock.now().resource;
        let mut tx = Tx { state, by: By::OURSELVES, now: start, ids: &ids };
        seed.plant(&mut tx)?;
        let state = Arc::new(tx.state);
        Ok(Self {
            name,
            seed: settings.seed,
            clock,
            journal: Journal::new(settings.journal),
            nonces: Nonces::new(settings.nonces),
            coverage: Coverage::default(),
            past: Coverage::default(),
            ids,
            usage: Usage::default(),
            state: RwLock::new(Arc::clone(&state)),
            writer: Mutex::new(()),
            requests: AtomicU64::new(0),
            faults: Faults::new(settings.seed, seed.faults(), start),
            origin: Origin { state, clocks, faults: seed.faults().into() },
            snapshots: Mutex::default(),
        })
    }

    /// Runs `change` on a copy; the copy becomes the state only when `change` succeeded. Gives what `change` gave, and the
    /// version it made.
    pub fn commit<T, E>(
        &self,
        now: Timestamp,
        by: By<'_>,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<(T, u64), E> {
        let writing = self.lock_writer();
        let before = self.state();
        let mut tx = Tx { state: (*before).clone(), by, now, ids: &self.ids };
        let given = change(&mut tx)?;
        tx.state.version += 1;
        let after = tx.state.version;
        *self.state.write() = Arc::new(tx.state);
        drop(writing);
        // The old state is freed outside of the lock.
        drop(before);
        Ok((given, after))
    }

    /// Waits for the writer before, spinning first: a change takes a few microseconds, being put to sleep and woken takes
    /// many more (`CreateUser` by 16 connections on two cores: see docs/performance.md).
    fn lock_writer(&self) -> MutexGuard<'_, ()> {
        for _ in 0..SPINS {
            if let Some(writing) = self.writer.try_lock() {
                return writing;
            }
            std::hint::spin_loop();
        }
        self.writer.lock()
    }

    /// The state as it is now; later writes do not show through.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read())
    }

    /// The state a reset goes back to.
    pub fn seed_state(&self) -> &State {
        &self.origin.state
    }

    /// What `caller` sees of `state` at `now`.
    pub fn view<'a>(&'a self, state: &'a State, now: Timestamp, by: By<'a>) -> View<'a> {
        View { state, by, now, usage: &self.usage, journal: &self.journal }
    }

    /// Applies what fell due by `now`.
    pub fn settle(&self, now: Timestamp) -> Vec<FellDue> {
        if self.state.read().next_due().is_none_or(|due| due > now) {
            return Vec::new();
        }
        let settled: Result<_, std::convert::Infallible> =
            self.commit(now, By::OURSELVES, |tx| Ok(tx.settle()));
        let Ok((fell_due, _)) = settled;
        fell_due
    }

    /// Notes that a key was used.
    pub fn note_use(&self, key: &AccessKeyId, used: LastUse) {
        self.usage.note(key, used);
    }

    /// The ids of the next request.
    pub fn next_request(&self) -> RequestIds {
        self.ids.request(self.requests.fetch_add(1, Relaxed) + 1)
    }

    /// Back to the seed, or to nothing: state, clocks, journal, nonces, counters.
    pub fn reset(&self, to_empty: bool) {
        let writing = self.writer.lock();
        let state = if to_empty { Arc::new(State::default()) } else { Arc::clone(&self.origin.state) };
        let old = std::mem::replace(&mut *self.state.write(), state);
        self.clock.set(self.origin.clocks);
        self.nonces.clear();
        self.usage.restore(HashMap::new());
        self.journal.clear();
        self.faults.reset(if to_empty { &[] } else { &self.origin.faults });
        self.coverage.move_to(&self.past);
        self.snapshots.lock().clear();
        self.requests.store(0, Relaxed);
        drop(writing);
        // Freeing a large state takes long; nobody has to wait for it.
        std::thread::spawn(move || drop(old));
    }

    /// Keeps the world as it is under `name`.
    pub fn keep(&self, name: &str) {
        let snapshot =
            Snapshot { state: self.state(), clocks: self.clock.setting(), usage: self.usage.copy() };
        self.snapshots.lock().insert(name.to_owned(), snapshot);
    }

    /// Names of what was kept.
    pub fn kept(&self) -> Vec<String> {
        self.snapshots.lock().keys().cloned().collect()
    }

    /// The world as it is at `now`.
    pub fn present(&self, now: Timestamp) -> Point {
        Point { state: self.state(), clocks: self.clock.setting(), faults: self.faults.written(now) }
    }

    /// The world as a reset leaves it.
    pub fn origin(&self, now: Timestamp) -> Point {
        let Origin { state, clocks, faults } = self.origin.clone();
        let faults = faults.iter().map(|rule| self.faults.counted_from(now, rule.clone())).collect();
        Point { state, clocks, faults }
    }

    /// The world as a restore leaves it, which lets the rules be.
    pub fn snapshot(&self, name: &str, now: Timestamp) -> Option<Point> {
        let Snapshot { state, clocks, .. } = self.snapshots.lock().get(name).cloned()?;
        Some(Point { state, clocks, faults: self.faults.written(now) })
    }

    /// Goes back to what was kept under `name`; false when there is none. The journal stays.
    pub fn restore(&self, name: &str) -> bool {
        let Some(snapshot) = self.snapshots.lock().get(name).cloned() else { return false };
        let writing = self.writer.lock();
        *self.state.write() = snapshot.state;
        self.clock.set(snapshot.clocks);
        self.usage.restore(snapshot.usage);
        drop(writing);
        true
    }

    /// Whether this world made a token, for whichever key. A cut one or another world's is not its own.
    pub fn made_token(&self, token: &str) -> Option<MadeToken> {
        self.ids.read_token(token)
    }

    /// Adds the outcomes of all its calls to `sum`, those before a reset too.
    fn add_outcomes(&self, sum: &mut BTreeMap<(&'static str, &'static str), coverage::Outcomes>) {
        self.past.add_to(sum);
        self.coverage.add_to(sum);
    }

    /// Leaves the outcomes of all its calls to `heir`.
    fn leave_outcomes(&self, heir: &Coverage) {
        self.past.move_to(heir);
        self.coverage.move_to(heir);
    }

    /// What the key ids of this world carry.
    pub fn tag(&self) -> ids::Tag {
        self.ids.tag()
    }

    /// How many requests it has had.
    pub fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }
}
