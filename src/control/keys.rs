//! The AccessKey page of an account. Source: docs/evidence/account.md 4.2 and 5.

use crate::attributes::{apply, input, view};
use crate::control::call::Input;
use crate::control::{Answer, InAccount, commit, done, json, ok};
use crate::text::{AccessKeyId, Scalar, Timestamp, UserName};
use crate::world::account::{AccessKey, Account, KeyStatus};
use crate::world::{AddKey, Command, Of, Refusal, WhichKey};
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;

/// View of a key in the control API.
#[apply(view)]
pub(super) struct KeyView {
    access_key_id: AccessKeyId,
    access_key_secret: Option<String>,
    user: Option<UserName>,
    status: KeyStatus,
    leaked: bool,
    created: Timestamp,
}

impl KeyView {
    pub(super) fn of(key: &AccessKey, user: Option<&UserName>) -> Self {
        Self {
            access_key_id: key.id.clone(),
            access_key_secret: None,
            user: user.cloned(),
            status: key.status,
            leaked: key.leaked,
            created: key.created,
        }
    }

    pub(super) fn with_secret(mut self, key: &AccessKey) -> Self {
        self.access_key_secret = Some(key.material.secret().to_owned());
        self
    }
}

pub(super) fn all_keys(account: &Account) -> impl Iterator<Item = (&AccessKey, Option<&UserName>)> {
    let own = account.keys.iter().map(|key| (key, None));
    own.chain(account.users.iter().flat_map(|(_, user)| user.keys.iter().map(|key| (key, Some(&user.name)))))
}

/// Owner of the keys to list.
#[apply(input)]
#[schemars(rename = "KeyOwner")]
pub(super) struct OfUser {
    user: Option<String>,
}

pub(super) fn keys(path: InAccount, Query(of): Query<OfUser>) -> Answer<Response> {
    #[apply(view)]
    struct Listed {
        access_keys: Vec<KeyView>,
    }
    let (path, named) = path.with_user()?;
    let state = path.world.state();
    let account = path.of(&state)?;
    let wanted = |user: Option<&UserName>| {
        let of = of.user.as_deref().or(named.as_ref().map(UserName::as_str));
        of.is_none_or(|of| user.is_some_and(|user| user.as_str() == of))
    };
    let access_keys = all_keys(account)
        .filter(|(_, user)| wanted(*user))
        .map(|(key, user)| KeyView::of(key, user))
        .collect();
    Ok(ok(&Listed { access_keys }))
}

/// Creates a key, like "Agree and Create" in the console. Only this response contains the secret.
pub(super) fn make_key(path: InAccount, Input(mut new): Input<AddKey>) -> Answer<Response> {
    let (path, named) = path.with_user()?;
    new.user = new.user.or(named);
    let key = path.act(&new)?;
    Ok(json(StatusCode::CREATED, &KeyView::of(&key, new.user.as_ref()).with_secret(&key)))
}

/// Changes of an AccessKey.
#[apply(input)]
#[schemars(rename = "KeyChange")]
pub(super) struct ChangeKey {
    /// The new status.
    status: Option<KeyStatus>,
    /// The `leaked` flag.
    leaked: Option<bool>,
}

pub(super) fn change_key(path: InAccount, Input(body): Input<ChangeKey>) -> Answer<Response> {
    let (path, _) = path.with_user()?;
    commit(&path.world, |tx| {
        let which = which(&path)?;
        if let Some(status) = body.status {
            let is_on = status == KeyStatus::Active;
            (if is_on { Command::EnableKey } else { Command::DisableKey })(which.clone()).run(tx)?;
        }
        if let Some(leaked) = body.leaked {
            (if leaked { Command::LeakKey } else { Command::UnleakKey })(which).run(tx)?;
        }
        Ok(())
    })?;
    let state = path.world.state();
    let is_that = |key: &AccessKey| key.id.as_str() == path.id;
    let (key, user) = all_keys(path.of(&state)?).find(|(key, _)| is_that(key)).ok_or(Refusal::NoSuchKey)?;
    Ok(ok(&KeyView::of(key, user)))
}

pub(super) fn drop_key(path: InAccount) -> Answer<Response> {
    let (path, _) = path.with_user()?;
    commit(&path.world, |tx| Ok(Command::DeleteKey(which(&path)?).run(tx)?))?;
    Ok(done())
}

/// Returns the key that a path names.
fn which(path: &InAccount) -> Answer<Of<WhichKey>> {
    let id = AccessKeyId::parse(&path.id).map_err(|_| Refusal::NoSuchKey)?;
    Ok(Of { account: Some(path.account.clone()), words: WhichKey { id: Some(id), ..WhichKey::default() } })
}
