//! HTTP/2 streams: a stream whose client does not accept its response ends, even if the connection is busy.
//!
//! hyper runs each stream as a task. This module watches the task. The body of the response is handed out in small parts and counts them.

use crate::server::connection::Body;
use crate::server::limits::LEAST_TAKEN;
use bytes::Bytes;
use http::Response;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::Either;
use hyper::rt::Executor;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// Progress of the response of a stream.
#[derive(Debug, Default)]
struct Progress {
    /// Number of body parts handed out.
    parts: AtomicU64,
    /// True while the stream waits for the client.
    waits_for_client: AtomicBool,
}

tokio::task_local! {
    static PROGRESS: Arc<Progress>;
}

/// Runs streams. A stream ends if its client accepts nothing for too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Streams(pub(super) Duration);

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, stream: F) {
        let silence = self.0;
        tokio::spawn(async move {
            let progress = Arc::new(Progress::default());
            let mut stream = pin!(PROGRESS.scope(Arc::clone(&progress), stream));
            let mut seen = 0;
            // Dropping a stream resets it.
            while tokio::time::timeout(silence, stream.as_mut()).await.is_err() {
                let parts = progress.parts.load(Relaxed);
                let before = std::mem::replace(&mut seen, parts);
                if progress.waits_for_client.load(Relaxed) && parts == before {
                    tracing::debug!("stream reset: the client does not accept its response");
                    return;
                }
            }
        });
    }
}

/// Makes a response report its progress to its stream.
pub(super) fn paced(answer: Response<Body>) -> Response<Body> {
    let Ok(progress) = PROGRESS.try_with(Arc::clone) else { return answer };
    progress.waits_for_client.store(true, Relaxed);
    answer.map(|body| Either::Right(axum::body::Body::new(Paced { body, rest: Bytes::new(), progress })))
}

/// A body in parts of at most [`LEAST_TAKEN`] bytes.
struct Paced {
    body: Body,
    rest: Bytes,
    progress: Arc<Progress>,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = Failed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failed>>> {
        if self.rest.is_empty() {
            self.progress.waits_for_client.store(false, Relaxed);
            let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
            self.progress.waits_for_client.store(true, Relaxed);
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        self.progress.parts.fetch_add(1, Relaxed);
        let count = self.rest.len().min(usize::try_from(LEAST_TAKEN).unwrap_or(usize::MAX));
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(count)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let inner = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}
