//! The address of credentials has a token: of one server, one world and one role.

use crate::access::{Served, program};
use crate::support::live::{self, Live, assert_error, status_and_error};
use alimock::Scenario;
use serde_json::{Value, json};

const SHOP: &str = "accounts: [{name: shop, keys: [{}], roles: [{name: app}, {name: admin}]}]";

fn live() -> Live {
    Live::with_scenario(Scenario::parse(SHOP).unwrap())
}

/// The path of credentials, below `/_alimock`.
#[track_caller]
fn create_credentials(live: &Live, world: &str, wanted: &Value) -> String {
    let (status, made) = live.control("POST", &format!("/worlds/{world}/credentials"), &wanted.to_string());
    assert_eq!(status, 201, "{made}");
    let uri = made["uri"].as_str().unwrap();
    uri.strip_prefix(&format!("http://{}/_alimock", live.address)).unwrap().to_owned()
}

fn count_sessions(live: &Live) -> usize {
    live.control("GET", "/worlds/default/sessions", "").1["sessions"].as_array().unwrap().len()
}

#[test]
fn a_path_without_a_token_makes_no_session_and_says_what_to_do() {
    let live = live();
    for headers in ["", "Authorization: Bearer any-token\r\n", "Origin: http://evil.example\r\n"] {
        let refused =
            live.control_with_headers("GET", "/worlds/default/credentials?role=shop/app", "", headers);
        assert_eq!(status_and_error(&refused), (401, "token_required"), "{headers}");
        let hint = refused.1["error"]["hint"].as_str().unwrap();
        assert!(hint.contains("alimock env --credentials-uri") && hint.contains("POST"), "{hint}");
    }
    assert_eq!(count_sessions(&live), 0);
}

#[test]
fn creating_a_credentials_uri_creates_no_session_and_each_request_to_it_creates_one() {
    let live = live();

    let path = create_credentials(
        &live,
        "default",
        &json!({"role": "shop/app", "duration": "15m", "session": "job-1"}),
    );

    assert_eq!(count_sessions(&live), 0);
    for number in 1..=2 {
        let (status, made) = live.control("GET", &path, "");
        assert_eq!((status, &made["Code"]), (200, &json!("Success")), "{made}");
        assert_eq!(count_sessions(&live), number);
    }
    let listed = live.control("GET", "/worlds/default/sessions", "").1;
    assert_eq!(listed["sessions"][0]["name"], "job-1");
}

#[test]
fn a_credentials_token_is_valid_for_one_world_one_role_and_one_server() {
    let (live, other) = (live(), live());
    live.control("POST", "/worlds?name=second", SHOP);
    let good = create_credentials(&live, "default", &json!({"role": "shop/app"}));
    let (before, role) = good.split_once("?role=").unwrap();
    assert_eq!(role, "shop%2Fapp");

    for wrong in [
        good.replace("/default/", "/second/"),
        good.replace("app", "admin"),
        good.replace("/credentials/", "/credentials/x"),
        format!("{}?role=shop%2Fapp", &before[..before.len() - 1]),
        "/worlds/default/credentials/none?role=shop%2Fapp".to_owned(),
        good.replace("/default/", "/nowhere/"),
    ] {
        assert_eq!(status_and_error(&live.control("GET", &wrong, "")), (401, "wrong_token"), "{wrong}");
    }
    // The seed is the same, and the token is not.
    assert_error(&other.control("GET", &good, ""), 401, "wrong_token");
    assert_eq!((count_sessions(&live), count_sessions(&other)), (0, 0));
    assert_eq!(live.control("GET", &good, "").0, 200);
}

#[test]
fn a_credentials_uri_is_created_only_for_an_existing_role() {
    let live = live();
    for (wanted, status, code) in [
        (json!({"role": "shop/nobody"}), 404, "role_not_found"),
        (json!({"role": "nobody/app"}), 404, "account_not_found"),
        (json!({"role": "app"}), 400, "invalid_role"),
        (json!({"role": "shop/app", "duration": "5m"}), 400, "invalid_duration"),
        (json!({"role": "shop/app", "session": "a b"}), 400, "invalid_session"),
        (json!({}), 400, "invalid_body"),
    ] {
        let refused = live.control("POST", "/worlds/default/credentials", &wanted.to_string());
        assert_eq!(status_and_error(&refused), (status, code), "{wanted}");
    }
    assert_eq!(live.control("POST", "/worlds/nowhere/credentials", r#"{"role":"shop/app"}"#).0, 404);
}

/// The clients that call the address send no header of their own choice.
#[test]
fn the_token_in_the_credentials_uri_is_enough_where_the_control_api_needs_a_token() {
    let folder = crate::access::scratch("credentials-token");
    let file = folder.join("shop.yaml");
    std::fs::write(&file, SHOP).unwrap();
    let token = "of-this-server";
    let served = Served::start(&[
        "--listen",
        "0.0.0.0:0",
        "--control-token",
        token,
        "--scenario",
        file.to_str().unwrap(),
    ]);
    let endpoint = format!("http://{}", served.address());
    let env = |token: &str| {
        let mut command = program();
        command.args(["env", "--endpoint", &endpoint, "--as", "shop", "--format", "json"]);
        command.args(["--credentials-uri", "shop/app", "--control-token", token]).output().unwrap()
    };
    let raw = |method: &str, path: &str| {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        );
        live::send_bytes(served.address(), request.as_bytes())
    };

    assert_eq!(env("none").status.code(), Some(1));
    let variables: Value = serde_json::from_slice(&env(token).stdout).unwrap();
    let uri = variables["ALIBABA_CLOUD_CREDENTIALS_URI"].as_str().unwrap();

    let answer = raw("GET", uri.strip_prefix(&endpoint).unwrap());
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"SecurityToken\""), "{answer}");
    assert!(!uri.contains(token), "{uri}");
    assert!(raw("POST", "/_alimock/worlds/default/credentials").starts_with("HTTP/1.1 401"));
    assert!(raw("GET", "/_alimock/worlds/default/credentials?role=shop%2Fapp").starts_with("HTTP/1.1 401"));
}

#[test]
fn run_passes_a_credentials_uri_with_a_token_to_its_command() {
    let folder = crate::access::scratch("credentials-run");
    let file = folder.join("shop.yaml");
    std::fs::write(&file, SHOP).unwrap();
    let get = "curl -s --noproxy '*' \"$ALIBABA_CLOUD_CREDENTIALS_URI\" | grep -q '\"Success\"' && \
               curl -s --noproxy '*' \"$ALIMOCK_ENDPOINT/_alimock/worlds/default/credentials?role=shop/app\" | grep -q token_required";
    for flags in [&[][..], &["--control-token", "of-this-run"]] {
        let mut run = program();
        run.args(["run", "--log", "off", "--credentials-uri", "shop/app", "--scenario"])
            .arg(&file)
            .args(flags);
        let output = run.args(["--", "sh", "-c", get]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}
