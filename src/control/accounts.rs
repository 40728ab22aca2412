//! Accounts, their state and their AccessKey page: the flows that have no public API. Source: facts/account.md 4.2 and 5.

use crate::control::{Answer, ControlError, InAccount, Shared, commit, json, ok, read, value};
use crate::scenario::cents;
use crate::text::{AccessKeyId, LoginName, Scalar, Timestamp, Uid, UserName};
use crate::world::account::{
    AccessKey, Account, KeyStatus, Owner, Place, Profile, RealNameStatus, Site, Status,
};
use crate::world::{Refusal, State as WorldState};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An account as the control API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountView {
    name: String,
    uid: Uid,
    site: Site,
    login_name: LoginName,
    status: Status,
    balance: f64,
    operator: bool,
    operated_by: Option<Uid>,
    created: Timestamp,
    real_name: RealNameView,
    users: Vec<String>,
    keys: Vec<KeyView>,
}

#[derive(Serialize)]
struct RealNameView {
    status: RealNameStatus,
    verified: bool,
}

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
    created: Timestamp,
}

impl KeyView {
    fn of(key: &AccessKey, user: Option<&UserName>) -> Self {
        Self {
            access_key_id: key.id.clone(),
            access_key_secret: None,
            user: user.cloned(),
            status: key.status,
            created: key.created,
        }
    }

    fn with_secret(mut self, key: &AccessKey) -> Self {
        self.access_key_secret = Some(key.material.secret().to_owned());
        self
    }
}

fn all_keys(account: &Account) -> impl Iterator<Item = (&AccessKey, Option<&UserName>)> {
    let own = account.keys.iter().map(|key| (key, None));
    own.chain(account.users.iter().flat_map(|(_, user)| user.keys.iter().map(|key| (key, Some(&user.name)))))
}

impl AccountView {
    /// Shows secrets of the keys that `seed` has, and of no other.
    pub(super) fn of(account: &Account, seed: &WorldState) -> Self {
        let shown = |(key, user): (&AccessKey, Option<&UserName>)| {
            let view = KeyView::of(key, user);
            if seed.credential(key.id.as_str()).is_some() { view.with_secret(key) } else { view }
        };
        #[expect(clippy::cast_precision_loss, reason = "amounts of money in a test are small")]
        let balance = account.standing().balance_cents() as f64 / 100.0;
        Self {
            name: account.label.to_string(),
            uid: account.uid,
            site: account.profile.site,
            login_name: account.profile.login_name.clone(),
            status: account.status(),
            balance,
            operator: account.is_operator,
            operated_by: account.operator,
            created: account.created,
            real_name: RealNameView {
                status: account.real_name.status(),
                verified: account.real_name.is_verified(),
            },
            users: account.users.iter().map(|(_, user)| user.name.to_string()).collect(),
            keys: all_keys(account).map(shown).collect(),
        }
    }
}

#[derive(Serialize)]
struct Accounts {
    accounts: Vec<AccountView>,
}

pub(super) async fn list(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    let world = control.world(&world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    let accounts =
        state.accounts.values().map(|account| AccountView::of(account, world.seed_state())).collect();
    Ok(ok(&Accounts { accounts }))
}

pub(super) async fn show(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    Ok(ok(&AccountView::of(state.account(path.uid()?)?, world.seed_state())))
}

/// What an account is registered with.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Register {
    #[serde(default = "china")]
    site: Site,
    login_name: Option<String>,
    email: Option<String>,
    mobile: Option<String>,
    country: Option<String>,
    /// UID of a partner that the account is to belong to.
    operated_by: Option<String>,
}

fn china() -> Site {
    Site::China
}

pub(super) async fn register(
    State(control): Shared,
    Path(world): Path<String>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let body: Register = read(&body)?;
    let option = |field, text: Option<&String>| text.map(|text| value(field, text)).transpose();
    let login_name = option("loginName", body.login_name.as_ref().or(body.email.as_ref()))?;
    let email = body.email.as_ref().map(|text| value("email", text)).transpose()?;
    let mobile = body.mobile.as_ref().map(|text| value("mobile", text)).transpose()?;
    let operator = body.operated_by.as_ref().map(|uid| value::<Uid>("operatedBy", uid)).transpose()?;
    let uid = commit(&world, |tx| {
        if let Some(operator) = operator {
            tx.state().account(operator)?;
        }
        let login_name = login_name.unwrap_or_else(|| tx.free_login_name("account"));
        let country =
            body.country.unwrap_or_else(|| if body.site == Site::China { "CN" } else { "SG" }.to_owned());
        let profile = Profile { email, mobile, ..Profile::new(body.site, login_name, &country) };
        let uid = tx.register(None, profile)?.uid;
        tx.set_operator(uid, operator)?;
        Ok(uid)
    })?;
    let state = world.state();
    Ok(json(StatusCode::CREATED, &AccountView::of(state.account(uid)?, world.seed_state())))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "AccountState")]
pub(super) struct SetState {
    status: Option<Status>,
    balance: Option<f64>,
}

pub(super) async fn set_state(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: SetState = read(&body)?;
    let uid = path.uid()?;
    let balance = body.balance.map(|balance| {
        cents(balance).ok_or_else(|| {
            ControlError::bad_request(
                "invalid_balance",
                format!("`balance`: `{balance}` is no amount of money"),
            )
        })
    });
    let balance = balance.transpose()?;
    commit(&world, |tx| Ok(tx.set_standing(uid, body.status, balance, None)?))?;
    let state = world.state();
    Ok(ok(&AccountView::of(state.account(uid)?, world.seed_state())))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "KeyOwner")]
pub(super) struct OfUser {
    user: Option<String>,
}

pub(super) async fn keys(
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
pub(super) async fn make_key(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
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
    status: KeyStatus,
}

pub(super) async fn change_key(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: ChangeKey = read(&body)?;
    let (uid, id) = (path.uid()?, key_id(&path)?);
    commit(&world, |tx| {
        let place = tx.place_of(uid, &id)?;
        Ok(tx.set_key_status(place, &id, body.status)?)
    })?;
    let state = world.state();
    let (key, user) =
        all_keys(state.account(uid)?).find(|(key, _)| key.id == id).ok_or(Refusal::NoSuchKey)?;
    Ok(ok(&KeyView::of(key, user)))
}

pub(super) async fn drop_key(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
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
