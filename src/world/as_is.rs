//! A hasher for keys that are already well distributed.

use std::hash::Hasher;

/// Uses a number as its hash.
#[derive(Debug, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("only numbers are hashed");
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is as random as the whole")]
    fn write_u128(&mut self, n: u128) {
        self.0 = n as u64;
    }
}
