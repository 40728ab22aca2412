//! Errors of a protocol for invalid credentials.

use crate::error::Known;

/// Note on the error for a request with two readings.
pub(crate) const TWO_READINGS: &str =
    "the string to sign has no escapes: path or query would read as another request";

/// Errors of a protocol for invalid credentials.
pub(crate) struct Words {
    /// No credential.
    pub(crate) nothing: &'static Known,
    /// Unknown key.
    pub(crate) unknown: &'static Known,
    /// Impossible AccessKey ID.
    pub(crate) impossible: &'static Known,
    /// Checks whether an AccessKey ID is possible.
    pub(crate) can_be: fn(&str) -> bool,
    /// Disabled key.
    pub(crate) inactive: &'static Known,
    /// Temporary key without its token.
    pub(crate) no_token: &'static Known,
    /// Prefix of AccessKey IDs that count as temporary although nobody issued them; `None` if they are unknown.
    pub(crate) temporary: Option<&'static str>,
    /// Expired token.
    pub(crate) token_expired: &'static Known,
    /// Token of another key.
    pub(crate) token_mismatch: &'static Known,
    /// Invalid token.
    pub(crate) token_malformed: &'static Known,
    /// Unknown bearer token.
    pub(crate) bearer: &'static Known,
    /// Signature method that the protocol does not support.
    pub(crate) method: &'static Known,
    /// Repeated header that must be unique.
    pub(crate) doubled: &'static Known,
    /// Valid credential, but alimock does not implement the operation.
    pub(crate) not_run: &'static Known,
}

impl Words {
    /// Returns the errors of a product that tells few cases apart: any key can exist, and a temporary key without its token
    /// counts as unknown (UNCERTAIN). `unreadable` is the error for what the protocol cannot read.
    pub(crate) const fn of_few(
        unknown: &'static Known,
        token: &'static Known,
        unreadable: &'static Known,
    ) -> Self {
        Self {
            nothing: unreadable,
            unknown,
            impossible: unknown,
            can_be: |_| true,
            inactive: unknown,
            no_token: unknown,
            temporary: None,
            token_expired: token,
            token_mismatch: token,
            token_malformed: token,
            bearer: unreadable,
            method: unreadable,
            doubled: unreadable,
            not_run: unreadable,
        }
    }
}
