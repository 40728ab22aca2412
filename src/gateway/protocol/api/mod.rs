//! Protocol of the API gateway: RPC and ROA requests with v1 and v3 signatures, for all products behind it.
//!
//! Source: docs/evidence/gateway.md sections 0 to 4.

mod answer;
pub(crate) mod canonical;
mod checks;
mod mistakes;

pub(crate) use answer::preflight;

use crate::error::{ApiError, gateway};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::Signing;
use crate::gateway::call::{Arrived, Call, Form, Protocol, Sent, Shown, Signed, StubForm};
use crate::gateway::host::is_alibaba;
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{RawRequest, header, text};
use crate::params::{Origin, Params, json};
use crate::services::Format;
use compact_str::CompactString;
use http::HeaderMap;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderName};
use std::borrow::Cow;

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: None,
    headers: "",
    // The other protocols come first.
    owns: is_alibaba,
    words: WORDS,
    read: |arrived| Some(read(arrived)),
    admit: |_| Ok(()),
    refusal: |frame, error| frame.refusal(error),
    common: |_, answer| answer,
    stubs: StubForm::Envelope,
};

pub(crate) const WORDS: Words = Words {
    nothing: &gateway::MISSING_ACCESS_KEY_ID,
    unknown: &gateway::ACCESS_KEY_NOT_FOUND,
    impossible: &gateway::ACCESS_KEY_INVALID,
    // An id in brackets was observed to be merely unknown. Source: docs/evidence/gateway.md 6.1.
    can_be: |id| id.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_[]<>(){}".contains(&b)),
    inactive: &gateway::ACCESS_KEY_INACTIVE,
    no_token: &gateway::MISSING_SECURITY_TOKEN,
    temporary: None,
    token_expired: &gateway::SECURITY_TOKEN_EXPIRED,
    token_mismatch: &gateway::SECURITY_TOKEN_MISMATCH,
    token_malformed: &gateway::SECURITY_TOKEN_MALFORMED,
    bearer: &gateway::UNSUPPORTED_SIGNATURE_TYPE,
    method: &gateway::INVALID_SIGNATURE_METHOD,
    doubled: &gateway::INVALID_PARAMETER,
    not_run: &gateway::ACTION_NOT_FOUND,
};

const V1: Form = Form {
    name: "rpc-v1",
    protocol: &PROTOCOL,
    is_rpc: true,
    names_headers: false,
    algorithm: |signed| named(signed).filter(|algorithm| !algorithm.is_acs3()),
    signing: rpc_v1_signing,
    in_time: checks::in_time_rpc_v1,
    body_fits: |_| Ok(()),
    reads_one_way: |_, _| Ok(()),
    mismatch: |_, text, _| gateway::SIGNATURE_MISMATCH.about(text),
    mistakes: |sent, _| mistakes::of_v1(sent),
    other_ways: mistakes::other_algorithms,
};

const V3: Form = Form {
    name: "rpc-v3",
    names_headers: true,
    algorithm: |signed| named(signed).filter(|algorithm| algorithm.is_acs3()),
    signing: v3_signing,
    in_time: checks::in_time_v3,
    reads_one_way: |sent, asked| checks::headers_are_signed(sent, asked.rules),
    mismatch: |_, text, to_sign| {
        gateway::SIGNATURE_MISMATCH_V3
            .about(format_args!("StringToSign is [{to_sign}] server CanonicalRequest is [{text}]"))
    },
    mistakes: mistakes::of_v3,
    other_ways: mistakes::v1_instead,
    ..V1
};

/// `Action` and `Signature` are parameters.
pub(crate) static RPC_V1: Form = V1;
/// `Authorization: ACS3-...`, `x-acs-action` names an RPC action.
pub(crate) static RPC_V3: Form = V3;
/// `Authorization: acs ...`.
pub(crate) static ROA_V1: Form = Form {
    name: "roa-v1",
    is_rpc: false,
    signing: roa_v1_signing,
    in_time: checks::in_time_roa_v1,
    body_fits: checks::md5_fits,
    mistakes: |sent, _| mistakes::of_roa_v1(sent),
    ..V1
};
/// `Authorization: ACS3-...` on a path.
pub(crate) static ROA_V3: Form = Form { name: "roa-v3", is_rpc: false, ..V3 };

/// Returns the algorithm that a signature names.
fn named(signed: &Signed) -> Option<Algorithm> {
    Algorithm::named(signed.method.as_deref().unwrap_or_default())
}

fn rpc_v1_signing(sent: Sent<'_>, _: Algorithm) -> Signing<'_> {
    let text = move || canonical::rpc_v1(sent.request.method().as_str(), &sent.call.params);
    Signing::of(std::iter::once_with(text), KeyStep::Suffix("&"))
}

fn roa_v1_signing(sent: Sent<'_>, _: Algorithm) -> Signing<'_> {
    Signing::of(canonical::roa_v1(sent.request, &sent.call.params), KeyStep::Suffix(""))
}

fn v3_signing(sent: Sent<'_>, algorithm: Algorithm) -> Signing<'_> {
    let Sent { request, call, signed } = sent;
    let payload = algorithm.hash(request.body());
    let claimed = checks::claimed_payload(request);
    let payload_fits = claimed.is_none_or(|claimed| claimed == payload.as_str());
    let heads = canonical::acs3(request, &call.params, &signed.signed_headers);
    Signing {
        head: signed.method.as_ref().map(ToString::to_string),
        payload_fits,
        ..Signing::of(heads.map(move |head| head + &payload), KeyStep::Suffix(""))
    }
}

const ACTION: HeaderName = HeaderName::from_static("x-acs-action");
const VERSION: HeaderName = HeaderName::from_static("x-acs-version");
const ACS_DATE: HeaderName = HeaderName::from_static("x-acs-date");
const NONCE: HeaderName = HeaderName::from_static("x-acs-signature-nonce");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-acs-security-token");
const BEARER_TOKEN: HeaderName = HeaderName::from_static("x-acs-bearer-token");
const SIGNATURE_TYPE: HeaderName = HeaderName::from_static("x-acs-signature-type");
const SIGNATURE_METHOD: HeaderName = HeaderName::from_static("x-acs-signature-method");
const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Start of `Authorization` in v3.
const ACS3: &str = "ACS3-";
/// Start of `Authorization` in ROA v1.
const ACS: &str = "acs ";

/// Reads a request to the API gateway.
fn read(arrived: Arrived<'_>) -> Call {
    let Arrived { request, host, preferred, .. } = arrived;
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
    let is_rpc_v1 = *form == RPC_V1;
    let is_contested = is_rpc_v1 && params.is_contested();
    if is_rpc_v1 {
        params.keep_one_each(preferred);
    }
    // JSON is not part of a v1 signature.
    let is_json = is("application/json") && !is_rpc_v1 && covers_body(headers, &authorization);
    if is_json && !request.body().is_empty() {
        if let Err(mistake) = params.push_json(request.body()) {
            // The error text of the parser may quote the body, which may hold secrets.
            let json::NotAnObject { line, column } = mistake;
            let note = format!("the JSON body is not an object of parameters: line {line} column {column}");
            problem = Some(gateway::INVALID_PARAMETER.about("body").with_note(note));
        }
        params.sort();
    }
    let shown = shown(headers, credential, &authorization, &params);
    let from_header = |name| header(headers, name).unwrap_or_default();
    // v1 clients send the headers too, but sign only the parameters.
    let from_param = |name| Cow::Borrowed(params.get(name).unwrap_or_default());
    let (action, version) = if is_rpc_v1 {
        (from_param("Action"), from_param("Version"))
    } else {
        (from_header(ACTION), from_header(VERSION))
    };
    let format = format(form, headers, &params).unwrap_or_else(|error| {
        problem.get_or_insert(error);
        (!is_rpc_v1).then_some(Format::Json)
    });
    Call {
        form,
        action: action.into(),
        also: CompactString::default(),
        asking: None,
        version: version.into(),
        format,
        host: host.into(),
        params,
        shown,
        is_contested,
        body_is_read: is_form || is("application/json") || request.body().is_empty(),
        has_own_preflight: false,
        problem,
    }
}

/// Returns `true` if the signature covers the body: ROA v1 needs `Content-MD5`. Unsigned bodies are not read.
fn covers_body(headers: &HeaderMap, authorization: &str) -> bool {
    !authorization.starts_with(ACS) || headers.contains_key(CONTENT_MD5)
}

/// Type of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CredentialKind {
    /// `Authorization: ACS3-...`.
    V3,
    /// A bearer token; with `Authorization: acs ...` it belongs to ROA v1.
    Bearer,
    /// `Authorization: acs ...`.
    RoaV1,
    /// `AccessKeyId` or `Signature` among the parameters.
    Params,
    Nowhere,
}

/// Returns the type of credential. The checks follow the order in docs/evidence/gateway.md section 0.
fn credential_of(headers: &HeaderMap, authorization: &str, params: &Params) -> CredentialKind {
    if authorization.starts_with(ACS3) {
        return CredentialKind::V3;
    }
    let is_bearer = headers.contains_key(BEARER_TOKEN)
        || params.get("BearerToken").is_some()
        || params.get("SignatureType") == Some("BEARERTOKEN")
        || header(headers, SIGNATURE_TYPE).is_some_and(|kind| kind == "BEARERTOKEN");
    if is_bearer {
        CredentialKind::Bearer
    } else if authorization.starts_with(ACS) {
        CredentialKind::RoaV1
    } else if params.filled("AccessKeyId").is_some() || params.get("Signature").is_some() {
        CredentialKind::Params
    } else {
        CredentialKind::Nowhere
    }
}

/// Returns the form of a request.
fn form_of(request: &RawRequest, credential: CredentialKind, params: &Params) -> &'static Form {
    let headers = request.headers();
    let on_path = request.uri().path() != "/";
    let v3 = if on_path { &ROA_V3 } else { &RPC_V3 };
    match credential {
        CredentialKind::V3 => v3,
        CredentialKind::RoaV1 => &ROA_V1,
        CredentialKind::Params => &RPC_V1,
        CredentialKind::Bearer
            if header(headers, AUTHORIZATION).is_some_and(|text| text.starts_with(ACS)) =>
        {
            &ROA_V1
        }
        _ if params.get("Action").is_some() => &RPC_V1,
        _ if on_path || headers.contains_key(ACTION) => v3,
        _ => &RPC_V1,
    }
}

/// Returns the credential of a request.
fn shown(headers: &HeaderMap, kind: CredentialKind, authorization: &str, params: &Params) -> Shown {
    let param = |name: &str| params.get(name).map(CompactString::from);
    if let Some(rest) = authorization.strip_prefix(ACS3) {
        let (algorithm, fields) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut signed = Signed {
            method: Some(compact_str::format_compact!("{ACS3}{algorithm}")),
            token: text(headers, SECURITY_TOKEN).or_else(|| param("SecurityToken")),
            time: text(headers, ACS_DATE),
            nonce: text(headers, NONCE),
            ..Signed::default()
        };
        // Read by name, not by position: Java puts Signature before SignedHeaders.
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
    if let Some(rest) = authorization.strip_prefix(ACS) {
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

/// Returns the format: `Format` wins over `Accept`, which counts in v3 and ROA. Source: docs/evidence/gateway.md 5.5.
fn format(form: &Form, headers: &HeaderMap, params: &Params) -> Result<Option<Format>, ApiError> {
    if let (true, Some(asked)) = (form.is_rpc, params.filled("Format")) {
        return match asked {
            _ if asked.eq_ignore_ascii_case("JSON") => Ok(Some(Format::Json)),
            _ if asked.eq_ignore_ascii_case("XML") => Ok(Some(Format::Xml)),
            _ => Err(gateway::INVALID_FORMAT.error()),
        };
    }
    if *form == RPC_V1 {
        return Ok(None);
    }
    let accept = header(headers, ACCEPT).unwrap_or_default();
    let mut kinds =
        accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let known = kinds.find_map(|kind| match kind.as_str() {
        "application/xml" | "text/xml" => Some(Format::Xml),
        // Python's core asks for octet-stream to get the response unchanged.
        "" | "*/*" | "application/*" | "application/json" | "application/octet-stream" => Some(Format::Json),
        _ => None,
    });
    match known {
        Some(format) => Ok(Some(format)),
        None if form.is_rpc => Ok(Some(Format::Json)),
        None => Err(gateway::INVALID_ACCEPT.error()),
    }
}
