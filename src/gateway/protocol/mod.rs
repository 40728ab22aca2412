//! Protocols: how requests are read, what their signatures are over, when their signed times are good, and what their answers look
//! like. Each is a value in a file or folder of its own; the steps of a call are the gateway's for all of them.

pub(crate) mod api;
mod metadata;
mod odps;
mod oss;
pub(crate) mod path;
#[cfg(test)]
mod vectors;
pub(crate) mod words;

use crate::gateway::call::{Arrived, Call, Protocol};

/// All protocols, in the order in which they try to read a request. The API gateway reads everything.
pub(crate) static ALL: [&Protocol; 4] =
    [&metadata::PROTOCOL, &odps::PROTOCOL, &oss::PROTOCOL, &api::PROTOCOL];

/// The call of a request.
pub(crate) fn read(arrived: Arrived<'_>) -> Call {
    let mut calls = ALL.iter().filter_map(|protocol| (protocol.read)(arrived));
    calls.next().expect("the API gateway reads every request")
}

/// Whether calls of a product with a protocol of its own are read from a header.
pub(crate) fn reads_header(name: &str) -> bool {
    ALL.iter().any(|protocol| !protocol.headers.is_empty() && name.starts_with(protocol.headers))
}
