//! Ids and secrets in their wire format.

use crate::text::{Flaw, Scalar};
use compact_str::CompactString;
use serde::Serialize;
use std::fmt;

/// UID of an account: a decimal number with 16 digits, or 14 in very old accounts.
///
/// Source: docs/evidence/account.md 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub u64);

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Uid {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl Scalar for Uid {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = (14..=16).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit())
            && !text.starts_with('0');
        if good { text.parse().map(Self).map_err(|_| Flaw::Format) } else { Err(Flaw::Format) }
    }
}

/// Id of an AccessKey. Ids of temporary credentials start with `STS.`.
///
/// Source: docs/evidence/ram.md section 2, docs/evidence/sts.md section 2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AccessKeyId(CompactString);

impl AccessKeyId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` if `text` is the id of a temporary credential.
    pub fn is_temporary(text: &str) -> bool {
        text.starts_with("STS.")
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for AccessKeyId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Scalar for AccessKeyId {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good =
            (8..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
        if good { Ok(Self(text.into())) } else { Err(Flaw::Format) }
    }
}

/// A secret. `Debug` does not print it; only [`SecretText::reveal`] returns the text.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(CompactString);

impl SecretText {
    /// Wraps a secret.
    pub fn new(text: impl Into<CompactString>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for signing and for the one response that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

/// A password of a user. `Debug` does not print it, and it is never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password(SecretText);

impl Password {
    /// Wraps a password.
    pub fn new(text: &str) -> Self {
        Self(SecretText::new(text))
    }

    /// The password itself, for checks and for its hash.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl Scalar for Password {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self::new(text))
    }
}
