//! Items with a unique name in their account: users, groups, roles, policies and others.
//!
//! They are kept in order of creation, which is the order of listings, and found by name or slot.

use compact_str::CompactString;
use imbl::OrdMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Position of an item in its register. Never reused; a rename keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

/// An item of a [`Register`].
pub trait Named: Clone {
    /// Returns the name in the form used for comparison.
    fn folded_name(&self) -> CompactString;
}

/// Named items of one kind. Clones share all items.
#[derive(Debug, Clone)]
pub struct Register<T> {
    // Invariant: `names` holds exactly the digest of the folded name of every entry of `things`.
    things: OrdMap<u32, Arc<T>>,
    names: OrdMap<Digest, u32>,
    next: u32,
}

/// Represents a text in an index. A change copies nodes of the index, and copying numbers is much
/// cheaper than copying texts. Lookups compare the text. Two texts with one digest do not occur in a
/// world that fits in memory; the second would be rejected as taken.
pub(super) type Digest = u64;

/// Returns the digest of a text.
pub(super) fn digest(text: &str) -> Digest {
    // Without keys, it returns the same number in every run.
    let mut hasher = std::hash::DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken;

impl<T: Named> Default for Register<T> {
    fn default() -> Self {
        Self { things: OrdMap::new(), names: OrdMap::new(), next: 0 }
    }
}

impl<T: Named> Register<T> {
    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// Returns `true` without items.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// Returns the slot of a folded name.
    pub fn find(&self, folded: &str) -> Option<Slot> {
        let slot = Slot(*self.names.get(&digest(folded))?);
        (self.get(slot)?.folded_name() == folded).then_some(slot)
    }

    /// Returns the item in `slot`.
    pub fn get(&self, slot: Slot) -> Option<&Arc<T>> {
        self.things.get(&slot.0)
    }

    /// Returns the item in `slot`, to change. Its name must not change.
    pub fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        self.things.get_mut(&slot.0).map(Arc::make_mut)
    }

    /// Returns the slot of the item that is added next.
    pub fn next_slot(&self) -> Slot {
        Slot(self.next)
    }

    /// Adds an item.
    pub fn add(&mut self, thing: T) -> Result<Slot, Taken> {
        let name = digest(&thing.folded_name());
        if self.names.contains_key(&name) {
            return Err(Taken);
        }
        let slot = self.next;
        self.next += 1;
        self.names.insert(name, slot);
        self.things.insert(slot, Arc::new(thing));
        Ok(Slot(slot))
    }

    /// Puts an item back into the slot that it was removed from.
    pub fn put_back(&mut self, slot: Slot, thing: T) -> Result<(), Taken> {
        let name = digest(&thing.folded_name());
        if self.names.contains_key(&name) || self.things.contains_key(&slot.0) {
            return Err(Taken);
        }
        self.names.insert(name, slot.0);
        self.things.insert(slot.0, Arc::new(thing));
        Ok(())
    }

    /// Changes an item and its name, if that is free.
    pub fn rename(&mut self, slot: Slot, change: impl FnOnce(&mut T)) -> Result<(), Taken> {
        let Some(thing) = self.things.get_mut(&slot.0).map(Arc::make_mut) else { return Ok(()) };
        let before = digest(&thing.folded_name());
        change(thing);
        let after = digest(&thing.folded_name());
        if before != after {
            if self.names.contains_key(&after) {
                return Err(Taken);
            }
            self.names.remove(&before);
            self.names.insert(after, slot.0);
        }
        Ok(())
    }

    /// Removes an item.
    pub fn remove(&mut self, slot: Slot) -> Option<Arc<T>> {
        let thing = self.things.remove(&slot.0)?;
        self.names.remove(&digest(&thing.folded_name()));
        Some(thing)
    }

    /// Iterates over all items, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Arc<T>)> {
        self.things.iter().map(|(slot, thing)| (Slot(*slot), thing))
    }

    /// Iterates over items from `first` on, in order. A page costs the same wherever it starts.
    pub fn iter_from(&self, first: Slot) -> impl Iterator<Item = (Slot, &Arc<T>)> {
        self.things.range(first.0..).map(|(slot, thing)| (Slot(*slot), thing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Named for String {
        fn folded_name(&self) -> CompactString {
            self.to_ascii_lowercase().into()
        }
    }

    #[test]
    fn a_rename_keeps_the_slot_and_frees_the_old_name() {
        let mut register = Register::default();
        let slot = register.add("Alice".to_owned()).unwrap();
        register.add("bob".to_owned()).unwrap();

        assert_eq!(register.rename(slot, |name| *name = "BOB".into()), Err(Taken));
        let mut register = {
            let mut fresh = Register::default();
            fresh.add("Alice".to_owned()).unwrap();
            fresh
        };
        register.rename(slot, |name| *name = "ALICE".into()).unwrap();
        register.rename(slot, |name| *name = "carol".into()).unwrap();

        assert_eq!((register.find("carol"), register.find("alice")), (Some(slot), None));
    }

    proptest! {
        #[test]
        fn pages_joined_equal_the_whole(names in proptest::collection::btree_set("[a-z]{1,6}", 0..40), size in 1usize..10) {
            let mut register = Register::default();
            for name in &names { register.add(name.clone()).unwrap(); }
            let mut joined = Vec::new();
            let mut from = Some(Slot(0));
            while let Some(start) = from {
                let mut rest = register.iter_from(start);
                joined.extend(rest.by_ref().take(size).map(|(_, name)| name.as_str().to_owned()));
                from = rest.next().map(|(slot, _)| slot);
            }
            prop_assert_eq!(joined, names.into_iter().collect::<Vec<_>>());
        }
    }
}
