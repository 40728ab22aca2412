//! Request bodies: complete, within the limits on size and time, for every HTTP version and API.

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

/// Total bytes of larger bodies in memory, over all connections.
#[derive(Debug, Default)]
pub(super) struct Shelf(AtomicUsize);

/// Memory reserved for a body; dropping it frees the memory.
#[derive(Debug)]
pub(super) struct Shelved {
    shelf: Arc<Shelf>,
    bytes: usize,
}

impl Shelved {
    pub(super) fn none(shelf: &Arc<Shelf>) -> Self {
        Self { shelf: Arc::clone(shelf), bytes: 0 }
    }

    /// Reserves memory for a body of `bytes`. Returns `false` if the limit is reached.
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

/// Reads a complete body. A client that sends `Expect: 100-continue` gets the error for a too large body before it sends the body.
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
            let silent = Refusal::TimedOut("no data of the body arrived within the time limit");
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
            // Most bodies arrive in one piece, which is not copied.
            if first.is_empty() && all.is_empty() {
                first = data;
                continue;
            }
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&data);
        }
    };
    let late = Refusal::TimedOut("the body did not arrive completely within the time limit");
    timeout(limits.body, reading).await.unwrap_or(Err(late))
}

/// Reason why a body cannot be read: the client closed the connection, or the body is malformed.
fn unreadable(error: hyper::Error) -> Refusal {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(one) = cause {
        if let Some(io) = one.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData)
        {
            return Refusal::Malformed(Cow::Owned(
                format!("the chunked body is malformed: {io}").to_lowercase(),
            ));
        }
        cause = one.source();
    }
    Refusal::malformed("the body is shorter than its `Content-Length`, or its last chunk is missing")
}
