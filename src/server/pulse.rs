//! Whether a connection still lives: whether its client sends a request, or takes an answer, within the limits.
//!
//! hyper has a timer of its own for heads, but counts the pause between two requests as part of the next head, and arms it
//! anew for every request. Here the connection's task looks once a second, which costs a request two atomic writes.

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
    /// Requests that have come to the service.
    requests: AtomicU64,
    /// Which of them stands in for a bad head, counted from 1, and why that is refused.
    refused_at: AtomicU64,
    refused: Mutex<Option<Refusal>>,
    /// Bytes sent, and how many when the client was last seen to take enough of them.
    sent: AtomicU64,
    taken: AtomicU64,
    /// Whether there are bytes that the client does not take now, and since when.
    is_blocked: AtomicBool,
    blocked: AtomicU32,
    /// How often it is looked at while one of its times passes.
    times: Times,
}

/// Times as numbers of looks.
#[derive(Debug, Default)]
struct Times {
    head: u32,
    idle: u32,
    silence: u32,
}

impl Pulse {
    /// Of a connection that carries one request at a time, or more of them.
    pub(super) fn new(shared: bool, limits: &Limits) -> Arc<Self> {
        let [head, idle, silence] = [limits.head, limits.idle, limits.silence].map(|span| limits.ticks(span));
        Arc::new(Self { shared, times: Times { head, idle, silence }, ..Self::default() })
    }

    /// Whether it carries one request at a time.
    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// Counts a request; gives why it is refused when it stands in for a bad head.
    pub(super) fn next_request(&self) -> Option<Refusal> {
        let number = self.requests.fetch_add(1, Relaxed) + 1;
        if self.refused_at.load(Acquire) == number { self.refused.lock().take() } else { None }
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

    /// Called at every look: whether a client has taken too little of what it is sent for too long.
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

    /// Called at every look: whether the time for the next request is up.
    pub(super) fn is_over(&self) -> bool {
        // While an answer is on its way the next request is not waited for.
        if self.busy.load(Relaxed) > 0 || !self.shared && self.is_blocked.load(Relaxed) {
            return false;
        }
        let has_begun = !self.shared && self.received.load(Relaxed) > self.answered.load(Relaxed);
        let in_head = !self.served.load(Relaxed) || has_begun;
        let looks = self.quiet.fetch_add(1, Relaxed);
        looks >= if in_head { self.times.head } else { self.times.idle }
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

/// A stream that counts what it receives and sends, and checks the heads of HTTP/1.1.
pub(super) struct Watched {
    stream: Stream,
    pulse: Arc<Pulse>,
    heads: Option<Heads>,
    /// Bytes that were thrown away at the end.
    read_away: usize,
}

/// Bytes that are read and thrown away when a connection ends in the middle of a request: without that the client, who still
/// sends, might lose the answer.
const READ_AWAY: usize = 4 << 20;

impl Watched {
    pub(super) fn new(stream: Stream, pulse: Arc<Pulse>) -> Self {
        let heads = (!pulse.shared).then(Heads::new);
        Self { stream, pulse, heads, read_away: 0 }
    }

    /// Notes how much a client has taken, and whether it takes more now.
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

    /// Reads what the client still sends, until it has seen that nobody listens.
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
