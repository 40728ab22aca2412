//! The control API takes the words of scenarios where it takes ids.

use crate::new_worlds::{SHOP, call};
use crate::support::live::{Live, assert_error};
use serde_json::json;

const DEV: &str = "/worlds/default/accounts/demo%2Fdev/access-keys";

#[test]
fn keys_are_those_of_the_user_that_the_path_names() {
    let live = Live::start();
    let (status, made) = live.control("POST", DEV, "");
    assert_eq!((status, &made["user"]), (201, &json!("dev")));
    let listed = live.control("GET", DEV, "").1;
    let listed = listed["accessKeys"].as_array().unwrap();
    assert!(listed.len() == 2 && listed.iter().all(|key| key["user"] == "dev"), "{listed:?}");
    let path = format!("{DEV}/{}", made["accessKeyId"].as_str().unwrap());
    assert_eq!(live.control("PATCH", &path, r#"{"status": "Inactive"}"#).1["status"], "Inactive");
    assert_eq!(live.control("DELETE", &path, "").0, 204);
    let nobody = DEV.replace("dev", "nobody");
    assert_error(&live.control("POST", &nobody, ""), 404, "user_not_found");
    assert_error(
        &live.control("POST", "/worlds/default/accounts/demo%2Fdev/close", ""),
        404,
        "account_not_found",
    );
}

#[test]
fn a_command_about_a_user_takes_account_and_user_in_one_word() {
    let live = Live::start();
    let run = |command: &str| live.control("POST", "/worlds/default/commands", command);
    let before = live.control("GET", DEV, "").1["accessKeys"][0]["status"].clone();
    let done = run(r#"{"disableKey": {"account": "demo/dev"}}"#);
    assert_eq!(done.0, 200, "{done:?}");
    let after = live.control("GET", DEV, "").1["accessKeys"][0]["status"].clone();
    assert_eq!((before, after), (json!("Active"), json!("Inactive")));
    let twice = run(r#"{"disableKey": {"account": "demo/dev", "user": "dev"}}"#);
    assert_error(&twice, 400, "invalid_body");
    assert_eq!(run(r#"{"certify": {"account": "demo/dev"}}"#).0, 400);
}

#[test]
fn explain_takes_account_and_user_or_the_id_of_a_request() {
    let live = Live::start();
    let world = live.control("POST", "/worlds?name=shop", SHOP).1;
    let explain = |question: &str| live.control("POST", "/worlds/shop/explain", question);
    let asked = explain(r#"{"account": "shop/ci", "action": "ram:ListUsers"}"#);
    assert_eq!((asked.0, &asked.1["decision"]["allowed"]), (200, &json!(false)), "{asked:?}");
    let answer = call(&live, &world["env"], "2015-05-01", "ListUsers");
    assert_eq!(answer["Code"], "NoPermission", "{answer}");

    let again = explain(&json!({"request": answer["RequestId"]}).to_string());

    let decision = &again.1["decision"];
    let expected = (&json!("ram:ListUsers"), &json!(false));
    assert_eq!((again.0, (&decision["action"], &decision["allowed"])), (200, expected), "{again:?}");
    assert_error(&explain(r#"{"request": "nobody"}"#), 404, "request_not_found");
    assert_error(&explain(r#"{"account": "shop"}"#), 400, "no_action");
}
