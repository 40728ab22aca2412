//! Delivery of a response that a fault rule disturbs: delayed, cut off, slow, or never sent.

use crate::server::pulse::{Busy, Pulse};
use crate::world::faults::{Delivery, Ending};
use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;

/// Reason why a connection ends before or during a response.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    /// A fault rule ends it.
    #[error("a fault ends the connection")]
    Fault,
}

/// Waits for the delay of the response. Returns the response, or ends the connection. A stopping server waits for a response, but not for
/// the end of a silence.
#[expect(clippy::disallowed_methods, reason = "a fault asks for a delay on the wire")]
pub(super) async fn deliver(
    mut answer: Response<Bytes>,
    pulse: &Arc<Pulse>,
    mut stopped: watch::Receiver<bool>,
) -> Result<(Response<Bytes>, Delivery), Ended> {
    let Some(delivery) = answer.extensions_mut().remove::<Delivery>() else {
        return Ok((answer, Delivery::default()));
    };
    let silence = tokio::time::sleep(delivery.silence());
    match delivery.ending {
        None => {
            silence.await;
            Ok((answer, delivery))
        }
        Some(ending) => {
            tokio::select! {
                () = silence => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
            if ending == Ending::Reset {
                pulse.reset_at_end();
            }
            Err(Ended::Fault)
        }
    }
}

/// A body that is sent in parts, and perhaps not completely.
pub(super) struct Spoilt {
    /// Keeps the connection from being idle while the body is sent.
    _busy: Busy,
    rest: Bytes,
    /// Bytes that `Content-Length` announced and that were not sent.
    promised: u64,
    per_second: usize,
    wait: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Spoilt {
    /// `body` with the disturbance of `delivery`.
    pub(super) fn new(body: Bytes, delivery: &Delivery, pulse: &Arc<Pulse>) -> Self {
        let promised = body.len() as u64;
        let rest = body.slice(..delivery.cut.unwrap_or(usize::MAX).min(body.len()));
        let per_second = delivery.bytes_per_second.unwrap_or(usize::MAX);
        Self { _busy: Pulse::begin(pulse), rest, promised, per_second, wait: None }
    }
}

impl Body for Spoilt {
    type Data = Bytes;
    type Error = Ended;

    #[expect(clippy::disallowed_methods, reason = "a fault asks for a delay on the wire")]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        if let Some(wait) = &mut self.wait {
            std::task::ready!(wait.as_mut().poll(cx));
            self.wait = None;
        }
        if self.rest.is_empty() {
            // The head announced more bytes, so the connection must break.
            return Poll::Ready((self.promised > 0).then_some(Err(Ended::Fault)));
        }
        // Ten parts a second look like a slow network.
        let drop = (self.per_second / 10).clamp(1, self.rest.len());
        let part = self.rest.split_to(drop);
        self.promised -= part.len() as u64;
        if self.promised > 0 {
            self.wait = Some(Box::pin(tokio::time::sleep(Duration::from_millis(100))));
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
