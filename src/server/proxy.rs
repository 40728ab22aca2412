//! Forward proxy. The server itself responds for the hosts that it emulates and rejects all others, so no proxied request leaves the
//! machine. It never opens a connection.

use crate::error::ApiError;
use crate::server::connection::Connection;
use bytes::Bytes;
use http::header::{HOST, HeaderName};
use http::uri::Authority;
use http::{HeaderValue, Method, Request, Response, Uri, Version};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;

/// Header with the reason of a rejection, for clients that do not read bodies.
const ERROR: HeaderName = HeaderName::from_static("x-alimock-error");

/// Returns the request as if the client had sent it to its host. Otherwise returns the final response: an open tunnel, or a
/// rejection.
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
        let text = "the target of the request contains a user name; remove it";
        return Err(Box::new(refused(&request, 400, "Alimock.BadRequest", text, connection)));
    }
    // Clients sign their `Host`, so an existing one stays. HTTP/2 requests have none.
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

/// Opens a tunnel that ends in this server.
fn tunnel(request: Request<Incoming>, connection: &Connection) -> Response<Bytes> {
    let Some(authority) = request.uri().authority().cloned() else {
        let text = "`CONNECT` needs a host and a port, such as `CONNECT ram.aliyuncs.com:443`";
        return refused(&request, 400, "Alimock.InvalidTunnel", text, connection);
    };
    if !stands_in_for(&authority, connection) {
        return foreign(&request, &authority, connection);
    }
    if request.version() == Version::HTTP_2 || connection.is_tunnelled {
        let text = "`CONNECT` needs HTTP/1.1 outside a tunnel; use a proxy URL with `http://`";
        return refused(&request, 400, "Alimock.InvalidTunnel", text, connection);
    }
    *connection.tunnel.lock() = Some((authority.host().to_owned(), hyper::upgrade::on(request)));
    Response::new(Bytes::new())
}

fn foreign(request: &Request<Incoming>, authority: &Authority, connection: &Connection) -> Response<Bytes> {
    let host = authority.host();
    let text = format!(
        "`{host}` is not a host of Alibaba Cloud, and the alimock proxy forwards no requests; add it to NO_PROXY if the client may reach it"
    );
    refused(request, 403, "Alimock.ForeignHost", &text, connection)
}

fn refused(
    request: &Request<Incoming>,
    status: u16,
    code: &str,
    text: &str,
    connection: &Connection,
) -> Response<Bytes> {
    let mut head = Request::new(Bytes::new());
    *head.method_mut() = request.method().clone();
    *head.uri_mut() = request.uri().clone();
    *head.headers_mut() = request.headers().clone();
    let error = ApiError::free(status, code.to_owned(), text.to_owned());
    let mut answer = connection.app.gateway.turn_away(&head, &connection.entrance, error);
    if let Ok(header) = HeaderValue::from_str(text) {
        answer.headers_mut().insert(ERROR, header);
    }
    // Most clients show only this text when `CONNECT` fails.
    if let Ok(reason) = ReasonPhrase::try_from(text.to_owned()) {
        answer.extensions_mut().insert(reason);
    }
    answer
}
