//! Who may do what at OSS, and how it refuses. Source: docs/evidence/account.md 6.4.

use super::{lab, list_buckets, request_about, set_status};
use crate::support::doors::{Oss, OssForm, listed_names, xml_text};
use crate::support::{Actor, Lab, xml};
use alimock::text::Uid;
use alimock::world::account::Status;

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
    assert_eq!(
        refused.assert_oss_refused(403, "AccessDenied"),
        "The bucket you access does not belong to you."
    );
    assert_eq!(xml_text(&refused.body, "EC"), "0003-00000001");
    assert_eq!(xml_text(&refused.body, "NoPermissionType"), "ImplicitDeny");
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

/// Source: help.aliyun.com/en/oss/user-guide/0003-00000201.
#[test]
fn an_explicit_deny_is_told_from_a_missing_permission() {
    let policies = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    policies:
      - {name: All, document: {Version: "1", Statement: [{Effect: Allow, Action: "oss:*", Resource: "*"}]}}
      - {name: NoAcl, document: {Version: "1", Statement: [{Effect: Deny, Action: "oss:GetBucketAcl", Resource: "acs:oss:*:*:demo-data"}]}}
    users: [{name: ci, policies: [All, NoAcl], keys: [{}]}]
    buckets: [{name: demo-data}]
"#;
    let lab = Lab::with_scenario(policies);
    let ci = lab.user("demo", "ci");

    let denied = ci.oss(&request_about("GET", "demo-data", &[("acl", "")]));

    assert_eq!(denied.assert_oss_refused(403, "AccessDenied"), "Access denied by bucket policy.");
    let error = xml::parse(&denied.body);
    let names = error.children.iter().map(|child| child.name.as_str()).collect::<Vec<_>>();
    let wanted = [
        "Code",
        "Message",
        "RequestId",
        "HostId",
        "AccessDeniedDetail",
        "Bucket",
        "User",
        "EC",
        "RecommendDoc",
    ];
    assert_eq!(names, wanted);
    let detail = &error.children[4].children;
    let names = detail.iter().map(|child| child.name.as_str()).collect::<Vec<_>>();
    let wanted = [
        "PolicyType",
        "AuthPrincipalOwnerId",
        "AuthPrincipalType",
        "AuthPrincipalDisplayName",
        "NoPermissionType",
        "AuthAction",
        "EncodedDiagnosticMessage",
    ];
    assert_eq!(names, wanted);
    let text = |name| xml_text(&denied.body, name);
    assert_eq!(
        (text("NoPermissionType"), text("AuthAction")),
        ("ExplicitDeny".into(), "oss:GetBucketAcl".into())
    );
    assert_eq!((text("Bucket"), text("EC")), ("demo-data".into(), "0003-00000201".into()));
    assert_eq!(text("User"), text("AuthPrincipalDisplayName"));
    assert_eq!(ci.oss(&request_about("GET", "demo-data", &[("bucketInfo", "")])).status, 200);
}

const FOLDERS: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    realName: {status: VERIFIED}
    keys: [{}]
    roles: [{name: app, trust: {RAM: [user/server]}, policies: [OssAll]}]
    users:
      - {name: server, policies: [AliyunSTSAssumeRoleAccess], keys: [{}]}
      - {name: folder, policies: [Folder], keys: [{}]}
      - {name: kept-out, policies: [OssAll, NoSecrets, NoPublic], keys: [{}]}
      - {name: guest, keys: [{}]}
    policies:
      - {name: OssAll, document: {Version: "1", Statement: [{Effect: Allow, Action: "oss:*", Resource: "*"}]}}
      - {name: NoSecrets, document: {Version: "1", Statement: [{Effect: Deny, Action: "oss:*", Resource: ["acs:oss:*:*:photos/secret/*"]}]}}
      - name: NoPublic
        document:
          Version: "1"
          Statement:
            - {Effect: Deny, Action: ["oss:PutBucket", "oss:PutBucketAcl"], Resource: "*", Condition: {StringNotEquals: {"oss:x-oss-acl": private}}}
            - {Effect: Deny, Action: ["oss:PutObject", "oss:PutObjectAcl"], Resource: "*", Condition: {StringNotEquals: {"oss:x-oss-object-acl": [private, default]}}}
      - name: Folder
        document:
          Version: "1"
          Statement:
            - {Effect: Allow, Action: ["oss:GetObject", "oss:PutObject"], Resource: ["acs:oss:*:*:photos/hangzhou/*"]}
            - {Effect: Allow, Action: ["oss:ListObjects"], Resource: ["acs:oss:*:*:photos"], Condition: {StringLike: {"oss:Prefix": ["hangzhou/*"]}}}
    buckets: [{name: photos}, {name: shown, acl: public-read}, {name: open, acl: public-read-write}]
  - {name: other, uid: 1234567890123457, keys: [{}], buckets: [{name: others-private}, {name: others-shown, acl: public-read}]}
"#;

/// A request that policies are asked about: method, object, parameters, headers.
type Request<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a [(&'a str, &'a str)]);

/// Returns the text of the refusal, or nothing if only the missing implementation stopped the request.
#[track_caller]
fn refused(actor: &Actor, bucket: &str, (method, key, query, headers): Request<'_>) -> Option<String> {
    let call = Oss { form: OssForm::V4, key, headers, ..request_about(method, bucket, query) };
    let reply = actor.oss(&call);
    match xml_text(&reply.body, "Code").as_str() {
        "NotImplemented" => None,
        _ => Some(reply.assert_oss_refused(403, "AccessDenied")),
    }
}

#[test]
fn policies_are_asked_about_the_object_and_the_prefix() {
    let lab = Lab::with_scenario(FOLDERS);
    let folder = lab.user("demo", "folder");
    let object = Some("You have no right to access this object because of bucket acl.".to_owned());
    let bucket = Some("The bucket you access does not belong to you.".to_owned());
    let within = &[("prefix", "hangzhou/2015")][..];
    let copy = |source| [("x-oss-copy-source", source)];
    for (request, wanted) in [
        (("PUT", "hangzhou/a.jpg", &[][..], &[][..]), None),
        (("GET", "hangzhou/a.jpg", &[], &[]), None),
        (("HEAD", "hangzhou/a%20b.jpg", &[], &[]), None),
        (("PUT", "beijing/a.jpg", &[], &[]), object.clone()),
        (("POST", "hangzhou/a.jpg", &[("uploads", "")], &[]), None),
        (("POST", "beijing/a.jpg", &[("uploads", "")], &[]), object.clone()),
        (("PUT", "hangzhou/a.jpg", &[("partNumber", "1"), ("uploadId", "u")], &[]), None),
        // Other actions than the policy allows.
        (("DELETE", "hangzhou/a.jpg", &[("uploadId", "u")], &[]), object.clone()),
        (("DELETE", "hangzhou/a.jpg", &[], &[]), object.clone()),
        (("GET", "hangzhou/a.jpg", &[("acl", "")], &[]), object.clone()),
        (("GET", "hangzhou/a.jpg", &[("versionId", "v1")], &[]), object.clone()),
        (("PUT", "hangzhou/a.jpg", &[], &[("x-oss-tagging", "a=b")]), object.clone()),
        // A copy reads its source.
        (("PUT", "hangzhou/b.jpg", &[], &copy("/photos/hangzhou/a.jpg")), None),
        (("PUT", "hangzhou/b.jpg", &[], &copy("/photos/beijing/a.jpg")), object.clone()),
        (("GET", "", within, &[]), None),
        (("GET", "", &[("list-type", "2"), ("prefix", "hangzhou/2015")], &[]), None),
        (("GET", "", &[("list-type", "2")], &[]), bucket.clone()),
        (("GET", "", &[("prefix", "beijing/")], &[]), bucket.clone()),
        (("GET", "", &[("versions", ""), ("prefix", "hangzhou/2015")], &[]), bucket),
    ] {
        if request.0 != "HEAD" {
            assert_eq!(refused(&folder, "photos", request), wanted, "{request:?}");
            continue;
        }
        let (method, key, query, _) = request;
        let head = folder.oss(&Oss { key, form: OssForm::V4, ..request_about(method, "photos", query) });
        assert_eq!(head.status, 400, "{request:?}");
    }
    let decision = lab.last_record().decision.clone().unwrap();
    let asked = decision.evaluated().unwrap();
    assert_eq!(
        (&*asked.action, &*asked.resource),
        ("oss:ListObjectVersions", "acs:oss:*:1234567890123456:photos")
    );
}

#[test]
fn a_deny_wins_and_a_missing_acl_counts_as_the_default() {
    let lab = Lab::with_scenario(FOLDERS);
    let ask = |request| refused(&lab.user("demo", "kept-out"), "photos", request);
    let denied = Some("Access denied by bucket policy.".to_owned());

    assert_eq!(ask(("PUT", "a.jpg", &[], &[])), None);
    assert_eq!(ask(("PUT", "secret/a.jpg", &[], &[])), denied);
    assert_eq!(ask(("PUT", "a.jpg", &[], &[("x-oss-object-acl", "public-read")])), denied);
    assert_eq!(ask(("PUT", "a.jpg", &[], &[("x-oss-object-acl", "private")])), None);
    assert_eq!(ask(("PUT", "", &[("acl", "")], &[("x-oss-acl", "public-read")])), denied);
}

#[test]
fn each_deleted_object_needs_permission() {
    let lab = Lab::with_scenario(FOLDERS);
    let delete = |keys: &[&str]| {
        let objects: String = keys.iter().map(|key| format!("<Object><Key>{key}</Key></Object>")).collect();
        let body = format!("<Delete><Quiet>true</Quiet>{objects}</Delete>");
        let call =
            Oss { body: &body, form: OssForm::V4, ..request_about("POST", "photos", &[("delete", "")]) };
        xml_text(&lab.user("demo", "kept-out").oss(&call).body, "Code")
    };

    assert_eq!(delete(&["a.jpg", "b.jpg"]), "NotImplemented");
    assert_eq!(lab.last_record().action, "DeleteMultipleObjects");
    assert_eq!(delete(&["a.jpg", "secret/b.jpg"]), "AccessDenied");
    assert_eq!(delete(&[]), "MalformedXML");
    assert_eq!(delete(&["a.jpg"; 1001]), "MalformedXML");
}

#[test]
fn the_policy_of_a_session_refuses_in_its_own_words() {
    let lab = Lab::with_scenario(FOLDERS);
    let policy = r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["oss:PutObject"], "Resource": ["acs:oss:*:*:photos/usr001/*"]}]}"#;
    let params = [
        ("RoleArn", "acs:ram::1234567890123456:role/app"),
        ("RoleSessionName", "usr001"),
        ("Policy", policy),
    ];
    let body = lab.user("demo", "server").sts("AssumeRole", &params).assert_ok();
    let given = |name: &str| body["Credentials"][name].as_str().unwrap().to_owned();
    let session =
        lab.actor(&given("AccessKeyId"), &given("AccessKeySecret")).with_token(&given("SecurityToken"));
    let put = |key| session.oss(&Oss { key, ..request_about("PUT", "photos", &[]) });

    put("usr001/a.jpg").assert_oss_refused(400, "NotImplemented");
    let outside = put("usr002/a.jpg");
    let text = outside.assert_oss_refused(403, "AccessDenied");
    assert_eq!(
        (text.as_str(), &*xml_text(&outside.body, "EC")),
        ("Access denied by authorizer's policy.", "0003-00000301")
    );
}

#[test]
fn the_acl_of_a_bucket_opens_its_objects() {
    let lab = Lab::with_scenario(FOLDERS);
    let guest = lab.user("demo", "guest");
    let anonymous = |method: &str, bucket: &str, key: &str| {
        let host = format!("{bucket}.oss-cn-hangzhou.aliyuncs.com");
        let request = http::Request::builder().method(method).uri(format!("/{key}")).header("host", host);
        xml_text(&lab.send(&request.body(bytes::Bytes::new()).unwrap()).body, "Message")
    };
    let object = "You have no right to access this object because of bucket acl.";
    let other = lab.root("other");

    for (bucket, may_read, may_write) in
        [("photos", false, false), ("shown", true, false), ("open", true, true)]
    {
        assert_eq!(refused(&guest, bucket, ("GET", "a", &[], &[])).is_none(), may_read, "{bucket}");
        assert_eq!(refused(&guest, bucket, ("PUT", "a", &[], &[])).is_none(), may_write, "{bucket}");
        assert_eq!(refused(&other, bucket, ("PUT", "a", &[], &[])).is_none(), may_write, "{bucket}");
        assert_eq!(anonymous("GET", bucket, "a") != object, may_read, "{bucket}");
        assert_eq!(anonymous("PUT", bucket, "a") != object, may_write, "{bucket}");
        assert_eq!(anonymous("GET", bucket, ""), "Anonymous access is forbidden for this operation.");
        assert!(refused(&guest, bucket, ("GET", "", &[], &[])).is_some());
    }
    let root = lab.root("demo");
    assert_eq!(refused(&root, "others-private", ("GET", "a", &[], &[])).as_deref(), Some(object));
    assert_eq!(refused(&root, "others-shown", ("GET", "a", &[], &[])), None);
    let listed = refused(&root, "others-shown", ("GET", "", &[], &[]));
    assert_eq!(listed.as_deref(), Some("The bucket you access does not belong to you."));
    root.oss(&request_about("GET", "nowhere", &[])).assert_oss_refused(404, "NoSuchBucket");
}
