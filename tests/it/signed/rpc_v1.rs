//! RPC v1: the variant of a request that verified is the only source of what it does.

use super::{SEED, with_body, with_header};
use crate::support::sign::{Form, encode, hmac_sha1};
use crate::support::{Actor, Lab};
use alimock::gateway::RawRequest;
use alimock::text::{Timestamp, parse_duration};
use alimock::world::Clocks;
use alimock::world::clock::Run;
use bytes::Bytes;
use http::{Method, Request};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const NEWER: &str = "2026-12-22T08:00:00Z";

fn count_users(lab: &Lab) -> usize {
    lab.world().state().accounts.values().map(|account| account.users.len()).sum()
}

/// Moves both clocks thirty days ahead.
fn a_month_later(lab: &Lab) {
    let later = Timestamp::parse_signed(NEWER).unwrap().0;
    assert_eq!(
        Timestamp::parse_signed(crate::support::NOW).unwrap().0.plus(parse_duration("30d").unwrap()),
        later
    );
    let later = Run::Frozen(later);
    lab.world().clock.set(Clocks { resource: later, gateway: later });
}

fn posted(mut request: RawRequest) -> RawRequest {
    *request.method_mut() = Method::POST;
    request
}

/// Everything in the query, signed as a POST.
fn signed_post(actor: &Actor, action: &str, more: &[(&str, &str)]) -> RawRequest {
    signed(actor, action, more, &[])
}

/// A POST with some parameters in the query and some in a form. Of a name that is in both the query's value is signed, as Java's
/// core does, unless `form` says otherwise.
fn signed(actor: &Actor, action: &str, query: &[(&str, &str)], form: &[(&str, &str)]) -> RawRequest {
    let nonce = actor.lab.nonce();
    let own = [
        ("Action", action),
        ("Version", "2015-05-01"),
        ("Format", "JSON"),
        ("AccessKeyId", actor.key.as_str()),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", nonce.as_str()),
        ("Timestamp", crate::support::NOW),
    ];
    let mut all: std::collections::BTreeMap<&str, &str> = form.iter().copied().collect();
    all.extend(own);
    all.extend(query.iter().copied());
    let join = |pairs: &mut dyn Iterator<Item = (&str, &str)>| {
        pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
    };
    let canonical = join(&mut all.iter().map(|(name, value)| (*name, *value)));
    let signature = hmac_sha1(&format!("{}&", actor.secret), &format!("POST&%2F&{}", encode(&canonical)));
    let sent = join(&mut own.iter().chain(query).copied());
    let target = format!("/?{sent}&Signature={}", encode(&signature));
    let request = Request::post(target).header("host", "127.0.0.1:4588").header("content-type", FORM);
    request.body(Bytes::from(join(&mut form.iter().copied()))).unwrap()
}

#[test]
fn a_captured_request_does_not_run_another_action_by_a_json_body() {
    let lab = Lab::with_scenario(SEED);
    let captured = posted(lab.root("demo").request("2015-05-01", "GetUser", &[("UserName", "ann")]));
    a_month_later(&lab);

    for number in 0..3 {
        let body = format!(
            r#"{{"Action":"CreateUser","UserName":"eve{number}","Timestamp":"{NEWER}","SignatureNonce":"new{number}"}}"#
        );
        let reply = lab.send(&with_body(captured.clone(), JSON, &body));
        assert_eq!(reply.status, 400, "{}", reply.body);
    }

    assert_eq!(count_users(&lab), 1);
}

#[test]
fn a_captured_request_does_not_run_another_action_by_a_form_body() {
    let lab = Lab::with_scenario(SEED);
    let captured = signed_post(&lab.root("demo"), "GetUser", &[("UserName", "ann")]);

    let body = "Action=CreateUser&UserName=eve";
    lab.send(&with_body(captured.clone(), FORM, body)).assert_ok();

    assert_eq!((count_users(&lab), lab.last_record().action.as_str()), (1, "GetUser"));
    a_month_later(&lab);
    let body = format!("Action=CreateUser&UserName=eve&SignatureNonce=n&Timestamp={}", encode(NEWER));
    lab.send(&with_body(captured, FORM, &body)).assert_refused(400, "InvalidTimeStamp.Expired");
    assert_eq!(count_users(&lab), 1);
}

#[test]
fn a_parameter_in_query_and_body_has_the_signed_value() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    // Java's core signs the query's value.
    let by_query = signed(&root, "GetUser", &[("UserName", "ann")], &[("UserName", "bob")]);
    assert_eq!(lab.send(&by_query).assert_ok()["User"]["UserName"], "ann");
    assert_eq!(lab.last_record().params.get("UserName"), Some("ann"));
    // The others sign the body's.
    let mut by_form = signed(&root, "GetUser", &[], &[("UserName", "ann")]);
    *by_form.uri_mut() = format!("{}&UserName=bob", by_form.uri()).parse().unwrap();
    assert_eq!(lab.send(&by_form).assert_ok()["User"]["UserName"], "ann");
}

#[test]
fn a_json_body_is_ignored_in_v1() {
    let lab = Lab::with_scenario(SEED);
    let request = posted(signed_post(&lab.root("demo"), "CreateUser", &[("UserName", "bob")]));

    let reply = lab.send(&with_body(request, JSON, r#"{"DisplayName":"Eve","Comments":"x"}"#)).assert_ok();

    assert_eq!(reply["User"]["DisplayName"], "");
    assert_eq!(lab.last_record().params.get("Comments"), None);
    // STS looks at the kind of a body first, and this one may be sent.
    let request = lab.root("demo").request("2015-04-01", "GetCallerIdentity", &[]);
    lab.send(&with_body(request, JSON, r#"{"Action":"AssumeRole"}"#)).assert_ok();
}

#[test]
fn action_and_version_come_from_no_header() {
    let lab = Lab::with_scenario(SEED);
    let without_action = lab.root("demo").request("2015-05-01", "", &[("UserName", "eve")]);
    let request = with_header(without_action, "x-acs-action", "CreateUser");
    lab.send(&request).assert_refused(400, "MissingAction");
    let without_version = lab.root("demo").request("", "CreateUser", &[("UserName", "eve")]);
    let request = with_header(without_version, "x-acs-version", "2015-05-01");
    lab.send(&request).assert_refused(400, "MissingVersion");
    assert_eq!(count_users(&lab), 1);
}

#[test]
fn a_second_value_of_a_name_is_never_used() {
    let lab = Lab::with_scenario(SEED);
    let actor = lab.root("demo").signing(Form::RpcV1);
    for more in ["UserName=ann&UserName=zed", "UserName=zed&UserName=ann", "UserName=zed"] {
        let mut request = actor.request("2015-05-01", "GetUser", &[("UserName", "ann")]);
        let query = request.uri().query().unwrap().to_owned();
        *request.uri_mut() = format!("/?{query}&{more}").parse().unwrap();
        assert_eq!(lab.send(&request).assert_ok()["User"]["UserName"], "ann", "{more}");
        assert_eq!(lab.last_record().params.iter().filter(|(name, ..)| *name == "UserName").count(), 1);
    }
}
