//! The socket: limits, bad bytes, keep-alive, shutdown. Bad input gets an answer, never a 500, and the server lives on.

use crate::support::live::Live;
use std::io::{BufRead, BufReader, Read, Write};

/// The status of an answer, 0 when there is none.
fn status_of(answer: &str) -> u16 {
    answer
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3))
        .and_then(|status| status.parse().ok())
        .unwrap_or(0)
}

fn get_request(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes()
}

fn post_request(kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[test]
fn bad_input_gets_the_documented_answer_and_the_server_lives_on() {
    let live = Live::start();
    let many: String = (0..100_000).map(|i| format!("a{i}=1&")).collect();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let signed = "AccessKeyId=LTAI5tNoSuchKey1&Version=2015-05-01&Action=ListUsers&Format=JSON&SignatureMethod=HMAC-SHA1&\
                  SignatureVersion=1.0&SignatureNonce=n&Signature=x";
    let form = "application/x-www-form-urlencoded";
    let (json, octets) = ("application/json", "application/octet-stream");
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("a head that is no HTTP", b"hello\r\n\r\n".to_vec(), 400, ""),
        ("half a head", b"GET / HTTP/1.1\r\nHost: x\r\n".to_vec(), 0, ""),
        ("nothing", vec![], 0, ""),
        ("a target of 70,000 bytes", get_request(&format!("/?a={}", "x".repeat(70_000))), 431, ""),
        ("a header of 70,000 bytes", format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(70_000)).into_bytes(), 431, ""),
        ("1,000 headers", format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(1000)).into_bytes(), 431, ""),
        ("half a body", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".to_vec(), 400, "Alimock.BadRequest"),
        ("a body over 1 MiB", post_request(form, &vec![b'a'; (1 << 20) + 1]), 413, "RequestEntityTooLarge"),
        ("a body of 1 MiB", post_request(octets, &vec![b'a'; 1 << 20]), 400, "MissingAccessKeyId"),
        ("a length that is no number", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n".to_vec(), 400, ""),
        ("bad percent-encoding", get_request("/?a=%zz&b=%4&c=%"), 400, "MissingAccessKeyId"),
        ("bytes that are not UTF-8", get_request("/?a=%ff%fe&Version=%c3%28"), 400, "InvalidVersion"),
        ("100,000 parameters", post_request(form, many.as_bytes()), 413, "RequestEntityTooLarge"),
        ("100,000 parameters and a key", post_request(form, format!("{many}{signed}").as_bytes()), 413, "RequestEntityTooLarge"),
        ("deeply nested JSON", post_request(json, deep.as_bytes()), 400, "MissingAccessKeyId"),
        ("an unknown version", get_request("/?AccessKeyId=k&Version=1999-01-01&Action=X"), 400, "InvalidVersion"),
        ("an unknown action", get_request("/?AccessKeyId=k&Version=2015-05-01&Action=X"), 404, "InvalidAction.NotFound"),
        ("an unknown product", b"GET / HTTP/1.1\r\nHost: nosuch.aliyuncs.com\r\nConnection: close\r\n\r\n".to_vec(), 404, "InvalidProduct.NotFound"),
        ("an unknown world", b"GET / HTTP/1.1\r\nHost: nosuch.localhost\r\nConnection: close\r\n\r\n".to_vec(), 404, "Alimock.WorldNotFound"),
        ("a method nobody supports", b"BREW /?AccessKeyId=k&Version=2015-05-01&Action=ListUsers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(), 400, "UnsupportedHTTPMethod"),
        ("a parameter twice", get_request(&format!("/?{signed}&Timestamp=2026-11-22T08:00:00Z&Timestamp=x&Action=CreateUser")), 400, "InvalidTimeStamp.Expired"),
    ];
    for (what, bytes, expected, code) in cases {
        let answer = live.send_bytes(&bytes);
        assert_eq!(status_of(&answer), expected, "{what}: {answer}");
        assert!(answer.contains(code), "{what}: {answer}");
    }
    assert_eq!(live.control("GET", "/ready", "").0, 200);
}

#[test]
fn json_that_cannot_be_read_is_refused_once_the_product_is_known() {
    let live = Live::start();
    for body in ["{", "[1]", "\"x\"", "{\"a\":1"] {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-acs-version: 2015-05-01\r\nx-acs-action: ListUsers\r\n";
        let request =
            format!("{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let answer = live.send_bytes(request.as_bytes());
        assert!(
            answer.contains("\"InvalidParameter\"") && answer.contains("\\\"body\\\""),
            "{body}: {answer}"
        );
    }
}

#[test]
fn a_connection_serves_many_requests_including_pipelined_ones() {
    let live = Live::start();
    let mut stream = live.connect();
    let one = "GET /?Format=JSON HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(one.repeat(3).as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    for _ in 0..3 {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "closed early: {head}");
        }
        assert!(
            head.starts_with("HTTP/1.1 400")
                && head.contains("connection: keep-alive")
                && head.contains("keep-alive: timeout=25")
        );
        let length = head
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split('\r').next())
            .unwrap()
            .parse()
            .unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        assert!(String::from_utf8(body).unwrap().contains("MissingAccessKeyId"));
    }
}

#[test]
fn a_request_in_flight_is_finished_before_the_server_stops() {
    let mut live = Live::start();
    let mut stream = live.connect();
    let head = "POST /?Format=JSON HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    // The server asks for the body: the request is in flight.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");

    live.stop();
    stream.write_all(b"a=b").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();

    assert!(answer.contains("MissingAccessKeyId"), "{answer}");
    live.join();
    assert!(std::net::TcpStream::connect(live.address).is_err());
}

#[test]
fn a_preflight_is_answered_as_the_real_gateway_does() {
    let live = Live::start();

    let answer = live.send_bytes(
        b"OPTIONS / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccess-Control-Request-Method: POST\r\n\r\n",
    );

    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("access-control-max-age: 172800"),
        "{answer}"
    );
}
