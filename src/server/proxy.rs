//! The forward proxy: what clients send here for other hosts. For the hosts that the server stands in for it answers itself; for
//! all others it refuses, so that nothing that uses it leaves the machine. It never opens a connection.

use crate::error::ApiError;
use crate::server::connection::Connection;
use bytes::Bytes;
use http::header::{HOST, HeaderName};
use http::uri::Authority;
use http::{HeaderValue, Method, Request, Response, Uri, Version};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;

/// Why a request was refused, for those who do not read bodies.
const ERROR: HeaderName = HeaderName::from_static("x-alimock-error");

/// The request as if it had been sent to its host, or what it is answered at once: a tunnel that is open from then on, or a
/// refusal.
pub(super) fn received(
    mut request: Request<Incoming>,
    connection: &Connection,
) -> Result<Request<Incoming>, Box<Response<Bytes>>> {
    if request.method() == Method::CONNECT {
        return Err(Box::new(tunnel(request, connection)));
    }
    let Some(authority) = request.uri().authority().cloned() else { return Ok(request) };
    let is_proxied = request.version() < Version::HTTP_2;
    if is_proxied && !stands_in_for(&authority, connection) {
        return Err(Box::new(foreign(&request, &authority, connection)));
    }
    if authority.as_str().contains('@') {
        let text = "the target of the request names a user, which no host has";
        return Err(Box::new(refused(&request, (400, "Alimock.BadRequest", text.to_owned()), connection)));
    }
    // What clients sign is their `Host`, so it stays when there is one; HTTP/2 has none.
    if let (false, Ok(host)) = (request.headers().contains_key(HOST), authority.as_str().parse()) {
        request.headers_mut().insert(HOST, host);
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if let Ok(path) = path.parse::<Uri>() {
        *request.uri_mut() = path;
    }
    Ok(request)
}

fn stands_in_for(authority: &Authority, connection: &Connection) -> bool {
    let host = authority.as_str().rsplit('@').next().unwrap_or_default();
    connection.app.gateway.stands_in_for(host, connection.own)
}

/// Opens a tunnel whose other end is here.
fn tunnel(request: Request<Incoming>, connection: &Connection) -> Response<Bytes> {
    let Some(authority) = request.uri().authority().cloned() else {
        let text = "CONNECT needs a host and a port, such as CONNECT ram.aliyuncs.com:443";
        return refused(&request, (400, "Alimock.InvalidTunnel", text.to_owned()), connection);
    };
    if !stands_in_for(&authority, connection) {
        return foreign(&request, &authority, connection);
    }
    if request.version() == Version::HTTP_2 || connection.is_tunnelled {
        let text = "CONNECT is understood in HTTP/1.1 and outside of tunnels; give the proxy as http://";
        return refused(&request, (400, "Alimock.InvalidTunnel", text.to_owned()), connection);
    }
    *connection.tunnel.lock() = Some((authority.host().to_owned(), hyper::upgrade::on(request)));
    Response::new(Bytes::new())
}

fn foreign(request: &Request<Incoming>, authority: &Authority, connection: &Connection) -> Response<Bytes> {
    let host = authority.host();
    tracing::warn!(peer = %connection.entrance.client, "a client wants {host:?} of the proxy: refused, nothing leaves");
    let text = format!(
        "`{host}` is no host of Alibaba Cloud, and alimock lets no other requests out; add it to NO_PROXY if the client may reach it"
    );
    refused(request, (403, "Alimock.ForeignHost", text), connection)
}

fn refused(
    request: &Request<Incoming>,
    (status, code, text): (u16, &str, String),
    connection: &Connection,
) -> Response<Bytes> {
    let mut head = Request::new(Bytes::new());
    *head.method_mut() = request.method().clone();
    *head.uri_mut() = request.uri().clone();
    *head.headers_mut() = request.headers().clone();
    let error = ApiError::free(status, code.to_owned(), text.clone());
    let mut answer = connection.app.gateway.turn_away(&head, &connection.entrance, error);
    if let Ok(header) = HeaderValue::from_str(&text) {
        answer.headers_mut().insert(ERROR, header);
    }
    // Of the answer to a CONNECT most clients show this alone.
    if let Ok(reason) = ReasonPhrase::try_from(text) {
        answer.extensions_mut().insert(reason);
    }
    answer
}
