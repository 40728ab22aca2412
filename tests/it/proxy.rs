//! The forward proxy: hosts of Alibaba Cloud are answered here, everything else is refused, and nothing leaves.

use crate::support::live::Live;
use crate::support::tls::{client_trusting, exchange, tls_handshake};
use alimock::Scenario;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

const QUERY: &str = "/?Action=GetCallerIdentity&Version=2015-04-01&Format=JSON";

fn get_request(target: &str, host: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{host}Connection: close\r\n\r\n")
}

/// Asks for a tunnel: the head of the answer, and the connection.
fn open_tunnel(live: &Live, authority: &str) -> (String, TcpStream) {
    let mut stream = live.connect();
    stream
        .write_all(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n").as_bytes())
        .unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
        head.push(byte[0]);
    }
    (String::from_utf8(head).unwrap(), stream)
}

fn last_request(live: &Live) -> Value {
    let (_, page) = live.control("GET", "/worlds/default/requests", "");
    page["requests"].as_array().unwrap().last().unwrap().clone()
}

#[test]
fn a_proxied_request_for_an_alibaba_cloud_host_is_answered_by_alimock() {
    let live = Live::start();

    let target = format!("http://sts.cn-hangzhou.aliyuncs.com:80{QUERY}");
    for request in [
        get_request(&target, "Host: sts.cn-hangzhou.aliyuncs.com\r\n"),
        // Without a header, which HTTP/1.0 allows, the target names the host.
        get_request(&target, "").replace("HTTP/1.1", "HTTP/1.0"),
    ] {
        let answer = live.send_bytes(request.as_bytes());
        assert!(answer.contains(" 400 ") && answer.contains("MissingAccessKeyId"), "{answer}");
        assert_eq!(last_request(&live)["product"], "Sts");
        assert!(last_request(&live)["host"].as_str().unwrap().starts_with("sts.cn-hangzhou.aliyuncs.com"));
    }
    let own = format!("http://{}/_alimock/health", live.address);
    assert!(live.send_bytes(get_request(&own, "Host: localhost\r\n").as_bytes()).starts_with("HTTP/1.1 200"));
    let unknown = live
        .send_bytes(get_request("http://nosuch.aliyuncs.com/", "Host: nosuch.aliyuncs.com\r\n").as_bytes());
    assert!(unknown.contains("InvalidProduct.NotFound"), "{unknown}");
}

#[test]
fn a_tunnel_carries_tls_or_plain_http_and_ends_here() {
    let live = Live::start();
    let config = Arc::new(client_trusting(&live, &["http/1.1"]));

    let (head, stream) = open_tunnel(&live, "sts.aliyuncs.com:443");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let mut tls = tls_handshake(&config, "sts.aliyuncs.com", stream).unwrap();
    let answer = exchange(&mut tls, &get_request(QUERY, "Host: sts.aliyuncs.com\r\n"));
    assert!(answer.contains("MissingAccessKeyId") && answer.contains("sts.aliyuncs.com"), "{answer}");

    let (_, mut stream) = open_tunnel(&live, "ram.aliyuncs.com:80");
    let answer = exchange(&mut stream, &get_request("/?Version=1999-01-01", "Host: ram.aliyuncs.com\r\n"));
    assert!(answer.contains("InvalidVersion"), "{answer}");

    // What the client sends along with its request for a tunnel belongs into the tunnel.
    let inside = get_request(QUERY, "Host: sts.aliyuncs.com\r\n");
    let early = format!("CONNECT sts.aliyuncs.com:80 HTTP/1.1\r\nHost: a\r\n\r\n{inside}");
    let answer = exchange(&mut live.connect(), &early);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("MissingAccessKeyId"), "{answer}");
}

#[test]
fn the_proxy_itself_may_be_spoken_to_over_tls() {
    let live = Live::start();
    let config = Arc::new(client_trusting(&live, &["http/1.1"]));
    let mut outer = tls_handshake(&config, "127.0.0.1", live.connect()).unwrap();
    let (head, inside) = (
        "CONNECT sts.aliyuncs.com:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        get_request(QUERY, "Host: sts.aliyuncs.com\r\n"),
    );

    let answer = exchange(&mut outer, &format!("{head}{inside}"));

    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("MissingAccessKeyId"), "{answer}");
}

#[test]
fn every_other_host_is_refused_with_a_message_and_journaled() {
    let live = Live::start();
    let port = live.address.port();
    for (request, host) in [
        (get_request("http://example.com/secret", "Host: ram.aliyuncs.com\r\n"), "example.com"),
        (
            "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n"
                .to_owned(),
            "example.com",
        ),
        (get_request("http://ram.aliyuncs.com@example.com/", "Host: a\r\n"), "example.com"),
        (get_request("http://aliyuncs.com.example/", "Host: a\r\n"), "aliyuncs.com.example"),
        // Another server of this machine.
        (get_request(&format!("http://127.0.0.1:{}/", port ^ 1), "Host: a\r\n"), "127.0.0.1"),
    ] {
        let answer = live.send_bytes(request.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
        let text = format!(
            "`{host}` is not a host of Alibaba Cloud, and the alimock proxy forwards no requests; add it to NO_PROXY if the client may reach it"
        );
        assert!(head.starts_with(&format!("HTTP/1.1 403 {text}\r\n")), "{head}");
        assert!(head.contains(&format!("\r\nx-alimock-error: {text}\r\n")), "{head}");
        assert_eq!((&body["Code"], &body["Message"]), (&"Alimock.ForeignHost".into(), &text.into()));
        let record = last_request(&live);
        assert_eq!((&record["status"], &record["code"]), (&403.into(), &"Alimock.ForeignHost".into()));
    }
}

#[test]
fn a_tunnel_in_a_tunnel_and_one_to_nowhere_are_refused() {
    let live = Live::start();

    let (_, mut stream) = open_tunnel(&live, "ram.aliyuncs.com:80");
    let again = "CONNECT sts.aliyuncs.com:80 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert!(exchange(&mut stream, again).contains("Alimock.InvalidTunnel"));
    for target in ["/", "*", "http://", ":443", "ram.aliyuncs.com", "["] {
        let answer = live.send_bytes(
            format!("CONNECT {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 200"), "{target}: {answer}");
    }
    assert_eq!(live.control("GET", "/health", "").0, 200);
}

#[test]
fn a_tls_handshake_without_a_server_name_uses_the_host_of_the_tunnel() {
    let live = Live::with_scenario(Scenario::parse(crate::faults::SEED).unwrap());
    let config = Arc::new(client_trusting(&live, &[]));
    let rule = r#"{"match": {"host": "sts.*"}, "do": {"tls": "close"}}"#;
    assert_eq!(live.control("POST", "/worlds/default/faults", rule).0, 201);

    // A name that is an address is never sent.
    let shaken = |authority| tls_handshake(&config, "127.0.0.1", open_tunnel(&live, authority).1).is_ok();

    assert!(shaken("ram.aliyuncs.com:443"));
    assert!(!shaken("sts.aliyuncs.com:443"));
    let own = live.address.to_string();
    assert!(shaken(&own), "a tunnel to the server's own address has no name but that");
}
