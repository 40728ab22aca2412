//! ECS: regions, and the checks of an order for instances.

use crate::support::{Actor, Lab, field_texts};
use serde_json::Value;
use std::collections::BTreeSet;

/// An order without the parameters named `without`.
fn run_instances(who: &Actor, without: &[&str], more: &[(&str, &str)]) -> crate::support::Reply {
    let order = [
        ("RegionId", "cn-hangzhou"),
        ("ImageId", "aliyun_3_x64_20G_alibase_20240819.vhd"),
        ("InstanceType", "ecs.g7.large"),
        ("SecurityGroupId", "sg-bp15ed6xe1yxeycg7000"),
        ("VSwitchId", "vsw-bp1s5fnvk4gn2tws0000"),
    ];
    let mut params: Vec<_> = order.into_iter().filter(|(name, _)| !without.contains(name)).collect();
    params.extend(more);
    who.ecs("RunInstances", &params)
}

const DRY: (&str, &str) = ("DryRun", "true");

#[test]
fn a_valid_order_passes_a_dry_run_and_is_otherwise_refused_as_sold_out() {
    let lab = Lab::new();
    let root = lab.root("demo");

    let told = run_instances(&root, &[], &[DRY]).assert_refused(400, "DryRunOperation");
    assert_eq!(told, "Request validation has been passed with DryRun flag set.");
    for more in [&[][..], &[("DryRun", "false")]] {
        run_instances(&root, &[], more).assert_refused(403, "OperationDenied.NoStock");
        let note = lab.last_record().refused.as_ref().and_then(|refused| refused.note.clone()).unwrap();
        assert!(note.contains("alimock makes no instances") && note.contains("DryRun=true"), "{note}");
    }
    assert_eq!(lab.last_record().changed, None);
}

#[test]
fn missing_parameters_of_an_order_are_reported_with_and_without_dry_run() {
    let lab = Lab::new();
    let root = lab.root("demo");

    for more in [&[DRY][..], &[]] {
        for name in ["RegionId", "ImageId", "InstanceType", "SecurityGroupId"] {
            let told = run_instances(&root, &[name], more).assert_refused(400, "MissingParameter");
            assert!(told.starts_with(&format!("The input parameter {name} that is mandatory")), "{told}");
        }
        run_instances(&root, &["VSwitchId"], more).assert_refused(400, "InvalidVSwitchId.Necessary");
        run_instances(&root, &["RegionId"], &[more, &[("RegionId", "cn-atlantis")]].concat())
            .assert_refused(404, "InvalidRegionId.NotFound");
    }
    run_instances(&root, &[], &[("DryRun", "perhaps")]).assert_refused(400, "InvalidParameter");
}

#[test]
fn alternative_parameters_are_accepted() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let all = ["ImageId", "InstanceType", "SecurityGroupId", "VSwitchId"];

    for (without, more) in [
        (&all[..], &[("LaunchTemplateId", "lt-bp1apo0bbbkuy0rj0000")][..]),
        (&all, &[("LaunchTemplateName", "web")]),
        (&["ImageId"], &[("ImageFamily", "daily")]),
        (&["SecurityGroupId"], &[("SecurityGroupIds.1", "sg-1"), ("SecurityGroupIds.2", "sg-2")]),
        (
            &["SecurityGroupId", "VSwitchId"],
            &[("NetworkInterface.1.SecurityGroupId", "sg-1"), ("NetworkInterface.1.VSwitchId", "vsw-1")],
        ),
    ] {
        run_instances(&root, without, &[more, &[DRY]].concat()).assert_refused(400, "DryRunOperation");
    }
}

#[test]
fn an_order_needs_permission() {
    let lab = Lab::with_scenario(
        "accounts:
  - name: demo
    realName: {status: VERIFIED}
    state: {balance: 100}
    policies: [{name: Orders, document: {Version: '1', Statement: [{Effect: Allow, Action: 'ecs:Run*', Resource: '*'}]}}]
    users: [{name: ops, keys: [{}], policies: [Orders]}, {name: dev, keys: [{}]}]",
    );

    run_instances(&lab.user("demo", "ops"), &[], &[DRY]).assert_refused(400, "DryRunOperation");
    run_instances(&lab.user("demo", "dev"), &[], &[DRY]).assert_refused(403, "Forbidden.RAM");
    lab.user("demo", "dev").ecs("DescribeRegions", &[]).assert_refused(403, "Forbidden.RAM");
}

#[test]
fn the_role_of_an_order_must_exist_trust_ecs_and_be_passed() {
    let lab = Lab::with_scenario(
        "accounts:
  - name: demo
    realName: {status: VERIFIED}
    state: {balance: 100}
    keys: [{}]
    roles:
      - {name: EcsRole, trust: {Service: [ecs.aliyuncs.com]}}
      - {name: FcRole, trust: {Service: [fc.aliyuncs.com]}}
    policies:
      - {name: Orders, document: {Version: '1', Statement: [{Effect: Allow, Action: 'ecs:Run*', Resource: '*'}]}}
      - name: Pass
        document:
          Version: '1'
          Statement:
            - Effect: Allow
              Action: 'ram:PassRole'
              Resource: 'acs:ram:*:*:role/ecsrole'
              Condition: {StringEquals: {'acs:Service': ecs.aliyuncs.com}}
    users:
      - {name: ops, keys: [{}], policies: [Orders, Pass]}
      - {name: dev, keys: [{}], policies: [Orders]}",
    );
    let order = |who: &Actor, role: &str| run_instances(who, &[], &[DRY, ("RamRoleName", role)]);

    for who in [lab.root("demo"), lab.user("demo", "ops")] {
        order(&who, "EcsRole").assert_refused(400, "DryRunOperation");
        order(&who, "").assert_refused(400, "DryRunOperation");
        for unknown in ["fortigate-iam", "no such name!"] {
            let told = order(&who, unknown).assert_refused(404, "InvalidRamRole.NotFound");
            assert_eq!(told, "The specified parameter \"RAMRoleName\" does not exist.");
        }
        order(&who, "FcRole").assert_refused(401, "InvalidRamRole.NotEcsRole");
    }
    order(&lab.user("demo", "dev"), "EcsRole").assert_refused(403, "InvalidUser.PassRoleForbidden");
    let note = lab.last_record().refused.as_ref().and_then(|refused| refused.note.clone()).unwrap();
    assert_eq!(note, "ram:PassRole: implicit deny: no policy allows it");
    // Without a role, nothing is passed.
    run_instances(&lab.user("demo", "dev"), &[], &[DRY]).assert_refused(400, "DryRunOperation");
}

#[test]
fn regions_are_listed_in_the_requested_language() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let list = |params: &[(&str, &str)]| -> Vec<Value> {
        root.ecs("DescribeRegions", params).assert_ok()["Regions"]["Region"].as_array().unwrap().clone()
    };

    let chinese = list(&[]);

    let ids: BTreeSet<_> = field_texts(&chinese, "RegionId").into_iter().collect();
    assert_eq!(ids.len(), chinese.len());
    let hangzhou = |all: &[Value]| all.iter().find(|one| one["RegionId"] == "cn-hangzhou").cloned().unwrap();
    let one = hangzhou(&chinese);
    assert_eq!(
        (&one["LocalName"], &one["RegionEndpoint"]),
        (&"华东1（杭州）".into(), &"ecs.cn-hangzhou.aliyuncs.com".into())
    );
    assert_eq!(list(&[("AcceptLanguage", "zh-CN")]), chinese);
    assert_eq!(hangzhou(&list(&[("AcceptLanguage", "en-US")]))["LocalName"], "China (Hangzhou)");
    let xml = root.in_xml().ecs("DescribeRegions", &[]);
    assert!(xml.body.contains("<Regions><Region><RegionId>cn-qingdao</RegionId>"), "{}", xml.body);
}
