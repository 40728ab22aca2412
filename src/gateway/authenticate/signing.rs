//! What a signature is over and how its key is made, as forms of requests say it.

use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use std::borrow::Cow;

/// Parameters of signed calls besides those of the action. The journal leaves them out of a call that succeeded: they would take
/// more room than all the rest.
pub(crate) const PARAMETERS: [&str; 17] = [
    "AccessKeyId",
    "Action",
    "Format",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
    // Of signed URLs of OSS.
    "Expires",
    "OSSAccessKeyId",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-signature",
    "x-oss-signature-version",
];

/// What a signature is over, and how its key is made.
pub(crate) struct Signing<'a> {
    /// What clients may have meant, the one of the documents first: strings to sign, or canonical requests when it is their hash
    /// that is signed.
    pub(crate) texts: Box<dyn Iterator<Item = String> + 'a>,
    /// What stands before the hash.
    pub(crate) head: Option<String>,
    /// What the key is besides the secret.
    pub(crate) step: KeyStep<'a>,
    /// Whether the body has the hash that the request says.
    pub(crate) payload_fits: bool,
}

impl<'a> Signing<'a> {
    /// A signature over one of `texts`.
    pub(crate) fn of(texts: impl Iterator<Item = String> + 'a, step: KeyStep<'a>) -> Self {
        Self { texts: Box::new(texts), head: None, step, payload_fits: true }
    }
}

/// The string to sign of a text.
pub(crate) fn to_sign<'t>(head: Option<&str>, algorithm: Algorithm, text: &'t str) -> Cow<'t, str> {
    match head {
        Some(head) => Cow::Owned(format!("{head}\n{}", algorithm.hash(text.as_bytes()))),
        None => Cow::Borrowed(text),
    }
}

/// A mistake of a client: in words, and what it makes of the text.
pub(crate) type Mistake<'a> = (String, Box<dyn Fn(&str) -> String + 'a>);

/// The mistake that every client can make.
pub(crate) fn other_method() -> Mistake<'static> {
    let change = |text: &str| match text.strip_prefix("GET") {
        Some(rest) => format!("POST{rest}"),
        None => text.replacen("POST", "GET", 1),
    };
    ("another HTTP method was signed".to_owned(), Box::new(change))
}

/// Another way of signing, which a client may have taken.
pub(crate) struct OtherWay {
    /// The way, in words.
    pub(crate) words: String,
    pub(crate) algorithm: Algorithm,
    /// The string to sign and what is appended to the secret, when they are others.
    pub(crate) text: Option<(String, &'static str)>,
}
