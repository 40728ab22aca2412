//! Network policies of AccessKeys, and calls from other networks. Source: docs/evidence/ims.md 3.5 and 4.4.

use crate::support::doors::{OSS_FORMS, Oss, xml_text};
use crate::support::sign::Form;
use crate::support::{Actor, Lab, Reply};
use alimock::Scenario;
use alimock::scenario::Export;
use std::sync::Arc;

const UID: &str = "1234567890123456";
const UPN: &str = "dev@1234567890123456.onaliyun.com";

fn lab(more: &str) -> (Arc<Lab>, Actor, Actor) {
    let lab = Lab::with_scenario(&format!(
        "accounts: [{{name: demo, uid: {UID}, keys: [{{}}], users: [{{name: dev, policies: [AliyunOSSFullAccess, AliyunSTSAssumeRoleAccess], keys: [{{}}]}}], roles: [{{name: deploy}}]}}]\n{more}"
    ));
    let (root, dev) = (lab.root("demo"), lab.user("demo", "dev"));
    (lab, root, dev)
}

/// `GetCallerIdentity` from an address.
fn call_from(actor: &Actor, address: &str) -> Reply {
    let request = actor.request("2015-04-01", "GetCallerIdentity", &[]);
    Reply::of(actor.lab.gateway.handle(&request, address.parse().unwrap()))
}

/// A policy that admits `list` from the public network.
fn public(list: &str) -> String {
    format!(r#"{{"Status":"Active","Statements":[{{"Type":"ClassicWhiteList","IPList":[{list}]}}]}}"#)
}

fn set(root: &Actor, key: &str, policy: &str) -> Reply {
    root.ims(
        "SetAccessKeyPolicy",
        &[("UserPrincipalName", UPN), ("UserAccessKeyId", key), ("AccessKeyPolicy", policy)],
    )
}

const OFF: &str = r#"{"Version":1,"Status":"Inactive","Statements":[]}"#;

#[test]
fn a_key_signs_only_from_the_addresses_of_its_policy() {
    let (lab, root, dev) = lab("");
    set(&root, &dev.key, &public(r#""203.0.113.0/24","2001:db8::1""#)).assert_ok();

    for address in ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8::1"] {
        call_from(&dev, address).assert_ok();
    }
    let message = call_from(&dev, "198.51.100.1").assert_refused(400, "InvalidAccessKeyId.Inactive");
    assert_eq!(message, "Specified access key is disabled.");
    let record = lab.last_record();
    assert_eq!(
        record.refused.as_ref().unwrap().note.as_deref(),
        Some(
            "the network policy of the key does not admit 198.51.100.1: it admits [203.0.113.0/24, 2001:db8::1]"
        )
    );
    call_from(&root, "198.51.100.1").assert_ok();

    set(&root, &dev.key, OFF).assert_ok();
    call_from(&dev, "198.51.100.1").assert_ok();
}

#[test]
fn a_policy_is_returned_with_its_version_and_without_one_it_is_empty() {
    let (_, root, dev) = lab("");
    let of_key = [("UserPrincipalName", UPN), ("UserAccessKeyId", &*dev.key)];

    let none = root.ims("GetAccessKeyPolicy", &of_key).assert_ok();
    assert_eq!((&none["AccessKeyId"], &none["AccessKeyPolicy"]), (&dev.key.clone().into(), &"{}".into()));
    let policy = r#"{"Statements":[{"IPList":["10.0.0.0/8"],"Value":"vpc-a1","Type":"VPCWhiteList"}],"Status":"Active"}"#;
    let stored = r#"{"Version":1,"Status":"Active","Statements":[{"Type":"VPCWhiteList","Value":"vpc-a1","IPList":["10.0.0.0/8"]}]}"#;
    for reply in [set(&root, &dev.key, policy), root.ims("GetAccessKeyPolicy", &of_key)] {
        assert_eq!(reply.assert_ok()["AccessKeyPolicy"], stored);
    }
    let of_account = root.ims("GetAccessKeyPolicyForAccount", &[]).assert_ok();
    assert_eq!(of_account["AccessKeyPolicy"], "{}");
}

#[test]
fn the_policy_of_the_account_applies_to_keys_without_an_active_one() {
    let (_, root, dev) = lab("");
    let policy = public(r#""203.0.113.1""#);
    let second = root.create_key(&[("UserName", "dev")]);
    root.ims("SetAccessKeyPolicyForAccount", &[("AccessKeyPolicy", &policy)]).assert_ok();
    let change = |key: &str, policy: &str| {
        let request = root.request(
            "2019-08-15",
            "SetAccessKeyPolicy",
            &[("UserPrincipalName", UPN), ("UserAccessKeyId", key), ("AccessKeyPolicy", policy)],
        );
        Reply::of(root.lab.gateway.handle(&request, "203.0.113.1".parse().unwrap())).assert_ok();
    };

    for key in [&root, &dev, &second] {
        call_from(key, "203.0.113.1").assert_ok();
        call_from(key, "203.0.113.2").assert_refused(400, "InvalidAccessKeyId.Inactive");
    }
    change(&dev.key, &public(r#""203.0.113.2""#));
    call_from(&dev, "203.0.113.2").assert_ok();
    call_from(&dev, "203.0.113.1").assert_refused(400, "InvalidAccessKeyId.Inactive");
    change(&dev.key, OFF);
    call_from(&dev, "203.0.113.1").assert_ok();
}

#[test]
fn a_temporary_credential_works_from_everywhere() {
    let (lab, root, dev) = lab("");
    let role = format!("acs:ram::{UID}:role/deploy");
    let made = dev.sts("AssumeRole", &[("RoleArn", &role), ("RoleSessionName", "job")]).assert_ok();
    let text = |name: &str| made["Credentials"][name].as_str().unwrap().to_owned();
    let session =
        lab.actor(&text("AccessKeyId"), &text("AccessKeySecret")).with_token(&text("SecurityToken"));
    root.ims("SetAccessKeyPolicyForAccount", &[("AccessKeyPolicy", &public(r#""203.0.113.1""#))]).assert_ok();

    call_from(&dev, "198.51.100.1").assert_refused(400, "InvalidAccessKeyId.Inactive");
    call_from(&session, "198.51.100.1").assert_ok();
}

#[test]
fn addresses_in_a_vpc_are_those_of_its_statement_alone() {
    let (_, root, dev) = lab("vpcs: {vpc-a1: [172.16.0.0/16], vpc-b2: [172.17.0.0/16]}");
    let statement = |value: &str, list: &str| {
        format!(
            r#"{{"Status":"Active","Statements":[{{"Type":"VPCWhiteList","Value":"{value}","IPList":[{list}]}},{{"Type":"ClassicWhiteList","IPList":["203.0.113.1","172.16.9.9"]}}]}}"#
        )
    };
    let admits = |address: &str| call_from(&dev, address).status == 200;

    set(&root, &dev.key, &statement("vpc-a1", r#""172.16.1.0/24""#)).assert_ok();
    assert_eq!(
        ["172.16.1.5", "172.16.2.5", "172.16.9.9", "172.17.1.5", "203.0.113.1"].map(admits),
        [true, false, false, false, true]
    );
    set(&root, &dev.key, &statement("AllowAllVPC", "")).assert_ok();
    assert_eq!(
        ["172.16.1.5", "172.16.2.5", "172.17.1.5", "198.51.100.1"].map(admits),
        [true, true, true, false]
    );
}

#[test]
fn conditions_of_policies_see_the_vpc_of_a_call() {
    let lab = Lab::with_scenario(
        r#"
vpcs: {vpc-a1: [172.16.0.0/16]}
accounts:
  - name: demo
    policies: [{name: inside, document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:*", Resource: "*", Condition: {StringEquals: {"acs:SourceVpc": vpc-a1}}}]}}]
    users: [{name: dev, policies: [inside], keys: [{}]}]
"#,
    );
    let dev = lab.user("demo", "dev");
    let list = |address: &str| {
        let request = dev.request("2015-05-01", "ListUsers", &[]);
        Reply::of(lab.gateway.handle(&request, address.parse().unwrap()))
    };

    list("172.16.1.5").assert_ok();
    list("127.0.0.1").assert_refused(403, "NoPermission");
}

#[test]
fn a_document_with_a_mistake_is_refused_and_changes_nothing() {
    let (_, root, dev) = lab("");
    let many = vec![r#""10.0.0.1""#; 51].join(",");
    let statement = r#"{"Type":"ClassicWhiteList","IPList":["10.0.0.1"]}"#;
    let statements =
        |count| format!(r#"{{"Status":"Active","Statements":[{}]}}"#, vec![statement; count].join(","));
    let one = |statement: &str| format!(r#"{{"Status":"Active","Statements":[{statement}]}}"#);
    let wrong = [
        "{}".to_owned(),
        "[]".to_owned(),
        "no JSON".to_owned(),
        r#"{"Status":"Active","Statements":null}"#.to_owned(),
        r#"{"Status":"active","Statements":[]}"#.to_owned(),
        r#"{"Version":2,"Status":"Active","Statements":[]}"#.to_owned(),
        r#"{"Version":1,"Status":"Active","Statements":[],"More":1}"#.to_owned(),
        one(r#"{"Type":"ClassicWhiteList"}"#),
        one(r#"{"Type":"ClassicWhiteList","Value":"vpc-1","IPList":["10.0.0.1"]}"#),
        one(r#"{"Type":"ClassicWhiteList","IPList":["10.0.0"]}"#),
        one(r#"{"Type":"VPCWhiteList","IPList":["10.0.0.1"]}"#),
        one(r#"{"Type":"VPCWhiteList","Value":"office","IPList":["10.0.0.1"]}"#),
    ];
    for policy in wrong {
        set(&root, &dev.key, &policy).assert_refused(400, "InvalidParameter.AccessKeyPolicy.Format");
        root.ims("SetAccessKeyPolicyForAccount", &[("AccessKeyPolicy", &policy)])
            .assert_refused(400, "InvalidParameter.AccessKeyPolicy.Format");
    }
    for policy in [statements(9), public(&many)] {
        set(&root, &dev.key, &policy).assert_refused(400, "InvalidParameter.AccessKeyPolicy.Length");
    }
    let of_key = [("UserPrincipalName", UPN), ("UserAccessKeyId", &*dev.key)];
    assert_eq!(root.ims("GetAccessKeyPolicy", &of_key).assert_ok()["AccessKeyPolicy"], "{}");
    set(&root, &dev.key, &statements(8)).assert_ok();
    set(&root, &dev.key, &public(&many[..many.len() - 11])).assert_ok();
}

#[test]
fn a_key_of_somebody_else_is_not_found() {
    let (_, root, dev) = lab("");
    let policy = public(r#""10.0.0.1""#);
    root.ims("SetAccessKeyPolicy", &[("UserAccessKeyId", &dev.key), ("AccessKeyPolicy", &policy)])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    root.ims("GetAccessKeyPolicy", &[("UserAccessKeyId", &dev.key)])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    root.ims("SetAccessKeyPolicy", &[("UserAccessKeyId", &root.key), ("AccessKeyPolicy", OFF)]).assert_ok();
}

#[test]
fn both_signatures_of_the_gateway_are_held_to_it() {
    let (_, root, dev) = lab("");
    set(&root, &dev.key, &public(r#""203.0.113.1""#)).assert_ok();
    for form in [Form::RpcV1, Form::RpcV3] {
        let dev = dev.clone().signing(form);
        call_from(&dev, "203.0.113.1").assert_ok();
        call_from(&dev, "203.0.113.2").assert_refused(400, "InvalidAccessKeyId.Inactive");
    }
}

#[test]
fn policies_and_vpcs_are_words_of_a_scenario() {
    let text = r"
vpcs: {vpc-a1: [172.16.0.0/16]}
accounts:
  - name: demo
    keys: [{networkPolicy: {Status: Inactive, Statements: []}}]
    keyNetworkPolicy: {Status: Active, Statements: [{Type: VPCWhiteList, Value: vpc-a1}]}
";
    let lab = Lab::with_scenario(text);
    let root = lab.root("demo");
    call_from(&root, "172.16.3.4").assert_ok();
    call_from(&root, "127.0.0.1").assert_refused(400, "InvalidAccessKeyId.Inactive");

    let written = Export::present(lab.world()).yaml();

    let again = Lab::with_seed(&Scenario::parse(&written).unwrap());
    assert_eq!(Export::present(again.world()).yaml(), written);
    assert!(written.contains("keyNetworkPolicy:") && written.contains("networkPolicy:"), "{written}");
    call_from(&again.root("demo"), "127.0.0.1").assert_refused(400, "InvalidAccessKeyId.Inactive");
    let wrong = "accounts: [{name: demo, keys: [{networkPolicy: {}}]}]";
    let error = Scenario::parse(wrong).unwrap_err().to_string();
    assert!(error.contains("is refused as the API refuses it: missing field `Status`"), "{error}");
}

/// The error that OSS documents for a key in another network. Source: docs/evidence/ims.md 3.5.
#[test]
fn oss_answers_that_the_key_is_disabled() {
    let (_, root, dev) = lab("");
    let list = |form| dev.oss(&Oss { form, ..Oss::default() });
    set(&root, &dev.key, &public(r#""203.0.113.1""#)).assert_ok();

    for form in OSS_FORMS {
        let refused = list(form);
        refused.assert_oss_refused(403, "InvalidAccessKeyId");
        assert_eq!(xml_text(&refused.body, "EC"), "0002-00000904");
    }
    set(&root, &dev.key, &public(r#""127.0.0.0/8""#)).assert_ok();
    for form in OSS_FORMS {
        assert_eq!(list(form).status, 200);
    }
}

#[test]
fn a_stranger_learns_no_more_than_that_the_key_is_disabled() {
    let (lab, root, dev) = lab("");
    set(&root, &dev.key, &public(r#""203.0.113.1""#)).assert_ok();
    let forged = lab.actor(&dev.key, "wrongSecret");
    let refused = call_from(&forged, "198.51.100.1");
    refused.assert_refused(400, "InvalidAccessKeyId.Inactive");
    assert!(!refused.body.contains("203.0.113.1"), "{}", refused.body);
    assert_eq!(
        root.ims("GetAccessKeyLastUsed", &[("UserPrincipalName", UPN), ("UserAccessKeyId", &dev.key)])
            .assert_ok()["AccessKeyLastUsed"]["LastUsedDate"],
        ""
    );
}
