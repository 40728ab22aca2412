//! Worker threads for calls: the I/O threads must not do this work.

use axum::response::Response;
use std::fmt::Debug;
use std::pin::Pin;

/// Expected duration of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Less than a millisecond for worlds of the usual size.
    Quick,
    /// Grows with the size of the body, the world or the journal.
    Heavy,
}

/// A future response.
pub type Later = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Runs calls on worker threads, a few at a time.
pub trait Beside: Debug + Send + Sync {
    /// Runs a call in its turn. A panic in it continues in the task that waits for the response.
    fn run(&self, weight: Weight, job: Box<dyn FnOnce() -> Response + Send>) -> Later;
}
