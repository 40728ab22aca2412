//! Operations on deleted users and keys. Source: docs/evidence/ims.md 3.4 and 4.5.
//!
//! UNCERTAIN: the codes for what is not in the bin; here those for users and keys.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::{Done, On, Operation, Resource, read, write};
use crate::params::request;
use crate::services::shared::identity::{LogonName, logon_name};
use crate::services::shared::reply::{All, Marker, One, Page, elements, page};
use crate::text::{AccessKeyId, Bounded, Flaw, Scalar, Timestamp, UserPrincipalName};
use crate::world::account::{Account, DeletedKey, DeletedUser, purged_at};
use crate::world::{Caller, Refusal, Tx, View};

/// The rows of this file.
pub(super) fn operations() -> [Operation; 8] {
    let on: On = &[Resource::Anything];
    [
        read("ListUsersInRecycleBin", on, list_users),
        read("GetUserInRecycleBin", on, get_user),
        write("RestoreUserFromRecycleBin", on, restore_user),
        write("DeleteUserInRecycleBin", on, delete_user),
        read("ListAccessKeysInRecycleBin", on, list_keys),
        read("GetAccessKeyInfoInRecycleBin", on, get_key),
        write("RestoreAccessKeyFromRecycleBin", on, restore_key),
        write("DeleteAccessKeyInRecycleBin", on, delete_key),
    ]
}

/// Id of a user. A malformed id belongs to nobody.
struct UserId(u64);

impl Scalar for UserId {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(text.parse().unwrap_or(0)))
    }
}

/// Id of a key. A malformed id belongs to no key.
struct KeyId(Option<AccessKeyId>);

impl Scalar for KeyId {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(AccessKeyId::parse(text).ok()))
    }
}

impl KeyId {
    fn known(self) -> Result<AccessKeyId, Refusal> {
        self.0.ok_or(Refusal::NoSuchKey)
    }
}

/// Filter of a list: `UserPrincipalName eq <name>`.
struct Filter(UserPrincipalName);

impl Scalar for Filter {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let name = text.strip_prefix("UserPrincipalName eq ").ok_or(Flaw::Format)?;
        UserPrincipalName::parse(name.trim()).map(Self).map_err(|_| Flaw::Format)
    }
}

request! {
    /// Parameters of `ListUsersInRecycleBin`.
    pub(super) struct ListUsers {
        filter: Option<Filter> = "Filter",
        marker: Option<Marker> = "Marker",
        max_items: Option<Bounded<1, 100>> = "MaxItems",
    }

    /// Parameters of `GetUserInRecycleBin`: one of both.
    pub(super) struct GetUser {
        user: Option<UserId> = "UserId",
        key: Option<KeyId> = "UserAccessKeyId",
    }

    /// Parameters of `RestoreUserFromRecycleBin`, `DeleteUserInRecycleBin` and `ListAccessKeysInRecycleBin`.
    pub(super) struct OneUser {
        user: UserId = "UserId",
    }

    /// Parameters of `GetAccessKeyInfoInRecycleBin`.
    pub(super) struct OneKey {
        key: KeyId = "UserAccessKeyId",
    }

    /// Parameters of `RestoreAccessKeyFromRecycleBin`.
    pub(super) struct RestoreKey {
        user: UserId = "UserId",
        key: KeyId = "UserAccessKeyId",
    }

    /// Parameters of `DeleteAccessKeyInRecycleBin`.
    pub(super) struct DeleteKey {
        user: Option<UserId> = "UserId",
        key: KeyId = "UserAccessKeyId",
    }
}

/// A deleted user.
#[apply(reply)]
pub(super) struct UserView {
    user_id: String,
    user_principal_name: String,
    display_name: String,
    create_date: Timestamp,
    recycle_date: Timestamp,
    delete_date: Timestamp,
}

/// A deleted key. Only `GetAccessKeyInfoInRecycleBin` tells its user.
#[apply(reply)]
pub(super) struct KeyView {
    access_key_id: AccessKeyId,
    create_date: Timestamp,
    recycle_date: Timestamp,
    delete_date: Timestamp,
    user_id: Option<String>,
    user_principal_name: Option<String>,
    user_recycled: Option<bool>,
}

elements! { UserView: "User" "Users"; KeyView: "AccessKey" "AccessKeys"; }

impl UserView {
    fn of(account: &Account, deleted: &DeletedUser) -> Self {
        Self {
            user_id: deleted.user.id.to_string(),
            user_principal_name: logon_name(account, &deleted.user),
            display_name: deleted.user.display_name(),
            create_date: deleted.user.created,
            recycle_date: deleted.at,
            delete_date: purged_at(deleted.at),
        }
    }
}

impl From<&DeletedKey> for KeyView {
    fn from(deleted: &DeletedKey) -> Self {
        Self {
            access_key_id: deleted.key.id.clone(),
            create_date: deleted.key.created,
            recycle_date: deleted.at,
            delete_date: purged_at(deleted.at),
            user_id: None,
            user_principal_name: None,
            user_recycled: None,
        }
    }
}

/// `ListUsersInRecycleBin`: a page of deleted users, oldest deletion first.
///
/// Fails with `InvalidParameter.Filter.Format`, `InvalidParameter.Marker` and `InvalidParameter.MaxItems.Range` (UNCERTAIN).
pub(super) fn list_users(view: View<'_>, req: ListUsers) -> Result<Page<UserView>> {
    let account = view.account()?;
    let is_meant = |deleted: &DeletedUser| {
        let is_named = |Filter(name): &Filter| {
            name.user_in(account).is_some_and(|user| user.folded() == deleted.user.name.folded())
        };
        req.filter.as_ref().is_none_or(is_named)
    };
    let from = req.marker.map_or(0, |marker| marker.0);
    let users = account.recycle_bin.users_from(from, view.now).filter(|(_, one)| is_meant(one));
    Ok(page(users, req.max_items.map(|max| max.0), |one| UserView::of(account, one)))
}

/// `GetUserInRecycleBin`: returns a deleted user, by its id or by a key of it.
///
/// Fails with `EntityNotExist.User`. UNCERTAIN: the codes for neither and for both parameters.
pub(super) fn get_user(view: View<'_>, req: GetUser) -> Result<One<UserView>, Failure> {
    let account = view.account()?;
    let id = match (req.user, req.key) {
        (Some(user), None) => user.0,
        (None, Some(key)) => {
            let found = key.known().and_then(|key| Ok(account.recycle_bin.key(key.as_str(), view.now)?.0));
            found.map_err(|_| Refusal::NoSuchUser)?
        }
        (None, None) => return Err(Flawed::missing("UserId").into()),
        (Some(_), Some(_)) => return Err(Flawed::new("UserAccessKeyId", Flaw::Value).into()),
    };
    Ok(One(UserView::of(account, account.recycle_bin.user(id, view.now)?)))
}

/// `RestoreUserFromRecycleBin`: restores a deleted user, without its deleted keys.
///
/// Fails with `EntityNotExist.User`, `EntityAlreadyExists.User` and `LimitExceeded.User`.
pub(super) fn restore_user(tx: &mut Tx<'_>, req: OneUser) -> Result<Done> {
    let now = tx.now;
    let (account, quotas) = tx.account_mut()?;
    account.restore_user(req.user.0, &quotas, now)?;
    Ok(Done {})
}

/// `DeleteUserInRecycleBin`: purges a deleted user and its keys.
///
/// Fails with `EntityNotExist.User`.
pub(super) fn delete_user(tx: &mut Tx<'_>, req: OneUser) -> Result<Done> {
    let now = tx.now;
    tx.account_mut()?.0.purge_user(req.user.0, now)?;
    Ok(Done {})
}

/// `ListAccessKeysInRecycleBin`: returns the deleted keys of a user, which may be deleted too.
///
/// Fails with `EntityNotExist.User`.
pub(super) fn list_keys(view: View<'_>, req: OneUser) -> Result<All<KeyView>> {
    let (account, user) = (view.account()?, req.user.0);
    if account.recycle_bin.user(user, view.now).is_err() {
        account.user_with_id(user)?;
    }
    Ok(account.recycle_bin.keys_of(user, view.now).map(KeyView::from).collect())
}

/// `GetAccessKeyInfoInRecycleBin`: returns a deleted key and its user.
///
/// Fails with `EntityNotExist.User.AccessKey`.
pub(super) fn get_key(view: View<'_>, req: OneKey) -> Result<One<KeyView>> {
    let account = view.account()?;
    let (user, key) = account.recycle_bin.key(req.key.known()?.as_str(), view.now)?;
    let deleted = account.recycle_bin.user(user, view.now);
    let owner = match deleted {
        Ok(deleted) => &deleted.user,
        Err(_) => account.user(account.user_with_id(user)?)?,
    };
    Ok(One(KeyView {
        user_id: Some(user.to_string()),
        user_principal_name: Some(logon_name(account, owner)),
        user_recycled: Some(deleted.is_ok()),
        ..KeyView::from(key)
    }))
}

/// `RestoreAccessKeyFromRecycleBin`: restores a deleted key, disabled.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.User.AccessKey` and `LimitExceeded.User.AccessKey`.
pub(super) fn restore_key(tx: &mut Tx<'_>, req: RestoreKey) -> Result<Done> {
    let uid = tx.account()?.uid;
    tx.restore_key(uid, req.user.0, &req.key.known()?)?;
    Ok(Done {})
}

/// `DeleteAccessKeyInRecycleBin`: purges a deleted key. A RAM user may leave out its own id.
///
/// Fails with `EntityNotExist.User.AccessKey`.
pub(super) fn delete_key(tx: &mut Tx<'_>, req: DeleteKey) -> Result<Done, Failure> {
    let user = match (req.user, tx.by.caller) {
        (Some(user), _) => user.0,
        (None, Caller::User { id, .. }) => *id,
        (None, _) => return Err(Flawed::missing("UserId").into()),
    };
    let (now, key) = (tx.now, req.key.known()?);
    tx.account_mut()?.0.take_deleted_key(user, &key, now)?;
    Ok(Done {})
}
