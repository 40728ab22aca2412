//! One connection from its first byte to its end: TLS or not, HTTP/1.1 or HTTP/2, and what comes after `CONNECT`.

use crate::error::gateway::INTERNAL_ERROR;
use crate::gateway::{Answer, Entrance, Gateway, RawRequest};
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
use http::header::{CONNECTION, HeaderName, TRANSFER_ENCODING};
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

/// Who has come, and where.
pub(super) struct Visit {
    pub(super) app: App,
    pub(super) peer: SocketAddr,
    /// The world whose own port it is.
    pub(super) home: Option<Arc<World>>,
    pub(super) stopped: watch::Receiver<bool>,
}

impl Visit {
    pub(super) fn entrance(&self, secure: bool) -> Entrance {
        Entrance { client: self.peer.ip(), home: self.home.clone(), secure }
    }
}

/// What a request needs of its connection.
pub(super) struct Connection {
    pub(super) app: App,
    pub(super) entrance: Entrance,
    /// Where the client has come in.
    pub(super) own: SocketAddr,
    pub(super) is_tunnelled: bool,
    /// The tunnel that was asked for, and to where.
    pub(super) tunnel: Mutex<Option<(String, OnUpgrade)>>,
    pulse: Arc<Pulse>,
    stopped: watch::Receiver<bool>,
}

impl Connection {
    /// Whether it carries one request at a time: HTTP/1.1.
    pub(super) fn is_one_at_a_time(&self) -> bool {
        !self.pulse.is_shared()
    }
}

/// Serves one connection until either side closes it.
pub(super) async fn serve(stream: TcpStream, visit: Visit) {
    let _ = stream.set_nodelay(true);
    let mut next = Some((Stream::Tcp(stream), String::new()));
    // A tunnel is a connection again, of which the first byte says what is spoken.
    while let Some((mut stream, tunnel)) = next.take() {
        next = match tls::beginning(&mut stream, &visit).await {
            Beginning::Plain => speak(stream, (false, false), &visit).await,
            Beginning::Tls => match tls::handshake(stream, &tunnel, &visit).await {
                Some((stream, is_h2)) => speak(stream, (true, is_h2), &visit).await,
                None => None,
            },
            Beginning::Never => None,
        };
    }
}

/// Speaks HTTP. Gives the tunnel that was asked for, and to where.
async fn speak(stream: Stream, (secure, is_h2): (bool, bool), visit: &Visit) -> Option<(Stream, String)> {
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
                // In HTTP/2 the failure of a request is not the end of the others.
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
        drive(spoken, (&pulse, secure), visit).await;
    } else {
        let spoken = http1::Builder::new()
            .max_header_size(MAX_HEAD)
            // A client may say that it has sent all before it reads the answer.
            .half_close(true)
            .serve_connection(io, service)
            .with_upgrades();
        drive(spoken, (&pulse, secure), visit).await;
    }
    let (host, tunnel) = connection.tunnel.lock().take()?;
    // Whoever goes away instead has no use for the tunnel.
    let parts = tunnel.await.ok()?.downcast::<TokioIo<Watched>>().ok()?;
    Some((Stream::tunnel(parts.read_buf, parts.io.into_inner()), host))
}

/// HTTP in either version.
trait Spoken: Future<Output = hyper::Result<()>> {
    /// Has it end when what is under way is answered.
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

/// Speaks until either side ends it, the client is silent for too long, or the server stops.
async fn drive(spoken: impl Spoken, (pulse, secure): (&Pulse, bool), visit: &Visit) {
    let mut spoken = std::pin::pin!(spoken);
    let mut stopped = visit.stopped.clone();
    let mut ticks = tokio::time::interval(visit.app.limits.tick);
    let mut draining = *stopped.borrow();
    let (mut left, mut told) = (2, false);
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
                // A stream has been told to end: a client that does not read that is not waited for.
                left -= u32::from(draining && pulse.is_endless());
                let is_over = pulse.is_over();
                if left == 0 || pulse.is_stalled() || is_over && (told || !secure) {
                    return;
                }
                if is_over {
                    // TLS and HTTP/2 tell a connection that ends from one that is cut off.
                    told = true;
                    spoken.as_mut().finish();
                }
            }
        }
    }
}

/// The body of an answer.
pub(super) type Body = Either<Full<Bytes>, axum::body::Body>;

/// Answers one request. A panic is the end of this request alone.
async fn answer(request: Request<Incoming>, connection: &Connection) -> Result<Response<Body>, Ended> {
    let path = if is_control(request.uri().path()) { "/_alimock" } else { "/" };
    // Nobody looks for the beginning of the next request behind these.
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

/// Answers a request, unless it is none.
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
    // The place is kept until there is an answer: what waits in line holds its body.
    let mut place = Shelved::none(&app.shelf);
    let request = match whole(body, &app.limits, &mut place).await {
        Ok(body) => Request::from_parts(head, body),
        Err(refused) => return Ok(refused.answer(&Request::from_parts(head, Bytes::new()), connection)),
    };
    #[cfg(test)]
    assert!(!request.headers().contains_key("x-panic"), "a test wants a panic");
    if is_control(request.uri().path()) {
        let answer: Result<_, Infallible> =
            app.router.clone().call(request.map(axum::body::Body::from)).await;
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

/// The gateway's answer. A panic in it is a bug of ours: it is logged as one, and answered in the words of the product.
fn guarded(gateway: &Gateway, request: &RawRequest, entrance: &Entrance) -> Answer {
    let handle = || gateway.handle_at(request, entrance);
    let handled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(handle));
    handled.unwrap_or_else(|_| {
        net::report();
        gateway.refuse(request, entrance, INTERNAL_ERROR.error())
    })
}
