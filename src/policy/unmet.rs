//! Conditions that no request can meet: each value that could meet the conditions of a key is tried.

use crate::policy::condition::{Condition, Context, Operand, instant};
use crate::policy::document::Document;
use crate::text::Network;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Conditions of one key in one statement that no request can meet together.
#[derive(Debug, PartialEq, Eq)]
pub struct NeverMet<'a> {
    /// Index of the statement.
    pub statement: usize,
    /// Operator of the last of these conditions.
    pub operator: &'a str,
    /// Condition key, as written.
    pub key: &'a str,
}

impl Document {
    /// Returns the conditions that no request can meet.
    pub fn never_met(&self) -> Vec<NeverMet<'_>> {
        let mut found = Vec::new();
        for (statement, conditions) in self.statements.iter().map(|one| &one.conditions).enumerate() {
            let mut by_key = BTreeMap::<_, Vec<_>>::new();
            for condition in conditions {
                by_key.entry(condition.key.to_ascii_lowercase()).or_default().push(condition);
            }
            let never = by_key.iter().filter(|(key, conditions)| !can_hold(key, conditions));
            found.extend(never.map(|(_, conditions)| {
                let last = conditions[conditions.len() - 1];
                NeverMet { statement, operator: &last.operator, key: &last.key }
            }));
        }
        found
    }

    /// Returns the actions that the policy lists, in lower case.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(|one| &one.actions.patterns).map(String::as_str)
    }
}

/// Returns `false` if no value of the key meets all conditions. Conditions on several values, and on several patterns, may always hold.
fn can_hold(key: &str, conditions: &[&Condition]) -> bool {
    let operands = || conditions.iter().flat_map(|one| &one.operands);
    let patterns = operands().filter(|one| matches!(one, Operand::Like(_))).count();
    let is_typed = type_of(key).is_some();
    if conditions.iter().any(|one| one.quantifier.is_some()) || patterns > usize::from(!is_typed) {
        return true;
    }
    let mut numbers: Vec<f64> = operands().filter_map(Operand::number).collect();
    numbers.sort_by(f64::total_cmp);
    let between = numbers.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]).to_string());
    let samples = operands().flat_map(Operand::samples).chain(between);
    let is_possible = |value: &String| type_of(key).is_none_or(|is_value| is_value(value));
    let meets = |values: Vec<String>| {
        let mut context = Context::default();
        context.set(key, values);
        conditions.iter().all(|condition| condition.holds(&context))
    };
    meets(Vec::new()) || samples.filter(is_possible).any(|value| meets(vec![value]))
}

/// Check of the values that a key of every request can have. Source: docs/evidence/policy.md section 2.
fn type_of(key: &str) -> Option<fn(&str) -> bool> {
    Some(match key {
        "acs:sourceip" => |value| value.parse::<IpAddr>().is_ok(),
        "acs:securetransport" | "acs:mfapresent" => |value| matches!(value, "true" | "false"),
        "acs:currenttime" => |value| instant(value).is_some(),
        _ => return None,
    })
}

impl Operand {
    fn number(&self) -> Option<f64> {
        if let Self::Number(_, number) = self { Some(*number) } else { None }
    }

    /// Values at and beside the limits of the operand.
    fn samples(&self) -> Vec<String> {
        match self {
            Self::Text(text) | Self::TextIgnoringCase(text) => vec![text.clone()],
            Self::Like(pattern) => {
                let filled = |star: &str| pattern.replace('?', "x").replace('*', star);
                vec![filled(""), filled("x"), filled("alimock")]
            }
            Self::Number(_, number) => [-1.0, 0.0, 1.0].map(|step| (number + step).to_string()).into(),
            Self::Date(_, at) => [-1000, 0, 1000].map(|millis| at.plus_millis(millis).to_string()).into(),
            Self::Flag(_) => vec!["true".to_owned(), "false".to_owned()],
            Self::Network(network) => edges(*network).iter().map(ToString::to_string).collect(),
        }
    }
}

/// First and last address of a block, and the addresses before and after it.
fn edges(network: Network) -> [IpAddr; 4] {
    let bits = u32::from(network.bits());
    match network.address() {
        IpAddr::V4(address) => {
            let first = u32::from(address);
            let last = first | u32::MAX.checked_shr(bits).unwrap_or(0);
            [first.wrapping_sub(1), first, last, last.wrapping_add(1)].map(|one| IpAddr::V4(one.into()))
        }
        IpAddr::V6(address) => {
            let first = u128::from(address);
            let last = first | u128::MAX.checked_shr(bits).unwrap_or(0);
            [first.wrapping_sub(1), first, last, last.wrapping_add(1)].map(|one| IpAddr::V6(one.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::{Document, Kind};

    fn never(condition: &str) -> Vec<String> {
        let text = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}]}}"#
        );
        let document = Document::parse(&text, Kind::Permission).unwrap();
        document.never_met().iter().map(|one| one.key.to_owned()).collect()
    }

    #[test]
    fn conditions_that_contradict_each_other_or_the_type_of_their_key_never_hold() {
        for (key, condition) in [
            ("a:b", r#"{"StringEquals":{"a:b":"x"},"StringNotEquals":{"A:B":["x","y"]}}"#),
            ("a:b", r#"{"StringEquals":{"a:b":"x"},"StringLike":{"a:b":"y*"}}"#),
            ("a:n", r#"{"NumericLessThan":{"a:n":"3"},"NumericGreaterThan":{"a:n":"3"}}"#),
            (
                "acs:CurrentTime",
                r#"{"DateLessThan":{"acs:CurrentTime":"2026-01-01T00:00:00Z"},"DateGreaterThan":{"acs:CurrentTime":"2026-02-01T00:00:00Z"}}"#,
            ),
            (
                "acs:SourceIp",
                r#"{"IpAddress":{"acs:SourceIp":"10.1.0.0/16"},"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}"#,
            ),
            ("acs:SourceIp", r#"{"StringEquals":{"acs:SourceIp":"10.0.0.0/8"}}"#),
            ("acs:SecureTransport", r#"{"StringEquals":{"acs:SecureTransport":"yes"}}"#),
        ] {
            let found = never(condition);
            assert!(found.len() == 1 && found[0].eq_ignore_ascii_case(key), "{condition}: {found:?}");
        }
    }

    #[test]
    fn conditions_that_some_request_meets_are_not_named() {
        for condition in [
            r#"{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"},"NotIpAddress":{"acs:SourceIp":["10.0.0.0/16","10.255.0.0/16"]}}"#,
            r#"{"NumericLessThan":{"a:n":"6"},"NumericGreaterThan":{"a:n":"5"}}"#,
            r#"{"StringNotEquals":{"a:b":"x"},"StringNotLike":{"a:b":"*"}}"#,
            r#"{"StringLike":{"acs:SourceIp":"10.*"}}"#,
            r#"{"StringLike":{"a:b":"x*"},"StringNotLike":{"a:b":"xy*"}}"#,
            r#"{"Bool":{"acs:SecureTransport":"true","acs:MFAPresent":"true"}}"#,
        ] {
            assert!(never(condition).is_empty(), "{condition}");
        }
    }
}
