//! The checks that a request passed, in the order of the gateway, and the one that stopped it.

use crate::console::reasons;
use crate::console::texts::Texts;
use crate::console::visit::Visit;
use crate::text::region_of_host;
use crate::world::gates::{self, Called, Requirement};
use crate::world::journal::{Record, Step};

/// A check.
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) result: Passed,
    pub(super) details: Vec<Detail>,
}

/// A part of a check, with its result.
pub(super) struct Detail {
    pub(super) text: String,
    pub(super) result: Passed,
}

/// Result of a check.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passed {
    Yes,
    /// It stopped the request.
    Stopped,
    /// The request did not get there.
    NotReached,
    /// A change that the request did not see yet.
    NotSeen,
}

impl Passed {
    /// Returns the text and the colour of the mark.
    pub(super) fn shown(self, t: &Texts) -> (&'static str, &'static str) {
        match self {
            Self::Yes => (t.trace.passed, "good"),
            Self::Stopped => (t.trace.stopped, "bad"),
            Self::NotReached => (t.trace.not_reached, ""),
            Self::NotSeen => (t.trace.not_seen, "warn"),
        }
    }

    fn at(place: usize, stopped: Option<usize>) -> Self {
        match stopped {
            Some(stopped) if place == stopped => Self::Stopped,
            Some(stopped) if place > stopped => Self::NotReached,
            _ => Self::Yes,
        }
    }
}

/// Positions of the checks that have details.
const SPREADING: usize = 5;
const AUTHORIZE: usize = 7;
const STANDING: usize = 9;

/// Returns the checks of a request.
pub(super) fn of(record: &Record, v: &Visit<'_>) -> Vec<Check> {
    let t = &v.t.trace;
    let stopped = record.refused.as_ref().map(|refused| place_of(refused.step, record.decision.is_some()));
    let rows = [
        (t.check_parse, t.check_parse_about),
        (t.check_world, t.check_world_about),
        (t.check_route, t.check_route_about),
        (t.check_early_rules, t.check_early_rules_about),
        (t.check_authenticate, t.check_authenticate_about),
        (t.check_spreading, t.check_spreading_about),
        (t.check_audience, t.check_audience_about),
        (t.check_authorize, t.check_authorize_about),
        (t.check_late_rules, t.check_late_rules_about),
        (t.check_standing, t.check_standing_about),
        (t.check_run, t.check_run_about),
    ];
    let checks = rows.into_iter().enumerate().map(|(place, (name, about))| {
        let result = Passed::at(place, stopped);
        let details = match place {
            SPREADING => unseen(record),
            AUTHORIZE if result == Passed::Yes => audit(record, v.t),
            STANDING => standing(record, v, result),
            _ => Vec::new(),
        };
        Check { name, about, result, details }
    });
    checks.collect()
}

/// Returns the position of the check that a step of the gateway is. Two steps come before and after the decision about permission.
fn place_of(step: Step, is_decided: bool) -> usize {
    match step {
        Step::Parse => 0,
        Step::World => 1,
        Step::Route => 2,
        Step::Rule if !is_decided => 3,
        Step::Authenticate => 4,
        Step::Gate if !is_decided => 6,
        Step::Authorize => AUTHORIZE,
        Step::Rule => 8,
        Step::Gate => STANDING,
        Step::Run => 10,
    }
}

/// Returns the changes that the request did not see yet.
fn unseen(record: &Record) -> Vec<Detail> {
    record.unseen.iter().map(|one| Detail { text: one.clone(), result: Passed::NotSeen }).collect()
}

/// Returns that a denial had no effect, if it had none.
fn audit(record: &Record, t: &Texts) -> Vec<Detail> {
    let is_denied = record.decision.as_ref().is_some_and(|decision| !decision.allowed());
    let detail = || Detail { text: t.trace.check_audit.to_owned(), result: Passed::Yes };
    is_denied.then(detail).into_iter().collect()
}

/// Returns the requirements on the account, in their order.
fn standing(record: &Record, v: &Visit<'_>, result: Passed) -> Vec<Detail> {
    let Some(account) = record.caller.uid().and_then(|uid| v.state.account(uid).ok()) else {
        return Vec::new();
    };
    let Some(product) = record.product else { return Vec::new() };
    let host = record.host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let region = gates::region(&record.params, region_of_host(&host));
    let site = account.profile.site;
    let called = Called { site, region: region.as_deref(), product, action: &record.action };
    let required = gates::required(&v.state.registry.gates, called);
    let unmet = record.refused.as_ref().and_then(|refused| refused.unmet);
    let at = unmet.and_then(|unmet| required.iter().position(|one| one.name() == unmet));
    let detail = |(place, one): (usize, &Requirement)| Detail {
        text: reasons::of_requirement(*one, v.t).to_owned(),
        result: if result == Passed::NotReached { result } else { Passed::at(place, at) },
    };
    required.iter().enumerate().map(detail).collect()
}
