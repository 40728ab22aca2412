//! The pages. Each file has the functions of one page and the templates beside it.

#![expect(clippy::unnecessary_wraps, reason = "the table of pages has one type of function")]

pub(super) mod clocks;
pub(super) mod coverage;
pub(super) mod diff;
pub(super) mod forgot;
pub(super) mod home;
pub(super) mod inbox;
pub(super) mod keys;
pub(super) mod login;
mod mail_pane;
pub(super) mod money;
pub(super) mod ram;
pub(super) mod real_name;
pub(super) mod requests;
pub(super) mod reviews;
pub(super) mod rules;
pub(super) mod scenario;
pub(super) mod security;
pub(super) mod settings;
pub(super) mod sign_up;
pub(super) mod start;
pub(super) mod token;
pub(super) mod trace;
pub(super) mod worlds;

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
    (GET, "/console/ram", ram::lead),
    (GET, "/console/ram/", ram::lead),
    (GET, "/console/ram/users", ram::users::show),
    (GET, "/console/ram/new-user", ram::users::new),
    (POST, "/console/ram/new-user", ram::users::create),
    (GET, "/console/ram/users/{}", ram::user::show),
    (POST, "/console/ram/users/{}/edit", ram::user::edit),
    (POST, "/console/ram/users/{}/login", ram::user::set_login),
    (POST, "/console/ram/users/{}/login/delete", ram::user::remove_login),
    (POST, "/console/ram/users/{}/mfa", ram::mfa::create),
    (POST, "/console/ram/users/{}/mfa/unbind", ram::mfa::unbind),
    (GET, "/console/ram/users/{}/device/{}", ram::mfa::show),
    (POST, "/console/ram/users/{}/device/{}", ram::mfa::bind),
    (POST, "/console/ram/users/{}/groups", ram::user::join),
    (POST, "/console/ram/users/{}/groups/leave", ram::user::leave),
    (POST, "/console/ram/users/{}/policies/attach", ram::attachments::attach),
    (POST, "/console/ram/users/{}/policies/detach", ram::attachments::detach),
    (POST, "/console/ram/users/{}/tags", ram::user::set_tag),
    (POST, "/console/ram/users/{}/tags/delete", ram::user::remove_tag),
    (GET, "/console/ram/users/{}/delete", ram::user::ask_delete),
    (POST, "/console/ram/users/{}/delete", ram::user::delete),
    (GET, "/console/ram/users/{}/keys", keys::show),
    (GET, "/console/ram/users/{}/keys/new", keys::agree),
    (POST, "/console/ram/users/{}/keys/new", keys::create),
    (GET, "/console/ram/users/{}/keys/{}/disable", keys::ask_disable),
    (POST, "/console/ram/users/{}/keys/{}/disable", keys::disable),
    (POST, "/console/ram/users/{}/keys/{}/enable", keys::enable),
    (GET, "/console/ram/users/{}/keys/{}/delete", keys::ask_delete),
    (POST, "/console/ram/users/{}/keys/{}/delete", keys::delete),
    (GET, "/console/ram/recycle-bin", ram::bin::show),
    (POST, "/console/ram/recycle-bin/{}/restore", ram::bin::restore),
    (GET, "/console/ram/recycle-bin/{}/delete", ram::bin::ask_purge),
    (POST, "/console/ram/recycle-bin/{}/delete", ram::bin::purge),
    (GET, "/console/ram/groups", ram::groups::show),
    (GET, "/console/ram/new-group", ram::groups::new),
    (POST, "/console/ram/new-group", ram::groups::create),
    (GET, "/console/ram/groups/{}", ram::groups::open),
    (POST, "/console/ram/groups/{}/edit", ram::groups::edit),
    (POST, "/console/ram/groups/{}/members", ram::groups::add_member),
    (POST, "/console/ram/groups/{}/members/remove", ram::groups::remove_member),
    (POST, "/console/ram/groups/{}/policies/attach", ram::attachments::attach),
    (POST, "/console/ram/groups/{}/policies/detach", ram::attachments::detach),
    (GET, "/console/ram/groups/{}/delete", ram::groups::ask_delete),
    (POST, "/console/ram/groups/{}/delete", ram::groups::delete),
    (GET, "/console/ram/policies", ram::policies::show),
    (GET, "/console/ram/new-policy", ram::policies::new),
    (POST, "/console/ram/new-policy", ram::policies::create),
    (POST, "/console/ram/check", ram::editor::check),
    (GET, "/console/ram/policies/{}/{}", ram::policy::show),
    (GET, "/console/ram/policies/{}/{}/edit", ram::policy::edit),
    (POST, "/console/ram/policies/{}/{}/edit", ram::policy::add_version),
    (POST, "/console/ram/policies/{}/{}/default", ram::policy::set_default),
    (POST, "/console/ram/policies/{}/{}/drop", ram::policy::drop_version),
    (POST, "/console/ram/policies/{}/{}/describe", ram::policy::describe),
    (GET, "/console/ram/policies/{}/{}/delete", ram::policy::ask_delete),
    (POST, "/console/ram/policies/{}/{}/delete", ram::policy::delete),
    (GET, "/console/ram/roles", ram::roles::show),
    (GET, "/console/ram/new-role", ram::roles::new),
    (POST, "/console/ram/new-role", ram::roles::create),
    (GET, "/console/ram/roles/{}", ram::role::show),
    (POST, "/console/ram/roles/{}/edit", ram::role::edit),
    (GET, "/console/ram/roles/{}/trust", ram::role::edit_trust),
    (POST, "/console/ram/roles/{}/trust", ram::role::set_trust),
    (POST, "/console/ram/roles/{}/policies/attach", ram::attachments::attach),
    (POST, "/console/ram/roles/{}/policies/detach", ram::attachments::detach),
    (GET, "/console/ram/roles/{}/delete", ram::role::ask_delete),
    (POST, "/console/ram/roles/{}/delete", ram::role::delete),
    (GET, "/console/ram/sessions", ram::sessions::show),
    (POST, "/console/ram/sessions/{}/expire", ram::sessions::expire),
    (POST, "/console/ram/sessions/{}/revoke", ram::sessions::revoke),
    (GET, "/console/ram/explain", ram::explain::show),
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
    (POST, "/start/create", worlds::create),
    (POST, "/start/fork", worlds::fork),
    (POST, "/start/reset", worlds::reset),
    (POST, "/start/delete", worlds::delete),
    (GET, "/scenario", scenario::show),
    (POST, "/scenario/check", scenario::check),
    (POST, "/scenario/open", scenario::open),
    (POST, "/scenario/load", scenario::load),
    (POST, "/scenario/run", scenario::run),
    (GET, "/scenario/export", scenario::export),
    (GET, "/scenario/gallery", scenario::gallery),
    (GET, "/coverage", coverage::show),
    (GET, "/diff", diff::show),
    (POST, "/diff/take", diff::take),
    (POST, "/diff/restore", diff::restore),
    (POST, "/diff/delete", diff::remove),
    (GET, "/settings", settings::show),
    (POST, "/settings/{}", settings::save),
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
