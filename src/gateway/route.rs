//! Step 3: which product and operation a call is for.
//!
//! By the name of the host, unless v3 leaves it unsigned, else by version. On localhost no host tells the product, and no two
//! products that run share a version. Where neither tells it, the stubs of the world may. Source: docs/evidence/gateway.md section 9.

use crate::error::{ApiError, Dialect, Flawed, gateway, sts};
use crate::gateway::call::{Call, Shown};
use crate::gateway::host::is_alibaba;
use crate::operation::{Audience, Operation};
use crate::services::{self, Product};
use crate::world::World;
use crate::world::stubs::Stub;
use http::Method;

/// Where a call goes.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) product: &'static Product,
    /// `None`: the real product has the action (or may have it), alimock does not run it. The call is authenticated and
    /// authorized like any other; then a stub of the world answers it, or it is refused with `InvalidAction.NotFound`.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) audience: Audience,
}

/// The product of a call, or why there is none; `named` is the one that a name of our own for a host tells.
pub(crate) fn product(
    call: &Call,
    named: Option<&'static Product>,
    world: &World,
) -> Result<&'static Product, ApiError> {
    if let Some(product) = call.form.protocol.product.and_then(services::by_code) {
        return Ok(product);
    }
    let host = call.host_name();
    let declared =
        |label: &str| by_stub(world, |stub| stub.is_of(label) && services::by_code(&stub.product).is_none());
    let by_host = || named.or_else(|| services::by_host(host)).or_else(|| declared(services::label(host)?));
    // A host that is not signed tells nothing: the version does, and no two products that run share one.
    let is_signed = call.host_is_signed();
    let by_host = if is_signed { by_host() } else { None };
    if by_host.is_none() && is_signed && is_alibaba(host) {
        return Err(gateway::PRODUCT_NOT_FOUND.error());
    }
    if call.version.is_empty() {
        return Err(unsigned_or(call, "Version"));
    }
    let (version, action) = (call.version.as_str(), call.action.as_str());
    if let Some(product) = by_host {
        let stubbed = || by_stub(world, |stub| stub.is_of(product.code) && has_version(stub, version));
        let has = product.versions.contains(&version) || stubbed().is_some();
        return if has { Ok(product) } else { Err(gateway::INVALID_VERSION.error()) };
    }
    let by_version = services::by_version(version);
    if let Some(product) = by_version.filter(|product| product.running().next().is_some()) {
        return Ok(product);
    }
    let stubbed = || by_stub(world, |stub| stub.fits(version, action, |stub| has_version(stub, version)));
    stubbed().or(by_version).ok_or_else(|| gateway::INVALID_VERSION.error())
}

/// The product of the first stub of the world that is `wanted`.
fn by_stub(world: &World, wanted: impl FnMut(&&Stub) -> bool) -> Option<&'static Product> {
    let state = world.state();
    let stub = state.stubs.0.iter().find(wanted)?;
    Some(services::by_code(&stub.product).unwrap_or_else(|| services::declared(&stub.product)))
}

/// Whether a stub answers calls of a version. Without one it has those of its product; a declared product has any.
fn has_version(stub: &Stub, version: &str) -> bool {
    let of_product =
        || services::by_code(&stub.product).is_none_or(|product| product.versions.contains(&version));
    stub.version.as_ref().map_or_else(of_product, |own| own == version)
}

/// The operation of a call, or why there is none.
pub(crate) fn operation(call: &Call, product: &'static Product, method: &Method) -> Result<Route, ApiError> {
    let action = call.action.as_str();
    let found = product.operation(&call.version, action);
    let audience = found.and_then(|operation| operation.audience).unwrap_or(product.audience);
    if call.form.protocol.product.is_some() {
        return Ok(Route { product, operation: found, audience });
    }
    if call.action.is_empty() && call.form.is_rpc {
        return Err(unsigned_or(call, "Action"));
    }
    if call.form.is_rpc && !product.may_have(action) {
        return Err(gateway::ACTION_NOT_FOUND.error());
    }
    if call.form.is_rpc && method != Method::GET && method != Method::POST {
        return Err(gateway::UNSUPPORTED_METHOD.error());
    }
    if product.dialect == Dialect::Sts && !call.body_is_read {
        return Err(sts::CONTENT_TYPE.error());
    }
    // Every action of the account plane is RPC: ROA finds none by its path.
    Ok(Route { product, operation: found.filter(|_| call.form.is_rpc), audience })
}

/// A missing key beats every other missing parameter. Source: docs/evidence/gateway.md section 8.
fn unsigned_or(call: &Call, name: &'static str) -> ApiError {
    match &call.shown {
        Shown::Nothing => gateway::MISSING_ACCESS_KEY_ID.error(),
        _ => Flawed::missing(name).in_words_of_ram(),
    }
}
