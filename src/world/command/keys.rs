//! Commands about AccessKeys.

use crate::attributes::{apply, optional_input};
use crate::text::{AccessKeyId, Uid, UserName};
use crate::world::Tx;
use crate::world::account::{AccessKey, KeyStatus, Owner, Place};
use crate::world::command::{Act, Done, Of, account_named};
use crate::world::refusal::Refusal;

/// Owner of a new AccessKey.
#[apply(optional_input)]
pub struct AddKey {
    /// RAM user; by default the account itself.
    pub user: Option<UserName>,
}

impl Act for AddKey {
    type Given = AccessKey;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<AccessKey> {
        let account = tx.state().account(uid)?;
        let user = self.user.as_ref().map(|name| account.user_slot(name)).transpose()?;
        let owner = user.map_or(Owner::Root, Owner::User);
        Ok(tx.add_key(Place { uid, owner }, (None, None))?)
    }

    fn describe(&self, _: Uid, key: &AccessKey) -> String {
        format!("the key {} was created", key.id)
    }
}

/// An AccessKey: by its id, or by its owner and its place among the keys of the owner.
#[apply(optional_input)]
pub struct WhichKey {
    /// RAM user that owns it; by default the account itself.
    pub user: Option<UserName>,
    /// Place among the keys of the owner, from 0 on.
    pub index: usize,
    /// Id, instead of user and place.
    pub id: Option<AccessKeyId>,
}

impl Of<WhichKey> {
    pub(super) fn find(&self, tx: &Tx<'_>) -> Done<(Place, AccessKeyId)> {
        if let Some(id) = &self.words.id {
            let uids: Vec<Uid> = match &self.account {
                Some(name) => vec![account_named(Some(name), tx.state())?.uid],
                None => tx.state().accounts.keys().copied().collect(),
            };
            let place = uids.into_iter().find_map(|uid| tx.place_of(uid, id).ok());
            return Ok((place.ok_or(Refusal::NoSuchKey)?, id.clone()));
        }
        let account = account_named(self.account.as_deref(), tx.state())?;
        let owner = match &self.words.user {
            Some(name) => Owner::User(account.user_slot(name)?),
            None => Owner::Root,
        };
        let key = account.keys_of(owner)?.iter().nth(self.words.index).ok_or(Refusal::NoSuchKey)?;
        Ok((Place { uid: account.uid, owner }, key.id.clone()))
    }

    pub(super) fn set(&self, status: KeyStatus, tx: &mut Tx<'_>) -> Done {
        let (place, id) = self.find(tx)?;
        tx.set_key_status(place, &id, status)?;
        Ok(format!("the key {id} was made {status}"))
    }

    pub(super) fn leak(&self, leaked: bool, tx: &mut Tx<'_>) -> Done {
        let (place, id) = self.find(tx)?;
        tx.set_key_leaked(place, &id, leaked)?;
        Ok(format!(
            "the key {id} {}",
            if leaked { "is marked as leaked" } else { "is not marked as leaked any more" }
        ))
    }
}
