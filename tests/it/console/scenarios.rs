//! The scenario of a world on its page: problems in place, loading, a new world, expectations, the gallery, worlds.

use crate::console::browser::{Browser, Page};
use crate::console::{live_with, live_with_shop};
use crate::new_worlds::call;
use crate::support::live::Live;
use alimock::Scenario;
use serde_json::{Value, json};

const PAGE: &str = "/_alimock/scenario";
const GOOD: &str = "# Shows one user.\nclock: {gateway: '2026-11-22T08:00:00Z'}\naccounts:\n- name: solo\n  keys: [{}]\n  users: [{name: ann}]\n\
                    expect:\n- {name: users are listed, calls: {action: ListUsers}, times: 1}\n";
const BAD: &str = "accounts:\n- nam: solo\n  users: [{name: 'a b'}]\n";

/// The text in the editor.
fn text(page: &Page) -> String {
    page.text("scenario-text").trim_start_matches('\n').to_owned()
}

fn submit(browser: &mut Browser, to: &str, values: &[(&str, &str)]) -> Page {
    let page = browser.get(PAGE);
    browser.submit(&page, &format!("/_alimock{to}"), values)
}

#[test]
fn the_page_shows_the_scenario_as_it_was_loaded_with_its_comments() {
    let live = Live::with_scenario(Scenario::parse(GOOD).unwrap());
    let mut browser = Browser::of(&live);

    let page = browser.get(PAGE);

    assert_eq!(text(&page), GOOD);
    page.assert_shows(200, "purpose", "Shows one user.");
    page.assert_shows(200, "expectation-state", "Not met");
    page.assert_shows(200, "expectation-found", "0 found");
    assert!(!page.has("problems") && !page.has("no-problems"), "nobody asked for a check");
}

#[test]
fn each_problem_is_shown_with_its_place_and_marked_in_a_copy_of_the_text() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);

    let page = submit(&mut browser, "/scenario/check", &[("text", &BAD.replace('\n', "\r\n"))]);

    assert_eq!((page.status, text(&page)), (422, BAD.to_owned()));
    let expected = Scenario::parse(BAD).unwrap_err();
    page.assert_shows(422, "problem-count", &expected.problems().len().to_string());
    assert!(expected.problems().len() >= 2);
    for problem in expected.problems() {
        let place = format!("Line {}, column {}", problem.place.line, problem.place.column);
        assert!(page.body.contains(&place), "{place}: {}", page.body);
    }
    assert!(page.body.contains("- <mark data-testid=\"mark\">nam</mark>: solo"), "{}", page.body);
    assert!(page.body.contains("href=\"#line-2\"") && page.body.contains("id=\"line-2\""), "{}", page.body);
    let many = format!("accounts: [{}]", "{nam: x}, ".repeat(150));
    submit(&mut browser, "/scenario/check", &[("text", &many)]).assert_shows(422, "problem-count", "100+");
    let good = submit(&mut browser, "/scenario/check", &[("text", GOOD)]);
    good.assert_shows(200, "no-problems", "No problem was found.");
    assert!(!good.has("problem"));
}

#[test]
fn scripts_get_the_problems_alone_and_a_check_changes_nothing() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let before = live.control("GET", "/worlds/default", "");

    let bad = submit(&mut browser, "/scenario/check?part=1", &[("text", BAD)]);
    let good = submit(&mut browser, "/scenario/check?part=1", &[("text", GOOD)]);

    assert!(bad.has("problem") && bad.has("marked-copy") && !bad.body.contains("<html"), "{}", bad.body);
    assert!(good.has("no-problems") && !good.body.contains("<html"), "{}", good.body);
    assert_eq!(live.control("GET", "/worlds/default", ""), before);
}

#[test]
fn problems_have_a_chinese_frame() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    browser.language = "zh";
    let page = submit(&mut browser, "/scenario/check", &[("text", BAD)]);
    assert!(page.body.contains("行 2, 列 3"), "{}", page.body);
    assert!(page.body.contains("unknown field `nam`"), "messages of the checker are English: {}", page.body);
}

#[test]
fn a_scenario_is_loaded_into_this_world() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);

    let page = submit(&mut browser, "/scenario/load", &[("text", GOOD)]);

    page.assert_shows(200, "done", "The scenario was loaded into this world.");
    assert_eq!(text(&page), GOOD);
    assert_eq!(live.control("GET", "/worlds/default", "").1["accounts"][0]["name"], "solo");
    for (text, id) in [(BAD, "problems"), ("seed: 7", "error")] {
        let page = submit(&mut browser, "/scenario/load", &[("text", text)]);
        assert_eq!((page.status, page.has(id)), (422, true), "{}", page.body);
        assert_eq!(live.control("GET", "/worlds/default", "").1["accounts"][0]["name"], "solo");
    }
}

#[test]
fn a_scenario_runs_in_a_new_world_whose_expectation_turns_green() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);

    let page = submit(&mut browser, "/scenario/run", &[("text", GOOD), ("name", "mine")]);

    page.assert_shows(200, "done", "The world was created.");
    page.assert_shows(200, "world", "World: mine");
    browser.get("/_alimock/scenario?world=mine").assert_shows(200, "expectation-state", "Not met");
    let world = live.control("GET", "/worlds/mine", "").1;
    assert_eq!(list(&live, &world), json!("ann"));
    let page = browser.get("/_alimock/scenario?world=mine");
    page.assert_shows(200, "expectation-state", "Met");
    page.assert_shows(200, "expectation-found", "1 found");
    for (values, id) in [
        ([("text", GOOD), ("name", "MINE")], "error"),
        ([("text", GOOD), ("name", "a b")], "error"),
        ([("text", BAD), ("name", "other")], "problems"),
    ] {
        let page = submit(&mut browser, "/scenario/run", &values);
        assert_eq!((page.status, page.has(id)), (422, true), "{values:?}: {}", page.body);
        assert!(page.body.contains(&format!("value=\"{}\"", values[1].1)), "{}", page.body);
    }
    assert_eq!(live.control("GET", "/worlds", "").1["worlds"].as_array().unwrap().len(), 2);
}

/// Lists the users with the credentials of a world; gives the name of the first.
fn list(live: &Live, world: &Value) -> Value {
    let answer = call(live, &world["env"], "2015-05-01", "ListUsers");
    answer["Users"]["User"][0]["UserName"].clone()
}

#[test]
fn a_file_is_opened_in_the_editor_and_the_world_is_saved_as_one() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let csrf = browser.get(PAGE).csrf();
    let mut open = |content: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\nContent-Disposition: \
             form-data; name=\"file\"; filename=\"x.yaml\"\r\nContent-Type: application/yaml\r\n\r\n{content}\r\n--b--\r\n"
        );
        let kind = "Content-Type: multipart/form-data; boundary=b\r\n";
        browser.send("POST", "/_alimock/scenario/open", kind, &body)
    };
    let (good, bad) = (open(GOOD), open(BAD));
    assert_eq!((good.status, text(&good), good.has("no-problems")), (200, GOOD.to_owned(), true));
    assert_eq!((text(&bad), bad.has("problem")), (BAD.to_owned(), true));

    let file = browser.get("/_alimock/scenario/export");

    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"default.yaml\""));
    assert_eq!(file.header("content-type"), Some("application/yaml"));
    assert!(file.body.contains("name: shop"), "{}", file.body);
    Scenario::parse(&file.body).unwrap();
}

#[test]
fn the_gallery_has_every_scenario_by_page_and_by_word() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let gallery = "/_alimock/scenario/gallery";
    let all = alimock::scenario::library::ALL;
    let mut names = Vec::new();
    let mut address = gallery.to_owned();
    loop {
        let page = browser.get(&address);
        page.assert_shows(200, "gallery-count", &format!("Scenarios: {}", all.len()));
        let on_page = page.body.split("data-testid=\"ready-").skip(1);
        names.extend(on_page.map(|rest| rest.split('"').next().unwrap().to_owned()));
        let Some((before, _)) = page.body.split_once("data-testid=\"next\"") else { break };
        address = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&");
    }
    assert_eq!(names, all.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let found = browser.get(&format!("{gallery}?q=LEAKED+key&part=1"));
    assert!(found.has("ready-key-leaked") && !found.has("ready-arrears"), "{}", found.body);
    assert!(!found.body.contains("<html"));
    browser.get(&format!("{gallery}?q=no-such-word&page=99")).assert_shows(
        200,
        "gallery-count",
        "Scenarios: 0",
    );

    let editor = browser.get("/_alimock/scenario?from=key-leaked");

    assert_eq!(text(&editor), alimock::scenario::library::named("key-leaked").unwrap());
    assert_eq!(browser.get("/_alimock/scenario?from=none").status, 404);
    let page = browser.get(gallery);
    let run = browser.submit(&page, "/_alimock/scenario/run", &[("from", "arrears")]);
    run.assert_shows(200, "world", "World: w1");
    assert_eq!(browser.submit(&page, "/_alimock/scenario/run", &[("from", "none")]).status, 404);
}

#[test]
fn worlds_are_created_copied_reset_and_deleted_on_the_first_page() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let start = browser.get("/_alimock/");
    assert!(!start.has("delete-world"), "the world `default` always exists");
    let made = browser.submit(&start, "/_alimock/start/create", &[("name", "mine")]);
    made.assert_shows(200, "world", "World: mine");
    live.control("PATCH", "/worlds/mine/accounts/shop", r#"{"nickName": "changed"}"#);

    let copy = browser.submit(&made, "/_alimock/start/fork?world=mine", &[("name", "copy")]);

    copy.assert_shows(200, "done", "The world was copied.");
    copy.assert_shows(200, "world", "World: copy");
    let reset = browser.submit(&made, "/_alimock/start/reset?world=mine", &[]);
    reset.assert_shows(200, "done", "The world was reset.");
    let deleted = browser.submit(&reset, "/_alimock/start/delete?world=mine", &[]);
    deleted.assert_shows(200, "done", "The world was deleted.");
    deleted.assert_shows(200, "world", "World: default");
    assert_eq!(live.control("GET", "/worlds/mine", "").0, 404);
    for (to, name) in [("create", "copy"), ("fork", "a b"), ("delete", "")] {
        let page = browser.submit(&deleted, &format!("/_alimock/start/{to}"), &[("name", name)]);
        assert_eq!((page.status, page.has("error")), (422, true), "{to}: {}", page.body);
    }
    live.control("POST", "/worlds?name=port&listen=127.0.0.1:0", "{}");
    let page = browser.submit(&deleted, "/_alimock/start/delete?world=port", &[]);
    assert!(page.status == 422 && page.text("error").contains("its own port"), "{}", page.body);
    let worlds = live.control("GET", "/worlds", "").1;
    let names: Vec<_> = worlds["worlds"].as_array().unwrap().iter().map(|one| &one["world"]).collect();
    assert_eq!(names, ["copy", "default", "port"]);
}

#[test]
fn no_form_about_scenarios_and_views_works_without_its_token() {
    let live = live_with("expect: [{calls: {action: ListUsers}}]");
    live.control("POST", "/worlds/default/snapshots/one", "");
    let before = live.control("GET", "/worlds/default/export?format=json", "");
    let mut browser = Browser::of(&live);
    let _ = browser.get(PAGE);
    for to in [
        "/scenario/check",
        "/scenario/open",
        "/scenario/load",
        "/scenario/run",
        "/diff/take",
        "/diff/restore",
        "/diff/delete",
        "/settings/permissions",
        "/start/create",
        "/start/fork",
        "/start/reset",
        "/start/delete",
    ] {
        let body = "csrf=x&text=accounts%3A+%5B%5D&name=one&value=mode%3A+audit";
        assert_eq!(browser.send("POST", &format!("/_alimock{to}"), "", body).status, 403, "{to}");
    }
    assert_eq!(live.control("GET", "/worlds/default/export?format=json", ""), before);
    assert_eq!(live.control("GET", "/worlds/default/snapshots", "").1["snapshots"], json!(["one"]));
    assert_eq!(live.control("GET", "/worlds", "").1["worlds"].as_array().unwrap().len(), 1);
}
