//! Recycle bin of RAM users: restored, or deleted for good. Source: docs/evidence/ims.md 3.4.

use crate::console::pages::ram::form::{Mistake, change};
use crate::console::pages::ram::{BIN, Confirm, Content, Rows, has, page_of_user, start, wanted};
use crate::console::visit::{Shown, Trouble, Visit};
use crate::world::account::{Account, DeletedUser, purged_at};
use askama::Template;

struct Row {
    id: u64,
    name: String,
    keys: usize,
    deleted: String,
    purged: String,
}

#[derive(Template)]
#[template(path = "ram/bin.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    list: Rows<Row>,
    mistake: Mistake,
}

/// Shows the deleted users.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, Mistake::default())
}

fn page(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let account = v.own_account()?;
    let q = wanted(v);
    let all = account.recycle_bin.users_from(start(v), v.now);
    let all = all.filter(|(_, deleted)| has(deleted.user.name.as_str(), &q));
    let list = Rows::of(v, BIN, all.map(|(number, deleted)| (number, row(v, account, deleted))));
    let status = mistake.status();
    let page = Page { v, list, mistake };
    let calls = "aliyun ims ListUsersInRecycleBin\naliyun ims RestoreUserFromRecycleBin --UserId ID\n\
                 aliyun ims DeleteUserInRecycleBin --UserId ID";
    Ok(Content { title: v.t.ram.recycle_bin, inner: &page, recipes: &[], calls }.show(v, status))
}

fn row(v: &Visit<'_>, account: &Account, deleted: &DeletedUser) -> Row {
    Row {
        id: deleted.user.id,
        name: deleted.user.name.to_string(),
        keys: account.recycle_bin.keys_of(deleted.user.id, v.now).count(),
        deleted: deleted.at.to_string(),
        purged: purged_at(deleted.at).to_string(),
    }
}

/// Returns the account and the deleted user in the path.
fn deleted<'a>(v: &'a Visit<'_>) -> Result<(&'a Account, &'a DeletedUser), Trouble> {
    let account = v.own_account()?;
    let id = v.names.first().and_then(|id| id.parse().ok()).ok_or(Trouble::NotFound)?;
    Ok((account, account.recycle_bin.user(id, v.now).map_err(|_| Trouble::NotFound)?))
}

/// Restores a user.
pub(crate) fn restore(v: &Visit<'_>) -> Shown {
    let (account, DeletedUser { user, .. }) = deleted(v)?;
    let uid = account.uid;
    let done = change(v, "", |tx| {
        let now = tx.now;
        let (account, quotas) = tx.account_of(uid)?;
        Ok(account.restore_user(user.id, &quotas, now)?)
    });
    match done {
        Ok(()) => Ok(v.go(&page_of_user(&user.name), "done_ram_restored")),
        Err(wrong) => page(v, wrong.into()),
    }
}

/// Asks before a user is deleted for good.
pub(crate) fn ask_purge(v: &Visit<'_>) -> Shown {
    let (_, DeletedUser { user, .. }) = deleted(v)?;
    let page = format!("{BIN}/{}", user.id);
    let confirm = Confirm::of(v, (&page, BIN), v.t.ram.purge_text, user.name.as_str());
    Ok(confirm.show(v.t.ram.purge))
}

/// Deletes a user for good.
pub(crate) fn purge(v: &Visit<'_>) -> Shown {
    let (account, DeletedUser { user, .. }) = deleted(v)?;
    let (uid, id) = (account.uid, user.id);
    let done = change(v, "", |tx| {
        let now = tx.now;
        Ok(tx.account_of(uid)?.0.purge_user(id, now)?)
    });
    match done {
        Ok(()) => Ok(v.go(BIN, "done_ram_deleted")),
        Err(wrong) => page(v, wrong.into()),
    }
}
