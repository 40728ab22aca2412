//! The frame of an answer: everything in it besides its content.

use crate::gateway::request::Answer;
use crate::operation::{Document, without_what_xml_cannot_hold};
use crate::services::Format;
use crate::text::Timestamp;
use crate::world::ids::RequestIds;
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use std::cell::RefCell;

/// What an answer needs besides its content.
pub(crate) struct Frame<'a> {
    pub(crate) ids: RequestIds,
    /// Resource clock, for what a refusal says of itself.
    pub(crate) at: Timestamp,
    /// Gateway clock, for `Date`.
    pub(crate) now: Timestamp,
    pub(crate) format: Format,
    pub(crate) action: &'a str,
    /// Host the client used, without port.
    pub(crate) host: &'a str,
    pub(crate) product: Option<&'static str>,
    /// Whether the product tells in the body what a rule of the business refuses.
    pub(crate) answers_in_body: bool,
    /// The key id it showed.
    pub(crate) key: Option<&'a str>,
}

pub(crate) fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("ids and dates are ASCII")
}

/// The `Date` header. Most calls of a thread come in the same second as the one before.
pub(crate) fn date(now: Timestamp) -> HeaderValue {
    thread_local!(static LAST: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) });
    let second = now.as_millis().div_euclid(1000);
    LAST.with_borrow_mut(|last| match last {
        Some((at, value)) if *at == second => value.clone(),
        _ => last.insert((second, ascii(&now.to_http()))).1.clone(),
    })
}

/// Text for XML; characters that XML cannot hold at all become U+FFFD.
pub(crate) fn escape(text: &str) -> String {
    quick_xml::escape::escape(without_what_xml_cannot_hold(text.to_owned())).into_owned()
}

/// Text inside of a CDATA section, which one piece of text would end.
pub(crate) fn in_cdata(text: &str) -> String {
    without_what_xml_cannot_hold(text.replace("]]>", "]]]]><![CDATA[>"))
}

/// The answer that a document is; headers that every answer of its product has come besides.
pub(crate) fn document(document: &Document) -> Answer {
    let mut answer = Response::new(Bytes::from(document.body.clone()));
    *answer.status_mut() = StatusCode::from_u16(document.status).expect("documents have HTTP statuses");
    if let Some(kind) = document.kind {
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in &document.headers {
        // Names of accounts may hold any letter.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            answer.headers_mut().insert(*name, value);
        }
    }
    answer
}
