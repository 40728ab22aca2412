//! Permission checks: the policies that apply to a caller, their order, and the decision.
//!
//! The gateway checks before an operation runs, `AssumeRole` also checks the trust policy, and `explain` of
//! the control API answers users. All get the same [`Decision`]. Source: docs/evidence/policy.md section 3.

mod decision;
mod explain;

pub use decision::{Decision, Evaluated, Fixed, Matched, principal};
pub use explain::{Explained, explain, explain_bounds, explain_trust};

use crate::policy::{
    self, Context, Document, Effect, Layer, Layers, Outcome, Principal, Question, Verdict, basic,
};
use crate::text::{Timestamp, Uid};
use crate::world::account::{Account, AnyPolicy, DEFAULT_GROUP, Entity, Role, Session, creates_a_resource};
use crate::world::by::Source;
use crate::world::caller::Caller;
use crate::world::directory::{ControlPolicy, Target};
use crate::world::settings::Enforcement;
use crate::world::state::State;
use std::borrow::Cow;
use std::sync::Arc;

impl Enforcement {
    /// Returns `true` if a call may run after this decision.
    pub fn lets_through(self, decision: &Decision) -> bool {
        decision.allowed() || self == Self::Audit
    }
}

/// A permission check of one call.
#[derive(Debug, Clone, Default)]
pub struct Ask<'a> {
    /// Action, such as `ram:CreateUser`.
    pub action: String,
    /// ARNs of the resources; all must be allowed.
    pub resources: Vec<String>,
    /// Condition keys of the request.
    pub context: Context,
    /// Effect of the account's security preference.
    pub preference: Preference,
    /// Resource group in the request, for a resource whose own group is unknown. Policies attached for the group of a resource apply to it
    /// too: see [`group_of`].
    pub resource_group: Option<&'a str>,
    /// `true` if an ACL allows the call, unless a policy denies it.
    pub is_open: bool,
    /// Another name of the product in the actions of policies: `ims`.
    pub alias: Option<&'static str>,
}

/// Effect of a security preference on actions of users on themselves. Source: docs/evidence/ram.md 5.2 and section 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// No effect: policies decide.
    #[default]
    Silent,
    /// Allows the action without a policy, unless a policy denies it.
    Allows,
    /// Forbids the action, regardless of policies.
    Forbids,
}

/// A policy that applies to a caller, with its holder and scope.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The policy.
    pub policy: AnyPolicy<'a>,
    /// Holder: the caller itself or one of its groups.
    pub holder: Entity,
    /// Resource group of the attachment.
    pub group: Option<u32>,
}

impl<'a> Held<'a> {
    /// Returns the document of the default version.
    pub fn document(&self) -> &'a Document {
        &self.policy.default_version().document
    }

    /// Returns the policy as shown in a decision with `effect`.
    pub fn shown(&self, effect: Effect) -> Matched {
        let version = match self.policy {
            AnyPolicy::System(_) => None,
            AnyPolicy::Custom(policy) => Some(format!("v{}", policy.default_version().number)),
        };
        Matched {
            policy: self.policy.name().to_owned(),
            name: None,
            policy_type: if version.is_some() { "Custom" } else { "System" },
            version,
            effect: if effect == Effect::Allow { "Allow" } else { "Deny" },
            attached_to: match self.holder {
                Entity::User(_) => "RamUser",
                Entity::Group(_) => "RamGroup",
                Entity::Role(_) => "RamRole",
            },
            scope: if self.group.is_some() { "ResourceGroup" } else { "Account" },
        }
    }
}

/// Control policies of the member or of a folder above it.
#[derive(Debug, Clone)]
pub struct Level<'a> {
    /// `Account` or `Folder`.
    pub scope: &'static str,
    /// Attached control policies.
    pub policies: Vec<&'a ControlPolicy>,
}

impl<'a> Level<'a> {
    /// Returns the levels that bound the users and roles of an account, from the member up to the Root folder. Custom policies do not
    /// bound the account itself, and nothing bounds the management account. Source: docs/evidence/policy.md section 3.
    fn of(state: &'a State, uid: Uid) -> Vec<Self> {
        let levels = state.directories.of_member(uid).map(|(directory, _)| directory.bounds(uid));
        let scope = |target| if matches!(target, Target::Member(_)) { "Account" } else { "Folder" };
        let levels = levels.unwrap_or_default().into_iter();
        levels.map(|(target, policies)| Self { scope: scope(target), policies }).collect()
    }

    fn documents(&self) -> Vec<&'a Document> {
        self.policies.iter().map(|policy| &*policy.document).collect()
    }

    /// Returns a policy of the level as shown in a decision with `effect`.
    pub fn shown(&self, policy: &ControlPolicy, effect: Effect) -> Matched {
        Matched {
            policy: policy.id.to_string(),
            name: Some(policy.name.to_string()),
            policy_type: if policy.is_system { "System" } else { "Custom" },
            version: None,
            effect: if effect == Effect::Allow { "Allow" } else { "Deny" },
            attached_to: "ResourceDirectoryTarget",
            scope: self.scope,
        }
    }
}

/// Returns the number of the resource group that a check is about: that of the resource; or else the one that the request names; or else,
/// for an action that creates a resource, the default group.
///
/// Source: docs/evidence/resource-directory.md section 8. UNCERTAIN: the parameter, for a resource that alimock does not know.
pub fn group_of(account: &Account, ask: &Ask<'_>, resource: &str) -> Option<u32> {
    let named = || account.resource_group(ask.resource_group?).ok().map(|group| group.number);
    let by_default = || creates_a_resource(&ask.action).then_some(DEFAULT_GROUP);
    account.group_of(resource).or_else(named).or_else(by_default)
}

/// Policies that apply to a caller.
#[derive(Debug, Default)]
pub struct Binding<'a> {
    /// Control policies of the account, from the member up to the Root folder.
    pub control: Vec<Level<'a>>,
    /// Session policy.
    pub session: Option<&'a Document>,
    /// Policies attached in the account scope.
    pub account: Vec<Held<'a>>,
    /// Policies attached for single resource groups.
    pub resource_groups: Vec<Held<'a>>,
}

impl<'a> Binding<'a> {
    /// Returns the policies that apply to `caller` of `account`.
    pub fn of(state: &'a State, account: &'a Account, caller: &'a Caller) -> Self {
        let mut binding = Self { control: Level::of(state, account.uid), ..Self::default() };
        let mut hold = |holder: Entity| {
            for (attached, _) in account.attachments.right_of(holder) {
                let Ok(policy) = account.any_policy(attached.policy) else { continue };
                let held = Held { policy, holder, group: attached.group };
                let scope = if attached.group.is_none() {
                    &mut binding.account
                } else {
                    &mut binding.resource_groups
                };
                scope.push(held);
            }
        };
        match caller {
            Caller::User { slot, .. } => {
                hold(Entity::User(*slot));
                account.members.right_of(*slot).for_each(|(group, _)| hold(Entity::Group(group)));
            }
            Caller::Role(session) => {
                hold(Entity::Role(session.role));
                binding.session = session.policy.as_ref().map(|policy| &*policy.document);
            }
            Caller::Root { .. } | Caller::Nobody => {}
        }
        binding
    }

    /// Returns the policies attached for `group`.
    fn of_group(&self, group: Option<u32>) -> impl Iterator<Item = &Held<'a>> {
        self.resource_groups.iter().filter(move |held| held.group == group)
    }

    /// Returns the group of a resource, if any policy depends on it.
    fn group(&self, account: &Account, ask: &Ask<'_>, resource: &str) -> Option<u32> {
        if self.resource_groups.is_empty() { None } else { group_of(account, ask, resource) }
    }

    fn layers(&self, group: Option<u32>) -> Layers<'_> {
        Layers {
            control: self.control.iter().map(Level::documents).collect(),
            session: self.session,
            account: self.account.iter().map(Held::document).collect(),
            resource_group: self.of_group(group).map(Held::document).collect(),
        }
    }

    /// Returns the policies of a layer that result in its verdict.
    fn matched(
        &self,
        (layer, verdict): (Layer, Verdict),
        group: Option<u32>,
        question: &Question<'_>,
    ) -> Vec<Matched> {
        let effect = match verdict {
            Verdict::Allow => Effect::Allow,
            Verdict::ExplicitDeny => Effect::Deny,
            Verdict::ImplicitDeny => return Vec::new(),
        };
        let held: Vec<_> = match layer {
            Layer::AccountLevelIdentityBasedPolicy => self.account.iter().collect(),
            Layer::ResourceGroupLevelIdentityBasedPolicy => self.of_group(group).collect(),
            Layer::ControlPolicy => return denying(&self.control, question),
            Layer::SessionPolicy | Layer::AssumeRolePolicy => return Vec::new(),
        };
        let speaks = |held: &&&Held<'_>| {
            held.document().judge(question).any(|(one, outcome)| one == effect && outcome == Outcome::Applies)
        };
        held.iter().filter(speaks).map(|held| held.shown(effect)).collect()
    }
}

/// Returns the control policies that deny the request, of the first level that does.
fn denying(levels: &[Level<'_>], question: &Question<'_>) -> Vec<Matched> {
    let denies = |policy: &&&ControlPolicy| {
        policy
            .document
            .judge(question)
            .any(|(one, outcome)| one == Effect::Deny && outcome == Outcome::Applies)
    };
    let of_level = |level: &Level<'_>| -> Vec<Matched> {
        level.policies.iter().filter(denies).map(|policy| level.shown(policy, Effect::Deny)).collect()
    };
    levels.iter().map(of_level).find(|denying| !denying.is_empty()).unwrap_or_default()
}

/// Returns the condition keys that every action has.
pub fn context(caller: &Caller, source: Source<'_>, now: Timestamp) -> Context {
    let mut context = Context::default();
    context.set_one("acs:CurrentTime", now.to_string());
    context.set_one("acs:SecureTransport", source.secure.to_string());
    context.set_one("acs:SourceIp", source.ip.to_canonical().to_string());
    if let Some(vpc) = source.vpc {
        context.set_one("acs:SourceVpc", vpc);
    }
    // UNCERTAIN: for a session, the ARN of its role. `acs:MFAPresent` is absent from calls that a key signs.
    if *caller != Caller::Nobody {
        context.set_one("acs:PrincipalARN", own_arn(caller));
    }
    if let Caller::Role(session) = caller
        && let Some(identity) = &session.source_identity
    {
        context.set_one("sts:SourceIdentity", identity.as_str());
    }
    context
}

/// Returns the ARN for trust policies; for a session, the ARN of its role.
fn own_arn(caller: &Caller) -> String {
    match caller {
        Caller::Role(session) => role_arn(session),
        _ => caller.arn(),
    }
}

fn role_arn(session: &Session) -> String {
    format!("acs:ram::{}:role/{}", session.uid, session.role_name)
}

/// Decides a call, and records what it needs.
pub fn decide(state: &State, caller: &Caller, ask: Ask<'_>) -> Decision {
    note(state, caller, &ask);
    judge(state, caller, ask)
}

/// Records what a call needs, if the server has a recorder.
pub fn note(state: &State, caller: &Caller, ask: &Ask<'_>) {
    if let Some(needs) = state.needs.filter(|_| *caller != Caller::Nobody) {
        let is_free = ask.is_open || ask.preference == Preference::Allows;
        needs.note(own_arn(caller), &ask.action, &ask.resources, is_free, &ask.context);
    }
}

/// Returns `true` if control policies of a resource directory bound the account itself.
pub fn binds_root(state: &State, uid: Uid) -> bool {
    state.registry.rules.control_policies_bind_roots && state.directories.of_member(uid).is_some()
}

/// Decides a call that is not made. The account itself needs no policy; as a member of a resource directory, control policies bound it.
pub fn judge(state: &State, caller: &Caller, ask: Ask<'_>) -> Decision {
    let Some(account) = caller.uid().and_then(|uid| state.account(uid).ok()) else {
        return Decision::Fixed(Fixed::NotSigned);
    };
    if caller.is_root() && !binds_root(state, account.uid) {
        return Decision::ROOT;
    }
    let binding = Binding::of(state, account, caller);
    let mut last = None;
    for resource in &ask.resources {
        let question = Question::new(&ask.action, resource, &ask.context).also_of(ask.alias);
        let group = binding.group(account, &ask, resource);
        let layers = binding.layers(group);
        let (policy_type, verdict) = if caller.is_root() {
            // Only control policies bound the account itself.
            let Some(verdict) = layers.bound(&question) else { continue };
            (Layer::ControlPolicy, verdict)
        } else {
            layers.decide(&question)
        };
        let matched = binding.matched((policy_type, verdict), group, &question);
        let by = ask.preference;
        let (allowed, reason, by) = match (verdict, by) {
            (Verdict::ImplicitDeny, Preference::Allows) if policy_type != Layer::ControlPolicy => {
                (true, Cow::Borrowed("allowed: the account lets users do this to themselves"), by)
            }
            (Verdict::Allow, Preference::Forbids) => {
                let reason = "implicit deny: the account does not let users do this to themselves";
                (false, Cow::Borrowed(reason), by)
            }
            _ => (verdict == Verdict::Allow, reason(verdict, policy_type, &matched), Preference::Silent),
        };
        let verdict = if allowed || verdict != Verdict::Allow { verdict } else { Verdict::ImplicitDeny };
        last = Some((allowed, reason, verdict, policy_type, resource.clone(), matched, by));
        if !allowed {
            break;
        }
    }
    let Some((allowed, reason, verdict, policy_type, resource, matched, preference)) = last else {
        return if caller.is_root() { Decision::ROOT } else { Decision::NOT_ASKED };
    };
    Decision::Evaluated(Arc::new(Evaluated {
        allowed,
        reason,
        verdict,
        policy_type,
        action: ask.action,
        resource,
        matched,
        context: ask.context,
        alias: ask.alias,
        preference,
    }))
}

fn reason(verdict: Verdict, layer: Layer, matched: &[Matched]) -> Cow<'static, str> {
    let in_group =
        if layer == Layer::ResourceGroupLevelIdentityBasedPolicy { " for the resource group" } else { "" };
    let by = matched.first().map(|one| match &one.name {
        Some(name) => format!("control policy {name} ({}) of {}", one.policy, one.scope),
        None => format!("policy {} of {}{in_group}", one.policy, one.attached_to),
    });
    let by = by.unwrap_or_else(|| layer.name().to_owned());
    match verdict {
        Verdict::Allow => format!("allowed: by {by}").into(),
        Verdict::ExplicitDeny => format!("explicit deny: by {by}").into(),
        Verdict::ImplicitDeny if layer == Layer::ControlPolicy => {
            "implicit deny: the control policies do not allow it".into()
        }
        Verdict::ImplicitDeny if layer == Layer::SessionPolicy => {
            "implicit deny: the session policy does not allow it".into()
        }
        Verdict::ImplicitDeny if layer == Layer::AssumeRolePolicy => {
            "implicit deny: the role does not trust the caller".into()
        }
        Verdict::ImplicitDeny => "implicit deny: no policy allows it".into(),
    }
}

/// Decides if `caller` may assume `role`: its own policies and the role's trust policy must both allow it.
/// An identity provider or cloud service in `by` replaces the caller; policies do not apply to it. Control policies of both accounts apply
/// (UNCERTAIN; docs/evidence/policy.md section 3).
pub fn decide_to_assume(
    state: &State,
    caller: &Caller,
    role: &Role,
    owner: Uid,
    by: Option<Principal<'_>>,
    context: Context,
) -> Decision {
    let arn = role.arn(owner);
    let action = "sts:AssumeRole".to_owned();
    let own_arn = own_arn(caller);
    let has_policies = by.is_none();
    let principal = by.unwrap_or(Principal::Ram(&own_arn));
    let trust = basic([&*role.trust.document], &Question::to_assume(principal, &context));
    let (identity, matched) = if has_policies {
        let Some(account) = caller.uid().and_then(|uid| state.account(uid).ok()) else {
            return Decision::Fixed(Fixed::NotSigned);
        };
        let binding = Binding::of(state, account, caller);
        let question = Question::new(&action, &arn, &context);
        let identity = binding.layers(None).decide(&question);
        (identity, binding.matched(identity, None, &question))
    } else {
        ((Layer::AssumeRolePolicy, Verdict::Allow), Vec::new())
    };
    let of_owner = Binding { control: Level::of(state, owner), ..Binding::default() };
    let question = Question::new(&action, &arn, &context);
    let bound = of_owner.layers(None).bound(&question).filter(|_| has_policies);
    let ((layer, identity), matched) = match bound {
        Some(bound) => {
            ((Layer::ControlPolicy, bound), of_owner.matched((Layer::ControlPolicy, bound), None, &question))
        }
        None => (identity, matched),
    };
    let (policy_type, verdict) = policy::assume(layer, identity, trust);
    let matched = if verdict == Verdict::Allow || policy_type == layer { matched } else { Vec::new() };
    Decision::Evaluated(Arc::new(Evaluated {
        allowed: verdict == Verdict::Allow,
        reason: reason(verdict, policy_type, &matched),
        verdict,
        policy_type,
        action,
        resource: arn,
        matched,
        context,
        alias: None,
        preference: Preference::Silent,
    }))
}
