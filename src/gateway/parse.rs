//! Step 1: what a request asks for, by the first protocol that can read it.
//!
//! Parsing never fails: what is wrong with a request is kept in [`Call::problem`] until its world and format are known.

use crate::gateway::call::{Arrived, Call};
use crate::gateway::protocol;
use crate::gateway::request::{RawRequest, host_of};
use crate::params::Origin;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HOST, HeaderName};

/// Headers that calls are read from, besides those of products with a protocol of their own.
const READ: [HeaderName; 16] = [
    AUTHORIZATION,
    HOST,
    DATE,
    CONTENT_TYPE,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("x-acs-action"),
    HeaderName::from_static("x-acs-version"),
    HeaderName::from_static("x-acs-date"),
    HeaderName::from_static("x-acs-signature-nonce"),
    HeaderName::from_static("x-acs-security-token"),
    HeaderName::from_static("x-acs-bearer-token"),
    HeaderName::from_static("x-acs-signature-type"),
    HeaderName::from_static("x-acs-signature-method"),
    HeaderName::from_static("x-acs-content-sha256"),
    HeaderName::from_static("x-acs-content-sm3"),
    HeaderName::from_static("authorization-sts-token"),
];

/// Parses a request. Of a name that is in the query and in the body, the body's value counts.
pub(crate) fn call(request: &RawRequest) -> Call {
    read(request, Origin::Form)
}

/// The other reading of a v1 request whose names are in both places, which Java's core means: the query's value counts.
pub(crate) fn other_reading(request: &RawRequest) -> Call {
    read(request, Origin::Query)
}

fn read(request: &RawRequest, preferred: Origin) -> Call {
    let host = host_of(request);
    let mut call = protocol::read(Arrived { request, host: &host, preferred });
    if let Some(name) = doubled(request.headers()) {
        let error = call.form.protocol.words.doubled.about(name);
        call.problem.get_or_insert(error.with_note(format!("the header `{name}` came twice: send it once")));
    }
    call
}

/// A header that a call is read from and that came more than once: which of its values was meant is not known.
fn doubled(headers: &HeaderMap) -> Option<&HeaderName> {
    if headers.len() == headers.keys_len() {
        return None;
    }
    let is_read = |name: &&HeaderName| READ.contains(name) || protocol::reads_header(name.as_str());
    headers.keys().find(|name| is_read(name) && headers.get_all(*name).iter().nth(1).is_some())
}
