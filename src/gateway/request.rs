//! Requests, responses, and the text of headers.

use crate::text::lossy;
use bytes::Bytes;
use compact_str::CompactString;
use http::header::{AsHeaderName, HOST};
use http::{HeaderMap, HeaderValue, Request, Response};
use std::borrow::Cow;

/// A request with its complete body.
pub type RawRequest = Request<Bytes>;

/// A response with its complete body.
pub type Answer = Response<Bytes>;

/// Returns the text of a header. Bytes that are not UTF-8 become U+FFFD.
pub(crate) fn header(headers: &HeaderMap, name: impl AsHeaderName) -> Option<Cow<'_, str>> {
    headers.get(name).map(value_text)
}

/// Returns the text of a header value.
pub(crate) fn value_text(value: &HeaderValue) -> Cow<'_, str> {
    lossy(value.as_bytes())
}

/// Returns the text of a header, as an owned value.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<CompactString> {
    header(headers, name).map(CompactString::from)
}

/// Returns the `Host` of a request in lower case.
pub(crate) fn host_of(request: &RawRequest) -> CompactString {
    let authority = request.uri().authority().map(|authority| authority.as_str().into());
    header(request.headers(), HOST).or(authority).unwrap_or_default().to_ascii_lowercase().into()
}
