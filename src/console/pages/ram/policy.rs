//! One policy: its versions, the default one, its document and its holders. Source: docs/evidence/ram.md 5.6.

use crate::console::pages::ram::form::{Checked, Mistake, change, is_checked, patch};
use crate::console::pages::ram::{
    Confirm, Content, GROUPS, POLICIES, ROLES, below, editor, named, page_of_user, policies,
};
use crate::console::visit::{Shown, Trouble, Visit};
use crate::policy::Kind;
use crate::text::{PolicyName, Timestamp};
use crate::world::Refusal;
use crate::world::account::{Account, AnyPolicy, Entity, Policy, PolicyRef, Version};
use crate::world::register::Slot;
use askama::Template;

/// Holders shown at most.
const MOST: usize = 100;

struct Row {
    number: u32,
    created: String,
    is_default: bool,
    is_shown: bool,
}

struct Holder {
    kind: &'static str,
    name: String,
    page: String,
    since: String,
}

#[derive(Template)]
#[template(path = "ram/policy.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    base: &'a str,
    kind: &'static str,
    is_custom: bool,
    description: &'a str,
    shown: &'a Version,
    versions: Vec<Row>,
    holders: Vec<Holder>,
    /// More holders exist.
    more: bool,
    mistake: Mistake,
}

#[derive(Template)]
#[template(path = "ram/policy_edit.html")]
struct Edit<'a> {
    v: &'a Visit<'a>,
    base: &'a str,
    editor: String,
    as_default: bool,
    rotate: bool,
    mistake: Mistake,
}

/// Returns the path of the page of a policy.
pub(super) fn page_of(policy: AnyPolicy<'_>) -> String {
    let kind = if matches!(policy, AnyPolicy::System(_)) { "system" } else { "custom" };
    below(&format!("{POLICIES}/{kind}"), policy.name())
}

/// Returns the path of the page of a custom policy.
pub(super) fn custom(name: &PolicyName) -> String {
    below(&format!("{POLICIES}/custom"), name.as_str())
}

/// Returns the kind of a policy in words.
pub(super) fn kind_of(v: &Visit<'_>, policy: AnyPolicy<'_>) -> &'static str {
    if matches!(policy, AnyPolicy::System(_)) { v.t.ram.system } else { v.t.ram.custom }
}

/// Returns the account and the policy in the path.
fn policy_of<'a>(v: &'a Visit<'_>) -> Result<(&'a Account, PolicyRef, AnyPolicy<'a>), Trouble> {
    let account = v.own_account()?;
    let is_system = match v.names.first().map(String::as_str) {
        Some("system") => true,
        Some("custom") => false,
        _ => return Err(Trouble::NotFound),
    };
    let of = account.policy_ref(&named(v, 1)?, is_system).map_err(|_| Trouble::NotFound)?;
    Ok((account, of, account.any_policy(of).map_err(|_| Trouble::NotFound)?))
}

/// Returns the account and the custom policy in the path. Nobody changes a system policy.
fn custom_of<'a>(v: &'a Visit<'_>) -> Result<(&'a Account, Slot, &'a Policy), Trouble> {
    match policy_of(v)? {
        (account, PolicyRef::Custom(slot), AnyPolicy::Custom(policy)) => Ok((account, slot, policy)),
        _ => Err(Trouble::NotFound),
    }
}

/// Returns the number of a version in a text.
fn number(text: &str) -> Option<u32> {
    text.trim_start_matches('v').parse().ok()
}

/// Shows a policy, with the version in the query or the default one.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, Mistake::default())
}

fn page(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (account, of, policy) = policy_of(v)?;
    let default = policy.default_version();
    let shown = v.query.given("version").and_then(number).and_then(|number| policy.version(number).ok());
    let shown = shown.unwrap_or(default);
    let version = |version: &Version| Row {
        number: version.number,
        created: version.created.to_string(),
        is_default: version.number == default.number,
        is_shown: version.number == shown.number,
    };
    let mut holders: Vec<_> = account.attached_to(of, None).take(MOST + 1).collect();
    let more = holders.len() > MOST;
    holders.truncate(MOST);
    let base = page_of(policy);
    let status = mistake.status();
    let page = Page {
        v,
        base: &base,
        kind: kind_of(v, policy),
        is_custom: matches!(policy, AnyPolicy::Custom(_)),
        description: policies::description(policy),
        shown,
        versions: policy.versions().iter().map(version).collect(),
        holders: holders.into_iter().filter_map(|(entity, at)| holder(v, account, entity, at)).collect(),
        more,
        mistake,
    };
    let kind = if page.is_custom { "Custom" } else { "System" };
    let name = policy.name();
    let calls = format!(
        "aliyun ram GetPolicy --PolicyType {kind} --PolicyName {name}\n\
         aliyun ram ListEntitiesForPolicy --PolicyType {kind} --PolicyName {name}\n\
         aliyun ram CreatePolicyVersion --PolicyName {name} --PolicyDocument file://policy.json --SetAsDefault true"
    );
    Ok(Content { title: name, inner: &page, recipes: &[], calls: &calls }.show(v, status))
}

fn holder(v: &Visit<'_>, account: &Account, entity: Entity, since: Timestamp) -> Option<Holder> {
    let (kind, name, page) = match entity {
        Entity::User(slot) => {
            let name = &account.user(slot).ok()?.name;
            (v.t.ram.user, name.to_string(), page_of_user(name))
        }
        Entity::Group(slot) => {
            let name = account.group(slot).ok()?.name.to_string();
            let page = below(GROUPS, &name);
            (v.t.ram.group, name, page)
        }
        Entity::Role(slot) => {
            let name = account.role(slot).ok()?.name.to_string();
            let page = below(ROLES, &name);
            (v.t.ram.role, name, page)
        }
    };
    Some(Holder { kind, name, page: v.at(&page), since: since.to_string() })
}

/// Shows the editor with the default version, or with the version in the query.
pub(crate) fn edit(v: &Visit<'_>) -> Shown {
    let (_, _, policy) = custom_of(v)?;
    let shown = v.query.given("version").and_then(number);
    let shown = shown.and_then(|number| AnyPolicy::Custom(policy).version(number).ok());
    let shown = shown.unwrap_or_else(|| policy.default_version());
    form(v, &shown.text, Mistake::default())
}

fn form(v: &Visit<'_>, text: &str, mistake: Mistake) -> Shown {
    let (_, _, policy) = custom_of(v)?;
    let editor = editor::part_of_form(v, Kind::Permission, text, &mistake);
    let status = mistake.status();
    let (as_default, rotate) = (v.is_read || is_checked(v, "as-default"), is_checked(v, "rotate"));
    let page = Edit { v, base: &custom(&policy.name), editor, as_default, rotate, mistake };
    let title = format!("{}: {}", v.t.ram.new_version, policy.name);
    let calls = format!(
        "aliyun ram CreatePolicyVersion --PolicyName {} --PolicyDocument file://policy.json --SetAsDefault true",
        policy.name
    );
    Ok(Content { title: &title, inner: &page, recipes: &[], calls: &calls }.show(v, status))
}

/// Adds a version, or checks its document.
pub(crate) fn add_version(v: &Visit<'_>) -> Shown {
    let (account, slot, policy) = custom_of(v)?;
    let (uid, text) = (account.uid, editor::sent(v));
    if editor::is_check(v) {
        return form(v, &text, Mistake::default());
    }
    let done = || -> Checked<()> {
        let version = editor::read(v, Kind::Permission, |text| Version::new(1, text, v.now))?;
        let (as_default, rotate) = (is_checked(v, "as-default"), is_checked(v, "rotate"));
        change(v, "", |tx| {
            let now = tx.now;
            let (account, quotas) = tx.account_of(uid)?;
            account.policy_mut(slot)?.add_version(version, as_default, rotate, now, &quotas)?;
            Ok(())
        })
    };
    match done() {
        Ok(()) => Ok(v.go(&custom(&policy.name), "done_ram_saved")),
        Err(wrong) => form(v, &text, wrong.into()),
    }
}

/// Makes a version the default one.
pub(crate) fn set_default(v: &Visit<'_>) -> Shown {
    let now = v.now;
    with_version(v, |policy, number| policy.set_default(number, now))
}

/// Deletes a version.
pub(crate) fn drop_version(v: &Visit<'_>) -> Shown {
    with_version(v, Policy::remove_version)
}

fn with_version(v: &Visit<'_>, run: impl FnOnce(&mut Policy, u32) -> Result<(), Refusal>) -> Shown {
    let (account, slot, policy) = custom_of(v)?;
    let uid = account.uid;
    let number = number(v.form.get("version")).ok_or(Trouble::NotFound)?;
    let done = change(v, "", |tx| Ok(run(tx.account_of(uid)?.0.policy_mut(slot)?, number)?));
    ended(v, &policy.name, done)
}

fn ended(v: &Visit<'_>, name: &PolicyName, done: Checked<()>) -> Shown {
    match done {
        Ok(()) => Ok(v.go(&custom(name), "done_ram_saved")),
        Err(wrong) => page(v, wrong.into()),
    }
}

/// Changes the description.
pub(crate) fn describe(v: &Visit<'_>) -> Shown {
    let (account, slot, policy) = custom_of(v)?;
    let uid = account.uid;
    let done = patch(v, "description").and_then(|description| {
        change(v, "", |tx| {
            let now = tx.now;
            tx.account_of(uid)?.0.describe_policy(slot, description, now)?;
            Ok(())
        })
    });
    ended(v, &policy.name, done)
}

/// Asks before the policy is deleted.
pub(crate) fn ask_delete(v: &Visit<'_>) -> Shown {
    ask(v, Mistake::default())
}

fn ask(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (_, _, policy) = custom_of(v)?;
    let base = custom(&policy.name);
    let asked = Confirm::of(v, (&base, &base), v.t.ram.delete_policy_text, policy.name.as_str());
    let confirm = Confirm { also: Some(v.t.ram.also_versions), mistake, ..asked };
    Ok(confirm.show(v.t.ram.delete_policy))
}

/// Deletes the policy, which must not be attached.
pub(crate) fn delete(v: &Visit<'_>) -> Shown {
    let (account, slot, _) = custom_of(v)?;
    let uid = account.uid;
    let cascading = is_checked(v, "also");
    match change(v, "", |tx| Ok(tx.account_of(uid)?.0.remove_policy(slot, cascading)?)) {
        Ok(()) => Ok(v.go(POLICIES, "done_ram_deleted")),
        Err(wrong) => ask(v, wrong.into()),
    }
}
