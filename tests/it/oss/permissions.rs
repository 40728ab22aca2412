//! Who may do what at OSS, and how it refuses. Source: docs/evidence/account.md 6.4.

use super::{lab, list_buckets, request_about, set_status};
use crate::support::doors::{listed_names, xml_text};
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
