//! Step 5: checks the type of caller, before authorization, and the standing of the account, after it.
//!
//! [`crate::world::gates`] decides the requirements of a call; this file has the errors of the products.

use crate::error::{self, ApiError, Known, Result, gateway, partner};
use crate::gateway::route::Route;
use crate::gateway::visit::Visit;
use crate::operation::Audience;
use crate::services::{Front, Product, Unmet};
use crate::world::gates::{self, Called, Judged, Requirement};
use crate::world::{Caller, Credential, State};

/// Aas and Crm need a partner's own key (docs/evidence/account.md 3.2 and 4.1); account roots cannot assume roles.
pub(crate) fn check(route: &Route, caller: &Caller, state: &State) -> Result<()> {
    match route.audience {
        Audience::SubUser if caller.is_root() => return Err(gateway::NO_ROLE_FOR_ROOT.error()),
        Audience::Partner => {}
        _ => return Ok(()),
    }
    let is_partner = match caller {
        Caller::Root { uid } => state.account(*uid).is_ok_and(|account| account.is_partner),
        _ => false,
    };
    if is_partner { Ok(()) } else { Err(partner::NOT_BID.error()) }
}

/// Checks that parameters which must name the caller's account do so, by its login name or UID.
pub(crate) fn owners(visit: &Visit, front: &Front) -> Result<()> {
    let Some(account) = visit.caller.uid().and_then(|uid| visit.state.account(uid).ok()) else {
        return Ok(());
    };
    let is_own = |name: &str| {
        name.eq_ignore_ascii_case(account.profile.login_name.as_str()) || *name == account.uid.to_string()
    };
    let other = |name: &&str| visit.call.params.filled(name).is_some_and(|value| !is_own(value));
    let found = front.owners.iter().find(|(name, _)| other(name));
    found.map_or(Ok(()), |(_, known)| Err(known.error()))
}

/// Checks that the caller's account meets the requirements of the call.
pub(crate) fn standing(visit: &mut Visit<'_>, route: &Route) -> Result<()> {
    visit.unmet = unmet(visit, route);
    visit.unmet.map_or(Ok(()), |unmet| Err(refusal(unmet, route.product, visit)))
}

/// Returns the first requirement of the call that the caller's account does not meet.
fn unmet(visit: &Visit<'_>, route: &Route) -> Option<Requirement> {
    let (call, state) = (&visit.call, &visit.state);
    let account = visit.caller.uid().and_then(|uid| state.account(uid).ok())?;
    let product = route.product.code;
    if state.registry.gates.is_empty() && gates::always(product).is_empty() {
        return None;
    }
    let region = gates::region(&call.params, call.region_of_host());
    let site = account.profile.site;
    let asked = Called { site, region: region.as_deref(), product, action: &call.action };
    let registry = &state.registry;
    let required = gates::required(&registry.gates, asked);
    if required.is_empty() {
        return None;
    }
    let key = match visit.key.as_ref().and_then(|id| state.credential(id.as_str())) {
        Some(Credential::Key { key, .. }) => Some(key),
        _ => None,
    };
    let seen = visit.seen().account(account.uid).unwrap_or(account);
    let judged = Judged { account, seen, key, product, rules: &registry.rules };
    required.iter().copied().find(|one| !one.is_met(judged))
}

/// Returns the first matching error of the product, else the usual one. MaxCompute names the project of the call, Log Service the
/// key if the product is not activated.
///
/// UNCERTAIN: products without rows; ECS uses these. Source: docs/evidence/account.md 6, docs/evidence/gateway.md 6.5.
fn refusal(unmet: Requirement, product: &Product, visit: &Visit<'_>) -> ApiError {
    let fits =
        |row: &&Unmet| row.requirement == unmet && (row.action.is_empty() || row.action == visit.call.action);
    let known = product.unmet.iter().find(fits).map_or(of_most(unmet), |row| row.error);
    let note = format!("the account does not meet `{unmet:?}`, which a gate requires");
    // Key errors come from the gateway, even if the product has business errors in the body.
    let is_business = !matches!(unmet, Requirement::KeyNotLeaked | Requirement::Activated);
    let subject = match unmet {
        Requirement::Activated => visit.key.as_ref().map_or("", |id| id.as_str()),
        _ => visit.call.params.get("Project").unwrap_or_default(),
    };
    ApiError { is_business, ..known.about(subject) }.with_note(note)
}

/// Returns the usual error.
fn of_most(unmet: Requirement) -> &'static Known {
    match unmet {
        Requirement::Activated => &gateway::INACTIVE,
        Requirement::KeyNotLeaked => &error::LEAKED_KEY,
        Requirement::NotRiskControlled => &error::RISK_CONTROL,
        Requirement::Verified => &error::REAL_NAME_REQUIRED,
        Requirement::NoArrears | Requirement::NotShutDown => &error::ACCOUNT_ARREARAGE,
        Requirement::Balance => &error::NOT_ENOUGH_BALANCE,
        Requirement::NotFrozen => &gateway::FORBIDDEN,
    }
}
