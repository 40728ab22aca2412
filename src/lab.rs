//! An emulator inside a test of a Rust program, without sockets: requests are values.
//!
//! ```
//! use alimock::Lab;
//! use serde_json::json;
//!
//! let lab = Lab::new();
//! let world = lab.world();
//!
//! // A request as a client sends it. This one is not signed.
//! let request = http::Request::get("/?Action=GetCallerIdentity&Version=2015-04-01&Format=JSON")
//!     .header("host", "sts.aliyuncs.com")
//!     .body(Vec::new())
//!     .unwrap();
//! let answer = world.send(request).unwrap();
//! assert_eq!(answer.status(), 400);
//! assert!(std::str::from_utf8(answer.body()).unwrap().contains("MissingAccessKeyId"));
//!
//! // The control API changes and explains the world.
//! let (key, _secret) = world.caller("demo").unwrap();
//! world.control("POST", "/commands", json!({"disableKey": {"key": key}})).unwrap();
//! let why = world.control("GET", "/why", json!(null)).unwrap();
//! assert_eq!(why["request"]["code"], "MissingAccessKeyId");
//! ```
//!
//! A client that needs an address calls a [`Server`](crate::Server) in this process.

use crate::control::{self, Access, Beside, Control, Later, Port, Ports, Weight};
use crate::gateway::{Entrance, Gateway, Rules};
use crate::scenario::{Misfits, Scenario};
use crate::server::Authority;
use crate::world::faults::Delivery;
use crate::world::{Settings, World, Worlds};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::{fmt, io};
use tower_service::Service;

/// Address of every client.
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// An emulator without sockets. It holds worlds; tests of one lab do not see each other's.
#[derive(Debug)]
pub struct Lab {
    gateway: Gateway,
    router: axum::Router,
    worlds: Arc<Worlds>,
}

impl Default for Lab {
    fn default() -> Self {
        Self::new()
    }
}

impl Lab {
    /// A lab whose worlds start with the accounts `operator` and `demo`, as `alimock serve` does.
    pub fn new() -> Self {
        Self::with(Scenario::default_seed()).expect("the default scenario can be loaded")
    }

    /// A lab whose worlds start with a scenario. Fails if parts of the scenario do not fit each other.
    pub fn with(scenario: Scenario) -> Result<Self, Misfits> {
        let worlds = Arc::new(Worlds::new(Settings::default(), &scenario)?);
        let authority = Authority::new(CLIENT, None).expect("without a directory, nothing is read");
        let router = control::router(Arc::new(Control {
            worlds: Arc::clone(&worlds),
            scenario,
            endpoint: "http://localhost".to_owned(),
            operations: || crate::services::operations().collect(),
            access: Access::new(None),
            listen: vec![CLIENT],
            ports: Box::new(NoPorts),
            beside: Arc::new(AtOnce),
            trust: Arc::new(authority),
            fixed: Vec::new(),
        }));
        let gateway = Gateway::new(Arc::clone(&worlds), Rules::default(), None);
        Ok(Self { gateway, router, worlds })
    }

    /// Makes a new world.
    pub fn world(&self) -> LabWorld<'_> {
        let made = self.control("POST", "/worlds", Value::Null).expect("a lab may have many worlds");
        let name = made["world"].as_str().expect("a new world has a name");
        LabWorld { lab: self, world: self.worlds.named(name).expect("the world is new"), made }
    }

    /// Makes a call of the control API; docs/control-api.md lists them. `path` is below `/_alimock`; `body` is JSON, a text that is sent
    /// as it is, or null.
    ///
    /// A call that waits for something, such as the stream of events, is refused: only a [`Server`](crate::Server) has it.
    pub fn control(&self, method: &str, path: &str, body: Value) -> Result<Value, Refused> {
        let (body, kind) = match body {
            Value::Null => (String::new(), "application/json"),
            Value::String(text) => (text, "application/yaml"),
            other => (other.to_string(), "application/json"),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("/_alimock{path}"))
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, kind)
            .body(axum::body::Body::from(body))
            .map_err(|error| Refused::new(StatusCode::BAD_REQUEST, "bad_request", error.to_string()))?;
        let answered = now(async {
            let Ok(answer) = self.router.clone().call(request).await;
            let (head, body) = answer.into_parts();
            (head.status, body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default())
        });
        let Some((status, body)) = answered else {
            let why = format!("{method} {path} waits for something; start a Server for it");
            return Err(Refused::new(StatusCode::NOT_IMPLEMENTED, "waits", why));
        };
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        let value = serde_json::from_slice(&body).unwrap_or_else(|_| text());
        if status.is_success() {
            return Ok(value);
        }
        let part = |name: &str| value["error"][name].as_str().unwrap_or_default().to_owned();
        Err(Refused { status, code: part("code"), message: part("message") })
    }
}

/// A world of a [`Lab`].
#[derive(Debug)]
pub struct LabWorld<'a> {
    lab: &'a Lab,
    world: Arc<World>,
    /// Answer of the control API that created it.
    made: Value,
}

impl LabWorld<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        self.world.name.as_str()
    }

    /// Answers a request of a client as the real service does. The header `Host` names the product.
    ///
    /// Fails when a fault rule ends the connection before the whole answer has arrived. Delays of rules are not waited for.
    pub fn send<B: Into<Bytes>>(&self, request: Request<B>) -> Result<Response<Bytes>, Lost> {
        let entrance = Entrance { client: CLIENT, home: Some(Arc::clone(&self.world)), secure: true };
        let answer = self.lab.gateway.handle_at(&request.map(Into::into), &entrance);
        let delivery = answer.extensions().get::<Delivery>();
        if delivery.is_some_and(|delivery| delivery.ending.is_some() || delivery.cut.is_some()) {
            return Err(Lost);
        }
        Ok(answer)
    }

    /// Makes a call of the control API; `path` is below `/_alimock/worlds/NAME`. See [`Lab::control`].
    pub fn control(&self, method: &str, path: &str, body: Value) -> Result<Value, Refused> {
        self.lab.control(method, &format!("/worlds/{}{path}", self.name()), body)
    }

    /// Returns id and secret of the first key of an account, or of `account/user`. `None` if it has none.
    pub fn caller(&self, name: &str) -> Option<(&str, &str)> {
        let (account, user) = name.split_once('/').unwrap_or((name, ""));
        let accounts = self.made["accounts"].as_array()?;
        let account = accounts.iter().find(|one| one["name"] == account || one["uid"] == account)?;
        let keys = account["keys"].as_array()?;
        let key = keys.iter().find(|key| key["user"].as_str().unwrap_or_default() == user)?;
        Some((key["accessKeyId"].as_str()?, key["accessKeySecret"].as_str()?))
    }

    /// Variables for a client: credentials and region.
    pub fn env(&self) -> BTreeMap<&str, &str> {
        let variables = self.made["env"].as_object().into_iter().flatten();
        variables.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect()
    }
}

impl Drop for LabWorld<'_> {
    fn drop(&mut self) {
        // The test may have deleted it.
        let _ = self.control("DELETE", "", Value::Null);
    }
}

/// A refused call of the control API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Status of the answer.
    pub status: StatusCode,
    /// Code, such as `unknown_key`.
    pub code: String,
    /// Description of the mistake.
    pub message: String,
}

impl Refused {
    fn new(status: StatusCode, code: &str, message: String) -> Self {
        Self { status, code: code.to_owned(), message }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.status.as_u16(), self.code, self.message)
    }
}

impl std::error::Error for Refused {}

/// The connection ended before the whole answer had arrived, as a fault rule wants. The call may have been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection ended before the whole answer had arrived")
    }
}

impl std::error::Error for Lost {}

/// Returns the result of a future that does not wait.
fn now<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Runs calls at once, in the thread of the test.
#[derive(Debug)]
struct AtOnce;

impl Beside for AtOnce {
    fn run(&self, _: Weight, job: Box<dyn FnOnce() -> axum::response::Response + Send>) -> Later {
        Box::pin(std::future::ready(job()))
    }
}

/// Worlds of a lab have no ports.
#[derive(Debug)]
struct NoPorts;

impl Ports for NoPorts {
    fn bind(&self, _: SocketAddr) -> io::Result<Port> {
        Err(io::Error::other("a lab has no ports; start a Server"))
    }

    fn close(&self, _: SocketAddr) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::ready(()))
    }
}
