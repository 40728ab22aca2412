//! Instance metadata of a world, and the credentials URI: temporary credentials for clients that cannot sign yet.

use crate::attributes::{apply, input};
use crate::control::call::{InWorld, Input};
use crate::control::{Access, Answer, ControlError, Shared, commit, done, field, json, ok};
use crate::text::{RoleName, Scalar, SecretText, Timestamp, Uid, parse_duration};
use crate::world::machine::MachineSettings;
use crate::world::register::Slot;
use crate::world::{Grant, NotDone, Refusal, State as WorldState, World};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

fn none() -> ControlError {
    ControlError::not_found(
        "instance",
        "the world has no instance",
        "PUT /_alimock/worlds/{world}/instance makes one",
    )
}

fn instance(world: &World) -> Answer<MachineSettings> {
    let state = world.state();
    let name = |uid: Uid| state.account(uid).map(|account| account.label.to_string()).unwrap_or_default();
    let name = |uid: Uid| Some(name(uid)).filter(|name| !name.is_empty()).unwrap_or_else(|| uid.to_string());
    state.machine_settings(name).ok_or_else(none)
}

pub(super) fn show(InWorld(world): InWorld) -> Answer<Response> {
    Ok(ok(&instance(&world)?))
}

pub(super) fn set(InWorld(world): InWorld, Input(wanted): Input<MachineSettings>) -> Answer<Response> {
    commit(&world, |tx| {
        tx.set_machine(wanted).map_err(|why| match why {
            NotDone::Refused(refusal) => refusal.into(),
            why => ControlError::bad_request("invalid_instance", why.to_string()),
        })
    })?;
    Ok(ok(&instance(&world)?))
}

pub(super) fn remove(InWorld(world): InWorld) -> Answer<Response> {
    commit(&world, |tx| {
        tx.state().machine().ok_or_else(none)?;
        tx.remove_machine();
        Ok(())
    })?;
    Ok(done())
}

/// Request for credentials of a role.
#[apply(input)]
pub(super) struct Wanted {
    /// Role: its ARN, or `account/role`.
    role: String,
    /// Lifetime; default `1h`.
    duration: Option<String>,
    /// Session name; default `alimock`.
    session: Option<String>,
}

/// Response that credentials libraries expect at `ALIBABA_CLOUD_CREDENTIALS_URI`. Source: docs/evidence/clients.md 3.4.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials<'a> {
    code: &'static str,
    access_key_id: &'a str,
    access_key_secret: &'a str,
    security_token: &'a str,
    expiration: Timestamp,
}

/// Returns new temporary credentials of a role at each call. Clients send no header, so the token is in the path.
pub(super) fn credentials(
    State(control): Shared,
    Path((world, token)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Answer<Response> {
    if !control.access.is_of_credentials(&token, &world, &wanted.role) {
        let why = "the token in the path does not match this world, this role and this run of the server";
        return Err(ControlError::new(StatusCode::UNAUTHORIZED, "wrong_token", why)
            .hint("get the address with `alimock env --credentials-uri ACCOUNT/ROLE`"));
    }
    let session = commit(&*control.world(&world)?, |tx| {
        let (uid, slot, grant) = wanted.grant(tx.state())?;
        Ok(tx.grant(uid, slot, grant)?)
    })?;
    Ok(ok(&Credentials {
        code: "Success",
        access_key_id: session.id.as_str(),
        access_key_secret: session.material.secret(),
        security_token: SecretText::reveal(&session.token),
        expiration: session.returned_expiry,
    }))
}

/// Returns the credentials URI of a role.
pub(super) fn credentials_uri(
    State(control): Shared,
    InWorld(world): InWorld,
    Input(wanted): Input<Wanted>,
) -> Answer<Response> {
    wanted.grant(&world.state())?;
    let mut path = credentials_path(&control.access, world.name.as_str(), &wanted.role);
    for (name, value) in [("duration", &wanted.duration), ("session", &wanted.session)] {
        if let Some(value) = value {
            path += &format!("&{name}={}", encoded(value));
        }
    }
    Ok(json(StatusCode::CREATED, &field("uri", control.endpoint_of(&world) + &path)))
}

/// Returns the path of the credentials URI of a role.
pub(crate) fn credentials_path(access: &Access, world: &str, role: &str) -> String {
    let token = access.of_credentials(world, role);
    format!("/_alimock/worlds/{world}/credentials/{token}?role={}", encoded(role))
}

/// Encodes a text as the value of a query parameter.
fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}

impl Wanted {
    /// Returns the role and the grant for a new session.
    fn grant(&self, state: &WorldState) -> Answer<(Uid, Slot, Grant)> {
        let text = self.duration.as_deref().unwrap_or("1h");
        let seconds = parse_duration(text).ok().map(|span| span.as_secs());
        let seconds = seconds.filter(|seconds| (900..=43200).contains(seconds)).ok_or_else(|| {
            ControlError::bad_request(
                "invalid_duration",
                format!("`duration`: `{text}` is not a span between 15m and 12h"),
            )
        })?;
        let name = self.session.as_deref().unwrap_or("alimock");
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@' | '-');
        if !(2..=64).contains(&name.len()) || !name.chars().all(good) {
            let why = format!("`session`: `{name}` is not 2 to 64 letters, digits or any of `.@_-`");
            return Err(ControlError::bad_request("invalid_session", why));
        }
        let (uid, role) = role_named(state, &self.role)?;
        let slot = state.account(uid)?.role_slot(&role)?;
        let grant = Grant { name: name.into(), seconds, policy: None, source_identity: None };
        Ok((uid, slot, grant))
    }
}

/// Returns the account and the name of a role, given as an ARN or as `account/role`.
pub(crate) fn role_named(state: &WorldState, text: &str) -> Answer<(Uid, RoleName)> {
    let by_arn = text.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(":role/"));
    let parts = by_arn.or_else(|| text.split_once('/'));
    let wrong = || {
        let why = format!("`role`: `{text}` is neither the ARN of a role nor `account/role`");
        ControlError::bad_request("invalid_role", why)
    };
    let (account, role) = parts.ok_or_else(wrong)?;
    let role = RoleName::parse(role).map_err(|_| wrong())?;
    let fits = |one: &&std::sync::Arc<crate::world::account::Account>| {
        one.label == account || one.uid.to_string() == account
    };
    let account = state.accounts.values().find(fits).ok_or(Refusal::NoSuchAccount)?;
    Ok((account.uid, role))
}
