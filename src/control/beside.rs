//! Where calls are answered: the threads that move bytes are not for work.

use axum::response::Response;
use std::fmt::Debug;
use std::pin::Pin;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Less than a millisecond for worlds of the usual size.
    Quick,
    /// As long as a large body, a large world or a long journal takes.
    Heavy,
}

/// An answer that comes later.
pub type Later = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Runs calls beside the threads that move bytes, a few at a time.
pub trait Beside: Debug + Send + Sync {
    /// Answers a call when it is its turn. A panic in it goes on in whoever waits for the answer.
    fn run(&self, weight: Weight, job: Box<dyn FnOnce() -> Response + Send>) -> Later;
}
