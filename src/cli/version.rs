//! `alimock version`: the version of this program and how it was built.

use crate::cli::say;
use clap::Args;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(super) struct VersionOptions {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Version {
    name: &'static str,
    version: &'static str,
    /// Commit that it was built from, if the build was told by the variable `ALIMOCK_COMMIT`.
    commit: Option<&'static str>,
    /// `release`, or `debug` with the checks of debug builds.
    profile: &'static str,
}

pub(super) fn run(options: &VersionOptions) -> ExitCode {
    let commit = option_env!("ALIMOCK_COMMIT").filter(|commit| !commit.is_empty());
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    if options.json {
        let version = Version { name, version, commit, profile };
        let text = serde_json::to_string(&version).expect("a version is plain data") + "\n";
        return say(text.as_bytes());
    }
    let commit = commit.map(|commit| format!(", commit {commit}")).unwrap_or_default();
    say(format!("{name} {version} ({profile}{commit})\n").as_bytes())
}
