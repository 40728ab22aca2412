//! Pages for the author of tests: start, requests, rules, clocks, inbox, reviews.

use crate::console::browser::Browser;
use crate::console::{live_with, live_with_shop};
use crate::support::live::{Live, connect, send};
use crate::support::sign::{self, Call, Form};
use serde_json::{Value, json};
use std::io::{Read, Write};

/// Calls RAM with the first key of `shop`.
fn call(live: &Live, action: &str, secret: Option<&str>, nonce: &str) -> (u16, Value) {
    let shown = live.control("GET", "/worlds/default/accounts/shop", "").1;
    let key = &shown["keys"][0];
    let own = key["accessKeySecret"].as_str().unwrap();
    let call = Call {
        key: key["accessKeyId"].as_str().unwrap(),
        secret: secret.unwrap_or(own),
        action,
        nonce,
        ..super::owner::CALL
    };
    send(live.address, &sign::request(Form::RpcV1, &call))
}

#[test]
fn the_first_page_has_endpoint_credentials_snippets_worlds_and_requests() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    assert!(browser.get("/_alimock/").has("no-requests"));
    call(&live, "ListUsers", None, "1");
    let page = browser.get("/_alimock/");
    assert_eq!(page.text("endpoint"), format!("http://{}", live.address));
    let keys = live.control("GET", "/worlds/default/accounts/shop", "").1;
    let secret = keys["keys"][0]["accessKeySecret"].as_str().unwrap();
    for id in ["python", "node", "go", "java", "terraform", "cli"] {
        assert!(page.has(&format!("snippet-{id}")), "{id}");
    }
    assert!(page.body.matches(secret).count() >= 7, "in the table and in every snippet");
    assert!(page.body.contains("Ram ListUsers") && page.has("worlds"));
}

#[test]
fn a_rejected_request_shows_both_strings_to_sign_and_the_policies() {
    let live = live_with_shop();
    assert_eq!(call(&live, "ListUsers", Some("wrong"), "1").0, 400);
    let mut browser = Browser::of(&live);
    let list = browser.get("/_alimock/requests");
    assert!(list.body.contains("SignatureDoesNotMatch"), "{}", list.body);
    let id = live.control("GET", "/worlds/default/requests", "").1["requests"][0]["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = browser.get(&format!("/_alimock/requests/{id}"));
    page.assert_shows(200, "code", "SignatureDoesNotMatch");
    assert!(page.has("cause") && page.has("server-string"), "{}", page.body);
    assert_eq!(browser.get("/_alimock/requests/nosuch").status, 404);
}

#[test]
fn requests_are_filtered_and_a_part_of_the_page_is_given_to_scripts() {
    let live = live_with_shop();
    call(&live, "ListUsers", None, "1");
    call(&live, "ListRoles", None, "2");
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/requests?q=ram+LISTROLES");
    assert!(page.body.contains("Ram ListRoles") && !page.body.contains("Ram ListUsers"));
    let part = browser.get("/_alimock/requests?part=1&q=200");
    assert!(
        !part.body.contains("<html") && part.body.matches("data-testid=\"request\"").count() == 2,
        "{}",
        part.body
    );
}

#[test]
fn new_requests_arrive_as_rows_of_the_open_list() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/requests?q=listusers");
    let mark = "hx-sse:connect=\"";
    let at = page.body.find(mark).unwrap() + mark.len();
    let stream = page.body[at..].split('"').next().unwrap().replace("&#38;", "&");
    let mut open = connect(live.address);
    open.write_all(format!("GET {stream} HTTP/1.1\r\nHost: {}\r\n\r\n", live.address).as_bytes()).unwrap();

    call(&live, "ListRoles", None, "1");
    call(&live, "ListUsers", None, "2");

    let mut text = String::new();
    let mut bytes = [0; 4096];
    while !text.contains("</tr>") {
        let count = open.read(&mut bytes).unwrap();
        assert!(count > 0, "the stream ended: {text}");
        text += &String::from_utf8_lossy(&bytes[..count]);
    }
    assert!(text.contains("content-type: text/event-stream") && text.contains("id: 2\ndata: <tr"), "{text}");
    assert!(text.contains("Ram ListUsers") && !text.contains("ListRoles"), "{text}");
}

#[test]
fn a_rule_is_made_from_a_request_by_two_clicks_and_switched_off() {
    let live = live_with_shop();
    call(&live, "ListUsers", None, "1");
    let id = live.control("GET", "/worlds/default/requests", "").1["requests"][0]["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut browser = Browser::of(&live);
    assert!(browser.get(&format!("/_alimock/requests/{id}")).has("make-rule"));
    let form = browser.get(&format!("/_alimock/rules?from={id}"));
    let text = form.text("rule-text");
    let rule: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(rule["match"], json!({"product": "Ram", "action": "ListUsers"}));

    let added = browser.submit(&form, "/_alimock/rules", &[("rule", &text)]);

    added.assert_shows(200, "done", "The rule was added.");
    assert_eq!(call(&live, "ListUsers", None, "2").1["Code"], "Throttling.User");
    let list = browser.get("/_alimock/rules");
    list.assert_shows(200, "rule-struck", "Applied: 1");
    let rule = list
        .body
        .split("data-testid=\"rule-")
        .find_map(|rest| rest.split('"').next()?.parse::<u64>().ok())
        .unwrap();
    browser.submit(&list, &format!("/_alimock/rules/{rule}/switch"), &[]).assert_shows(
        200,
        "rule-state",
        "Disabled",
    );
    assert_eq!(call(&live, "ListUsers", None, "3").0, 200);
    assert!(browser.submit(&list, &format!("/_alimock/rules/{rule}/delete"), &[]).has("no-rules"));
    assert_eq!(browser.submit(&list, &format!("/_alimock/rules/{rule}/delete"), &[]).status, 404);
}

#[test]
fn a_rule_that_cannot_work_is_shown_again_with_its_mistakes() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let text = "match: {action: ListUsers}\ndo: {eror: {code: X}}";
    let page = browser.fill("/_alimock/rules", "/_alimock/rules", &[("rule", text)]);
    assert_eq!((page.status, page.text("rule-text")), (422, text.to_owned()));
    assert!(page.text("error").contains("eror"), "{}", page.body);
    assert!(browser.get("/_alimock/rules").has("no-rules"));
}

#[test]
fn clocks_advance_freeze_and_run() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/clocks");
    page.assert_shows(200, "resource-clock", "2026-11-23T08:00:00Z");
    let advance = "/_alimock/clocks/advance";
    browser.submit(&page, advance, &[("by", "1h")]).assert_shows(
        200,
        "resource-clock",
        "2026-11-23T09:00:00Z",
    );
    browser.submit(&page, advance, &[("other", "90m")]).assert_shows(
        200,
        "resource-clock",
        "2026-11-23T10:30:00Z",
    );
    for by in ["", "soon", "-1h", "9999999d"] {
        browser.submit(&page, advance, &[("other", by)]).assert_shows(
            422,
            "error",
            "Enter a span such as 90m, 12h or 3d.",
        );
    }
    let set = "/_alimock/clocks/set";
    let at = [("run", "frozen"), ("at", "2027-01-01T00:00:00Z")];
    let done = browser.submit(&page, set, &at);
    assert_eq!(
        (done.text("resource-clock"), done.text("gateway-clock")),
        ("2027-01-01T00:00:00Z".into(), "2027-01-01T00:00:00Z".into())
    );
    browser.submit(&page, set, &[("run", "frozen"), ("at", "noon")]).assert_shows(
        422,
        "error",
        "Enter a time such as 2026-12-01T08:00:00Z.",
    );
    assert_eq!(browser.submit(&page, set, &[("run", "real")]).status, 200);
    assert_eq!(live.control("GET", "/worlds/default/clock", "").1["resource"]["run"], "real");
}

#[test]
fn the_inbox_shows_codes_and_finds_them_by_recipient() {
    let live = live_with_shop();
    for to in ["a@example.com", "b@example.com"] {
        live.control("POST", "/worlds/default/captchas", &json!({"to": to}).to_string());
    }
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/inbox");
    assert_eq!(page.body.matches("data-testid=\"message-code\"").count(), 2);
    let page = browser.get("/_alimock/inbox?to=a%40example.com");
    let code =
        live.control("GET", "/worlds/default/outbox?to=a@example.com", "").1["messages"][0]["code"].clone();
    assert_eq!(
        (json!(page.text("message-code")), page.text("message-to")),
        (code, "a@example.com".to_owned())
    );
    let confirm = "/_alimock/inbox/confirm";
    let clocks = browser.get("/_alimock/clocks");
    let page = browser.submit(&clocks, confirm, &[("to", "a@example.com")]);
    page.assert_shows(422, "error", "No request with this number waits for confirmation.");
}

#[test]
fn a_list_of_many_accounts_and_requests_stays_short() {
    let accounts: String =
        (10..400).map(|n| format!("- {{name: a{n}, uid: 1000000000000{n:03}}}\n")).collect();
    let live = live_with(&accounts);
    let mut browser = Browser::of(&live);
    for path in ["/_alimock/", "/_alimock/console/login", "/_alimock/reviews"] {
        let page = browser.get(path);
        assert!(page.status == 200 && page.body.len() < 60_000, "{path}: {}", page.body.len());
    }
}

#[test]
fn a_page_weighs_little_with_all_its_files() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let files = ["console.css", "console.js", "htmx.min.js", "hx-sse.min.js", "icon.svg"];
    let of_files: usize =
        files.iter().map(|name| browser.get(&format!("/_alimock/assets/{name}")).body.len()).sum();
    // A page with as many requests as it shows, and the trace of one.
    for nonce in 0..120 {
        call(&live, "ListUsers", Some("wrong"), &nonce.to_string());
    }
    let id = live.control("GET", "/worlds/default/requests", "").1["requests"][0]["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    let trace = format!("/requests/{id}");
    for path in super::languages::PAGES.into_iter().chain([&*trace]) {
        let page = browser.get(&format!("/_alimock{path}"));
        assert!(
            page.status < 500 && page.body.len() + of_files <= 150_000,
            "{path}: {} and {of_files}",
            page.body.len()
        );
    }
}
