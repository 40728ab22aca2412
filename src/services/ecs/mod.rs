//! ECS 2014-05-26: an account's own verification state, the list of regions, the checks of an order for instances, and the
//! RAM role of the instance. Source: docs/evidence/account.md 3.8 and 6.2.

mod instance_roles;
mod instances;
mod regions;

use crate::attributes::{apply, reply};
use crate::error::{Result, ecs, gateway};
use crate::operation::{On, Operation, Resource, read, write};
use crate::params::request;
use crate::services::{Front, Unmet};
use crate::text::{Region, Site};
use crate::world::View;
use crate::world::account::Account;
use crate::world::gates::Requirement;

/// Refusals of unmet requirements. Source: docs/evidence/account.md 6.
pub(super) const UNMET: &[Unmet] = &[
    Unmet::new(Requirement::NotRiskControlled, &ecs::RISK_CONTROL_ECS),
    Unmet { requirement: Requirement::NoArrears, action: "RunInstances", error: &ecs::IN_ARREARS },
    Unmet {
        requirement: Requirement::NoArrears,
        action: "StartInstance",
        error: &ecs::INSUFFICIENT_BALANCE_403,
    },
];

/// ECS has its own front, older than the API gateway's. Its sources are of 2018 to 2024. Source: docs/evidence/gateway.md 6.1.
pub(super) const FRONT: Front = Front {
    words: &[
        (&gateway::SIGNATURE_MISMATCH, &gateway::INCOMPLETE_SIGNATURE),
        (&gateway::ACTION_NOT_FOUND, &ecs::NO_SUCH_ACTION),
        (&gateway::UNSUPPORTED_METHOD, &ecs::UNSUPPORTED_METHOD),
        (&gateway::SECURITY_TOKEN_MALFORMED, &ecs::TOKEN_MALFORMED),
        (&gateway::SECURITY_TOKEN_EXPIRED, &ecs::TOKEN_EXPIRED),
        (&gateway::SECURITY_TOKEN_MISMATCH, &ecs::TOKEN_MISMATCH),
    ],
    // Observed for a missing token: alibaba/alibaba.alicloud 322 (2024-05).
    missing: Some(&gateway::MISSING_PARAMETER),
    token_first: true,
    takes_bearer: false,
    owners: &[("OwnerAccount", &ecs::OWNER_ACCOUNT), ("ResourceOwnerAccount", &ecs::RESOURCE_OWNER_ACCOUNT)],
    ..Front::GATEWAY
};

pub(super) fn operations() -> Vec<Operation> {
    let instances: On = &[Resource::Instances];
    vec![
        read("DescribeAccountAttributes", &[Resource::All("*")], describe_account_attributes),
        read("DescribeRegions", &[Resource::All("*")], regions::describe),
        // It never creates anything, so it only reads.
        read("RunInstances", &[Resource::All("*")], instances::run),
        write("AttachInstanceRamRole", instances, instance_roles::attach),
        write("DetachInstanceRamRole", instances, instance_roles::detach),
        read("DescribeInstanceRamRole", instances, instance_roles::describe),
    ]
}

request! {
    /// Parameters of `DescribeAccountAttributes`.
    struct DescribeAccountAttributes {
        region_id: String = "RegionId",
        attribute_names: Vec<String> = "AttributeName",
    }
}

#[apply(reply)]
struct Attributes {
    account_attribute_items: Items,
}

#[apply(reply)]
struct Items {
    account_attribute_item: Vec<Item>,
}

#[apply(reply)]
struct Item {
    attribute_name: &'static str,
    attribute_values: Values,
}

#[apply(reply)]
struct Values {
    value_item: Vec<Value>,
}

#[apply(reply)]
struct Value {
    value: &'static str,
}

const REAL_NAME: &str = "real-name-authentication";

/// `DescribeAccountAttributes`: returns if the account is verified: `yes`, `none` or `unnecessary`. Other attributes are about
/// instances and are rejected.
///
/// Fails with `MissingParameter` and `InvalidParameter`. Source: docs/evidence/account.md 3.8 and 2.4.
fn describe_account_attributes(view: View<'_>, req: DescribeAccountAttributes) -> Result<Attributes> {
    // One page has the plural.
    let known = |name: &String| name == REAL_NAME || name == "real-name-authentications";
    if !req.attribute_names.iter().all(known) {
        return Err(gateway::INVALID_PARAMETER.about("AttributeName"));
    }
    let value = real_name_value(view.account_seen()?, &req.region_id);
    let item =
        Item { attribute_name: REAL_NAME, attribute_values: Values { value_item: vec![Value { value }] } };
    Ok(Attributes { account_attribute_items: Items { account_attribute_item: vec![item] } })
}

/// INFERRED: an International account needs no verification outside mainland regions. Source: docs/evidence/account.md 2.4.
fn real_name_value(account: &Account, region: &str) -> &'static str {
    if account.real_name.is_verified() {
        "yes"
    } else if account.profile.site == Site::International && !Region::is_mainland(region) {
        "unnecessary"
    } else {
        "none"
    }
}
