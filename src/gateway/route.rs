//! Step 3: which product and operation a call is for.
//!
//! By the name of the host, else by version: on localhost no host tells the product, and no two products share a version.
//! Source: facts/gateway.md section 9.

use crate::error::{self, ApiError, Dialect, gateway, sts};
use crate::gateway::parse::{Call, Shown};
use crate::gateway::protocol::Protocol;
use crate::operation::{Audience, Operation};
use crate::services::{self, Product};
use http::Method;

/// Where a call goes.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) product: &'static Product,
    /// `None`: the real product has the action (or may have it), alimock does not run it. The call is authenticated and
    /// authorized like any other and then answers `InvalidAction.NotFound`.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) audience: Audience,
}

/// The product of a call, or why there is none.
pub(crate) fn product(call: &Call) -> Result<&'static Product, ApiError> {
    if let Some(product) = call.form.protocol().product() {
        return Ok(product);
    }
    let host = call.host_name();
    let by_host = services::by_host(host);
    if by_host.is_none() && host.ends_with(".aliyuncs.com") {
        return Err(gateway::PRODUCT_NOT_FOUND.error());
    }
    if call.version.is_empty() {
        return Err(unsigned_or(call, "Version"));
    }
    let version = call.version.as_str();
    let product = by_host.or_else(|| services::by_version(version));
    product
        .filter(|product| product.versions.contains(&version))
        .ok_or_else(|| gateway::INVALID_VERSION.error())
}

/// The operation of a call, or why there is none.
pub(crate) fn operation(call: &Call, product: &'static Product, method: &Method) -> Result<Route, ApiError> {
    let action = call.action.as_str();
    if call.form.protocol() != Protocol::Gateway {
        return Ok(Route { product, operation: product.operation(action), audience: product.audience });
    }
    if call.action.is_empty() && call.form.is_rpc() {
        return Err(unsigned_or(call, "Action"));
    }
    if call.form.is_rpc() && !product.may_have(action) {
        return Err(gateway::ACTION_NOT_FOUND.error());
    }
    if call.form.is_rpc() && method != Method::GET && method != Method::POST {
        return Err(gateway::UNSUPPORTED_METHOD.error());
    }
    if product.dialect == Dialect::Sts && !call.body_is_read {
        return Err(sts::CONTENT_TYPE.error());
    }
    // Every action of the account plane is RPC: ROA finds none by its path.
    let operation = product.operation(action).filter(|_| call.form.is_rpc());
    Ok(Route { product, operation, audience: product.audience_of(action) })
}

/// A missing key beats every other missing parameter. Source: facts/gateway.md section 8.
fn unsigned_or(call: &Call, name: &str) -> ApiError {
    match &call.shown {
        Shown::Nothing => gateway::MISSING_ACCESS_KEY_ID.error(),
        _ => error::missing(Dialect::Ram, name),
    }
}
