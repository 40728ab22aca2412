//! A world: accounts with clocks, a seed and a journal, isolated from every other world.
//!
//! It knows nothing about HTTP, signatures or services: the gateway and the control API drive it. Read
//! [`World::commit`] first, then [`state`] and [`Tx`], then [`account`] and [`permission`].
//!
//! One trap: data that must survive a rejected request is *not* in the state. A rejected commit discards its
//! copy of the state. So nonces, last use of keys, the journal and the request counter are kept outside.

pub mod account;
mod as_is;
pub mod by;
pub mod caller;
pub mod clock;
mod command;
pub mod coverage;
pub mod directory;
pub mod expect;
pub mod faults;
pub mod gates;
mod hosts;
pub mod ids;
pub mod journal;
mod kept;
pub mod machine;
pub mod needs;
pub mod nonces;
pub mod outbox;
pub mod permission;
mod plant;
pub mod propagation;
pub mod refusal;
pub mod register;
pub mod relation;
mod seeded;
pub mod settings;
pub mod state;
pub mod stubs;
mod tx;
mod usage;
mod view;
mod vpcs;
mod worlds;

pub use by::{By, Source};
pub use caller::Caller;
pub use clock::{Clock, Clocks, Now};
pub(crate) use command::identity_words;
pub use command::{
    AccountType, Act, AddKey, AddLink, BindMfa, ChangeAccount, Close, Command, Decide, Due, KeyPast,
    LoginProfileWords, NotDone, Of, PasskeyWords, Register, SendCaptcha, SetPassword, SetSecurity, SetState,
    Submit, TellAmount, Verdict, VerificationWords, WhichAccount, WhichApplication, WhichKey, WhichSessions,
    account_named, delete_key_in_past, delete_user_in_past, tell_user,
};
pub use hosts::Hosts;
pub use plant::{Brief, Plant, Settings};
pub use refusal::Refusal;
pub use settings::Enforcement;
pub use state::{ConsoleLogin, Credential, Event, FellDue, Registry, State};
pub use tx::{
    Contacts, DEFAULT_SESSION_SECONDS, GROUPING_SERVICE, Grant, Handed, LogIn, NewResourceGroup, NewRole,
    NewServiceCredential, NewSession, NotHanded, Registration, Tx,
};
pub use view::View;
pub use vpcs::Vpcs;
pub use worlds::{NewWorld, NotMade, Worlds};

use crate::text::{AccessKeyId, Timestamp, WorldName};
use crate::world::account::{AccessKey, LastUse};
use crate::world::faults::{Faults, Rule, Stale};
use coverage::Coverage;
use expect::{Evidence, Watch};
use ids::{Ids, MadeToken, RequestIds};
use journal::{Journal, Record};
use kept::KeptStates;
use machine::Machine;
use nonces::Nonces;
use parking_lot::{Mutex, MutexGuard, RwLock};
use permission::Decision;
use propagation::{Looker, Spreading};
use seeded::{Planted, Seeded, Snapshot};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use usage::Usage;

/// Attempts to take the writer's lock before sleeping; about ten microseconds.
const SPINS: u32 = 1000;

/// Number of earlier states that are kept for rules that need them.
const HISTORY: usize = 1000;

/// An isolated set of accounts.
#[derive(Debug)]
pub struct World {
    /// World name.
    pub name: WorldName,
    /// Seed of all ids.
    pub seed: u64,
    /// Address of a dedicated listener; most worlds share the server's address.
    pub address: Option<SocketAddr>,
    /// Number of the world in its server, in order of creation.
    number: u64,
    /// Clocks.
    pub clock: Clock,
    /// Journal of requests.
    pub journal: Journal,
    /// Nonces that were used.
    pub nonces: Nonces,
    /// Fault rules.
    pub faults: Faults,
    /// Outcomes since the last reset.
    pub coverage: Coverage,
    /// Outcomes before the last reset.
    past: Coverage,
    ids: Ids,
    usage: Usage,
    state: RwLock<Arc<State>>,
    /// Held during a change: changes run one after another, and readers never wait.
    writer: Mutex<()>,
    requests: AtomicU64,
    /// Day up to which idle keys and log-ins are disabled.
    swept: AtomicI64,
    /// Held while events happen, so that no call runs before they have.
    settling: Mutex<()>,
    /// Content that a reset returns to.
    seeded: RwLock<Arc<Seeded>>,
    snapshots: Mutex<BTreeMap<String, Snapshot>>,
    spreading: Spreading,
    /// Earlier states, each with the time it ended; empty unless a rule needs them.
    history: Mutex<VecDeque<(Timestamp, Arc<State>)>>,
    /// Earlier states for people; empty unless a page asks for them.
    kept_states: KeptStates,
}

/// Parts that differ between a new world and a fork.
struct Made {
    seeded: Seeded,
    name: WorldName,
    ids: Ids,
    faults: Faults,
}

/// A world now or at an earlier moment.
#[derive(Debug)]
pub struct Point {
    /// State.
    pub state: Arc<State>,
    /// Settings of the clocks.
    pub clocks: Clocks,
    /// Fault rules; their spans count from the requested moment.
    pub faults: Vec<Rule>,
    usage: Usage,
}

impl Point {
    /// Returns the last use of a key for which one was told.
    pub fn told_use(&self, key: &AccessKey) -> Option<LastUse> {
        key.told_use.as_ref().and_then(|_| self.usage.of(key))
    }
}

impl World {
    /// Creates a world and fills it from `seed`. A reset returns to this content.
    pub fn new<P: Plant>(name: WorldName, ids: Ids, settings: &Settings, seed: &P) -> Result<Self, P::Error> {
        let planted = Planted::of(seed, &ids, settings)?;
        let faults = Faults::new(settings.seed, seed.faults(), planted.start);
        let seeded = planted.seeded(seed, faults.kept());
        Ok(Self::from(Made { seeded, name, ids, faults }, settings))
    }

    /// Creates a world from the present state, clocks, rules with counters and last use of keys. The
    /// new world has different ids, and a reset of it returns to this moment.
    fn fork(&self, name: WorldName, ids: Ids, settings: &Settings) -> Self {
        let writing = self.lock_writer();
        let (moment, kept, parent) = (self.moment(), self.faults.kept(), self.seeded());
        drop(writing);
        let faults = self.faults.fork(&kept);
        let always = parent.watches.iter().map(Watch::expectation);
        let watches = Watch::over(always, &moment.state, self.clock.now().resource);
        let settings = Settings { seed: self.seed, ..*settings };
        let ids = ids.heir_of(&self.ids);
        let seeded = Seeded { moment, faults: kept, watches, brief: parent.brief.clone() };
        Self::from(Made { seeded, name, ids, faults }, &settings)
    }

    fn from(made: Made, settings: &Settings) -> Self {
        let Made { seeded, name, ids, faults } = made;
        let moment = seeded.moment.clone();
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
            swept: AtomicI64::new(0),
            settling: Mutex::default(),
            faults,
            seeded: RwLock::new(Arc::new(seeded)),
            snapshots: Mutex::default(),
            spreading: Spreading::default(),
            history: Mutex::default(),
            kept_states: KeptStates::default(),
        };
        world.go_to(moment);
        world
    }

    /// Runs `change` on a copy, which becomes the state only if `change` succeeds. Returns the
    /// result of `change` and the new version.
    pub fn commit<T, E>(
        &self,
        now: Timestamp,
        by: By<'_>,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<(T, u64), E> {
        self.commit_deciding(now, by, change).0
    }

    /// Like [`World::commit`]. Also returns the decision, if `change` evaluated policies, even for a rejected change.
    pub fn commit_deciding<T, E>(
        &self,
        now: Timestamp,
        by: By<'_>,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> (Result<(T, u64), E>, Option<Decision>) {
        let writing = self.lock_writer();
        let before = self.state();
        let (state, ids, usage) = ((*before).clone(), &self.ids, &self.usage);
        let mut tx = Tx { state, by, now, ids, usage, touched: Vec::new(), decided: None };
        tx.state.version += 1;
        let given = change(&mut tx);
        let decided = tx.decided.take();
        let given = match given {
            Ok(given) => given,
            Err(refused) => return (Err(refused), decided),
        };
        let after = tx.state.version;
        if !tx.touched.is_empty() {
            self.spreading.note(&before, &tx.state, &tx.touched, now);
        }
        let state = Arc::new(tx.state);
        self.seeded().watches.iter().for_each(|watch| watch.look(&state, now));
        *self.state.write() = state;
        if self.faults.look_back() {
            self.remember(now, &before);
        }
        self.kept_states.keep(&before);
        drop(writing);
        // Frees the old state outside of the lock.
        drop(before);
        (Ok((given, after)), decided)
    }

    /// Waits for the previous writer. It spins first, because a change takes a few microseconds and
    /// sleeping takes longer (`CreateUser` by 16 connections on two cores: see docs/performance.md).
    fn lock_writer(&self) -> MutexGuard<'_, ()> {
        for _ in 0..SPINS {
            if let Some(writing) = self.writer.try_lock() {
                return writing;
            }
            std::hint::spin_loop();
        }
        self.writer.lock()
    }

    /// Returns the present state; later writes do not change it.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read())
    }

    /// Returns the state that a call sees, if it differs. Adds the changes that the call does not see to `unseen`.
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

    /// Returns an earlier state: some changes or some time ago, limited by the history. `None` means no change since.
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

    /// Keeps the states from now on that [`World::change_of`] needs.
    pub fn keep_states(&self) {
        self.kept_states.begin();
    }

    /// Returns the states before and after the change of a call, if both are kept.
    pub fn change_of(&self, record: &Record) -> Option<[Arc<State>; 2]> {
        let to = record.changed.filter(|_| self.kept_states.is_of_this_line(record.number))?;
        let present = Some(self.state()).filter(|state| state.version == to);
        Some([self.kept_states.of(to.checked_sub(1)?)?, present.or_else(|| self.kept_states.of(to))?])
    }

    /// Returns the state that a call met, if it is kept or still the present one.
    pub fn met_by(&self, record: &Record) -> Option<Arc<State>> {
        if !self.kept_states.is_of_this_line(record.number) {
            return None;
        }
        let present = Some(self.state()).filter(|state| state.version == record.met);
        present.or_else(|| self.kept_states.of(record.met))
    }

    /// Returns this world with another state, for exports.
    pub fn point_of(&self, state: Arc<State>) -> Point {
        Point { state, clocks: self.clock.setting(), faults: Vec::new(), usage: Usage::default() }
    }

    /// Returns the state that a reset returns to.
    pub fn seed_state(&self) -> Arc<State> {
        Arc::clone(&self.seeded().moment.state)
    }

    /// Returns the view of `state` for `caller` at `now`.
    pub fn view<'a>(&'a self, state: &'a State, now: Timestamp, by: By<'a>) -> View<'a> {
        View { state, by, now, usage: &self.usage, journal: &self.journal, ids: &self.ids }
    }

    /// Applies events that are due by `now`. On a new day it also disables keys and log-ins that nobody used; only then it walks
    /// through all of them.
    pub fn settle(&self, now: Timestamp) -> Vec<FellDue> {
        let today = tx::day(now);
        let is_due = || self.state.read().next_due().is_some_and(|due| due <= now);
        if self.swept.load(Relaxed) == today && !is_due() {
            return Vec::new();
        }
        let settling = self.settling.lock();
        let after = self.swept.load(Relaxed).min(today);
        let is_idle = || !tx::Sweep { after, until: today }.idle(&self.state(), &self.usage).is_empty();
        let mut fell_due = Vec::new();
        if is_due() || is_idle() {
            let settled: Result<_, std::convert::Infallible> =
                self.commit(now, By::OURSELVES, |tx| Ok(tx.settle(after)));
            let Ok((happened, _)) = settled;
            fell_due = happened;
        }
        self.swept.store(today, Relaxed);
        drop(settling);
        fell_due
    }

    /// Records the use of a key.
    pub fn note_use(&self, key: &AccessKeyId, used: LastUse) {
        self.usage.note(key, used);
    }

    /// Returns the ids of the next request.
    pub fn next_request(&self) -> RequestIds {
        self.ids.request(self.requests.fetch_add(1, Relaxed) + 1)
    }

    /// Resets state, clocks, journal, nonces and counters, to the seed or to an empty world.
    pub fn reset(&self, to_empty: bool) {
        let writing = self.writer.lock();
        let seeded = self.seeded();
        let mut moment = seeded.moment.clone();
        if to_empty {
            moment = Snapshot { clocks: moment.clocks, ..Snapshot::default() };
            self.faults.clear();
        } else {
            self.faults.restore(&seeded.faults);
        }
        self.start_again(moment, writing);
    }

    /// Goes to `moment` and clears everything that is outside the state.
    fn start_again(&self, moment: Snapshot, writing: MutexGuard<'_, ()>) {
        let old = self.go_to(moment);
        self.seeded().watches.iter().for_each(Watch::start_again);
        self.look();
        self.nonces.clear();
        self.journal.clear();
        self.kept_states.replace(0);
        self.coverage.move_to(&self.past);
        self.snapshots.lock().clear();
        self.requests.store(0, Relaxed);
        drop(writing);
        // Freeing a large state takes long, so it runs in the background.
        std::thread::spawn(move || drop(old));
    }

    /// Returns the content that a reset returns to.
    fn seeded(&self) -> Arc<Seeded> {
        Arc::clone(&self.seeded.read())
    }

    /// Returns caller, expectations and text of the scenario.
    pub fn brief(&self) -> Brief {
        self.seeded().brief.clone()
    }

    /// Plants `seed` with the ids of this world, without a change of the world.
    fn plant<P: Plant>(&self, seed: &P, settings: &Settings) -> Result<Planted, P::Error> {
        Planted::of(seed, &self.ids, settings)
    }

    /// Replaces the content, and starts again with it.
    fn load<P: Plant>(&self, seed: &P, planted: Planted) {
        let writing = self.writer.lock();
        let faults = self.faults.replace_all(seed.faults(), planted.start);
        let moment = planted.moment.clone();
        *self.seeded.write() = Arc::new(planted.seeded(seed, faults));
        self.start_again(moment, writing);
    }

    /// Returns the present moment.
    fn moment(&self) -> Snapshot {
        Snapshot {
            state: self.state(),
            clocks: self.clock.setting(),
            usage: self.usage.copy(),
            spreading: self.spreading.copy(),
            swept: self.swept.load(Relaxed),
        }
    }

    /// Restores a moment; returns the previous state.
    fn go_to(&self, moment: Snapshot) -> Arc<State> {
        self.clock.set(moment.clocks);
        self.usage.restore(moment.usage);
        self.spreading.restore(moment.spreading);
        self.swept.store(moment.swept, Relaxed);
        self.history.lock().clear();
        self.kept_states.replace(self.journal.written());
        std::mem::replace(&mut *self.state.write(), moment.state)
    }

    /// Checks all watches against the state.
    fn look(&self) {
        let (state, now) = (self.state(), self.clock.now().resource);
        self.seeded().watches.iter().for_each(|watch| watch.look(&state, now));
    }

    /// Takes a snapshot named `name`.
    pub fn keep(&self, name: &str) {
        self.snapshots.lock().insert(name.to_owned(), self.moment());
    }

    /// Returns the names of all snapshots.
    pub fn kept(&self) -> Vec<String> {
        self.snapshots.lock().keys().cloned().collect()
    }

    /// Deletes a snapshot. Returns `false` if `name` is unknown.
    pub fn forget(&self, name: &str) -> bool {
        self.snapshots.lock().remove(name).is_some()
    }

    /// Returns the world at `now`.
    pub fn present(&self, now: Timestamp) -> Point {
        Point {
            state: self.state(),
            clocks: self.clock.setting(),
            faults: self.faults.written(&self.faults.kept(), now),
            usage: Usage::of_copy(self.usage.copy()),
        }
    }

    /// Returns the world after a reset.
    pub fn origin(&self, now: Timestamp) -> Point {
        let seeded = self.seeded();
        let Seeded { moment, faults, .. } = &*seeded;
        let faults = self.faults.written(faults, now);
        let usage = Usage::of_copy(moment.usage.clone());
        Point { state: Arc::clone(&moment.state), clocks: moment.clocks, faults, usage }
    }

    /// Returns the world after a restore, which keeps the rules.
    pub fn snapshot(&self, name: &str, now: Timestamp) -> Option<Point> {
        let Snapshot { state, clocks, usage, .. } = self.snapshots.lock().get(name).cloned()?;
        let faults = self.faults.written(&self.faults.kept(), now);
        Some(Point { state, clocks, faults, usage: Usage::of_copy(usage) })
    }

    /// Restores a snapshot. Returns `false` if `name` is unknown. Keeps the journal.
    pub fn restore(&self, name: &str) -> bool {
        let Some(snapshot) = self.snapshots.lock().get(name).cloned() else { return false };
        let writing = self.writer.lock();
        let old = self.go_to(snapshot);
        self.look();
        drop(writing);
        drop(old);
        true
    }

    /// Reads a token that this world created. Returns `None` for a truncated or foreign token.
    pub fn made_token(&self, token: &str) -> Option<MadeToken> {
        self.ids.read_token(token)
    }

    /// Adds the outcomes of all calls to `sum`, including those before a reset.
    fn add_outcomes(&self, sum: &mut BTreeMap<(&'static str, &'static str), coverage::Outcomes>) {
        self.past.add_to(sum);
        self.coverage.add_to(sum);
    }

    /// Moves the outcomes of all calls to `heir`.
    fn leave_outcomes(&self, heir: &Coverage) {
        self.past.move_to(heir);
        self.coverage.move_to(heir);
    }

    /// Returns `true` if this world created `token` for the metadata of `machine` and it has not expired.
    pub fn opens(&self, machine: &Machine, token: &str, now: Timestamp) -> bool {
        self.ids.read_metadata_token(&machine.id, token).is_some_and(|expiry| expiry > now)
    }

    /// Returns the tag in key ids of this world.
    pub fn tag(&self) -> ids::Tag {
        self.ids.tag()
    }

    /// Returns the present world, as expectations check it.
    pub fn evidence(&self) -> Evidence<'_> {
        let (state, now) = (self.state(), self.clock.now().resource);
        let watches = Arc::clone(&self.seeded().watches);
        Evidence { state, journal: &self.journal, watches, start: self.faults.start(), now }
    }

    /// Returns the number of requests received.
    pub fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }
}
