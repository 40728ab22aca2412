//! Ubsms 2015-06-23: the status of each service of an account. Source: docs/evidence/account.md 1.6, aliyun-python-sdk-ubsms 2.0.5.
//!
//! UNCERTAIN: the allowed callers. Here partners write for their accounts, as in Aas, because the package has a `callerBid`; all accounts
//! read their own status. UNCERTAIN: keys and values. The key `activated` is our own: `false` makes the service reject the account.

use crate::attributes::{apply, reply};
use crate::error::{Result, partner};
use crate::operation::{Audience, On, Operation, Resource, read, write};
use crate::params::request;
use crate::services::shared::managed::{Managed, children};
use crate::services::shared::reply::Only;
use crate::text::{BusinessWord, Uid};
use crate::world::account::Account;
use crate::world::{Tx, View};
use compact_str::CompactString;
use std::collections::BTreeMap;

pub(super) fn operations() -> Vec<Operation> {
    let all: On = &[Resource::All("*")];
    vec![
        read("DescribeBusinessStatus", all, describe).open_to(Audience::Signed),
        write("SetUserBusinessStatus", all, set),
    ]
}

/// `Uid`. Source: docs/evidence/account.md 3.2, for Crm.
const MANAGED: Managed =
    Managed { unknown: &partner::INVALID_PK, foreign: &partner::BID_MISMATCH, in_body: false };

request! {
    /// Parameters of `DescribeBusinessStatus`: `callerBid` and `Password` are ignored.
    struct Describe {}
}

#[apply(reply)]
struct Described {
    success: bool,
    user_business_status_list: Vec<OfService>,
}

#[apply(reply)]
struct OfService {
    uid: Uid,
    service_code: CompactString,
    statuses: Vec<OneStatus>,
}

#[apply(reply)]
struct OneStatus {
    status_key: CompactString,
    status_value: CompactString,
}

/// `DescribeBusinessStatus`: returns the statuses that were set, for the caller's account and the accounts of which it is the partner.
///
/// Source: docs/evidence/account.md 1.6.
fn describe(view: View<'_>, _: Describe) -> Result<Described> {
    let own = view.account()?;
    let accounts = std::iter::once(own).chain(children(view.state, own.uid).filter(|one| one.uid != own.uid));
    Ok(Described { success: true, user_business_status_list: accounts.flat_map(of_services).collect() })
}

fn of_services(account: &Account) -> Vec<OfService> {
    let mut services: BTreeMap<&CompactString, Vec<OneStatus>> = BTreeMap::new();
    for ((service, key), value) in &account.affairs.business {
        let status = OneStatus { status_key: key.clone(), status_value: value.clone() };
        services.entry(service).or_default().push(status);
    }
    let of = |(service, statuses): (&CompactString, _)| OfService {
        uid: account.uid,
        service_code: service.clone(),
        statuses,
    };
    services.into_iter().map(of).collect()
}

request! {
    /// Parameters of `SetUserBusinessStatus`.
    struct Set {
        uid: String = "Uid",
        service: BusinessWord = "Service",
        key: BusinessWord = "StatusKey",
        value: BusinessWord = "StatusValue",
    }
}

/// `SetUserBusinessStatus`: sets a status of a service for an account of the partner.
///
/// Fails with `Not Bid`, `Invalid PK` and `Bid Mismatch` (UNCERTAIN: codes of Crm). Source: docs/evidence/account.md 1.6.
fn set(tx: &mut Tx<'_>, req: Set) -> Result<Only<bool>> {
    let Set { uid, service, key, value } = req;
    let own = tx.account()?.uid;
    let uid = MANAGED.own_or_child(tx.state(), own, &uid)?.uid;
    tx.open_account(uid)?;
    let affairs = tx.account_of(uid)?.0.affairs_mut();
    affairs.set_business(service.as_str(), key.as_str(), value.as_str());
    Ok(Only("Success", true))
}
