//! Step 3: product and operation of a call.
//!
//! The host name decides, unless v3 leaves it unsigned; else the version, which implemented products do not share. If
//! neither decides, the stubs of the world may. Source: docs/evidence/gateway.md section 9.

use crate::error::{ApiError, Dialect, Flawed, gateway, sts};
use crate::gateway::call::{Call, Shown};
use crate::gateway::host::is_alibaba;
use crate::gateway::protocol::path::{decoded, tell};
use crate::gateway::request::RawRequest;
use crate::operation::{Audience, Operation};
use crate::services::{self, Front, Product, roa};
use crate::world::World;
use crate::world::stubs::{AskedOf, Stub, Stubs};
use http::Method;

/// Target of a call.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) product: &'static Product,
    /// `None`: alimock does not implement the action, but the real product has it, or may have it. The call is
    /// authenticated and authorized as usual. Then a stub responds, or the error is `InvalidAction.NotFound`.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) audience: Audience,
}

/// Returns the product of a call. `named` is the product of a host name that only alimock uses.
pub(crate) fn product(
    call: &Call,
    request: &RawRequest,
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
    // An unsigned host is ignored: the version decides, and implemented products do not share any.
    let is_signed = call.host_is_signed();
    let by_host = if is_signed { by_host() } else { None };
    if by_host.is_none() && is_signed && is_alibaba(host) {
        let foreign = services::foreign(host).map(|name| gateway::PROTOCOL_NOT_SPOKEN.about(name));
        return Err(foreign.unwrap_or_else(|| gateway::PRODUCT_NOT_FOUND.error()));
    }
    let worded = |error| by_host.map_or(&Front::GATEWAY, |product| product.front).worded(error);
    if call.version.is_empty() {
        return Err(worded(unsigned_or(call, "Version")));
    }
    let version = call.version.as_str();
    if let Some(product) = by_host {
        let stubbed = || by_stub(world, |stub| stub.is_of(product.code) && has_version(stub, version));
        let has = product.versions.contains(&version) || stubbed().is_some();
        return if has { Ok(product) } else { Err(worded(gateway::INVALID_VERSION.error())) };
    }
    let by_version = services::by_version(version);
    if let Some(product) = by_version.filter(|product| product.running().next().is_some()) {
        return Ok(product);
    }
    let stubbed =
        || by_stub(world, |stub| stub.fits(&asked(call, request), |stub| has_version(stub, version)));
    stubbed().or(by_version).ok_or_else(|| gateway::INVALID_VERSION.error())
}

/// Returns the product of the first stub that is `wanted`.
fn by_stub(world: &World, wanted: impl FnMut(&&Stub) -> bool) -> Option<&'static Product> {
    let state = world.state();
    let stub = state.stubs.0.iter().find(wanted)?;
    Some(services::by_code(&stub.product).unwrap_or_else(|| services::declared(&stub.product)))
}

/// Returns `true` if a stub responds to a version. Default: versions of its product, or any if a stub declares it.
fn has_version(stub: &Stub, version: &str) -> bool {
    let of_product =
        || services::by_code(&stub.product).is_none_or(|product| product.versions.contains(&version));
    stub.version.as_ref().map_or_else(of_product, |own| own == version)
}

/// Names the action of a ROA request that names none: by the table of the product, or by a stub with such a path. The
/// parameters in a known path are read in any case.
pub(crate) fn name_action(call: &mut Call, product: &'static Product, request: &RawRequest, stubs: &Stubs) {
    if call.form.protocol.product.is_some() || call.form.is_rpc {
        return;
    }
    let (method, path) = (request.method().as_str(), request.uri().path());
    if let Some(found) = roa::action(product.code, &call.version, method, path) {
        if call.action.is_empty() {
            call.action = found.action.into();
        }
        found.params.iter().for_each(|(name, value)| tell(&mut call.params, name, &decoded(value)));
        call.params.sort();
    } else if call.action.is_empty()
        && let Some(stub) = stubs.answering(product.code, &asked(call, request))
    {
        call.action = stub.literal_action().unwrap_or_default().into();
    }
}

/// Returns what stubs compare with.
pub(crate) fn asked<'a>(call: &'a Call, request: &'a RawRequest) -> AskedOf<'a> {
    let (version, action) = (call.version.as_str(), call.action.as_str());
    AskedOf { version, action, method: request.method().as_str(), path: request.uri().path() }
}

/// Returns the operation of a call.
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
    // All actions of the account plane are RPC; a ROA path matches no action.
    Ok(Route { product, operation: found.filter(|_| call.form.is_rpc), audience })
}

/// A missing key beats every other missing parameter. Source: docs/evidence/gateway.md section 8.
fn unsigned_or(call: &Call, name: &'static str) -> ApiError {
    match &call.shown {
        Shown::Nothing => gateway::MISSING_ACCESS_KEY_ID.error(),
        _ => Flawed::missing(name).in_words_of_ram(),
    }
}
