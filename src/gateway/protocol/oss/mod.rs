//! Protocol of OSS: requests signed with V1 or V4, in headers or in URLs, and responses. Source:
//! docs/evidence/account.md 6.4, packages oss2 2.19.1 (`auth.py`) and alibabacloud-oss-v2 1.4.1 (`signer/`).

mod answer;
mod credential;
pub(crate) mod signature;
pub(crate) mod target;

use crate::error::{Result, oss};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, other_method};
use crate::gateway::call::{Arrived, Call, Form, Protocol, Shown};
use crate::gateway::host::host_name;
use crate::gateway::protocol::path::{capitalized, tell};
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{RawRequest, header};
use crate::params::{Origin, Params};
use credential::Signature;
use http::Method;
use http::header::AUTHORIZATION;
use serde::Deserialize;
use target::{SUB_RESOURCES, Target, host_parts};

/// Default region, if neither host nor signature names one. Source: the first region of OSS.
const DEFAULT_REGION: &str = crate::text::DEFAULT_REGION;

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("Oss"),
    headers: "x-oss-",
    words: WORDS,
    read,
    admit: |_| Ok(()),
    refusal: answer::refusal,
    common: answer::with_common,
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

impl Signature {
    fn form(self) -> &'static Form {
        match self {
            Self::V1 => &V1,
            Self::V1Url => &V1_URL,
            Self::V4 => &V4,
            Self::V4Url => &V4_URL,
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
    let Arrived { request, host, .. } = arrived;
    let authorization = header(request.headers(), AUTHORIZATION);
    let query = request.uri().query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let credential = authorization.as_deref().filter(|text| text.starts_with("OSS"));
    let by_host = || host_parts(host_name(host)).is_some() && !has("Action") && !has("AccessKeyId");
    // Elsewhere a `Signature` alone is one of the API gateway.
    let in_url = || {
        ["OSSAccessKeyId", "x-oss-signature-version", "x-oss-credential"].into_iter().any(has)
            || has("Signature") && by_host()
    };
    let in_url = match (credential, &authorization) {
        (Some(_), _) => false,
        // A request of another protocol.
        (None, Some(_)) => return None,
        (None, None) => {
            // Most requests to the gateway pass here: look at the query only once.
            let in_url = !query.is_empty() && in_url();
            if !in_url && !by_host() {
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
        Some(text) => credential::in_header(request, text).map(Some),
        None if in_url => credential::in_query(&params).map(Some),
        None => Ok(None),
    };
    let read_credential = read_credential.unwrap_or_else(|error| {
        problem = Some(error);
        None
    });
    let (form, shown) = match read_credential {
        Some((signature, signed)) => (signature.form(), Shown::Signed(signed)),
        None => (&V1, Shown::Nothing),
    };
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
