//! What a file says of the life of an account: how it stands, how its owner logs in, what it has shown of itself and bought.
//!
//! Here is the format; `plant` plants it and `write` writes it.

mod plant;
mod write;

pub(super) use plant::{plant, plant_state};
pub(crate) use write::details;
pub(super) use write::{instances, labels, real_name, security, services, state};

use crate::scenario::file::is_default;
use crate::text::{Moment, Span};
use crate::world::account::{
    Hold, IpMask, Method, Protection, RealNameStatus, ShutdownPolicy, Status, Subject,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The detail that stands for the id of Taobao's passport, in files and the control API.
pub(super) const HAVANA_ID: &str = "HavanaId";

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RealNameFile {
    pub(super) status: RealNameStatus,
    #[serde(default = "enterprise")]
    pub(super) subject: Subject,
    /// How it was applied for; by documents when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) license_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) license_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
    /// ISO alpha-2 code of the country that issued the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) country: Option<String>,
    /// When the document expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<Moment>,
    /// Code of a rejection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    /// Its reason in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

fn enterprise() -> Subject {
    Subject::Enterprise
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct StateFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) balance: Option<f64>,
    /// How deep it may be in debt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credit_line: Option<f64>,
    /// What becomes of services once the credit is used up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shutdown_policy: Option<ShutdownPolicy>,
    /// What is held against it besides what `status` says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) holds: Vec<Hold>,
    /// Whether its services have stopped for debt, when `status` says something graver.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) shut_down: bool,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct SecurityFile {
    /// The password of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) password: Option<String>,
    /// Seed of the virtual MFA device that is bound to it, in Base32 as apps take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mfa: Option<String>,
    /// From where the console may be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ip_mask: Option<IpMask>,
    /// How long a log-in lasts, in whole seconds; as `accountRules` say when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session_expires: Option<Span>,
    /// Whether the security mobile may be used to log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mobile_login: Option<bool>,
    /// What guards sensitive operations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) protection: Option<Protection>,
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
    pub(super) price: Option<f64>,
    /// When it was bought; at the start when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bought: Option<Moment>,
    /// When it was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) released: Option<Moment>,
}
