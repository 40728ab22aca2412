//! Security of the owner's log-in: password, contacts, MFA device, duration of a log-in. Source: docs/evidence/account.md 1.5.

use crate::console::visit::{Shown, Trouble, Visit};
use crate::text::{Email, MobilePhone, Scalar, Span, parse_duration};
use crate::world::account::Account;
use crate::world::{Act, BindMfa, ChangeAccount, Command, SetPassword, SetSecurity, WhichAccount};
use askama::Template;
use http::StatusCode;

/// A device that was bound a moment ago.
struct Fresh {
    seed: String,
    side: usize,
    path: String,
}

#[derive(Template)]
#[template(path = "security.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    account: &'a Account,
    email: &'a str,
    mobile: &'a str,
    hours: String,
    fresh: Option<Fresh>,
    error: Option<String>,
}

/// Shows the page.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, StatusCode::OK, None, None)
}

fn page(v: &Visit<'_>, status: StatusCode, fresh: Option<Fresh>, error: Option<String>) -> Shown {
    let account = v.own_account()?;
    let (profile, uid) = (&account.profile, account.uid);
    let page = Page {
        v,
        account,
        email: profile.email.as_ref().map(Email::as_str).unwrap_or_default(),
        mobile: profile.mobile.as_ref().map(MobilePhone::as_str).unwrap_or_default(),
        hours: account.security.session_seconds.map(|seconds| format!("{}m", seconds / 60)).unwrap_or_default(),
        fresh,
        error,
    };
    let account = format!("/accounts/{uid}");
    let recipes = [
        v.recipe("PUT", &format!("{account}/password"), r#"{"password": "Passw0rd!2"}"#),
        v.recipe("POST", &format!("{account}/mfa"), "{}"),
        v.recipe("DELETE", &format!("{account}/mfa"), ""),
        v.recipe("PATCH", &account, r#"{"security": {"sessionExpires": "30m"}}"#),
    ];
    Ok(v.page_with(status, v.t.security, &page, &recipes))
}

fn wrong(v: &Visit<'_>, why: String) -> Shown {
    page(v, StatusCode::UNPROCESSABLE_ENTITY, None, Some(why))
}

/// Changes the password, which ends the log-ins of the account.
pub(crate) fn password(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let words =
        SetPassword { password: v.form.raw("password").to_owned(), old: Some(v.form.raw("old").to_owned()) };
    match v.act(|tx| words.act(uid, tx)) {
        Ok(()) => Ok(v.go("/console/login", "done_password")),
        Err(why) => wrong(v, why),
    }
}

/// Changes contacts and the duration of a log-in.
pub(crate) fn contacts(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let Ok(email) = v.form.given("email").map(Email::parse).transpose() else {
        return wrong(v, v.t.wrong_email.to_owned());
    };
    let Ok(mobile) = v.form.given("mobile").map(MobilePhone::parse).transpose() else {
        return wrong(v, v.t.wrong_mobile.to_owned());
    };
    let Ok(session) = v.form.given("session").map(parse_duration).transpose() else {
        return wrong(v, v.t.wrong_span.to_owned());
    };
    let security = session.map(|span| SetSecurity { session_expires: Some(Span(span)), ..SetSecurity::default() });
    let words = ChangeAccount { email, mobile, security, ..ChangeAccount::default() };
    match v.act(|tx| words.act(uid, tx)) {
        Ok(()) => Ok(v.go("/console/security", "done_saved")),
        Err(why) => wrong(v, why),
    }
}

/// Binds a device, and shows its key once.
pub(crate) fn bind(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    match v.act(|tx| BindMfa::default().act(account.uid, tx)) {
        Ok(seed) => {
            let seed = seed.base32();
            let uri = format!("otpauth://totp/{}?secret={seed}&issuer=Aliyun", account.uid);
            let (side, path) = crate::qr::svg(&uri);
            page(&v.renewed(), StatusCode::OK, Some(Fresh { seed, side, path }), None)
        }
        Err(why) => wrong(v, why),
    }
}

/// Unbinds the device.
pub(crate) fn unbind(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let command = Command::UnbindMfa(WhichAccount::named(&uid.to_string()));
    match v.act(|tx| command.run(tx)) {
        Ok(_) => Ok::<_, Trouble>(v.go("/console/security", "done_saved")),
        Err(why) => wrong(v, why),
    }
}
