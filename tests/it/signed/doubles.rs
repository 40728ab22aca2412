//! What comes twice: what is read is what was signed, or the request is refused.

use super::{SEED, V3, with_second};
use crate::support::doors::{Odps, Oss, OssForm, xml_text};
use crate::support::{Lab, NOW};
use alimock::gateway::RawRequest;

const BUCKETS: &str = "accounts: [{name: demo, realName: {status: VERIFIED}, keys: [{id: LTAI5tDemoRootKey, secret: demoRootSecret}], \
     buckets: [{name: aa-data}, {name: bb-data}], projects: [{name: one}, {name: two}, {name: three}]}]";

fn with_query(mut request: RawRequest, more: &str, first: bool) -> RawRequest {
    let (path, query) =
        (request.uri().path().to_owned(), request.uri().query().unwrap_or_default().to_owned());
    let target = if first { format!("{path}?{more}&{query}") } else { format!("{path}?{query}&{more}") };
    *request.uri_mut() = target.parse().unwrap();
    request
}

#[test]
fn maxcompute_reads_the_parameter_that_is_signed() {
    let lab = Lab::with_scenario(BUCKETS);
    for region in [None, Some("cn-hangzhou")] {
        let call = Odps { target: "/projects?maxitems=1", region, ..Odps::default() };
        let count = |request: &RawRequest| lab.send(request).body.matches("<Project>").count();
        let original = call.signed(&lab.root("demo"));
        assert_eq!(count(&original), 1);
        for (more, first) in
            [("maxitems=9", true), ("maxitems=9", false), ("maxitems=0", true), ("maxitems=0", false)]
        {
            let reply = lab.send(&with_query(original.clone(), more, first));
            let is_same = reply.status == 200 && reply.body.matches("<Project>").count() == 1;
            assert!(is_same || reply.status == 401, "{more}: {}", reply.body);
        }
    }
}

#[test]
fn the_lifetime_of_a_signed_oss_url_cannot_be_changed() {
    let lab = Lab::with_scenario(BUCKETS);
    let signed = Oss { form: OssForm::V1Url, bucket: "aa-data", query: &[("acl", "")], ..Oss::default() };
    let request = signed.signed(&lab.root("demo"));
    assert_eq!(lab.send(&request).status, 200);
    let later = alimock::text::Timestamp::parse_signed(NOW).unwrap().0.plus_millis(3_600_000);
    let run = alimock::world::clock::Run::Frozen(later);
    lab.world().clock.set(alimock::world::Clocks { resource: run, gateway: run });
    for (expires, first) in [("4102444800", true), ("4102444800", false), ("1", true)] {
        let reply = lab.send(&with_query(request.clone(), &format!("Expires={expires}"), first));
        assert_eq!(reply.status, 403, "{}", reply.body);
    }
}

#[test]
fn a_second_parameter_or_header_of_oss_changes_nothing() {
    let lab = Lab::with_scenario(BUCKETS);
    for form in [OssForm::V1, OssForm::V4, OssForm::V1Url, OssForm::V4Url] {
        let headers: &[(&str, &str)] = &[("x-oss-acl", "private")];
        let name = format!("made-{}", format!("{form:?}").to_lowercase());
        let call = Oss { form, method: "PUT", bucket: &name, headers, ..Oss::default() };
        let original = call.signed(&lab.root("demo"));
        let second = with_second(original.clone(), "x-oss-acl", "public-read-write");
        lab.send(&second).assert_oss_refused(400, "InvalidArgument");
        for (more, first) in [
            ("x-oss-expires=999999", true),
            ("x-oss-expires=999999", false),
            ("x-oss-date=20300101T000000Z", false),
        ] {
            let reply = lab.send(&with_query(original.clone(), more, first));
            // V1 does not sign these names, and nothing reads them there.
            let unread = matches!(form, OssForm::V1 | OssForm::V1Url) && reply.status < 300;
            assert!(unread || (400..404).contains(&reply.status), "{form:?} {more}: {}", reply.body);
        }
        assert_eq!(lab.send(&original).status, 200, "{form:?}");
        let acl = Oss { bucket: &name, query: &[("acl", "")], ..Oss::default() };
        assert_eq!(xml_text(&lab.send(&acl.signed(&lab.root("demo"))).body, "Grant"), "private");
    }
}

#[test]
fn a_header_of_the_gateway_that_comes_twice_is_refused_before_anything_else() {
    let lab = Lab::with_scenario(SEED);
    for (name, value) in [
        ("x-acs-action", "DeleteUser"),
        ("x-acs-version", "2019-08-15"),
        ("x-acs-date", NOW),
        ("x-acs-signature-nonce", "n"),
        ("x-acs-content-sha256", ""),
        ("host", "ims.aliyuncs.com"),
        ("authorization", "ACS3-HMAC-SHA256 Credential=x,SignedHeaders=host,Signature=y"),
    ] {
        let request = V3::of("GetUser").query("UserName=ann").signed(&lab.root("demo"));
        let text = lab.send(&with_second(request, name, value)).assert_refused(400, "InvalidParameter");
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn the_order_of_two_values_in_a_v3_query_does_not_matter() {
    let lab = Lab::with_scenario(SEED);
    let request = V3::of("GetUser").query("UserName=ann&UserName=zed").signed(&lab.root("demo"));
    let mut turned = request.clone();
    *turned.uri_mut() = "/?UserName=zed&UserName=ann".parse().unwrap();
    assert_eq!(lab.send(&turned).assert_ok()["User"]["UserName"], "ann");
    lab.send(&request).assert_refused(400, "SignatureNonceUsed");
}

/// Strings to sign of OSS V1 and MaxCompute have no escapes.
#[test]
fn a_path_or_value_that_reads_as_another_request_is_refused() {
    let lab = Lab::with_scenario(BUCKETS);
    let acl = Oss { bucket: "aa-data", query: &[("acl", "")], ..Oss::default() }.signed(&lab.root("demo"));
    let mut as_key = acl.clone();
    *as_key.uri_mut() = "/aa-data/%3Facl".parse().unwrap();
    lab.send(&as_key).assert_oss_refused(403, "SignatureDoesNotMatch");
    assert_eq!(lab.send(&acl).status, 200);

    let of_project = |target| Odps { target, ..Odps::default() }.signed(&lab.root("demo"));
    for (signed, sent) in [
        ("/projects/one?policy", "/api/projects/one%3Fpolicy"),
        ("/projects?maxitems=1&name=x", "/api/projects?maxitems=1%26name=x"),
        ("/projects?maxitems=1&name=x", "/api/projects?maxitems=1%26name%3Dx"),
    ] {
        let mut request = of_project(signed);
        *request.uri_mut() = sent.parse().unwrap();
        assert_eq!(lab.send(&request).status, 401, "{sent}");
    }
    // An escaped slash is a slash where it is signed, and so where it is read.
    let mut request = of_project("/projects/one/tables");
    *request.uri_mut() = "/api/projects/one%2Ftables".parse().unwrap();
    let (read, original) = (lab.send(&request), lab.send(&of_project("/projects/one/tables")));
    assert_eq!((read.status, lab.last_record().action.as_str()), (original.status, "GetTables"));
}
