//! Recycle bin of an account: deleted RAM users and deleted keys of RAM users, for 30 days.
//!
//! Entries are never removed by a clock: an entry that is too old is not found, and the next deletion drops it. The bin holds
//! a limited number of users and of keys, so deleting many users does not make a world larger. Source: docs/evidence/ims.md 3.4.

use crate::text::{AccessKeyId, Timestamp};
use crate::world::account::{AccessKey, Account, Owner, User};
use crate::world::refusal::Refusal;
use crate::world::register::{Digest, Slot, digest};
use crate::world::settings::Quotas;
use imbl::OrdMap;
use jiff::SignedDuration;
use std::sync::Arc;

/// Time that deleted users and keys stay in the bin. Samples show a month, the text says 30 days.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Deleted users and keys.
#[derive(Debug, Clone, Default)]
pub struct RecycleBin {
    /// Users in the order of their deletion.
    users: OrdMap<u32, Arc<DeletedUser>>,
    // Invariant: holds the number of every user of `users`, by user id.
    numbers: OrdMap<u64, u32>,
    /// Keys by the id of their user, in the order of their deletion.
    keys: OrdMap<u64, Arc<[DeletedKey]>>,
    // Invariant: holds the user id of every key of `keys`.
    owners: OrdMap<Digest, u64>,
    next: u32,
}

/// A user in the bin.
#[derive(Debug, Clone)]
pub struct DeletedUser {
    /// The user, without keys.
    pub user: User,
    /// Its place among the users of the account, which it gets back.
    pub slot: Slot,
    /// Time of the deletion.
    pub at: Timestamp,
}

/// A key in the bin.
#[derive(Debug, Clone)]
pub struct DeletedKey {
    /// The key.
    pub key: AccessKey,
    /// Time of the deletion.
    pub at: Timestamp,
}

/// Returns the time at which something that was deleted at `at` is purged.
pub fn purged_at(at: Timestamp) -> Timestamp {
    at.plus(KEPT)
}

impl RecycleBin {
    /// Returns the users that were deleted from the `first`th deletion on, with the numbers of the deletions.
    pub fn users_from(
        &self,
        first: u32,
        now: Timestamp,
    ) -> impl Iterator<Item = (u32, &DeletedUser)> + use<'_> {
        let all = self.users.range(first..).map(|(number, user)| (*number, &**user));
        all.filter(move |(_, user)| purged_at(user.at) > now)
    }

    /// Returns a deleted user by its id.
    pub fn user(&self, id: u64, now: Timestamp) -> Result<&DeletedUser, Refusal> {
        let found = self.numbers.get(&id).and_then(|number| self.users.get(number));
        found.map(|user| &**user).filter(|user| purged_at(user.at) > now).ok_or(Refusal::NoSuchUser)
    }

    /// Returns the deleted keys of the user with an id, oldest deletion first.
    pub fn keys_of(&self, user: u64, now: Timestamp) -> impl Iterator<Item = &DeletedKey> + use<'_> {
        let all = self.keys.get(&user).map_or(&[][..], |keys| keys);
        all.iter().filter(move |key| purged_at(key.at) > now)
    }

    /// Returns a deleted key and the id of its user.
    pub fn key(&self, id: &str, now: Timestamp) -> Result<(u64, &DeletedKey), Refusal> {
        let user = *self.owners.get(&digest(id)).ok_or(Refusal::NoSuchKey)?;
        let key = self.keys_of(user, now).find(|one| one.key.id.as_str() == id);
        Ok((user, key.ok_or(Refusal::NoSuchKey)?))
    }

    /// Adds a user, and returns the places of the users that had to go.
    fn put_user(&mut self, user: User, slot: Slot, most: usize, now: Timestamp) -> Vec<Slot> {
        let mut gone = Vec::new();
        let is_gone = |user: &DeletedUser| purged_at(user.at) <= now;
        while let Some((_, oldest)) = self.users.get_min()
            && (self.users.len() >= most || is_gone(oldest))
        {
            let id = oldest.user.id;
            gone.extend(self.purge_user(id));
        }
        if most == 0 {
            self.purge_user(user.id);
            gone.push(slot);
            return gone;
        }
        self.numbers.insert(user.id, self.next);
        self.users.insert(self.next, Arc::new(DeletedUser { user, slot, at: now }));
        self.next += 1;
        gone
    }

    fn purge_user(&mut self, id: u64) -> Option<Slot> {
        self.put_keys(id, Vec::new());
        let number = self.numbers.remove(&id)?;
        self.users.remove(&number).map(|user| user.slot)
    }

    fn put_key(&mut self, user: u64, key: AccessKey, most: usize, now: Timestamp) {
        let mut keys: Vec<_> = self.keys_of(user, now).cloned().collect();
        keys.push(DeletedKey { key, at: now });
        let surplus = keys.len().saturating_sub(most);
        self.put_keys(user, keys.split_off(surplus));
    }

    fn take_key(&mut self, user: u64, id: &AccessKeyId, now: Timestamp) -> Result<AccessKey, Refusal> {
        let mut keys: Vec<_> = self.keys_of(user, now).cloned().collect();
        let at = keys.iter().position(|one| one.key.id == *id).ok_or(Refusal::NoSuchKey)?;
        let taken = keys.remove(at);
        self.put_keys(user, keys);
        Ok(taken.key)
    }

    fn put_keys(&mut self, user: u64, keys: Vec<DeletedKey>) {
        for one in self.keys.remove(&user).iter().flat_map(|before| before.iter()) {
            self.owners.remove(&digest(one.key.id.as_str()));
        }
        if !keys.is_empty() {
            self.owners.extend(keys.iter().map(|one| (digest(one.key.id.as_str()), user)));
            self.keys.insert(user, keys.into());
        }
    }
}

impl Account {
    /// Moves a user into the recycle bin.
    pub(super) fn recycle_user(&mut self, slot: Slot, quotas: &Quotas, now: Timestamp) {
        if let Some(user) = self.users.remove(slot) {
            let user = Arc::unwrap_or_clone(user);
            let most = quotas.users_in_recycle_bin;
            let gone = Arc::make_mut(&mut self.recycle_bin).put_user(user, slot, most, now);
            self.forget_users(&gone);
        }
    }

    /// Drops what is kept beside users that cannot return.
    fn forget_users(&mut self, slots: &[Slot]) {
        let kept = |slot: &&Slot| self.affairs.service_credentials.contains_key(&Owner::User(**slot));
        let kept: Vec<_> = slots.iter().filter(kept).collect();
        for slot in kept {
            self.affairs_mut().service_credentials.remove(&Owner::User(*slot));
        }
    }

    /// Moves a removed key of a user into the recycle bin.
    pub(in crate::world) fn recycle_key(
        &mut self,
        user: Slot,
        key: AccessKey,
        quotas: &Quotas,
        now: Timestamp,
    ) {
        let Ok(id) = self.user(user).map(|user| user.id) else { return };
        Arc::make_mut(&mut self.recycle_bin).put_key(id, key, quotas.keys_in_recycle_bin, now);
    }

    /// Restores a user, at its place among the users. It has what it had at its deletion: neither keys nor groups nor policies.
    ///
    /// UNCERTAIN: another user may have its name meanwhile, and the restored user counts for the quota.
    pub fn restore_user(&mut self, id: u64, quotas: &Quotas, now: Timestamp) -> Result<(), Refusal> {
        let deleted = self.recycle_bin.user(id, now)?.clone();
        if self.users.len() >= quotas.users {
            return Err(Refusal::TooManyUsers);
        }
        self.users.put_back(deleted.slot, deleted.user).map_err(|_| Refusal::UserExists)?;
        let bin = Arc::make_mut(&mut self.recycle_bin);
        if let Some(number) = bin.numbers.remove(&id) {
            bin.users.remove(&number);
        }
        Ok(())
    }

    /// Purges a deleted user and its keys.
    pub fn purge_user(&mut self, id: u64, now: Timestamp) -> Result<(), Refusal> {
        self.recycle_bin.user(id, now)?;
        let gone = Arc::make_mut(&mut self.recycle_bin).purge_user(id);
        self.forget_users(gone.as_slice());
        Ok(())
    }

    /// Takes a deleted key of a user out of the bin.
    pub fn take_deleted_key(
        &mut self,
        user: u64,
        id: &AccessKeyId,
        now: Timestamp,
    ) -> Result<AccessKey, Refusal> {
        let (owner, _) = self.recycle_bin.key(id.as_str(), now)?;
        if owner != user {
            return Err(Refusal::NoSuchKey);
        }
        Arc::make_mut(&mut self.recycle_bin).take_key(user, id, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Scalar, UserName};
    use crate::world::account::{KeyRing, UserDetails};

    fn user(id: u64) -> User {
        let name = UserName::parse(&format!("user-{id}")).unwrap();
        let at = Timestamp::from_millis(0);
        User {
            id,
            name,
            details: UserDetails::default(),
            created: at,
            updated: at,
            last_login: None,
            login: None,
            keys: KeyRing::default(),
            extras: None,
        }
    }

    #[test]
    fn a_bin_keeps_the_latest_users_and_drops_those_that_are_too_old() {
        let mut bin = RecycleBin::default();
        let day = |day: i64| Timestamp::from_millis(day * 86_400_000);
        for id in 1..=5 {
            bin.put_user(user(id), Slot(0), 3, day(0));
        }
        let ids = |bin: &RecycleBin, now| -> Vec<u64> {
            bin.users_from(0, now).map(|(_, one)| one.user.id).collect()
        };
        assert_eq!(ids(&bin, day(29)), [3, 4, 5]);
        assert_eq!(ids(&bin, day(30)), [0; 0]);
        bin.put_user(user(6), Slot(0), 3, day(31));
        assert_eq!((bin.users.len(), bin.numbers.len()), (1, 1));
    }
}
