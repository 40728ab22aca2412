//! Real-name verification as the console does it: apply, read, withdraw; and the reviewer's side. Source: docs/evidence/account.md 4.2.

use crate::control::accounts::money;
use crate::control::{Answer, ControlError, InAccount, Shared, commit, json, ok, option, read, value};
use crate::text::{CountryCode, LicenseNumber, Moment, PersonName, Timestamp, parse_duration};
use crate::world::account::{
    Application, Decision, Identity, Method, RealName, RealNameStatus, Subject, Submission,
};
use crate::world::{Event, Refusal, papers};
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
    /// Since when the document has expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    expired: Option<Timestamp>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a CountryCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
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
            country: identity.country.as_ref(),
            expires: identity.expires,
        });
        let history = record.history().iter().map(ApplicationView::from).collect();
        Self {
            status: record.status(),
            verified: record.is_verified(),
            since: record.since(),
            expired: record.expired(),
            identity,
            history,
        }
    }
}

pub(super) fn show(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
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
    /// ISO alpha-2 code of the country that issued the document.
    country: Option<String>,
    /// When the document expires: a time, or a span from now.
    expires: Option<Moment>,
    /// The token of the page it is handed in on.
    link: Option<String>,
}

/// Hands in an application. Instant methods are decided at once, the others wait for a decision.
pub(super) fn submit(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: Submit = read(&body)?;
    let identity = Identity {
        subject: body.subject,
        name: value("name", &body.name)?,
        license_type: papers(body.subject, body.document_type.as_deref()),
        license_number: value("documentNumber", &body.document_number)?,
        phone: body.phone.unwrap_or_default(),
        country: option("country", body.country.as_ref())?,
        expires: body.expires.map(|expires| expires.at(world.clock.now().resource)),
    };
    let uid = path.uid()?;
    let submission = Submission { method: body.method, identity };
    let application = commit(&world, |tx| Ok(tx.submit_on(uid, submission, body.link.as_deref())?))?;
    Ok(json(StatusCode::ACCEPTED, &ApplicationView::from(&application)))
}

pub(super) fn cancel(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
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
pub(super) fn decide(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: Decide = read(&body)?;
    let after = body.after.map(|text| {
        parse_duration(&text)
            .map_err(|why| ControlError::bad_request("invalid_after", format!("`after`: `{text}` {why}")))
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

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TransferAmount")]
pub(super) struct Amount {
    /// What has arrived on the bank account, as its statement says.
    amount: f64,
}

/// Tells the amount of a transfer. A wrong one is counted, and the third rejects the application.
pub(super) fn tell_amount(
    State(control): Shared,
    Path(path): Path<InAccount>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let body: Amount = read(&body)?;
    let cents = money("amount", "invalid_amount", body.amount)?;
    let (uid, id) = (path.uid()?, application_id(&path)?);
    let application = commit(&world, |tx| Ok(tx.tell_amount(uid, id, cents)?))?;
    Ok(ok(&ApplicationView::from(&application)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LinkWanted")]
pub(super) struct ForSubject {
    /// Who may be verified on it; anybody when not given.
    subject: Option<Subject>,
}

/// Gives out the address of a page on which the account can be verified.
pub(super) fn add_link(State(control): Shared, Path(path): Path<InAccount>, body: Bytes) -> Answer<Response> {
    #[derive(Serialize)]
    struct Given<'a> {
        token: &'a str,
        expires: Timestamp,
    }
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    let body: ForSubject = read(&body)?;
    let token = commit(&world, |tx| Ok(tx.add_link(uid, body.subject)?))?;
    let state = world.state();
    let link = state.account(uid)?.affairs.links.get(&token).ok_or(Refusal::NoSuchLink)?;
    Ok(json(StatusCode::CREATED, &Given { token: &token, expires: link.expires }))
}

/// Gives notice of a payment risk.
pub(super) fn ask_for_kyc(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    #[derive(Serialize)]
    struct Asked {
        due: Option<Timestamp>,
    }
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    commit(&world, |tx| Ok(tx.ask_for_kyc(uid)?))?;
    let due = world.state().account(uid)?.affairs.kyc_due;
    Ok(json(StatusCode::ACCEPTED, &Asked { due }))
}

/// Takes the verification away.
pub(super) fn remove(State(control): Shared, Path(path): Path<InAccount>) -> Answer<Response> {
    let world = control.world(&path.world)?;
    let uid = path.uid()?;
    commit(&world, |tx| Ok(tx.remove_verification(uid)?))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn application_id(path: &InAccount) -> Answer<u64> {
    path.id.parse().map_err(|_| Refusal::NoSuchApplication.into())
}
