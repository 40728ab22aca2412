//! Real-name verification: apply, read, withdraw as in the console, and decide. Source: docs/evidence/account.md 4.2.

use crate::attributes::{apply, view};
use crate::control::call::Input;
use crate::control::{Answer, InAccount, done, field, json, ok, settled};
use crate::text::{CountryCode, LicenseNumber, PersonName, Timestamp};
use crate::world::account::{Application, Method, RealName, RealNameStatus, Subject};
use crate::world::{AddLink, Command, Decide, Refusal, Submit, TellAmount, WhichApplication};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordView<'a> {
    status: RealNameStatus,
    verified: bool,
    since: Option<Timestamp>,
    /// Expiry of the document, if it is in the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    expired: Option<Timestamp>,
    identity: Option<IdentityView<'a>>,
    history: Vec<ApplicationView<'a>>,
}

#[apply(view)]
struct IdentityView<'a> {
    subject: Subject,
    name: &'a PersonName,
    document_type: &'a str,
    document_number: &'a LicenseNumber,
    country: Option<&'a CountryCode>,
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

pub(super) fn show(path: InAccount) -> Answer<Response> {
    let state = settled(&path.world);
    Ok(ok(&RecordView::from(&*path.of(&state)?.real_name)))
}

/// Submits an application. Instant methods are decided at once; the others wait for a decision.
pub(super) fn submit(path: InAccount, Input(words): Input<Submit>) -> Answer<Response> {
    let application = path.act(&words)?;
    Ok(json(StatusCode::ACCEPTED, &ApplicationView::from(&application)))
}

pub(super) fn cancel(path: InAccount) -> Answer<Response> {
    let which = WhichApplication { application: Some(number(&path)?) };
    path.act(&which)?;
    Ok(done())
}

/// Decides an application, now or later.
pub(super) fn decide(path: InAccount, Input(mut decide): Input<Decide>) -> Answer<Response> {
    decide.application = Some(number(&path)?);
    let (application, _) = path.act(&decide)?;
    Ok(ok(&ApplicationView::from(&application)))
}

/// Submits the amount of a transfer. Wrong amounts are counted; the third one rejects the application.
pub(super) fn tell_amount(path: InAccount, Input(mut told): Input<TellAmount>) -> Answer<Response> {
    told.application = Some(number(&path)?);
    Ok(ok(&ApplicationView::from(&path.act(&told)?)))
}

/// Creates a link to a verification page for the account.
pub(super) fn add_link(path: InAccount, Input(words): Input<AddLink>) -> Answer<Response> {
    #[derive(Serialize)]
    struct Given<'a> {
        token: &'a str,
        expires: Timestamp,
    }
    let token = path.act(&words)?;
    let state = path.world.state();
    let link = path.of(&state)?.affairs.links.get(&token).ok_or(Refusal::NoSuchLink)?;
    Ok(json(StatusCode::CREATED, &Given { token: &token, expires: link.expires }))
}

/// Reports a payment risk.
pub(super) fn ask_for_kyc(path: InAccount) -> Answer<Response> {
    path.change(Command::AskForKyc)?;
    let due = path.of(&path.world.state())?.affairs.kyc_due;
    Ok(json(StatusCode::ACCEPTED, &field("due", due)))
}

/// Removes the verification.
pub(super) fn remove(path: InAccount) -> Answer<Response> {
    path.change(Command::RemoveVerification)
}

/// Returns the number of the application that a path names.
fn number(path: &InAccount) -> Answer<u64> {
    path.id.parse().map_err(|_| Refusal::NoSuchApplication.into())
}
