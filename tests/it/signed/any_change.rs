//! A request that somebody changed on its way is refused, or does exactly what the original would have done.
//!
//! `PROPTEST_CASES=10000 cargo test --test it any_change` takes some minutes.

use super::V3;
use crate::support::doors::{OSS_FORMS, Odps, Oss};
use crate::support::sign::ALL;
use crate::support::{CLIENT, Lab, NOW};
use alimock::gateway::RawRequest;
use alimock::scenario::Export;
use bytes::Bytes;
use http::{HeaderValue, Method, Uri};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::Arc;

const SEED: &str = "accounts: [{name: demo, realName: {status: VERIFIED}, keys: [{id: LTAI5tDemoRootKey, secret: demoRootSecret}], \
     users: [{name: ann}, {name: bob}], buckets: [{name: aa-data}, {name: bb-data}], projects: [{name: one}, {name: two}]}]";

/// Calls of RAM, which change something wherever they can.
const CALLS: [(&str, &[(&str, &str)]); 6] = [
    ("CreateUser", &[("UserName", "carl"), ("DisplayName", "Carl"), ("Comments", "a b*~&=/")]),
    ("CreateAccessKey", &[("UserName", "ann")]),
    ("CreateAccessKey", &[]),
    ("UpdateUser", &[("UserName", "ann"), ("NewUserName", "anna")]),
    ("DeleteUser", &[("UserName", "ann")]),
    (
        "AttachPolicyToUser",
        &[("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess"), ("UserName", "ann")],
    ),
];
const FORM: &str = "application/x-www-form-urlencoded";
const PAIRS: [&str; 34] = [
    "Action=DeleteUser",
    "Action=CreateUser",
    "Version=2019-08-15",
    "Version=2015-05-01",
    "UserName=bob",
    "UserName=ann",
    "UserName=",
    "UserName.1=bob",
    "DisplayName=Eve",
    "NewUserName=eve",
    "PolicyName=AdministratorAccess",
    "Timestamp=2026-11-22T08%3A00%3A01Z",
    "SignatureNonce=another",
    "SignatureMethod=HMAC-SHA256",
    "SignatureType=BEARERTOKEN",
    "Signature=x",
    "AccessKeyId=LTAI5tOther",
    "SecurityToken=x",
    "BearerToken=x",
    "Format=XML",
    "Extra%3D1%26UserName=bob",
    "Comments=a+b*~%26%3D%2F",
    "OSSAccessKeyId=LTAI5tDemoRootKey",
    "Expires=4102444800",
    "x-oss-expires=99999",
    "x-oss-acl=public-read-write",
    "x-oss-signature=x",
    "acl",
    "policy",
    "bucketInfo",
    "Bucket=bb-data",
    "Project=two",
    "maxitems=9",
    "name=two%26policy",
];
const HEADERS: [(&str, &str); 30] = [
    ("x-acs-action", "DeleteUser"),
    ("x-acs-action", "CreateUser"),
    ("x-acs-version", "2019-08-15"),
    ("x-acs-date", "2026-11-22T08:00:01Z"),
    ("x-acs-signature-nonce", "another"),
    ("x-acs-signature-nonce", ""),
    ("x-acs-security-token", "x"),
    ("x-acs-content-sha256", "x"),
    ("x-acs-content-sm3", "x"),
    ("x-acs-bearer-token", "x"),
    ("x-acs-signature-type", "BEARERTOKEN"),
    ("x-acs-region-id", "cn-beijing"),
    ("host", "ims.aliyuncs.com"),
    ("host", "sts.aliyuncs.com"),
    ("host", "oss-cn-beijing.aliyuncs.com"),
    ("content-type", FORM),
    ("content-type", "application/json"),
    ("content-type", "text/plain"),
    ("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
    ("accept", "application/xml"),
    ("date", "Sun, 22 Nov 2026 08:00:01 GMT"),
    ("authorization", "OSS LTAI5tDemoRootKey:x"),
    ("authorization", "acs LTAI5tDemoRootKey:x"),
    ("authorization-sts-token", "x"),
    ("x-oss-acl", "public-read-write"),
    ("x-oss-date", "20261122T080001Z"),
    ("x-oss-security-token", "x"),
    ("x-oss-content-sha256", "x"),
    ("x-odps-user", "x"),
    ("x-odps-bearer-token", "x"),
];
const BODIES: [(&str, &str); 8] = [
    (FORM, "Action=DeleteUser&UserName=bob"),
    (FORM, "UserName=bob"),
    (FORM, "UserName=ann&Action=CreateAccessKey&Timestamp=2026-11-22T08%3A00%3A00Z"),
    ("application/json", r#"{"Action":"CreateUser","UserName":"eve","SignatureNonce":"n"}"#),
    ("application/json", r#"{"UserName":["bob"],"UserName.1":"ann"}"#),
    ("application/json; charset=utf-8", r#"{"UserName":"bob"}"#),
    ("text/plain", "UserName=bob"),
    ("application/octet-stream", ""),
];

/// One thing that somebody does to a request.
#[derive(Debug, Clone)]
enum Change {
    Byte(Index, Index, u8),
    AddPair(&'static str, bool),
    DropPair(Index),
    ReplacePair(Index, &'static str),
    Turn(Index),
    AddHeader(&'static str, &'static str),
    SetHeader(&'static str, &'static str),
    DropHeader(Index),
    Body(&'static str, &'static str),
    /// The query becomes a form.
    IntoBody,
    Method(&'static str),
    Path(&'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        3 => (index(), index(), any::<u8>()).prop_map(|(part, at, byte)| Change::Byte(part, at, byte)),
        4 => (select(&PAIRS[..]), any::<bool>()).prop_map(|(pair, first)| Change::AddPair(pair, first)),
        2 => index().prop_map(Change::DropPair),
        3 => (index(), select(&PAIRS[..])).prop_map(|(at, pair)| Change::ReplacePair(at, pair)),
        1 => index().prop_map(Change::Turn),
        3 => select(&HEADERS[..]).prop_map(|(name, value)| Change::AddHeader(name, value)),
        3 => select(&HEADERS[..]).prop_map(|(name, value)| Change::SetHeader(name, value)),
        2 => index().prop_map(Change::DropHeader),
        3 => select(&BODIES[..]).prop_map(|(kind, body)| Change::Body(kind, body)),
        1 => Just(Change::IntoBody),
        1 => select(&["GET", "POST", "PUT", "DELETE", "HEAD", "get"][..]).prop_map(Change::Method),
        1 => select(&["/", "/aa-data/", "/bb-data/", "/bb-data", "/projects/two", "//", "/%2F", "/x"][..]).prop_map(Change::Path),
    ]
}

/// Applies a change; nothing when what it makes is no request.
fn changed(request: &RawRequest, change: &Change) -> Option<RawRequest> {
    let mut request = request.clone();
    let path = request.uri().path().to_owned();
    let mut pairs: Vec<String> = request
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(str::to_owned)
        .collect();
    let target = |path: &str, pairs: &[String]| -> Option<Uri> {
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{path}{mark}{}", pairs.join("&")).parse().ok()
    };
    match change {
        Change::Byte(part, at, byte) => {
            let names: Vec<_> = request.headers().keys().cloned().collect();
            match part.index(names.len() + 2) {
                0 => {
                    let mut bytes = request.uri().to_string().into_bytes();
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                    *request.uri_mut() = String::from_utf8(bytes).ok()?.parse().ok()?;
                }
                1 if !request.body().is_empty() => {
                    let mut bytes = request.body().to_vec();
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                    *request.body_mut() = Bytes::from(bytes);
                }
                header => {
                    let value = request.headers_mut().get_mut(names.get(header.checked_sub(2)?)?)?;
                    let mut bytes = value.as_bytes().to_vec();
                    if bytes.is_empty() {
                        return None;
                    }
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                    *value = HeaderValue::from_bytes(&bytes).ok()?;
                }
            }
        }
        Change::AddPair(pair, first) => {
            pairs.insert(if *first { 0 } else { pairs.len() }, (*pair).to_owned());
            *request.uri_mut() = target(&path, &pairs)?;
        }
        Change::DropPair(at) => {
            (!pairs.is_empty()).then(|| pairs.remove(at.index(pairs.len())))?;
            *request.uri_mut() = target(&path, &pairs)?;
        }
        Change::ReplacePair(at, pair) => {
            let at = (!pairs.is_empty()).then(|| at.index(pairs.len()))?;
            (*pair).clone_into(&mut pairs[at]);
            *request.uri_mut() = target(&path, &pairs)?;
        }
        Change::Turn(at) => {
            let at = (!pairs.is_empty()).then(|| at.index(pairs.len()))?;
            pairs.rotate_left(at);
            *request.uri_mut() = target(&path, &pairs)?;
        }
        Change::AddHeader(name, value) => {
            request.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        Change::SetHeader(name, value) => {
            request.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
        Change::DropHeader(at) => {
            let names: Vec<_> = request.headers().keys().cloned().collect();
            request.headers_mut().remove(names.get(at.index(names.len().max(1)))?);
        }
        Change::Body(kind, body) => {
            request.headers_mut().insert("content-type", HeaderValue::from_static(kind));
            *request.body_mut() = Bytes::from_static(body.as_bytes());
        }
        Change::IntoBody => {
            request.headers_mut().insert("content-type", HeaderValue::from_static(FORM));
            *request.body_mut() = Bytes::from(pairs.join("&"));
            *request.uri_mut() = target(&path, &[])?;
        }
        Change::Method(method) => *request.method_mut() = Method::from_bytes(method.as_bytes()).ok()?,
        Change::Path(path) => *request.uri_mut() = target(path, &pairs)?,
    }
    Some(request)
}

fn lab() -> Arc<Lab> {
    Lab::with_scenario(SEED)
}

/// What a request does in a fresh world.
#[derive(Debug, PartialEq)]
struct Done {
    /// Action, product and caller, when the request was let in.
    ran: Option<(String, Option<&'static str>, String)>,
    /// The world afterwards.
    after: String,
}

fn run_and_export(request: &RawRequest) -> Done {
    let lab = lab();
    let answer = lab.gateway.handle(request, CLIENT);
    assert_ne!(answer.status(), 500, "{request:?}");
    let records = lab.world().journal.read(0, usize::MAX, |_| true);
    let ran = records.last().filter(|record| record.refused.is_none());
    let ran = ran.map(|record| (record.action.to_string(), record.product, format!("{:?}", record.caller)));
    Done { ran, after: Export::present(lab.world()).yaml() }
}

#[track_caller]
fn is_harmless(original: &RawRequest, changed: &RawRequest) -> Result<(), TestCaseError> {
    let (expected, found) = (run_and_export(original), run_and_export(changed));
    prop_assert!(expected.ran.is_some(), "the original is refused: {original:?}");
    if found.ran.is_none() {
        let before = Export::present(lab().world()).yaml();
        prop_assert_eq!(&found.after, &before, "refused, and yet it changed something: {:?}", changed);
    } else {
        prop_assert_eq!(&found, &expected, "{:?}\nwas sent in place of\n{:?}", changed, original);
    }
    Ok(())
}

/// The RPC forms, with everything in the query; version 3 has two more, with a body.
fn of_gateway(form: usize, action: &str, params: &[(&str, &str)]) -> RawRequest {
    let root = lab().root("demo");
    let rpc: Vec<_> = ALL.into_iter().filter(|form| !format!("{form:?}").starts_with("Roa")).collect();
    if let Some(form) = rpc.get(form) {
        return root.signing(*form).request("2015-05-01", action, params);
    }
    let pairs: Vec<String> = params
        .iter()
        .map(|(name, value)| format!("{name}={}", crate::support::sign::encode(value)))
        .collect();
    let json = params.iter().copied().collect::<serde_json::Value>().to_string();
    let (kind, body) = if form == rpc.len() { (FORM, pairs.join("&")) } else { ("application/json", json) };
    V3::of(action).with("content-type", kind).body(&body).signed(&root)
}

fn of_maxcompute(is_v4: bool, target: &str) -> RawRequest {
    Odps { target, region: is_v4.then_some("cn-hangzhou"), ..Odps::default() }.signed(&lab().root("demo"))
}

fn of_oss(form: usize, call: usize) -> RawRequest {
    let (method, bucket, query): (_, _, &[(&str, &str)]) = [
        ("PUT", "cc-data", &[][..]),
        ("DELETE", "aa-data", &[]),
        ("GET", "aa-data", &[("acl", "")]),
        ("GET", "", &[]),
    ][call];
    let headers: &[(&str, &str)] = if method == "PUT" { &[("x-oss-acl", "private")] } else { &[] };
    Oss { form: OSS_FORMS[form], method, bucket, query, headers, ..Oss::default() }
        .signed(&lab().root("demo"))
}

/// The body and the host of OSS are not signed by the protocol: that is how official clients make buckets.
fn is_unsigned_in_oss(change: &Change) -> bool {
    match change {
        Change::Body(..) | Change::IntoBody => true,
        Change::SetHeader(name, _) | Change::AddHeader(name, _) => *name == "host",
        _ => false,
    }
}

fn run(original: &RawRequest, changes: &[Change]) -> Result<(), TestCaseError> {
    let mut request = original.clone();
    for change in changes {
        request = changed(&request, change).unwrap_or(request);
    }
    is_harmless(original, &request)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_the_gateway(form in 0..6usize, call in select(&CALLS[..]), changes in prop::collection::vec(change(), 1..4)) {
        run(&of_gateway(form, call.0, call.1), &changes)?;
    }

    #[test]
    fn of_maxcompute_in_either_version(
        is_v4: bool,
        target in select(&["/projects?maxitems=1", "/projects/one", "/projects", "/tenants"][..]),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        run(&of_maxcompute(is_v4, target), &changes)?;
    }

    #[test]
    fn of_oss_in_all_four_forms(form in 0..4usize, call in 0..4usize, changes in prop::collection::vec(change(), 1..4)) {
        let changes: Vec<_> = changes.into_iter().filter(|change| !is_unsigned_in_oss(change)).collect();
        run(&of_oss(form, call), &changes)?;
    }
}

#[test]
fn the_originals_do_what_they_say() {
    for form in 0..6 {
        for call in CALLS {
            let Done { ran, after } = run_and_export(&of_gateway(form, call.0, call.1));
            assert_eq!(ran.map(|ran| ran.0).as_deref(), Some(call.0), "{form} {call:?} at {NOW}");
            assert_ne!(after, Export::present(lab().world()).yaml(), "{call:?}");
        }
    }
}
