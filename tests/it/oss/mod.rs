//! OSS by its own protocol: who gets in, whose buckets are whose, and how it refuses. Source: docs/evidence/account.md 6.4 and section 7,
//! packages oss2 2.19.1 and alibabacloud-oss-v2 1.4.1.

mod credentials;
mod forms;
mod hosts;
mod permissions;
mod stubs;

use crate::support::doors::{OSS_FORMS, Oss, OssForm, listed_names, xml_text};
use crate::support::{Actor, Lab, Reply};
use alimock::error::oss;
use alimock::text::Uid;
use alimock::world::account::Status;
use alimock::world::{By, Refusal, Tx};
use std::sync::Arc;

const SEED: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    realName: {status: VERIFIED}
    keys: [{id: LTAI5tDemoRootKey, secret: demoRootSecret}, {status: Inactive}]
    policies:
      - name: Buckets
        document:
          Version: "1"
          Statement:
            - {Effect: Allow, Action: "oss:ListBuckets", Resource: "acs:oss:*:*:*"}
            - {Effect: Allow, Action: "oss:*Bucket*", Resource: "acs:oss:*:1234567890123456:ci-*"}
    users:
      - {name: ci, policies: [Buckets], keys: [{id: LTAI5tDemoCiKey00, secret: demoCiSecret}]}
      - {name: guest, keys: [{}]}
    roles: [{name: etl, policies: [Buckets], sessions: [{name: night, expires: 1h}, {name: day, expires: 2h}]}]
    buckets: [{name: demo-data}, {name: demo-logs, region: cn-beijing, acl: public-read, storageClass: IA}]
  - {name: other, uid: 1234567890123457, realName: {status: VERIFIED}, keys: [{}], buckets: [{name: others-data}]}
"#;

fn lab() -> Arc<Lab> {
    Lab::with_scenario(SEED)
}

#[track_caller]
fn session_of_role(lab: &Arc<Lab>, name: &str) -> Actor {
    let state = lab.world().state();
    let session = state.sessions().find(|one| one.name == name).expect("it is seeded");
    lab.actor(session.id.as_str(), session.material.secret()).with_token(session.token.reveal())
}

fn list_buckets(actor: &Actor) -> Reply {
    actor.oss(&Oss::default())
}

/// A call about a bucket.
fn request_about<'a>(method: &'a str, bucket: &'a str, query: &'a [(&'a str, &'a str)]) -> Oss<'a> {
    Oss { method, bucket, query, ..Oss::default() }
}

fn set_status(lab: &Lab, uid: u64, status: Status) {
    let now = lab.world().clock.now().resource;
    let set = |tx: &mut Tx<'_>| tx.set_standing(Uid(uid), Some(status), None, None);
    let done: Result<_, Refusal> = lab.world().commit(now, By::OURSELVES, set);
    done.unwrap();
}

#[test]
fn a_list_has_what_clients_read_of_it() {
    let reply = list_buckets(&lab().root("demo"));

    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["content-type"], "application/xml");
    assert_eq!(reply.headers["server"], "AliyunOSS");
    assert_eq!(reply.headers["date"], "Sun, 22 Nov 2026 08:00:00 GMT");
    insta::assert_snapshot!(reply.body.replace("><", ">\n<"));
}

#[test]
fn a_bucket_is_made_shown_and_deleted_in_every_form() {
    for form in OSS_FORMS {
        let lab = lab();
        let root = lab.root("demo");
        let call = |method, query| root.oss(&Oss { form, ..request_about(method, "made-here", query) });

        let made = call("PUT", &[]);

        assert_eq!((made.status, made.body.as_str()), (200, ""), "{form:?}");
        assert_eq!(made.headers["location"], "/made-here");
        let info = call("GET", &[("bucketInfo", "")]);
        assert_eq!(listed_names(&info), ["made-here"]);
        assert_eq!(xml_text(&info.body, "ID"), "1234567890123456");
        assert_eq!(xml_text(&call("GET", &[("acl", "")]).body, "Grant"), "private");
        assert_eq!(xml_text(&call("GET", &[("location", "")]).body, "LocationConstraint"), "oss-cn-hangzhou");
        assert_eq!(call("DELETE", &[]).status, 204);
        assert_eq!(lab.last_record().action, "DeleteBucket");
        let style = match form {
            OssForm::V1 => "oss-v1",
            OssForm::V4 => "oss-v4",
            OssForm::V1Url => "oss-v1-url",
            OssForm::V4Url => "oss-v4-url",
        };
        assert_eq!((lab.last_record().style, lab.last_record().product), (style, Some("Oss")));
        call("GET", &[("bucketInfo", "")]).assert_oss_refused(404, "NoSuchBucket");
        call("DELETE", &[]).assert_oss_refused(404, "NoSuchBucket");
    }
}

/// Source: docs/evidence/account.md 2.1 and section 7, rows 22 and 30.
#[test]
fn account_gates_are_reported_in_the_format_of_oss() {
    let lab = Lab::with_scenario("accounts: [{name: demo, uid: 1234567890123456, site: intl, keys: [{}]}]");
    let root = lab.root("demo");
    let make = |host| root.oss(&Oss { host, ..request_about("PUT", "made-here", &[]) });

    let refused = make("made-here.oss-cn-hangzhou.aliyuncs.com");
    refused.assert_oss_refused(403, "UserVerificationRequired");
    assert_eq!(xml_text(&refused.body, "EC"), "0003-00000804");
    assert_eq!(make("made-here.oss-eu-central-1.aliyuncs.com").status, 200);
    set_status(&lab, 1_234_567_890_123_456, Status::Arrears);
    assert_eq!(listed_names(&list_buckets(&root)), ["made-here"]);
    set_status(&lab, 1_234_567_890_123_456, Status::ArrearsShutdown);
    list_buckets(&root).assert_oss_refused(403, "UserDisable");
}

#[test]
fn a_bucket_is_named_by_the_host_too_and_the_host_tells_the_region() {
    let lab = lab();
    let root = lab.root("demo");
    for form in OSS_FORMS {
        for host in [
            "made-here.oss-cn-shanghai.aliyuncs.com",
            "made-here.oss-cn-shanghai-internal.aliyuncs.com",
            "made-here.vpc100-oss-cn-shanghai.aliyuncs.com",
            "made-here.cn-shanghai.oss.aliyuncs.com",
        ] {
            let call = |method, query| {
                let call =
                    Oss { form, host, region: "cn-shanghai", ..request_about(method, "made-here", query) };
                root.oss(&call)
            };

            assert_eq!(call("PUT", &[]).status, 200, "{form:?} {host}");

            assert_eq!(xml_text(&call("GET", &[("bucketInfo", "")]).body, "Region"), "cn-shanghai");
            assert_eq!(call("DELETE", &[]).status, 204);
        }
    }
    // On localhost V4 tells it.
    let beijing = Oss { form: OssForm::V4, region: "cn-beijing", ..request_about("PUT", "made-here", &[]) };
    assert_eq!(root.oss(&beijing).status, 200);
    let shown = root.oss(&request_about("GET", "made-here", &[("location", "")]));
    assert_eq!(xml_text(&shown.body, "LocationConstraint"), "oss-cn-beijing");
}

#[test]
fn the_body_and_a_header_say_how_a_bucket_is_made() {
    let lab = lab();
    let root = lab.root("demo");
    let put = |bucket, host, body: &str, acl: &str| {
        let headers = [("x-oss-acl", acl)];
        let headers = if acl.is_empty() { &[][..] } else { &headers[..] };
        root.oss(&Oss { host, headers, body, ..request_about("PUT", bucket, &[]) })
    };
    let configuration =
        |inner: &str| format!("<CreateBucketConfiguration>{inner}</CreateBucketConfiguration>");
    let here = "127.0.0.1:4588";
    let full = "<LocationConstraint>oss-cn-beijing</LocationConstraint><StorageClass>Archive</StorageClass><DataRedundancyType>ZRS</DataRedundancyType>";

    assert_eq!(put("made-here", here, &configuration(full), "public-read").status, 200);

    let info = root.oss(&request_about("GET", "made-here", &[("bucketInfo", "")])).body;
    let shown = ["Location", "StorageClass", "DataRedundancyType", "Grant"].map(|name| xml_text(&info, name));
    assert_eq!(shown, ["oss-cn-beijing", "Archive", "ZRS", "public-read"]);
    let in_query = [("x-oss-acl", "public-read"), ("RegionId", "cn-beijing"), ("StorageClass", "IA")];
    assert_eq!(root.oss(&request_about("PUT", "made-plain", &in_query)).status, 200);
    let info = root.oss(&request_about("GET", "made-plain", &[("bucketInfo", "")])).body;
    let shown = ["Location", "StorageClass", "Grant"].map(|name| xml_text(&info, name));
    assert_eq!(shown, ["oss-cn-hangzhou", "Standard", "private"]);
    let version = lab.world().state().version;
    let host = "made-two.oss-cn-hangzhou.aliyuncs.com";
    put("made-two", host, &configuration(full), "")
        .assert_oss_refused(400, "IllegalLocationConstraintException");
    put("made-two", here, "<CreateBucketConfiguration><Storage", "").assert_oss_refused(400, "MalformedXML");
    put("made-two", here, &configuration("<StorageClass>Cheap</StorageClass>"), "")
        .assert_oss_refused(400, "InvalidArgument");
    let wrong = put("made-two", here, "", "everybody");
    assert_eq!(wrong.assert_oss_refused(400, "InvalidArgument"), "no such bucket access control exists");
    let argument = ["ArgumentName", "ArgumentValue"].map(|name| xml_text(&wrong.body, name));
    assert_eq!(argument, ["x-oss-acl", "everybody"]);
    let long = "a".repeat(64);
    for name in ["ab", "Made-Here", "-made", "made_here", &long] {
        put(name, here, "", "").assert_oss_refused(400, "InvalidBucketName");
    }
    assert_eq!(lab.world().state().version, version);
}

#[test]
fn bucket_names_are_unique_across_all_accounts() {
    let lab = lab();
    let (root, other) = (lab.root("demo"), lab.root("other"));
    let put = |actor: &Actor, host| actor.oss(&Oss { host, ..request_about("PUT", "demo-data", &[]) });

    let taken = put(&other, "127.0.0.1:4588");
    taken.assert_oss_refused(409, "BucketAlreadyExists");
    assert_eq!(xml_text(&taken.body, "BucketName"), "demo-data");
    put(&root, "demo-data.oss-cn-beijing.aliyuncs.com").assert_oss_refused(409, "BucketAlreadyExists");
    assert_eq!(put(&root, "demo-data.oss-cn-hangzhou.aliyuncs.com").status, 200);
    assert_eq!(listed_names(&list_buckets(&root)), ["demo-data", "demo-logs"]);
    assert_eq!(root.oss(&request_about("DELETE", "demo-data", &[])).status, 204);
    assert_eq!(put(&other, "127.0.0.1:4588").status, 200);
}

#[test]
fn a_list_is_filtered_and_paged() {
    let root = lab().root("demo");
    let list = |query: &[(&str, &str)]| root.oss(&request_about("GET", "", query));

    assert_eq!(listed_names(&list(&[("prefix", "demo-l")])), ["demo-logs"]);
    let first = list(&[("max-keys", "1")]);
    assert_eq!(
        (listed_names(&first), xml_text(&first.body, "IsTruncated").as_str()),
        (vec!["demo-data".into()], "true")
    );
    assert_eq!(xml_text(&first.body, "NextMarker"), "demo-data");
    let second = list(&[("max-keys", "1"), ("marker", "demo-data")]);
    assert_eq!(
        (listed_names(&second), xml_text(&second.body, "IsTruncated").as_str()),
        (vec!["demo-logs".into()], "false")
    );
    for wrong in ["0", "1001", "many"] {
        list(&[("max-keys", wrong)]).assert_oss_refused(400, "InvalidArgument");
    }
}

#[test]
fn an_operation_that_is_not_implemented_is_refused_and_changes_nothing() {
    let lab = lab();
    let (root, guest) = (lab.root("demo"), lab.user("demo", "guest"));
    let version = lab.world().state().version;
    for (method, bucket, key, query, action) in [
        ("GET", "demo-data", "", &[][..], "ListObjects"),
        ("GET", "demo-data", "a/b", &[], "GetObject"),
        ("PUT", "demo-data", "a", &[], "PutObject"),
        ("PUT", "demo-data", "", &[("acl", "")], "PutBucketAcl"),
        ("GET", "demo-data", "", &[("policy", "")], "GetBucketPolicy"),
        ("DELETE", "demo-data", "a", &[], "DeleteObject"),
        ("GET", "demo-data", "a", &[("uploadId", "u1")], "ListParts"),
    ] {
        let call = Oss { key, ..request_about(method, bucket, query) };

        root.oss(&call).assert_oss_refused(400, "NotImplemented");

        assert_eq!(lab.last_record().action, action);
        guest.oss(&call).assert_oss_refused(403, "AccessDenied");
    }
    assert_eq!(lab.world().state().version, version);
}

#[test]
fn faults_and_journal_know_these_calls_and_no_secret_stays() {
    let faults = "faults:\n  - {name: off, match: {product: Oss, action: PutBucket, param: {RegionId: cn-hangzhou}}, do: {error: {code: UserDisable}}}\n  - {name: leaked, match: {product: Oss, action: GetBucketAcl}, when: {nth: 1}, do: {error: {code: InvalidAccessKeyId}}}\n  - {name: late, match: {product: Oss, action: ListBuckets}, do: {skew: 20m}}\n";
    let lab = Lab::with_scenario(&format!("{SEED}{faults}"));
    let night = session_of_role(&lab, "night");

    let off = lab.root("demo").oss(&request_about("PUT", "made-here", &[]));
    assert_eq!(off.assert_oss_refused(403, "UserDisable"), "UserDisable");
    assert_eq!(xml_text(&off.body, "EC"), "0003-00000801");
    assert_eq!(lab.last_record().faults[0].name, "off");
    // A code that the gateway has too means the product's own.
    let leaked = lab.root("demo").oss(&request_about("GET", "demo-data", &[("acl", "")]));
    assert_eq!(leaked.assert_oss_refused(403, "InvalidAccessKeyId"), oss::ACCESS_KEY_NOT_FOUND.message);
    list_buckets(&lab.root("demo")).assert_oss_refused(403, "RequestTimeTooSkewed");
    let secret = night.token.clone().unwrap();
    for form in OSS_FORMS {
        let wrong = Actor { secret: "wrong".into(), ..night.clone() };
        wrong
            .oss(&Oss { form, ..request_about("GET", "demo-data", &[("acl", "")]) })
            .assert_oss_refused(403, "SignatureDoesNotMatch");
        let record = serde_json::to_string(&*lab.last_record()).unwrap();
        assert!(!record.contains(&secret) && !record.contains("CAIS"), "{form:?}: {record}");
    }
}
