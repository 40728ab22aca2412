//! Limits of connections: how many there are, and how long a client may keep one waiting. docs/limits.md lists them.

use std::time::Duration;

/// Bytes of the body of a request.
pub(super) const MAX_BODY: usize = 1 << 20;
/// Bytes of a request head.
pub(super) const MAX_HEAD: usize = 64 << 10;
/// Header fields of a request; as many as hyper takes when it is told nothing, which is faster.
pub(super) const MAX_FIELDS: usize = 100;
/// Letters of a method.
pub(super) const MAX_METHOD: usize = 32;
/// Requests at a time on one HTTP/2 connection.
pub(super) const MAX_STREAMS: u32 = 128;
/// HTTP/2 streams that a client may reset before they are answered; one more ends the connection.
pub(super) const MAX_RESETS: usize = 20;
/// Bytes of an answer that a client takes within [`Limits::silence`]; a slower one is gone.
pub(super) const LEAST_TAKEN: u64 = 16 << 10;
/// Bytes of a body that are not counted against [`Limits::held`].
pub(super) const SMALL_BODY: usize = 16 << 10;
/// Bytes of a body from which on a call is answered beside the network threads.
pub(super) const LARGE_BODY: usize = 32 << 10;

/// How much and how long a server waits for its clients.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at a time. A client address may hold as many as are free.
    pub connections: u32,
    /// Time for a whole request head, from its first byte or from the opening of the connection.
    pub head: Duration,
    /// Time between requests; the `Keep-Alive` header says so. Source: docs/evidence/gateway.md 5.4.
    pub idle: Duration,
    /// Time without a byte of a body, and without progress in an answer.
    pub silence: Duration,
    /// Time for a whole body.
    pub body: Duration,
    /// Time for the first byte of a connection, and for a whole TLS handshake after it.
    pub handshake: Duration,
    /// Bytes of all bodies over 16 KiB that are held at a time.
    pub held: usize,
    /// Calls of the control API that may take long, at a time; the rest waits in line. The same number counts for calls of
    /// the gateway with large bodies, in a line of their own.
    pub heavy: usize,
    /// Other calls of the control API at a time.
    pub quick: usize,
    /// How often a connection is looked at.
    pub tick: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 12_000,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(25),
            silence: Duration::from_secs(30),
            body: Duration::from_secs(120),
            handshake: Duration::from_secs(10),
            held: 256 << 20,
            heavy: 2,
            quick: 4,
            tick: Duration::from_secs(1),
        }
    }
}

impl Limits {
    /// The same numbers with times that are `factor` times as short, for tests.
    #[must_use]
    pub fn hurried(factor: u32) -> Self {
        let usual = Self::default();
        Self {
            head: usual.head / factor,
            idle: usual.idle / factor,
            silence: usual.silence / factor,
            body: usual.body / factor,
            handshake: usual.handshake / factor,
            tick: usual.tick / factor,
            ..usual
        }
    }

    /// How often a connection is looked at in a span.
    pub(super) fn ticks(&self, span: Duration) -> u32 {
        u32::try_from(span.as_nanos() / self.tick.as_nanos().max(1)).unwrap_or(u32::MAX)
    }
}
