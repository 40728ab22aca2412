//! Life of an account in a file: its state, its owner's login, its verification and its purchases.
//!
//! This is the format; `plant` plants it and `write` writes it.

mod plant;
mod write;

pub(super) use plant::{plant, plant_state};
pub(crate) use write::details;
pub(super) use write::{instances, labels, real_name, security, services, state};

use crate::text::{Moment, Money};
use crate::world::account::{Method, RealNameStatus};
use crate::world::identity_words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Detail that holds the id of Taobao's passport, in files and the control API.
pub(super) const HAVANA_ID: &str = "HavanaId";

identity_words! {
    /// Real-name verification of an account.
    pub(super) struct RealNameFile {
        /// The status.
        status: RealNameStatus,
        /// Method of the application; by default `document`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        method: Option<Method>,
        /// Code of a rejection.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Reason of a rejection in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

/// A label that official APIs set on an account.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LabelFile {
    pub(super) series: String,
    pub(super) name: String,
    /// Expiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Moment>,
}

/// A paid instance of a product. Its price is not taken from the balance.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct InstanceFile {
    /// `ProductCode`.
    pub(super) product: String,
    /// `ProductType`. Default: the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) r#type: Option<String>,
    /// Months paid in advance. Default: pay-as-you-go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) months: Option<u32>,
    /// Region; default `cn-hangzhou`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    /// Fixed id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// Fixed order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order: Option<u64>,
    /// Client token of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_token: Option<String>,
    /// Other parameters of the order, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parameters: Option<String>,
    /// Price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Money>,
    /// Time of purchase. Default: the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bought: Option<Moment>,
    /// Time of release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) released: Option<Moment>,
}
