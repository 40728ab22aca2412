//! Heavy calls wait in line beside the threads that move bytes: whoever only wants a short answer gets it meanwhile.

use crate::support::live::Live;
use alimock::server::Limits;
use alimock::{Scenario, Server, server::Config};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A scenario of so many accounts, close to the limit of a body.
fn large(accounts: usize) -> String {
    let mut text = "accounts:\n".to_owned();
    for number in 0..accounts {
        let _ = writeln!(text, "  - {{name: a{number}, keys: [{{}}], users: [{{name: u, keys: [{{}}]}}]}}");
    }
    text
}

fn post(target: &str, body: &str) -> String {
    format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends a request and does not wait for the answer.
fn sent(live: &Live, request: &str) -> TcpStream {
    let mut stream = live.connect();
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

fn status(stream: &mut TcpStream) -> String {
    let mut all = String::new();
    // A connection that was never accepted is reset when the server stops.
    let _ = stream.read_to_string(&mut all);
    all.get(9..12).unwrap_or("none").to_owned()
}

/// Whether an answer has begun to come.
fn is_answered(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let answered = stream.peek(&mut [0]).is_ok();
    stream.set_nonblocking(false).unwrap();
    answered
}

#[test]
fn queued_large_scenarios_delay_neither_the_gateway_nor_short_calls() {
    let live = Live::start();
    let text = large(2000);
    let mut heavy: Vec<_> = (0..40)
        .map(|number| sent(&live, &post(&format!("/_alimock/worlds?name=h{number}"), &text)))
        .collect();

    for _ in 0..5 {
        assert_eq!(live.control("GET", "/health", "").0, 200);
        assert_eq!(live.control("GET", "/worlds/default/clock", "").0, 200);
        assert_eq!(live.post_form("Format=JSON").0, 400);
    }

    // All of that while most of them still waited: on the threads of the network they would have come first.
    let waiting = heavy.iter().filter(|stream| !is_answered(stream)).count();
    assert!(waiting > 10, "only {waiting} of 40 waited");
    for stream in &mut heavy {
        assert_eq!(status(stream), "201");
    }
}

#[test]
fn gateway_calls_with_large_bodies_are_answered() {
    let live = Live::start();
    for length in [100, 32 << 10, 500 << 10] {
        let form = format!("Format=JSON&Filler={}", "x".repeat(length - 19));
        assert_eq!(form.len(), length);
        let (status, body) = live.post_form(&form);
        assert_eq!((status, &body["Code"]), (400, &"MissingAccessKeyId".into()), "{length}");
    }
}

#[test]
fn buffered_bodies_are_bounded_and_small_ones_are_still_read() {
    let live = Live::with_limits(Limits { held: 1 << 20, ..Limits::hurried(50) });
    let head = "POST /_alimock/worlds HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n";
    let half = format!("{head}{}", "#".repeat(600_000));
    let mut shelved: Vec<_> = (0..4).map(|_| sent(&live, &half)).collect();

    assert_eq!(live.post_form("Format=JSON").0, 400);
    assert_eq!(live.control("POST", "/worlds", &large(10)).0, 201);
    let mut statuses: Vec<_> = shelved.iter_mut().map(status).collect();

    statuses.sort();
    // One fits, and does not go on; the others are told at once.
    assert_eq!(statuses, ["408", "503", "503", "503"]);
    assert_eq!(live.control("POST", "/worlds", &format!("#{}", "#".repeat(600_000))).0, 201);
}

#[test]
fn a_server_stops_while_heavy_calls_are_queued() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
    let server = runtime.block_on(Server::start(config, Scenario::default_seed())).unwrap();
    let address = server.address();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = runtime.spawn(server.run(async {
        let _ = stopped.await;
    }));
    let request = post("/_alimock/worlds", &large(500));
    let mut waiting: Vec<_> = (0..10)
        .map(|_| {
            let mut stream = crate::support::live::connect(address);
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();

    stop.send(()).unwrap();
    runtime
        .block_on(async { tokio::time::timeout(Duration::from_secs(60), running).await.unwrap().unwrap() });

    // What was accepted is answered.
    let statuses: Vec<_> = waiting.iter_mut().map(status).collect();
    assert!(statuses.iter().all(|status| status == "201" || status == "none"), "{statuses:?}");
}
