//! How changes spread: the gateway goes on seeing a key, a policy or a verification as it was, for a time or some calls.

use crate::support::live::Live;
use crate::support::{Actor, Lab};
use alimock::Scenario;
use alimock::world::settings::Propagation;
use alimock::world::{By, Command};
use serde_json::json;
use std::sync::Arc;

fn lab_with_propagation(propagation: &str) -> Arc<Lab> {
    Lab::with_scenario(&format!("propagation: {propagation}\n{SEED}"))
}

const SEED: &str = "
accounts:
  - name: demo
    keys: [{}]
    groups: [{name: Readers}]
    users:
      - {name: ci, groups: [Readers], policies: [AliyunSTSAssumeRoleAccess], keys: [{id: LTAI5tOfTheUser, secret: s}]}
    roles: [{name: deploy}]
    realName: {status: NOT_VERIFIED}";

/// What becomes of so many calls: their codes, empty when they succeed.
fn call_codes(actor: &Actor, action: &str, calls: usize) -> Vec<String> {
    let code = |_| actor.ram(action, &[]).json()["Code"].as_str().unwrap_or_default().to_owned();
    (0..calls).map(code).collect()
}

fn identity_statuses(actor: &Actor, calls: usize) -> Vec<u16> {
    (0..calls).map(|_| actor.sts("GetCallerIdentity", &[]).status).collect()
}

#[test]
fn a_new_key_is_unknown_to_its_first_calls() {
    let lab = lab_with_propagation("{key.active: {afterCalls: 2}}");
    let root = lab.root("demo");
    let new = root.create_key(&[("UserName", "ci")]);

    assert_eq!(
        root.ram("ListAccessKeys", &[("UserName", "ci")]).assert_ok()["AccessKeys"]["AccessKey"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    new.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
    assert_eq!(
        serde_json::to_value(&*lab.last_record()).unwrap()["unseen"],
        json!([format!("key.active {}", new.key)])
    );
    assert_eq!(identity_statuses(&root, 3), [200; 3]);
    assert_eq!(identity_statuses(&new, 3), [404, 200, 200]);
    assert!(lab.last_record().unseen.is_empty());
}

#[test]
fn a_disabled_key_and_a_deleted_one_work_for_a_while() {
    let lab = lab_with_propagation("{key.disabled: {after: 3s}}");
    let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
    let change = |status| {
        let key = [("UserName", "ci"), ("UserAccessKeyId", &*user.key), ("Status", status)];
        root.ram("UpdateAccessKey", &key).assert_ok();
    };

    change("Inactive");
    assert_eq!(identity_statuses(&user, 2), [200; 2]);
    lab.advance_clock("3s");
    user.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    // Enabling is at once, although disabling was not.
    change("Active");
    assert_eq!(identity_statuses(&user, 1), [200]);
    root.ram("DeleteAccessKey", &[("UserName", "ci"), ("UserAccessKeyId", &user.key)]).assert_ok();
    assert_eq!(identity_statuses(&user, 1), [200]);
    lab.advance_clock("3s");
    user.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
}

#[test]
fn a_key_that_is_disabled_and_enabled_again_is_never_seen_disabled() {
    let lab = lab_with_propagation("{key.disabled: {afterCalls: 2}, key.active: {afterCalls: 5}}");
    let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
    for status in ["Inactive", "Active"] {
        let key = [("UserName", "ci"), ("UserAccessKeyId", &*user.key), ("Status", status)];
        root.ram("UpdateAccessKey", &key).assert_ok();
    }

    // The first two see neither change, three more see the first alone.
    assert_eq!(identity_statuses(&user, 7), [200, 200, 400, 400, 400, 200, 200]);
}

#[test]
fn an_attached_or_detached_policy_applies_later() {
    for (name, holder) in [("User", ("UserName", "ci")), ("Group", ("GroupName", "Readers"))] {
        let lab = lab_with_propagation("{policy.attached: {afterCalls: 2}, policy.detached: {after: 1m}}");
        let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
        let policy = [("PolicyType", "System"), ("PolicyName", "AliyunRAMReadOnlyAccess"), holder];
        assert_eq!(call_codes(&user, "ListUsers", 1), ["NoPermission"]);

        root.ram(&format!("AttachPolicyTo{name}"), &policy).assert_ok();
        assert_eq!(call_codes(&user, "ListUsers", 3), ["NoPermission", "NoPermission", ""]);
        root.ram(&format!("DetachPolicyFrom{name}"), &policy).assert_ok();
        assert_eq!(call_codes(&user, "ListUsers", 1), [""]);
        assert_eq!(lab.last_record().unseen, ["policy.detached AliyunRAMReadOnlyAccess"]);
        lab.advance_clock("1m");
        assert_eq!(call_codes(&user, "ListUsers", 1), ["NoPermission"]);
    }
}

#[test]
fn a_trust_policy_is_read_from_the_state_that_the_call_sees() {
    let lab = lab_with_propagation("{policy.detached: {afterCalls: 1}}");
    let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
    let arn = format!("acs:ram::{}:role/deploy", lab.uid("demo"));
    let assume = || user.sts("AssumeRole", &[("RoleArn", &arn), ("RoleSessionName", "job")]).status;
    let policy = [("PolicyType", "System"), ("PolicyName", "AliyunSTSAssumeRoleAccess"), ("UserName", "ci")];
    root.ram("DetachPolicyFromUser", &policy).assert_ok();

    assert_eq!([assume(), assume()], [200, 403]);
}

#[test]
fn a_session_of_the_role_is_concerned_by_policies_of_its_role() {
    let lab = lab_with_propagation("{policy.attached: {afterCalls: 1}}");
    let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
    let arn = format!("acs:ram::{}:role/deploy", lab.uid("demo"));
    let made = user.sts("AssumeRole", &[("RoleArn", &arn), ("RoleSessionName", "job")]).assert_ok();
    let text = |name: &str| made["Credentials"][name].as_str().unwrap();
    let session = lab.actor(text("AccessKeyId"), text("AccessKeySecret")).with_token(text("SecurityToken"));
    let policy =
        [("PolicyType", "System"), ("PolicyName", "AliyunRAMReadOnlyAccess"), ("RoleName", "deploy")];
    root.ram("AttachPolicyToRole", &policy).assert_ok();

    assert_eq!(call_codes(&user, "ListUsers", 2), ["NoPermission"; 2]);
    assert_eq!(call_codes(&session, "ListUsers", 2), ["NoPermission", ""]);
}

#[test]
fn a_verification_is_visible_to_the_account_before_it_is_to_products() {
    let lab = Lab::with_scenario(&format!(
        "propagation: {{account.verified: {{after: 10m}}}}\n{}",
        SEED.replace("NOT_VERIFIED", "UNDER_REVIEW")
    ));
    let root = lab.root("demo");
    let approve: Command = serde_json::from_value(json!({"decide": {"decision": "approve"}})).unwrap();
    let now = lab.world().clock.now().resource;
    lab.world().commit(now, By::OURSELVES, |tx| approve.run(tx)).unwrap();
    let told = || {
        let names = [("RegionId", "cn-hangzhou"), ("AttributeName.1", "real-name-authentication")];
        let answer = root.ecs("DescribeAccountAttributes", &names).assert_ok();
        answer["AccountAttributeItems"]["AccountAttributeItem"][0]["AttributeValues"]["ValueItem"][0]["Value"]
            .as_str()
            .unwrap()
            .to_owned()
    };

    assert!(lab.world().state().accounts.values().next().unwrap().real_name.is_verified());
    assert_eq!(told(), "none");
    lab.advance_clock("10m");
    assert_eq!(told(), "yes");
}

#[test]
fn a_flapping_change_is_visible_to_every_second_call() {
    let live = Live::with_scenario(
        Scenario::parse(&format!("propagation: {{key.disabled: flapping}}\n{SEED}")).unwrap(),
    );
    let world = "/worlds/default/propagation";
    assert_eq!(live.control("GET", world, "").1["key.disabled"], "flapping");

    let lab = lab_with_propagation("{key.disabled: flapping}");
    let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
    let key = [("UserName", "ci"), ("UserAccessKeyId", &*user.key), ("Status", "Inactive")];
    root.ram("UpdateAccessKey", &key).assert_ok();
    assert_eq!(identity_statuses(&user, 5), [200, 400, 200, 400, 200]);
}

#[test]
fn the_settings_are_read_and_set_over_the_control_api() {
    let seed = format!("propagation: {{key.disabled: flapping}}\n{SEED}");
    let live = Live::with_scenario(Scenario::parse(&seed).unwrap());
    let world = "/worlds/default/propagation";
    assert_eq!(live.control("GET", world, "").1["key.disabled"], "flapping");

    let set = live.control("PUT", world, r#"{"key.active": {"afterCalls": 3}}"#);
    assert_eq!((set.0, &set.1["key.disabled"]), (200, &json!("now")));
    assert_eq!(live.control("GET", world, "").1["key.active"], json!({"afterCalls": 3}));
    assert_eq!(live.control("PUT", world, r#"{"key.gone": "now"}"#).0, 400);
    assert_eq!(live.control("PUT", world, r#"{"key.active": {"after": "soon"}}"#).0, 400);
}

#[test]
fn setting_propagation_to_now_shows_all_changes_and_a_reset_clears_it() {
    for forget in [true, false] {
        let lab = lab_with_propagation("{key.disabled: flapping}");
        let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
        let key = [("UserName", "ci"), ("UserAccessKeyId", &*user.key), ("Status", "Inactive")];
        root.ram("UpdateAccessKey", &key).assert_ok();
        assert_eq!(identity_statuses(&user, 1), [200]);

        if forget {
            lab.world().reset(false);
            lab.reset_nonces();
            assert_eq!(identity_statuses(&user, 3), [200; 3]);
        } else {
            let now = lab.world().clock.now().resource;
            let all_at_once = Propagation::default();
            let set = lab.world().commit(now, By::OURSELVES, |tx| {
                tx.set_propagation(all_at_once);
                Ok::<_, std::convert::Infallible>(())
            });
            assert!(set.is_ok());
            assert_eq!(identity_statuses(&user, 3), [400; 3]);
        }
    }
}

#[test]
fn a_snapshot_keeps_changes_that_have_not_propagated() {
    let lab = lab_with_propagation("{key.disabled: {afterCalls: 3}}");
    let (root, user) = (lab.root("demo"), lab.user("demo", "ci"));
    let key = [("UserName", "ci"), ("UserAccessKeyId", &*user.key), ("Status", "Inactive")];
    root.ram("UpdateAccessKey", &key).assert_ok();
    assert_eq!(identity_statuses(&user, 1), [200]);
    lab.world().keep("under way");

    for _ in 0..2 {
        assert_eq!(identity_statuses(&user, 4), [200, 200, 400, 400]);
        assert!(lab.world().restore("under way"));
    }
}
