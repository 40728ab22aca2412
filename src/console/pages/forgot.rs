//! A forgotten password: a code to the security e-mail address or mobile allows a new one. Source:
//! docs/evidence/account.md 1.5 (UNCERTAIN: the steps of the real page).

use crate::console::pages::mail_pane::{MailPane, pane};
use crate::console::visit::{Shown, Visit};
use crate::text::{Contact, Email, MobilePhone, Password, Scalar};
use crate::world::account::Account;
use crate::world::{Refusal, SendCaptcha};
use askama::Template;
use axum::response::Response;
use http::StatusCode;

#[derive(Template)]
#[template(path = "forgot.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    login: &'a str,
    error: Option<String>,
    is_sent: bool,
    pane: Option<MailPane<'a>>,
}

/// Purpose of the code.
const SCENE: &str = "reset_password";

/// Shows the form.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    Ok(page(v, StatusCode::OK, None, false))
}

fn page(v: &Visit<'_>, status: StatusCode, error: Option<String>, is_sent: bool) -> Response {
    let contact = account(v).and_then(contact);
    let mails = contact.filter(|_| is_sent || error.is_some()).map(|contact| pane(v, contact.as_str()));
    let content = Page { v, login: v.form.get("login"), error, is_sent, pane: mails };
    v.page_with(status, v.t.forgot_title, &content, &[])
}

fn account<'a>(v: &'a Visit<'_>) -> Option<&'a Account> {
    v.state.account_with_login(v.form.get("login"))
}

/// Returns the contact that gets the code.
fn contact(account: &Account) -> Option<Contact> {
    let email = account.profile.email.as_ref().and_then(|email| Email::parse(email.as_str()).ok());
    let mobile =
        || account.profile.mobile.as_ref().and_then(|mobile| MobilePhone::parse(mobile.as_str()).ok());
    email.map(Contact::Email).or_else(|| mobile().map(Contact::Mobile))
}

/// Sends the code, or sets the password.
pub(crate) fn submit(v: &Visit<'_>) -> Shown {
    let wrong = |error: String| Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(error), false));
    let Some(account) = account(v) else {
        return wrong(v.why(&Refusal::NoSuchAccount.into()));
    };
    let Some(to) = contact(account) else { return wrong(v.t.no_contact.to_owned()) };
    if v.form.get("step") == "send" {
        let captcha = SendCaptcha { to, scene: SCENE.to_owned() };
        return match v.act(|tx| captcha.act(tx)) {
            // The message is in the state after the change.
            Ok(_) => Ok(page(&v.renewed(), StatusCode::OK, None, true)),
            Err(why) => wrong(why),
        };
    }
    let set = v.act(|tx| {
        tx.use_captcha(to.as_str(), v.form.get("code"))?;
        tx.set_password(account.uid, &Password::new(v.form.raw("password")))?;
        Ok(())
    });
    match set {
        Ok(()) => Ok(v.go("/console/login", "done_password")),
        Err(why) => wrong(why),
    }
}
