//! Texts of identity providers. Source: docs/evidence/ims.md 4.11.

use crate::text::{Flaw, Scalar};
use compact_str::CompactString;
use serde::Serialize;
use std::fmt;

/// Declares newtypes over a text, each with its check.
macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident, $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Scalar for $name {
            fn parse(text: &str) -> Result<Self, Flaw> {
                let check: fn(&str) -> Result<(), Flaw> = $check;
                check(text).map(|()| Self(text.into()))
            }
        }
    )*};
}

checked! {
    /// Name of an identity provider: 1 to 128 of `[A-Za-z0-9._-]`, with a letter or digit at both ends. UNCERTAIN: the
    /// flaw of a sign at an end.
    ProviderName, |text| {
        let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let is_plain = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        spelled(text, 128, bytes.iter().all(|b| good(*b)) && is_plain(bytes.first()) && is_plain(bytes.last()))
    };

    /// Audience of OIDC tokens: 1 to 128 of `[A-Za-z0-9._:/-]`, with a letter or digit first.
    ClientId, |text| {
        let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b':' | b'/');
        let bytes = text.as_bytes();
        spelled(text, 128, bytes.iter().all(|b| good(*b)) && bytes.first().is_some_and(u8::is_ascii_alphanumeric))
    };

    /// Issuer of OIDC tokens: an `https` address of at most 255 characters without `?`, `#` and `@`.
    IssuerUrl, |text| {
        let host = text.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        if text.chars().count() > 255 {
            Err(Flaw::Length)
        } else if host.is_empty() || text.contains(['?', '#', '@', ' ']) {
            Err(Flaw::Format)
        } else {
            Ok(())
        }
    };
}

fn spelled(text: &str, longest: usize, is_good: bool) -> Result<(), Flaw> {
    match text.chars().count() {
        0 => Err(Flaw::Length),
        count if count > longest => Err(Flaw::Length),
        _ if is_good => Ok(()),
        _ => Err(Flaw::InvalidChars),
    }
}

impl ProviderName {
    /// Form for comparing two names. UNCERTAIN: no page says that capitals make no difference.
    pub fn folded(&self) -> CompactString {
        self.0.to_ascii_lowercase()
    }
}

/// A list in one text: its items, without blanks around them, empty ones and repetitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separated<const BY: char, T>(pub Vec<T>);

impl<const BY: char, T: Scalar + PartialEq> Scalar for Separated<BY, T> {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let mut items = Vec::new();
        for part in text.split(BY).map(str::trim).filter(|part| !part.is_empty()) {
            let item = T::parse(part)?;
            if !items.contains(&item) {
                items.push(item);
            }
        }
        Ok(Self(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_letter_or_digit_at_both_ends() {
        for (text, expected) in [
            ("", Err(Flaw::Length)),
            ("a", Ok(())),
            ("-a", Err(Flaw::InvalidChars)),
            ("a.", Err(Flaw::InvalidChars)),
            ("a._-9", Ok(())),
            ("a b", Err(Flaw::InvalidChars)),
        ] {
            assert_eq!(ProviderName::parse(text).map(drop), expected, "{text}");
        }
        assert_eq!(ProviderName::parse(&"a".repeat(128)).map(drop), Ok(()));
        assert_eq!(ProviderName::parse(&"a".repeat(129)).map(drop), Err(Flaw::Length));
    }

    #[test]
    fn an_issuer_is_an_https_address_without_query_fragment_and_user() {
        for (text, expected) in [
            ("https://a.example/b", Ok(())),
            ("http://a.example", Err(Flaw::Format)),
            ("https://", Err(Flaw::Format)),
            ("https://a.example?b", Err(Flaw::Format)),
            ("https://a.example#b", Err(Flaw::Format)),
            ("https://b@a.example", Err(Flaw::Format)),
        ] {
            assert_eq!(IssuerUrl::parse(text).map(drop), expected, "{text}");
        }
        let long = |length: usize| format!("https://{}", "a".repeat(length - 8));
        assert_eq!(IssuerUrl::parse(&long(255)).map(drop), Ok(()));
        assert_eq!(IssuerUrl::parse(&long(256)).map(drop), Err(Flaw::Length));
    }

    #[test]
    fn a_list_in_a_text_has_each_item_once() {
        let read = |text| Separated::<',', ClientId>::parse(text).map(|list| list.0.len());
        assert_eq!((read("a, b,,a"), read(""), read("a,-b")), (Ok(2), Ok(0), Err(Flaw::InvalidChars)));
    }
}
