//! What a stranger sends is bounded before it is worked on. The bounds are in docs/limits.md.

use crate::support::{Lab, Reply};
use alimock::params::{LONGEST_NAME, LONGEST_VALUE, MOST_PARAMS, MOST_TEXT};
use bytes::Bytes;
use http::Request;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn send_body(lab: &Lab, kind: &str, body: &str) -> Reply {
    let request = Request::post("/").header("host", "127.0.0.1:4588").header("content-type", kind);
    let request = request.header("x-acs-action", "GetUser").header("x-acs-version", "2015-05-01");
    lab.send(&request.body(Bytes::from(body.to_owned())).unwrap())
}

#[track_caller]
fn assert_too_large(lab: &Lab, kind: &str, body: &str, bound: usize) {
    let reply = send_body(lab, kind, body);
    let text = reply.assert_refused(413, "RequestEntityTooLarge");
    assert!(text.contains(&bound.to_string()), "{text}");
    let held = lab.last_record().params.weight();
    assert!(held <= 2 * MOST_TEXT, "{held} bytes are held");
}

#[test]
fn a_long_name_for_a_long_list_is_refused_before_it_is_expanded() {
    let lab = Lab::new();
    for (name, items) in [(300_000, 150_000), (10_000, 10_000), (LONGEST_NAME, 300_000), (1, 300_000)] {
        let body = format!("{{\"{}\":[{}1]}}", "n".repeat(name), "1,".repeat(items));
        let bound = if name >= LONGEST_NAME { LONGEST_NAME } else { MOST_PARAMS };
        assert_too_large(&lab, JSON, &body, bound);
    }
}

#[test]
fn names_that_nest_grow_no_longer_than_a_name_may_be() {
    let lab = Lab::new();
    let step = "x".repeat(100);
    let body = format!("{}1{}", format!("{{\"{step}\":").repeat(100), "}".repeat(100));
    assert_too_large(&lab, JSON, &body, LONGEST_NAME);
    let body = format!("{{\"a\":{}1{}}}", "[".repeat(100), "]".repeat(100));
    send_body(&lab, JSON, &body).assert_refused(400, "MissingAccessKeyId");
}

#[test]
fn each_bound_is_held_at_its_number_in_both_kinds_of_body() {
    let lab = Lab::new();
    let many = |count: usize| (0..count).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
    send_body(&lab, FORM, &many(MOST_PARAMS)).assert_refused(400, "MissingAccessKeyId");
    assert_too_large(&lab, FORM, &many(MOST_PARAMS + 1), MOST_PARAMS);
    let bodies = |name: usize, value: usize| {
        let (name, value) = ("n".repeat(name), "v".repeat(value));
        [(FORM, format!("{name}={value}")), (JSON, format!("{{\"{name}\":\"{value}\"}}"))]
    };
    for (kind, body) in bodies(LONGEST_NAME, LONGEST_VALUE) {
        send_body(&lab, kind, &body).assert_refused(400, "MissingAccessKeyId");
    }
    for (kind, body) in bodies(LONGEST_NAME + 1, 1) {
        assert_too_large(&lab, kind, &body, LONGEST_NAME);
    }
    for (kind, body) in bodies(1, LONGEST_VALUE + 1) {
        assert_too_large(&lab, kind, &body, LONGEST_VALUE);
    }
    // Bytes that are not UTF-8 become three each.
    let value = "%FF".repeat(LONGEST_VALUE / 3 + 1);
    assert_too_large(&lab, FORM, &format!("n={value}"), LONGEST_VALUE);
    let parts: Vec<String> = (0..10).map(|n| format!("n{n}={}", "\u{fffd}".repeat(100_000))).collect();
    assert_too_large(&lab, FORM, &parts.join("&"), MOST_TEXT);
}

#[test]
fn products_with_a_protocol_of_their_own_hold_the_same_bounds() {
    let lab = Lab::new();
    let query = (0..=MOST_PARAMS).map(|n| format!("a{n}")).collect::<Vec<_>>().join("&");
    for (host, start) in [("oss-cn-hangzhou.aliyuncs.com", "OSS a:b"), ("127.0.0.1", "ODPS a:b")] {
        let request = Request::get(format!("/projects?{query}")).header("host", host);
        let reply = lab.send(&request.header("authorization", start).body(Bytes::new()).unwrap());
        assert_eq!(reply.status, 413, "{}", reply.body);
        assert!(reply.body.contains("RequestEntityTooLarge"), "{}", reply.body);
    }
}
