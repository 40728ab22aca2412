//! Used nonces, for rejecting replayed requests.
//!
//! A nonce is kept as long as its request could be accepted: from the signed time to the end of its window. Nonces are
//! outside the state, as they must survive a rejected request. Two limits bound the memory. By time, a generation of
//! five minutes is dropped once the gateway clock has passed it. By count, the oldest generations are dropped.

use crate::text::Timestamp;
use crate::world::as_is::AsIs;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasherDefault;

const GENERATION_MILLIS: i64 = 5 * 60 * 1000;
const SHARDS: usize = 16;

/// Used nonces of one world.
#[derive(Debug)]
pub struct Nonces {
    shards: [Mutex<Shard>; SHARDS],
    limit_per_shard: usize,
}

#[derive(Debug, Default)]
struct Shard {
    /// Nonces by the end of their requests' windows.
    generations: BTreeMap<i64, HashSet<u128, BuildHasherDefault<AsIs>>>,
    len: usize,
}

impl Nonces {
    /// Keeps about `limit` nonces at most. Beyond it, nonces that expire first are dropped and could be replayed.
    pub fn new(limit: usize) -> Self {
        Self { shards: Default::default(), limit_per_shard: (limit / SHARDS).max(1) }
    }

    /// Records key and nonce of a request that is valid until `until`; `now` is on the gateway clock. Returns `false`
    /// if a request that could still be accepted has used both.
    ///
    /// UNCERTAIN: a nonce is unique per key (as here), account or product. Source: docs/evidence/gateway.md section 8.
    pub fn use_once(&self, key: &str, nonce: &str, now: Timestamp, until: Timestamp) -> bool {
        let mut hash = Sha256::new();
        hash.update(key);
        hash.update([0]);
        hash.update(nonce);
        let digest = hash.finalize();
        let id = u128::from_le_bytes(digest[..16].try_into().expect("a SHA-256 has 32 bytes"));
        let mut shard = self.shards[usize::from(digest[16]) % SHARDS].lock();
        shard.insert(id, generation(now), generation(until), self.limit_per_shard)
    }

    /// Deletes all nonces.
    pub fn clear(&self) {
        for shard in &self.shards {
            *shard.lock() = Shard::default();
        }
    }

    /// Returns the number of nonces.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len).sum()
    }

    /// Returns `true` without nonces.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Returns the generation of a time. It never ends before the windows that it contains.
fn generation(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(GENERATION_MILLIS)
}

impl Shard {
    fn insert(&mut self, id: u128, now: i64, until: i64, limit: usize) -> bool {
        while let Some(oldest) = self.generations.first_entry()
            && (*oldest.key() < now || self.len >= limit)
        {
            self.len -= oldest.remove().len();
        }
        if self.generations.values().any(|set| set.contains(&id)) {
            return false;
        }
        self.generations.entry(until).or_default().insert(id);
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
    fn a_nonce_is_refused_as_long_as_its_request_is_good() {
        let nonces = Nonces::new(1000);
        // Signed fifteen minutes ahead, with a window of fifteen.
        assert!(nonces.use_once("k", "n", at(0), at(30)));
        for minute in 0..=30 {
            assert!(!nonces.use_once("k", "n", at(minute), at(minute + 15)), "{minute}");
        }
        assert!(nonces.use_once("other", "n", at(30), at(45)));
        assert!(nonces.use_once("k", "n", at(36), at(51)));
    }

    #[test]
    fn what_is_over_takes_no_memory() {
        let nonces = Nonces::new(1_000_000);
        for i in 0..1000 {
            nonces.use_once("k", &i.to_string(), at(0), at(15));
        }
        for i in 0..1000 {
            nonces.use_once("k", &format!("later {i}"), at(60), at(75));
        }
        assert_eq!(nonces.len(), 1000);
    }

    #[test]
    fn the_set_stays_within_its_bound() {
        let nonces = Nonces::new(1600);
        for i in 0..20_000 {
            nonces.use_once("k", &i.to_string(), at(i / 1000), at(i / 1000 + 15));
        }
        assert!(nonces.len() <= 1600, "{}", nonces.len());
    }
}
