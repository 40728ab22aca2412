//! The journal as server-sent events, one event per record.
//!
//! A stream reads from the ring in batches, and only after its client has taken the previous batch. Unread records are
//! not kept for a slow client; it receives the number of lost records.

use crate::control::call::InWorld;
use crate::control::requests::Filter;
use crate::control::{Answer, ControlError};
use crate::world::journal::{News, Place};
use crate::world::{State, World};
use axum::body::Body;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::Frame;
use std::convert::Infallible;
use std::fmt::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Records per read of the journal.
const BATCH: usize = 100;

pub(super) fn follow(
    InWorld(world): InWorld,
    Query(filter): Query<Filter>,
    headers: HeaderMap,
) -> Answer<Response> {
    // A client that reconnects sends its position in a header; the URL still has the first position.
    let last = headers.get("last-event-id").map(|last| last.to_str().ok().and_then(|last| last.parse().ok()));
    let filter = filter.settled(world.clock.now().resource);
    let after = last.unwrap_or_else(|| Some(filter.start(&world))).ok_or_else(|| {
        ControlError::bad_request("invalid_last_event_id", "`Last-Event-ID` is no number of a record")
    })?;
    let place = world.journal.place(after);
    let stream = Stream { next: next(world, place), left: filter.limit(), filter };
    let head = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((head, Body::new(stream)).into_response())
}

type Next = Pin<Box<dyn Future<Output = (Arc<World>, News)> + Send>>;

fn next(world: Arc<World>, place: Place) -> Next {
    Box::pin(async move {
        let news = world.journal.after(place, BATCH).await;
        (world, news)
    })
}

/// Body of the response.
struct Stream {
    next: Next,
    filter: Filter,
    /// Remaining number of records, if limited.
    left: Option<usize>,
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        loop {
            if self.left == Some(0) {
                return Poll::Ready(None);
            }
            let (world, news) = ready!(self.next.as_mut().poll(cx));
            if news.is_over {
                return Poll::Ready(None);
            }
            let text = self.events(&world.state(), &news);
            self.next = next(world, news.place);
            if !text.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(text.into()))));
            }
        }
    }
}

impl Stream {
    fn events(&mut self, state: &State, news: &News) -> String {
        let mut text = String::new();
        if news.cleared {
            text += "event: reset\ndata: {}\n\n";
        }
        if news.lost > 0 {
            let _ = write!(text, "event: lost\ndata: {}\n\n", news.lost);
        }
        let wanted = news.records.iter().filter(|record| self.filter.wants(record, state));
        for record in wanted.take(self.left.unwrap_or(usize::MAX)) {
            self.left = self.left.map(|left| left - 1);
            let data = serde_json::to_string(&record.told(state)).expect("a record is plain data");
            let _ = write!(text, "id: {}\nevent: request\ndata: {data}\n\n", record.number);
        }
        text
    }
}
