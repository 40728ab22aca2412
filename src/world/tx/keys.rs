//! AccessKeys and bearer tokens. The state has indexes of both.

use crate::policy::NetworkPolicy;
use crate::text::{AccessKeyId, Uid};
use crate::world::account::{AccessKey, KeyMaterial, KeyStatus, Owner, Place, ShortTerm};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::register::digest;
use crate::world::state::Event;
use crate::world::tx::Tx;
use std::sync::Arc;

impl Tx<'_> {
    /// Creates a key for `owner`. Id and material are given or generated.
    pub fn add_key(
        &mut self,
        place: Place,
        pinned: (Option<AccessKeyId>, Option<KeyMaterial>),
    ) -> Result<AccessKey, Refusal> {
        self.make_key(place, pinned, None)
    }

    /// Creates a temporary key of the account itself, which is deleted when it expires.
    pub fn add_short_term_key(&mut self, uid: Uid, term: ShortTerm) -> Result<AccessKey, Refusal> {
        self.open_account(uid)?;
        let key = self.make_key(Place { uid, owner: Owner::Root }, (None, None), Some(term))?;
        self.later(term.expires, Event::KeyEnd { uid, id: key.id.clone() });
        Ok(key)
    }

    fn make_key(
        &mut self,
        place: Place,
        pinned: (Option<AccessKeyId>, Option<KeyMaterial>),
        short_term: Option<ShortTerm>,
    ) -> Result<AccessKey, Refusal> {
        let (ids, now) = (self.ids, self.now);
        // A scenario may already have a key with the generated id.
        let (id, secret) = loop {
            let (account, _) = self.account_of(place.uid)?;
            let made = ids.key(place.uid, account.counters.next(IdKind::Key));
            if pinned.0.is_some() || !self.is_taken(&made.0) {
                break made;
            }
        };
        let (account, quotas) = self.account_of(place.uid)?;
        let (id, material) = (pinned.0.unwrap_or(id), pinned.1.unwrap_or(KeyMaterial::Secret(secret)));
        let key = AccessKey {
            id,
            material,
            status: KeyStatus::Active,
            idle: false,
            leaked: false,
            created: now,
            updated: now,
            told_use: None,
            short_term,
            network: None,
        };
        account.keys_of_mut(place.owner)?.add(key.clone(), quotas.keys(place.owner))?;
        if self.is_taken(&key.id) {
            return Err(Refusal::KeyTaken);
        }
        self.state.keys.insert(digest(key.id.as_str()), place);
        Ok(key)
    }

    /// Returns `true` if a credential has this id.
    pub(super) fn is_taken(&self, id: &AccessKeyId) -> bool {
        self.state.sessions.contains_key(id) || self.state.keys.contains_key(&digest(id.as_str()))
    }

    /// Enables or disables a key.
    pub fn set_key_status(
        &mut self,
        place: Place,
        id: &AccessKeyId,
        status: KeyStatus,
    ) -> Result<(), Refusal> {
        let now = self.now;
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.set_status(id, status, now)
    }

    /// Sets the network policy of a key.
    pub fn set_key_network(
        &mut self,
        place: Place,
        id: &AccessKeyId,
        policy: Option<Arc<NetworkPolicy>>,
    ) -> Result<(), Refusal> {
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.get_mut(id)?.network = policy;
        Ok(())
    }

    /// Marks a key as leaked, or clears the mark.
    pub fn set_key_leaked(&mut self, place: Place, id: &AccessKeyId, leaked: bool) -> Result<(), Refusal> {
        self.account_of(place.uid)?.0.keys_of_mut(place.owner)?.set_leaked(id, leaked)
    }

    /// Deletes a key: that of a RAM user goes to the recycle bin. UNCERTAIN: keys of the account itself go at once, because no
    /// action could restore one. Source: docs/evidence/ims.md 4.3.
    pub fn remove_key(&mut self, place: Place, id: &AccessKeyId) -> Result<(), Refusal> {
        let now = self.now;
        let (account, quotas) = self.account_of(place.uid)?;
        let key = account.keys_of_mut(place.owner)?.remove(id)?;
        if let Owner::User(user) = place.owner {
            account.recycle_key(user, key, &quotas, now);
        }
        self.state.keys.remove(&digest(id.as_str()));
        Ok(())
    }

    /// Restores a deleted key of the user with id `user`. UNCERTAIN: it is disabled, and its user must exist and have room for
    /// it. Source: docs/evidence/ims.md 4.5.
    pub fn restore_key(&mut self, uid: Uid, user: u64, id: &AccessKeyId) -> Result<(), Refusal> {
        let now = self.now;
        let (account, quotas) = self.account_of(uid)?;
        let owner = Owner::User(account.user_with_id(user)?);
        let mut key = account.take_deleted_key(user, id, now)?;
        (key.status, key.updated) = (KeyStatus::Inactive, now);
        account.keys_of_mut(owner)?.add(key, quotas.keys(owner))?;
        if self.is_taken(id) {
            return Err(Refusal::KeyTaken);
        }
        self.state.keys.insert(digest(id.as_str()), Place { uid, owner });
        Ok(())
    }

    /// Returns the owner of a key of the account `uid`.
    pub fn place_of(&self, uid: Uid, id: &AccessKeyId) -> Result<Place, Refusal> {
        self.state.place_of(uid, id)
    }

    /// Adds a bearer token for `place`.
    pub fn add_bearer(&mut self, token: &str, place: Place) {
        self.state.bearers.insert(token.into(), place);
    }
}
