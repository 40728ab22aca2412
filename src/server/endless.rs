//! Responses without an end: they end when the server stops, and the server notices clients that have gone.

use crate::server::pulse::{Busy, Pulse};
use bytes::Bytes;
use http::{Response, header};
use http_body::{Body, Frame};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Interval;

/// Pause after which an event stream sends a comment. Only a write shows that a client has gone.
const COMMENT_AFTER: Duration = Duration::from_secs(15);
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// A body of unknown length.
struct Endless {
    body: axum::body::Body,
    /// Keeps the connection from being idle while the body is sent.
    _busy: Busy,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// `Some` for event streams; no other body can hold comments.
    comments: Option<Interval>,
}

/// Makes a response without a known length end when the server stops.
pub(super) fn ending(
    answer: Response<axum::body::Body>,
    pulse: &Arc<Pulse>,
    mut stopped: watch::Receiver<bool>,
) -> Response<axum::body::Body> {
    if answer.body().size_hint().exact().is_some() {
        return answer;
    }
    let is_events =
        answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
    pulse.set_endless(true);
    answer.map(|body| {
        axum::body::Body::new(Endless {
            body,
            _busy: Pulse::begin(pulse),
            stop: Box::pin(async move {
                let _ = stopped.wait_for(|stopped| *stopped).await;
            }),
            comments: is_events.then(|| tokio::time::interval(COMMENT_AFTER)),
        })
    })
}

impl Body for Endless {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.stop.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            if let Some(comments) = &mut self.comments {
                comments.reset();
            }
            return Poll::Ready(frame);
        }
        match &mut self.comments {
            // The first tick comes at once, so the head of the response is sent.
            Some(comments) => comments.poll_tick(cx).map(|_| Some(Ok(Frame::data(COMMENT)))),
            None => Poll::Pending,
        }
    }
}
