//! `DecodeDiagnosticMessage`: what stands behind a refusal. Source: docs/evidence/ram.md 5.11, docs/evidence/policy.md section 5.

use crate::support::{Actor, Lab, Reply, policy_document};
use serde_json::{Value, json};
use std::sync::Arc;

const PEOPLE: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    policies:
      - {name: Look, document: {Version: "1", Statement: [{Effect: Allow, Action: "ram:*", Resource: "*"}]}}
      - {name: NoUsers, document: {Version: "1", Statement: [{Effect: Deny, Action: "ram:ListUsers", Resource: "*"}]}}
    groups: [{name: barred, policies: [NoUsers]}]
    users:
      - {name: idle, keys: [{}]}
      - {name: shut, policies: [Look, NoUsers], groups: [barred], keys: [{}]}
    roles:
      - name: deploy
        policies: [NoUsers]
        sessions: [{name: ci, id: STS.NSession0001, secret: sessionSecret, token: CAISsession, expires: 100h}]
  - {name: other, keys: [{}]}
"#;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(PEOPLE);
    let root = lab.root("demo");
    (lab, root)
}

/// The message of a refusal.
#[track_caller]
fn encoded_message(refused: &Reply) -> String {
    refused.assert_refused(403, "NoPermission");
    refused.json()["AccessDeniedDetail"]["EncodedDiagnosticMessage"].as_str().unwrap().to_owned()
}

fn decode_message(by: &Actor, message: &str) -> Reply {
    by.ram("DecodeDiagnosticMessage", &[("EncodedDiagnosticMessage", message)])
}

/// What a refusal of `ListUsers` means.
#[track_caller]
fn explain_refusal(root: &Actor, actor: &Actor) -> Value {
    let message = encoded_message(&actor.ram("ListUsers", &[]));
    decode_message(root, &message).assert_ok()["DecodedDiagnosticMessage"].clone()
}

#[test]
fn a_call_that_no_policy_allows_is_explained() {
    let (lab, root) = lab();
    let idle = lab.user("demo", "idle");
    let id = root.ram("GetUser", &[("UserName", "idle")]).assert_ok()["User"]["UserId"].clone();

    let explained = explain_refusal(&root, &idle);

    assert_eq!(
        explained,
        json!({
            "ExplicitDeny": false,
            "NoPermissionPolicyType": "AccountLevelIdentityBasedPolicy",
            "AuthAction": "ram:ListUsers",
            "AuthResource": "acs:ram:*:1234567890123456:user/*",
            "AuthPrincipal": {
                "AuthPrincipalType": "SubUser",
                "AuthPrincipalOwnerId": "1234567890123456",
                "AuthPrincipalDisplayName": id,
            },
            "AuthConditions": [
                {"ConditionKey": "acs:CurrentTime", "ConditionValues": ["2026-11-22T08:00:00Z"]},
                {"ConditionKey": "acs:SecureTransport", "ConditionValues": ["false"]},
                {"ConditionKey": "acs:SourceIp", "ConditionValues": ["127.0.0.1"]},
                {"ConditionKey": "acs:PrincipalARN", "ConditionValues": ["acs:ram::1234567890123456:user/idle"]},
            ],
            "MatchedPolicies": [],
        })
    );
}

#[test]
fn an_explicit_deny_names_every_policy_that_denies() {
    let (lab, root) = lab();

    let explained = explain_refusal(&root, &lab.user("demo", "shut"));

    assert_eq!(explained["ExplicitDeny"], true);
    let denies = |to: &str| {
        json!({
            "PolicyIdentifier": "NoUsers", "PolicyType": "Custom", "PolicyVersion": "v1", "Effect": "Deny",
            "AttachedEntityType": to, "AttachedScope": "Account",
        })
    };
    assert_eq!(explained["MatchedPolicies"], json!([denies("RamUser"), denies("RamGroup")]));
}

#[test]
fn the_deciding_policy_version_is_shown_and_a_session_is_named_by_role_and_session() {
    let (lab, root) = lab();
    let document = policy_document("Deny", "ram:List*");
    let newer = [("PolicyName", "NoUsers"), ("PolicyDocument", document.as_str()), ("SetAsDefault", "true")];
    root.ram("CreatePolicyVersion", &newer).assert_ok();
    let session = lab.actor("STS.NSession0001", "sessionSecret").with_token("CAISsession");

    let explained = explain_refusal(&root, &session);

    let principal = &explained["AuthPrincipal"];
    assert_eq!(
        (&principal["AuthPrincipalType"], &principal["AuthPrincipalDisplayName"]),
        (&"AssumedRoleUser".into(), &"deploy:ci".into())
    );
    let matched = &explained["MatchedPolicies"][0];
    assert_eq!(
        (&matched["PolicyVersion"], &matched["AttachedEntityType"]),
        (&"v2".into(), &"RamRole".into())
    );
}

#[test]
fn a_message_describes_the_state_at_the_time_of_the_refusal() {
    let (lab, root) = lab();
    let shut = lab.user("demo", "shut");
    let message = encoded_message(&shut.ram("ListUsers", &[]));

    root.ram("UpdateUser", &[("UserName", "shut"), ("NewUserName", "renamed")]).assert_ok();
    let detach = [("GroupName", "barred"), ("PolicyType", "Custom"), ("PolicyName", "NoUsers")];
    root.ram("DetachPolicyFromGroup", &detach).assert_ok();

    let decoded = decode_message(&root, &message).assert_ok()["DecodedDiagnosticMessage"].clone();
    assert_eq!(decoded["MatchedPolicies"].as_array().unwrap().len(), 2);
    assert_eq!(
        decode_message(&root, &message).assert_ok()["DecodedDiagnosticMessage"],
        decoded,
        "and stays so"
    );
}

#[test]
fn a_message_can_be_decoded_for_a_day_on_the_resource_clock() {
    let (lab, root) = lab();
    let message = encoded_message(&lab.user("demo", "idle").ram("ListUsers", &[]));

    lab.advance_clock("24h");
    decode_message(&root, &message).assert_ok();
    lab.advance_clock("1s");

    let text = decode_message(&root, &message).assert_refused(400, "EncodedMessageExpire");
    assert_eq!(text, "The EncodedDiagnosticMessage is expired.");
}

#[test]
fn only_messages_of_refusals_in_this_account_are_found() {
    let (lab, root) = lab();
    let of_demo = encoded_message(&lab.user("demo", "idle").ram("ListUsers", &[]));
    let nothing = |by: &Actor, message: &str| {
        let text = decode_message(by, message).assert_refused(404, "EntityNotExist");
        assert_eq!(text, "The specific DecodedDiagnosticMessage cannot be found.");
    };

    nothing(&lab.root("other"), &of_demo);

    nothing(&root, "nonsense");
    nothing(&root, &of_demo[..of_demo.len() - 4]);
    // The id of a call that succeeded, in the same form.
    let request_id = root.ram("ListUsers", &[]).assert_ok()["RequestId"].as_str().unwrap().to_owned();
    let now = lab.world().clock.now().resource;
    nothing(&root, &alimock::text::Diagnostic { at: now, request_id }.to_base64());
}

#[test]
fn a_role_that_does_not_trust_is_explained_as_its_trust_policy() {
    let (lab, root) = lab();
    let attach =
        [("UserName", "idle"), ("PolicyType", "System"), ("PolicyName", "AliyunSTSAssumeRoleAccess")];
    root.ram("AttachPolicyToUser", &attach).assert_ok();
    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}"#;
    root.ram("UpdateRole", &[("RoleName", "deploy"), ("NewAssumeRolePolicyDocument", trust)]).assert_ok();
    let arn = "acs:ram::1234567890123456:role/deploy";

    let refused = lab.user("demo", "idle").sts("AssumeRole", &[("RoleArn", arn), ("RoleSessionName", "me")]);

    let explained =
        decode_message(&root, &encoded_message(&refused)).assert_ok()["DecodedDiagnosticMessage"].clone();
    assert_eq!(
        (&explained["NoPermissionPolicyType"], &explained["ExplicitDeny"]),
        (&"AssumeRolePolicy".into(), &false.into())
    );
    assert_eq!(
        (&explained["AuthAction"], &explained["AuthResource"]),
        (&"sts:AssumeRole".into(), &arn.into())
    );
}

#[test]
fn decoding_a_message_needs_permission() {
    let (lab, root) = lab();
    let idle = lab.user("demo", "idle");
    let of_idle = encoded_message(&idle.ram("ListUsers", &[]));

    let refused = decode_message(&idle, &of_idle);

    let expected =
        "You are not authorized to do this action. Resource: * Action: ram:DecodeDiagnosticMessage";
    assert_eq!(refused.assert_refused(403, "NoPermission"), expected);
    decode_message(&lab.user("demo", "shut"), &of_idle).assert_ok();
    decode_message(&root, &encoded_message(&refused)).assert_ok();
}
