//! Step 1: what a request asks for, whichever of the gateway's four forms it has; other protocols are read in [`crate::gateway::protocol`].
//!
//! Parsing never fails: what is wrong with a request is kept in [`Call::problem`] until its world and format are known.
//! Source: docs/evidence/gateway.md sections 0 to 4.

use crate::error::{ApiError, gateway};
use crate::gateway::RawRequest;
use crate::gateway::protocol::{self, Protocol};
use crate::params::{Origin, Params, json};
use crate::services::Format;
use crate::text::lossy;
use compact_str::CompactString;
use http::header::{ACCEPT, AUTHORIZATION, AsHeaderName, CONTENT_TYPE, DATE, HOST, HeaderName};
use http::{HeaderMap, HeaderValue};
use std::borrow::Cow;

const ACTION: HeaderName = HeaderName::from_static("x-acs-action");
const VERSION: HeaderName = HeaderName::from_static("x-acs-version");
const ACS_DATE: HeaderName = HeaderName::from_static("x-acs-date");
const NONCE: HeaderName = HeaderName::from_static("x-acs-signature-nonce");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-acs-security-token");
const BEARER_TOKEN: HeaderName = HeaderName::from_static("x-acs-bearer-token");
const SIGNATURE_TYPE: HeaderName = HeaderName::from_static("x-acs-signature-type");
const SIGNATURE_METHOD: HeaderName = HeaderName::from_static("x-acs-signature-method");
const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
pub(crate) const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-acs-content-sha256");
/// Java's core has a header of its own for SM3. Source: docs/evidence/gateway.md 2.1.
pub(crate) const CONTENT_SM3: HeaderName = HeaderName::from_static("x-acs-content-sm3");

/// Headers that calls are read from, besides those of products with a protocol of their own.
const READ: [HeaderName; 16] = [
    AUTHORIZATION,
    HOST,
    DATE,
    CONTENT_TYPE,
    CONTENT_MD5,
    ACTION,
    VERSION,
    ACS_DATE,
    NONCE,
    SECURITY_TOKEN,
    BEARER_TOKEN,
    SIGNATURE_TYPE,
    SIGNATURE_METHOD,
    CONTENT_SHA256,
    CONTENT_SM3,
    HeaderName::from_static("authorization-sts-token"),
];

/// What the names of headers begin with on which a v3 request depends, and how they go on. A request that has one must sign it.
const ACS: &str = "x-acs-";
const SIGNED_IN_V3: [&str; 7] =
    ["action", "version", "date", "signature-nonce", "security-token", "content-sha256", "content-sm3"];

/// The first header that a v3 request depends on and does not sign.
pub(crate) fn unsigned_in_v3<'a>(request: &'a RawRequest, signed: &Signed) -> Option<&'a str> {
    // A bit for each name, and the last for the kind of the body.
    let bit = |name: &str| match name.strip_prefix(ACS) {
        Some(rest) => SIGNED_IN_V3.iter().position(|one| *one == rest),
        None => (name == "content-type").then_some(SIGNED_IN_V3.len()),
    };
    let mut covered = 0u32;
    for name in signed.signed_headers.split(';') {
        let bit = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            bit(&name.to_ascii_lowercase())
        } else {
            bit(name)
        };
        covered |= bit.map_or(0, |bit| 1 << bit);
    }
    let has_body = !request.body().is_empty();
    let is_used = |bit: usize| bit < SIGNED_IN_V3.len() || has_body;
    let mut names = request.headers().keys().map(HeaderName::as_str);
    names.find(|name| bit(name).is_some_and(|bit| is_used(bit) && covered & (1 << bit) == 0))
}

/// Start of `Authorization` in v3.
const V3: &str = "ACS3-";
/// Start of `Authorization` in ROA v1.
const ROA_V1: &str = "acs ";

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

impl Signed {
    /// Whether v3 signs a header.
    pub(crate) fn signs(&self, name: &str) -> bool {
        self.signed_headers.split(';').any(|one| one.eq_ignore_ascii_case(name))
    }
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
    /// Whether a parameter of v1 is in the query and in the body, so that there are two readings of the request.
    pub(crate) is_contested: bool,
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
            is_contested: false,
            body_is_read: true,
            problem,
        }
    }

    /// The host without scheme and port, in lower case. Python's tea clients put a whole URL into the header.
    ///
    /// Source: docs/evidence/gateway.md section 0.
    pub(crate) fn host_name(&self) -> &str {
        host_name(&self.host)
    }

    /// The region that the host names: `cn-hangzhou` of `sts.cn-hangzhou.aliyuncs.com`.
    pub(crate) fn region_of_host(&self) -> Option<&str> {
        let region = self.host_name().strip_suffix(".aliyuncs.com")?.split('.').nth(1);
        region.filter(|region| *region != "vpc-proxy")
    }

    /// Whether the host may tell the product. Versions before v3 never sign it; v3 does, but for Java's core.
    pub(crate) fn host_is_signed(&self) -> bool {
        match &self.shown {
            Shown::Signed(signed) if matches!(self.form, Form::RpcV3 | Form::RoaV3) => signed.signs("host"),
            _ => true,
        }
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
fn host_of(request: &RawRequest) -> CompactString {
    let authority = request.uri().authority().map(|authority| authority.as_str().into());
    header(request.headers(), HOST).or(authority).unwrap_or_default().to_ascii_lowercase().into()
}

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
    let mut call = protocol::call(request, &host).unwrap_or_else(|| gateway_call(request, host, preferred));
    if let Some(name) = doubled(request.headers()) {
        let error = call.form.protocol().words().doubled.about(name);
        call.problem.get_or_insert(error.with_note(format!("the header `{name}` came twice: send it once")));
    }
    call
}

/// A header that a call is read from and that came more than once: which of its values was meant is not known.
fn doubled(headers: &HeaderMap) -> Option<&HeaderName> {
    if headers.len() == headers.keys_len() {
        return None;
    }
    let is_read = |name: &&HeaderName| {
        let of_product = ["x-oss-", "x-odps-"].iter().any(|start| name.as_str().starts_with(start));
        of_product || READ.contains(name)
    };
    headers.keys().find(|name| is_read(name) && headers.get_all(*name).iter().nth(1).is_some())
}

/// Parses a request to the API gateway.
fn gateway_call(request: &RawRequest, host: CompactString, preferred: Origin) -> Call {
    let headers = request.headers();
    let mut problem = None;
    let mut params = Params::default();
    if let Some(query) = request.uri().query() {
        params.push_encoded(query.as_bytes(), Origin::Query);
    }
    let content_type = header(headers, CONTENT_TYPE).unwrap_or_default();
    let is =
        |kind: &str| content_type.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    let authorization = header(headers, AUTHORIZATION).unwrap_or_default();
    let is_form = is("application/x-www-form-urlencoded") && covers_body(headers, &authorization);
    if is_form {
        params.push_encoded(request.body(), Origin::Form);
    }
    params.sort();
    let credential = credential_of(headers, &authorization, &params);
    let form = form_of(request, credential, &params);
    let is_contested = form == Form::RpcV1 && params.is_contested();
    if form == Form::RpcV1 {
        params.keep_one_each(preferred);
    }
    // JSON has no part in the signature of v1.
    let is_json = is("application/json") && form != Form::RpcV1 && covers_body(headers, &authorization);
    if is_json && !request.body().is_empty() {
        if let Err(mistake) = params.push_json(request.body()) {
            // The reader's own words may quote the body, and a body may hold secrets.
            let json::NotAnObject { line, column } = mistake;
            let note = format!("the JSON body is not an object of parameters: line {line} column {column}");
            problem = Some(gateway::INVALID_PARAMETER.about("body").with_note(note));
        }
        params.sort();
    }
    let shown = shown(headers, credential, &authorization, &params);
    let from_header = |name| header(headers, name).unwrap_or_default();
    let (action, version) = match form {
        // Clients of v1 send the headers too; only the parameters are signed.
        Form::RpcV1 => (
            params.get("Action").unwrap_or_default().into(),
            params.get("Version").unwrap_or_default().into(),
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
        is_contested,
        body_is_read: is_form || is("application/json") || request.body().is_empty(),
        problem,
    }
}

/// Whether a signature covers the body: in ROA v1 only by `Content-MD5`, and nothing is read that was not signed.
fn covers_body(headers: &HeaderMap, authorization: &str) -> bool {
    !authorization.starts_with(ROA_V1) || headers.contains_key(CONTENT_MD5)
}

/// Where the credential of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CredentialKind {
    /// `Authorization: ACS3-...`.
    V3,
    /// A bearer token; with `Authorization: acs ...` it is of ROA v1.
    Bearer,
    /// `Authorization: acs ...`.
    RoaV1,
    /// `AccessKeyId` or `Signature` among the parameters.
    Params,
    Nowhere,
}

/// The tests in the order of docs/evidence/gateway.md section 0.
fn credential_of(headers: &HeaderMap, authorization: &str, params: &Params) -> CredentialKind {
    if authorization.starts_with(V3) {
        return CredentialKind::V3;
    }
    let is_bearer = headers.contains_key(BEARER_TOKEN)
        || params.get("BearerToken").is_some()
        || params.get("SignatureType") == Some("BEARERTOKEN")
        || header(headers, SIGNATURE_TYPE).is_some_and(|kind| kind == "BEARERTOKEN");
    if is_bearer {
        CredentialKind::Bearer
    } else if authorization.starts_with(ROA_V1) {
        CredentialKind::RoaV1
    } else if params.filled("AccessKeyId").is_some() || params.get("Signature").is_some() {
        CredentialKind::Params
    } else {
        CredentialKind::Nowhere
    }
}

/// Which form a request has.
fn form_of(request: &RawRequest, credential: CredentialKind, params: &Params) -> Form {
    let headers = request.headers();
    let on_path = request.uri().path() != "/";
    let v3 = if on_path { Form::RoaV3 } else { Form::RpcV3 };
    match credential {
        CredentialKind::V3 => v3,
        CredentialKind::RoaV1 => Form::RoaV1,
        CredentialKind::Params => Form::RpcV1,
        CredentialKind::Bearer
            if header(headers, AUTHORIZATION).is_some_and(|text| text.starts_with(ROA_V1)) =>
        {
            Form::RoaV1
        }
        _ if params.get("Action").is_some() => Form::RpcV1,
        _ if on_path || headers.contains_key(ACTION) => v3,
        _ => Form::RpcV1,
    }
}

/// The credential that a request shows.
fn shown(headers: &HeaderMap, kind: CredentialKind, authorization: &str, params: &Params) -> Shown {
    let param = |name: &str| params.get(name).map(CompactString::from);
    if let Some(rest) = authorization.strip_prefix(V3) {
        let (algorithm, fields) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut signed = Signed {
            method: Some(compact_str::format_compact!("{V3}{algorithm}")),
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
        return Shown::Signed(signed);
    }
    if kind == CredentialKind::Bearer {
        let token = text(headers, BEARER_TOKEN).or_else(|| param("BearerToken"));
        return Shown::Bearer(token.unwrap_or_default());
    }
    if let Some(rest) = authorization.strip_prefix(ROA_V1) {
        let (key, signature) = rest.split_once(':').unwrap_or((rest, ""));
        return Shown::Signed(Signed {
            key: key.into(),
            signature: Some(signature.into()),
            method: Some(text(headers, SIGNATURE_METHOD).unwrap_or_else(|| "HMAC-SHA1".into())),
            token: text(headers, SECURITY_TOKEN),
            time: text(headers, DATE),
            nonce: text(headers, NONCE),
            ..Signed::default()
        });
    }
    if kind == CredentialKind::Nowhere {
        return Shown::Nothing;
    }
    Shown::Signed(Signed {
        key: param("AccessKeyId").unwrap_or_default(),
        signature: param("Signature"),
        method: param("SignatureMethod"),
        token: params.filled("SecurityToken").map(CompactString::from),
        time: param("Timestamp"),
        nonce: param("SignatureNonce"),
        ..Signed::default()
    })
}

/// `Format` wins over `Accept`, which counts in v3 and ROA. Source: docs/evidence/gateway.md 5.5.
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
