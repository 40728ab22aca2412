//! The policy language: the cases of the YAML files beside this one, and a naive evaluator to hold the engine against.
//!
//! README.md here says how to add a case. `naive` is written from the facts alone and shares no code with the engine.

mod arbitrary;
mod command;
mod naive;

use alimock::policy::{CHECKS, Context, Document, Kind, Layers, Principal, Question, Verdict, assume, basic};
use arbitrary::{ask, assume_role, document, documents, trust_document};
use naive::Ask;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// One case of a file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    policies: Option<Vec<Value>>,
    #[serde(default)]
    resource_group: Vec<Value>,
    session: Option<Value>,
    #[serde(default)]
    control: Vec<Value>,
    trust: Option<Value>,
    ask: Option<Asked>,
    expect: Option<String>,
    malformed: Option<String>,
    wellformed: Option<String>,
    kind: Option<String>,
    message: Option<String>,
}

/// The question of a case as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    action: String,
    resource: Option<String>,
    principal: Option<BTreeMap<String, String>>,
    #[serde(default)]
    context: BTreeMap<String, Value>,
}

impl Asked {
    fn plain(&self) -> Ask {
        let texts = |value: &Value| match value {
            Value::Array(items) => items.iter().map(|item| item.as_str().unwrap().to_owned()).collect(),
            one => vec![one.as_str().unwrap_or_else(|| panic!("write {one} in quotes")).to_owned()],
        };
        Ask {
            action: self.action.clone(),
            resource: self.resource.clone().unwrap_or_default(),
            principal: self
                .principal
                .iter()
                .flatten()
                .next()
                .map(|(kind, name)| (kind.clone(), name.clone())),
            context: self.context.iter().map(|(key, value)| (key.clone(), texts(value))).collect(),
        }
    }
}

/// All cases, each with the name of its file.
fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/policy");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all = Vec::new();
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let read: Vec<Case> = serde_saphyr::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        all.extend(read.into_iter().map(|case| (file.clone(), case)));
    }
    all
}

/// A document as it stands in a case: a mapping, or a text of JSON.
fn plain(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| serde_json::from_str(text).unwrap())
}

fn read(value: &Value, kind: Kind) -> Document {
    Document::parse(&value.to_string(), kind).unwrap_or_else(|why| panic!("{why}: {value}"))
}

/// What the engine is given for an ask.
struct Engine {
    context: Context,
}

impl Engine {
    fn new(ask: &Ask) -> Self {
        let mut context = Context::default();
        for (key, values) in &ask.context {
            context.set(key, values.clone());
        }
        Self { context }
    }

    fn question(&self, ask: &Ask) -> Question<'_> {
        Question::new(&ask.action, &ask.resource, &self.context)
    }

    fn trust<'a>(&'a self, ask: &'a Ask, trust: &Value) -> Verdict {
        let (kind, name) = ask.principal.as_ref().expect("a trust case has a principal");
        let principal = match kind.as_str() {
            "RAM" => Principal::Ram(name),
            "Service" => Principal::Service(name),
            _ => Principal::Federated(name),
        };
        basic([&read(trust, Kind::Trust)], &Question::to_assume(principal, &self.context))
    }
}

/// What the engine and the naive evaluator come to for a case.
fn decide(case: &Case, asked: &Asked) -> (&'static str, &'static str) {
    let ask = asked.plain();
    let all = |list: &[Value]| list.iter().map(plain).collect::<Vec<_>>();
    let account = all(case.policies.as_deref().unwrap_or_default());
    let (group, control) = (all(&case.resource_group), all(&case.control));
    let session = case.session.as_ref().map(plain);
    let trust = case.trust.as_ref().map(plain);

    let by_naive = || naive::layered(Some(&control), session.as_ref(), &account, &group, &ask);
    let read_all = |list: &[Value]| list.iter().map(|one| read(one, Kind::Permission)).collect::<Vec<_>>();
    let (accounts, groups, controls) = (read_all(&account), read_all(&group), read_all(&control));
    let session_document = session.as_ref().map(|one| read(one, Kind::Permission));
    let layers = Layers {
        control: if controls.is_empty() { Vec::new() } else { vec![controls.iter().collect()] },
        session: session_document.as_ref(),
        account: accounts.iter().collect(),
        resource_group: groups.iter().collect(),
    };
    let engine = Engine::new(&ask);
    let by_engine = layers.decide(&engine.question(&ask));
    match trust {
        None => (by_engine.1.name(), by_naive()),
        Some(trust) if case.policies.is_none() => {
            (engine.trust(&ask, &trust).name(), naive::basic(&[trust], &ask))
        }
        Some(trust) => {
            let verdict = assume(by_engine.0, by_engine.1, engine.trust(&ask, &trust)).1;
            (verdict.name(), naive::assume(by_naive(), naive::basic(&[trust], &ask)))
        }
    }
}

#[test]
fn every_case_holds_by_both_evaluators() {
    let mut wrong = Vec::new();
    let cases = cases();
    for (file, case) in &cases {
        let at = format!("{file}: {}", case.name);
        let kind = if case.kind.as_deref() == Some("trust") { Kind::Trust } else { Kind::Permission };
        match (&case.malformed, &case.wellformed, &case.ask) {
            (Some(text), None, None) => match (Document::parse(text, kind), &case.message) {
                (Ok(_), _) => wrong.push(format!("{at}: is taken")),
                (Err(why), Some(message)) if why.text != *message => wrong.push(format!("{at}: {why}")),
                _ => {}
            },
            (None, Some(text), None) => {
                if let Err(why) = Document::parse(text, kind) {
                    wrong.push(format!("{at}: {why}"));
                }
            }
            (None, None, Some(asked)) => {
                let expect = case.expect.as_deref().unwrap_or_else(|| panic!("{at}: expects nothing"));
                let found = decide(case, asked);
                if found != (expect, expect) {
                    wrong.push(format!("{at}: expects {expect}, engine and naive find {found:?}"));
                }
            }
            _ => panic!("{at}: needs exactly one of ask, malformed and wellformed"),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let names: BTreeSet<_> = cases.iter().map(|(_, case)| case.name.as_str()).collect();
    assert!(cases.iter().all(|(_, case)| !case.source.is_empty()));
    assert!(cases.len() >= 340 && names.len() == cases.len(), "{} cases, {} names", cases.len(), names.len());
}

#[test]
fn every_check_has_a_case_and_one_text() {
    let broken = cases().into_iter().filter_map(|(_, case)| {
        let kind = if case.kind.as_deref() == Some("trust") { Kind::Trust } else { Kind::Permission };
        Document::parse(&case.malformed?, kind).err()
    });
    let reached: BTreeSet<_> = broken.map(|why| why.check.id).collect();

    let ids: BTreeSet<_> = CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(ids, reached);
    assert_eq!(CHECKS.iter().map(|check| check.text).collect::<BTreeSet<_>>().len(), CHECKS.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_comes_to_what_the_naive_evaluator_does(
        session in proptest::option::of(document()),
        account in documents(),
        group in documents(),
        ask in ask(),
    ) {
        let read_all = |list: &[Value]| list.iter().map(|one| read(one, Kind::Permission)).collect::<Vec<_>>();
        let (accounts, groups) = (read_all(&account), read_all(&group));
        let session_document = session.as_ref().map(|one| read(one, Kind::Permission));
        let layers = Layers {
            control: Vec::new(),
            session: session_document.as_ref(),
            account: accounts.iter().collect(),
            resource_group: groups.iter().collect(),
        };
        let engine = Engine::new(&ask);
        let (_, verdict) = layers.decide(&engine.question(&ask));
        prop_assert_eq!(verdict.name(), naive::layered(None, session.as_ref(), &account, &group, &ask));
    }

    #[test]
    fn the_engine_trusts_whom_the_naive_evaluator_trusts(trust in trust_document(), ask in assume_role()) {
        let verdict = Engine::new(&ask).trust(&ask, &trust);
        prop_assert_eq!(verdict.name(), naive::basic(&[trust], &ask));
    }

    #[test]
    fn an_explicit_deny_always_wins(mut all in documents(), more in documents(), ask in ask()) {
        let engine = Engine::new(&ask);
        let verdict = |all: &[Value]| {
            let read: Vec<_> = all.iter().map(|one| read(one, Kind::Permission)).collect();
            basic(&read, &engine.question(&ask))
        };
        let before = verdict(&all);
        all.extend(more);
        prop_assert!(before != Verdict::ExplicitDeny || verdict(&all) == Verdict::ExplicitDeny);
        all.reverse();
        let turned = verdict(&all);
        all.reverse();
        prop_assert_eq!(turned, verdict(&all));
    }

    #[test]
    fn a_session_policy_never_adds_a_permission(session in document(), account in documents(), ask in ask()) {
        let read: Vec<_> = account.iter().map(|one| read(one, Kind::Permission)).collect();
        let session = Document::parse(&session.to_string(), Kind::Permission).unwrap();
        let engine = Engine::new(&ask);
        let question = engine.question(&ask);
        let alone = Layers { account: read.iter().collect(), ..Layers::default() };
        let narrowed = Layers { session: Some(&session), ..alone.clone() };
        let allows = |layers: &Layers<'_>| layers.decide(&question).1 == Verdict::Allow;
        prop_assert!(allows(&alone) || !allows(&narrowed));
    }

    #[test]
    fn any_text_is_a_policy_or_is_malformed_and_never_a_panic(text in ".{0,200}", kind in 0..2) {
        let kind = if kind == 0 { Kind::Trust } else { Kind::Permission };
        let _ = Document::parse(&text, kind);
        let _ = Document::parse(&format!(r#"{{"Version":"1","Statement":[{{{text}}}]}}"#), kind);
    }
}
