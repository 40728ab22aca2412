//! Coverage, snapshots and their differences, settings.

use crate::console::browser::{Browser, Page};
use crate::console::live_with_shop;
use crate::new_worlds::call;
use crate::support::live::Live;
use alimock::server::Config;
use serde_json::{Value, json};

fn env(live: &Live) -> Value {
    live.control("GET", "/worlds/default", "").1["env"].clone()
}

/// The part of a page between a test id and the end of its row.
fn row<'a>(page: &'a Page, id: &str) -> &'a str {
    let mark = format!("data-testid=\"{id}\"");
    let at = page.body.find(&mark).unwrap_or_else(|| panic!("no {id}: {}", page.body));
    page.body[at..].split("</tr>").next().unwrap()
}

#[test]
fn coverage_shows_each_product_and_operation_with_its_codes() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/coverage");
    assert!(page.has("nothing-called") && page.has("counted"), "{}", page.body);
    let total = live.control("GET", "/coverage", "").1["uncalled"].as_array().unwrap().len();
    assert!(row(&page, "product-all").contains(&format!(">0 / {total}<")), "{}", row(&page, "product-all"));
    live.control("PUT", "/worlds/default/clock", r#"{"gateway": "2026-11-22T08:00:00Z"}"#);
    let env = env(&live);
    for action in ["ListUsers", "ListUsers", "GetUser", "NoSuchAction"] {
        call(&live, &env, "2015-05-01", action);
    }

    let page = browser.get("/_alimock/coverage");

    let ram = row(&page, "product-Ram");
    assert!(ram.contains(">1 / ") && ram.contains("data-testid=\"rejected\">1<"), "{ram}");
    assert!(ram.contains("aria-label=\"Ram: Succeeded 1, Only rejected 1, Not called "), "{ram}");
    let list = row(&page, "operation-Ram.ListUsers");
    assert!(list.contains("data-testid=\"successes\">2<") && !list.contains("chip bad"), "{list}");
    let get = row(&page, "operation-Ram.GetUser");
    assert!(get.contains("data-testid=\"successes\">0<") && get.contains("MissingUserName: 1"), "{get}");
    let codes = live.control("GET", "/worlds/default/coverage", "").1["codes"].clone();
    let met = codes["met"].as_array().unwrap().len();
    assert!(page.text("codes").ends_with(&format!(": {met} / {}", codes["of"])), "{}", page.text("codes"));
    let one = browser.get("/_alimock/coverage?product=Ram");
    assert!(one.has("product-Ram") && !one.has("product-Sts") && one.has("operation-Ram.GetUser"));
    let uncalled = one.body.split("data-testid=\"uncalled\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(uncalled.contains("<code>CreateUser</code>") && !uncalled.contains("ListUsers<"), "{uncalled}");
    assert_eq!(browser.get("/_alimock/coverage?product=Nothing").status, 404);
}

#[test]
fn the_control_api_keeps_its_coverage_beside_the_page() {
    let live = live_with_shop();
    let get = |accept: &str| {
        live.send_bytes(
            format!(
                "GET /_alimock/coverage HTTP/1.1\r\nHost: {}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n",
                live.address
            )
            .as_bytes(),
        )
    };
    assert!(get("*/*").contains("content-type: application/json"));
    assert!(get("application/json").contains("\"uncalled\""));
    assert!(get("text/html,*/*;q=0.8").contains("content-type: text/html"));
}

#[test]
fn a_snapshot_is_taken_compared_restored_and_deleted() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/diff");
    assert!(page.has("no-snapshots") && !page.has("differences"));
    let name = "before & after/1";
    let taken = browser.submit(&page, "/_alimock/diff/take", &[("name", name)]);
    taken.assert_shows(200, "done", "The snapshot was taken.");
    assert!(browser.get("/_alimock/diff?from=before+%26+after%2F1&to=now").has("no-differences"));
    live.control(
        "POST",
        "/worlds/default/commands",
        r#"{"setState": {"account": "shop", "balance": "5.00"}}"#,
    );
    live.control("POST", "/worlds/default/accounts/shop/access-keys", "{}");

    let page = browser.get("/_alimock/diff?from=before+%26+after%2F1&to=now");

    assert!(page.has("added") && page.has("changed") && !page.has("removed"), "{}", page.body);
    assert!(page.body.contains("<code>accounts[shop].state.balance</code>"), "{}", page.body);
    assert!(page.body.contains("***"), "secrets are masked: {}", page.body);
    let back = browser.get("/_alimock/diff?from=now&to=before+%26+after%2F1");
    assert!(back.has("removed") && !back.has("added"), "{}", back.body);
    let restored = browser.submit(&page, "/_alimock/diff/restore", &[("name", name)]);
    restored.assert_shows(200, "done", "The snapshot was restored.");
    assert!(browser.get("/_alimock/diff?from=before+%26+after%2F1").has("no-differences"));
    let deleted = browser.submit(&page, "/_alimock/diff/delete", &[("name", name)]);
    deleted.assert_shows(200, "done", "The snapshot was deleted.");
    assert!(deleted.has("no-snapshots"));
    for (to, name) in [("restore", name), ("delete", name), ("restore", "")] {
        assert_eq!(browser.submit(&page, &format!("/_alimock/diff/{to}"), &[("name", name)]).status, 404);
    }
    assert_eq!(browser.get("/_alimock/diff?from=none").status, 404);
}

#[test]
fn names_and_number_of_snapshots_are_bounded() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/diff");
    for name in ["", "  ", "seed", "now", "a\u{7}b", &"x".repeat(65)] {
        let page = browser.submit(&page, "/_alimock/diff/take", &[("name", name)]);
        assert_eq!(page.status, 422, "{name}");
        assert!(page.text("error").starts_with("Enter a name"), "{name}: {}", page.body);
    }
    for number in 0..100 {
        live.control("POST", &format!("/worlds/default/snapshots/s{number}"), "");
    }
    let full = browser.submit(&page, "/_alimock/diff/take", &[("name", &"你".repeat(64))]);
    full.assert_shows(422, "error", "The world has 100 snapshots. Delete one first.");
    let again = browser.submit(&page, "/_alimock/diff/take", &[("name", "s7")]);
    again.assert_shows(200, "done", "The snapshot was taken.");
}

#[test]
fn settings_are_shown_with_their_meaning_and_changed() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/settings");
    assert_eq!(page.text("value-permissions").trim(), "mode: enforce");
    for meaning in
        ["A disabled or deleted key stops working.", "Requires a code, sent to", "Runs the call and marks it"]
    {
        assert!(page.body.contains(meaning), "{meaning}: {}", page.body);
    }
    for note in ["Source:", "UNCERTAIN", "INFERRED"] {
        assert!(!page.body.contains(note), "{note} is for authors of alimock");
    }
    for (name, path, value, expected) in [
        ("permissions", "permissions", "mode: audit", json!({"mode": "audit"})),
        ("session-expiry", "session-expiry", "enforced: 15m", json!({"enforced": "15m"})),
        ("gates", "gates", "gates: []", json!({"gates": []})),
        ("stubs", "stubs", "stubs: []", json!({"stubs": []})),
    ] {
        let saved = browser.submit(&page, &format!("/_alimock/settings/{name}"), &[("value", value)]);
        saved.assert_shows(200, "done", "The settings were saved.");
        assert_eq!(live.control("GET", &format!("/worlds/default/{path}"), "").1, expected, "{name}");
    }
    let value = "key.active: {after: 5s}\r\n";
    let _ = browser.submit(&page, "/_alimock/settings/propagation", &[("value", value)]);
    let shown = live.control("GET", "/worlds/default/propagation", "").1;
    assert_eq!(shown["key.active"], json!({"after": "5s"}));
    let _ =
        browser.submit(&page, "/_alimock/settings/account-rules", &[("value", "{captchaRequired: true}")]);
    assert_eq!(live.control("GET", "/worlds/default/account-rules", "").1["captchaRequired"], true);
    // What a page shows can be saved as it is.
    let page = browser.get("/_alimock/settings");
    for name in ["permissions", "propagation", "session-expiry", "gates", "account-rules", "stubs"] {
        let text = page.text(&format!("value-{name}"));
        let saved = browser.submit(&page, &format!("/_alimock/settings/{name}"), &[("value", &text)]);
        assert_eq!((saved.status, saved.has("done")), (200, true), "{name}: {text}: {}", saved.body);
    }
}

#[test]
fn a_wrong_setting_is_shown_again_with_its_place_and_changes_nothing() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/settings");
    for (name, value, why) in [
        ("permissions", "mode: off", "line 1 column 7"),
        ("gates", "gates: [{product: Ramm}]", "Ramm"),
        ("account-rules", "passwordMin: 30", "passwordMin"),
        ("propagation", "key.activ: now", "key.active"),
        ("stubs", "stubs: [", "line 1"),
    ] {
        let path = format!("/worlds/default/{name}");
        let before = live.control("GET", &path, "");
        let wrong = browser.submit(&page, &format!("/_alimock/settings/{name}"), &[("value", value)]);
        assert_eq!(wrong.status, 422, "{name}");
        assert!(wrong.text("error").contains(why), "{name}: {}", wrong.text("error"));
        assert_eq!(wrong.text(&format!("value-{name}")).trim(), value);
        assert_eq!(live.control("GET", &path, ""), before, "{name}");
    }
    assert_eq!(browser.submit(&page, "/_alimock/settings/none", &[("value", "")]).status, 404);
}

#[test]
fn settings_that_only_the_start_sets_are_shown_with_their_flag() {
    let rules = alimock::gateway::Rules { window_v3_millis: 90_000, ..Default::default() };
    let live = Live::configured(alimock::Scenario::default_seed(), Config { rules, ..Config::default() });
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/settings");
    assert!(
        row(&page, "flag--window-v3").contains("<code>1m30s</code>"),
        "{}",
        row(&page, "flag--window-v3")
    );
    assert!(row(&page, "flag--unsigned-headers").contains("<code>refuse</code>"));
    assert!(row(&page, "flag--control-token").contains("<code>none</code>"));
    assert!(row(&page, "quota-keysPerUser").contains("data-testid=\"value\">2<"));
    page.assert_shows(200, "world-seed", "42");
    // Each is a flag of the program.
    let flags = page.body.split("data-testid=\"flag").skip(1).map(|rest| rest.split('"').next().unwrap());
    let help = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cli.md")).unwrap();
    let flags: Vec<_> = flags.collect();
    assert_eq!(flags.len(), 12);
    assert!(flags.iter().all(|flag| help.contains(*flag)), "{flags:?}");
}
