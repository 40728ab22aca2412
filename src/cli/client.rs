//! HTTP client for the commands that call a running emulator.

use crate::control::ControlToken;
use bytes::Bytes;
use clap::Args;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use std::time::Duration;
use tokio::net::TcpStream;

pub(super) const DEFAULT_ENDPOINT: &str = "http://127.0.0.1:4588";

/// Options that say where the emulator is.
#[derive(Args, Debug)]
pub(super) struct EndpointOption {
    /// URL of the running emulator
    #[arg(long, env = "ALIMOCK_ENDPOINT", default_value = DEFAULT_ENDPOINT, value_name = "URL")]
    endpoint: String,
    /// Token of its control API, or `none`
    #[arg(long, env = "ALIMOCK_CONTROL_TOKEN", hide_env_values = true, value_parser = ControlToken::parse, value_name = "TOKEN")]
    control_token: Option<ControlToken>,
}

impl EndpointOption {
    /// Endpoint without a slash at the end.
    pub(super) fn url(&self) -> &str {
        self.endpoint.trim_end_matches('/')
    }

    /// The token to send.
    pub(super) fn token(&self) -> Option<&str> {
        self.control_token.as_ref().and_then(ControlToken::given)
    }

    /// Calls the control API. Returns status and body.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        limit: Duration,
    ) -> Result<(u16, Bytes), String> {
        let exchange = exchange(self.url(), self.token(), method, path, body);
        tokio::time::timeout(limit, exchange).await.unwrap_or_else(|_| Err("no response in time".to_owned()))
    }

    /// Sends a GET request.
    pub(super) async fn get(&self, path: &str, limit: Duration) -> Result<(u16, Bytes), String> {
        self.call(Method::GET, path, Bytes::new(), limit).await
    }
}

/// Sends a request. Returns status and body of the response.
pub(super) async fn exchange(
    endpoint: &str,
    token: Option<&str>,
    method: Method,
    path: &str,
    body: Bytes,
) -> Result<(u16, Bytes), String> {
    let answer = send(endpoint, token, method, path, body).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
    Ok((status, body.to_bytes()))
}

/// Sends a request. The caller reads the body of the response.
pub(super) async fn send(
    endpoint: &str,
    token: Option<&str>,
    method: Method,
    path: &str,
    body: Bytes,
) -> Result<Response<Incoming>, String> {
    let address = endpoint.strip_prefix("http://").ok_or("an endpoint must start with `http://`")?;
    let mut request = Request::builder().method(method).uri(path).header("host", address);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Full::new(body)).map_err(|error| error.to_string())?;
    let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    let io = hyper_util::rt::TokioIo::new(stream);
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(io).await.map_err(|error| error.to_string())?;
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(|error| error.to_string())
}

/// Error text if the emulator does not respond.
pub(super) fn nobody(endpoint: &str, error: &str) -> String {
    format!("no response from `{endpoint}`: {error}; start an emulator with `alimock serve`")
}

/// Error text from the control API's response.
pub(super) fn reason(body: &[u8]) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let hint = body["error"]["hint"].as_str().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{}{hint}", body["error"]["message"].as_str().unwrap_or("the server rejected the request"))
}
