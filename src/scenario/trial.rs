//! Checks a text: parses it, plants it in a test world, and collects the errors of all steps.

use crate::scenario::file::File;
use crate::scenario::misfit::{At, MOST_MISFITS, Misfit, Misfits};
use crate::scenario::problem::{NotAScenario, Place, Problems, advice};
use crate::scenario::shape::{self, Found, Unsound};
use crate::scenario::stubs::{Known, flaws_of_stub};
use crate::scenario::tree::{self, Content, Node};
use crate::scenario::{names, schema, seed};
use crate::text::{Moment, Scalar, Timestamp, Uid, WorldName};
use crate::world::clock::Run;
use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::gates::Gate;
use crate::world::ids::Ids;
use crate::world::stubs::Stub;
use crate::world::{Clocks, Command, Due, NotDone, Plant, Refusal, Settings, Tx, World, account_named};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

/// Parses and checks a file.
pub(super) fn read(text: &str) -> Result<File, NotAScenario> {
    let mut problems = Problems::default();
    let refused = |problems| NotAScenario::new(text, problems);
    let Some(mut tree) = tree::read(text, &mut problems) else { return Err(refused(problems)) };
    let Found { problems: odd, unsound } =
        shape::check(&mut tree, (schema::of_file(), schema::of_file()), "a scenario");
    problems.extend(odd);
    let found = Unsound(unsound);
    if !problems.is_full() && found.is_sound("") {
        let parts = Parts::of(&tree, &found, &mut problems);
        add(parts.misfits(&tree), &tree, &mut problems);
    }
    if problems.is_empty() {
        return File::deserialize(&tree).map_err(|wrong| {
            wrong.tell(&mut problems);
            refused(problems)
        });
    }
    Err(refused(problems))
}

/// Reason to reject a body of the control API.
#[derive(Debug)]
pub(crate) enum NotTaken {
    /// It has the wrong form.
    Unreadable(NotAScenario),
    /// It is well-formed but can never work.
    Flawed(NotAScenario),
}

/// Parses a single part of a scenario, as JSON or YAML, and checks it with `flaws`. Its schema is a part of a document.
pub(crate) fn part<T: DeserializeOwned>(
    text: &str,
    what: &str,
    schema: (&Value, &Value),
    flaws: impl FnOnce(&T) -> Vec<Misfit>,
) -> Result<T, NotTaken> {
    let mut problems = Problems::default();
    let unreadable = |problems| NotTaken::Unreadable(NotAScenario::new(text, problems));
    let Some(mut tree) = tree::read(text, &mut problems) else { return Err(unreadable(problems)) };
    let found = shape::check(&mut tree, schema, what);
    problems.extend(found.problems);
    if problems.is_full() || !found.unsound.is_empty() {
        return Err(unreadable(problems));
    }
    let part = match T::deserialize(&tree) {
        Ok(part) => part,
        Err(wrong) => {
            wrong.tell(&mut problems);
            return Err(unreadable(problems));
        }
    };
    let is_readable = problems.is_empty();
    add(flaws(&part), &tree, &mut problems);
    match (is_readable, problems.is_empty()) {
        (true, true) => Ok(part),
        (true, false) => Err(NotTaken::Flawed(NotAScenario::new(text, problems))),
        (false, _) => Err(unreadable(problems)),
    }
}

/// Adds further errors. Places with a repaired shape error get no second message.
fn add(misfits: Vec<Misfit>, tree: &Node, problems: &mut Problems) {
    let told = problems.places();
    for misfit in misfits {
        if problems.is_full() {
            return;
        }
        let (place, message) = placed(misfit, tree);
        if !told.contains(&place) {
            problems.add(place, &message);
        }
    }
}

/// Returns the reasons why a rule can never work in a world with these known names.
pub(crate) fn flaws_of_rule(rule: &Rule, known: &Known, at: &At) -> Vec<Misfit> {
    let own = rule.flaws().into_iter().map(|flaw| {
        let (place, what) = flaw.split_once(": ").unwrap_or(("", &flaw));
        at.field(place).wrong(what)
    });
    let account = rule.matching.account.as_deref();
    let account =
        account.and_then(|name| no_account(name, &known.accounts, &at.field("match").field("account")));
    own.chain(names::rule(&rule.matching, known, at)).chain(account).collect()
}

/// Returns the reasons why a gate can never match a call.
pub(crate) fn flaws_of_gate(gate: &Gate, known: &Known, at: &At) -> Vec<Misfit> {
    names::gate(gate, known, at)
}

/// Returns the reasons why an expectation can never be checked or met in a world with these known names.
pub(crate) fn flaws_of_expectation(expected: &Expectation, known: &Known, at: &At) -> Vec<Misfit> {
    let calls = expected.calls.iter().map(|calls| (calls, at.field("calls")));
    let order = expected.order.iter().enumerate().map(|(index, calls)| (calls, at.item("order", index)));
    let accounts = calls.chain(order).filter_map(|(calls, at)| {
        let name = calls.account.as_deref().filter(|name| !name.contains(['*', '?']))?;
        no_account(name, &known.accounts, &at.field("account"))
    });
    let things = expected.accounts_named().into_iter();
    let things = things.filter_map(|(field, name)| {
        let mut place = at.clone();
        for part in field.split('.') {
            place = place.field(part);
        }
        no_account(name, &known.accounts, &place)
    });
    let accounts = accounts.chain(things);
    let own = expected.flaw().map(|flaw| at.wrong(flaw));
    let flaws = own.into_iter().chain(names::expectation(expected, known, at)).chain(accounts);
    flaws.take(MOST_MISFITS).collect()
}

/// Only accounts of the file have names; accounts that register later have only UIDs.
fn no_account(name: &str, accounts: &BTreeSet<String>, at: &At) -> Option<Misfit> {
    if Uid::parse(name).is_ok() || accounts.contains(name) {
        return None;
    }
    let advice = advice(name, accounts.iter().map(String::as_str));
    Some(at.wrong(format!("`{name}` is neither an account by name nor a UID{advice}")))
}

/// Returns position and message of an error. `it` is replaced with the name at the path.
fn placed(Misfit { at, what }: Misfit, tree: &Node) -> (Place, String) {
    let place = tree.locate(&at);
    let name = at.rsplit('.').next().and_then(|last| last.split('[').next()).unwrap_or_default();
    let message = match what.strip_prefix("it ") {
        // An item of a list has no name.
        Some(rest) if !at.ends_with(']') => format!("`{name}` {rest}"),
        _ => what,
    };
    (place, message)
}

/// Readable parts of a file, with their indices in the file.
struct Parts {
    /// Everything except the lists below.
    base: Option<File>,
    stubs: Vec<(usize, Stub)>,
    gates: Vec<(usize, Gate)>,
    faults: Vec<(usize, Rule)>,
    timeline: Vec<(usize, Due)>,
    expect: Vec<(usize, Expectation)>,
}

const LISTS: [&str; 5] = ["stubs", "gates", "faults", "timeline", "expect"];

impl Parts {
    fn of(tree: &Node, found: &Unsound, problems: &mut Problems) -> Self {
        let entries = tree.entries().iter().filter(|entry| !LISTS.contains(&entry.name.as_str()));
        let base = Node { place: tree.place, content: Content::Map(entries.cloned().collect()) };
        let is_sound = base.entries().iter().all(|entry| found.is_sound(&entry.name));
        let base = is_sound.then(|| File::deserialize(&base));
        Self {
            base: base.and_then(|base| base.map_err(|wrong| wrong.tell(problems)).ok()),
            stubs: items(tree, "stubs", found, problems),
            gates: items(tree, "gates", found, problems),
            faults: items(tree, "faults", found, problems),
            timeline: items(tree, "timeline", found, problems),
            expect: items(tree, "expect", found, problems),
        }
    }

    fn misfits(&self, tree: &Node) -> Vec<Misfit> {
        let accounts = tree.get("accounts").map_or(&[][..], Node::items).iter();
        let mut accounts: BTreeSet<String> =
            accounts.filter_map(|account| account.get("name")?.text().map(str::to_owned)).collect();
        accounts.extend(self.commands().filter_map(|(command, _)| command.registers().map(str::to_owned)));
        let known = Known::new(accounts, self.stubs.iter().map(|(_, stub)| stub));
        let stubs =
            self.stubs.iter().map(|(index, stub)| flaws_of_stub(stub, &At::top().item("stubs", *index)));
        let gates = self
            .gates
            .iter()
            .map(|(index, gate)| flaws_of_gate(gate, &known, &At::top().item("gates", *index)));
        let rules = self.faults.iter().map(|(index, rule)| {
            let at = At::top().item("faults", *index);
            let mut flaws = flaws_of_rule(rule, &known, &at);
            flaws.extend(self.past(rule, &at));
            flaws
        });
        let expected = self.expect.iter().map(|(index, expected)| {
            flaws_of_expectation(expected, &known, &At::top().item("expect", *index))
        });
        let due = self.timeline.iter().map(|(index, due)| {
            let start = Timestamp::from_millis(0);
            let wrong = seed::due_at(due, start, &At::top().item("timeline", *index)).err();
            wrong.into_iter().collect()
        });
        let commands = self.commands().map(|(command, at)| {
            let missing = |field, name: &str| no_account(name, &known.accounts, &at.field(field));
            let account = account_of(command).and_then(|name| missing("account", &name));
            // Without a slash, it may be the id of a key.
            let key = written(command).1["key"].as_str().map(str::to_owned);
            let owner = key.as_deref().and_then(|key| key.split_once('/'));
            account.into_iter().chain(owner.and_then(|(account, _)| missing("key", account))).collect()
        });
        let mut misfits = Misfits::default();
        // Errors after the limit are not computed.
        for some in stubs.chain(gates).chain(rules).chain(expected).chain(due).chain(commands) {
            let some: Vec<Misfit> = some;
            misfits.add(some);
            if misfits.is_full() {
                return misfits.0;
            }
        }
        if let Some(base) = &self.base {
            let name = WorldName::default_world();
            let planted = World::new(name.clone(), Ids::new(0, &name, 0), &Settings::default(), self);
            misfits.add(planted.err().into_iter().flat_map(|misfits| misfits.0));
            let declared: Vec<&Stub> = self.stubs.iter().map(|(_, stub)| stub).collect();
            misfits.add(names::hosts(&base.hosts, &declared));
            let who = base.r#as.as_deref().and_then(|who| base.missing(who));
            misfits.add(who.map(|why| At::top().field("as").wrong(why)));
        }
        misfits.0
    }

    /// Returns an error if the time of a rule is already past at the start of the world.
    fn past(&self, rule: &Rule, at: &At) -> Option<Misfit> {
        let [_, until] = rule.when.between?;
        let Run::Frozen(start) = self.clocks().resource else {
            let is_past = matches!(until, Moment::After(span) if span.millis() <= 0);
            return is_past
                .then(|| at.field("when").field("between").wrong("it ends before the world starts"));
        };
        (until.at(start) <= start).then(|| {
            let why = format!("it ends before the resource clock starts, which is at {start}");
            at.field("when").field("between").wrong(why)
        })
    }

    /// Returns the commands of the timeline and the rules, with their paths.
    fn commands(&self) -> impl Iterator<Item = (&Command, At)> {
        let timeline = self
            .timeline
            .iter()
            .map(|(index, due)| (&due.r#do, At::top().item("timeline", *index).field("do")));
        let rules = self.faults.iter().flat_map(|(index, rule)| {
            let at = At::top().item("faults", *index).field("do");
            let change = rule.effect.change.as_ref().map(|command| (command, at.field("change")));
            change.into_iter().chain(rule.effect.then.as_ref().map(|command| (command, at.field("then"))))
        });
        timeline.chain(rules).map(|(command, at)| (command, at.field(&written(command).0)))
    }
}

impl Plant for Parts {
    type Error = Misfits;

    fn clocks(&self) -> Clocks {
        self.base.as_ref().map(File::clocks).unwrap_or_default()
    }

    fn seed(&self) -> Option<u64> {
        None
    }

    fn faults(&self) -> &[Rule] {
        &[]
    }

    fn plant(&self, tx: &mut Tx<'_>) -> Result<(), Misfits> {
        if let Some(base) = &self.base {
            seed::plant(base, tx)?;
        }
        let mut misfits = Misfits::default();
        misfits.add(self.commands().filter_map(|(command, at)| try_out(command, &at, tx)));
        misfits.done()
    }
}

/// Returns an error if a command can never run: it would fail silently later. Other errors depend on client calls.
fn try_out(command: &Command, at: &At, tx: &Tx<'_>) -> Option<Misfit> {
    match command.run(&mut tx.fork()) {
        Err(NotDone::Refused(Refusal::NoSuchAccount))
            if account_of(command).is_none()
                && !matches!(command, Command::Register(_))
                && account_named(None, tx.state()).is_err() =>
        {
            Some(at.wrong("no account to apply this to: `account` is missing and every account is a partner"))
        }
        Err(why @ (NotDone::Wrong(_) | NotDone::Unfit(_))) => {
            Some(at.wrong(format!("it can never be done: {why}")))
        }
        _ => None,
    }
}

/// Returns name and fields of a command as written.
fn written(command: &Command) -> (String, serde_json::Value) {
    let written = serde_json::to_value(command).expect("a command is plain data");
    let serde_json::Value::Object(fields) = written else { return Default::default() };
    fields.into_iter().next().unwrap_or_default()
}

/// Returns the account that a command names.
fn account_of(command: &Command) -> Option<String> {
    written(command).1["account"].as_str().map(str::to_owned)
}

fn items<T: DeserializeOwned>(
    tree: &Node,
    list: &str,
    found: &Unsound,
    problems: &mut Problems,
) -> Vec<(usize, T)> {
    let items = tree.get(list).map_or(&[][..], Node::items).iter().enumerate();
    let sound = items.filter(|(index, _)| found.is_sound(&format!("{list}[{index}]")));
    let read = sound.filter_map(|(index, item)| {
        let read = T::deserialize(item).map_err(|wrong| wrong.tell(problems));
        Some((index, read.ok()?))
    });
    read.collect()
}
