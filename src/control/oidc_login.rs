//! Login with an OIDC token: role, provider, and a token of the built-in issuer.

use crate::attributes::{apply, input};
use crate::control::call::InWorld;
use crate::control::instance::role_named;
use crate::control::{Answer, ControlError, ok};
use crate::federation::issuer::{self, Key};
use crate::policy::Principal;
use crate::text::{Timestamp, Uid};
use crate::world::account::Role;
use crate::world::account::providers::oidc_arn;
use crate::world::permission::{self, decide_to_assume};
use crate::world::{By, State as WorldState, World};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Lifetime of a token: longer than a test runs.
const LASTS_MILLIS: i64 = 12 * 3_600_000;
/// Subject of the token, and name of its sessions.
const NAME: &str = "alimock";

/// Data of a login.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Login {
    pub(crate) provider_arn: String,
    pub(crate) role_arn: String,
    pub(crate) role_session_name: String,
    pub(crate) token: String,
}

/// Selection of the role.
#[apply(input)]
pub(super) struct Wanted {
    /// Role: its ARN, or `account/role`. Default: the first role that trusts the built-in issuer.
    role: Option<String>,
}

pub(super) fn show(InWorld(world): InWorld, Query(wanted): Query<Wanted>) -> Answer<Response> {
    let none = || {
        ControlError::not_found(
            "login",
            "no role trusts a provider of the built-in issuer",
            "give a role of the scenario the trust `{OIDC: PROVIDER}`, or choose one with `role=account/role`",
        )
    };
    Ok(ok(&login(&world, wanted.role.as_deref())?.ok_or_else(none)?))
}

/// Returns the login to the named role, or to the first role (by account, then by name) that trusts a provider of the
/// built-in issuer. Returns `None` if no role does; fails if the named role does not.
pub(crate) fn login(world: &World, role: Option<&str>) -> Answer<Option<Login>> {
    let now = world.clock.now().resource;
    world.settle(now);
    let state = world.state();
    let Some(named) = role else {
        let all = state.accounts.values().flat_map(|account| {
            let mut roles: Vec<_> = account.roles.iter().map(|(_, role)| &**role).collect();
            roles.sort_by_key(|role| role.name.as_str());
            roles.into_iter().map(|role| (account.uid, role))
        });
        return Ok({ all }.find_map(|(uid, role)| to(&state, uid, role, now)));
    };
    let (uid, name) = role_named(&state, named)?;
    let account = state.account(uid)?;
    let role = account.role(account.role_slot(&name)?)?;
    let found = to(&state, uid, role, now).ok_or_else(|| {
        let why = format!("`{named}` trusts no OIDC provider of the built-in issuer");
        ControlError::bad_request("role_not_trusting", why)
            .hint("give the role `trust: {Federated: [oidc-provider/NAME]}`")
    })?;
    Ok(Some(found))
}

/// Returns the login to a role if it trusts a provider of any account.
fn to(state: &WorldState, uid: Uid, role: &Role, now: Timestamp) -> Option<Login> {
    let own = state.account(uid).ok().into_iter();
    let others = state.accounts.values().map(|account| &**account).filter(|account| account.uid != uid);
    let providers = own
        .chain(others)
        .flat_map(|account| account.oidc_providers.iter().map(move |(_, one)| (account, &**one)));
    let built_in = { providers }.filter(|(_, provider)| provider.issuer == issuer::ISSUER);
    { built_in }.find_map(|(account, provider)| {
        let provider_arn = oidc_arn(account.uid, &provider.name);
        let audience = provider.client_ids.iter().find(|audience| trusts(state, uid, role, &provider_arn, audience, now))?;
        let seconds = |millis: i64| (now.as_millis() + millis).div_euclid(1000);
        let claims = json!({
            "iss": issuer::ISSUER, "sub": NAME, "aud": audience, "iat": seconds(0), "exp": seconds(LASTS_MILLIS),
        });
        Some(Login {
            provider_arn,
            role_arn: role.arn(uid),
            role_session_name: NAME.to_owned(),
            token: issuer::token(&claims, Key::Published),
        })
    })
}

/// Returns `true` if a role trusts the claims of the token.
fn trusts(state: &WorldState, uid: Uid, role: &Role, provider: &str, audience: &str, now: Timestamp) -> bool {
    let By { caller, source, .. } = By::OURSELVES;
    let mut context = permission::context(caller, source, now);
    for (key, value) in [("oidc:iss", issuer::ISSUER), ("oidc:aud", audience), ("oidc:sub", NAME)] {
        context.set_one(key, value);
    }
    let by = Some(Principal::Federated(provider));
    decide_to_assume(state, caller, role, uid, by, context).allowed()
}
