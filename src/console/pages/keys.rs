//! AccessKeys of the owner of an account, of the RAM user who is logged in, or of a user that the owner looks at. Source: docs/evidence/account.md section 5.

use crate::console::pages::ram;
use crate::console::visit::{Render, Shown, Trouble, Visit};
use crate::text::{AccessKeyId, UserName};
use crate::world::account::{AccessKey, KeyStatus, Owner, Place};
use crate::world::{By, Command, Of, WhichKey};
use askama::Template;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::StatusCode;

/// A key in the list.
struct Row {
    id: String,
    is_active: bool,
    is_leaked: bool,
    created: String,
    last_used: Option<String>,
}

/// A key that was created a moment ago.
#[derive(Template)]
#[template(path = "new_key.html")]
struct Fresh<'a> {
    v: &'a Visit<'a>,
    id: String,
    secret: &'a str,
    csv: String,
}

#[derive(Template)]
#[template(path = "keys.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    base: &'a str,
    rows: Vec<Row>,
    fresh: Option<String>,
    error: Option<String>,
    is_owner: bool,
    may: bool,
    user_page: Option<String>,
}

/// A question before a change.
#[derive(Template)]
#[template(path = "keys_ask.html")]
struct Ask<'a> {
    v: &'a Visit<'a>,
    base: &'a str,
    id: &'a str,
    to: String,
    text: &'a str,
    button: &'a str,
    is_delete: bool,
    error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "keys_agree.html")]
struct Agree<'a> {
    v: &'a Visit<'a>,
    base: &'a str,
    is_owner: bool,
}

/// Keys that a page shows: those of the logged-in person or, below the pages of RAM, those of a user.
struct Whose {
    place: Place,
    /// Path of the list.
    base: String,
    user: Option<UserName>,
    /// The owner of the account looks at the keys of a user.
    is_of_another: bool,
    /// The person may change them.
    may: bool,
}

impl Whose {
    fn of(v: &Visit<'_>) -> Result<Self, Trouble> {
        if v.path.starts_with(ram::ROOT) {
            let (account, slot, user) = ram::user_of(v)?;
            return Ok(Self {
                place: Place { uid: account.uid, owner: Owner::User(slot) },
                base: format!("{}/keys", ram::page_of_user(&user.name)),
                user: Some(user.name.clone()),
                is_of_another: true,
                may: true,
            });
        }
        let user = v.person()?.user.as_ref().map(|(_, name)| name.clone());
        let may = user.is_none() || v.account()?.preference.allow_user_to_manage_access_keys;
        let base = "/console/keys".to_owned();
        Ok(Self { place: v.place()?, base, user, is_of_another: false, may })
    }

    /// The same, if the person may change the keys.
    fn to_change(v: &Visit<'_>) -> Result<Self, Trouble> {
        Self::of(v).and_then(|whose| if whose.may { Ok(whose) } else { Err(Trouble::NotFound) })
    }

    fn is_owner(&self) -> bool {
        self.place.owner == Owner::Root
    }
}

/// Returns the part of a page that shows a new key with its secret.
pub(crate) fn shown_once(v: &Visit<'_>, key: &AccessKey) -> String {
    let (id, secret) = (key.id.to_string(), key.material.secret());
    let csv =
        BASE64_STANDARD.encode(format!("Status,AccessKey ID,AccessKey Secret\r\nActive,{id},{secret}\r\n"));
    Fresh { v, id, secret, csv }.html()
}

/// Shows the list.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    list(v, StatusCode::OK, None, None)
}

fn list(v: &Visit<'_>, status: StatusCode, fresh: Option<String>, error: Option<String>) -> Shown {
    let whose = Whose::of(v)?;
    let account = v.account()?;
    let view = v.world.view(&v.state, v.now, By::OURSELVES);
    let row = |key: &AccessKey| Row {
        id: key.id.to_string(),
        is_active: key.status == KeyStatus::Active,
        is_leaked: key.leaked,
        created: key.created.to_string(),
        last_used: view.last_use(key).map(|last| format!("{} ({})", last.at, last.product)),
    };
    let keys = account.keys_of(whose.place.owner).map_err(|_| Trouble::NotFound)?;
    let rows = keys.iter().map(row).collect();
    let user = whose.user.as_ref();
    let page = Page {
        v,
        base: &whose.base,
        rows,
        fresh,
        error,
        is_owner: whose.is_owner(),
        may: whose.may,
        user_page: user.filter(|_| whose.is_of_another).map(|user| v.at(&ram::page_of_user(user))),
    };
    let who = match user {
        None => account.uid.to_string(),
        Some(user) => format!("{}%2F{user}", account.uid),
    };
    let keys = format!("/accounts/{who}/access-keys");
    let one = format!("{keys}/{}", page.rows.first().map_or("ACCESS_KEY_ID", |row| &row.id));
    let recipes = [
        v.recipe("GET", &keys, ""),
        v.recipe("POST", &keys, "{}"),
        v.recipe("PATCH", &one, r#"{"status": "Inactive"}"#),
        v.recipe("DELETE", &one, ""),
    ];
    let title = match user.filter(|_| whose.is_of_another) {
        Some(user) => format!("{}: {user}", v.t.access_keys),
        None => v.t.access_keys.to_owned(),
    };
    Ok(v.page_with(status, &title, &page, &recipes))
}

/// Returns the key in the path, which must be one of the shown keys.
fn which(v: &Visit<'_>) -> Result<(AccessKeyId, Whose), Trouble> {
    let whose = Whose::to_change(v)?;
    let id = v.names.last().map(String::as_str).unwrap_or_default();
    let keys = v.account()?.keys_of(whose.place.owner).map_err(|_| Trouble::NotFound)?;
    let id = keys.get(id).ok_or(Trouble::NotFound)?.id.clone();
    Ok((id, whose))
}

/// Shows what there is to agree to.
pub(crate) fn agree(v: &Visit<'_>) -> Shown {
    let whose = Whose::to_change(v)?;
    Ok(v.page(v.t.create_key, &Agree { v, base: &whose.base, is_owner: whose.is_owner() }, &[]))
}

/// Creates a key. Only this answer shows its secret.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    let place = Whose::to_change(v)?.place;
    let made = v.act(|tx| Ok(tx.add_key(place, (None, None))?));
    match made {
        Ok(key) => list(&v.renewed(), StatusCode::OK, Some(shown_once(v, &key)), None),
        Err(why) => list(v, StatusCode::UNPROCESSABLE_ENTITY, None, Some(why)),
    }
}

/// Asks before a key is disabled.
pub(crate) fn ask_disable(v: &Visit<'_>) -> Shown {
    let (id, whose) = which(v)?;
    Ok(ask(v, &whose, &id, false, None))
}

/// Disables a key.
pub(crate) fn disable(v: &Visit<'_>) -> Shown {
    run(v, Command::DisableKey, "done_disabled")
}

/// Enables a key.
pub(crate) fn enable(v: &Visit<'_>) -> Shown {
    run(v, Command::EnableKey, "done_enabled")
}

/// Asks before a key is deleted.
pub(crate) fn ask_delete(v: &Visit<'_>) -> Shown {
    let (id, whose) = which(v)?;
    Ok(ask(v, &whose, &id, true, None))
}

fn ask(
    v: &Visit<'_>,
    whose: &Whose,
    id: &AccessKeyId,
    is_delete: bool,
    error: Option<&'static str>,
) -> Response {
    let (title, text, button, step) = if is_delete {
        (v.t.delete_title, v.t.delete_text, v.t.delete, "delete")
    } else {
        (v.t.disable_title, v.t.disable_text, v.t.disable, "disable")
    };
    let (base, to) = (&*whose.base, v.at(&format!("{}/{id}/{step}", whose.base)));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    v.page_with(status, title, &Ask { v, base, id: id.as_str(), to, text, button, is_delete, error }, &[])
}

/// Deletes a key, after its id was entered.
pub(crate) fn delete(v: &Visit<'_>) -> Shown {
    let (id, whose) = which(v)?;
    if v.form.get("confirm") != id.as_str() {
        return Ok(ask(v, &whose, &id, true, Some(v.t.confirm_id_wrong)));
    }
    run(v, Command::DeleteKey, "done_deleted")
}

fn run(v: &Visit<'_>, command: fn(Of<WhichKey>) -> Command, done: &str) -> Shown {
    let (id, whose) = which(v)?;
    let words = WhichKey { id: Some(id), ..WhichKey::default() };
    let which = Of { account: Some(whose.place.uid.to_string()), words };
    match v.act(|tx| command(which).run(tx)) {
        Ok(_) => Ok(v.go(&whose.base, done)),
        Err(why) => list(v, StatusCode::UNPROCESSABLE_ENTITY, None, Some(why)),
    }
}
