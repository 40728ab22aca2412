//! Sessions of the roles of an account that have not expired: who got them, and until when. Source: docs/evidence/sts.md section 2.

use crate::console::pages::ram::form::{Mistake, change};
use crate::console::pages::ram::{Content, ROLES, Rows, SESSIONS, below, has, named, start, wanted};
use crate::console::visit::{Shown, Visit};
use crate::text::AccessKeyId;
use crate::world::account::Session;
use crate::world::{Command, WhichSessions};
use askama::Template;

struct Row {
    id: String,
    role: String,
    page: String,
    name: String,
    issued: String,
    issued_to: String,
    expires: String,
    /// Expiry that the client was told, if another one applies.
    told: Option<String>,
}

#[derive(Template)]
#[template(path = "ram/sessions.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    list: Rows<Row>,
    mistake: Mistake,
}

/// Shows the sessions.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, Mistake::default())
}

fn page(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let account = v.own_account()?;
    let q = wanted(v);
    let is_shown = |session: &Session| {
        session.uid == account.uid && (has(session.role_name.as_str(), &q) || has(&session.name, &q))
    };
    let row = |session: &Session| Row {
        id: session.id.to_string(),
        role: session.role_name.to_string(),
        page: v.at(&below(ROLES, session.role_name.as_str())),
        name: session.name.to_string(),
        issued: session.issued.to_string(),
        issued_to: session.issued_to.to_string(),
        expires: session.enforced_expiry.to_string(),
        told: Some(session.returned_expiry)
            .filter(|told| *told != session.enforced_expiry)
            .map(|told| told.to_string()),
    };
    let all = v.state.sessions().filter(|session| is_shown(session)).zip(0u32..);
    let all = all.filter(|(_, number)| *number >= start(v)).map(|(session, number)| (number, row(session)));
    let list = Rows::of(v, SESSIONS, all);
    let id = list.rows.first().map_or("STS.ID", |row| &row.id).to_owned();
    let recipes = [
        v.recipe("GET", "/sessions", ""),
        v.recipe("POST", &format!("/sessions/{id}/expire"), ""),
        v.recipe("POST", &format!("/sessions/{id}/revoke"), ""),
    ];
    let status = mistake.status();
    let calls = "aliyun sts AssumeRole --RoleArn acs:ram::UID:role/app --RoleSessionName test";
    let content =
        Content { title: v.t.ram.sessions, inner: &Page { v, list, mistake }, recipes: &recipes, calls };
    Ok(content.show(v, status))
}

/// Lets the token of a session expire.
pub(crate) fn expire(v: &Visit<'_>) -> Shown {
    end(v, Command::ExpireSessions)
}

/// Revokes a session.
pub(crate) fn revoke(v: &Visit<'_>) -> Shown {
    end(v, Command::RevokeSessions)
}

fn end(v: &Visit<'_>, command: fn(WhichSessions) -> Command) -> Shown {
    let uid = v.own_account()?.uid;
    let id = Some(named::<AccessKeyId>(v, 0)?);
    let which = WhichSessions { account: Some(uid.to_string()), id, ..WhichSessions::default() };
    match change(v, "", |tx| command(which).run(tx)) {
        Ok(_) => Ok(v.go(SESSIONS, "done_ram_saved")),
        Err(wrong) => page(v, wrong.into()),
    }
}
