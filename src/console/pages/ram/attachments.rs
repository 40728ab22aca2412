//! Policies of a user, group or role: shown on its page, attached and detached there. Source: docs/evidence/ram.md 5.6.

use crate::console::pages::ram::form::{Mistake, change, required};
use crate::console::pages::ram::{GROUPS, ROLES, USERS, below, groups, policy, role, user};
use crate::console::recipe::Recipe;
use crate::console::visit::{Render, Shown, Trouble, Visit};
use crate::text::{PolicyName, Uid};
use crate::world::account::{Account, AnyPolicy, Attached, Entity};
use crate::world::{Refusal, Tx};
use askama::Template;
use serde_json::json;

/// Custom policies that a field suggests at most.
const SUGGESTED: usize = 50;
/// System policies that a field suggests.
const SYSTEM: [&str; 5] = [
    "AdministratorAccess",
    "ReadOnlyAccess",
    "AliyunRAMFullAccess",
    "AliyunRAMReadOnlyAccess",
    "AliyunSTSAssumeRoleAccess",
];

struct Row {
    name: String,
    page: String,
    kind: &'static str,
    is_system: bool,
    /// Id of the resource group; `None` for the whole account.
    group: Option<String>,
    since: String,
}

#[derive(Template)]
#[template(path = "ram/attachments.html")]
struct Card<'a> {
    v: &'a Visit<'a>,
    base: &'a str,
    rows: Vec<Row>,
    suggested: Vec<&'a str>,
    mistake: &'a Mistake,
}

/// Returns the part of a page that shows the policies of `holder`. `base` is the path of the page.
pub(super) fn card(
    v: &Visit<'_>,
    account: &Account,
    holder: Entity,
    base: &str,
    mistake: &Mistake,
) -> String {
    let attached = account.attachments.right_of(holder);
    let rows = attached.filter_map(|(Attached { policy: of, group }, since)| {
        let any = account.any_policy(of).ok()?;
        let is_system = matches!(any, AnyPolicy::System(_));
        Some(Row {
            name: any.name().to_owned(),
            page: v.at(&policy::page_of(any)),
            kind: policy::kind_of(v, any),
            is_system,
            group: group.map(|number| account.numbered_group(number).id.to_string()),
            since: since.to_string(),
        })
    });
    let custom = account.policies.iter().take(SUGGESTED).map(|(_, policy)| policy.name.as_str());
    let suggested = custom.chain(SYSTEM).collect();
    Card { v, base, rows: rows.collect(), suggested, mistake }.html()
}

/// Returns the calls that attach and detach a policy: of the control API.
pub(super) fn recipes(v: &Visit<'_>, account: &Account, kind: &str, holder: &str) -> [Recipe; 2] {
    ["attachPolicy", "detachPolicy"].map(|command| {
        let words = json!({"account": account.uid.to_string(), kind: holder, "policy": "ReadOnlyAccess"});
        v.recipe("POST", "/commands", &json!({command: words}).to_string())
    })
}

/// The holder in the path of a page, the path of its page, and what shows the page.
struct Holder {
    uid: Uid,
    entity: Entity,
    page: String,
    show: fn(&Visit<'_>, Mistake) -> Shown,
}

/// Returns the holder that a page is about.
fn holder(v: &Visit<'_>) -> Result<Holder, Trouble> {
    let uid = v.own_account()?.uid;
    if v.path.starts_with(USERS) {
        let (_, slot, user) = super::user_of(v)?;
        let page = super::page_of_user(&user.name);
        return Ok(Holder { uid, entity: Entity::User(slot), page, show: user::page });
    }
    if v.path.starts_with(GROUPS) {
        let (_, slot, group) = groups::group_of(v)?;
        let page = below(GROUPS, group.name.as_str());
        return Ok(Holder { uid, entity: Entity::Group(slot), page, show: groups::page });
    }
    let (_, slot, role) = role::role_of(v)?;
    let page = below(ROLES, role.name.as_str());
    Ok(Holder { uid, entity: Entity::Role(slot), page, show: role::page })
}

/// Attaches a policy for the whole account. A custom policy comes before a system policy of its name.
pub(crate) fn attach(v: &Visit<'_>) -> Shown {
    run(v, "done_ram_attached", |tx, Holder { uid, entity, .. }, policy| {
        let now = tx.now;
        let (account, quotas) = tx.account_of(*uid)?;
        let policy = account.policy_named(&policy)?;
        account.attach(*entity, policy, None, now, &quotas)
    })
}

/// Detaches a policy, in the scope that the form has.
pub(crate) fn detach(v: &Visit<'_>) -> Shown {
    let is_system = v.form.get("type") == "system";
    run(v, "done_ram_detached", |tx, Holder { uid, entity, .. }, policy| {
        let (account, _) = tx.account_of(*uid)?;
        let policy = account.policy_ref(&policy, is_system)?;
        let group = v.form.given("group").map(|id| Ok(account.resource_group(id)?.number)).transpose()?;
        account.detach(*entity, policy, group)
    })
}

fn run(
    v: &Visit<'_>,
    text: &str,
    run: impl FnOnce(&mut Tx<'_>, &Holder, PolicyName) -> Result<(), Refusal>,
) -> Shown {
    let holder = holder(v)?;
    let done = required(v, "policy").and_then(|policy| change(v, "", |tx| Ok(run(tx, &holder, policy)?)));
    match done {
        Ok(()) => Ok(v.go(&holder.page, text)),
        Err(wrong) => (holder.show)(v, wrong.into()),
    }
}
