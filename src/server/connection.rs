//! One connection from its first byte to its end: plain or TLS, HTTP/1.1 or HTTP/2, and the tunnel after `CONNECT`.

use crate::console::{self, Door};
use crate::error::gateway::INTERNAL_ERROR;
use crate::gateway::{Answer, Entrance, Gateway, RawRequest, host_name};
use crate::server::body::{Shelved, whole};
use crate::server::deliver::{Ended, Spoilt, deliver};
use crate::server::limits::{LARGE_BODY, MAX_HEAD, MAX_RESETS, MAX_STREAMS};
use crate::server::pulse::{Pulse, Watched};
use crate::server::refusal::{Refusal, is_control};
use crate::server::stream::Stream;
use crate::server::streams::{Streams, paced};
use crate::server::tls::{self, Beginning};
use crate::server::{App, endless, head, net, proxy};
use crate::world::World;
use bytes::Bytes;
use http::header::{CONNECTION, HOST, HeaderName, TRANSFER_ENCODING};
use http::{HeaderValue, Method, Request, Response, Version};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::Service as HyperService;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower_service::Service;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");

/// A client's connection and the port that accepted it.
pub(super) struct Visit {
    pub(super) app: App,
    pub(super) peer: SocketAddr,
    /// The world that owns the port.
    pub(super) home: Option<Arc<World>>,
    pub(super) stopped: watch::Receiver<bool>,
}

impl Visit {
    pub(super) fn entrance(&self, secure: bool) -> Entrance {
        Entrance { client: self.peer.ip(), home: self.home.clone(), secure }
    }
}

/// Connection state that a request needs.
pub(super) struct Connection {
    pub(super) app: App,
    pub(super) entrance: Entrance,
    /// Local address that accepted the connection.
    pub(super) own: SocketAddr,
    pub(super) is_tunnelled: bool,
    /// The requested tunnel, and its host.
    pub(super) tunnel: Mutex<Option<(String, OnUpgrade)>>,
    pulse: Arc<Pulse>,
    stopped: watch::Receiver<bool>,
}

impl Connection {
    /// Returns `true` if the connection carries one request at a time (HTTP/1.1).
    pub(super) fn is_one_at_a_time(&self) -> bool {
        !self.pulse.is_shared()
    }

    /// Returns what pages depend on.
    fn door(&self, request: &RawRequest) -> Door {
        let Entrance { client, secure, .. } = self.entrance;
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        Door { client, secure, world: self.app.gateway.world_at(host, &self.entrance) }
    }
}

/// Serves one connection until either side closes it.
pub(super) async fn serve(stream: TcpStream, visit: Visit) {
    let _ = stream.set_nodelay(true);
    let mut next = Some((Stream::Tcp(stream), String::new()));
    // A tunnel is treated as a new connection: its first byte selects plain HTTP or TLS.
    while let Some((mut stream, tunnel)) = next.take() {
        next = match tls::beginning(&mut stream, &visit).await {
            Beginning::Plain => serve_http(stream, (false, false), &visit).await,
            Beginning::Tls => match tls::handshake(stream, &tunnel, &visit).await {
                Some((stream, is_h2)) => serve_http(stream, (true, is_h2), &visit).await,
                None => None,
            },
            Beginning::Never => None,
        };
    }
}

/// Serves HTTP. Returns the requested tunnel and its host.
async fn serve_http(
    stream: Stream,
    (secure, is_h2): (bool, bool),
    visit: &Visit,
) -> Option<(Stream, String)> {
    let limits = &visit.app.limits;
    let pulse = Pulse::new(is_h2, limits);
    let connection = Arc::new(Connection {
        app: visit.app.clone(),
        entrance: visit.entrance(secure),
        own: stream.socket().local_addr().unwrap_or((Ipv4Addr::UNSPECIFIED, 0).into()),
        is_tunnelled: stream.is_tunnelled(),
        tunnel: Mutex::default(),
        pulse: Arc::clone(&pulse),
        stopped: visit.stopped.clone(),
    });
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&pulse)));
    let shared = Arc::clone(&connection);
    let service = hyper::service::service_fn(move |request| {
        let (connection, busy) = (Arc::clone(&shared), Pulse::begin(&shared.pulse));
        async move {
            let answer = answer(request, &connection).await;
            let answer = if is_h2 { answer.map(paced) } else { answer };
            if is_h2 && matches!(answer, Err(Ended::Fault)) {
                // In HTTP/2, one failed request does not end the others.
                connection.pulse.end();
            }
            drop(busy);
            answer
        }
    });
    if is_h2 {
        let spoken = http2::Builder::new(Streams(limits.silence))
            .max_header_list_size(u32::try_from(MAX_HEAD).unwrap_or(u32::MAX))
            .max_concurrent_streams(MAX_STREAMS)
            .max_pending_accept_reset_streams(MAX_RESETS)
            .serve_connection(io, service);
        drive(spoken, &pulse, secure, visit).await;
    } else {
        let spoken = http1::Builder::new()
            .max_header_size(MAX_HEAD)
            // A client may close its sending side before it reads the response.
            .half_close(true)
            .serve_connection(io, service)
            .with_upgrades();
        drive(spoken, &pulse, secure, visit).await;
    }
    let (host, tunnel) = connection.tunnel.lock().take()?;
    // The client may close the connection instead of using the tunnel.
    let parts = tunnel.await.ok()?.downcast::<TokioIo<Watched>>().ok()?;
    Some((Stream::tunnel(parts.read_buf, parts.io.into_inner()), host))
}

/// A connection in either HTTP version.
trait Spoken: Future<Output = hyper::Result<()>> {
    /// Ends the connection after the responses in progress.
    fn finish(self: Pin<&mut Self>);
}

impl<S> Spoken for http1::UpgradeableConnection<TokioIo<Watched>, S>
where
    S: HyperService<Request<Incoming>, Response = Response<Body>, Error = Ended>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<S> Spoken for http2::Connection<TokioIo<Watched>, S, Streams>
where
    S: HyperService<Request<Incoming>, Response = Response<Body>, Error = Ended, Future: Send + 'static>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

/// Serves the connection until either side closes it, the client exceeds a time limit, or the server stops.
async fn drive(spoken: impl Spoken, pulse: &Pulse, secure: bool, visit: &Visit) {
    let mut spoken = std::pin::pin!(spoken);
    let mut stopped = visit.stopped.clone();
    let mut ticks = tokio::time::interval(visit.app.limits.tick);
    let mut draining = *stopped.borrow();
    let (mut left, mut asked_to_end) = (2, false);
    if draining {
        spoken.as_mut().finish();
    }
    loop {
        tokio::select! {
            biased;
            result = spoken.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(peer = %visit.peer, "connection: {error}");
                }
                return;
            }
            () = pulse.ended() => return,
            _ = stopped.changed(), if !draining => {
                draining = true;
                spoken.as_mut().finish();
            }
            _ = ticks.tick() => {
                // An endless response was told to stop. Do not wait for a client that does not read its end.
                left -= u32::from(draining && pulse.is_endless());
                let is_over = pulse.is_over();
                if left == 0 || pulse.is_stalled() || is_over && (asked_to_end || !secure) {
                    return;
                }
                if is_over {
                    // TLS and HTTP/2 clients can tell an orderly close from a broken connection.
                    asked_to_end = true;
                    spoken.as_mut().finish();
                }
            }
        }
    }
}

/// Returns the page of the console that a request asks for.
fn page_of(request: &RawRequest, gateway: &Gateway) -> Option<String> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host_name(host);
    let page = console::page_of(request.method(), request.uri(), host, request.headers())?;
    (page != console::START || !gateway.keeps_its_root(host)).then_some(page)
}

/// Body of a response.
pub(super) type Body = Either<Full<Bytes>, axum::body::Body>;

/// Responds to one request. A panic ends this request only.
async fn answer(request: Request<Incoming>, connection: &Connection) -> Result<Response<Body>, Ended> {
    let path = if is_control(request.uri().path()) { "/_alimock" } else { "/" };
    // The connection closes after these: the start of a next request is unknown.
    let is_last = connection.is_one_at_a_time()
        && (request.method() == Method::CONNECT || request.headers().contains_key(TRANSFER_ENCODING));
    let answer = net::caught(judged(request, connection)).await;
    let mut answer = answer.unwrap_or_else(|| {
        net::report();
        let mut head = Request::new(Bytes::new());
        *head.uri_mut() = http::Uri::from_static(path);
        Ok(Refusal::Bug.answer(&head, connection))
    })?;
    if is_last && connection.tunnel.lock().is_none() {
        answer.headers_mut().remove(KEEP_ALIVE);
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(answer)
}

/// Checks a request and responds to it.
async fn judged(request: Request<Incoming>, connection: &Connection) -> Result<Response<Body>, Ended> {
    connection.pulse.set_endless(false);
    let refused = connection.pulse.next_request().map_or_else(|| head::check_h2(&request), Err);
    if let Err(refused) = refused {
        return Ok(refused.answer(&request.map(|_| Bytes::new()), connection));
    }
    let request = match proxy::received(request, connection) {
        Ok(request) => request,
        Err(answer) => return Ok(answer.map(|body| Either::Left(Full::new(body)))),
    };
    let app = &connection.app;
    let (head, body) = request.into_parts();
    // The memory stays reserved until the response exists: a request in a queue holds its body.
    let mut place = Shelved::none(&app.shelf);
    let request = match whole(body, &app.limits, &mut place).await {
        Ok(body) => Request::from_parts(head, body),
        Err(refused) => return Ok(refused.answer(&Request::from_parts(head, Bytes::new()), connection)),
    };
    #[cfg(test)]
    assert!(!request.headers().contains_key("x-panic"), "a test wants a panic");
    let page = page_of(&request, &app.gateway);
    if page.is_some() || is_control(request.uri().path()) {
        let answer: Result<_, Infallible> = match page {
            Some(page) => {
                Ok(console::answer(Arc::clone(&app.control), connection.door(&request), page, request).await)
            }
            None => app.router.clone().call(request.map(axum::body::Body::from)).await,
        };
        let Ok(answer) = answer;
        let answer = endless::ending(answer, &connection.pulse, connection.stopped.clone());
        return Ok(answer.map(Either::Right));
    }
    let keep_alive = request.version() == Version::HTTP_11 && !closes(request.headers());
    let mut answer = if request.body().len() < LARGE_BODY {
        guarded(&app.gateway, &request, &connection.entrance)
    } else {
        let (gateway, entrance) = (Arc::clone(&app.gateway), connection.entrance.clone());
        let handle = move || guarded(&gateway, &request, &entrance);
        app.lines.large(handle).await
    };
    if keep_alive && !*connection.stopped.borrow() {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("keep-alive"));
        answer.headers_mut().insert(KEEP_ALIVE, HeaderValue::from_static("timeout=25"));
    }
    let (answer, delivery) = deliver(answer, &connection.pulse, connection.stopped.clone()).await?;
    let whole = delivery.cut.is_none() && delivery.bytes_per_second.is_none();
    Ok(answer.map(|body| {
        if whole {
            Either::Left(Full::new(body))
        } else {
            Either::Right(axum::body::Body::new(Spoilt::new(body, &delivery, &connection.pulse)))
        }
    }))
}

fn closes(headers: &http::HeaderMap) -> bool {
    headers.get(CONNECTION).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// Response of the gateway. A panic in it is a bug in alimock: it is logged as such, and the client gets the product's internal error.
fn guarded(gateway: &Gateway, request: &RawRequest, entrance: &Entrance) -> Answer {
    let handle = || gateway.handle_at(request, entrance);
    let handled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(handle));
    handled.unwrap_or_else(|_| {
        net::report();
        gateway.refuse(request, entrance, INTERNAL_ERROR.error())
    })
}
