//! TLS handshakes on the same port as HTTP. A fault rule can end a handshake as a broken network would.

use crate::server::connection::Visit;
use crate::server::stream::Stream;
use crate::world::faults::{HANG, TlsEnding};
use rustls::server::Acceptor;
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::sync::watch;
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};

/// First byte of a handshake. No HTTP method begins with it.
const HANDSHAKE: u8 = 0x16;
/// Fatal alerts. Source: RFC 8446 section 6.
const HANDSHAKE_FAILURE: u8 = 40;
const UNRECOGNIZED_NAME: u8 = 112;

/// Kind of a connection's first byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Not TLS.
    Plain,
    /// A TLS handshake.
    Tls,
    /// None: the client closed the connection or sent nothing, or the server stops.
    Never,
}

/// Waits for the first byte without consuming it.
pub(super) async fn beginning(stream: &mut Stream, visit: &Visit) -> Beginning {
    let mut stopped = visit.stopped.clone();
    let first = tokio::select! {
        first = tokio::time::timeout(visit.app.limits.handshake, stream.first()) => first,
        _ = stopped.wait_for(|stopped| *stopped) => return Beginning::Never,
    };
    match first {
        Ok(Ok(Some(HANDSHAKE))) => Beginning::Tls,
        Ok(Ok(Some(_))) => Beginning::Plain,
        _ => Beginning::Never,
    }
}

/// Performs a handshake. Returns `None` if it fails, or if a fault rule ends it. `tunnel` is the host of the `CONNECT` request; it
/// applies if the handshake names no host. The flag is `true` if HTTP/2 was negotiated.
pub(super) async fn handshake(stream: Stream, tunnel: &str, visit: &Visit) -> Option<(Stream, bool)> {
    let mut stopped = visit.stopped.clone();
    let shaken = async {
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        match refused(&hello, tunnel, visit) {
            Some(end) => Ok(Err((hello.io, end))),
            None => Ok::<_, io::Error>(Ok(hello.into_stream(visit.app.authority.tls()).await?)),
        }
    };
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(visit.app.limits.handshake, shaken) => shaken.ok()?,
        _ = stopped.wait_for(|stopped| *stopped) => return None,
    };
    match shaken {
        Ok(Ok(tls)) => {
            let is_h2 = tls.get_ref().1.alpn_protocol() == Some(b"h2");
            Some((Stream::Tls(Box::new(tls)), is_h2))
        }
        Ok(Err((stream, end))) => {
            end.carry_out(stream, stopped).await;
            None
        }
        Err(error) => {
            tracing::debug!(peer = %visit.peer, "handshake: {error}");
            None
        }
    }
}

/// End of a rejected handshake.
struct End {
    ending: TlsEnding,
    after: Duration,
    alert: u8,
}

/// Returns the end of the handshake if a fault rule or the requested name demands one.
fn refused(hello: &StartHandshake<Stream>, tunnel: &str, visit: &Visit) -> Option<End> {
    let hello = hello.client_hello();
    let named = hello.server_name();
    let host = named.unwrap_or(tunnel).to_ascii_lowercase();
    let gateway = &visit.app.gateway;
    if let Some((ending, delay)) = gateway.greet(&host, &visit.entrance(true)) {
        let after = delay + if ending == TlsEnding::Hang { HANG } else { Duration::ZERO };
        return Some(End { ending, after, alert: HANDSHAKE_FAILURE });
    }
    // For a tunnel, the proxy has already checked the host.
    if named.is_none() || gateway.may_be_called(&host) {
        return None;
    }
    tracing::warn!(
        "TLS handshake rejected: alimock does not serve the host {host:?}; add its domain with `--host-suffix`"
    );
    Some(End { ending: TlsEnding::Alert, after: Duration::ZERO, alert: UNRECOGNIZED_NAME })
}

impl End {
    async fn carry_out(self, mut stream: Stream, stopped: watch::Receiver<bool>) {
        silence(self.after, stopped).await;
        match self.ending {
            TlsEnding::Alert => {
                // A client that does not read the alert sees the end of the connection.
                let alert = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, self.alert];
                let _ = stream.write_all(&alert).await;
            }
            TlsEnding::Reset => drop(stream.socket().set_zero_linger()),
            TlsEnding::Close | TlsEnding::Hang => {}
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a fault asks for a delay on the wire")]
async fn silence(span: Duration, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(span) => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}
