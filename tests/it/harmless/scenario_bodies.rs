//! A scenario costs what it is long: whatever is wrong with it, however its parts name each other.

use crate::support::live::Live;
use alimock::Scenario;
use alimock::scenario::NotAScenario;
use std::sync::mpsc;
use std::time::Duration;

/// Bodies of requests are no longer.
const BODY: usize = 1 << 20;

/// Reads a text. Many times what it takes is waited for: work that grows with the square of a text takes minutes or hours.
#[track_caller]
fn parse_within_a_minute(text: String) -> Result<Scenario, NotAScenario> {
    assert!(text.len() <= BODY, "{} bytes are no body", text.len());
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || drop(done.send(Scenario::parse(&text))));
    wait.recv_timeout(Duration::from_secs(60)).expect("it is read within a minute")
}

#[track_caller]
fn parse_error(text: String) -> NotAScenario {
    parse_within_a_minute(text).expect_err("it is refused")
}

/// As many of these as a body has room for.
fn fill_body(start: &str, one: impl Fn(usize) -> String) -> String {
    let mut text = start.to_owned();
    let mut number = 0;
    loop {
        let next = one(number);
        if text.len() + next.len() > BODY - 100 {
            return text;
        }
        text += &next;
        number += 1;
    }
}

#[track_caller]
fn assert_hundred_problems(text: String) {
    let start: String = text.chars().take(100).collect();
    let error = parse_error(text);

    assert_eq!(error.problems().len(), 100, "{start}");
    assert_eq!(error.brief().last().unwrap(), "and more", "{start}");
    let shown = error.shown(None, false);
    assert!(shown.ends_with("\n\n100 problems in the text, and more"), "{start}");
    assert!(shown.len() < 300_000, "{start}: {} bytes", shown.len());
}

#[test]
fn the_first_hundred_mistakes_are_told_whatever_they_are() {
    let accounts = "accounts:\n";
    let of_demo = "accounts:\n- name: demo\n";
    for text in [
        fill_body(accounts, |n| format!("- {{name: a{n}, nam: x}}\n")),
        fill_body(accounts, |n| format!("- {{name: a{n}, uid: 5}}\n")),
        fill_body(accounts, |n| format!("- {{name: a{n}, uid: 1234567890123456}}\n")),
        fill_body(accounts, |n| format!("- {{name: a{n}, partner: b{n}}}\n")),
        fill_body(accounts, |_| "- {name: a}\n".to_owned()),
        fill_body("", |n| format!("f{n}: x\n")),
        fill_body("", |_| "seed: 1\n".to_owned()),
        fill_body(&format!("{of_demo}  users:\n"), |n| format!("  - {{name: u{n}, policies: [P{n}]}}\n")),
        fill_body(&format!("{of_demo}  users:\n"), |_| "  - {name: u}\n".to_owned()),
        fill_body("stubs:\n", |n| format!("- {{product: Alidns, action: A{n}, body: {{a: '${{nope}}'}}}}\n")),
        fill_body("stubs: [{product: Alidns, action: A, body: '", |n| format!("${{x{n}}}")) + "'}]",
        fill_body("faults:\n", |n| {
            format!("- {{match: {{product: Ram, action: A{n}}}, do: {{delay: 1s}}}}\n")
        }),
        fill_body("faults:\n", |n| format!("- {{match: {{account: b{n}}}, do: {{delay: 1s}}}}\n")),
        fill_body("gates:\n", |n| format!("- {{product: Ecs, region: r{n}, require: [VERIFIED]}}\n")),
        fill_body("timeline:\n", |_| "- {at: x, do: {setState: {status: DISABLED}}}\n".to_owned()),
        fill_body("expect:\n", |n| format!("- {{calls: {{account: demo{n}}}, atLeast: 1}}\n")),
        fill_body("expect: [{order: [", |_| "{account: x},".to_owned()) + "]}]",
        fill_body("accounts: [", |n| format!("{{name: a{n}, nam: x}}, ")) + "]",
    ] {
        assert_hundred_problems(text);
    }
}

#[test]
fn a_hundred_mistakes_are_listed_and_more_are_only_mentioned() {
    let bad = |count: usize| (0..count).map(|n| format!("- {{name: a{n}, nam: x}}\n")).collect::<String>();
    let of = |count| parse_error(format!("accounts:\n{}", bad(count)));

    assert_eq!(of(100).brief().len(), 100);
    assert!(of(100).shown(None, false).ends_with("100 problems in the text"));
    assert_eq!(of(101).brief()[100], "and more");
}

#[test]
fn large_valid_scenarios_are_accepted() {
    let of_demo = "accounts:\n- name: demo\n";
    for text in [
        fill_body("accounts:\n", |n| format!("- {{name: a{n}}}\n")),
        fill_body(&format!("{of_demo}  details:\n"), |n| format!("    f{n}: x\n")),
        fill_body(&format!("{of_demo}  buckets:\n"), |n| format!("  - {{name: bucket{n}}}\n")),
        fill_body("accounts: [{name: demo}]\nfaults:\n", |n| {
            format!("- {{name: r{n}, match: {{account: demo, action: ListUsers}}, do: {{delay: 1s}}}}\n")
        }),
        fill_body("accounts: [{name: demo}]\ntimeline:\n", |n| {
            format!("- {{at: +{n}s, do: {{setState: {{account: demo, status: DISABLED}}}}}}\n")
        }),
        fill_body("stubs: [{product: New, version: '2020-01-01', action: A, body: {", |n| {
            format!("f{n}: x, ")
        }) + "}}]",
    ] {
        parse_within_a_minute(text).unwrap();
    }
}

#[test]
fn a_mistake_after_lines_that_end_in_a_carriage_return_is_told_with_its_line() {
    let error = parse_error("seed: 1\raccounts:\r\n- name: a\r  nam: x\n".to_owned());

    assert_eq!(error.problems()[0].place.line, 4);
    assert!(error.shown(None, false).contains("\n4 |   nam: x\n"), "{error}");
}

#[test]
fn a_text_of_a_stub_may_end_in_a_dollar_sign() {
    for text in ["$", "5 $", "$$", "${now}$"] {
        parse_within_a_minute(format!(
            "stubs: [{{product: New, version: '2020-01-01', action: A, body: {{price: '{text}'}}}}]"
        ))
        .unwrap();
    }
}

#[test]
fn yaml_aliases_may_expand_only_to_a_limited_size() {
    let long = format!("a: &a '{}'\nb: [{}]", "x".repeat(500_000), "*a, ".repeat(1_000));
    let error = parse_error(long);
    assert_eq!(
        error.problems()[0].message,
        "anchors and aliases stand for more than 100000 values or 4194304 bytes in all"
    );

    let mut levels = "a0: &a0 [x, x]\n".to_owned();
    for n in 1..40 {
        levels += &format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1);
    }
    assert!(parse_error(levels).problems()[0].message.contains("more than 100000 values"));

    let merged = fill_body("stubs: [{product: New, version: '2020-01-01', action: A, body: {a: &a {", |n| {
        if n < 20_000 { format!("f{n}: x, ") } else { " ".repeat(1000) }
    });
    parse_within_a_minute(merged + "}, b: {<<: *a, f1: y}}}]").unwrap();
}

#[test]
fn nesting_is_limited() {
    let deep = |levels: usize| {
        let body = format!("{}1{}", "{a: ".repeat(levels), "}".repeat(levels));
        format!("stubs: [{{product: New, version: '2020-01-01', action: A, body: {body}}}]")
    };

    parse_within_a_minute(deep(61)).unwrap();
    for text in [deep(62), deep(100_000), "[".repeat(BODY), "- ".repeat(BODY / 2), "{a: ".repeat(BODY / 4)] {
        let error = parse_error(text);
        assert_eq!(
            error.problems()[0].message,
            "lists and mappings stand more than 64 levels deep in each other"
        );
    }
}

#[test]
fn a_word_as_long_as_the_body_is_not_repeated_to_its_reader() {
    let long = "s".repeat(BODY - 200);
    for text in [
        format!("accounts: [{{name: {long}}}]"),
        format!("accounts: [{{name: demo, site: {long}}}]"),
        format!("accounts: [{{name: demo, email: {long}}}]"),
        format!("accounts: [{{name: demo, {long}: 1}}]"),
        format!("accounts: [{{name: demo, users: [{{name: u, policies: [{long}]}}]}}]"),
        format!("faults: [{{match: {{product: Ram, action: {long}}}, do: {{delay: 1s}}}}]"),
        format!("faults: [{{match: {{account: {long}}}, do: {{delay: 1s}}}}]"),
        format!("faults: [{{match: {{product: {long}}}, do: {{delay: 1s}}}}]"),
        format!("faults: [{{match: {{action: ListUsers}}, do: {{error: {{code: {long}}}}}}}]"),
        format!("as: {long}\naccounts: [{{name: demo}}]"),
        format!("a: *{long}"),
    ] {
        let start: String = text.chars().take(60).collect();
        let error = parse_error(text);

        assert!(error.problems().iter().all(|problem| problem.message.len() < 2_100), "{start}");
        assert!(error.shown(None, false).len() < 5_000, "{start}");
    }
}

#[test]
fn a_list_below_a_long_name_does_not_repeat_it() {
    let name = "n".repeat(1024);
    let list = |name: &str| {
        fill_body(
            &format!("stubs: [{{product: New, version: '2020-01-01', action: A, body: {{{name}: ["),
            |_| "a,".to_owned(),
        ) + "]}}]"
    };

    parse_within_a_minute(list(&name)).unwrap();
    let why = &parse_error(list(&(name + "n"))).problems()[0].message.clone();
    assert_eq!(why, "the name of a field has 1025 bytes: 1024 at most");
}

#[test]
fn the_work_of_each_change_is_bounded() {
    let of_demo = |what: &str, one: &str, count: usize| {
        format!(
            "quotas: {{keysPerAccount: 99999}}\naccounts: [{{name: demo, {what}: [{}]}}]",
            format!("{one},").repeat(count)
        )
    };
    let why = |text| parse_error(text).problems()[0].message.clone();

    parse_within_a_minute(of_demo("keys", "{}", 1000)).unwrap();
    assert_eq!(why(of_demo("keys", "{}", 1001)), "there are 1001 keys: one owner has 1000 at most");
    let instance = "{product: ecs}";
    assert_eq!(
        why(of_demo("instances", instance, 10_001)),
        "there are 10001 instances: an account has 10000 at most"
    );
    let roles: String = (0..101).map(|n| format!("r{n},")).collect();
    assert_eq!(
        why(format!("accounts: [{{name: demo}}]\ninstance: {{roles: [{roles}]}}")),
        "an instance has 100 roles at most"
    );
}

#[test]
fn the_control_api_answers_a_hostile_scenario_and_goes_on() {
    let live = Live::start();
    let aliases = format!("a: &a '{}'\nb: [{}]", "x".repeat(500_000), "*a, ".repeat(20_000));
    let mistakes = fill_body("accounts:\n", |n| format!("- {{name: a{n}, nam: x}}\n"));

    for (body, told) in [(aliases, "4194304 bytes"), (mistakes, "100 problems in the text, and more")] {
        let (status, answer) = live.control("POST", "/worlds?name=hostile", &body);
        assert_eq!((status, answer["error"]["code"].as_str()), (400, Some("invalid_scenario")));
        assert!(answer["error"]["message"].as_str().unwrap().contains(told), "{answer}");
        assert_eq!(live.control("GET", "/health", "").0, 200);
    }
    assert_eq!(live.control("GET", "/worlds/hostile", "").0, 404);
}

#[test]
fn the_control_api_tells_the_first_hundred_mistakes_of_a_part() {
    let live = Live::start();
    let bodies = [
        (
            "PUT",
            "stubs",
            fill_body("stubs:\n", |n| format!("- {{product: Alidns, action: A{n}, body: '${{x}}'}}\n")),
        ),
        (
            "PUT",
            "gates",
            fill_body("gates:\n", |n| format!("- {{product: Ecs, region: r{n}, require: [VERIFIED]}}\n")),
        ),
        (
            "POST",
            "verify",
            fill_body("expect:\n", |n| format!("- {{calls: {{account: demo{n}}}, atLeast: 1}}\n")),
        ),
        ("POST", "verify", fill_body("expect: [{order: [", |_| "{account: x},".to_owned()) + "]}]"),
    ];
    for (method, path, body) in bodies {
        let (status, answer) = live.control(method, &format!("/worlds/default/{path}"), &body);
        assert_eq!(status, 400, "{path}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(
            message.ends_with("100 problems in the text, and more"),
            "{path}: {}",
            &message[message.len() - 200..]
        );
    }
}
