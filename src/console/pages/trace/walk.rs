//! The walk through the policies of a caller: each statement, each of its parts, and the statements that decided.

use crate::console::texts::Texts;
use crate::console::visit::Visit;
use crate::control::explained_again;
use crate::policy::{Layer, Verdict};
use crate::world::Caller;
use crate::world::journal::Record;
use crate::world::permission::{Decision, Evaluated, Explained};

/// Statements on the page at most.
const SHOWN: usize = 200;

/// The policies that a decision looked at.
pub(super) struct Walk {
    pub(super) action: String,
    pub(super) resource: String,
    pub(super) policies: Vec<Policy>,
    /// Statements that are not on the page.
    pub(super) omitted: usize,
    /// The state that the call met is gone: the present one was evaluated.
    pub(super) is_present: bool,
    /// The present state gives another verdict.
    pub(super) differs: bool,
    /// The call did not see all changes yet.
    pub(super) has_unseen: bool,
    /// No statement decided: the policies say nothing.
    pub(super) is_silent: bool,
}

/// A policy with its statements.
pub(super) struct Policy {
    pub(super) layer: &'static str,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) attached_to: &'static str,
    pub(super) statements: Vec<Statement>,
}

/// A statement.
pub(super) struct Statement {
    pub(super) number: usize,
    pub(super) is_deny: bool,
    pub(super) effect: &'static str,
    pub(super) parts: Vec<Part>,
    pub(super) applies: bool,
    pub(super) decides: bool,
    /// The policy is attached for another resource group.
    pub(super) is_elsewhere: bool,
}

/// A part of a statement.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) matches: bool,
    /// Values of the policy and of the request; `None` for a part without values.
    pub(super) compared: Option<(String, String)>,
}

/// Walks through the policies that decided a request. `None` if policies did not decide, or if they were asked about a token.
pub(super) fn of(record: &Record, v: &Visit<'_>) -> Option<Walk> {
    let decided = record.decision.as_ref().and_then(Decision::evaluated)?;
    if record.caller == Caller::Nobody {
        return None;
    }
    let met = v.world.met_by(record);
    let again = explained_again(met.as_deref().unwrap_or(&v.state), record)?;
    let count = again.statements.len();
    let mut policies: Vec<Policy> = Vec::new();
    for one in again.statements.into_iter().take(SHOWN) {
        let statement = statement(&one, decided, v.t);
        match policies.last_mut().filter(|_| one.statement > 1) {
            Some(policy) => policy.statements.push(statement),
            None => policies.push(policy(one, statement, v.t)),
        }
    }
    let verdict = |one: &Evaluated| (one.verdict, one.policy_type);
    let now = again.decision.evaluated().map(verdict);
    Some(Walk {
        action: decided.action.clone(),
        resource: decided.resource.clone(),
        policies,
        omitted: count.saturating_sub(SHOWN),
        is_present: met.is_none(),
        differs: now != Some(verdict(decided)),
        has_unseen: !record.unseen.is_empty(),
        is_silent: decided.verdict == Verdict::ImplicitDeny,
    })
}

fn policy(one: Explained, first: Statement, t: &Texts) -> Policy {
    let layer = layer(one.policy_type, t);
    let statements = vec![first];
    let Some(policy) = one.policy else {
        return Policy { layer, name: String::new(), version: String::new(), attached_to: "", statements };
    };
    let name =
        policy.name.map_or_else(|| policy.policy.clone(), |name| format!("{name} ({})", policy.policy));
    let version = policy.version.unwrap_or_default();
    Policy { layer, name, version, attached_to: policy.attached_to, statements }
}

/// Returns the text of a layer by its name on the wire.
fn layer(name: &'static str, t: &Texts) -> &'static str {
    let all = [
        (Layer::ControlPolicy, t.trace.control_policy),
        (Layer::SessionPolicy, t.trace.session_policy),
        (Layer::AccountLevelIdentityBasedPolicy, t.trace.identity_policy),
        (Layer::ResourceGroupLevelIdentityBasedPolicy, t.trace.group_policy),
        (Layer::AssumeRolePolicy, t.trace.trust_policy),
    ];
    all.iter().find(|(layer, _)| layer.name() == name).map_or(name, |(_, text)| text)
}

fn statement(one: &Explained, decided: &Evaluated, t: &Texts) -> Statement {
    let bare = |name: &str, matches| Part { name: name.to_owned(), matches, compared: None };
    let parts = &one.parts;
    let principal = parts.principal.map(|matches| bare(t.trace.principal_part, matches));
    let resource = parts.resource.map(|matches| bare(t.trace.resource_part, matches));
    let conditions = parts.conditions.iter().map(|one| Part {
        name: format!("{} {}", one.operator, one.key),
        matches: one.met,
        compared: Some((one.wanted.join(", "), one.had.join(", "))),
    });
    let effect = match decided.verdict {
        Verdict::Allow => Some("Allow"),
        Verdict::ExplicitDeny => Some("Deny"),
        Verdict::ImplicitDeny => None,
    };
    Statement {
        number: one.statement,
        is_deny: one.effect == "Deny",
        effect: one.effect,
        parts: principal
            .into_iter()
            .chain([bare(t.trace.action_part, parts.action)])
            .chain(resource)
            .chain(conditions)
            .collect(),
        applies: one.applies,
        decides: one.applies && effect == Some(one.effect) && one.policy_type == decided.policy_type.name(),
        is_elsewhere: one.is_elsewhere,
    }
}
