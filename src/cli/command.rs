//! `alimock do`: carries out a command of docs/commands.md in a running emulator.

use crate::cli::client::EndpointOption;
use crate::cli::{USAGE, ctl, fail};
use clap::Args;
use http::Method;
use std::fmt::Write;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(super) struct DoOptions {
    #[command(flatten)]
    endpoint: EndpointOption,
    /// World to change
    #[arg(long, env = "ALIMOCK_WORLD", default_value = "default", value_name = "WORLD")]
    world: String,
    /// Command, as in docs/commands.md: disableKey, setState, certify
    command: String,
    /// Fields of the command; a value that begins with [ or { is a list or has fields: holds=[LOGIN, RISK]
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
}

pub(super) fn run(options: &DoOptions) -> ExitCode {
    match body(&options.command, &options.fields) {
        Ok(body) => {
            let path = format!("/_alimock/worlds/{}/commands", options.world);
            ctl::call(&options.endpoint, Method::POST, &path, body.into())
        }
        Err(message) => fail(USAGE, &message),
    }
}

/// The command as the control API takes it.
fn body(command: &str, fields: &[String]) -> Result<String, String> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut body = format!("{{{}: {{", quoted(command));
    for field in fields {
        let (name, value) = field
            .split_once('=')
            .ok_or_else(|| format!("`{field}` is not a field of a command; write `FIELD=VALUE`"))?;
        let value = if value.starts_with(['[', '{']) { value.to_owned() } else { quoted(value) };
        let _ = write!(body, "{}: {value}, ", quoted(name));
    }
    Ok(body + "}}")
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn fields_are_texts_lists_or_fields_and_the_reader_makes_numbers_of_texts() {
        let fields = ["account=demo", "balance=-12.5", "holds=[LOGIN, RISK]"].map(str::to_owned);
        assert_eq!(
            body("setState", &fields).unwrap(),
            r#"{"setState": {"account": "demo", "balance": "-12.5", "holds": [LOGIN, RISK], }}"#
        );
        assert_eq!(body("stay", &[]).unwrap(), r#"{"stay": {}}"#);
        let refused = body("stay", &["demo".to_owned()]).unwrap_err();
        assert_eq!(refused, "`demo` is not a field of a command; write `FIELD=VALUE`");
    }
}
