//! The control API: the flows that have no public API. docs/control-api.md is its reference.

use crate::support::live::{Live, assert_error, status_and_error};
use serde_json::{Value, json};

/// Registers an account; gives its path.
fn register_account(live: &Live) -> (String, Value) {
    let (status, account) =
        live.control("POST", "/worlds/default/accounts", r#"{"site":"cn","email":"walker@example.com"}"#);
    assert_eq!(status, 201, "{account}");
    (format!("/worlds/default/accounts/{}", account["uid"].as_str().unwrap()), account)
}

const ENTERPRISE: &str =
    r#"{"subject":"enterprise","method":"document","name":"Walk Ltd","documentNumber":"91330000MA27WALKLT"}"#;

#[test]
fn an_account_is_registered_reviewed_and_given_a_key() {
    let live = Live::start();
    let (path, account) = register_account(&live);
    assert_eq!(
        (&account["status"], &account["realName"]),
        (&json!("NORMAL"), &json!({"status": "NOT_VERIFIED", "verified": false}))
    );

    let (status, application) = live.control("POST", &format!("{path}/real-name"), ENTERPRISE);
    assert_eq!((status, &application["status"]), (202, &json!("UNDER_REVIEW")));
    let decision = format!("{path}/real-name/{}/decision", application["applicationId"]);
    let rejected = live
        .control("POST", &decision, r#"{"decision":"reject","code":"BLUR","reason":"The scan is blurred."}"#)
        .1;
    assert_eq!((&rejected["status"], &rejected["reason"]["code"]), (&json!("REJECTED"), &json!("BLUR")));
    assert_error(&live.control("POST", &decision, r#"{"decision":"approve"}"#), 409, "not_under_review");

    let again = live.control("POST", &format!("{path}/real-name"), ENTERPRISE).1;
    assert_error(&live.control("POST", &format!("{path}/real-name"), ENTERPRISE), 409, "under_review");
    let decision = format!("{path}/real-name/{}/decision", again["applicationId"]);
    assert_eq!(live.control("POST", &decision, r#"{"decision":"approve"}"#).1["status"], "VERIFIED");
    let record = live.control("GET", &format!("{path}/real-name"), "").1;
    assert_eq!((&record["verified"], &record["identity"]["name"]), (&json!(true), &json!("Walk Ltd")));
    assert_eq!(record["history"].as_array().unwrap().len(), 2);

    let (status, key) = live.control("POST", &format!("{path}/access-keys"), "");
    assert_eq!((status, key["accessKeySecret"].as_str().unwrap().len()), (201, 30));
    let listed = live.control("GET", &format!("{path}/access-keys"), "").1;
    assert_eq!(listed["accessKeys"][0]["accessKeyId"], key["accessKeyId"]);
    assert!(listed["accessKeys"][0].get("accessKeySecret").is_none());
    let of_key = format!("{path}/access-keys/{}", key["accessKeyId"].as_str().unwrap());
    assert_eq!(live.control("PATCH", &of_key, r#"{"status":"Inactive"}"#).1["status"], "Inactive");
    assert_eq!(live.control("DELETE", &of_key, "").0, 204);
    assert_error(&live.control("DELETE", &of_key, ""), 404, "access_key_not_found");
}

#[test]
fn a_review_can_be_decided_later_on_the_resource_clock() {
    let live = Live::start();
    let (path, _) = register_account(&live);
    let application = live.control("POST", &format!("{path}/real-name"), ENTERPRISE).1;
    let decision = format!("{path}/real-name/{}/decision", application["applicationId"]);
    let status = || live.control("GET", &format!("{path}/real-name"), "").1["status"].clone();

    assert_eq!(
        live.control("POST", &decision, r#"{"decision":"approve","after":"30m"}"#).1["status"],
        "UNDER_REVIEW"
    );
    assert_eq!(
        live.control("POST", "/worlds/default/clock/advance", r#"{"by":"29m"}"#).1["fellDue"],
        json!([])
    );
    assert_eq!(status(), "UNDER_REVIEW");
    let fell_due =
        live.control("POST", "/worlds/default/clock/advance", r#"{"by":"2m"}"#).1["fellDue"].clone();

    assert!(fell_due[0]["what"].as_str().unwrap().ends_with("was approved"), "{fell_due}");
    assert_eq!(status(), "VERIFIED");
}

#[test]
fn an_application_can_be_withdrawn_and_an_instant_method_needs_no_review() {
    let live = Live::start();
    let (path, _) = register_account(&live);
    let application = live.control("POST", &format!("{path}/real-name"), ENTERPRISE).1;
    let one = format!("{path}/real-name/{}", application["applicationId"]);

    assert_eq!(live.control("DELETE", &one, "").0, 204);
    assert_error(&live.control("DELETE", &one, ""), 409, "not_under_review");
    assert_error(&live.control("DELETE", &format!("{path}/real-name/1"), ""), 404, "application_not_found");
    let instant = ENTERPRISE.replace("document\"", "legal_rep_face\"");
    assert_eq!(live.control("POST", &format!("{path}/real-name"), &instant).1["status"], "VERIFIED");
}

#[test]
fn the_state_of_an_account_is_set_and_a_closed_one_stays_closed() {
    let live = Live::start();
    let (path, _) = register_account(&live);
    let set = |body: &str| live.control("POST", &format!("{path}/state"), body);

    let (_, owing) = set(r#"{"status":"ARREARS","balance":-12.34}"#);
    assert_eq!((&owing["status"], &owing["balance"]), (&json!("ARREARS"), &json!(-12.34)));
    assert_error(&set(r#"{"balance":1e300}"#), 400, "invalid_body");
    assert_error(&set(r#"{"status":"OFF"}"#), 400, "invalid_body");
    assert_eq!(set(r#"{"status":"CLOSED"}"#).0, 200);
    assert_error(&set(r#"{"status":"NORMAL"}"#), 409, "account_closed");
}

#[test]
fn a_scenario_sets_clocks_as_the_control_api_does() {
    let live = Live::start();
    let runs = |text: &str| {
        let (_, made) = live.control("POST", "/worlds", text);
        let path = format!("/worlds/{}/clock", made["world"].as_str().unwrap());
        let shown = live.control("GET", &path, "").1;
        (shown["resource"]["run"].clone(), shown["gateway"]["run"].clone())
    };

    assert_eq!(runs("clock: {resource: 60, gateway: 20m}"), (json!("60 x"), json!("20m")));
    assert_eq!(runs(r#"{"clock": {"resource": 0.5}}"#), (json!("0.5 x"), json!("real")));
}

#[test]
fn the_two_clocks_are_set_separately() {
    let live = Live::start();
    let clock = "/worlds/default/clock";
    let set = live.control("PUT", clock, r#"{"resource":"2030-01-01T00:00:00Z","gateway":"-20m"}"#).1;
    assert_eq!(
        (&set["resource"]["now"], &set["resource"]["run"]),
        (&json!("2030-01-01T00:00:00Z"), &json!("frozen at 2030-01-01T00:00:00Z"))
    );
    assert_eq!(
        live.control("POST", "/worlds/default/clock/advance", r#"{"by":"1h"}"#).1["resource"]["now"],
        "2030-01-01T01:00:00Z"
    );
    assert_eq!(
        live.control("PUT", clock, r#"{"resource":60,"gateway":"real"}"#).1["resource"]["run"],
        "60 x"
    );
    assert_error(&live.control("PUT", clock, r#"{"resource":"soon"}"#), 400, "invalid_body");
    assert_error(&live.control("PUT", clock, r#"{"resource":-1}"#), 400, "invalid_body");
    assert_error(
        &live.control("POST", "/worlds/default/clock/advance", r#"{"by":"-1h"}"#),
        400,
        "invalid_by",
    );
}

#[test]
fn the_journal_is_listed_filtered_and_shown() {
    let live = Live::start();
    let _ = live.send_bytes(b"GET /?Format=JSON HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let _ = live.send_bytes(b"GET /?Version=2015-05-01&Action=Nonsense&AccessKeyId=LTAI5tNobody01&Format=JSON HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    let all = live.control("GET", "/worlds/default/requests", "").1;
    assert_eq!((all["requests"].as_array().unwrap().len(), &all["next"]), (2, &json!(2)));
    let one =
        live.control("GET", "/worlds/default/requests?code=InvalidAction.NotFound&after=1", "").1["requests"]
            [0]
        .clone();
    assert_eq!(
        (&one["action"], &one["accessKeyId"], &one["status"]),
        (&json!("Nonsense"), &json!("LTAI5tNobody01"), &json!(404))
    );
    let shown = live
        .control("GET", &format!("/worlds/default/requests/{}", one["requestId"].as_str().unwrap()), "")
        .1;
    assert_eq!(shown, one);
    assert_error(&live.control("GET", "/worlds/default/requests/none", ""), 404, "request_not_found");
    assert_eq!(live.control("GET", "/worlds/default/requests?acton=x", "").0, 400);
}

#[test]
fn temporary_credentials_are_listed_without_secrets_and_ended() {
    let roles = "roles: [{name: deploy, sessions: [{name: night, id: STS.NNight001, secret: hush, token: CAISnight, expires: 2h, enforcedExpires: 1h}, \
                 {name: day, id: STS.NDay001}]}]";
    let clock = "clock: {resource: '2026-11-22T08:00:00Z'}";
    let seed = format!("{clock}\naccounts: [{{name: demo, uid: 1234567890123456, {roles}}}]");
    let live = Live::with_scenario(alimock::Scenario::parse(&seed).unwrap());
    let list = || live.control("GET", "/worlds/default/sessions", "").1["sessions"].clone();
    let end = |id: &str, how: &str| live.control("POST", &format!("/worlds/default/sessions/{id}/{how}"), "");

    let night = json!({"id": "STS.NNight001", "uid": "1234567890123456", "role": "deploy", "name": "night",
        "returnedExpiry": "2026-11-22T10:00:00Z", "enforcedExpiry": "2026-11-22T09:00:00Z"});
    assert_eq!((&list()[0]["name"], &list()[1]), (&json!("day"), &night));
    let expired = end("STS.NNight001", "expire");
    assert_eq!(expired, (200, json!({"done": "1 temporary credentials were expired"})));
    assert_eq!(list()[1]["enforcedExpiry"], "2026-11-22T08:00:00Z");
    assert_eq!(end("STS.NDay001", "revoke").0, 200);
    assert_eq!(list().as_array().unwrap().len(), 1);
    for (id, how) in [("STS.NDay001", "revoke"), ("STS.NDay001", "expire"), ("LTAI5tNobody01", "expire")] {
        assert_eq!(status_and_error(&end(id, how)), (404, "session_not_found"), "{id} {how}");
    }
    assert_eq!(end("STS.NNight001", "delete").0, 404);
}

#[test]
fn worlds_are_made_from_a_scenario_listed_reset_and_dropped() {
    let live = Live::start();
    let (status, world) = live.control("POST", "/worlds?name=mine", "accounts: [{name: solo, keys: [{}]}]");
    assert_eq!(
        (status, &world["world"], &world["accounts"][0]["name"]),
        (201, &json!("mine"), &json!("solo"))
    );
    assert!(world["accounts"][0]["keys"][0]["accessKeySecret"].is_string());
    assert_eq!(live.control("POST", "/worlds", "").1["world"], "w1");
    assert_error(&live.control("POST", "/worlds?name=mine", ""), 409, "world_exists");
    assert_error(&live.control("POST", "/worlds?name=Mine", ""), 409, "world_exists");
    let (status, world) = live.control("POST", "/worlds?name=named&scenario=key-leaked", "");
    assert_eq!(
        (status, &world["accounts"][0]["keys"][1]["accessKeyId"]),
        (201, &json!("LTAI5tLeakedKeyOfCi0001"))
    );
    assert_error(&live.control("POST", "/worlds?scenario=key-leaked", ""), 409, "access_key_taken");
    assert_error(&live.control("POST", "/worlds?scenario=none", ""), 400, "unknown_scenario");
    let both = live.control("POST", "/worlds?scenario=default", "accounts: []");
    assert_error(&both, 400, "invalid_scenario");
    let bad = live.control("POST", "/worlds", "accounts: [{nam: solo}]");
    assert!(
        status_and_error(&bad) == (400, "invalid_scenario")
            && bad.1["error"]["message"].as_str().unwrap().contains("nam"),
        "{bad:?}"
    );

    assert_eq!(live.control("POST", "/worlds/mine/reset?to=empty", "").0, 204);
    assert_eq!(live.control("GET", "/worlds/mine", "").1["accounts"], json!([]));
    assert_eq!(live.control("POST", "/worlds/mine/reset", "").0, 204);
    assert_eq!(live.control("GET", "/worlds/mine", "").1["accounts"][0]["name"], "solo");
    assert_error(&live.control("POST", "/worlds/mine/reset?to=hell", ""), 400, "invalid_to");
    assert_eq!(live.control("POST", "/worlds/mine/snapshots/a", "").0, 204);
    assert_eq!(live.control("GET", "/worlds/mine/snapshots", "").1["snapshots"], json!(["a"]));
    assert_eq!(live.control("POST", "/worlds/mine/snapshots/a/restore", "").0, 204);
    assert_error(&live.control("POST", "/worlds/mine/snapshots/b/restore", ""), 404, "snapshot_not_found");
    assert_eq!(live.control("DELETE", "/worlds/mine", "").0, 204);
    assert_error(&live.control("GET", "/worlds/mine", ""), 404, "world_not_found");
    assert_error(&live.control("DELETE", "/worlds/default", ""), 409, "default_world");
}

#[test]
fn invalid_calls_get_an_explanation() {
    let live = Live::start();
    let accounts = "/worlds/default/accounts";
    assert_error(&live.control("GET", "/nothing", ""), 404, "path_not_found");
    assert_error(&live.control("DELETE", "/health", ""), 405, "method_not_allowed");
    assert_error(&live.control("POST", accounts, "{"), 400, "invalid_body");
    assert_error(&live.control("POST", accounts, r#"{"sight":"cn"}"#), 400, "invalid_body");
    assert_error(&live.control("POST", accounts, r#"{"email":"nobody"}"#), 400, "invalid_body");
    assert_error(
        &live.control("POST", accounts, r#"{"loginName":"demo@alimock.example"}"#),
        409,
        "login_name_taken",
    );
    assert_error(&live.control("GET", &format!("{accounts}/1234567890123456"), ""), 404, "account_not_found");
    assert_error(&live.control("GET", &format!("{accounts}/x"), ""), 404, "account_not_found");
    assert_eq!(live.control("POST", "/worlds", &"x".repeat((1 << 20) + 1)).0, 413);
}

#[test]
fn a_foreign_web_page_may_neither_read_nor_change_anything() {
    let live = Live::start();
    let post = |headers: &str| live.control_with_headers("POST", "/worlds/default/reset", "", headers);
    assert_error(&post("Origin: http://evil.example\r\n"), 403, "foreign_origin");
    assert_error(&post("Origin: null\r\n"), 403, "foreign_origin");
    assert_error(&post("Host: rebound.example\r\n"), 403, "foreign_origin");
    assert_eq!(post("Host: alimock:4588\r\nOrigin: http://localhost:3000\r\n").0, 204);
    assert_error(
        &live.control_with_headers("GET", "/worlds", "", "Host: rebound.example\r\n"),
        403,
        "foreign_origin",
    );
    assert_eq!(live.control_with_headers("GET", "/health", "", "Host: rebound.example\r\n").0, 200);
}
