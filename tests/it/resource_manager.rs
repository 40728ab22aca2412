//! ResourceManager as a second API for RAM's roles, policies and attachments.
//! Source: docs/evidence/resource-directory.md section 8. Every code stands in `codes/resource-manager-identities.yaml`.

use crate::support::{Actor, Lab, Reply, field_texts, policy_document};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

const WORLD: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    resourceGroups: [{name: prod, id: rg-prod}]
    policies:
      - {name: Ecs, document: {Version: "1", Statement: [{Effect: Allow, Action: "ecs:*", Resource: "*"}]}}
      - {name: Oss, document: {Version: "1", Statement: [{Effect: Allow, Action: "oss:*", Resource: "*"}]}}
      - {name: Groups, document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:CreateResourceGroup", Resource: "acs:ram:*:1234567890123456:resourcegroup/*"}]}}
    groups: [{name: devs}]
    users:
      - {name: alice, keys: [{}], resourceGroups: {prod: [Ecs, Oss]}}
      - {name: nobody, keys: [{}]}
    roles: [{name: deploy}]
"#;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(WORLD);
    let root = lab.root("demo");
    (lab, root)
}

pub fn rm(who: &Actor, action: &str, params: &[(&str, &str)]) -> Reply {
    who.call("2020-03-31", action, params)
}

#[test]
fn policies_and_roles_of_resource_manager_have_pages_by_number() {
    let (_lab, root) = lab();
    let first = rm(&root, "ListPolicies", &[("PolicyType", "Custom"), ("PageSize", "2")]).assert_ok();
    let second =
        rm(&root, "ListPolicies", &[("PolicyType", "Custom"), ("PageSize", "2"), ("PageNumber", "2")])
            .assert_ok();

    assert_eq!(
        (&first["TotalCount"], &first["PageNumber"], &first["PageSize"]),
        (&json!(3), &json!(1), &json!(2))
    );
    let names = |page: &Value| field_texts(page["Policies"]["Policy"].as_array().unwrap(), "PolicyName");
    assert_eq!(
        (names(&first), names(&second)),
        (vec!["Ecs".to_owned(), "Oss".to_owned()], vec!["Groups".to_owned()])
    );
    let beyond = rm(&root, "ListRoles", &[("PageNumber", "9")]).assert_ok();
    assert_eq!((&beyond["Roles"]["Role"], &beyond["TotalCount"]), (&json!([]), &json!(1)));
    rm(&root, "ListRoles", &[("PageSize", "101")]).assert_refused(400, "InvalidParameter.PageSize.Range");
}

#[test]
fn principals_are_named_with_the_alias_or_the_uid() {
    let (_lab, root) = lab();
    root.ram("SetAccountAlias", &[("AccountAlias", "walkers")]).assert_ok();
    let attach = |kind, name| {
        let params = [
            ("ResourceGroupId", "1234567890123456"),
            ("PolicyType", "Custom"),
            ("PolicyName", "Ecs"),
            ("PrincipalType", kind),
            ("PrincipalName", name),
        ];
        rm(&root, "AttachPolicy", &params)
    };
    attach("IMSUser", "nobody@walkers.onaliyun.com").assert_ok();
    attach("IMSGroup", "devs@group.1234567890123456.onaliyun.com").assert_ok();
    attach("ServiceRole", "deploy@role.walkers.onaliyunservice.com").assert_ok();
    attach("IMSUser", "nobody@1234567890123456.onaliyun.com")
        .assert_refused(409, "EntityAlreadyExists.User.Policy");

    let listed =
        rm(&root, "ListPolicyAttachments", &[("ResourceGroupId", "1234567890123456"), ("PolicyName", "Ecs")])
            .assert_ok();

    let names =
        field_texts(listed["PolicyAttachments"]["PolicyAttachment"].as_array().unwrap(), "PrincipalName");
    assert_eq!(
        names,
        [
            "nobody@walkers.onaliyun.com",
            "devs@group.walkers.onaliyun.com",
            "deploy@role.walkers.onaliyunservice.com"
        ]
    );
    let of_role = [("PrincipalName", "deploy@role.1234567890123456.onaliyunservice.com")];
    assert_eq!(rm(&root, "ListPolicyAttachments", &of_role).assert_ok()["TotalCount"], 1);
    assert_eq!(
        root.ram("ListPoliciesForRole", &[("RoleName", "deploy")]).assert_ok()["Policies"]["Policy"][0]["PolicyName"],
        "Ecs"
    );
}

#[test]
fn a_deletion_of_a_service_linked_role_is_found_after_it_is_over() {
    let (lab, root) = lab();
    rm(&root, "CreateServiceLinkedRole", &[("ServiceName", "ops.elasticsearch.aliyuncs.com")]).assert_ok();
    let role = [("RoleName", "AliyunServiceRoleForElasticsearchOps")];
    let task = rm(&root, "DeleteServiceLinkedRole", &role).assert_ok()["DeletionTaskId"]
        .as_str()
        .unwrap()
        .to_owned();
    let status = || {
        rm(&root, "GetServiceLinkedRoleDeletionStatus", &[("DeletionTaskId", &task)]).assert_ok()["Status"]
            .clone()
    };
    assert_eq!(status(), "IN_PROGRESS");

    lab.advance_clock("1m");

    assert_eq!(status(), "SUCCEEDED");
    root.ram("GetRole", &role).assert_refused(404, "EntityNotExist.Role");
}

#[test]
fn a_policy_that_names_the_code_ram_allows_actions_of_resource_manager() {
    let (lab, root) = lab();
    let nobody = lab.user("demo", "nobody");
    let allow = |name: &str, action: &str| {
        root.ram(
            "CreatePolicy",
            &[("PolicyName", name), ("PolicyDocument", &policy_document("Allow", action))],
        )
        .assert_ok();
        root.ram(
            "AttachPolicyToUser",
            &[("UserName", "nobody"), ("PolicyType", "Custom"), ("PolicyName", name)],
        )
        .assert_ok();
    };
    rm(&nobody, "ListRoles", &[]).assert_refused(403, "NoPermission");
    rm(&nobody, "GetAutoGroupingStatus", &[]).assert_refused(403, "NoPermission");

    allow("Roles", "ram:ListRoles");
    rm(&nobody, "ListRoles", &[]).assert_ok();
    allow("Rules", "resourcemanager:*AutoGrouping*");
    rm(&nobody, "GetAutoGroupingStatus", &[]).assert_ok();
    rm(&nobody, "ListResourceGroups", &[]).assert_refused(403, "NoPermission");
}

/// One change of a role, a policy or an attachment, by RAM or by ResourceManager.
fn change(root: &Actor, (what, which, by_ram): (u8, u8, bool)) -> bool {
    let (role, policy) = (format!("r{}", which % 3), format!("p{}", which % 3));
    let trust = |service: &str| {
        format!(
            r#"{{"Statement":[{{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{{"Service":["{service}"]}}}}],"Version":"1"}}"#
        )
    };
    let document = policy_document("Allow", if which % 2 == 0 { "ecs:*" } else { "oss:*" });
    let principal = format!("{role}@role.1234567890123456.onaliyunservice.com");
    let attachment = [
        ("ResourceGroupId", "1234567890123456"),
        ("PolicyType", "Custom"),
        ("PolicyName", policy.as_str()),
        ("PrincipalType", "ServiceRole"),
        ("PrincipalName", principal.as_str()),
    ];
    let for_role = [("PolicyType", "Custom"), ("PolicyName", policy.as_str()), ("RoleName", role.as_str())];
    let (action, own): (&str, Vec<(&str, &str)>) = match what % 9 {
        0 => ("CreateRole", vec![("RoleName", &role), ("Description", "new")]),
        1 => (
            "UpdateRole",
            vec![
                ("RoleName", &role),
                ("NewDescription", if by_ram { "ram" } else { "rm" }),
                ("NewMaxSessionDuration", "7200"),
            ],
        ),
        2 => ("DeleteRole", vec![("RoleName", &role)]),
        3 => ("CreatePolicy", vec![("PolicyName", &policy), ("PolicyDocument", &document)]),
        4 => (
            "CreatePolicyVersion",
            vec![("PolicyName", &policy), ("PolicyDocument", &document), ("SetAsDefault", "true")],
        ),
        5 => ("SetDefaultPolicyVersion", vec![("PolicyName", &policy), ("VersionId", "v1")]),
        6 => ("DeletePolicy", vec![("PolicyName", &policy)]),
        7 => ("Attach", Vec::new()),
        _ => ("Detach", Vec::new()),
    };
    let trusted = trust("ecs.aliyuncs.com");
    let mut params = own;
    if action == "CreateRole" {
        params.push(("AssumeRolePolicyDocument", &trusted));
    }
    let reply = match (action, by_ram) {
        ("Attach", true) => root.ram("AttachPolicyToRole", &for_role),
        ("Attach", false) => rm(root, "AttachPolicy", &attachment),
        ("Detach", true) => root.ram("DetachPolicyFromRole", &for_role),
        ("Detach", false) => rm(root, "DetachPolicy", &attachment),
        (_, true) => root.ram(action, &params),
        (_, false) => rm(root, action, &params),
    };
    assert!(reply.status < 500, "{action}: {}", reply.body);
    reply.status == 200
}

/// What both APIs show of an item: the fields that both have.
fn assert_same(ram: &Value, manager: &Value, leave_out: &[&str]) {
    let (ram, manager) = (ram.as_object().unwrap(), manager.as_object().unwrap());
    for (name, value) in
        ram.iter().filter(|(name, _)| manager.contains_key(*name) && !leave_out.contains(&name.as_str()))
    {
        assert_eq!(value, &manager[name], "{name}");
    }
}

#[track_caller]
pub fn assert_both_show_the_same(root: &Actor) {
    let roles = root.ram("ListRoles", &[]).assert_ok()["Roles"]["Role"].clone();
    let others = rm(root, "ListRoles", &[("PageSize", "100")]).assert_ok()["Roles"]["Role"].clone();
    assert_eq!(roles.as_array().unwrap().len(), others.as_array().unwrap().len());
    for (role, other) in roles.as_array().unwrap().iter().zip(others.as_array().unwrap()) {
        assert_same(role, other, &[]);
        let name = [("RoleName", role["RoleName"].as_str().unwrap())];
        let (one, two) = (root.ram("GetRole", &name).assert_ok(), rm(root, "GetRole", &name).assert_ok());
        assert_same(&one["Role"], &two["Role"], &[]);
        let attached = root.ram("ListPoliciesForRole", &name).assert_ok()["Policies"]["Policy"].clone();
        let principal = two["Role"]["RolePrincipalName"].as_str().unwrap().to_owned();
        let listed = rm(root, "ListPolicyAttachments", &[("PrincipalName", &principal), ("PageSize", "100")])
            .assert_ok();
        let listed = listed["PolicyAttachments"]["PolicyAttachment"].clone();
        assert_eq!(
            field_texts(attached.as_array().unwrap(), "PolicyName"),
            field_texts(listed.as_array().unwrap(), "PolicyName")
        );
    }
    let policies =
        root.ram("ListPolicies", &[("PolicyType", "Custom")]).assert_ok()["Policies"]["Policy"].clone();
    let others = rm(root, "ListPolicies", &[("PolicyType", "Custom"), ("PageSize", "100")]).assert_ok()["Policies"]["Policy"].clone();
    assert_eq!(policies.as_array().unwrap().len(), others.as_array().unwrap().len());
    for (policy, other) in policies.as_array().unwrap().iter().zip(others.as_array().unwrap()) {
        assert_same(policy, other, &[]);
        let name = [("PolicyType", "Custom"), ("PolicyName", policy["PolicyName"].as_str().unwrap())];
        let (one, two) = (root.ram("GetPolicy", &name).assert_ok(), rm(root, "GetPolicy", &name).assert_ok());
        assert_same(&one["Policy"], &two["Policy"], &[]);
        let (one, two) = (
            root.ram("ListPolicyVersions", &name).assert_ok(),
            rm(root, "ListPolicyVersions", &name).assert_ok(),
        );
        let ids = |all: &Value| {
            field_texts(all["PolicyVersions"]["PolicyVersion"].as_array().unwrap(), "VersionId")
        };
        assert_eq!(ids(&one), ids(&two));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn roles_and_policies_are_the_same_by_both_apis_and_each_change_succeeds_by_either(steps in proptest::collection::vec(any::<(u8, u8, bool)>(), 0..25)) {
        let (mixed, by_ram) = (lab(), lab());
        for step in steps {
            // The other way to make the same change has the same outcome.
            prop_assert_eq!(change(&mixed.1, step), change(&by_ram.1, (step.0, step.1, true)), "{:?}", step);
        }
        assert_both_show_the_same(&mixed.1);
    }
}
