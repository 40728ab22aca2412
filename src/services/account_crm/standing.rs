//! Login permission of an account, and status of a partner's service. Source: docs/evidence/account.md 3.3 and 1.5.

use crate::error::Result;
use crate::operation::{Operation, read, write};
use crate::params::request;
use crate::services::account_crm::{ALL, Changed, OneChild, changed};
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::partner::Mpk;
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::Unread;
use crate::world::account::Hold;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        write("AllowAgAccountLogin", ALL, allow),
        write("ForbiddenAgAccountLogin", ALL, forbid),
        read("QueryAgAccountLoginPermission", ALL, permission),
        write("UpdateAgServiceStatus", ALL, set_service_status),
    ]
}

/// `AllowAgAccountLogin`: allows an account to log in to the console.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn allow(tx: &mut Tx<'_>, req: OneChild) -> Result<Enveloped<Data<bool>>> {
    hold(tx, &req, false)
}

/// `ForbiddenAgAccountLogin`: forbids an account to log in to the console. Its keys continue to work.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn forbid(tx: &mut Tx<'_>, req: OneChild) -> Result<Enveloped<Data<bool>>> {
    hold(tx, &req, true)
}

fn hold(tx: &mut Tx<'_>, req: &OneChild, is_on: bool) -> Result<Enveloped<Data<bool>>> {
    let uid = req.who.uid(tx)?;
    tx.hold(uid, Hold::Login, is_on)?;
    Ok(Enveloped::data(true))
}

/// `QueryAgAccountLoginPermission`: returns if an account may log in to the console.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn permission(view: View<'_>, req: OneChild) -> Result<Enveloped<Only<bool>>> {
    let standing = view.state.account(req.who.uid(&view)?)?.standing();
    let is_held = [Hold::Login, Hold::Account].iter().any(|hold| standing.holds().has(*hold));
    Ok(Enveloped::new(Only("HasLoginPermission", !is_held && !standing.is_closed())))
}

request! {
    /// Parameters of `UpdateAgServiceStatus`.
    struct SetServiceStatus {
        _kind: Unread = "AgAccountType",
        mpk: Mpk = "Mpk",
        status: String = "Status",
    }
}

/// `UpdateAgServiceStatus`: sets the status of the partner's service for its accounts, which `Ubsms` shows as key `status` of
/// service `ag` (UNCERTAIN: its meaning; it has no effect).
///
/// Fails with `Not Bid` and `Bid Mismatch`. Source: docs/evidence/account.md 3.3.
fn set_service_status(tx: &mut Tx<'_>, req: SetServiceStatus) -> Result<Changed> {
    let uid = req.mpk.uid(tx)?;
    tx.open_account(uid)?;
    tx.account_of(uid)?.0.affairs_mut().set_business("ag", "status", &req.status);
    Ok(changed())
}
