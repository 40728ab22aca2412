//! Step 5: who may call at all, before permission is asked; and what must be in order with the account, after it.
//!
//! Which requirements a call has is [`crate::world::gates`]'s matter; here is how each product words that one is not met.

use crate::error::{self, ApiError, Known, Result, business, dataworks, ecs, gateway, odps, oss, partner};
use crate::gateway::parse::Call;
use crate::gateway::route::Route;
use crate::operation::Audience;
use crate::params::{Field, Items, Property};
use crate::text::AccessKeyId;
use crate::world::gates::{self, Called, Judged, Requirement};
use crate::world::{Caller, Credential, State};
use std::borrow::Cow;

/// Aas and Crm are for partners, by the partner's own key (docs/evidence/account.md 3.2 and 4.1); roles are not for accounts.
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

/// Whether everything is in order with the caller's account that the call requires. `seen` is the state as the call sees it.
pub(crate) fn standing(
    route: &Route,
    call: &Call,
    (caller, key): (&Caller, Option<&AccessKeyId>),
    (state, seen): (&State, &State),
) -> Result<()> {
    let Some(account) = caller.uid().and_then(|uid| state.account(uid).ok()) else { return Ok(()) };
    let (action, product) = (call.action.as_str(), route.product.code);
    if state.registry.gates.is_empty() && gates::always(product).is_empty() {
        return Ok(());
    }
    let region = region(call);
    let asked = Called { site: account.profile.site, region: region.as_deref(), product, action };
    let registry = &state.registry;
    let required = gates::required(&registry.gates, asked);
    if required.is_empty() {
        return Ok(());
    }
    let key = match key.and_then(|id| state.credential(id.as_str())) {
        Some(Credential::Key { key, .. }) => Some(key),
        _ => None,
    };
    let seen = seen.account(account.uid).unwrap_or(account);
    let judged = Judged { account, seen, key, product, rules: &registry.rules };
    let unmet = required.iter().find(|one| !one.is_met(judged));
    let project = call.params.get("Project").unwrap_or_default();
    unmet.map_or(Ok(()), |unmet| Err(refusal(*unmet, (product, action), project)))
}

/// The region of a call: as it says, as what it orders does, or as its host does.
fn region(call: &Call) -> Option<Cow<'_, str>> {
    let of_order = || {
        let Items(ordered) = <Items<Property> as Field>::take(&call.params, "Parameter").ok()?;
        ordered
            .into_iter()
            .find(|one| ["Region", "RegionId"].contains(&&*one.code))
            .map(|one| one.value.into())
    };
    let of_host = || call.host_name().strip_suffix(".aliyuncs.com")?.split('.').nth(1).map(Cow::Borrowed);
    call.params.filled("RegionId").map(Cow::Borrowed).or_else(of_order).or_else(of_host)
}

/// How products word that a requirement is not met: the first row that fits. Source: docs/evidence/account.md 6, docs/evidence/gateway.md 6.5.
///
/// UNCERTAIN: what is not in those tables; a product without a row of its own says what ECS says.
const WORDS: &[(Requirement, &str, &str, &Known)] = &[
    (Requirement::Activated, "Ram", "", &gateway::INACTIVE_SERVICE),
    (Requirement::Activated, "Ims", "", &gateway::INACTIVE_SERVICE),
    (Requirement::Activated, "dataworks-public", "", &dataworks::NOT_ACTIVATED),
    (Requirement::Activated, "", "", &gateway::INACTIVE),
    (Requirement::KeyNotLeaked, "", "", &error::LEAKED_KEY),
    (Requirement::NotRiskControlled, "Ecs", "", &ecs::RISK_CONTROL_ECS),
    (Requirement::NotRiskControlled, "", "", &error::RISK_CONTROL),
    (Requirement::Verified, "Alidns", "", &error::IDENTITY_UNCERTIFIED),
    (Requirement::Verified, "Oss", "", &oss::REAL_NAME_REQUIRED),
    (Requirement::Verified, "BssOpenApi", "", &business::ORDER_ACCOUNT_STATUS),
    (Requirement::Verified, "", "", &error::REAL_NAME_REQUIRED),
    (Requirement::NoArrears, "BssOpenApi", "", &business::ORDER_NEGATIVE_BALANCE),
    (Requirement::NoArrears, "Ecs", "RunInstances", &ecs::IN_ARREARS),
    (Requirement::NoArrears, "Ecs", "StartInstance", &ecs::INSUFFICIENT_BALANCE_403),
    (Requirement::NoArrears, "", "", &error::ACCOUNT_ARREARAGE),
    (Requirement::NotShutDown, "Odps", "", &odps::ALL_DENIED),
    (Requirement::NotShutDown, "Oss", "", &oss::USER_DISABLE),
    (Requirement::NotShutDown, "BssOpenApi", "", &business::ORDER_NEGATIVE_BALANCE),
    (Requirement::NotShutDown, "", "", &error::ACCOUNT_ARREARAGE),
    (Requirement::Balance, "BssOpenApi", "", &error::PAY_INSUFFICIENT_BALANCE),
    (Requirement::Balance, "", "", &error::NOT_ENOUGH_BALANCE),
    (Requirement::NotFrozen, "BssOpenApi", "", &business::NOT_AUTHORIZED),
    (Requirement::NotFrozen, "", "", &gateway::FORBIDDEN),
];

/// MaxCompute names the project that the call is about.
fn refusal(unmet: Requirement, (product, action): (&str, &str), project: &str) -> ApiError {
    let fits = |row: &&(Requirement, &str, &str, &Known)| {
        row.0 == unmet && (row.1.is_empty() || row.1 == product) && (row.2.is_empty() || row.2 == action)
    };
    let known = WORDS.iter().find(fits).map_or(&gateway::FORBIDDEN, |row| row.3);
    let note = format!("the account does not meet `{unmet:?}`, which a gate requires");
    // Keys are the gateway's matter, also where the product answers in the body.
    let is_business = !matches!(unmet, Requirement::KeyNotLeaked | Requirement::Activated);
    ApiError { is_business, ..known.about(project) }.with_note(note)
}
