//! `alimock do`: carries out a command of docs/commands.md in a running emulator.

use crate::cli::client::EndpointOption;
use crate::cli::{USAGE, ctl, fail};
use clap::Args;
use http::Method;
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
    let fields: Result<Vec<_>, _> = options.fields.iter().map(|text| field(text)).collect();
    match fields {
        Ok(fields) => {
            let path = format!("/_alimock/worlds/{}/commands", options.world);
            ctl::call(&options.endpoint, Method::POST, &path, body(&options.command, &fields).into())
        }
        Err(message) => fail(USAGE, &message),
    }
}

/// Splits FIELD=VALUE.
pub(super) fn field(text: &str) -> Result<(&str, &str), String> {
    text.split_once('=').ok_or_else(|| format!("`{text}` is not a field of a command; write `FIELD=VALUE`"))
}

/// A command with its fields, as the control API takes it.
pub(super) fn body(command: &str, fields: &[(&str, &str)]) -> String {
    format!("{{{}: {}}}", quoted(command), map(fields))
}

/// Fields as the control API takes them. A value that begins with `[` or `{` is a list or an object.
pub(super) fn map(fields: &[(&str, &str)]) -> String {
    let value = |text: &str| if text.starts_with(['[', '{']) { text.to_owned() } else { quoted(text) };
    let fields: Vec<_> =
        fields.iter().map(|(name, text)| format!("{}: {}", quoted(name), value(text))).collect();
    format!("{{{}}}", fields.join(", "))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_texts_lists_or_fields_and_the_reader_makes_numbers_of_texts() {
        let fields =
            ["account=demo", "balance=-12.5", "holds=[LOGIN, RISK]"].map(|text| field(text).unwrap());
        assert_eq!(
            body("setState", &fields),
            r#"{"setState": {"account": "demo", "balance": "-12.5", "holds": [LOGIN, RISK]}}"#
        );
        assert_eq!(body("stay", &[]), r#"{"stay": {}}"#);
        assert_eq!(field("demo").unwrap_err(), "`demo` is not a field of a command; write `FIELD=VALUE`");
    }
}
