//! The signals that end us. The handlers stand from [`Signals::new`] on, so none that comes later is lost.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT.
pub(super) struct Signals {
    pub(super) term: Signal,
    pub(super) int: Signal,
}

impl Signals {
    pub(super) fn new() -> Self {
        let handle = |kind| signal(kind).expect("handlers for SIGTERM and SIGINT can be set");
        Self { term: handle(SignalKind::terminate()), int: handle(SignalKind::interrupt()) }
    }

    /// Done when either comes.
    pub(super) async fn either(mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}
