//! Signatures of OSS: signed texts, time limits and errors. Source: packages oss2 2.19.1 (`auth.py`) and
//! alibabacloud-oss-v2 1.4.1 (`signer/`).

use crate::error::{ApiError, Dialect, Flawed, Result, oss};
use crate::gateway::authenticate::crypto::{Algorithm, content_md5};
use crate::gateway::call::{Asked, Sent, Signed};
use crate::gateway::percent::encoded;
use crate::gateway::protocol::oss::target::{SUB_RESOURCES, Target, V4_NAME};
use crate::gateway::protocol::words::TWO_READINGS;
use crate::gateway::request::{RawRequest, header};
use crate::params::Origin;
use crate::text::{BucketName, Flaw, Scalar, Timestamp};
use crate::world::State;
use compact_str::CompactString;
use std::borrow::Cow;

/// Maximum distance between a signed time and the gateway clock. Source: docs/evidence/account.md 6.4.
const WINDOW_MILLIS: i64 = 15 * 60_000;
/// Maximum validity of a V4 URL, in seconds: seven days. Source: help.aliyun.com/en/oss/user-guide/0002-00000232.
const LONGEST_SECONDS: i64 = 7 * 86_400;

const PAYLOAD: &str = "x-oss-content-sha256";
/// Value of [`PAYLOAD`] that leaves the body unsigned.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Returns the V1 string to sign.
pub(crate) fn v1(Sent { request, call, signed }: Sent<'_>) -> String {
    let headers = request.headers();
    let value = |name: &str| header(headers, name).unwrap_or_default().into_owned();
    let time =
        signed.expires.as_ref().or(signed.time.as_ref()).map(CompactString::as_str).unwrap_or_default();
    let of_oss: String = signed_headers(request, |name| name.starts_with("x-oss-"));
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

/// Returns the V4 canonical request.
pub(crate) fn v4(Sent { request, call, signed }: Sent<'_>) -> String {
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
    let payload = header(request.headers(), PAYLOAD);
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        request.method(),
        uri.join("/"),
        query.join("&"),
        signed.signed_headers,
        payload.as_deref().unwrap_or(UNSIGNED)
    )
}

/// Returns the text that V4 signs before the hash of the canonical request.
pub(crate) fn v4_head(signed: &Signed) -> String {
    let shown = time_of(signed).map(|at| at.to_string().replace(['-', ':'], "")).unwrap_or_default();
    format!("{V4_NAME}\n{shown}\n{}", signed.scope)
}

/// Rejects a V1 string to sign with a second reading. It holds path and values without escapes, so `/b/k%3Facl` and
/// `/b/k?acl` look the same.
pub(crate) fn reads_one_way(sent: Sent<'_>) -> Result<()> {
    let call = sent.call;
    let names_part = |text: &str| is_part(text.split(['=', '&']).next().unwrap_or_default());
    let has_part = |text: &str, mark: char| text.split(mark).skip(1).any(names_part);
    let key = Target::of(call.host_name(), sent.path()).key;
    let values = call.params.iter().filter(|(name, _, origin)| *origin == Origin::Query && is_part(name));
    let is_good = !has_part(&key, '?') && !{ values }.any(|(_, value, _)| has_part(value, '&'));
    if is_good { Ok(()) } else { Err(oss::SIGNATURE_MISMATCH.error().with_note(TWO_READINGS)) }
}

/// Returns `true` if a query parameter is part of the resource in V1.
fn is_part(name: &str) -> bool {
    SUB_RESOURCES.split(' ').any(|one| one == name)
}

/// Returns the signed headers, sorted by name.
fn signed_headers(request: &RawRequest, is_signed: impl Fn(&str) -> bool) -> String {
    let mut names: Vec<&str> = request.headers().keys().map(http::HeaderName::as_str).collect();
    names.retain(|name| is_signed(name));
    names.sort_unstable();
    let line =
        |name: &&str| format!("{name}:{}\n", header(request.headers(), *name).unwrap_or_default().trim());
    names.iter().map(line).collect()
}

/// Returns the signed time: `20261122T080000Z`, or an RFC 1123 date.
fn time_of(signed: &Signed) -> Option<Timestamp> {
    let text = signed.time.as_deref()?;
    Timestamp::parse_basic(text).or_else(|| Timestamp::parse_http(text))
}

/// Returns the day of a time as in credentials, `20261122`.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_string().split('T').next().unwrap_or_default().replace('-', "")
}

/// Checks that a V4 credential is for the region of the request: that of the host, else that of the bucket.
///
/// Source: docs/evidence/account.md 6.4.
fn in_region(Sent { call, signed, request }: Sent<'_>, state: &State) -> Result<()> {
    let target = Target::of(call.host_name(), request.uri().path());
    let of_bucket = || {
        let name = BucketName::parse(target.bucket.as_deref()?).ok()?;
        state.bucket(&name).ok().map(|(_, bucket)| bucket.region.to_string())
    };
    let region = target.region.clone().or_else(of_bucket);
    let signed = signed.scope.split('/').nth(1);
    match region {
        Some(region) if signed != Some(&region) => {
            let note = format!(
                "the credential is for `{}`, the request is for `{region}`",
                signed.unwrap_or_default()
            );
            Err(oss::INVALID_SIGNING_REGION.error().with_note(note))
        }
        _ => Ok(()),
    }
}

/// Checks `Content-MD5`.
pub(crate) fn md5_fits(request: &RawRequest) -> Result<()> {
    match header(request.headers(), "content-md5") {
        Some(claimed) if claimed != content_md5(request.body()) => {
            Err(oss::INVALID_DIGEST.error().with_detail("Content-MD5", claimed))
        }
        _ => Ok(()),
    }
}

/// Checks that the signed hash belongs to the body. `UNSIGNED-PAYLOAD` is always valid.
///
/// UNCERTAIN: no source shows the error for another hash.
pub(crate) fn payload_fits(request: &RawRequest) -> Result<()> {
    let claimed = header(request.headers(), PAYLOAD).unwrap_or(Cow::Borrowed(UNSIGNED));
    if claimed == UNSIGNED || claimed == Algorithm::Oss4Sha256.hash(request.body()).as_str() {
        return Ok(());
    }
    let note = format!("`{PAYLOAD}` is neither `{UNSIGNED}` nor the SHA-256 of the body");
    Err(Flawed::new(PAYLOAD, Flaw::Value).worded(Dialect::Oss).with_note(note))
}

/// Formats a time as `2026-11-22T08:00:00.000Z`.
fn shown(at: Timestamp) -> String {
    at.to_string().replace('Z', ".000Z")
}

pub(crate) fn in_time_v1(sent: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let (signed, now) = (sent.signed, asked.now.gateway);
    let Some(expires) = signed.expires.as_deref() else {
        let at = time_of(signed).ok_or_else(|| oss::NO_DATE.error())?;
        return in_window(at, now);
    };
    let seconds: i64 = expires.parse().map_err(|_| oss::INVALID_EXPIRES.error())?;
    let seconds = seconds.clamp(0, 253_402_300_799);
    not_over(Timestamp::from_millis(seconds * 1000), now)
}

pub(crate) fn in_time_v4(sent: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let (signed, now) = (sent.signed, asked.now.gateway);
    let signed_time = || {
        let at = time_of(signed).ok_or_else(|| oss::NO_DATE.error())?;
        let is_day = signed.scope.split('/').next() == Some(&day(at));
        let wrong = || oss::INVALID_SIGNING_DATE.error().with_detail("ServerTime", shown(now));
        if is_day { Ok(at) } else { Err(wrong()) }
    };
    match signed.expires.as_deref() {
        None => in_window(signed_time()?, now)?,
        Some(expires) => {
            let invalid = || Flawed::new("x-oss-expires", Flaw::Value).worded(Dialect::Oss);
            let seconds: i64 = expires.parse().map_err(|_| invalid())?;
            let at = signed_time()?;
            if !(1..=LONGEST_SECONDS).contains(&seconds) {
                return Err(invalid().with_detail(oss::NUMBER, "0002-00000232"));
            }
            if at.as_millis() - now.as_millis() > WINDOW_MILLIS {
                return Err(skewed(at, now));
            }
            not_over(at.plus_millis(seconds * 1000), now)?
        }
    };
    in_region(sent, asked.state).map(|()| now)
}

/// Checks the time of a form that is signed with V4: it may be 15 minutes ahead, and is valid for seven days. The policy of a
/// form has its own end.
pub(crate) fn in_time_form(sent: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let (signed, now) = (sent.signed, asked.now.gateway);
    let at = time_of(signed).ok_or_else(|| oss::NO_DATE.error())?;
    if signed.scope.split('/').next() != Some(&day(at)) {
        return Err(oss::INVALID_SIGNING_DATE.error().with_detail("ServerTime", shown(now)));
    }
    if at.as_millis() - now.as_millis() > WINDOW_MILLIS {
        return Err(skewed(at, now));
    }
    not_over(at.plus_millis(LONGEST_SECONDS * 1000), now)?;
    in_region(sent, asked.state).map(|()| now)
}

fn skewed(at: Timestamp, now: Timestamp) -> ApiError {
    let error = oss::TIME_TOO_SKEWED.error().with_detail("MaxAllowedSkewMilliseconds", WINDOW_MILLIS);
    error.with_detail("RequestTime", shown(at)).with_detail("ServerTime", shown(now))
}

/// Checks that a signed time is close to the gateway clock. Requests have no nonces.
fn in_window(at: Timestamp, now: Timestamp) -> Result<Timestamp> {
    let apart = (now.as_millis() - at.as_millis()).abs();
    if apart <= WINDOW_MILLIS { Ok(now) } else { Err(skewed(at, now)) }
}

/// Checks that a signed URL has not expired.
fn not_over(end: Timestamp, now: Timestamp) -> Result<Timestamp> {
    if now <= end {
        return Ok(now);
    }
    let error = oss::REQUEST_EXPIRED.error().with_detail("Expires", shown(end));
    Err(error.with_detail("ServerTime", shown(now)))
}

/// Returns the error for a signature, with the right texts. Source: package oss2 2.19.1, `exceptions.py` shows it all.
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
