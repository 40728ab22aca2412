//! Uploads by an HTML form (`PostObject`). Source: docs/evidence/account.md 6.4.

use crate::support::doors::xml_text;
use crate::support::sign::{hex, hmac_sha1, mac};
use crate::support::{Actor, Lab, Reply};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::Hmac;
use http::Request;
use sha2::Sha256;
use std::sync::Arc;

const SEED: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}, {status: Inactive}]
    policies: [{name: Own, document: {Version: "1", Statement: [{Effect: Allow, Action: "oss:PutObject", Resource: "acs:oss:*:*:forms/own/*"}]}}]
    users: [{name: ann, policies: [Own], keys: [{}]}]
    roles: [{name: app, policies: [Own], sessions: [{name: night, expires: 1h}]}]
    buckets: [{name: forms}, {name: open, acl: public-read-write}]
stubs: [{product: Oss, action: PostObject}]
"#;
const HOST: &str = "forms.oss-cn-hangzhou.aliyuncs.com";

fn lab() -> Arc<Lab> {
    Lab::with_scenario(SEED)
}

fn policy(conditions: &str) -> String {
    let end = "2026-11-22T08:05:00.000Z";
    format!(r#"{{"expiration": "{end}", "conditions": [["content-length-range", 0, 1000]{conditions}]}}"#)
}

/// Sends a form to a host and path.
fn post_to(lab: &Lab, host: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut body: String = fields
        .iter()
        .map(|(name, value)| {
            format!("--xLINEx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .collect();
    body += "--xLINEx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--xLINEx--\r\n";
    let request = Request::post(path).header("host", host);
    let request = request.header("content-type", "multipart/form-data; boundary=xLINEx");
    lab.send(&request.body(Bytes::from(body)).unwrap())
}

/// Sends a form that is signed with V1.
fn post(actor: &Actor, key: &str, policy: &str) -> Reply {
    post_with(actor, key, policy, &[])
}

fn post_with(actor: &Actor, key: &str, policy: &str, more: &[(&str, &str)]) -> Reply {
    let policy = STANDARD.encode(policy);
    let signature = hmac_sha1(&actor.secret, &policy);
    let mut fields =
        vec![("key", key), ("OSSAccessKeyId", &actor.key), ("policy", &policy), ("Signature", &signature)];
    if let Some(token) = &actor.token {
        fields.push(("x-oss-security-token", token));
    }
    fields.extend(more);
    post_to(&actor.lab, HOST, "/", &fields)
}

/// Sends a form that is signed with V4.
fn post_v4(actor: &Actor, region: &str, time: &str) -> Reply {
    let policy = STANDARD.encode(policy(""));
    let scope = format!("{}/{region}/oss/aliyun_v4_request", &time[..8]);
    let first = format!("aliyun_v4{}", actor.secret).into_bytes();
    let derived = scope.split('/').fold(first, |key, part| mac::<Hmac<Sha256>>(&key, part));
    let signature = hex(&mac::<Hmac<Sha256>>(&derived, &policy));
    let credential = format!("{}/{scope}", actor.key);
    let fields = [
        ("key", "own/a.txt"),
        ("policy", &policy),
        ("x-oss-signature-version", "OSS4-HMAC-SHA256"),
        ("x-oss-credential", &credential),
        ("x-oss-date", time),
        ("x-oss-signature", &signature),
    ];
    post_to(&actor.lab, HOST, "/", &fields)
}

#[test]
fn a_form_is_judged_like_any_other_request() {
    let lab = lab();
    let (root, ann, good) = (lab.root("demo"), lab.user("demo", "ann"), policy(""));

    let done = post(&root, "a.txt", &good);
    assert_eq!((done.status, done.body.as_str()), (204, ""));
    let record = lab.last_record();
    assert_eq!(
        (&*record.action, record.style, &record.params.get("Object")),
        ("PostObject", "oss-post-v1", &Some("a.txt"))
    );
    assert_eq!(post(&ann, "own/a.txt", &good).status, 204);
    let refused = post(&ann, "other/a.txt", &good).assert_oss_refused(403, "AccessDenied");
    assert_eq!(refused, "You have no right to access this object because of bucket acl.");
    assert_eq!(post(&ann, "own/${filename}", &good).status, 204);
    assert_eq!(lab.last_record().params.get("Object"), Some("own/a.txt"));
    let wrong = post(&lab.actor(&root.key, "wrong"), "a.txt", &good);
    wrong.assert_oss_refused(403, "SignatureDoesNotMatch");
    assert_eq!(xml_text(&wrong.body, "EC"), "0002-00000705");
    post(&lab.actor("LTAI5tNobodyHasThis00", "x"), "a.txt", &good)
        .assert_oss_refused(403, "InvalidAccessKeyId");
    let state = lab.world().state();
    let inactive = state.keys().nth(1).unwrap();
    let disabled = post(&lab.actor(inactive.id.as_str(), inactive.material.secret()), "a.txt", &good);
    assert_eq!(xml_text(&disabled.body, "EC"), "0002-00000904");
}

#[test]
fn a_temporary_key_brings_its_token_in_a_field() {
    let lab = lab();
    let night = super::session_of_role(&lab, "night");
    let good = policy("").replace("08:05", "23:00");

    assert_eq!(post(&night, "own/a.txt", &good).status, 204);
    let lost = post(&Actor { token: None, ..night.clone() }, "own/a.txt", &good);
    assert_eq!(xml_text(&lost.body, "EC"), "0002-00000003");
    lab.advance_clock("61m");
    post(&night, "own/a.txt", &good).assert_oss_refused(403, "SecurityTokenExpired");
}

#[test]
fn a_form_may_be_signed_with_v4() {
    let lab = lab();
    let ann = lab.user("demo", "ann");

    assert_eq!(post_v4(&ann, "cn-hangzhou", "20261122T080000Z").status, 204);
    assert_eq!(lab.last_record().style, "oss-post-v4");
    post_v4(&lab.actor(&ann.key, "wrong"), "cn-hangzhou", "20261122T080000Z")
        .assert_oss_refused(403, "SignatureDoesNotMatch");
    let elsewhere = post_v4(&ann, "cn-beijing", "20261122T080000Z");
    assert_eq!(xml_text(&elsewhere.body, "EC"), "0002-00000226");
    post_v4(&ann, "cn-hangzhou", "20261122T081501Z").assert_oss_refused(403, "RequestTimeTooSkewed");
    assert_eq!(post_v4(&ann, "cn-hangzhou", "20261115T080000Z").status, 204);
    post_v4(&ann, "cn-hangzhou", "20261115T075959Z").assert_oss_refused(403, "AccessDenied");
}

#[test]
fn the_conditions_of_a_policy_are_checked() {
    let lab = lab();
    let root = lab.root("demo");
    let ask = |conditions: &str| post(&root, "user/a.txt", &policy(conditions));
    for good in [
        r#", {"bucket": "forms"}"#,
        r#", ["eq", "$bucket", "forms"], ["starts-with", "$key", "user/"]"#,
        r#", ["in", "$content-type", ["text/plain", "image/png"]], ["not-in", "$cache-control", ["no-cache"]]"#,
    ] {
        assert_eq!(ask(good).status, 204, "{good}");
    }
    for (bad, shown) in [
        (r#", {"bucket": "other"}"#, r#"["eq", "$bucket", "other"]"#),
        (r#", ["starts-with", "$key", "user/eric/"]"#, r#"["starts-with", "$key", "user/eric/"]"#),
        (r#", ["in", "$content-type", ["image/png"]]"#, r#"["in", "$content-type", ["image/png"]]"#),
        (
            r#", ["not-in", "$content-type", ["text/plain"]]"#,
            r#"["not-in", "$content-type", ["text/plain"]]"#,
        ),
    ] {
        let text = ask(bad).assert_oss_refused(403, "AccessDenied");
        assert_eq!(text, format!("Invalid according to Policy: Policy Condition failed: {shown}"));
    }
    let old = post(&root, "a.txt", &policy("").replace("08:05", "07:55"));
    assert_eq!(old.assert_oss_refused(403, "AccessDenied"), "Invalid according to Policy: Policy expired.");
    assert_eq!(xml_text(&old.body, "EC"), "0006-00000213");
    for (range, code) in [("0, 4", "EntityTooLarge"), ("6, 9", "EntityTooSmall")] {
        post(&root, "a.txt", &policy("").replace("0, 1000", range)).assert_oss_refused(400, code);
    }
}

#[test]
fn a_policy_that_cannot_be_read_is_told() {
    let lab = lab();
    let root = lab.root("demo");
    for (policy, ec) in [
        ("{\"expiration\"", "0006-00000202"),
        ("{}", "0006-00000209"),
        (r#"{"conditions": [["content-length-range", 0, 9]]}"#, "0006-00000208"),
        (r#"{"expiration": "2026-11-22T09:00:00.000Z"}"#, "0006-00000207"),
        (r#"{"expiration": 123, "conditions": [["eq", "$key", "a"]]}"#, "0006-00000210"),
        (r#"{"expiration": "", "conditions": [["eq", "$key", "a"]]}"#, "0006-00000211"),
        (&policy(", 123"), "0006-00000222"),
        (&policy(r#", ["$key"]"#), "0006-00000216"),
        (&policy(r#", ["ends-with", "$key", "a"]"#), "0006-00000217"),
        (&policy(r#", {"a": "b", "c": "d"}"#), "0006-00000215"),
        (&policy("").replace("0, 1000", "20, 10"), "0006-00000219"),
        (&policy("").replace("0, 1000", "\"test\", 10"), "0006-00000220"),
        (&policy("").replace("0, 1000", "10, \"test\""), "0006-00000221"),
    ] {
        let refused = post(&root, "a.txt", policy);
        refused.assert_oss_refused(400, "InvalidPolicyDocument");
        assert_eq!(xml_text(&refused.body, "EC"), ec, "{policy}");
    }
}

#[test]
fn a_form_that_lacks_a_field_is_refused() {
    let lab = lab();
    let root = lab.root("demo");
    let policy = STANDARD.encode(policy(""));
    let key = ("OSSAccessKeyId", root.key.as_str());
    for (fields, name, ec) in [
        (&[("key", "a"), ("policy", &*policy), ("Signature", "x")][..], "OSSAccessKeyId", "0002-00000706"),
        (&[("key", "a"), key, ("Signature", "x")], "policy", "0002-00000702"),
        (&[("key", "a"), key, ("policy", &policy)], "Signature", "0002-00000703"),
        (&[("key", "a"), key, ("policy", &policy), ("Signature", "")], "Signature", "0002-00000704"),
        (
            &[("key", "a"), ("policy", &policy), ("x-oss-signature", "x"), ("x-oss-credential", "a/b")],
            "",
            "0002-00000709",
        ),
    ] {
        let refused = post_to(&lab, HOST, "/", fields);
        let text = refused.assert_oss_refused(400, "InvalidArgument");
        assert_eq!(xml_text(&refused.body, "EC"), ec, "{fields:?}");
        assert!(name.is_empty() || text.contains(&format!("must contain the specified '{name}'.")), "{text}");
    }
    let no_object = post_to(&lab, HOST, "/", &[key, ("policy", &policy), ("Signature", "x")]);
    assert!(no_object.assert_oss_refused(400, "InvalidArgument").contains("'key'"));
}

#[test]
fn a_form_without_a_key_needs_an_open_bucket_and_its_own_place() {
    let lab = lab();
    let plain = [("key", "a.txt")];

    post_to(&lab, HOST, "/", &plain).assert_oss_refused(403, "AccessDenied");
    assert_eq!(post_to(&lab, "open.oss-cn-hangzhou.aliyuncs.com", "/", &plain).status, 204);
    post_to(&lab, "nowhere.oss-cn-hangzhou.aliyuncs.com", "/", &plain)
        .assert_oss_refused(404, "NoSuchBucket");
    post_to(&lab, HOST, "/a.txt", &plain).assert_oss_refused(405, "MethodNotAllowed");
    // On localhost the bucket is in the path, and a field names the key.
    let root = lab.root("demo");
    let policy = STANDARD.encode(policy(""));
    let signature = hmac_sha1(&root.secret, &policy);
    let fields =
        [("key", "a"), ("OSSAccessKeyId", &*root.key), ("policy", &policy), ("signature", &signature)];
    assert_eq!(post_to(&lab, "127.0.0.1:4588", "/forms", &fields).status, 204);
    let broken =
        Request::post("/").header("host", HOST).header("content-type", "multipart/form-data; boundary=x");
    for body in [
        "",
        "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na\r\n--x--\r\n",
        "--x\r\nContent-Disposition",
    ] {
        let request = broken_body(&broken, body);
        lab.send(&request).assert_oss_refused(400, "MalformedPOSTRequest");
    }
}

fn broken_body(builder: &http::request::Builder, body: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(body.to_owned()));
    *request.method_mut() = builder.method_ref().unwrap().clone();
    *request.uri_mut() = builder.uri_ref().unwrap().clone();
    *request.headers_mut() = builder.headers_ref().unwrap().clone();
    request
}

#[test]
fn no_token_of_a_form_stays_in_the_journal() {
    let lab = lab();
    let night = super::session_of_role(&lab, "night");

    assert_eq!(post(&night, "own/a.txt", &policy("")).status, 204);
    let record = serde_json::to_string(&*lab.last_record()).unwrap();
    assert!(!record.contains(night.token.as_deref().unwrap()), "{record}");
    let wrong = Actor { secret: "wrong".into(), ..night.clone() };
    post(&wrong, "own/a.txt", &policy("")).assert_oss_refused(403, "SignatureDoesNotMatch");
    let record = serde_json::to_string(&*lab.last_record()).unwrap();
    assert!(!record.contains(night.token.as_deref().unwrap()), "{record}");
}
