//! Rules that the operator of a server may relax.

/// The strictness of the gateway where the sources disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Maximum distance between the time of a v1 signature and the gateway clock, in milliseconds.
    pub window_v1_millis: i64,
    /// The same for v3.
    pub window_v3_millis: i64,
    /// True to accept v3 requests that leave a relevant header unsigned.
    pub unsigned_headers: bool,
}

impl Default for Rules {
    /// 15 minutes for both. UNCERTAIN: the current page of v1 says 31. Source: docs/evidence/gateway.md section 8.
    fn default() -> Self {
        Self { window_v1_millis: 15 * 60_000, window_v3_millis: 15 * 60_000, unsigned_headers: false }
    }
}
