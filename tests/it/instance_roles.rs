//! RAM roles of the instance, by the API of ECS. Source: AlibabaCloudDocs/ecs, "AttachInstanceRamRole".

use crate::metadata::{OnIt, ROLES, actor_with_credentials, lab_with_instance};
use crate::support::{Actor, Lab, Reply};
use alimock::scenario::Export;
use insta::assert_snapshot;
use serde_json::json;

const INSTANCE: &str = "{account: shop, id: i-bp1abc}";
const IDS: (&str, &str) = ("InstanceIds", r#"["i-bp1abc"]"#);

fn call(who: &Actor, action: &str, role: &str, more: &[(&str, &str)]) -> Reply {
    let mut params =
        std::collections::BTreeMap::from([("RegionId", "cn-hangzhou"), IDS, ("RamRoleName", role)]);
    params.extend(more.iter().copied());
    params.retain(|_, value| *value != "-");
    who.ecs(action, &params.into_iter().collect::<Vec<_>>())
}

fn attach(who: &Actor, role: &str, more: &[(&str, &str)]) -> Reply {
    call(who, "AttachInstanceRamRole", role, more)
}

#[test]
fn an_attached_role_has_credentials_at_once_and_a_detached_one_none() {
    let lab = lab_with_instance(INSTANCE);
    let (root, on_it) = (lab.root("shop"), OnIt(&lab));
    assert_eq!(on_it.get(ROLES).status, 404);

    assert_snapshot!(attach(&root, "EcsRole", &[]).one_field_a_line(), @r#"
    {
    "RequestId":"87DC7C3E-F265-5C03-8FD8-58D7DDA37D42",
    "TotalCount":1,
    "FailCount":0,
    "RamRoleName":"EcsRole",
    "AttachInstanceRamRoleResults":{
    "AttachInstanceRamRoleResult":[{
    "InstanceId":"i-bp1abc",
    "Code":"200",
    "Message":"success",
    "Success":true}]}}
    "#);

    assert_eq!(on_it.get(ROLES).body, "EcsRole");
    actor_with_credentials(&lab, &on_it.credentials()).ram("ListUsers", &[]).assert_ok();
    assert_snapshot!(call(&root, "DescribeInstanceRamRole", "-", &[]).one_field_a_line(), @r#"
    {
    "RequestId":"A0ECAA54-7E35-54CC-B4F3-C575746D390B",
    "RegionId":"cn-hangzhou",
    "TotalCount":1,
    "InstanceRamRoleSets":{
    "InstanceRamRoleSet":[{
    "InstanceId":"i-bp1abc",
    "RamRoleName":"EcsRole"}]}}
    "#);
    assert_snapshot!(call(&root, "DetachInstanceRamRole", "EcsRole", &[]).one_field_a_line(), @r#"
    {
    "RequestId":"2043CD2A-CFBF-5FE0-8FDD-AFCD92FBC188",
    "TotalCount":1,
    "FailCount":0,
    "RamRoleName":"EcsRole",
    "DetachInstanceRamRoleResults":{
    "DetachInstanceRamRoleResult":[{
    "InstanceId":"i-bp1abc",
    "Code":"200",
    "Message":"success",
    "Success":true,
    "InstanceRamRoleSets":{
    "InstanceRamRoleSet":[{
    "InstanceId":"i-bp1abc",
    "RamRoleName":"EcsRole"}]}}]}}
    "#);
    assert_eq!(on_it.get(ROLES).status, 404);
    let described = call(&root, "DescribeInstanceRamRole", "-", &[]).assert_ok();
    let rows = &described["InstanceRamRoleSets"]["InstanceRamRoleSet"];
    assert_eq!(*rows, json!([{"InstanceId": "i-bp1abc"}]));
    let by_role = call(&root, "DescribeInstanceRamRole", "EcsRole", &[("InstanceIds", "-")]).assert_ok();
    assert_eq!(by_role["TotalCount"], 0);
}

#[test]
fn a_policy_narrows_the_role_and_survives_an_export() {
    let lab = lab_with_instance(INSTANCE);
    let (root, on_it) = (lab.root("shop"), OnIt(&lab));
    attach(&root, "EcsRole", &[]).assert_ok();
    let before = actor_with_credentials(&lab, &on_it.credentials());
    let policy = r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:ListGroups", "Resource": "*"}]}"#;

    attach(&root, "EcsRole", &[("Policy", policy)]).assert_ok();

    let after = actor_with_credentials(&lab, &on_it.credentials());
    after.ram("ListGroups", &[]).assert_ok();
    after.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    before.ram("ListUsers", &[]).assert_ok();
    let text = Export::present(lab.world()).yaml();
    let again =
        Lab::with_seed(&alimock::Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")));
    assert_eq!(Export::present(again.world()).yaml(), text);
    let narrowed = actor_with_credentials(&again, &OnIt(&again).credentials());
    narrowed.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    call(&root, "DetachInstanceRamRole", "-", &[]).assert_ok();
    attach(&root, "EcsRole", &[]).assert_ok();
    actor_with_credentials(&lab, &on_it.credentials()).ram("ListUsers", &[]).assert_ok();
}

#[test]
fn a_second_role_is_a_failure_of_the_result() {
    let lab = lab_with_instance(INSTANCE);
    let root = lab.root("shop");
    attach(&root, "EcsRole", &[]).assert_ok();

    let reply = attach(&root, "Other", &[]).assert_ok();

    let result = &reply["AttachInstanceRamRoleResults"]["AttachInstanceRamRoleResult"][0];
    assert_eq!((&reply["FailCount"], &result["Success"]), (&json!(1), &json!(false)));
    assert_eq!(OnIt(&lab).get(ROLES).body, "EcsRole");
    let reply = call(&root, "DetachInstanceRamRole", "Other", &[]).assert_ok();
    assert_eq!((&reply["TotalCount"], &reply["FailCount"]), (&json!(1), &json!(1)));
    assert_eq!(OnIt(&lab).get(ROLES).body, "EcsRole");
}

#[test]
fn wrong_requests_are_refused_with_documented_codes_and_change_nothing() {
    let lab = lab_with_instance(INSTANCE);
    let root = lab.root("shop");
    let before = lab.world().state().version;
    for (role, more, status, code) in [
        ("EcsRole", ("RegionId", "cn-atlantis"), 404, "InvalidRegionId.NotFound"),
        ("EcsRole", ("RegionId", "cn-beijing"), 404, "InvalidInstanceId.NotFound"),
        ("EcsRole", ("RegionId", "-"), 400, "MissingParameter"),
        ("EcsRole", ("InstanceIds", "-"), 400, "MissingParameter"),
        ("-", IDS, 400, "MissingParameter"),
        ("EcsRole", ("InstanceIds", "[1]"), 400, "InvalidInstanceIds.Malformed"),
        ("EcsRole", ("InstanceIds", "[]"), 400, "InvalidInstanceIds.Malformed"),
        ("EcsRole", ("InstanceIds", "i-other"), 404, "InvalidInstanceId.NotFound"),
        ("Nobody", IDS, 404, "InvalidRamRole.NotFound"),
        ("Deaf", IDS, 404, "InvalidRamRole.NotEcsRole"),
        ("EcsRole", ("Policy", "{}"), 400, "InvalidParameter"),
    ] {
        attach(&root, role, &[more]).assert_refused(status, code);
    }
    call(&root, "DetachInstanceRamRole", "Nobody", &[]).assert_refused(404, "InvalidRamRole.NotFound");
    call(&root, "DetachInstanceRamRole", "-", &[("InstanceIds", "i-other")])
        .assert_refused(404, "InvalidInstanceId.NotFound");
    call(&root, "DescribeInstanceRamRole", "Nobody", &[]).assert_refused(404, "InvalidRamRole.NotFound");
    call(&root, "DescribeInstanceRamRole", "-", &[("InstanceIds", "-")])
        .assert_refused(403, "InvalidParameter.AllEmpty");
    assert_eq!(lab.world().state().version, before);
}

#[test]
fn a_user_needs_permission_for_the_instance_and_to_pass_the_role() {
    let allow = |action: &str, resource: &str| {
        format!(
            r#"{{Version: "1", Statement: [{{Effect: Allow, Action: "{action}", Resource: "{resource}"}}]}}"#
        )
    };
    let instance = "acs:ecs:*:*:instance/i-bp1abc";
    let lab = Lab::with_scenario(&format!(
        "accounts: [{{name: shop, keys: [{{}}], roles: [{{name: EcsRole, trust: {{Service: [ecs.aliyuncs.com]}}}}],\n\
         policies: [{{name: Attach, document: {}}}, {{name: Pass, document: {}}}],\n\
         users: [{{name: idle, keys: [{{}}]}}, {{name: half, keys: [{{}}], policies: [Attach]}}, {{name: whole, keys: [{{}}], policies: [Attach, Pass]}}]}}]\n\
         instance: {INSTANCE}",
        allow("ecs:*InstanceRamRole", instance),
        allow("ram:PassRole", "acs:ram:*:*:role/EcsRole"),
    ));
    let by = |user: &str| attach(&lab.user("shop", user), "EcsRole", &[]);

    by("idle").assert_refused(403, "Forbidden.RAM");
    by("half").assert_refused(403, "InvalidUser.PassRoleForbidden");
    by("whole").assert_ok();
    // Without ids it is about all instances.
    call(&lab.user("shop", "whole"), "DescribeInstanceRamRole", "EcsRole", &[("InstanceIds", "-")])
        .assert_refused(403, "Forbidden.RAM");
}
