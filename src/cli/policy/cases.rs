//! `alimock policy test`: questions and expected decisions in a YAML file. docs/cli.md describes it.

use crate::cli::options::load;
use crate::cli::report::{EXPECTATION_FAILED, junit};
use crate::cli::{policy, say};
use crate::policy::{Context, Document, Kind, Layers, Principal, Question, Verdict, assume, basic};
use crate::scenario::{Scenario, read_yaml};
use crate::text::{Scalar, UserName};
use crate::world::account::system;
use crate::world::permission::{self, Ask};
use crate::world::{Caller, Settings, Source, World, Worlds};
use clap::Args;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(super) struct TestOptions {
    /// Files with cases
    #[arg(required = true, value_name = "CASES")]
    files: Vec<PathBuf>,
    /// Scenario whose callers the cases name with `who`
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Write the results to this file as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// A case. docs/cli.md describes the fields.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    /// A remark.
    #[serde(rename = "source")]
    _source: Option<String>,
    /// Caller of the scenario: an account, or account/user. Its policies come from the scenario.
    who: Option<String>,
    policies: Option<Vec<Value>>,
    #[serde(default)]
    resource_group: Vec<Value>,
    session: Option<Value>,
    #[serde(default)]
    control: Vec<Value>,
    trust: Option<Value>,
    ask: Option<Asked>,
    expect: Option<Expected>,
    malformed: Option<String>,
    wellformed: Option<String>,
    #[serde(default)]
    kind: DocumentKind,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    action: String,
    #[serde(default)]
    resource: String,
    principal: Option<Asking>,
    #[serde(default)]
    context: BTreeMap<String, Value>,
}

/// A principal as a trust policy names it.
#[derive(Deserialize)]
enum Asking {
    #[serde(rename = "RAM")]
    Ram(String),
    Service(String),
    Federated(String),
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
enum Expected {
    Allow,
    ExplicitDeny,
    ImplicitDeny,
    /// An explicit or an implicit deny.
    Deny,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "lowercase")]
enum DocumentKind {
    #[default]
    Identity,
    Session,
    Trust,
}

impl Expected {
    fn holds(self, verdict: Verdict) -> bool {
        match self {
            Self::Allow => verdict == Verdict::Allow,
            Self::ExplicitDeny => verdict == Verdict::ExplicitDeny,
            Self::ImplicitDeny => verdict == Verdict::ImplicitDeny,
            Self::Deny => verdict != Verdict::Allow,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::ExplicitDeny => "ExplicitDeny",
            Self::ImplicitDeny => "ImplicitDeny",
            Self::Deny => "Deny",
        }
    }
}

/// Reason why a case fails.
type Checked<T = ()> = Result<T, String>;

pub(super) fn run(options: &TestOptions) -> Result<ExitCode, String> {
    let scenario = options.scenario.as_deref().map(load).transpose()?;
    let plant =
        |scenario: Scenario| Worlds::new(Settings::default(), &scenario).map_err(|why| why.to_string());
    let worlds = scenario.map(plant).transpose()?;
    let world = worlds.as_ref().map(|worlds| &**worlds.default_world());
    let (mut results, mut out) = (Vec::new(), String::new());
    for file in &options.files {
        let text = policy::text(file)?;
        let cases: Vec<Case> =
            read_yaml(&text).map_err(|why| why.shown(Some(file), std::io::stderr().is_terminal()))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        for case in cases {
            let failure = case.check(folder, world).err();
            if let Some(why) = &failure {
                let _ = writeln!(out, "FAILED {}: {}\n       {why}", file.display(), case.name);
            }
            results.push((case.name, failure.map(|why| (why, file.display().to_string()))));
        }
    }
    let failed = results.iter().filter(|(_, failure)| failure.is_some()).count();
    let _ = writeln!(out, "{} of {} cases pass", results.len() - failed, results.len());
    if let Some(path) = &options.junit {
        let write = std::fs::write(path, junit(&results));
        write.map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    }
    let said = say(out.as_bytes());
    Ok(if failed == 0 { said } else { ExitCode::from(EXPECTATION_FAILED) })
}

impl Case {
    fn check(&self, folder: &Path, world: Option<&World>) -> Checked {
        match (&self.malformed, &self.wellformed, &self.ask, self.expect) {
            (Some(text), None, None, None) => match (Document::parse(text, self.kind()), &self.message) {
                (Ok(_), _) => Err("the document is accepted".to_owned()),
                (Err(why), Some(message)) if why.text != *message => Err(format!("the error is: {why}")),
                _ => Ok(()),
            },
            (None, Some(text), None, None) => {
                Document::parse(text, self.kind()).map(drop).map_err(|why| why.to_string())
            }
            (None, None, Some(ask), Some(expect)) => {
                let verdict = match &self.who {
                    Some(who) => asked_by(who, ask, world)?,
                    None => self.decide(ask, folder)?,
                };
                let wrong = || format!("expected {}, found {}", expect.name(), verdict.name());
                if expect.holds(verdict) { Ok(()) } else { Err(wrong()) }
            }
            _ => Err("a case needs `ask` with `expect`, or `malformed`, or `wellformed`".to_owned()),
        }
    }

    fn kind(&self) -> Kind {
        match self.kind {
            DocumentKind::Identity | DocumentKind::Session => Kind::Permission,
            DocumentKind::Trust => Kind::Trust,
        }
    }

    fn decide(&self, ask: &Asked, folder: &Path) -> Checked<Verdict> {
        let read_all = |list: &[Value]| -> Checked<Vec<Document>> {
            list.iter().map(|one| read(one, Kind::Permission, folder)).collect()
        };
        let account = read_all(self.policies.as_deref().unwrap_or_default())?;
        let (group, control) = (read_all(&self.resource_group)?, read_all(&self.control)?);
        let session = self.session.as_ref().map(|one| read(one, Kind::Permission, folder)).transpose()?;
        let context = ask.context()?;
        let layers = Layers {
            control: if control.is_empty() { Vec::new() } else { vec![control.iter().collect()] },
            session: session.as_ref(),
            account: account.iter().collect(),
            resource_group: group.iter().collect(),
        };
        let (layer, identity) = layers.decide(&Question::new(&ask.action, &ask.resource, &context));
        let Some(trust) = &self.trust else { return Ok(identity) };
        let trust = read(trust, Kind::Trust, folder)?;
        let principal = match &ask.principal {
            Some(Asking::Ram(arn)) => Principal::Ram(arn),
            Some(Asking::Service(name)) => Principal::Service(name),
            Some(Asking::Federated(arn)) => Principal::Federated(arn),
            None => return Err("a case with `trust` needs `principal` in `ask`".to_owned()),
        };
        let trusted = basic([&trust], &Question::to_assume(principal, &context));
        let is_alone = self.policies.is_none();
        Ok(if is_alone { trusted } else { assume(layer, identity, trusted).1 })
    }
}

/// A document in a case: a mapping, JSON, a file beside the cases, or the name of a system policy.
fn read(value: &Value, kind: Kind, folder: &Path) -> Checked<Document> {
    let text = match value {
        Value::String(text) if text.trim_start().starts_with('{') => text.clone(),
        Value::String(name) => match system::named(name).and_then(system::numbered) {
            Some(policy) => policy.version.text.to_string(),
            None => policy::text(&folder.join(name))?,
        },
        other => other.to_string(),
    };
    Document::parse(&text, kind).map_err(|why| format!("the policy is malformed: {why}"))
}

impl Asked {
    fn context(&self) -> Checked<Context> {
        let mut context = Context::default();
        for (key, value) in &self.context {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let text = |value: &Value| match value {
                Value::String(text) => Ok(text.clone()),
                Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
                _ => Err(format!("the condition key `{key}` needs a text or a list of texts")),
            };
            context.set(key, values.iter().map(text).collect::<Checked<Vec<_>>>()?);
        }
        Ok(context)
    }
}

/// Decision about a caller of a scenario.
fn asked_by(who: &str, ask: &Asked, world: Option<&World>) -> Checked<Verdict> {
    let world = world.ok_or("`who` needs `--scenario`")?;
    let (now, state) = (world.clock.now().resource, world.state());
    let unknown = || format!("`{who}` is not in the scenario; name an account, or account/user");
    let (account, user) = who.split_once('/').map_or((who, None), |(account, user)| (account, Some(user)));
    let account = state.accounts.values().find(|one| one.label == account).ok_or_else(unknown)?;
    let caller = match user {
        None => Caller::Root { uid: account.uid },
        Some(name) => {
            let slot = UserName::parse(name).ok().and_then(|name| account.user_slot(&name).ok());
            let (slot, user) =
                slot.and_then(|slot| Some((slot, account.user(slot).ok()?))).ok_or_else(unknown)?;
            Caller::User { uid: account.uid, slot, id: user.id, name: user.name.clone() }
        }
    };
    let mut context = ask.context()?;
    for (key, values) in permission::context(&caller, Source::LOCAL, now).iter() {
        context.set(key, values.to_vec());
    }
    let resources = vec![if ask.resource.is_empty() { "*".to_owned() } else { ask.resource.clone() }];
    let ask = Ask { action: ask.action.clone(), resources, context, ..Ask::default() };
    let decision = permission::judge(&state, &caller, ask);
    let fixed = if decision.allowed() { Verdict::Allow } else { Verdict::ImplicitDeny };
    Ok(decision.evaluated().map_or(fixed, |one| one.verdict))
}
