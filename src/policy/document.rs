//! Policy document: its grammar and parser. Source: docs/evidence/policy.md section 1.

use crate::policy::checks::{self, Malformed};
use crate::policy::condition::Condition;
use crate::policy::pattern::comparable;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A parsed policy.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    pub(super) statements: Vec<Statement>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub(super) effect: Effect,
    pub(super) actions: Listed,
    /// Absent in a trust policy.
    pub(super) resources: Option<Listed>,
    /// Present in a trust policy.
    pub(super) principals: Option<Principals>,
    pub(super) conditions: Vec<Condition>,
}

/// Effect of a statement that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Allows the request.
    Allow,
    /// Denies the request, whatever other statements say.
    Deny,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed {
    pub(super) patterns: Vec<String>,
    /// True for `NotAction` and `NotResource`: matches everything that is not listed.
    pub(super) negated: bool,
}

/// Principals of a trust policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Principals {
    /// `"Principal": "*"`.
    pub(super) everybody: bool,
    /// ARNs of accounts, users and roles.
    pub(super) ram: Vec<String>,
    /// Names of services.
    pub(super) services: Vec<String>,
    /// ARNs of identity providers.
    pub(super) federated: Vec<String>,
}

/// Kind of a document. It decides which elements a statement must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Attached to a user, group or role, or passed to `AssumeRole`; has resources.
    Permission,
    /// Trust policy of a role; has principals.
    Trust,
}

impl Kind {
    /// Returns the maximum number of characters. UNCERTAIN: if white space counts, and the number of a trust policy.
    /// Source: docs/evidence/policy.md section 1.
    pub fn most_characters(self) -> usize {
        match self {
            Self::Permission => 6144,
            Self::Trust => 2048,
        }
    }

    /// Returns `true` if a document has neither too few nor too many characters.
    pub fn admits_length(self, text: &str) -> bool {
        (1..=self.most_characters()).contains(&text.chars().count())
    }
}

type Read<T> = Result<T, Malformed>;

impl Document {
    /// Parses a policy.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, Malformed> {
        let document: Value = serde_json::from_str(text).map_err(|error| {
            checks::JSON_SYNTAX.about([&error.line().to_string(), &error.column().to_string()])
        })?;
        let document = object(&document, "Policy")?;
        match document.get("Version") {
            Some(Value::String(version)) if version == "1" => {}
            Some(Value::String(version)) => return Err(checks::VERSION.about([version]).within("Version")),
            Some(_) => return Err(checks::DATA_TYPE.about(["Version", "String"]).within("Version")),
            None => return Err(checks::MISSING_VERSION.found()),
        }
        only(document, &["Version", "Statement"])?;
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) if !statements.is_empty() => statements.iter().collect(),
            Some(one @ Value::Object(_)) => vec![one],
            None | Some(Value::Array(_)) => return Err(checks::MISSING_STATEMENT.found()),
            Some(_) => return Err(checks::DATA_TYPE.about(["Statement", "Array"]).within("Statement")),
        };
        let read = |statement: &Value| Statement::read(object(statement, "Statement")?, kind);
        let read = |(index, statement)| {
            read(statement).map_err(|why: Malformed| why.within(index).within("Statement"))
        };
        Ok(Self { statements: statements.into_iter().enumerate().map(read).collect::<Read<_>>()? })
    }
}

impl Document {
    /// Kinds of principals that a trust policy lets assume the role, and the cloud services among them. `*` is of every kind (UNCERTAIN).
    pub fn trusted(&self) -> (BTreeSet<&'static str>, BTreeSet<&str>) {
        let (mut kinds, mut services) = (BTreeSet::new(), BTreeSet::new());
        for statement in self.statements.iter().filter(|one| one.effect == Effect::Allow) {
            let Some(principals) = &statement.principals else { continue };
            let all = principals.everybody;
            let of_kind = [
                ("RAM", &principals.ram),
                ("Service", &principals.services),
                ("Federated", &principals.federated),
            ];
            kinds.extend(of_kind.iter().filter(|(_, named)| all || !named.is_empty()).map(|(kind, _)| *kind));
            services.extend(principals.services.iter().map(String::as_str).chain(all.then_some("*")));
        }
        (kinds, services)
    }
}

impl Statement {
    /// Reads a statement. `Sid` is a remark.
    ///
    /// The policy elements page of 2025 does not name `Sid`, and the check refuses what is no element. But an official FAQ has it in RAM
    /// policies (AlibabaCloudDocs/ram, "Authorization for OSS instances", about 2019), and so have policies of an official repository of
    /// 2026 (aliyun/alibabacloud-aiops-skills). No answer that refuses it was seen, so it is accepted. UNCERTAIN.
    fn read(statement: &Map<String, Value>, kind: Kind) -> Read<Self> {
        let elements: &[&str] = match kind {
            Kind::Permission => {
                &["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"]
            }
            Kind::Trust => &["Sid", "Effect", "Action", "NotAction", "Principal", "Condition"],
        };
        only(statement, elements)?;
        if statement.get("Sid").is_some_and(|sid| !sid.is_string()) {
            return Err(checks::DATA_TYPE.about(["Sid", "String"]).within("Sid"));
        }
        let effect = match statement.get("Effect") {
            Some(Value::String(effect)) if effect == "Allow" => Effect::Allow,
            Some(Value::String(effect)) if effect == "Deny" => Effect::Deny,
            Some(Value::String(effect)) => return Err(checks::EFFECT.about([effect]).within("Effect")),
            Some(_) => return Err(checks::DATA_TYPE.about(["Effect", "String"]).within("Effect")),
            None => return Err(checks::MISSING_EFFECT.found()),
        };
        let actions = Listed::read(statement, ["Action", "NotAction"], checks::action)?;
        let mut actions = actions.ok_or_else(|| checks::MISSING_ACTION.found())?;
        // Actions are compared ignoring case.
        actions.patterns.iter_mut().for_each(|pattern| pattern.make_ascii_lowercase());
        let (resources, principals) = match kind {
            Kind::Permission => {
                let listed = Listed::read(statement, ["Resource", "NotResource"], checks::resource)?;
                let mut listed = listed.ok_or_else(|| checks::MISSING_RESOURCE.found())?;
                listed.patterns.iter_mut().for_each(|pattern| *pattern = comparable(pattern));
                (Some(listed), None)
            }
            Kind::Trust => (None, Some(Principals::read(statement.get("Principal"))?)),
        };
        let conditions = statement.get("Condition").map_or(Ok(Vec::new()), Condition::read_block);
        let conditions = conditions.map_err(|why| why.within("Condition"))?;
        Ok(Self { effect, actions, resources, principals, conditions })
    }
}

impl Listed {
    /// Reads the first or the second of two elements. An empty list counts as a missing element.
    fn read(
        statement: &Map<String, Value>,
        [name, not]: [&str; 2],
        check: fn(&str) -> Read<()>,
    ) -> Read<Option<Self>> {
        let (patterns, negated) = match (statement.get(name), statement.get(not)) {
            (Some(_), Some(_)) => return Err(checks::COMBINATION.about([name, not]).within(not)),
            (Some(listed), None) => (texts(listed, name, check)?, false),
            (None, Some(listed)) => (texts(listed, not, check)?, true),
            (None, None) => return Ok(None),
        };
        Ok((!patterns.is_empty()).then_some(Self { patterns, negated }))
    }
}

impl Principals {
    fn read(principal: Option<&Value>) -> Read<Self> {
        let members = match principal {
            Some(Value::String(all)) if all == "*" => return Ok(Self { everybody: true, ..Self::default() }),
            Some(Value::Object(members)) if !members.is_empty() => members,
            None | Some(Value::Object(_)) => return Err(checks::MISSING_PRINCIPAL.found()),
            Some(_) => return Err(checks::DATA_TYPE.about(["Principal", "Object"]).within("Principal")),
        };
        if let Some(key) = members.keys().find(|key| !["RAM", "Service", "Federated"].contains(&key.as_str()))
        {
            return Err(checks::PRINCIPAL_KEY.about([key]).within(key).within("Principal"));
        }
        let of = |kind, check: fn(&str) -> Read<()>| {
            let Some(listed) = members.get(kind) else { return Ok(Vec::new()) };
            let listed = texts(listed, kind, check).map_err(|why| why.within("Principal"))?;
            if listed.is_empty() {
                return Err(checks::MISSING_PRINCIPAL.found().within(kind).within("Principal"));
            }
            Ok(listed)
        };
        let (ram, federated) = (of("RAM", checks::resource)?, of("Federated", checks::resource)?);
        let named = |one: &str| if one.is_empty() { Err(checks::MISSING_PRINCIPAL.found()) } else { Ok(()) };
        let services = of("Service", named)?;
        Ok(Self { everybody: false, ram, services, federated })
    }
}

/// A text, or a list of texts, that all pass a check. A wrong type comes before a wrong text.
fn texts(value: &Value, field: &str, check: fn(&str) -> Read<()>) -> Read<Vec<String>> {
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let wrong = |(index, why): (usize, Malformed)| why.within(index).within(field);
    let text = |(index, value): (usize, &Value)| {
        let why = || wrong((index, checks::DATA_TYPE.about([field, "String"])));
        value.as_str().map(str::to_owned).ok_or_else(why)
    };
    let texts: Vec<_> = items.iter().enumerate().map(text).collect::<Read<_>>()?;
    let passes = |(index, text): (usize, &String)| check(text).map_err(|why| wrong((index, why)));
    texts.iter().enumerate().try_for_each(passes)?;
    Ok(texts)
}

pub(super) fn object<'a>(value: &'a Value, field: &str) -> Read<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| checks::DATA_TYPE.about([field, "Object"]))
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Read<()> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => Err(checks::ELEMENT.about([unknown]).within(unknown)),
        None => Ok(()),
    }
}
