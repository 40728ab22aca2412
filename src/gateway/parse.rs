//! Step 1: parses a request with the first protocol that can read it.
//!
//! Parsing never fails: [`Call::problem`] keeps an error until world and format are known.

use crate::gateway::call::{Arrived, Call};
use crate::gateway::protocol;
use crate::gateway::request::{RawRequest, host_of};
use crate::params::Origin;
use crate::services::Product;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HOST, HeaderName};

/// Headers used to parse a call, besides those of product protocols.
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

/// Parses a request. If a name is in query and body, the body's value counts. `given` is the product of a host that a
/// scenario declares.
pub(crate) fn call(request: &RawRequest, given: Option<&Product>) -> Call {
    read(request, Origin::Form, given)
}

/// Parses a v1 request as Java's core means it: if a name is in query and body, the query's value counts.
pub(crate) fn other_reading(request: &RawRequest, given: Option<&Product>) -> Call {
    read(request, Origin::Query, given)
}

fn read(request: &RawRequest, preferred: Origin, given: Option<&Product>) -> Call {
    let host = host_of(request);
    let arrived = Arrived { request, host: &host, at_own_host: false, preferred };
    let mut call = protocol::read(arrived, given);
    if let Some(name) = doubled(request.headers()) {
        let error = call.form.protocol.words.doubled.about(name);
        call.problem.get_or_insert(error.with_note(format!("the header `{name}` came twice: send it once")));
    }
    call
}

/// Returns a header of the list that the request has more than once, so that its value is ambiguous.
fn doubled(headers: &HeaderMap) -> Option<&HeaderName> {
    if headers.len() == headers.keys_len() {
        return None;
    }
    let is_read = |name: &&HeaderName| READ.contains(name) || protocol::reads_header(name.as_str());
    headers.keys().find(|name| is_read(name) && headers.get_all(*name).iter().nth(1).is_some())
}
