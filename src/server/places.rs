//! Places for connections. One client address cannot take them all.
//!
//! An address may hold at most as many places as are free. So the first address can take half of all places, the next one half of the
//! rest, and so on. A client without a place does not wait; it gets an error at once.

use crate::server::limits::Limits;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Error code for a client without a place.
const CODE: &str = "Alimock.TooManyConnections";
/// Maximum number of rejected connections that get a response at the same time. More are closed without a response.
const ANSWERED: usize = 256;
/// Time for a client to read the response.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
/// Bytes read from a rejected client. Unread bytes could make the client lose the response.
const READ_AWAY: usize = 64 << 10;

/// All places of a server.
#[derive(Debug)]
pub(super) struct Places {
    all: u32,
    free: Arc<Semaphore>,
    held: Mutex<HashMap<IpAddr, u32>>,
    answering: Arc<Semaphore>,
    turned_away: AtomicU64,
}

/// A place; dropping it frees the place.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    holder: IpAddr,
    _free: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.places.held.lock();
        if let Some(count) = held.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.holder);
            }
        }
    }
}

impl Places {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        let all = limits.connections;
        Arc::new(Self {
            all,
            free: Arc::new(Semaphore::new(all as usize)),
            held: Mutex::default(),
            answering: Arc::new(Semaphore::new(ANSWERED)),
            turned_away: AtomicU64::new(0),
        })
    }

    /// Takes a place for a client. Returns `None` if its address holds as many places as are free.
    pub(super) fn take(self: &Arc<Self>, client: SocketAddr) -> Option<Place> {
        let holder = holder(client.ip());
        let mut held = self.held.lock();
        let count = held.get(&holder).copied().unwrap_or_default();
        if count as usize >= self.free.available_permits() {
            return None;
        }
        let free = Arc::clone(&self.free).try_acquire_owned().ok()?;
        held.insert(holder, count + 1);
        drop(held);
        Some(Place { places: Arc::clone(self), holder, _free: free })
    }

    /// Waits until all places are free.
    pub(super) async fn all_free(&self) {
        let _ = self.free.acquire_many(self.all).await;
    }

    /// Sends the error to a client without a place, without blocking other clients.
    pub(super) fn turn_away(&self, stream: TcpStream, client: SocketAddr) {
        let count = self.turned_away.fetch_add(1, Relaxed) + 1;
        // Many rejections do not cause as many log lines.
        if count.is_power_of_two() {
            tracing::warn!(
                peer = %client.ip(),
                code = CODE,
                "connection rejected: this client holds as many connections as are free; {count} rejected so far"
            );
        }
        let Ok(permit) = Arc::clone(&self.answering).try_acquire_owned() else { return };
        tokio::spawn(async move {
            let _ = tokio::time::timeout(ANSWERED_WITHIN, answer(stream)).await;
            drop(permit);
        });
    }
}

/// Client that the limit counts: an IPv4 address, or an IPv6 network, because one client can have all its addresses.
fn holder(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.into(),
            None => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        },
    }
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let body = format!(
        "{{\"Code\":\"{CODE}\",\"Message\":\"this client address holds as many connections as are free on the server; close some of them and try again\"}}"
    );
    let mut first = [0];
    // A TLS client gets an alert with `internal_error`, because it cannot read plain HTTP.
    if stream.peek(&mut first).await? > 0 && first[0] == 0x16 {
        stream.write_all(&[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 80]).await?;
    } else {
        let head = format!(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
    }
    stream.shutdown().await?;
    tokio::io::copy(&mut stream.take(READ_AWAY as u64), &mut tokio::io::sink()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> SocketAddr {
        (address.parse::<IpAddr>().unwrap(), 1).into()
    }

    #[test]
    fn three_addresses_leave_room_for_others_and_what_is_given_back_is_free() {
        let places = Places::new(&Limits::default());
        let take = |address| std::iter::from_fn(|| places.take(of(address))).collect::<Vec<_>>();

        let taken = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(take);

        assert_eq!(taken.each_ref().map(Vec::len), [6000, 3000, 1500]);
        assert!(places.take(of("192.0.2.4")).is_some());
        drop(taken);
        assert_eq!(take("192.0.2.1").len(), 6000);
        assert!(places.held.lock().is_empty());
    }

    #[test]
    fn the_addresses_of_one_network_of_ipv6_count_as_one_and_an_address_of_ipv4_as_itself() {
        let same = |a: &str, b: &str| holder(of(a).ip()) == holder(of(b).ip());

        assert!(same("2001:db8::1", "2001:db8::2:3"));
        assert!(!same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
    }
}
