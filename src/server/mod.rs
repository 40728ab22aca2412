//! Sockets, limits and shutdown. Requests below `/_alimock/` go to the control API, all others to the gateway.
//!
//! This module must not know the meaning of a request. Start with [`Server::start`].

mod authority;
mod beside;
mod body;
mod connection;
mod deliver;
mod endless;
mod head;
mod kept;
mod limits;
mod listen;
mod net;
mod places;
mod proxy;
mod pulse;
mod refusal;
mod stream;
mod streams;
mod tls;

pub use authority::{Authority, Unusable};
pub use limits::Limits;

use crate::control::{self, Access, Beside, Control, ControlToken, Fixed, Trust, endpoint, is_loopback};
use crate::gateway::{Gateway, Listener, Rules};
use crate::scenario::{Misfits, Scenario};
use crate::text::{SecretText, format_duration};
use crate::world::{Enforcement, Settings, World, Worlds};
use axum::Router;
use beside::Lines;
use body::Shelf;
use jiff::SignedDuration;
use listen::Listeners;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Number of open files other than connections.
const OTHER_FILES: u32 = 256;

/// Configuration of a server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on; clients get this one as the endpoint.
    pub listen: SocketAddr,
    /// More addresses to listen on.
    pub also_listen: Vec<SocketAddr>,
    /// Settings that all worlds share.
    pub worlds: Settings,
    /// Strictness of the gateway.
    pub rules: Rules,
    /// Domain suffix whose subdomains select a world.
    pub host_suffix: Option<String>,
    /// Directory for data that outlives the server: the certificate authority. `None` keeps it in memory.
    pub data_dir: Option<PathBuf>,
    /// Token of the control API.
    pub control_token: ControlToken,
    /// Limits on clients.
    pub limits: Limits,
    /// A function that is told of every request.
    pub listener: Option<Listener>,
}

impl Config {
    /// All addresses; the endpoint's is first.
    fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        std::iter::once(self.listen).chain(self.also_listen.iter().copied())
    }

    /// Returns `true` if all addresses are loopback.
    pub(crate) fn is_local(&self) -> bool {
        self.addresses().all(|address| is_loopback(address.ip()))
    }

    /// Returns the settings that cannot change while the server runs, each with its flag. Omits the control token.
    fn fixed(&self) -> Vec<Fixed> {
        let Settings { seed, journal, nonces, enforcement, .. } = self.worlds;
        let Rules { window_v1_millis, window_v3_millis, unsigned_headers } = self.rules;
        let window = |millis| format_duration(SignedDuration::from_millis(millis));
        let permissions = if enforcement == Enforcement::Audit { "audit" } else { "enforce" };
        let token = match (&self.control_token, self.generates_token()) {
            (ControlToken::Given(_), _) => "given",
            (_, true) => "generated",
            (_, false) => "none",
        };
        let data = self.data_dir.as_ref().map(|path| path.display().to_string());
        let addresses: Vec<_> = self.addresses().map(|address| address.to_string()).collect();
        [
            ("--window-v1", window(window_v1_millis)),
            ("--window-v3", window(window_v3_millis)),
            ("--unsigned-headers", if unsigned_headers { "allow" } else { "refuse" }.to_owned()),
            ("--nonces", nonces.to_string()),
            ("--permissions", permissions.to_owned()),
            ("--journal-records", journal.records.to_string()),
            ("--journal-bytes", journal.bytes.to_string()),
            ("--seed", seed.to_string()),
            ("--listen", addresses.join(",")),
            ("--host-suffix", self.host_suffix.clone().unwrap_or_default()),
            ("--data-dir", data.unwrap_or_default()),
            ("--control-token", token.to_owned()),
        ]
        .map(|(flag, value)| Fixed { flag, value })
        .into()
    }

    /// Returns `true` if the server generates a token for its control API.
    pub(crate) fn generates_token(&self) -> bool {
        self.control_token == ControlToken::Auto && !self.is_local()
    }
}

impl Default for Config {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 4588));
        Self {
            listen,
            also_listen: Vec::new(),
            worlds: Settings::default(),
            rules: Rules::default(),
            host_suffix: None,
            data_dir: None,
            control_token: ControlToken::Auto,
            limits: Limits::default(),
            listener: None,
        }
    }
}

/// Reason why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Another program listens on the address.
    #[error("address `{0}` is in use; stop the other program, or choose another one with `--listen`")]
    InUse(SocketAddr),
    /// The server cannot listen on the address.
    #[error("cannot listen on `{0}`: {1}")]
    Bind(SocketAddr, io::Error),
    /// The scenario cannot be loaded.
    #[error("cannot load the scenario: {0}")]
    Seed(#[from] Misfits),
    /// The files of the certificate authority cannot be used.
    #[error("cannot use the certificate authority: {0}")]
    Authority(#[from] Unusable),
}

/// A listening server; [`Server::run`] serves the requests.
#[derive(Debug)]
pub struct Server {
    /// Listeners of the server, without those of worlds. The first has the endpoint's address.
    own: Vec<(TcpListener, SocketAddr)>,
    listeners: Listeners,
    control_token: Option<SecretText>,
    app: App,
}

/// State that all connections share.
#[derive(Debug, Clone)]
struct App {
    gateway: Arc<Gateway>,
    control: Arc<Control>,
    router: Router,
    authority: Arc<Authority>,
    limits: Arc<Limits>,
    lines: Arc<Lines>,
    shelf: Arc<Shelf>,
}

impl Server {
    /// Loads the scenario and listens.
    pub async fn start(config: Config, scenario: Scenario) -> Result<Self, NotStarted> {
        let connections = raise_file_limit(config.limits.connections);
        let limits = Arc::new(Limits { connections, ..config.limits });
        let lines = Arc::new(Lines::new(&limits));
        let authority = Arc::new(Authority::new(config.listen.ip(), config.data_dir.as_deref())?);
        let worlds = Arc::new(Worlds::new(config.worlds, &scenario)?);
        let control_token = match &config.control_token {
            ControlToken::Auto => config.generates_token().then(control::generated),
            ControlToken::Given(token) => Some(token.clone()),
            ControlToken::Off => None,
        };
        let mut own = Vec::new();
        for address in config.addresses() {
            let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
                io::ErrorKind::AddrInUse => NotStarted::InUse(address),
                _ => NotStarted::Bind(address, error),
            })?;
            let bound = listener.local_addr().map_err(|error| NotStarted::Bind(address, error))?;
            own.push((listener, bound));
        }
        let (listeners, desk) = Listeners::new(&limits);
        let control = Arc::new(Control {
            worlds: Arc::clone(&worlds),
            scenario,
            endpoint: endpoint(own[0].1),
            operations: || crate::services::operations().collect(),
            access: Access::new(control_token.clone()),
            listen: own.iter().map(|(_, address)| address.ip()).collect(),
            ports: Box::new(desk),
            beside: Arc::clone(&lines) as Arc<dyn Beside>,
            trust: Arc::clone(&authority) as Arc<dyn Trust>,
            fixed: config.fixed(),
        });
        let router = control::router(Arc::clone(&control));
        let gateway =
            Arc::new(Gateway::new(worlds, config.rules, config.host_suffix).with_listener(config.listener));
        let shelf = Arc::default();
        let app = App { gateway, control, router, authority, limits, lines, shelf };
        Ok(Self { own, listeners, control_token, app })
    }

    /// Address that clients get as the endpoint.
    pub fn address(&self) -> SocketAddr {
        self.own[0].1
    }

    /// Other addresses.
    pub fn other_addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.own.iter().skip(1).map(|(_, address)| *address)
    }

    /// Endpoint for clients, such as `http://127.0.0.1:4588`.
    pub fn endpoint(&self) -> &str {
        &self.app.control.endpoint
    }

    /// Worlds of the server.
    pub fn worlds(&self) -> &Arc<Worlds> {
        &self.app.control.worlds
    }

    /// Scenario that new worlds start with.
    pub(crate) fn scenario(&self) -> &Scenario {
        &self.app.control.scenario
    }

    /// Token of the control API, if it requires one: the configured token, or a generated one.
    pub fn control_token(&self) -> Option<&str> {
        self.control_token.as_ref().map(SecretText::reveal)
    }

    /// URL of the credentials of a role (`account/role`) in a world.
    pub(crate) fn credentials_uri(&self, world: &World, role: &str) -> String {
        let path = control::credentials_path(&self.app.control.access, world.name.as_str(), role);
        format!("{}{path}", self.endpoint())
    }

    /// Certificate authority of the server.
    pub fn authority(&self) -> &Authority {
        &self.app.authority
    }

    /// Serves requests until `stop` is done, then finishes requests in flight.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        self.listeners.run(self.app, self.own, stop).await;
    }
}

/// Raises the limit on open files for `connections` and some other files; shells start with 1,024. Returns the possible number of
/// connections.
fn raise_file_limit(connections: u32) -> u32 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let needed = u64::from(connections) + u64::from(OTHER_FILES);
    if current.is_some_and(|current| current < needed) {
        let current = Some(maximum.map_or(needed, |maximum| maximum.min(needed)));
        // If the limit cannot be raised, the server accepts fewer connections.
        let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum });
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(needed);
    let room = files.saturating_sub(u64::from(OTHER_FILES)).max(files / 2);
    u32::try_from(room).unwrap_or(u32::MAX).min(connections)
}
