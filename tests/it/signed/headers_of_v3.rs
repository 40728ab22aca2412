//! v3: a header on which a request depends is signed, or the request is refused.

use super::{SEED, V3, with_body, with_header};
use crate::support::Lab;
use alimock::Scenario;
use alimock::gateway::{Gateway, Rules};
use alimock::world::{Settings, Worlds};
use std::sync::Arc;

/// Names that a request depends on, and a value that is not its own.
const USED: [(&str, &str); 6] = [
    ("x-acs-action", "DeleteUser"),
    ("x-acs-version", "2019-08-15"),
    ("x-acs-date", "2026-11-22T08:01:00Z"),
    ("x-acs-signature-nonce", "another"),
    ("x-acs-security-token", "token"),
    ("x-acs-content-sha256", "hash"),
];

#[test]
fn a_header_that_is_used_and_not_signed_is_refused() {
    let lab = Lab::with_scenario(SEED);
    for (name, _) in USED {
        let request = V3::of("GetUser").query("UserName=ann").with("x-acs-security-token", "CAISnight");
        let request = request.unsigned(&[name]).signed(&lab.actor("STS.Night", "nightSecret"));

        let text = lab.send(&request).assert_refused(400, "SignatureDoesNotMatch");

        assert!(text.contains(name), "{text}");
        let note = lab.last_record().refused.as_ref().and_then(|refused| refused.note.clone()).unwrap();
        assert!(note.contains(&format!("`{name}`")) && note.contains("SignedHeaders"), "{note}");
    }
}

#[test]
fn a_captured_request_that_signs_its_host_alone_runs_nothing() {
    let lab = Lab::with_scenario(SEED);
    let names: Vec<&str> = USED.iter().map(|(name, _)| *name).collect();
    for unsigned in [names.clone(), [names, vec!["host"]].concat()] {
        let captured = V3::of("GetUser").query("UserName=ann").unsigned(&unsigned).signed(&lab.root("demo"));
        lab.send(&captured).assert_refused(400, "SignatureDoesNotMatch");
        let other = with_header(captured, "x-acs-action", "DeleteUser");
        lab.send(&other).assert_refused(400, "SignatureDoesNotMatch");
    }
}

#[test]
fn a_header_that_comes_later_is_refused_too() {
    let lab = Lab::with_scenario(SEED);
    for name in ["x-acs-signature-nonce", "x-acs-security-token", "x-acs-content-sm3"] {
        let request = V3::of("GetUser").query("UserName=ann").without("x-acs-signature-nonce");
        let captured = request.signed(&lab.root("demo"));
        lab.send(&captured).assert_ok();
        let reply = lab.send(&with_header(captured, name, "x"));
        assert_eq!(reply.status, 400, "{name}: {}", reply.body);
    }
}

/// A form read as something else has no parameters, and a call without them may do another thing.
#[test]
fn the_kind_of_a_body_is_signed() {
    let lab = Lab::with_scenario(SEED);
    let form =
        || V3::of("GetUser").with("content-type", "application/x-www-form-urlencoded").body("UserName=ann");
    assert_eq!(lab.send(&form().signed(&lab.root("demo"))).assert_ok()["User"]["UserName"], "ann");

    let request = form().unsigned(&["content-type"]).signed(&lab.root("demo"));

    lab.send(&request).assert_refused(400, "SignatureDoesNotMatch");
    // Nobody said what the body is, and somebody says it on the way.
    let request = V3::of("CreateAccessKey").body("UserName=ann").signed(&lab.root("demo"));
    let told = with_body(request, "application/x-www-form-urlencoded", "UserName=ann");
    lab.send(&told).assert_refused(400, "SignatureDoesNotMatch");
}

/// Source: docs/evidence/gateway.md 2.3: Java's core signs every header but the host.
#[test]
fn an_unsigned_host_does_not_select_the_product() {
    let lab = Lab::with_scenario(SEED);
    for (number, host) in
        ["ram.aliyuncs.com", "ims.aliyuncs.com", "nosuch.aliyuncs.com"].into_iter().enumerate()
    {
        let request = V3::of("GetUser").query("UserName=ann").unsigned(&["host"]);
        let request =
            request.without("x-acs-signature-nonce").with("x-acs-signature-nonce", &number.to_string());
        let request = with_header(request.signed(&lab.root("demo")), "host", host);
        assert_eq!(lab.send(&request).assert_ok()["User"]["UserName"], "ann", "{host}");
        assert_eq!(lab.last_record().product, Some("Ram"));
    }
}

/// Source: docs/evidence/gateway.md section 8: ack-ram-tool sends no nonce to STS.
#[test]
fn a_request_without_a_nonce_is_accepted_repeatedly() {
    let lab = Lab::with_scenario(SEED);
    let request = V3::of("GetUser").query("UserName=ann").without("x-acs-signature-nonce");
    let request = request.signed(&lab.root("demo"));
    for _ in 0..3 {
        lab.send(&request).assert_ok();
    }
}

#[test]
fn a_setting_lets_unsigned_headers_through() {
    let scenario = Scenario::parse(&format!(
        "clock: {{resource: '2026-11-22T08:00:00Z', gateway: '2026-11-22T08:00:00Z'}}\n{SEED}"
    ));
    let worlds = Worlds::new(Settings::default(), &scenario.unwrap()).unwrap();
    let rules = Rules { unsigned_headers: true, ..Rules::default() };
    let gateway = Gateway::new(Arc::new(worlds), rules, None);
    let actor = Lab::with_scenario(SEED).root("demo");
    let request = V3::of("GetUser").query("UserName=ann").unsigned(&["x-acs-action"]).signed(&actor);

    assert_eq!(gateway.handle(&request, crate::support::CLIENT).status(), 200);
}

#[test]
fn a_parameter_name_does_not_hide_another() {
    let lab = Lab::with_scenario(SEED);
    // Of three parameters one name: with bare names both have one string to sign.
    let captured = V3::of("CreateAccessKey").query("Extra=1&UserName=ann").signed(&lab.root("demo"));
    let mut request = captured.clone();
    *request.uri_mut() = "/?Extra%3D1%26UserName=ann".parse().unwrap();

    lab.send(&request).assert_refused(400, "SignatureDoesNotMatch");

    assert_eq!(lab.send(&captured).assert_ok()["AccessKey"]["Status"], "Active");
}
