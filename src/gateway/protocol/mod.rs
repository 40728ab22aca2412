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

/// Reads the call of a request.
pub(crate) fn read(arrived: Arrived<'_>) -> Call {
    let mut calls = ALL.iter().filter_map(|protocol| (protocol.read)(arrived));
    calls.next().expect("the API gateway reads every request")
}

/// Returns `true` if a product protocol uses the header.
pub(crate) fn reads_header(name: &str) -> bool {
    ALL.iter().any(|protocol| !protocol.headers.is_empty() && name.starts_with(protocol.headers))
}
