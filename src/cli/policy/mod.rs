//! `alimock policy lint|test|explain`: RAM policies without a server. Files are the only I/O.

mod cases;
mod lint;

use crate::cli::{USAGE, fail, say};
use crate::policy::{Context, Document, Effect, Kind, Layers, Outcome, Question, Verdict};
use crate::scenario::{Place, read_json};
use clap::{Args, Subcommand};
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(super) struct PolicyOptions {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Report errors of policy documents as RAM does, and warn of wildcards, unknown actions and conditions that never hold
    Lint {
        /// Files with a policy or a trust policy in JSON
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Exit code 1 also for warnings
        #[arg(long)]
        strict: bool,
    },
    /// Check a table of questions and expected decisions
    Test(cases::TestOptions),
    /// Show the decision about an action, statement by statement
    Explain(ExplainOptions),
}

#[derive(Args, Debug)]
struct ExplainOptions {
    /// Policies of the caller
    #[arg(long, required = true, value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// Session policy
    #[arg(long, value_name = "FILE")]
    session_policy: Option<PathBuf>,
    /// Action, such as oss:GetObject
    #[arg(long)]
    action: String,
    /// ARN of the resource
    #[arg(long, default_value = "*", value_name = "ARN")]
    resource: String,
    /// Condition key of the request; repeat it for more keys, or for more values of a key
    #[arg(long, value_name = "KEY=VALUE")]
    context: Vec<String>,
}

pub(super) fn run(options: &PolicyOptions) -> ExitCode {
    let done = match &options.command {
        Command::Lint { files, strict } => lint::run(files, *strict),
        Command::Test(options) => cases::run(options),
        Command::Explain(options) => explain(options),
    };
    done.unwrap_or_else(|message| fail(USAGE, &message))
}

/// Text of a file.
fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

/// Parses a policy in a file. An error has its line.
pub(super) fn document(path: &Path) -> Result<Document, String> {
    let text = text(path)?;
    Document::parse(&text, Kind::Permission).map_err(|why| {
        let tree = read_json(&text).0;
        let place = tree.map_or(Place { line: 1, column: 1, length: 1 }, |tree| {
            tree.follow(why.path.iter().map(String::as_str))
        });
        format!("{}:{}:{}: {why}", path.display(), place.line, place.column)
    })
}

fn read(path: &Path) -> Result<(&Path, Document), String> {
    document(path).map(|document| (path, document))
}

fn explain(options: &ExplainOptions) -> Result<ExitCode, String> {
    let policies: Vec<_> = options.policy.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let session = options.session_policy.as_deref().map(read).transpose()?;
    let context = Context::of_pairs(options.context.iter().map(String::as_str))?;
    let question = Question::new(&options.action, &options.resource, &context);
    let layers = Layers {
        session: session.as_ref().map(|(_, document)| document),
        account: policies.iter().map(|(_, document)| document).collect(),
        ..Layers::default()
    };
    let (layer, verdict) = layers.decide(&question);
    let mut out = format!("{}: {} on {}", verdict.name(), options.action, options.resource);
    let _ = writeln!(out, "{}", if verdict == Verdict::Allow { "" } else { " is denied" });
    let _ = writeln!(out, "decided by {}", layer.name());
    for (path, document) in session.iter().chain(&policies) {
        for ((effect, outcome), number) in document.judge(&question).zip(1..) {
            let mark = if outcome == Outcome::Applies { '*' } else { ' ' };
            let effect = if effect == Effect::Allow { "Allow" } else { "Deny" };
            let _ = writeln!(out, "{mark} {} statement {number} {effect}: {outcome}", path.display());
        }
    }
    let said = say(out.as_bytes());
    Ok(if verdict == Verdict::Allow { said } else { ExitCode::FAILURE })
}

/// Kind of a document: a trust policy names principals and no resources.
fn kind_of(document: &Value) -> Kind {
    let statements = &document["Statement"];
    let statements = statements.as_array().map_or(std::slice::from_ref(statements), Vec::as_slice);
    let has = |name: &str| statements.iter().any(|one| one.get(name).is_some());
    if has("Principal") && !has("Resource") && !has("NotResource") { Kind::Trust } else { Kind::Permission }
}
