//! Evaluation: which statements apply to a question, and what they come to. Source: docs/evidence/policy.md section 3.

use crate::policy::condition::Context;
use crate::policy::document::{Document, Effect, Listed, Principals, Statement};
use crate::policy::pattern::comparable;
use crate::text::covers;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    action: String,
    resource: String,
    /// Who asks, for trust policies.
    principal: Option<Principal<'a>>,
    context: &'a Context,
}

/// Who asks, as a trust policy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal<'a> {
    /// A user or role, by its ARN; a session is asked about as its role.
    Ram(&'a str),
    /// A cloud service, `ecs.aliyuncs.com`.
    Service(&'a str),
    /// An identity provider, by its ARN.
    Federated(&'a str),
}

/// What a set of policies comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Something allows it and nothing denies it.
    Allow,
    /// A statement denies it.
    ExplicitDeny,
    /// Nothing speaks of it.
    ImplicitDeny,
}

impl Verdict {
    /// `NoPermissionType` of a refusal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::ExplicitDeny => "ExplicitDeny",
            Self::ImplicitDeny => "ImplicitDeny",
        }
    }
}

/// Why a statement applies or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It applies.
    Applies,
    /// The caller is none of its principals.
    OtherPrincipal,
    /// The action is not one it is about.
    OtherAction,
    /// The resource is not one it is about.
    OtherResource,
    /// A condition is not met.
    Unmet {
        /// Operator, as written.
        operator: String,
        /// Condition key, as written.
        key: String,
    },
}

impl<'a> Question<'a> {
    /// Asks whether `action` may be done to `resource`.
    pub fn new(action: &str, resource: &str, context: &'a Context) -> Self {
        let (action, resource) = (action.to_ascii_lowercase(), comparable(resource));
        Self { action, resource, principal: None, context }
    }

    /// Asks a trust policy whether `principal` may assume the role.
    pub fn to_assume(principal: Principal<'a>, context: &'a Context) -> Self {
        Self { principal: Some(principal), ..Self::new("sts:AssumeRole", "", context) }
    }
}

impl Document {
    /// Each statement's effect, and whether it applies.
    pub fn judge<'a>(&'a self, question: &'a Question<'_>) -> impl Iterator<Item = (Effect, Outcome)> + 'a {
        self.statements.iter().map(|statement| (statement.effect, statement.outcome(question)))
    }
}

/// The basic step: a deny that applies wins, else an allow that applies, else nothing was said.
pub fn basic<'a>(policies: impl IntoIterator<Item = &'a Document>, question: &Question<'_>) -> Verdict {
    let mut verdict = Verdict::ImplicitDeny;
    for statement in policies.into_iter().flat_map(|policy| &policy.statements) {
        // An allow that is already found need not be found again.
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

/// The kinds of policies, in the order in which they are asked; `PolicyType` of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Of the resource directory that the account is in.
    ControlPolicy,
    /// Given to `AssumeRole` with the session.
    SessionPolicy,
    /// Attached to user, groups or role, for the whole account.
    AccountLevelIdentityBasedPolicy,
    /// Attached for one resource group.
    ResourceGroupLevelIdentityBasedPolicy,
    /// The trust policy of a role.
    AssumeRolePolicy,
}

impl Layer {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ControlPolicy => "ControlPolicy",
            Self::SessionPolicy => "SessionPolicy",
            Self::AccountLevelIdentityBasedPolicy => "AccountLevelIdentityBasedPolicy",
            Self::ResourceGroupLevelIdentityBasedPolicy => "ResourceGroupLevelIdentityBasedPolicy",
            Self::AssumeRolePolicy => "AssumeRolePolicy",
        }
    }

    /// Whether anything but an allow of this layer ends the evaluation.
    fn is_boundary(self) -> bool {
        matches!(self, Self::ControlPolicy | Self::SessionPolicy)
    }
}

/// The policies that bind a caller, by layer.
#[derive(Debug, Clone, Default)]
pub struct Layers<'a> {
    /// Control policies; none when the account is in no resource directory or none applies.
    pub control: Vec<&'a Document>,
    /// The session policy.
    pub session: Option<&'a Document>,
    /// Those of the whole account.
    pub account: Vec<&'a Document>,
    /// Those of the resource group that the call is about.
    pub resource_group: Vec<&'a Document>,
}

impl Layers<'_> {
    /// The layer that decides, and its verdict.
    pub fn decide(&self, question: &Question<'_>) -> (Layer, Verdict) {
        let boundaries = [
            (Layer::ControlPolicy, self.control.as_slice()),
            (Layer::SessionPolicy, self.session.as_slice()),
        ];
        for (layer, policies) in boundaries.into_iter().filter(|(_, policies)| !policies.is_empty()) {
            let verdict = basic(policies.iter().copied(), question);
            if verdict != Verdict::Allow {
                return (layer, verdict);
            }
        }
        let verdict = basic(self.account.iter().copied(), question);
        if verdict != Verdict::ImplicitDeny || self.resource_group.is_empty() {
            return (Layer::AccountLevelIdentityBasedPolicy, verdict);
        }
        (Layer::ResourceGroupLevelIdentityBasedPolicy, basic(self.resource_group.iter().copied(), question))
    }
}

/// `AssumeRole`: what the caller's own policies and the trust policy come to together, and which of them decides. Both must
/// allow; when neither does, the caller's own are named.
pub fn assume((layer, identity): (Layer, Verdict), trust: Verdict) -> (Layer, Verdict) {
    match (identity, trust) {
        (Verdict::ExplicitDeny, _) => (layer, Verdict::ExplicitDeny),
        (Verdict::ImplicitDeny, _) if layer.is_boundary() => (layer, Verdict::ImplicitDeny),
        (_, Verdict::ExplicitDeny) => (Layer::AssumeRolePolicy, Verdict::ExplicitDeny),
        (Verdict::ImplicitDeny, _) => (layer, Verdict::ImplicitDeny),
        (Verdict::Allow, trust) => (Layer::AssumeRolePolicy, trust),
    }
}

impl Statement {
    fn outcome(&self, question: &Question<'_>) -> Outcome {
        let admitted = |principals: &Principals| question.principal.is_some_and(|one| principals.admit(one));
        if self.principals.as_ref().is_some_and(|principals| !admitted(principals)) {
            return Outcome::OtherPrincipal;
        }
        if !self.actions.cover(&question.action) {
            return Outcome::OtherAction;
        }
        if self.resources.as_ref().is_some_and(|resources| !resources.cover(&question.resource)) {
            return Outcome::OtherResource;
        }
        match self.conditions.iter().find(|condition| !condition.holds(question.context)) {
            Some(unmet) => Outcome::Unmet { operator: unmet.operator.clone(), key: unmet.key.clone() },
            None => Outcome::Applies,
        }
    }
}

impl Listed {
    fn cover(&self, text: &str) -> bool {
        self.patterns.iter().any(|pattern| covers(pattern, text)) != self.negated
    }
}

impl Principals {
    /// An account's root ARN stands for all its users and roles. Source: docs/evidence/sts.md section 3.
    ///
    /// UNCERTAIN: names are compared ignoring case, as they are unique ignoring it.
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
