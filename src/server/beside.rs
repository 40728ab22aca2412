//! Work beside the network threads: what may take longer than a moment waits in line for one of a few places, and those who
//! only want a short answer do not notice.

use crate::control::{Beside, Later, Weight};
use crate::server::limits::Limits;
use axum::response::Response;
use std::panic::resume_unwind;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The lines, each with its places.
#[derive(Debug)]
pub(super) struct Lines {
    /// Calls of the control API that may take long.
    heavy: Arc<Semaphore>,
    /// Its other calls.
    quick: Arc<Semaphore>,
    /// Calls of the gateway with a large body.
    large: Arc<Semaphore>,
}

impl Lines {
    pub(super) fn new(limits: &Limits) -> Self {
        let line = |places| Arc::new(Semaphore::new(places));
        Self { heavy: line(limits.heavy), quick: line(limits.quick), large: line(limits.heavy) }
    }

    /// Places that are free in each line.
    #[cfg(test)]
    pub(super) fn free(&self) -> [usize; 3] {
        [&self.heavy, &self.quick, &self.large].map(|line| line.available_permits())
    }

    /// Answers a call of the gateway with a large body.
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

/// Runs a job when it is its turn; one whose connection or stream has ended by then is not run. A place is free when the job is
/// done, also when nobody waits for it any longer. A panic goes on here.
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
