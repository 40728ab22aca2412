//! The built-in identity provider: registers providers with accounts, and issues valid and invalid tokens and SAML
//! responses. Its keys are public test keys: see [`crate::federation::issuer`].

use crate::control::call::{InWorld, Input};
use crate::control::{Answer, ControlError, InAccount, commit, field, json, ok};
use crate::federation::issuer::{self, Key, ResponseFields};
use crate::scenario::{At, Misfit, OidcProviderFile, SamlProviderFile, plant_oidc, plant_saml};
use crate::text::{Timestamp, Uid, parse_duration};
use crate::world::{Tx, World};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) fn add_oidc(path: InAccount, Input(file): Input<OidcProviderFile>) -> Answer<Response> {
    register(&path, &file, plant_oidc)
}

pub(super) fn add_saml(path: InAccount, Input(file): Input<SamlProviderFile>) -> Answer<Response> {
    register(&path, &file, plant_saml)
}

/// Registers a provider as a scenario does; returns its ARN.
fn register<F>(
    path: &InAccount,
    file: &F,
    plant: fn(&F, &At, Uid, &mut Tx<'_>) -> Result<String, Misfit>,
) -> Answer<Response> {
    let arn = commit(&path.world, |tx| {
        let uid = path.of(tx.state())?.uid;
        plant(file, &At::top(), uid, tx)
            .map_err(|misfit| ControlError::bad_request("invalid_provider", misfit.to_string()))
    })?;
    Ok(json(StatusCode::CREATED, &field("arn", arn)))
}

/// OIDC discovery document, for OIDC clients. Role login does not request it.
pub(super) fn discovery() -> Response {
    #[derive(Serialize)]
    struct Discovery {
        issuer: &'static str,
        jwks_uri: String,
        id_token_signing_alg_values_supported: [&'static str; 1],
        response_types_supported: [&'static str; 1],
        subject_types_supported: [&'static str; 1],
    }
    ok(&Discovery {
        issuer: issuer::ISSUER,
        jwks_uri: format!("{}/jwks", issuer::ISSUER),
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
    })
}

pub(super) fn jwks() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], issuer::jwks()).into_response()
}

pub(super) fn saml_metadata() -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], issuer::saml_metadata(issuer::ENTITY)).into_response()
}

/// Signing key.
#[derive(Deserialize, Default, Clone, Copy, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum KeyChoice {
    /// The published key.
    #[default]
    Published,
    /// A key that is not in the key set.
    Unknown,
}

impl From<KeyChoice> for Key {
    fn from(choice: KeyChoice) -> Self {
        match choice {
            KeyChoice::Published => Self::Published,
            KeyChoice::Unknown => Self::Unknown,
        }
    }
}

/// Returns a time on the resource clock of the world, given as a span from now.
fn from_now(world: &World, field: &str, span: Option<&String>, usual: &str) -> Answer<Timestamp> {
    let text = span.map_or(usual, String::as_str);
    let span = parse_duration(text)
        .map_err(|why| ControlError::bad_request("invalid_span", format!("`{field}`: `{text}` {why}")))?;
    Ok(world.clock.now().resource.plus(span))
}

/// Content of an OIDC token. Spans count from now on the resource clock of the world.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Token")]
pub(super) struct TokenWanted {
    audience: Value,
    subject: Option<String>,
    issuer: Option<String>,
    expires: Option<String>,
    issued: Option<String>,
    not_before: Option<String>,
    key: Option<KeyChoice>,
    /// Claims that override the others.
    #[serde(default)]
    claims: Map<String, Value>,
}

pub(super) fn token(InWorld(world): InWorld, Input(wanted): Input<TokenWanted>) -> Answer<Response> {
    let seconds = |field, span, usual| -> Answer<Value> {
        Ok(Value::from(from_now(&world, field, span, usual)?.as_millis().div_euclid(1000)))
    };
    let mut claims = Map::new();
    let issuer = wanted.issuer.unwrap_or_else(|| issuer::ISSUER.to_owned());
    claims.insert("iss".into(), issuer.into());
    claims.insert("sub".into(), wanted.subject.unwrap_or_else(|| "alimock".to_owned()).into());
    claims.insert("aud".into(), wanted.audience);
    claims.insert("iat".into(), seconds("issued", wanted.issued.as_ref(), "0s")?);
    claims.insert("exp".into(), seconds("expires", wanted.expires.as_ref(), "1h")?);
    if wanted.not_before.is_some() {
        claims.insert("nbf".into(), seconds("notBefore", wanted.not_before.as_ref(), "0s")?);
    }
    claims.extend(wanted.claims);
    Ok(ok(&field("token", issuer::token(&Value::Object(claims), wanted.key.unwrap_or_default().into()))))
}

/// Content of a SAML response. Spans count from now on the resource clock of the world.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "SamlResponse")]
pub(super) struct ResponseWanted {
    role_arn: String,
    provider_arn: String,
    session_name: String,
    subject: Option<String>,
    issuer: Option<String>,
    audience: Option<String>,
    recipient: Option<String>,
    source_identity: Option<String>,
    expires: Option<String>,
    not_before: Option<String>,
    key: Option<KeyChoice>,
}

pub(super) fn saml_response(
    InWorld(world): InWorld,
    Input(wanted): Input<ResponseWanted>,
) -> Answer<Response> {
    let state = world.state();
    let uid = wanted.provider_arn.split(':').nth(3).and_then(|uid| uid.parse().ok()).map(Uid);
    let site = uid.and_then(|uid| state.account(uid).ok()).map(|account| account.profile.site);
    let site = site.unwrap_or(crate::text::Site::China);
    let fields = ResponseFields {
        issuer: wanted.issuer.as_deref().unwrap_or(issuer::ENTITY),
        audience: wanted.audience.as_deref().unwrap_or(site.saml_audience()),
        recipient: wanted.recipient.as_deref().unwrap_or(site.saml_recipient()),
        subject: wanted.subject.as_deref().unwrap_or("alimock"),
        role_arn: &wanted.role_arn,
        provider_arn: &wanted.provider_arn,
        session_name: &wanted.session_name,
        source_identity: wanted.source_identity.as_deref(),
        issued: world.clock.now().resource,
        not_before: from_now(&world, "notBefore", wanted.not_before.as_ref(), "0s")?,
        not_on_or_after: from_now(&world, "expires", wanted.expires.as_ref(), "5m")?,
    };
    Ok(ok(&field("response", issuer::saml_response(&fields, wanted.key.unwrap_or_default().into()))))
}
