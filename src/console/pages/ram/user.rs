//! One RAM user: data, console log-in, MFA device, AccessKeys, groups, policies, tags. Source: docs/evidence/ram.md 5.1 to 5.6.

use crate::console::pages::ram::form::{
    Checked, Mistake, Wrong, change, is_checked, kept, optional, patch, required,
};
use crate::console::pages::ram::{
    BIN, Confirm, Content, GROUPS, JOIN, LEAVE, Membership, attachments, below, page_of_user, user_of,
};
use crate::console::visit::{Shown, Visit};
use crate::text::{
    Comments, DisplayName, Email, GroupName, MobilePhone, Password, Scalar, Tag, TagKey, TagValue, Uid,
    UserName,
};
use crate::world::account::{
    Account, Attached, Entity, LoginChange, LoginProfile, LoginStatus, MfaDevice, Owner, Place, Tags, User,
    UserChange,
};
use crate::world::register::Slot;
use crate::world::{NotDone, Tx};
use askama::Template;
use serde_json::json;

struct Joined {
    name: String,
    page: String,
    since: String,
}

#[derive(Template)]
#[template(path = "ram/user.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    user: &'a User,
    base: &'a str,
    logon: String,
    login: Option<&'a LoginProfile>,
    device: Option<&'a MfaDevice>,
    keys: usize,
    groups: Vec<Joined>,
    policies: String,
    mistake: Mistake,
}

impl Page<'_> {
    fn tags(&self) -> Vec<(&TagKey, &TagValue)> {
        self.user.extras().tags.iter().map(|(key, value)| (key, value)).collect()
    }

    fn is_active(&self) -> bool {
        self.login.is_none_or(|login| login.status == LoginStatus::Active)
    }

    fn needs_reset(&self) -> bool {
        self.login.is_some_and(|login| login.password_reset_required)
    }

    fn needs_device(&self) -> bool {
        self.login.is_some_and(|login| login.mfa_bind_required)
    }

    fn display_name(&self) -> &str {
        kept(self.v, "display-name", self.user.details.display_name.as_ref().map(DisplayName::as_str))
    }

    fn email(&self) -> &str {
        kept(self.v, "email", self.user.details.email.as_ref().map(Email::as_str))
    }

    fn mobile(&self) -> &str {
        kept(self.v, "mobile", self.user.details.mobile_phone.as_ref().map(MobilePhone::as_str))
    }

    fn comments(&self) -> &str {
        kept(self.v, "comments", self.user.details.comments.as_ref().map(Comments::as_str))
    }

    fn device_name(&self) -> &str {
        kept(self.v, "device", Some(self.user.name.as_str()))
    }

    fn name(&self) -> &str {
        kept(self.v, "user-name", Some(self.user.name.as_str()))
    }
}

/// Shows the page.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, Mistake::default())
}

pub(super) fn page(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let base = page_of_user(&user.name);
    let joined = account.members.right_of(slot).filter_map(|(group, since)| {
        let name = &account.group(group).ok()?.name;
        let page = v.at(&below(GROUPS, name.as_str()));
        Some(Joined { name: name.to_string(), page, since: since.to_string() })
    });
    let groups = joined.collect();
    let status = mistake.status();
    let policies = attachments::card(v, account, Entity::User(slot), &base, &mistake);
    let page = Page {
        v,
        user,
        base: &base,
        logon: format!("{}@{}", user.name, account.default_domain()),
        login: user.login.as_deref(),
        device: account.device_of(slot),
        keys: user.keys.iter().count(),
        groups,
        policies,
        mistake,
    };
    let name = user.name.as_str();
    let words = json!({"account": account.uid.to_string(), "user": name, "password": "Secret-0002"});
    let [attach, detach] = attachments::recipes(v, account, "user", name);
    let login = v.recipe("POST", "/commands", &json!({"changeUser": words}).to_string());
    let key = v.recipe("POST", &format!("/accounts/{}%2F{name}/access-keys", account.uid), "{}");
    let calls = format!(
        "aliyun ram GetUser --UserName {name}\naliyun ram UpdateUser --UserName {name} --NewDisplayName Ann\n\
         aliyun ram AddUserToGroup --UserName {name} --GroupName admins\naliyun ram DeleteUser --UserName {name}"
    );
    let recipes = [login, key, attach, detach];
    Ok(Content { title: name, inner: &page, recipes: &recipes, calls: &calls }.show(v, status))
}

/// Goes back to the page of the user, or shows it with the mistake.
fn ended(v: &Visit<'_>, name: &UserName, done: Checked<()>, text: &str) -> Shown {
    match done {
        Ok(()) => Ok(v.go(&page_of_user(name), text)),
        Err(wrong) => page(v, wrong.into()),
    }
}

/// Changes data of the user, and its name.
pub(crate) fn edit(v: &Visit<'_>) -> Shown {
    let (account, slot, _) = user_of(v)?;
    let uid = account.uid;
    let done = || -> Checked<UserName> {
        let name: UserName = required(v, "user-name")?;
        let words = UserChange {
            name: Some(name.clone()),
            display_name: patch(v, "display-name")?,
            mobile_phone: patch(v, "mobile")?,
            email: patch(v, "email")?,
            comments: patch(v, "comments")?,
        };
        change(v, "user-name", |tx| {
            let now = tx.now;
            tx.account_of(uid)?.0.update_user(slot, words, now)?;
            Ok(name)
        })
    };
    match done() {
        Ok(name) => Ok(v.go(&page_of_user(&name), "done_ram_saved")),
        Err(wrong) => page(v, wrong.into()),
    }
}

/// Allows the console log-in, or changes it.
pub(crate) fn set_login(v: &Visit<'_>) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let (uid, has_login) = (account.uid, user.login.is_some());
    let is_active = is_checked(v, "active");
    let done = || -> Checked<()> {
        // A log-in without a password is one that nobody can use.
        let password: Option<Password> =
            if has_login { optional(v, "password")? } else { Some(required(v, "password")?) };
        let words = LoginChange {
            password,
            mfa_bind_required: Some(is_checked(v, "need-mfa")),
            password_reset_required: Some(is_checked(v, "reset")),
            status: Some(if is_active { LoginStatus::Active } else { LoginStatus::Inactive }),
        };
        change(v, "", |tx| {
            if has_login {
                return Ok(tx.change_user_login(uid, slot, words)?);
            }
            let now = tx.now;
            tx.account_of(uid)?.0.add_login(slot, words, now)?;
            Ok(())
        })
    };
    ended(v, &user.name, done(), "done_ram_saved")
}

/// Removes the console log-in.
pub(crate) fn remove_login(v: &Visit<'_>) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let uid = account.uid;
    let done = change(v, "", |tx| Ok(tx.account_of(uid)?.0.remove_login(slot)?));
    ended(v, &user.name, done, "done_ram_saved")
}

/// Adds the user to a group.
pub(crate) fn join(v: &Visit<'_>) -> Shown {
    in_group(v, JOIN)
}

/// Removes the user from a group.
pub(crate) fn leave(v: &Visit<'_>) -> Shown {
    in_group(v, LEAVE)
}

fn in_group(v: &Visit<'_>, run: Membership) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let uid = account.uid;
    let done = required::<GroupName>(v, "group").and_then(|name| {
        change(v, "", |tx| {
            let group = tx.state().account(uid)?.group_slot(&name)?;
            Ok(run(tx, uid, slot, group)?)
        })
    });
    ended(v, &user.name, done, "done_ram_saved")
}

/// Sets a tag.
pub(crate) fn set_tag(v: &Visit<'_>) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let uid = account.uid;
    let done = || -> Checked<()> {
        let value = TagValue::parse(v.form.get("tag-value"));
        let value = value.map_err(|flaw| Wrong::flawed(v, "tag-value", flaw))?;
        let tags = [Tag(required(v, "tag-key")?, value)];
        Tags::check_of_user(&tags).map_err(|_| Wrong::in_field("tag-key", v.t.ram.tag_reserved))?;
        change(v, "", |tx| {
            let (account, quotas) = tx.account_of(uid)?;
            Ok(account.extras_mut(slot)?.tags.set(&tags, quotas.tags_each)?)
        })
    };
    ended(v, &user.name, done(), "done_ram_saved")
}

/// Removes a tag.
pub(crate) fn remove_tag(v: &Visit<'_>) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let uid = account.uid;
    let done = required::<TagKey>(v, "tag-key").and_then(|key| {
        change(v, "", |tx| {
            tx.account_of(uid)?.0.extras_mut(slot)?.tags.remove(Some(&[key]));
            Ok(())
        })
    });
    ended(v, &user.name, done, "done_ram_saved")
}

/// Asks before the user is deleted.
pub(crate) fn ask_delete(v: &Visit<'_>) -> Shown {
    ask(v, Mistake::default())
}

fn ask(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let base = page_of_user(&user.name);
    let asked = Confirm::of(v, (&base, &base), v.t.ram.delete_user_text, user.name.as_str());
    let confirm = Confirm {
        also: Some(v.t.ram.also_dependents),
        left: left(v, account, slot, user),
        is_typed: true,
        mistake,
        ..asked
    };
    Ok(confirm.show(v.t.ram.delete_user))
}

/// Returns what the user still has, in words.
fn left(v: &Visit<'_>, account: &Account, slot: Slot, user: &User) -> Vec<String> {
    let keys = user.keys.iter().map(|key| format!("AccessKey {}", key.id));
    let groups = account
        .members
        .right_of(slot)
        .filter_map(|(group, _)| Some(format!("{} {}", v.t.ram.group, account.group(group).ok()?.name)));
    let policies = account.attachments.right_of(Entity::User(slot)).filter_map(|(attached, _)| {
        Some(format!("{} {}", v.t.policy, account.any_policy(attached.policy).ok()?.name()))
    });
    let login = user.login.iter().map(|_| v.t.ram.console_login.to_owned());
    let device = account.device_of(slot).map(|device| format!("{} {}", v.t.mfa_device, device.name));
    keys.chain(groups).chain(policies).chain(login).chain(device).collect()
}

/// Deletes the user, which goes to the recycle bin.
pub(crate) fn delete(v: &Visit<'_>) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let uid = account.uid;
    if v.form.get("confirm") != user.name.as_str() {
        return ask(v, Wrong::in_field("confirm", v.t.ram.confirm_name_wrong).into());
    }
    let done = change(v, "", |tx| {
        if is_checked(v, "also") {
            remove_dependents(uid, slot, tx)?;
        }
        let now = tx.now;
        let (account, quotas) = tx.account_of(uid)?;
        Ok(account.remove_user(slot, &quotas, now)?)
    });
    match done {
        Ok(()) => Ok(v.go(BIN, "done_ram_recycled")),
        Err(wrong) => ask(v, wrong.into()),
    }
}

/// Removes keys, groups, policies, log-in and device of a user, which RAM does not delete with it.
fn remove_dependents(uid: Uid, slot: Slot, tx: &mut Tx<'_>) -> Result<(), NotDone> {
    let account = tx.state().account(uid)?;
    let (holder, user) = (Entity::User(slot), account.user(slot)?);
    let (has_login, has_device) = (user.login.is_some(), account.device_of(slot).is_some());
    let keys: Vec<_> = user.keys.iter().map(|key| key.id.clone()).collect();
    let groups: Vec<_> = account.members.right_of(slot).map(|(group, _)| group).collect();
    let attached: Vec<_> = account.attachments.right_of(holder).map(|(attached, _)| attached).collect();
    for key in &keys {
        tx.remove_key(Place { uid, owner: Owner::User(slot) }, key)?;
    }
    let (account, _) = tx.account_of(uid)?;
    for group in groups {
        account.leave(slot, group)?;
    }
    for Attached { policy, group } in attached {
        account.detach(holder, policy, group)?;
    }
    if has_login {
        account.remove_login(slot)?;
    }
    if has_device {
        account.drop_device(slot)?;
    }
    Ok(())
}
