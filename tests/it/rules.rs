//! Rules while a world runs: changed without losing what they have counted, and switched off and on.

use crate::support::live::Live;
use serde_json::{Value, json};

const FAULTS: &str = "/worlds/default/faults";

/// A server with these rules; ids count from 1.
#[track_caller]
fn live_with_rules(rules: &[Value]) -> Live {
    let live = Live::start();
    for rule in rules {
        let (status, added) = live.control("POST", FAULTS, &rule.to_string());
        assert_eq!(status, 201, "{added}");
    }
    live
}

/// An unsigned call, and the code it is refused with.
fn error_code_of_call(live: &Live) -> String {
    let (_, body) = live.post_form("Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON");
    body["Code"].as_str().unwrap().to_owned()
}

fn calls_struck(live: &Live, calls: usize) -> Vec<bool> {
    (0..calls).map(|_| error_code_of_call(live) == "ServiceUnavailable").collect()
}

fn amend_rule(live: &Live, patch: &Value) -> Value {
    let (status, rule) = live.control("PATCH", &format!("{FAULTS}/1"), &patch.to_string());
    assert_eq!(status, 200, "{rule}");
    rule
}

#[test]
fn a_changed_rule_keeps_its_counter() {
    let live = live_with_rules(&[
        json!({"name": "down", "when": {"every": 2}, "do": {"error": {"code": "ServiceUnavailable"}}}),
    ]);
    assert_eq!(calls_struck(&live, 3), [false, true, false]);

    let rule = amend_rule(&live, &json!({"when": {"times": 2}}));

    assert_eq!((&rule["matched"], &rule["struck"]), (&json!(3), &json!(1)));
    assert_eq!((&rule["name"], &rule["when"]), (&json!("down"), &json!({"every": 2, "times": 2})));
    assert_eq!(calls_struck(&live, 4), [true, false, false, false]);
    // `null` takes a field away; PUT begins anew.
    amend_rule(
        &live,
        &json!({"when": null, "name": null, "do": {"error": {"status": 599, "message": "no"}}}),
    );
    let listed = live.control("GET", FAULTS, "").1["faults"][0].clone();
    let expected = json!({"id": 1, "name": "rule-1", "matched": 7, "struck": 2,
        "do": {"error": {"code": "ServiceUnavailable", "status": 599, "message": "no"}}});
    assert_eq!(listed, expected);
    let put = live.control("PUT", &format!("{FAULTS}/1"), r#"{"do": {"delay": "1ms"}}"#).1;
    assert_eq!((&put["matched"], &put["struck"]), (&json!(0), &json!(0)));
}

#[test]
fn a_disabled_rule_neither_applies_nor_counts() {
    let live = live_with_rules(&[json!({"enabled": false, "do": {"error": {"code": "ServiceUnavailable"}}})]);
    assert_eq!(calls_struck(&live, 2), [false, false]);

    assert_eq!(amend_rule(&live, &json!({"enabled": true}))["matched"], 0);
    assert_eq!(calls_struck(&live, 2), [true, true]);

    let off = amend_rule(&live, &json!({"enabled": false}));
    assert_eq!((&off["enabled"], &off["struck"]), (&json!(false), &json!(2)));
    assert_eq!(calls_struck(&live, 1), [false]);
}

#[test]
fn an_invalid_change_of_a_rule_changes_nothing() {
    let live =
        live_with_rules(&[json!({"when": {"nth": 2}, "do": {"error": {"code": "ServiceUnavailable"}}})]);
    let before = live.control("GET", FAULTS, "").1;
    let refused = |id: &str, patch: &str| {
        let (status, body) = live.control("PATCH", &format!("{FAULTS}/{id}"), patch);
        (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
    };

    for patch in [
        r#"{"do": null}"#,
        r#"{"do": {"error": null}}"#,
        r#"{"when": {"nth": 0}}"#,
        r#"{"when": 3}"#,
        r#"{"match": {"acton": "x"}}"#,
        r#"{"enabled": "maybe"}"#,
        r#"{"matched": 7}"#,
    ] {
        assert_eq!(refused("1", patch), (400, "invalid_fault".to_owned()), "{patch}");
    }
    for patch in ["[]", "7", "{"] {
        assert_eq!(refused("1", patch), (400, "invalid_body".to_owned()), "{patch}");
    }
    assert_eq!(refused("2", "{}"), (404, "fault_not_found".to_owned()));
    assert_eq!(refused("first", "{}"), (404, "fault_not_found".to_owned()));
    assert_eq!(live.control("GET", FAULTS, "").1, before);
}

#[test]
fn a_change_of_one_field_keeps_the_others() {
    let rules = [
        json!({"match": {"product": "Ram", "version": "2015-05-01", "action": "List*", "host": "*", "key": "k", "client": "10.0.0.0/8",
            "param": {"UserName": "a*"}}, "when": {"first": 9, "after": 1, "between": ["+10s", "2027-01-01T00:00:00Z"], "probability": 0.25},
            "do": {"rate": "5/m", "delay": "1m 30s", "jitter": "20ms"}}),
        json!({"match": {"account": "demo", "user": "ci", "role": "r", "session": "s", "resource": "*"},
            "do": {"then": {"disableKey": {"user": "ci", "index": 1}}}}),
        json!({"do": {"answer": {"status": 502, "contentType": "text/html", "body": "<p>", "cut": 2, "bytesPerSecond": 1}}}),
        json!({"do": {"skew": "-20m"}}),
        json!({"do": {"afterCommit": "reset"}}),
    ];
    let live = live_with_rules(&rules);
    let before = live.control("GET", FAULTS, "").1;

    for id in 1..=rules.len() {
        assert_eq!(live.control("PATCH", &format!("{FAULTS}/{id}"), "").0, 200);
    }

    assert_eq!(live.control("GET", FAULTS, "").1, before);
}
