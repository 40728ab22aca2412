//! The answers of a protocol to credentials that are not good.

use crate::error::Known;

/// The note of a refusal of a request with two readings.
pub(crate) const TWO_READINGS: &str =
    "the string to sign has no escapes: path or query would read as another request";
/// The answers of a protocol to credentials that are not good.
pub(crate) struct Words {
    /// There is none.
    pub(crate) nothing: &'static Known,
    /// Nobody has the key.
    pub(crate) unknown: &'static Known,
    /// No key can have this id.
    pub(crate) impossible: &'static Known,
    /// Whether a key can have this id.
    pub(crate) can_be: fn(&str) -> bool,
    /// The key is disabled.
    pub(crate) inactive: &'static Known,
    /// A temporary key without its token.
    pub(crate) no_token: &'static Known,
    /// The token was good once.
    pub(crate) token_expired: &'static Known,
    /// The token is another key's.
    pub(crate) token_mismatch: &'static Known,
    /// The token is none.
    pub(crate) token_malformed: &'static Known,
    /// A bearer token that nobody issued.
    pub(crate) bearer: &'static Known,
    /// The signature is made in a way that the protocol does not have.
    pub(crate) method: &'static Known,
    /// A header that must come once came more often.
    pub(crate) doubled: &'static Known,
    /// The credential is good, and alimock does not run the operation.
    pub(crate) not_run: &'static Known,
}
