//! Verification: expectations against the journal, over the control API and at the end of `alimock run`.

use crate::support::Lab;
use alimock::Scenario;
use alimock::text::parse_duration;
use alimock::world::expect::{Expectation, Outcome};
use alimock::world::{By, Command};
use assert_cmd::Command as Program;
use serde_json::{Value, json};
use std::fs;

/// Checks one expectation after a handful of calls: two users made, one of them twice, and one listed an hour later.
fn check_after_sample_calls(expectation: Value) -> Outcome {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
    root.ram("CreateUser", &[("UserName", "alice")]).assert_refused(409, "EntityAlreadyExists.User");
    root.ram("CreateUser", &[("UserName", "bob")]).assert_ok();
    lab.world().clock.advance(parse_duration("1h").unwrap());
    lab.user("demo", "dev").ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    let expectation: Expectation = serde_json::from_value(expectation).unwrap();
    expectation.check(&lab.world().evidence())
}

#[test]
fn expectations_count_calls_by_all_their_criteria() {
    for holds in [
        json!({"calls": {"action": "CreateUser"}}),
        json!({"calls": {"product": "Ram", "action": "CreateUser"}, "times": 3}),
        json!({"calls": {"action": "CreateUser", "code": ""}, "times": 2}),
        json!({"calls": {"code": "EntityAlreadyExists.*", "status": 409}, "times": 1}),
        json!({"calls": {"param": {"UserName": "ali*"}}, "times": 2}),
        json!({"calls": {"user": "root"}, "times": 3}),
        json!({"calls": {"user": "dev"}, "times": 1}),
        json!({"calls": {"account": "demo"}, "times": 4}),
        json!({"calls": {"action": "Delete*"}, "times": 0}),
        json!({"calls": {}, "atLeast": 4, "atMost": 4}),
        json!({"calls": {"action": "CreateUser"}, "within": "1s"}),
        json!({"order": [{"param": {"UserName": "bob"}}, {"action": "ListUsers"}]}),
    ] {
        let outcome = check_after_sample_calls(holds.clone());
        assert!(outcome.passed, "{holds}: {outcome:?}");
    }
    for fails in [
        json!({"calls": {"action": "DeleteUser"}}),
        json!({"calls": {"action": "CreateUser"}, "times": 2}),
        json!({"calls": {"action": "CreateUser"}, "atMost": 2}),
        json!({"calls": {"user": "ci"}}),
        json!({"calls": {"account": "other"}}),
        json!({"calls": {}, "within": "59m"}),
        json!({"order": [{"action": "ListUsers"}, {"action": "CreateUser"}]}),
    ] {
        let outcome = check_after_sample_calls(fails.clone());
        assert!(!outcome.passed, "{fails}: {outcome:?}");
    }
}

#[test]
fn a_failed_expectation_names_the_nearest_calls_and_the_differences() {
    let outcome = check_after_sample_calls(
        json!({"calls": {"product": "Ram", "action": "CreateUser", "param": {"UserName": "carol"}}, "times": 1}),
    );

    assert_eq!((outcome.name.as_str(), outcome.found.as_str()), ("Ram CreateUser: once", "0 found"));
    let near = &outcome.nearest[0];
    assert_eq!(
        (
            near.what.as_str(),
            near.difference.field.as_str(),
            near.difference.wanted.as_str(),
            near.difference.was.as_str()
        ),
        ("call 1", "UserName", "carol", "alice")
    );
    let succeeded = check_after_sample_calls(json!({"calls": {"action": "DeleteUser", "code": ""}}));
    assert_eq!(succeeded.name, "DeleteUser with success: once or more");
    let order =
        check_after_sample_calls(json!({"order": [{"action": "ListUsers"}, {"action": "CreateUser"}]}));
    assert_eq!(order.found, "number 2 (CreateUser) does not follow the others");
}

#[test]
fn verification_over_the_control_api_answers_for_each_expectation() {
    let live = crate::support::live::Live::start();
    let verify = |expect: Value| {
        live.control("POST", "/worlds/default/verify", &json!({"expect": expect}).to_string())
    };
    live.post_form("Action=AssumeRoleWithOIDC&Version=2015-04-01");

    let (status, answer) = verify(
        json!([{"calls": {"product": "Sts"}, "times": 1}, {"name": "none", "calls": {"product": "Ram"}}]),
    );

    assert_eq!((status, &answer["passed"]), (200, &json!(false)));
    assert_eq!(answer["results"][0]["passed"], true);
    assert_eq!(
        (&answer["results"][1]["name"], &answer["results"][1]["nearest"][0]["field"]),
        (&json!("none"), &json!("product"))
    );
    assert_eq!(verify(json!([{}])).1["error"]["code"], "invalid_expectation");
    assert_eq!(verify(json!([{"call": {}}])).1["error"]["code"], "invalid_body");
}

#[test]
fn run_reports_expectations_and_fails_when_one_does_not_hold() {
    let folder = std::env::temp_dir().join(format!("alimock-expect-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(name);
    let scenario = "accounts: [{name: demo, keys: [{}]}]
expect:
  - {name: asks who it is, calls: {product: Sts}, times: 1}
  - {name: makes no user, calls: {action: CreateUser}, times: 0}";
    fs::write(file("scenario.yaml"), scenario).unwrap();
    let run = |command: &str| {
        let mut alimock = Program::new(env!("CARGO_BIN_EXE_alimock"));
        alimock.args(["run", "--log", "off", "--coverage", "--scenario"]).arg(file("scenario.yaml"));
        alimock.arg("--json").arg(file("report.json")).arg("--junit").arg(file("report.xml"));
        let output = alimock.args(["--", "sh", "-c", command]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let call = r#"curl -s "$ALIMOCK_ENDPOINT/" -d Action=AssumeRoleWithOIDC -d Version=2015-04-01"#;

    let (code, text) = run(&format!("{call} > /dev/null"));

    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("ok     asks who it is (1 found)") && text.contains("covered: 1 of "), "{text}");
    assert!(text.contains(" operations, 0 with success; 0 of ") && text.contains(" error codes\n"), "{text}");
    let (code, text) =
        run(&call.replace("AssumeRoleWithOIDC -d Version=2015-04-01", "ListUsers -d Version=2015-05-01"));
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("FAILED asks who it is (0 found)"), "{text}");
    let report: Value = serde_json::from_str(&fs::read_to_string(file("report.json")).unwrap()).unwrap();
    assert!(report["uncalled"].as_array().unwrap().contains(&json!("Ram.CreateUser")), "{report}");
    assert_eq!((&report["passed"], &report["expectations"][1]["passed"]), (&json!(false), &json!(true)));
    let junit = fs::read_to_string(file("report.xml")).unwrap();
    assert!(junit.contains(r#"tests="2" failures="1""#), "{junit}");
    let failure = r#"<failure message="0 found">call 1 is near: product is `Ram`, not `Sts`</failure>"#;
    assert!(junit.contains(failure), "{junit}");
    assert_eq!(run("exit 7").0, Some(7));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_expectation_that_can_never_be_checked_is_refused_at_load() {
    let text = "expect:
  - {times: 1}
  - {order: [{action: ListUsers}], times: 2}
  - {order: [{action: ListUsers}], within: 1m}
  - {keys: {}, from: +1h}
  - {calls: {}, always: true}
  - {calls: {}, keys: {}}";
    let error = Scenario::parse(text).unwrap_err();

    assert_eq!(
        error.brief(),
        [
            "line 2 column 5: it checks nothing; give `calls`, `order`, `keys`, `users`, `groups`, `roles`, `policies`, `attached`, `accounts` or `sessions`",
            "line 3 column 5: calls in an order are not counted",
            "line 4 column 5: `within` is for counted `calls`",
            "line 5 column 5: `within`, `from` and `until` are for calls",
            "line 6 column 5: `always` is for what is there, not for calls",
            "line 7 column 5: it checks more than one thing; split it",
        ]
    );
}

/// A world with some of everything, and who may change it.
const SEED: &str = "
accounts:
  - name: demo
    keys: [{id: LTAI5tDemoRoot000001}]
    policies: [{name: Own, document: {Version: '1', Statement: [{Effect: Allow, Action: 'ram:*', Resource: '*'}]}}]
    groups: [{name: Readers, policies: [Own]}]
    users:
      - {name: ci, policies: [AliyunRAMReadOnlyAccess], keys: [{id: LTAI5tOfTheUser01}, {id: LTAI5tOfTheUser02, status: Inactive}]}
      - {name: dev}
    roles: [{name: deploy, sessions: [{name: night, id: STS.NNight001, secret: s, token: t}]}]
  - {name: shop, realName: {status: UNDER_REVIEW}, state: {status: ARREARS, balance: -1.5}}";

#[test]
fn expectations_count_resources_by_all_their_criteria() {
    let lab = Lab::with_scenario(SEED);
    let check = |expectation: &Value| -> Outcome {
        let expectation: Expectation = serde_json::from_value(expectation.clone()).unwrap();
        assert_eq!(expectation.flaw(), None);
        expectation.check(&lab.world().evidence())
    };
    for holds in [
        json!({"keys": {}, "times": 3}),
        json!({"keys": {"user": "ci"}, "times": 2}),
        json!({"keys": {"user": "ci", "status": "Active"}, "times": 1}),
        json!({"keys": {"user": "root", "account": "demo", "id": "LTAI5tDemo*"}}),
        json!({"keys": {"account": "shop"}, "times": 0}),
        json!({"users": {"name": "*i"}, "times": 1}),
        json!({"groups": {"name": "Readers"}}),
        json!({"roles": {}, "atMost": 1}),
        json!({"policies": {"name": "Own"}}),
        json!({"policies": {"name": "AliyunRAMReadOnlyAccess"}, "times": 0}),
        json!({"attached": {"policy": "Own"}, "times": 1}),
        json!({"attached": {"policy": "Aliyun*", "user": "ci"}, "times": 1}),
        json!({"attached": {"group": "Readers"}, "times": 1}),
        json!({"attached": {"role": "deploy"}, "times": 0}),
        json!({"accounts": {"name": "shop", "status": "ARREARS", "realName": "UNDER_REVIEW", "balance": -1.5}}),
        json!({"accounts": {"status": "NORMAL"}, "times": 1}),
        json!({"sessions": {"role": "deploy", "name": "night", "account": "demo"}, "times": 1}),
    ] {
        let outcome = check(&holds);
        assert!(outcome.passed, "{holds}: {outcome:?}");
    }
    let role = json!({"expireSessions": {"role": "deploy"}});
    let expire: Command = serde_json::from_value(role).unwrap();
    let now = lab.world().clock.now().resource;
    lab.world().commit(now, By::OURSELVES, |tx| expire.run(tx)).unwrap();
    assert!(check(&json!({"sessions": {"role": "deploy"}, "times": 0})).passed);
    let missed = check(&json!({"keys": {"user": "ci", "status": "Active"}, "times": 2}));
    assert_eq!(
        (missed.passed, missed.name.as_str(), missed.found.as_str()),
        (false, "keys with user ci, status Active: 2", "1 found: LTAI5tOfTheUser01 of ci (Active)")
    );
    let near = &missed.nearest[0];
    assert_eq!(
        (near.what.as_str(), near.difference.field.as_str(), near.difference.was.as_str()),
        ("LTAI5tDemoRoot000001 of root (Active)", "user", "root")
    );
    let account = check(&json!({"accounts": {"name": "shop", "realName": "VERIFIED"}}));
    assert_eq!(account.nearest[0].difference.was, "UNDER_REVIEW");
}

#[test]
fn an_invariant_is_checked_after_every_change() {
    let always =
        "expect: [{name: never without a key, keys: {user: ci, status: Active}, atLeast: 1, always: true}]";
    let lab = Lab::with_scenario(&format!("{always}\n{SEED}"));
    let root = lab.root("demo");
    let set = |key: &str, status: &str| {
        let key = [("UserName", "ci"), ("UserAccessKeyId", key), ("Status", status)];
        root.ram("UpdateAccessKey", &key).assert_ok();
    };
    let expectation: Expectation = serde_json::from_value(
        json!({"name": "never without a key", "keys": {"user": "ci", "status": "Active"}, "atLeast": 1, "always": true}),
    )
    .unwrap();
    let check = || expectation.check(&lab.world().evidence());

    set("LTAI5tOfTheUser02", "Active");
    set("LTAI5tOfTheUser01", "Inactive");
    assert_eq!((check().passed, &*check().found), (true, "held at the start and after every change"));
    set("LTAI5tOfTheUser02", "Inactive");
    set("LTAI5tOfTheUser01", "Active");
    let found = "broken at 2026-11-22T08:00:00Z, version 3 of the state: 0 found";
    assert_eq!((check().passed, &*check().found), (false, found));
    lab.world().reset(false);
    assert!(check().passed);
}

#[test]
fn an_invariant_that_was_not_watched_cannot_be_confirmed() {
    let lab = Lab::new();
    let expectation: Expectation = serde_json::from_value(json!({"users": {}, "always": true})).unwrap();

    let outcome = expectation.check(&lab.world().evidence());

    assert!(!outcome.passed && outcome.found.starts_with("nobody watched"), "{outcome:?}");
}

#[test]
fn expectations_can_be_limited_to_calls_before_or_after_a_time() {
    for holds in [
        json!({"calls": {}, "until": "+1h", "times": 3}),
        json!({"calls": {}, "from": "+1h", "times": 1}),
        json!({"calls": {"user": "root"}, "from": "+1m", "times": 0}),
        json!({"calls": {}, "from": "2026-11-22T08:30:00Z", "until": "2026-11-22T09:30:00Z", "times": 1}),
    ] {
        let outcome = check_after_sample_calls(holds.clone());
        assert!(outcome.passed, "{holds}: {outcome:?}");
    }
}
