//! Signed requests with one change. They are rejected, or they have the same effect as before.
//!
//! Input: the action, a change, and the values of the change, one a line.

#![no_main]

use alimock::gateway::{Gateway, RawRequest};
use alimock::scenario::Export;
use alimock_fuzz::sign::{self, Call, Form, hmac_sha1};
use alimock_fuzz::{CLIENT, KEY, NOW, NOW_SECONDS, SECRET, gateway, world};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri};
use libfuzzer_sys::{Corpus, fuzz_target};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

const CALLS: [(&str, &str, &[(&str, &str)]); 6] = [
    ("2015-05-01", "CreateUser", &[("UserName", "alice")]),
    ("2015-05-01", "DeleteUser", &[("UserName", "dev")]),
    ("2015-05-01", "CreateAccessKey", &[("UserName", "dev")]),
    ("2015-05-01", "ListUsers", &[("MaxItems", "1")]),
    ("2019-08-15", "CreateGroup", &[("GroupName", "staff"), ("Comments", "a b")]),
    ("2015-04-01", "GetCallerIdentity", &[]),
];

/// Requests for products that are not behind the API gateway.
fn product(number: u8) -> RawRequest {
    let date = "Sun, 22 Nov 2026 08:00:00 GMT";
    let builder = http::Request::builder().header("host", "127.0.0.1:4588");
    let request = match number % 4 {
        0 => {
            let signature = hmac_sha1(SECRET, &format!("PUT\n\n\n{date}\nx-oss-acl:private\n/pictures/"));
            let builder = builder.method("PUT").uri("/pictures/").header("date", date);
            builder.header("x-oss-acl", "private").header("authorization", format!("OSS {KEY}:{signature}"))
        }
        1 => {
            let signature = hmac_sha1(SECRET, &format!("GET\n\n\n{date}\n/photos/?acl"));
            let builder = builder.method("GET").uri("/photos/?acl").header("date", date);
            builder.header("authorization", format!("OSS {KEY}:{signature}"))
        }
        2 => {
            let expires = NOW_SECONDS + 60;
            let signature = sign::encode(&hmac_sha1(SECRET, &format!("DELETE\n\n\n{expires}\n/photos/")));
            let uri = format!("/photos/?OSSAccessKeyId={KEY}&Expires={expires}&Signature={signature}");
            builder.method("DELETE").uri(uri)
        }
        _ => {
            let signature = hmac_sha1(SECRET, &format!("GET\n\n\n{date}\n/projects?maxitems=9"));
            let builder = builder.method("GET").uri("/api/projects?maxitems=9").header("date", date);
            builder.header("authorization", format!("ODPS {KEY}:{signature}"))
        }
    };
    request.body(Bytes::new()).expect("it is a request")
}

/// Request selected by the first bytes.
fn original(form: u8, call: u8) -> RawRequest {
    let Some(form) = sign::ALL.get(usize::from(form % 8)).copied() else { return product(call) };
    let (version, action, params) = CALLS[usize::from(call) % CALLS.len()];
    // An unknown ROA path has no effect, but its query is signed.
    let xml = form == Form::RpcV3Sm3;
    let call =
        Call { key: KEY, secret: SECRET, token: None, version, action, params, time: NOW, nonce: "n1", xml };
    sign::request(form, &call)
}

/// Makes one change. `None` if nothing can be changed, or if an HTTP library would reject the result.
fn changed(request: &RawRequest, change: u8, first: &str, second: &str) -> Option<RawRequest> {
    let mut request = request.clone();
    let target = request.uri().to_string();
    let nth = |count: usize| first.bytes().map(usize::from).sum::<usize>() % count.max(1);
    let name = || HeaderName::try_from(first).ok();
    let value = || HeaderValue::from_str(second).ok();
    let uri = |target: String| Uri::try_from(target).ok();
    match change % 12 {
        0 => {
            request.headers_mut().append(name()?, value()?);
        }
        1 => {
            request.headers_mut().insert(name()?, value()?);
        }
        2 => {
            let names: Vec<_> = request.headers().keys().cloned().collect();
            request.headers_mut().remove(names.get(nth(names.len()))?);
        }
        3 => {
            let names: Vec<_> = request.headers().keys().cloned().collect();
            request.headers_mut().insert(names.get(nth(names.len()))?, value()?);
        }
        4 => *request.body_mut() = Bytes::from(second.to_owned()),
        5 => *request.method_mut() = Method::try_from(first).ok()?,
        6 => {
            let mark = if target.contains('?') { '&' } else { '?' };
            *request.uri_mut() = uri(format!("{target}{mark}{first}={second}"))?;
        }
        7 => {
            let (path, query) = target.split_once('?')?;
            *request.uri_mut() = uri(format!("{path}?{first}={second}&{query}"))?;
        }
        8 => {
            let (path, query) = target.split_once('?')?;
            let mut parts: Vec<&str> = query.split('&').collect();
            let at = nth(parts.len());
            parts.rotate_left(at);
            *request.uri_mut() = uri(format!("{path}?{}", parts.join("&")))?;
        }
        9 => {
            let (path, query) = target.split_once('?')?;
            let mut parts: Vec<&str> = query.split('&').collect();
            let at = nth(parts.len());
            parts.remove(at);
            *request.uri_mut() = uri(format!("{path}?{}", parts.join("&")))?;
        }
        10 => *request.uri_mut() = uri(target.replacen(first, second, 1))?,
        _ => {
            let kind = HeaderValue::from_static(if nth(2) == 0 {
                "application/x-www-form-urlencoded"
            } else {
                "application/json"
            });
            request.headers_mut().insert("content-type", kind);
            *request.body_mut() = Bytes::from(second.to_owned());
        }
    }
    Some(request)
}

/// Result of a request: accepted or not, the action that ran, and the world afterwards.
type Outcome = (bool, String, String);

/// Results of the original requests.
static KNOWN: Mutex<BTreeMap<(u8, u8), Outcome>> = Mutex::new(BTreeMap::new());
/// The world before all requests.
static UNTOUCHED: LazyLock<String> = LazyLock::new(|| Export::present(world(&gateway())).json());

fn outcome(gateway: &Gateway, request: &RawRequest) -> Outcome {
    let answer = gateway.handle(request, CLIENT);
    assert!(answer.status().as_u16() < 500, "{answer:?}");
    let world = world(gateway);
    let record = world.journal.read(0, usize::MAX, |_| true).pop();
    let action = record.as_ref().map_or_else(String::new, |record| record.action.to_string());
    let done = record.is_some_and(|record| record.refused.is_none()) && answer.status().is_success();
    (done, action, Export::present(world).json())
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let [form, call, change, words @ ..] = input else { return Corpus::Reject };
    let Ok(words) = std::str::from_utf8(words) else { return Corpus::Reject };
    let (first, second) = words.split_once('\n').unwrap_or((words, ""));
    let original = original(*form, *call);
    let Some(changed) = changed(&original, *change, first, second) else { return Corpus::Reject };

    let (done, action, world) = outcome(&gateway(), &changed);

    if done {
        let mut known = KNOWN.lock().expect("nobody panics while holding it");
        let (was_done, was_action, was_world) =
            known.entry((form % 8, *call)).or_insert_with(|| outcome(&gateway(), &original));
        assert!(*was_done, "the original is refused: {changed:?}");
        assert_eq!(action, *was_action, "{changed:?}");
        assert_eq!(world, *was_world, "{changed:?}");
    } else {
        assert_eq!(world, *UNTOUCHED, "a refused request has changed something: {changed:?}");
    }
    Corpus::Keep
});
