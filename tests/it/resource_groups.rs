//! Resource groups, the permissions of their scope, and rules that move resources.
//! Source: docs/evidence/resource-directory.md section 8. Every code stands in `codes/resource-manager-groups.yaml`.

use crate::support::{Actor, Lab, Reply, field_texts};
use alimock::Scenario;
use alimock::scenario::Export;
use alimock::world::By;
use alimock::world::account::{DEFAULT_GROUP, NewInstance, Order};
use alimock::world::permission::{Ask, explain};
use serde_json::{Value, json};
use std::sync::Arc;

const WORLD: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    realName: {status: VERIFIED, subject: enterprise, name: Demo Ltd}
    state: {balance: 100}
    resourceGroups: [{name: prod, id: rg-prod}, {name: test, id: rg-test}]
    instances: [{product: ecs, id: i-prod, resourceGroup: prod}, {product: ecs, id: i-free}]
    buckets: [{name: prod-logs, resourceGroup: rg-prod}, {name: free-logs}]
    policies:
      - {name: Ecs, document: {Version: "1", Statement: [{Effect: Allow, Action: "ecs:*", Resource: "*"}]}}
      - {name: Oss, document: {Version: "1", Statement: [{Effect: Allow, Action: "oss:*", Resource: "*"}]}}
      - {name: Groups, document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:CreateResourceGroup", Resource: "acs:ram:*:1234567890123456:resourcegroup/*"}]}}
    groups: [{name: devs}]
    users:
      - {name: alice, keys: [{}], resourceGroups: {prod: [Ecs, Oss]}}
      - {name: boss, keys: [{}], policies: [Groups]}
      - {name: nobody, keys: [{}]}
    roles: [{name: deploy}]
"#;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(WORLD);
    let root = lab.root("demo");
    (lab, root)
}

fn rm(who: &Actor, action: &str, params: &[(&str, &str)]) -> Reply {
    who.call("2020-03-31", action, params)
}

/// Permission granted: then alimock finds that it does not run the action.
#[track_caller]
fn assert_may_stop(who: &Actor, instance: &str) {
    who.ecs("StopInstance", &[("InstanceId", instance)]).assert_refused(400, "InvalidParameter");
}

#[track_caller]
fn assert_may_not_stop(who: &Actor, instance: &str) {
    who.ecs("StopInstance", &[("InstanceId", instance)]).assert_refused(403, "Forbidden.RAM");
}

#[track_caller]
fn move_instance(who: &Actor, instance: &str, group: &str) -> Value {
    let resources = json!([{"Service": "ecs", "ResourceType": "instance", "RegionId": "cn-hangzhou", "ResourceId": instance}]);
    let moved =
        rm(who, "MoveResources", &[("ResourceGroupId", group), ("Resources", &resources.to_string())]);
    moved.assert_ok()["Responses"][0].clone()
}

/// Ids of the resources that somebody sees, in a group or in all.
#[track_caller]
fn resources(who: &Actor, group: Option<&str>) -> Vec<String> {
    let params: Vec<_> = group.map(|group| ("ResourceGroupId", group)).into_iter().collect();
    let listed = rm(who, "ListResources", &params).assert_ok();
    field_texts(listed["Resources"]["Resource"].as_array().unwrap(), "ResourceId")
}

#[track_caller]
fn default_group(root: &Actor) -> String {
    let listed = rm(root, "ListResourceGroups", &[("Name", "default")]).assert_ok();
    listed["ResourceGroups"]["ResourceGroup"][0]["Id"].as_str().unwrap().to_owned()
}

#[test]
fn every_account_has_a_default_group_with_all_that_is_in_no_other() {
    let (_lab, root) = lab();

    let listed = rm(&root, "ListResourceGroups", &[]).assert_ok();

    let groups = listed["ResourceGroups"]["ResourceGroup"].as_array().unwrap();
    assert_eq!(field_texts(groups, "Name"), ["default", "prod", "test"]);
    assert_eq!(listed["TotalCount"], 3);
    let id = default_group(&root);
    assert!(id.starts_with("rg-acfm") && id.len() == 18, "{id}");
    assert_eq!(resources(&root, Some(&id)), ["i-free", "free-logs"]);
    assert_eq!(resources(&root, Some("rg-prod")), ["i-prod", "prod-logs"]);
    assert_eq!(resources(&root, Some("rg-none")), [""; 0]);
    rm(&root, "DeleteResourceGroup", &[("ResourceGroupId", &id)])
        .assert_refused(400, "InvalidParameter.ResourceGroupId");
}

#[test]
fn a_new_group_is_created_at_once_and_a_deleted_one_is_pending_for_seven_days() {
    let (lab, root) = lab();
    let params = [("Name", "web"), ("DisplayName", "Web")];
    let made = rm(&root, "CreateResourceGroup", &params).assert_ok()["ResourceGroup"].clone();
    let id = made["Id"].as_str().unwrap();
    assert_eq!(
        (&made["Status"], &made["RegionStatuses"]["RegionStatus"][0]["Status"]),
        (&json!("Creating"), &json!("Creating"))
    );
    assert_eq!(made["CreateDate"], "2026-11-22T16:00:00+08:00");
    let status = || {
        rm(&root, "GetResourceGroup", &[("ResourceGroupId", id)]).assert_ok()["ResourceGroup"]["Status"]
            .clone()
    };
    assert_eq!(status(), "OK");

    rm(&root, "DeleteResourceGroup", &[("ResourceGroupId", id)]).assert_ok();

    assert_eq!(status(), "PendingDelete");
    rm(&root, "CreateResourceGroup", &params).assert_ok();
    lab.advance_clock("167h");
    assert_eq!(status(), "PendingDelete");
    lab.advance_clock("1h");
    rm(&root, "GetResourceGroup", &[("ResourceGroupId", id)])
        .assert_refused(404, "EntityNotExists.ResourceGroup");
}

#[test]
fn a_policy_for_a_group_applies_to_the_instances_and_buckets_in_it_and_to_no_others() {
    let (lab, _root) = lab();
    let alice = lab.user("demo", "alice");

    assert_may_stop(&alice, "i-prod");
    assert_may_not_stop(&alice, "i-free");
    assert_may_not_stop(&alice, "i-none");
    assert_eq!(resources(&alice, None), ["i-prod", "prod-logs"]);
    assert_eq!(resources(&lab.user("demo", "nobody"), None), [""; 0]);
}

#[test]
fn of_several_instances_each_must_be_in_a_group_with_permission() {
    let (lab, _root) = lab();
    let alice = lab.user("demo", "alice");

    let both = [("InstanceId.1", "i-prod"), ("InstanceId.2", "i-free")];
    alice.ecs("StopInstances", &both).assert_refused(403, "Forbidden.RAM");
    alice.ecs("StopInstances", &both[..1]).assert_refused(400, "InvalidParameter");
    alice
        .ecs("DescribeInstances", &[("InstanceIds", r#"["i-prod"]"#)])
        .assert_refused(400, "InvalidParameter");
}

#[test]
fn a_resource_that_moves_takes_the_permissions_of_its_new_group() {
    let (lab, root) = lab();
    let alice = lab.user("demo", "alice");

    assert_eq!(move_instance(&root, "i-free", "rg-prod")["Status"], "SUCCESS");
    assert_may_stop(&alice, "i-free");
    move_instance(&root, "i-free", "rg-test");
    assert_may_not_stop(&alice, "i-free");
    let missing = move_instance(&root, "i-none", "rg-test");
    assert_eq!(
        (&missing["Status"], &missing["ErrorCode"]),
        (&json!("FAIL"), &json!("EntityNotExists.Resource"))
    );
}

#[test]
fn a_request_that_creates_a_resource_and_names_no_group_is_about_the_default_group() {
    let (lab, root) = lab();
    let alice = lab.user("demo", "alice");
    let run = |group: &[(&str, &str)]| {
        let params =
            [&[("RegionId", "cn-hangzhou"), ("LaunchTemplateId", "lt-1"), ("DryRun", "true")], group]
                .concat();
        alice.ecs("RunInstances", &params)
    };

    run(&[]).assert_refused(403, "Forbidden.RAM");
    run(&[("ResourceGroupId", "rg-test")]).assert_refused(403, "Forbidden.RAM");
    run(&[("ResourceGroupId", "rg-prod")]).assert_refused(400, "DryRunOperation");
    let id = default_group(&root);
    let attachment = [
        ("ResourceGroupId", id.as_str()),
        ("PolicyType", "Custom"),
        ("PolicyName", "Ecs"),
        ("PrincipalType", "IMSUser"),
        ("PrincipalName", "alice@1234567890123456.onaliyun.com"),
    ];
    rm(&root, "AttachPolicy", &attachment).assert_ok();
    run(&[]).assert_refused(400, "DryRunOperation");
    assert_may_stop(&alice, "i-free");
}

#[test]
fn explain_names_the_group_of_the_policy_and_the_group_of_the_resource() {
    let (lab, _root) = lab();
    let (state, alice) = (lab.world().state(), lab.user("demo", "alice"));
    let key = alice.key.clone();
    let Some(alimock::world::Credential::Key { caller, .. }) = state.credential(&key) else {
        panic!("{key}")
    };
    let ask = Ask { action: "ecs:StopInstance".into(), ..Ask::default() };
    let why = |id: &str| {
        let arn = format!("acs:ecs:cn-hangzhou:1234567890123456:instance/{id}");
        let explained = explain(&state, &caller, &arn, &ask);
        explained
            .iter()
            .find(|one| one.policy.as_ref().is_some_and(|policy| policy.policy == "Ecs"))
            .cloned()
            .unwrap()
    };

    assert!(why("i-prod").applies);
    let other = why("i-free");
    assert!(!other.applies);
    assert!(
        other
            .why
            .starts_with("the policy is attached for the resource group rg-prod, the resource is in rg-acfm"),
        "{}",
        other.why
    );
    assert_eq!(other.policy_type, "ResourceGroupLevelIdentityBasedPolicy");
}

#[test]
fn who_creates_a_group_is_its_administrator_unless_the_account_does_not_want_it() {
    let (lab, root) = lab();
    let boss = lab.user("demo", "boss");
    let create = |name| {
        let made = rm(&boss, "CreateResourceGroup", &[("Name", name), ("DisplayName", name)]).assert_ok();
        made["ResourceGroup"]["Id"].as_str().unwrap().to_owned()
    };

    let own = create("own");
    rm(&boss, "GetResourceGroup", &[("ResourceGroupId", &own)]).assert_ok();
    rm(&boss, "GetResourceGroup", &[("ResourceGroupId", "rg-prod")]).assert_refused(403, "NoPermission");
    rm(&root, "UpdateResourceGroupAdminSetting", &[("CreatorAsAdmin", "false")]).assert_ok();

    let other = create("other");
    rm(&boss, "GetResourceGroup", &[("ResourceGroupId", &other)]).assert_refused(403, "NoPermission");
}

#[test]
fn attachments_of_a_deleted_group_are_gone() {
    let (_lab, root) = lab();
    move_instance(&root, "i-prod", "rg-test");
    let bucket = json!([{"Service": "oss", "ResourceType": "bucket", "RegionId": "cn-hangzhou", "ResourceId": "prod-logs"}]);
    rm(&root, "DeleteResourceGroup", &[("ResourceGroupId", "rg-prod")])
        .assert_refused(409, "DeleteConflict.ResourceGroup.Resource");
    let params = [("ResourceGroupId", "rg-test"), ("Resources", &bucket.to_string())];
    rm(&root, "MoveResources", &params).assert_ok();

    rm(&root, "DeleteResourceGroup", &[("ResourceGroupId", "rg-prod")]).assert_ok();

    let listed = rm(&root, "ListPolicyAttachments", &[("ResourceGroupId", "rg-prod")]).assert_ok();
    assert_eq!(listed["TotalCount"], 0);
    root.ram("DeletePolicy", &[("PolicyName", "Oss")]).assert_ok();
}

#[test]
fn permissions_on_types_are_shown_for_the_account_and_for_each_group() {
    let (lab, root) = lab();
    let types = r#"[{"Service": "ecs", "ResourceTypeCode": "instance"}]"#;
    let shown = |who: &Actor| {
        let listed = rm(who, "ListResourceGroupsWithAuthDetails", &[("ResourceTypes", types)]).assert_ok();
        let detail = listed["AuthDetails"][0].clone();
        let groups = detail["AuthOfResourceGroups"].as_array().unwrap().clone();
        let of = |id: &str| {
            groups.iter().find(|one| one["ResourceGroupId"] == id).unwrap()["HasPermission"].clone()
        };
        (detail["AccountScopeAuth"].clone(), of("rg-prod"), of("rg-test"))
    };

    assert_eq!(shown(&root), (json!(true), json!(true), json!(true)));
    assert_eq!(shown(&lab.user("demo", "alice")), (json!(false), json!(true), json!(false)));
}

fn rule(desired: &str, target: &str) -> String {
    let scope = json!({"desired": desired, "featurePath": "$.resourceName", "featureSource": "RESOURCE", "operator": "StringMatch"});
    let target = json!({"desired": target, "featurePath": "$.resourceGroupId", "featureSource": "RESOURCE", "operator": "StringEquals"});
    json!([{"AutoGroupingScopeCondition": scope.to_string(), "TargetResourceGroupCondition": target.to_string()}]).to_string()
}

fn add_instance(lab: &Lab, id: &str) {
    let world = lab.world();
    let uid = world.state().accounts.values().find(|one| one.label == "demo").unwrap().uid;
    let order = Order::new("ecs", None, None, None, None);
    let (created, released, token) = (None, None, None);
    let pinned = (Some(id.into()), None);
    let new = NewInstance { pinned, order, token, price_cents: 0, created, released, group: DEFAULT_GROUP };
    world
        .commit(world.clock.now().resource, By::OURSELVES, |tx| tx.add_instance(uid, new).map(drop))
        .unwrap();
}

#[test]
fn a_rule_moves_resources_that_exist_and_those_that_are_new_and_nothing_back() {
    let (lab, root) = lab();
    rm(&root, "EnableAutoGrouping", &[]).assert_ok();
    root.ram("GetRole", &[("RoleName", "AliyunServiceRoleForResourceGroup")]).assert_ok();
    let contents = rule("i-*", "rg-test");
    let params = [
        ("RuleName", "ecs"),
        ("RuleType", "custom_condition"),
        ("RuleContents", contents.as_str()),
        ("ExcludeResourceGroupIdsScope", "rg-prod"),
    ];

    let id = rm(&root, "CreateAutoGroupingRule", &params).assert_ok()["RuleId"].as_str().unwrap().to_owned();
    assert_eq!(resources(&root, Some("rg-test")), ["i-free"]);
    add_instance(&lab, "i-new");
    assert_eq!(resources(&root, Some("rg-test")), ["i-free", "i-new"]);

    let moves = rm(&root, "ListAutoGroupingRemediations", &[("RuleId", &id)]).assert_ok();
    assert_eq!(field_texts(moves["Remediations"].as_array().unwrap(), "ResourceId"), ["i-new", "i-free"]);
    let moves =
        rm(&root, "ListAutoGroupingRemediations", &[("RuleId", &id), ("ResourceId", "i-new")]).assert_ok();
    assert_eq!(moves["Remediations"][0]["TargetResourceGroupInfo"]["ResourceGroupId"], "rg-test");
    assert_eq!(moves["Remediations"][0]["RemediationTime"], "2026-11-22 08:00:00");
    rm(&root, "DisableAutoGrouping", &[]).assert_ok();
    assert_eq!(resources(&root, Some("rg-test")), ["i-free", "i-new"]);
    add_instance(&lab, "i-later");
    assert_eq!(resources(&root, Some("rg-test")), ["i-free", "i-new"]);
}

#[test]
fn auto_grouping_is_enabled_again_a_minute_after_its_end_without_its_rules() {
    let (lab, root) = lab();
    rm(&root, "EnableAutoGrouping", &[]).assert_ok();
    let contents = rule("none", "rg-test");
    let params = [("RuleName", "ecs"), ("RuleType", "custom_condition"), ("RuleContents", contents.as_str())];
    rm(&root, "CreateAutoGroupingRule", &params).assert_ok();
    rm(&root, "DisableAutoGrouping", &[]).assert_ok();

    lab.advance_clock("59s");
    rm(&root, "EnableAutoGrouping", &[]).assert_refused(409, "Conflict.ServiceStatus");
    lab.advance_clock("1s");
    rm(&root, "EnableAutoGrouping", &[]).assert_ok();

    assert_eq!(rm(&root, "ListAutoGroupingRules", &[]).assert_ok()["Rules"], json!([]));
}

#[test]
fn events_are_kept_while_the_notification_is_on() {
    let (_lab, root) = lab();
    let lookup = |more: &[(&str, &str)]| {
        let params = [&[("EventCategory", "MemberShipChange")], more].concat();
        rm(&root, "LookupResourceGroupEvents", &params).assert_ok()["Events"].as_array().unwrap().clone()
    };
    move_instance(&root, "i-free", "rg-test");
    assert!(lookup(&[]).is_empty());
    rm(&root, "EnableResourceGroupNotification", &[]).assert_ok();

    move_instance(&root, "i-free", "rg-prod");

    let events = lookup(&[]);
    assert_eq!(field_texts(&events, "ChangeType"), ["Add", "Remove"]);
    assert_eq!(field_texts(&events, "ResourceGroupId"), ["rg-prod", "rg-test"]);
    assert_eq!(lookup(&[("ResourceGroupId", "rg-prod")]).len(), 1);
    assert_eq!(lookup(&[("LookupAttributes", r#"[{"Key": "ChangeType", "Value": "Remove"}]"#)]).len(), 1);
    assert!(lookup(&[("StartTime", "2026-11-22 08:00:01")]).is_empty());
    rm(&root, "DisableResourceGroupNotification", &[]).assert_ok();
    move_instance(&root, "i-free", "rg-test");
    assert_eq!(lookup(&[]).len(), 2);
}

#[test]
fn groups_and_rules_survive_an_export() {
    let (lab, root) = lab();
    let id = default_group(&root);
    rm(&root, "UpdateResourceGroup", &[("ResourceGroupId", &id), ("NewDisplayName", "The rest")]).assert_ok();
    rm(
        &root,
        "TagResources",
        &[("ResourceId", r#"["rg-prod"]"#), ("Tag", r#"[{"Key": "team", "Value": "red"}]"#)],
    )
    .assert_ok();
    rm(&root, "EnableAssociatedTransfer", &[]).assert_ok();
    let off = r#"[{"MasterService": "ecs", "MasterResourceType": "instance", "AssociatedService": "ecs", "AssociatedResourceType": "disk", "Status": "Disable"}]"#;
    rm(&root, "UpdateAssociatedTransferSetting", &[("RuleSettings", off)]).assert_ok();
    rm(&root, "EnableResourceGroupNotification", &[]).assert_ok();
    rm(&root, "EnableAutoGrouping", &[]).assert_ok();
    let contents = rule("i-*", "rg-test");
    let params = [
        ("RuleName", "ecs"),
        ("RuleType", "custom_condition"),
        ("RuleContents", contents.as_str()),
        ("RegionIdsScope", "cn-hangzhou,cn-beijing"),
    ];
    rm(&root, "CreateAutoGroupingRule", &params).assert_ok();
    let text = Export::present(lab.world()).yaml();

    let again = Lab::with_seed(&Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")));

    assert_eq!(Export::present(again.world()).yaml(), text);
    let shown = |lab: &Arc<Lab>| {
        let root = lab.root("demo");
        let mut shown = Vec::new();
        for action in [
            "ListResourceGroups",
            "ListResources",
            "ListAutoGroupingRules",
            "ListAssociatedTransferSetting",
            "GetAutoGroupingStatus",
            "ListTagResources",
            "ListPolicyAttachments",
        ] {
            let mut answer = rm(&root, action, &[("IncludeTags", "true")]).assert_ok();
            answer.as_object_mut().unwrap().remove("RequestId");
            shown.push(answer);
        }
        shown
    };
    assert_eq!(shown(&again), shown(&lab));
    assert!(text.contains("resourceGroup: rg-test"), "{text}");
}

#[test]
fn terraform_removes_tags_with_an_action_in_another_spelling() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let made = root.call("2020-03-31", "CreateResourceGroup", &[("Name", "prod"), ("DisplayName", "Prod")]);
    let made = made.assert_ok();
    let of =
        [("ResourceType", "ResourceGroup"), ("ResourceId.1", made["ResourceGroup"]["Id"].as_str().unwrap())];
    let tag = [&of[..], &[("Tag.1.Key", "env"), ("Tag.1.Value", "prod")]].concat();
    root.call("2020-03-31", "TagResources", &tag).assert_ok();

    root.call("2020-03-31", "UnTagResources", &[&of[..], &[("TagKey.1", "env")]].concat()).assert_ok();

    let left = root.call("2020-03-31", "ListTagResources", &of).assert_ok();
    assert_eq!(left["TagResources"], serde_json::json!([]));
    assert!(left.get("NextToken").is_none(), "{left}");
}

#[test]
fn a_deleted_group_reads_back_from_an_export_and_disappears_in_time() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], resourceGroups: [{name: old, id: rg-old, deleted: -2d}, {name: old, id: rg-new}]}]",
    );
    lab.advance_clock("24h");
    let exported = Export::present(lab.world());

    let again = Lab::with_seed(&Scenario::parse(&exported.yaml()).unwrap_or_else(|error| panic!("{error}")));

    let root = again.root("demo");
    let status = |id: &str| root.call("2020-03-31", "GetResourceGroup", &[("ResourceGroupId", id)]);
    assert_eq!(status("rg-old").assert_ok()["ResourceGroup"]["Status"], "PendingDelete");
    assert_eq!(status("rg-new").assert_ok()["ResourceGroup"]["Status"], "OK");
    assert!(exported.yaml().contains("deleted: -72h"), "{}", exported.yaml());
    again.advance_clock("96h");
    status("rg-old").assert_refused(404, "EntityNotExists.ResourceGroup");
    status("rg-new").assert_ok();
    for deleted in ["-7d", "1h"] {
        let file = format!("accounts: [{{name: demo, resourceGroups: [{{name: old, deleted: {deleted}}}]}}]");
        let said = Scenario::parse(&file).unwrap_err().to_string();
        assert!(said.contains("give a time in the last seven days"), "{said}");
    }
}
