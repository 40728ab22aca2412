//! `alimock wait`: waits until an emulator is ready. The health check of the container uses this command.

use crate::cli::client::EndpointOption;
use crate::cli::options::span;
use crate::cli::{fail, log, runtime, say};
use clap::Args;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Args, Debug)]
pub(super) struct WaitOptions {
    #[command(flatten)]
    endpoint: EndpointOption,
    /// Maximum time to wait
    #[arg(long, env = "ALIMOCK_TIMEOUT", default_value = "30s", value_parser = span, value_name = "SPAN")]
    timeout: Duration,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &WaitOptions) -> ExitCode {
    let endpoint = options.endpoint.url();
    let ready = runtime().block_on(async {
        tokio::time::timeout(options.timeout, async {
            let mut pause = tokio::time::interval(Duration::from_millis(50));
            let mut said = crate::world::clock::stopwatch();
            loop {
                pause.tick().await;
                match options.endpoint.get("/_alimock/ready", options.timeout).await {
                    Ok((200, _)) => return,
                    _ if said.elapsed() > Duration::from_secs(2) => {
                        log::say(&format!("waiting for `{endpoint}`\n"));
                        said = crate::world::clock::stopwatch();
                    }
                    _ => {}
                }
            }
        })
        .await
    });
    if options.json {
        say(format!("{}\n", serde_json::json!({"endpoint": endpoint, "ready": ready.is_ok()})).as_bytes());
    }
    match ready {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => fail(1, &format!("`{endpoint}` was not ready within {:?}", options.timeout)),
    }
}
