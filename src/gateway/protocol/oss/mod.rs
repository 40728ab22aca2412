//! Protocol of OSS: requests signed with V1 or V4, in headers or in URLs, and responses. Source:
//! docs/evidence/account.md 6.4, packages oss2 2.19.1 (`auth.py`) and alibabacloud-oss-v2 1.4.1 (`signer/`).

mod answer;
mod asking;
mod credential;
mod form;
pub(crate) mod signature;
pub(crate) mod target;

use crate::error::{ApiError, Dialect, Flawed, Known, Result, oss};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, other_method};
use crate::gateway::call::{self, Arrived, Asking, Call, Form, Protocol, Shown, StubForm};
use crate::gateway::host::host_name;
use crate::gateway::protocol::path::tell;
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{RawRequest, header};
use crate::params::{Origin, Params};
use crate::services::oss::requests;
use crate::text::{BucketName, Flaw, Scalar};
use asking::Asked;
use compact_str::CompactString;
use credential::Signature;
use form::UploadForm;
use http::Method;
use http::header::AUTHORIZATION;
use serde::Deserialize;
use target::{Target, host_parts};

/// Default region, if neither host nor signature names one. Source: the first region of OSS.
const DEFAULT_REGION: &str = crate::text::DEFAULT_REGION;
/// Operations on a bucket that work at the host of every region. Source: www.alibabacloud.com/help/doc-detail/31968.html for
/// `GetBucketInfo`, the examples of the SDKs for `GetBucketLocation`.
const ANYWHERE: [&str; 2] = ["GetBucketInfo", "GetBucketLocation"];

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("Oss"),
    headers: "x-oss-",
    owns: |host| host_parts(host).is_some(),
    words: WORDS,
    read,
    admit,
    refusal: answer::refusal,
    common: answer::with_common,
    stubs: StubForm::Document,
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

const V4_FORM: Form = Form {
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

static V1: Form = V1_FORM;
static V1_URL: Form = Form { name: "oss-v1-url", ..V1_FORM };
static V4: Form = V4_FORM;
static V4_URL: Form = Form { name: "oss-v4-url", ..V4_FORM };
const POST_FORM: Form = Form {
    name: "oss-post-v1",
    // The form signs its policy as it is sent.
    signing: |sent, _| {
        let policy = sent.call.params.get("policy").unwrap_or_default().to_owned();
        Signing::of(std::iter::once(policy), KeyStep::of_scope(&sent.signed.scope))
    },
    in_time: |_, asked| Ok(asked.now.gateway),
    reads_one_way: meets_policy,
    mistakes: |_, _| Vec::new(),
    ..V1_FORM
};
static POST_V1: Form = POST_FORM;
static POST_V4: Form = Form {
    name: "oss-post-v4",
    algorithm: |_| Some(Algorithm::Oss4Sha256),
    in_time: signature::in_time_form,
    ..POST_FORM
};

impl Signature {
    fn form(self) -> &'static Form {
        match self {
            Self::V1 => &V1,
            Self::V1Url => &V1_URL,
            Self::V4 => &V4,
            Self::V4Url => &V4_URL,
            Self::PostV1 => &POST_V1,
            Self::PostV4 => &POST_V4,
        }
    }
}

const WORDS: Words = Words {
    nothing: &oss::ANONYMOUS,
    unknown: &oss::ACCESS_KEY_NOT_FOUND,
    impossible: &oss::ACCESS_KEY_IMPOSSIBLE,
    // Ids with a blank or a hyphen are merely unknown. Source: docs/evidence/account.md section 7, row 1; tests of
    // aliyun/alibabacloud-oss-ts-sdk-v2 (`invalid-ak`).
    can_be: |id| {
        id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'=' | b' '))
    },
    inactive: &oss::ACCESS_KEY_DISABLED,
    no_token: &oss::TOKEN_MISSING,
    temporary: Some("STS."),
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
    // Elsewhere a `Signature` alone is one of the API gateway.
    let in_url = || {
        ["OSSAccessKeyId", "x-oss-signature-version", "x-oss-credential"].into_iter().any(has)
            || has("Signature") && at_own_host && !has("Action") && !has("AccessKeyId")
    };
    if let Some(boundary) = form::boundary(request) {
        let target = Target::of(host_name(host), request.uri().path());
        let is_upload = target.bucket.is_some() && target.key.is_empty();
        if is_upload && (at_own_host || form::names_a_key(request.body())) {
            return Some(read_form(request, host, &boundary, target));
        }
    }
    let in_url = match (credential, &authorization) {
        (Some(_), _) => false,
        // A request of another protocol.
        (None, Some(_)) => return None,
        (None, None) => {
            // Most requests to the gateway pass here: look at the query only once.
            let may_be = at_own_host || query.contains("OSSAccessKeyId") || query.contains("x-oss-");
            let in_url = may_be && in_url();
            if !in_url && !at_own_host {
                return None;
            }
            in_url
        }
    };
    let mut params = Params::default();
    params.push_encoded(query.as_bytes(), Origin::Query);
    params.sort();
    let target = Target::of(host_name(host), request.uri().path());
    // A client of S3 hears first of the host, in words of its own.
    let by_s3 = credential.is_some_and(|text| text.starts_with("AWS"));
    let mut problem = if by_s3 { target.is_named_well(by_s3).err() } else { None };
    let read_credential = match credential {
        Some(text) => credential::in_header(request, text).map(Some),
        None if in_url => credential::in_query(&params).map(Some),
        None => Ok(None),
    };
    let read_credential = read_credential.unwrap_or_else(|error| {
        problem.get_or_insert(error);
        None
    });
    let (form, shown) = match read_credential {
        Some((signature, signed)) => (signature.form(), Shown::Signed(signed)),
        None => (&V1, Shown::Nothing),
    };
    if let Err(error) = target.is_named_well(by_s3) {
        problem.get_or_insert(error);
    }
    let (asked, plain) = asking::operation(request, &target, &params);
    let action = match asked {
        _ if request.method() == Method::OPTIONS => "Options".to_owned(),
        Asked::Known(row) => row.name.clone(),
        _ => plain.clone(),
    };
    let key = if let Shown::Signed(signed) = &shown { Some(&*signed.key) } else { None };
    let is_preflight = request.method() == Method::OPTIONS;
    let asking = match asked {
        _ if is_preflight => Ok(Asking::in_buckets(Vec::new(), Vec::new())),
        Asked::Known(row) => asking::asking(request, row, &target, &params, key),
        Asked::Other => Ok(Asking::in_buckets(vec![(plain.as_str().into(), target.named())], Vec::new())),
        Asked::Unsupported => Err(answer::not_allowed(request.method(), asking::level(&target))),
    };
    if let Err(error) = tell_all(request, &action, &target, &shown, &mut params) {
        problem.get_or_insert(error);
    }
    let asking = asking.map_err(|error| problem.get_or_insert(error)).ok().map(Box::new);
    let also = if plain == action { CompactString::default() } else { plain.into() };
    let has_own_preflight = is_preflight;
    Some(Call {
        also,
        asking,
        has_own_preflight,
        problem,
        ..Call::of_protocol(host, form, shown, action, params)
    })
}

/// Reads an upload by a form. Its credential and its object are in fields; signatures in headers and URLs are ignored.
fn read_form(request: &RawRequest, host: &str, boundary: &str, mut target: Target) -> Call {
    let mut params = Params::default();
    let mut problem = None;
    let mut note = |error| {
        problem.get_or_insert(error);
    };
    match UploadForm::read(request.body(), boundary) {
        Ok(form) => form.tell(&mut params),
        Err(error) => note(error),
    }
    let signed = credential::in_form(&params).unwrap_or_else(|error| {
        note(error);
        None
    });
    match params.filled("key") {
        Some(key) => key.clone_into(&mut target.key),
        None => note(oss::FORM_FIELD_MISSING.about("key").with_detail("ArgumentName", "key")),
    }
    if let Err(error) = target.is_named_well(false) {
        note(error);
    }
    let (form, shown) = match signed {
        Some((signature, signed)) => (signature.form(), Shown::Signed(signed)),
        None => (&POST_V1, Shown::Nothing),
    };
    let key = if let Shown::Signed(signed) = &shown { Some(&*signed.key) } else { None };
    let row = requests::named("PostObject").expect("the table has it");
    let asking = asking::asking(request, row, &target, &params, key);
    let asking = asking.map_err(&mut note).ok().map(Box::new);
    if let Err(error) = tell_all(request, &row.name, &target, &shown, &mut params) {
        note(error);
    }
    let also = row.plain_name.as_str().into();
    Call { also, asking, problem, ..Call::of_protocol(host, form, shown, row.name.as_str(), params) }
}

/// Checks a form against the policy that it signs.
fn meets_policy(sent: call::Sent<'_>, asked: call::Asked<'_>) -> Result<()> {
    let boundary = form::boundary(sent.request).unwrap_or_default();
    let bucket = Target::of(sent.call.host_name(), sent.path()).bucket.unwrap_or_default();
    let form = UploadForm::read(sent.request.body(), &boundary)?;
    form.meets_policy(&sent.call.params, &bucket, asked.now.gateway)
}

/// Checks the bucket of a request before its credential, as OSS does when it routes a request: it must exist, and the host must be one of
/// its region. Source: docs/evidence/account.md 6.4.
///
/// A bucket that does not exist is told to known keys and without a key, because an unknown key may belong to another world.
fn admit(asked: call::Asked<'_>) -> Result<()> {
    let call::Asked { request, call, state, .. } = asked;
    let target = Target::of(call.host_name(), request.uri().path());
    let Some(name) = target.bucket.as_deref().filter(|_| call.action != "PutBucket") else { return Ok(()) };
    let wrong = |known: &Known| known.error().with_detail("BucketName", name);
    let name = BucketName::parse(name).map_err(|_| wrong(&oss::INVALID_BUCKET_NAME))?;
    let Ok((_, bucket)) = state.bucket(&name) else {
        let is_known = call.key().is_none_or(|key| state.credential(key).is_some());
        return if is_known { Err(wrong(&oss::NO_SUCH_BUCKET)) } else { Ok(()) };
    };
    let elsewhere = target.region.is_some_and(|region| region != bucket.region);
    if elsewhere && !ANYWHERE.contains(&&*call.action) {
        let network = if target.is_internal { "-internal" } else { "" };
        let endpoint = format!("oss-{}{network}.aliyuncs.com", bucket.region);
        return Err(oss::OTHER_ENDPOINT
            .error()
            .with_detail("Bucket", name)
            .with_detail("Endpoint", endpoint));
    }
    if call.has_own_preflight {
        return Err(preflight(request));
    }
    match (&call.shown, &call.asking) {
        (Shown::Nothing, Some(asking)) if asking.is_about_objects() && !asking.is_open(state) => {
            Err(oss::ACCESS_DENIED.error())
        }
        _ => Ok(()),
    }
}

/// Returns the error of a CORS preflight: buckets have no rules. Source: docs/evidence/account.md 6.4, "Responses".
fn preflight(request: &RawRequest) -> ApiError {
    for (name, number) in [("Origin", "0034-00000101"), ("Access-Control-Request-Method", "0034-00000102")] {
        if !request.headers().contains_key(name) {
            let error = Flawed::new(name, Flaw::Value).worded(Dialect::Oss);
            return error.with_detail(oss::NUMBER, number);
        }
    }
    oss::CORS_NOT_ENABLED.error()
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
