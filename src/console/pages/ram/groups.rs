//! Groups of RAM users: the list, a new group, one group with its members and policies. Source: docs/evidence/ram.md 5.5.

use crate::console::pages::ram::form::{Checked, Mistake, change, kept, optional, patch, required};
use crate::console::pages::ram::{
    Confirm, Content, GROUPS, JOIN, LEAVE, Membership, Rows, attachments, below, has, named, page_of_user,
    start, wanted,
};
use crate::console::visit::{Shown, Trouble, Visit};
use crate::text::{Comments, DisplayName, GroupName, UserName};
use crate::world::account::{Account, Entity, Group, GroupChange};
use crate::world::register::Slot;
use askama::Template;
use http::StatusCode;

struct Row {
    name: String,
    page: String,
    display_name: String,
    comments: String,
    created: String,
}

#[derive(Template)]
#[template(path = "ram/groups.html")]
struct List<'a> {
    v: &'a Visit<'a>,
    count: usize,
    list: Rows<Row>,
}

#[derive(Template)]
#[template(path = "ram/new_group.html")]
struct New<'a> {
    v: &'a Visit<'a>,
    mistake: Mistake,
}

struct Member {
    name: String,
    page: String,
    display_name: String,
    since: String,
}

#[derive(Template)]
#[template(path = "ram/group.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    group: &'a Group,
    base: &'a str,
    members: Rows<Member>,
    policies: String,
    mistake: Mistake,
}

impl Page<'_> {
    fn name(&self) -> &str {
        kept(self.v, "group-name", Some(self.group.name.as_str()))
    }

    fn display_name(&self) -> &str {
        kept(self.v, "display-name", self.group.display_name.as_ref().map(DisplayName::as_str))
    }

    fn comments(&self) -> &str {
        kept(self.v, "comments", self.group.comments.as_ref().map(Comments::as_str))
    }
}

/// Shows the list.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    let q = wanted(v);
    let all = account.groups.iter_from(Slot(start(v))).filter(|(_, group)| has(group.name.as_str(), &q));
    let row = |group: &Group| Row {
        name: group.name.to_string(),
        page: v.at(&below(GROUPS, group.name.as_str())),
        display_name: group.display_name.as_ref().map(DisplayName::to_string).unwrap_or_default(),
        comments: group.comments.as_ref().map(Comments::to_string).unwrap_or_default(),
        created: group.created.to_string(),
    };
    let list = Rows::of(v, GROUPS, all.map(|(slot, group)| (slot.0, row(group))));
    let page = List { v, count: account.groups.len(), list };
    let calls = "aliyun ram ListGroups\naliyun ram CreateGroup --GroupName admins";
    Ok(Content { title: v.t.ram.groups, inner: &page, recipes: &[], calls }.show(v, StatusCode::OK))
}

/// Shows the form of a new group.
pub(crate) fn new(v: &Visit<'_>) -> Shown {
    form(v, Mistake::default())
}

fn form(v: &Visit<'_>, mistake: Mistake) -> Shown {
    v.own_account()?;
    let status = mistake.status();
    let calls = "aliyun ram CreateGroup --GroupName admins --Comments Administrators";
    let inner = &New { v, mistake };
    Ok(Content { title: v.t.ram.new_group, inner, recipes: &[], calls }.show(v, status))
}

/// Adds a group.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let made = || -> Checked<GroupName> {
        let name: GroupName = required(v, "group-name")?;
        let (display_name, comments) = (optional(v, "display-name")?, optional(v, "comments")?);
        change(v, "group-name", |tx| {
            tx.add_group(uid, name.clone(), display_name, comments)?;
            Ok(name)
        })
    };
    match made() {
        Ok(name) => Ok(v.go(&below(GROUPS, name.as_str()), "done_ram_made")),
        Err(wrong) => form(v, wrong.into()),
    }
}

/// Returns the account and the group in the path.
pub(super) fn group_of<'a>(v: &'a Visit<'_>) -> Result<(&'a Account, Slot, &'a Group), Trouble> {
    let account = v.own_account()?;
    let slot = account.group_slot(&named(v, 0)?).map_err(|_| Trouble::NotFound)?;
    Ok((account, slot, account.group(slot).map_err(|_| Trouble::NotFound)?))
}

/// Shows a group.
pub(crate) fn open(v: &Visit<'_>) -> Shown {
    page(v, Mistake::default())
}

pub(super) fn page(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (account, slot, group) = group_of(v)?;
    let base = below(GROUPS, group.name.as_str());
    let members = account.members.left_of_from(slot, Slot(start(v))).filter_map(|(user, since)| {
        let found = account.user(user).ok()?;
        let member = Member {
            name: found.name.to_string(),
            page: v.at(&page_of_user(&found.name)),
            display_name: found.display_name(),
            since: since.to_string(),
        };
        Some((user.0, member))
    });
    let members = Rows::of(v, &base, members);
    let status = mistake.status();
    let policies = attachments::card(v, account, Entity::Group(slot), &base, &mistake);
    let page = Page { v, group, base: &base, members, policies, mistake };
    let name = group.name.as_str();
    let recipes = attachments::recipes(v, account, "group", name);
    let calls = format!(
        "aliyun ram ListUsersForGroup --GroupName {name}\n\
         aliyun ram AddUserToGroup --UserName ann --GroupName {name}\naliyun ram DeleteGroup --GroupName {name}"
    );
    Ok(Content { title: name, inner: &page, recipes: &recipes, calls: &calls }.show(v, status))
}

/// Changes name and texts.
pub(crate) fn edit(v: &Visit<'_>) -> Shown {
    let (account, slot, _) = group_of(v)?;
    let uid = account.uid;
    let done = || -> Checked<GroupName> {
        let name: GroupName = required(v, "group-name")?;
        let words = GroupChange {
            name: Some(name.clone()),
            display_name: patch(v, "display-name")?,
            comments: patch(v, "comments")?,
        };
        change(v, "group-name", |tx| {
            let now = tx.now;
            tx.account_of(uid)?.0.update_group(slot, words, now)?;
            Ok(name)
        })
    };
    match done() {
        Ok(name) => Ok(v.go(&below(GROUPS, name.as_str()), "done_ram_saved")),
        Err(wrong) => page(v, wrong.into()),
    }
}

/// Adds a member.
pub(crate) fn add_member(v: &Visit<'_>) -> Shown {
    member(v, JOIN)
}

/// Removes a member.
pub(crate) fn remove_member(v: &Visit<'_>) -> Shown {
    member(v, LEAVE)
}

fn member(v: &Visit<'_>, run: Membership) -> Shown {
    let (account, slot, group) = group_of(v)?;
    let uid = account.uid;
    let done = required::<UserName>(v, "member").and_then(|name| {
        change(v, "", |tx| {
            let user = tx.state().account(uid)?.user_slot(&name)?;
            Ok(run(tx, uid, user, slot)?)
        })
    });
    match done {
        Ok(()) => Ok(v.go(&below(GROUPS, group.name.as_str()), "done_ram_saved")),
        Err(wrong) => page(v, wrong.into()),
    }
}

/// Asks before the group is deleted.
pub(crate) fn ask_delete(v: &Visit<'_>) -> Shown {
    ask(v, Mistake::default())
}

fn ask(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (_, _, group) = group_of(v)?;
    let base = below(GROUPS, group.name.as_str());
    let asked = Confirm::of(v, (&base, &base), v.t.ram.delete_group_text, group.name.as_str());
    let confirm = Confirm { mistake, ..asked };
    Ok(confirm.show(v.t.ram.delete_group))
}

/// Deletes the group, which must have neither members nor policies.
pub(crate) fn delete(v: &Visit<'_>) -> Shown {
    let (account, slot, _) = group_of(v)?;
    let uid = account.uid;
    match change(v, "", |tx| Ok(tx.account_of(uid)?.0.remove_group(slot)?)) {
        Ok(()) => Ok(v.go(GROUPS, "done_ram_deleted")),
        Err(wrong) => ask(v, wrong.into()),
    }
}
