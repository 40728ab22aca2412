//! AccessKeys of the owner of an account, or of the RAM user who is logged in. Source: docs/evidence/account.md section 5.

use crate::console::visit::{Shown, Trouble, Visit};
use crate::text::AccessKeyId;
use crate::world::account::{AccessKey, KeyStatus};
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
struct Fresh {
    id: String,
    secret: String,
    csv: String,
}

#[derive(Template)]
#[template(path = "keys.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
    fresh: Option<Fresh>,
    error: Option<String>,
    is_owner: bool,
    may: bool,
}

/// A question before a change.
#[derive(Template)]
#[template(path = "keys_ask.html")]
struct Ask<'a> {
    v: &'a Visit<'a>,
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
    is_owner: bool,
}

/// Shows the list.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    list(v, StatusCode::OK, None, None)
}

fn list(v: &Visit<'_>, status: StatusCode, fresh: Option<Fresh>, error: Option<String>) -> Shown {
    let place = v.place()?;
    let account = v.account()?;
    let view = v.world.view(&v.state, v.now, By::OURSELVES);
    let row = |key: &AccessKey| Row {
        id: key.id.to_string(),
        is_active: key.status == KeyStatus::Active,
        is_leaked: key.leaked,
        created: key.created.to_string(),
        last_used: view.last_use(key).map(|last| format!("{} ({})", last.at, last.product)),
    };
    let keys = account.keys_of(place.owner).map_err(|_| Trouble::NotFound)?;
    let person = v.person()?;
    let rows = keys.iter().map(row).collect();
    let page = Page { v, rows, fresh, error, is_owner: person.user.is_none(), may: may(v)? };
    let who = match &person.user {
        None => account.uid.to_string(),
        Some((_, user)) => format!("{}%2F{user}", account.uid),
    };
    let keys = format!("/accounts/{who}/access-keys");
    let one = format!("{keys}/{}", page.rows.first().map_or("ACCESS_KEY_ID", |row| &row.id));
    let recipes = [
        v.recipe("GET", &keys, ""),
        v.recipe("POST", &keys, "{}"),
        v.recipe("PATCH", &one, r#"{"status": "Inactive"}"#),
        v.recipe("DELETE", &one, ""),
    ];
    Ok(v.page_with(status, v.t.access_keys, &page, &recipes))
}

/// Returns `true` if the person may manage the shown keys.
fn may(v: &Visit<'_>) -> Result<bool, Trouble> {
    let is_owner = v.person()?.user.is_none();
    Ok(is_owner || v.account()?.preference.allow_user_to_manage_access_keys)
}

/// Fails unless the person may manage the shown keys.
fn must(v: &Visit<'_>) -> Result<(), Trouble> {
    if may(v)? { Ok(()) } else { Err(Trouble::NotFound) }
}

/// Returns the command for the key in the path, which must be one of the shown keys.
fn which(v: &Visit<'_>) -> Result<(AccessKeyId, Of<WhichKey>), Trouble> {
    must(v)?;
    let place = v.place()?;
    let id = v.names.first().map(String::as_str).unwrap_or_default();
    let keys = v.account()?.keys_of(place.owner).map_err(|_| Trouble::NotFound)?;
    let id = keys.get(id).ok_or(Trouble::NotFound)?.id.clone();
    let words = WhichKey { id: Some(id.clone()), ..WhichKey::default() };
    Ok((id, Of { account: Some(place.uid.to_string()), words }))
}

/// Shows what there is to agree to.
pub(crate) fn agree(v: &Visit<'_>) -> Shown {
    must(v)?;
    let is_owner = v.person()?.user.is_none();
    Ok(v.page(v.t.create_key, &Agree { v, is_owner }, &[]))
}

/// Creates a key. Only this answer shows its secret.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    must(v)?;
    let place = v.place()?;
    let made = v.act(|tx| Ok(tx.add_key(place, (None, None))?));
    let shown = |status, fresh, error| list(&v.renewed(), status, fresh, error);
    match made {
        Ok(key) => {
            let (id, secret) = (key.id.to_string(), key.material.secret().to_owned());
            let csv = format!("Status,AccessKey ID,AccessKey Secret\r\nActive,{id},{secret}\r\n");
            let csv = BASE64_STANDARD.encode(csv);
            shown(StatusCode::OK, Some(Fresh { id, secret, csv }), None)
        }
        Err(why) => shown(StatusCode::UNPROCESSABLE_ENTITY, None, Some(why)),
    }
}

/// Asks before a key is disabled.
pub(crate) fn ask_disable(v: &Visit<'_>) -> Shown {
    let (id, _) = which(v)?;
    let to = v.at(&format!("/console/keys/{id}/disable"));
    let ask = Ask {
        v,
        id: id.as_str(),
        to,
        text: v.t.disable_text,
        button: v.t.disable,
        is_delete: false,
        error: None,
    };
    Ok(v.page(v.t.disable_title, &ask, &[]))
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
    let (id, _) = which(v)?;
    Ok(ask_delete_of(v, StatusCode::OK, &id, None))
}

fn ask_delete_of(
    v: &Visit<'_>,
    status: StatusCode,
    id: &AccessKeyId,
    error: Option<&'static str>,
) -> Response {
    let to = v.at(&format!("/console/keys/{id}/delete"));
    let ask =
        Ask { v, id: id.as_str(), to, text: v.t.delete_text, button: v.t.delete, is_delete: true, error };
    v.page_with(status, v.t.delete_title, &ask, &[])
}

/// Deletes a key, after its id was entered.
pub(crate) fn delete(v: &Visit<'_>) -> Shown {
    let (id, _) = which(v)?;
    if v.form.get("confirm") != id.as_str() {
        return Ok(ask_delete_of(v, StatusCode::UNPROCESSABLE_ENTITY, &id, Some(v.t.confirm_id_wrong)));
    }
    run(v, Command::DeleteKey, "done_deleted")
}

fn run(v: &Visit<'_>, command: fn(Of<WhichKey>) -> Command, done: &str) -> Shown {
    let (_, which) = which(v)?;
    match v.act(|tx| command(which).run(tx)) {
        Ok(_) => Ok(v.go("/console/keys", done)),
        Err(why) => list(v, StatusCode::UNPROCESSABLE_ENTITY, None, Some(why)),
    }
}
