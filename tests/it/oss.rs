//! OSS by its own protocol: who gets in, whose buckets are whose, and how it refuses. Source: docs/evidence/account.md 6.4 and section 7,
//! packages oss2 2.19.1 and alibabacloud-oss-v2 1.4.1.

use crate::support::doors::{OSS_FORMS, Oss, OssForm, listed_names, seconds_from_now, xml_text};
use crate::support::{Actor, Lab, Reply};
use alimock::error::oss;
use alimock::text::Uid;
use alimock::world::account::Status;
use alimock::world::{By, Refusal, Tx};
use bytes::Bytes;
use http::Request;
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
        let style = if matches!(form, OssForm::V1 | OssForm::V1Url) { "oss-v1" } else { "oss-v4" };
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
        for host in ["made-here.oss-cn-shanghai.aliyuncs.com", "oss-cn-shanghai-internal.aliyuncs.com"] {
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
    let host = "oss-cn-hangzhou.aliyuncs.com";
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
    put(&root, "oss-cn-beijing.aliyuncs.com").assert_oss_refused(409, "BucketAlreadyExists");
    assert_eq!(put(&root, "oss-cn-hangzhou.aliyuncs.com").status, 200);
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
fn a_bad_key_is_refused_in_each_way() {
    let lab = lab();
    let (root, ci) = (lab.root("demo"), lab.user("demo", "ci"));
    let inactive = {
        let state = lab.world().state();
        let key = state.keys().nth(1).unwrap().clone();
        lab.actor(key.id.as_str(), key.material.secret())
    };
    for form in OSS_FORMS {
        let send = |actor: &Actor| actor.oss(&Oss { form, ..Oss::default() });
        let ids = |reply: &Reply| (xml_text(&reply.body, "OSSAccessKeyId"), xml_text(&reply.body, "EC"));

        let unknown = send(&lab.actor("LTAI5tNobodyHasThis00", "secret"));
        assert_eq!(unknown.assert_oss_refused(403, "InvalidAccessKeyId"), oss::ACCESS_KEY_NOT_FOUND.message);
        assert_eq!(ids(&unknown), ("LTAI5tNobodyHasThis00".into(), "0002-00000902".into()));
        let disabled = send(&inactive);
        assert_eq!(
            disabled.assert_oss_refused(403, "InvalidAccessKeyId"),
            "The OSS Access Key Id you provided is disabled."
        );
        assert_eq!(ids(&disabled), (inactive.key.clone(), "0002-00000903".into()));
        let wrong = send(&lab.actor(&root.key, "wrongSecret"));
        wrong.assert_oss_refused(403, "SignatureDoesNotMatch");
        assert_eq!(ids(&wrong).0, root.key);
        assert!(
            xml_text(&wrong.body, "StringToSign").contains('\n')
                && wrong.body.contains("<SignatureProvided>")
        );
        let is_v4 = matches!(form, OssForm::V4 | OssForm::V4Url);
        assert_eq!(wrong.body.contains("<CanonicalRequest>GET\n/\n"), is_v4, "{}", wrong.body);
        send(&lab.actor(&root.key, &ci.secret)).assert_oss_refused(403, "SignatureDoesNotMatch");
        let cause = lab.last_record().refused.clone().unwrap().mismatch.clone().unwrap().cause.clone();
        assert!(cause.contains(&ci.key), "{form:?}: {cause}");
    }
    let pasted = lab.actor(" LTAI5tDemoRootKey", &root.secret).oss(&Oss::default());
    assert_eq!(pasted.assert_oss_refused(403, "InvalidAccessKeyId"), oss::ACCESS_KEY_NOT_FOUND.message);
    assert_eq!(xml_text(&pasted.body, "OSSAccessKeyId"), " LTAI5tDemoRootKey");
    let brackets = lab.actor("<LTAI5tDemoRootKey>", &root.secret).oss(&Oss::default());
    assert_eq!(brackets.assert_oss_refused(403, "InvalidAccessKeyId"), oss::ACCESS_KEY_IMPOSSIBLE.message);
    assert_eq!(xml_text(&brackets.body, "OSSAccessKeyId"), "&lt;LTAI5tDemoRootKey&gt;");
}

#[test]
fn signed_parts_of_a_request_cannot_be_changed() {
    let lab = lab();
    let root = lab.root("demo");
    for form in OSS_FORMS {
        let sound =
            Oss { form, headers: &[("x-oss-acl", "private")], ..request_about("PUT", "made-here", &[]) };
        let refused = |change: &dyn Fn(&mut http::Request<Bytes>)| {
            let mut request = sound.signed(&root);
            change(&mut request);
            lab.send(&request).assert_oss_refused(403, "SignatureDoesNotMatch");
        };
        refused(&|request| *request.method_mut() = http::Method::DELETE);
        refused(&|request| {
            let other = request.uri().to_string().replacen("made-here", "demo-data", 1);
            *request.uri_mut() = other.parse().unwrap();
        });
        refused(&|request| {
            request.headers_mut().insert("x-oss-acl", http::HeaderValue::from_static("public-read"));
        });
        refused(&|request| {
            let mark = if request.uri().query().is_some() { '&' } else { '?' };
            *request.uri_mut() = format!("{}{mark}policy", request.uri()).parse().unwrap();
        });
        assert!(lab.world().state().accounts[&Uid(1_234_567_890_123_456)].buckets.len() == 2, "{form:?}");
        assert_eq!(lab.send(&sound.signed(&root)).status, 200);
        assert_eq!(root.oss(&request_about("DELETE", "made-here", &[])).status, 204);
    }
}

#[test]
fn a_signed_time_may_be_fifteen_minutes_off() {
    let root = lab().root("demo");
    for form in [OssForm::V1, OssForm::V4] {
        let at = |seconds| root.oss(&Oss { form, time: seconds_from_now(seconds), ..Oss::default() });

        assert_eq!((at(-900).status, at(900).status), (200, 200), "{form:?}");
        for seconds in [-901, 901] {
            let skewed = at(seconds);
            skewed.assert_oss_refused(403, "RequestTimeTooSkewed");
            assert_eq!(xml_text(&skewed.body, "ServerTime"), "2026-11-22T08:00:00.000Z");
            assert_eq!(xml_text(&skewed.body, "MaxAllowedSkewMilliseconds"), "900000");
        }
    }
}

#[test]
fn a_signed_url_is_valid_until_it_expires() {
    let root = lab().root("demo");
    for form in [OssForm::V1Url, OssForm::V4Url] {
        let made = |seconds: i64| {
            root.oss(&Oss { form, time: seconds_from_now(-seconds), seconds: 60, ..Oss::default() })
        };

        assert_eq!((made(0).status, made(60).status), (200, 200), "{form:?}");
        let over = made(61);
        assert_eq!(over.assert_oss_refused(403, "AccessDenied"), "Request has expired.");
        assert_eq!(xml_text(&over.body, "Expires"), "2026-11-22T07:59:59.000Z");
    }
    let long = Oss { form: OssForm::V4Url, seconds: 7 * 86_400 + 1, ..Oss::default() };
    root.oss(&long).assert_oss_refused(400, "InvalidArgument");
    let ahead = Oss { form: OssForm::V4Url, time: seconds_from_now(901), ..Oss::default() };
    root.oss(&ahead).assert_oss_refused(403, "RequestTimeTooSkewed");
}

#[test]
fn a_credential_that_cannot_be_read_says_which() {
    let lab = lab();
    let send = |authorization: &str, date: &str, target: &str, host: &str| {
        let mut request = Request::get(target).header("host", host).header("date", date);
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        lab.send(&request.body(Bytes::new()).unwrap())
    };
    let (here, now) = ("127.0.0.1:4588", "Sun, 22 Nov 2026 08:00:00 GMT");

    for malformed in [
        "OSS",
        "OSS LTAI5tDemoRootKey",
        "OSS2 AccessKeyId:LTAI5tDemoRootKey,Signature:c2ln",
        "OSS4-HMAC-SHA256",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey, Signature=00",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey/20261122/cn-hangzhou/oss/aws4_request, Signature=00",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey/20261122/cn-hangzhou/oss/aliyun_v4_request",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey/20261121/cn-hangzhou/oss/aliyun_v4_request, Signature=00",
    ] {
        send(malformed, now, "/", here).assert_oss_refused(400, "InvalidArgument");
    }
    for date in ["", "yesterday", "20261122T080000", "2026112２T080000Z"] {
        let refused = send("OSS LTAI5tDemoRootKey:c2ln", date, "/", here);
        assert_eq!(
            refused.assert_oss_refused(403, "AccessDenied"),
            "OSS authentication requires a valid Date."
        );
    }
    send("", now, "/?OSSAccessKeyId=LTAI&Expires=soon&Signature=c2ln", here)
        .assert_oss_refused(403, "AccessDenied");
    send("", now, "/?OSSAccessKeyId=LTAI", here).assert_oss_refused(403, "AccessDenied");
    send("", now, "/?x-oss-credential=LTAI", here).assert_oss_refused(400, "InvalidArgument");
    let anonymous = send("", now, "/", "oss-cn-hangzhou.aliyuncs.com");
    assert_eq!(
        anonymous.assert_oss_refused(403, "AccessDenied"),
        "Anonymous access is forbidden for this operation."
    );
    // Without a signature only the host tells that it is OSS.
    assert_eq!(xml_text(&send("", now, "/", here).body, "Code"), "MissingAccessKeyId");
}

#[test]
fn temporary_keys_are_accepted_with_their_token_until_they_expire() {
    for form in OSS_FORMS {
        let lab = lab();
        let (night, day) = (session_of_role(&lab, "night"), session_of_role(&lab, "day"));
        let send = |actor: &Actor| actor.oss(&Oss { form, ..Oss::default() });
        let with = |token: Option<&str>| send(&Actor { token: token.map(str::to_owned), ..night.clone() });

        assert_eq!(listed_names(&send(&night)).len(), 2, "{form:?}");
        assert_eq!(
            with(None).assert_oss_refused(403, "InvalidAccessKeyId"),
            oss::ACCESS_KEY_NOT_FOUND.message
        );
        with(day.token.as_deref()).assert_oss_refused(403, "AccessKeyIdAndSecurityTokenNotMatch");
        with(Some("nonsense")).assert_oss_refused(403, "InvalidSecurityToken");
        send(&lab.root("demo").with_token("nonsense")).assert_oss_refused(403, "InvalidSecurityToken");
        lab.advance_clock("1h");
        send(&night).assert_oss_refused(403, "SecurityTokenExpired");
        assert_eq!(listed_names(&send(&day)).len(), 2);
    }
}

#[test]
fn users_do_what_their_policies_allow() {
    let lab = lab();
    let (ci, guest) = (lab.user("demo", "ci"), lab.user("demo", "guest"));
    let put = |actor: &Actor, bucket| actor.oss(&request_about("PUT", bucket, &[]));

    assert_eq!(listed_names(&list_buckets(&ci)), ["demo-data", "demo-logs"]);
    assert_eq!(
        list_buckets(&guest).assert_oss_refused(403, "AccessDenied"),
        "You are forbidden to list buckets."
    );
    assert_eq!(put(&ci, "ci-data").status, 200);
    let refused = put(&ci, "data");
    refused.assert_oss_refused(403, "AccessDenied");
    assert_eq!(xml_text(&refused.body, "EC"), "0003-00000001");
    let decision = lab.last_record().decision.clone().unwrap();
    let asked = decision.evaluated().unwrap();
    assert_eq!(
        (asked.action.as_str(), asked.resource.as_str()),
        ("oss:PutBucket", "acs:oss:*:1234567890123456:data")
    );
    // A parameter changes neither what is asked about nor what is done.
    ci.oss(&request_about("PUT", "data", &[("Bucket", "ci-data")])).assert_oss_refused(403, "AccessDenied");
    ci.oss(&request_about("GET", "demo-data", &[("bucketInfo", "")])).assert_oss_refused(403, "AccessDenied");
    assert_eq!(ci.oss(&request_about("GET", "ci-data", &[("bucketInfo", "")])).status, 200);
}

#[test]
fn the_refusal_for_a_foreign_bucket_depends_on_the_state_of_its_owner() {
    for (status, code) in [
        (Status::Normal, "AccessDenied"),
        (Status::Arrears, "AccessDenied"),
        (Status::ArrearsShutdown, "AbnormalBucketOwnerStatus"),
        (Status::RiskControlled, "AbnormalBucketOwnerStatus"),
        (Status::Closed, "AbnormalBucketOwnerStatus"),
    ] {
        let lab = lab();
        set_status(&lab, 1_234_567_890_123_457, status);
        for (method, query) in [("GET", &[("acl", "")][..]), ("DELETE", &[])] {
            lab.root("demo").oss(&request_about(method, "others-data", query)).assert_oss_refused(403, code);
        }
        assert_eq!(lab.world().state().accounts[&Uid(1_234_567_890_123_457)].buckets.len(), 1);
    }
}

#[test]
fn keys_of_a_disabled_or_closed_account_are_refused() {
    for (status, known) in
        [(Status::Disabled, &oss::ACCESS_KEY_DISABLED), (Status::Closed, &oss::ACCESS_KEY_NOT_FOUND)]
    {
        let lab = lab();
        set_status(&lab, 1_234_567_890_123_456, status);

        assert_eq!(
            list_buckets(&lab.root("demo")).assert_oss_refused(403, "InvalidAccessKeyId"),
            known.message
        );
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
        ("POST", "", "", &[], "PostService"),
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

#[test]
fn ec_numbers_match_the_documentation() {
    let ec = |known: &alimock::error::Known| oss::ec(known.code, known.message);

    assert_eq!(ec(&oss::REAL_NAME_REQUIRED), Some("0003-00000804"));
    assert_eq!(
        (ec(&oss::ACCESS_KEY_IMPOSSIBLE), ec(&oss::ACCESS_KEY_DISABLED)),
        (Some("0002-00000901"), Some("0002-00000903"))
    );
    assert_eq!((ec(&oss::ABNORMAL_OWNER), ec(&oss::ANONYMOUS)), (None, None));
}
