//! Tokens of external identity providers: verifies and creates OIDC tokens (JWT) and SAML 2.0 responses.
//!
//! All functions are pure. They read no clock, file or socket, use no random numbers, and do not know worlds or requests. Keys and metadata
//! are texts, times are [`Timestamp`](crate::text::Timestamp) values. The caller checks if a token is *still* valid. Input is hostile: no
//! function panics on any text, and time and memory grow only with the size of the input.
//!
//! [`jwt`] parses a token and checks its signature against a key set. [`saml`] does the same for a response and the metadata of its
//! provider. [`issuer`] is a built-in provider for tests. The layers below: `dom` (tree), `c14n` (canonical text), `xmldsig` (signature
//! over that text), `public_key` and `der`.
//!
//! Source: docs/evidence/sts.md sections 4 and 5.

mod c14n;
pub(crate) mod der;
mod dom;
pub mod issuer;
pub mod jwt;
pub(crate) mod public_key;
pub mod saml;
mod xmldsig;
