//! Table Store (Tablestore, OTS), limited to authentication and permission: no request runs.
//!
//! A request names its action in the path, the instance in a header and tables in the body.

use crate::error::ots;
use crate::operation::Resource;
use crate::services::{Denial, Product, Unmet};
use crate::world::gates::Requirement;

/// Refusals of unmet requirements.
const UNMET: &[Unmet] = &[Unmet::new(Requirement::NotShutDown, &ots::USER_DISABLED)];

/// The product.
pub(super) fn product() -> Product {
    Product::new("Ots", "ots", &["ots"], &["2015-12-31"])
        .denying(Denial::Named(&ots::DENIED), &[Resource::All("*")])
        .refusing(UNMET)
}
