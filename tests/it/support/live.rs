//! A server on a real socket, and a client that sends arbitrary bytes.

use crate::support::Lab;
use alimock::gateway::RawRequest;
use alimock::server::{Config, Limits};
use alimock::world::{Settings, Worlds};
use alimock::{Scenario, Server};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running server; it stops when it is dropped.
pub struct Live {
    pub address: SocketAddr,
    worlds: Arc<Worlds>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
    runtime: Arc<Runtime>,
}

impl Live {
    pub fn start() -> Self {
        Self::with_scenario(Scenario::default_seed())
    }

    pub fn with_scenario(scenario: Scenario) -> Self {
        Self::with_settings(scenario, Settings::default())
    }

    pub fn with_settings(scenario: Scenario, worlds: Settings) -> Self {
        Self::configured(scenario, Config { worlds, ..Config::default() })
    }

    /// A server with a data directory.
    pub fn with_data_dir(directory: &std::path::Path) -> Self {
        let config = Config { data_dir: Some(directory.to_owned()), ..Config::default() };
        Self::configured(Scenario::default_seed(), config)
    }

    /// A server with the given limits.
    pub fn with_limits(limits: Limits) -> Self {
        Self::configured(Scenario::default_seed(), Config { limits, ..Config::default() })
    }

    pub fn configured(scenario: Scenario, config: Config) -> Self {
        let runtime = Arc::new(
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
        );
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..config };
        let server = runtime.block_on(Server::start(config, scenario)).unwrap();
        let (address, worlds) = (server.address(), Arc::clone(server.worlds()));
        let (stop, stopped) = oneshot::channel();
        let running = runtime.spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { address, worlds, stop: Some(stop), running: Some(running), runtime }
    }

    /// The gateway of this server in this process.
    pub fn lab(&self) -> Arc<Lab> {
        Lab::over(Arc::clone(&self.worlds))
    }

    /// Tells the server to stop.
    pub fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// Waits until the server has stopped.
    pub fn join(&mut self) {
        let running = self.running.take().unwrap();
        self.runtime.block_on(running).unwrap();
    }

    pub fn connect(&self) -> TcpStream {
        connect(self.address)
    }

    /// Sends bytes, closes the sending side, and reads the whole answer.
    pub fn send_bytes(&self, bytes: &[u8]) -> String {
        send_bytes(self.address, bytes)
    }

    /// Makes a control call. Returns status and JSON.
    pub fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        self.control_with_headers(method, path, body, "")
    }

    /// Makes a control call with extra headers. Each ends in CRLF.
    pub fn control_with_headers(&self, method: &str, path: &str, body: &str, headers: &str) -> (u16, Value) {
        let host = if headers.to_lowercase().contains("host:") {
            String::new()
        } else {
            format!("Host: {}\r\n", self.address)
        };
        let request = format!(
            "{method} /_alimock{path} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        exchange(self.address, request.as_bytes())
    }

    /// Makes a call with a form body. Returns status and JSON.
    pub fn post_form(&self, form: &str) -> (u16, Value) {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let (host, length) = (self.address, form.len());
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {host}\r\n{kind}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{form}"
        );
        exchange(self.address, request.as_bytes())
    }
}

/// Status and code of an answer of the control API.
pub fn status_and_error(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"]["code"].as_str().unwrap_or_default())
}

/// Fails unless a control call was refused with this status and code.
#[track_caller]
pub fn assert_error(answer: &(u16, Value), status: u16, code: &str) {
    assert_eq!(status_and_error(answer), (status, code), "{}", answer.1);
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    // A server that hangs fails the test instead of hanging it.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Sends bytes, closes the sending side, and reads the whole answer.
pub fn send_bytes(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(address);
    // The server may close the connection before it has read everything.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sends a request that was built for the in-process gateway. Returns status and JSON.
pub fn send(address: SocketAddr, request: &RawRequest) -> (u16, Value) {
    let mut text = format!("{} {} HTTP/1.1\r\nConnection: close\r\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        text += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    text += &format!("Content-Length: {}\r\n\r\n", request.body().len());
    exchange(address, &[text.as_bytes(), request.body()].concat())
}

fn exchange(address: SocketAddr, request: &[u8]) -> (u16, Value) {
    let answer = send_bytes(address, request);
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("no status: {answer}"));
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}
