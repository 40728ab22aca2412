//! The protocol of OSS: requests, signatures of the generations V1 and V4 in headers and in URLs, answers. Source:
//! facts/account.md 6.4, packages oss2 2.19.1 (`auth.py`) and alibabacloud-oss-v2 1.4.1 (`signer/`).

use super::{Words, capitalized, decoded};
use crate::error::{self, ApiError, Dialect, Result, oss};
use crate::gateway::parse::{Call, Form, Shown, Signed, header, host_name, host_of, text};
use crate::gateway::render::{Frame, ascii, date, escape};
use crate::gateway::{Answer, RawRequest};
use crate::operation::Document;
use crate::params::{Origin, Params};
use crate::text::Timestamp;
use compact_str::CompactString;
use http::header::{AUTHORIZATION, DATE, SERVER};
use http::{HeaderValue, Method};
use serde::Deserialize;

/// How far a signed time may be from the gateway clock. Source: facts/account.md 6.4.
const WINDOW_MILLIS: i64 = 15 * 60_000;
/// The longest that a V4 URL may be good, in seconds. UNCERTAIN: seven days.
const LONGEST_SECONDS: i64 = 7 * 86_400;
/// Name of the fourth generation.
pub(crate) const V4: &str = "OSS4-HMAC-SHA256";
/// Where a request goes when neither its host nor its signature says. Source: the first region of OSS.
const DEFAULT_REGION: &str = "cn-hangzhou";
const TOKEN: &str = "x-oss-security-token";
const OSS_DATE: &str = "x-oss-date";

/// Parameters that are part of the resource in V1. Source: both packages, which have some of them each.
pub(super) const SUB_RESOURCES: &str = "\
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
    // One with a blank was seen to be merely unknown. Source: facts/account.md section 7, row 1.
    can_be: |id| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b' ')),
    inactive: &oss::ACCESS_KEY_DISABLED,
    // UNCERTAIN: a temporary key is none by itself.
    no_token: &oss::ACCESS_KEY_NOT_FOUND,
    token_expired: &oss::TOKEN_EXPIRED,
    token_mismatch: &oss::TOKEN_MISMATCH,
    token_malformed: &oss::INVALID_TOKEN,
    bearer: &oss::ANONYMOUS,
    method: &oss::INVALID_AUTHORIZATION,
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
    let rest = host.strip_suffix(".aliyuncs.com")?;
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
pub(super) fn call(request: &RawRequest) -> Option<Call> {
    let headers = request.headers();
    let authorization = header(headers, AUTHORIZATION);
    let query = request.uri().query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let host = host_of(request);
    let credential = authorization.as_deref().filter(|text| text.starts_with("OSS"));
    let in_url = has("OSSAccessKeyId") || has("x-oss-signature-version") || has("x-oss-credential");
    let is_signed = credential.is_some() || (authorization.is_none() && in_url);
    let by_host = || {
        let of_gateway = authorization.is_some() || has("Action") || has("AccessKeyId");
        !of_gateway && host_parts(host_name(&host)).is_some()
    };
    if !is_signed && !by_host() {
        return None;
    }
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
    let target = Target::of(host_name(&host), request.uri().path());
    let action = action(request.method(), &target, &params);
    if let Err(error) = tell(request, &action, &target, &shown, &mut params) {
        problem.get_or_insert(error);
    }
    params.sort();
    Some(Call {
        form,
        action: action.into(),
        version: CompactString::default(),
        format: None,
        params,
        shown,
        host,
        body_is_read: true,
        problem,
    })
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
        [date, _, _, "aliyun_v4_request"] if date.len() == 8 => Ok((key.into(), scope.into())),
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
fn tell(
    request: &RawRequest,
    action: &str,
    target: &Target,
    shown: &Shown,
    params: &mut Params,
) -> Result<()> {
    let mut push = |name: &str, value: &str| {
        if !value.is_empty() {
            params.push(name, value, Origin::Path);
        }
    };
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
    push("Acl", &header(request.headers(), "x-oss-acl").unwrap_or_default());
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

/// The string to sign of V1.
pub(crate) fn v1(request: &RawRequest, call: &Call, signed: &Signed) -> String {
    let headers = request.headers();
    let value = |name: &str| header(headers, name).unwrap_or_default().into_owned();
    let time =
        signed.expires.as_ref().or(signed.time.as_ref()).map(CompactString::as_str).unwrap_or_default();
    let of_oss: String = signed_headers(request, |name| name.starts_with("x-oss-"));
    let is_part = |name: &str| SUB_RESOURCES.split(' ').any(|one| one == name);
    let queries = call.params.iter().filter(|(name, _, origin)| *origin == Origin::Query && is_part(name));
    let pair = |(name, value, _): (&str, &str, Origin)| {
        if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
    };
    let parts: Vec<String> = queries.map(pair).collect();
    let mark = if parts.is_empty() { "" } else { "?" };
    format!(
        "{}\n{}\n{}\n{time}\n{of_oss}{}{mark}{}",
        request.method(),
        value("content-md5"),
        value("content-type"),
        Target::of(call.host_name(), request.uri().path()).resource(),
        parts.join("&")
    )
}

/// The canonical request of V4.
pub(crate) fn v4(request: &RawRequest, call: &Call, signed: &Signed) -> String {
    use crate::gateway::authenticate::canonical::encoded;
    let uri = Target::of(call.host_name(), request.uri().path()).resource();
    let uri: Vec<String> = uri.split('/').map(encoded).collect();
    let is_signed =
        |(name, _, origin): &(&str, &str, Origin)| *origin == Origin::Query && *name != "x-oss-signature";
    let pair = |(name, value, _): (&str, &str, Origin)| {
        if value.is_empty() { encoded(name) } else { format!("{}={}", encoded(name), encoded(value)) }
    };
    let mut query: Vec<String> = call.params.iter().filter(is_signed).map(pair).collect();
    query.sort_unstable();
    let more: Vec<&str> = signed.signed_headers.split(';').filter(|name| !name.is_empty()).collect();
    let headers = signed_headers(request, |name| {
        name.starts_with("x-oss-") || matches!(name, "content-type" | "content-md5") || more.contains(&name)
    });
    let payload = header(request.headers(), "x-oss-content-sha256");
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        request.method(),
        uri.join("/"),
        query.join("&"),
        signed.signed_headers,
        payload.as_deref().unwrap_or("UNSIGNED-PAYLOAD")
    )
}

/// What V4 signs before the hash of the canonical request.
pub(crate) fn v4_head(signed: &Signed) -> String {
    let shown = time_of(signed).map(|at| at.to_string().replace(['-', ':'], "")).unwrap_or_default();
    format!("{V4}\n{shown}\n{}", signed.scope)
}

/// Headers as they are signed, in the order of their names.
fn signed_headers(request: &RawRequest, is_signed: impl Fn(&str) -> bool) -> String {
    let mut names: Vec<&str> = request.headers().keys().map(http::HeaderName::as_str).collect();
    names.retain(|name| is_signed(name));
    names.sort_unstable();
    let line =
        |name: &&str| format!("{name}:{}\n", header(request.headers(), *name).unwrap_or_default().trim());
    names.iter().map(line).collect()
}

/// The signed time: `20261122T080000Z`, or an RFC 1123 date.
fn time_of(signed: &Signed) -> Option<Timestamp> {
    let text = signed.time.as_deref()?;
    let part = |from: usize, to: usize| text.get(from..to);
    let basic = || {
        let (date, time) = (part(0, 8)?, part(9, 15)?);
        let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
        let (hour, minute, second) = (time.get(..2)?, time.get(2..4)?, time.get(4..)?);
        let extended = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
        let has_form = text.len() == 16 && part(8, 9) == Some("T") && text.ends_with('Z');
        Timestamp::parse_signed(&extended).filter(|_| has_form).map(|(at, _)| at)
    };
    basic().or_else(|| Timestamp::parse_http(text))
}

/// `2026-11-22T08:00:00.000Z`.
fn shown(at: Timestamp) -> String {
    at.to_string().replace('Z', ".000Z")
}

/// Whether the signed time is about now, or the signed URL not over yet.
pub(crate) fn in_time(form: Form, signed: &Signed, now: Timestamp) -> Result<()> {
    let skewed = |at: Timestamp| {
        let error = oss::TIME_TOO_SKEWED.error().with_detail("MaxAllowedSkewMilliseconds", WINDOW_MILLIS);
        error.with_detail("RequestTime", shown(at)).with_detail("ServerTime", shown(now))
    };
    let time = || {
        let at = time_of(signed).ok_or_else(|| oss::NO_DATE.error())?;
        // The day of the key must be that of the time. UNCERTAIN: the code.
        let is_day =
            form != Form::OssV4 || signed.scope.get(..8) == Some(&at.to_string().replace('-', "")[..8]);
        if is_day { Ok(at) } else { Err(oss::INVALID_AUTHORIZATION.error()) }
    };
    let Some(expires) = signed.expires.as_deref() else {
        let at = time()?;
        let apart = (now.as_millis() - at.as_millis()).abs();
        return if apart <= WINDOW_MILLIS { Ok(()) } else { Err(skewed(at)) };
    };
    let number: i64 = expires.parse().map_err(|_| oss::INVALID_EXPIRES.about(expires))?;
    let end = if form == Form::OssV4 {
        let at = time()?;
        if !(1..=LONGEST_SECONDS).contains(&number) {
            return Err(error::invalid(Dialect::Oss, "x-oss-expires", crate::text::Flaw::Value));
        }
        if at.as_millis() - now.as_millis() > WINDOW_MILLIS {
            return Err(skewed(at));
        }
        at.plus_millis(number * 1000)
    } else {
        Timestamp::from_millis(number.clamp(0, 253_402_300_799) * 1000)
    };
    if now <= end {
        return Ok(());
    }
    let error = oss::REQUEST_EXPIRED.error().with_detail("Expires", shown(end));
    Err(error.with_detail("ServerTime", shown(now)))
}

/// The refusal of a signature, with what should have been signed. Source: package oss2 2.19.1, `exceptions.py` shows it all.
pub(crate) fn mismatch(signed: &Signed, to_sign: &str, canonical: Option<&str>) -> ApiError {
    let bytes: Vec<String> = to_sign.bytes().map(|byte| format!("{byte:02X}")).collect();
    let error = oss::SIGNATURE_MISMATCH
        .error()
        .with_detail("SignatureProvided", signed.signature.as_deref().unwrap_or_default())
        .with_detail("StringToSign", to_sign)
        .with_detail("StringToSignBytes", bytes.join(" "));
    match canonical {
        Some(canonical) => error.with_detail("CanonicalRequest", canonical),
        None => error,
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
