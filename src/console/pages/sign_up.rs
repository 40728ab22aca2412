//! Sign-up. Source: docs/evidence/account.md 1.3 and 1.4.

use crate::console::pages::mail_pane::{MailPane, pane};
use crate::console::visit::{Shown, Visit};
use crate::text::{Contact, CountryCode, Email, LoginName, MobilePhone, Scalar, Site};
use crate::world::{AccountType, Register, SendCaptcha};
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

/// Mistakes in the fields.
#[derive(Default)]
struct Errors {
    all: Option<String>,
    login_name: Option<&'static str>,
    contact: Option<&'static str>,
    country: Option<&'static str>,
    code: Option<&'static str>,
    password: Option<&'static str>,
}

impl Errors {
    fn any(&self) -> bool {
        self.all.is_some()
            || [self.login_name, self.contact, self.country, self.code, self.password]
                .iter()
                .any(Option::is_some)
    }
}

#[derive(Template)]
#[template(path = "sign_up.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    is_intl: bool,
    is_enterprise: bool,
    country: &'a str,
    calling: &'a str,
    errors: Errors,
    is_sent: bool,
    pane: Option<MailPane<'a>>,
}

#[derive(Template)]
#[template(path = "signed_up.html")]
struct Done<'a> {
    v: &'a Visit<'a>,
    uid: String,
    login: String,
}

/// Shows the form.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    Ok(page(v, StatusCode::OK, Errors::default(), false))
}

fn page(v: &Visit<'_>, status: StatusCode, errors: Errors, is_sent: bool) -> Response {
    let values = if v.form.given("site").is_some() { &v.form } else { &v.query };
    let is_intl = values.get("site") == "intl" || v.is_international();
    let contact = contact(v).ok();
    let page = Page {
        v,
        is_intl,
        is_enterprise: values.get("kind") == "enterprise",
        country: values.given("country").unwrap_or(if is_intl { "SG" } else { "CN" }),
        calling: values.given("calling").unwrap_or("86"),
        errors,
        is_sent,
        pane: contact.filter(|_| v.form.given("step").is_some()).map(|contact| pane(v, contact.as_str())),
    };
    let body = json!({"email": "new@example.com", "password": "Passw0rd!", "captcha": "123456"}).to_string();
    let recipes = [
        v.recipe("POST", "/captchas", r#"{"to": "new@example.com", "scene": "register"}"#),
        v.recipe("GET", "/outbox?to=new@example.com", ""),
        v.recipe("POST", "/accounts", &body),
    ];
    v.page_with(status, v.t.signup_title, &page, &recipes)
}

/// Returns the contact that gets the code: the e-mail address or, without one, the mobile.
fn contact(v: &Visit<'_>) -> Result<Contact, &'static str> {
    if let Some(email) = v.form.given("email") {
        return Email::parse(email).map(Contact::Email).map_err(|_| v.t.wrong_email);
    }
    let number = v.form.given("mobile").ok_or(v.t.one_contact)?;
    let calling = v.form.get("calling").trim_start_matches('+');
    MobilePhone::parse(&format!("{calling}-{number}")).map(Contact::Mobile).map_err(|_| v.t.wrong_mobile)
}

/// Sends the code, or registers the account.
pub(crate) fn submit(v: &Visit<'_>) -> Shown {
    let mut errors = Errors::default();
    let contact = contact(v).map_err(|why| errors.contact = Some(why)).ok();
    if v.form.get("step") == "send" {
        if let Some(to) = contact {
            let captcha = SendCaptcha { to, scene: "register".to_owned() };
            match v.act(|tx| captcha.act(tx)) {
                Ok(_) => return Ok(page(&v.renewed(), StatusCode::OK, Errors::default(), true)),
                Err(why) => errors.all = Some(why),
            }
        }
        return Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, errors, false));
    }
    let login_name = v.form.given("login_name").map(LoginName::parse).transpose();
    let login_name = login_name.map_err(|_| errors.login_name = Some(v.t.wrong_login_name)).ok().flatten();
    let country = v.form.given("country").map(CountryCode::parse).transpose();
    let country = country.map_err(|_| errors.country = Some(v.t.wrong_country)).ok().flatten();
    let password = v.form.raw("password");
    errors.password = password.is_empty().then_some(v.t.password_missing);
    errors.code = v.form.given("code").is_none().then_some(v.t.code_missing);
    let is_enterprise = v.form.get("kind") == "enterprise";
    let register = Register {
        site: Some(if v.form.get("site") == "intl" { Site::International } else { Site::China }),
        login_name,
        email: contact.as_ref().and_then(|contact| Email::parse(contact.as_str()).ok()),
        mobile: contact.as_ref().and_then(|contact| MobilePhone::parse(contact.as_str()).ok()),
        country,
        password: Some(password.to_owned()),
        captcha: v.form.given("code").map(str::to_owned),
        account_type: Some(if is_enterprise { AccountType::Enterprise } else { AccountType::Individual }),
        ..Register::default()
    };
    if !errors.any() {
        match v.act(|tx| {
            let uid = register.act(tx)?;
            Ok((uid, tx.state().account(uid)?.profile.login_name.to_string()))
        }) {
            Ok((uid, login)) => {
                let done = Done { v, uid: uid.to_string(), login };
                return Ok(v.page(
                    v.t.signed_up_title,
                    &done,
                    &[v.recipe("GET", &format!("/accounts/{uid}"), "")],
                ));
            }
            Err(why) => errors.all = Some(why),
        }
    }
    Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, errors, false))
}
