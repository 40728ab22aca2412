//! The control API token, and the tokens in credentials URIs.
//!
//! Both belong to one running server. They do not depend on the seed, and comparison takes constant time.

use crate::text::SecretText;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, header};
use ring::hmac::{self, HMAC_SHA256, Key};
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::OnceLock;

/// Allowed length of a configured token, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=256;
/// Value that means no token.
const NONE: &str = "none";

/// Token that the control API requires.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ControlToken {
    /// A generated token if any address of the server is not loopback; otherwise no token.
    #[default]
    Auto,
    /// This token, on loopback too.
    Given(SecretText),
    /// No token, on any address.
    Off,
}

impl ControlToken {
    /// Parses a token; the word `none` is [`ControlToken::Off`].
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == NONE {
            return Ok(Self::Off);
        }
        if !LENGTH.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            let (least, most) = LENGTH.into_inner();
            return Err(format!("expected {least} to {most} visible ASCII characters, or `{NONE}`"));
        }
        Ok(Self::Given(SecretText::new(text)))
    }

    /// Returns the configured token.
    pub fn given(&self) -> Option<&str> {
        match self {
            Self::Given(token) => Some(token.reveal()),
            Self::Auto | Self::Off => None,
        }
    }
}

/// Generates a random text of 32 letters, digits, `-` and `_`: a token, or a name that cannot be guessed.
pub(crate) fn generated() -> SecretText {
    let mut bytes = [0; 24];
    SystemRandom::new().fill(&mut bytes).expect("the machine has random numbers");
    SecretText::new(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Checks tokens of requests.
#[derive(Debug)]
pub struct Access {
    /// The control API token, if one is required.
    token: Option<SecretText>,
    /// A secret of this server. Most servers never need it, so it is created at its first use.
    key: OnceLock<Key>,
}

/// Result of the check of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The server requires no token.
    NotNeeded,
    Right,
    Wrong,
    Missing,
}

impl Access {
    /// Requires `token`, or no token.
    pub(crate) fn new(token: Option<SecretText>) -> Self {
        Self { token, key: OnceLock::new() }
    }

    /// Returns the token that calls must have.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_ref().map(SecretText::reveal)
    }

    fn key(&self) -> &Key {
        let make = || Key::generate(HMAC_SHA256, &SystemRandom::new());
        self.key.get_or_init(|| make().expect("the machine has random numbers"))
    }

    /// Returns `true` if two tokens are equal. Comparing HMACs takes the same time for all tokens of a length.
    fn is_token(&self, shown: &str, token: &SecretText) -> bool {
        let expected = hmac::sign(self.key(), &control(token.reveal()));
        hmac::verify(self.key(), &control(shown), expected.as_ref()).is_ok()
    }

    /// Checks the headers of a request.
    pub(super) fn shown(&self, headers: &HeaderMap) -> Shown {
        let Some(token) = &self.token else { return Shown::NotNeeded };
        let mut all = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (all.next(), all.next()) else {
            return if headers.contains_key(header::AUTHORIZATION) { Shown::Wrong } else { Shown::Missing };
        };
        let shown = value.to_str().ok().and_then(|value| value.split_once(' '));
        match shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
            None => Shown::Missing,
            Some((_, shown)) if self.is_token(shown.trim(), token) => Shown::Right,
            Some(_) => Shown::Wrong,
        }
    }

    /// Returns `true` if the server requires no token, or if `token` is the required one.
    pub(crate) fn admits(&self, token: &str) -> bool {
        self.token.as_ref().is_none_or(|expected| self.is_token(token, expected))
    }

    /// Returns the cookie value of a browser that sent the token; `None` if the server requires no token.
    pub(crate) fn pass(&self) -> Option<String> {
        self.token.as_ref().map(|token| self.seal("pass", token.reveal()))
    }

    /// Returns a text that only this server can derive from `text`, for one purpose.
    pub(crate) fn seal(&self, purpose: &str, text: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(self.key(), &sealed(purpose, text)))
    }

    /// Returns `true` if `seal` was derived from `text` for this purpose.
    pub(crate) fn is_seal(&self, seal: &str, purpose: &str, text: &str) -> bool {
        let seal = BASE64_URL_SAFE_NO_PAD.decode(seal);
        seal.is_ok_and(|seal| hmac::verify(self.key(), &sealed(purpose, text), &seal).is_ok())
    }

    /// Returns the token in the credentials URI of a role in a world.
    pub(crate) fn of_credentials(&self, world: &str, role: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(self.key(), &credentials(world, role)))
    }

    /// Returns `true` if `token` belongs to the credentials URI of a role in a world.
    pub(super) fn is_of_credentials(&self, token: &str, world: &str, role: &str) -> bool {
        let token = BASE64_URL_SAFE_NO_PAD.decode(token);
        token.is_ok_and(|token| hmac::verify(self.key(), &credentials(world, role), &token).is_ok())
    }
}

/// HMAC input of a control API token. The prefix keeps it apart from credentials URIs.
fn control(token: &str) -> Vec<u8> {
    [b"control\0", token.as_bytes()].concat()
}

/// HMAC input of a seal of the console. Purposes are literals of the console without a zero byte.
fn sealed(purpose: &str, text: &str) -> Vec<u8> {
    [b"console\0", purpose.as_bytes(), b"\0", text.as_bytes()].concat()
}

/// HMAC input of a credentials URI. World names contain no zero byte.
fn credentials(world: &str, role: &str) -> Vec<u8> {
    [b"credentials\0", world.as_bytes(), b"\0", role.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn shown(access: &Access, values: &[&str]) -> Shown {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        access.shown(&headers)
    }

    #[test]
    fn one_right_token_is_let_in_and_nothing_else() {
        let access = Access::new(Some(SecretText::new("a-token-of-mine")));
        for (values, expected) in [
            (&["Bearer a-token-of-mine"][..], Shown::Right),
            (&["bearer  a-token-of-mine"], Shown::Right),
            (&["Bearer a-token-of-min"], Shown::Wrong),
            (&["Bearer a-token-of-mine2"], Shown::Wrong),
            (&["Bearer "], Shown::Wrong),
            (&["Bearer a-token-of-mine", "Bearer other"], Shown::Wrong),
            (&["Basic a-token-of-mine"], Shown::Missing),
            (&["a-token-of-mine"], Shown::Missing),
            (&[], Shown::Missing),
        ] {
            assert_eq!(shown(&access, values), expected, "{values:?}");
        }
        assert_eq!(shown(&Access::new(None), &["Bearer other"]), Shown::NotNeeded);
    }

    #[test]
    fn a_token_of_credentials_is_of_one_server_one_world_and_one_role() {
        let (access, other) = (Access::new(None), Access::new(None));
        let token = access.of_credentials("default", "shop/app");

        assert!(access.is_of_credentials(&token, "default", "shop/app"));
        assert!(!access.is_of_credentials(&token, "other", "shop/app"));
        assert!(!access.is_of_credentials(&token, "default", "shop/admin"));
        assert!(!other.is_of_credentials(&token, "default", "shop/app"));
        for wrong in ["", "none", &token[1..]] {
            assert!(!access.is_of_credentials(wrong, "default", "shop/app"), "{wrong}");
        }
    }

    #[test]
    fn a_token_that_is_given_has_a_length_and_visible_characters() {
        assert_eq!(ControlToken::parse("none"), Ok(ControlToken::Off));
        assert_eq!(ControlToken::parse("12345678").unwrap().given(), Some("12345678"));
        for wrong in ["", "None", "1234567", "1234 5678", "pässwörter", &"x".repeat(257)] {
            assert!(ControlToken::parse(wrong).unwrap_err().contains("8 to 256"), "{wrong}");
        }
        assert_eq!(generated().reveal().len(), 32);
        assert_ne!(generated(), generated());
    }
}
