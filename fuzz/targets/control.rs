//! Calls of the control API over a local socket. Each call gets a response, and its status is never 500.
//!
//! Each input starts with the same world.

#![no_main]

use alimock::{Config, Server};
use alimock_fuzz::{request, scenario};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = Builder::new_multi_thread();
    runtime.worker_threads(1).enable_all().build().expect("the system lets a thread be started")
});

static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
    let server = RUNTIME.block_on(Server::start(config, scenario())).expect("a port is free");
    let address = server.address();
    // This program has no Rust `main`, so SIGPIPE would end it when it writes to a closed connection.
    let _in = RUNTIME.enter();
    std::mem::forget(signal(SignalKind::pipe()).expect("the signal can be taken"));
    RUNTIME.spawn(server.run(std::future::pending()));
    address
});

static OPEN: Mutex<Option<BufReader<TcpStream>>> = Mutex::new(None);

/// Sends a call. Returns status and body. Keeps the connection open if possible.
fn call(method: &str, target: &str, kind: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut open = OPEN.lock().expect("nobody panics while holding it");
    let mut stream = open.take().unwrap_or_else(|| {
        let stream = TcpStream::connect(*SERVER).expect("the server is there");
        stream.set_read_timeout(Some(Duration::from_secs(8))).expect("a time limit can be set");
        BufReader::new(stream)
    });
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.get_mut().write_all(&[head.as_bytes(), body].concat()).ok()?;
    let (mut status, mut length) = (None, None);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).expect("a call is answered in time");
        let line = line.trim_end().to_ascii_lowercase();
        if status.is_none() {
            status = Some(line.split(' ').nth(1)?.parse().expect("an answer has a status"));
        } else if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse::<usize>().ok();
        } else if line.is_empty() {
            break;
        }
    }
    // A response without a length follows the journal and does not end.
    if let Some(length) = length.filter(|_| method != "HEAD") {
        let mut body = vec![0; length];
        stream.read_exact(&mut body).expect("an answer is whole");
        *open = Some(stream);
        return Some((status?, body));
    }
    if status == Some(204) {
        *open = Some(stream);
    }
    Some((status?, Vec::new()))
}

/// A call that must get a response. Reconnects if the last input closed the connection.
fn must(method: &str, target: &str) -> (u16, Vec<u8>) {
    let call = || call(method, target, "application/json", b"");
    call().or_else(call).expect("the server answers")
}

/// Deletes the worlds that an input created.
fn drop_others() {
    let worlds: Value = serde_json::from_slice(&must("GET", "/_alimock/worlds").1).expect("a list is JSON");
    for world in worlds["worlds"].as_array().expect("it lists worlds") {
        let name = world["world"].as_str().expect("a world has a name");
        if name != "default" {
            must("DELETE", &format!("/_alimock/worlds/{name}"));
        }
    }
}

fuzz_target!(|text: &[u8]| -> Corpus {
    let Some(request) = request(text) else { return Corpus::Reject };
    let target = request.uri().to_string();
    // The input may call only the control API, and no other port may be opened.
    if !target.starts_with("/_alimock/") || target.contains("listen") || request.method() == "CONNECT" {
        return Corpus::Reject;
    }
    let kind = request.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or("application/json");
    assert_eq!(must("POST", "/_alimock/worlds/default/reset").0, 204, "the world can be reset");

    let answer = call(request.method().as_str(), &target, kind, request.body());

    let status = answer.map_or(0, |(status, _)| status);
    assert_ne!(status, 500);
    assert_eq!(must("GET", "/_alimock/health").0, 200);
    if status == 201 {
        drop_others();
    }
    Corpus::Keep
});
