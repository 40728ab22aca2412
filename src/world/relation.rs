//! A relation between two kinds of items, searchable from both sides: members of groups, attachments of policies.

use imbl::OrdMap;
use imbl::ordmap::DiffItem;
use std::ops::Bound;

/// Pairs with a value each. Clones share all pairs.
#[derive(Debug, Clone)]
pub struct Relation<L: Ord, R: Ord, V> {
    // Invariant: both hold the same pairs.
    forth: OrdMap<(L, R), V>,
    back: OrdMap<(R, L), V>,
}

impl<L: Ord, R: Ord, V> Default for Relation<L, R, V> {
    fn default() -> Self {
        Self { forth: OrdMap::new(), back: OrdMap::new() }
    }
}

/// Minimum of a type: the start of a range over one side.
pub trait Least {
    /// Minimum value.
    const LEAST: Self;
}

impl<L: Ord + Copy, R: Ord + Copy, V: Copy + PartialEq> Relation<L, R, V> {
    /// Returns the pairs that only one side has, in order, with the value in `self`, or `None` if only `other` has it.
    pub fn changed(&self, other: &Self) -> Vec<(L, R, Option<V>)> {
        let changed = self.forth.diff(&other.forth).filter_map(|item| match item {
            DiffItem::Remove(&(left, right), value) => Some((left, right, Some(*value))),
            DiffItem::Add(&(left, right), _) => Some((left, right, None)),
            DiffItem::Update { .. } => None,
        });
        changed.collect()
    }
}

impl<L: Ord + Copy + Least, R: Ord + Copy + Least, V: Copy> Relation<L, R, V> {
    /// Adds a pair. Returns `false` if it exists.
    pub fn add(&mut self, left: L, right: R, value: V) -> bool {
        if self.forth.contains_key(&(left, right)) {
            return false;
        }
        self.forth.insert((left, right), value);
        self.back.insert((right, left), value);
        true
    }

    /// Removes a pair. Returns `false` if it does not exist.
    pub fn remove(&mut self, left: L, right: R) -> bool {
        self.back.remove(&(right, left));
        self.forth.remove(&(left, right)).is_some()
    }

    /// Iterates over all pairs, in order.
    pub fn iter(&self) -> impl Iterator<Item = (L, R)> {
        self.forth.keys().copied()
    }

    /// Iterates over all pairs with their values, in order.
    pub fn all(&self) -> impl Iterator<Item = (L, R, V)> {
        self.forth.iter().map(|((left, right), value)| (*left, *right, *value))
    }

    /// Iterates over the right side of `left`, in order.
    pub fn right_of(&self, left: L) -> impl Iterator<Item = (R, V)> {
        let from = self.forth.range((left, R::LEAST)..);
        from.take_while(move |((one, _), _)| *one == left).map(|((_, right), value)| (*right, *value))
    }

    /// Iterates over the left side of `right`, in order.
    pub fn left_of(&self, right: R) -> impl Iterator<Item = (L, V)> {
        self.left_of_from(right, L::LEAST)
    }

    /// Iterates over the left side of `right` from `first` on, for a page.
    pub fn left_of_from(&self, right: R, first: L) -> impl Iterator<Item = (L, V)> {
        let from = self.back.range((Bound::Included((right, first)), Bound::Unbounded));
        from.take_while(move |((one, _), _)| *one == right).map(|((_, left), value)| (*left, *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Least for u8 {
        const LEAST: Self = 0;
    }

    #[test]
    fn a_pair_is_found_from_both_sides_until_it_is_removed() {
        let mut relation = Relation::default();
        for (left, right) in [(1u8, 7u8), (1, 9), (2, 7), (255, 255)] {
            assert!(relation.add(left, right, ()));
        }
        assert!(!relation.add(1, 7, ()));

        assert_eq!(relation.right_of(1).map(|(right, ())| right).collect::<Vec<_>>(), [7, 9]);
        assert_eq!(relation.left_of(7).map(|(left, ())| left).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(relation.left_of_from(7, 2).count(), 1);
        assert!(relation.remove(1, 7) && !relation.remove(1, 7));
        assert_eq!((relation.right_of(1).count(), relation.left_of(7).count()), (1, 1));
    }
}
