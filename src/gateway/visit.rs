//! State of a call in the gateway.

use crate::error::ApiError;
use crate::gateway::call::Call;
use crate::gateway::disturb::Disturbance;
use crate::gateway::frame::Frame;
use crate::gateway::request::RawRequest;
use crate::services::{self, Format, Product};
use crate::text::{AccessKeyId, Scalar, Timestamp};
use crate::world::account::LastUse;
use crate::world::gates::Requirement;
use crate::world::ids::RequestIds;
use crate::world::journal::{Record, Refused, SIGNATURE_PARAMETERS, Step, masked};
use crate::world::permission::Decision;
use crate::world::{By, Caller, Now, Source, State, World};
use std::net::IpAddr;
use std::sync::Arc;

/// Origin of a request.
#[derive(Debug, Clone)]
pub struct Entrance {
    /// Address of the client.
    pub client: IpAddr,
    /// World that owns the port; `None` for the main port.
    pub home: Option<Arc<World>>,
    /// True for TLS.
    pub secure: bool,
}

impl Entrance {
    /// Returns the origin of a call, for rules about it.
    pub(crate) fn source<'a>(&self, state: &'a State) -> Source<'a> {
        Source { ip: self.client, secure: self.secure, vpc: state.vpcs.of(self.client) }
    }
}

/// The main port, which belongs to no world.
impl From<IpAddr> for Entrance {
    fn from(client: IpAddr) -> Self {
        Self { client, home: None, secure: false }
    }
}

/// A call in the gateway, and everything that the steps have found out about it.
pub(crate) struct Visit<'a> {
    pub(crate) request: &'a RawRequest,
    pub(crate) entrance: &'a Entrance,
    pub(crate) call: Call,
    pub(crate) world: Arc<World>,
    pub(crate) ids: RequestIds,
    /// Clocks of the world.
    pub(crate) now: Now,
    /// Clocks as the call sees them: a rule may shift the gateway clock.
    pub(crate) clocks: Now,
    pub(crate) product: Option<&'static Product>,
    /// Operation that the call counts for.
    pub(crate) operation: Option<&'static str>,
    pub(crate) state: Arc<State>,
    /// State as the call sees it, while changes spread.
    pub(crate) seen: Option<Arc<State>>,
    /// Changes that the call does not see yet.
    pub(crate) unseen: Vec<String>,
    pub(crate) caller: Caller,
    /// AccessKey ID of the signature.
    pub(crate) key: Option<AccessKeyId>,
    pub(crate) decision: Option<Decision>,
    /// Version of the state that the call created.
    pub(crate) changed: Option<u64>,
    pub(crate) disturbance: Disturbance,
    /// Requirement of a gate that the account does not meet.
    pub(crate) unmet: Option<Requirement>,
    /// Step that the call has reached.
    pub(crate) step: Step,
}

impl<'a> Visit<'a> {
    /// Creates the state of a call whose world is known.
    pub(crate) fn new(
        request: &'a RawRequest,
        entrance: &'a Entrance,
        call: Call,
        world: Arc<World>,
        now: Now,
    ) -> Self {
        world.settle(now.resource);
        Self {
            request,
            entrance,
            call,
            ids: world.next_request(),
            now,
            clocks: now,
            product: None,
            operation: None,
            state: world.state(),
            world,
            seen: None,
            unseen: Vec::new(),
            caller: Caller::Nobody,
            key: None,
            decision: None,
            changed: None,
            disturbance: Disturbance::default(),
            unmet: None,
            step: Step::default(),
        }
    }

    /// Returns the state as the call sees it.
    pub(crate) fn seen(&self) -> &State {
        self.seen.as_deref().unwrap_or(&self.state)
    }

    /// Records that a key signed a call of a product.
    pub(crate) fn note_use(&self, key: &AccessKeyId, product: &'static str, at: Timestamp) {
        self.world.note_use(key, LastUse { at, product: product.into(), version: self.state.version });
    }

    /// Returns caller and origin, for the operation.
    pub(crate) fn by(&self) -> By<'_> {
        By {
            caller: &self.caller,
            source: self.entrance.source(self.seen()),
            host: self.call.authority(),
            seen: Some(self.seen()),
        }
    }

    /// Returns the frame of the response.
    pub(crate) fn frame(&self) -> Frame<'_> {
        // Clients of foreign protocols do not say `Format`; most of them read JSON.
        let foreign = || services::foreign(self.call.host_name()).map(|_| Format::Json);
        let format = self.call.format.or(self.product.map_or_else(foreign, |product| Some(product.format)));
        Frame {
            ids: self.ids,
            at: self.now.resource,
            now: self.now.gateway,
            format: format.unwrap_or(Format::Xml),
            action: &self.call.action,
            host: self.call.host_name(),
            product: self.product.map(|product| product.code),
            lower_camel_case: self.product.is_some_and(|product| product.lower_camel_case),
            answers_in_body: self.product.is_some_and(|product| product.answers_in_body),
            key: self.call.key(),
            token: self.call.token(),
            form: self.call.form.name,
            is_head: self.request.method() == http::Method::HEAD,
        }
    }

    /// Returns the journal record of the call.
    pub(crate) fn record(self, status: u16, refused: Option<ApiError>) -> Record {
        // Only a valid AccessKey ID goes into the journal.
        let shown = || self.call.key().and_then(|text| AccessKeyId::parse(text).ok());
        // Signature parameters are kept only for rejected calls.
        let dropped: &[&str] = if refused.is_none() { &SIGNATURE_PARAMETERS } else { &[] };
        Record {
            number: 0,
            ids: self.ids,
            at: self.now.resource,
            gateway_at: self.now.gateway,
            client: self.entrance.client,
            method: self.request.method().as_str().into(),
            path: self.request.uri().path().into(),
            tls: self.entrance.secure,
            style: self.call.form.name,
            product: self.product.map(|product| product.code),
            key: self.key.or_else(shown),
            host: self.call.host,
            version: self.call.version,
            action: self.call.action,
            params: masked(self.call.params, dropped),
            caller: self.caller,
            decision: self.decision,
            status,
            refused: refused.map(|error| Box::new(refused_at(self.step, self.unmet, error))),
            met: self.state.version,
            changed: self.changed,
            faults: self.disturbance.struck,
            unseen: self.unseen,
        }
    }
}

fn refused_at(step: Step, unmet: Option<Requirement>, error: ApiError) -> Refused {
    Refused {
        message: error.message_without_secrets(),
        code: error.code,
        step,
        unmet: unmet.map(Requirement::name),
        note: error.note,
        mismatch: error.mismatch,
        is_not_run: error.is_not_run,
    }
}
