//! RAM: users, groups, policies, roles, sessions and the explanation of permissions. Only the owner of an account sees these pages.
//!
//! Each page runs the functions of `world/`, which hold the rules. `form.rs` reads and shows fields, `attachments.rs`
//! shows the policies of a user, group or role, `editor.rs` marks the mistakes of a document.

pub(crate) mod attachments;
pub(crate) mod bin;
pub(crate) mod editor;
pub(crate) mod explain;
mod form;
pub(crate) mod groups;
pub(crate) mod mfa;
pub(crate) mod policies;
pub(crate) mod policy;
pub(crate) mod role;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod user;
pub(crate) mod users;

use crate::console::form::encoded;
use crate::console::pages::ram::form::Mistake;
use crate::console::recipe::Recipe;
use crate::console::texts::Texts;
use crate::console::visit::{Render, Shown, Trouble, Visit, redirect};
use crate::text::{Scalar, Uid, UserName};
use crate::world::account::{Account, User};
use crate::world::register::Slot;
use crate::world::{Refusal, Tx};
use askama::Template;
use axum::response::Response;
use http::StatusCode;

/// Path of all these pages.
pub(crate) const ROOT: &str = "/console/ram/";
const USERS: &str = "/console/ram/users";
const GROUPS: &str = "/console/ram/groups";
const POLICIES: &str = "/console/ram/policies";
const ROLES: &str = "/console/ram/roles";
const SESSIONS: &str = "/console/ram/sessions";
const EXPLAIN: &str = "/console/ram/explain";
const BIN: &str = "/console/ram/recycle-bin";

/// Items of a list on a page at most.
const SHOWN: usize = 100;

/// A page in the navigation: id, path and text.
type Tab = (&'static str, &'static str, fn(&Texts) -> &'static str);

const TABS: [Tab; 7] = [
    ("users", USERS, |t| t.ram.users),
    ("groups", GROUPS, |t| t.ram.groups),
    ("policies", POLICIES, |t| t.ram.policies),
    ("roles", ROLES, |t| t.ram.roles),
    ("sessions", SESSIONS, |t| t.ram.sessions),
    ("explain", EXPLAIN, |t| t.ram.explain),
    ("recycle-bin", BIN, |t| t.ram.recycle_bin),
];

#[derive(Template)]
#[template(path = "ram/frame.html")]
struct Frame<'a> {
    v: &'a Visit<'a>,
    inner: &'a str,
    calls: &'a str,
    tabs: Vec<Link>,
}

/// A link of the navigation.
struct Link {
    id: &'static str,
    to: String,
    text: &'static str,
    is_here: bool,
}

/// Content of a page: its parts in the frame of these pages.
struct Content<'a> {
    title: &'a str,
    inner: &'a dyn Render,
    recipes: &'a [Recipe],
    /// The same as calls of the official command line.
    calls: &'a str,
}

impl Content<'_> {
    fn show(&self, v: &Visit<'_>, status: StatusCode) -> Response {
        // `new-policy` belongs to `policies`.
        let new = v.path.strip_prefix("/console/ram/new-").map(|kind| &kind[..kind.len().min(4)]);
        let link = |(id, page, text): &Tab| {
            let is_here = v.path.starts_with(page) || new.is_some_and(|new| id.starts_with(new));
            Link { id, to: v.at(page), text: text(v.t), is_here }
        };
        let tabs = TABS.iter().map(link).collect();
        let frame = Frame { v, inner: &self.inner.html(), calls: self.calls, tabs };
        v.page_with(status, self.title, &frame, self.recipes)
    }
}

/// Goes to the first of the pages.
pub(crate) fn lead(v: &Visit<'_>) -> Shown {
    v.own_account()?;
    Ok(redirect(&v.at(USERS)))
}

/// Rows of a list on one page, and the address of the next page.
struct Rows<T> {
    rows: Vec<T>,
    first: Option<String>,
    next: Option<String>,
}

impl<T> Rows<T> {
    /// Takes rows from the one with the number in the query on. `all` must begin there.
    fn of(v: &Visit<'_>, page: &str, all: impl Iterator<Item = (u32, T)>) -> Self {
        let mut rows: Vec<_> = all.take(SHOWN + 1).collect();
        let next = if rows.len() > SHOWN { rows.pop() } else { None };
        let address = |from: Option<u32>| {
            let kept = ["q", "type"].iter().filter_map(|name| Some((*name, encoded(v.query.given(name)?))));
            let from = from.map(|from| ("from", from.to_string()));
            let query: Vec<_> = kept.chain(from).map(|(name, value)| format!("{name}={value}")).collect();
            v.at(&if query.is_empty() { page.to_owned() } else { format!("{page}?{}", query.join("&")) })
        };
        Self {
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            first: (start(v) > 0).then(|| address(None)),
            next: next.map(|(number, _)| address(Some(number))),
        }
    }
}

/// Returns the number of the first row.
fn start(v: &Visit<'_>) -> u32 {
    v.query.get("from").parse().unwrap_or(0)
}

/// Returns `true` if a text contains what a person searches for, ignoring case.
fn has(text: &str, q: &str) -> bool {
    q.is_empty() || text.to_lowercase().contains(q)
}

/// Returns what a person searches for, in lower case.
fn wanted(v: &Visit<'_>) -> String {
    v.query.get("q").to_lowercase()
}

/// Returns the value of this type that the path has at a place.
fn named<T: Scalar>(v: &Visit<'_>, place: usize) -> Result<T, Trouble> {
    let name = v.names.get(place).map(String::as_str).unwrap_or_default();
    T::parse(name).map_err(|_| Trouble::NotFound)
}

/// Change of the membership of a user in a group.
type Membership = fn(&mut Tx<'_>, Uid, Slot, Slot) -> Result<(), Refusal>;

const JOIN: Membership = |tx, uid, user, group| {
    let now = tx.now;
    let (account, quotas) = tx.account_of(uid)?;
    account.join(user, group, now, &quotas)
};
const LEAVE: Membership = |tx, uid, user, group| tx.account_of(uid)?.0.leave(user, group);

/// Returns the account and the user in the path.
pub(crate) fn user_of<'a>(v: &'a Visit<'_>) -> Result<(&'a Account, Slot, &'a User), Trouble> {
    let account = v.own_account()?;
    let slot = account.user_slot(&named::<UserName>(v, 0)?).map_err(|_| Trouble::NotFound)?;
    Ok((account, slot, account.user(slot).map_err(|_| Trouble::NotFound)?))
}

/// Returns the page for a path of the real console, which is at another host.
///
/// Source: links to `/users`, `/policies` and `/manage/ak` in public repositories. UNCERTAIN: the others.
pub(crate) fn page_of_real(path: &str) -> Option<String> {
    let (kind, rest) = path.strip_prefix('/')?.split_once('/').unwrap_or((&path[1..], ""));
    let new = match kind {
        "users" => "new-user",
        "groups" => "new-group",
        "policies" => "new-policy",
        "roles" => "new-role",
        _ => return None,
    };
    Some(match rest.split('/').collect::<Vec<_>>()[..] {
        [""] => format!("{ROOT}{kind}"),
        ["new" | "create"] => format!("{ROOT}{new}"),
        // Type and name are the other way round: `/policies/ReadOnlyAccess/System/content`.
        [name, of, ..] if kind == "policies" => format!("{POLICIES}/{}/{name}", of.to_lowercase()),
        // A logon name has the domain of the account.
        [name, ..] => format!("{ROOT}{kind}/{}", name.split('@').next().unwrap_or_default()),
        [] => return None,
    })
}

/// Returns the path of the page of an item.
pub(crate) fn page_of_user(name: &UserName) -> String {
    below(USERS, name.as_str())
}

fn below(page: &str, name: &str) -> String {
    format!("{page}/{}", encoded(name))
}

/// A question before something is deleted.
#[derive(Template)]
#[template(path = "ram/confirm.html")]
struct Confirm<'a> {
    v: &'a Visit<'a>,
    /// Address of the form.
    to: String,
    /// Address of the page before.
    back: String,
    text: &'static str,
    /// Item to delete.
    item: &'a str,
    /// Text of a box that deletes dependents, too.
    also: Option<&'static str>,
    /// Dependents that forbid the deletion.
    left: Vec<String>,
    is_typed: bool,
    mistake: Mistake,
}

impl<'a> Confirm<'a> {
    /// Asks about an item whose page is `back`. The address that deletes it is below `page`.
    fn of(v: &'a Visit<'_>, (page, back): (&str, &str), text: &'static str, item: &'a str) -> Self {
        Self {
            v,
            to: v.at(&format!("{page}/delete")),
            back: v.at(back),
            text,
            item,
            also: None,
            left: Vec::new(),
            is_typed: false,
            mistake: Mistake::default(),
        }
    }

    fn show(&self, title: &str) -> Response {
        let status = self.mistake.status();
        Content { title, inner: self, recipes: &[], calls: "" }.show(self.v, status)
    }
}
