//! Step 1: what a request asks for, whichever of the gateway's four forms it has; other protocols are read in [`crate::gateway::protocol`].
//!
//! Parsing never fails: what is wrong with a request is kept in [`Call::problem`] until its world and format are known.
//! Source: facts/gateway.md sections 0 to 4.

use crate::error::{ApiError, gateway};
use crate::gateway::RawRequest;
use crate::gateway::protocol::{self, Protocol};
use crate::params::{Origin, Params};
use crate::services::Format;
use compact_str::CompactString;
use http::HeaderMap;
use http::header::{ACCEPT, AUTHORIZATION, AsHeaderName, CONTENT_TYPE, DATE, HOST, HeaderName};

const ACTION: HeaderName = HeaderName::from_static("x-acs-action");
const VERSION: HeaderName = HeaderName::from_static("x-acs-version");
const ACS_DATE: HeaderName = HeaderName::from_static("x-acs-date");
const NONCE: HeaderName = HeaderName::from_static("x-acs-signature-nonce");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-acs-security-token");
const BEARER_TOKEN: HeaderName = HeaderName::from_static("x-acs-bearer-token");
const SIGNATURE_TYPE: HeaderName = HeaderName::from_static("x-acs-signature-type");
const SIGNATURE_METHOD: HeaderName = HeaderName::from_static("x-acs-signature-method");

/// The request forms. "v1" and "v3" are generations of signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `Action` and `Signature` are parameters.
    RpcV1,
    /// `Authorization: ACS3-...`, `x-acs-action` names an RPC action.
    RpcV3,
    /// `Authorization: acs ...`.
    RoaV1,
    /// `Authorization: ACS3-...` on a path.
    RoaV3,
    /// MaxCompute: `Authorization: ODPS <id>:...`.
    OdpsV2,
    /// MaxCompute: `Authorization: ODPS <id>/<date>/<region>/odps/aliyun_v4_request:...`.
    OdpsV4,
    /// OSS: `Authorization: OSS <id>:...`, or `OSSAccessKeyId` and `Signature` in the URL.
    OssV1,
    /// OSS: `Authorization: OSS4-HMAC-SHA256 ...`, or `x-oss-signature` in the URL.
    OssV4,
    /// Metadata of an instance: not signed at all.
    Metadata,
}

impl Form {
    /// Its name in the journal.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RpcV1 => "rpc-v1",
            Self::RpcV3 => "rpc-v3",
            Self::RoaV1 => "roa-v1",
            Self::RoaV3 => "roa-v3",
            Self::OdpsV2 => "odps-v2",
            Self::OdpsV4 => "odps-v4",
            Self::OssV1 => "oss-v1",
            Self::OssV4 => "oss-v4",
            Self::Metadata => "metadata",
        }
    }

    /// The protocol it belongs to.
    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Self::RpcV1 | Self::RpcV3 | Self::RoaV1 | Self::RoaV3 => Protocol::Gateway,
            Self::OdpsV2 | Self::OdpsV4 => Protocol::Odps,
            Self::OssV1 | Self::OssV4 => Protocol::Oss,
            Self::Metadata => Protocol::Metadata,
        }
    }

    pub(crate) fn is_rpc(self) -> bool {
        matches!(self, Self::RpcV1 | Self::RpcV3)
    }
}

/// The credential a request shows.
#[derive(Debug)]
pub(crate) enum Shown {
    /// None.
    Nothing,
    /// A bearer token.
    Bearer(CompactString),
    /// A key and a signature.
    Signed(Signed),
}

/// A signature and what it was made with.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    /// The key id; may be empty.
    pub(crate) key: CompactString,
    /// The security token.
    pub(crate) token: Option<CompactString>,
    /// The signature.
    pub(crate) signature: Option<CompactString>,
    /// The signature method or algorithm.
    pub(crate) method: Option<CompactString>,
    /// v3: the names of the signed headers; OSS V4: of those that need not be.
    pub(crate) signed_headers: CompactString,
    /// The signed time, as sent.
    pub(crate) time: Option<CompactString>,
    /// The nonce.
    pub(crate) nonce: Option<CompactString>,
    /// Of a signed URL: how long it is good, as sent.
    pub(crate) expires: Option<CompactString>,
    /// What the key was derived for, `<date>/<region>/<product>/aliyun_v4_request`; empty when it was not.
    pub(crate) scope: CompactString,
}

/// A parsed request.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) form: Form,
    pub(crate) action: CompactString,
    pub(crate) version: CompactString,
    /// The format that was asked for.
    pub(crate) format: Option<Format>,
    pub(crate) params: Params,
    pub(crate) shown: Shown,
    /// `Host` as received.
    pub(crate) host: CompactString,
    /// Whether the body, if there is one, is of a kind that holds parameters.
    pub(crate) body_is_read: bool,
    /// What is wrong with it.
    pub(crate) problem: Option<ApiError>,
}

impl Call {
    /// A call of a protocol that has neither versions nor formats.
    pub(crate) fn of_protocol(
        host: &str,
        (form, shown): (Form, Shown),
        (action, mut params): (CompactString, Params),
        problem: Option<ApiError>,
    ) -> Self {
        params.sort();
        let version = CompactString::default();
        Self {
            form,
            action,
            version,
            format: None,
            params,
            shown,
            host: host.into(),
            body_is_read: true,
            problem,
        }
    }

    /// The host without scheme and port, in lower case. Python's tea clients put a whole URL into the header.
    ///
    /// Source: facts/gateway.md section 0.
    pub(crate) fn host_name(&self) -> &str {
        host_name(&self.host)
    }

    /// The host without scheme, with a port if the client named one.
    pub(crate) fn authority(&self) -> &str {
        without_scheme(&self.host)
    }

    /// The key id it shows.
    pub(crate) fn key(&self) -> Option<&str> {
        match &self.shown {
            Shown::Signed(signed) => Some(signed.key.as_str()).filter(|key| !key.is_empty()),
            _ => None,
        }
    }
}

/// What stands between scheme and path.
fn without_scheme(host: &str) -> &str {
    let host = host.strip_prefix("http://").or_else(|| host.strip_prefix("https://")).unwrap_or(host);
    host.split('/').next().unwrap_or(host)
}

/// A host without scheme and port.
pub(crate) fn host_name(host: &str) -> &str {
    let host = without_scheme(host);
    if let Some(end) = host.strip_prefix('[').and_then(|rest| rest.find(']')) {
        return &host[..end + 2];
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

/// The text of a header; bytes that are not UTF-8 become U+FFFD.
pub(crate) fn header(headers: &HeaderMap, name: impl AsHeaderName) -> Option<std::borrow::Cow<'_, str>> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
}

/// The text of a header, to keep.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<CompactString> {
    header(headers, name).map(CompactString::from)
}

/// `Host` of a request in lower case.
fn host_of(request: &RawRequest) -> CompactString {
    let authority = request.uri().authority().map(|authority| authority.as_str().into());
    header(request.headers(), HOST).or(authority).unwrap_or_default().to_ascii_lowercase().into()
}

/// Parses a request.
pub(crate) fn call(request: &RawRequest) -> Call {
    let host = host_of(request);
    protocol::call(request, &host).unwrap_or_else(|| gateway_call(request, host))
}

/// Parses a request to the API gateway.
fn gateway_call(request: &RawRequest, host: CompactString) -> Call {
    let headers = request.headers();
    let mut problem = None;
    let mut body_is_read = true;
    let params = parameters(request, &mut body_is_read, &mut problem);
    let authorization = header(headers, AUTHORIZATION).unwrap_or_default();
    let (form, shown) = shown(request, &authorization, &params);
    let from_header = |name| header(headers, name).unwrap_or_default();
    let (action, version) = match form {
        // Clients of v1 send the headers too; the signed parameters are the ones to use.
        Form::RpcV1 => (
            params.get("Action").map_or_else(|| from_header(ACTION), Into::into),
            params.get("Version").map_or_else(|| from_header(VERSION), Into::into),
        ),
        _ => (from_header(ACTION), from_header(VERSION)),
    };
    let format = format(form, headers, &params).unwrap_or_else(|error| {
        problem.get_or_insert(error);
        None
    });
    Call {
        form,
        action: action.into(),
        version: version.into(),
        format,
        host,
        params,
        shown,
        body_is_read,
        problem,
    }
}

/// Parameters of query, form and JSON alike. Source: facts/gateway.md 1.4 and 2.1.
fn parameters(request: &RawRequest, body_is_read: &mut bool, problem: &mut Option<ApiError>) -> Params {
    let mut params = Params::default();
    if let Some(query) = request.uri().query() {
        params.push_encoded(query.as_bytes(), Origin::Query);
    }
    let content_type = header(request.headers(), CONTENT_TYPE).unwrap_or_default();
    let is =
        |kind: &str| content_type.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    if is("application/x-www-form-urlencoded") {
        params.push_encoded(request.body(), Origin::Form);
    } else if is("application/json") && !request.body().is_empty() {
        match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(request.body()) {
            Ok(object) => object.iter().for_each(|(name, value)| flatten(&mut params, name, value)),
            Err(error) => {
                // The reader's own words may quote the body, and a body may hold secrets.
                let (line, column) = (error.line(), error.column());
                let note =
                    format!("the JSON body is not an object of parameters: line {line} column {column}");
                *problem = Some(gateway::INVALID_PARAMETER.about("body").with_note(note));
            }
        }
    } else {
        *body_is_read = request.body().is_empty();
    }
    params.sort();
    params
}

/// A JSON value as flat parameters: `Key.1`, `Key.Sub`; null is absent.
fn flatten(params: &mut Params, name: &str, value: &serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::Null => {}
        Value::Bool(flag) => params.push(name, if *flag { "true" } else { "false" }, Origin::Json),
        Value::Number(number) => params.push(name, &number.to_string(), Origin::Json),
        Value::String(text) => params.push(name, text, Origin::Json),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(params, &format!("{name}.{}", index + 1), item);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                flatten(params, &format!("{name}.{key}"), member);
            }
        }
    }
}

/// Which form it is, and the credential it shows; the tests in the order of facts/gateway.md section 0.
fn shown(request: &RawRequest, authorization: &str, params: &Params) -> (Form, Shown) {
    let headers = request.headers();
    let on_path = request.uri().path() != "/";
    let param = |name: &str| params.get(name).map(CompactString::from);
    let v3 = if on_path { Form::RoaV3 } else { Form::RpcV3 };
    if let Some(rest) = authorization.strip_prefix("ACS3-") {
        let (algorithm, fields) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut signed = Signed {
            method: Some(compact_str::format_compact!("ACS3-{algorithm}")),
            token: text(headers, SECURITY_TOKEN).or_else(|| param("SecurityToken")),
            time: text(headers, ACS_DATE),
            nonce: text(headers, NONCE),
            ..Signed::default()
        };
        // By name, not by position: Java puts Signature before SignedHeaders.
        for (name, value) in fields.split(',').filter_map(|field| field.trim().split_once('=')) {
            match name {
                "Credential" => signed.key = value.into(),
                "SignedHeaders" => signed.signed_headers = value.into(),
                "Signature" => signed.signature = Some(value.into()),
                _ => {}
            }
        }
        return (v3, Shown::Signed(signed));
    }
    let roa_v1 = authorization.strip_prefix("acs ");
    let bearer = text(headers, BEARER_TOKEN).or_else(|| param("BearerToken"));
    let says_bearer = params.get("SignatureType") == Some("BEARERTOKEN")
        || header(headers, SIGNATURE_TYPE).is_some_and(|kind| kind == "BEARERTOKEN");
    if bearer.is_some() || says_bearer {
        let form = match (roa_v1, params.get("Action")) {
            (Some(_), _) => Form::RoaV1,
            (None, None) if headers.contains_key(ACTION) => v3,
            (None, None) if on_path => Form::RoaV3,
            _ => Form::RpcV1,
        };
        return (form, Shown::Bearer(bearer.unwrap_or_default()));
    }
    if let Some(rest) = roa_v1 {
        let (key, signature) = rest.split_once(':').unwrap_or((rest, ""));
        let signed = Signed {
            key: key.into(),
            signature: Some(signature.into()),
            method: Some(text(headers, SIGNATURE_METHOD).unwrap_or_else(|| "HMAC-SHA1".into())),
            token: text(headers, SECURITY_TOKEN),
            time: text(headers, DATE),
            nonce: text(headers, NONCE),
            ..Signed::default()
        };
        return (Form::RoaV1, Shown::Signed(signed));
    }
    if params.filled("AccessKeyId").is_some() || params.get("Signature").is_some() {
        let signed = Signed {
            key: param("AccessKeyId").unwrap_or_default(),
            signature: param("Signature"),
            method: param("SignatureMethod"),
            token: params.filled("SecurityToken").map(CompactString::from),
            time: param("Timestamp"),
            nonce: param("SignatureNonce"),
            ..Signed::default()
        };
        return (Form::RpcV1, Shown::Signed(signed));
    }
    let form = if params.get("Action").is_some() || (!on_path && !headers.contains_key(ACTION)) {
        Form::RpcV1
    } else {
        v3
    };
    (form, Shown::Nothing)
}

/// `Format` wins over `Accept`, which counts in v3 and ROA. Source: facts/gateway.md 5.5.
fn format(form: Form, headers: &HeaderMap, params: &Params) -> Result<Option<Format>, ApiError> {
    if let (true, Some(asked)) = (form.is_rpc(), params.filled("Format")) {
        return match asked {
            _ if asked.eq_ignore_ascii_case("JSON") => Ok(Some(Format::Json)),
            _ if asked.eq_ignore_ascii_case("XML") => Ok(Some(Format::Xml)),
            _ => Err(gateway::INVALID_FORMAT.error()),
        };
    }
    if form == Form::RpcV1 {
        return Ok(None);
    }
    let accept = header(headers, ACCEPT).unwrap_or_default();
    let mut kinds =
        accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let known = kinds.find_map(|kind| match kind.as_str() {
        "application/xml" | "text/xml" => Some(Format::Xml),
        // Python's core asks for octet-stream when it wants the answer as it comes.
        "" | "*/*" | "application/*" | "application/json" | "application/octet-stream" => Some(Format::Json),
        _ => None,
    });
    match known {
        Some(format) => Ok(Some(format)),
        None if form.is_rpc() => Ok(Some(Format::Json)),
        None => Err(gateway::INVALID_ACCEPT.error()),
    }
}
