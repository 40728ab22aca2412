//! Protocol of OSS: requests signed with V1 or V4, in headers or in URLs, and responses. Source:
//! docs/evidence/account.md 6.4, packages oss2 2.19.1 (`auth.py`) and alibabacloud-oss-v2 1.4.1 (`signer/`).

pub(crate) mod signature;
pub(crate) mod target;

use crate::error::{self, ApiError, Result, oss};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, other_method};
use crate::gateway::call::{Arrived, Call, Form, Protocol, Shown, Signed};
use crate::gateway::frame::{Frame, ascii, date, document, escape};
use crate::gateway::host::host_name;
use crate::gateway::protocol::path::{capitalized, tell};
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{Answer, RawRequest, header, text};
use crate::operation::Document;
use crate::params::{Origin, Params};
use compact_str::CompactString;
use http::header::{AUTHORIZATION, DATE, SERVER};
use http::{HeaderValue, Method};
use serde::Deserialize;
use target::{SUB_RESOURCES, Target, V4_NAME, host_parts};

/// Default region, if neither host nor signature names one. Source: the first region of OSS.
const DEFAULT_REGION: &str = crate::text::DEFAULT_REGION;
const TOKEN: &str = "x-oss-security-token";
const OSS_DATE: &str = "x-oss-date";

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("Oss"),
    headers: "x-oss-",
    owns: |host| host_parts(host).is_some(),
    words: WORDS,
    read,
    admit: |_| Ok(()),
    refusal,
    common: with_common,
    success: None,
};

const V1_FORM: Form = Form {
    name: "oss-v1",
    protocol: &PROTOCOL,
    is_rpc: false,
    names_headers: false,
    algorithm: |_| Some(Algorithm::HmacSha1),
    signing: |sent, _| Signing::of(std::iter::once_with(move || signature::v1(sent)), KeyStep::Suffix("")),
    in_time: signature::in_time_v1,
    body_fits: signature::md5_fits,
    reads_one_way: |sent, _| signature::reads_one_way(sent),
    mismatch: |signed, text, _| signature::mismatch(signed, text, None),
    mistakes: |_, _| vec![other_method()],
    other_ways: |_, _| Vec::new(),
};

/// `Authorization: OSS <id>:...`, or `OSSAccessKeyId` and `Signature` in the URL.
static V1: Form = V1_FORM;
/// `Authorization: OSS4-HMAC-SHA256 ...`, or `x-oss-signature` in the URL.
static V4: Form = Form {
    name: "oss-v4",
    algorithm: |_| Some(Algorithm::Oss4Sha256),
    signing: |sent, _| Signing {
        head: Some(signature::v4_head(sent.signed)),
        ..Signing::of(
            std::iter::once_with(move || signature::v4(sent)),
            KeyStep::of_scope(&sent.signed.scope),
        )
    },
    in_time: signature::in_time_v4,
    body_fits: |request| {
        signature::payload_fits(request)?;
        signature::md5_fits(request)
    },
    reads_one_way: |_, _| Ok(()),
    mismatch: |signed, text, to_sign| signature::mismatch(signed, to_sign, Some(text)),
    ..V1_FORM
};

const WORDS: Words = Words {
    nothing: &oss::ANONYMOUS,
    unknown: &oss::ACCESS_KEY_NOT_FOUND,
    impossible: &oss::ACCESS_KEY_IMPOSSIBLE,
    // An id with a blank was observed to be merely unknown. Source: docs/evidence/account.md section 7, row 1.
    can_be: |id| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b' ')),
    inactive: &oss::ACCESS_KEY_DISABLED,
    // UNCERTAIN: a temporary key alone counts as unknown.
    no_token: &oss::ACCESS_KEY_NOT_FOUND,
    token_expired: &oss::TOKEN_EXPIRED,
    token_mismatch: &oss::TOKEN_MISMATCH,
    token_malformed: &oss::INVALID_TOKEN,
    bearer: &oss::ANONYMOUS,
    method: &oss::INVALID_AUTHORIZATION,
    doubled: &oss::INVALID_ARGUMENT,
    not_run: &oss::NOT_IMPLEMENTED,
};

/// Reads a request to OSS: by its credential or, without one, by the host.
fn read(arrived: Arrived<'_>) -> Option<Call> {
    let Arrived { request, host, at_own_host, .. } = arrived;
    let authorization = header(request.headers(), AUTHORIZATION);
    let query = request.uri().query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    // At a host of OSS, a credential of another protocol is a malformed one.
    let credential = authorization.as_deref().filter(|text| at_own_host || text.starts_with("OSS"));
    let in_url = || has("OSSAccessKeyId") || has("x-oss-signature-version") || has("x-oss-credential");
    let in_url = match (credential, &authorization) {
        (Some(_), _) => false,
        // A request of another protocol.
        (None, Some(_)) => return None,
        (None, None) => {
            // Most requests to the gateway pass here: look at the query only once.
            let in_url = (query.contains("OSSAccessKeyId") || query.contains("x-oss-")) && in_url();
            if !in_url && !at_own_host {
                return None;
            }
            in_url
        }
    };
    let mut params = Params::default();
    params.push_encoded(query.as_bytes(), Origin::Query);
    params.sort();
    let mut problem = None;
    let read_credential = match credential {
        Some(text) => in_header(request, text),
        None if in_url => in_query(&params),
        None => Ok((&V1, Shown::Nothing)),
    };
    let (form, shown) = read_credential.unwrap_or_else(|error| {
        problem = Some(error);
        (&V1, Shown::Nothing)
    });
    let target = Target::of(host_name(host), request.uri().path());
    if let Err(error) = target.is_named_well() {
        problem.get_or_insert(error);
    }
    let action = action(request.method(), &target, &params);
    if let Err(error) = tell_all(request, &action, &target, &shown, &mut params) {
        problem.get_or_insert(error);
    }
    Some(Call { problem, ..Call::of_protocol(host, form, shown, action, params) })
}

/// Reads the credential in `Authorization`.
fn in_header(request: &RawRequest, text_of: &str) -> Result<(&'static Form, Shown)> {
    let malformed = || oss::INVALID_AUTHORIZATION.error();
    let headers = request.headers();
    let time = text(headers, OSS_DATE).or_else(|| text(headers, DATE));
    let token = text(headers, TOKEN).or_else(|| text(headers, "security-token"));
    if let Some(credential) = text_of.strip_prefix("OSS ") {
        let (key, signature) = credential.rsplit_once(':').ok_or_else(malformed)?;
        let (key, signature) = (key.into(), Some(signature.into()));
        return Ok((&V1, Shown::Signed(Signed { key, token, signature, time, ..Signed::default() })));
    }
    // A second generation, `OSS2`, exists, but no observed client uses it.
    let fields =
        text_of.strip_prefix(V4_NAME).and_then(|rest| rest.strip_prefix(' ')).ok_or_else(malformed)?;
    let mut signed = Signed { token, time, ..Signed::default() };
    for (name, value) in fields.split(',').filter_map(|field| field.trim().split_once('=')) {
        match name {
            "Credential" => (signed.key, signed.scope) = credential(value)?,
            "AdditionalHeaders" => signed.signed_headers = value.into(),
            "Signature" => signed.signature = Some(value.into()),
            _ => {}
        }
    }
    if signed.scope.is_empty() || signed.signature.is_none() {
        return Err(malformed());
    }
    Ok((&V4, Shown::Signed(signed)))
}

/// Reads the credential in the URL.
fn in_query(params: &Params) -> Result<(&'static Form, Shown)> {
    let param = |name: &str| params.get(name).map(CompactString::from);
    let mut signed = Signed {
        token: param("security-token").or_else(|| param(TOKEN)),
        signature: param("Signature"),
        expires: Some(param("Expires").unwrap_or_default()),
        key: param("OSSAccessKeyId").unwrap_or_default(),
        ..Signed::default()
    };
    if params.get("OSSAccessKeyId").is_some() {
        return Ok((&V1, Shown::Signed(signed)));
    }
    if params.get("x-oss-signature-version") != Some(V4_NAME) {
        return Err(oss::INVALID_AUTHORIZATION.error());
    }
    (signed.key, signed.scope) = credential(params.get("x-oss-credential").unwrap_or_default())?;
    signed.signature = param("x-oss-signature");
    signed.expires = Some(param("x-oss-expires").unwrap_or_default());
    signed.time = param(OSS_DATE);
    signed.signed_headers = param("x-oss-additional-headers").unwrap_or_default();
    Ok((&V4, Shown::Signed(signed)))
}

/// Reads key and scope of a V4 credential: `<id>/<date>/<region>/oss/aliyun_v4_request`.
fn credential(text: &str) -> Result<(CompactString, CompactString)> {
    let malformed = || oss::INVALID_AUTHORIZATION.error();
    let (key, scope) = text.split_once('/').ok_or_else(malformed)?;
    match scope.split('/').collect::<Vec<_>>()[..] {
        [date, region, product, "aliyun_v4_request"] if date.len() == 8 && !region.is_empty() => {
            let is_ours = product == "oss";
            is_ours.then(|| (key.into(), scope.into())).ok_or_else(|| oss::INVALID_SIGNING_PRODUCT.error())
        }
        _ => Err(malformed()),
    }
}

/// Returns the action of a request. Actions that alimock does not implement get names by the same rule.
fn action(method: &Method, target: &Target, params: &Params) -> String {
    let verb = capitalized(&method.as_str().to_ascii_lowercase());
    let is_sub =
        |name: &str, value: &str| value.is_empty() && SUB_RESOURCES.split(' ').any(|one| one == name);
    let sub = params.iter().find(|(name, value, _)| is_sub(name, value)).map(|(name, _, _)| name);
    let what = match (sub, &target.bucket) {
        (None, None) if method == Method::GET => return "ListBuckets".to_owned(),
        (None, Some(_)) if target.key.is_empty() && method == Method::GET => return "ListObjects".to_owned(),
        (Some("bucketInfo"), _) => "Info".to_owned(),
        (Some(sub), _) => capitalized(sub),
        (None, _) => String::new(),
    };
    let of = match &target.bucket {
        None => "Service",
        Some(_) if target.key.is_empty() => "Bucket",
        Some(_) => "Object",
    };
    format!("{verb}{of}{what}")
}

/// Body of `PutBucket`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Configuration {
    location_constraint: String,
    storage_class: String,
    data_redundancy_type: String,
}

/// Adds parameters from host, path, headers and body.
fn tell_all(
    request: &RawRequest,
    action: &str,
    target: &Target,
    shown: &Shown,
    params: &mut Params,
) -> Result<()> {
    let mut push = |name: &str, value: &str| tell(params, name, value);
    push("Bucket", target.bucket.as_deref().unwrap_or_default());
    push("Object", &target.key);
    let of_scope = match shown {
        Shown::Signed(signed) => signed.scope.split('/').nth(1),
        _ => None,
    };
    let region = target.region.as_deref().or(of_scope).unwrap_or(DEFAULT_REGION);
    if action != "PutBucket" {
        push("RegionId", region);
        return Ok(());
    }
    push("x-oss-acl", &header(request.headers(), "x-oss-acl").unwrap_or_default());
    let body = String::from_utf8_lossy(request.body());
    let asked = if body.trim().is_empty() {
        Ok(Configuration::default())
    } else {
        quick_xml::de::from_str(&body).map_err(|_| oss::MALFORMED_XML.error())
    };
    let asked: Configuration = asked.inspect_err(|_| push("RegionId", region))?;
    let place = asked.location_constraint.strip_prefix("oss-").unwrap_or(&asked.location_constraint);
    push("RegionId", if place.is_empty() { region } else { place });
    push("StorageClass", &asked.storage_class);
    push("DataRedundancyType", &asked.data_redundancy_type);
    match &target.region {
        Some(of_host) if !place.is_empty() && of_host != place => {
            Err(oss::ILLEGAL_LOCATION.about(&asked.location_constraint))
        }
        _ => Ok(()),
    }
}

/// Writes an error.
fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    let id = frame.ids.request_id();
    let ec = error::oss::ec(&error.code, &error.message);
    let mut elements = vec![
        ("Code", error.code.to_string()),
        ("Message", error.message.to_string()),
        ("RequestId", id),
        ("HostId", frame.host.to_owned()),
    ];
    if matches!(&*error.code, "InvalidAccessKeyId" | "SignatureDoesNotMatch") {
        elements.push(("OSSAccessKeyId", frame.key.unwrap_or_default().to_owned()));
    }
    elements.extend(error.details.iter().cloned());
    if let Some(ec) = ec {
        elements.push(("EC", ec.to_owned()));
        elements.push(("RecommendDoc", format!("https://api.aliyun.com/troubleshoot?q={ec}")));
    }
    let lines: String =
        elements.iter().map(|(name, value)| format!("  <{name}>{}</{name}>\n", escape(value))).collect();
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n{lines}</Error>\n");
    let headers = ec.map(|ec| ("x-oss-ec", ec.to_owned())).into_iter().collect();
    let refused = Document { status: error.status, kind: Some("application/xml"), headers, body };
    with_common(frame, document(&refused))
}

/// Adds the headers of all responses of OSS.
fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("AliyunOSS"));
    headers.insert(DATE, date(frame.now));
    headers.insert("x-oss-request-id", ascii(&frame.ids.request_id()));
    answer
}
