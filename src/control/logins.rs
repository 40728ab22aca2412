//! How an owner gets in: codes by e-mail and SMS and where they arrive, log-ins, password, MFA device. Source: docs/evidence/account.md
//! 1.5 and 4.2.

use crate::control::{Answer, ControlError, InAccount, Shared, commit, json, ok, read, value};
use crate::text::{Email, MobilePhone, Password, Timestamp, Uid};
use crate::world::account::Seed;
use crate::world::outbox::{Channel, Message};
use crate::world::{ConsoleLogin, LogIn};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "CaptchaWanted")]
pub(super) struct Captcha {
    channel: Channel,
    /// Mobile or e-mail address.
    target: String,
    /// What for: `register`.
    #[serde(default)]
    scene: String,
}

pub(super) fn send_captcha(
    State(control): Shared,
    Path(world): Path<String>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let body: Captcha = read(&body)?;
    match body.channel {
        Channel::Email => drop(value::<Email>("target", &body.target)?),
        Channel::Sms => drop(value::<MobilePhone>("target", &body.target)?),
        Channel::Bank => {
            let why = "`channel`: a code goes by `email` or `sms`";
            return Err(ControlError::bad_request("invalid_channel", why));
        }
    }
    commit(&world, |tx| Ok(tx.send_captcha(body.channel, &body.target, &body.scene)?))?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Which messages are wanted.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "MessagesWanted")]
pub(super) struct Wanted {
    /// `sms`, `email` or `bank`.
    #[schemars(with = "Option<String>")]
    channel: Option<Channel>,
    to: Option<String>,
}

/// What would have been sent, oldest first.
pub(super) fn outbox(
    State(control): Shared,
    Path(world): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer<Response> {
    #[derive(Serialize)]
    struct Listed<'a> {
        messages: Vec<&'a Message>,
    }
    let world = control.world(&world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    let fits = |message: &&Message| {
        wanted.channel.is_none_or(|channel| channel == message.channel)
            && wanted.to.as_deref().is_none_or(|to| to == message.to)
    };
    Ok(ok(&Listed { messages: state.registry.outbox.iter().map(|one| &**one).filter(fits).collect() }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "LoginWanted")]
pub(super) struct Show {
    /// Login name, e-mail, or mobile where that is allowed.
    login: String,
    password: String,
    /// The six digits that the MFA device shows.
    mfa_code: Option<String>,
    /// From where it comes; this machine when not given.
    address: Option<IpAddr>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoginView<'a> {
    ticket: &'a str,
    uid: Uid,
    since: Timestamp,
    expires_at: Timestamp,
}

impl<'a> LoginView<'a> {
    fn of(ticket: &'a str, login: &ConsoleLogin) -> Self {
        Self { ticket, uid: login.uid, since: login.since, expires_at: login.expires }
    }
}

pub(super) fn log_in(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let body: Show = read(&body)?;
    let shown = LogIn {
        login: &body.login,
        password: value("password", &body.password)?,
        mfa_code: body.mfa_code.as_deref().map(code).transpose()?,
        address: body.address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
    };
    // A wrong password counts, so what a refusal leaves is kept.
    let (ticket, login) = commit(&world, |tx| Ok(tx.log_in(&shown)))??;
    Ok(json(StatusCode::CREATED, &LoginView::of(&ticket, &login)))
}

fn code(text: &str) -> Answer<u32> {
    let digits = Some(text).filter(|text| text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| {
        ControlError::bad_request("invalid_mfa_code", format!("`mfaCode`: `{text}` is not six digits"))
    })
}

pub(super) fn logins(State(control): Shared, Path(world): Path<String>) -> Answer<Response> {
    #[derive(Serialize)]
    struct Listed<'a> {
        logins: Vec<LoginView<'a>>,
    }
    let world = control.world(&world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    let logins = state.registry.logins.iter().map(|(ticket, login)| LoginView::of(ticket, login)).collect();
    Ok(ok(&Listed { logins }))
}

pub(super) fn log_out(
    State(control): Shared,
    Path((world, ticket)): Path<(String, String)>,
) -> Answer<Response> {
    let world = control.world(&world)?;
    commit(&world, |tx| Ok(tx.log_out(&ticket)?))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "PasswordChange")]
pub(super) struct NewPassword {
    /// The new one.
    new: String,
    /// The present one, which is checked; without it an administrator sets the password.
    old: Option<String>,
}

pub(super) fn set_password(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    let body: NewPassword = read(&body)?;
    let new: Password = value("new", &body.new)?;
    let old: Option<Password> = body.old.map(|old| value("old", &old)).transpose()?;
    commit(&world, |tx| match &old {
        Some(old) => Ok(tx.change_password(uid, old, &new)?),
        None => Ok(tx.set_password(uid, &new)?),
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "MfaDevice")]
pub(super) struct Device {
    /// In Base32; generated when not given.
    seed: Option<String>,
}

pub(super) fn bind_mfa(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    #[derive(Serialize)]
    struct Bound {
        seed: String,
    }
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    let body: Device = read(&body)?;
    let seed = body.seed.map(|seed| {
        Seed::from_base32(&seed).ok_or_else(|| {
            ControlError::bad_request("invalid_seed", "`seed`: a seed is Base32 of 16 to 64 characters")
        })
    });
    let seed = seed.transpose()?;
    let seed = commit(&world, |tx| Ok(tx.bind_mfa(uid, seed)?))?;
    Ok(json(StatusCode::CREATED, &Bound { seed: seed.base32() }))
}

pub(super) fn unbind_mfa(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    commit(&world, |tx| Ok(tx.unbind_mfa(uid)?))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
