//! Responses of OSS: errors, and the headers of all responses. Source: docs/evidence/account.md 6.4.

use crate::error::{AccessDenied, ApiError, oss};
use crate::gateway::frame::{Frame, ascii, date, document};
use crate::gateway::request::Answer;
use crate::operation::{Document, without_what_xml_cannot_hold};
use crate::services::oss::requests::Level;
use crate::text::Diagnostic;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::header::{DATE, SERVER};
use http::{HeaderValue, Method};
use std::fmt::Write;

/// Escapes text as OSS does: quotation marks stay.
fn escape(text: &str) -> String {
    quick_xml::escape::partial_escape(without_what_xml_cannot_hold(text.to_owned())).into_owned()
}

/// Writes an error.
pub(super) fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    let mut body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n".to_owned();
    let mut element = |depth: usize, name: &str, text: &str| {
        let _ = writeln!(body, "{:1$}<{name}>{2}</{name}>", "", depth * 2, escape(text));
    };
    element(1, "Code", &error.code);
    element(1, "Message", &error.message);
    element(1, "RequestId", &frame.ids.short_request_id());
    element(1, "HostId", frame.host);
    match &*error.code {
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" => {
            element(1, "OSSAccessKeyId", frame.key.unwrap_or_default());
        }
        "SecurityTokenExpired" => element(1, "SecurityToken", frame.token.unwrap_or_default()),
        _ => {}
    }
    let number = oss::number(error, &[frame.form, if frame.token.is_some() { "token" } else { frame.form }]);
    if let Some(denied) = &error.denied {
        let _ = writeln!(body, "  <AccessDeniedDetail>");
        detail(frame, denied, &mut body);
        let _ = writeln!(body, "  </AccessDeniedDetail>");
    }
    let mut element = |name: &str, text: &str| {
        let _ = writeln!(body, "  <{name}>{}</{name}>", escape(text));
    };
    for (name, text) in error.details.iter().filter(|(name, _)| *name != oss::NUMBER) {
        element(name, text);
    }
    let mut headers = Vec::new();
    if let Some(number) = number {
        element(oss::NUMBER, number);
        element("RecommendDoc", &format!("https://api.aliyun.com/troubleshoot?q={number}"));
        headers.push(("x-oss-ec".into(), number.to_owned()));
    }
    body.push_str("</Error>\n");
    if error.code == oss::METHOD_NOT_ALLOWED.code {
        headers.push(("allow".into(), "GET DELETE HEAD PUT POST OPTIONS".to_owned()));
    }
    if frame.is_head {
        headers.push(("x-oss-err".into(), STANDARD.encode(&body)));
    }
    with_common(
        frame,
        document(&Document { status: error.status, kind: Some("application/xml"), headers, body }),
    )
}

/// Returns the error for a method that the resource does not support. Source: docs/evidence/account.md 6.4, "Responses".
pub(super) fn not_allowed(method: &Method, level: Level) -> ApiError {
    let error = oss::METHOD_NOT_ALLOWED.error().with_detail("Method", method);
    error.with_detail("ResourceType", format_args!("{level:?}"))
}

/// Writes the details of a denial. Source: docs/evidence/account.md 6.4 (EC 0003-00000201).
fn detail(frame: &Frame<'_>, denied: &AccessDenied, body: &mut String) {
    let message = Diagnostic { at: frame.at, request_id: frame.ids.request_id() }.to_base64();
    for (name, text) in [
        ("PolicyType", denied.policy_type),
        ("AuthPrincipalOwnerId", &denied.auth_principal_owner_id),
        ("AuthPrincipalType", denied.auth_principal_type),
        ("AuthPrincipalDisplayName", &denied.auth_principal_display_name),
        ("NoPermissionType", denied.no_permission_type),
        ("AuthAction", &denied.auth_action),
        ("EncodedDiagnosticMessage", &message),
    ] {
        let _ = writeln!(body, "    <{name}>{}</{name}>", escape(text));
    }
}

/// Adds the headers of all responses. A response to `HEAD` has no body.
pub(super) fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    if frame.is_head {
        *answer.body_mut() = Bytes::new();
    }
    let headers = answer.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("AliyunOSS"));
    headers.insert(DATE, date(frame.now));
    headers.insert("x-oss-request-id", ascii(&frame.ids.short_request_id()));
    // Milliseconds. alimock has no time to measure: the same request gets the same bytes.
    headers.insert("x-oss-server-time", HeaderValue::from_static("1"));
    answer
}
