//! The AccessKey page of an account. Source: docs/evidence/account.md 4.2 and 5.

use crate::control::{Answer, InAccount, Shared, commit, json, ok, read, value};
use crate::text::{AccessKeyId, Scalar, Timestamp, UserName};
use crate::world::Refusal;
use crate::world::account::{AccessKey, Account, KeyStatus, Owner, Place};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A key as the control API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyView {
    access_key_id: AccessKeyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
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

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "KeyOwner")]
pub(super) struct OfUser {
    user: Option<String>,
}

pub(super) fn keys(
    State(control): Shared,
    Path(path): Path<InAccount>,
    Query(of): Query<OfUser>,
) -> Answer<Response> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Listed {
        access_keys: Vec<KeyView>,
    }
    let state = control.world(&path.world)?.state();
    let account = state.account(path.uid()?)?;
    let wanted = |user: Option<&UserName>| {
        of.user.as_deref().is_none_or(|of| user.is_some_and(|user| user.as_str() == of))
    };
    let access_keys = all_keys(account)
        .filter(|(_, user)| wanted(*user))
        .map(|(key, user)| KeyView::of(key, user))
        .collect();
    Ok(ok(&Listed { access_keys }))
}

/// The "Agree and Create" click: the one place where a secret is shown.
pub(super) fn make_key(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: OfUser = read(&body)?;
    let user: Option<UserName> = body.user.map(|name| value("user", &name)).transpose()?;
    let uid = path.uid()?;
    let key = commit(&world, |tx| {
        let account = tx.state().account(uid)?;
        let owner = user.as_ref().map_or(Ok(Owner::Root), |name| account.user_slot(name).map(Owner::User))?;
        Ok(tx.add_key(Place { uid, owner }, (None, None))?)
    })?;
    Ok(json(StatusCode::CREATED, &KeyView::of(&key, user.as_ref()).with_secret(&key)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "KeyChange")]
pub(super) struct ChangeKey {
    status: Option<KeyStatus>,
    /// Whether it has leaked.
    leaked: Option<bool>,
}

pub(super) fn change_key(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: ChangeKey = read(&body)?;
    let (uid, id) = (path.uid()?, key_id(&path)?);
    commit(&world, |tx| {
        let place = tx.place_of(uid, &id)?;
        if let Some(status) = body.status {
            tx.set_key_status(place, &id, status)?;
        }
        if let Some(leaked) = body.leaked {
            tx.set_key_leaked(place, &id, leaked)?;
        }
        Ok(())
    })?;
    let state = world.state();
    let (key, user) =
        all_keys(state.account(uid)?).find(|(key, _)| key.id == id).ok_or(Refusal::NoSuchKey)?;
    Ok(ok(&KeyView::of(key, user)))
}

pub(super) fn drop_key(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let (uid, id) = (path.uid()?, key_id(&path)?);
    commit(&world, |tx| {
        let place = tx.place_of(uid, &id)?;
        Ok(tx.remove_key(place, &id)?)
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn key_id(path: &InAccount) -> Answer<AccessKeyId> {
    AccessKeyId::parse(&path.id).map_err(|_| Refusal::NoSuchKey.into())
}
