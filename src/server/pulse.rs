//! Whether a connection still lives: ten seconds for a request head, twenty-five between requests.
//!
//! hyper has a timer of its own for heads, but counts the pause between two requests as part of the next head, and arms it
//! anew for every request. Here the connection's task looks once a second, which costs a request two atomic writes.

use crate::server::stream::Stream;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// Seconds for a whole head, from its first byte or from the opening of the connection.
const HEAD_SECONDS: u32 = 10;
/// Seconds between requests; the `Keep-Alive` header says so. Source: facts/gateway.md 5.4.
const IDLE_SECONDS: u32 = 25;

/// What the connection's task, its socket and its service know of each other.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    received: AtomicU64,
    /// Bytes received when the last answer was ready: more than that is part of the next head.
    answered: AtomicU64,
    /// Answers under way: made, or still travelling.
    busy: AtomicU32,
    /// Whether the connection is to end by a reset.
    reset: AtomicBool,
    /// Whether the last answer has no end of its own.
    endless: AtomicBool,
    served: AtomicBool,
    quiet: AtomicU32,
    /// Whether requests run beside each other (HTTP/2): then bytes between two answers need not be part of a head.
    shared: bool,
    /// A rule ends the connection, where the failure of one request does not.
    ended: Notify,
}

impl Pulse {
    /// Of a connection that carries one request at a time, or more of them.
    pub(super) fn new(shared: bool) -> Arc<Self> {
        Arc::new(Self { shared, ..Self::default() })
    }

    /// Ends the connection and everything on it.
    pub(super) fn end(&self) {
        self.ended.notify_one();
    }

    /// Done when the connection is to end at once.
    pub(super) async fn ended(&self) {
        self.ended.notified().await;
    }

    /// Marks the connection busy until the guard is dropped.
    pub(super) fn begin(pulse: &Arc<Self>) -> Busy {
        pulse.busy.fetch_add(1, Relaxed);
        Busy(Arc::clone(pulse))
    }

    /// Has the connection end by a reset, whenever it ends.
    pub(super) fn reset_at_end(&self) {
        self.reset.store(true, Relaxed);
    }

    /// Notes whether the answer that is made has an end of its own.
    pub(super) fn set_endless(&self, endless: bool) {
        self.endless.store(endless, Relaxed);
    }

    /// Whether the last answer has none, be it on its way or ended by the stop of the server.
    pub(super) fn is_endless(&self) -> bool {
        self.endless.load(Relaxed)
    }

    /// Called once a second: whether the time is up.
    pub(super) fn is_over(&self) -> bool {
        if self.busy.load(Relaxed) > 0 {
            return false;
        }
        let has_begun = !self.shared && self.received.load(Relaxed) > self.answered.load(Relaxed);
        let in_head = !self.served.load(Relaxed) || has_begun;
        let seconds = self.quiet.fetch_add(1, Relaxed);
        seconds >= if in_head { HEAD_SECONDS } else { IDLE_SECONDS }
    }
}

/// A request is being answered.
pub(super) struct Busy(Arc<Pulse>);

impl Drop for Busy {
    fn drop(&mut self) {
        let pulse = &self.0;
        pulse.answered.store(pulse.received.load(Relaxed), Relaxed);
        pulse.quiet.store(0, Relaxed);
        pulse.served.store(true, Relaxed);
        pulse.busy.fetch_sub(1, Relaxed);
    }
}

/// A stream that counts what it receives.
pub(super) struct Watched {
    stream: Stream,
    pulse: Arc<Pulse>,
}

impl Watched {
    pub(super) fn new(stream: Stream, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse }
    }

    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.pulse.reset.load(Relaxed) {
            // The other side may have closed already: then there is nothing to reset.
            let _ = self.stream.socket().set_zero_linger();
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        let pulse = &self.pulse;
        let more = (buf.filled().len() - before) as u64;
        if more > 0 {
            // The first byte of a head ends the pause before it.
            if pulse.received.fetch_add(more, Relaxed) == pulse.answered.load(Relaxed) {
                pulse.quiet.store(0, Relaxed);
            }
        }
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds_until_over(pulse: &Pulse) -> u32 {
        (0..100).find(|_| pulse.is_over()).unwrap()
    }

    #[test]
    fn a_head_has_ten_seconds_a_pause_twenty_five_and_an_answer_any() {
        let pulse = Arc::new(Pulse::default());
        assert_eq!(seconds_until_over(&pulse), 10);

        drop(Pulse::begin(&pulse));
        assert_eq!(seconds_until_over(&pulse), 25);

        drop(Pulse::begin(&pulse));
        pulse.received.fetch_add(1, Relaxed);
        assert_eq!(seconds_until_over(&pulse), 10);

        let busy = Pulse::begin(&pulse);
        assert!((0..1000).all(|_| !pulse.is_over()));
        drop(busy);

        let shared = Pulse::new(true);
        drop(Pulse::begin(&shared));
        shared.received.fetch_add(1, Relaxed);
        assert_eq!(seconds_until_over(&shared), 25);
    }
}
