//! Real-name verification as the console does it: apply, read, withdraw; and the reviewer's side. Source: facts/account.md 4.2.

use crate::control::{Answer, ControlError, InAccount, Shared, commit, json, ok, read, value};
use crate::text::{LicenseNumber, PersonName, Timestamp, parse_duration};
use crate::world::account::{
    Application, Decision, Identity, Method, RealName, RealNameStatus, Subject, Submission,
};
use crate::world::{Event, Refusal};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordView<'a> {
    status: RealNameStatus,
    verified: bool,
    since: Option<Timestamp>,
    identity: Option<IdentityView<'a>>,
    history: Vec<ApplicationView<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IdentityView<'a> {
    subject: Subject,
    name: &'a PersonName,
    document_type: &'a str,
    document_number: &'a LicenseNumber,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationView<'a> {
    application_id: u64,
    method: Method,
    subject: Subject,
    name: &'a PersonName,
    status: RealNameStatus,
    submitted: Timestamp,
    decided: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason<'a>>,
}

#[derive(Serialize)]
struct Reason<'a> {
    code: &'a str,
    text: &'a str,
}

impl<'a> From<&'a Application> for ApplicationView<'a> {
    fn from(application: &'a Application) -> Self {
        Self {
            application_id: application.id,
            method: application.method,
            subject: application.identity.subject,
            name: &application.identity.name,
            status: application.status,
            submitted: application.submitted,
            decided: application.decided,
            reason: application.reason.as_ref().map(|(code, text)| Reason { code, text }),
        }
    }
}

impl<'a> From<&'a RealName> for RecordView<'a> {
    fn from(record: &'a RealName) -> Self {
        let identity = record.identity().map(|identity| IdentityView {
            subject: identity.subject,
            name: &identity.name,
            document_type: &identity.license_type,
            document_number: &identity.license_number,
        });
        let history = record.history().iter().map(ApplicationView::from).collect();
        Self {
            status: record.status(),
            verified: record.is_verified(),
            since: record.since(),
            identity,
            history,
        }
    }
}

pub(super) async fn show(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    world.settle(world.clock.now().resource);
    let state = world.state();
    Ok(ok(&RecordView::from(&*state.account(path.uid()?)?.real_name)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Application")]
pub(super) struct Submit {
    subject: Subject,
    method: Method,
    name: String,
    document_type: Option<String>,
    document_number: String,
    phone: Option<String>,
}

/// Hands in an application. Instant methods are decided at once, the others wait for a decision.
pub(super) async fn submit(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: Submit = read(&body)?;
    let default_type = if body.subject == Subject::Personal { "0" } else { "9" };
    let identity = Identity {
        subject: body.subject,
        name: value("name", &body.name)?,
        license_type: body.document_type.unwrap_or_else(|| default_type.to_owned()),
        license_number: value("documentNumber", &body.document_number)?,
        phone: body.phone.unwrap_or_default(),
        country: None,
        expires: None,
    };
    let uid = path.uid()?;
    let submission = Submission { method: body.method, identity };
    let application = commit(&world, |tx| Ok(tx.submit(uid, submission)?))?;
    Ok(json(StatusCode::ACCEPTED, &ApplicationView::from(&application)))
}

pub(super) async fn cancel(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let (uid, id) = (path.uid()?, application_id(&path)?);
    commit(&world, |tx| Ok(tx.cancel_application(uid, id)?))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "DecisionWord")]
pub(super) enum Word {
    Approve,
    Reject,
    Expire,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "ApplicationDecision")]
pub(super) struct Decide {
    decision: Word,
    code: Option<String>,
    reason: Option<String>,
    /// Later, on the resource clock: `30m`.
    after: Option<String>,
}

/// Decides an application, now or later.
pub(super) async fn decide(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: Decide = read(&body)?;
    let after = body.after.map(|text| {
        parse_duration(&text).map_err(|_| {
            ControlError::bad_request("invalid_after", format!("`after`: `{text}` is no span such as `30m`"))
        })
    });
    let after = after.transpose()?;
    let decision = match body.decision {
        Word::Approve => Decision::Approve,
        Word::Reject => {
            Decision::Reject { code: body.code.unwrap_or_default(), reason: body.reason.unwrap_or_default() }
        }
        Word::Expire => Decision::Expire,
    };
    let (uid, id) = (path.uid()?, application_id(&path)?);
    commit(&world, |tx| {
        let now = tx.now;
        tx.state().account(uid)?.real_name.application(id)?;
        match after {
            None => tx.decide(uid, id, decision)?,
            Some(span) => tx.later(now.plus(span), Event::Review { uid, application: id, decision }),
        }
        Ok(())
    })?;
    let state = world.state();
    Ok(ok(&ApplicationView::from(state.account(uid)?.real_name.application(id)?)))
}

fn application_id(path: &InAccount) -> Answer<u64> {
    path.id.parse().map_err(|_| Refusal::NoSuchApplication.into())
}
