//! Time limits of a connection: the client must send requests, and accept responses, in time.
//!
//! hyper has a timer for heads. But it counts the pause between two requests as part of the next head, and sets the timer for each
//! request. Here the connection's task checks once a second, which costs a request two atomic writes.

use crate::server::head::Heads;
use crate::server::limits::{LEAST_TAKEN, Limits};
use crate::server::refusal::Refusal;
use crate::server::stream::Stream;
use parking_lot::Mutex;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicBool, AtomicU32, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// State that a connection's task, socket and service share.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    received: AtomicU64,
    /// Bytes received when the last response was ready. Later bytes belong to the next head.
    answered: AtomicU64,
    /// Responses in progress: being created or sent.
    busy: AtomicU32,
    /// True to close the connection with a TCP reset.
    reset: AtomicBool,
    /// True if the last response has no end.
    endless: AtomicBool,
    served: AtomicBool,
    quiet: AtomicU32,
    /// True if requests run in parallel (HTTP/2). Then bytes between two responses need not belong to a head.
    shared: bool,
    /// Signals that a fault rule ends the connection. In HTTP/2, a failed request alone does not end it.
    ended: Notify,
    /// Number of requests that the service received.
    requests: AtomicU64,
    /// Number of the substitute for a bad head, counted from 1, and the reason of the rejection.
    refused_at: AtomicU64,
    refused: Mutex<Option<Refusal>>,
    /// Bytes sent, and their number when the client last accepted enough.
    sent: AtomicU64,
    taken: AtomicU64,
    /// True while the client accepts no bytes, and the number of checks since then.
    is_blocked: AtomicBool,
    blocked: AtomicU32,
    /// Time limits.
    times: Times,
}

/// Time limits as numbers of checks.
#[derive(Debug, Default)]
struct Times {
    head: u32,
    idle: u32,
    silence: u32,
}

impl Pulse {
    /// Creates the state of a connection. `shared` is true for HTTP/2.
    pub(super) fn new(shared: bool, limits: &Limits) -> Arc<Self> {
        let [head, idle, silence] = [limits.head, limits.idle, limits.silence].map(|span| limits.ticks(span));
        Arc::new(Self { shared, times: Times { head, idle, silence }, ..Self::default() })
    }

    /// Returns `true` if the connection carries requests in parallel.
    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// Counts a request. Returns the reason of the rejection if the request is the substitute for a bad head.
    pub(super) fn next_request(&self) -> Option<Refusal> {
        let number = self.requests.fetch_add(1, Relaxed) + 1;
        if self.refused_at.load(Acquire) == number { self.refused.lock().take() } else { None }
    }

    /// Ends the connection and all its requests.
    pub(super) fn end(&self) {
        self.ended.notify_one();
    }

    /// Waits for the order to end the connection at once.
    pub(super) async fn ended(&self) {
        self.ended.notified().await;
    }

    /// Marks the connection busy until the guard is dropped.
    pub(super) fn begin(pulse: &Arc<Self>) -> Busy {
        pulse.busy.fetch_add(1, Relaxed);
        Busy(Arc::clone(pulse))
    }

    /// Makes the connection end with a TCP reset.
    pub(super) fn reset_at_end(&self) {
        self.reset.store(true, Relaxed);
    }

    /// Records if the current response has no end.
    pub(super) fn set_endless(&self, endless: bool) {
        self.endless.store(endless, Relaxed);
    }

    /// Returns `true` if the last response has no end, even after the server stopped it.
    pub(super) fn is_endless(&self) -> bool {
        self.endless.load(Relaxed)
    }

    /// Runs at each check. Returns `true` if the client has accepted too little for too long.
    pub(super) fn is_stalled(&self) -> bool {
        let sent = self.sent.load(Relaxed);
        let is_blocked = self.is_blocked.load(Relaxed);
        if !is_blocked || sent - self.taken.load(Relaxed) >= LEAST_TAKEN {
            self.taken.store(sent, Relaxed);
            self.blocked.store(0, Relaxed);
            return false;
        }
        self.blocked.fetch_add(1, Relaxed) >= self.times.silence
    }

    /// Runs at each check. Returns `true` if the time for the next request is over.
    pub(super) fn is_over(&self) -> bool {
        // While a response is sent, no next request is expected.
        if self.busy.load(Relaxed) > 0 || !self.shared && self.is_blocked.load(Relaxed) {
            return false;
        }
        let has_begun = !self.shared && self.received.load(Relaxed) > self.answered.load(Relaxed);
        let in_head = !self.served.load(Relaxed) || has_begun;
        let looks = self.quiet.fetch_add(1, Relaxed);
        looks >= if in_head { self.times.head } else { self.times.idle }
    }
}

/// Guard: a request is in progress.
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

/// A stream that counts received and sent bytes, and checks the heads of HTTP/1.1.
pub(super) struct Watched {
    stream: Stream,
    pulse: Arc<Pulse>,
    heads: Option<Heads>,
    /// Bytes discarded at the end.
    read_away: usize,
}

/// Maximum bytes to discard when a connection ends in the middle of a request. Otherwise a client that still sends could lose the
/// response.
const READ_AWAY: usize = 4 << 20;

impl Watched {
    pub(super) fn new(stream: Stream, pulse: Arc<Pulse>) -> Self {
        let heads = (!pulse.shared).then(Heads::new);
        Self { stream, pulse, heads, read_away: 0 }
    }

    /// Records the bytes that the client accepted, and if it accepts more now.
    fn sent<T>(&self, polled: &Poll<io::Result<T>>, count: impl FnOnce(&T) -> usize) {
        match polled {
            Poll::Pending => self.pulse.is_blocked.store(true, Relaxed),
            Poll::Ready(sent) => {
                self.pulse.is_blocked.store(false, Relaxed);
                let count = sent.as_ref().map_or(0, count);
                self.pulse.sent.fetch_add(count as u64, Relaxed);
            }
        }
    }

    /// Discards what the client still sends, until the client stops.
    fn read_away(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.read_away < READ_AWAY {
            let mut part = [0; 4096];
            let mut part = ReadBuf::new(&mut part);
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part)) {
                Ok(()) if !part.filled().is_empty() => self.read_away += part.filled().len(),
                _ => break,
            }
        }
        Poll::Ready(())
    }

    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.pulse.reset.load(Relaxed) {
            // The peer may have closed the connection already; then no reset is needed.
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
        let this = &mut *self;
        let pulse = &this.pulse;
        let before = pulse.received.load(Relaxed);
        let (polled, received) = if let Some(heads) = &mut this.heads {
            let polled = heads.poll_read(&mut this.stream, cx, buf).map_ok(|refused| {
                if let Some((number, why)) = refused {
                    *pulse.refused.lock() = Some(why);
                    pulse.refused_at.store(number, Release);
                }
            });
            (polled, heads.received())
        } else {
            let filled = buf.filled().len();
            let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
            (polled, before + (buf.filled().len() - filled) as u64)
        };
        // The first byte of a head ends the pause before it.
        if received > before && pulse.answered.load(Relaxed) == before {
            pulse.quiet.store(0, Relaxed);
        }
        pulse.received.store(received, Relaxed);
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.sent(&polled, |count| *count);
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.sent(&polled, |count| *count);
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        self.sent(&polled, |()| 0);
        polled
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        if self.heads.as_ref().is_some_and(Heads::is_cut) {
            ready!(self.read_away(cx));
        }
        Poll::Ready(Ok(()))
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
        let pulse = Pulse::new(false, &Limits::default());
        assert_eq!(seconds_until_over(&pulse), 10);

        drop(Pulse::begin(&pulse));
        assert_eq!(seconds_until_over(&pulse), 25);

        drop(Pulse::begin(&pulse));
        pulse.received.fetch_add(1, Relaxed);
        assert_eq!(seconds_until_over(&pulse), 10);

        let busy = Pulse::begin(&pulse);
        assert!((0..1000).all(|_| !pulse.is_over()));
        drop(busy);

        let shared = Pulse::new(true, &Limits::default());
        drop(Pulse::begin(&shared));
        shared.received.fetch_add(1, Relaxed);
        assert_eq!(seconds_until_over(&shared), 25);
    }
}
