//! Commands about AccessKeys.

use crate::attributes::{apply, optional_input};
use crate::text::{AccessKeyId, Scalar, Uid, UserName};
use crate::world::Tx;
use crate::world::account::{AccessKey, KeyStatus, Owner, Place};
use crate::world::command::{Act, Done, NotDone, Of, account_named};
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
    /// An AccessKeyId, or `account` or `account/user`: then its newest key that the command would change. Instead of the other fields.
    pub key: Option<String>,
}

/// Returns `true` for a key that a command would change.
type Suits = fn(&AccessKey) -> bool;

impl Of<WhichKey> {
    pub(super) fn find(&self, suits: Suits, tx: &Tx<'_>) -> Done<(Place, AccessKeyId)> {
        if let Some(key) = &self.words.key {
            return named(key, suits, tx);
        }
        if let Some(id) = &self.words.id {
            let uids: Vec<Uid> = match &self.account {
                Some(name) => vec![account_named(Some(name), tx.state())?.uid],
                None => tx.state().accounts.keys().copied().collect(),
            };
            return Ok((place(id, uids, tx).ok_or(Refusal::NoSuchKey)?, id.clone()));
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
        let suits: Suits = match status {
            KeyStatus::Active => |key| key.status != KeyStatus::Active,
            KeyStatus::Inactive => |key| key.status == KeyStatus::Active,
        };
        let (place, id) = self.find(suits, tx)?;
        tx.set_key_status(place, &id, status)?;
        Ok(format!("the key {id} was made {status}"))
    }

    pub(super) fn leak(&self, leaked: bool, tx: &mut Tx<'_>) -> Done {
        let suits: Suits = if leaked { |key| !key.leaked } else { |key| key.leaked };
        let (place, id) = self.find(suits, tx)?;
        tx.set_key_leaked(place, &id, leaked)?;
        Ok(format!(
            "the key {id} {}",
            if leaked { "is marked as leaked" } else { "is not marked as leaked any more" }
        ))
    }
}

fn place(id: &AccessKeyId, among: impl IntoIterator<Item = Uid>, tx: &Tx<'_>) -> Option<Place> {
    among.into_iter().find_map(|uid| tx.place_of(uid, id).ok())
}

/// Returns a key by its id, or the newest key of an owner that suits.
fn named(key: &str, suits: Suits, tx: &Tx<'_>) -> Done<(Place, AccessKeyId)> {
    let all = tx.state().accounts.keys().copied();
    if let Ok(id) = AccessKeyId::parse(key)
        && let Some(place) = place(&id, all, tx)
    {
        return Ok((place, id));
    }
    let (account, user) = key.split_once('/').map_or((key, None), |(account, user)| (account, Some(user)));
    let account = account_named(Some(account), tx.state()).map_err(|_| NotDone::Advised {
        refusal: Refusal::NoSuchKey,
        advice: format!("`{key}` is neither an AccessKeyId nor an account nor account/user"),
    })?;
    let owner = match user.map(UserName::parse) {
        Some(name) => Owner::User(account.user_slot(&name.map_err(|_| Refusal::NoSuchUser)?)?),
        None => Owner::Root,
    };
    let newest = account.keys_of(owner)?.iter().filter(|key| suits(key)).max_by_key(|key| key.created);
    let newest = newest.ok_or_else(|| NotDone::Advised {
        refusal: Refusal::NoSuchKey,
        advice: format!("`{key}` has no key that this would change"),
    })?;
    Ok((Place { uid: account.uid, owner }, newest.id.clone()))
}
