//! Ports of worlds: the interface to the server, which owns the sockets.

use crate::control::{Answer, Control, ControlError};
use crate::text::listen_address;
use crate::world::World;
use http::StatusCode;
use std::fmt::Debug;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

/// Opens and closes ports.
pub trait Ports: Debug + Send + Sync {
    /// Binds an address without serving it yet; port 0 means a free port.
    fn bind(&self, address: SocketAddr) -> io::Result<Port>;
    /// Closes a port and its idle connections. Completes when the address is free again.
    fn close(&self, address: SocketAddr) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A bound port. Dropping it frees the port.
pub struct Port {
    /// Its address.
    pub address: SocketAddr,
    /// Starts serving a world there.
    pub open: Box<dyn FnOnce(Arc<World>) + Send>,
}

/// Binds the address that a caller named.
pub(super) fn bind(control: &Control, listen: &str) -> Answer<Port> {
    let wrong = |why: String| ControlError::bad_request("invalid_listen", why);
    let address = listen_address(listen).ok_or_else(|| {
        wrong(format!("`listen`: `{listen}` is no IP:PORT such as 127.0.0.1:0; port 0 takes a free one"))
    })?;
    if !is_no_wider(address.ip(), &control.listen) {
        let own: Vec<_> = control.listen.iter().map(ToString::to_string).collect();
        let why = format!("`listen`: {address} is wider than the address of the server ({})", own.join(", "));
        return Err(ControlError::new(StatusCode::FORBIDDEN, "listen_too_wide", why)
            .hint("use 127.0.0.1, or start the server with --listen on that address or on 0.0.0.0"));
    }
    control.ports.bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            let why = format!("`listen`: {address} is already in use");
            ControlError::new(StatusCode::CONFLICT, "address_in_use", why)
                .hint("port 0 takes a free one; the answer says which")
        }
        _ => wrong(format!("`listen`: cannot listen on {address}: {error}")),
    })
}

/// Returns `true` if every client that reaches `address` also reaches the server, which listens on `own`.
fn is_no_wider(address: IpAddr, own: &[IpAddr]) -> bool {
    let mut own = own.iter().map(IpAddr::to_canonical);
    is_loopback(address) || own.any(|own| own.is_unspecified() || own == address.to_canonical())
}

/// Returns `true` if only programs on this machine reach an address.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Returns the endpoint of `address` for a client on this machine.
pub(crate) fn endpoint(address: SocketAddr) -> String {
    let host = if address.ip().is_unspecified() { [127, 0, 0, 1].into() } else { address.ip() };
    format!("http://{}", SocketAddr::new(host, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_wider(address: &str, own: &[&str]) -> bool {
        let own: Vec<_> = own.iter().map(|own| own.parse().unwrap()).collect();
        is_no_wider(address.parse().unwrap(), &own)
    }

    #[test]
    fn a_world_is_open_to_nobody_whom_the_server_is_not_open_to() {
        for address in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert!(no_wider(address, &["127.0.0.1"]), "{address}");
        }
        for address in ["0.0.0.0", "::", "192.0.2.1", "::ffff:0.0.0.0", "::ffff:192.0.2.1"] {
            assert!(!no_wider(address, &["127.0.0.1", "::1"]), "{address}");
            assert!(no_wider(address, &["127.0.0.1", "0.0.0.0"]), "{address}");
            assert!(no_wider(address, &["::"]), "{address}");
        }
        assert!(no_wider("192.0.2.1", &["192.0.2.1"]));
        assert!(no_wider("::ffff:192.0.2.1", &["192.0.2.1"]));
        assert!(!no_wider("192.0.2.2", &["192.0.2.1"]));
        assert!(!no_wider("0.0.0.0", &["192.0.2.1"]));
    }
}
