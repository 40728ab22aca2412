//! A world: accounts with their own clocks, seed and journal, isolated from every other.
//!
//! It knows nothing of HTTP, signatures or services: the gateway and the control API drive it. Read [`World::commit`]
//! first, then [`state`] and [`Tx`], then [`account`] and [`permission`].
//!
//! The one trap: what must survive a refusal is *not* in the state. Nonces, last use of keys, the journal and the count of
//! requests stand beside it, because a refused commit throws its copy of the state away.

pub mod account;
mod as_is;
pub mod by;
pub mod caller;
pub mod clock;
mod command;
pub mod coverage;
pub mod expect;
pub mod faults;
pub mod gates;
pub mod ids;
pub mod journal;
pub mod machine;
pub mod nonces;
pub mod outbox;
pub mod permission;
mod plant;
pub mod propagation;
pub mod refusal;
pub mod register;
pub mod relation;

pub mod settings;
pub mod state;
pub mod stubs;
mod tx;
mod usage;
mod view;
mod worlds;

pub use by::{By, Source};
pub use caller::Caller;
pub use clock::{Clock, Clocks, Now};
pub(crate) use command::identity_words;
pub use command::{
    Act, AddKey, AddLink, BindMfa, ChangeAccount, Close, Command, Decide, Due, NotDone, Of, Register,
    SendCaptcha, SetPassword, SetSecurity, SetState, Submit, TellAmount, WhichAccount, WhichApplication,
    WhichKey, WhichSessions, account_named,
};
pub use plant::{Plant, Settings};
pub use refusal::Refusal;
pub use settings::Enforcement;
pub use state::{ConsoleLogin, Credential, Event, FellDue, Registry, State};
pub use tx::{
    Contacts, DEFAULT_SESSION_SECONDS, Grant, Handed, LogIn, NewRole, NewSession, NotHanded, Registration, Tx,
};
pub use usage::LastUse;
pub use view::View;
pub use worlds::{NewWorld, NotMade, Worlds};

use crate::text::{AccessKeyId, Timestamp, WorldName};
use crate::world::faults::{Faults, Kept, Rule, Stale};
use coverage::Coverage;
use expect::{Evidence, Watch};
use ids::{Ids, MadeToken, RequestIds};
use journal::Journal;
use machine::Machine;
use nonces::Nonces;
use parking_lot::{Mutex, MutexGuard, RwLock};
use permission::Decision;
use propagation::{Change, Looker, Spreading};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use usage::Usage;

/// Tries at the writer's lock before sleeping on it; some ten microseconds.
const SPINS: u32 = 1000;

/// Earlier states that are kept for rules that look back.
const HISTORY: usize = 1000;

/// An isolated universe of accounts.
#[derive(Debug)]
pub struct World {
    /// Its name.
    pub name: WorldName,
    /// The number all its ids come from.
    pub seed: u64,
    /// Where it listens by itself; most worlds share the server's address.
    pub address: Option<SocketAddr>,
    /// Which world of its server it is, in the order in which they were made.
    number: u64,
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
    spreading: Spreading,
    /// Over what is to hold always.
    watches: Box<[Watch]>,
    /// Earlier states, each with the time it ended; empty unless a rule looks back.
    history: Mutex<VecDeque<(Timestamp, Arc<State>)>>,
}

/// What a reset goes back to.
#[derive(Debug, Clone)]
struct Origin {
    moment: Snapshot,
    faults: Kept,
}

/// The parts that differ between a new world and a fork.
struct Made {
    origin: Origin,
    name: WorldName,
    ids: Ids,
    faults: Faults,
    watches: Box<[Watch]>,
}

/// What a world is at one moment.
#[derive(Debug, Clone, Default)]
struct Snapshot {
    state: Arc<State>,
    clocks: Clocks,
    usage: HashMap<AccessKeyId, LastUse>,
    spreading: Vec<Change>,
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
        let state = State { enforcement: settings.enforcement, ..State::default() };
        let start = Clock::new(clocks).now().resource;
        let mut tx =
            Tx { state, by: By::OURSELVES, now: start, ids: &ids, touched: Vec::new(), decided: None };
        seed.plant(&mut tx)?;
        let state = Arc::new(tx.state);
        let faults = Faults::new(settings.seed, seed.faults(), start);
        let moment = Snapshot { state, clocks, usage: HashMap::new(), spreading: Vec::new() };
        let watches = Watch::over(seed.expectations(), &moment.state, start);
        let origin = Origin { moment, faults: faults.kept() };
        Ok(Self::from(Made { origin, name, ids, faults, watches }, settings))
    }

    /// A world that starts from this one as it is now, with ids of its own: state, clocks, rules with their counters and
    /// the last use of keys. That moment is what a reset goes back to.
    fn fork(&self, name: WorldName, ids: Ids, settings: &Settings) -> Self {
        let writing = self.lock_writer();
        let origin = Origin { moment: self.moment(), faults: self.faults.kept() };
        drop(writing);
        let faults = self.faults.fork(&origin.faults);
        let always = self.watches.iter().map(Watch::expectation);
        let watches = Watch::over(always, &origin.moment.state, self.clock.now().resource);
        let settings = Settings { seed: self.seed, ..*settings };
        let ids = ids.heir_of(&self.ids);
        Self::from(Made { origin, name, ids, faults, watches }, &settings)
    }

    fn from(made: Made, settings: &Settings) -> Self {
        let Made { origin, name, ids, faults, watches } = made;
        let moment = origin.moment.clone();
        let world = Self {
            name,
            seed: settings.seed,
            address: None,
            number: 0,
            clock: Clock::new(moment.clocks),
            journal: Journal::new(settings.journal),
            nonces: Nonces::new(settings.nonces),
            coverage: Coverage::default(),
            past: Coverage::default(),
            ids,
            usage: Usage::default(),
            state: RwLock::new(Arc::clone(&moment.state)),
            writer: Mutex::new(()),
            requests: AtomicU64::new(0),
            faults,
            origin,
            snapshots: Mutex::default(),
            spreading: Spreading::default(),
            watches,
            history: Mutex::default(),
        };
        world.go_to(moment);
        world
    }

    /// Runs `change` on a copy; the copy becomes the state only when `change` succeeded. Gives what `change` gave, and the
    /// version it made.
    pub fn commit<T, E>(
        &self,
        now: Timestamp,
        by: By<'_>,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<(T, u64), E> {
        self.commit_deciding(now, by, change).0
    }

    /// Does the same; gives the decision, too, when `change` has asked policies by itself. A refused change decides as well.
    pub fn commit_deciding<T, E>(
        &self,
        now: Timestamp,
        by: By<'_>,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> (Result<(T, u64), E>, Option<Decision>) {
        let writing = self.lock_writer();
        let before = self.state();
        let (state, ids) = ((*before).clone(), &self.ids);
        let mut tx = Tx { state, by, now, ids, touched: Vec::new(), decided: None };
        let given = change(&mut tx);
        let decided = tx.decided.take();
        let given = match given {
            Ok(given) => given,
            Err(refused) => return (Err(refused), decided),
        };
        tx.state.version += 1;
        let after = tx.state.version;
        if !tx.touched.is_empty() {
            self.spreading.note(&before, &tx.state, &tx.touched, now);
        }
        let state = Arc::new(tx.state);
        self.watches.iter().for_each(|watch| watch.look(&state, now));
        *self.state.write() = state;
        if self.faults.look_back() {
            self.remember(now, &before);
        }
        drop(writing);
        // The old state is freed outside of the lock.
        drop(before);
        (Ok((given, after)), decided)
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

    /// The state as a call sees it, when that is another; what it does not see yet is named in `unseen`.
    pub fn seen(
        &self,
        state: &Arc<State>,
        looker: Looker<'_>,
        now: Timestamp,
        unseen: &mut Vec<String>,
    ) -> Option<Arc<State>> {
        self.spreading.seen(state, looker, now, unseen)
    }

    fn remember(&self, now: Timestamp, before: &Arc<State>) {
        let mut history = self.history.lock();
        if history.len() == HISTORY {
            history.pop_front();
        }
        history.push_back((now, Arc::clone(before)));
    }

    /// The state as it was so many changes or so long ago, as far back as is known; nothing when it was as it is.
    pub fn as_it_was(&self, stale: Stale, now: Timestamp) -> Option<Arc<State>> {
        let history = self.history.lock();
        let at = match stale {
            Stale::Changes(count) => history.len().saturating_sub(count),
            Stale::Span(span) => {
                let then = now.plus(-span.0);
                history.partition_point(|(ended, _)| *ended <= then)
            }
        };
        history.get(at).map(|(_, state)| Arc::clone(state))
    }

    /// The state a reset goes back to.
    pub fn seed_state(&self) -> &State {
        &self.origin.moment.state
    }

    /// What `caller` sees of `state` at `now`.
    pub fn view<'a>(&'a self, state: &'a State, now: Timestamp, by: By<'a>) -> View<'a> {
        View { state, by, now, usage: &self.usage, journal: &self.journal, ids: &self.ids }
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
        let mut moment = self.origin.moment.clone();
        if to_empty {
            moment = Snapshot { clocks: moment.clocks, ..Snapshot::default() };
            self.faults.clear();
        } else {
            self.faults.restore(&self.origin.faults);
        }
        let old = self.go_to(moment);
        self.watches.iter().for_each(Watch::start_again);
        self.look();
        self.nonces.clear();
        self.journal.clear();
        self.coverage.move_to(&self.past);
        self.snapshots.lock().clear();
        self.requests.store(0, Relaxed);
        drop(writing);
        // Freeing a large state takes long; nobody has to wait for it.
        std::thread::spawn(move || drop(old));
    }

    /// What it is now.
    fn moment(&self) -> Snapshot {
        Snapshot {
            state: self.state(),
            clocks: self.clock.setting(),
            usage: self.usage.copy(),
            spreading: self.spreading.copy(),
        }
    }

    /// Makes it what it was at a moment; gives the state that it had.
    fn go_to(&self, moment: Snapshot) -> Arc<State> {
        self.clock.set(moment.clocks);
        self.usage.restore(moment.usage);
        self.spreading.restore(moment.spreading);
        self.history.lock().clear();
        std::mem::replace(&mut *self.state.write(), moment.state)
    }

    /// Has every watch look at the state.
    fn look(&self) {
        let (state, now) = (self.state(), self.clock.now().resource);
        self.watches.iter().for_each(|watch| watch.look(&state, now));
    }

    /// Keeps the world as it is under `name`.
    pub fn keep(&self, name: &str) {
        self.snapshots.lock().insert(name.to_owned(), self.moment());
    }

    /// Names of what was kept.
    pub fn kept(&self) -> Vec<String> {
        self.snapshots.lock().keys().cloned().collect()
    }

    /// The world as it is at `now`.
    pub fn present(&self, now: Timestamp) -> Point {
        Point {
            state: self.state(),
            clocks: self.clock.setting(),
            faults: self.faults.written(&self.faults.kept(), now),
        }
    }

    /// The world as a reset leaves it.
    pub fn origin(&self, now: Timestamp) -> Point {
        let Origin { moment, faults } = &self.origin;
        let faults = self.faults.written(faults, now);
        Point { state: Arc::clone(&moment.state), clocks: moment.clocks, faults }
    }

    /// The world as a restore leaves it, which lets the rules be.
    pub fn snapshot(&self, name: &str, now: Timestamp) -> Option<Point> {
        let Snapshot { state, clocks, .. } = self.snapshots.lock().get(name).cloned()?;
        Some(Point { state, clocks, faults: self.faults.written(&self.faults.kept(), now) })
    }

    /// Goes back to what was kept under `name`; false when there is none. The journal stays.
    pub fn restore(&self, name: &str) -> bool {
        let Some(snapshot) = self.snapshots.lock().get(name).cloned() else { return false };
        let writing = self.writer.lock();
        let old = self.go_to(snapshot);
        self.look();
        drop(writing);
        drop(old);
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

    /// Whether a token opens the metadata of `machine`: this world made it for that, and its time is not over.
    pub fn opens(&self, machine: &Machine, token: &str, now: Timestamp) -> bool {
        self.ids.read_metadata_token(&machine.id, token).is_some_and(|expiry| expiry > now)
    }

    /// What the key ids of this world carry.
    pub fn tag(&self) -> ids::Tag {
        self.ids.tag()
    }

    /// What expectations are checked against: the world as it is now.
    pub fn evidence(&self) -> Evidence<'_> {
        let (state, now) = (self.state(), self.clock.now().resource);
        Evidence { state, journal: &self.journal, watches: &self.watches, start: self.faults.start(), now }
    }

    /// How many requests it has had.
    pub fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }
}
