//! Checks of signed requests in the API gateway: required parameters, time, hash of the body, unsigned headers.

use crate::error::{Flawed, Result, gateway};
use crate::gateway::authenticate::crypto;
use crate::gateway::call::{Asked, Call, Sent, Signed};
use crate::gateway::request::{RawRequest, header};
use crate::gateway::rules::Rules;
use crate::text::Timestamp;
use http::header::HeaderName;
use std::borrow::Cow;

const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-acs-content-sha256");
/// Java's core uses a separate header for SM3. Source: docs/evidence/gateway.md 2.1.
const CONTENT_SM3: HeaderName = HeaderName::from_static("x-acs-content-sm3");

/// Returns the hash of the body in a v3 request.
pub(super) fn claimed_payload(request: &RawRequest) -> Option<Cow<'_, str>> {
    header(request.headers(), CONTENT_SHA256).or_else(|| header(request.headers(), CONTENT_SM3))
}

/// Checks `Content-MD5` of ROA v1.
pub(super) fn md5_fits(request: &RawRequest) -> Result<()> {
    match header(request.headers(), "content-md5") {
        Some(claimed) if claimed != crypto::content_md5(request.body()) => {
            Err(gateway::CONTENT_MD5_MISMATCH.error())
        }
        _ => Ok(()),
    }
}

/// Checks the required parameters, by the gateway's rule `Missing<Name>`. Source: docs/evidence/gateway.md 6.1.
fn common_parameters(call: &Call, signed: &Signed) -> Result<()> {
    if signed.key.is_empty() {
        return Err(gateway::MISSING_ACCESS_KEY_ID.error());
    }
    let (is_rpc, is_v1) = (call.form.is_rpc, !call.form.names_headers);
    let rpc_v1 = is_rpc && is_v1;
    let time_name = if is_v1 && !is_rpc { "Date" } else { "Timestamp" };
    let checks = [
        ("Signature", signed.signature.as_deref().is_none_or(str::is_empty)),
        ("SignatureMethod", rpc_v1 && signed.method.as_deref().is_none_or(str::is_empty)),
        ("SignatureVersion", rpc_v1 && call.params.get("SignatureVersion").is_none()),
        ("SignatureNonce", rpc_v1 && signed.nonce.is_none()),
        (time_name, signed.time.as_deref().is_none_or(str::is_empty)),
    ];
    match checks.into_iter().find(|(_, missing)| *missing) {
        Some((name, _)) => Err(Flawed::missing(name).in_words_of_ram()),
        None => Ok(()),
    }
}

/// Checks the signed time against the window around the gateway clock, in milliseconds.
fn in_time(
    sent: Sent<'_>,
    asked: Asked<'_>,
    parse: fn(&str) -> Option<Timestamp>,
    window: i64,
) -> Result<Timestamp> {
    common_parameters(sent.call, sent.signed)?;
    let time = parse(sent.signed.time.as_deref().unwrap_or_default());
    let time = time.ok_or_else(|| gateway::TIMESTAMP_FORMAT.error())?;
    in_window(time, asked.now.gateway, window)?;
    Ok(time.plus_millis(window))
}

pub(super) fn in_time_rpc_v1(sent: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let parse = |text: &str| Timestamp::parse_signed(text).map(|(at, _)| at);
    in_time(sent, asked, parse, asked.rules.window_v1_millis)
}

pub(super) fn in_time_roa_v1(sent: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    in_time(sent, asked, Timestamp::parse_http, asked.rules.window_v1_millis)
}

/// Rejects fractions of a second in v3. v1 accepts them, because two official Node clients send them.
///
/// Source: docs/evidence/gateway.md section 8, docs/evidence/clients.md 2.10 and captures/node-sts-sdk.json, captures/ali-oss.json.
pub(super) fn in_time_v3(sent: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let parse =
        |text: &str| Timestamp::parse_signed(text).filter(|(_, fraction)| !fraction).map(|(at, _)| at);
    in_time(sent, asked, parse, asked.rules.window_v3_millis)
}

fn in_window(signed: Timestamp, now: Timestamp, window_millis: i64) -> Result<()> {
    let apart = (now.as_millis() - signed.as_millis()).abs();
    if apart <= window_millis {
        return Ok(());
    }
    let side = if signed > now { "ahead of" } else { "behind" };
    let note = format!("the signed time is {} s {side} the gateway clock, which shows {now}", apart / 1000);
    Err(gateway::TIMESTAMP_EXPIRED.error().with_note(note))
}

/// Prefix of the headers that a v3 request depends on, followed by their suffixes. Those in the request must be signed.
const ACS: &str = "x-acs-";
const SIGNED_IN_V3: [&str; 7] =
    ["action", "version", "date", "signature-nonce", "security-token", "content-sha256", "content-sm3"];

/// Returns the first header that a v3 request depends on but does not sign.
fn unsigned_in_v3<'a>(request: &'a RawRequest, signed: &Signed) -> Option<&'a str> {
    // One bit per name; the last bit is for the content type.
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

/// Rejects a v3 request that depends on an unsigned header. `host` may be unsigned, as in Java's core. It is ignored
/// then (see [`Call::host_is_signed`]).
///
/// UNCERTAIN: the code; no source shows the gateway's error. Source: docs/evidence/gateway.md 2.3.
pub(super) fn headers_are_signed(sent: Sent<'_>, rules: &Rules) -> Result<()> {
    match unsigned_in_v3(sent.request, sent.signed).filter(|_| !rules.unsigned_headers) {
        Some(name) => Err(gateway::UNSIGNED_HEADER.about(name).with_note(format!(
            "the request depends on the header `{name}` and does not sign it: name it in `SignedHeaders`"
        ))),
        None => Ok(()),
    }
}
