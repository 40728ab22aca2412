//! Policies, their versions and what they are attached to. Source: docs/evidence/ram.md 5.6, sections 6 and 9. Every code stands in
//! `codes/policies.yaml`, `codes/versions.yaml` and `codes/attachments.yaml`.

use crate::support::{Actor, Lab, Paging, field_texts, policy_document};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, keys: [{}]}], roles: [{name: deploy}], groups: [{name: devs}], resourceGroups: [{name: one, id: rg-1}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

fn create_policy(root: &Actor, name: &str, document: &str) {
    root.ram("CreatePolicy", &[("PolicyName", name), ("PolicyDocument", document)]).assert_ok();
}

fn add_version(root: &Actor, document: &str, more: &[(&str, &str)]) -> Value {
    let mut params = vec![("PolicyName", "store"), ("PolicyDocument", document)];
    params.extend(more);
    root.ram("CreatePolicyVersion", &params).assert_ok()["PolicyVersion"].clone()
}

fn list_versions(root: &Actor) -> Vec<String> {
    let listed =
        root.ram("ListPolicyVersions", &[("PolicyType", "Custom"), ("PolicyName", "store")]).assert_ok();
    field_texts(listed["PolicyVersions"]["PolicyVersion"].as_array().unwrap(), "VersionId")
}

fn get_policy(root: &Actor, name: &str) -> Value {
    root.ram("GetPolicy", &[("PolicyType", "Custom"), ("PolicyName", name)]).assert_ok()
}

fn attachment_params(kind: &'static str, name: &'static str) -> [(&'static str, &'static str); 3] {
    [(kind, name), ("PolicyType", "Custom"), ("PolicyName", "store")]
}

const ROTATE: (&str, &str) = ("RotateStrategy", "DeleteOldestNonDefaultVersionWhenLimitExceeded");

#[test]
fn a_policy_is_created_and_shown_with_the_document_as_it_was_sent() {
    let (_lab, root) = lab();
    let document = "{ \"Version\": \"1\",\n \"Statement\": [{\"Effect\":\"Allow\", \"Action\":\"ecs:*\",\"Resource\":\"*\"}]}";

    let made = root.ram(
        "CreatePolicy",
        &[("PolicyName", "Store"), ("PolicyDocument", document), ("Description", "about ECS")],
    );

    assert_snapshot!(made.one_field_a_line(), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "Policy":{
    "PolicyName":"Store",
    "PolicyType":"Custom",
    "Description":"about ECS",
    "DefaultVersion":"v1",
    "CreateDate":"2026-11-22T08:00:00Z"}}
    "#);
    let shown = get_policy(&root, "store");
    assert_eq!(shown["DefaultPolicyVersion"]["PolicyDocument"], document);
    assert_eq!(
        (&shown["Policy"]["PolicyName"], &shown["Policy"]["AttachmentCount"]),
        (&"Store".into(), &0.into())
    );
    create_policy(&root, "other", document);
    root.ram("CreatePolicy", &[("PolicyName", "STORE"), ("PolicyDocument", document)])
        .assert_refused(409, "EntityAlreadyExists.Policy");
}

#[test]
fn each_action_that_takes_a_document_refuses_what_the_policy_check_calls_an_error() {
    let (_lab, root) = lab();
    create_policy(&root, "store", &policy_document("Allow", "ecs:*"));
    let refuse = |action: &str, params: &[(&str, &str)], text: &str| {
        assert_eq!(root.ram(action, params).assert_refused(400, "MalformedPolicyDocument"), text);
    };
    let action = "The action format is not valid. Use the format <ram-code>:<action-name>.";
    let bad = policy_document("Allow", "foo");
    refuse("CreatePolicy", &[("PolicyName", "bad"), ("PolicyDocument", &bad)], action);
    refuse("CreatePolicyVersion", &[("PolicyName", "store"), ("PolicyDocument", &bad)], action);

    let trust = |principal: &str| {
        let principal = format!(r#"{{"RAM":["{principal}"]}}"#);
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}]}}"#
        )
    };
    let prefix = "Add the required prefix (acs) to the resource ARN.";
    let bad = trust("arn:aws:iam::1:root");
    refuse("CreateRole", &[("RoleName", "bad"), ("AssumeRolePolicyDocument", &bad)], prefix);
    refuse("UpdateRole", &[("RoleName", "deploy"), ("NewAssumeRolePolicyDocument", &bad)], prefix);
    assert_eq!(list_versions(&root), ["v1"]);
}

#[test]
fn a_statement_may_have_a_sid() {
    // AlibabaCloudDocs/ram, "Authorization for OSS instances".
    let (_lab, root) = lab();
    let document = r#"{"Version":"1","Statement":[
        {"Sid":"list every bucket","Effect":"Allow","Action":["oss:ListBuckets"],"Resource":["acs:oss:*:*:*"]},
        {"Sid":"keep strangers out","Effect":"Deny","Action":"oss:*","Resource":["acs:oss:*:*:*"],
         "Condition":{"NotIpAddress":{"acs:SourceIp":["127.0.0.0/8"]}}}]}"#;
    create_policy(&root, "sids", document);
}

#[test]
fn version_numbers_are_never_reused() {
    let (_lab, root) = lab();
    let document = policy_document("Allow", "ecs:*");
    create_policy(&root, "store", &document);
    add_version(&root, &document, &[]);
    add_version(&root, &document, &[]);
    for version in ["v3", "v2"] {
        root.ram("DeletePolicyVersion", &[("PolicyName", "store"), ("VersionId", version)]).assert_ok();
    }

    let next = add_version(&root, &document, &[]);

    assert_eq!((&next["VersionId"], &next["IsDefaultVersion"]), (&"v4".into(), &false.into()));
    assert_eq!(list_versions(&root), ["v1", "v4"]);
    root.ram("DeletePolicy", &[("PolicyName", "store"), ("CascadingDelete", "true")]).assert_ok();
    create_policy(&root, "store", &document);
    assert_eq!(list_versions(&root), ["v1"]);
}

#[test]
fn at_the_limit_the_oldest_non_default_version_is_deleted_if_requested() {
    let (_lab, root) = lab();
    let document = policy_document("Allow", "ecs:*");
    create_policy(&root, "store", &document);
    for _ in 2..=5 {
        add_version(&root, &document, &[ROTATE]);
    }
    let more = [("PolicyName", "store"), ("PolicyDocument", document.as_str())];
    root.ram("CreatePolicyVersion", &more).assert_refused(409, "LimitExceeded.Policy.Version");
    root.ram("CreatePolicyVersion", &[more[0], more[1], ("RotateStrategy", "None")])
        .assert_refused(409, "LimitExceeded.Policy.Version");

    add_version(&root, &document, &[ROTATE]);
    assert_eq!(list_versions(&root), ["v1", "v3", "v4", "v5", "v6"]);
    add_version(&root, &document, &[ROTATE, ("SetAsDefault", "true")]);
    assert_eq!(list_versions(&root), ["v1", "v4", "v5", "v6", "v7"]);
    add_version(&root, &document, &[ROTATE]);

    assert_eq!(list_versions(&root), ["v4", "v5", "v6", "v7", "v8"]);
    assert_eq!(get_policy(&root, "store")["Policy"]["DefaultVersion"], "v7");
}

#[test]
fn only_the_default_version_applies_and_at_once() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    create_policy(&root, "store", &policy_document("Allow", "ecs:*"));
    root.ram("AttachPolicyToUser", &attachment_params("UserName", "ann")).assert_ok();
    let may_list = || ann.ram("ListUsers", &[]).status == 200;

    add_version(&root, &policy_document("Allow", "ram:ListUsers"), &[]);
    assert!(!may_list(), "a version that is not the default counts");
    root.ram("SetDefaultPolicyVersion", &[("PolicyName", "store"), ("VersionId", "v2")]).assert_ok();
    assert!(may_list());
    add_version(&root, &policy_document("Deny", "ram:*"), &[("SetAsDefault", "true")]);
    assert!(!may_list());

    root.ram("DeletePolicyVersion", &[("PolicyName", "store"), ("VersionId", "v3")])
        .assert_refused(409, "DeleteConflict.Policy.Version.Default");
    let listed =
        root.ram("ListPolicyVersions", &[("PolicyType", "Custom"), ("PolicyName", "store")]).assert_ok();
    let listed = listed["PolicyVersions"]["PolicyVersion"].as_array().unwrap().clone();
    let defaults: Vec<_> = listed.iter().map(|version| version["IsDefaultVersion"] == true).collect();
    assert_eq!(defaults, [false, false, true]);
}

#[test]
fn the_update_date_follows_description_and_default_version_alone() {
    let (lab, root) = lab();
    let document = policy_document("Allow", "ecs:*");
    create_policy(&root, "store", &document);
    let mut updated = get_policy(&root, "store")["Policy"]["UpdateDate"].clone();
    let mut changes = |what: &str, run: &dyn Fn()| {
        lab.advance_clock("1m");
        run();
        let now = get_policy(&root, "store")["Policy"]["UpdateDate"].clone();
        let has_changed = now != updated;
        updated = now;
        (what.to_owned(), has_changed)
    };

    let seen = [
        changes("version", &|| drop(add_version(&root, &document, &[]))),
        changes("default version", &|| drop(add_version(&root, &document, &[("SetAsDefault", "true")]))),
        changes("set default", &|| {
            root.ram("SetDefaultPolicyVersion", &[("PolicyName", "store"), ("VersionId", "v1")]).assert_ok();
        }),
        changes("description", &|| {
            root.ram("UpdatePolicyDescription", &[("PolicyName", "store"), ("NewDescription", "new")])
                .assert_ok();
        }),
        changes("attachment", &|| {
            drop(root.ram("AttachPolicyToUser", &attachment_params("UserName", "ann")).assert_ok());
        }),
    ];

    let names: Vec<_> =
        seen.iter().filter(|(_, has_changed)| *has_changed).map(|(what, _)| what.as_str()).collect();
    assert_eq!(names, ["default version", "set default", "description"]);
    assert_eq!(get_policy(&root, "store")["Policy"]["CreateDate"], "2026-11-22T08:00:00Z");
}

#[test]
fn a_policy_shows_how_often_and_to_whom_it_is_attached() {
    let (lab, root) = lab();
    create_policy(&root, "store", &policy_document("Allow", "ecs:*"));
    let whom = |kind: &str| {
        root.ram("ListEntitiesForPolicy", &attachment_params("UserName", "x")[1..]).assert_ok()[kind].clone()
    };
    assert_eq!(whom("Users"), json!({"User": []}));
    assert_eq!((whom("Groups"), whom("Roles")), (json!({"Group": []}), json!({"Role": []})));

    lab.advance_clock("1m");
    root.ram("AttachPolicyToUser", &attachment_params("UserName", "ann")).assert_ok();
    root.ram("AttachPolicyToGroup", &attachment_params("GroupName", "devs")).assert_ok();
    root.ram("AttachPolicyToRole", &attachment_params("RoleName", "deploy")).assert_ok();

    assert_eq!(get_policy(&root, "store")["Policy"]["AttachmentCount"], 3);
    assert_eq!(whom("Users")["User"][0]["AttachDate"], "2026-11-22T08:01:00Z");
    assert_eq!(field_texts(whom("Roles")["Role"].as_array().unwrap(), "RoleName"), ["deploy"]);
    for (holder, action) in [("UserName", "User"), ("GroupName", "Group"), ("RoleName", "Role")] {
        let name = match action {
            "User" => "ann",
            "Group" => "devs",
            _ => "deploy",
        };
        root.ram("DeletePolicy", &[("PolicyName", "store"), ("CascadingDelete", "true")])
            .assert_refused(409, &format!("DeleteConflict.Policy.{action}"));
        root.ram(&format!("DetachPolicyFrom{action}"), &attachment_params(holder, name)).assert_ok();
    }
    root.ram("DeletePolicy", &[("PolicyName", "store")]).assert_ok();
}

#[test]
fn pages_of_policies_joined_equal_the_list_whatever_is_asked_for() {
    let (_lab, root) = lab();
    for (name, tags) in [
        ("red", r#"[{"Key":"color","Value":"red"}]"#),
        ("plain", "[]"),
        ("blue", r#"[{"Key":"color","Value":"blue"},{"Key":"big"}]"#),
    ] {
        let document = policy_document("Allow", "ecs:*");
        root.ram("CreatePolicy", &[("PolicyName", name), ("PolicyDocument", &document), ("Tag", tags)])
            .assert_ok();
    }
    let paging = Paging { items: "/Policies/Policy", token: "Marker", size: "MaxItems" };
    let listed = |params: &[(&str, &str)]| {
        field_texts(
            root.ram("ListPolicies", params).assert_ok().pointer(paging.items).unwrap().as_array().unwrap(),
            "PolicyName",
        )
    };
    let named = |params: &[(&str, &str)]| {
        root.assert_pages_join("ListPolicies", params, &paging);
        listed(params)
    };

    let all = listed(&[("MaxItems", "1000")]);

    let system = listed(&[("PolicyType", "System"), ("MaxItems", "1000")]);
    assert_eq!(all[..system.len()], system);
    assert_eq!(all[system.len()..], ["red", "plain", "blue"]);
    assert!(system.len() >= 20 && system.contains(&"AdministratorAccess".to_owned()));
    assert_eq!(named(&[("PolicyType", "Custom")]), ["red", "plain", "blue"]);
    assert_eq!(named(&[("Tag", r#"[{"Key":"color"}]"#)]), ["red", "blue"]);
    assert_eq!(named(&[("Tag", r#"[{"Key":"color","Value":"blue"}]"#)]), ["blue"]);
    assert_eq!(named(&[("Tag.1.Key", "big"), ("Tag.2.Key", "color"), ("Tag.2.Value", "red")]), [""; 0]);
    assert_eq!(named(&[("PolicyType", "System"), ("Tag", r#"[{"Key":"color"}]"#)]), [""; 0]);
}

#[test]
fn a_system_policy_is_read_and_attached_and_never_written() {
    let (lab, root) = lab();
    let name = ("PolicyName", "AliyunRAMReadOnlyAccess");
    let system = [("PolicyType", "System"), name];

    let shown = root.ram("GetPolicy", &system).assert_ok();
    assert_eq!(
        (&shown["Policy"]["DefaultVersion"], &shown["DefaultPolicyVersion"]["VersionId"]),
        (&"v3".into(), &"v3".into())
    );
    root.ram("AttachPolicyToUser", &[system[0], name, ("UserName", "ann")]).assert_ok();
    lab.user("demo", "ann").ram("ListRoles", &[]).assert_ok();

    let document = policy_document("Allow", "*");
    root.ram("GetPolicy", &[("PolicyType", "Custom"), name]).assert_refused(404, "EntityNotExist.Policy");
    root.ram("CreatePolicyVersion", &[name, ("PolicyDocument", &document)])
        .assert_refused(404, "EntityNotExist.Policy");
    root.ram("UpdatePolicyDescription", &[name, ("NewDescription", "x")])
        .assert_refused(404, "EntityNotExist.Policy");
    root.ram("DeletePolicy", &[name]).assert_refused(404, "EntityNotExist.Policy");
    root.ram("GetPolicyVersion", &[system[0], name, ("VersionId", "v4")])
        .assert_refused(404, "EntityNotExist.Policy.Version");
}

#[test]
fn a_policy_is_found_by_its_name_in_any_case() {
    let (_lab, root) = lab();
    create_policy(&root, "Store", &policy_document("Allow", "ecs:*"));

    root.ram("AttachPolicyToUser", &[("UserName", "ANN"), ("PolicyType", "Custom"), ("PolicyName", "STORE")])
        .assert_ok();

    root.ram("AttachPolicyToUser", &attachment_params("UserName", "ann"))
        .assert_refused(409, "EntityAlreadyExists.User.Policy");
    root.ram("DetachPolicyFromUser", &attachment_params("UserName", "Ann")).assert_ok();
}

#[test]
fn an_empty_description_clears_it_and_a_document_may_be_as_long_as_6144_characters() {
    let (_lab, root) = lab();
    let short = policy_document("Allow", "ecs:*");
    let of_length = |length: usize| format!("{short}{}", " ".repeat(length - short.len()));

    root.ram(
        "CreatePolicy",
        &[("PolicyName", "long"), ("PolicyDocument", &of_length(6144)), ("Description", "x")],
    )
    .assert_ok();
    root.ram("CreatePolicy", &[("PolicyName", "longer"), ("PolicyDocument", &of_length(6145))])
        .assert_refused(400, "InvalidParameter.PolicyDocument.Length");

    let cleared =
        root.ram("UpdatePolicyDescription", &[("PolicyName", "long"), ("NewDescription", "")]).assert_ok();
    assert_eq!(cleared["Policy"]["Description"], "");
}

#[test]
fn policies_attached_for_a_resource_group_are_not_listed_but_prevent_deletion() {
    let (_lab, root) = lab();
    create_policy(&root, "store", &policy_document("Allow", "ecs:*"));
    let for_group = [&attachment_params("UserName", "ann")[..], &[("ResourceGroupId", "rg-1")]].concat();

    root.ram("AttachPolicyToUser", &for_group).assert_ok();

    assert_eq!(get_policy(&root, "store")["Policy"]["AttachmentCount"], 0);
    let listed = root.ram("ListPoliciesForUser", &[("UserName", "ann")]).assert_ok();
    assert_eq!(listed["Policies"], json!({"Policy": []}));
    root.ram("AttachPolicyToUser", &for_group).assert_refused(409, "EntityAlreadyExists.User.Policy");
    root.ram("DetachPolicyFromUser", &attachment_params("UserName", "ann"))
        .assert_refused(404, "EntityNotExist.User.Policy");
    root.ram("DeletePolicy", &[("PolicyName", "store")]).assert_refused(409, "DeleteConflict.Policy.User");
    root.ram("DeleteUser", &[("UserName", "ann")]).assert_refused(409, "DeleteConflict.User.AccessKey");
    root.ram("AttachPolicyToUser", &attachment_params("UserName", "ann")).assert_ok();
    assert_eq!(get_policy(&root, "store")["Policy"]["AttachmentCount"], 1);
    root.ram("DetachPolicyFromUser", &for_group).assert_ok();
}

#[test]
fn a_policy_about_the_old_name_of_a_user_does_not_follow_it() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    let document = policy_document("Allow", "ram:GetUser")
        .replace(r#""Resource":"*""#, r#""Resource":"acs:ram:*:*:user/ann""#);
    create_policy(&root, "store", &document);
    root.ram("AttachPolicyToUser", &attachment_params("UserName", "ann")).assert_ok();
    ann.ram("GetUser", &[("UserName", "ann")]).assert_ok();

    root.ram("UpdateUser", &[("UserName", "ann"), ("NewUserName", "anna")]).assert_ok();

    ann.ram("GetUser", &[("UserName", "anna")]).assert_refused(403, "NoPermission");
    ann.ram("GetUser", &[("UserName", "ann")]).assert_refused(404, "EntityNotExist.User");
}

#[test]
fn checks_of_an_attachment_run_in_the_documented_order() {
    let lab = Lab::with_scenario(
        "quotas: {customPoliciesEach: 1}\naccounts: [{name: demo, keys: [{}], users: [{name: ann, keys: [{}]}]}]",
    );
    let root = lab.root("demo");
    let attach = |by: &Actor, kind: &str, user: &str, policy: &str| {
        by.ram("AttachPolicyToUser", &[("PolicyType", kind), ("UserName", user), ("PolicyName", policy)])
    };

    attach(&lab.user("demo", "ann"), "Mine", "a b", "a_b").assert_refused(403, "NoPermission");
    attach(&root, "Mine", "a b", "a_b").assert_refused(400, "InvalidParameter.PolicyType");
    attach(&root, "Custom", "a b", "a_b").assert_refused(400, "InvalidParameter.UserName.InvalidChars");
    attach(&root, "Custom", "nobody", "a_b").assert_refused(400, "InvalidParameter.PolicyName.InvalidChars");
    attach(&root, "Custom", "nobody", "store").assert_refused(404, "EntityNotExist.User");
    attach(&root, "Custom", "ann", "store").assert_refused(404, "EntityNotExist.Policy");
    create_policy(&root, "store", &policy_document("Allow", "ecs:*"));
    create_policy(&root, "other", &policy_document("Allow", "ecs:*"));
    attach(&root, "Custom", "ann", "store").assert_ok();
    attach(&root, "Custom", "ann", "store").assert_refused(409, "EntityAlreadyExists.User.Policy");
    attach(&root, "Custom", "ann", "other").assert_refused(409, "LimitExceeded.User.Policy");
    attach(&root, "System", "ann", "ReadOnlyAccess").assert_ok();
}

#[test]
fn a_malformed_document_is_reported_before_a_missing_policy_and_before_a_quota() {
    let lab = Lab::with_scenario(
        "quotas: {policies: 1, versionsPerPolicy: 1}\naccounts: [{name: demo, keys: [{}]}]",
    );
    let root = lab.root("demo");
    let with = |action: &str, name: &str, document: &str| {
        root.ram(action, &[("PolicyName", name), ("PolicyDocument", document)])
    };

    with("CreatePolicyVersion", "store", "{}").assert_refused(400, "MalformedPolicyDocument");
    create_policy(&root, "store", &policy_document("Allow", "ecs:*"));
    with("CreatePolicy", "store", "{}").assert_refused(400, "MalformedPolicyDocument");
    with("CreatePolicy", "other", "{}").assert_refused(400, "MalformedPolicyDocument");
    with("CreatePolicyVersion", "store", "{}").assert_refused(400, "MalformedPolicyDocument");

    with("CreatePolicyVersion", "store", &policy_document("Allow", "*"))
        .assert_refused(409, "LimitExceeded.Policy.Version");
}
