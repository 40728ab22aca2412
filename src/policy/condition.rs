//! Conditions: operators, operands and the keys of a request. Source: docs/evidence/policy.md section 2.

use crate::policy::document::{Malformed, malformed};
use crate::text::{Network, Scalar, Timestamp, covers};
use serde_json::Value;
use std::cmp::Ordering;

/// Values of the condition keys of a request; a key has one or several values. Key names are compared ignoring case
/// (UNCERTAIN).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context(Vec<(String, Vec<String>)>);

impl Context {
    /// Adds a key.
    pub fn set(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.0.push((key.to_owned(), values.into_iter().collect()));
    }

    /// Adds a key with one value.
    pub fn set_one(&mut self, key: &str, value: impl Into<String>) {
        self.set(key, [value.into()]);
    }

    /// All keys with their values, in the order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    fn get(&self, key: &str) -> Option<&[String]> {
        self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, values)| values.as_slice())
    }
}

/// One operator with one key. All conditions of a statement must be met; the operands of a condition are alternatives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    /// Operator, as written.
    pub(super) operator: String,
    pub(super) key: String,
    quantifier: Option<Quantifier>,
    negated: bool,
    operands: Vec<Operand>,
}

/// Modifier of an operator. UNCERTAIN: no page documents either. Source: docs/evidence/policy.md section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    Any,
    All,
}

/// Operand and kind of comparison.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Text(String),
    TextIgnoringCase(String),
    Like(String),
    Number(Relation, f64),
    Date(Relation, Timestamp),
    Flag(bool),
    Network(Network),
}

/// Parses an operand of one operator family.
type Reader = fn(Relation, &str) -> Option<Operand>;

/// Required relation between the value of the request and the operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    fn admits(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Condition {
    /// Parses a `Condition` element.
    pub(super) fn read_block(block: &Value) -> Result<Vec<Self>, Malformed> {
        let Value::Object(operators) = block else {
            return malformed("The Condition element must be an object.");
        };
        let mut conditions = Vec::new();
        for (operator, keys) in operators {
            let (quantifier, negated, relation, reader) = named(operator)?;
            let Value::Object(keys) = keys else {
                return malformed(format!(
                    "The condition operator '{operator}' must hold an object of condition keys."
                ));
            };
            for (key, operands) in keys {
                let operands = match operands {
                    Value::Array(list) if !list.is_empty() => list.iter().collect(),
                    Value::Array(_) => return malformed(format!("The condition key '{key}' has no value.")),
                    one => vec![one],
                };
                let wrong =
                    || Malformed(format!("A value of the condition key '{key}' does not fit '{operator}'."));
                let read = |operand: &Value| {
                    text_of(operand).and_then(|text| reader(relation, &text)).ok_or_else(wrong)
                };
                let operands = operands.into_iter().map(read).collect::<Result<_, _>>()?;
                let (operator, key) = (operator.clone(), key.clone());
                conditions.push(Self { operator, key, quantifier, negated, operands });
            }
        }
        Ok(conditions)
    }

    /// Returns `true` if the condition is met. A missing key meets only negated operators.
    pub(super) fn holds(&self, context: &Context) -> bool {
        let listed = |value: &String| self.operands.iter().any(|operand| operand.admits(value));
        let alone = |value: &String| listed(value) != self.negated;
        match (context.get(&self.key).filter(|values| !values.is_empty()), self.quantifier) {
            (None, None) => self.negated,
            (None, Some(quantifier)) => quantifier == Quantifier::All,
            (Some(values), None) => values.iter().any(listed) != self.negated,
            (Some(values), Some(Quantifier::Any)) => values.iter().any(alone),
            (Some(values), Some(Quantifier::All)) => values.iter().all(alone),
        }
    }
}

/// Strings, numbers and booleans are equal to their text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn named(operator: &str) -> Result<(Option<Quantifier>, bool, Relation, Reader), Malformed> {
    if operator == "Null" || operator.ends_with("IfExists") {
        // Source: a hands-on report of 2026-09, docs/evidence/policy.md section 1.
        return malformed("The condition operator 'IfExists/Null' is not supported");
    }
    let (quantifier, name) = match operator.split_once(':') {
        Some(("ForAnyValue", name)) => (Some(Quantifier::Any), name),
        Some(("ForAllValues", name)) => (Some(Quantifier::All), name),
        _ => (None, operator),
    };
    let unknown = || Malformed(format!("The condition operator '{operator}' is not supported"));
    let ordered = |name: &str| {
        Some(match name {
            "Equals" => (false, Relation::Equal),
            "NotEquals" => (true, Relation::Equal),
            "LessThan" => (false, Relation::Less),
            "LessThanEquals" => (false, Relation::LessOrEqual),
            "GreaterThan" => (false, Relation::Greater),
            "GreaterThanEquals" => (false, Relation::GreaterOrEqual),
            _ => return None,
        })
    };
    let (negated, relation, reader): (bool, Relation, Reader) = match name {
        "StringEquals" => (false, Relation::Equal, text),
        "StringNotEquals" => (true, Relation::Equal, text),
        "StringEqualsIgnoreCase" => (false, Relation::Equal, text_ignoring_case),
        "StringNotEqualsIgnoreCase" => (true, Relation::Equal, text_ignoring_case),
        "StringLike" => (false, Relation::Equal, like),
        "StringNotLike" => (true, Relation::Equal, like),
        "Bool" => (false, Relation::Equal, flag),
        "IpAddress" => (false, Relation::Equal, network),
        "NotIpAddress" => (true, Relation::Equal, network),
        _ => {
            let (rest, reader): (_, Reader) = match (name.strip_prefix("Numeric"), name.strip_prefix("Date"))
            {
                (Some(rest), _) => (rest, number),
                (_, Some(rest)) => (rest, date),
                _ => return Err(unknown()),
            };
            let (negated, relation) = ordered(rest).ok_or_else(unknown)?;
            (negated, relation, reader)
        }
    };
    Ok((quantifier, negated, relation, reader))
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all families")]
fn text(_: Relation, text: &str) -> Option<Operand> {
    Some(Operand::Text(text.to_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all families")]
fn text_ignoring_case(_: Relation, text: &str) -> Option<Operand> {
    Some(Operand::TextIgnoringCase(text.to_lowercase()))
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all families")]
fn like(_: Relation, text: &str) -> Option<Operand> {
    Some(Operand::Like(text.to_owned()))
}

fn number(relation: Relation, text: &str) -> Option<Operand> {
    finite(text).map(|number| Operand::Number(relation, number))
}

fn date(relation: Relation, text: &str) -> Option<Operand> {
    instant(text).map(|at| Operand::Date(relation, at))
}

fn flag(_: Relation, text: &str) -> Option<Operand> {
    bool::parse(text).ok().map(Operand::Flag)
}

fn network(_: Relation, text: &str) -> Option<Operand> {
    Network::parse(text).map(Operand::Network)
}

fn finite(text: &str) -> Option<f64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| digits && number.is_finite())
}

/// A date with a zone, to the second: `2012-11-11T23:59:59Z`, `2012-11-12T07:59:59+08:00`.
fn instant(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 20
        && [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')].iter().all(|&(at, c)| bytes[at] == c);
    Timestamp::parse(text).ok().filter(|_| shaped && !text.contains('['))
}

impl Operand {
    /// Returns `true` if a value of the request matches. A value of another type matches nothing.
    fn admits(&self, value: &str) -> bool {
        match self {
            Self::Text(text) => text == value,
            Self::TextIgnoringCase(text) => *text == value.to_lowercase(),
            Self::Like(pattern) => covers(pattern, value),
            Self::Number(relation, number) => finite(value)
                .and_then(|value| value.partial_cmp(number))
                .is_some_and(|ordering| relation.admits(ordering)),
            Self::Date(relation, at) => instant(value).is_some_and(|value| relation.admits(value.cmp(at))),
            Self::Flag(flag) => bool::parse(value).is_ok_and(|value| value == *flag),
            Self::Network(network) => value.parse().is_ok_and(|value| network.contains(value)),
        }
    }
}
