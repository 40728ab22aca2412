//! Frame of a response: everything except its content.

use crate::gateway::request::Answer;
use crate::operation::{Document, without_what_xml_cannot_hold};
use crate::services::Format;
use crate::text::Timestamp;
use crate::world::ids::RequestIds;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use std::cell::RefCell;

/// Data of a response besides its content.
pub(crate) struct Frame<'a> {
    pub(crate) ids: RequestIds,
    /// Resource clock, for error details.
    pub(crate) at: Timestamp,
    /// Gateway clock, for `Date`.
    pub(crate) now: Timestamp,
    pub(crate) format: Format,
    pub(crate) action: &'a str,
    /// Host used by the client, without port.
    pub(crate) host: &'a str,
    pub(crate) product: Option<&'static str>,
    /// True if the product names the fields of its errors in lower camel case.
    pub(crate) lower_camel_case: bool,
    /// True if the product has business errors in the body.
    pub(crate) answers_in_body: bool,
    /// AccessKey ID of the request.
    pub(crate) key: Option<&'a str>,
    /// Security token of the request.
    pub(crate) token: Option<&'a str>,
    /// Name of the request form.
    pub(crate) form: &'static str,
    /// True for `HEAD`, whose responses have no body.
    pub(crate) is_head: bool,
}

pub(crate) fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("ids and dates are ASCII")
}

/// Returns the `Date` header. It is cached, because most calls of a thread follow in the same second.
pub(crate) fn date(now: Timestamp) -> HeaderValue {
    thread_local!(static LAST: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) });
    let second = now.as_millis().div_euclid(1000);
    LAST.with_borrow_mut(|last| match last {
        Some((at, value)) if *at == second => value.clone(),
        _ => last.insert((second, ascii(&now.to_http()))).1.clone(),
    })
}

/// Escapes text for XML. Characters that XML cannot hold become U+FFFD.
pub(crate) fn escape(text: &str) -> String {
    quick_xml::escape::escape(without_what_xml_cannot_hold(text.to_owned())).into_owned()
}

/// Escapes text for a CDATA section.
pub(crate) fn in_cdata(text: &str) -> String {
    without_what_xml_cannot_hold(text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Returns the response for a document, without the common headers of its product.
pub(crate) fn document(document: &Document) -> Answer {
    let mut answer = Response::new(Bytes::from(document.body.clone()));
    *answer.status_mut() = StatusCode::from_u16(document.status).expect("documents have HTTP statuses");
    if let Some(kind) = document.kind {
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    add(&mut answer, document.headers.iter().map(|(name, value)| (&**name, value.as_str())));
    answer
}

/// Adds headers. Leaves out what HTTP cannot carry: account names may have any letter.
pub(crate) fn add<'a>(answer: &mut Answer, headers: impl Iterator<Item = (&'a str, &'a str)>) {
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
        {
            answer.headers_mut().insert(name, value);
        }
    }
}
