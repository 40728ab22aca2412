//! Access to the control API, to secrets, to files and to child processes. One file for each subject.

mod control_token;
mod credentials;
mod data_dir;
mod shown_secrets;
mod signals;

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// For a program to end; a program that hangs fails the test.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program under test, without variables of its own in the environment.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alimock"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ALIMOCK_") {
            command.env_remove(name);
        }
    }
    command
}

/// Sends a signal to a process.
#[track_caller]
pub fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Waits for the end of a program, and kills it when that does not come.
pub fn end(child: &mut Child) -> ExitStatus {
    let (ended, still) = mpsc::channel::<()>();
    let pid = child.id();
    let guard = std::thread::spawn(move || {
        if still.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
            signal(pid, Signal::KILL);
        }
    });
    let status = child.wait().unwrap();
    drop(ended);
    guard.join().unwrap();
    status
}

/// An address of this machine that is free.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A directory of the test's own, empty.
pub fn scratch(name: &str) -> PathBuf {
    let path =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// `alimock serve`, and what it said at its start.
pub struct Served {
    pub child: Child,
    pub said: BufReader<ChildStderr>,
    pub block: String,
}

impl Served {
    /// Starts it; `arguments` name the address.
    #[track_caller]
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = program();
        command.arg("serve").args(arguments);
        Self::spawn(command)
    }

    #[track_caller]
    pub fn spawn(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut block = String::new();
        while !block.contains("  checks ") {
            assert_ne!(said.read_line(&mut block).unwrap(), 0, "it ended: {block}");
        }
        Self { child, said, block }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let endpoint = self.block.split([' ', '\n', '"']).find_map(|word| word.strip_prefix("http://"));
        endpoint.unwrap().parse().unwrap()
    }

    /// Sends a signal and waits for the end; gives the exit code.
    pub fn stop(&mut self, by: Signal) -> Option<i32> {
        signal(self.child.id(), by);
        end(&mut self.child).code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
