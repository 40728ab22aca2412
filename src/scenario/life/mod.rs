//! What a file says of the life of an account: how it stands, how its owner logs in, what it has shown of itself and bought.
//!
//! Here is the format; `plant` plants it and `write` writes it.

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
    /// Where an account stands with its real-name verification.
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

/// A label that official APIs put on an account.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LabelFile {
    pub(super) series: String,
    pub(super) name: String,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Moment>,
}

/// An instance of a product. It is there, and paid for: nothing is taken from the balance.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct InstanceFile {
    /// `ProductCode`.
    pub(super) product: String,
    /// `ProductType`; the product when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) r#type: Option<String>,
    /// Paid in advance for so many months; by use when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) months: Option<u32>,
    /// Where it runs; `cn-hangzhou` when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    /// Pins the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// Pins the number of its order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order: Option<u64>,
    /// The token that it was ordered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_token: Option<String>,
    /// What else was ordered, as a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parameters: Option<String>,
    /// What it cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Money>,
    /// When it was bought; at the start when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bought: Option<Moment>,
    /// When it was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) released: Option<Moment>,
}
