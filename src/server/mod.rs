//! Sockets: accept, limits, shutdown. Bytes go to the gateway or, below `/_alimock`, to the control API.
//!
//! It must not know what a request means. Start with [`Server::start`].

mod deliver;
mod endless;
mod listen;
mod pulse;
mod tls;

use crate::control::{self, Control, endpoint};
use crate::error::gateway::BODY_TOO_LARGE;
use crate::gateway::{Answer, Entrance, Gateway, RawRequest, Rules};
use crate::scenario::{Misfits, Scenario};
use crate::world::{Settings, World, Worlds};
use axum::Router;
use bytes::Bytes;
use deliver::{Ended, Spoilt, deliver};
use http::header::{CONNECTION, HeaderName};
use http::{HeaderValue, Request, Response, Version};
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::TokioIo;
use listen::Listeners;
use pulse::{Pulse, Watched};
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tls::Beginning;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower_service::Service;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
/// Bytes of a body.
const MAX_BODY: usize = 1 << 20;
/// Bytes of a request head.
const MAX_HEAD: usize = 64 << 10;
/// Connections at a time; one more waits in the kernel's queue.
const MAX_CONNECTIONS: u32 = 10_000;
/// For a whole body to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// What worlds have in common.
    pub worlds: Settings,
    /// How strict the gateway is.
    pub rules: Rules,
    /// Hosts below this name are worlds too.
    pub host_suffix: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 4588));
        Self { listen, worlds: Settings::default(), rules: Rules::default(), host_suffix: None }
    }
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Somebody else listens there.
    #[error("{0} is already in use; stop the other program or choose another address with --listen")]
    InUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Bind(SocketAddr, io::Error),
    /// The scenario does not fit.
    #[error("the scenario cannot be planted: {0}")]
    Seed(#[from] Misfits),
}

/// A server that listens; [`Server::run`] answers.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    listeners: Listeners,
    app: App,
    address: SocketAddr,
}

/// What every connection needs.
#[derive(Debug, Clone)]
struct App {
    gateway: Arc<Gateway>,
    control: Arc<Control>,
    router: Router,
}

impl Server {
    /// Plants the scenario and listens.
    pub async fn start(config: Config, scenario: Scenario) -> Result<Self, NotStarted> {
        raise_file_limit();
        let worlds = Arc::new(Worlds::new(config.worlds, &scenario)?);
        let listener = TcpListener::bind(config.listen).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => NotStarted::InUse(config.listen),
            _ => NotStarted::Bind(config.listen, error),
        })?;
        let address = listener.local_addr().map_err(|error| NotStarted::Bind(config.listen, error))?;
        let (listeners, desk) = Listeners::new();
        let control = Arc::new(Control {
            worlds: Arc::clone(&worlds),
            scenario,
            endpoint: endpoint(address),
            operations: || crate::services::operations().collect(),
            ports: Box::new(desk),
        });
        let router = control::router(Arc::clone(&control));
        let gateway = Arc::new(Gateway::new(worlds, config.rules, config.host_suffix));
        Ok(Self { listener, listeners, app: App { gateway, control, router }, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client is given, `http://127.0.0.1:4588`.
    pub fn endpoint(&self) -> &str {
        &self.app.control.endpoint
    }

    /// Its worlds.
    pub fn worlds(&self) -> &Arc<Worlds> {
        &self.app.control.worlds
    }

    /// Answers until `stop` is done, then finishes what is in flight.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        self.listeners.run(self.app, (self.listener, self.address), stop).await;
    }
}

/// Lets the process have [`MAX_CONNECTIONS`] open and then some: shells start with room for 1,024 files.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let needed = u64::from(MAX_CONNECTIONS) + 1000;
    if current.is_some_and(|current| current < needed) {
        let current = Some(maximum.map_or(needed, |maximum| maximum.min(needed)));
        // Where it may not be raised, fewer connections are accepted at a time.
        let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum });
    }
}

/// What a request needs of its connection.
struct Connection {
    app: App,
    entrance: Entrance,
    pulse: Arc<Pulse>,
    stopped: watch::Receiver<bool>,
}

/// Serves one connection until either side closes it.
async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    (app, home): (App, Option<Arc<World>>),
    mut stopped: watch::Receiver<bool>,
) {
    let entrance = Entrance { client: peer.ip(), home };
    match tls::beginning(&stream, stopped.clone()).await {
        Beginning::Plain => {}
        Beginning::Tls => return tls::end(stream, &app.gateway, &entrance, stopped).await,
        Beginning::Never => return,
    }
    let _ = stream.set_nodelay(true);
    let pulse = Arc::new(Pulse::default());
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&pulse)));
    let shared = Arc::new(Connection { app, entrance, pulse: Arc::clone(&pulse), stopped: stopped.clone() });
    let service = hyper::service::service_fn(move |request| {
        let (connection, busy) = (Arc::clone(&shared), Pulse::begin(&shared.pulse));
        async move {
            let answer = answer(request, &connection).await;
            drop(busy);
            answer
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .max_header_size(MAX_HEAD)
        // A client may say that it has sent all before it reads the answer.
        .half_close(true)
        .serve_connection(io, service);
    let mut connection = std::pin::pin!(connection);
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut draining = *stopped.borrow();
    let mut left = 2;
    if draining {
        connection.as_mut().graceful_shutdown();
    }
    loop {
        tokio::select! {
            biased;
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(%peer, "connection: {error}");
                }
                return;
            }
            _ = stopped.changed(), if !draining => {
                draining = true;
                connection.as_mut().graceful_shutdown();
            }
            _ = ticks.tick() => {
                // A stream has been told to end: a client that does not read that is not waited for.
                left -= u32::from(draining && pulse.is_endless());
                if left == 0 || pulse.is_over() {
                    return;
                }
            }
        }
    }
}

type Body = Either<Full<Bytes>, axum::body::Body>;

/// Answers one request.
async fn answer(request: Request<Incoming>, connection: &Connection) -> Result<Response<Body>, Ended> {
    let app = &connection.app;
    connection.pulse.set_endless(false);
    if request.uri().path().starts_with("/_alimock") {
        let request = request.map(|body| axum::body::Body::new(Limited::new(body, MAX_BODY)));
        let answer: Result<_, Infallible> = app.router.clone().call(request).await;
        let Ok(answer) = answer;
        let answer = endless::ending(answer, &connection.pulse, connection.stopped.clone());
        return Ok(answer.map(Either::Right));
    }
    let (head, body) = request.into_parts();
    let keep_alive = head.version == Version::HTTP_11 && !closes(&head.headers);
    let mut answer = if let Some(body) = whole(body).await? {
        guarded(&app.gateway, Request::from_parts(head, body), connection)
    } else {
        let request = Request::from_parts(head, Bytes::new());
        app.gateway.refuse(&request, &connection.entrance, BODY_TOO_LARGE.error())
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

/// The whole body, or nothing when it is over the limit.
async fn whole(body: Incoming) -> Result<Option<Bytes>, Ended> {
    if body.is_end_stream() {
        return Ok(Some(Bytes::new()));
    }
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => Ok(Some(body.to_bytes())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Ok(None),
        Ok(Err(_)) | Err(_) => Err(Ended::BodyLost),
    }
}

fn closes(headers: &http::HeaderMap) -> bool {
    headers.get(CONNECTION).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// The gateway's answer. A panic in it is a bug of ours: it is logged as one and does not take the connection down.
fn guarded(gateway: &Gateway, request: RawRequest, connection: &Connection) -> Answer {
    let handle = || gateway.handle_at(&request, &connection.entrance);
    let handled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(handle));
    handled.unwrap_or_else(|_| {
        tracing::error!("this is a bug in alimock; please report it with the lines above and the request");
        gateway.refuse(&request, &connection.entrance, crate::error::gateway::INTERNAL_ERROR.error())
    })
}
