//! Bodies of requests: whole, within their limits of bytes and time, in every version of HTTP and at every door.

use crate::server::limits::{Limits, MAX_BODY, SMALL_BODY};
use crate::server::refusal::Refusal;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use std::borrow::Cow;
use std::error::Error;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tokio::time::timeout;

/// Bytes of the larger bodies that are held at a time, by all connections.
#[derive(Debug, Default)]
pub(super) struct Shelf(AtomicUsize);

/// A place for a body; free when it is dropped.
#[derive(Debug)]
pub(super) struct Shelved {
    shelf: Arc<Shelf>,
    bytes: usize,
}

impl Shelved {
    pub(super) fn none(shelf: &Arc<Shelf>) -> Self {
        Self { shelf: Arc::clone(shelf), bytes: 0 }
    }

    /// Makes room for a body of so many bytes; false when there is none.
    fn grow(&mut self, bytes: usize, limits: &Limits) -> bool {
        let more = bytes.saturating_sub(SMALL_BODY).saturating_sub(self.bytes);
        if more == 0 {
            return true;
        }
        self.bytes += more;
        self.shelf.0.fetch_add(more, Relaxed).saturating_add(more) <= limits.held
    }
}

impl Drop for Shelved {
    fn drop(&mut self) {
        self.shelf.0.fetch_sub(self.bytes, Relaxed);
    }
}

/// Reads a body to its end. A client that asks before it sends a body that is too large is told so at once.
pub(super) async fn whole(
    mut body: Incoming,
    limits: &Limits,
    place: &mut Shelved,
) -> Result<Bytes, Refusal> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(Refusal::BodyTooLarge);
    }
    let reading = async {
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        loop {
            let silent = Refusal::TimedOut("no byte of the body has come for too long");
            let frame = timeout(limits.silence, body.frame()).await.map_err(|_| silent)?;
            let Some(frame) = frame else {
                return Ok(if all.is_empty() { first } else { all.freeze() });
            };
            let Ok(data) = frame.map_err(unreadable)?.into_data() else { continue };
            let length = first.len().max(all.len()) + data.len();
            if length > MAX_BODY {
                return Err(Refusal::BodyTooLarge);
            }
            if !place.grow(length, limits) {
                return Err(Refusal::Crowded);
            }
            // Most bodies come in one piece, which is not copied.
            if first.is_empty() && all.is_empty() {
                first = data;
                continue;
            }
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&data);
        }
    };
    let late = Refusal::TimedOut("the body took too long to arrive");
    timeout(limits.body, reading).await.unwrap_or(Err(late))
}

/// Why a body cannot be read: the client is gone, or what it sends is no body.
fn unreadable(error: hyper::Error) -> Refusal {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(one) = cause {
        if let Some(io) = one.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData)
        {
            return Refusal::Malformed(Cow::Owned(
                format!("the body in chunks is malformed: {io}").to_lowercase(),
            ));
        }
        cause = one.source();
    }
    Refusal::malformed("the body ends before its length is reached")
}
