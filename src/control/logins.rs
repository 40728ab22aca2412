//! Login of an account's owner and of RAM users: codes by e-mail and SMS, the outbox, logins, password, MFA device. Source:
//! docs/evidence/account.md 1.5 and 4.2.

use crate::control::{Answer, ControlError, InAccount, Shared, act, change, commit, json, ok, read};
use crate::text::{Password, Timestamp, Uid};
use crate::world::State as WorldState;
use crate::world::account::Seed;
use crate::world::outbox::{Channel, Message};
use crate::world::{BindMfa, Command, ConsoleLogin, LogIn, SendCaptcha, SetPassword};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr};

pub(super) fn send_captcha(
    State(control): Shared,
    Path(world): Path<String>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let captcha: SendCaptcha = read(&body)?;
    commit(&world, |tx| Ok(captcha.act(tx)?))?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Filter of messages.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "MessagesWanted")]
pub(super) struct Wanted {
    /// Channel: `sms`, `email` or `bank`.
    #[schemars(with = "Option<String>")]
    channel: Option<Channel>,
    to: Option<String>,
}

/// Lists messages that alimock would have sent, oldest first.
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
    /// Login name, e-mail, or mobile number if the account allows it; or the logon name of a RAM user: `ci@shop`.
    login: String,
    password: String,
    /// Six-digit code of the MFA device.
    mfa_code: Option<String>,
    /// Password that replaces `password`, which must be changed.
    new_password: Option<String>,
    /// Client address; default: this machine.
    address: Option<IpAddr>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoginView<'a> {
    ticket: &'a str,
    uid: Uid,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    since: Timestamp,
    expires_at: Timestamp,
}

impl<'a> LoginView<'a> {
    /// Builds the view; `None` if the RAM user was deleted.
    fn of(ticket: &'a str, login: &ConsoleLogin, state: &'a WorldState) -> Option<Self> {
        let user = match login.user {
            Some(slot) => Some(state.account(login.uid).ok()?.user(slot).ok()?.name.as_str()),
            None => None,
        };
        Some(Self { ticket, uid: login.uid, user, since: login.since, expires_at: login.expires })
    }
}

pub(super) fn log_in(State(control): Shared, Path(world): Path<String>, body: Bytes) -> Answer<Response> {
    let world = control.world(&world)?;
    let body: Show = read(&body)?;
    let shown = LogIn {
        login: &body.login,
        password: Password::new(&body.password),
        mfa_code: body.mfa_code.as_deref().map(code).transpose()?,
        new_password: body.new_password.as_deref().map(Password::new),
        address: body.address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
    };
    // A wrong password counts, so changes of a refused login are kept.
    let (ticket, login) = commit(&world, |tx| Ok(tx.log_in(&shown)))??;
    Ok(json(StatusCode::CREATED, &LoginView::of(&ticket, &login, &world.state())))
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
    let all = state.registry.logins.iter();
    let logins = all.filter_map(|(ticket, login)| LoginView::of(ticket, login, &state)).collect();
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

pub(super) fn set_password(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    act(&*control.world(&path.world)?, &path, &read::<SetPassword>(&body)?)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) fn bind_mfa(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    #[derive(Serialize)]
    struct Bound {
        seed: Seed,
    }
    let seed = act(&*control.world(&path.world)?, &path, &read::<BindMfa>(&body)?)?;
    Ok(json(StatusCode::CREATED, &Bound { seed }))
}

pub(super) fn unbind_mfa(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    change(&control, &path, Command::UnbindMfa)
}
