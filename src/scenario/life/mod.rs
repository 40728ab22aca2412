//! Life of an account in a file: its state, its owner's login, its verification and its purchases.
//!
//! This is the format; `plant` plants it and `write` writes it.

mod plant;
mod write;

pub(super) use plant::{plant, plant_state};
pub(crate) use write::details;
pub(super) use write::{instances, labels, real_name, security, services, state};

use crate::attributes::{apply, input};
use crate::text::{Moment, Money};
use crate::world::account::{Method, RealNameStatus};
use crate::world::identity_words;

/// Detail that holds the id of Taobao's passport, in files and the control API.
pub(super) const HAVANA_ID: &str = "HavanaId";

identity_words! {
    /// Real-name verification of an account.
    pub(super) struct RealNameFile {
        /// The status.
        status: RealNameStatus,
        /// Method of the application; by default `document`.
        method: Option<Method>,
        /// Code of a rejection.
        code: Option<String>,
        /// Reason of a rejection in words.
        reason: Option<String>,
    }
}

/// A label that official APIs set on an account.
#[apply(input)]
pub(super) struct LabelFile {
    pub(super) series: String,
    pub(super) name: String,
    /// Expiry.
    pub(super) until: Option<Moment>,
}

/// A paid instance of a product. Its price is not taken from the balance.
#[apply(input)]
pub(super) struct InstanceFile {
    /// `ProductCode`.
    pub(super) product: String,
    /// `ProductType`. Default: the product.
    pub(super) r#type: Option<String>,
    /// Months paid in advance. Default: pay-as-you-go.
    pub(super) months: Option<u32>,
    /// Region; default `cn-hangzhou`.
    pub(super) region: Option<String>,
    /// Fixed id.
    pub(super) id: Option<String>,
    /// Fixed order number.
    pub(super) order: Option<u64>,
    /// Client token of the order.
    pub(super) client_token: Option<String>,
    /// Other parameters of the order, as text.
    pub(super) parameters: Option<String>,
    /// Price.
    pub(super) price: Option<Money>,
    /// Time of purchase. Default: the start.
    pub(super) bought: Option<Moment>,
    /// Time of release.
    pub(super) released: Option<Moment>,
    /// Id or name of its resource group; default: the default group.
    pub(super) resource_group: Option<String>,
}
