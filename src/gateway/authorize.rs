//! Step 6: may this caller do this to that resource?

use crate::error::{AccessDenied, ApiError, gateway};
use crate::gateway::parse::Call;
use crate::gateway::route::Route;
use crate::operation::{Audience, On};
use crate::params::Params;
use crate::policy::{Ask, Decision, decide};
use crate::services::Denial;
use crate::world::{Caller, State};

/// Decides a call. Root's own account and actions without a resource need no policy.
pub(crate) fn decision(route: &Route, call: &Call, caller: &Caller, state: &State) -> Decision {
    let on = route.operation.map_or(On::All("*"), |operation| operation.on);
    if route.audience == Audience::Anonymous || on == On::Nothing {
        return Decision::NOT_ASKED;
    }
    let (Some(uid), false) = (caller.uid(), caller.is_root()) else { return Decision::ROOT };
    let Ok(account) = state.account(uid) else { return Decision::IMPLICIT_DENY };
    let (resource, on_itself) = resource(on, &call.params, caller);
    let own_keys = on_itself && call.action.contains("AccessKey");
    decide(&Ask {
        account,
        own_keys,
        action: format!("{}:{}", route.product.policy_code, call.action),
        resource: format!("acs:{}:*:{uid}:{resource}", route.product.policy_code),
    })
}

/// The resource, and whether it is the calling user itself. Source: facts/policy.md section 4.
fn resource(on: On, params: &Params, caller: &Caller) -> (String, bool) {
    let own = match caller {
        Caller::User { name, .. } => Some(name.as_str()),
        _ => None,
    };
    match on {
        On::Nothing => (String::new(), false),
        On::All(resource) => (resource.to_owned(), false),
        On::User(param) => {
            let named = params.filled(param).map(|name| name.split('@').next().unwrap_or(name));
            let on_itself = own.is_some_and(|own| named.is_none_or(|named| named.eq_ignore_ascii_case(own)));
            (format!("user/{}", named.or(own).unwrap_or("*")), on_itself)
        }
    }
}

/// The refusal, worded as the product does. Source: facts/policy.md section 5, facts/gateway.md 6.3.
pub(crate) fn refusal(decision: &Decision, route: &Route, caller: &Caller) -> ApiError {
    let mut error = match route.product.denial {
        Denial::Ram => gateway::NO_PERMISSION
            .about(format_args!("Resource: {} Action: {}", decision.resource, decision.action)),
        Denial::Sts => gateway::NO_PERMISSION_STS.error(),
        Denial::Other => gateway::FORBIDDEN_RAM.error(),
    };
    let (principal, kind) = match caller {
        Caller::Role { name, session, .. } => (format!("{name}:{session}"), "AssumedRoleUser"),
        Caller::User { id, .. } => (id.to_string(), "SubUser"),
        Caller::Root { .. } | Caller::Nobody => (String::new(), "SubUser"),
    };
    error.denied = Some(Box::new(AccessDenied {
        auth_action: decision.action.clone(),
        auth_principal_display_name: principal,
        auth_principal_owner_id: caller.uid().map(|uid| uid.to_string()).unwrap_or_default(),
        auth_principal_type: kind,
        no_permission_type: "ImplicitDeny",
        policy_type: "AccountLevelIdentityBasedPolicy",
    }));
    error
}
