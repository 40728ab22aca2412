//! Nonces seen, so that a replayed request is refused.
//!
//! Kept outside the state because it must survive a refusal. Bounded twice: by time, a generation of five minutes being
//! dropped whole once it is older than the window, and by count.

use crate::text::Timestamp;
use crate::world::as_is::AsIs;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::collections::{HashSet, VecDeque};
use std::hash::BuildHasherDefault;

/// A nonce must not repeat within 15 minutes. Source: facts/gateway.md section 8.
const GENERATION_MILLIS: i64 = 5 * 60 * 1000;
const GENERATIONS_KEPT: i64 = 3;
const SHARDS: usize = 16;

/// The set of nonces of one world.
#[derive(Debug)]
pub struct Nonces {
    shards: [Mutex<Shard>; SHARDS],
    limit_per_shard: usize,
}

#[derive(Debug, Default)]
struct Shard {
    /// Oldest first.
    generations: VecDeque<(i64, HashSet<u128, BuildHasherDefault<AsIs>>)>,
    len: usize,
}

impl Nonces {
    /// Keeps at most about `limit` nonces; past it the oldest generation goes, and a replay from it would pass.
    pub fn new(limit: usize) -> Self {
        Self { shards: Default::default(), limit_per_shard: (limit / SHARDS).max(1) }
    }

    /// Notes that `key` used `nonce` at `now` (gateway clock); false when it had been used within the window.
    ///
    /// UNCERTAIN: whether a nonce is unique per key, account or product; per key here. Source: facts/gateway.md section 8.
    pub fn use_once(&self, key: &str, nonce: &str, now: Timestamp) -> bool {
        let mut hash = Sha256::new();
        hash.update(key);
        hash.update([0]);
        hash.update(nonce);
        let digest = hash.finalize();
        let id = u128::from_le_bytes(digest[..16].try_into().expect("a SHA-256 has 32 bytes"));
        self.shards[usize::from(digest[16]) % SHARDS].lock().insert(id, now, self.limit_per_shard)
    }

    /// Forgets all.
    pub fn clear(&self) {
        for shard in &self.shards {
            *shard.lock() = Shard::default();
        }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len).sum()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Shard {
    fn insert(&mut self, id: u128, now: Timestamp, limit: usize) -> bool {
        let current = now.as_millis().div_euclid(GENERATION_MILLIS);
        while self.generations.front().is_some_and(|(at, set)| {
            at + GENERATIONS_KEPT < current || (self.len >= limit && !set.is_empty())
        }) {
            let (_, dropped) = self.generations.pop_front().expect("looked at just now");
            self.len -= dropped.len();
        }
        if self.generations.iter().any(|(_, set)| set.contains(&id)) {
            return false;
        }
        // A clock that was set back files under its own time again; order matters only for dropping.
        if let Some((_, set)) = self.generations.iter_mut().find(|(at, _)| *at == current) {
            set.insert(id);
        } else {
            self.generations.push_back((current, HashSet::from_iter([id])));
        }
        self.len += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + minutes * 60_000)
    }

    #[test]
    fn a_nonce_is_refused_for_fifteen_minutes_and_taken_again_after_twenty() {
        let nonces = Nonces::new(1000);
        assert!(nonces.use_once("k", "n", at(0)));
        assert!(!nonces.use_once("k", "n", at(0)));
        assert!(!nonces.use_once("k", "n", at(15)));
        assert!(nonces.use_once("other", "n", at(15)));
        assert!(nonces.use_once("k", "n", at(20)));
    }

    #[test]
    fn the_set_stays_within_its_bound() {
        let nonces = Nonces::new(1600);
        for i in 0..20_000 {
            nonces.use_once("k", &i.to_string(), at(i / 1000));
        }
        assert!(nonces.len() <= 1600, "{}", nonces.len());
    }
}
