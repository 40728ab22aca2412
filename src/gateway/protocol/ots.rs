//! The protocol of Table Store (Tablestore, OTS): signed requests in protocol buffers, and responses. Source: package
//! tablestore 6.4.8 (`auth.py`, `protocol.py`, `table_store.proto`), Tablestore "Error codes".

use crate::error::{ApiError, Result, ots};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep, content_md5};
use crate::gateway::authenticate::signing::Signing;
use crate::gateway::call::{Arrived, Asked, Asking, Call, Form, Protocol, Sent, Shown, Signed, StubForm};
use crate::gateway::frame::{Frame, ascii, date};
use crate::gateway::host::host_name;
use crate::gateway::protocol::header_signature::{is_in_window, own_headers};
use crate::gateway::protocol::path::{decoded, tell};
use crate::gateway::protocol::words::Words;
use crate::gateway::request::{Answer, RawRequest, header, text};
use crate::params::Params;
use crate::text::{DEFAULT_REGION, Timestamp};
use bytes::Bytes;
use http::header::DATE;
use http::{HeaderValue, Method, Response, StatusCode};

const KEY: &str = "x-ots-accesskeyid";
const OTS_DATE: &str = "x-ots-date";
const INSTANCE: &str = "x-ots-instancename";
const MD5: &str = "x-ots-contentmd5";
const SIGNATURE: &str = "x-ots-signature";
const SIGNATURE_V4: &str = "x-ots-signaturev4";
const TOKEN: &str = "x-ots-ststoken";
/// Domains of the hosts, after instance and region.
const DOMAINS: [&str; 5] = [
    ".ots.aliyuncs.com",
    ".ots-internal.aliyuncs.com",
    ".vpc.ots.aliyuncs.com",
    ".tablestore.aliyuncs.com",
    ".vpc.tablestore.aliyuncs.com",
];

pub(crate) static PROTOCOL: Protocol = Protocol {
    product: Some("Ots"),
    headers: "x-ots-",
    owns: |host| labels(host).is_some(),
    words: WORDS,
    read,
    admit: |_| Ok(()),
    refusal,
    common: with_common,
    stubs: StubForm::Nothing,
};

const V2_FORM: Form = Form {
    name: "ots-v2",
    protocol: &PROTOCOL,
    is_rpc: false,
    names_headers: false,
    algorithm: |_| Some(Algorithm::HmacSha1),
    signing: |sent, _| Signing::of(std::iter::once_with(move || to_sign(sent)), KeyStep::Suffix("")),
    in_time,
    body_fits: |request| match header(request.headers(), MD5) {
        Some(claimed) if claimed == content_md5(request.body()) => Ok(()),
        _ => Err(ots::MD5_MISMATCH.error()),
    },
    reads_one_way: |_, _| Ok(()),
    mismatch: |_, _, _| ots::SIGNATURE_MISMATCH.error(),
    mistakes: |_, _| Vec::new(),
    other_ways: |_, _| Vec::new(),
};

/// `x-ots-signature`.
static V2: Form = V2_FORM;
/// `x-ots-signaturev4`.
static V4: Form = Form {
    name: "ots-v4",
    algorithm: |_| Some(Algorithm::HmacSha256),
    signing: |sent, _| {
        let text = std::iter::once_with(move || to_sign(sent) + "ots");
        Signing::of(text, KeyStep::EncodedScope(&sent.signed.scope))
    },
    ..V2_FORM
};

const WORDS: Words = Words {
    inactive: &ots::KEY_DISABLED,
    token_expired: &ots::TOKEN_EXPIRED,
    method: &ots::SIGNATURE_MISMATCH,
    doubled: &ots::DOUBLED_HEADER,
    not_run: &ots::NOT_RUN,
    ..Words::of_few(&ots::KEY_NOT_FOUND, &ots::TOKEN_INVALID, &ots::MISSING_KEY)
};

/// Reads a request to Table Store: by its host or its headers.
/// Returns instance and region of a host.
fn labels(host: &str) -> Option<(&str, &str)> {
    DOMAINS.iter().find_map(|domain| host.strip_suffix(domain)?.split_once('.'))
}

fn read(arrived: Arrived<'_>) -> Option<Call> {
    let Arrived { request, host, .. } = arrived;
    let labels = labels(host_name(host));
    if labels.is_none() && !request.headers().contains_key(KEY) {
        return None;
    }
    let mut problem = (request.method() != Method::POST).then(|| ots::NOT_POST.error());
    let (form, shown) = signed(request).unwrap_or_else(|error| {
        problem.get_or_insert(error);
        (&V2, Shown::Nothing)
    });
    let path = decoded(request.uri().path());
    let action = path.trim_matches('/');
    let of_scope = match &shown {
        Shown::Signed(signed) => signed.scope.split('/').nth(1).map(str::to_owned),
        _ => None,
    };
    let region = labels.map(|(_, region)| region.to_owned()).or(of_scope);
    let region = region.unwrap_or_else(|| DEFAULT_REGION.to_owned());
    let instance = header(request.headers(), INSTANCE).unwrap_or_default().to_ascii_lowercase();
    let tables = tables(request.body());
    let mut params = Params::default();
    for (name, value) in [("Instance", instance.as_str()), ("RegionId", &region)] {
        tell(&mut params, name, value);
    }
    if let Some(table) = tables.first() {
        tell(&mut params, "Table", table);
    }
    let resource = |table: &str| format!("instance/{instance}/table/{table}");
    let resources = if tables.is_empty() {
        vec![resource("*")]
    } else {
        tables.iter().map(|one| resource(one)).collect()
    };
    let asking = Asking::of(action, &region, resources);
    let call = Call::of_protocol(host, form, shown, action, params);
    Some(Call { problem, version: "2015-12-31".into(), asking: Some(Box::new(asking)), ..call })
}

/// Reads the credential.
fn signed(request: &RawRequest) -> Result<(&'static Form, Shown)> {
    let headers = request.headers();
    let Some(key) = text(headers, KEY) else { return Ok((&V2, Shown::Nothing)) };
    let needed = |name: &'static str| text(headers, name).ok_or_else(|| ots::MISSING_HEADER.about(name));
    for name in ["x-ots-apiversion", INSTANCE, MD5] {
        needed(name)?;
    }
    let (time, token) = (Some(needed(OTS_DATE)?), text(headers, TOKEN));
    if let Some(signature) = text(headers, SIGNATURE_V4) {
        let scope =
            format!("{}/{}/ots/aliyun_v4_request", needed("x-ots-signdate")?, needed("x-ots-signregion")?);
        let (signature, scope) = (Some(signature), scope.into());
        return Ok((&V4, Shown::Signed(Signed { key, token, signature, time, scope, ..Signed::default() })));
    }
    let signature = Some(needed(SIGNATURE)?);
    Ok((&V2, Shown::Signed(Signed { key, token, signature, time, ..Signed::default() })))
}

/// Returns the string to sign.
fn to_sign(Sent { request, .. }: Sent<'_>) -> String {
    let is_own = |name: &str| name.starts_with("x-ots-") && name != SIGNATURE && name != SIGNATURE_V4;
    let query = request.uri().query().unwrap_or_default();
    format!("{}\n{}\n{query}\n{}", request.uri().path(), request.method(), own_headers(request, is_own))
}

/// Checks that the signed time is close to the gateway clock. Requests have no nonces. Clients may keep the day of a V4
/// credential longer than a day.
fn in_time(Sent { signed, .. }: Sent<'_>, asked: Asked<'_>) -> Result<Timestamp> {
    let text = signed.time.as_deref().unwrap_or_default();
    let (time, _) = Timestamp::parse_signed(text).ok_or_else(|| ots::INVALID_DATE.about(text))?;
    let now = asked.now.gateway;
    if is_in_window(time, now) { Ok(now) } else { Err(ots::TIME_EXPIRED.about(text)) }
}

/// Returns the tables that a request names. They are its first field, or the first field of messages in it.
///
/// Source: package tablestore 6.4.8 (`table_store.proto`).
fn tables(body: &[u8]) -> Vec<&str> {
    let fields = first_fields(body).into_iter();
    let names = fields
        .filter_map(|field| name(field).or_else(|| first_fields(field).first().copied().and_then(name)));
    names.collect()
}

/// Reads the name of a table.
fn name(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_name = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some(text)
}

/// Returns the fields number 1 of a message, as far as it can be read.
fn first_fields(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while let Some((tag, after)) = varint(rest) {
        let (value, after) = match tag & 7 {
            0 => varint(after).map_or((0, &[][..]), |(_, after)| (0, after)),
            1 => (8, after),
            2 => match varint(after) {
                Some((length, after)) => (usize::try_from(length).unwrap_or(usize::MAX), after),
                None => break,
            },
            5 => (4, after),
            _ => break,
        };
        let (Some(bytes), Some(next)) = (after.get(..value), after.get(value..)) else { break };
        if tag == 0x0a {
            found.push(bytes);
        }
        rest = next;
    }
    found
}

/// Reads a number, and returns what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)?;
    let value = bytes[..=end].iter().rev().fold(0_u64, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((value, &bytes[end + 1..]))
}

/// Returns a message with two texts.
fn message(code: &str, text: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for (tag, text) in [(0x0a, code), (0x12, text)] {
        body.push(tag);
        let mut length = text.len();
        while length > 0x7f {
            body.push(u8::try_from(length & 0x7f).unwrap_or_default() | 0x80);
            length >>= 7;
        }
        body.push(u8::try_from(length).unwrap_or_default());
        body.extend(text.as_bytes());
    }
    body
}

/// Writes an error.
fn refusal(frame: &Frame<'_>, error: &ApiError) -> Answer {
    let body = message(&error.code, &error.message);
    let md5 = content_md5(&body);
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = StatusCode::from_u16(error.status).expect("the catalogue holds HTTP statuses");
    answer.headers_mut().insert(MD5, ascii(&md5));
    with_common(frame, answer)
}

/// Adds the headers of all responses.
fn with_common(frame: &Frame<'_>, mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(DATE, date(frame.now));
    headers.insert("x-ots-contenttype", HeaderValue::from_static("protocol buffer"));
    headers.insert("x-ots-requestid", ascii(&frame.ids.request_id().to_ascii_lowercase()));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_read_back() {
        for length in [0, 1, 127, 128, 300, 20_000] {
            let text = "x".repeat(length);
            assert_eq!(first_fields(&message(&text, "y")), [text.as_bytes()], "{length}");
        }
    }

    #[test]
    fn tables_are_found_in_every_form_of_a_request() {
        for (body, expected) in [
            (&b""[..], &[][..]),
            // GetRow: a name, then a key.
            (b"\x0a\x06orders\x12\x03abc", &["orders"]),
            // CreateTable: the first field of a message.
            (b"\x0a\x0a\x0a\x06orders\x12\x00", &["orders"]),
            // BatchGetRow: one message for each table.
            (b"\x0a\x08\x0a\x06orders\x0a\x07\x0a\x05items", &["orders", "items"]),
            (b"\x08\x96\x01\x0a\x05items", &["items"]),
            (b"\x0a\x7forders", &[]),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", &[]),
            (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", &[]),
        ] {
            assert_eq!(tables(body), expected, "{body:?}");
        }
    }
}
