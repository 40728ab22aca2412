//! The gateway checks, runs and answers requests. Start with [`Gateway::handle_at`]; each step has a file.
//!
//! The gateway is synchronous and does no I/O: bytes in, bytes out, so tests call it as a function. It does not know
//! the transport, and services do not know the gateway.
//!
//! `call.rs` and `frame.rs` hold the values that the steps pass on; `protocol/` holds the protocols. Files import only
//! files below them, and steps do not import each other. `tests/it/circles.rs` checks this.

mod authenticate;
mod authorize;
mod call;
mod disturb;
mod frame;
mod gate;
mod host;
mod names;
mod parse;
mod percent;
mod protocol;
mod request;
mod route;
mod rules;
mod stub;
#[cfg(test)]
mod vectors;
mod visit;

pub(crate) use host::{METADATA, host_name};
pub use request::{Answer, RawRequest};
pub use rules::Rules;
pub use visit::Entrance;

use crate::error::{ApiError, NOT_RUN, Result};
use crate::operation::{Reply, Run};
use crate::services::Format;
use crate::world::faults::TlsEnding;
use crate::world::journal::{Record, Step};
use crate::world::propagation::Looker;
use crate::world::{World, Worlds};
use call::{Asked, Call, StubForm};
use http::{HeaderName, HeaderValue, Method};
use names::{Names, no_such_world};
use protocol::api::preflight;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use visit::Visit;

/// Header of a response that says what a real service would not: alimock does not run the action.
const NOTE: HeaderName = HeaderName::from_static("x-alimock-note");

/// The gateway of a server.
#[derive(Debug)]
pub struct Gateway {
    names: Names,
    rules: Rules,
    listener: Option<Listener>,
}

/// Gets the record of every request before the journal does, for example to log it.
pub type Listener = fn(&World, &Record);

impl Gateway {
    /// Creates a gateway to `worlds`. Hosts `<world>.<suffix>` name a world, as `<world>.localhost` always does.
    pub fn new(worlds: Arc<Worlds>, rules: Rules, suffix: Option<String>) -> Self {
        Self { names: Names { worlds, suffix }, rules, listener: None }
    }

    /// Has a function told of every request.
    #[must_use]
    pub fn with_listener(self, listener: Option<Listener>) -> Self {
        Self { listener, ..self }
    }

    /// Returns the worlds.
    pub fn worlds(&self) -> &Arc<Worlds> {
        &self.names.worlds
    }

    /// Handles a request of the client at `client` to the server's main port.
    pub fn handle(&self, request: &RawRequest, client: IpAddr) -> Answer {
        self.handle_at(request, &client.into())
    }

    /// Handles a request that arrived at `entrance`. The steps come in the order in which they reject.
    pub fn handle_at(&self, request: &RawRequest, entrance: &Entrance) -> Answer {
        // 1 parse
        let call = self.parse(request, entrance);

        // 2 world
        let found = self.world_of(request, &call, entrance);
        let world = found.as_ref().unwrap_or_else(|_| self.worlds().default_world());
        let now = world.clock.now();
        if request.method() == Method::OPTIONS && !call.has_own_preflight {
            return preflight(now.gateway);
        }
        let mut visit = Visit::new(request, entrance, call, Arc::clone(world), now);

        // Steps 3 to 7 stop at the first error.
        let outcome = (|| {
            visit.step = Step::World;
            found?;

            // 3 route
            visit.step = Step::Parse;
            visit.call.params.excess().map_or(Ok(()), |excess| Err(excess.error()))?;
            visit.step = Step::Route;
            let named = self.names.product_named(visit.call.host_name());
            let product = *visit.product.insert(route::product(&visit.call, request, named, &visit.world)?);
            visit.step = Step::Parse;
            visit.call.problem.take().map_or(Ok(()), Err)?;
            visit.step = Step::Route;
            route::name_action(&mut visit.call, product, request, &visit.state.stubs);
            let subject = disturb::subject(request, &visit.call, product.code, entrance.client, now);
            visit.step = Step::Rule;
            let skew = visit.disturbance.arrived(&visit.world, &subject).inspect_err(|_| {
                // Counts for the operation that would have run.
                let operation = product.operation(&visit.call.version, &visit.call.action);
                visit.operation = operation.map(|operation| operation.name);
            })?;
            visit.clocks.gateway = now.gateway.plus_millis(skew);
            if visit.disturbance.has_struck() {
                visit.state = visit.world.state();
            }
            visit.step = Step::Route;
            let worded = |error| product.front.worded(error);
            let route = route::operation(&visit.call, product, request.method()).map_err(worded)?;
            visit.operation = route.operation.map(|operation| operation.name);

            // 4 authenticate
            visit.step = Step::Authenticate;
            let shown = Looker::Key(visit.call.key().unwrap_or_default());
            let keys = visit.world.seen(&visit.state, shown, now.resource, &mut visit.unseen);
            let known = authenticate::caller(
                Asked {
                    request,
                    call: &visit.call,
                    world: &visit.world,
                    state: keys.as_deref().unwrap_or(&visit.state),
                    now: visit.clocks,
                    rules: &self.rules,
                    source: entrance.source(&visit.state),
                    front: product.front,
                },
                route.audience,
            )
            .map_err(worded)?;
            known.key.iter().for_each(|key| visit.note_use(key, product.code, now.resource));
            (visit.caller, visit.key) = (known.caller, known.key);
            let looker = Looker::Caller(&visit.caller);
            visit.seen = visit.world.seen(&visit.state, looker, now.resource, &mut visit.unseen);

            // 5 gate
            visit.step = Step::Gate;
            gate::check(&route, &visit.caller, visit.seen())?;

            // 6 authorize
            visit.step = Step::Authorize;
            visit.decision = Some(authorize::decision(&visit, &route, visit.by()));
            if let Some(decision) = &visit.decision
                && !visit.state.enforcement.lets_through(decision)
            {
                return Err(authorize::refusal(decision, &route, &visit.caller));
            }
            let facts = || disturb::facts(&visit.caller, visit.decision.as_ref(), &visit.state);
            let subject = disturb::subject(request, &visit.call, product.code, entrance.client, visit.clocks);
            visit.step = Step::Rule;
            visit.disturbance.let_in(&visit.world, subject, facts)?;
            visit.step = Step::Gate;
            gate::owners(&visit, product.front)?;
            gate::standing(&mut visit, &route)?;

            // 7 run
            visit.step = Step::Run;
            let Some(operation) = route.operation else {
                return stub::answer(&visit, product).map_err(worded);
            };
            let outcome = match &operation.run {
                Run::Read(run) => {
                    let earlier = visit.disturbance.earlier_state(&visit.world, now.resource);
                    let state = earlier.as_deref().unwrap_or(&visit.state);
                    run(visit.world.view(state, now.resource, visit.by()), &visit.call.params)
                }
                Run::Write(read) => {
                    let (outcome, decided) = match read(&visit.call.params) {
                        Ok(change) => visit.world.commit_deciding(now.resource, visit.by(), change),
                        Err(failure) => (Err(failure), None),
                    };
                    // `AssumeRole` makes its own decision, because it also asks the trust policy of the role.
                    visit.decision = decided.or(visit.decision.take());
                    outcome.map(|(reply, version)| {
                        visit.changed = Some(version);
                        reply
                    })
                }
            };
            let dialect = operation.dialect.unwrap_or(product.dialect);
            outcome.map_err(|failure| failure.worded(dialect).in_words(operation.words))
        })();
        self.leave(visit, outcome)
    }

    /// Rejects a request whose body could not be read completely; uses only its head.
    pub fn refuse(&self, request: &RawRequest, entrance: &Entrance, error: ApiError) -> Answer {
        self.refuse_in(None, request, entrance, error)
    }

    /// Rejects, in JSON, a request for a host that alimock does not emulate.
    pub fn turn_away(&self, request: &RawRequest, entrance: &Entrance, error: ApiError) -> Answer {
        self.refuse_in(Some(Format::Json), request, entrance, error)
    }

    fn refuse_in(
        &self,
        format: Option<Format>,
        request: &RawRequest,
        entrance: &Entrance,
        error: ApiError,
    ) -> Answer {
        let mut call = self.parse(request, entrance);
        call.format = format.or(call.format);
        let found = self.world_of(request, &call, entrance);
        let (world, error) = match found {
            Ok(world) => (world, error),
            Err(lost) => (Arc::clone(self.worlds().default_world()), lost),
        };
        let now = world.clock.now();
        if request.method() == Method::OPTIONS && !call.has_own_preflight {
            return preflight(now.gateway);
        }
        self.leave(Visit::new(request, entrance, call, world, now), Err(error))
    }

    /// Returns the end and the delay of a TLS handshake for `host`, if a rule sets them.
    pub fn greet(&self, host: &str, entrance: &Entrance) -> Option<(TlsEnding, Duration)> {
        let by_label = self.names.world_named(host).ok().flatten();
        let world =
            entrance.home.as_ref().or(by_label.as_ref()).unwrap_or_else(|| self.worlds().default_world());
        let now = world.clock.now();
        world.settle(now.resource);
        disturb::greeted(world, host, entrance.client, now)
    }

    /// Returns the world that the port or the host of a request identifies.
    pub fn world_at(&self, host: &str, entrance: &Entrance) -> Option<Arc<World>> {
        let by_label = || self.names.world_named(host_name(host)).ok().flatten();
        entrance.home.clone().or_else(by_label)
    }

    /// Returns `true` if `host` is one of Alibaba Cloud, or names something other than a world: `oss.localhost`.
    fn names_product(&self, host: &str) -> bool {
        let is_below = self.names.below(host).is_some_and(|name| self.worlds().named(name).is_none());
        host::is_alibaba(host) || host == METADATA || is_below || self.names.product_named(host).is_some()
    }

    /// Returns `true` if `/` at `host` stays with the gateway, even for browsers: at hosts of products with a protocol of their own, where it
    /// is an operation, and at hosts that alimock does not emulate.
    pub fn keeps_its_root(&self, host: &str) -> bool {
        match self.names.product_named(host).or_else(|| crate::services::by_host(host)) {
            Some(product) => protocol::has_own(host, product.code),
            None => self.names_product(host),
        }
    }

    /// Returns `true` if the proxy answers requests for `authority` (host, optional port) itself. Addresses of this
    /// machine count only with the port of `own`, which the client reached: other ports are other servers.
    pub fn stands_in_for(&self, authority: &str, own: SocketAddr) -> bool {
        self.names.stands_in_for(authority, own)
    }

    /// Returns `true` if a client may use the server under the name `host` (empty for an address). Only names that
    /// cannot belong to others on the network are allowed.
    pub fn may_be_called(&self, host: &str) -> bool {
        self.names.may_be_called(host)
    }

    /// Step 1. If a v1 parameter is in both query and body, clients disagree which value counts. The signature decides;
    /// the other value is ignored. If neither reading fits, the first one applies.
    fn parse(&self, request: &RawRequest, entrance: &Entrance) -> Call {
        let given = self.names.given(host_name(&request::host_of(request)));
        let call = parse::call(request, given);
        if !call.is_contested {
            return call;
        }
        let other = parse::other_reading(request, given);
        let fits = |call: &Call| {
            let world = self.world_of(request, call, entrance);
            world.is_ok_and(|world| authenticate::fits(request, call, &world.state()))
        };
        if !fits(&call) && fits(&other) { other } else { call }
    }

    /// Step 2: world by port, host label, header, key or role; else the default world.
    fn world_of(&self, request: &RawRequest, call: &Call, entrance: &Entrance) -> Result<Arc<World>> {
        if let Some(home) = &entrance.home {
            return Ok(Arc::clone(home));
        }
        if let Some(world) = self.names.world_named(call.host_name())? {
            return Ok(world);
        }
        if let Some(name) = request::header(request.headers(), "x-alimock-world") {
            return self.worlds().named(&name).ok_or_else(|| no_such_world(&name));
        }
        let found = match call.key() {
            Some(key) => self.worlds().of_key(key),
            // Role login is not signed; the account of the role identifies the world.
            None => call.params.get("RoleArn").and_then(|arn| self.worlds().of_arn(arn)),
        };
        Ok(found.unwrap_or_else(|| Arc::clone(self.worlds().default_world())))
    }

    /// Steps 8 and 9: renders the response and writes the journal.
    fn leave(&self, visit: Visit<'_>, outcome: Result<Reply>) -> Answer {
        let (world, protocol) = (Arc::clone(&visit.world), visit.call.form.protocol);
        visit.disturbance.ran(&world, visit.now.resource);

        // 8 render
        let frame = visit.frame();
        let mut answer = visit.disturbance.spoil(match &outcome {
            Ok(Reply::Enveloped(body)) => match protocol.stubs {
                StubForm::Own(write) => write(&frame, &**body),
                _ => frame.success(&**body),
            },
            Ok(Reply::Document(document)) => (protocol.common)(&frame, frame::document(document)),
            Err(error) => (protocol.refusal)(&frame, error),
        });

        // 9 journal
        let refused = outcome.err();
        if refused.as_ref().is_some_and(|error| error.is_not_run) {
            answer.headers_mut().insert(NOTE, HeaderValue::from_static(NOT_RUN));
        }
        if let (Some(product), Some(operation)) = (visit.product, visit.operation) {
            world.coverage.note((product.code, operation), refused.as_ref().map(|error| &*error.code));
        }
        let record = visit.record(answer.status().as_u16(), refused);
        if let Some(listener) = self.listener {
            listener(&world, &record);
        }
        world.journal.write(record);
        answer
    }
}
