//! What a newcomer is told: every mistake of a scenario file at once, each with its place, what is wrong and what to do.
//! The texts are what `alimock scenario check shop.yaml` prints.

mod many;
mod products;
mod single;
mod stubs;

use crate::support::live::Live;
use alimock::Scenario;
use alimock::scenario::library;
use assert_cmd::Command;
use many::MANY;
use proptest::prelude::*;
use serde_json::json;
use std::path::Path;

#[track_caller]
fn assert_message(text: &str, message: &str) {
    let error = Scenario::parse(text).expect_err("a mistake").shown(Some(Path::new("shop.yaml")), false);
    assert_eq!(error, message.strip_prefix('\n').unwrap_or(message), "\n{error}\n");
}

#[test]
fn all_mistakes_of_a_file_are_printed_and_nothing_of_it_runs() {
    let folder = std::env::temp_dir().join(format!("alimock-messages-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("shop.yaml"), MANY).unwrap();
    let run = |arguments: &[&str]| {
        let mut alimock = Command::new(env!("CARGO_BIN_EXE_alimock"));
        let output = alimock.current_dir(&folder).args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let told = Scenario::parse(MANY).unwrap_err().shown(Some(Path::new("shop.yaml")), false) + "\n";

    assert_eq!(run(&["scenario", "check", "shop.yaml"]), (Some(2), String::new(), told.clone()));
    assert_eq!(run(&["run", "--scenario", "shop.yaml", "--", "echo", "ran"]), (Some(2), String::new(), told));
    let (code, template, _) = run(&["scenario", "new"]);
    assert_eq!(code, Some(0));
    assert!(template.starts_with("# yaml-language-server: $schema=alimock.schema.json\n"), "{template}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_terminal_is_shown_colours() {
    let shown = Scenario::parse("sead: 1\n").unwrap_err().shown(None, true);

    assert_eq!(
        shown,
        "\x1b[1;31merror:\x1b[0m \x1b[1mline 1 column 1: unknown field `sead`, did you mean `seed`?\x1b[0m\n \
         \x1b[1;34m-->\x1b[0m 1:1\n  \x1b[1;34m|\x1b[0m\n\x1b[1;34m1 |\x1b[0m sead: 1\n  \x1b[1;34m|\x1b[0m \
         \x1b[1;31m^^^^\x1b[0m"
    );
}

#[test]
fn the_control_api_gives_the_same_messages_for_scenarios_rules_and_expectations() {
    let live = Live::start();
    let refused = |method: &str, path: &str, body: &str| {
        let (status, answer) = live.control(method, path, body);
        let text = |name: &str| answer["error"][name].as_str().unwrap_or_default().to_owned();
        (status, text("code"), text("message"))
    };

    let scenario = refused("POST", "/worlds", "sead: 1\n");
    let rule =
        refused("POST", "/worlds/default/faults", r#"{"match": {"product": "Ram", "acton": "ListUsers"}}"#);
    let flaw = refused(
        "POST",
        "/worlds/default/faults",
        r#"{"match": {"product": "Ram", "action": "ListUser", "account": "nobody"}, "do": {"delay": "2s"}}"#,
    );
    let both = r#"{"match": {"product": "Rma"}, "do": {"delay": 2}}"#;
    let both = refused("POST", "/worlds/default/faults", both);
    let expectation = refused(
        "POST",
        "/worlds/default/verify",
        &json!({"expect": [{"calls": {"product": "Rma"}}]}).to_string(),
    );

    let told = Scenario::parse("sead: 1\n").unwrap_err().to_string();
    assert_eq!(scenario, (400, "invalid_scenario".to_owned(), told));
    assert_eq!((rule.0, rule.1.as_str()), (400, "invalid_body"));
    assert_eq!(
        rule.2,
        r#"error: line 1 column 1: a rule lacks the field `do`
 --> 1:1
  |
1 | {"match": {"product": "Ram", "acton": "ListUsers"}}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

error: line 1 column 30: unknown field `acton`, did you mean `action`?
 --> 1:30
  |
1 | {"match": {"product": "Ram", "acton": "ListUsers"}}
  |                              ^^^^^^^

2 problems in the text"#
    );
    assert_eq!((flaw.0, flaw.1.as_str()), (400, "invalid_fault"));
    assert!(flaw.2.contains("`Ram` has no action `ListUser`, did you mean `ListUsers`?"), "{}", flaw.2);
    assert!(flaw.2.contains("`nobody` is neither an account by name nor a UID"), "{}", flaw.2);
    assert_eq!((both.0, both.1.as_str()), (400, "invalid_body"));
    assert!(
        both.2.contains("`2` is not a span") && both.2.contains("there is no product `Rma`"),
        "{}",
        both.2
    );
    assert_eq!((expectation.0, expectation.1.as_str()), (400, "invalid_expectation"));
    assert!(expectation.2.contains("there is no product `Rma`, did you mean `Ram`?"), "{}", expectation.2);
}

#[test]
fn json_of_any_layout_is_read() {
    let tabs = "{\n\t\"seed\": 7,\n\t\"accounts\": [\n\t\t{\"name\": \"shop\", \"details\": {\"NickName\": \"\\u00e9\\ud83d\\ude00\\/\"}}\n\t]\n}\n";

    Scenario::parse(tabs).unwrap();

    let wide = format!("{{\"accounts\": [{}]}}", "{\"name\": \"shop\"}, ".repeat(40) + "{\"nam\": \"shop\"}");
    let shown = Scenario::parse(&wide).unwrap_err().to_string();
    assert!(shown.lines().all(|line| line.len() < 200), "{shown}");
}

/// Whatever a client may bring about later is no mistake.
#[test]
fn valid_scenarios_are_accepted() {
    for good in [
        "faults: [{match: {user: made-later, role: later, session: s, key: LTAI5tLater00}, do: {delay: 1s}}]",
        "faults: [{match: {account: 1234567890123456}, do: {delay: 1s}}]",
        "faults: [{match: {product: ram, action: 'List*'}, do: {delay: 1s}}]",
        "faults: [{match: {product: Ecs, action: RunInstances}, do: {delay: 1s}}]",
        "faults: [{match: {action: DescribeInstances}, do: {delay: 1s}}]",
        "faults: [{match: {action: '*'}, do: {delay: 1s}}]",
        "faults: [{match: {version: 2017-04-30, action: ListUsers}, do: {delay: 1s}}]",
        "expect: [{calls: {product: 'R*', action: '*User'}, times: 0}]",
        "accounts: [{name: a}]\ntimeline: [{at: 1h, do: {disableKey: {user: later}}}, {at: 1h, do: {setState: {account: 1234567890123456}}}]",
        "clock: {resource: '2026-01-01T00:00:00Z'}\nfaults: [{when: {between: ['2025-01-01T00:00:00Z', +1s]}, do: {delay: 1s}}]",
        "faults: [{match: {product: Alidns, action: AddDomain}, do: {delay: 1s}}]",
        "faults: [{match: {product: Ecd}, do: {delay: 1s}}]\nstubs: [{product: Ecd, version: 2020-09-30, action: DescribeDesktops}]",
        "expect: [{calls: {product: Ecd}, times: 0}]\nstubs: [{product: Ecd, version: 2020-09-30, action: 'Describe*'}]",
        "stubs: [{product: Emr, version: 2021-03-20, action: ListClusters}]",
        "stubs: [{product: alidns, action: '*', body: [a, 1, {b: '$${anything}'}]}]",
        "stubs: [{product: Vpc, action: 'List*'}, {product: Ecs, action: 'Describe*'}]",
        "accounts:\nfaults:\nstubs:\n",
        "# nothing\n",
    ] {
        Scenario::parse(good).unwrap();
    }
}

proptest! {
    /// Whatever becomes of a good file, there is a message, and every line of it can be read.
    #[test]
    fn every_text_gets_a_readable_message(
        number in 0..library::ALL.len() + 1,
        places in proptest::collection::vec((0.0..1.0, "[a-z0-9 \t\n:{}\\[\\],'\"&*#|>?%@!~<-]{0,3}"), 1..4),
    ) {
        let mut text = library::ALL.get(number).map_or(MANY, |(_, text)| text).to_owned();
        for (share, odd) in places {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "any place will do")]
            let at = (text.len() as f64 * share) as usize;
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.insert_str(at, &odd);
        }
        if let Err(error) = Scenario::parse(&text) {
            let lines = text.lines().count().max(1);
            prop_assert!(error.problems().iter().all(|problem| (1..=lines).contains(&problem.place.line)), "{}", error);
            prop_assert!(error.shown(None, false).starts_with("error: line "), "{}", error);
        }
    }
}
