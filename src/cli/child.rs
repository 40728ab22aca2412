//! The command of a run: its process group, the signals it receives, and the processes it leaves behind.
//!
//! Without a terminal, the command leads a new process group, and that group receives each signal that the run receives. On a terminal, the
//! command stays in the run's group. The terminal sends Ctrl-C, Ctrl-\ and Ctrl-Z to that group, and all its processes can read, also a
//! pager behind a pipe. With two groups, only one of them is in the foreground; the kernel stops a process of the other when it reads.

use crate::cli::signals::Signals;
use crate::world::clock::stopwatch;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs::File;
use std::process::ExitStatus;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};
use tokio::time::{Interval, MissedTickBehavior};

const TICK: Duration = Duration::from_millis(50);

/// A running command.
pub(super) struct Running {
    child: Child,
    pid: Option<Pid>,
    /// True if it leads a process group.
    leads: bool,
}

/// Exit status of a command and the signal that ended it.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// The first signal that the run received.
    pub(super) told: Option<Signal>,
}

/// The signals so far.
#[derive(Default)]
struct Told {
    first: Option<Signal>,
    since: Option<Instant>,
}

impl Running {
    /// Starts a command. The calling thread must live as long as the program: Linux ties the parent-death signal to that thread.
    pub(super) fn start(mut command: Command) -> std::io::Result<Self> {
        let leads = File::open("/dev/tty").is_err();
        if leads {
            command.process_group(0);
        }
        let child = command.spawn()?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        Ok(Self { child, pid, leads })
    }

    /// Waits for its end and passes on signals. After a signal, kills it and its processes when `grace` is over.
    pub(super) async fn ended(mut self, signals: &mut Signals, grace: Duration) -> Ended {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = Told::default();
        let status = loop {
            let is_told = told.since.is_some();
            tokio::select! {
                status = self.child.wait() => break status.expect("the child can be waited for"),
                signal = signals.next() => self.tell(signal, &mut told),
                _ = ticks.tick(), if is_told => if told.is_over(grace) { self.kill() },
            }
        };
        if told.since.is_some() {
            self.clear(signals, &mut told, &mut ticks, grace).await;
        }
        Ended { status, told: told.first }
    }

    /// Waits for processes that the command left behind, and kills them when `grace` is over.
    async fn clear(&self, signals: &mut Signals, told: &mut Told, ticks: &mut Interval, grace: Duration) {
        while self.has_left_others() {
            if told.is_over(grace) {
                self.kill();
                return;
            }
            tokio::select! {
                signal = signals.next() => self.tell(signal, told),
                _ = ticks.tick() => {}
            }
        }
    }

    /// Passes a signal on.
    fn tell(&self, signal: Signal, told: &mut Told) {
        told.first.get_or_insert(signal);
        let Some(pid) = self.pid else { return };
        if !self.leads && matches!(signal, Signal::INT | Signal::QUIT) {
            // The terminal sent it to the whole group. An interactive command, such as a shell, continues.
            return;
        }
        if told.since.is_none() {
            told.since = Some(stopwatch());
            family::adopt();
        }
        if self.leads {
            let _ = kill_process_group(pid, signal);
            // A stopped process handles the signal when it continues.
            let _ = kill_process_group(pid, Signal::CONT);
        } else if self.child.id().is_some() {
            let _ = kill_process(pid, signal);
        }
    }

    /// Kills the command and its processes.
    fn kill(&self) {
        if let Some(group) = self.group() {
            let _ = kill_process_group(group, Signal::KILL);
        }
        for pid in family::all(self.group()) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// Returns `true` while processes of the command are alive.
    fn has_left_others(&self) -> bool {
        !family::all(self.group()).is_empty()
    }

    /// The process group that it leads.
    fn group(&self) -> Option<Pid> {
        self.pid.filter(|_| self.leads)
    }
}

impl Told {
    fn is_over(&self, grace: Duration) -> bool {
        self.since.is_some_and(|since| since.elapsed() >= grace)
    }
}

/// The processes of a command.
#[cfg(target_os = "linux")]
mod family {
    use rustix::process::{Pid, getpid, set_child_subreaper};

    /// Makes this process the parent of orphaned descendants, so that `all` finds them.
    pub(super) fn adopt() {
        let _ = set_child_subreaper(Some(getpid()));
    }

    /// All descendants of this process, and all members of the group, that have not ended.
    pub(super) fn all(group: Option<Pid>) -> Vec<Pid> {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let processes: Vec<_> = entries.filter_map(|entry| read(entry.file_name().to_str()?)).collect();
        let mut found = vec![getpid()];
        let mut looked_at = 0;
        while let Some(&parent) = found.get(looked_at) {
            looked_at += 1;
            found.extend(processes.iter().filter(|one| one.parent == Some(parent)).map(|one| one.pid));
        }
        let belongs = |one: &&Process| found[1..].contains(&one.pid) || group.is_some() && one.group == group;
        processes.iter().filter(|one| !one.has_ended).filter(belongs).map(|one| one.pid).collect()
    }

    struct Process {
        pid: Pid,
        parent: Option<Pid>,
        group: Option<Pid>,
        has_ended: bool,
    }

    /// A process by its number. Source: proc(5), `/proc/[pid]/stat`: number, (name), state, parent, group.
    fn read(number: &str) -> Option<Process> {
        let pid = number.parse().ok().and_then(Pid::from_raw)?;
        let text = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
        // A process name can contain spaces and parentheses.
        let mut fields = text.rsplit_once(')')?.1.split_whitespace();
        let has_ended = matches!(fields.next()?, "Z" | "X");
        let mut next = || fields.next()?.parse().ok().and_then(Pid::from_raw);
        Some(Process { pid, parent: next(), group: next(), has_ended })
    }
}

#[cfg(not(target_os = "linux"))]
mod family {
    use rustix::process::{Pid, test_kill_process_group};

    pub(super) fn adopt() {}

    /// The leader of the group, while the group has members.
    pub(super) fn all(group: Option<Pid>) -> Vec<Pid> {
        group.filter(|group| test_kill_process_group(*group).is_ok()).into_iter().collect()
    }
}
