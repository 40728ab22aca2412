//! The step between a run and its command: the program itself, which becomes the command.
//!
//! A process asks for a signal at the death of its parent after it was made and before it is another program. Only unsafe code can do
//! that in between, so the run starts the program it is, with a word that no user types, and that asks and becomes the command.

use crate::cli::USAGE;
use rustix::process::getppid;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The word.
const WORD: &str = "__launch";
/// The running program, wherever its file is now.
const ITSELF: &str = "/proc/self/exe";

/// The command that starts `program` through this step. Why it cannot be run is written to the file `refused`.
pub(super) fn through(program: &str, refused: &Path) -> tokio::process::Command {
    // Without /proc the command outlives a program that is killed.
    if !cfg!(target_os = "linux") || !Path::new(ITSELF).exists() {
        return tokio::process::Command::new(program);
    }
    let mut command = tokio::process::Command::new(ITSELF);
    command.arg0("alimock").arg(WORD).arg(std::process::id().to_string()).arg(refused).arg(program);
    command
}

/// Becomes the command when the arguments of this program say so; gives an exit code when that fails.
pub(super) fn launched(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    arguments.nth(1).filter(|word| word == WORD)?;
    let parent = arguments.next()?.to_str()?.parse::<i32>().ok()?;
    let (refused, program) = (arguments.next()?, arguments.next()?);
    die_with_parent();
    if getppid().is_none_or(|now| now.as_raw_nonzero().get() != parent) {
        // It is dead already.
        return Some(ExitCode::from(USAGE));
    }
    let error = Command::new(program).args(arguments).exec();
    let _ = fs::write(refused, error.to_string());
    Some(ExitCode::from(USAGE))
}

#[cfg(target_os = "linux")]
fn die_with_parent() {
    use rustix::process::{Signal, set_parent_process_death_signal};
    // A kernel that refuses leaves the command as it would be without.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent() {}
