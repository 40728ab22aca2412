//! AccessKeys of users and of the account itself. Source: docs/evidence/ram.md 5.3, docs/evidence/ims.md 4.3.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::identity::{Api, UserRef};
use crate::text::{AccessKeyId, Flaw, Scalar, Timestamp};
use crate::world::account::{AccessKey, Account, KeyStatus, Owner, Place};
use crate::world::register::Slot;
use crate::world::{Caller, Refusal, Tx, View};
use std::borrow::Cow;

/// Owner of the keys in a call: the named user, or the caller.
///
/// UNCERTAIN: a role session has no keys; its error was not observed. Source: docs/evidence/ram.md section 7.
pub(crate) fn place(
    caller: &Caller,
    account: &Account,
    named: Option<&impl UserRef>,
) -> Result<Place, Refusal> {
    let owner = match (named, caller) {
        (Some(name), _) => Owner::User(name.slot_in(account)?),
        (None, Caller::Root { .. }) => Owner::Root,
        (None, Caller::User { slot, .. }) => Owner::User(*slot),
        (None, Caller::Role(_) | Caller::Nobody) => return Err(Refusal::NoSuchUser),
    };
    Ok(Place { uid: account.uid, owner })
}

request! {
    /// Parameters of `CreateAccessKey` and `ListAccessKeys`.
    pub(crate) struct KeyOwner<A: Api> {
        user: Option<A::Name> = A::USER,
    }

    /// Parameters of `UpdateAccessKey`.
    pub(crate) struct UpdateAccessKey<A: Api> {
        user: Option<A::Name> = A::USER,
        key: KeyRef = "UserAccessKeyId",
        status: KeyStatus = "Status",
    }

    /// Parameters of `DeleteAccessKey` and `GetAccessKeyLastUsed`.
    pub(crate) struct OneKey<A: Api> {
        user: Option<A::Name> = A::USER,
        key: KeyRef = "UserAccessKeyId",
    }
}

/// Key in a call. A malformed id is treated as unknown; no other code is documented.
pub(crate) struct KeyRef(Option<AccessKeyId>);

impl Scalar for KeyRef {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(AccessKeyId::parse(text).ok()))
    }
}

impl KeyRef {
    /// Returns the user that owns the key. A key of the account itself belongs to no user (UNCERTAIN).
    pub(super) fn user_seen(&self, view: &View<'_>) -> Result<Slot, Refusal> {
        let id = self.0.as_ref().ok_or(Refusal::NoSuchUser)?;
        match view.state.place_of(view.account()?.uid, id).map(|place| place.owner) {
            Ok(Owner::User(slot)) => Ok(slot),
            Ok(Owner::Root) | Err(_) => Err(Refusal::NoSuchUser),
        }
    }

    /// The key, which must belong to `place`.
    pub(crate) fn in_place(self, place: Place, account: &Account) -> Result<AccessKeyId, Refusal> {
        let id = self.0.ok_or(Refusal::NoSuchKey)?;
        account.keys_of(place.owner)?.get(id.as_str()).ok_or(Refusal::NoSuchKey)?;
        Ok(id)
    }
}

/// Response of `CreateAccessKey`. Only this response contains the secret.
#[apply(reply)]
pub(crate) struct CreatedKey {
    access_key: CreatedKeyView,
}

#[apply(reply)]
struct CreatedKeyView {
    access_key_id: AccessKeyId,
    access_key_secret: String,
    status: KeyStatus,
    create_date: Timestamp,
}

/// `CreateAccessKey`: creates a key for a user or for the caller.
///
/// Fails with `EntityNotExist.User` and `LimitExceeded.User.AccessKey`. Source: docs/evidence/ram.md 5.3 and section 7.
pub(crate) fn create<A: Api>(tx: &mut Tx<'_>, req: KeyOwner<A>) -> Result<CreatedKey> {
    let place = place(tx.by.caller, tx.account()?, req.user.as_ref())?;
    let key = tx.add_key(place, (None, None))?;
    Ok(CreatedKey {
        access_key: CreatedKeyView {
            access_key_secret: key.material.secret().to_owned(),
            access_key_id: key.id,
            status: key.status,
            create_date: key.created,
        },
    })
}

/// Response of `ListAccessKeys`.
#[apply(reply)]
pub(crate) struct Keys {
    access_keys: KeyList,
}

#[apply(reply)]
struct KeyList {
    access_key: Vec<KeyView>,
}

#[apply(reply)]
struct KeyView {
    access_key_id: AccessKeyId,
    status: KeyStatus,
    create_date: Timestamp,
    update_date: Option<Timestamp>,
}

impl KeyView {
    fn of<A: Api>(key: &AccessKey) -> Self {
        let update_date = A::NEWER.then_some(key.updated);
        Self { access_key_id: key.id.clone(), status: key.status, create_date: key.created, update_date }
    }
}

/// `ListAccessKeys`: returns all keys of a user or of the caller, without secrets. No pages.
///
/// Fails with `EntityNotExist.User`. Source: docs/evidence/ram.md 5.3, docs/evidence/ims.md 4.3.
pub(crate) fn list<A: Api>(view: View<'_>, req: KeyOwner<A>) -> Result<Keys> {
    let account = view.account()?;
    let place = place(view.by.caller, account, req.user.as_ref())?;
    let access_key = account.keys_of(place.owner)?.iter().map(KeyView::of::<A>).collect();
    Ok(Keys { access_keys: KeyList { access_key } })
}

/// `UpdateAccessKey`: enables or disables a key.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.User.AccessKey` and `InvalidParameter.Status` (UNCERTAIN). Source:
/// docs/evidence/ram.md 5.3.
pub(crate) fn update<A: Api>(tx: &mut Tx<'_>, req: UpdateAccessKey<A>) -> Result<Done> {
    let place = place(tx.by.caller, tx.account()?, req.user.as_ref())?;
    let id = req.key.in_place(place, tx.account()?)?;
    tx.set_key_status(place, &id, req.status)?;
    Ok(Done {})
}

/// `DeleteAccessKey`: deletes a key, active or not.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.AccessKey`. Source: docs/evidence/ram.md 5.3.
pub(crate) fn delete<A: Api>(tx: &mut Tx<'_>, req: OneKey<A>) -> Result<Done> {
    let place = place(tx.by.caller, tx.account()?, req.user.as_ref())?;
    let id = req.key.in_place(place, tx.account()?)?;
    tx.remove_key(place, &id)?;
    Ok(Done {})
}

/// Response of `GetAccessKeyLastUsed`.
#[apply(reply)]
pub(crate) struct LastUsed {
    access_key_last_used: LastUsedView,
}

#[apply(reply)]
struct LastUsedView {
    last_used_date: String,
    service_name: Option<Cow<'static, str>>,
}

/// `GetAccessKeyLastUsed`: returns the time of the last signed call; an empty date for an unused key (UNCERTAIN: it could be absent).
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.AccessKey`. Source: docs/evidence/ram.md 5.3, docs/evidence/ims.md 4.3.
pub(crate) fn last_used<A: Api>(view: View<'_>, req: OneKey<A>) -> Result<LastUsed> {
    let account = view.account()?;
    let place = place(view.by.caller, account, req.user.as_ref())?;
    let id = req.key.in_place(place, account)?;
    let key = account.keys_of(place.owner)?.get(id.as_str()).ok_or(Refusal::NoSuchKey)?;
    let (at, product) =
        view.last_use(key).map(|last| (last.at.to_string(), last.product)).unwrap_or_default();
    let service_name = A::NEWER.then_some(product);
    Ok(LastUsed { access_key_last_used: LastUsedView { last_used_date: at, service_name } })
}
