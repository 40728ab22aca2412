//! Index of rules that could match a call, so that a call does not check a thousand rules.
//!
//! The index key of a rule is a hash of one field and its literal text. A call looks up its own
//! values. [`Live`] still decides if a rule that was found matches.

use super::{Live, Point, Subject};
use crate::text::Network;
use crate::world::as_is::AsIs;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Deref;
use std::sync::Arc;

/// Rules in order.
#[derive(Debug, Default)]
pub(super) struct Rules {
    all: Vec<Arc<Live>>,
    greeting: Index,
    arrived: Index,
    let_in: Index,
    looks_back: bool,
}

/// Rules of one point, as positions in the list.
#[derive(Debug, Default)]
struct Index {
    filed: HashMap<u64, Vec<u32>, BuildHasherDefault<AsIs>>,
    /// Fields in use as index keys.
    fields: Vec<Field>,
    /// Lengths of the action prefixes in use as index keys.
    lengths: Vec<usize>,
    /// Parameter names in use as index keys.
    names: Vec<String>,
    /// Rules by client network.
    clients: HashMap<Network, Vec<u32>>,
    /// Prefix lengths of the client networks.
    bits: Vec<u8>,
    /// Rules without a literal condition.
    rest: Vec<u32>,
}

/// Fields that a rule can be indexed by, most selective first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// Parameter with its value.
    Parameter,
    Action,
    /// Prefix of an action.
    Beginning,
    Key,
    Session,
    User,
    Role,
    Account,
    Host,
    /// Parameter with any value.
    Named,
    Product,
    Version,
}

impl Field {
    /// Returns `true` if most calls have the same value.
    fn is_vague(self) -> bool {
        matches!(self, Self::Named | Self::Product | Self::Version)
    }
}

/// Hash of a field and its text. It ignores case for all fields; extra candidates do no harm.
fn number(field: Field, name: &str, text: &str) -> u64 {
    const BLIND: u64 = 0x2020_2020_2020_2020;
    let mix = |hash: u64, part: u64| (hash.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95);
    let mixed = [name, text].iter().fold(field as u64 + 1, |hash, text| {
        let (parts, rest) = text.as_bytes().as_chunks::<8>();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let parts = parts.iter().chain([&last]).map(|part| u64::from_le_bytes(*part) | BLIND);
        mix(parts.fold(hash, mix), text.len() as u64)
    });
    // The map uses the upper and the lower bits.
    mixed ^ mixed.rotate_left(32)
}

impl From<Vec<Arc<Live>>> for Rules {
    fn from(all: Vec<Arc<Live>>) -> Self {
        let [mut greeting, mut arrived, mut let_in] = std::array::from_fn(|_| Index::default());
        for (place, live) in (0..).zip(&all).filter(|(_, live)| live.rule.enabled) {
            let index = match live.rule.point() {
                Point::Greeting => &mut greeting,
                Point::Arrived => &mut arrived,
                Point::LetIn => &mut let_in,
            };
            index.file(place, live);
        }
        let looks_back = all.iter().any(|live| live.rule.effect.stale.is_some());
        Self { all, greeting, arrived, let_in, looks_back }
    }
}

impl Deref for Rules {
    type Target = [Arc<Live>];

    fn deref(&self) -> &[Arc<Live>] {
        &self.all
    }
}

impl Rules {
    fn index(&self, point: Point) -> &Index {
        match point {
            Point::Greeting => &self.greeting,
            Point::Arrived => &self.arrived,
            Point::LetIn => &self.let_in,
        }
    }

    /// Returns `true` if any rule applies at `point`.
    pub(super) fn look_at(&self, point: Point) -> bool {
        let index = self.index(point);
        !index.filed.is_empty() || !index.clients.is_empty() || !index.rest.is_empty()
    }

    /// Returns `true` if a rule needs earlier states.
    pub(super) fn look_back(&self) -> bool {
        self.looks_back
    }

    /// Returns the rules that could match, in order. They include all that do.
    pub(super) fn candidates(&self, point: Point, subject: &Subject<'_>) -> impl Iterator<Item = &Live> {
        self.index(point).places(subject).into_iter().map(|place| &*self.all[place as usize])
    }
}

impl Index {
    fn file(&mut self, place: u32, live: &Live) {
        let matching = &live.rule.matching;
        let is_literal = |text: &&str| !text.contains(['*', '?']);
        let (name, value) = matching.param.first_key_value().unzip();
        let name = name.map_or("", String::as_str);
        let fields = [
            (Field::Parameter, value.map(String::as_str).filter(is_literal)),
            (Field::Action, matching.action.as_deref().filter(is_literal)),
            (Field::Key, matching.key.as_deref()),
            (Field::Session, matching.session.as_deref()),
            (Field::User, matching.user.as_deref()),
            (Field::Role, matching.role.as_deref()),
            (Field::Beginning, matching.action.as_deref().map(beginning).filter(|text| !text.is_empty())),
            (Field::Account, matching.account.as_deref()),
            (Field::Host, matching.host.as_deref().filter(is_literal)),
            (Field::Named, value.map(|_| "")),
            (Field::Product, matching.product.as_deref()),
            (Field::Version, matching.version.as_deref()),
        ];
        let found = fields.into_iter().find_map(|(field, text)| Some((field, text?)));
        // A client is more selective than a product, or than a field that most calls share.
        let found = found.filter(|(field, _)| live.client.is_none() || !field.is_vague());
        let (field, text) = match (found, live.client) {
            (Some(found), _) => found,
            (None, Some(client)) => {
                add(&mut self.bits, client.bits());
                return self.clients.entry(client).or_default().push(place);
            }
            (None, None) => return self.rest.push(place),
        };
        let name = if matches!(field, Field::Parameter | Field::Named) {
            add(&mut self.names, name.to_owned());
            name
        } else {
            add(&mut self.fields, field);
            ""
        };
        if field == Field::Beginning {
            add(&mut self.lengths, text.len());
        }
        self.filed.entry(number(field, name, text)).or_default().push(place);
    }

    /// Returns the positions of rules that could match, in order.
    fn places(&self, subject: &Subject<'_>) -> Vec<u32> {
        let mut places = Vec::new();
        let mut look_at = |field: Field, name: &str, text: &str| {
            if let Some(found) = self.filed.get(&number(field, name, text)) {
                places.extend_from_slice(found);
            }
        };
        for name in &self.names {
            if let Some(value) = subject.params.get(name) {
                look_at(Field::Parameter, name, value);
                look_at(Field::Named, name, "");
            }
        }
        let mut look = |field: Field, text: Option<&str>| {
            if let Some(text) = text {
                look_at(field, "", text);
            }
        };
        for field in self.fields.iter().copied() {
            let caller = subject.caller;
            match field {
                Field::Action => subject.names().for_each(|name| look(field, Some(name))),
                Field::Beginning => {
                    for name in subject.names() {
                        self.lengths.iter().for_each(|length| look(field, name.get(..*length)));
                    }
                }
                Field::Key => look(field, subject.key),
                Field::Session => look(field, caller.and_then(|caller| caller.session)),
                Field::User => look(field, caller.and_then(|caller| caller.user)),
                Field::Role => look(field, caller.and_then(|caller| caller.role)),
                Field::Account => {
                    look(field, caller.map(|caller| &*caller.uid));
                    look(field, caller.map(|caller| caller.label));
                }
                Field::Host => look(field, Some(subject.host)),
                // Looked up by name above.
                Field::Parameter | Field::Named => {}
                Field::Product => look(field, Some(subject.product)),
                Field::Version => look(field, Some(subject.version)),
            }
        }
        for bits in &self.bits {
            let client = Network::around(subject.client, *bits);
            if let Some(found) = client.and_then(|client| self.clients.get(&client)) {
                places.extend_from_slice(found);
            }
        }
        places.extend_from_slice(&self.rest);
        places.sort_unstable();
        // An account name may equal its UID.
        places.dedup();
        places
    }
}

fn add<T: PartialEq>(to: &mut Vec<T>, one: T) {
    if !to.contains(&one) {
        to.push(one);
    }
}

/// Returns the text before the first wildcard.
fn beginning(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use crate::text::Timestamp;
    use crate::world::faults::{CallerFacts, Effect, Faults, Match, Rule, When};
    use proptest::option::of;
    use proptest::prelude::*;
    use proptest::sample::select;

    const TEXTS: [&str; 10] = ["a", "A", "b", "ab", "aB", "", "a*", "a?", "*", "ab*"];

    const CLIENTS: [&str; 6] =
        ["127.0.0.1", "127.0.0.0/8", "10.0.0.0/8", "0.0.0.0/0", "::1", "::ffff:127.0.0.1"];

    fn text() -> impl Strategy<Value = Option<String>> {
        of(select(&TEXTS[..]).prop_map(str::to_owned))
    }

    fn rule() -> impl Strategy<Value = Rule> {
        let call = (text(), text(), text(), text(), text());
        let caller = (text(), text(), text(), text(), text());
        let param = prop::collection::btree_map(select(&["", "P", "Q"][..]), select(&TEXTS[..]), 0..2);
        let client = prop::option::weighted(0.3, select(&CLIENTS[..]));
        (call, caller, (param, client), prop::bool::weighted(0.3), prop::bool::weighted(0.9)).prop_map(
            |(call, caller, (param, client), asks, enabled)| {
                let param =
                    param.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
                let (product, version, action, host, key) = call;
                let (account, user, role, session, resource) = if asks { caller } else { Default::default() };
                let matching = Match {
                    product,
                    version,
                    action,
                    method: None,
                    path: None,
                    host,
                    key,
                    client: client.map(str::to_owned),
                    param,
                    account,
                    user,
                    role,
                    session,
                    resource,
                };
                Rule {
                    name: String::new(),
                    enabled,
                    matching,
                    when: When::default(),
                    effect: Effect::default(),
                }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_left_out_could_not_have_matched(
            rules in prop::collection::vec(rule(), 0..30),
            call in (text(), text(), text(), text(), text()),
            caller in of((text(), text(), text(), text(), text())),
            client in select(&["127.0.0.1", "127.9.9.9", "10.1.2.3", "::1", "::ffff:127.0.0.1"][..]),
            sent in prop::collection::vec((select(&["", "P", "Q", "R"][..]), select(&TEXTS[..])), 0..4),
        ) {
            let faults = Faults::new(1, &rules, Timestamp::from_millis(0));
            let rules = Arc::clone(&faults.rules.read());
            let facts = caller.as_ref().map(|(account, user, role, session, resource)| CallerFacts {
                uid: account.as_deref().unwrap_or_default().into(),
                label: account.as_deref().unwrap_or_default(),
                user: user.as_deref(),
                role: role.as_deref(),
                session: session.as_deref(),
                resource: resource.as_deref(),
            });
            let (product, version, action, host, key) = call;
            let or = |text: &Option<String>| text.clone().unwrap_or_default();
            let (product, version, action, host) = (or(&product), or(&version), or(&action), or(&host));
            let mut params = Params::default();
            for (name, value) in sent {
                params.push(name, value, crate::params::Origin::Query);
            }
            params.sort();
            let subject = Subject {
                product: &product,
                version: &version,
                action: &action,
                method: "GET",
                path: "/",
                also: "",
                host: &host,
                key: key.as_deref(),
                client: client.parse().unwrap(),
                params: &params,
                caller: facts.as_ref(),
                now: Timestamp::from_millis(0),
                gateway_now: Timestamp::from_millis(0),
            };
            for point in [Point::Arrived, Point::LetIn] {
                let one_by_one = rules.iter().filter(|live| {
                    let rule = &live.rule;
                    rule.enabled && rule.point() == point && live.admits(&subject)
                });
                let one_by_one: Vec<_> = one_by_one.map(|live| live.id).collect();
                let by_index = rules.candidates(point, &subject);
                let by_index: Vec<_> = by_index.filter(|live| live.admits(&subject)).map(|live| live.id).collect();
                prop_assert_eq!(&by_index, &one_by_one);
                prop_assert!(rules.look_at(point) || one_by_one.is_empty());
            }
        }
    }

    #[test]
    fn rules_that_ask_for_something_else_are_not_looked_at() {
        let asking = |matching: Match| Rule {
            name: String::new(),
            enabled: true,
            matching,
            when: When::default(),
            effect: Effect::default(),
        };
        let text = |text: &str| Some(text.to_owned());
        let rules = [
            asking(Match { action: text("GetUser"), ..Match::default() }),
            asking(Match { action: text("Delete*"), ..Match::default() }),
            asking(Match { key: text("k"), ..Match::default() }),
            asking(Match { action: text("*User"), product: text("Ram"), ..Match::default() }),
            asking(Match { action: text("List*"), ..Match::default() }),
            asking(Match::default()),
        ];
        let faults = Faults::new(1, &rules, Timestamp::from_millis(0));
        let subject = Subject {
            product: "ram",
            version: "2015-05-01",
            action: "ListUsers",
            method: "GET",
            path: "/",
            also: "",
            host: "",
            key: None,
            client: [127, 0, 0, 1].into(),
            params: &Params::default(),
            caller: None,
            now: Timestamp::from_millis(0),
            gateway_now: Timestamp::from_millis(0),
        };

        let rules = Arc::clone(&faults.rules.read());
        let looked_at: Vec<_> = rules.candidates(Point::Arrived, &subject).map(|live| live.id).collect();

        assert_eq!(looked_at, [4, 5, 6]);
    }
}
