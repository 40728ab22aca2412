//! Counters for monitoring, read as Prometheus reads them.

use crate::support::live::Live;
use alimock::Scenario;
use std::collections::BTreeMap;

/// A sample: name, labels, value.
type Sample = (String, BTreeMap<String, String>, f64);

/// Reads the text format 0.0.4; fails at the first line that is not as it must be.
#[track_caller]
fn read(text: &str) -> Vec<Sample> {
    let (mut samples, mut family, mut families) = (Vec::new(), None, Vec::new());
    assert!(text.ends_with('\n'), "the last line has no end");
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, says) = help.split_once(' ').unwrap();
            let kind = lines
                .next()
                .unwrap()
                .strip_prefix(&format!("# TYPE {name} "))
                .expect("a type after the help");
            assert!(["counter", "gauge"].contains(&kind) && !says.is_empty(), "{line}");
            assert_eq!(name.ends_with("_total"), kind == "counter", "{line}");
            assert!(!families.contains(&name), "{name} comes twice");
            families.push(name);
            family = Some(name);
            continue;
        }
        let name = family.expect("a family before its samples");
        let rest = line.strip_prefix(name).unwrap_or_else(|| panic!("`{line}` is none of {name}"));
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => labels(rest),
            None => (BTreeMap::new(), rest),
        };
        samples.push((name.to_owned(), labels, value.strip_prefix(' ').unwrap().parse().unwrap()));
    }
    samples
}

/// Labels up to the closing brace, and what follows it.
fn labels(mut rest: &str) -> (BTreeMap<String, String>, &str) {
    let mut labels = BTreeMap::new();
    loop {
        let (name, after) = rest.split_once("=\"").unwrap();
        let (mut value, mut characters) = (String::new(), after.char_indices());
        let end = loop {
            match characters.next().expect("a label ends") {
                (_, '\\') => value.push(match characters.next().unwrap().1 {
                    'n' => '\n',
                    other => other,
                }),
                (at, '"') => break at,
                (_, other) => value.push(other),
            }
        };
        labels.insert(name.to_owned(), value);
        rest = &after[end + 1..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return (labels, rest.strip_prefix('}').unwrap()),
        }
    }
}

fn read_metrics(live: &Live) -> String {
    let answer = live.send_bytes(b"GET /_alimock/metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains("content-type: text/plain; version=0.0.4"), "{head}");
    body.to_owned()
}

#[test]
fn requests_worlds_accounts_records_and_faults_are_counted() {
    const RULE: &str = "a \"rule\" with \\ and\na line";
    let live = Live::with_scenario(
        Scenario::parse(
            r#"
accounts: [{name: demo, keys: [{}]}]
faults:
  - {name: "a \"rule\" with \\ and\na line", match: {action: GetCallerIdentity}, when: {first: 1}, do: {error: {code: Throttling.User}}}
"#,
        )
        .unwrap(),
    );
    assert_eq!(live.control("POST", "/worlds", "").0, 201);
    for _ in 0..3 {
        let _ = live.post_form("Action=GetCallerIdentity&Version=2015-04-01&Format=JSON");
    }

    let samples = read(&read_metrics(&live));

    let value = |name: &str, wanted: &[(&str, &str)]| {
        let labels = wanted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        samples.iter().find(|sample| sample.0 == name && sample.1 == labels).map(|sample| sample.2)
    };
    let calls = |code| {
        value(
            "alimock_requests_total",
            &[("product", "Sts"), ("action", "GetCallerIdentity"), ("code", code)],
        )
    };
    let refused = (calls("Throttling.User"), calls("MissingAccessKeyId"));
    assert_eq!((refused, calls("OK")), ((Some(1.0), Some(2.0)), None));
    assert_eq!(value("alimock_worlds", &[]), Some(2.0));
    assert_eq!(value("alimock_accounts", &[]), Some(2.0));
    assert_eq!(value("alimock_journal_records", &[]), Some(3.0));
    assert_eq!(value("alimock_faults_struck", &[("rule", RULE)]), Some(1.0));
    assert_eq!(value("alimock_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), Some(1.0));
}

#[test]
fn request_counters_continue_when_a_world_is_reset_or_dropped() {
    let live = Live::start();
    let _ = live.post_form("Action=GetCallerIdentity&Version=2015-04-01&Format=JSON");
    let total = || -> f64 {
        let samples = read(&read_metrics(&live));
        samples.iter().filter(|sample| sample.0 == "alimock_requests_total").map(|sample| sample.2).sum()
    };
    assert!((total() - 1.0).abs() < 0.1);

    assert_eq!(live.control("POST", "/worlds/default/reset", "").0, 204);

    assert!((total() - 1.0).abs() < 0.1);
    assert_eq!(read_metrics(&live), read_metrics(&live));
}
