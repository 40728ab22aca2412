//! The protocol of FunctionCompute 2.0 (version 2016-08-15): signed requests and responses. Newer versions are behind the API
//! gateway. Source: package aliyun-fc2 2.5.2 (`auth.py`, `client.py`), tests of aliyun/fc-nodejs-sdk, FC "Error codes".

use crate::error::{ApiError, Result, fc};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, other_method};
use crate::gateway::call::{Arrived, Asked, Call, Form, Protocol, Sent, Shown, Signed, StubForm};
use crate::gateway::frame::{Frame, ascii, date};
use crate::gateway::host::host_name;
use crate::gateway::protocol::header_signature::{self as signature, Target, is_in_window};
use crate::gateway::protocol::path::decoded;
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{Answer, RawRequest, header, text};
use crate::operation::Body;
use crate::params::{Origin, Params};
use crate::text::Timestamp;
use http::header::{AUTHORIZATION, DATE};

/// Start of `Authorization`.
const NAME: &str = "FC ";
/// Start of the paths of this version.
const VERSION: &str = "/2016-08-15";
const TOKEN: &str = "x-fc-security-token";
/// Takes the place of `Date` in browsers. Observed: aliyun/fc-nodejs-sdk 43.
const FC_DATE: &str = "x-fc-date";

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("FC"),
    headers: "x-fc-",
    owns: |host| region(host).is_some(),
    words: WORDS,
    read,
    admit: |asked| {
        let owner =
            asked.call.host_name().split('.').next().filter(|_| region(asked.call.host_name()).is_some());
        signature::is_owner(asked, owner, &fc::NOT_YOURS)
    },
    refusal,
    common: with_common,
    stubs: StubForm::Own(success),
};

static FORM: Form = Form {
    name: "fc-v1",
    protocol: &PROTOCOL,
    is_rpc: false,
    names_headers: false,
    algorithm: |_| Some(Algorithm::HmacSha256),
    signing: |sent, _| Signing::of(texts(sent).into_iter(), KeyStep::Suffix("")),
    in_time,
    body_fits: |request| {
        if signature::md5_fits(request) { Ok(()) } else { Err(fc::INVALID_ARGUMENT.about("Content-MD5")) }
    },
    reads_one_way: |_, _| Ok(()),
    mismatch: |_, _, _| fc::SIGNATURE_MISMATCH.error(),
    mistakes: |_, _| vec![other_method()],
    other_ways: |_, _| Vec::new(),
};

const WORDS: Words = Words {
    nothing: &fc::MISSING_AUTHORIZATION,
    inactive: &fc::KEY_DISABLED,
    token_expired: &fc::TOKEN_EXPIRED,
    not_run: &fc::NOT_RUN,
    ..Words::of_few(&fc::KEY_NOT_FOUND, &fc::TOKEN_INVALID, &fc::INVALID_ARGUMENT)
};

/// Reads a request to FC: by its credential or, without one, by host and version.
fn read(arrived: Arrived<'_>) -> Option<Call> {
    let Arrived { request, host, .. } = arrived;
    let authorization = header(request.headers(), AUTHORIZATION);
    let path = decoded(request.uri().path());
    let below = path.strip_prefix(VERSION).filter(|rest| rest.starts_with('/'));
    let region = region(host_name(host));
    let is_ours = match authorization.as_deref() {
        Some(authorization) => authorization.starts_with(NAME),
        None => region.is_some() && below.is_some(),
    };
    if !is_ours {
        return None;
    }
    let mut problem = None;
    let shown = match authorization.as_deref() {
        None => Shown::Nothing,
        Some(authorization) => signed(request, authorization).unwrap_or_else(|error| {
            problem = Some(error);
            Shown::Nothing
        }),
    };
    // The query is not signed, so it is not read.
    let (method, path) = (request.method(), below.unwrap_or(&path));
    let target = Target { product: "FC", method, path, query: None, region };
    Some(Call { problem, ..signature::call(host, &FORM, shown, &target) })
}

/// Returns the region of `<uid>.<region>.fc.aliyuncs.com`.
fn region(host: &str) -> Option<&str> {
    let (owner, region) = host.strip_suffix(".fc.aliyuncs.com")?.split_once('.')?;
    let region = region.strip_suffix("-internal").unwrap_or(region);
    owner.bytes().all(|b| b.is_ascii_digit()).then_some(region)
}

/// Reads the credential.
fn signed(request: &RawRequest, authorization: &str) -> Result<Shown> {
    let headers = request.headers();
    let credential = authorization.strip_prefix(NAME).and_then(signature::credential);
    let (key, value) = credential.ok_or_else(|| fc::INVALID_ARGUMENT.about("Authorization"))?;
    let time = text(headers, DATE).or_else(|| text(headers, FC_DATE));
    let time = time.ok_or_else(|| fc::MISSING_HEADER.about("Date"))?;
    let (key, signature, time) = (key.into(), Some(value.into()), Some(time));
    Ok(Shown::Signed(Signed { key, token: text(headers, TOKEN), signature, time, ..Signed::default() }))
}

/// Returns the strings to sign. Calls of HTTP triggers sign the query, too, a line for each parameter.
fn texts(Sent { request, signed, .. }: Sent<'_>) -> Vec<String> {
    let path = decoded(request.uri().path());
    let mut params = Params::default();
    params.push_encoded(request.uri().query().unwrap_or_default().as_bytes(), Origin::Query);
    let pair = |(name, value, _): (&str, &str, Origin)| {
        if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
    };
    let mut pairs: Vec<String> = params.iter().map(pair).collect();
    pairs.sort_unstable();
    let with_query = format!("{path}\n{}", pairs.join("\n"));
    let time = signed.time.as_deref().unwrap_or_default();
    let text = |resource: &str| signature::text(request, time, |name| name.starts_with("x-fc-"), resource);
    vec![text(&path), text(&with_query)]
}

/// Checks that the signed time is close to the gateway clock. Requests have no nonces.
fn in_time(Sent { signed, .. }: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let text = signed.time.as_deref().unwrap_or_default();
    let time = Timestamp::parse_http(text).ok_or_else(|| fc::INVALID_ARGUMENT.about("Date"))?;
    let now = asked.now.gateway;
    if is_in_window(time, now) { Ok(now) } else { Err(fc::TIME_EXPIRED.about_all(&[text, &now.to_http()])) }
}

/// Writes an error.
fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    with_common(frame, signature::refused(error, ["ErrorCode", "ErrorMessage"]))
}

/// Writes the response of a stub.
fn success(frame: &Frame<'_>, body: &dyn Body) -> Answer {
    with_common(frame, signature::json(body, &request_id(frame)))
}

fn request_id(frame: &Frame<'_>) -> String {
    frame.ids.request_id().to_ascii_lowercase()
}

/// Adds the headers of all responses.
fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(DATE, date(frame.now));
    headers.insert("x-fc-request-id", ascii(&request_id(frame)));
    answer
}
