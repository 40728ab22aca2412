//! TLS at the port of plain HTTP: certificates, both versions of HTTP, and what clients do that break off. The client is rustls,
//! which trusts the server's authority and nobody else.

use crate::support::NOW;
use crate::support::live::Live;
use crate::support::sign::{self, Form};
use crate::support::tls::{client_config, client_trusting, exchange, tls_handshake};
use alimock::Scenario;
use alimock::server::Authority;
use bytes::Bytes;
use http::{Request, Version};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

const UNSIGNED: &str = "GET /?Action=GetCallerIdentity&Version=2015-04-01&Format=JSON HTTP/1.1\r\nHost: sts.aliyuncs.com\r\nConnection: close\r\n\r\n";
const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// One account whose root key is known, with clocks that stand still.
const SEED: &str = "
accounts:
  - name: demo
    keys: [{id: LTAI5tDemoRoot000001, secret: s}]
    users: [{name: ci, keys: [{id: LTAI5tCiKey0000000001, secret: s}], policies: [secure]}]
    policies:
      - name: secure
        document: {Version: '1', Statement: [{Effect: Allow, Action: 'ram:*', Resource: '*', Condition: {Bool: {'acs:SecureTransport': 'true'}}}]}";

fn live() -> Live {
    let text = format!("clock: {{gateway: '{NOW}', resource: '{NOW}'}}\n{SEED}");
    Live::with_scenario(Scenario::parse(&text).unwrap())
}

/// A signed call as a request to `host`.
fn signed(key: &str, form: Form, nonce: &str) -> alimock::gateway::RawRequest {
    let call = sign::Call {
        key,
        secret: "s",
        token: None,
        version: "2015-05-01",
        action: "ListUsers",
        params: &[],
        time: NOW,
        nonce,
        xml: false,
    };
    sign::request(form, &call)
}

#[test]
fn only_names_of_alimock_have_a_certificate_and_strict_clients_accept_it() {
    let live = live();
    let config = Arc::new(client_trusting(&live, &[]));
    for name in [
        "ram.aliyuncs.com",
        "sts-vpc.cn-beijing.aliyuncs.com",
        "resourcedirectory.vpc-proxy.aliyuncs.com",
        "oauth.alibabacloud.com",
        "oauth.aliyun.com",
        "localhost",
        "ram.localhost",
        "ram.default.localhost",
        "alimock",
        "host.docker.internal",
        "127.0.0.1",
        "::1",
        "100.100.100.200",
    ] {
        let answer = exchange(&mut tls_handshake(&config, name, live.connect()).expect(name), UNSIGNED);
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.contains("MissingAccessKeyId"),
            "{name}: {answer}"
        );
    }
    for name in ["example.com", "aliyuncs.com.example"] {
        let refused = tls_handshake(&config, name, live.connect()).unwrap_err();
        assert!(refused.to_string().contains("UnrecognisedName"), "{name}: {refused}");
    }
    // An address that the server is not at is in no certificate.
    assert!(tls_handshake(&config, "10.1.2.3", live.connect()).is_err());
}

#[test]
fn a_client_may_speak_tls_1_2_and_one_that_offers_no_protocol_we_know_is_refused() {
    let live = live();
    let mut old = client_trusting(&live, &["http/1.1"]);
    old.resumption = rustls::client::Resumption::disabled();
    let old = Arc::new(old);
    let output = std::process::Command::new("curl")
        .args([
            "-sSk",
            "--noproxy",
            "*",
            "--tls-max",
            "1.2",
            "-o",
            "/dev/null",
            "-w",
            "%{http_version} %{http_code}",
        ])
        .arg(format!("https://{}/", live.address))
        .output()
        .expect("curl is there");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "2 400");

    assert_eq!(
        tls_handshake(&old, "localhost", live.connect()).unwrap().conn.alpn_protocol(),
        Some(&b"http/1.1"[..])
    );
    let strange = Arc::new(client_trusting(&live, &["spdy/1"]));
    assert!(tls_handshake(&strange, "localhost", live.connect()).is_err());
}

#[test]
fn policies_and_the_journal_know_whether_a_call_came_over_tls() {
    let live = live();
    let text = |nonce| {
        let request = signed("LTAI5tCiKey0000000001", Form::RpcV1, nonce);
        let host = request.headers()["host"].to_str().unwrap();
        format!("GET {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", request.uri())
    };

    let plain = live.send_bytes(text("1").as_bytes());
    let config = Arc::new(client_trusting(&live, &[]));
    let secure = exchange(&mut tls_handshake(&config, "localhost", live.connect()).unwrap(), &text("2"));

    assert!(plain.starts_with("HTTP/1.1 403") && plain.contains("NoPermission"), "{plain}");
    assert!(secure.starts_with("HTTP/1.1 200"), "{secure}");
    let (_, journal) = live.control("GET", "/worlds/default/requests", "");
    let seen: Vec<_> = journal["requests"].as_array().unwrap().iter().map(|record| &record["tls"]).collect();
    assert_eq!(seen, [false, true]);
}

#[test]
fn an_authority_in_a_directory_outlives_the_server() {
    let directory =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ca-{}", std::process::id()));
    let first = Authority::new(LOCAL, Some(&directory)).unwrap();
    let live = Live::with_data_dir(&directory);

    let config = Arc::new(client_config(first.certificate(), &[]));
    assert!(
        exchange(&mut tls_handshake(&config, "localhost", live.connect()).unwrap(), UNSIGNED).contains("400")
    );
    let key = std::fs::metadata(directory.join("ca.key")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777, 0o600);
    // Another server's root is not taken for it.
    let other = Live::start();
    assert!(tls_handshake(&config, "localhost", other.connect()).is_err());
    std::fs::remove_dir_all(directory).unwrap();
}

/// A client that speaks HTTP/2 over TLS.
async fn h2(live: &Live) -> (SendRequest<Full<Bytes>>, tokio::task::JoinHandle<hyper::Result<()>>) {
    let connector = TlsConnector::from(Arc::new(client_trusting(live, &["h2"])));
    let socket = TcpStream::connect(live.address).await.unwrap();
    let stream = connector.connect(ServerName::try_from("localhost").unwrap(), socket).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    (sender, tokio::spawn(connection))
}

/// The same request in HTTP/2, where the host is no header.
fn in_h2(request: alimock::gateway::RawRequest) -> Request<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    let host = head.headers.remove("host").unwrap();
    head.uri = format!("https://{}{}", host.to_str().unwrap(), head.uri).parse().unwrap();
    head.version = Version::HTTP_2;
    Request::from_parts(head, Full::new(body))
}

async fn answer(
    sender: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<(u16, Value), hyper::Error> {
    let answer = sender.send_request(request).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await?.to_bytes();
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_share_a_connection_of_http_2_and_sign_the_host_they_name() {
    let live = tokio::task::spawn_blocking(live).await.unwrap();
    let (sender, _connection) = h2(&live).await;

    let calls = (0..50).map(|number| {
        let form = [Form::RpcV1, Form::RpcV3, Form::RpcV3Sm3][number % 3];
        let request = in_h2(signed("LTAI5tDemoRoot000001", form, &number.to_string()));
        let mut sender = sender.clone();
        tokio::spawn(async move { answer(&mut sender, request).await.unwrap() })
    });
    for call in calls.collect::<Vec<_>>() {
        let (status, body) = call.await.unwrap();
        assert_eq!((status, &body["IsTruncated"]), (200, &Value::Bool(false)), "{body}");
    }
    drop_blocking(live).await;
}

/// A server has a runtime of its own, which may not end inside of another.
async fn drop_blocking(live: Live) {
    tokio::task::spawn_blocking(move || drop(live)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_corrupt_http_2_answers_and_a_reset_ends_the_connection() {
    let live = tokio::task::spawn_blocking(live).await.unwrap();
    let rule = |effect: &str| {
        let rule = format!(r#"{{"when": {{"times": 1}}, "do": {effect}}}"#);
        assert_eq!(live.control("POST", "/worlds/default/faults", &rule).0, 201);
    };
    let (mut sender, connection) = h2(&live).await;
    let mut number = 0;
    let mut call = || {
        number += 1;
        in_h2(signed("LTAI5tDemoRoot000001", Form::RpcV3, &format!("h2-{number}")))
    };

    rule(r#"{"answer": {"cut": 10}}"#);
    assert!(answer(&mut sender, call()).await.is_err(), "the stream breaks off");
    rule(r#"{"answer": {"bytesPerSecond": 5000}}"#);
    assert_eq!(
        answer(&mut sender, call()).await.unwrap().0,
        200,
        "the connection lives on, the answer is slow"
    );
    rule(r#"{"error": {"code": "ServiceUnavailable"}}"#);
    assert_eq!(answer(&mut sender, call()).await.unwrap().0, 503);
    rule(r#"{"before": "reset"}"#);
    assert!(answer(&mut sender, call()).await.is_err());
    assert!(connection.await.unwrap().is_err(), "the connection is reset");
    drop_blocking(live).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_hold_in_http_2_too() {
    let live = tokio::task::spawn_blocking(live).await.unwrap();
    let (mut sender, _connection) = h2(&live).await;
    let post = |bytes: usize| {
        let body = Full::new(Bytes::from(vec![b'a'; bytes]));
        let request = Request::post(format!("https://{}/", live.address));
        request.header("content-type", "application/octet-stream").body(body).unwrap()
    };

    assert_eq!(answer(&mut sender, post(1 << 20)).await.unwrap().0, 400);
    assert_eq!(answer(&mut sender, post((1 << 20) + 1)).await.unwrap().0, 413);
    assert_eq!(answer(&mut sender, post(0)).await.unwrap().0, 400, "the connection lives on");
    drop_blocking(live).await;
}

#[test]
fn stalled_and_invalid_handshakes_do_not_block_other_clients() {
    let live = live();
    let config = Arc::new(client_trusting(&live, &[]));
    let mut hello = Vec::new();
    let name = ServerName::try_from("localhost").unwrap();
    rustls::ClientConnection::new(Arc::clone(&config), name).unwrap().write_tls(&mut hello).unwrap();
    let beginnings: [&[u8]; 5] = [&hello[..1], &hello[..40], &hello, &[0x16, 3, 1, 0xff, 0xff], b""];
    let stalled: Vec<_> = (0..200)
        .map(|number| {
            let mut socket = live.connect();
            socket.write_all(beginnings[number % beginnings.len()]).unwrap();
            socket
        })
        .collect();

    let answer = exchange(&mut tls_handshake(&config, "localhost", live.connect()).unwrap(), UNSIGNED);
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(live.control("GET", "/health", "").0, 200);
    for bytes in [&[0x16u8, 3, 1, 0, 4, 1, 2, 3, 4][..], &[0x16; 5000], &[0x16, 0, 0, 0, 0]] {
        assert!(!live.send_bytes(bytes).starts_with("HTTP"));
    }
    drop(stalled);
}

#[test]
fn a_stop_ends_handshakes_and_idle_connections_over_tls() {
    let mut live = live();
    let config = Arc::new(client_trusting(&live, &["http/1.1"]));
    let mut idle = tls_handshake(&config, "localhost", live.connect()).unwrap();
    let mut stalled = live.connect();
    stalled.write_all(&[0x16, 3, 1]).unwrap();
    let kept = UNSIGNED.replace("Connection: close\r\n", "");
    idle.write_all(kept.as_bytes()).unwrap();
    let mut part = [0; 2000];
    assert!(idle.read(&mut part).unwrap() > 0);

    live.stop();
    live.join();

    assert!(matches!(stalled.read(&mut part), Ok(0) | Err(_)));
    while idle.read(&mut part).is_ok_and(|count| count > 0) {}
}

#[test]
fn five_thousand_idle_connections_do_not_block_other_clients() {
    // In a program of its own: client and server together have more files than many machines allow one program.
    let served = crate::cli::Served::start(&["--log", "warn"]);
    let address = served.endpoint.trim_start_matches("http://").parse().unwrap();
    let answer = crate::support::live::send_bytes(
        address,
        b"GET /_alimock/ca.pem HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    let config = Arc::new(client_config(answer.split_once("\r\n\r\n").unwrap().1, &["http/1.1"]));
    drop(Live::start());
    let kept = UNSIGNED.replace("Connection: close\r\n", "");
    let mut part = [0; 4096];
    let plain: Vec<_> = (0..2500)
        .map(|_| {
            let mut socket = crate::support::live::connect(address);
            socket.write_all(kept.as_bytes()).unwrap();
            assert!(socket.read(&mut part).unwrap() > 0);
            socket
        })
        .collect();
    let tls: Vec<_> = (0..2500)
        .map(|_| tls_handshake(&config, "localhost", crate::support::live::connect(address)).unwrap())
        .collect();

    let mut late = tls_handshake(&config, "localhost", crate::support::live::connect(address)).unwrap();
    assert!(exchange(&mut late, UNSIGNED).starts_with("HTTP/1.1 400"));
    let health = b"GET /_alimock/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(crate::support::live::send_bytes(address, health).starts_with("HTTP/1.1 200"));
    assert_eq!((plain.len(), tls.len()), (2500, 2500));
}
