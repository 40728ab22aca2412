//! `alimock deny-sweep -- CMD`: finds the permission denials that a program survives.

use crate::cli::options::REPORTS;
use crate::cli::run::{Job, JobOptions, exit_code, exit_number};
use crate::cli::serve::start_log;
use crate::cli::signals::Signals;
use crate::cli::{USAGE, colour, fail, log, runtime, say};
use crate::services::{self, Denial};
use crate::world::faults::{Effect, Match, Refuse, Rule, When};
use clap::Args;
use rustix::process::Signal;
use serde::Serialize;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(super) struct SweepOptions {
    #[command(flatten)]
    job: JobOptions,
    /// Write the result to this file as JSON
    #[arg(long, env = "ALIMOCK_JSON", value_name = "FILE", help_heading = REPORTS)]
    json: Option<PathBuf>,
}

/// Clears the progress line.
const CLEAR: &str = "\r\x1b[K";

/// Result of the command while one action was denied.
#[derive(Serialize)]
struct Taken {
    product: &'static str,
    action: &'static str,
    /// Number of denied calls.
    refused: u64,
    survived: bool,
    exit: i32,
}

pub(super) fn run(options: SweepOptions) -> ExitCode {
    start_log(&options.job.seed);
    runtime().block_on(async {
        match options.sweep().await {
            Ok(code) => code,
            Err(message) => fail(USAGE, &message),
        }
    })
}

/// Reports a sweep without a result. A command that a signal ended says nothing about a denial.
fn stopped(by: Signal) -> ExitCode {
    fail(u8::try_from(128 + by.as_raw()).unwrap_or(1), "a signal stopped the sweep; it has no result")
}

impl SweepOptions {
    /// Runs the command once to record its actions, and then once for each action, with that action denied.
    async fn sweep(&self) -> Result<ExitCode, String> {
        let mut signals = Signals::new();
        let (ended, outcomes) = {
            let job = Job { options: &self.job, quiet: false, fault: None, needs: None };
            let (ended, worlds) = job.run(self.job.seed.scenario()?, &mut signals).await?;
            (ended, worlds.outcomes())
        };
        if let Some(by) = ended.told {
            return Ok(stopped(by));
        }
        let status = ended.status;
        if !status.success() {
            fail(USAGE, "the command fails without any denial; make it succeed first");
            return Ok(exit_code(status));
        }
        let mut taken = Vec::new();
        let terminal = std::io::stderr().is_terminal();
        for (number, (product, action)) in outcomes.keys().enumerate() {
            if terminal {
                let (number, all) = (number + 1, outcomes.len());
                log::say(&format!("{CLEAR}denying {product} {action} ({number} of {all})"));
            }
            match self.refusing(product, action, &mut signals).await? {
                Ok(one) => taken.push(one),
                Err(by) => {
                    if terminal {
                        log::say(CLEAR);
                    }
                    return Ok(stopped(by));
                }
            }
        }
        if terminal {
            log::say(CLEAR);
        }
        self.report(&taken)
    }

    /// Runs the command with one action denied. Returns the signal instead if one stopped it.
    async fn refusing(
        &self,
        product: &'static str,
        action: &'static str,
        signals: &mut Signals,
    ) -> Result<Result<Taken, Signal>, String> {
        // Each product has its own error: docs/evidence/gateway.md 6.3.
        let denial = services::by_code(product).map_or(Denial::Other, |product| product.denial).known();
        let error = Refuse {
            code: denial.code.to_owned(),
            status: Some(denial.status),
            message: Some(denial.message.replace("{}", "").trim_end().to_owned()),
            retry_after: None,
        };
        let rule = Rule {
            name: "deny-sweep".to_owned(),
            enabled: true,
            matching: Match {
                product: Some(product.to_owned()),
                action: Some(action.to_owned()),
                ..Match::default()
            },
            when: When::default(),
            effect: Effect { error: Some(error), ..Effect::default() },
        };
        let job = Job { options: &self.job, quiet: true, fault: Some(rule), needs: None };
        let (ended, worlds) = job.run(self.job.seed.scenario()?, signals).await?;
        if let Some(by) = ended.told {
            return Ok(Err(by));
        }
        let status = ended.status;
        let rules = worlds.default_world().faults.list();
        let refused = rules.iter().find(|rule| rule.rule.name == "deny-sweep").map_or(0, |rule| rule.struck);
        Ok(Ok(Taken { product, action, refused, survived: status.success(), exit: exit_number(status) }))
    }

    fn report(&self, taken: &[Taken]) -> Result<ExitCode, String> {
        let colour = colour::of_output();
        let mut out = String::new();
        for one in taken {
            let (word, paint) = if one.survived { ("survives", "\x1b[32m") } else { ("fails", "\x1b[31m") };
            let (paint, plain) = if colour { (paint, "\x1b[0m") } else { ("", "") };
            let exit = if one.survived { String::new() } else { format!(", exit {}", one.exit) };
            let called = format!("{} {}", one.product, one.action);
            let _ = writeln!(out, "{paint}{word:<8}{plain} {called} ({} denied{exit})", one.refused);
        }
        let survived = taken.iter().filter(|one| one.survived).count();
        let _ = writeln!(out, "the command survives {survived} of {} denials", taken.len());
        let said = say(out.as_bytes());
        let Some(file) = &self.json else { return Ok(said) };
        let text = serde_json::to_string_pretty(taken).expect("a result is plain data") + "\n";
        std::fs::write(file, text).map_err(|error| format!("cannot write `{}`: {error}", file.display()))?;
        Ok(said)
    }
}
