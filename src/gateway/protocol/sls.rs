//! The protocol of Log Service (SLS): requests signed with V1 or V4, and responses. Source: aliyun-log-python-sdk 0.9.52
//! (`auth.py`), aliyun/aliyun-log-go-sdk (`signer_v4_test.go`), SLS "Request signatures" and "Error codes".

use crate::error::{ApiError, Result, sls};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, other_method};
use crate::gateway::call::{Arrived, Asked, Call, Form, Protocol, Sent, Shown, Signed, StubForm};
use crate::gateway::frame::{Frame, ascii, date};
use crate::gateway::host::{host_name, is_below};
use crate::gateway::percent::encoded;
use crate::gateway::protocol::header_signature::{
    self as signature, Target, credential, is_in_window, own_headers, queries,
};
use crate::gateway::protocol::path::decoded;
use crate::gateway::protocol::words::{TWO_READINGS, Words};
use crate::gateway::request::{Answer, header, text};
use crate::operation::Body;
use crate::params::Params;
use crate::text::Timestamp;
use compact_str::CompactString;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, DATE, HeaderName, SERVER};
use http::{HeaderMap, HeaderValue};
use std::net::Ipv4Addr;

/// Start of `Authorization` in V1.
const V1_NAME: &str = "LOG ";
/// Start of `Authorization` in V4, and name of the algorithm.
const V4_NAME: &str = "SLS4-HMAC-SHA256";
/// Suffix of a V4 credential.
const V4_SCOPE: &str = "/sls/aliyun_v4_request";
const VERSION: &str = "x-log-apiversion";
const LOG_DATE: &str = "x-log-date";
const METHOD: &str = "x-log-signaturemethod";
const PAYLOAD: &str = "x-log-content-sha256";
const TOKEN: &str = "x-acs-security-token";
/// Domains of the hosts; a label before them is the region, another one the project.
const DOMAINS: [&str; 2] = ["log.aliyuncs.com", "sls.aliyuncs.com"];
/// Suffixes of a region in a host, for networks. Source: SLS "Endpoints".
const NETWORKS: [&str; 4] = ["-intranet", "-internal", "-share", "-vpc"];

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("Sls"),
    headers: "x-log-",
    owns: |host| Place::of(host).is_ours,
    words: WORDS,
    read,
    admit: |_| Ok(()),
    refusal,
    common: with_common,
    stubs: StubForm::Own(success),
};

const V1_FORM: Form = Form {
    name: "sls-v1",
    protocol: &PROTOCOL,
    is_rpc: false,
    names_headers: false,
    algorithm: |signed| match signed.method.as_deref() {
        Some("hmac-sha1") => Some(Algorithm::HmacSha1),
        Some("hmac-sha256") => Some(Algorithm::HmacSha256),
        _ => None,
    },
    signing: |sent, _| Signing::of(v1(sent).into_iter(), KeyStep::Suffix("")),
    in_time: |sent, asked| in_time(sent, asked, Timestamp::parse_http),
    body_fits: |request| {
        let wrong = || mismatch("").with_note("`Content-MD5` is not that of the body");
        if signature::md5_fits(request) { Ok(()) } else { Err(wrong()) }
    },
    reads_one_way: |sent, _| {
        let wrong = || mismatch(sent.signed.signature.as_deref().unwrap_or_default()).with_note(TWO_READINGS);
        if signature::reads_one_way(&sent.call.params, sent.path()) { Ok(()) } else { Err(wrong()) }
    },
    mismatch: |signed, _, _| mismatch(signed.signature.as_deref().unwrap_or_default()),
    mistakes: |_, _| vec![other_method()],
    other_ways: |_, _| Vec::new(),
};

/// `Authorization: LOG <id>:...`.
static V1: Form = V1_FORM;
/// `Authorization: SLS4-HMAC-SHA256 ...`.
static V4: Form = Form {
    name: "sls-v4",
    algorithm: |_| Some(Algorithm::Oss4Sha256),
    signing: |sent, _| {
        let head =
            format!("{V4_NAME}\n{}\n{}", sent.signed.time.as_deref().unwrap_or_default(), sent.signed.scope);
        Signing {
            head: Some(head),
            ..Signing::of(v4(sent).into_iter(), KeyStep::of_scope(&sent.signed.scope))
        }
    },
    in_time: |sent, asked| {
        let day = sent.signed.scope.split('/').next();
        let time = sent.signed.time.as_deref().unwrap_or_default();
        if time.get(..8) != day {
            let note = format!("the credential is of another day than `{LOG_DATE}`");
            return Err(mismatch(sent.signed.signature.as_deref().unwrap_or_default()).with_note(note));
        }
        in_time(sent, asked, Timestamp::parse_basic)
    },
    body_fits: |request| {
        let claimed = header(request.headers(), PAYLOAD).unwrap_or_default();
        let wrong = || mismatch("").with_note(format!("`{PAYLOAD}` is not the SHA-256 of the body"));
        if claimed == Algorithm::Oss4Sha256.hash(request.body()) { Ok(()) } else { Err(wrong()) }
    },
    reads_one_way: |_, _| Ok(()),
    ..V1_FORM
};

const WORDS: Words = Words {
    temporary: None,
    nothing: &sls::MISSING_AUTHORIZATION,
    unknown: &sls::KEY_NOT_FOUND,
    impossible: &sls::KEY_IMPOSSIBLE,
    can_be: |id| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')),
    inactive: &sls::KEY_DISABLED,
    // Observed for a temporary key alone.
    no_token: &sls::KEY_NOT_FOUND,
    token_expired: &sls::TOKEN_EXPIRED,
    token_mismatch: &sls::TOKEN_INVALID,
    token_malformed: &sls::TOKEN_INVALID,
    bearer: &sls::INVALID_AUTHORIZATION,
    method: &sls::INVALID_METHOD,
    doubled: &sls::DOUBLED_HEADER,
    not_run: &sls::NOT_RUN,
};

/// Reads a request to Log Service: by its host, its credential, or its header.
fn read(arrived: Arrived<'_>) -> Option<Call> {
    let Arrived { request, host, .. } = arrived;
    let headers = request.headers();
    let authorization = header(headers, AUTHORIZATION);
    let is_ours = |text: &str| text.starts_with(V1_NAME) || text.starts_with(V4_NAME);
    let place = Place::of(host_name(host));
    if !place.is_ours && !authorization.as_deref().is_some_and(is_ours) && !headers.contains_key(VERSION) {
        return None;
    }
    let mut problem = None;
    let (form, shown) = match authorization.as_deref() {
        None => (&V1, Shown::Nothing),
        Some(authorization) => signed(headers, authorization).unwrap_or_else(|error| {
            problem = Some(error);
            (&V1, Shown::Nothing)
        }),
    };
    let of_scope = match &shown {
        Shown::Signed(signed) => signed.scope.split('/').nth(1).map(CompactString::from),
        _ => None,
    };
    let path = decoded(request.uri().path());
    let target = Target {
        product: "Sls",
        method: request.method(),
        path: &format!("/{}{path}", place.project.unwrap_or("-")),
        query: request.uri().query(),
        region: place.region.or(of_scope.as_deref()),
    };
    Some(Call { problem, ..signature::call(host, form, shown, &target) })
}

/// Project and region of a host.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place<'a> {
    is_ours: bool,
    project: Option<&'a str>,
    region: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// Reads `<project>.<region>.log.aliyuncs.com`. Clients put the project before an address, too: `<project>.127.0.0.1`.
    fn of(host: &'a str) -> Self {
        let Some(domain) = DOMAINS.iter().find(|domain| is_below(host, domain)) else {
            let parts = host.rmatch_indices('.').nth(3).map(|(dot, _)| (&host[..dot], &host[dot + 1..]));
            let parts = parts.filter(|(_, address)| address.parse::<Ipv4Addr>().is_ok());
            return Self { project: parts.map(|(project, _)| project), ..Self::default() };
        };
        let rest = host[..host.len() - domain.len()].trim_end_matches('.');
        let (project, region) =
            rest.rsplit_once('.').map_or((None, rest), |(project, region)| (Some(project), region));
        let region = NETWORKS.iter().find_map(|network| region.strip_suffix(network)).unwrap_or(region);
        Self { is_ours: true, project, region: Some(region).filter(|region| region.contains('-')) }
    }
}

/// Reads the credential.
fn signed(headers: &HeaderMap, authorization: &str) -> Result<(&'static Form, Shown)> {
    let malformed = || sls::INVALID_AUTHORIZATION.about(authorization.split(' ').next().unwrap_or_default());
    let missing = |name: &str| sls::MISSING_HEADER.about(name);
    let token = text(headers, TOKEN);
    if let Some(rest) = authorization.strip_prefix(V1_NAME) {
        let (key, value) = credential(rest).ok_or_else(malformed)?;
        let method = text(headers, METHOD).ok_or_else(|| missing(METHOD))?;
        // Where a client cannot set `Date`, it signs `x-log-date` in its place.
        let time =
            text(headers, DATE).or_else(|| text(headers, LOG_DATE)).ok_or_else(|| missing(LOG_DATE))?;
        let (key, signature) = (key.into(), Some(value.into()));
        let (method, time) = (Some(method), Some(time));
        return Ok((&V1, Shown::Signed(Signed { key, token, signature, method, time, ..Signed::default() })));
    }
    let fields = authorization.strip_prefix(V4_NAME).and_then(|rest| rest.strip_prefix(' '));
    let field = |name: &str| {
        let mut pairs = fields?.split(',').filter_map(|field| field.trim().split_once('='));
        pairs.find(|(one, _)| *one == name).map(|(_, value)| value)
    };
    let (key, scope) = field("Credential").and_then(|text| text.split_once('/')).ok_or_else(malformed)?;
    let dated = scope.strip_suffix(V4_SCOPE).and_then(|rest| rest.split_once('/')).ok_or_else(malformed)?;
    if key.is_empty() || dated.0.is_empty() || dated.1.is_empty() {
        return Err(malformed());
    }
    let time = text(headers, LOG_DATE).ok_or_else(|| missing(LOG_DATE))?;
    headers.get(PAYLOAD).ok_or_else(|| missing(PAYLOAD))?;
    let signature = field("Signature").ok_or_else(malformed)?;
    let (key, scope) = (key.into(), scope.into());
    let (signature, time) = (Some(signature.into()), Some(time));
    Ok((&V4, Shown::Signed(Signed { key, token, signature, time, scope, ..Signed::default() })))
}

/// Returns the strings to sign of V1. Python adds `x-log-date` after it has signed.
fn v1(Sent { request, call, signed }: Sent<'_>) -> Vec<String> {
    let pairs: Vec<String> =
        queries(&call.params).iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let resource = decoded(request.uri().path()) + &query;
    let time = signed.time.as_deref().unwrap_or_default();
    let signs = |name: &str, dated: bool| is_own(name) && (dated || name != LOG_DATE);
    let text = |dated| signature::text(request, time, |name| signs(name, dated), &resource);
    vec![text(true), text(false)]
}

/// Returns the canonical requests of V4. Clients differ in the encoding of names.
fn v4(Sent { request, call, .. }: Sent<'_>) -> Vec<String> {
    let signs = |name: &str| matches!(name, "content-type" | "host") || is_own(name);
    let names = request.headers().keys().map(HeaderName::as_str).filter(|name| signs(name));
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    let head = own_headers(request, signs);
    let payload = header(request.headers(), PAYLOAD).unwrap_or_default();
    let canonical = |path: &str, query: &str| {
        format!("{}\n{path}\n{query}\n{head}\n{}\n{payload}", request.method(), names.join(";"))
    };
    let path = request.uri().path();
    let queries = [query(&call.params, encoded), query(&call.params, str::to_owned)];
    let both = |path: &str| queries.each_ref().map(|query| canonical(path, query));
    [both(path), both(&decoded(path))].concat()
}

/// Returns the query as V4 signs it.
fn query(params: &Params, name: fn(&str) -> String) -> String {
    let mut pairs: Vec<(String, &str)> =
        queries(params).into_iter().map(|(one, value)| (name(one), value)).collect();
    pairs.sort_unstable();
    let pair = |(name, value): &(String, &str)| {
        if value.is_empty() { name.clone() } else { format!("{name}={}", encoded(value)) }
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Returns `true` for the headers that a signature covers besides the common ones.
fn is_own(name: &str) -> bool {
    name.starts_with("x-acs-") || name.starts_with("x-log-") && !name.starts_with("x-log-meta-")
}

/// Checks that the signed time is close to the gateway clock. Requests have no nonces.
fn in_time(
    Sent { signed, .. }: Sent<'_>,
    asked: Asked<'_>,
    parse: fn(&str) -> Option<Timestamp>,
) -> Result<Timestamp> {
    let (text, now) = (signed.time.as_deref().unwrap_or_default(), asked.now.gateway);
    let time = parse(text).ok_or_else(|| sls::INVALID_TIME.about(text))?;
    if is_in_window(time, now) { Ok(now) } else { Err(sls::TIME_EXPIRED.about_all(&[text, &now.to_http()])) }
}

fn mismatch(signature: &str) -> ApiError {
    sls::SIGNATURE_MISMATCH.about(signature)
}

/// Writes an error.
fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    with_common(frame, signature::refused(error, ["errorCode", "errorMessage"]))
}

/// Writes the response of a stub.
fn success(frame: &Frame<'_>, body: &dyn Body) -> Answer {
    with_common(frame, signature::json(body, &frame.ids.short_request_id()))
}

/// Adds the headers of all responses. Source: samples in the pages of SLS; `x-log-time` aliyun-log-c-sdk, which corrects its
/// clock by it.
fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("AliyunSLS"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(DATE, date(frame.now));
    headers.insert("x-log-time", ascii(&frame.now.as_millis().div_euclid(1000).to_string()));
    headers.insert("x-log-requestid", ascii(&frame.ids.short_request_id()));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_tells_project_and_region() {
        for (host, is_ours, project, region) in [
            ("cn-hangzhou.log.aliyuncs.com", true, None, Some("cn-hangzhou")),
            ("my-logs.cn-hangzhou.log.aliyuncs.com", true, Some("my-logs"), Some("cn-hangzhou")),
            ("my-logs.cn-beijing-intranet.log.aliyuncs.com", true, Some("my-logs"), Some("cn-beijing")),
            ("cn-beijing-share.log.aliyuncs.com", true, None, Some("cn-beijing")),
            ("log.aliyuncs.com", true, None, None),
            ("my-logs.127.0.0.1", false, Some("my-logs"), None),
            ("127.0.0.1", false, None, None),
            ("catalog.aliyuncs.com", false, None, None),
            ("localhost", false, None, None),
        ] {
            assert_eq!(Place::of(host), Place { is_ours, project, region }, "{host}");
        }
    }
}
