//! Permissions: why an action is allowed or denied.

use crate::control::call::{InWorld, Input};
use crate::control::{Answer, ControlError, ok, requests};
use crate::policy::Context;
use crate::text::{RoleName, Scalar, Timestamp, Uid, UserName};
use crate::world::account::{Account, Role};
use crate::world::journal::Record;
use crate::world::permission::{self, Ask, Decision, Explained};
use crate::world::{Caller, Credential, Refusal, Source, State as WorldState, World, account_named};
use axum::response::Response;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Caller, action, resource and conditions.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Question {
    /// Key of the caller. Alternative: an account, with a user or a role.
    pub(crate) access_key_id: Option<String>,
    /// UID or name of an account, or account/user.
    pub(crate) account: Option<String>,
    pub(crate) user: Option<UserName>,
    pub(crate) role: Option<RoleName>,
    /// Id of a request in the journal: its caller, action, resource and conditions. Replaces the other fields.
    pub(crate) request: Option<String>,
    /// Action, for example `ecs:RunInstances`.
    pub(crate) action: Option<String>,
    /// ARN of the resource; default `*`.
    pub(crate) resource: Option<String>,
    /// Condition keys, besides the keys that every request has.
    #[serde(default)]
    pub(crate) context: BTreeMap<String, OneOrMany>,
    pub(crate) resource_group: Option<String>,
}

/// One value or a list.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// A decision, and every statement that applies to the caller.
#[derive(Serialize)]
pub(crate) struct Explanation {
    pub(crate) decision: Decision,
    pub(crate) statements: Vec<Explained>,
}

/// Decides as the gateway does, and returns the result of every statement that applies to the caller.
pub(super) fn explain(InWorld(world): InWorld, Input(asked): Input<Question>) -> Answer<Response> {
    let now = world.clock.now().resource;
    world.settle(now);
    let state = world.state();
    if let Some(id) = &asked.request {
        return explain_request(&world, &state, id);
    }
    Ok(ok(&explanation(&state, now, asked)?))
}

/// Answers a question about a caller that the question names.
pub(crate) fn explanation(state: &WorldState, now: Timestamp, asked: Question) -> Answer<Explanation> {
    let caller = asked.caller(state, now)?;
    let Some(action) = asked.action else {
        return Err(ControlError::bad_request("no_action", "it is not said which action")
            .hint("give `action`, or `request` with the id of a request"));
    };
    let resource = asked.resource.clone().unwrap_or_else(|| "*".to_owned());
    let mut context = Context::default();
    for (key, values) in asked.context {
        match values {
            OneOrMany::One(value) => context.set_one(&key, value),
            OneOrMany::Many(values) => context.set(&key, values),
        }
    }
    for (key, values) in permission::context(&caller, Source::LOCAL, now).iter() {
        context.set(key, values.to_vec());
    }
    // IMS takes actions of policies with either prefix; an action with its own is asked as the gateway asks it.
    let of_ims = action.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("ims:"));
    let ask = Ask {
        action: if of_ims { format!("ram:{}", &action[4..]) } else { action },
        alias: of_ims.then_some("ims"),
        resources: vec![resource.clone()],
        context,
        resource_group: asked.resource_group.as_deref(),
        ..Ask::default()
    };
    Ok(explained(state, &caller, &resource, ask))
}

/// Decides again about a request of the journal, by the policies of now.
fn explain_request(world: &World, state: &WorldState, id: &str) -> Answer<Response> {
    let record = world.journal.find(id).ok_or_else(|| requests::no_such_request(id))?;
    let Some(explanation) = again(state, &record) else {
        let why = match (&record.decision, record.why()) {
            (Some(decision), _) => decision.reason().to_owned(),
            (None, Some(why)) => format!("it was rejected before: {why}"),
            (None, None) => "its action needs none".to_owned(),
        };
        let why = format!("the request was not decided by policies: {why}");
        return Err(ControlError::new(StatusCode::CONFLICT, "not_decided", why));
    };
    Ok(ok(&explanation))
}

/// Decides a request of the journal again. `None` if policies did not decide it.
pub(crate) fn again(state: &WorldState, record: &Record) -> Option<Explanation> {
    let decided = record.decision.as_ref().and_then(Decision::evaluated)?;
    let ask = Ask {
        action: decided.action.clone(),
        resources: vec![decided.resource.clone()],
        context: decided.context.clone(),
        alias: decided.alias,
        resource_group: record.params.filled("ResourceGroupId"),
        ..Ask::default()
    };
    Some(explained(state, &record.caller, &decided.resource, ask))
}

fn explained(state: &WorldState, caller: &Caller, resource: &str, ask: Ask<'_>) -> Explanation {
    let mut statements = permission::explain(state, caller, resource, &ask);
    let decision = match role_of(state, &ask.action, resource) {
        Some((uid, role)) if !caller.is_root() => {
            statements.extend(permission::explain_bounds(state, caller, role, uid, &ask.context));
            statements.extend(permission::explain_trust(caller, role, &ask.context));
            permission::decide_to_assume(state, caller, role, uid, None, ask.context)
        }
        _ => permission::judge(state, caller, ask),
    };
    Explanation { decision, statements }
}

/// Returns the role to assume, if the question is about `AssumeRole`.
fn role_of<'a>(state: &'a WorldState, action: &str, resource: &str) -> Option<(Uid, &'a Role)> {
    if !action.eq_ignore_ascii_case("sts:AssumeRole") {
        return None;
    }
    let (uid, name) =
        resource.strip_prefix("acs:ram:")?.trim_start_matches(['*', ':']).split_once(":role/")?;
    let account = state.account(Uid(uid.parse().ok()?)).ok()?;
    let slot = account.role_slot(&RoleName::parse(name).ok()?).ok()?;
    Some((account.uid, account.role(slot).ok()?))
}

impl Question {
    fn caller(&self, state: &WorldState, now: Timestamp) -> Answer<Caller> {
        if let Some(id) = &self.access_key_id {
            return match state.credential(id) {
                Some(Credential::Key { caller, .. } | Credential::Session { caller, .. }) => Ok(caller),
                None => Err(Refusal::NoSuchKey.into()),
            };
        }
        let Some(account) = &self.account else {
            let what = "give `accessKeyId`, or `account` with `user` or `role` or neither";
            return Err(ControlError::bad_request("no_caller", "it is not said who asks").hint(what));
        };
        let (account, of_account) = match account.split_once('/') {
            Some((account, name)) => (account, Some(UserName::parse(name).map_err(|_| Refusal::NoSuchUser)?)),
            None => (account.as_str(), None),
        };
        let account = account_named(Some(account), state)?;
        match (self.user.as_ref().or(of_account.as_ref()), &self.role) {
            (Some(name), _) => user(account, name),
            (None, Some(name)) => {
                let slot = account.role_slot(name)?;
                Ok(Caller::Role(Arc::new(account.session_of_nobody(slot, now)?)))
            }
            (None, None) => Ok(Caller::Root { uid: account.uid }),
        }
    }
}

fn user(account: &Account, name: &UserName) -> Answer<Caller> {
    let slot = account.user_slot(name)?;
    let user = account.user(slot)?;
    Ok(Caller::User { uid: account.uid, slot, id: user.id, name: user.name.clone() })
}
