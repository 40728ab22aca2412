//! Ports of worlds: what the control API asks of the server, which alone knows sockets.

use crate::control::{Answer, ControlError};
use crate::world::World;
use http::StatusCode;
use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

/// Opens and closes ports.
pub trait Ports: Debug + Send + Sync {
    /// Takes an address, on which nobody is answered yet; port 0 is a free one.
    fn bind(&self, address: SocketAddr) -> io::Result<Port>;
    /// Closes a port and its idle connections. Done when the address is free again.
    fn close(&self, address: SocketAddr) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A port that was taken; dropped, it is free again.
pub struct Port {
    /// Its address.
    pub address: SocketAddr,
    /// Has a world answer there.
    pub open: Box<dyn FnOnce(Arc<World>) + Send>,
}

/// Takes the address that a caller named.
pub(super) fn bind(ports: &dyn Ports, listen: &str) -> Answer<Port> {
    let wrong = |why: String| ControlError::bad_request("invalid_listen", why);
    let address: SocketAddr = listen.parse().map_err(|_| {
        wrong(format!("`listen`: `{listen}` is no IP:PORT such as 127.0.0.1:0; port 0 takes a free one"))
    })?;
    ports.bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            let why = format!("`listen`: {address} is already in use");
            ControlError::new(StatusCode::CONFLICT, "address_in_use", why)
                .hint("port 0 takes a free one; the answer says which")
        }
        _ => wrong(format!("`listen`: cannot listen on {address}: {error}")),
    })
}

/// What a client on this machine is given to reach `address`.
pub(crate) fn endpoint(address: SocketAddr) -> String {
    let host = if address.ip().is_unspecified() { [127, 0, 0, 1].into() } else { address.ip() };
    format!("http://{}", SocketAddr::new(host, address.port()))
}
