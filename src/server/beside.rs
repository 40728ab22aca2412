//! Work outside the network threads. A job that can take longer waits in a queue and runs on one of a few threads, so short requests are
//! not delayed.

use crate::control::{Beside, Later, Weight};
use crate::server::limits::Limits;
use axum::response::Response;
use std::panic::resume_unwind;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The queues. Each runs a limited number of jobs at the same time.
#[derive(Debug)]
pub(super) struct Lines {
    /// Control API calls that may take long.
    heavy: Arc<Semaphore>,
    /// Other control API calls.
    quick: Arc<Semaphore>,
    /// Gateway calls with a large body.
    large: Arc<Semaphore>,
}

impl Lines {
    pub(super) fn new(limits: &Limits) -> Self {
        let line = |places| Arc::new(Semaphore::new(places));
        Self { heavy: line(limits.heavy), quick: line(limits.quick), large: line(limits.heavy) }
    }

    /// Free places in each queue.
    #[cfg(test)]
    pub(super) fn free(&self) -> [usize; 3] {
        [&self.heavy, &self.quick, &self.large].map(|line| line.available_permits())
    }

    /// Runs a gateway call with a large body.
    pub(super) async fn large<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> T {
        run(Arc::clone(&self.large), job).await
    }
}

impl Beside for Lines {
    fn run(&self, weight: Weight, job: Box<dyn FnOnce() -> Response + Send>) -> Later {
        let line = match weight {
            Weight::Heavy => &self.heavy,
            Weight::Quick => &self.quick,
        };
        Box::pin(run(Arc::clone(line), job))
    }
}

/// Runs a job when a place is free. If the connection or stream has ended by then, the job does not run. The place becomes free when the
/// job ends, even if the caller no longer waits. A panic in the job continues in the caller.
async fn run<T: Send + 'static>(line: Arc<Semaphore>, job: impl FnOnce() -> T + Send + 'static) -> T {
    let place = line.acquire_owned().await.expect("the semaphore is never closed");
    let done = tokio::task::spawn_blocking(move || {
        let done = job();
        drop(place);
        done
    });
    match done.await {
        Ok(done) => done,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
