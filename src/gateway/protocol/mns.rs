//! The protocol of Message Service (MNS): signed requests and responses. Source: package aliyun-mns-sdk 1.3.0
//! (`mns_client.py`), tests of aliyun/ali-mns, MNS "Sign requests" and "Error codes".

use crate::error::{ApiError, Result, mns};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, other_method};
use crate::gateway::call::{Arrived, Asked, Call, Form, Protocol, Sent, Shown, Signed, StubForm};
use crate::gateway::frame::{Frame, ascii, date, document, escape};
use crate::gateway::host::host_name;
use crate::gateway::protocol::header_signature::{self as signature, Target, is_in_window};
use crate::gateway::protocol::path::decoded;
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{Answer, RawRequest, header, text};
use crate::operation::Document;
use crate::text::Timestamp;
use http::header::{AUTHORIZATION, DATE};

/// Start of `Authorization`.
const NAME: &str = "MNS ";
const VERSION: &str = "x-mns-version";
const TOKEN: &str = "security-token";

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("MNS"),
    headers: "x-mns-",
    owns: |host| labels(host).is_some(),
    words: WORDS,
    read,
    admit: |asked| signature::is_owner(asked, owner(asked.call.host_name()), &mns::DENIED),
    refusal,
    common: with_common,
    stubs: StubForm::Nothing,
};

static FORM: Form = Form {
    name: "mns-v1",
    protocol: &PROTOCOL,
    is_rpc: false,
    names_headers: false,
    algorithm: |_| Some(Algorithm::HmacSha1),
    signing: |sent, _| Signing::of(std::iter::once_with(move || to_sign(sent)), KeyStep::Suffix("")),
    in_time,
    body_fits: |request| if signature::md5_fits(request) { Ok(()) } else { Err(mns::INVALID_DIGEST.error()) },
    reads_one_way: |_, _| Ok(()),
    mismatch: |_, _, _| mns::SIGNATURE_MISMATCH.error(),
    mistakes: |_, _| vec![other_method()],
    other_ways: |_, _| Vec::new(),
};

const WORDS: Words = Words {
    nothing: &mns::MISSING_AUTHORIZATION,
    inactive: &mns::KEY_DISABLED,
    token_expired: &mns::TOKEN_EXPIRED,
    doubled: &mns::DOUBLED_HEADER,
    not_run: &mns::NOT_RUN,
    ..Words::of_few(&mns::KEY_NOT_FOUND, &mns::TOKEN_INVALID, &mns::INVALID_AUTHORIZATION)
};

/// Reads a request to MNS: by its host, its credential, or its header.
fn read(arrived: Arrived<'_>) -> Option<Call> {
    let Arrived { request, host, .. } = arrived;
    let authorization = header(request.headers(), AUTHORIZATION);
    let is_ours = authorization.as_deref().is_some_and(|text| text.starts_with(NAME));
    let labels = labels(host_name(host));
    if labels.is_none() && !is_ours && !request.headers().contains_key(VERSION) {
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
    let target = Target {
        product: "MNS",
        method: request.method(),
        path: &decoded(request.uri().path()),
        query: request.uri().query(),
        region: labels.map(|(_, region)| region),
    };
    Some(Call { problem, ..signature::call(host, &FORM, shown, &target) })
}

/// Returns owner and region of `<uid>.mns.<region>.aliyuncs.com`.
fn labels(host: &str) -> Option<(&str, &str)> {
    let (owner, region) = host.strip_suffix(".aliyuncs.com")?.split_once(".mns.")?;
    let region = region.split("-internal").next().unwrap_or(region);
    (!owner.contains('.')).then_some((owner, region))
}

fn owner(host: &str) -> Option<&str> {
    labels(host).map(|(owner, _)| owner)
}

/// Reads the credential.
fn signed(request: &RawRequest, authorization: &str) -> Result<Shown> {
    let headers = request.headers();
    let credential = authorization.strip_prefix(NAME).and_then(signature::credential);
    let (key, value) = credential.ok_or_else(|| mns::INVALID_AUTHORIZATION.error())?;
    let time = text(headers, DATE).ok_or_else(|| mns::MISSING_DATE.error())?;
    let (key, signature, time) = (key.into(), Some(value.into()), Some(time));
    Ok(Shown::Signed(Signed { key, token: text(headers, TOKEN), signature, time, ..Signed::default() }))
}

/// Returns the string to sign. Path and query are signed as they are sent.
fn to_sign(Sent { request, signed, .. }: Sent<'_>) -> String {
    let resource = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let time = signed.time.as_deref().unwrap_or_default();
    signature::text(request, time, |name| name.starts_with("x-mns-"), resource)
}

/// Checks that the signed time is close to the gateway clock. Requests have no nonces.
fn in_time(Sent { signed, .. }: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let time = Timestamp::parse_http(signed.time.as_deref().unwrap_or_default());
    let time = time.ok_or_else(|| mns::INVALID_DATE.error())?;
    let now = asked.now.gateway;
    if is_in_window(time, now) { Ok(now) } else { Err(mns::TIME_EXPIRED.error()) }
}

/// Writes an error.
fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\"?>\n<Error xmlns=\"http://mns.aliyuncs.com/doc/v1/\">\n  <Code>{}</Code>\n  \
         <Message>{}</Message>\n  <RequestId>{}</RequestId>\n  <HostId>http://{}</HostId>\n</Error>\n",
        escape(&error.code),
        escape(&error.message),
        frame.ids.short_request_id(),
        escape(frame.host),
    );
    let kind = Some("text/xml;charset=UTF-8");
    with_common(frame, document(&Document { status: error.status, kind, headers: Vec::new(), body }))
}

/// Adds the headers of all responses.
fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(DATE, date(frame.now));
    headers.insert("x-mns-version", http::HeaderValue::from_static("2015-06-06"));
    headers.insert("x-mns-request-id", ascii(&frame.ids.short_request_id()));
    answer
}
