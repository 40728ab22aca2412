//! The policy language: documents, and their verdict for a question.
//!
//! [`Document::parse`] parses a document, [`basic`] evaluates documents. [`crate::world::permission`] decides which policies apply to a
//! caller and in which order. This module must not know requests, worlds or HTTP.
//! Source: docs/evidence/policy.md.

mod checks;
mod condition;
mod document;
mod evaluate;
mod least;
mod network;
mod parts;
mod pattern;
mod unmet;

pub use checks::{CHECKS, Check, Malformed};
pub use condition::Context;
pub use document::{Document, Effect, Kind};
pub use evaluate::{Layer, Layers, Outcome, Principal, Question, Verdict, assume, basic};
pub use least::least;
pub use network::{MOST_ADDRESSES, MOST_STATEMENTS, NetworkPolicy};
pub use parts::{Compared, Parts};
pub use unmet::NeverMet;
