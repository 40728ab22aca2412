//! The life of an account over the control API: registration with its refusals, codes, log-in, security, closing, settings.
//! Source: docs/evidence/account.md 4.2.

use crate::support::Lab;
use crate::support::live::{Live, assert_error, status_and_error};
use alimock::Scenario;
use alimock::scenario::Export;
use alimock::world::{By, Command};
use proptest::prelude::*;
use serde_json::{Value, json};

const SHOP: &str = "/worlds/default/accounts/1000000000000002";

/// A server with one account, whose clock stands still.
fn live_with_account(words: &str) -> Live {
    let text = format!(
        "clock: {{resource: '2026-11-23T08:00:00Z'}}\naccounts: [{{name: shop, uid: 1000000000000002, email: shop@example.com, mobile: 86-13900000000, {words}}}]"
    );
    Live::with_scenario(Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}")))
}

fn post_in_world(live: &Live, path: &str, body: &str) -> (u16, Value) {
    live.control("POST", &format!("/worlds/default{path}"), body)
}

/// The code that was sent last.
fn last_code_sent(live: &Live, to: &str) -> String {
    let (_, outbox) = live.control("GET", &format!("/worlds/default/outbox?to={to}"), "");
    outbox["messages"].as_array().unwrap().last().unwrap()["code"].as_str().unwrap().to_owned()
}

#[test]
fn an_account_is_registered_with_password_and_code_and_logs_in() {
    let live = live_with_account("keys: [{}]");
    assert_eq!(post_in_world(&live, "/captchas", r#"{"to": "new@example.com", "scene": "register"}"#).0, 202);
    let code = last_code_sent(&live, "new@example.com");

    let body = json!({"email": "new@example.com", "password": "Passw0rd!", "captcha": code, "accountType": "enterprise"});
    let (status, account) = post_in_world(&live, "/accounts", &body.to_string());

    assert_eq!(
        (status, &account["status"], &account["details"]["AccountAttr"]),
        (201, &json!("NORMAL"), &json!("1"))
    );
    let uid = account["uid"].as_str().unwrap();
    assert_eq!(account["defaultDomain"], format!("{uid}.onaliyun.com"));
    let (status, login) =
        post_in_world(&live, "/logins", r#"{"login": "new@example.com", "password": "Passw0rd!"}"#);
    assert_eq!(
        (status, &login["uid"], &login["expiresAt"]),
        (201, &json!(uid), &json!("2026-11-23T14:00:00Z"))
    );
    assert_eq!(live.control("GET", "/worlds/default/logins", "").1["logins"], json!([login]));
    let ticket = login["ticket"].as_str().unwrap();
    let of_login = format!("/worlds/default/logins/{ticket}");
    assert_eq!(live.control("DELETE", &of_login, "").0, 204);
    assert_error(&live.control("DELETE", &of_login, ""), 404, "login_not_found");
    let shown = live.control("GET", &format!("/worlds/default/accounts/{uid}"), "").1;
    assert_eq!(
        (&shown["security"]["password"], &shown["security"]["lastLogin"]),
        (&json!(true), &json!("2026-11-23T08:00:00Z"))
    );
}

#[test]
fn a_registration_is_refused_by_the_code_of_what_is_wrong_and_changes_nothing() {
    let live = live_with_account("keys: [{}]");
    live.control("PUT", "/worlds/default/account-rules", r#"{"accountsPerMobile": 1}"#);
    post_in_world(&live, "/captchas", r#"{"to": "new@example.com"}"#);
    let code = last_code_sent(&live, "new@example.com");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let version = || live.control("GET", "/worlds/default/export?format=json", "").1;
    let before = version();

    for (body, refused) in [
        (json!({"loginName": "x"}), (400, "invalid_body")),
        (json!({"email": "new@example.com", "password": "letters"}), (400, "weak_password")),
        (json!({"email": "new"}), (400, "invalid_body")),
        (json!({"mobile": "139"}), (400, "invalid_body")),
        (json!({"country": "China"}), (400, "invalid_body")),
        (json!({"loginName": "SHOP@alimock.example"}), (409, "login_name_taken")),
        (json!({"loginName": "another", "email": "Shop@example.com"}), (409, "email_taken")),
        (json!({"mobile": "86-13900000000"}), (409, "mobile_limit_reached")),
        (json!({"email": "new@example.com", "captcha": wrong}), (422, "captcha_wrong")),
        (json!({"email": "other@example.com", "captcha": code}), (422, "captcha_wrong")),
        (json!({"partner": "1000000000000009"}), (404, "account_not_found")),
        (json!({"accountType": "robot"}), (400, "invalid_body")),
    ] {
        assert_eq!(
            status_and_error(&post_in_world(&live, "/accounts", &body.to_string())),
            refused,
            "{body}"
        );
    }
    assert_eq!(version(), before);
    let good = json!({"email": "new@example.com", "captcha": code}).to_string();
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "5m"}"#);
    assert_error(&post_in_world(&live, "/accounts", &good), 422, "captcha_expired");
    live.control("PUT", "/worlds/default/account-rules", r#"{"captchaRequired": true}"#);
    assert_error(&post_in_world(&live, "/accounts", r#"{"email": "new@example.com"}"#), 422, "captcha_wrong");
}

#[test]
fn verification_codes_are_rate_limited_and_readable_in_the_outbox() {
    let live = live_with_account("keys: [{}]");
    let sms = r#"{"to": "86-13900000001"}"#;
    assert_eq!(post_in_world(&live, "/captchas", sms).0, 202);
    assert_eq!(status_and_error(&post_in_world(&live, "/captchas", sms)), (409, "captcha_too_soon"));
    for bad in [r#"{"to": "a@example"}"#, r#"{"to": "1"}"#, r#"{"to": ""}"#, "{}"] {
        assert_eq!(status_and_error(&post_in_world(&live, "/captchas", bad)), (400, "invalid_body"));
    }
    post_in_world(&live, "/captchas", r#"{"to": "a@example.com"}"#);

    let (_, outbox) = live.control("GET", "/worlds/default/outbox?channel=sms", "");

    let messages = outbox["messages"].as_array().unwrap();
    assert_eq!(
        (messages.len(), &messages[0]["to"], &messages[0]["number"]),
        (1, &json!("86-13900000001"), &json!(1))
    );
    assert_eq!(live.control("GET", "/worlds/default/outbox?channel=fax", "").0, 400);
}

#[test]
fn wrong_passwords_lock_the_log_in_although_each_is_refused() {
    let live = live_with_account("security: {password: Passw0rd!}");
    let good = r#"{"login": "shop@example.com", "password": "Passw0rd!"}"#;
    for _ in 0..5 {
        let refused =
            post_in_world(&live, "/logins", r#"{"login": "shop@example.com", "password": "guess"}"#);
        assert_error(&refused, 401, "bad_credentials");
    }

    assert_error(&post_in_world(&live, "/logins", good), 403, "login_locked");
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "1h"}"#);
    assert_eq!(post_in_world(&live, "/logins", good).0, 201);
    assert_error(
        &post_in_world(&live, "/logins", r#"{"login": "nobody", "password": "x"}"#),
        401,
        "bad_credentials",
    );
}

#[test]
fn a_log_in_is_refused_by_address_freeze_device_and_closing() {
    let live =
        live_with_account("security: {password: Passw0rd!, ipMask: {enabled: true, networks: [10.0.0.0/8]}}");
    let from = |address: &str, code: Option<&str>| {
        let body = json!({"login": "shop@example.com", "password": "Passw0rd!", "address": address, "mfaCode": code});
        post_in_world(&live, "/logins", &body.to_string())
    };
    assert_error(&from("192.168.0.1", None), 403, "ip_not_allowed");
    assert_eq!(from("10.1.2.3", None).0, 201);

    let (status, device) = live.control("POST", &format!("{SHOP}/mfa"), "");
    assert_eq!((status, device["seed"].as_str().unwrap().len()), (201, 64));
    assert_eq!(status_and_error(&live.control("POST", &format!("{SHOP}/mfa"), "")), (409, "mfa_bound"));
    assert_eq!(
        status_and_error(&live.control("POST", &format!("{SHOP}/mfa"), r#"{"seed": "1"}"#)),
        (400, "invalid_body")
    );
    assert_eq!(status_and_error(&from("10.1.2.3", None)), (403, "mfa_required"));
    assert_eq!(status_and_error(&from("10.1.2.3", Some("12345"))), (400, "invalid_mfa_code"));
    assert_eq!(live.control("GET", SHOP, "").1["security"]["mfa"], true);
    assert_eq!(live.control("DELETE", &format!("{SHOP}/mfa"), "").0, 204);
    assert_error(&live.control("DELETE", &format!("{SHOP}/mfa"), ""), 404, "mfa_not_bound");

    live.control("POST", &format!("{SHOP}/state"), r#"{"status": "LOGIN_FROZEN"}"#);
    assert_error(&from("10.1.2.3", None), 403, "login_frozen");
    live.control("POST", &format!("{SHOP}/state"), r#"{"status": "CLOSED"}"#);
    assert_eq!(status_and_error(&from("10.1.2.3", None)), (403, "account_closed"));
    assert_eq!(
        status_and_error(&live.control("PATCH", SHOP, r#"{"country": "MY"}"#)),
        (409, "account_closed")
    );
}

#[test]
fn the_owner_changes_a_password_and_an_administrator_sets_it() {
    let live = live_with_account("security: {password: Passw0rd!}");
    let set = |body: &str| live.control("PUT", &format!("{SHOP}/password"), body);
    let login = |password: &str| {
        post_in_world(
            &live,
            "/logins",
            &json!({"login": "shop@example.com", "password": password}).to_string(),
        )
        .0
    };

    assert_eq!(
        status_and_error(&set(r#"{"old": "guess", "password": "Passw0rd?"}"#)),
        (400, "wrong_password")
    );
    assert_eq!(
        status_and_error(&set(r#"{"old": "Passw0rd!", "password": "short"}"#)),
        (400, "weak_password")
    );
    assert_eq!(login("Passw0rd!"), 201);
    assert_eq!(set(r#"{"old": "Passw0rd!", "password": "Passw0rd?"}"#).0, 204);
    assert_eq!((login("Passw0rd!"), login("Passw0rd?")), (401, 201));
    assert_eq!(set(r#"{"password": "Passw0rd#"}"#).0, 204);
    assert_eq!(live.control("GET", "/worlds/default/logins", "").1["logins"], json!([]));
    assert_eq!(login("Passw0rd#"), 201);
}

#[test]
fn an_account_is_changed_in_all_that_its_settings_page_has() {
    let live = live_with_account("keys: [{}]");
    let body = json!({"alias": "bazaar", "email": "b@example.com", "country": "MY", "details": {"PreferredLanguage": "en"},
        "security": {"mobileLogin": true, "sessionExpires": "2h", "ipMask": {"enabled": true, "networks": ["10.0.0.1"]}, "protection": {"level": "high"}}});

    let (status, shown) = live.control("PATCH", SHOP, &body.to_string());

    assert_eq!(status, 200, "{shown}");
    let expected = json!({"password": false, "mfa": false, "lastLogin": null, "sessionSeconds": 7200, "mobileLogin": true,
        "ipMask": {"enabled": true, "networks": ["10.0.0.1"]}, "protection": {"level": "high", "verifyType": ""}});
    assert_eq!(shown["security"], expected);
    assert_eq!(
        (&shown["alias"], &shown["email"], &shown["country"]),
        (&json!("bazaar"), &json!("b@example.com"), &json!("MY"))
    );
    assert_eq!(shown["details"], json!({"PreferredLanguage": "en"}));
    assert_eq!(shown["mobile"], "86-13900000000");
    for (body, code) in [
        (r#"{"alias": "-"}"#, "invalid_body"),
        (r#"{"security": {"sessionExpires": "10ms"}}"#, "invalid_command"),
        (r#"{"security": {"ipMask": {"enabled": true, "networks": ["everywhere"]}}}"#, "invalid_body"),
        (r#"{"country": "my"}"#, "invalid_body"),
    ] {
        assert_eq!(status_and_error(&live.control("PATCH", SHOP, body)), (400, code), "{body}");
    }
    assert_eq!(live.control("GET", SHOP, "").1, shown);
}

#[test]
fn an_account_closes_when_no_obstacle_is_left() {
    let live = live_with_account("state: {balance: 500}, instances: [{product: ecs, id: i-one}]");
    let close = |method: &str, body: &str| live.control(method, &format!("{SHOP}/close"), body);
    let ids = |answer: &Value| {
        let checks = answer["checks"].as_array().unwrap().iter();
        checks
            .map(|check| (check["checkId"].as_str().unwrap().to_owned(), check["waivable"] == true))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&close("GET", "").1), [("BALANCE".to_owned(), false), ("RESOURCES".to_owned(), false)]);
    let refused = close("POST", "");
    assert_error(&refused, 409, "closing_blocked");
    assert_eq!(
        refused.1["error"]["hint"],
        "BALANCE: Withdraw the balance. RESOURCES: Release all resources."
    );
    assert_error(&close("DELETE", ""), 409, "not_closing");

    post_in_world(&live, "/commands", r#"{"release": {"instance": "i-one"}}"#);
    live.control("POST", &format!("{SHOP}/state"), r#"{"balance": 3}"#);
    assert_eq!(ids(&close("GET", "").1), [("BALANCE".to_owned(), true)]);
    let (status, closing) = close("POST", r#"{"waive": ["BALANCE"]}"#);

    assert_eq!((status, &closing["closure"]["silenceEndsAt"]), (200, &json!("2026-12-24T08:00:00Z")));
    assert_error(&close("POST", ""), 409, "closing");
    let told = live.control("GET", "/worlds/default/outbox?to=86-13900000000", "").1;
    assert!(told["messages"][0]["text"].as_str().unwrap().contains("closes on"), "{told}");
    assert_eq!(close("DELETE", "").0, 204);
    assert_eq!(live.control("GET", SHOP, "").1["closure"], Value::Null);
    close("POST", r#"{"waive": ["BALANCE"]}"#);
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "744h"}"#);
    assert_eq!(live.control("GET", SHOP, "").1["status"], "CLOSED");
    assert_eq!(close("GET", "").1["closure"]["done"], true);
    assert_error(&close("POST", ""), 409, "account_closed");
}

#[test]
fn a_verification_page_is_good_for_its_subject_and_for_a_while() {
    let live = live_with_account("keys: [{}]");
    let link = |body: &str| {
        live.control("POST", &format!("{SHOP}/real-name/links"), body).1["token"].as_str().unwrap().to_owned()
    };
    let apply = |link: &str| {
        let body = json!({"subject": "personal", "method": "face", "name": "Jane Doe", "documentNumber": "G1234567",
            "country": "CN", "expires": "48h", "link": link});
        live.control("POST", &format!("{SHOP}/real-name"), &body.to_string())
    };
    let (personal, enterprise) = (link(r#"{"subject": "personal"}"#), link(r#"{"subject": "enterprise"}"#));

    assert_error(&apply("none"), 404, "link_not_found");
    assert_error(&apply(&enterprise), 409, "link_for_another");
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "3h"}"#);
    assert_error(&apply(&personal), 409, "link_expired");
    assert_eq!(apply(&link("")).1["status"], "VERIFIED");

    let record = live.control("GET", &format!("{SHOP}/real-name"), "").1;
    assert_eq!(
        (&record["identity"]["country"], &record["identity"]["expires"]),
        (&json!("CN"), &json!("2026-11-25T11:00:00Z"))
    );
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "48h"}"#);
    let record = live.control("GET", &format!("{SHOP}/real-name"), "").1;
    assert_eq!(
        (&record["status"], &record["expired"]),
        (&json!("NEEDS_UPDATE"), &json!("2026-11-25T11:00:00Z"))
    );
    assert_eq!(live.control("DELETE", &format!("{SHOP}/real-name"), "").0, 204);
    assert_error(&live.control("DELETE", &format!("{SHOP}/real-name"), ""), 409, "not_verified");
}

#[test]
fn a_document_that_is_shown_twice_expires_all_the_same() {
    let live = live_with_account("keys: [{}]");
    let body = r#"{"subject": "personal", "method": "face", "name": "Jane Doe", "documentNumber": "G1234567", "expires": "2026-11-24T08:00:00Z"}"#;
    for _ in 0..2 {
        assert_eq!(live.control("POST", &format!("{SHOP}/real-name"), body).1["status"], "VERIFIED");
        live.control("POST", "/worlds/default/clock/advance", r#"{"by": "1h"}"#);
    }

    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "22h"}"#);

    assert_eq!(live.control("GET", &format!("{SHOP}/real-name"), "").1["status"], "NEEDS_UPDATE");
}

#[test]
fn the_amount_of_a_transfer_is_on_the_bank_statement() {
    let live = live_with_account("keys: [{}]");
    let body = r#"{"subject": "enterprise", "method": "bank_transfer", "name": "Shop Ltd", "documentNumber": "91330000MA27SHOPLT"}"#;
    let (_, application) = live.control("POST", &format!("{SHOP}/real-name"), body);
    let tell = |amount: &str| {
        let path = format!("{SHOP}/real-name/{}/transfer-amount", application["applicationId"]);
        live.control("POST", &path, &format!(r#"{{"amount": {amount}}}"#))
    };
    assert_error(&tell("0.11"), 409, "no_transfer");
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "72h"}"#);
    let outbox = live.control("GET", "/worlds/default/outbox?channel=bank", "").1;
    let text = outbox["messages"][0]["text"].as_str().unwrap().to_owned();
    let amount = text.trim_start_matches("Alibaba Cloud sent you ").trim_end_matches('.');

    assert_eq!(status_and_error(&tell("1e300")), (400, "invalid_body"));
    assert_eq!(tell("1.01").1["status"], "UNDER_REVIEW");
    assert_eq!(tell(amount).1["status"], "VERIFIED");
    assert_error(&tell(amount), 409, "not_under_review");
}

#[test]
fn an_account_that_does_not_answer_the_kyc_center_is_held() {
    let live = live_with_account("site: intl");
    let (status, asked) = live.control("POST", &format!("{SHOP}/real-name/kyc"), "");
    assert_eq!((status, &asked["due"]), (202, &json!("2026-11-24T08:00:00Z")));

    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "24h"}"#);

    let shown = live.control("GET", SHOP, "").1;
    assert_eq!((&shown["status"], &shown["holds"]), (&json!("RISK_CONTROLLED"), &json!(["RISK"])));
    let body =
        r#"{"subject": "personal", "method": "kyc", "name": "Jane Doe", "documentNumber": "G1234567"}"#;
    let (_, application) = live.control("POST", &format!("{SHOP}/real-name"), body);
    let decision = format!("{SHOP}/real-name/{}/decision", application["applicationId"]);
    live.control("POST", &decision, r#"{"decision": "approve"}"#);
    assert_eq!(live.control("GET", SHOP, "").1["status"], "NORMAL");
}

#[test]
fn money_is_shown_in_all_its_parts() {
    let live = live_with_account("state: {balance: 10, creditLine: 5}");
    let set = |body: &str| live.control("POST", &format!("{SHOP}/state"), body);

    let shown = set(r#"{"balance": -7.5, "holds": ["PURCHASES", "LOGIN"]}"#).1;

    assert_eq!(
        (&shown["status"], &shown["available"], &shown["creditLine"]),
        (&json!("ARREARS"), &json!(-2.5), &json!(5.0))
    );
    assert_eq!(shown["arrears"], json!({"since": "2026-11-23T08:00:00Z", "shutDown": false}));
    assert_eq!(shown["holds"], json!(["LOGIN", "PURCHASES"]));
    for (body, status, code) in [
        (r#"{"creditLine": -1}"#, 400, "invalid_amount"),
        (r#"{"creditLine": 1e300}"#, 400, "invalid_body"),
        (r#"{"status": "NORMAL", "balance": -100}"#, 409, "balance_contradicts"),
        (r#"{"holds": ["FOOT"]}"#, 400, "invalid_body"),
    ] {
        assert_eq!(status_and_error(&set(body)), (status, code), "{body}");
    }
    assert_eq!(live.control("GET", SHOP, "").1, shown);
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "24h"}"#);
    assert_eq!(live.control("GET", SHOP, "").1["arrears"]["shutDown"], true);
}

#[test]
fn rules_and_gates_are_read_and_set_as_a_whole() {
    let live = live_with_account("keys: [{}]");
    let put = |what: &str, body: &str| live.control("PUT", &format!("/worlds/default/{what}"), body);
    let rules = live.control("GET", "/worlds/default/account-rules", "").1;
    assert_eq!((&rules["loginAttempts"], &rules["silence"]), (&json!(5), &json!("744h")));

    assert_eq!(put("account-rules", r#"{"review": "manual"}"#).1["review"], "manual");
    let gates = r#"{"gates": [{"product": "Ecs", "region": "mainland", "action": "Describe*", "requires": ["verified"]}]}"#;
    assert_eq!(put("gates", gates).0, 200);

    assert_eq!(live.control("GET", "/worlds/default/account-rules", "").1["review"], "manual");
    assert_eq!(
        live.control("GET", "/worlds/default/gates", "").1["gates"][0]["requires"],
        json!(["verified"])
    );
    for (what, body, why) in [
        ("gates", r#"{"gates": [{"product": "Ec", "requires": []}]}"#, "column 24: there is no product `Ec`"),
        ("gates", r#"{"gates": [{"product": "Ram", "action": "ListUser"}]}"#, "did you mean `ListUsers`?"),
        ("gates", r#"{"gates": [{"region": "cn-hangzou"}]}"#, "did you mean `cn-hangzhou`?"),
        ("account-rules", r#"{"silence": "-1h"}"#, "`silence` is negative"),
        ("account-rules", r#"{"passwordMin": 30}"#, "no password can be long enough"),
    ] {
        let refused = put(what, body);
        assert_eq!(status_and_error(&refused), (400, "invalid_setting"), "{body}");
        assert!(refused.1["error"]["message"].as_str().unwrap().contains(why), "{}", refused.1);
    }
    assert_error(&put("gates", r#"{"gates": [{"requires": ["money"]}]}"#), 400, "invalid_body");
}

/// What is wrong with a scenario, a line each.
fn parse_errors(text: &str) -> String {
    Scenario::parse(text).unwrap_err().brief().join("\n")
}

#[test]
fn impossible_account_states_in_a_scenario_are_refused_with_their_place() {
    let account = |words: &str| parse_errors(&format!("accounts: [{{name: demo, {words}}}]"));
    for (words, why) in [
        ("state: {status: ARREARS, balance: 5}", "the balance contradicts the state"),
        ("state: {balance: 1e300}", "is not an amount of money"),
        ("state: {creditLine: -1}", "the amount is out of range"),
        ("state: {holds: [LOGINS]}", "did you mean `LOGIN`?"),
        ("security: {password: short}", "the password is too short"),
        ("security: {mfa: '1'}", "`1` is not a seed in Base32"),
        ("security: {sessionExpires: 10ms}", "less than a second"),
        (
            "security: {ipMask: {networks: [everywhere]}}",
            "`everywhere` is neither an address nor a CIDR block",
        ),
        ("realName: {status: VERIFIED, method: alipay}", "is not available for this kind of owner"),
        ("realName: {status: REJECTED, method: face}", "decided at once"),
        ("realName: {status: VERIFIED, expires: soon}", "`soon` is neither a time"),
        (
            "realName: {status: VERIFIED, subject: personal, documentNumber: '110101202001011234'}",
            "too young",
        ),
        ("instances: [{product: ecs, id: a}, {product: oss, id: a}]", "the id of the instance is taken"),
    ] {
        let said = account(words);
        assert!(said.contains(why), "{words}: {said}");
    }
    for (text, why) in [
        ("gates: [{product: Ec, requires: []}]", "line 1 column 19: there is no product `Ec`"),
        ("gates: [{region: cn-hangzou, requires: [verified]}]", "did you mean `cn-hangzhou`?"),
        ("gates: [{product: Ram, action: 'Lst*'}]", "`Ram` has no action that fits `Lst*`"),
        ("gates: [{requires: [verifyed]}]", "did you mean `verified`?"),
        ("accountRules: {silence: -1h}", "`silence` is negative"),
        ("accountRules: {passwordMin: 30}", "no password can be long enough"),
        (
            "accounts: [{name: a}]\ntimeline: [{at: +1s, do: {changeAccount: {email: nobody}}}]",
            "`nobody` is not an e-mail address",
        ),
        (
            "accounts: [{name: a}]\ntimeline: [{at: +1s, do: {bindMfa: {seed: x}}}]",
            "`x` is not a seed in Base32",
        ),
        (
            "accounts: [{name: a}]\ntimeline: [{at: +1s, do: {register: {name: a}}}]",
            "another account is named `a`",
        ),
        (
            "accounts: [{name: a}]\ntimeline: [{at: +1s, do: {pay: {account: b, amount: 0.01}}}]",
            "`b` is neither an account by name nor a UID",
        ),
    ] {
        let said = parse_errors(text);
        assert!(said.contains(why), "{text}: {said}");
    }
    // An account that a timeline registers may be named by what comes after.
    let text = "timeline: [{at: +1s, do: {register: {name: walker}}}, {at: +2s, do: {pay: {account: walker, amount: 1}}}]";
    assert!(Scenario::parse(text).is_ok());
}

/// Things that happen to the account of a lab; whether each may is its affair.
const HAPPENS: &[&str] = &[
    r#"{"setState": {"status": "ARREARS"}}"#,
    r#"{"setState": {"status": "ARREARS_SHUTDOWN", "balance": -7.77}}"#,
    r#"{"setState": {"status": "DISABLED"}}"#,
    r#"{"setState": {"status": "NORMAL"}}"#,
    r#"{"setState": {"status": "CLOSING"}}"#,
    r#"{"setState": {"balance": 900}}"#,
    r#"{"setState": {"creditLine": 10}}"#,
    r#"{"hold": {"hold": "LOGIN"}}"#,
    r#"{"hold": {"hold": "RISK"}}"#,
    r#"{"hold": {"hold": "ACCOUNT"}}"#,
    r#"{"hold": {"hold": "BUSINESS"}}"#,
    r#"{"liftHold": {"hold": "ACCOUNT"}}"#,
    r#"{"pay": {"amount": -950}}"#,
    r#"{"setShutdownPolicy": {"policy": "noStop"}}"#,
    r#"{"buy": {"product": "ecs"}}"#,
    r#"{"buy": {"product": "oss", "months": 1}}"#,
    r#"{"close": {"waive": ["BALANCE", "DEBT"]}}"#,
    r#"{"stay": {}}"#,
    r#"{"certify": {"subject": "enterprise", "name": "Shop Ltd", "documentNumber": "91330000MA27SHOPLT"}}"#,
    r#"{"submit": {"method": "document", "subject": "personal", "name": "Jane Doe", "documentNumber": "G1", "expires": "+5h"}}"#,
    r#"{"submit": {"method": "face", "subject": "personal", "name": "Jane Doe", "documentNumber": "G1", "country": "CN"}}"#,
    r#"{"submit": {"method": "bank_transfer", "subject": "enterprise", "name": "Shop Ltd", "documentNumber": "9-2"}}"#,
    r#"{"decide": {"decision": "approve"}}"#,
    r#"{"decide": {"decision": "reject", "code": "BLUR"}}"#,
    r#"{"tellAmount": {"amount": 0.11}}"#,
    r#"{"cancelApplication": {}}"#,
    r#"{"expireDocument": {}}"#,
    r#"{"removeVerification": {}}"#,
    r#"{"askForKyc": {}}"#,
    r#"{"leakKey": {}}"#,
    r#"{"bindMfa": {}}"#,
    r#"{"changeAccount": {"email": "other@example.com"}}"#,
    r#"{"changeAccount": {"loginName": "bazaar", "details": {"City": "x"}}}"#,
    r#"{"changeAccount": {"security": {"mobileLogin": true}}}"#,
    r#"{"deactivate": {"service": "Sls"}}"#,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn the_history_of_an_account_survives_an_export(steps in proptest::collection::vec(0..HAPPENS.len() + 1, 0..40)) {
        let lab = Lab::with_scenario("accounts: [{name: shop, email: shop@example.com, keys: [{}]}]");
        for step in steps {
            let now = lab.world().clock.now().resource;
            match HAPPENS.get(step) {
                Some(command) => {
                    let command: Command = serde_json::from_str(command).unwrap();
                    let _ = lab.world().commit(now, By::OURSELVES, |tx| command.run(tx));
                }
                None => lab.advance_clock("7h"),
            }
            lab.world().settle(lab.world().clock.now().resource);
        }
        let first = Export::present(lab.world()).yaml();

        let again = Lab::with_seed(&Scenario::parse(&first).unwrap_or_else(|error| panic!("{error}\n{first}")));

        prop_assert_eq!(Export::present(again.world()).yaml(), first);
    }
}
