//! Connections that begin with a TLS handshake: a rule may end it as a broken network would, else TLS is spoken like HTTP is, at
//! the same port.

use crate::server::connection::Visit;
use crate::server::stream::Stream;
use crate::world::faults::{HANG, TlsEnding};
use rustls::server::Acceptor;
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::sync::watch;
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};

/// The first byte of a handshake; no HTTP method begins with it.
const HANDSHAKE: u8 = 0x16;
/// Fatal alerts. Source: RFC 8446 section 6.
const HANDSHAKE_FAILURE: u8 = 40;
const UNRECOGNIZED_NAME: u8 = 112;

/// How a connection begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// With anything but TLS.
    Plain,
    /// With a handshake.
    Tls,
    /// Not at all: the client is gone, says nothing, or the server stops.
    Never,
}

/// Waits for the first byte, and leaves it where it is.
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

/// Goes through a handshake. Nothing when it fails, be it by a rule; `tunnel` is the host that a proxy's client asked for, which
/// counts when the handshake names none. Also tells whether HTTP/2 was agreed upon.
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

/// How a handshake ends that is refused.
struct End {
    ending: TlsEnding,
    after: Duration,
    alert: u8,
}

/// Whether a rule, or the name that the client asks for, ends a handshake.
fn refused(hello: &StartHandshake<Stream>, tunnel: &str, visit: &Visit) -> Option<End> {
    let hello = hello.client_hello();
    let named = hello.server_name();
    let host = named.unwrap_or(tunnel).to_ascii_lowercase();
    let gateway = &visit.app.gateway;
    if let Some((ending, delay)) = gateway.greet(&host, &visit.entrance(true)) {
        let after = delay + if ending == TlsEnding::Hang { HANG } else { Duration::ZERO };
        return Some(End { ending, after, alert: HANDSHAKE_FAILURE });
    }
    // Of a tunnel the proxy has judged.
    if named.is_none() || gateway.may_be_called(&host) {
        return None;
    }
    tracing::warn!(
        "a client asks for a certificate of {host:?}, which is no host that alimock answers for: make it one with --host-suffix"
    );
    Some(End { ending: TlsEnding::Alert, after: Duration::ZERO, alert: UNRECOGNIZED_NAME })
}

impl End {
    async fn carry_out(self, mut stream: Stream, stopped: watch::Receiver<bool>) {
        silence(self.after, stopped).await;
        match self.ending {
            TlsEnding::Alert => {
                // Whoever does not read it is told by the end of the connection.
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
