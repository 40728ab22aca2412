//! Byte stream of a connection: a socket, TLS on a socket, or a proxy tunnel inside either.
//!
//! One type for all of them, so that HTTP is compiled once and a TCP reset reaches the socket.

use crate::server::pulse::Watched;
use bytes::Bytes;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

pub(super) enum Stream {
    Tcp(TcpStream),
    Tls(Box<TlsStream<Stream>>),
    Tunnel(Box<Tunnel>),
}

/// The connection after `CONNECT`.
pub(super) struct Tunnel {
    /// Bytes that were read too early.
    early: Bytes,
    below: Watched,
}

impl Stream {
    /// Tunnel on `below`; `early` holds the bytes that were already read.
    pub(super) fn tunnel(early: Bytes, below: Watched) -> Self {
        Self::Tunnel(Box::new(Tunnel { early, below }))
    }

    /// TCP socket below the stream.
    pub(super) fn socket(&self) -> &TcpStream {
        match self {
            Self::Tcp(socket) => socket,
            Self::Tls(tls) => tls.get_ref().0.socket(),
            Self::Tunnel(tunnel) => tunnel.below.stream().socket(),
        }
    }

    /// Returns `true` inside a tunnel.
    pub(super) fn is_tunnelled(&self) -> bool {
        match self {
            Self::Tcp(_) => false,
            Self::Tls(tls) => tls.get_ref().0.is_tunnelled(),
            Self::Tunnel(_) => true,
        }
    }

    /// Waits for the first byte without consuming it. `None` if the client closed its side.
    pub(super) async fn first(&mut self) -> io::Result<Option<u8>> {
        match self {
            Self::Tcp(socket) => {
                let mut first = [0];
                Ok((socket.peek(&mut first).await? > 0).then_some(first[0]))
            }
            Self::Tunnel(tunnel) => {
                if tunnel.early.is_empty() {
                    let mut early = [0; 512];
                    let count = tunnel.below.read(&mut early).await?;
                    tunnel.early = Bytes::copy_from_slice(&early[..count]);
                }
                Ok(tunnel.early.first().copied())
            }
            Self::Tls(_) => Ok(None),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_read(cx, buf),
            Self::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
            Self::Tunnel(tunnel) => {
                if tunnel.early.is_empty() {
                    return Pin::new(&mut tunnel.below).poll_read(cx, buf);
                }
                let count = tunnel.early.len().min(buf.remaining());
                buf.put_slice(&tunnel.early.split_to(count));
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_write(cx, buf),
            Self::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
            Self::Tunnel(tunnel) => Pin::new(&mut tunnel.below).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_write_vectored(cx, bufs),
            Self::Tls(tls) => Pin::new(tls).poll_write_vectored(cx, bufs),
            Self::Tunnel(tunnel) => Pin::new(&mut tunnel.below).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        // All three support it.
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_flush(cx),
            Self::Tls(tls) => Pin::new(tls).poll_flush(cx),
            Self::Tunnel(tunnel) => Pin::new(&mut tunnel.below).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_shutdown(cx),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
            Self::Tunnel(tunnel) => Pin::new(&mut tunnel.below).poll_shutdown(cx),
        }
    }
}
