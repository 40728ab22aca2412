//! The gateway: lets a request in or refuses it. [`Gateway::handle_at`] is the table of contents; each step has a file.
//!
//! Synchronous and without I/O: bytes in, bytes out, so a test calls it as a function. It must not know where the bytes come
//! from, and no service may know it.
//!
//! Files import files below them: `call.rs` and `frame.rs` hold the values that the steps pass on, `protocol/` the protocols, and the
//! steps do not know each other. `tests/it/circles.rs` checks this.

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

use crate::error::{ApiError, Result};
use crate::operation::{Reply, Run};
use crate::services::Format;
use crate::world::faults::TlsEnding;
use crate::world::propagation::Looker;
use crate::world::{LastUse, World, Worlds};
use call::{Asked, Call};
use http::Method;
use names::{Names, no_such_world};
use protocol::api::preflight;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use visit::Visit;

/// The gateway of a server.
#[derive(Debug)]
pub struct Gateway {
    names: Names,
    rules: Rules,
}

impl Gateway {
    /// A gateway to `worlds`. Hosts `<world>.<suffix>` name a world, as `<world>.localhost` always does.
    pub fn new(worlds: Arc<Worlds>, rules: Rules, suffix: Option<String>) -> Self {
        Self { names: Names { worlds, suffix }, rules }
    }

    /// The worlds behind it.
    pub fn worlds(&self) -> &Arc<Worlds> {
        &self.names.worlds
    }

    /// Answers a request of the client at `client`, which came in at the server's own port.
    pub fn handle(&self, request: &RawRequest, client: IpAddr) -> Answer {
        self.handle_at(request, &client.into())
    }

    /// Answers a request that came in at `entrance`: the steps of a call, in the order in which they refuse.
    pub fn handle_at(&self, request: &RawRequest, entrance: &Entrance) -> Answer {
        // 1 parse
        let call = self.parse(request, entrance);

        // 2 world
        let found = self.world_of(request, &call, entrance);
        let world = found.as_ref().unwrap_or_else(|_| self.worlds().default_world());
        let now = world.clock.now();
        if request.method() == Method::OPTIONS {
            return preflight(now.gateway);
        }
        let mut visit = Visit::new(request, entrance, call, Arc::clone(world), now);

        // Steps 3 to 7 stop at the first refusal.
        let outcome = (|| {
            found?;

            // 3 route
            visit.call.params.excess().map_or(Ok(()), |excess| Err(excess.error()))?;
            let named = self.names.product_named(visit.call.host_name());
            let product = *visit.product.insert(route::product(&visit.call, named, &visit.world)?);
            visit.call.problem.take().map_or(Ok(()), Err)?;
            let subject = disturb::subject(&visit.call, product.code, entrance.client, now);
            let skew = visit.disturbance.arrived(&visit.world, &subject).inspect_err(|_| {
                // It counts for the operation that would have run.
                let operation = product.operation(&visit.call.version, &visit.call.action);
                visit.operation = operation.map(|operation| operation.name);
            })?;
            visit.clocks.gateway = now.gateway.plus_millis(skew);
            if visit.disturbance.has_struck() {
                visit.state = visit.world.state();
            }
            let route = route::operation(&visit.call, product, request.method())?;
            visit.operation = route.operation.map(|operation| operation.name);

            // 4 authenticate
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
                },
                route.audience,
            )?;
            if let Some(key) = &known.key {
                visit.world.note_use(key, LastUse { at: now.resource, product: product.code });
            }
            (visit.caller, visit.key) = (known.caller, known.key);
            let looker = Looker::Caller(&visit.caller);
            visit.seen = visit.world.seen(&visit.state, looker, now.resource, &mut visit.unseen);

            // 5 gate
            gate::check(&route, &visit.caller, visit.seen())?;

            // 6 authorize
            visit.decision = Some(authorize::decision(&visit, &route, visit.by()));
            if let Some(decision) = &visit.decision
                && !visit.state.enforcement.lets_through(decision)
            {
                return Err(authorize::refusal(decision, &route, &visit.caller));
            }
            let facts = || disturb::facts(&visit.caller, visit.decision.as_ref(), &visit.state);
            let subject = disturb::subject(&visit.call, product.code, entrance.client, visit.clocks);
            visit.disturbance.let_in(&visit.world, subject, facts)?;
            gate::standing(&visit, &route)?;

            // 7 run
            let Some(operation) = route.operation else {
                return match visit.call.form.protocol.product {
                    None => stub::answer(&visit, product),
                    Some(_) => Err(visit.call.form.protocol.words.not_run.error()),
                };
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
                    // `AssumeRole` decides by itself: it asks the trust policy of the role, too.
                    visit.decision = decided.or(visit.decision.take());
                    outcome.map(|(reply, version)| {
                        visit.changed = Some(version);
                        reply
                    })
                }
            };
            outcome.map_err(|failure| failure.worded(product.dialect))
        })();
        leave(visit, outcome)
    }

    /// Refuses a request that could not be read whole; only its head counts.
    pub fn refuse(&self, request: &RawRequest, entrance: &Entrance, error: ApiError) -> Answer {
        self.refuse_in(None, request, entrance, error)
    }

    /// Refuses, in JSON, what was sent here for a host that alimock does not stand in for.
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
        if request.method() == Method::OPTIONS {
            return preflight(now.gateway);
        }
        leave(Visit::new(request, entrance, call, world, now), Err(error))
    }

    /// How a TLS handshake for `host` ends, and after how long, when a rule wants it to.
    pub fn greet(&self, host: &str, entrance: &Entrance) -> Option<(TlsEnding, Duration)> {
        let by_label = self.names.world_named(host).ok().flatten();
        let world =
            entrance.home.as_ref().or(by_label.as_ref()).unwrap_or_else(|| self.worlds().default_world());
        let now = world.clock.now();
        world.settle(now.resource);
        disturb::greeted(world, host, entrance.client, now)
    }

    /// Whether a proxy answers for `authority` (a host, perhaps with a port) in place of the host itself. An address of this machine
    /// is the server when the port is the one of `own`, where the client has come in: others are other servers.
    pub fn stands_in_for(&self, authority: &str, own: SocketAddr) -> bool {
        self.names.stands_in_for(authority, own)
    }

    /// Whether a client may call the server `host`, the empty name being an address: what nobody else on the network can be
    /// called.
    pub fn may_be_called(&self, host: &str) -> bool {
        self.names.may_be_called(host)
    }

    /// Step 1. Clients of v1 disagree about a name that is in the query and in the body; the signature tells which value they mean,
    /// and what they mean is all that is read. A request whose signature fits neither way is read the first way.
    fn parse(&self, request: &RawRequest, entrance: &Entrance) -> Call {
        let call = parse::call(request);
        if !call.is_contested {
            return call;
        }
        let other = parse::other_reading(request);
        let fits = |call: &Call| {
            let world = self.world_of(request, call, entrance);
            world.is_ok_and(|world| authenticate::fits(request, call, &world.state()))
        };
        if !fits(&call) && fits(&other) { other } else { call }
    }

    /// Step 2: the port's own world, host label, header, key or role, default.
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
            // Role login is not signed; the account of the role tells the world.
            None => call.params.get("RoleArn").and_then(|arn| self.worlds().of_arn(arn)),
        };
        Ok(found.unwrap_or_else(|| Arc::clone(self.worlds().default_world())))
    }
}

/// Steps 8 and 9: renders the answer and writes the journal.
fn leave(visit: Visit<'_>, outcome: Result<Reply>) -> Answer {
    let (world, protocol) = (Arc::clone(&visit.world), visit.call.form.protocol);
    visit.disturbance.ran(&world, visit.now.resource);

    // 8 render
    let frame = visit.frame();
    let answer = visit.disturbance.spoil(match &outcome {
        Ok(Reply::Enveloped(body)) => frame.success(&**body),
        Ok(Reply::Document(document)) => (protocol.common)(&frame, frame::document(document)),
        Err(error) => (protocol.refusal)(&frame, error),
    });

    // 9 journal
    let refused = outcome.err();
    if let (Some(product), Some(operation)) = (visit.product, visit.operation) {
        world.coverage.note((product.code, operation), refused.as_ref().map(|error| &*error.code));
    }
    world.journal.write(visit.record(answer.status().as_u16(), refused));
    answer
}
