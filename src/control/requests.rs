//! The journal: list, filter, show.

use crate::attributes::{apply, input};
use crate::control::call::{Id, InWorld};
use crate::control::{Answer, ControlError, ok};
use crate::text::{AccessKeyId, Moment, Timestamp};
use crate::world::journal::{Record, Told};
use crate::world::{State, World};
use axum::extract::Query;
use axum::response::Response;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Most records of one answer.
const MOST: usize = 1000;
/// Most records of one answer that asks for the last ones.
const MOST_OF_LAST: usize = 10_000;

/// Filter of records.
#[apply(input)]
pub(super) struct Filter {
    /// Only records after this number.
    #[serde(default)]
    after: u64,
    /// Maximum number of records; default 100.
    limit: Option<usize>,
    /// Only so many of the last matching records, at most 10000; instead of `after` and `limit`.
    last: Option<usize>,
    product: Option<String>,
    action: Option<String>,
    /// HTTP method.
    method: Option<String>,
    /// Path; may contain `*` and `?`.
    path: Option<String>,
    code: Option<String>,
    /// Status of the response, such as `404`, or a class, such as `4xx`.
    status: Option<Statuses>,
    access_key_id: Option<String>,
    /// Caller: `account`, with everybody in it, `account/user`, `account/role`, `account/role/session`, or the key of an unknown caller.
    caller: Option<String>,
    /// Only rejected calls.
    #[serde(default)]
    refused: bool,
    /// Earliest time of the resource clock: a time, or a span back from now, such as `10m`.
    since: Option<Moment>,
}

/// A status, or a class of them.
#[derive(Debug, Clone, PartialEq)]
struct Statuses(RangeInclusive<u16>);

impl Statuses {
    fn parse(text: &str) -> Option<RangeInclusive<u16>> {
        let is_status = |status: &u16| (100..=999).contains(status);
        let class = text.strip_suffix("xx").or(text.strip_suffix("XX"));
        match class.map(str::parse::<u16>) {
            Some(Ok(class @ 1..=9)) => Some(class * 100..=class * 100 + 99),
            Some(_) => None,
            None => text.parse().ok().filter(is_status).map(|status| status..=status),
        }
    }
}

impl<'de> Deserialize<'de> for Statuses {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let wrong =
            || format!("`status`: `{text}` is neither a status, such as 404, nor a class, such as 4xx");
        Self::parse(&text).map(Self).ok_or_else(|| serde::de::Error::custom(wrong()))
    }
}

impl Serialize for Statuses {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (self.0.start(), self.0.end()) {
            (first, last) if first == last => s.collect_str(first),
            (first, _) => s.collect_str(&format_args!("{}xx", first / 100)),
        }
    }
}

impl schemars::JsonSchema for Statuses {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Statuses".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[1-9]([0-9]{2}|xx)$", "examples": ["404", "4xx"]})
    }
}

impl Filter {
    /// Returns the number after which a stream begins.
    pub(super) fn start(&self, world: &World) -> u64 {
        let Some(last) = self.last else { return self.after };
        let first = self.last(world, last).first().map(|record| record.number - 1);
        first.unwrap_or_else(|| world.journal.written())
    }

    /// Returns the maximum number of records.
    pub(super) fn limit(&self) -> Option<usize> {
        self.limit
    }

    /// Replaces a span back from now by its time.
    pub(super) fn settled(mut self, now: Timestamp) -> Self {
        self.since = self.since.map(|since| match since {
            Moment::After(span) => Moment::At(now.plus(SignedDuration::ZERO.saturating_sub(span.0.abs()))),
            at @ Moment::At(_) => at,
        });
        self
    }

    /// Returns `true` if a record passes. `state` has the names of accounts.
    pub(super) fn wants(&self, record: &Record, state: &State) -> bool {
        let same = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is == Some(wanted))
        };
        let is_since = |since: Moment| matches!(since, Moment::At(at) if record.at >= at);
        let is_by = |wanted: &str| {
            let who = record.who(state);
            who.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        same(&self.product, record.product)
            && same(&self.action, Some(&record.action))
            && same(&self.method, Some(&record.method))
            && self.path.as_deref().is_none_or(|path| crate::text::covers(path, &record.path))
            && same(&self.code, record.refused.as_ref().map(|refused| &*refused.code))
            && same(&self.access_key_id, record.key.as_ref().map(AccessKeyId::as_str))
            && self.status.as_ref().is_none_or(|statuses| statuses.0.contains(&record.status))
            && (!self.refused || record.refused.is_some())
            && self.since.is_none_or(is_since)
            && self.caller.as_deref().is_none_or(is_by)
    }

    fn last(&self, world: &World, count: usize) -> Vec<std::sync::Arc<Record>> {
        let state = world.state();
        world.journal.last(count.min(MOST_OF_LAST), |record| self.wants(record, &state))
    }
}

#[derive(Serialize)]
struct Listed<'a> {
    requests: Vec<Told<'a>>,
    /// Pass it as `after` to continue.
    next: u64,
    written: u64,
}

pub(super) fn list(InWorld(world): InWorld, Query(filter): Query<Filter>) -> Response {
    let (filter, state) = (filter.settled(world.clock.now().resource), world.state());
    let first = || {
        let most = filter.limit.unwrap_or(100).min(MOST);
        world.journal.read(filter.after, most, |record| filter.wants(record, &state))
    };
    let records = filter.last.map_or_else(first, |last| filter.last(&world, last));
    let next = records.last().map_or(filter.after, |record| record.number);
    let requests = records.iter().map(|record| record.told(&state)).collect();
    ok(&Listed { requests, next, written: world.journal.written() })
}

pub(super) fn show(InWorld(world): InWorld, Id(id): Id) -> Answer<Response> {
    let found = world.journal.find(&id);
    let record = found.ok_or_else(|| no_such_request(&id))?;
    Ok(ok(&record.told(&world.state())))
}

pub(super) fn no_such_request(id: &str) -> ControlError {
    let hint = "the journal is a ring: it may have been dropped; GET .../requests lists what is there";
    ControlError::not_found("request", format!("there is no request `{id}`"), hint)
}
