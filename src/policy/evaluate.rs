//! Evaluation: which statements apply to a question, and the verdict. Source: docs/evidence/policy.md section 3.

use crate::policy::condition::Context;
use crate::policy::document::{Document, Effect, Listed, Principals, Statement};
use crate::policy::pattern::comparable;
use crate::text::covers;
use std::fmt;

/// Question to a policy.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    action: String,
    /// The action with another name of the product.
    alias: Option<String>,
    resource: String,
    /// Principal, for trust policies.
    principal: Option<Principal<'a>>,
    context: &'a Context,
}

/// Principal, as a trust policy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal<'a> {
    /// ARN of a user or role. A session counts as its role.
    Ram(&'a str),
    /// A cloud service, such as `ecs.aliyuncs.com`.
    Service(&'a str),
    /// ARN of an identity provider.
    Federated(&'a str),
}

/// Verdict of a set of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A statement allows the request and no statement denies it.
    Allow,
    /// A statement denies the request.
    ExplicitDeny,
    /// No statement applies.
    ImplicitDeny,
}

impl Verdict {
    /// Value of `NoPermissionType` in the error.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::ExplicitDeny => "ExplicitDeny",
            Self::ImplicitDeny => "ImplicitDeny",
        }
    }
}

/// Reason why a statement applies or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The statement applies.
    Applies,
    /// The caller is not one of the principals.
    OtherPrincipal,
    /// The action does not match.
    OtherAction,
    /// The resource does not match.
    OtherResource,
    /// A condition is not met.
    Unmet {
        /// Operator, as written.
        operator: String,
        /// Condition key, as written.
        key: String,
    },
}

/// The reason in words.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applies => f.write_str("it applies"),
            Self::OtherPrincipal => f.write_str("the caller is not among its principals"),
            Self::OtherAction => f.write_str("the action does not match"),
            Self::OtherResource => f.write_str("the resource does not match"),
            Self::Unmet { operator, key } => write!(f, "the condition {operator} of {key} is not met"),
        }
    }
}

impl<'a> Question<'a> {
    /// Question: may the caller perform `action` on `resource`?
    pub fn new(action: &str, resource: &str, context: &'a Context) -> Self {
        let (action, resource) = (action.to_ascii_lowercase(), comparable(resource));
        Self { action, alias: None, resource, principal: None, context }
    }

    /// Lets policies name the product of the action `alias`, too.
    #[must_use]
    pub fn also_of(self, alias: Option<&str>) -> Self {
        let name = self.action.split_once(':').map_or(self.action.as_str(), |(_, name)| name);
        let alias = alias.map(|product| format!("{product}:{name}"));
        Self { alias, ..self }
    }

    /// Returns the condition keys of the request.
    pub(super) fn context(&self) -> &Context {
        self.context
    }

    /// Question to a trust policy: may `principal` assume the role?
    pub fn to_assume(principal: Principal<'a>, context: &'a Context) -> Self {
        Self { principal: Some(principal), ..Self::new("sts:AssumeRole", "", context) }
    }
}

impl Document {
    /// Effect of each statement, and the reason why it applies or not.
    pub fn judge<'a>(&'a self, question: &'a Question<'_>) -> impl Iterator<Item = (Effect, Outcome)> + 'a {
        self.statements.iter().map(|statement| (statement.effect, statement.outcome(question)))
    }
}

/// Basic evaluation: a deny that applies wins; otherwise an allow that applies; otherwise an implicit deny.
pub fn basic<'a>(policies: impl IntoIterator<Item = &'a Document>, question: &Question<'_>) -> Verdict {
    let mut verdict = Verdict::ImplicitDeny;
    for statement in policies.into_iter().flat_map(|policy| &policy.statements) {
        // After the first allow, other allow statements need no check.
        let decides = statement.effect == Effect::Deny || verdict == Verdict::ImplicitDeny;
        if decides && statement.outcome(question) == Outcome::Applies {
            match statement.effect {
                Effect::Deny => return Verdict::ExplicitDeny,
                Effect::Allow => verdict = Verdict::Allow,
            }
        }
    }
    verdict
}

/// Kinds of policies, in the order of evaluation; the value of `PolicyType` in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Control policy of the account's resource directory.
    ControlPolicy,
    /// Session policy, passed to `AssumeRole`.
    SessionPolicy,
    /// Attached to user, groups or role for the whole account.
    AccountLevelIdentityBasedPolicy,
    /// Attached for one resource group.
    ResourceGroupLevelIdentityBasedPolicy,
    /// The trust policy of a role.
    AssumeRolePolicy,
}

impl Layer {
    /// Name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ControlPolicy => "ControlPolicy",
            Self::SessionPolicy => "SessionPolicy",
            Self::AccountLevelIdentityBasedPolicy => "AccountLevelIdentityBasedPolicy",
            Self::ResourceGroupLevelIdentityBasedPolicy => "ResourceGroupLevelIdentityBasedPolicy",
            Self::AssumeRolePolicy => "AssumeRolePolicy",
        }
    }

    /// Returns `true` if any verdict but an allow of this layer ends the evaluation.
    fn is_boundary(self) -> bool {
        matches!(self, Self::ControlPolicy | Self::SessionPolicy)
    }
}

/// Policies that apply to a caller, by layer.
#[derive(Debug, Clone, Default)]
pub struct Layers<'a> {
    /// Control policies of the account and of each folder above it. Empty if none apply to the caller.
    pub control: Vec<Vec<&'a Document>>,
    /// The session policy.
    pub session: Option<&'a Document>,
    /// Policies for the whole account.
    pub account: Vec<&'a Document>,
    /// Policies for the resource group of the request.
    pub resource_group: Vec<&'a Document>,
}

impl Layers<'_> {
    /// The verdict of the first level of control policies that does not allow the request. Every level must allow it, from the account up
    /// to the Root folder. Source: alibabacloud.com/help, "Control Policy" of OSS, evaluation logic.
    pub fn bound(&self, question: &Question<'_>) -> Option<Verdict> {
        let verdicts = self.control.iter().map(|level| basic(level.iter().copied(), question));
        { verdicts }.find(|verdict| *verdict != Verdict::Allow)
    }

    /// The layer that decides, and its verdict.
    pub fn decide(&self, question: &Question<'_>) -> (Layer, Verdict) {
        if let Some(verdict) = self.bound(question) {
            return (Layer::ControlPolicy, verdict);
        }
        if let Some(session) = self.session {
            let verdict = basic([session], question);
            if verdict != Verdict::Allow {
                return (Layer::SessionPolicy, verdict);
            }
        }
        let verdict = basic(self.account.iter().copied(), question);
        if verdict != Verdict::ImplicitDeny || self.resource_group.is_empty() {
            return (Layer::AccountLevelIdentityBasedPolicy, verdict);
        }
        (Layer::ResourceGroupLevelIdentityBasedPolicy, basic(self.resource_group.iter().copied(), question))
    }
}

/// `AssumeRole`: combines the caller's policies with the trust policy and returns the layer that decides. Both must allow; if neither
/// does, the caller's policies are reported.
pub fn assume(layer: Layer, identity: Verdict, trust: Verdict) -> (Layer, Verdict) {
    match (identity, trust) {
        (Verdict::ExplicitDeny, _) => (layer, Verdict::ExplicitDeny),
        (Verdict::ImplicitDeny, _) if layer.is_boundary() => (layer, Verdict::ImplicitDeny),
        (_, Verdict::ExplicitDeny) => (Layer::AssumeRolePolicy, Verdict::ExplicitDeny),
        (Verdict::ImplicitDeny, _) => (layer, Verdict::ImplicitDeny),
        (Verdict::Allow, trust) => (Layer::AssumeRolePolicy, trust),
    }
}

impl Statement {
    /// Returns `true` if the principals contain the caller; `None` without principals.
    pub(super) fn principal_matches(&self, question: &Question<'_>) -> Option<bool> {
        let admitted = |principals: &Principals| question.principal.is_some_and(|one| principals.admit(one));
        self.principals.as_ref().map(admitted)
    }

    /// Returns `true` if the actions match.
    pub(super) fn action_matches(&self, question: &Question<'_>) -> bool {
        self.actions.cover([Some(&question.action), question.alias.as_ref()])
    }

    /// Returns `true` if the resources match; `None` without resources.
    pub(super) fn resource_matches(&self, question: &Question<'_>) -> Option<bool> {
        self.resources.as_ref().map(|resources| resources.cover([Some(&question.resource), None]))
    }

    fn outcome(&self, question: &Question<'_>) -> Outcome {
        if self.principal_matches(question) == Some(false) {
            return Outcome::OtherPrincipal;
        }
        if !self.action_matches(question) {
            return Outcome::OtherAction;
        }
        if self.resource_matches(question) == Some(false) {
            return Outcome::OtherResource;
        }
        match self.conditions.iter().find(|condition| !condition.holds(question.context)) {
            Some(unmet) => Outcome::Unmet { operator: unmet.operator.clone(), key: unmet.key.clone() },
            None => Outcome::Applies,
        }
    }
}

impl Listed {
    /// Returns `true` if a pattern matches one of the texts; of a negated list, if none does.
    fn cover(&self, texts: [Option<&String>; 2]) -> bool {
        let matches = |pattern: &String| texts.iter().flatten().any(|text| covers(pattern, text));
        self.patterns.iter().any(matches) != self.negated
    }
}

impl Principals {
    /// Returns `true` if the trust policy names the principal. A root ARN matches all users and roles of the account. Source: docs/evidence/sts.md section 3.
    ///
    /// UNCERTAIN: names are compared ignoring case, because they are unique ignoring case.
    fn admit(&self, principal: Principal<'_>) -> bool {
        let same = |one: &String, name: &str| one == "*" || one.eq_ignore_ascii_case(name);
        let admits = |listed: &[String], name: &str| listed.iter().any(|one| same(one, name));
        match principal {
            Principal::Ram(arn) => {
                let account = arn.splitn(6, ':').take(4).collect::<Vec<_>>().join(":");
                self.everybody || admits(&self.ram, arn) || admits(&self.ram, &format!("{account}:root"))
            }
            Principal::Service(name) => admits(&self.services, name),
            Principal::Federated(arn) => admits(&self.federated, arn),
        }
    }
}
