//! Step 8 of the API gateway: JSON or XML, with the real headers. Source: docs/evidence/gateway.md section 5.

use crate::error::{AccessDenied, ApiError, gateway};
use crate::gateway::frame::{Frame, add, ascii, date, escape};
use crate::gateway::request::Answer;
use crate::operation::Body;
use crate::services::Format;
use crate::text::{Diagnostic, Timestamp};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, ETAG, HeaderName, VARY};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::json;

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");
/// tea SDKs compare with exactly this text.
const XML: HeaderValue = HeaderValue::from_static("text/xml;charset=utf-8");
const ALLOW_ORIGIN: HeaderName = HeaderName::from_static("access-control-allow-origin");
const EXPOSE_HEADERS: HeaderName = HeaderName::from_static("access-control-expose-headers");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-acs-trace-id");
const ANY: HeaderValue = HeaderValue::from_static("*");
const XML_DECLARATION: &str = "<?xml version='1.0' encoding='UTF-8'?>";

impl Frame<'_> {
    /// Writes the response to a successful call.
    pub(crate) fn success(&self, reply: &dyn Body) -> Answer {
        let id = self.ids.request_id();
        let body = match self.format {
            Format::Json => reply.json(&id),
            Format::Xml => {
                format!("{XML_DECLARATION}{}", reply.xml(&format!("{}Response", self.action), &id))
                    .into_bytes()
            }
        };
        let status = StatusCode::from_u16(reply.status()).expect("replies hold HTTP statuses");
        let mut answer = self.answer(status, &id, body);
        let more = reply.headers(&id);
        add(&mut answer, more.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        answer
    }

    /// Writes an error.
    pub(super) fn refusal(&self, error: &ApiError) -> Answer {
        let id = self.ids.request_id();
        if error.is_business && self.answers_in_body {
            return self.failure(error, &id);
        }
        let status = StatusCode::from_u16(error.status).expect("the catalogue holds HTTP statuses");
        let of_gateway = || gateway::ALL.iter().any(|known| known.code == error.code);
        if self.lower_camel_case && self.format == Format::Json && !of_gateway() {
            let body = json!({"code": error.code, "message": error.message, "requestId": id});
            return self.answer(status, &id, body.to_string().into_bytes());
        }
        let recommend = self.recommend(&error.code, &id);
        let body = match self.format {
            Format::Json => self.json_error(error, &id, &recommend),
            Format::Xml => self.xml_error(error, &id, &recommend),
        };
        self.answer(status, &id, body)
    }

    /// Writes a business error, for products that have it in the body.
    fn failure(&self, error: &ApiError, id: &str) -> Answer {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Failed<'a> {
            code: &'a str,
            message: &'a str,
            success: bool,
        }
        let reply = Failed { code: &error.code, message: &error.message, success: false };
        let body = match self.format {
            Format::Json => reply.json(id),
            Format::Xml => format!("{XML_DECLARATION}{}", reply.xml(&format!("{}Response", self.action), id))
                .into_bytes(),
        };
        self.answer(StatusCode::OK, id, body)
    }

    fn json_error(&self, error: &ApiError, id: &str, recommend: &str) -> Vec<u8> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Refused<'a> {
            request_id: &'a str,
            message: &'a str,
            recommend: &'a str,
            host_id: &'a str,
            code: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            access_denied_detail: Option<Detail<'a>>,
        }
        let access_denied_detail = error.denied.as_ref().map(|denied| self.detail(denied, id));
        let (message, code, host_id) = (&error.message, &error.code, self.host);
        serde_json::to_vec(&Refused {
            request_id: id,
            message,
            recommend,
            host_id,
            code,
            access_denied_detail,
        })
        .expect("an error is plain text")
    }

    fn xml_error(&self, error: &ApiError, id: &str, recommend: &str) -> Vec<u8> {
        let detail = error.denied.as_ref().map(|denied| {
            quick_xml::se::to_string_with_root("AccessDeniedDetail", &self.detail(denied, id))
                .expect("plain text")
        });
        format!(
            "{XML_DECLARATION}<Error><RequestId>{id}</RequestId><HostId>{}</HostId><Code>{}</Code><Message>{}</Message>\
             <Recommend><![CDATA[{recommend}]]></Recommend>{}</Error>",
            escape(self.host),
            escape(&error.code),
            escape(&error.message),
            detail.unwrap_or_default(),
        )
        .into_bytes()
    }

    /// Returns `https://api.aliyun.com/troubleshoot?...`: the form since 2024. Source: docs/evidence/gateway.md 5.3.
    fn recommend(&self, code: &str, id: &str) -> String {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
        const SET: &percent_encoding::AsciiSet =
            &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');
        let code = utf8_percent_encode(code, SET);
        let product = self.product.map(|product| format!("&product={product}")).unwrap_or_default();
        format!("https://api.aliyun.com/troubleshoot?q={code}{product}&requestId={id}")
    }

    fn detail<'a>(&self, denied: &'a AccessDenied, id: &str) -> Detail<'a> {
        let message = Diagnostic { at: self.at, request_id: id.to_owned() };
        Detail { denied, encoded_diagnostic_message: message.to_base64() }
    }

    fn answer(&self, status: StatusCode, id: &str, body: Vec<u8>) -> Answer {
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = status;
        let headers = answer.headers_mut();
        headers.reserve(12);
        headers.insert(DATE, date(self.now));
        headers.insert(CONTENT_TYPE, if self.format == Format::Json { JSON } else { XML });
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(ALLOW_ORIGIN, ANY);
        headers.insert(EXPOSE_HEADERS, ANY);
        headers.insert(REQUEST_ID, ascii(id));
        headers.insert(TRACE_ID, ascii(&self.ids.trace_id()));
        if status.is_success() {
            headers.insert(ETAG, ascii(&self.ids.etag()));
        }
        answer
    }
}

/// Details of a denial, with the message that `DecodeDiagnosticMessage` takes.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Detail<'a> {
    #[serde(flatten)]
    denied: &'a AccessDenied,
    encoded_diagnostic_message: String,
}

/// Responds to a CORS preflight. Source: docs/evidence/gateway.md 5.4.
pub(crate) fn preflight(now: Timestamp) -> Answer {
    let mut answer = Response::new(Bytes::new());
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE"),
        (
            "access-control-allow-headers",
            "X-Requested-With, X-Sequence, _aop_secret, _aop_signature, x-acs-action, x-acs-version, x-acs-date, Content-Type",
        ),
        ("access-control-max-age", "172800"),
    ] {
        answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer.headers_mut().insert(DATE, date(now));
    answer
}
