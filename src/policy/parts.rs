//! Parts of a statement for people: which of them match a question, with the values that conditions compare.

use crate::policy::condition::{Condition, Context, Operand};
use crate::policy::document::{Document, Statement};
use crate::policy::evaluate::Question;
use serde::Serialize;

/// Result of each part of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// `true` if the principals contain the caller; absent in a policy without principals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<bool>,
    /// `true` if the actions match.
    pub action: bool,
    /// `true` if the resources match; absent in a trust policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<bool>,
    /// Each condition.
    pub conditions: Vec<Compared>,
}

/// A condition with the values that it compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Operator, as written.
    pub operator: String,
    /// Condition key, as written.
    pub key: String,
    /// Values of the policy.
    pub wanted: Vec<String>,
    /// Values of the request; empty if the request does not have the key.
    pub had: Vec<String>,
    /// `true` if the condition is met.
    pub met: bool,
}

impl Parts {
    /// Returns `true` if all parts match, so that the statement applies.
    pub fn all(&self) -> bool {
        let matches = |part: Option<bool>| part.unwrap_or(true);
        self.action
            && matches(self.principal)
            && matches(self.resource)
            && self.conditions.iter().all(|condition| condition.met)
    }
}

impl Document {
    /// Returns the parts of each statement.
    pub fn parts<'a>(&'a self, question: &'a Question<'_>) -> impl Iterator<Item = Parts> + 'a {
        self.statements.iter().map(|statement| statement.parts(question))
    }
}

impl Statement {
    fn parts(&self, question: &Question<'_>) -> Parts {
        Parts {
            principal: self.principal_matches(question),
            action: self.action_matches(question),
            resource: self.resource_matches(question),
            conditions: self.conditions.iter().map(|one| one.compared(question.context())).collect(),
        }
    }
}

impl Condition {
    fn compared(&self, context: &Context) -> Compared {
        Compared {
            operator: self.operator.clone(),
            key: self.key.clone(),
            wanted: self.operands.iter().map(Operand::written).collect(),
            had: context.get(&self.key).unwrap_or_default().to_vec(),
            met: self.holds(context),
        }
    }
}

impl Operand {
    /// Returns the operand as a policy writes it.
    fn written(&self) -> String {
        match self {
            Self::Text(text) | Self::TextIgnoringCase(text) | Self::Like(text) => text.clone(),
            Self::Number(_, number) => number.to_string(),
            Self::Date(_, at) => at.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Network(network) => network.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Kind, Outcome};

    #[test]
    fn a_statement_applies_exactly_if_all_its_parts_match() {
        let text = r#"{"Version":"1","Statement":[
            {"Effect":"Allow","Action":"ram:Get*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","192.168.0.1"]},
             "Bool":{"acs:SecureTransport":"true"},"NumericLessThan":{"a:n":3}}},
            {"Effect":"Deny","NotAction":"ram:Get*","Resource":"acs:ram:*:*:user/Boss"},
            {"Effect":"Allow","Action":"*","NotResource":"*"}]}"#;
        let document = Document::parse(text, Kind::Permission).unwrap();
        let mut context = Context::default();
        context.set_one("acs:sourceip", "10.1.2.3");
        context.set_one("acs:SecureTransport", "false");
        let question = Question::new("ram:GetUser", "acs:ram:*:1:user/boss", &context);

        let parts: Vec<_> = document.parts(&question).collect();

        for (parts, (_, outcome)) in parts.iter().zip(document.judge(&question)) {
            assert_eq!(parts.all(), outcome == Outcome::Applies, "{parts:?}");
        }
        let shown = |one: &Compared| format!("{} {:?} {:?} {}", one.key, one.wanted, one.had, one.met);
        assert_eq!(
            parts[0].conditions.iter().map(shown).collect::<Vec<_>>(),
            [
                r#"acs:SecureTransport ["true"] ["false"] false"#,
                r#"acs:SourceIp ["10.0.0.0/8", "192.168.0.1"] ["10.1.2.3"] true"#,
                r#"a:n ["3"] [] false"#,
            ]
        );
        let found = |at: usize| (parts[at].action, parts[at].resource);
        assert_eq!(
            [found(0), found(1), found(2)],
            [(true, Some(true)), (false, Some(true)), (true, Some(false))]
        );
    }
}
