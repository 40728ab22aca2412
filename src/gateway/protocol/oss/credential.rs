//! Credentials of requests to OSS, in headers and in URLs. Source: docs/evidence/account.md 6.4.

use crate::error::{Dialect, Flawed, Result, oss};
use crate::gateway::call::Signed;
use crate::gateway::protocol::oss::target::V4_NAME;
use crate::gateway::request::{RawRequest, text};
use crate::params::Params;
use crate::text::Flaw;
use compact_str::CompactString;
use http::header::DATE;

const TOKEN: &str = "x-oss-security-token";
const OSS_DATE: &str = "x-oss-date";

/// Version and place of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signature {
    /// `Authorization: OSS <id>:...`.
    V1,
    /// `OSSAccessKeyId`, `Expires` and `Signature` in the URL.
    V1Url,
    /// `Authorization: OSS4-HMAC-SHA256 ...`.
    V4,
    /// `x-oss-credential` and `x-oss-signature` in the URL.
    V4Url,
    /// `OSSAccessKeyId`, `policy` and `Signature` in a form.
    PostV1,
    /// `x-oss-credential`, `policy` and `x-oss-signature` in a form.
    PostV4,
}

/// Reads the credential in `Authorization`.
pub(super) fn in_header(request: &RawRequest, text_of: &str) -> Result<(Signature, Signed)> {
    // Observed: allinssl/allinssl 97 (2025-05).
    let malformed = || oss::INVALID_AUTHORIZATION.error().with_detail(oss::NUMBER, "0002-00000063");
    let headers = request.headers();
    let time = text(headers, OSS_DATE).or_else(|| text(headers, DATE));
    let token = text(headers, TOKEN).or_else(|| text(headers, "security-token"));
    if let Some(credential) = text_of.strip_prefix("OSS ") {
        let (key, signature) = credential.rsplit_once(':').ok_or_else(malformed)?;
        let (key, signature) = (key.into(), Some(signature.into()));
        return Ok((Signature::V1, Signed { key, token, signature, time, ..Signed::default() }));
    }
    // A second generation, `OSS2`, exists, but no observed client uses it.
    let fields =
        text_of.strip_prefix(V4_NAME).and_then(|rest| rest.strip_prefix(' ')).ok_or_else(malformed)?;
    let mut signed = Signed { token, time, ..Signed::default() };
    for (name, value) in fields.split(',').filter_map(|field| field.trim().split_once('=')) {
        match name {
            "Credential" => (signed.key, signed.scope) = scope(value, IN_HEADER)?,
            "AdditionalHeaders" => signed.signed_headers = value.into(),
            "Signature" => signed.signature = Some(value.into()),
            _ => {}
        }
    }
    if signed.scope.is_empty() || signed.signature.is_none() {
        return Err(malformed());
    }
    Ok((Signature::V4, signed))
}

/// Reads the credential in the URL.
pub(super) fn in_query(params: &Params) -> Result<(Signature, Signed)> {
    let param = |name: &str| params.get(name).map(CompactString::from);
    let is_v4 = params.get("x-oss-signature-version").is_some() || params.get("x-oss-credential").is_some();
    let token = param("security-token").or_else(|| param(TOKEN));
    if !is_v4 || params.get("OSSAccessKeyId").is_some() {
        for (name, missing, empty) in [
            ("OSSAccessKeyId", "0002-00000071", "0002-00000072"),
            ("Expires", "0002-00000067", "0002-00000068"),
        ] {
            let number = match params.get(name) {
                None => missing,
                Some("") => empty,
                Some(_) => continue,
            };
            return Err(oss::INCOMPLETE_URL.error().with_detail(oss::NUMBER, number));
        }
        let signature = Some(param("Signature").ok_or_else(|| oss::INCOMPLETE_URL.error())?);
        let (key, expires) = (param("OSSAccessKeyId").unwrap_or_default(), param("Expires"));
        return Ok((Signature::V1Url, Signed { key, token, signature, expires, ..Signed::default() }));
    }
    let malformed = |number: &str| oss::INVALID_AUTHORIZATION.error().with_detail(oss::NUMBER, number);
    if params.get("x-oss-signature-version") != Some(V4_NAME) {
        return Err(malformed("0002-00000066"));
    }
    let credential = params.get("x-oss-credential").ok_or_else(|| malformed("0002-00000217"))?;
    let (key, scope) = scope(credential, IN_URL)?;
    let expires = param("x-oss-expires").ok_or_else(|| {
        let flawed = Flawed::new("x-oss-expires", Flaw::Value).worded(Dialect::Oss);
        flawed.with_detail(oss::NUMBER, "0002-00000215")
    })?;
    let signed_headers = param("x-oss-additional-headers").unwrap_or_default();
    let (signature, time) = (param("x-oss-signature"), param(OSS_DATE));
    let expires = Some(expires);
    let signed = Signed { key, token, signature, signed_headers, time, expires, scope, ..Signed::default() };
    Ok((Signature::V4Url, signed))
}

/// Reads the credential in the fields of a form; `None` if it has none.
pub(super) fn in_form(params: &Params) -> Result<Option<(Signature, Signed)>> {
    let field = |name: &str| params.get(name).map(CompactString::from);
    // Number of a missing field, and of an empty one.
    let needed = |name: &str, [missing, empty]: [&str; 2]| {
        let number = match params.get(name) {
            None => missing,
            Some("") => empty,
            Some(value) => return Ok(CompactString::from(value)),
        };
        let error = oss::FORM_FIELD_MISSING.about(name);
        Err(error
            .with_detail("ArgumentName", name)
            .with_detail("ArgumentValue", "")
            .with_detail(oss::NUMBER, number))
    };
    let is_v4 = params.get("x-oss-signature-version").is_some() || params.get("x-oss-credential").is_some();
    if !is_v4 && ["OSSAccessKeyId", "policy", "Signature"].iter().all(|name| params.get(name).is_none()) {
        return Ok(None);
    }
    let token = field(TOKEN);
    needed("policy", ["0002-00000702"; 2])?;
    let signature = if is_v4 { "x-oss-signature" } else { "Signature" };
    let signature = Some(needed(signature, ["0002-00000703", "0002-00000704"])?);
    if !is_v4 {
        let key = needed("OSSAccessKeyId", ["0002-00000706", "0002-00000707"])?;
        return Ok(Some((Signature::PostV1, Signed { key, token, signature, ..Signed::default() })));
    }
    let (key, scope) = scope(&needed("x-oss-credential", ["0002-00000708"; 2])?, IN_FORM)?;
    let time = field(OSS_DATE);
    Ok(Some((Signature::PostV4, Signed { key, token, signature, time, scope, ..Signed::default() })))
}

/// Numbers of a malformed credential in a header: its day, anything else.
const IN_HEADER: [&str; 2] = ["0002-00000212", "0002-00000213"];
/// The same in a form.
const IN_FORM: [&str; 2] = ["0002-00000709", "0002-00000710"];
/// The same in a URL.
const IN_URL: [&str; 2] = ["0002-00000223", "0002-00000224"];

/// Reads key and scope of a V4 credential: `<id>/<date>/<region>/oss/aliyun_v4_request`.
fn scope(text: &str, [day, other]: [&'static str; 2]) -> Result<(CompactString, CompactString)> {
    let malformed = |number| oss::INVALID_AUTHORIZATION.error().with_detail(oss::NUMBER, number);
    let (key, scope) = text.split_once('/').ok_or_else(|| malformed(other))?;
    match scope.split('/').collect::<Vec<_>>()[..] {
        [date, ..] if date.len() != 8 || !date.bytes().all(|b| b.is_ascii_digit()) => Err(malformed(day)),
        [_, region, product, "aliyun_v4_request"] if !region.is_empty() => {
            let is_ours = product == "oss";
            is_ours.then(|| (key.into(), scope.into())).ok_or_else(|| oss::INVALID_SIGNING_PRODUCT.error())
        }
        _ => Err(malformed(other)),
    }
}
