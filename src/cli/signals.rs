//! Signals that end the program. [`Signals::new`] installs the handlers; no later signal is lost.

use rustix::process::Signal as Kind;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM, SIGINT, SIGQUIT, and SIGHUP unless the program was started to ignore it (`nohup`).
pub(super) struct Signals {
    term: Signal,
    int: Signal,
    quit: Signal,
    hup: Option<Signal>,
}

impl Signals {
    pub(super) fn new() -> Self {
        let handle = |kind| signal(kind).expect("handlers for signals can be set");
        Self {
            term: handle(SignalKind::terminate()),
            int: handle(SignalKind::interrupt()),
            quit: handle(SignalKind::quit()),
            hup: (!is_ignored(Kind::HUP)).then(|| handle(SignalKind::hangup())),
        }
    }

    /// Waits for the next signal.
    pub(super) async fn next(&mut self) -> Kind {
        let Self { term, int, quit, hup } = self;
        let hup = async {
            match hup {
                Some(hup) => hup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = term.recv() => Kind::TERM,
            _ = int.recv() => Kind::INT,
            _ = quit.recv() => Kind::QUIT,
            _ = hup => Kind::HUP,
        }
    }

    /// Waits for any signal.
    pub(super) async fn any(mut self) {
        self.next().await;
    }
}

/// Returns `true` if the program was started with this signal ignored. Works on Linux only.
fn is_ignored(signal: Kind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal.as_raw() - 1) & 1 == 1
}
