//! BssOpenApi 2017-12-14: money, orders, and the accounts of a reseller. Source: docs/evidence/account.md 3.5 and 6.3,
//! tests/data/api/bssopenapi20171214.json.

mod accounts;
mod orders;

use crate::error::{self, Result, business};
use crate::operation::{On, Operation, Resource, read, write};
use crate::services::shared::managed::Managed;
use crate::services::{Product, Unmet};
use crate::world::account::Account;
use crate::world::gates::Requirement;

/// Refusals of unmet requirements. Source: docs/evidence/account.md 6.
const UNMET: &[Unmet] = &[
    Unmet::new(Requirement::Verified, &business::ORDER_ACCOUNT_STATUS),
    Unmet::new(Requirement::NoArrears, &business::ORDER_NEGATIVE_BALANCE),
    Unmet::new(Requirement::NotShutDown, &business::ORDER_NEGATIVE_BALANCE),
    Unmet::new(Requirement::Balance, &error::PAY_INSUFFICIENT_BALANCE),
    Unmet::new(Requirement::NotFrozen, &business::NOT_AUTHORIZED),
];

pub(super) fn product() -> Product {
    Product::new("BssOpenApi", "bss", &["business", "business-intl"], &["2017-12-14"])
        .classic()
        .answering_in_body()
        .refusing(UNMET)
        .runs(operations())
}

fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    vec![
        read("QueryAccountBalance", all, accounts::balance),
        read("GetAccountRelation", all, accounts::relation),
        read("GetCustomerAccountInfo", all, accounts::customer),
        read("GetCustomerList", all, accounts::customers),
        write("CreateAgAccount", all, accounts::create),
        write("SetResellerUserStatus", all, accounts::set_status),
        read("QueryAvailableInstances", all, orders::available),
        write("CreateInstance", all, orders::create),
        write("RefundInstance", all, orders::refund),
    ]
}

/// `OwnerId`. Its error code is documented with HTTP 400. Source: tests/data/api/bssopenapi20171214.json.
const OWNER: Managed =
    Managed { unknown: &business::INVALID_OWNER, foreign: &business::INVALID_OWNER, in_body: false };

/// Rejects a caller that is not a partner, with `NotAuthorized`. Source: tests/data/api/bssopenapi20171214.json, `GetCustomerAccountInfo`.
fn partner(account: &Account) -> Result<&Account> {
    if account.is_partner { Ok(account) } else { Err(business::API_NOT_AUTHORIZED.error()) }
}
