//! Service-linked roles. Source: docs/evidence/ram.md 5.8 and section 10. Every code stands in `codes/linked-roles.yaml`.

use crate::support::{Actor, Lab};
use alimock::world::refusal::Refusal;
use alimock::world::{By, Command, NotDone};
use serde_json::{Value, json};
use std::sync::Arc;

const CONFIG: &str = "AliyunServiceRoleForConfig";

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ci, policies: [AliyunSTSAssumeRoleAccess], keys: [{}]}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn create_linked_role(root: &Actor, service: &str) -> Value {
    root.ram("CreateServiceLinkedRole", &[("ServiceName", service)]).assert_ok()["Role"].clone()
}

#[test]
fn a_service_linked_role_comes_with_its_name_trust_and_policy() {
    let (lab, root) = lab();

    let made = create_linked_role(&root, "config.aliyuncs.com");

    assert_eq!((&made["RoleName"], &made["IsServiceLinkedRole"]), (&CONFIG.into(), &true.into()));
    let trust: Value = serde_json::from_str(made["AssumeRolePolicyDocument"].as_str().unwrap()).unwrap();
    assert_eq!(trust["Statement"][0]["Principal"], json!({"Service": ["config.aliyuncs.com"]}));
    let attached = root.ram("ListPoliciesForRole", &[("RoleName", CONFIG)]).assert_ok();
    let attached = &attached["Policies"]["Policy"][0];
    assert_eq!(
        (&attached["PolicyName"], &attached["PolicyType"]),
        (&"AliyunServiceRolePolicyForConfig".into(), &"System".into())
    );
    let template =
        root.ram("GetServiceLinkedRoleTemplate", &[("ServiceName", "config.aliyuncs.com")]).assert_ok();
    let template = &template["ServiceLinkedRoleTemplate"];
    assert_eq!(
        (&template["RoleNamePrefix"], &template["SystemPolicyName"]),
        (&made["RoleName"], &attached["PolicyName"])
    );
    let arn = format!("acs:ram::{}:role/{CONFIG}", lab.uid("demo"));
    lab.user("demo", "ci")
        .sts("AssumeRole", &[("RoleArn", &arn), ("RoleSessionName", "me")])
        .assert_refused(403, "NoPermission");
}

#[test]
fn only_its_service_changes_a_service_linked_role() {
    let (lab, root) = lab();
    create_linked_role(&root, "config.aliyuncs.com");
    let role = ("RoleName", CONFIG);
    let own = ("PolicyName", "AliyunServiceRolePolicyForConfig");
    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"*"}}]}"#;

    for (action, params) in [
        ("UpdateRole", vec![role, ("NewAssumeRolePolicyDocument", trust)]),
        ("UpdateRole", vec![role, ("NewMaxSessionDuration", "7200")]),
        ("AttachPolicyToRole", vec![role, ("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess")]),
        ("DetachPolicyFromRole", vec![role, ("PolicyType", "System"), own]),
        ("DeleteRole", vec![role]),
    ] {
        root.ram(action, &params).assert_refused(400, "NotSupport.Role.ServiceLinkedRole");
    }

    let named = |command: &str, policy: &str| json!({command: {"role": CONFIG, "policy": policy}});
    for command in [
        named("attachPolicy", "ReadOnlyAccess"),
        named("detachPolicy", own.1),
        json!({"setTrust": {"role": CONFIG, "trust": trust}}),
    ] {
        let command: Command = serde_json::from_value(command).unwrap();
        let now = lab.world().clock.now().resource;
        let refused = lab.world().commit(now, By::OURSELVES, |tx| command.run(tx)).unwrap_err();
        assert!(matches!(refused, NotDone::Refused(Refusal::RoleOfService)), "{command:?}");
    }

    let described = root.ram("UpdateRole", &[role, ("NewDescription", "ours")]).assert_ok();
    assert_eq!(described["Role"]["Description"], "ours");
}

#[test]
fn its_deletion_is_a_task_that_is_done_a_moment_later() {
    let (lab, root) = lab();
    create_linked_role(&root, "config.aliyuncs.com");
    lab.advance_clock("1m");

    let task =
        root.ram("DeleteServiceLinkedRole", &[("RoleName", CONFIG)]).assert_ok()["DeletionTaskId"].clone();

    let shown = root.ram("GetRole", &[("RoleName", CONFIG)]).assert_ok();
    let expected = json!({"DeletionTaskId": task, "CreateDate": "2026-11-22T08:01:00Z"});
    assert_eq!(shown["Role"]["LatestDeletionTask"], expected);
    lab.advance_clock("1h");
    root.ram("GetRole", &[("RoleName", CONFIG)]).assert_refused(404, "EntityNotExist.Role");
    let policy = [("PolicyType", "System"), ("PolicyName", "AliyunServiceRolePolicyForConfig")];
    let left = root.ram("ListEntitiesForPolicy", &policy).assert_ok();
    assert_eq!(left["Roles"], json!({"Role": []}));
    let again = create_linked_role(&root, "config.aliyuncs.com");
    assert_eq!(again["RoleName"], CONFIG);
}

#[test]
fn a_second_deletion_request_does_not_affect_a_new_role_of_the_same_name() {
    let (lab, root) = lab();
    create_linked_role(&root, "config.aliyuncs.com");
    root.ram("DeleteServiceLinkedRole", &[("RoleName", CONFIG)]).assert_ok();
    lab.advance_clock("1s");
    root.ram("DeleteServiceLinkedRole", &[("RoleName", CONFIG)]).assert_ok();
    lab.advance_clock("2s");
    root.ram("GetRole", &[("RoleName", CONFIG)]).assert_refused(404, "EntityNotExist.Role");

    create_linked_role(&root, "config.aliyuncs.com");
    lab.advance_clock("1h");

    root.ram("GetRole", &[("RoleName", CONFIG)]).assert_ok();
}

#[test]
fn a_service_that_allows_several_roles_tells_them_apart_by_a_suffix() {
    let (_lab, root) = lab();
    create_linked_role(&root, "ess.aliyuncs.com");

    let second = root
        .ram("CreateServiceLinkedRole", &[("ServiceName", "ess.aliyuncs.com"), ("CustomSuffix", "blue")])
        .assert_ok();

    assert_eq!(second["Role"]["RoleName"], "AliyunServiceRoleForAutoScaling_blue");
    root.ram("GetRole", &[("RoleName", "AliyunServiceRoleForAutoScaling_blue")]).assert_ok();
    root.ram("CreateServiceLinkedRole", &[("ServiceName", "ess.aliyuncs.com"), ("CustomSuffix", "blue")])
        .assert_refused(409, "EntityAlreadyExists.Role");
    root.ram("CreateServiceLinkedRole", &[("ServiceName", "config.aliyuncs.com"), ("CustomSuffix", "blue")])
        .assert_refused(400, "InvalidParameter.CustomSuffix.NotAllowed");
}

#[test]
fn the_permission_to_make_one_can_be_narrowed_to_a_service() {
    let (lab, root) = lab();
    let document = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:CreateServiceLinkedRole","Resource":"*","Condition":{"StringEquals":{"ram:ServiceName":"config.aliyuncs.com"}}}]}"#;
    root.ram("CreatePolicy", &[("PolicyName", "Linked"), ("PolicyDocument", document)]).assert_ok();
    root.ram("AttachPolicyToUser", &[("UserName", "ci"), ("PolicyType", "Custom"), ("PolicyName", "Linked")])
        .assert_ok();
    let ci = lab.user("demo", "ci");

    ci.ram("CreateServiceLinkedRole", &[("ServiceName", "ess.aliyuncs.com")])
        .assert_refused(403, "NoPermission");

    create_linked_role(&ci, "config.aliyuncs.com");
}

#[test]
fn the_permission_to_delete_one_can_be_narrowed_to_a_service() {
    let (lab, root) = lab();
    // The policy that comes with a role allows exactly that. Source: docs/evidence/policy.md section 4.
    let policy = [("PolicyType", "System"), ("PolicyName", "AliyunServiceRolePolicyForConfig")];
    root.ram("AttachPolicyToUser", &[policy[0], policy[1], ("UserName", "ci")]).assert_ok();
    create_linked_role(&root, "config.aliyuncs.com");
    create_linked_role(&root, "ess.aliyuncs.com");
    let ci = lab.user("demo", "ci");
    let delete = |role: &str| ci.ram("DeleteServiceLinkedRole", &[("RoleName", role)]);

    delete("AliyunServiceRoleForAutoScaling").assert_refused(403, "NoPermission");
    delete("AliyunServiceRoleForNothing").assert_refused(403, "NoPermission");

    delete(CONFIG).assert_ok();
}
