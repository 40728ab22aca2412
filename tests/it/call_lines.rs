//! What the server and `run` say about calls, on standard error and in a header.

use crate::access::{Served, scratch};
use crate::cli::alimock;
use crate::support::sign;
use crate::support::{Lab, live};
use rustix::process::Signal;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, Read};

const LISTEN: [&str; 2] = ["--listen", "127.0.0.1:0"];
const UNSIGNED: &str = "GetCallerIdentity";

/// Sends an unsigned call, and an anonymous one that is answered.
fn send(served: &Served, action: &str) -> String {
    let request = format!(
        "GET /?Action={action}&Version=2015-04-01&Format=JSON HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    );
    live::send_bytes(served.address(), request.as_bytes())
}

fn next_line(served: &mut Served) -> String {
    let mut line = String::new();
    served.said.read_line(&mut line).unwrap();
    line
}

#[test]
fn every_call_is_one_line_that_says_why_it_was_refused() {
    let mut served = Served::start(&LISTEN);
    let answer = send(&served, UNSIGNED);

    let line = next_line(&mut served);

    let body: Value = serde_json::from_str(answer.rsplit("\r\n\r\n").next().unwrap()).unwrap();
    let id = body["RequestId"].as_str().unwrap();
    assert_eq!(line.as_bytes()[2], b':', "{line}");
    let expected = format!(" 400 Sts.{UNSIGNED} - MissingAccessKeyId: ");
    assert!(line.contains(&expected) && line.ends_with(&format!(" ({id})\n")), "{line}");
}

#[test]
fn in_json_every_line_is_a_record_also_those_of_the_start() {
    let mut command = crate::access::program();
    command.args(["serve", "--log-format", "json"]).args(LISTEN);
    let mut served = Served::spawn(command);
    send(&served, UNSIGNED);
    let line = next_line(&mut served);
    assert_eq!(served.stop(Signal::TERM), Some(0));
    let mut rest = String::new();
    served.said.read_to_string(&mut rest).unwrap();

    for line in served.block.lines().chain(rest.lines()) {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    let call: Value = serde_json::from_str(&line).unwrap();
    let fields = &call["fields"];
    assert_eq!((&call["level"], &fields["status"]), (&"WARN".into(), &400.into()));
    assert_eq!(
        (&fields["operation"], &fields["code"]),
        (&format!("Sts.{UNSIGNED}").into(), &"MissingAccessKeyId".into())
    );
    assert!(
        fields["time"].is_string() && fields["requestId"].is_string() && fields["why"].is_string(),
        "{call}"
    );
}

#[test]
fn the_level_chooses_all_calls_refused_ones_or_none() {
    for (level, expected) in [("info", 2), ("warn", 1), ("off", 0)] {
        let folder = scratch(&format!("level-{level}"));
        let script = r#"curl -s "$ALIMOCK_ENDPOINT/?Action=GetCallerIdentity&Version=2015-04-01" > /dev/null
            alimock=$0; curl -s "$ALIMOCK_ENDPOINT/_alimock/worlds/default/requests" > /dev/null
            curl -s -X POST "$ALIMOCK_ENDPOINT/?Action=GetSessionAccessKey&Version=2015-04-01" > /dev/null; true"#;
        let done = alimock().args(["run", "--log", level, "sh", "-c", script]).output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        let lines = said.lines().filter(|line| line.contains(" Sts.")).count();
        let expected = if expected == 2 { 2 } else { expected * 2 };
        assert_eq!(lines, expected, "{level}: {said}");
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_run_ends_with_the_refused_calls_and_the_actions_that_nobody_runs() {
    let lab = Lab::new();
    let request = lab.root("demo").request("2016-04-28", "DescribeVpcs", &[]);
    let answer = lab.gateway.handle(&request, crate::support::CLIENT);
    assert_eq!(answer.status(), 404);
    let note = answer.headers()["x-alimock-note"].to_str().unwrap();
    assert!(note.starts_with("alimock does not run this action"), "{note}");
    let fine =
        lab.gateway.handle(&sign::unsigned("2015-04-01", UNSIGNED, &[], false), crate::support::CLIENT);
    assert!(fine.headers().get("x-alimock-note").is_none());

    let script = r#"curl -s "$ALIMOCK_ENDPOINT/?Action=GetCallerIdentity&Version=2015-04-01" > /dev/null"#;
    let done = alimock().args(["run", "--", "sh", "-c", script]).output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    let (head, line) = said.split_once('\n').unwrap();
    assert_eq!(head, "refused calls:");
    assert!(
        line.contains("400 Sts.GetCallerIdentity - MissingAccessKeyId: ") && !said.contains("covered:"),
        "{said}"
    );
    let done = alimock().args(["run", "--coverage", "--", "sh", "-c", script]).output().unwrap();
    assert!(String::from_utf8(done.stderr).unwrap().contains("covered: 1 of "));
}
