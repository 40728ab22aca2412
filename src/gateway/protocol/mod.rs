//! Protocols: reading of requests, signed texts, time checks and responses. Each protocol is a value with its own file
//! or folder; the steps of the gateway are the same for all.

pub(crate) mod api;
mod fc;
mod header_signature;
mod metadata;
mod mns;
mod odps;
mod oss;
mod ots;
pub(crate) mod path;
mod sls;
#[cfg(test)]
mod vectors;
pub(crate) mod words;

use crate::gateway::call::{Arrived, Call, Protocol};
use crate::gateway::host::host_name;
use crate::services::{Product, foreign};

/// All protocols, in the order in which they try to read a request. The API gateway reads everything.
pub(crate) static ALL: [&Protocol; 8] = [
    &metadata::PROTOCOL,
    &odps::PROTOCOL,
    &sls::PROTOCOL,
    &mns::PROTOCOL,
    &fc::PROTOCOL,
    &ots::PROTOCOL,
    &oss::PROTOCOL,
    &api::PROTOCOL,
];

/// Reads the call of a request. The host decides first: what stands there reads and refuses everything in its own words.
/// Hosts that belong to no protocol (localhost, addresses) leave it to the form of the request. `given` is the product of
/// a host that a scenario declares.
pub(crate) fn read(arrived: Arrived<'_>, given: Option<&Product>) -> Call {
    let of_product = |product: &Product| {
        let own = ALL.iter().copied().find(|one| one.product == Some(product.code));
        own.unwrap_or(&api::PROTOCOL)
    };
    let host = host_name(arrived.host);
    let owning = || ALL.iter().copied().find(|one| (one.owns)(host));
    let by_name = || owning().filter(|_| foreign(host).is_none());
    let owner = given.map(of_product).or_else(by_name);
    // FunctionCompute shares its hosts with the API gateway.
    let own = owner.and_then(|owner| {
        let own = (owner.read)(Arrived { at_own_host: true, ..arrived });
        own.or_else(|| (api::PROTOCOL.read)(arrived))
    });
    let mut calls = ALL.iter().filter_map(|protocol| (protocol.read)(arrived));
    own.or_else(|| calls.next()).expect("the API gateway reads every request")
}

/// Returns `true` if a protocol of one product answers at a host, or is that of the product: `/` is an operation there.
pub(crate) fn has_own(host: &str, product: &str) -> bool {
    ALL.iter()
        .filter_map(|one| Some((one, one.product?)))
        .any(|(one, code)| code == product || (one.owns)(host))
}

/// Returns `true` if a product protocol uses the header.
pub(crate) fn reads_header(name: &str) -> bool {
    ALL.iter().any(|protocol| !protocol.headers.is_empty() && name.starts_with(protocol.headers))
}
