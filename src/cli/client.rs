//! The HTTP client of the commands that talk to a running emulator.

use bytes::Bytes;
use clap::Args;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use std::time::Duration;
use tokio::net::TcpStream;

pub(super) const DEFAULT_ENDPOINT: &str = "http://127.0.0.1:4588";

/// Where the emulator is.
#[derive(Args, Debug)]
pub(super) struct EndpointOption {
    /// The running emulator
    #[arg(long, env = "ALIMOCK_ENDPOINT", default_value = DEFAULT_ENDPOINT, value_name = "URL")]
    endpoint: String,
}

impl EndpointOption {
    /// Its address, without a slash at the end.
    pub(super) fn url(&self) -> &str {
        self.endpoint.trim_end_matches('/')
    }
}

/// Sends a request; its answer's body is still to come.
pub(super) async fn send(
    endpoint: &str,
    method: Method,
    path: &str,
    body: Bytes,
) -> Result<Response<Incoming>, String> {
    let address = endpoint.strip_prefix("http://").ok_or("an endpoint starts with http://")?;
    let request = Request::builder().method(method).uri(path).header("host", address).body(Full::new(body));
    let request = request.map_err(|error| error.to_string())?;
    let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    let io = hyper_util::rt::TokioIo::new(stream);
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(io).await.map_err(|error| error.to_string())?;
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(|error| error.to_string())
}

/// A plain GET: status and body.
pub(super) async fn get(endpoint: &str, path: &str, limit: Duration) -> Result<(u16, Bytes), String> {
    let exchange = async {
        let answer = send(endpoint, Method::GET, path, Bytes::new()).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes()))
    };
    tokio::time::timeout(limit, exchange).await.unwrap_or_else(|_| Err("no answer in time".to_owned()))
}

/// What to say when nobody answers.
pub(super) fn nobody(endpoint: &str, error: &str) -> String {
    format!("no emulator answers at {endpoint}: {error}; start one with `alimock serve`")
}
