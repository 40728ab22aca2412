//! System policies: the table, and those that a scenario declares. Source: docs/evidence/ram.md section 9.

use crate::support::{Actor, FrozenClocks, Lab, field_texts};
use alimock::Scenario;
use alimock::scenario::Export;
use serde_json::{Value, json};
use std::sync::Arc;

fn lab(more: &str) -> (Arc<Lab>, Actor) {
    let scenario =
        format!("{more}\naccounts: [{{name: demo, keys: [{{}}], users: [{{name: ann, keys: [{{}}]}}]}}]");
    let lab = Lab::with_scenario(&scenario);
    let root = lab.root("demo");
    (lab, root)
}

fn get(root: &Actor, name: &str) -> Value {
    root.ram("GetPolicy", &[("PolicyType", "System"), ("PolicyName", name)]).assert_ok()
}

fn document(root: &Actor, name: &str) -> Value {
    let text = get(root, name)["DefaultPolicyVersion"]["PolicyDocument"].as_str().unwrap().to_owned();
    serde_json::from_str(&text).unwrap()
}

fn listed(reply: &Value) -> Vec<String> {
    field_texts(reply["Policies"]["Policy"].as_array().unwrap(), "PolicyName")
}

/// Names in the tests, examples and documents of official tools: aliyun/terraform-provider-alicloud,
/// alibabacloud-automation/terraform-alicloud-ram, aliyun/alibabacloud-aiops-skills, AliyunContainerService/ack-ram-tool,
/// and pages of RAM (docs/evidence/ram.md section 9).
const OF_TOOLS: &str = "
    AdministratorAccess ReadOnlyAccess PowerUserAccess AliyunActionTrailFullAccess AliyunBSSFullAccess
    AliyunBSSOrderAccess AliyunBSSReadOnlyAccess AliyunCDNFullAccess AliyunContainerRegistryFullAccess
    AliyunContainerRegistryReadOnlyAccess AliyunCSFullAccess AliyunCSReadOnlyAccess AliyunDNSFullAccess
    AliyunDNSReadOnlyAccess AliyunDataWorksFullAccess AliyunDysmsFullAccess AliyunECSFullAccess AliyunECSReadOnlyAccess
    AliyunECSNetworkInterfaceManagementAccess AliyunEventBridgeFullAccess AliyunEventBridgePutEventsPolicy
    AliyunFCDefaultRolePolicy AliyunFCFullAccess AliyunFCInvocationAccess AliyunFCServerlessDevsRolePolicy
    AliyunGlobalAccelerationReadOnlyAccess AliyunKMSCryptoUserAccess AliyunKMSFullAccess AliyunKMSReadOnlyAccess
    AliyunLogFullAccess AliyunLogReadOnlyAccess AliyunMNSFullAccess AliyunMNSNotificationRolePolicy
    AliyunMaxComputeFullAccess AliyunNASFullAccess AliyunODPSRolePolicy AliyunOSSFullAccess AliyunOSSReadOnlyAccess
    AliyunOTSFullAccess AliyunPvtzFullAccess AliyunRAMFullAccess AliyunRAMReadOnlyAccess AliyunRDSFullAccess
    AliyunRDSReadOnlyAccess AliyunSLBFullAccess AliyunSTSAssumeRoleAccess AliyunSupportFullAccess AliyunVPCFullAccess
    AliyunVPCReadOnlyAccess AliyunYundunCertFullAccess AliyunYundunSASReadOnlyAccess AliyunYundunWAFv3FullAccess
    AliyunCSDefaultRolePolicy AliyunCSManagedKubernetesRolePolicy AliyunCSManagedArmsRolePolicy
    AliyunCSManagedCmsRolePolicy AliyunCSManagedCsiRolePolicy AliyunCSManagedLogRolePolicy
    AliyunCSManagedNetworkRolePolicy AliyunCSManagedVKRolePolicy AliyunCSServerlessKubernetesRolePolicy
    AliyunCSKubernetesAuditRolePolicy AliyunESSRolePolicy AliyunNASRolePolicy AliyunServiceRolePolicyForNatgw
    AliyunServiceRolePolicyForSas";

#[test]
fn every_policy_that_an_official_tool_names_can_be_read_and_attached() {
    let (_lab, root) = lab("quotas: {systemPoliciesEach: 100}");
    for name in OF_TOOLS.split_whitespace() {
        let shown = get(&root, name);
        assert_eq!(shown["Policy"]["PolicyName"], name);
        assert_eq!(shown["Policy"]["PolicyType"], "System");
        assert_eq!(shown["Policy"]["AttachmentCount"], 0);
        let params = [("PolicyType", "System"), ("PolicyName", name), ("UserName", "ann")];
        root.ram("AttachPolicyToUser", &params).assert_ok();
        assert_eq!(get(&root, name)["Policy"]["AttachmentCount"], 1);
    }
}

/// Policies for full access to a part of a product, for which no page names a policy for reading.
const ALONE: [&str; 16] = [
    "AliyunAgencyEcoPickOrderFullAccess",
    "AliyunAuthorizationFullAccess",
    "AliyunBSSMyFreetierFullAccess",
    "AliyunDMSDataAgentFullAccess",
    "AliyunECDDesktopFullAccess",
    "AliyunECDOfficeSiteFullAccess",
    "AliyunECDPolicyGroupFullAccess",
    "AliyunECDTagFullAccess",
    "AliyunECDTechnicalSupportFullAccess",
    "AliyunECDUserFullAccess",
    "AliyunECSWorkbenchFullAccess",
    "AliyunEMRServerlessSparkFullAccess",
    "AliyunFSSFullAccess",
    "AliyunLingMouFullAccess",
    "AliyunQuanMiaoLightAppFullAccess",
    "AliyunYundunFullAccess",
];

#[test]
fn a_list_has_every_policy_once_in_the_order_of_names() {
    let (_lab, root) = lab("");
    let (mut names, mut marker) = (Vec::new(), None::<String>);
    loop {
        let mut params = vec![("PolicyType", "System")];
        params.extend(marker.as_deref().map(|marker| ("Marker", marker)));
        let page = root.ram("ListPolicies", &params).assert_ok();
        names.extend(listed(&page));
        let Some(next) = page["Marker"].as_str() else { break };
        marker = Some(next.to_owned());
    }

    assert!(names.len() > 600 && names.is_sorted_by(|one, next| one < next));
    let whole = root.ram("ListPolicies", &[("PolicyType", "System"), ("MaxItems", "1000")]).assert_ok();
    assert_eq!(listed(&whole), names);
    for name in names.iter().filter(|name| name.ends_with("FullAccess")) {
        let read = ["ReadOnlyAccess", "ReadonlyAccess"].map(|suffix| name.replace("FullAccess", suffix));
        assert!(
            ALONE.contains(&name.as_str()) || read.iter().any(|one| names.contains(one)),
            "{name} has no policy for reading"
        );
    }
}

#[test]
fn a_published_policy_has_version_times_and_document_of_its_page() {
    // www.alibabacloud.com/help/en/ram/developer-reference/aliyunfcfullaccess and .../poweruseraccess, 2023 and 2025.
    let (_lab, root) = lab("");
    let shown = get(&root, "AliyunFCFullAccess");
    let version = &shown["DefaultPolicyVersion"];
    assert_eq!((&shown["Policy"]["DefaultVersion"], &version["VersionId"]), (&json!("v2"), &json!("v2")));
    assert_eq!(shown["Policy"]["CreateDate"], "2017-05-17T10:43:57Z");
    assert_eq!(shown["Policy"]["UpdateDate"], "2021-05-07T12:55:13Z");
    assert_eq!(
        shown["Policy"]["Description"],
        "Provides full access to Function Compute via Management Console."
    );
    let passed = &document(&root, "AliyunFCFullAccess")["Statement"][1];
    assert_eq!(passed["Condition"], json!({"StringEquals": {"acs:Service": "fc.aliyuncs.com"}}));
    assert_eq!(document(&root, "PowerUserAccess")["Statement"][0]["NotAction"][0], "ram:*");
}

#[test]
fn a_policy_by_analogy_covers_the_actions_of_its_product() {
    let (_lab, root) = lab("");
    let actions = |name: &str| document(&root, name)["Statement"][0]["Action"].clone();
    assert_eq!(actions("AliyunECSFullAccess"), "ecs:*");
    assert_eq!(actions("AliyunOSSReadOnlyAccess"), json!(["oss:Get*", "oss:List*"]));
    assert_eq!(actions("AliyunYundunSASFullAccess"), json!(["yundun-sas:*", "yundun-aegis:*"]));
    assert_eq!(actions("AliyunSLBReadOnlyAccess")[0], "slb:Describe*");
    assert_eq!(actions("AliyunEIPReadOnlyAccess")[0], "vpc:Describe*Eip*");
}

#[test]
fn system_policies_are_found_by_their_exact_name_and_never_change() {
    let (_lab, root) = lab("");
    for name in ["AliyunOSSFullAcces", "aliyunossfullaccess", "AliyunNothingFullAccess"] {
        root.ram("GetPolicy", &[("PolicyType", "System"), ("PolicyName", name)])
            .assert_refused(404, "EntityNotExist.Policy");
    }
    root.ram("DeletePolicy", &[("PolicyName", "AliyunOSSFullAccess")])
        .assert_refused(404, "EntityNotExist.Policy");
}

const DECLARING: &str = r#"
systemPolicies:
  - {name: AliyunQuantumFullAccess, description: Of a new product., version: 3,
     document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:ListUsers", Resource: "*"}]}}
  - {name: AliyunOSSReadOnlyAccess, document: {Version: "1", Statement: [{Effect: Allow, Action: "oss:Head*", Resource: "*"}]}}
accounts:
  - name: demo
    keys: [{}]
    users: [{name: ann, policies: [AliyunQuantumFullAccess], keys: [{}]}]
  - {name: other, keys: [{}]}
"#;

#[test]
fn a_scenario_declares_policies_for_all_accounts_and_replaces_built_in_ones() {
    let lab = Lab::with_scenario(DECLARING);
    let root = lab.root("demo");

    lab.user("demo", "ann").ram("ListUsers", &[]).assert_ok();
    lab.user("demo", "ann").ram("ListRoles", &[]).assert_refused(403, "NoPermission");
    let shown = get(&root, "AliyunQuantumFullAccess");
    assert_eq!(shown["Policy"]["DefaultVersion"], "v3");
    assert_eq!(shown["Policy"]["Description"], "Of a new product.");
    assert_eq!(shown["Policy"]["AttachmentCount"], 1);
    assert_eq!(get(&lab.root("other"), "AliyunQuantumFullAccess")["Policy"]["AttachmentCount"], 0);
    assert_eq!(document(&root, "AliyunOSSReadOnlyAccess")["Statement"][0]["Action"], "oss:Head*");
    let names =
        listed(&root.ram("ListPolicies", &[("PolicyType", "System"), ("MaxItems", "1000")]).assert_ok());
    assert_eq!(names.iter().filter(|name| *name == "AliyunOSSReadOnlyAccess").count(), 1);
    assert_eq!(names.last().unwrap(), "AliyunOSSReadOnlyAccess");
}

#[test]
fn an_export_declares_the_same_policies() {
    let lab = Lab::with_scenario(DECLARING);
    let text = Export::present(lab.world()).yaml();

    let again = Lab::with_seed(&FrozenClocks(Scenario::parse(&text).expect(&text)));

    let shown = |lab: &Arc<Lab>| get(&lab.root("demo"), "AliyunQuantumFullAccess")["Policy"].clone();
    assert_eq!(shown(&again), shown(&lab));
    again.user("demo", "ann").ram("ListUsers", &[]).assert_ok();
}
