//! A TLS client (rustls) that trusts only the certificate authority of the server.

use crate::support::live::Live;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

/// A connection over TLS.
pub type Tls = StreamOwned<ClientConnection, TcpStream>;

/// TLS settings of a client that trusts the authority of `live` and offers these protocols.
pub fn client_trusting(live: &Live, alpn: &[&str]) -> ClientConfig {
    let answer =
        live.send_bytes(b"GET /_alimock/ca.pem HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let (head, pem) = answer.split_once("\r\n\r\n").expect("an answer has a body");
    assert!(head.contains("content-type: application/x-pem-file"), "{head}");
    client_config(pem, alpn)
}

/// TLS settings of a client that trusts this certificate.
pub fn client_config(pem: &str, alpn: &[&str]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

/// Completes a TLS handshake on `stream` with the server name `name`.
pub fn tls_handshake(config: &Arc<ClientConfig>, name: &str, stream: TcpStream) -> io::Result<Tls> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
    let mut tls = StreamOwned::new(connection, stream);
    while tls.conn.is_handshaking() {
        tls.conn.complete_io(&mut tls.sock)?;
    }
    Ok(tls)
}

/// Sends a request with `Connection: close`, and reads the whole answer.
pub fn exchange(stream: &mut (impl Read + Write), request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A cut connection may have sent part of an answer.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
