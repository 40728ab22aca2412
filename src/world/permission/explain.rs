//! Explanations for users: every statement that applies to a caller, with its result.

use crate::policy::{Context, Document, Effect, Layer, Outcome, Parts, Principal, Question};
use crate::text::Uid;
use crate::world::account::{Account, Role};
use crate::world::caller::Caller;
use crate::world::directory::ControlPolicy;
use crate::world::permission::{Ask, Binding, Held, Level, Matched, binds_root, group_of, own_arn};
use crate::world::state::State;
use serde::Serialize;

/// A statement of a policy of the caller, and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// Layer of the policy.
    pub policy_type: &'static str,
    /// Policy and its holder; absent for a session policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Matched>,
    /// Number of the statement, counted from 1.
    pub statement: usize,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// `true` if the statement applies.
    pub applies: bool,
    /// Reason for the result.
    pub why: String,
    /// Which parts of the statement match the request.
    pub parts: Parts,
    /// `true` if the policy is attached for another resource group than the resource's.
    #[serde(skip)]
    pub is_elsewhere: bool,
}

/// Evaluates every statement of the policies of `caller`, layer by layer.
pub fn explain(state: &State, caller: &Caller, resource: &str, ask: &Ask<'_>) -> Vec<Explained> {
    let Some(account) = caller.uid().and_then(|uid| state.account(uid).ok()) else { return Vec::new() };
    let binding = Binding::of(state, account, caller);
    let group = group_of(account, ask, resource);
    let question = Question::new(&ask.action, resource, &ask.context).also_of(ask.alias);
    let layer = |layer, held: &[Held<'_>]| -> Vec<Explained> {
        let shown = |held: &Held<'_>| {
            let shown = |effect| held.shown(effect);
            statements(layer, Some(&shown), held.document(), &question).collect::<Vec<_>>()
        };
        held.iter().flat_map(shown).collect()
    };
    let is_bound = !caller.is_root() || binds_root(state, account.uid);
    let mut all = if is_bound { of_levels(&binding.control, &question) } else { Vec::new() };
    let session = binding.session.into_iter();
    all.extend(session.flat_map(|document| statements(Layer::SessionPolicy, None, document, &question)));
    all.extend(layer(Layer::AccountLevelIdentityBasedPolicy, &binding.account));
    all.extend(of_groups(account, &binding, group, &question));
    all
}

/// Evaluates every statement of control policies.
fn of_levels(levels: &[Level<'_>], question: &Question<'_>) -> Vec<Explained> {
    let of_level = |level: &Level<'_>| -> Vec<Explained> {
        let of_policy = |policy: &&ControlPolicy| {
            let shown = |effect| level.shown(policy, effect);
            statements(Layer::ControlPolicy, Some(&shown), &policy.document, question).collect::<Vec<_>>()
        };
        level.policies.iter().flat_map(of_policy).collect()
    };
    levels.iter().flat_map(of_level).collect()
}

/// Evaluates every statement of the control policies that bound the account of a role which somebody of another account assumes.
pub fn explain_bounds(
    state: &State,
    caller: &Caller,
    role: &Role,
    owner: Uid,
    context: &Context,
) -> Vec<Explained> {
    if caller.uid().is_none_or(|uid| uid == owner) {
        return Vec::new();
    }
    let arn = role.arn(owner);
    of_levels(&Level::of(state, owner), &Question::new("sts:AssumeRole", &arn, context))
}

/// Evaluates every statement of the policies that are attached for resource groups. Those of other groups do not apply to the resource.
fn of_groups(
    account: &Account,
    binding: &Binding<'_>,
    group: Option<u32>,
    question: &Question<'_>,
) -> Vec<Explained> {
    let id = |number: u32| account.numbered_group(number).id.as_str();
    let explained = |held: &Held<'_>| -> Vec<Explained> {
        let shown = |effect| held.shown(effect);
        let layer = Layer::ResourceGroupLevelIdentityBasedPolicy;
        let all = statements(layer, Some(&shown), held.document(), question);
        if held.group == group {
            return all.collect();
        }
        let its = group.map_or("in none".to_owned(), |group| format!("in {}", id(group)));
        let attached = held.group.map_or("", id);
        let why = format!("the policy is attached for the resource group {attached}, the resource is {its}");
        all.map(|one| Explained { applies: false, why: why.clone(), is_elsewhere: true, ..one }).collect()
    };
    binding.resource_groups.iter().flat_map(explained).collect()
}

/// Evaluates every statement of a role's trust policy for a caller.
pub fn explain_trust(caller: &Caller, role: &Role, context: &Context) -> Vec<Explained> {
    let arn = own_arn(caller);
    let question = Question::to_assume(Principal::Ram(&arn), context);
    statements(Layer::AssumeRolePolicy, None, &role.trust.document, &question).collect()
}

fn statements<'a>(
    layer: Layer,
    shown: Option<&'a dyn Fn(Effect) -> Matched>,
    document: &'a Document,
    question: &'a Question<'_>,
) -> impl Iterator<Item = Explained> + 'a {
    let judged = document.judge(question).zip(document.parts(question));
    judged.zip(1..).map(move |(((effect, outcome), parts), statement)| Explained {
        policy_type: layer.name(),
        policy: shown.map(|shown| shown(effect)),
        statement,
        effect: if effect == Effect::Allow { "Allow" } else { "Deny" },
        applies: outcome == Outcome::Applies,
        why: outcome.to_string(),
        parts,
        is_elsewhere: false,
    })
}
