//! Tokens of foreign identity providers: OIDC tokens (JWT) and SAML 2.0 responses, verified and minted.
//!
//! Pure functions. Nothing here reads a clock, a file or a socket, draws a random number or knows of worlds and
//! requests: keys and metadata come in as text, times as [`Timestamp`](crate::text::Timestamp), and whether a token is
//! *still* good is the caller's to judge. Input is hostile: no function panics on any text, and work and memory grow
//! with the size of the input and nothing else.
//!
//! [`jwt`] reads a token and checks its signature against a key set; [`saml`] does the same for a response and the
//! metadata of its provider; [`issuer`] is a built-in provider that makes both, for tests without one.
//! Below them: `dom` (a tree), `c14n` (its canonical text), `xmldsig` (the signature over that text), `public_key`
//! and `der`.
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
