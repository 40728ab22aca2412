//! Catches panics: a panic is a bug in alimock and ends one request only.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// Result of `future`, or `None` if it panics.
pub(super) async fn caught<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// Logs a bug.
pub(super) fn report() {
    tracing::error!("this is a bug in alimock; please report it with the lines above and the request");
}

#[cfg(test)]
mod tests {
    use crate::Scenario;
    use crate::server::{Config, Server};
    use bytes::Bytes;
    use http::Request;
    use http_body_util::{BodyExt, Full};
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use rustls::RootCertStore;
    use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
    use std::net::SocketAddr;
    use std::sync::Arc;
    use tokio::net::TcpSocket;
    use tokio::sync::oneshot;

    type Sent = Request<Full<Bytes>>;

    /// A call that panics if its header is `x-panic` or similar.
    fn call(target: &str, header: &str) -> Sent {
        let request = Request::get(format!("https://localhost{target}")).header("host", "localhost");
        request.header(header, "1").body(Full::default()).unwrap()
    }

    async fn socket(address: SocketAddr) -> tokio::net::TcpStream {
        let open = TcpSocket::new_v4().unwrap();
        TcpSocket::connect(open, address).await.unwrap()
    }

    /// Panics in each API, with calls before and after them on the same connection.
    macro_rules! walk {
        ($sender:ident) => {
            for (target, header, code) in [
                ("/?Format=JSON", "x-panic", "InternalError"),
                ("/_alimock/health", "x-panic", "\"internal_error\""),
                ("/_alimock/health", "x-panic-in-call", "\"internal_error\""),
                ("/_alimock/worlds", "x-panic-in-call", "\"internal_error\""),
            ] {
                let broken = $sender.send_request(call(target, header)).await.unwrap();
                assert_eq!(broken.status(), 500, "{target} {header}");
                let text = broken.into_body().collect().await.unwrap().to_bytes();
                assert!(String::from_utf8_lossy(&text).contains(code), "{target} {header}: {text:?}");
            }
            let whole = $sender.send_request(call("/_alimock/worlds", "x-other")).await.unwrap();
            assert_eq!(whole.status(), 200);
        };
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_panic_is_answered_at_its_door_and_the_connections_and_the_server_live_on() {
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
        let server = Server::start(config, Scenario::default_seed()).await.unwrap();
        let (address, lines) = (server.address(), Arc::clone(&server.app.lines));
        let root = CertificateDer::from_pem_slice(server.authority().certificate().as_bytes()).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        let free = lines.free();

        // HTTP/2: other streams continue.
        let mut roots = RootCertStore::empty();
        roots.add(root).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let connector = tokio_rustls::TlsConnector::from(Arc::new(tls));
        let name = ServerName::try_from("localhost").unwrap();
        let stream =
            tokio_rustls::TlsConnector::connect(&connector, name, socket(address).await).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        walk!(sender);

        // HTTP/1.1: the state of the stream is unknown after a panic, so each panic ends its connection.
        for (target, header, code) in [
            ("/?Format=JSON", "x-panic", "InternalError"),
            ("/_alimock/worlds", "x-panic-in-call", "\"internal_error\""),
        ] {
            let stream = TokioIo::new(socket(address).await);
            let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
            tokio::spawn(connection);
            let mut request = call(target, header);
            *request.uri_mut() = target.parse().unwrap();
            let broken = sender.send_request(request).await.unwrap();
            assert_eq!(broken.status(), 500);
            let text = broken.into_body().collect().await.unwrap().to_bytes();
            assert!(String::from_utf8_lossy(&text).contains(code), "{target}: {text:?}");
        }
        assert_eq!(lines.free(), free, "a place in line is lost with a panic");
        stop.send(()).unwrap();
        running.await.unwrap();
    }
}
