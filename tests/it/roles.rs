//! Roles. Source: docs/evidence/ram.md 5.7. Every code stands in `codes/roles.yaml`; sessions of roles are tested in `sessions`.

use crate::support::{Lab, Paging, field_texts};
use insta::assert_snapshot;

const TRUST: &str = r#"{ "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["*"]}}], "Version": "1" }"#;

#[test]
fn a_role_is_created_and_shown_with_its_trust_policy_as_it_was_sent() {
    let lab = Lab::new();
    let root = lab.root("demo");

    let made = root.ram(
        "CreateRole",
        &[("RoleName", "Deploy"), ("AssumeRolePolicyDocument", TRUST), ("MaxSessionDuration", "43200")],
    );

    let document = serde_json::to_string(TRUST).unwrap();
    assert_snapshot!(made.one_field_a_line().replace(&document, "TRUST"), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "Role":{
    "RoleId":"379763513909661967",
    "RoleName":"Deploy",
    "Arn":"acs:ram::1897304235598129:role/deploy",
    "Description":"",
    "AssumeRolePolicyDocument":TRUST,
    "MaxSessionDuration":43200,
    "AllowConsoleLogin":true,
    "CreateDate":"2026-11-22T08:00:00Z"}}
    "#);
    let shown = root.ram("GetRole", &[("RoleName", "deploy")]).assert_ok()["Role"].clone();
    assert_eq!(
        (&shown["AssumeRolePolicyDocument"], &shown["MaxSessionDuration"]),
        (&TRUST.into(), &43200.into())
    );
    assert_eq!((&shown["IsServiceLinkedRole"], shown.get("LatestDeletionTask")), (&false.into(), None));
    let arn = format!("acs:ram::{}:role/deploy", lab.uid("demo"));
    assert_eq!(shown["Arn"], arn.as_str());
}

#[test]
fn an_update_changes_what_is_sent_and_nothing_else() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let new = [("RoleName", "deploy"), ("AssumeRolePolicyDocument", TRUST), ("Description", "for CI")];
    root.ram("CreateRole", &[new[0], new[1], new[2], ("MaxSessionDuration", "7200")]).assert_ok();
    let update = |params: &[(&str, &str)]| {
        lab.advance_clock("1m");
        root.ram("UpdateRole", &[&[("RoleName", "Deploy")], params].concat()).assert_ok()["Role"].clone()
    };

    let described = update(&[("NewDescription", "for all")]);
    assert_eq!(
        (&described["Description"], &described["MaxSessionDuration"]),
        (&"for all".into(), &7200.into())
    );
    assert_eq!(described["UpdateDate"], "2026-11-22T08:01:00Z");
    let cleared = update(&[("NewDescription", ""), ("NewMaxSessionDuration", "3600")]);
    assert_eq!((&cleared["Description"], &cleared["MaxSessionDuration"]), (&"".into(), &3600.into()));
    let other = TRUST.replace('*', "acs:ram::1:root");
    let trusting = update(&[("NewAssumeRolePolicyDocument", &other)]);

    assert_eq!(trusting["AssumeRolePolicyDocument"], other.as_str());
    assert_eq!(
        (&trusting["CreateDate"], &trusting["UpdateDate"]),
        (&"2026-11-22T08:00:00Z".into(), &"2026-11-22T08:03:00Z".into())
    );
    assert_eq!(trusting["RoleName"], "deploy");
}

#[test]
fn a_role_name_is_unique_regardless_of_case() {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateRole", &[("RoleName", "deploy"), ("AssumeRolePolicyDocument", TRUST)]).assert_ok();

    root.ram("CreateRole", &[("RoleName", "DEPLOY"), ("AssumeRolePolicyDocument", TRUST)])
        .assert_refused(409, "EntityAlreadyExists.Role");

    root.ram("DeleteRole", &[("RoleName", "Deploy")]).assert_ok();
    root.ram("CreateRole", &[("RoleName", "DEPLOY"), ("AssumeRolePolicyDocument", TRUST)]).assert_ok();
}

#[test]
fn durations_are_refused_on_both_sides_of_their_limits() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let create = |name: &str, seconds: &str| {
        let params =
            [("RoleName", name), ("AssumeRolePolicyDocument", TRUST), ("MaxSessionDuration", seconds)];
        root.ram("CreateRole", &params)
    };

    create("shortest", "3600").assert_ok();
    create("longest", "43200").assert_ok();
    for bad in ["3599", "43201", "1h"] {
        create("bad", bad).assert_refused(400, "InvalidParameter.MaxSessionDuration");
    }
}

#[test]
fn pages_of_roles_joined_equal_the_list_with_and_without_a_tag() {
    let lab = Lab::with_scenario("accounts: [{name: demo, keys: [{}], roles: [{name: first}]}]");
    let root = lab.root("demo");
    for (name, tags) in [
        ("zebra", r#"[{"Key":"team","Value":"a"}]"#),
        ("ant", "[]"),
        ("mole", r#"[{"Key":"team","Value":"b"}]"#),
    ] {
        root.ram("CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", TRUST), ("Tag", tags)])
            .assert_ok();
    }
    let named = |params: &[(&str, &str)]| {
        root.assert_pages_join(
            "ListRoles",
            params,
            &Paging { items: "/Roles/Role", token: "Marker", size: "MaxItems" },
        );
        field_texts(
            root.ram("ListRoles", params).assert_ok()["Roles"]["Role"].as_array().unwrap(),
            "RoleName",
        )
    };

    assert_eq!(named(&[]), ["first", "zebra", "ant", "mole"]);
    assert_eq!(named(&[("Tag", r#"[{"Key":"team"}]"#)]), ["zebra", "mole"]);
    assert_eq!(named(&[("Tag", r#"[{"Key":"team","Value":"b"}]"#)]), ["mole"]);
    let page = root.ram("ListRoles", &[("MaxItems", "1")]).assert_ok();
    assert!(
        page["Roles"]["Role"][0].get("AssumeRolePolicyDocument").is_none(),
        "a list shows no trust policies"
    );
}

#[test]
fn the_quota_of_roles_counts_service_linked_ones_and_never_refuses_them() {
    let lab = Lab::with_scenario(
        "quotas: {roles: 2}\naccounts: [{name: demo, keys: [{}], roles: [{name: first}]}]",
    );
    let root = lab.root("demo");
    root.ram("CreateServiceLinkedRole", &[("ServiceName", "config.aliyuncs.com")]).assert_ok();

    root.ram("CreateRole", &[("RoleName", "second"), ("AssumeRolePolicyDocument", TRUST)])
        .assert_refused(409, "LimitExceeded.Role");
    root.ram("CreateServiceLinkedRole", &[("ServiceName", "ess.aliyuncs.com")]).assert_ok();
}

#[test]
fn an_existing_or_missing_role_is_reported_before_a_malformed_trust_policy() {
    let lab = Lab::with_scenario(
        "quotas: {roles: 1}\naccounts: [{name: demo, keys: [{}], roles: [{name: deploy}]}]",
    );
    let root = lab.root("demo");
    let create =
        |name: &str| root.ram("CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", "{}")]);
    let update =
        |name: &str| root.ram("UpdateRole", &[("RoleName", name), ("NewAssumeRolePolicyDocument", "{}")]);

    create("Deploy").assert_refused(409, "EntityAlreadyExists.Role");
    create("other").assert_refused(400, "MalformedPolicyDocument");
    update("other").assert_refused(404, "EntityNotExist.Role");
    update("deploy").assert_refused(400, "MalformedPolicyDocument");
}

#[test]
fn an_arn_has_the_name_of_a_role_in_lower_case_and_means_it_in_any_case() {
    // hashicorp/vault#6377, salesforce/multicloudj: docs/evidence/sts.md section 6.
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ci, policies: [AdministratorAccess], keys: [{}]}]}]",
    );
    let (uid, root, ci) = (lab.uid("demo"), lab.root("demo"), lab.user("demo", "ci"));
    let made = root.ram("CreateRole", &[("RoleName", "DeployRole"), ("AssumeRolePolicyDocument", TRUST)]);
    let made = made.assert_ok()["Role"].clone();
    let arn = format!("acs:ram::{uid}:role/deployrole");
    assert_eq!((&made["RoleName"], &made["Arn"]), (&"DeployRole".into(), &arn.as_str().into()));

    for sent in [arn.as_str(), &format!("acs:ram::{uid}:role/DeployRole")] {
        let assumed = ci.sts("AssumeRole", &[("RoleArn", sent), ("RoleSessionName", "Job")]).assert_ok();
        assert_eq!(assumed["AssumedRoleUser"]["Arn"], format!("{arn}/Job"));
        let of = |name: &str| assumed["Credentials"][name].as_str().unwrap().to_owned();
        let session = lab.actor(&of("AccessKeyId"), &of("AccessKeySecret")).with_token(&of("SecurityToken"));
        let who = session.sts("GetCallerIdentity", &[]).assert_ok();
        assert_eq!(who["Arn"], format!("acs:ram::{uid}:assumed-role/deployrole/Job"));
    }

    let missing = format!("acs:ram::{uid}:role/AliyunCSDefaultRole");
    let refused = ci.sts("AssumeRole", &[("RoleArn", &missing), ("RoleSessionName", "Job")]);
    assert_eq!(
        refused.assert_refused(404, "EntityNotExist.Role"),
        format!("The role not exists: acs:ram::{uid}:role/aliyuncsdefaultrole.")
    );
}

#[test]
fn policies_and_trust_policies_name_a_role_in_any_case() {
    let lab = Lab::with_scenario(
        r#"
accounts:
  - name: demo
    uid: 1234567890123456
    policies:
      - name: AssumeSecond
        document: {Version: "1", Statement: [{Effect: Allow, Action: "sts:AssumeRole", Resource: "acs:ram::1234567890123456:role/SECONDrole"}]}
      - name: ReadUnlessOther
        document:
          Version: "1"
          Statement:
            - {Effect: Allow, Action: "ram:ListUsers", Resource: "*"}
            - {Effect: Deny, Action: "ram:*", Resource: "*", Condition: {StringNotLike: {"acs:PrincipalARN": "acs:ram:*:*:role/secondROLE"}}}
    users: [{name: ci, policies: [AliyunSTSAssumeRoleAccess], keys: [{}]}]
    roles:
      - {name: FirstRole, policies: [AssumeSecond]}
      - {name: SecondRole, trust: {RAM: [role/firstrole]}, policies: [ReadUnlessOther]}
"#,
    );
    let assume = |by: &crate::support::Actor, name: &str| {
        let arn = format!("acs:ram::1234567890123456:role/{name}");
        let reply = by.sts("AssumeRole", &[("RoleArn", &arn), ("RoleSessionName", "job")]).assert_ok();
        let of = |name: &str| reply["Credentials"][name].as_str().unwrap().to_owned();
        lab.actor(&of("AccessKeyId"), &of("AccessKeySecret")).with_token(&of("SecurityToken"))
    };

    let first = assume(&lab.user("demo", "ci"), "firstROLE");
    let second = assume(&first, "SecondRole");

    second.ram("ListUsers", &[]).assert_ok();
}
