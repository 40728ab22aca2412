//! Log-in and log-out of the owner of an account and of RAM users. Source: docs/evidence/account.md 1.1 and 1.5.

use crate::console::visit::{Shown, Visit, is_back};
use crate::text::Password;
use crate::world::account::{Account, Seed};
use crate::world::{Act, LogIn, NotDone, Refusal, SetPassword, account_named};
use askama::Template;
use axum::response::Response;
use http::StatusCode;

/// The form, with what was wrong.
#[derive(Template)]
#[template(path = "login.html")]
struct Form<'a> {
    v: &'a Visit<'a>,
    login: String,
    back: String,
    error: Option<String>,
    /// The password must be replaced.
    asks_password: bool,
    accounts: Vec<Known>,
}

/// An account that can log in.
struct Known {
    uid: String,
    login: String,
    has_password: bool,
}

/// Accounts on the page at most.
const SHOWN: usize = 20;

impl<'a> Form<'a> {
    fn new(v: &'a Visit<'a>) -> Self {
        let accounts = v.state.accounts_in_order();
        let known = accounts.into_iter().filter(|one| !one.standing().is_closed()).take(SHOWN);
        let accounts = known
            .map(|one| Known {
                uid: one.uid.to_string(),
                login: one.profile.login_name.to_string(),
                has_password: one.security.has_password(),
            })
            .collect();
        Self { v, login: String::new(), back: String::new(), error: None, asks_password: false, accounts }
    }

    fn page(&self, status: StatusCode) -> Response {
        let v = self.v;
        let body = r#"{"login": "owner@example.com", "password": "Passw0rd!"}"#;
        v.page_with(status, v.t.login_title, self, &[v.recipe("POST", "/logins", body)])
    }
}

/// Shows the form instead of a page that needs a log-in. The log-in leads to that page.
pub(crate) fn ask(v: &Visit<'_>) -> Response {
    let back = if v.is_read && is_back(v.path) { v.path.to_owned() } else { String::new() };
    Form { back, ..Form::new(v) }.page(StatusCode::UNAUTHORIZED)
}

/// Shows the form. A path may name the account of a RAM user: `signin.aliyun.com/<UID or alias>/login.htm`.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let domain = v.names.first().map(|account| {
        let known = v.state.account_of_domain(account).and_then(|uid| v.state.account(uid).ok());
        let known = known.map(Account::default_domain);
        format!("@{}", known.unwrap_or_else(|| format!("{account}.onaliyun.com")))
    });
    let login = domain.unwrap_or_else(|| v.query.get("login").to_owned());
    Ok(Form { login, back: v.query.get("back").to_owned(), ..Form::new(v) }.page(StatusCode::OK))
}

/// Logs in.
pub(crate) fn submit(v: &Visit<'_>) -> Shown {
    let (login, back, code) =
        (v.form.get("login").to_owned(), v.form.get("back").to_owned(), v.form.given("code"));
    let new = Some(v.form.raw("new_password")).filter(|new| !new.is_empty());
    let again = |error: String, asks_password| {
        let form = Form {
            login: login.clone(),
            back: back.clone(),
            error: Some(error),
            asks_password,
            ..Form::new(v)
        };
        Ok(form.page(StatusCode::UNPROCESSABLE_ENTITY))
    };
    let mfa_code = match code {
        None => None,
        Some(code) => match Seed::code_of(code) {
            None => return again(v.t.mfa_code_wrong.to_owned(), new.is_some()),
            digits => digits,
        },
    };
    let shown = LogIn {
        login: &login,
        password: Password::new(v.form.raw("password")),
        mfa_code,
        new_password: new.map(Password::new),
        address: v.door.client,
    };
    // A wrong password counts, so changes of a refused log-in are kept.
    match v.act(|tx| Ok(tx.log_in(&shown))) {
        Ok(Ok((ticket, _))) => {
            let page = if is_back(&back) { &*back } else { "/console/" };
            let mut response = v.go(page, "");
            v.log_in(&mut response, &ticket);
            Ok(response)
        }
        Ok(Err(refusal)) => {
            let asks = new.is_some() || refusal == Refusal::PasswordResetRequired;
            again(v.why(&NotDone::Refused(refusal)), asks)
        }
        Err(why) => again(why, new.is_some()),
    }
}

/// Sets the password of an account, as `PUT .../password` does.
pub(crate) fn set_password(v: &Visit<'_>) -> Shown {
    let words = SetPassword { password: v.form.raw("password").to_owned(), old: None };
    let set = v.act(|tx| {
        let account = account_named(Some(v.form.get("account")), tx.state())?;
        let (uid, login) = (account.uid, account.profile.login_name.to_string());
        words.act(uid, tx)?;
        Ok(login)
    });
    match set {
        Ok(login) => {
            let page = format!("/console/login?login={}", crate::console::form::encoded(&login));
            Ok(v.go(&page, "done_password"))
        }
        Err(error) => Ok(Form { error: Some(error), ..Form::new(v) }.page(StatusCode::UNPROCESSABLE_ENTITY)),
    }
}

/// Logs out.
pub(crate) fn log_out(v: &Visit<'_>) -> Shown {
    if let Some(person) = &v.person {
        // It may have expired in between.
        let _ = v.act(|tx| Ok(tx.log_out(&person.ticket)?));
    }
    let mut response = v.go("/console/login", "");
    v.log_out(&mut response);
    Ok(response)
}
