//! The protocol of OSS: requests with signatures of the generations V1 and V4, in headers and in URLs, and answers. Source:
//! docs/evidence/account.md 6.4, packages oss2 2.19.1 (`auth.py`) and alibabacloud-oss-v2 1.4.1 (`signer/`).

pub(crate) mod signature;

use super::{Words, capitalized, decoded, tell};
use crate::error::{self, ApiError, Result, oss};
use crate::gateway::parse::{Call, Form, Shown, Signed, header, host_name, text};
use crate::gateway::render::{Frame, ascii, date, escape};
use crate::gateway::{Answer, RawRequest};
use crate::operation::Document;
use crate::params::{Origin, Params};
use crate::text::BucketName;
use compact_str::CompactString;
use http::header::{AUTHORIZATION, DATE, SERVER};
use http::{HeaderValue, Method};
use serde::Deserialize;

/// Name of the fourth generation.
const V4: &str = "OSS4-HMAC-SHA256";
/// Where a request goes when neither its host nor its signature says. Source: the first region of OSS.
const DEFAULT_REGION: &str = crate::text::DEFAULT_REGION;
/// Bytes of the name of an object. Source: AlibabaCloudDocs/oss, "Object naming".
const LONGEST_OBJECT: usize = 1023;
const TOKEN: &str = "x-oss-security-token";
const OSS_DATE: &str = "x-oss-date";

/// Parameters that are part of the resource in V1. Source: both packages, which have some of them each.
const SUB_RESOURCES: &str = "\
accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead bucketInfo callback callback-var cloudboxes cname comp \
continuation-token cors delete encryption endTime group httpsConfig img inventory inventoryId lifecycle link live location logging \
metaQuery objectInfo objectMeta partNumber policy policyStatus position publicAccessBlock qos qosInfo qosRequester redundancyTransition \
referer regionList regions replication replicationLocation replicationProgress requestPayment requesterQosInfo resourceGroup \
resourcePool resourcePoolBuckets resourcePoolInfo response-cache-control response-content-disposition response-content-encoding \
response-content-language response-content-type response-expires restore security-token sequential startTime stat status style \
styleName symlink tagging transferAcceleration udf uploadId uploads versionId versioning versions vod website worm wormExtend wormId \
x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-access-point-name x-oss-async-process \
x-oss-process x-oss-redundancy-transition-taskid x-oss-request-payer x-oss-target-redundancy-type x-oss-traffic-limit \
x-oss-write-get-object-response";

pub(super) static WORDS: Words = Words {
    nothing: &oss::ANONYMOUS,
    unknown: &oss::ACCESS_KEY_NOT_FOUND,
    impossible: &oss::ACCESS_KEY_IMPOSSIBLE,
    // One with a blank was seen to be merely unknown. Source: docs/evidence/account.md section 7, row 1.
    can_be: |id| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b' ')),
    inactive: &oss::ACCESS_KEY_DISABLED,
    // UNCERTAIN: a temporary key is none by itself.
    no_token: &oss::ACCESS_KEY_NOT_FOUND,
    token_expired: &oss::TOKEN_EXPIRED,
    token_mismatch: &oss::TOKEN_MISMATCH,
    token_malformed: &oss::INVALID_TOKEN,
    bearer: &oss::ANONYMOUS,
    method: &oss::INVALID_AUTHORIZATION,
    doubled: &oss::INVALID_ARGUMENT,
    not_run: &oss::NOT_IMPLEMENTED,
};

/// What a request is about: a bucket by its host or its path, what is in it, and the region that the host names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) bucket: Option<String>,
    pub(crate) key: String,
    pub(crate) region: Option<String>,
}

impl Target {
    /// Reads host and path. A host that is not one of OSS, `localhost` or an address, has the bucket in the path.
    pub(crate) fn of(host: &str, path: &str) -> Self {
        let path = decoded(path);
        let path = path.strip_prefix('/').unwrap_or(&path);
        if let Some((bucket @ Some(_), region)) = host_parts(host) {
            return Self {
                bucket: bucket.map(str::to_owned),
                key: path.to_owned(),
                region: region.map(str::to_owned),
            };
        }
        let region = host_parts(host).and_then(|(_, region)| region).map(str::to_owned);
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let bucket = (!bucket.is_empty()).then(|| bucket.to_owned());
        Self { bucket, key: key.to_owned(), region }
    }

    /// Whether bucket and object are short enough to be names, which policies need not be asked about otherwise.
    fn is_named_well(&self) -> Result<()> {
        match &self.bucket {
            Some(bucket) if bucket.len() > BucketName::LONGEST => {
                Err(oss::INVALID_BUCKET_NAME.error().with_detail("BucketName", bucket))
            }
            _ if self.key.len() > LONGEST_OBJECT => {
                Err(oss::INVALID_OBJECT_NAME.error().with_detail("ObjectName", &self.key))
            }
            _ => Ok(()),
        }
    }

    /// The resource as it is signed: `/`, `/bucket/`, `/bucket/key`.
    fn resource(&self) -> String {
        match &self.bucket {
            Some(bucket) => format!("/{bucket}/{}", self.key),
            None => "/".to_owned(),
        }
    }
}

/// Bucket and region of a host of OSS: `bucket.oss-cn-hangzhou.aliyuncs.com`, `oss-cn-hangzhou-internal.aliyuncs.com`,
/// `bucket.cn-hangzhou.oss.aliyuncs.com`.
fn host_parts(host: &str) -> Option<(Option<&str>, Option<&str>)> {
    // ali-oss of Node begins the host with a dot when its endpoint is an address and there is no bucket.
    let rest = host.strip_suffix(".aliyuncs.com")?.trim_start_matches('.');
    let (before, last) = rest.rsplit_once('.').map_or((None, rest), |(before, last)| (Some(before), last));
    if last == "oss" {
        let (bucket, region) = match before.map(|before| before.rsplit_once('.').ok_or(before)) {
            Some(Ok((bucket, region))) => (Some(bucket), Some(region)),
            Some(Err(region)) => (None, Some(region)),
            None => (None, None),
        };
        return Some((bucket, region));
    }
    let region = last.strip_prefix("oss-")?;
    let region = region.strip_suffix("-internal").unwrap_or(region);
    Some((before, Some(region).filter(|region| region.contains('-'))))
}

/// The call of a request to OSS: by its credential, and without one by the host.
pub(super) fn call(request: &RawRequest, host: &str) -> Option<Call> {
    let authorization = header(request.headers(), AUTHORIZATION);
    let query = request.uri().query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let credential = authorization.as_deref().filter(|text| text.starts_with("OSS"));
    let in_url = || has("OSSAccessKeyId") || has("x-oss-signature-version") || has("x-oss-credential");
    let by_host = || host_parts(host_name(host)).is_some() && !has("Action") && !has("AccessKeyId");
    let in_url = match (credential, &authorization) {
        (Some(_), _) => false,
        // Of another protocol.
        (None, Some(_)) => return None,
        (None, None) => {
            // Most requests to the gateway come this way: whatever they have is looked at once.
            let in_url = (query.contains("OSSAccessKeyId") || query.contains("x-oss-")) && in_url();
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
    let read = match credential {
        Some(text) => in_header(request, text),
        None if in_url => in_query(&params),
        None => Ok((Form::OssV1, Shown::Nothing)),
    };
    let (form, shown) = read.unwrap_or_else(|error| {
        problem = Some(error);
        (Form::OssV1, Shown::Nothing)
    });
    let target = Target::of(host_name(host), request.uri().path());
    if let Err(error) = target.is_named_well() {
        problem.get_or_insert(error);
    }
    let action = action(request.method(), &target, &params);
    if let Err(error) = tell_all(request, &action, &target, &shown, &mut params) {
        problem.get_or_insert(error);
    }
    Some(Call::of_protocol(host, (form, shown), (action.into(), params), problem))
}

/// A credential in `Authorization`.
fn in_header(request: &RawRequest, text_of: &str) -> Result<(Form, Shown)> {
    let malformed = || oss::INVALID_AUTHORIZATION.error();
    let headers = request.headers();
    let time = text(headers, OSS_DATE).or_else(|| text(headers, DATE));
    let token = text(headers, TOKEN).or_else(|| text(headers, "security-token"));
    if let Some(credential) = text_of.strip_prefix("OSS ") {
        let (key, signature) = credential.rsplit_once(':').ok_or_else(malformed)?;
        let (key, signature) = (key.into(), Some(signature.into()));
        return Ok((Form::OssV1, Shown::Signed(Signed { key, token, signature, time, ..Signed::default() })));
    }
    // There is a second generation, `OSS2`, which nobody was seen to use.
    let fields = text_of.strip_prefix(V4).and_then(|rest| rest.strip_prefix(' ')).ok_or_else(malformed)?;
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
    Ok((Form::OssV4, Shown::Signed(signed)))
}

/// A credential in the URL.
fn in_query(params: &Params) -> Result<(Form, Shown)> {
    let param = |name: &str| params.get(name).map(CompactString::from);
    let mut signed = Signed {
        token: param("security-token").or_else(|| param(TOKEN)),
        signature: param("Signature"),
        expires: Some(param("Expires").unwrap_or_default()),
        key: param("OSSAccessKeyId").unwrap_or_default(),
        ..Signed::default()
    };
    if params.get("OSSAccessKeyId").is_some() {
        return Ok((Form::OssV1, Shown::Signed(signed)));
    }
    if params.get("x-oss-signature-version") != Some(V4) {
        return Err(oss::INVALID_AUTHORIZATION.error());
    }
    (signed.key, signed.scope) = credential(params.get("x-oss-credential").unwrap_or_default())?;
    signed.signature = param("x-oss-signature");
    signed.expires = Some(param("x-oss-expires").unwrap_or_default());
    signed.time = param(OSS_DATE);
    signed.signed_headers = param("x-oss-additional-headers").unwrap_or_default();
    Ok((Form::OssV4, Shown::Signed(signed)))
}

/// Key and scope of a V4 credential: `<id>/<date>/<region>/oss/aliyun_v4_request`.
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

/// The action of a request; names that alimock does not run are made in the same way.
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

/// The body of `PutBucket`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Configuration {
    location_constraint: String,
    storage_class: String,
    data_redundancy_type: String,
}

/// Tells in parameters what host, path, headers and body say.
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

/// The answer to a call that was refused.
pub(crate) fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
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
    let document = Document { status: error.status, kind: Some("application/xml"), headers, body };
    with_common(frame, super::answer(&document))
}

/// An answer with the headers that every answer of OSS has.
pub(crate) fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("AliyunOSS"));
    headers.insert(DATE, date(frame.now));
    headers.insert("x-oss-request-id", ascii(&frame.ids.request_id()));
    answer
}
