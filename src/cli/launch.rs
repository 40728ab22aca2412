//! Launcher of the command of a run: `alimock __launch`, which replaces itself by the command.
//!
//! A process must request its parent-death signal between `fork` and `exec`. Code between the two is unsafe in Rust. So `run` starts
//! alimock itself with a hidden argument; that process requests the signal and then calls `exec`.

use crate::cli::USAGE;
use rustix::process::getppid;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The hidden argument.
const WORD: &str = "__launch";
/// The running program, even if its file was moved or replaced.
const ITSELF: &str = "/proc/self/exe";

/// Command that starts `program` through the launcher. If `exec` fails, the launcher writes the reason to the file `refused`.
pub(super) fn through(program: &str, refused: &Path) -> tokio::process::Command {
    // Without /proc, the command survives the death of alimock.
    if !cfg!(target_os = "linux") || !Path::new(ITSELF).exists() {
        return tokio::process::Command::new(program);
    }
    let mut command = tokio::process::Command::new(ITSELF);
    command.arg0("alimock").arg(WORD).arg(std::process::id().to_string()).arg(refused).arg(program);
    command
}

/// Runs the launcher if the arguments ask for it. Returns only if it did not become the command.
pub(super) fn launched(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    arguments.nth(1).filter(|word| word == WORD)?;
    let parent = arguments.next()?.to_str()?.parse::<i32>().ok()?;
    let (refused, program) = (arguments.next()?, arguments.next()?);
    die_with_parent();
    if getppid().is_none_or(|now| now.as_raw_nonzero().get() != parent) {
        // The parent is dead already.
        return Some(ExitCode::from(USAGE));
    }
    let error = Command::new(program).args(arguments).exec();
    let _ = fs::write(refused, error.to_string());
    Some(ExitCode::from(USAGE))
}

#[cfg(target_os = "linux")]
fn die_with_parent() {
    use rustix::process::{Signal, set_parent_process_death_signal};
    // If the kernel rejects this, the command runs without it.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent() {}
