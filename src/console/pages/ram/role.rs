//! One RAM role: its data, trust policy and policies. Source: docs/evidence/ram.md 5.7.

use crate::console::pages::ram::form::{Checked, Mistake, change, kept, patch};
use crate::console::pages::ram::{Confirm, Content, ROLES, attachments, below, editor, named, roles};
use crate::console::visit::{Shown, Trouble, Visit};
use crate::policy::Kind;
use crate::text::{Description, RoleName, Uid};
use crate::world::account::{Account, Entity, Role, RoleChange, Trust};
use crate::world::register::Slot;
use askama::Template;
use serde_json::json;

#[derive(Template)]
#[template(path = "ram/role.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    role: &'a Role,
    base: &'a str,
    arn: String,
    policies: String,
    mistake: Mistake,
}

impl Page<'_> {
    fn description(&self) -> &str {
        kept(self.v, "description", self.role.description.as_ref().map(Description::as_str))
    }

    fn session(&self) -> String {
        self.v.form.given("session").map_or_else(|| self.role.max_session.to_string(), str::to_owned)
    }
}

#[derive(Template)]
#[template(path = "ram/role_trust.html")]
struct Edit<'a> {
    v: &'a Visit<'a>,
    base: &'a str,
    editor: String,
    mistake: Mistake,
}

/// Returns the account and the role in the path.
pub(super) fn role_of<'a>(v: &'a Visit<'_>) -> Result<(&'a Account, Slot, &'a Role), Trouble> {
    let account = v.own_account()?;
    let slot = account.role_slot(&named::<RoleName>(v, 0)?).map_err(|_| Trouble::NotFound)?;
    Ok((account, slot, account.role(slot).map_err(|_| Trouble::NotFound)?))
}

/// Shows a role.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, Mistake::default())
}

pub(super) fn page(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (account, slot, role) = role_of(v)?;
    let base = below(ROLES, role.name.as_str());
    let status = mistake.status();
    let policies = attachments::card(v, account, Entity::Role(slot), &base, &mistake);
    let page = Page { v, role, base: &base, arn: role.arn(account.uid), policies, mistake };
    let name = role.name.as_str();
    let trust =
        json!({"setTrust": {"account": account.uid.to_string(), "role": name, "trust": &*role.trust.text}});
    let [attach, detach] = attachments::recipes(v, account, "role", name);
    let recipes = [v.recipe("POST", "/commands", &trust.to_string()), attach, detach];
    let calls = format!(
        "aliyun ram GetRole --RoleName {name}\n\
         aliyun sts AssumeRole --RoleArn {} --RoleSessionName test\naliyun ram DeleteRole --RoleName {name}",
        page.arn
    );
    Ok(Content { title: name, inner: &page, recipes: &recipes, calls: &calls }.show(v, status))
}

/// Changes description and duration of sessions.
pub(crate) fn edit(v: &Visit<'_>) -> Shown {
    let (account, slot, role) = role_of(v)?;
    let words = || -> Checked<RoleChange> {
        let max_session = roles::session(v)?.filter(|seconds| *seconds != role.max_session);
        Ok(RoleChange { description: patch(v, "description")?, max_session, ..RoleChange::default() })
    };
    match words().and_then(|words| update(v, account.uid, slot, words)) {
        Ok(()) => Ok(v.go(&below(ROLES, role.name.as_str()), "done_ram_saved")),
        Err(wrong) => page(v, wrong.into()),
    }
}

/// Changes a role.
fn update(v: &Visit<'_>, uid: Uid, slot: Slot, words: RoleChange) -> Checked<()> {
    change(v, "", |tx| {
        let now = tx.now;
        tx.account_of(uid)?.0.update_role(slot, words, now)?;
        Ok(())
    })
}

/// Shows the editor with the trust policy.
pub(crate) fn edit_trust(v: &Visit<'_>) -> Shown {
    let (_, _, role) = role_of(v)?;
    form(v, &role.trust.text, Mistake::default())
}

fn form(v: &Visit<'_>, text: &str, mistake: Mistake) -> Shown {
    let (_, _, role) = role_of(v)?;
    let base = below(ROLES, role.name.as_str());
    let editor = editor::part_of_form(v, Kind::Trust, text, &mistake);
    let status = mistake.status();
    let title = format!("{}: {}", v.t.ram.trust_document, role.name);
    let page = Edit { v, base: &base, editor, mistake };
    let calls = format!(
        "aliyun ram UpdateRole --RoleName {} --NewAssumeRolePolicyDocument file://trust.json",
        role.name
    );
    Ok(Content { title: &title, inner: &page, recipes: &[], calls: &calls }.show(v, status))
}

/// Changes the trust policy, or checks it.
pub(crate) fn set_trust(v: &Visit<'_>) -> Shown {
    let (account, slot, role) = role_of(v)?;
    let text = editor::sent(v);
    if editor::is_check(v) {
        return form(v, &text, Mistake::default());
    }
    let trust = editor::read(v, Kind::Trust, Trust::parse);
    let words = trust.map(|trust| RoleChange { trust: Some(trust), ..RoleChange::default() });
    match words.and_then(|words| update(v, account.uid, slot, words)) {
        Ok(()) => Ok(v.go(&below(ROLES, role.name.as_str()), "done_ram_saved")),
        Err(wrong) => form(v, &text, wrong.into()),
    }
}

/// Asks before the role is deleted.
pub(crate) fn ask_delete(v: &Visit<'_>) -> Shown {
    ask(v, Mistake::default())
}

fn ask(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (_, _, role) = role_of(v)?;
    let base = below(ROLES, role.name.as_str());
    let asked = Confirm::of(v, (&base, &base), v.t.ram.delete_role_text, role.name.as_str());
    let confirm = Confirm { mistake, ..asked };
    Ok(confirm.show(v.t.ram.delete_role))
}

/// Deletes the role, which must have no policies.
pub(crate) fn delete(v: &Visit<'_>) -> Shown {
    let (account, slot, _) = role_of(v)?;
    let uid = account.uid;
    match change(v, "", |tx| Ok(tx.account_of(uid)?.0.remove_role(slot)?)) {
        Ok(()) => Ok(v.go(ROLES, "done_ram_deleted")),
        Err(wrong) => ask(v, wrong.into()),
    }
}
