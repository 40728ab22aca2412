//! Expectations: calls that a world should receive, checked against its journal, and resources that it should contain,
//! at the end or always. Scenario files and the control API share this vocabulary. Start with [`Expectation`].

mod calls;
mod things;

pub use calls::Calls;
pub use things::{Accounts, Attachments, Keys, Named, Sessions};

use crate::attributes::{apply, optional_input};
use crate::text::{Moment, Span, Timestamp};
use crate::world::journal::{Journal, Record};
use crate::world::state::State;
use parking_lot::Mutex;
use serde::Serialize;
use serde_with::skip_serializing_none;
use std::fmt;
use std::sync::Arc;
use things::Survey;

/// Maximum number of near misses in a report, and of found resources.
const NEAREST: usize = 3;
const SHOWN: usize = 5;

/// An expected call or resource. It has one subject: `calls`, an `order` of calls, or one of `keys`,
/// `users`, `groups`, `roles`, `policies`, `attached`, `accounts` and `sessions`.
#[apply(optional_input)]
pub struct Expectation {
    /// Name in reports.
    pub name: Option<String>,
    /// Calls to count.
    pub calls: Option<Calls>,
    /// Calls in this order; other calls may come between them.
    pub order: Vec<Calls>,
    /// AccessKeys that exist.
    pub keys: Option<Keys>,
    /// RAM users that exist.
    pub users: Option<Named>,
    /// Groups that exist.
    pub groups: Option<Named>,
    /// Roles that exist.
    pub roles: Option<Named>,
    /// Custom policies that exist.
    pub policies: Option<Named>,
    /// Attached policies.
    pub attached: Option<Attachments>,
    /// Accounts that exist.
    pub accounts: Option<Accounts>,
    /// Temporary credentials that exist.
    pub sessions: Option<Sessions>,
    /// Exact number; 0 means never. Without any number: one or more.
    pub times: Option<u64>,
    /// Minimum number.
    pub at_least: Option<u64>,
    /// Maximum number.
    pub at_most: Option<u64>,
    /// For calls: maximum time from the first call to the last, on the resource clock.
    pub within: Option<Span>,
    /// For calls: counts only calls from this time on. A span counts from the start of the world.
    pub from: Option<Moment>,
    /// For calls: counts only calls before this time. A span counts from the start of the world.
    pub until: Option<Moment>,
    /// For resources: checks at the start and after every change, not only at the end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
}

/// Parts of a world that expectations are checked against.
#[derive(Debug)]
pub struct Evidence<'a> {
    pub(super) state: Arc<State>,
    pub(super) journal: &'a Journal,
    pub(super) watches: Arc<[Watch]>,
    /// Start of the world: spans in expectations count from here.
    pub(super) start: Timestamp,
    /// Present time on the resource clock.
    pub(super) now: Timestamp,
}

/// Result of an expectation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Name of the expectation, or a description.
    pub name: String,
    /// `true` if the expectation holds.
    pub passed: bool,
    /// Description of what was found.
    pub found: String,
    /// Near misses, if the number is too low, each with its first difference.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<Near>,
}

/// A call or resource that almost matches.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Near {
    /// Description of the call or resource.
    pub what: String,
    /// For a call: its number in the journal.
    pub number: Option<u64>,
    /// For a call: its request id.
    pub request_id: Option<String>,
    /// First difference.
    #[serde(flatten)]
    pub difference: Difference,
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { field, wanted, was } = &self.difference;
        write!(f, "{} is near: {field} is `{was}`, not `{wanted}`", self.what)
    }
}

/// A field with an unexpected value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Field name.
    pub field: String,
    /// Expected value.
    pub wanted: String,
    /// Actual value.
    pub was: String,
}

/// Returns the first items with the fewest differences. Exact matches are no near misses.
fn nearest<T>(mut all: Vec<(T, Vec<Difference>)>, near: impl Fn(T, Difference) -> Near) -> Vec<Near> {
    all.retain(|(_, differences)| !differences.is_empty());
    all.sort_by_key(|(_, differences)| differences.len());
    let first = |(one, differences): (T, Vec<Difference>)| Some(near(one, differences.into_iter().next()?));
    all.into_iter().take(NEAREST).filter_map(first).collect()
}

impl Expectation {
    /// Returns the resources to count, if the expectation is about resources.
    fn things(&self) -> Option<Box<dyn Survey + '_>> {
        fn boxed<'a>(survey: impl Survey + 'a) -> Box<dyn Survey + 'a> {
            Box::new(survey)
        }
        let named = [
            ("users", &self.users),
            ("groups", &self.groups),
            ("roles", &self.roles),
            ("policies", &self.policies),
        ];
        let named = named.into_iter().find_map(|(what, one)| Some(boxed(one.as_ref()?.of(what))));
        named
            .or_else(|| self.keys.as_ref().map(boxed))
            .or_else(|| self.attached.as_ref().map(boxed))
            .or_else(|| self.accounts.as_ref().map(boxed))
            .or_else(|| self.sessions.as_ref().map(boxed))
    }

    /// Returns the reason why the expectation can never be checked.
    pub fn flaw(&self) -> Option<&'static str> {
        let named = [&self.users, &self.groups, &self.roles, &self.policies].map(Option::is_some);
        let things = [
            self.keys.is_some(),
            self.attached.is_some(),
            self.accounts.is_some(),
            self.sessions.is_some(),
            self.calls.is_some(),
            !self.order.is_empty(),
        ];
        let subjects = named.into_iter().chain(things).filter(|given| *given).count();
        let of_calls = self.within.is_some() || self.from.is_some() || self.until.is_some();
        let about_calls = self.calls.is_some() || !self.order.is_empty();
        match subjects {
            0 => Some(
                "it checks nothing; give `calls`, `order`, `keys`, `users`, `groups`, `roles`, `policies`, `attached`, `accounts` or `sessions`",
            ),
            1 if !self.order.is_empty() && self.counts() => Some("calls in an order are not counted"),
            1 if !self.order.is_empty() && self.within.is_some() => Some("`within` is for counted `calls`"),
            1 if !about_calls && of_calls => Some("`within`, `from` and `until` are for calls"),
            1 if about_calls && self.always => Some("`always` is for what is there, not for calls"),
            1 => None,
            _ => Some("it checks more than one thing; split it"),
        }
    }

    /// Returns the accounts named in resource filters, each with its path in the expectation.
    pub fn accounts_named(&self) -> Vec<(&'static str, &str)> {
        fn named(one: Option<&Named>) -> Option<&str> {
            one?.account.as_deref()
        }
        let all = [
            ("keys.account", self.keys.as_ref().and_then(|one| one.account.as_deref())),
            ("users.account", named(self.users.as_ref())),
            ("groups.account", named(self.groups.as_ref())),
            ("roles.account", named(self.roles.as_ref())),
            ("policies.account", named(self.policies.as_ref())),
            ("attached.account", self.attached.as_ref().and_then(|one| one.account.as_deref())),
            ("accounts.name", self.accounts.as_ref().and_then(|one| one.name.as_deref())),
            ("sessions.account", self.sessions.as_ref().and_then(|one| one.account.as_deref())),
        ];
        all.into_iter().filter_map(|(path, name)| Some((path, name?))).collect()
    }

    fn counts(&self) -> bool {
        self.times.or(self.at_least).or(self.at_most).is_some()
    }

    /// Returns `true` if `count` meets the expected number.
    fn is_enough(&self, count: u64) -> bool {
        self.times.is_none_or(|times| count == times)
            && self.at_least.is_none_or(|least| count >= least)
            && self.at_most.is_none_or(|most| count <= most)
            && (self.counts() || count > 0)
    }

    /// Returns `true` if `count` is too low.
    fn misses(&self, count: u64) -> bool {
        !self.is_enough(count) && self.times.or(self.at_least).is_none_or(|wanted| count < wanted)
    }

    /// Checks the expectation against the journal or the state of a world.
    pub fn check(&self, world: &Evidence<'_>) -> Outcome {
        if let Some(things) = self.things() {
            if self.always {
                return self.was_kept(&world.watches);
            }
            return self.survey(&*things, &world.state, world.now);
        }
        let start = world.start;
        let (from, until) = (self.from.map(|at| at.at(start)), self.until.map(|at| at.at(start)));
        let in_time = |record: &Record| {
            from.is_none_or(|from| record.at >= from) && until.is_none_or(|until| record.at < until)
        };
        let records = world.journal.read(0, usize::MAX, |_| true);
        let kept = records.len() as u64;
        let records: Vec<_> = records.into_iter().filter(|record| in_time(record)).collect();
        let by_uid = self.by_uid(&world.state);
        let mut outcome = match &by_uid.calls {
            Some(calls) => by_uid.count(calls, &records),
            None => by_uid.follow(&records),
        };
        outcome.name = self.title();
        if world.journal.written() > kept {
            outcome
                .found
                .push_str(&format!("; of {} calls the journal holds {kept}", world.journal.written()));
        }
        outcome
    }

    /// Replaces account names by UIDs, because the journal knows accounts by UID only.
    fn by_uid(&self, state: &State) -> Self {
        let mut same = self.clone();
        for account in same.calls.iter_mut().chain(&mut same.order).filter_map(|calls| calls.account.as_mut())
        {
            if let Some(named) = state.accounts.values().find(|one| one.label == account.as_str()) {
                *account = named.uid.to_string();
            }
        }
        same
    }

    /// Counts resources.
    fn survey(&self, things: &dyn Survey, state: &State, now: Timestamp) -> Outcome {
        let all = things.survey(state, now);
        let found: Vec<_> =
            all.iter().filter(|(_, differences)| differences.is_empty()).map(|(name, _)| &**name).collect();
        let count = found.len() as u64;
        let mut text = format!("{count} found");
        if !found.is_empty() {
            text = format!("{text}: {}", found[..found.len().min(SHOWN)].join(", "));
            text.push_str(if found.len() > SHOWN { ", ..." } else { "" });
        }
        let near = |what, difference| Near { what, number: None, request_id: None, difference };
        let nearest = if self.misses(count) { nearest(all, near) } else { Vec::new() };
        Outcome { name: self.title(), passed: self.is_enough(count), found: text, nearest }
    }

    /// Returns the result of the watch that has run since the start.
    fn was_kept(&self, watches: &[Watch]) -> Outcome {
        let watch = watches.iter().find(|watch| watch.expectation == *self);
        let found = match watch {
            None => {
                Some("nobody watched: `always` stands in the scenario that the world starts with".to_owned())
            }
            Some(watch) => watch.broken.lock().clone(),
        };
        let passed = found.is_none();
        let found = found.unwrap_or_else(|| "held at the start and after every change".to_owned());
        Outcome { name: self.title(), passed, found, nearest: Vec::new() }
    }

    fn count(&self, calls: &Calls, records: &[Arc<Record>]) -> Outcome {
        let found: Vec<_> = records.iter().filter(|record| calls.differences(record).is_empty()).collect();
        let count = found.len() as u64;
        let apart = found.first().zip(found.last()).map_or(0, |(first, last)| millis(first.at, last.at));
        let together = self.within.is_none_or(|span| apart <= span.millis());
        let mut text = format!("{count} found");
        if !together {
            text.push_str(&format!(", {}.{:03} s apart", apart / 1000, apart % 1000));
        }
        let nearest = if self.misses(count) { calls.nearest(records) } else { Vec::new() };
        Outcome { name: self.title(), passed: self.is_enough(count) && together, found: text, nearest }
    }

    fn follow(&self, records: &[Arc<Record>]) -> Outcome {
        let mut rest = records.iter();
        let missing =
            self.order.iter().position(|calls| !rest.any(|record| calls.differences(record).is_empty()));
        let found = match missing {
            None => "all found in this order".to_owned(),
            Some(at) => format!("number {} ({}) does not follow the others", at + 1, self.order[at].title()),
        };
        let nearest = missing.map_or_else(Vec::new, |at| self.order[at].nearest(records));
        Outcome { name: self.title(), passed: missing.is_none(), found, nearest }
    }

    fn title(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let (what, of_calls) = match (self.things(), &self.calls) {
            (Some(things), _) => (things.title(), false),
            (None, Some(calls)) => (calls.title(), true),
            (None, None) => return self.order.iter().map(Calls::title).collect::<Vec<_>>().join(", then "),
        };
        let counted = |word: &str, count: u64| match count {
            0 if of_calls && word.is_empty() => "never".to_owned(),
            1 if of_calls => format!("{word}once"),
            _ if of_calls => format!("{word}{count} times"),
            _ => format!("{word}{count}"),
        };
        let counts = [("", self.times), ("at least ", self.at_least), ("at most ", self.at_most)];
        let counts = counts.into_iter().filter_map(|(word, count)| Some(counted(word, count?)));
        let mut words: Vec<String> = counts.collect();
        if words.is_empty() {
            words.push(if of_calls { "once or more" } else { "one or more" }.to_owned());
        }
        let always = if self.always { ", always" } else { "" };
        format!("{what}: {}{always}", words.join(", "))
    }
}

fn millis(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millis() - from.as_millis()
}

/// An expectation that is checked whenever the state changes.
#[derive(Debug)]
pub(super) struct Watch {
    expectation: Expectation,
    /// Description of the first failure.
    broken: Mutex<Option<String>>,
}

impl Watch {
    /// Creates a watch for each expectation that must always hold.
    pub(super) fn over<'a>(
        expectations: impl IntoIterator<Item = &'a Expectation>,
        state: &State,
        now: Timestamp,
    ) -> Arc<[Self]> {
        let always = expectations.into_iter().filter(|one| one.always);
        let watches = always.map(|one| Self { expectation: one.clone(), broken: Mutex::default() });
        let watches: Arc<[Self]> = watches.collect();
        watches.iter().for_each(|watch| watch.look(state, now));
        watches
    }

    /// Checks a new state.
    pub(super) fn look(&self, state: &State, now: Timestamp) {
        let mut broken = self.broken.lock();
        if broken.is_none()
            && let Some(things) = self.expectation.things()
        {
            let outcome = self.expectation.survey(&*things, state, now);
            if !outcome.passed {
                *broken = Some(format!(
                    "broken at {now}, version {} of the state: {}",
                    state.version, outcome.found
                ));
            }
        }
    }

    /// Forgets failures.
    pub(super) fn start_again(&self) {
        *self.broken.lock() = None;
    }

    /// Returns the watched expectation.
    pub(super) fn expectation(&self) -> &Expectation {
        &self.expectation
    }
}
