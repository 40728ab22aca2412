//! Virtual MFA device of a RAM user: its QR code, and the two codes that bind it. Source: docs/evidence/ram.md 5.4.

use crate::console::pages::ram::form::{Checked, Mistake, Wrong, change, required};
use crate::console::pages::ram::{Content, below, named, page_of_user, user, user_of};
use crate::console::visit::{Shown, Trouble, Visit};
use crate::text::MfaName;
use crate::world::account::{Account, MfaDevice, Seed};
use crate::world::register::Slot;
use askama::Template;

#[derive(Template)]
#[template(path = "ram/mfa.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    device: &'a MfaDevice,
    to: String,
    back: String,
    side: usize,
    path: String,
    mistake: Mistake,
}

/// Returns the device of this name, unless it is bound.
fn unbound(account: &Account, name: &MfaName) -> Option<Slot> {
    let slot = account.devices.find(&name.folded())?;
    account.device(slot).ok().filter(|device| device.bound.is_none()).map(|_| slot)
}

/// Adds a device, or takes the one of this name that nobody uses, and goes to its page.
pub(crate) fn create(v: &Visit<'_>) -> Shown {
    let (account, _, found) = user_of(v)?;
    let uid = account.uid;
    let made = required::<MfaName>(v, "device").and_then(|name| {
        if unbound(account, &name).is_none() {
            change(v, "device", |tx| Ok(tx.add_device(uid, name.clone())?))?;
        }
        Ok(name)
    });
    match made {
        Ok(name) => {
            let page = format!("{}/device", page_of_user(&found.name));
            Ok(v.go(&below(&page, name.as_str()), ""))
        }
        Err(wrong) => user::page(v, wrong.into()),
    }
}

/// Shows the QR code of a device that is not bound.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, Mistake::default())
}

fn page(v: &Visit<'_>, mistake: Mistake) -> Shown {
    let (account, _, user) = user_of(v)?;
    let slot = unbound(account, &named(v, 1)?).ok_or(Trouble::NotFound)?;
    let device = account.device(slot).map_err(|_| Trouble::NotFound)?;
    let (side, path) = crate::qr::svg(&device.uri(account.uid));
    let back = page_of_user(&user.name);
    let to = v.at(&below(&format!("{back}/device"), device.name.as_str()));
    let status = mistake.status();
    let page = Page { v, device, to, back: v.at(&back), side, path, mistake };
    let name = user.name.as_str();
    let calls = format!(
        "aliyun ram CreateVirtualMFADevice --VirtualMFADeviceName {}\naliyun ram BindMFADevice --UserName {name} \
         --SerialNumber {} --AuthenticationCode1 123456 --AuthenticationCode2 654321",
        device.name,
        device.serial_number(account.uid)
    );
    let title = format!("{}: {name}", v.t.mfa_bind);
    Ok(Content { title: &title, inner: &page, recipes: &[], calls: &calls }.show(v, status))
}

/// Binds the device, by two codes that follow each other.
pub(crate) fn bind(v: &Visit<'_>) -> Shown {
    let (account, slot, user) = user_of(v)?;
    let uid = account.uid;
    let device = unbound(account, &named(v, 1)?).ok_or(Trouble::NotFound)?;
    let done = || -> Checked<()> {
        let codes = [code(v, "code-1")?, code(v, "code-2")?];
        change(v, "", |tx| {
            let now = tx.now;
            Ok(tx.account_of(uid)?.0.bind_device(slot, device, codes, now)?)
        })
    };
    match done() {
        Ok(()) => Ok(v.go(&page_of_user(&user.name), "done_ram_saved")),
        Err(wrong) => page(v, wrong.into()),
    }
}

fn code(v: &Visit<'_>, field: &'static str) -> Checked<u32> {
    Seed::code_of(v.form.get(field)).ok_or_else(|| Wrong::in_field(field, v.t.mfa_code_wrong))
}

/// Unbinds the device of the user, and deletes it.
pub(crate) fn unbind(v: &Visit<'_>) -> Shown {
    let (account, slot, found) = user_of(v)?;
    let uid = account.uid;
    match change(v, "", |tx| Ok(tx.account_of(uid)?.0.drop_device(slot)?)) {
        Ok(()) => Ok(v.go(&page_of_user(&found.name), "done_ram_saved")),
        Err(wrong) => user::page(v, wrong.into()),
    }
}
