//! Effects of fault rules on a call, between the steps. The rules are in [`crate::world::faults`].

use crate::error::{ApiError, Result, gateway};
use crate::gateway::call::Call;
use crate::gateway::request::{Answer, RawRequest};
use crate::params::Params;
use crate::services;
use crate::text::{Span, Timestamp};
use crate::world::faults::{CallerFacts, Delivery, Point, Spoil, Stale, Struck, Subject, TlsEnding};
use crate::world::permission::Decision;
use crate::world::{By, Caller, Command, Now, State, World};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Effects of fault rules on a call so far.
#[derive(Debug, Default)]
pub(crate) struct Disturbance {
    pub(crate) struck: Vec<Struck>,
    delivery: Delivery,
    /// Change to the response, and the rule that wants it.
    spoil: Option<(Spoil, Struck)>,
    stale: Option<Stale>,
    retry_after: Option<u64>,
    then: Vec<Command>,
}

impl Disturbance {
    /// Applies the rules for an arriving call. Returns the offset of its gateway clock, in milliseconds.
    pub(crate) fn arrived(&mut self, world: &World, subject: &Subject<'_>) -> Result<i64> {
        if !world.faults.look_at(Point::Arrived) {
            return Ok(0);
        }
        self.meet(world, Point::Arrived, subject)
    }

    /// Applies the rules for an authorized call.
    pub(crate) fn let_in<'a>(
        &mut self,
        world: &World,
        subject: Subject<'_>,
        facts: impl FnOnce() -> CallerFacts<'a>,
    ) -> Result<()> {
        if !world.faults.look_at(Point::LetIn) {
            return Ok(());
        }
        let facts = facts();
        self.meet(world, Point::LetIn, &Subject { caller: Some(&facts), ..subject }).map(drop)
    }

    /// Applies the matching rules. Returns the clock offset.
    fn meet(&mut self, world: &World, point: Point, subject: &Subject<'_>) -> Result<i64> {
        let mut skew = 0;
        for struck in world.faults.strike(point, subject) {
            self.delivery.delay += struck.delay;
            let effect = struck.effect.clone();
            self.struck.push(struck.clone());
            skew += effect.skew.map_or(0, Span::millis);
            if let Some(command) = &effect.change {
                carry_out(world, subject.now, command);
            }
            self.then.extend(effect.then.clone());
            if let Some(spoil) = &effect.answer {
                self.spoil = Some((spoil.clone(), struck.clone()));
            }
            self.stale = effect.stale.or(self.stale);
            if let Some(ending) = effect.after_commit {
                self.delivery.ending = Some(ending);
            }
            let because = |error: ApiError| error.with_note(format!("fault `{}`", struck.name));
            if let Some(refuse) = &effect.error {
                let given = refuse.retry_after.and_then(|span| span.millis().try_into().ok());
                self.retry_after = given.or(struck.retry_after.map(|millis| millis.max(1)));
                return Err(because(refuse.error(subject.product)));
            }
            if let Some(millis) = struck.retry_after {
                self.retry_after = Some(millis.max(1));
                return Err(because(gateway::THROTTLING_USER.error()));
            }
            if let Some(ending) = effect.before {
                self.delivery.ending = Some(ending);
                return Err(because(gateway::CONNECTION_ENDED.error()));
            }
        }
        Ok(skew)
    }

    /// Returns `true` if a rule applied to the call.
    pub(crate) fn has_struck(&self) -> bool {
        !self.struck.is_empty()
    }

    /// Returns the earlier state for a call that only reads, if a rule wants one.
    pub(crate) fn earlier_state(&self, world: &World, now: Timestamp) -> Option<Arc<State>> {
        self.stale.and_then(|stale| world.as_it_was(stale, now))
    }

    /// Applies the changes that rules want after the call.
    pub(crate) fn ran(&self, world: &World, now: Timestamp) {
        self.then.iter().for_each(|command| carry_out(world, now, command));
    }

    /// Changes the response as rules want. Puts the delivery into its extensions, for the server.
    pub(crate) fn spoil(&self, mut answer: Answer) -> Answer {
        if let Some(millis) = self.retry_after {
            answer.headers_mut().insert("x-acs-retry-after", millis.into());
        }
        let mut delivery = self.delivery;
        if let Some((spoil, struck)) = &self.spoil {
            if let Some(status) = spoil.status.and_then(|status| StatusCode::from_u16(status).ok()) {
                *answer.status_mut() = status;
            }
            if let Some(kind) =
                spoil.content_type.as_deref().and_then(|kind| HeaderValue::from_str(kind).ok())
            {
                answer.headers_mut().insert(header::CONTENT_TYPE, kind);
            }
            if let Some(body) = &spoil.body {
                *answer.body_mut() = Bytes::from(body.clone());
            }
            if let Some(count) = spoil.corrupt {
                let mut body = answer.body().to_vec();
                struck.corrupt(&mut body, count);
                *answer.body_mut() = body.into();
            }
            (delivery.cut, delivery.bytes_per_second) = (spoil.cut, spoil.bytes_per_second);
        }
        if !delivery.is_plain() {
            answer.extensions_mut().insert(delivery);
        }
        answer
    }
}

/// Returns the end and the delay of a handshake, if a rule sets them.
pub(crate) fn greeted(world: &World, host: &str, client: IpAddr, now: Now) -> Option<(TlsEnding, Duration)> {
    if !world.faults.look_at(Point::Greeting) {
        return None;
    }
    let subject = Subject {
        product: "",
        version: "",
        action: "",
        method: "",
        path: "",
        also: "",
        host,
        key: None,
        client,
        params: &Params::default(),
        caller: None,
        now: now.resource,
        gateway_now: now.gateway,
    };
    let struck = world.faults.strike(Point::Greeting, &subject).into_iter().next()?;
    Some((struck.effect.tls?, struck.delay))
}

/// Runs a command of a rule. Errors are only logged, because they do not concern the call.
fn carry_out(world: &World, now: Timestamp, command: &Command) {
    if let Err(why) = world.commit(now, By::OURSELVES, |tx| command.run(tx)) {
        tracing::warn!(world = world.name.as_str(), "a fault could not change the world: {why}");
    }
}

/// Returns the call for rules that need no caller.
pub(crate) fn subject<'a>(
    request: &'a RawRequest,
    call: &'a Call,
    product: &'a str,
    client: IpAddr,
    now: Now,
) -> Subject<'a> {
    // A name of another action means that one: a rule for `PutObject` is not for `UploadPart`.
    let is_of_another = |also: &str| services::by_code(product).is_none_or(|product| product.may_have(also));
    let also =
        Some(call.also.as_str()).filter(|also| !also.is_empty() && !is_of_another(also)).unwrap_or_default();
    Subject {
        product,
        version: &call.version,
        action: &call.action,
        method: request.method().as_str(),
        path: request.uri().path(),
        also,
        host: call.host_name(),
        key: call.key(),
        client,
        params: &call.params,
        caller: None,
        now: now.resource,
        gateway_now: now.gateway,
    }
}

/// Returns the caller for rules.
pub(crate) fn facts<'a>(
    caller: &'a Caller,
    decision: Option<&'a Decision>,
    state: &'a State,
) -> CallerFacts<'a> {
    let uid = caller.uid();
    let label = uid.and_then(|uid| state.account(uid).ok()).map(|account| account.label.as_str());
    let (user, role, session) = match caller {
        Caller::Nobody => (None, None, None),
        Caller::Root { .. } => (Some("root"), None, None),
        Caller::User { name, .. } => (Some(name.as_str()), None, None),
        Caller::Role(session) => (None, Some(session.role_name.as_str()), Some(session.name.as_str())),
    };
    CallerFacts {
        uid: uid.map(|uid| compact_str::format_compact!("{uid}")).unwrap_or_default(),
        label: label.unwrap_or_default(),
        user,
        role,
        session,
        resource: decision.and_then(Decision::evaluated).map(|one| one.resource.as_str()),
    }
}
