//! Commands that tell the past of RAM users and AccessKeys: ages, last log-in, last use. So that an auditor finds them
//! old without moving the clock.

use crate::attributes::{apply, input, optional_input};
use crate::text::{AccessKeyId, Moment, Password, Timestamp, Uid, UserName};
use crate::world::account::{LastUse, LoginChange, LoginStatus, Place};
use crate::world::command::{Act, Done, Of, WhichKey};
use crate::world::machine::Unfit;
use crate::world::register::Slot;
use crate::world::{Refusal, Tx};
use std::sync::Arc;

/// Console log-in of a RAM user. In a command, missing fields keep their values.
#[apply(optional_input)]
pub struct LoginProfileWords {
    /// Requires a new password at the next log-in.
    pub password_reset_required: Option<bool>,
    /// Requires an MFA device at the next log-in.
    pub mfa_bind_required: Option<bool>,
    /// Whether the user may log in.
    pub status: Option<LoginStatus>,
}

impl LoginProfileWords {
    /// Returns the change of a login profile.
    pub fn change(&self, password: Option<Password>) -> LoginChange {
        LoginChange {
            password,
            mfa_bind_required: self.mfa_bind_required,
            password_reset_required: self.password_reset_required,
            status: self.status,
        }
    }
}

/// A RAM user: its log-in and its past. Missing fields keep their values.
#[apply(input)]
pub struct ChangeUser {
    /// Name of the user.
    pub user: UserName,
    /// Console password. It is kept as a hash.
    pub password: Option<String>,
    /// Console log-in; created if the user has none.
    pub login_profile: Option<LoginProfileWords>,
    /// Time of creation of the user, its login profile and its password: a time, or a span back (`-400d`).
    pub created: Option<Moment>,
    /// Time of the last console log-in: a time, or a span back.
    pub last_login: Option<Moment>,
}

impl Act for ChangeUser {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        let now = tx.now;
        let (account, _) = tx.account_of(uid)?;
        let slot = account.user_slot(&self.user)?;
        if self.password.is_some() || self.login_profile.is_some() {
            let profile = self.login_profile.clone().unwrap_or_default();
            let change = profile.change(self.password.as_deref().map(Password::new));
            if account.user(slot)?.login.is_some() {
                account.change_login(slot, change, now)?;
            } else {
                account.add_login(slot, change, now)?;
            }
        }
        tell_user(uid, slot, [self.created, self.last_login], tx)
    }

    fn describe(&self, _: Uid, (): &()) -> String {
        format!("the RAM user {} was changed", self.user)
    }
}

/// Sets the times of a user: of its creation, and of its last log-in.
pub fn tell_user(
    uid: Uid,
    slot: Slot,
    [created, last_login]: [Option<Moment>; 2],
    tx: &mut Tx<'_>,
) -> Done<()> {
    let now = tx.now;
    let (account, _) = tx.account_of(uid)?;
    let before = account.user(slot)?.created;
    let created = past("created", created, None, now)?;
    let last_login = past("lastLogin", last_login, Some(created.unwrap_or(before)), now)?;
    let user = account.users.get_mut(slot).ok_or(Refusal::NoSuchUser)?;
    if let Some(created) = created {
        (user.created, user.updated) = (created, created);
        if let Some(profile) = &mut user.login {
            Arc::make_mut(profile).date(created);
        }
    }
    user.last_login = last_login.or(user.last_login);
    Ok(())
}

/// An AccessKey and its past. Missing fields keep their values.
#[apply(optional_input)]
pub struct ChangeKey {
    /// RAM user that owns it; by default the account itself.
    pub user: Option<UserName>,
    /// Place among the keys of the owner, from 0 on.
    pub index: usize,
    /// Id, instead of user and place.
    pub id: Option<AccessKeyId>,
    /// Time of creation: a time, or a span back (`-400d`).
    pub created: Option<Moment>,
    /// Time of the last use: a time, or a span back. A later call replaces it.
    pub last_used: Option<Moment>,
    /// Product of the last use: `Ecs`; by default `Ram`.
    pub last_used_service: Option<String>,
}

impl Of<ChangeKey> {
    pub(super) fn change(&self, tx: &mut Tx<'_>) -> Done {
        let ChangeKey { user, index, id, created, last_used, last_used_service } = self.words.clone();
        let which =
            Of { account: self.account.clone(), words: WhichKey { user, index, id, ..WhichKey::default() } };
        let (place, id) = which.find(|_| true, tx)?;
        KeyPast { created, last_used, service: last_used_service.as_deref() }.tell(place, &id, tx)?;
        Ok(format!("the key {id} was changed"))
    }
}

/// Past of an AccessKey.
#[derive(Debug, Clone, Copy)]
pub struct KeyPast<'a> {
    /// Time of creation.
    pub created: Option<Moment>,
    /// Time of the last use.
    pub last_used: Option<Moment>,
    /// Product of the last use.
    pub service: Option<&'a str>,
}

impl KeyPast<'_> {
    /// Sets the times of a key.
    pub fn tell(&self, place: Place, id: &AccessKeyId, tx: &mut Tx<'_>) -> Done<()> {
        let (now, version) = (tx.now, tx.state().version);
        if self.service.is_some() && self.last_used.is_none() {
            let why = "it is the product of `lastUsed`, which is missing";
            return Err(Unfit { word: "lastUsedService", why: why.to_owned() }.into());
        }
        let key = tx.account_of(place.uid)?.0.keys_of_mut(place.owner)?.get_mut(id)?;
        let created = past("created", self.created, None, now)?;
        let last_used = past("lastUsed", self.last_used, Some(created.unwrap_or(key.created)), now)?;
        if let Some(created) = created {
            (key.created, key.updated) = (created, created);
        }
        if let Some(at) = last_used {
            let product = self.service.unwrap_or("Ram").to_owned().into();
            key.told_use = Some(Arc::new(LastUse { at, product, version }));
        }
        Ok(())
    }
}

/// Returns a time that is not in the future, and not before the creation.
fn past(
    word: &'static str,
    moment: Option<Moment>,
    since: Option<Timestamp>,
    now: Timestamp,
) -> Done<Option<Timestamp>> {
    let Some(at) = moment.map(|moment| moment.at(now)) else { return Ok(None) };
    let why = if at > now {
        "it is in the future: a span back begins with `-`, such as -400d"
    } else if since.is_some_and(|since| at < since) {
        "it is before the creation: give `created`, too"
    } else {
        return Ok(Some(at));
    };
    Err(Unfit { word, why: why.to_owned() }.into())
}
