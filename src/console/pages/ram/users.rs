//! RAM users of an account: the list, and a new user with its password and AccessKey. Source: docs/evidence/ram.md 5.1 to 5.3.

use crate::console::pages::keys;
use crate::console::pages::ram::form::{Checked, Mistake, change, is_checked, optional, required};
use crate::console::pages::ram::{Content, Rows, USERS, has, page_of_user, start, wanted};
use crate::console::visit::{Shown, Visit};
use crate::text::{Password, Uid, UserName};
use crate::world::account::{AccessKey, Account, LoginChange, Owner, Place, User, UserDetails};
use crate::world::register::Slot;
use askama::Template;
use axum::response::Response;
use http::StatusCode;

struct Row {
    name: String,
    page: String,
    display_name: String,
    created: String,
    last_login: Option<String>,
    keys: usize,
    has_login: bool,
    has_device: bool,
}

#[derive(Template)]
#[template(path = "ram/users.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    count: usize,
    domain: String,
    list: Rows<Row>,
}

#[derive(Template)]
#[template(path = "ram/new_user.html")]
struct New<'a> {
    v: &'a Visit<'a>,
    domain: String,
    mistake: Mistake,
}

/// The AccessKey of a new user, which only this page shows.
#[derive(Template)]
#[template(path = "ram/user_made.html")]
struct Made<'a> {
    v: &'a Visit<'a>,
    key: String,
    to: String,
}

/// Shows the list.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    let q = wanted(v);
    let all = account.users.iter_from(Slot(start(v)));
    let all = all.filter(|(_, user)| has(user.name.as_str(), &q) || has(&user.display_name(), &q));
    let list = Rows::of(v, USERS, all.map(|(slot, user)| (slot.0, row(v, account, slot, user))));
    let page = Page { v, count: account.users.len(), domain: account.default_domain(), list };
    let recipes = [v.recipe("GET", &format!("/accounts/{}", account.uid), "")];
    let calls = "aliyun ram ListUsers\naliyun ram CreateUser --UserName ann --DisplayName Ann\n\
                 aliyun ram CreateLoginProfile --UserName ann --Password Secret-0001 --PasswordResetRequired true\n\
                 aliyun ram CreateAccessKey --UserName ann";
    let content = Content { title: v.t.ram.users, inner: &page, recipes: &recipes, calls };
    Ok(content.show(v, StatusCode::OK))
}

fn row(v: &Visit<'_>, account: &Account, slot: Slot, user: &User) -> Row {
    Row {
        name: user.name.to_string(),
        page: v.at(&page_of_user(&user.name)),
        display_name: user.display_name(),
        created: user.created.to_string(),
        last_login: user.last_login.map(|at| at.to_string()),
        keys: user.keys.iter().count(),
        has_login: user.login.is_some(),
        has_device: account.device_of(slot).is_some(),
    }
}

/// Shows the form of a new user.
pub(crate) fn new(v: &Visit<'_>) -> Shown {
    form(v, Mistake::default())
}

fn form(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let account = v.own_account()?;
    let status = mistake.status();
    let page = New { v, domain: account.default_domain(), mistake };
    let keys = format!("/accounts/{}%2Fann/access-keys", account.uid);
    let recipes = [v.recipe("POST", &keys, "{}")];
    let calls = "aliyun ram CreateUser --UserName ann --DisplayName Ann";
    Ok(Content { title: v.t.ram.new_user, inner: &page, recipes: &recipes, calls }.show(v, status))
}

/// Adds a user, and what the form asks for besides.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    match make(v, uid) {
        Ok((name, Some(key))) => Ok(made(v, &name, &key)),
        Ok((name, None)) => Ok(v.go(&page_of_user(&name), "done_ram_made")),
        Err(wrong) => form(v, wrong.into()),
    }
}

fn make(v: &Visit<'_>, uid: Uid) -> Checked<(UserName, Option<AccessKey>)> {
    let name: UserName = required(v, "user-name")?;
    let details = details(v)?;
    let password: Option<Password> =
        if is_checked(v, "console") { Some(required(v, "password")?) } else { None };
    let key = change(v, "user-name", |tx| {
        let slot = tx.add_user(uid, name.clone(), details)?;
        if password.is_some() {
            let password_reset_required = Some(is_checked(v, "reset"));
            let login = LoginChange { password, password_reset_required, ..LoginChange::default() };
            let now = tx.now;
            tx.account_of(uid)?.0.add_login(slot, login, now)?;
        }
        let place = Place { uid, owner: Owner::User(slot) };
        Ok(if is_checked(v, "key") { Some(tx.add_key(place, (None, None))?) } else { None })
    })?;
    Ok((name, key))
}

/// Reads the descriptive texts of a user.
pub(super) fn details(v: &Visit<'_>) -> Checked<UserDetails> {
    Ok(UserDetails {
        display_name: optional(v, "display-name")?,
        mobile_phone: optional(v, "mobile")?,
        email: optional(v, "email")?,
        comments: optional(v, "comments")?,
    })
}

fn made(v: &Visit<'_>, name: &UserName, key: &AccessKey) -> Response {
    let page = Made { v, key: keys::shown_once(v, key), to: v.at(&page_of_user(name)) };
    let title = format!("{}: {name}", v.t.ram.user_made);
    Content { title: &title, inner: &page, recipes: &[], calls: "" }.show(v, StatusCode::OK)
}
