//! Connections that begin with a TLS handshake. There is no TLS yet: a rule may end the handshake as a broken network would, and
//! any other client is told in plain HTTP that it knocks at the wrong door.

use crate::gateway::{Entrance, Gateway};
use crate::world::faults::{HANG, TlsEnding};
use rustls::server::Acceptor;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// The first byte of a handshake; no HTTP method begins with it.
const HANDSHAKE: u8 = 0x16;
/// For the first byte of a connection, and for a whole greeting.
const GREETING_TIMEOUT: Duration = Duration::from_secs(10);
/// A fatal alert, `handshake_failure`. Source: RFC 8446 section 6.
const ALERT: [u8; 7] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28];
/// What every client that speaks TLS to a plain port knows for what it is.
const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

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
pub(super) async fn beginning(stream: &TcpStream, mut stopped: watch::Receiver<bool>) -> Beginning {
    let mut first = [0];
    let peeked = tokio::select! {
        peeked = tokio::time::timeout(GREETING_TIMEOUT, stream.peek(&mut first)) => peeked,
        _ = stopped.wait_for(|stopped| *stopped) => return Beginning::Never,
    };
    match peeked {
        Ok(Ok(1)) if first == [HANDSHAKE] => Beginning::Tls,
        Ok(Ok(1)) => Beginning::Plain,
        _ => Beginning::Never,
    }
}

/// Ends a handshake as a rule wants it, or says that there is no TLS.
pub(super) async fn end(
    mut stream: TcpStream,
    gateway: &Gateway,
    entrance: &Entrance,
    stopped: watch::Receiver<bool>,
) {
    let Ok(Ok(host)) = tokio::time::timeout(GREETING_TIMEOUT, host(&mut stream)).await else { return };
    let Some((ending, delay)) = gateway.greet(&host, entrance) else {
        tracing::warn!(
            "a client speaks TLS to {host:?}: alimock speaks plain HTTP, so give it an endpoint with http://"
        );
        // Whoever does not read it is told by the end of the connection.
        let _ = stream.write_all(PLAIN).await;
        return;
    };
    silence(delay + if ending == TlsEnding::Hang { HANG } else { Duration::ZERO }, stopped).await;
    match ending {
        TlsEnding::Alert => drop(stream.write_all(&ALERT).await),
        TlsEnding::Reset => drop(stream.set_zero_linger()),
        TlsEnding::Close | TlsEnding::Hang => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "a fault asks for a delay on the wire")]
async fn silence(span: Duration, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(span) => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}

/// The host that a client asks for (SNI), empty when it names none.
async fn host(stream: &mut TcpStream) -> io::Result<String> {
    let mut acceptor = Acceptor::default();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut read = &buffer[..count];
        while !read.is_empty() {
            acceptor.read_tls(&mut read)?;
            match acceptor.accept() {
                Ok(None) => {}
                Ok(Some(accepted)) => {
                    return Ok(accepted.client_hello().server_name().unwrap_or_default().to_owned());
                }
                Err((why, _)) => return Err(io::Error::new(io::ErrorKind::InvalidData, why)),
            }
        }
    }
}
