//! A request as it came, and the text of its headers.

use crate::text::lossy;
use bytes::Bytes;
use compact_str::CompactString;
use http::header::{AsHeaderName, HOST};
use http::{HeaderMap, HeaderValue, Request, Response};
use std::borrow::Cow;

/// A request with its whole body.
pub type RawRequest = Request<Bytes>;

/// An answer with its whole body.
pub type Answer = Response<Bytes>;

/// The text of a header; bytes that are not UTF-8 become U+FFFD.
pub(crate) fn header(headers: &HeaderMap, name: impl AsHeaderName) -> Option<Cow<'_, str>> {
    headers.get(name).map(value_text)
}

/// The text of one value of a header.
pub(crate) fn value_text(value: &HeaderValue) -> Cow<'_, str> {
    lossy(value.as_bytes())
}

/// The text of a header, to keep.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<CompactString> {
    header(headers, name).map(CompactString::from)
}

/// `Host` of a request in lower case.
pub(crate) fn host_of(request: &RawRequest) -> CompactString {
    let authority = request.uri().authority().map(|authority| authority.as_str().into());
    header(request.headers(), HOST).or(authority).unwrap_or_default().to_ascii_lowercase().into()
}
