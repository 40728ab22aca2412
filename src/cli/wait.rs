//! `alimock wait`: until an emulator is ready. The container's health check is this command.

use crate::cli::{fail, runtime};
use crate::text::parse_duration;
use bytes::Bytes;
use clap::Args;
use http_body_util::{BodyExt, Empty};
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpStream;

pub(super) const DEFAULT_ENDPOINT: &str = "http://127.0.0.1:4588";

#[derive(Args, Debug)]
pub(super) struct WaitOptions {
    /// The emulator to wait for
    #[arg(long, env = "ALIMOCK_ENDPOINT", default_value = DEFAULT_ENDPOINT, value_name = "URL")]
    endpoint: String,
    /// How long to wait
    #[arg(long, env = "ALIMOCK_TIMEOUT", default_value = "30s", value_parser = timeout, value_name = "SPAN")]
    timeout: Duration,
}

fn timeout(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .ok()
        .and_then(|span| Duration::try_from(span).ok())
        .ok_or_else(|| "expected a span such as 30s".to_owned())
}

pub(super) fn run(options: &WaitOptions) -> ExitCode {
    let endpoint = options.endpoint.trim_end_matches('/');
    let ready = runtime().block_on(async {
        tokio::time::timeout(options.timeout, async {
            let mut pause = tokio::time::interval(Duration::from_millis(50));
            let mut said = crate::world::clock::stopwatch();
            loop {
                pause.tick().await;
                match get(endpoint, "/_alimock/ready", options.timeout).await {
                    Ok((200, _)) => return,
                    _ if said.elapsed() > Duration::from_secs(2) => {
                        eprintln!("waiting for {endpoint} ...");
                        said = crate::world::clock::stopwatch();
                    }
                    _ => {}
                }
            }
        })
        .await
    });
    match ready {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => fail(1, &format!("{endpoint} was not ready within {:?}", options.timeout)),
    }
}

/// A plain GET: status and body.
pub(super) async fn get(endpoint: &str, path: &str, limit: Duration) -> Result<(u16, Bytes), String> {
    let address = endpoint.strip_prefix("http://").ok_or("an endpoint starts with http://")?;
    let exchange = async {
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        let io = hyper_util::rt::TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(io).await.map_err(|error| error.to_string())?;
        tokio::spawn(connection);
        let request = http::Request::get(path)
            .header("host", address)
            .body(Empty::<Bytes>::new())
            .map_err(|error| error.to_string())?;
        let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes()))
    };
    tokio::time::timeout(limit, exchange).await.unwrap_or_else(|_| Err("no answer in time".to_owned()))
}
