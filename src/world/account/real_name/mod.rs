//! Real-name verification: the verified identity of an account, and its applications.
//!
//! State transitions and their source: docs/evidence/account.md 2.4.

mod method;

pub use method::{DocumentType, Method};
use method::{born, shows};

use crate::text::{CountryCode, LicenseNumber, PersonName, Site, Timestamp};
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Kind of a verified subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A person.
    Personal,
    /// An enterprise.
    Enterprise,
}

impl Subject {
    /// Default for serde.
    pub(crate) fn enterprise() -> Self {
        Self::Enterprise
    }

    /// Returns type and number of the default document.
    pub(crate) fn usual_document(self) -> (&'static str, LicenseNumber) {
        let kind = if self == Self::Personal { "0" } else { "9" };
        (kind, LicenseNumber::example(self == Self::Personal))
    }
}

/// State of the verification. Source: docs/evidence/account.md 2.4 (our names: the service publishes none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RealNameStatus {
    /// No identity was submitted.
    #[default]
    NotVerified,
    /// An application is under review.
    UnderReview,
    /// Verified.
    Verified,
    /// The last application was rejected.
    Rejected,
    /// The document has expired; the account still counts as verified.
    NeedsUpdate,
    /// The application was withdrawn.
    Cancelled,
}

/// Writes the name used in files.
impl fmt::Display for RealNameStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Identity of a person or an enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Person or enterprise.
    pub subject: Subject,
    /// Name on the document.
    pub name: PersonName,
    /// Type of the document: `0` ID card, `9` business licence, `12`, `13`. Source: docs/evidence/account.md 2.3.
    pub license_type: String,
    /// Document number.
    pub license_number: LicenseNumber,
    /// Telephone number.
    pub phone: String,
    /// Country that issued the document, if given.
    pub country: Option<CountryCode>,
    /// Expiry of the document, if given.
    pub expires: Option<Timestamp>,
}

impl Identity {
    /// Returns `true` if the name has only blanks.
    pub fn is_unnamed(&self) -> bool {
        self.name.as_str().trim().is_empty()
    }

    /// Returns `true` if both have the same subject and document number.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.subject, &self.license_number) == (other.subject, &other.license_number)
    }
}

/// An application and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Application id.
    pub id: u64,
    /// Verification method.
    pub method: Method,
    /// Submitted identity.
    pub identity: Identity,
    /// Status of the application.
    pub status: RealNameStatus,
    /// Time of submission.
    pub submitted: Timestamp,
    /// Time of the decision.
    pub decided: Option<Timestamp>,
    /// Code and text of the rejection.
    pub reason: Option<(String, String)>,
    /// Transfer whose amount must be reported.
    pub transfer: Option<Transfer>,
}

/// A small transfer to the bank account of an enterprise. Source: docs/evidence/account.md 2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Amount in hundredths.
    pub cents: i64,
    /// Set once the transfer has arrived.
    pub arrived: bool,
    /// Number of wrong amounts that were reported.
    pub wrong: u32,
}

/// Number of wrong amounts that rejects an application. UNCERTAIN: no source gives it.
const WRONG_AMOUNTS: u32 = 3;

/// An application as submitted.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Verification method.
    pub method: Method,
    /// Submitted identity.
    pub identity: Identity,
}

/// Decision of a reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Approves the application.
    Approve,
    /// Rejects the application.
    Reject {
        /// `AuditCode`.
        code: String,
        /// Reason as text.
        reason: String,
    },
    /// Lets the verified document expire.
    Expire,
}

/// Rules of a world for a submission.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The site of the account.
    pub site: Site,
    /// Minimum age of a person in years.
    pub minimum_age: i64,
    /// Time in milliseconds before a changed identity may change again.
    pub change_lock_millis: i64,
    /// Amount in hundredths of a transfer, if the method needs one.
    pub transfer_cents: i64,
}

/// Real-name record of an account. The status is derived from its fields, which keeps them consistent.
#[derive(Debug, Clone, Default)]
pub struct RealName {
    identity: Option<Arc<Identity>>,
    since: Option<Timestamp>,
    /// Expiry of the verified document, once it has expired.
    expired: Option<Timestamp>,
    /// Time of the last change of the verified identity.
    changed: Option<Timestamp>,
    /// Set if the last event was a rejection.
    rejected: bool,
    // Invariant: at most the last one is under review.
    applications: Vec<Application>,
}

impl RealName {
    /// Returns the state of the verification.
    pub fn status(&self) -> RealNameStatus {
        match (self.applications.last().map(|last| last.status), &self.identity) {
            (Some(RealNameStatus::UnderReview), _) => RealNameStatus::UnderReview,
            (_, Some(_)) if self.expired.is_some() => RealNameStatus::NeedsUpdate,
            (_, Some(_)) => RealNameStatus::Verified,
            _ if self.rejected => RealNameStatus::Rejected,
            _ => RealNameStatus::NotVerified,
        }
    }

    /// Returns `true` if the account counts as verified. This includes a person whose upgrade is
    /// under review, and an expired document until its grace period ends.
    pub fn is_verified(&self) -> bool {
        self.identity.is_some()
    }

    /// Returns the verified identity.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// Returns the time of verification.
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// Returns the expiry of the verified document, once it has expired.
    pub fn expired(&self) -> Option<Timestamp> {
        self.expired
    }

    /// Returns all applications, oldest first.
    pub fn history(&self) -> &[Application] {
        &self.applications
    }

    /// Returns the application under review.
    pub fn under_review(&self) -> Option<&Application> {
        self.applications.last().filter(|last| last.status == RealNameStatus::UnderReview)
    }

    /// Returns `true` if a person's upgrade to an enterprise is under review: `ProcessingEnterpriseCertify`.
    pub fn is_becoming_an_enterprise(&self) -> bool {
        self.under_review().is_some_and(|one| one.identity.subject == Subject::Enterprise)
    }

    /// Verifies a member of a resource directory by the identity of its management account. Source:
    /// docs/evidence/resource-directory.md section 2.
    pub(in crate::world) fn inherit(&mut self, identity: Identity, now: Timestamp) {
        self.verify(identity, now);
    }

    /// Verifies at once, without an application: `Crm AddIdentityCertifiedForBidUser`.
    pub fn certify(&mut self, identity: Identity, terms: Terms, now: Timestamp) -> Result<(), Refusal> {
        if self.under_review().is_some() {
            return Err(Refusal::UnderReview);
        }
        if self.identity.is_some() && self.expired.is_none() {
            return Err(Refusal::AlreadyVerified);
        }
        self.check(&identity, terms, now)?;
        self.verify(identity, now);
        Ok(())
    }

    /// Submits an application. An instant method is decided at once.
    pub fn submit(
        &mut self,
        id: u64,
        submission: Submission,
        terms: Terms,
        now: Timestamp,
    ) -> Result<&Application, Refusal> {
        let Submission { method, identity } = submission;
        if self.under_review().is_some() {
            return Err(Refusal::UnderReview);
        }
        if method.days(terms.site, identity.subject).is_none() {
            return Err(Refusal::MethodNotOffered);
        }
        self.check(&identity, terms, now)?;
        let transfer = (method == Method::BankTransfer).then_some(Transfer {
            cents: terms.transfer_cents,
            arrived: false,
            wrong: 0,
        });
        self.applications.push(Application {
            id,
            method,
            identity,
            status: RealNameStatus::UnderReview,
            submitted: now,
            decided: None,
            reason: None,
            transfer,
        });
        if method.is_instant() {
            self.decide(id, Decision::Approve, now)?;
        }
        self.application(id)
    }

    /// Rejects identities that may not be verified. Source: docs/evidence/account.md 2.4.
    fn check(&self, identity: &Identity, terms: Terms, now: Timestamp) -> Result<(), Refusal> {
        if !shows(&identity.license_type, identity.subject) {
            return Err(Refusal::DocumentNotForSubject);
        }
        let years = |born: Timestamp| now.years_since(born);
        if born(&identity.license_type, identity.license_number.as_str())
            .is_some_and(|born| years(born) < terms.minimum_age)
        {
            return Err(Refusal::TooYoung);
        }
        let Some(was) = self.identity() else { return Ok(()) };
        if terms.site == Site::International
            && (was.subject, identity.subject) == (Subject::Enterprise, Subject::Personal)
        {
            return Err(Refusal::Irreversible);
        }
        let locked = self.changed.is_some_and(|at| now < at.plus_millis(terms.change_lock_millis));
        if locked && !was.is_same(identity) { Err(Refusal::ChangeLocked) } else { Ok(()) }
    }

    /// Decides an application, or expires the document that it verified.
    pub fn decide(&mut self, id: u64, decision: Decision, now: Timestamp) -> Result<(), Refusal> {
        let application =
            self.applications.iter_mut().find(|a| a.id == id).ok_or(Refusal::NoSuchApplication)?;
        if decision == Decision::Expire {
            if application.status != RealNameStatus::Verified || self.identity.is_none() {
                return Err(Refusal::NotVerified);
            }
            application.status = RealNameStatus::NeedsUpdate;
            self.expired = Some(now);
            return Ok(());
        }
        if application.status != RealNameStatus::UnderReview {
            return Err(Refusal::NotUnderReview);
        }
        application.decided = Some(now);
        if let Decision::Reject { code, reason } = decision {
            application.status = RealNameStatus::Rejected;
            application.reason = Some((code, reason));
            self.rejected = true;
        } else {
            application.status = RealNameStatus::Verified;
            let identity = application.identity.clone();
            self.verify(identity, now);
        }
        Ok(())
    }

    /// Expires the verified document, regardless of the verification method.
    pub fn expire(&mut self, now: Timestamp) -> Result<(), Refusal> {
        if self.identity.is_none() || self.expired.is_some() {
            return Err(Refusal::NotVerified);
        }
        if let Some(one) = self.applications.iter_mut().rfind(|one| one.status == RealNameStatus::Verified) {
            one.status = RealNameStatus::NeedsUpdate;
        }
        self.expired = Some(now);
        Ok(())
    }

    /// Ends the grace period of the document and removes the verification. Returns `false` if none ended.
    pub fn end_grace(&mut self, expired: Timestamp) -> bool {
        let ends = self.expired == Some(expired);
        if ends {
            self.forget();
        }
        ends
    }

    /// Withdraws an application under review.
    pub fn cancel(&mut self, id: u64, now: Timestamp) -> Result<(), Refusal> {
        let application =
            self.applications.iter_mut().find(|a| a.id == id).ok_or(Refusal::NoSuchApplication)?;
        if application.status != RealNameStatus::UnderReview {
            return Err(Refusal::NotUnderReview);
        }
        application.status = RealNameStatus::Cancelled;
        application.decided = Some(now);
        self.rejected = false;
        Ok(())
    }

    /// Removes the verification: `Crm RemoveIdentityCertifiedForBidUser`.
    pub fn remove(&mut self) -> Result<(), Refusal> {
        if !self.is_verified() {
            return Err(Refusal::NotVerified);
        }
        self.forget();
        Ok(())
    }

    /// Marks the transfer of an application as arrived; returns its amount in hundredths.
    pub fn transfer_arrives(&mut self, id: u64) -> Option<i64> {
        let application = self.applications.iter_mut().find(|one| one.id == id)?;
        let transfer = application.transfer.as_mut().filter(|_| application.decided.is_none())?;
        transfer.arrived = true;
        Some(transfer.cents)
    }

    /// Reports the amount of an arrived transfer. The right amount verifies; the third wrong amount rejects.
    pub fn tell_amount(&mut self, id: u64, cents: i64, now: Timestamp) -> Result<(), Refusal> {
        let application =
            self.applications.iter_mut().find(|a| a.id == id).ok_or(Refusal::NoSuchApplication)?;
        if application.status != RealNameStatus::UnderReview {
            return Err(Refusal::NotUnderReview);
        }
        let transfer = application.transfer.as_mut().filter(|one| one.arrived).ok_or(Refusal::NoTransfer)?;
        if transfer.cents == cents {
            return self.decide(id, Decision::Approve, now);
        }
        transfer.wrong += 1;
        if transfer.wrong == WRONG_AMOUNTS {
            let reason = "The amount was wrong three times.".to_owned();
            return self.decide(id, Decision::Reject { code: "AMOUNT".to_owned(), reason }, now);
        }
        Ok(())
    }

    /// Returns the application `id`.
    pub fn application(&self, id: u64) -> Result<&Application, Refusal> {
        self.applications.iter().find(|a| a.id == id).ok_or(Refusal::NoSuchApplication)
    }

    fn verify(&mut self, identity: Identity, now: Timestamp) {
        if self.identity().is_some_and(|was| !was.is_same(&identity)) {
            self.changed = Some(now);
        }
        self.identity = Some(Arc::new(identity));
        self.since = Some(now);
        (self.expired, self.rejected) = (None, false);
    }

    fn forget(&mut self) {
        (self.identity, self.since, self.expired, self.rejected) = (None, None, None, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Scalar;

    fn person(number: &str) -> Identity {
        Identity {
            subject: Subject::Personal,
            name: PersonName::example(),
            license_type: "0".into(),
            license_number: LicenseNumber::parse(number).unwrap(),
            phone: String::new(),
            country: None,
            expires: None,
        }
    }

    const NOW: &str = "2026-11-22T08:00:00Z";
    const DAY: i64 = 86_400_000;

    fn now() -> Timestamp {
        Timestamp::parse(NOW).unwrap()
    }

    const TERMS: Terms =
        Terms { site: Site::China, minimum_age: 16, change_lock_millis: 180 * DAY, transfer_cents: 37 };

    #[test]
    fn a_grace_ends_once_and_only_for_the_document_that_expired() {
        let mut record = RealName::default();
        record.certify(person("1"), TERMS, now()).unwrap();
        record.expire(now()).unwrap();
        assert_eq!(record.expire(now()), Err(Refusal::NotVerified));
        // The same person submits a new document in time.
        record.certify(person("1"), TERMS, now()).unwrap();
        assert!(!record.end_grace(now()) && record.is_verified());
        record.expire(now().plus_millis(1)).unwrap();
        assert!(record.end_grace(now().plus_millis(1)) && !record.is_verified());
    }

    #[test]
    fn a_change_bars_the_next_one_for_a_while() {
        let mut record = RealName::default();
        let change = |record: &mut RealName, number: &str, at: Timestamp| {
            let identity = person(number);
            let id = record.history().len() as u64;
            record.submit(id, Submission { method: Method::Face, identity }, TERMS, at).map(drop)
        };
        change(&mut record, "1", now()).unwrap();
        change(&mut record, "2", now()).unwrap();
        assert_eq!(change(&mut record, "3", now().plus_millis(180 * DAY - 1)), Err(Refusal::ChangeLocked));
        // The same document again changes nothing.
        change(&mut record, "2", now()).unwrap();
        change(&mut record, "3", now().plus_millis(180 * DAY)).unwrap();
    }

    #[test]
    fn children_and_wrong_documents_are_refused() {
        let mut record = RealName::default();
        let child = person("110101201011231234");
        assert_eq!(record.certify(child.clone(), TERMS, now()), Err(Refusal::TooYoung));
        record.certify(child, TERMS, now().plus_millis(DAY)).unwrap();
        let licence = Identity { license_type: "9".into(), ..person("1") };
        assert_eq!(RealName::default().certify(licence, TERMS, now()), Err(Refusal::DocumentNotForSubject));
    }
}
