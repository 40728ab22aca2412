//! Failures on purpose that a socket shows: answers late, cut, slow or missing, and TLS handshakes that fail.

use crate::faults::SEED;
use crate::support::live::Live;
use alimock::Scenario;

#[test]
fn on_the_wire_an_answer_is_late_cut_slow_or_missing() {
    let live = Live::with_scenario(Scenario::parse(SEED).unwrap());
    let raw = |effect: &str| {
        assert_eq!(live.control("POST", "/worlds/default/faults", &format!(r#"{{"do": {effect}}}"#)).0, 201);
        let request = "POST /?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        let answer = live.send_bytes(request.as_bytes());
        assert_eq!(live.control("POST", "/worlds/default/reset", "").0, 204);
        answer
    };
    let body = |answer: &str| answer.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
    let whole = raw(r#"{"delay": "1ms"}"#);
    assert!(whole.starts_with("HTTP/1.1 400") && body(&whole) > 100, "{whole}");

    assert_eq!(raw(r#"{"before": "close"}"#), "");
    assert_eq!(raw(r#"{"afterCommit": "reset"}"#), "");
    let cut = raw(r#"{"answer": {"cut": 10}}"#);
    assert!(cut.contains(&format!("content-length: {}", body(&whole))) && body(&cut) == 10, "{cut}");
    assert_eq!(body(&raw(r#"{"answer": {"bytesPerSecond": 2000}}"#)), body(&whole));
    assert_eq!(body(&raw(r#"{"answer": {"body": ""}}"#)), 0);
}

#[test]
fn a_connection_that_hangs_does_not_keep_the_server_from_stopping() {
    use std::io::{Read, Write};
    let mut live = Live::with_scenario(Scenario::parse(SEED).unwrap());
    let rule = r#"{"match": {"product": "Sts"}, "do": {"before": "hang"}}"#;
    assert_eq!(live.control("POST", "/worlds/default/faults", rule).0, 201);
    let mut stream = live.connect();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
    stream
        .write_all(b"GET /?Action=AssumeRoleWithOIDC&Version=2015-04-01 HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    while live.control("GET", "/worlds/default/requests", "").1["written"] == 0 {}

    live.stop();

    assert_eq!(stream.read(&mut [0]).expect("the connection ends at once"), 0);
    live.join();
}

/// What curl makes of a TLS handshake with `host`: its exit code and what it says.
fn handshake(live: &Live, host: &str) -> (Option<i32>, String) {
    let port = live.address.port();
    let output = std::process::Command::new("curl")
        .args(["-sSk", "--noproxy", "*", "--resolve", &format!("{host}:{port}:127.0.0.1")])
        .arg(format!("https://{host}:{port}/"))
        .output()
        .expect("curl is there");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).to_lowercase())
}

#[test]
fn a_handshake_ends_by_an_alert_a_close_or_a_reset_for_the_hosts_that_a_rule_names() {
    let live = Live::with_scenario(Scenario::parse(SEED).unwrap());
    let rule = |ending: &str| {
        let text = format!(
            r#"{{"match": {{"host": "sts.*"}}, "when": {{"times": 1}}, "do": {{"tls": "{ending}"}}}}"#
        );
        let (status, rule) = live.control("POST", "/worlds/default/faults", &text);
        assert_eq!(status, 201, "{rule}");
    };
    for (ending, exit, word) in [("alert", 35, "alert"), ("close", 35, ""), ("reset", 35, "")] {
        rule(ending);
        // Other hosts are answered, as they are without any rule.
        let (code, said) = handshake(&live, "ram.aliyuncs.com");
        assert_eq!(code, Some(0), "{ending}: {said}");
        let (code, said) = handshake(&live, "sts.cn-shanghai.aliyuncs.com");
        assert!(code == Some(exit) && said.contains(word), "{ending}: {code:?} {said}");
    }
    let struck = live.control("GET", "/worlds/default/faults", "").1["faults"].clone();
    assert!(struck.as_array().unwrap().iter().all(|rule| rule["struck"] == 1), "{struck}");
    // Calls are not concerned.
    assert_eq!(live.post_form("Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON").0, 400);
}

#[test]
fn a_handshake_belongs_to_the_world_that_its_host_names() {
    let live = Live::with_scenario(Scenario::parse(SEED).unwrap());
    assert_eq!(live.control("POST", "/worlds?name=other", "accounts: [{name: other}]").0, 201);
    let rule = r#"{"do": {"tls": "alert"}}"#;
    assert_eq!(live.control("POST", "/worlds/other/faults", rule).0, 201);

    assert!(handshake(&live, "other.localhost").1.contains("alert"));
    assert!(!handshake(&live, "default.localhost").1.contains("alert"));
}

#[test]
fn bytes_that_only_begin_like_a_handshake_end_the_connection() {
    let live = Live::with_scenario(Scenario::parse(SEED).unwrap());

    for bytes in [&[0x16u8][..], &[0x16, 3, 1, 0, 4, 1, 2, 3, 4], &[0x16; 5000]] {
        assert!(!live.send_bytes(bytes).starts_with("HTTP/1.1 200"));
    }
    assert_eq!(live.control("GET", "/health", "").0, 200);
}

#[test]
fn a_rule_about_handshakes_can_match_only_host_and_client() {
    let error = Scenario::parse("faults: [{match: {action: GetUser}, do: {tls: alert}}]").unwrap_err();

    assert_eq!(error.brief(), ["line 1 column 11: of a handshake only `host` and `client` are known"]);
}
