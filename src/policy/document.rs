//! Policy document: its grammar and parser. Source: docs/evidence/policy.md section 1.

use crate::policy::condition::Condition;
use crate::policy::pattern::comparable;
use serde_json::{Map, Value};

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

/// Mistake in a policy; its text is the message of `MalformedPolicyDocument`.
///
/// Three of the texts were observed (docs/evidence/policy.md section 1); the others are our own: UNCERTAIN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

type Read<T> = Result<T, Malformed>;

pub(super) fn malformed<T>(why: impl Into<String>) -> Read<T> {
    Err(Malformed(why.into()))
}

impl Document {
    /// Parses a policy.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, Malformed> {
        let document: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Malformed(format!("The policy document is not a JSON object: line {line} column {column}."))
        })?;
        match document.get("Version") {
            Some(Value::String(version)) if version == "1" => {}
            // Observed for a missing element; assumed for an element of the wrong type.
            None => {
                return malformed("The policy document is invalid. apsara::AnyCast: can't cast from v to Ss");
            }
            Some(_) => return malformed("The Version of the policy document must be \"1\"."),
        }
        only(&document, &["Version", "Statement"], "policy document")?;
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) if !statements.is_empty() => statements.iter().collect(),
            Some(one @ Value::Object(_)) => vec![one],
            _ => {
                return malformed(
                    "The policy document must have a list of one or more statements as Statement.",
                );
            }
        };
        let read = |statement: &Value| match statement {
            Value::Object(statement) => Statement::read(statement, kind),
            _ => malformed("A policy statement must be an object."),
        };
        Ok(Self { statements: statements.into_iter().map(read).collect::<Read<_>>()? })
    }
}

impl Statement {
    fn read(statement: &Map<String, Value>, kind: Kind) -> Read<Self> {
        let target: &[&str] = match kind {
            Kind::Permission => &["Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"],
            Kind::Trust => &["Effect", "Action", "NotAction", "Principal", "Condition"],
        };
        only(statement, target, "policy statement")?;
        let effect = match statement.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return malformed("The Effect of a policy statement must be Allow or Deny."),
        };
        let mut actions = Listed::read(statement, "Action", "NotAction")?
            .map_or_else(|| malformed("Add an Action or NotAction element to the policy statement."), Ok)?;
        // Actions are compared ignoring case.
        actions.patterns.iter_mut().for_each(|pattern| pattern.make_ascii_lowercase());
        let (resources, principals) = match kind {
            Kind::Permission => {
                let mut listed = Listed::read(statement, "Resource", "NotResource")?.map_or_else(
                    || malformed("Add a Resource or NotResource element to the policy statement."),
                    Ok,
                )?;
                listed.patterns.iter_mut().for_each(|pattern| *pattern = comparable(pattern));
                (Some(listed), None)
            }
            Kind::Trust => (None, Some(Principals::read(statement.get("Principal"))?)),
        };
        let conditions = statement.get("Condition").map_or(Ok(Vec::new()), Condition::read_block)?;
        Ok(Self { effect, actions, resources, principals, conditions })
    }
}

impl Listed {
    fn read(statement: &Map<String, Value>, name: &str, negated: &str) -> Read<Option<Self>> {
        Ok(match (statement.get(name), statement.get(negated)) {
            (Some(_), Some(_)) => {
                return malformed(format!("A policy statement cannot have both {name} and {negated}."));
            }
            (Some(listed), None) => Some(Self { patterns: texts(listed, name)?, negated: false }),
            (None, Some(listed)) => Some(Self { patterns: texts(listed, negated)?, negated: true }),
            (None, None) => None,
        })
    }
}

impl Principals {
    fn read(principal: Option<&Value>) -> Read<Self> {
        let members = match principal {
            Some(Value::String(all)) if all == "*" => return Ok(Self { everybody: true, ..Self::default() }),
            Some(Value::Object(members)) if !members.is_empty() => members,
            _ => return malformed("Add a Principal element to the policy statement."),
        };
        only(members, &["RAM", "Service", "Federated"], "Principal element")?;
        let of = |kind| members.get(kind).map_or(Ok(Vec::new()), |listed| texts(listed, kind));
        Ok(Self { everybody: false, ram: of("RAM")?, services: of("Service")?, federated: of("Federated")? })
    }
}

/// A text, or a list of texts.
fn texts(value: &Value, name: &str) -> Read<Vec<String>> {
    let wrong = || Malformed(format!("The {name} element must be a string or a list of strings."));
    let text =
        |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned).ok_or_else(wrong);
    match value {
        Value::Array(items) if !items.is_empty() => items.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

fn only(object: &Map<String, Value>, known: &[&str], what: &str) -> Read<()> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => malformed(format!("The {what} has an unknown element: {unknown}.")),
        None => Ok(()),
    }
}
