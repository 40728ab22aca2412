//! Signed texts and signing keys, as request forms define them.

use crate::error::{Cause, Slip};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use std::borrow::Cow;

/// Signed texts, and the way to make the key.
pub(crate) struct Signing<'a> {
    /// Possible texts, the documented one first: strings to sign or, if a hash is signed, canonical requests.
    pub(crate) texts: Box<dyn Iterator<Item = String> + 'a>,
    /// Text before the hash.
    pub(crate) head: Option<String>,
    /// Derivation of the key from the secret.
    pub(crate) step: KeyStep<'a>,
    /// True if the body has the hash in the request.
    pub(crate) payload_fits: bool,
}

impl<'a> Signing<'a> {
    /// Creates a signature over one of `texts`.
    pub(crate) fn of(texts: impl Iterator<Item = String> + 'a, step: KeyStep<'a>) -> Self {
        Self { texts: Box::new(texts), head: None, step, payload_fits: true }
    }
}

/// Returns the string to sign of a text.
pub(crate) fn to_sign<'t>(head: Option<&str>, algorithm: Algorithm, text: &'t str) -> Cow<'t, str> {
    match head {
        Some(head) => Cow::Owned(format!("{head}\n{}", algorithm.hash(text.as_bytes()))),
        None => Cow::Borrowed(text),
    }
}

/// A client mistake: its description, and its effect on the text.
pub(crate) type Mistake<'a> = (Cause, Box<dyn Fn(&str) -> String + 'a>);

/// Returns the mistake that every client can make.
pub(crate) fn other_method() -> Mistake<'static> {
    let change = |text: &str| match text.strip_prefix("GET") {
        Some(rest) => format!("POST{rest}"),
        None => text.replacen("POST", "GET", 1),
    };
    (Slip::OtherMethod.into(), Box::new(change))
}

/// Returns the mistake of a client that signs the method in the other case.
pub(crate) fn other_case() -> Mistake<'static> {
    let change = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (method, rest) = text.split_at(end);
        let upper = method.to_ascii_uppercase();
        if upper == method { method.to_ascii_lowercase() + rest } else { upper + rest }
    };
    (Slip::OtherCase.into(), Box::new(change))
}

/// Another way of signing that a client may have used.
pub(crate) struct OtherWay {
    /// Description.
    pub(crate) cause: Cause,
    pub(crate) algorithm: Algorithm,
    /// String to sign and suffix of the secret, if they differ.
    pub(crate) text: Option<(String, &'static str)>,
}
