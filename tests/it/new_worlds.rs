//! A world for each test: its variables, its caller and its expectations, and its name.

use crate::support::live::{self, Live, assert_error};
use crate::support::sign::{self, Form};
use crate::support::{NOW, field_texts};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static NONCE: AtomicU64 = AtomicU64::new(1);

pub const SHOP: &str = "{as: shop/ci, clock: {gateway: \"2026-11-22T08:00:00Z\"}, accounts: [{name: zoo, keys: [{}]}, {name: demo, keys: [{}]}, \
     {name: shop, keys: [{}], users: [{name: ci, keys: [{}]}]}], \
     expect: [{calls: {action: GetCallerIdentity}, times: 1}]}";

/// Calls `GetCallerIdentity` with the key in `env`; gives the response.
fn identity(live: &Live, env: &Value) -> Value {
    call(live, env, "2015-04-01", "GetCallerIdentity")
}

/// Calls an action with the key in `env`; gives the response.
pub fn call(live: &Live, env: &Value, version: &str, action: &str) -> Value {
    let text = |name: &str| env[name].as_str().unwrap_or_else(|| panic!("{name}: {env}"));
    let call = sign::Call {
        key: text("ALIBABA_CLOUD_ACCESS_KEY_ID"),
        secret: text("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        token: None,
        version,
        action,
        params: &[],
        time: NOW,
        nonce: &NONCE.fetch_add(1, Relaxed).to_string(),
        xml: false,
    };
    live::send(live.address, &sign::request(Form::RpcV1, &call)).1
}

#[test]
fn a_new_world_says_whose_credentials_a_client_gets_and_all_its_variables() {
    let live = Live::start();
    let world = live.control("POST", "/worlds", SHOP).1;

    assert_eq!(world["as"], "shop/ci");
    assert_eq!(identity(&live, &world["env"])["IdentityType"], "RAMUser");
    let names: Vec<_> = world["accounts"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["zoo", "demo", "shop"]);
    let address = live.address.to_string();
    assert_eq!(world["env"]["ALIMOCK_ENDPOINT"], format!("http://{address}"));
    assert_eq!(world["env"]["ALIBABA_CLOUD_ENDPOINT"], address);
    for (who, kind) in [("shop", "Account"), ("shop/ci", "RAMUser")] {
        let shown = live.control("GET", &format!("/worlds/w1?as={}", sign::encode(who)), "").1;
        assert_eq!(
            (&shown["as"], &identity(&live, &shown["env"])["IdentityType"]),
            (&json!(who), &json!(kind))
        );
    }
    let unknown = live.control("POST", "/worlds?name=never&as=nobody", SHOP);
    assert_error(&unknown, 400, "unknown_caller");
    assert_error(&live.control("GET", "/worlds/never", ""), 404, "world_not_found");
}

#[test]
fn without_a_name_in_the_scenario_the_caller_is_demo_in_every_world() {
    let live = Live::start();
    for number in 0..8 {
        let world = live.control("POST", &format!("/worlds?name=t{number}"), "").1;
        assert_eq!(
            (&world["as"], &world["accounts"][1]["name"]),
            (&json!("demo"), &json!("demo")),
            "{number}"
        );
    }
    let none = live.control("POST", "/worlds", "accounts: [{name: demo}]").1;
    assert!(none.get("as").is_none() && none["env"].get("ALIBABA_CLOUD_ACCESS_KEY_ID").is_none(), "{none}");
}

#[test]
fn the_variables_of_a_world_with_a_port_and_of_a_fork_lead_to_it() {
    let live = Live::start();
    let own = live.control("POST", "/worlds?listen=127.0.0.1:0", "").1;
    assert_eq!(own["env"]["ALIMOCK_ENDPOINT"], own["endpoint"]);
    let fork = live.control("POST", "/worlds/default/fork?name=Copy", "").1;
    let expected = format!("http://copy.localhost:{}", live.address.port());
    assert_eq!((&fork["as"], &fork["env"]["ALIMOCK_ENDPOINT"]), (&json!("demo"), &json!(expected)));
}

#[test]
fn a_world_keeps_the_expectations_of_its_scenario_and_so_does_its_fork() {
    let live = Live::start();
    let world = live.control("POST", "/worlds?name=shop", SHOP).1;
    let passed =
        |world: &str| live.control("POST", &format!("/worlds/{world}/verify"), "").1["passed"].clone();

    assert_eq!(passed("shop"), false);
    identity(&live, &world["env"]);
    assert_eq!(passed("shop"), true);
    live.control("POST", "/worlds/shop/fork?name=copy", "");
    assert_eq!(passed("copy"), false);
    assert_eq!(passed("default"), true);
}

#[test]
fn worlds_take_the_names_that_test_runners_make() {
    let live = Live::start();
    for name in ["test_x", "TestUsers.Create_2", "a.b-c"] {
        assert_eq!(live.control("POST", &format!("/worlds?name={name}"), "").1["world"], name);
        let (status, of) =
            live.control_with_headers("GET", &format!("/worlds/{}", name.to_lowercase()), "", "");
        assert_eq!((status, &of["world"]), (200, &json!(name)));
    }
    let odd = sign::encode("test_y[param-1]");
    let refused = live.control("POST", &format!("/worlds?name={odd}"), "");
    assert_error(&refused, 400, "invalid_name");
    let said = refused.1["error"].to_string();
    assert!(
        said.contains("holds `[`") && said.contains("A-Z, a-z, 0-9") && said.contains("slug=true"),
        "{said}"
    );

    let made = live.control("POST", &format!("/worlds?slug=true&name={odd}"), "");
    let name = made.1["world"].as_str().unwrap();
    assert!(made.0 == 201 && name.starts_with("test_y-param-1-"), "{made:?}");
    assert_error(&live.control("POST", &format!("/worlds?slug=true&name={odd}"), ""), 409, "world_exists");
    assert_eq!(live.control("DELETE", &format!("/worlds/{name}"), "").0, 204);
}

#[test]
fn a_scenario_is_loaded_into_a_world_that_exists_and_a_reset_returns_to_it() {
    let live = Live::start();
    let old = live.control("GET", "/worlds/default", "").1;
    identity(&live, &old["env"]);
    live.control("POST", "/worlds/default/snapshots/before", "");
    live.control("POST", "/worlds/default/faults", "{match: {action: ListUsers}, do: {delay: 1ms}}");

    assert_eq!(live.control("PUT", "/worlds/default/scenario", SHOP).0, 204);

    let world = live.control("GET", "/worlds/default", "").1;
    assert_eq!(
        (&world["as"], &world["requests"], &world["seed"]),
        (&json!("shop/ci"), &json!(0), &old["seed"])
    );
    let text = live.send_bytes(
        format!(
            "GET /_alimock/worlds/default/scenario HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            live.address
        )
        .as_bytes(),
    );
    assert!(text.ends_with(SHOP) && text.contains("content-type: application/yaml"), "{text}");
    for path in ["snapshots", "faults", "requests"] {
        assert_eq!(live.control("GET", &format!("/worlds/default/{path}"), "").1[path], json!([]), "{path}");
    }
    assert_eq!(live.control("POST", "/worlds/default/verify", "").1["passed"], false);
    assert_eq!(identity(&live, &world["env"])["IdentityType"], "RAMUser");
    assert_eq!(live.control("POST", "/worlds/default/verify", "").1["passed"], true);
    assert_eq!(live.control("POST", "/worlds/default/reset", "").0, 204);
    assert_eq!(live.control("GET", "/worlds/default", "").1["env"], world["env"]);
    // The same ids as in a server that starts with it.
    let started = Live::with_scenario(alimock::Scenario::parse(SHOP).unwrap());
    let ids = |world: &Value| {
        let accounts = world["accounts"].as_array().unwrap().iter();
        accounts
            .map(|one| (one["uid"].clone(), field_texts(one["keys"].as_array().unwrap(), "accessKeyId")))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&started.control("GET", "/worlds/default", "").1), ids(&world));
}

#[test]
fn a_scenario_that_cannot_be_loaded_changes_nothing() {
    let live = Live::start();
    let pinned = "accounts: [{name: a, keys: [{id: LTAI5tLoadedOnlyOnce0001, secret: 0123456789012345678901234567ab}]}]";
    assert_eq!(live.control("PUT", "/worlds/default/scenario", pinned).0, 204);
    live.control("POST", "/worlds?name=other", SHOP);
    let shown = live.control("GET", "/worlds/other", "");
    for (text, status, code) in [
        ("accounts: [{nam: solo}]", 400, "invalid_scenario"),
        ("seed: 7", 409, "other_seed"),
        (pinned, 409, "access_key_taken"),
    ] {
        assert_error(&live.control("PUT", "/worlds/other/scenario", text), status, code);
        assert_eq!(live.control("GET", "/worlds/other", ""), shown, "{text}");
    }
    // A world may load its own keys again, and frees those that it no longer has.
    assert_eq!(live.control("PUT", "/worlds/default/scenario", pinned).0, 204);
    assert_eq!(live.control("PUT", "/worlds/default/scenario", "seed: 42").0, 204);
    assert_eq!(live.control("PUT", "/worlds/other/scenario", pinned).0, 204);
    assert_error(&live.control("DELETE", "/worlds/other/snapshots/none", ""), 404, "snapshot_not_found");
    live.control("POST", "/worlds/other/snapshots/one", "");
    assert_eq!(live.control("DELETE", "/worlds/other/snapshots/one", "").0, 204);
    assert_eq!(live.control("GET", "/worlds/other/snapshots", "").1["snapshots"], json!([]));
}
