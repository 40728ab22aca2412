//! All worlds of a server, and the search for the world of a call.

use crate::text::{AccessKeyId, Uid, WorldName};
use crate::world::coverage::{Coverage, Outcomes};
use crate::world::ids::{Ids, Tag};
use crate::world::plant::{Plant, Settings};
use crate::world::{State, World};
use compact_str::CompactString;
use dashmap::DashMap;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// All worlds of a server. `default` always exists.
#[derive(Debug)]
pub struct Worlds {
    settings: Settings,
    default: Arc<World>,
    /// Worlds by folded name.
    by_name: DashMap<CompactString, Arc<World>>,
    by_tag: DashMap<Tag, Arc<World>>,
    /// AccessKeyIds chosen by scenarios: they have no tag.
    pinned: DashMap<AccessKeyId, Arc<World>>,
    /// Number of worlds with a generated name.
    named: AtomicU64,
    /// Outcomes of deleted worlds.
    past: Coverage,
    /// Number of worlds created. Locked during creation, so that two worlds cannot pin the same key.
    making: Mutex<u64>,
}

/// Options of a new world, besides its seed.
#[derive(Debug, Clone, Default)]
pub struct NewWorld {
    /// World name; by default `w1`, `w2` and so on.
    pub name: Option<WorldName>,
    /// Address of a dedicated listener. It identifies the world, so key ids may also occur in other worlds.
    pub address: Option<SocketAddr>,
}

/// Creates options for a world that shares the server's address.
impl From<Option<WorldName>> for NewWorld {
    fn from(name: Option<WorldName>) -> Self {
        Self { name, address: None }
    }
}

/// Reason why a world was not created.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMade<E> {
    /// The name is taken.
    #[error("a world of this name exists")]
    Exists,
    /// Another world has an AccessKey with this id.
    #[error("another world already has the AccessKey `{0}`")]
    KeyTaken(AccessKeyId),
    /// The scenario has another seed than the world that it is loaded into.
    #[error("the scenario has another seed than the world, whose seed is {0}")]
    OtherSeed(u64),
    /// The seed failed.
    #[error(transparent)]
    Seed(#[from] E),
}

impl Worlds {
    /// Creates the worlds of a server: `default`, filled from `seed`.
    pub fn new<P: Plant>(settings: Settings, seed: &P) -> Result<Self, P::Error> {
        let name = WorldName::default_world();
        let settings = Settings { seed: seed.seed().unwrap_or(settings.seed), ..settings };
        let ids = Ids::new(settings.seed, &name, 0);
        let default = Arc::new(World::new(name.clone(), ids, &settings, seed)?);
        let worlds = Self {
            settings,
            default: Arc::clone(&default),
            by_name: DashMap::new(),
            by_tag: DashMap::new(),
            pinned: DashMap::new(),
            named: AtomicU64::new(0),
            past: Coverage::default(),
            making: Mutex::new(0),
        };
        worlds.by_tag.insert(default.tag(), Arc::clone(&default));
        worlds.by_name.insert(name.folded(), Arc::clone(&default));
        for key in unrouted(&default.state(), default.tag()) {
            worlds.pinned.insert(key, Arc::clone(&default));
        }
        Ok(worlds)
    }

    /// Returns the world that always exists.
    pub fn default_world(&self) -> &Arc<World> {
        &self.default
    }

    /// Returns the settings that all worlds share.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Creates a world and fills it from `seed`.
    pub fn make<P: Plant>(
        &self,
        new: impl Into<NewWorld>,
        seed: &P,
    ) -> Result<Arc<World>, NotMade<P::Error>> {
        let settings = Settings { seed: seed.seed().unwrap_or(self.settings.seed), ..self.settings };
        let new = new.into();
        // A world with a dedicated port is found without its keys.
        let pins = new.address.is_none();
        self.make_by(new, settings.seed, pins, |name, ids| World::new(name, ids, &settings, seed))
    }

    /// Forks `parent` as it is now. Inherited keys still lead to the parent.
    pub fn fork(&self, parent: &World, new: impl Into<NewWorld>) -> Result<Arc<World>, NotMade<Infallible>> {
        parent.settle(parent.clock.now().resource);
        self.make_by(new.into(), parent.seed, false, |name, ids| Ok(parent.fork(name, ids, &self.settings)))
    }

    fn make_by<E>(
        &self,
        new: NewWorld,
        seed: u64,
        pins: bool,
        build: impl FnOnce(WorldName, Ids) -> Result<World, E>,
    ) -> Result<Arc<World>, NotMade<E>> {
        let name = new.name.unwrap_or_else(|| self.free_name());
        let mut made = self.making.lock();
        if self.by_name.contains_key(&name.folded()) {
            return Err(NotMade::Exists);
        }
        let ids = self.free_ids(seed, &name);
        let number = *made + 1;
        let world = Arc::new(World { address: new.address, number, ..build(name, ids)? });
        let pinned = if pins { unrouted(&world.state(), world.tag()) } else { Vec::new() };
        if let Some(key) = pinned.iter().find(|key| self.pinned.contains_key(*key)) {
            return Err(NotMade::KeyTaken(key.clone()));
        }
        for key in pinned {
            self.pinned.insert(key, Arc::clone(&world));
        }
        *made = number;
        self.add(&world);
        Ok(world)
    }

    /// Loads a seed into a world, which starts again with it. Ids follow from the seed of the world, so a seed that sets
    /// another number is rejected. On failure, nothing has changed.
    pub fn load<P: Plant>(&self, world: &Arc<World>, seed: &P) -> Result<(), NotMade<P::Error>> {
        if seed.seed().is_some_and(|number| number != world.seed) {
            return Err(NotMade::OtherSeed(world.seed));
        }
        let planted = world.plant(seed, &self.settings)?;
        let made = self.making.lock();
        // A world with a dedicated port is found without its keys.
        let is_found = world.address.is_some();
        let pinned = if is_found { Vec::new() } else { unrouted(&planted.moment.state, world.tag()) };
        let is_taken = |key: &&AccessKeyId| {
            self.pinned.get(*key).is_some_and(|owner| !Arc::ptr_eq(owner.value(), world))
        };
        if let Some(key) = pinned.iter().find(is_taken) {
            return Err(NotMade::KeyTaken(key.clone()));
        }
        world.load(seed, planted);
        self.unpin(world);
        for key in pinned {
            self.pinned.insert(key, Arc::clone(world));
        }
        // A deleted world has no keys. `remove` takes the name first, so one of the two sees the other.
        if !self.by_name.get(&world.name.folded()).is_some_and(|found| Arc::ptr_eq(&found, world)) {
            self.unpin(world);
        }
        drop(made);
        Ok(())
    }

    /// Forgets that pinned keys lead to a world.
    fn unpin(&self, world: &Arc<World>) {
        self.pinned.retain(|_, owner| !Arc::ptr_eq(owner, world));
    }

    /// Generates ids with an unused tag.
    fn free_ids(&self, seed: u64, name: &WorldName) -> Ids {
        let free = |ids: &Ids| !self.by_tag.contains_key(&ids.tag());
        let ids = (0..u32::MAX).map(|attempt| Ids::new(seed, name, attempt)).find(free);
        ids.expect("there are more tags than worlds")
    }

    fn add(&self, world: &Arc<World>) {
        self.by_tag.insert(world.tag(), Arc::clone(world));
        self.by_name.insert(world.name.folded(), Arc::clone(world));
    }

    fn free_name(&self) -> WorldName {
        use crate::text::Scalar;
        loop {
            let name = format!("w{}", self.named.fetch_add(1, Relaxed) + 1);
            let name = WorldName::parse(&name).expect("`w` and a number make a world's name");
            if !self.by_name.contains_key(&name.folded()) {
                return name;
            }
        }
    }

    /// Returns the world `name`. Case does not count.
    pub fn named(&self, name: &str) -> Option<Arc<World>> {
        use crate::text::Scalar;
        let name = WorldName::parse(name).ok()?;
        self.by_name.get(&name.folded()).map(|world| Arc::clone(&world))
    }

    /// Returns the outcomes of all calls since the server started, including those of deleted worlds.
    pub fn outcomes(&self) -> BTreeMap<(&'static str, &'static str), Outcomes> {
        let mut sum = BTreeMap::new();
        self.past.add_to(&mut sum);
        for world in &self.by_name {
            world.add_outcomes(&mut sum);
        }
        sum
    }

    /// Returns the world that has the account of an ARN `acs:ram::<uid>:...`; if several do, the
    /// oldest. Only unsigned calls need it, so it may search all worlds.
    pub fn of_arn(&self, arn: &str) -> Option<Arc<World>> {
        let (uid, _) = arn.strip_prefix("acs:ram::")?.split_once(':')?;
        let uid = Uid(uid.parse().ok()?);
        let has = |world: &World| world.state().accounts.contains_key(&uid);
        if has(&self.default) {
            return Some(Arc::clone(&self.default));
        }
        let found = self.by_name.iter().filter(|world| has(world)).min_by_key(|world| world.number);
        found.map(|world| Arc::clone(&world))
    }

    /// Returns the world of the key `id`, if its tag or a scenario identifies it.
    pub fn of_key(&self, id: &str) -> Option<Arc<World>> {
        use crate::text::Scalar;
        match Ids::tag_of(id) {
            Some(tag) if tag == self.default.tag() => return Some(Arc::clone(&self.default)),
            Some(tag) => {
                if let Some(world) = self.by_tag.get(&tag) {
                    return Some(Arc::clone(&world));
                }
            }
            None => {}
        }
        let id = AccessKeyId::parse(id).ok()?;
        self.pinned.get(&id).map(|world| Arc::clone(&world))
    }

    /// Returns all worlds, by name.
    pub fn all(&self) -> Vec<Arc<World>> {
        let mut all: Vec<_> = self.by_name.iter().map(|entry| Arc::clone(entry.value())).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// Deletes a world. Returns `false` if `name` is unknown or `default`.
    pub fn remove(&self, name: &str) -> bool {
        let Some(world) = self.named(name).filter(|world| !Arc::ptr_eq(world, &self.default)) else {
            return false;
        };
        self.by_name.remove(&world.name.folded());
        self.by_tag.remove(&world.tag());
        self.unpin(&world);
        world.leave_outcomes(&self.past);
        world.journal.end();
        true
    }
}

/// Returns the keys of a world whose ids have no tag of it.
fn unrouted(state: &State, tag: Tag) -> Vec<AccessKeyId> {
    state.key_ids().filter(|id| Ids::tag_of(id.as_str()) != Some(tag)).cloned().collect()
}
