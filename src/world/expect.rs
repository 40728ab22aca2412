//! Expectations: what calls a world should have had, checked against its journal. One vocabulary for scenario files and the
//! control API.

use crate::text::{Timestamp, covers};
use crate::world::World;
use crate::world::caller::Caller;
use crate::world::faults::Span;
use crate::world::journal::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many of the calls that come nearest are shown.
const NEAREST: usize = 3;

/// Something that should have happened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expectation {
    /// What it is called in reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which calls are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<Calls>,
    /// Exactly so many; 0 for never. Without any number one or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// So many or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u64>,
    /// So many or fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
    /// The first and the last of them no further apart than this, on the resource clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// Instead of `calls`: these calls one after another, others between them or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<Calls>,
}

/// Which calls. Everything that is said must hold. `action`, `code` and parameters may hold `*` and `?`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Calls {
    /// Code of the product, `Ram`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Name of the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// AccessKeyId that was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The caller's account: UID or our own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Name of the calling RAM user; `root` is the account itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name of the calling session's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Code of the refusal; `""` for a call that succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Values of parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub param: BTreeMap<String, String>,
}

/// Whether an expectation holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Its name, or what it expects in words.
    pub name: String,
    /// Whether it holds.
    pub passed: bool,
    /// What was found, in words.
    pub found: String,
    /// The calls that come nearest to one that was missed, with the first thing that differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<Near>,
}

/// A call that nearly is one that was expected.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Near {
    /// Its number in the journal.
    pub number: u64,
    /// Its request id.
    pub request_id: String,
    /// The first thing that differs.
    pub field: String,
    /// What it should be.
    pub wanted: String,
    /// What it is.
    pub was: String,
}

impl Expectation {
    /// Why it can never be checked, in words.
    pub fn flaw(&self) -> Option<&'static str> {
        match (&self.calls, self.order.is_empty()) {
            (None, true) => Some("there is neither `calls` nor `order`"),
            (Some(_), false) => Some("there are both `calls` and `order`"),
            (None, false) if self.times.or(self.at_least).or(self.at_most).is_some() => {
                Some("calls in an order are not counted")
            }
            _ => None,
        }
    }

    /// Checks it against the journal of a world.
    pub fn check(&self, world: &World) -> Outcome {
        let records = world.journal.read(0, usize::MAX, |_| true);
        let by_uid = self.by_uid(world);
        let mut outcome = match &by_uid.calls {
            Some(calls) => by_uid.count(calls, &records),
            None => by_uid.follow(&records),
        };
        outcome.name = self.title();
        let kept = records.len() as u64;
        if world.journal.written() > kept {
            outcome
                .found
                .push_str(&format!("; of {} calls the journal holds {kept}", world.journal.written()));
        }
        outcome
    }

    /// The same with UIDs where it has our own names for accounts: the journal knows accounts by UID alone.
    fn by_uid(&self, world: &World) -> Self {
        let state = world.state();
        let mut same = self.clone();
        for account in same.calls.iter_mut().chain(&mut same.order).filter_map(|calls| calls.account.as_mut())
        {
            if let Some(named) = state.accounts.values().find(|one| one.label == account.as_str()) {
                *account = named.uid.to_string();
            }
        }
        same
    }

    fn count(&self, calls: &Calls, records: &[Arc<Record>]) -> Outcome {
        let found: Vec<_> =
            records.iter().filter(|record| calls.first_difference(record).is_none()).collect();
        let count = found.len() as u64;
        let any = self.times.or(self.at_least).or(self.at_most).is_none();
        let counted = self.times.is_none_or(|times| count == times)
            && self.at_least.is_none_or(|least| count >= least)
            && self.at_most.is_none_or(|most| count <= most)
            && (!any || count > 0);
        let apart = found.first().zip(found.last()).map_or(0, |(first, last)| millis(first.at, last.at));
        let together = self.within.is_none_or(|span| apart <= span.millis());
        let mut text = format!("{count} found");
        if !together {
            text.push_str(&format!(", {}.{:03} s apart", apart / 1000, apart % 1000));
        }
        let missed = !counted && self.times.or(self.at_least).is_none_or(|wanted| count < wanted);
        let nearest = if missed { calls.nearest(records) } else { Vec::new() };
        Outcome { name: self.title(), passed: counted && together, found: text, nearest }
    }

    fn follow(&self, records: &[Arc<Record>]) -> Outcome {
        let mut rest = records.iter();
        let missing =
            self.order.iter().position(|calls| !rest.any(|record| calls.first_difference(record).is_none()));
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
        let Some(calls) = &self.calls else {
            return self.order.iter().map(Calls::title).collect::<Vec<_>>().join(", then ");
        };
        let counts = [("", self.times), ("at least ", self.at_least), ("at most ", self.at_most)];
        let mut words: Vec<String> = counts
            .iter()
            .filter_map(|(word, count)| count.map(|count| format!("{word}{count} times")))
            .collect();
        if words.is_empty() {
            words.push("once or more".to_owned());
        }
        format!("{}: {}", calls.title(), words.join(", "))
    }
}

fn millis(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millis() - from.as_millis()
}

impl Calls {
    fn title(&self) -> String {
        let parts =
            [&self.product, &self.action].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        let named = if parts.is_empty() { "calls".to_owned() } else { parts };
        let details = [
            ("by", &self.user),
            ("as", &self.role),
            ("of", &self.account),
            ("with", &self.key),
            ("answered", &self.code),
        ];
        let details =
            details.into_iter().filter_map(|(word, value)| Some(format!(" {word} {}", value.as_ref()?)));
        details.fold(named, |text, detail| text + &detail)
    }

    /// The first thing that differs from what is wanted: its name, what it should be, what it is.
    fn first_difference(&self, record: &Record) -> Option<(String, String, String)> {
        self.differences(record).into_iter().next()
    }

    fn differences(&self, record: &Record) -> Vec<(String, String, String)> {
        let (user, role) = match &record.caller {
            Caller::Nobody => (None, None),
            Caller::Root { .. } => (Some("root".to_owned()), None),
            Caller::User { name, .. } => (Some(name.to_string()), None),
            Caller::Role(session) => (None, Some(session.role_name.to_string())),
        };
        let uid = record.caller.uid().map(|uid| uid.to_string());
        let code = record.refused.as_ref().map_or("", |refused| &*refused.code).to_owned();
        let fields = [
            ("product", self.product.clone(), record.product.map(str::to_owned)),
            ("action", self.action.clone(), Some(record.action.to_string())),
            ("account", self.account.clone(), uid),
            ("user", self.user.clone(), user),
            ("role", self.role.clone(), role),
            ("key", self.key.clone(), record.key.as_ref().map(ToString::to_string)),
            ("status", self.status.map(|status| status.to_string()), Some(record.status.to_string())),
            ("code", self.code.clone(), Some(code)),
        ];
        let params = self.param.iter().map(|(name, wanted)| {
            (name.as_str(), Some(wanted.clone()), record.params.get(name).map(str::to_owned))
        });
        let differs = |(field, wanted, was): (&str, Option<String>, Option<String>)| {
            let wanted = wanted?;
            let same = was.as_deref().is_some_and(|was| covers(&wanted, was));
            (!same).then(|| (field.to_owned(), wanted, was.unwrap_or_else(|| "nothing".to_owned())))
        };
        fields.into_iter().chain(params).filter_map(differs).collect()
    }

    /// The calls with the fewest differences, of those the first.
    fn nearest(&self, records: &[Arc<Record>]) -> Vec<Near> {
        let mut all: Vec<_> = records.iter().map(|record| (self.differences(record), record)).collect();
        all.retain(|(differences, _)| !differences.is_empty());
        all.sort_by_key(|(differences, _)| differences.len());
        let near = |(differences, record): (Vec<(String, String, String)>, &Arc<Record>)| {
            let (field, wanted, was) = differences.into_iter().next()?;
            Some(Near { number: record.number, request_id: record.ids.request_id(), field, wanted, was })
        };
        all.into_iter().take(NEAREST).filter_map(near).collect()
    }
}
