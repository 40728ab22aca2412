//! Limits of connections: their number, and the time for each step of a request. docs/limits.md lists them.

use std::time::Duration;

/// Maximum bytes of a request body.
pub(super) const MAX_BODY: usize = 1 << 20;
/// Maximum bytes of a request head.
pub(super) const MAX_HEAD: usize = 64 << 10;
/// Maximum number of header fields. hyper's default is the same number, and hyper is faster with its default.
pub(super) const MAX_FIELDS: usize = 100;
/// Maximum length of a method.
pub(super) const MAX_METHOD: usize = 32;
/// Maximum number of simultaneous requests on one HTTP/2 connection.
pub(super) const MAX_STREAMS: u32 = 128;
/// Maximum number of HTTP/2 streams that a client may reset before their response. One more ends the connection.
pub(super) const MAX_RESETS: usize = 20;
/// Minimum number of response bytes that a client must accept within [`Limits::silence`]. A slower client is disconnected.
pub(super) const LEAST_TAKEN: u64 = 16 << 10;
/// Bytes of a body that do not count against [`Limits::held`].
pub(super) const SMALL_BODY: usize = 16 << 10;
/// Minimum body size for which a gateway call runs outside the network threads.
pub(super) const LARGE_BODY: usize = 32 << 10;

/// Limits of a server on its clients.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Maximum number of connections. One client address may hold as many as are free.
    pub connections: u32,
    /// Time for a complete request head, from its first byte or from the start of the connection.
    pub head: Duration,
    /// Time between requests; the `Keep-Alive` header announces it. Source: docs/evidence/gateway.md 5.4.
    pub idle: Duration,
    /// Time without a byte of a body, and without progress of a response.
    pub silence: Duration,
    /// Time for a complete body.
    pub body: Duration,
    /// Time for the first byte of a connection, and then for a complete TLS handshake.
    pub handshake: Duration,
    /// Maximum total bytes in memory of all bodies over 16 KiB.
    pub held: usize,
    /// Maximum number of simultaneous control API calls that may take long. Others wait. The same number applies separately to gateway calls
    /// with large bodies.
    pub heavy: usize,
    /// Maximum number of other simultaneous control API calls.
    pub quick: usize,
    /// Interval between checks of a connection.
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
    /// The same limits with times divided by `factor`, for tests.
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

    /// Number of checks within a duration.
    pub(super) fn ticks(&self, span: Duration) -> u32 {
        u32::try_from(span.as_nanos() / self.tick.as_nanos().max(1)).unwrap_or(u32::MAX)
    }
}
