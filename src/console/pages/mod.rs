//! The pages. Each file has the functions of one page and the templates beside it.

#![expect(clippy::unnecessary_wraps, reason = "the table of pages has one type of function")]

pub(super) mod clocks;
pub(super) mod forgot;
pub(super) mod home;
pub(super) mod inbox;
pub(super) mod keys;
pub(super) mod login;
mod mail_pane;
pub(super) mod money;
pub(super) mod real_name;
pub(super) mod requests;
pub(super) mod reviews;
pub(super) mod rules;
pub(super) mod security;
pub(super) mod sign_up;
pub(super) mod start;
pub(super) mod token;
pub(super) mod trace;

use crate::console::Row;
use crate::console::texts::Lang;
use crate::console::visit::{Shown, Visit, is_back, redirect};
use askama::Template;
use axum::response::Response;
use http::{Method, StatusCode};

const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// All pages.
pub(super) const ALL: &[Row] = &[
    (GET, "/", start::show),
    (GET, "/start", start::lead),
    (GET, "/console", home::lead),
    (GET, token::PATH, token::lead),
    (POST, token::PATH, token::lead),
    (GET, "/console/lang", speak),
    (GET, "/console/", home::show),
    (GET, "/console/login", login::show),
    (GET, "/console/login/{}", login::show),
    (POST, "/console/login", login::submit),
    (POST, "/console/login/password", login::set_password),
    (POST, "/console/log-out", login::log_out),
    (GET, "/console/forgot", forgot::show),
    (POST, "/console/forgot", forgot::submit),
    (GET, "/console/sign-up", sign_up::show),
    (POST, "/console/sign-up", sign_up::submit),
    (GET, "/console/keys", keys::show),
    (GET, "/console/keys/new", keys::agree),
    (POST, "/console/keys/new", keys::create),
    (GET, "/console/keys/{}/disable", keys::ask_disable),
    (POST, "/console/keys/{}/disable", keys::disable),
    (POST, "/console/keys/{}/enable", keys::enable),
    (GET, "/console/keys/{}/delete", keys::ask_delete),
    (POST, "/console/keys/{}/delete", keys::delete),
    (GET, "/console/real-name", real_name::show),
    (POST, "/console/real-name", real_name::submit),
    (POST, "/console/real-name/cancel", real_name::cancel),
    (POST, "/console/real-name/amount", real_name::amount),
    (GET, "/console/certification/{}", real_name::show_link),
    (POST, "/console/certification/{}", real_name::submit_link),
    (GET, "/console/security", security::show),
    (POST, "/console/security/password", security::password),
    (POST, "/console/security/contacts", security::contacts),
    (POST, "/console/security/session", security::session),
    (POST, "/console/security/bind", security::bind),
    (POST, "/console/security/unbind", security::unbind),
    (GET, "/console/money", money::show),
    (POST, "/console/money/recharge", money::recharge),
    (POST, "/console/money/close", money::close),
    (POST, "/console/money/stay", money::stay),
    (GET, "/requests", requests::show),
    (GET, "/requests/stream", requests::stream),
    (GET, "/requests/{}", trace::show),
    (GET, "/rules", rules::show),
    (POST, "/rules", rules::add),
    (POST, "/rules/{}/switch", rules::switch),
    (POST, "/rules/{}/delete", rules::remove),
    (GET, "/clocks", clocks::show),
    (POST, "/clocks/advance", clocks::advance),
    (POST, "/clocks/set", clocks::set),
    (GET, "/inbox", inbox::show),
    (POST, "/inbox/confirm", inbox::confirm),
    (GET, "/reviews", reviews::show),
    (POST, "/reviews/{}/{}", reviews::decide),
];

/// A sentence.
#[derive(Template)]
#[template(source = "<p data-testid=\"message\">{{ text }}</p>", ext = "html")]
struct Message<'a> {
    text: &'a str,
}

/// Shows a title and a sentence.
pub(super) fn message(v: &Visit<'_>, status: StatusCode, title: &str, text: &str) -> Response {
    v.page_with(status, title, &Message { text }, &[])
}

/// Changes the language, and goes back.
fn speak(v: &Visit<'_>) -> Shown {
    let back = v.query.get("back");
    let path = back.split('?').next().unwrap_or_default();
    let mut response = redirect(if is_back(path) { back } else { "/_alimock/" });
    if let Some(lang) = Lang::named(v.query.get("to")) {
        v.speak(&mut response, lang);
    }
    Ok(response)
}
