//! `alimock scenario list|show|check|new|schema`.

use crate::cli::options::{load, text};
use crate::cli::{USAGE, fail, say};
use crate::scenario::library::{self, TEMPLATE, purpose};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(super) struct ScenarioOptions {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Print the built-in scenarios and their purpose
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a built-in scenario
    Show {
        /// Name of the scenario
        name: PathBuf,
    },
    /// Check scenario files and report every problem
    Check {
        /// Files, or names of built-in scenarios
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Print a scenario as a template for a new one
    New,
    /// Print the JSON Schema of scenario files, for editors
    Schema,
}

pub(super) fn run(options: &ScenarioOptions) -> ExitCode {
    match &options.command {
        Command::List { json: true } => {
            let all = library::ALL.iter().map(|(name, text)| json!({"name": name, "purpose": purpose(text)}));
            say(format!("{}\n", json!({"scenarios": all.collect::<Vec<_>>()})).as_bytes())
        }
        Command::List { json: false } => {
            let width = library::ALL.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            let line = |(name, text): &(&str, &str)| format!("{name:<width$}  {}\n", purpose(text));
            say(library::ALL.iter().map(line).collect::<String>().as_bytes())
        }
        Command::Show { name } => match text(name) {
            Ok(text) => say(text.as_bytes()),
            Err(message) => fail(USAGE, &message),
        },
        Command::Check { files } => check(files),
        Command::New => say(TEMPLATE.as_bytes()),
        Command::Schema => say(crate::scenario::schema::text().as_bytes()),
    }
}

/// Checks files and prints every problem of each.
fn check(files: &[PathBuf]) -> ExitCode {
    let mut good = true;
    for file in files {
        match load(file) {
            Ok(_) => _ = say(format!("ok {}\n", file.display()).as_bytes()),
            Err(message) => {
                good = false;
                fail(USAGE, &message);
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::from(USAGE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_new_prints_can_be_planted() {
        crate::Scenario::parse(TEMPLATE).unwrap();
    }
}
