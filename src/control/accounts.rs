//! Accounts: register, look, change, and how they stand. Source: docs/evidence/account.md 4.2.

use crate::control::account_view::AccountView;
use crate::control::{Answer, ControlError, InAccount, Shared, commit, json, ok, option, read};
use crate::text::{AccountAlias, Email, LoginName, MobilePhone, Password, Site, Span, Uid, cents_of};
use crate::world::account::{Hold, IpMask, Profile, Protection, ShutdownPolicy, Status};
use crate::world::{Contacts, Registration, SetSecurity, SetState};
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The detail that holds the language. Source: docs/evidence/account.md 3.1, `ChangePreferredLanguage`.
const LANGUAGE: &str = "PreferredLanguage";
/// The detail that holds whose the account is said to be. Source: docs/evidence/account.md 1.2.
const KIND: &str = "AccountAttr";

#[derive(Serialize)]
struct Accounts {
    accounts: Vec<AccountView>,
}

pub(super) fn list(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    let world = control.world(&world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    let accounts =
        state.accounts.values().map(|account| AccountView::of(account, world.seed_state())).collect();
    Ok(ok(&Accounts { accounts }))
}

pub(super) fn show(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    Ok(ok(&AccountView::of(state.account(path.uid()?)?, world.seed_state())))
}

/// What an account is registered with.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Registration")]
pub(super) struct Register {
    #[serde(default = "Site::china")]
    site: Site,
    login_name: Option<String>,
    email: Option<String>,
    mobile: Option<String>,
    /// ISO alpha-2 code; the International site needs it.
    country: Option<String>,
    /// Without one nobody can log in to the console.
    password: Option<String>,
    /// The code that was sent to the e-mail, or else to the mobile.
    captcha: Option<String>,
    account_type: Option<Kind>,
    /// UID of a partner that the account is to belong to.
    operated_by: Option<String>,
}

/// Whose an account is said to be. Source: docs/evidence/account.md 1.2.
#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "AccountType")]
enum Kind {
    Individual,
    Enterprise,
}

pub(super) fn register(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let body: Register = read(&body)?;
    let email = option::<Email>("email", body.email.as_ref())?;
    let login_name = option::<LoginName>("loginName", body.login_name.as_ref().or(body.email.as_ref()))?;
    let mobile = option::<MobilePhone>("mobile", body.mobile.as_ref())?;
    let operator = option::<Uid>("operatedBy", body.operated_by.as_ref())?;
    let password = option::<Password>("password", body.password.as_ref())?;
    let country = match (option("country", body.country.as_ref())?, body.site) {
        (Some(country), _) => country,
        (None, Site::China) => Site::China.usual_country(),
        (None, Site::International) => {
            let why = "`country`: an account of the International site is registered in a country";
            return Err(ControlError::bad_request("missing_country", why).hint("give its code, such as SG"));
        }
    };
    let uid = commit(&world, |tx| {
        if let Some(operator) = operator {
            tx.state().account(operator)?;
        }
        let login_name = login_name.unwrap_or_else(|| tx.free_login_name("account"));
        let profile = Profile { email, mobile, country, ..Profile::new(body.site, login_name) };
        let uid = tx.sign_up(Registration { profile, password, captcha: body.captcha })?;
        tx.set_partner(uid, operator)?;
        if let Some(kind) = body.account_type {
            tx.set_details(uid, [(KIND, if matches!(kind, Kind::Individual) { "0" } else { "1" })])?;
        }
        Ok(uid)
    })?;
    let state = world.state();
    Ok(json(StatusCode::CREATED, &AccountView::of(state.account(uid)?, world.seed_state())))
}

/// What is changed of an account; what is not given stays.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "AccountChange")]
pub(super) struct Change {
    login_name: Option<String>,
    /// The first label of the logon domain.
    alias: Option<String>,
    email: Option<String>,
    mobile: Option<String>,
    country: Option<String>,
    language: Option<String>,
    /// How long a log-in lasts, in whole seconds.
    session_expires: Option<Span>,
    /// From where the console may be reached.
    ip_mask: Option<IpMask>,
    /// Whether the security mobile may be used to log in.
    mobile_login: Option<bool>,
    /// What guards sensitive operations.
    protection: Option<Protection>,
}

pub(super) fn change(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    let body: Change = read(&body)?;
    let login_name = option::<LoginName>("loginName", body.login_name.as_ref())?;
    let alias = option::<AccountAlias>("alias", body.alias.as_ref())?;
    let email = option("email", body.email.as_ref())?;
    let mobile = option("mobile", body.mobile.as_ref())?;
    let country = option("country", body.country.as_ref())?;
    let security = SetSecurity {
        ip_mask: body.ip_mask,
        session_expires: body.session_expires,
        mobile_login: body.mobile_login,
        protection: body.protection,
        ..SetSecurity::default()
    };
    if let Some(flaw) = security.flaw() {
        return Err(ControlError::bad_request("invalid_session_expires", flaw));
    }
    commit(&world, |tx| {
        tx.open_account(uid)?;
        if let Some(name) = login_name {
            tx.rename_account(uid, name)?;
        }
        if alias.is_some() {
            tx.set_alias(uid, alias)?;
        }
        tx.set_contacts(uid, Contacts { email, mobile })?;
        if let Some(country) = country {
            tx.set_country(uid, country)?;
        }
        tx.set_details(uid, body.language.as_deref().map(|language| (LANGUAGE, language)))?;
        Ok(security.apply(uid, tx)?)
    })?;
    let state = world.state();
    Ok(ok(&AccountView::of(state.account(uid)?, world.seed_state())))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "AccountState")]
pub(super) struct NewState {
    status: Option<Status>,
    balance: Option<f64>,
    /// How deep it may be in debt.
    credit_line: Option<f64>,
    /// What becomes of services once the credit is used up.
    shutdown_policy: Option<ShutdownPolicy>,
    /// What is held against it: this and, when a state is given, what that says.
    holds: Option<Vec<Hold>>,
}

/// An amount in hundredths.
pub(super) fn money(field: &str, code: &'static str, amount: f64) -> Answer<i64> {
    cents_of(amount).ok_or_else(|| {
        ControlError::bad_request(code, format!("`{field}`: `{amount}` is no amount of money"))
    })
}

pub(super) fn set_state(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: NewState = read(&body)?;
    let uid = path.uid()?;
    let balance = body.balance.map(|amount| money("balance", "invalid_balance", amount)).transpose()?;
    let credit = body.credit_line.map(|amount| money("creditLine", "invalid_credit_line", amount));
    let wanted = SetState {
        account: None,
        status: body.status,
        balance_cents: balance,
        credit_cents: credit.transpose()?,
        shutdown_policy: body.shutdown_policy,
        holds: body.holds,
    };
    commit(&world, |tx| Ok(wanted.apply(uid, tx)?))?;
    let state = world.state();
    Ok(ok(&AccountView::of(state.account(uid)?, world.seed_state())))
}
