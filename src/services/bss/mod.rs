//! BssOpenApi 2017-12-14: money, orders, and the accounts of a reseller. Source: docs/evidence/account.md 3.5 and 6.3,
//! tests/data/api/bssopenapi20171214.json.

mod accounts;
mod orders;

use crate::error::{Result, business};
use crate::operation::{On, Operation, Resource, read, write};
use crate::services::shared::managed::Managed;
use crate::world::account::Account;

pub(super) fn operations() -> Vec<Operation> {
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

/// `OwnerId`. Its code is documented with HTTP 400. Source: tests/data/api/bssopenapi20171214.json.
const OWNER: Managed =
    Managed { unknown: &business::INVALID_OWNER, foreign: &business::INVALID_OWNER, in_body: false };

/// Refuses whoever is no partner with `NotAuthorized`. Source: tests/data/api/bssopenapi20171214.json, `GetCustomerAccountInfo`.
fn partner(account: &Account) -> Result<&Account> {
    if account.is_partner { Ok(account) } else { Err(business::API_NOT_AUTHORIZED.error()) }
}
