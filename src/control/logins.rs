//! Login of an account's owner and of RAM users: codes by e-mail and SMS, the outbox, logins, password, MFA device. Source:
//! docs/evidence/account.md 1.5 and 4.2.

use crate::attributes::{apply, input, view};
use crate::control::call::{Id, InWorld, Input};
use crate::control::{Answer, ControlError, InAccount, commit, done, field, json, listed, settled};
use crate::text::{Password, Timestamp, Uid};
use crate::world::State as WorldState;
use crate::world::account::Seed;
use crate::world::outbox::{Channel, Message};
use crate::world::{BindMfa, Command, ConsoleLogin, LogIn, SendCaptcha, SetPassword};
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::net::{IpAddr, Ipv4Addr};

pub(super) fn send_captcha(InWorld(world): InWorld, Input(captcha): Input<SendCaptcha>) -> Answer<Response> {
    commit(&world, |tx| Ok(captcha.act(tx)?))?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Filter of messages.
#[apply(input)]
#[schemars(rename = "MessagesWanted")]
pub(super) struct Wanted {
    /// Channel: `sms`, `email` or `bank`.
    #[schemars(with = "Option<String>")]
    channel: Option<Channel>,
    to: Option<String>,
}

/// Lists messages that alimock would have sent, oldest first.
pub(super) fn outbox(InWorld(world): InWorld, Query(wanted): Query<Wanted>) -> Response {
    let state = settled(&world);
    let fits = |message: &&Message| {
        wanted.channel.is_none_or(|channel| channel == message.channel)
            && wanted.to.as_deref().is_none_or(|to| to == message.to)
    };
    listed("messages", state.registry.outbox.iter().map(|one| &**one).filter(fits))
}

#[apply(input)]
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

#[apply(view)]
struct LoginView<'a> {
    ticket: &'a str,
    uid: Uid,
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

pub(super) fn log_in(InWorld(world): InWorld, Input(body): Input<Show>) -> Answer<Response> {
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
    Seed::code_of(text).ok_or_else(|| {
        ControlError::bad_request("invalid_mfa_code", format!("`mfaCode`: `{text}` is not six digits"))
    })
}

pub(super) fn logins(InWorld(world): InWorld) -> Response {
    let state = settled(&world);
    let all = state.registry.logins.iter();
    listed("logins", all.filter_map(|(ticket, login)| LoginView::of(ticket, login, &state)))
}

pub(super) fn log_out(InWorld(world): InWorld, Id(ticket): Id) -> Answer<Response> {
    commit(&world, |tx| Ok(tx.log_out(&ticket)?))?;
    Ok(done())
}

pub(super) fn set_password(path: InAccount, Input(words): Input<SetPassword>) -> Answer<Response> {
    path.act(&words)?;
    Ok(done())
}

pub(super) fn bind_mfa(path: InAccount, Input(words): Input<BindMfa>) -> Answer<Response> {
    let seed = path.act(&words)?;
    Ok(json(StatusCode::CREATED, &field("seed", seed)))
}

pub(super) fn unbind_mfa(path: InAccount) -> Answer<Response> {
    path.change(Command::UnbindMfa)
}
