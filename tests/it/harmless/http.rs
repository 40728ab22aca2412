//! Requests that are no HTTP, or an odd kind of it: each is refused in the words of the door that was called, and then the
//! connection ends, because nobody knows where the next request begins.

use crate::harmless::frames;
use crate::support::live::{Live, connect};
use crate::support::tls::{Tls, client_trusting, tls_handshake};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

/// Sends bytes, leaves this side open, and reads until the server closes.
fn read_until_closed(stream: &mut (impl Read + Write), bytes: &[u8]) -> String {
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).unwrap_or("none")
}

/// The statuses of all answers.
fn statuses(answers: &str) -> Vec<&str> {
    let all = answers.split("HTTP/1.1 ").skip(1).filter_map(|rest| rest.get(..3));
    all.filter(|status| status.bytes().all(|digit| digit.is_ascii_digit())).collect()
}

/// Sends a request to both doors and checks that each refuses it in its words and closes.
#[track_caller]
fn assert_refused(live: &Live, what: &str, request: &str, expected: &str, codes: Codes) {
    for (target, code) in [("/?Format=JSON", codes.gateway), ("/_alimock/health", codes.control)] {
        let bytes = request.replace("TARGET", target);
        let answer = read_until_closed(&mut live.connect(), bytes.as_bytes());
        assert_eq!(status(&answer), expected, "{what} at {target}: {answer}");
        assert!(answer.contains(code), "{what} at {target}: {answer}");
        assert!(answer.to_lowercase().contains("\r\nconnection: close\r\n"), "{what}: {answer}");
        assert_eq!(statuses(&answer).len(), 1, "{what}: {answer}");
        assert!(!answer.ends_with("\r\n\r\n"), "{what}: an answer without a body: {answer}");
    }
    assert_eq!(live.control("GET", "/health", "").0, 200);
}

/// The code of one refusal, as the gateway and as the control API writes it.
#[derive(Clone, Copy)]
struct Codes {
    gateway: &'static str,
    control: &'static str,
}

const MALFORMED: Codes = Codes { gateway: "Alimock.BadRequest", control: "\"bad_request\"" };
const NOT_IMPLEMENTED: Codes = Codes { gateway: "Alimock.NotImplemented", control: "\"not_implemented\"" };
const HEAD_TOO_LARGE: Codes = Codes { gateway: "Alimock.HeadTooLarge", control: "\"head_too_large\"" };
const BODY_TOO_LARGE: Codes = Codes { gateway: "RequestEntityTooLarge", control: "\"body_too_large\"" };

#[test]
fn a_request_has_exactly_one_valid_host() {
    let live = Live::start();
    let many = [
        ("no host", ""),
        ("two hosts", "Host: localhost\r\nHost: localhost\r\n"),
        ("two names in one", "Host: localhost, localhost\r\n"),
        ("a user", "Host: user@localhost\r\n"),
        ("a path", "Host: localhost/x\r\n"),
        ("a space", "Host: local host\r\n"),
        ("a port that is none", "Host: localhost:http\r\n"),
        ("a port over 65535", "Host: localhost:65536\r\n"),
        ("half an address", "Host: [::1\r\n"),
        ("letters that no host has", "Host: h\u{f6}st\r\n"),
    ];
    for (what, host) in many {
        assert_refused(&live, what, &format!("GET TARGET HTTP/1.1\r\n{host}\r\n"), "400", MALFORMED);
    }
    // The last two as Python's tea clients send them whose endpoint is a URL.
    for host in [
        "localhost:0",
        "[::1]:4588",
        "ram_x.localhost",
        "127.0.0.1",
        "",
        "http://127.0.0.1:4588",
        "https://localhost/",
    ] {
        let request = format!("GET /_alimock/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(status(&read_until_closed(&mut live.connect(), request.as_bytes())), "200", "{host}");
    }
    let old = read_until_closed(&mut live.connect(), b"GET /_alimock/health HTTP/1.0\r\n\r\n");
    assert!(old.starts_with("HTTP/1.0 200"), "{old}");
}

#[test]
fn a_body_has_one_length() {
    let live = Live::start();
    let with = |fields: &str| format!("POST TARGET HTTP/1.1\r\nHost: x\r\n{fields}\r\n0\r\n\r\n");
    let smuggled = "GET /_alimock/version HTTP/1.1\r\nHost: x\r\n\r\n";
    for (what, fields) in [
        ("a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        ("chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        ("two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n"),
        ("a list of lengths", "Content-Length: 4, 4\r\n"),
        ("a length with a sign", "Content-Length: +4\r\n"),
        ("a length below nothing", "Content-Length: -4\r\n"),
        ("an empty length", "Content-Length:\r\n"),
        ("a length in hexadecimal", "Content-Length: 0x4\r\n"),
        ("a length over all numbers", "Content-Length: 99999999999999999999\r\n"),
        ("no coding but identity", "Transfer-Encoding: identity\r\n"),
        ("chunks that are not the last", "Transfer-Encoding: chunked, gzip\r\n"),
        ("chunks of chunks", "Transfer-Encoding: chunked, chunked\r\n"),
        ("two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        ("a coding that is hidden", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n"),
        ("a letter before", "Transfer-Encoding: \u{b}chunked\r\n"),
        ("a space before the colon", "Transfer-Encoding : chunked\r\n"),
        ("a line that goes on", "Transfer-Encoding:\r\n chunked\r\n"),
    ] {
        assert_refused(&live, what, &(with(fields) + smuggled), "400", MALFORMED);
    }
    assert_refused(
        &live,
        "compressed chunks",
        &with("Transfer-Encoding: gzip, chunked\r\n"),
        "501",
        NOT_IMPLEMENTED,
    );
    let old = "POST TARGET HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_refused(&live, "chunks in HTTP/1.0", old, "400", MALFORMED);
}

#[test]
fn invalid_and_excessive_chunks_are_refused() {
    let live = Live::start();
    let with =
        |body: &str| format!("POST TARGET HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n{body}");
    for (what, body) in [
        ("a size that is no number", "zz\r\n".to_owned()),
        ("a size below nothing", "-1\r\n".to_owned()),
        ("a size over all numbers", format!("{}\r\n", "f".repeat(17))),
        ("no size", "\r\n".to_owned()),
        ("more than was said", "1\r\nabc\r\n0\r\n\r\n".to_owned()),
        ("extensions of 100 kB", format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(100_000))),
        ("trailers of 100 kB", format!("0\r\nA: {}\r\n\r\n", "x".repeat(100_000))),
        ("200 trailers", format!("0\r\n{}\r\n", "A: b\r\n".repeat(200))),
    ] {
        assert_refused(&live, what, &with(&body), "400", MALFORMED);
    }
    let small = "1;x\r\na\r\n".repeat(100_000);
    assert_refused(&live, "extensions of 100 kB in small pieces", &with(&small), "400", MALFORMED);
    let large = format!("{:x}\r\n{}\r\n", 1 << 20, "a".repeat(1 << 20)).repeat(2);
    assert_refused(&live, "2 MiB", &with(&large), "413", BODY_TOO_LARGE);
}

#[test]
fn a_good_body_in_chunks_is_answered_and_ends_the_connection() {
    let live = Live::start();
    let body = "3;ext=\"a\"\r\nFor\r\n8\r\nmat=JSON\r\n0\r\nX-Trailer: 1\r\n\r\n";
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let request = format!("POST / HTTP/1.1\r\nHost: x\r\n{kind}\r\nTransfer-Encoding: chunked\r\n\r\n{body}");

    let answer = read_until_closed(&mut live.connect(), request.as_bytes());

    assert!(answer.contains("\"MissingAccessKeyId\""), "{answer}");
    assert!(answer.contains("connection: close") && !answer.contains("keep-alive"), "{answer}");
}

#[test]
fn a_body_that_will_be_too_large_is_refused_before_it_is_sent() {
    let live = Live::start();
    let head = format!(
        "POST TARGET HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        (1 << 20) + 1
    );

    assert_refused(&live, "an announcement", &head, "413", BODY_TOO_LARGE);

    let whole = format!("{}{}", head.replace("Expect: 100-continue\r\n", ""), "a".repeat((1 << 20) + 1));
    assert_refused(&live, "a body", &whole, "413", BODY_TOO_LARGE);
}

#[test]
fn a_body_that_is_shorter_than_its_length_is_refused() {
    let live = Live::start();
    for (target, code) in [("/", MALFORMED.gateway), ("/_alimock/worlds", MALFORMED.control)] {
        let answer = live.send_bytes(
            format!("POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc").as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains(code), "{answer}");
    }
    // What is beyond the length is the next request.
    let two = "POST /_alimock/worlds HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{GET /_alimock/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = read_until_closed(&mut live.connect(), two.as_bytes());
    assert_eq!(statuses(&answer), ["400", "200"], "{answer}");
}

#[test]
fn a_malformed_request_line_or_header_is_refused() {
    let live = Live::start();
    let whole = |text: &str| format!("{text}\r\nHost: x\r\n\r\n");
    for (what, text) in [
        ("another version", "GET TARGET HTTP/2.0"),
        ("an old one", "GET TARGET HTTP/0.9"),
        ("nothing behind the target", "GET TARGET"),
        ("a NUL in the method", "GE\0T TARGET HTTP/1.1"),
        ("a NUL in the target", "GET TARGET\0 HTTP/1.1"),
        ("a control character", "GET TARGET\u{1} HTTP/1.1"),
        ("two spaces", "GET  TARGET HTTP/1.1"),
        ("a letter that no target has", "GET TARGET<x> HTTP/1.1"),
        ("a NUL in a field", "GET TARGET HTTP/1.1\r\nA: b\0c"),
        ("a bare CR in a field", "GET TARGET HTTP/1.1\r\nA: b\rc"),
        ("a field without a name", "GET TARGET HTTP/1.1\r\n: b"),
    ] {
        let answer = read_until_closed(
            &mut live.connect(),
            whole(&text.replace("TARGET", "/?Format=JSON")).as_bytes(),
        );
        assert_eq!(status(&answer), "400", "{what}: {answer}");
        assert!(answer.contains("Alimock.BadRequest"), "{what}: {answer}");
    }
    for target in ["*", "localhost", "localhost:80", "x/y", "http://[::1/", "http:///x"] {
        let answer =
            read_until_closed(&mut live.connect(), whole(&format!("GET {target} HTTP/1.1")).as_bytes());
        assert_eq!(status(&answer), "400", "{target}: {answer}");
        assert!(answer.contains("Alimock.BadRequest"), "{target}: {answer}");
    }
    let user = "GET http://user:secret@sts.aliyuncs.com/ HTTP/1.1";
    let answer = read_until_closed(&mut live.connect(), whole(user).as_bytes());
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("Alimock.BadRequest"), "{answer}");
    assert!(!answer.contains("secret"), "{answer}");
    let method = "A".repeat(33);
    assert_refused(
        &live,
        "a long method",
        &whole(&format!("{method} TARGET HTTP/1.1")),
        "501",
        NOT_IMPLEMENTED,
    );
    let options =
        read_until_closed(&mut live.connect(), b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(status(&options), "200", "{options}");
    // A lone LF ends a line, as the standard allows.
    let bare = read_until_closed(
        &mut live.connect(),
        b"GET /_alimock/health HTTP/1.1\nHost: x\nConnection: close\n\n",
    );
    assert_eq!(status(&bare), "200", "{bare}");
}

#[test]
fn a_head_has_at_most_64_kib_and_a_hundred_fields_however_it_is_sent() {
    let live = Live::start();
    let padded =
        |length: usize| format!("GET TARGET HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n", "x".repeat(length));
    assert_refused(&live, "a long field", &padded(70_000), "431", HEAD_TOO_LARGE);
    assert_refused(&live, "a very long field", &padded(3_000_000), "431", HEAD_TOO_LARGE);
    let fields = format!("GET TARGET HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(100));
    assert_refused(&live, "101 fields", &fields, "431", HEAD_TOO_LARGE);

    let good = padded(60_000).replace("TARGET", "/_alimock/health");
    let mut stream = live.connect();
    for piece in good.as_bytes().chunks(777) {
        stream.write_all(piece).unwrap();
    }
    stream.write_all(b"GET /_alimock/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(read_until_closed(&mut stream, b"").matches("HTTP/1.1 200").count(), 2);
}

#[test]
fn requests_that_come_in_pieces_of_any_size_are_the_same_requests() {
    let live = Live::start();
    let one = "GET /_alimock/health HTTP/1.1\r\nHost: x\r\n\r\n";
    let two = "POST /?Format=JSON HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na=b\r\n\r\nc=";
    let bad = "GET /_alimock/health HTTP/1.1\r\n\r\n";
    let text = format!("\r\n{one}{two}{one}{bad}{one}");
    for size in [1, 2, 3, 7, 50, 121, 1000] {
        let mut stream = live.connect();
        stream.set_nodelay(true).unwrap();
        for piece in text.as_bytes().chunks(size) {
            stream.write_all(piece).unwrap();
        }

        let answer = read_until_closed(&mut stream, b"");

        assert_eq!(statuses(&answer), ["200", "400", "200", "400"], "pieces of {size}: {answer}");
        assert!(answer.contains("MissingAccessKeyId") && answer.contains("\"bad_request\""), "{answer}");
    }
}

#[test]
fn a_refused_request_is_in_the_journal_and_the_same_holds_inside_of_tls_and_of_a_tunnel() {
    let live = Live::start();
    let bad = "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n";
    let config = Arc::new(client_trusting(&live, &["http/1.1"]));
    let mut tls: Tls = tls_handshake(&config, "localhost", live.connect()).unwrap();
    let answer = read_until_closed(&mut tls, bad.as_bytes());
    assert!(answer.contains("Alimock.BadRequest"), "{answer}");

    let early = format!("CONNECT sts.aliyuncs.com:80 HTTP/1.1\r\nHost: sts.aliyuncs.com\r\n\r\n{bad}");
    let answer = read_until_closed(&mut live.connect(), early.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Alimock.BadRequest"), "{answer}");

    let (_, page) = live.control("GET", "/worlds/default/requests", "");
    let codes: Vec<_> = page["requests"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["Alimock.BadRequest", "Alimock.BadRequest"]);
}

#[test]
fn nothing_is_read_after_a_refused_tunnel() {
    let live = Live::start();
    let smuggled = "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\nGET /_alimock/health HTTP/1.1\r\nHost: x\r\n\r\n";

    let answer = read_until_closed(&mut connect(live.address), smuggled.as_bytes());

    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("connection: close"), "{answer}");
    assert_eq!(statuses(&answer), ["403"]);
}

/// Sends the fields of one request, and reads until there is an answer.
fn exchange_h2(stream: &mut Tls, fields: &[(&str, &str)]) -> String {
    let bytes = [frames::opening(), frames::head(1, fields)].concat();
    stream.write_all(&bytes).unwrap();
    let mut all = Vec::new();
    let mut part = [0; 4096];
    while let Ok(count) = stream.read(&mut part) {
        all.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&all);
        if count == 0 || text.contains("Alimock.") || text.contains("Missing") {
            break;
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[test]
fn an_http_2_request_has_exactly_one_host_too() {
    let live = Live::start();
    let config = Arc::new(client_trusting(&live, &["h2"]));
    let common = [(":method", "GET"), (":scheme", "https"), (":path", "/?Format=JSON")];
    for (what, more, expected) in [
        ("no host", vec![], "Alimock.BadRequest"),
        ("another host", vec![(":authority", "localhost"), ("host", "other")], "Alimock.BadRequest"),
        (
            "two hosts",
            vec![(":authority", "localhost"), ("host", "localhost"), ("host", "localhost")],
            "Alimock.BadRequest",
        ),
        ("a user", vec![(":authority", "user@localhost")], "Alimock.BadRequest"),
        ("an authority", vec![(":authority", "localhost")], "MissingAccessKeyId"),
        ("a host", vec![("host", "localhost")], "MissingAccessKeyId"),
    ] {
        let stream: TcpStream = live.connect();
        let mut tls = tls_handshake(&config, "localhost", stream).unwrap();
        let answer = exchange_h2(&mut tls, &[&common[..], &more].concat());
        assert!(answer.contains(expected), "{what}: {answer:?}");
    }
}
