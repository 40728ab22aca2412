//! Agency 2022-12-16: a partner sells to customers: invitations, accounts and credit. Source: docs/evidence/account.md 3.6,
//! alibabacloud-agency20221216.

mod accounts;
mod invites;

use crate::attributes::{apply, reply};
use crate::error::{Failure, Result, business};
use crate::operation::{On, Operation, Resource, read, write};
use crate::params::{Field, Params};
use crate::services::shared::managed::Managed;
use crate::services::shared::words::words;
use crate::text::{Bounded, Uid};
use crate::world::account::{Account, Hold, ShutdownPolicy};
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    vec![
        write("CreateCustomer", all, invites::create_customer),
        write("InviteSubAccount", all, invites::invite),
        read("GetInviteStatus", all, invites::status),
        write("ResendEmail", all, invites::resend),
        read("GetUnassociatedCustomer", all, invites::unassociated),
        read("GetAccountInfo", all, accounts::query),
        write("SetAccountInfo", all, accounts::set),
        read("GetCreditInfo", all, accounts::credit),
        write("SetCreditLine", all, accounts::set_credit_line),
        write("EditNewBuyStatus", all, accounts::edit_new_buy),
        write("EditEndUserStatus", all, accounts::edit_pay_as_you_go),
        write("EditZeroCreditShutdown", all, accounts::edit_shutdown),
    ]
}

/// `Uid`. Source: alibabacloud-agency20221216, `GetAccountInfo`.
const SUB_ACCOUNT: Managed =
    Managed { unknown: &business::AGENCY_INVALID_UID, foreign: &business::AGENCY_INVALID_UID, in_body: true };

/// The caller's account, which must be a partner. UNCERTAIN: the error for others; here `NOT_AUTHORIZED`.
fn partner(account: &Account) -> Result<&Account> {
    if account.is_partner { Ok(account) } else { Err(business::NOT_AUTHORIZED.business()) }
}

/// An account of the caller, to change it. Fails with `3029`, and with `3040` if the account is frozen.
///
/// UNCERTAIN: the meaning of "frozen"; here the account is disabled, or frozen by its reseller.
fn to_change(tx: &Tx<'_>, uid: &str) -> Result<Uid> {
    let own = partner(tx.account()?)?.uid;
    let account = SUB_ACCOUNT.child(tx.state(), own, uid)?;
    let holds = account.standing().holds();
    if holds.has(Hold::Account) || holds.has(Hold::Business) {
        return Err(business::AGENCY_FROZEN.business());
    }
    Ok(account.uid)
}

/// An account of the caller, to show it. Fails with `3029`.
fn to_show<'a>(view: &View<'a>, uid: &str) -> Result<&'a Account> {
    SUB_ACCOUNT.child(view.state, partner(view.account()?)?.uid, uid)
}

words! {
    /// `ZeroCreditShutdownPolicy`: by its name, or by its number in the list. Source: alibabacloud-agency20221216, `InviteSubAccount`.
    Policy: ShutdownPolicy {
        "delayStop" => ShutdownPolicy::DelayStop,
        "noStop" => ShutdownPolicy::NoStop,
        "immediatelyStop" => ShutdownPolicy::ImmediatelyStop,
        "1" => ShutdownPolicy::DelayStop,
        "2" => ShutdownPolicy::NoStop,
        "3" => ShutdownPolicy::ImmediatelyStop,
    }
}

/// Page of a list: `CurrentPage`, and `PageSize` of at most `MOST`. Reads both parameters, whatever the field's name is.
struct Page<const MOST: i64> {
    page: i64,
    size: i64,
}

impl<const MOST: i64> Field for Page<MOST> {
    fn take(params: &Params, _: &'static str) -> Result<Self, Failure> {
        let Bounded(page) = Bounded::<1, { i32::MAX as i64 }>::take(params, "CurrentPage")?;
        let Bounded(size) = Bounded::<1, MOST>::take(params, "PageSize")?;
        Ok(Self { page, size })
    }
}

#[apply(reply)]
struct PageInfo {
    page: i64,
    page_size: i64,
    total: usize,
}

impl<const MOST: i64> Page<MOST> {
    /// Items of `all` on this page.
    fn of<T>(&self, all: Vec<T>) -> (Vec<T>, PageInfo) {
        let (page, page_size) = (self.page, self.size);
        let skipped = usize::try_from((page - 1).saturating_mul(page_size)).unwrap_or(usize::MAX);
        let info = PageInfo { page, page_size, total: all.len() };
        let size = usize::try_from(page_size).expect("it is positive");
        (all.into_iter().skip(skipped).take(size).collect(), info)
    }
}
