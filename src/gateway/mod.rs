//! The gateway: lets a request in or refuses it. [`Gateway::handle`] is the table of contents; each step has a file.
//!
//! Synchronous and without I/O: bytes in, bytes out, so a test calls it as a function. It must not know where the bytes come
//! from, and no service may know it.

mod authenticate;
mod authorize;
mod disturb;
mod gate;
mod host;
mod parse;
mod protocol;
mod render;
mod route;
mod stub;
#[cfg(test)]
mod vectors;

pub(crate) use parse::host_name;
pub(crate) use protocol::metadata::ADDRESS as METADATA;

use crate::error::{ApiError, Result};
use crate::operation::{Reply, Run};
use crate::services::Format;
use crate::text::AccessKeyId;
use crate::world::faults::TlsEnding;
use crate::world::journal::{Record, Refused, masked};
use crate::world::permission::Decision;
use crate::world::propagation::Looker;
use crate::world::{By, Caller, LastUse, Now, Source, World, Worlds};
use bytes::Bytes;
use disturb::Disturbance;
use http::{Method, Request, Response};
use parse::{Call, Form};
use protocol::Protocol;
use render::Frame;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// A request with its whole body.
pub type RawRequest = Request<Bytes>;

/// An answer with its whole body.
pub type Answer = Response<Bytes>;

/// How strict the gateway is where the sources disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How far the time of a v1 signature may be from the gateway clock, in milliseconds.
    pub window_v1_millis: i64,
    /// The same for v3.
    pub window_v3_millis: i64,
    /// Whether a v3 request may leave headers unsigned that it is read from.
    pub unsigned_headers: bool,
}

impl Default for Rules {
    /// 15 minutes for both. UNCERTAIN: the current page of v1 says 31. Source: docs/evidence/gateway.md section 8.
    fn default() -> Self {
        Self { window_v1_millis: 15 * 60_000, window_v3_millis: 15 * 60_000, unsigned_headers: false }
    }
}

impl Rules {
    fn window(&self, form: Form) -> i64 {
        match form {
            Form::RpcV1 | Form::RoaV1 => self.window_v1_millis,
            // Other protocols look at their times themselves.
            _ => self.window_v3_millis,
        }
    }
}

/// The gateway of a server.
#[derive(Debug)]
pub struct Gateway {
    worlds: Arc<Worlds>,
    rules: Rules,
    /// Hosts below this name are worlds too.
    suffix: Option<String>,
}

/// Where a request came in.
#[derive(Debug, Clone)]
pub struct Entrance {
    /// Address of the client.
    pub client: IpAddr,
    /// The world whose own port it was.
    pub home: Option<Arc<World>>,
    /// Whether over TLS.
    pub secure: bool,
}

/// The server's own port, which belongs to no world.
impl From<IpAddr> for Entrance {
    fn from(client: IpAddr) -> Self {
        Self { client, home: None, secure: false }
    }
}

/// What is learned about a call on its way, for the answer and the journal.
#[derive(Default)]
struct Trail {
    product: Option<&'static crate::services::Product>,
    caller: Option<Caller>,
    key: Option<AccessKeyId>,
    decision: Option<Decision>,
    changed: Option<u64>,
    operation: Option<&'static str>,
    unseen: Vec<String>,
    disturbance: Disturbance,
}

impl Gateway {
    /// A gateway to `worlds`. Hosts `<world>.<suffix>` name a world, as `<world>.localhost` always does.
    pub fn new(worlds: Arc<Worlds>, rules: Rules, suffix: Option<String>) -> Self {
        Self { worlds, rules, suffix }
    }

    /// The worlds behind it.
    pub fn worlds(&self) -> &Arc<Worlds> {
        &self.worlds
    }

    /// Answers a request of the client at `client`.
    pub fn handle(&self, request: &RawRequest, client: IpAddr) -> Answer {
        self.handle_at(request, &client.into())
    }

    /// Answers a request that came in at `entrance`.
    pub fn handle_at(&self, request: &RawRequest, entrance: &Entrance) -> Answer {
        self.answer(request, entrance, None)
    }

    /// Refuses a request that could not be read whole; only its head counts.
    pub fn refuse(&self, request: &RawRequest, entrance: &Entrance, error: ApiError) -> Answer {
        self.answer(request, entrance, Some((error, None)))
    }

    /// Refuses, in JSON, what was sent here for a host that alimock does not stand in for.
    pub fn turn_away(&self, request: &RawRequest, entrance: &Entrance, error: ApiError) -> Answer {
        self.answer(request, entrance, Some((error, Some(Format::Json))))
    }

    /// How a TLS handshake for `host` ends, and after how long, when a rule wants it to.
    pub fn greet(&self, host: &str, entrance: &Entrance) -> Option<(TlsEnding, Duration)> {
        let by_label = self.world_named(host).ok().flatten();
        let world =
            entrance.home.as_ref().or(by_label.as_ref()).unwrap_or_else(|| self.worlds.default_world());
        let now = world.clock.now();
        world.settle(now.resource);
        disturb::greeted(world, host, entrance.client, now)
    }

    fn answer(
        &self,
        request: &RawRequest,
        entrance: &Entrance,
        refused: Option<(ApiError, Option<Format>)>,
    ) -> Answer {
        let client = entrance.client;
        let mut call = self.read(request, entrance.home.as_ref());
        let (refused, format) = refused.unzip();
        call.format = format.flatten().or(call.format);
        let (world, lost) = match self.world_of(request, &call, entrance.home.as_ref()) {
            Ok(world) => (world, refused),
            Err(error) => (Arc::clone(self.worlds.default_world()), Some(error)),
        };
        let now = world.clock.now();
        if request.method() == Method::OPTIONS {
            return render::preflight(now.gateway);
        }
        world.settle(now.resource);
        let ids = world.next_request();
        let mut trail = Trail::default();
        let outcome = match lost {
            Some(error) => Err(error),
            None => self.pass(request, &mut call, &world, (now, entrance), &mut trail),
        };
        trail.disturbance.ran(&world, now.resource);
        let format = call.format.unwrap_or(match (call.form, trail.product) {
            (Form::RpcV1, Some(product)) => product.format,
            (Form::RpcV1, None) => Format::Xml,
            _ => Format::Json,
        });
        let product = trail.product.map(|product| product.code);
        let frame = Frame {
            ids,
            at: now.resource,
            now: now.gateway,
            format,
            action: &call.action,
            host: call.host_name(),
            product,
            answers_in_body: trail.product.is_some_and(|product| product.answers_in_body),
            key: call.key(),
            protocol: call.form.protocol(),
        };
        let answer = trail.disturbance.spoil(match &outcome {
            Ok(reply) => frame.success(reply),
            Err(error) => frame.refusal(error),
        });
        let refused = outcome.err();
        if let (Some(product), Some(operation)) = (product, trail.operation) {
            world.coverage.note((product, operation), refused.as_ref().map(|error| &*error.code));
        }
        world.journal.write(Record {
            number: 0,
            ids,
            at: now.resource,
            gateway_at: now.gateway,
            client,
            method: request.method().as_str().into(),
            path: request.uri().path().into(),
            tls: entrance.secure,
            style: call.form.name(),
            product,
            key: trail.key.or_else(|| call.key().and_then(shown_key)),
            host: call.host,
            version: call.version,
            action: call.action,
            params: masked(
                call.params,
                if refused.is_none() { &authenticate::signing::PARAMETERS } else { &[] },
            ),
            caller: trail.caller.unwrap_or(Caller::Nobody),
            decision: trail.decision,
            status: answer.status().as_u16(),
            refused: refused.map(|error| Box::new(error.into())),
            changed: trail.changed,
            faults: trail.disturbance.struck,
            unseen: trail.unseen,
        });
        answer
    }

    /// The steps between parsing and rendering, in the order in which they refuse.
    fn pass(
        &self,
        request: &RawRequest,
        call: &mut Call,
        world: &World,
        (now, entrance): (Now, &Entrance),
        trail: &mut Trail,
    ) -> Result<Reply> {
        let client = entrance.client;
        if let Some(excess) = call.params.excess() {
            return Err(excess.error());
        }
        let product = route::product(call, self.product_named(call.host_name()), world)?;
        trail.product = Some(product);
        call.params.speak(product.dialect);
        if let Some(problem) = call.problem.take() {
            return Err(problem);
        }
        let arrived = trail.disturbance.arrived(world, (call, product.code), client, now);
        if arrived.is_err() {
            // What a rule refuses counts as a call of the operation it would have been.
            trail.operation = product.operation(&call.version, &call.action).map(|operation| operation.name);
        }
        let now = arrived?;
        let route = route::operation(call, product, request.method())?;
        trail.operation = route.operation.map(|operation| operation.name);

        let state = world.state();
        let shown = Looker::Key(call.key().unwrap_or_default());
        let keys = world.seen(&state, shown, now.resource, &mut trail.unseen);
        let keys = keys.as_deref().unwrap_or(&state);
        let known = authenticate::caller(request, call, route.audience, world, keys, now, &self.rules)?;
        if let Some(key) = &known.key {
            world.note_use(key, LastUse { at: now.resource, product: product.code });
        }
        let caller = &*trail.caller.insert(known.caller);
        trail.key = known.key;

        let seen = world.seen(&state, Looker::Caller(caller), now.resource, &mut trail.unseen);
        let seen = seen.as_deref().unwrap_or(&state);
        gate::check(&route, caller, seen)?;
        let source = Source { ip: client, secure: entrance.secure };
        let by = By { caller, source, host: call.authority(), seen: Some(seen) };
        let decision = trail.decision.insert(authorize::decision(&route, call, by, seen, now.resource));
        if !state.enforcement.lets_through(decision) {
            return Err(authorize::refusal(decision, &route, caller));
        }
        let place = (client, now);
        trail.disturbance.let_in(world, (call, product.code), place, (caller, decision), &state)?;
        gate::standing(&route, call, (caller, trail.key.as_ref()), (&state, seen))?;
        let Some(operation) = route.operation else {
            return match call.form.protocol() {
                Protocol::Gateway => stub::answer(call, product, &state, (caller, now.resource)),
                other => Err(other.words().not_run.error()),
            };
        };
        match &operation.run {
            Run::Read(run) => {
                let earlier = trail.disturbance.earlier_state(world, now.resource);
                let state = earlier.as_deref().unwrap_or(&state);
                run(world.view(state, now.resource, by), &call.params)
            }
            Run::Write(read) => read(&call.params).and_then(|change| {
                let (outcome, decided) = world.commit_deciding(now.resource, by, change);
                // `AssumeRole` decides by itself: it asks the trust policy of the role, too.
                trail.decision = decided.or(trail.decision.take());
                let (reply, version) = outcome?;
                trail.changed = Some(version);
                Ok(reply)
            }),
        }
    }

    /// Step 1. Clients of v1 disagree about a name that is in the query and in the body; the signature tells which value they mean,
    /// and what they mean is all that is read. A request whose signature fits neither way is read the first way.
    fn read(&self, request: &RawRequest, home: Option<&Arc<World>>) -> Call {
        let call = parse::call(request);
        if !call.is_contested {
            return call;
        }
        let other = parse::other_reading(request);
        let fits = |call: &Call| {
            let world = self.world_of(request, call, home);
            world.is_ok_and(|world| authenticate::fits(request, call, &world.state()))
        };
        if !fits(&call) && fits(&other) { other } else { call }
    }

    /// Step 2: the port's own world, host label, header, key or role, default.
    fn world_of(&self, request: &RawRequest, call: &Call, home: Option<&Arc<World>>) -> Result<Arc<World>> {
        if let Some(home) = home {
            return Ok(Arc::clone(home));
        }
        if let Some(world) = self.world_named(call.host_name())? {
            return Ok(world);
        }
        if let Some(name) = parse::header(request.headers(), "x-alimock-world") {
            return self.worlds.named(&name).ok_or_else(|| no_such_world(&name));
        }
        let found = match call.key() {
            Some(key) => self.worlds.of_key(key),
            // Role login is not signed; the account of the role tells the world.
            None => call.params.get("RoleArn").and_then(|arn| self.worlds.of_arn(arn)),
        };
        Ok(found.unwrap_or_else(|| Arc::clone(self.worlds.default_world())))
    }
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self {
            message: error.message_without_secrets(),
            code: error.code,
            note: error.note,
            mismatch: error.mismatch,
        }
    }
}

/// Ours: the real service has no worlds.
fn no_such_world(name: &str) -> ApiError {
    let message = format!(
        "there is no world `{name}`; make it with POST /_alimock/worlds, or see GET /_alimock/worlds"
    );
    ApiError::free(404, "Alimock.WorldNotFound".to_owned(), message)
}

/// A key id as the journal may hold it.
fn shown_key(text: &str) -> Option<AccessKeyId> {
    use crate::text::Scalar;
    AccessKeyId::parse(text).ok()
}
