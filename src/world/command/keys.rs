//! Commands about AccessKeys.

use crate::text::{AccessKeyId, Uid, UserName};
use crate::world::Tx;
use crate::world::account::{KeyStatus, Owner, Place};
use crate::world::command::{Done, account, value};
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An AccessKey: by its id, or by its owner and its place among the owner's keys.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WhichKey {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The RAM user that owns it; the account itself when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Its place, from 0 on.
    pub index: usize,
    /// Its id, instead of user and place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl WhichKey {
    pub(super) fn find(&self, tx: &Tx<'_>) -> Done<(Place, AccessKeyId)> {
        if let Some(id) = &self.id {
            let id: AccessKeyId = value("a key id", id)?;
            let uids: Vec<Uid> = match &self.account {
                Some(name) => vec![account(Some(name), tx)?.uid],
                None => tx.state().accounts.keys().copied().collect(),
            };
            let place = uids.into_iter().find_map(|uid| tx.place_of(uid, &id).ok());
            return Ok((place.ok_or(Refusal::NoSuchKey)?, id));
        }
        let account = account(self.account.as_deref(), tx)?;
        let owner = match &self.user {
            Some(name) => Owner::User(account.user_slot(&value::<UserName>("a user name", name)?)?),
            None => Owner::Root,
        };
        let key = account.keys_of(owner)?.iter().nth(self.index).ok_or(Refusal::NoSuchKey)?;
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
        Ok(format!("the key {id} {}", if leaked { "has leaked" } else { "has not leaked after all" }))
    }
}
