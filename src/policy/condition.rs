//! Conditions: operators, operands and the keys of a request. Source: docs/evidence/policy.md section 2.

use crate::policy::checks::{self, Malformed};
use crate::policy::document::object;
use crate::text::{Network, Scalar, Timestamp, covers};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

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

    /// Reads `KEY=VALUE`; a key that is repeated has several values.
    pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut keys = BTreeMap::<_, Vec<_>>::new();
        for one in pairs {
            let (key, value) = one
                .split_once('=')
                .ok_or_else(|| format!("`{one}` is not a condition key; write `KEY=VALUE`"))?;
            keys.entry(key).or_default().push(value.to_owned());
        }
        Ok(Self(keys.into_iter().map(|(key, values)| (key.to_owned(), values)).collect()))
    }

    /// Returns the values of a key.
    pub(super) fn get(&self, key: &str) -> Option<&[String]> {
        self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, values)| values.as_slice())
    }
}

/// One operator with one key. All conditions of a statement must be met; the operands of a condition are alternatives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    /// Operator, as written.
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) quantifier: Option<Quantifier>,
    negated: bool,
    /// Compares ARNs of callers ignoring case: pages print role names in conditions as created, replies in lower case (UNCERTAIN).
    ignores_case: bool,
    pub(super) operands: Vec<Operand>,
}

/// Modifier of an operator. No page describes them; policies in use have both. Source: docs/evidence/policy.md section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Any,
    All,
}

/// Operand and kind of comparison.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
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
pub(super) enum Relation {
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
        let mut conditions = Vec::new();
        for (operator, keys) in object(block, "Condition")? {
            let within = |why: Malformed| why.within(operator);
            let known = Operator::named(operator).map_err(within)?;
            for (key, operands) in object(keys, operator).map_err(within)? {
                conditions.push(
                    Self::read(operator, &known, key, operands).map_err(|why| within(why.within(key)))?,
                );
            }
        }
        Ok(conditions)
    }

    fn read(operator: &str, known: &Operator, key: &str, operands: &Value) -> Result<Self, Malformed> {
        let Operator { quantifier, negated, relation, reader, type_name } = *known;
        checks::condition_key(key)?;
        let operands = match operands {
            Value::Array(list) if list.is_empty() => return Err(checks::NO_VALUES.about([key])),
            Value::Array(list) if type_name == "Boolean" && list.len() > 1 => {
                return Err(checks::MULTIPLE_BOOLEAN.found());
            }
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        let ignores_case = key.eq_ignore_ascii_case("acs:PrincipalARN");
        let read = |(index, operand): (usize, &Value)| {
            let text = text_of(operand);
            let text = text.map(|text| if ignores_case { text.to_lowercase() } else { text });
            let operand = text.and_then(|text| reader(relation, &text));
            operand.ok_or_else(|| checks::DATA_TYPE.about([key, type_name]).within(index))
        };
        let operands = operands.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let (operator, key) = (operator.to_owned(), key.to_owned());
        Ok(Self { operator, key, quantifier, negated, ignores_case, operands })
    }

    /// Returns `true` if the condition is met. A missing key meets only negated operators.
    pub(super) fn holds(&self, context: &Context) -> bool {
        let listed = |value: &String| {
            let lower = self.ignores_case.then(|| value.to_lowercase());
            self.operands.iter().any(|operand| operand.admits(lower.as_deref().unwrap_or(value)))
        };
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

/// An operator by its name.
struct Operator {
    quantifier: Option<Quantifier>,
    negated: bool,
    relation: Relation,
    reader: Reader,
    /// Type of its operands, for messages.
    type_name: &'static str,
}

impl Operator {
    fn named(operator: &str) -> Result<Self, Malformed> {
        if operator == "Null" || operator.ends_with("IfExists") {
            return Err(checks::OPERATOR_OF_PRESENCE.found());
        }
        let (quantifier, name) = match operator.split_once(':') {
            Some(("ForAnyValue", name)) => (Some(Quantifier::Any), name),
            Some(("ForAllValues", name)) => (Some(Quantifier::All), name),
            _ => (None, operator),
        };
        let of = |negated, reader: Reader| Some((negated, Relation::Equal, reader, "String"));
        let found: Option<(bool, Relation, Reader, &'static str)> = match name {
            "StringEquals" => of(false, text),
            "StringNotEquals" => of(true, text),
            "StringEqualsIgnoreCase" => of(false, text_ignoring_case),
            "StringNotEqualsIgnoreCase" => of(true, text_ignoring_case),
            "StringLike" => of(false, like),
            "StringNotLike" => of(true, like),
            "Bool" => Some((false, Relation::Equal, flag, "Boolean")),
            "IpAddress" => Some((false, Relation::Equal, network, "IP address")),
            "NotIpAddress" => Some((true, Relation::Equal, network, "IP address")),
            _ => {
                let family: Option<(&str, Reader, &str)> =
                    match (name.strip_prefix("Numeric"), name.strip_prefix("Date")) {
                        (Some(rest), _) => Some((rest, number, "Number")),
                        (_, Some(rest)) => Some((rest, date, "Date")),
                        _ => None,
                    };
                family.and_then(|(rest, reader, type_name)| {
                    ordered(rest).map(|(negated, relation)| (negated, relation, reader, type_name))
                })
            }
        };
        let (negated, relation, reader, type_name) =
            found.ok_or_else(|| checks::OPERATOR.about([operator]))?;
        Ok(Self { quantifier, negated, relation, reader, type_name })
    }
}

/// Negation and relation of an operator for numbers or dates, by the end of its name.
fn ordered(name: &str) -> Option<(bool, Relation)> {
    Some(match name {
        "Equals" => (false, Relation::Equal),
        "NotEquals" => (true, Relation::Equal),
        "LessThan" => (false, Relation::Less),
        "LessThanEquals" => (false, Relation::LessOrEqual),
        "GreaterThan" => (false, Relation::Greater),
        "GreaterThanEquals" => (false, Relation::GreaterOrEqual),
        _ => return None,
    })
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
pub(super) fn instant(text: &str) -> Option<Timestamp> {
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
