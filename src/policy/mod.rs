//! The policy language: documents, and what they come to for one question.
//!
//! [`Document::parse`] reads one, [`basic`] evaluates some. Which policies bind a caller, and in which order they are asked,
//! is the world's: see [`crate::world::permission`]. It must never know about requests, worlds or HTTP.
//! Source: docs/evidence/policy.md.

mod condition;
mod document;
mod evaluate;
mod pattern;

pub use condition::Context;
pub use document::{Document, Effect, Kind, Malformed};
pub use evaluate::{Layer, Layers, Outcome, Principal, Question, Verdict, assume, basic};
