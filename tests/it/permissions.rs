//! Permissions end to end: who may do what, how a refusal reads, audit mode and `explain`. The language itself is tested in
//! `policy`. Source: docs/evidence/policy.md sections 3 to 5.

use crate::support::live::Live;
use crate::support::{Actor, Lab};
use alimock::{Scenario, services};
use serde_json::{Value, json};

const USERS: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    policies:
      - name: ReadUsers
        document: {Version: "1", Statement: [{Effect: Allow, Action: ["ram:GetUser", "ram:ListUsers"], Resource: "acs:ram::1234567890123456:user/*"}]}
      - name: NoBoss
        document: {Version: "1", Statement: [{Effect: Deny, Action: "ram:*", Resource: "acs:ram:*:*:user/Boss"}]}
      - name: FromOffice
        document: {Version: "1", Statement: [{Effect: Allow, Action: "*", Resource: "*", Condition: {IpAddress: {acs:SourceIp: 10.0.0.0/8}}}]}
      - name: NoEcs
        document: {Version: "1", Statement: [{Effect: Deny, Action: "ecs:*", Resource: "*"}]}
    groups: [{name: Readers, policies: [ReadUsers]}]
    users:
      - {name: boss}
      - {name: reader, groups: [Readers], policies: [NoBoss], keys: [{}]}
      - {name: admin, policies: [AdministratorAccess, NoEcs], keys: [{}]}
      - {name: roamer, policies: [FromOffice], keys: [{}]}
      - {name: nobody, keys: [{}]}
"#;

fn attach_policy(root: &Actor, user: &str, policy: &str) {
    let params = [("UserName", user), ("PolicyType", "Custom"), ("PolicyName", policy)];
    root.ram("AttachPolicyToUser", &params).assert_ok();
}

#[test]
fn a_group_gives_permissions_and_a_deny_takes_them_for_one_resource() {
    let lab = Lab::with_scenario(USERS);
    let reader = lab.user("demo", "reader");

    reader.ram("ListUsers", &[]).assert_ok();
    reader.ram("GetUser", &[("UserName", "admin")]).assert_ok();
    let refused = reader.ram("GetUser", &[("UserName", "BOSS")]);

    let message = refused.assert_refused(403, "NoPermission");
    let expected = "You are not authorized to do this action. Resource: acs:ram:*:1234567890123456:user/BOSS Action: ram:GetUser";
    assert_eq!(message, expected);
    let detail = refused.json()["AccessDeniedDetail"].clone();
    assert_eq!(detail["NoPermissionType"], "ExplicitDeny");
    reader.ram("DeleteUser", &[("UserName", "admin")]).assert_refused(403, "NoPermission");
}

#[test]
fn permissions_follow_the_attached_policies() {
    let lab = Lab::with_scenario(USERS);
    let (root, nobody) = (lab.root("demo"), lab.user("demo", "nobody"));
    let list = || nobody.ram("ListUsers", &[]).status;
    let member = [("UserName", "nobody"), ("GroupName", "Readers")];

    assert_eq!(list(), 403);
    attach_policy(&root, "nobody", "ReadUsers");
    assert_eq!(list(), 200);
    root.ram(
        "DetachPolicyFromUser",
        &[("UserName", "nobody"), ("PolicyType", "Custom"), ("PolicyName", "ReadUsers")],
    )
    .assert_ok();
    assert_eq!(list(), 403);
    root.ram("AddUserToGroup", &member).assert_ok();
    assert_eq!(list(), 200);
    let narrower =
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:GetUser","Resource":"*"}]}"#;
    let version = [("PolicyName", "ReadUsers"), ("PolicyDocument", narrower)];
    root.ram("CreatePolicyVersion", &version).assert_ok();
    assert_eq!(list(), 200);
    root.ram("SetDefaultPolicyVersion", &[("PolicyName", "ReadUsers"), ("VersionId", "v2")]).assert_ok();
    assert_eq!(list(), 403);
    root.ram("SetDefaultPolicyVersion", &[("PolicyName", "ReadUsers"), ("VersionId", "v1")]).assert_ok();
    root.ram("RemoveUserFromGroup", &member).assert_ok();
    assert_eq!(list(), 403);
}

#[test]
fn an_action_that_names_two_things_needs_permission_for_both() {
    let lab = Lab::with_scenario(USERS);
    let root = lab.root("demo");
    let on_users = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:AddUserToGroup","Resource":"acs:ram::*:user/*"}]}"#;
    root.ram("CreatePolicy", &[("PolicyName", "OnUsers"), ("PolicyDocument", on_users)]).assert_ok();
    attach_policy(&root, "nobody", "OnUsers");

    let refused =
        lab.user("demo", "nobody").ram("AddUserToGroup", &[("UserName", "boss"), ("GroupName", "Readers")]);

    assert!(refused.assert_refused(403, "NoPermission").contains("group/Readers"));
}

#[test]
fn any_action_of_any_product_can_be_denied_before_it_is_not_found() {
    let lab = Lab::with_scenario(USERS);
    let admin = lab.user("demo", "admin");

    admin.ecs("StopInstances", &[]).assert_refused(403, "Forbidden.RAM");
    admin.call("2019-03-07", "DescribeFaceVerify", &[]).assert_refused(404, "InvalidAction.NotFound");
    lab.root("demo").ecs("StopInstances", &[]).assert_refused(400, "InvalidParameter");
}

#[test]
fn conditions_see_the_address_of_the_client() {
    let lab = Lab::with_scenario(USERS);
    let from = |ip: &str| {
        let request = lab.user("demo", "roamer").request("2015-05-01", "ListUsers", &[]);
        lab.gateway.handle(&request, ip.parse().unwrap()).status().as_u16()
    };

    assert_eq!(from("192.168.1.1"), 403);
    assert_eq!(from("::ffff:10.1.2.3"), 200);
}

#[test]
fn tags_of_roles_are_conditions() {
    let lab = Lab::with_scenario(USERS);
    let root = lab.root("demo");
    let by_tag = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:*","Resource":"*","Condition":{"StringEquals":{"acs:ResourceTag/team":"a"}}},{"Effect":"Allow","Action":"ram:CreateRole","Resource":"*","Condition":{"StringEquals":{"acs:RequestTag/team":"a"}}}]}"#;
    root.ram("CreatePolicy", &[("PolicyName", "TeamA"), ("PolicyDocument", by_tag)]).assert_ok();
    attach_policy(&root, "nobody", "TeamA");
    let nobody = lab.user("demo", "nobody");
    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ecs.aliyuncs.com"}}]}"#;
    let make = |name: &str, tag: &str| {
        nobody
            .ram("CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", trust), ("Tag", tag)])
            .status
    };

    assert_eq!(make("one", r#"[{"Key":"team","Value":"a"}]"#), 200);
    assert_eq!(make("two", r#"[{"Key":"team","Value":"b"}]"#), 403);
    nobody.ram("GetRole", &[("RoleName", "one")]).assert_ok();
    root.ram(
        "TagResources",
        &[
            ("ResourceType", "role"),
            ("ResourceNames", r#"["one"]"#),
            ("Tag", r#"[{"Key":"team","Value":"b"}]"#),
        ],
    )
    .assert_ok();
    nobody.ram("GetRole", &[("RoleName", "one")]).assert_refused(403, "NoPermission");
}

#[test]
fn a_policy_for_a_resource_group_counts_for_calls_that_name_it_and_an_account_allow_wins_over_its_deny() {
    let groups = "    resourceGroups: [{name: one, id: rg-1}, {name: two, id: rg-2}]\n";
    let lab = Lab::with_scenario(&format!("{USERS}{groups}"));
    let root = lab.root("demo");
    let attach = |user: &str, policy: &str| {
        let params = [
            ("UserName", user),
            ("PolicyType", "Custom"),
            ("PolicyName", policy),
            ("ResourceGroupId", "rg-1"),
        ];
        root.ram("AttachPolicyToUser", &params).assert_ok();
    };
    attach("nobody", "ReadUsers");
    attach("nobody", "NoEcs");
    let nobody = lab.user("demo", "nobody");

    nobody.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    nobody.ram("ListUsers", &[("ResourceGroupId", "rg-2")]).assert_refused(403, "NoPermission");
    nobody.ram("ListUsers", &[("ResourceGroupId", "rg-1")]).assert_ok();
    let listed = root.ram("ListPoliciesForUser", &[("UserName", "nobody")]).assert_ok();
    assert_eq!(listed["Policies"]["Policy"], json!([]));
    let full = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}"#;
    root.ram("CreatePolicy", &[("PolicyName", "FullEcs"), ("PolicyDocument", full)]).assert_ok();
    nobody.ecs("StopInstances", &[("ResourceGroupId", "rg-1")]).assert_refused(403, "Forbidden.RAM");
    root.ram(
        "AttachPolicyToUser",
        &[("UserName", "nobody"), ("PolicyType", "Custom"), ("PolicyName", "FullEcs")],
    )
    .assert_ok();
    nobody.ecs("StopInstances", &[("ResourceGroupId", "rg-1")]).assert_refused(400, "InvalidParameter");
}

#[test]
fn audit_lets_through_and_says_so_in_the_journal() {
    let lab = Lab::with_scenario(&format!("permissions: audit\n{USERS}"));
    let nobody = lab.user("demo", "nobody");

    nobody.ram("CreateUser", &[("UserName", "made-in-audit")]).assert_ok();

    let decision = lab.last_record().decision.clone().unwrap();
    assert!(!decision.allowed());
    assert_eq!(decision.reason(), "implicit deny: no policy allows it");
}

fn live() -> Live {
    Live::with_scenario(Scenario::parse(USERS).unwrap())
}

#[test]
fn explain_shows_what_every_statement_says() {
    let live = live();
    let question = json!({
        "account": "1234567890123456", "user": "reader", "action": "ram:GetUser",
        "resource": "acs:ram:*:1234567890123456:user/boss",
    });

    let (status, answer) = live.control("POST", "/worlds/default/explain", &question.to_string());

    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["decision"]["allowed"], false);
    assert_eq!(answer["decision"]["reason"], "explicit deny: by policy NoBoss of RamUser");
    let rows: Vec<_> = answer["statements"].as_array().unwrap().iter().map(row).collect();
    assert_eq!(
        rows,
        [
            ("NoBoss".to_owned(), "RamUser".to_owned(), "Deny".to_owned(), true),
            ("ReadUsers".to_owned(), "RamGroup".to_owned(), "Allow".to_owned(), true),
        ]
    );
}

fn row(statement: &Value) -> (String, String, String, bool) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let policy = &statement["policy"];
    let applies = statement["applies"].as_bool().unwrap();
    (text(&policy["policy"]), text(&policy["attachedTo"]), text(&statement["effect"]), applies)
}

#[test]
fn explain_takes_conditions_roles_and_trust() {
    let live = live();
    let ask = |question: Value| live.control("POST", "/worlds/default/explain", &question.to_string()).1;
    let roamer = |ip: &str| {
        json!({
            "account": "1234567890123456", "user": "roamer", "action": "oss:GetObject", "context": {"acs:SourceIp": ip},
        })
    };

    assert_eq!(ask(roamer("10.9.9.9"))["decision"]["allowed"], true);
    let outside = ask(roamer("11.9.9.9"));
    assert_eq!(outside["statements"][0]["why"], "the condition IpAddress of acs:SourceIp is not met");
    let nobody = ask(json!({"action": "ram:GetUser"}));
    assert_eq!(nobody["error"]["code"], "no_caller");
    let missing = ask(json!({"account": "1234567890123456", "role": "none", "action": "ram:GetUser"}));
    assert_eq!(missing["error"]["code"], "role_not_found");
}

#[test]
fn enforcement_is_switched_over_the_control_api() {
    let live = live();

    assert_eq!(live.control("GET", "/worlds/default/permissions", "").1, json!({"mode": "enforce"}));
    let (status, set) = live.control("PUT", "/worlds/default/permissions", r#"{"mode": "audit"}"#);

    assert_eq!((status, set), (200, json!({"mode": "audit"})));
    assert_eq!(live.control("GET", "/worlds/default/permissions", "").1, json!({"mode": "audit"}));
    assert_eq!(live.control("PUT", "/worlds/default/permissions", r#"{"mode": "off"}"#).0, 400);
}

#[test]
fn coverage_counts_outcomes_and_forgets_them_with_a_reset_but_not_for_the_server() {
    let live = live();
    let call = "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON";
    assert_eq!(live.post_form(call).0, 400);
    let row = json!({
        "product": "Sts", "action": "AssumeRoleWithOIDC", "succeeded": 0, "refused": {"MissingRoleSessionName": 1},
    });
    let covered = |path: &str| live.control("GET", path, "").1["operations"].clone();

    assert_eq!(covered("/worlds/default/coverage"), json!([row]));
    assert_eq!(live.control("POST", "/worlds/default/reset", "").0, 204);

    assert_eq!(covered("/worlds/default/coverage"), json!([]));
    assert_eq!(covered("/coverage"), json!([row]));
}

#[test]
fn coverage_lists_uncalled_actions_and_error_codes_that_occurred() {
    let live = live();
    let covered = || live.control("GET", "/worlds/default/coverage", "").1;
    let before = covered();
    assert_eq!(live.post_form("Action=GetCallerIdentity&Version=2015-04-01&Format=JSON").0, 400);

    let after = covered();

    let uncalled = |covered: &serde_json::Value| covered["uncalled"].as_array().unwrap().len();
    assert_eq!(
        (uncalled(&before), uncalled(&after)),
        (services::operations().count(), uncalled(&before) - 1)
    );
    assert!(!after["uncalled"].as_array().unwrap().contains(&json!("Sts.GetCallerIdentity")), "{after}");
    assert_eq!(
        (&before["codes"]["met"], &after["codes"]["met"]),
        (&json!([]), &json!(["MissingAccessKeyId"]))
    );
    assert!(after["codes"]["of"].as_u64().unwrap() > 50, "{after}");
}

const DELEGATES: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    policies:
      - name: ServiceRoles
        document: {Version: "1", Statement: [{Effect: Allow, Action: ["ram:CreateRole", "ram:UpdateRole", "ram:AttachPolicyToRole"],
          Resource: "*", Condition: {"ForAllValues:StringEquals": {"ram:TrustedPrincipalTypes": Service}}}]}
      - name: EcsOnly
        document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:CreateRole", Resource: "acs:ram:*:*:role/*",
          Condition: {StringEquals: {"ram:ServiceNames": ecs.aliyuncs.com}}}]}
      - name: EcsAlone
        document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:CreateRole", Resource: "acs:ram:*:*:role/*",
          Condition: {"ForAllValues:StringEquals": {"ram:ServiceNames": ecs.aliyuncs.com}}}]}
    users:
      - {name: delegate, policies: [ServiceRoles], keys: [{}]}
      - {name: ecsonly, policies: [EcsOnly], keys: [{}]}
      - {name: ecsalone, policies: [EcsAlone], keys: [{}]}
    roles:
      - {name: worker, trust: {Service: [ecs.aliyuncs.com]}}
      - {name: people, trust: {RAM: [root]}}
"#;

fn trusting(principal: &Value) -> String {
    let statement = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal});
    json!({"Version": "1", "Statement": [statement]}).to_string()
}

#[test]
fn the_kind_of_the_principals_of_a_role_is_a_condition_key() {
    // alibabacloud-automation/terraform-alicloud-ram-policy; the page of CreateRole names both keys.
    let lab = Lab::with_scenario(DELEGATES);
    let create = |user: &str, name: &str, principal: Value| {
        let trust = trusting(&principal);
        let params = [("RoleName", name), ("AssumeRolePolicyDocument", trust.as_str())];
        lab.user("demo", user).ram("CreateRole", &params).status
    };
    let other = || json!({"RAM": ["acs:ram::1111222233334444:root"]});
    let service = |names: &[&str]| json!({"Service": names});

    assert_eq!(create("delegate", "for-ecs", service(&["ecs.aliyuncs.com"])), 200);
    assert_eq!(create("delegate", "backdoor", other()), 403);
    assert_eq!(create("delegate", "both", json!({"Service": "ecs.aliyuncs.com", "RAM": "*"})), 403);
    assert_eq!(create("delegate", "all", json!("*")), 403);
    assert_eq!(create("ecsonly", "ecs-2", service(&["ecs.aliyuncs.com"])), 200);
    assert_eq!(create("ecsonly", "for-fc", service(&["fc.aliyuncs.com"])), 403);
    assert_eq!(create("ecsalone", "ecs-3", service(&["ecs.aliyuncs.com"])), 200);
    assert_eq!(create("ecsalone", "ecs-and-fc", service(&["ecs.aliyuncs.com", "fc.aliyuncs.com"])), 403);
    assert_eq!(create("ecsalone", "people-2", other()), 403);
}

#[test]
fn the_keys_of_a_trust_policy_are_there_when_a_role_changes_or_gets_a_policy() {
    let lab = Lab::with_scenario(DELEGATES);
    let delegate = lab.user("demo", "delegate");
    let attach = |role: &str| {
        let params = [("RoleName", role), ("PolicyType", "System"), ("PolicyName", "AliyunOSSFullAccess")];
        delegate.ram("AttachPolicyToRole", &params).status
    };
    assert_eq!((attach("worker"), attach("people")), (200, 403));
    let describe =
        |role: &str| delegate.ram("UpdateRole", &[("RoleName", role), ("NewDescription", "x")]).status;
    assert_eq!((describe("worker"), describe("people")), (200, 403));
    let open = trusting(&json!({"RAM": ["*"]}));
    let params = [("RoleName", "worker"), ("NewAssumeRolePolicyDocument", open.as_str())];
    delegate.ram("UpdateRole", &params).assert_refused(403, "NoPermission");
}

#[test]
fn products_refuse_a_missing_permission_each_in_its_own_words() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, uid: 1234567890120001, users: [{name: nobody, keys: [{}]}]}]",
    );
    let nobody = lab.user("demo", "nobody");
    let ram = "User not authorized to operate on the specified resource, or this API doesn't support RAM.";
    let known = "User not authorized to operate on the specified resource.";
    let kms = "This operation for acs:kms:*:1234567890120001:* is forbidden by permission system.";

    for (version, action, status, code, text) in [
        ("2015-01-09", "DescribeDomainRecords", 400, "Forbidden.RAM", ram),
        ("2018-05-10", "DescribeUserDomains", 403, "Forbidden.RAM", ram),
        ("2014-05-15", "UploadServerCertificate", 403, "Forbidden", known),
        (
            "2022-04-30",
            "ListLoadBalancers",
            403,
            "Forbidden.NoPermission",
            "Authentication is failed for NoPermission.",
        ),
        ("2016-01-20", "Encrypt", 403, "Forbidden.NoPermission", kms),
    ] {
        let reply = nobody.call(version, action, &[]);
        assert_eq!(reply.assert_refused(status, code), text, "{action}");
        let detail = &reply.json()["AccessDeniedDetail"];
        assert_eq!(detail["AuthPrincipalType"], "SubUser", "{action}");
    }
}
