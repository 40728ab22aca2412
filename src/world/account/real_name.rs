//! Real-name verification: what an account has shown of itself, and the way there.
//!
//! Transitions and their source: facts/account.md 2.4.

use crate::text::{LicenseNumber, PersonName, Timestamp};
use crate::world::account::Site;
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Person or enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A person.
    Personal,
    /// An enterprise.
    Enterprise,
}

/// Where an account stands. Source: facts/account.md 2.4 (our names: the service publishes none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RealNameStatus {
    /// Nothing was shown.
    #[default]
    NotVerified,
    /// An application waits for its decision.
    UnderReview,
    /// Verified.
    Verified,
    /// The last application was rejected.
    Rejected,
    /// The document has expired; it still counts as verified.
    NeedsUpdate,
    /// The application was withdrawn.
    Cancelled,
}

/// As it is written in files.
impl fmt::Display for RealNameStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// How an application is made. Source: facts/account.md 2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Authorisation by a verified Alipay account: at once.
    Alipay,
    /// Face scan: at once.
    Face,
    /// Upload of documents: reviewed.
    Document,
    /// The representative's face scan: at once.
    LegalRepFace,
    /// Enterprise Alipay: at once.
    EnterpriseAlipay,
    /// A small transfer to the enterprise's bank account: reviewed.
    BankTransfer,
}

impl Method {
    /// Whether it needs no review.
    pub fn is_instant(self) -> bool {
        !matches!(self, Self::Document | Self::BankTransfer)
    }
}

/// What is shown of a person or an enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Person or enterprise.
    pub subject: Subject,
    /// Name on the document.
    pub name: PersonName,
    /// Type of the document: `0` ID card, `9` business licence, `12`, `13`. Source: facts/account.md 2.3.
    pub license_type: String,
    /// Its number.
    pub license_number: LicenseNumber,
    /// Telephone.
    pub phone: String,
}

/// One application and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its number.
    pub id: u64,
    /// How it was made.
    pub method: Method,
    /// What it shows.
    pub identity: Identity,
    /// Where it stands.
    pub status: RealNameStatus,
    /// When it was handed in.
    pub submitted: Timestamp,
    /// When it was decided.
    pub decided: Option<Timestamp>,
    /// Code and text of a rejection.
    pub reason: Option<(String, String)>,
}

/// What a reviewer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Verified.
    Approve,
    /// Rejected, with code and reason.
    Reject {
        /// `AuditCode`.
        code: String,
        /// Text.
        reason: String,
    },
    /// The verified document has expired.
    Expire,
}

/// The real-name record of an account.
#[derive(Debug, Clone, Default)]
pub struct RealName {
    status: RealNameStatus,
    // Invariant: present exactly when `is_verified()`; see `verified_has_an_identity`.
    identity: Option<Arc<Identity>>,
    since: Option<Timestamp>,
    applications: Vec<Application>,
}

impl RealName {
    /// Where the account stands.
    pub fn status(&self) -> RealNameStatus {
        self.status
    }

    /// Whether it counts as verified. An upgrade under review leaves a verified person verified.
    pub fn is_verified(&self) -> bool {
        self.identity.is_some()
    }

    /// What it is verified as.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// Since when it is verified.
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// Every application, oldest first.
    pub fn history(&self) -> &[Application] {
        &self.applications
    }

    /// Verifies at once, without an application: what `Crm AddIdentityCertifiedForBidUser` does.
    pub fn certify(&mut self, identity: Identity, now: Timestamp) -> Result<(), Refusal> {
        if self.status == RealNameStatus::UnderReview {
            return Err(Refusal::UnderReview);
        }
        if self.status == RealNameStatus::Verified {
            return Err(Refusal::AlreadyVerified);
        }
        self.verify(identity, now);
        Ok(())
    }

    /// Hands in an application; an instant method is decided at once.
    pub fn submit(
        &mut self,
        id: u64,
        method: Method,
        identity: Identity,
        site: Site,
        now: Timestamp,
    ) -> Result<&Application, Refusal> {
        if self.status == RealNameStatus::UnderReview {
            return Err(Refusal::UnderReview);
        }
        let was = self.identity().map(|identity| identity.subject);
        if site == Site::International
            && was == Some(Subject::Enterprise)
            && identity.subject == Subject::Personal
        {
            return Err(Refusal::Irreversible);
        }
        self.status = RealNameStatus::UnderReview;
        self.applications.push(Application {
            id,
            method,
            identity,
            status: self.status,
            submitted: now,
            decided: None,
            reason: None,
        });
        if method.is_instant() {
            self.decide(id, Decision::Approve, now)?;
        }
        self.application(id)
    }

    /// Decides an application, or lets the document it verified expire.
    pub fn decide(&mut self, id: u64, decision: Decision, now: Timestamp) -> Result<(), Refusal> {
        let application =
            self.applications.iter_mut().find(|a| a.id == id).ok_or(Refusal::NoSuchApplication)?;
        let expected =
            if decision == Decision::Expire { RealNameStatus::Verified } else { RealNameStatus::UnderReview };
        if application.status != expected {
            return Err(if decision == Decision::Expire {
                Refusal::NotVerified
            } else {
                Refusal::NotUnderReview
            });
        }
        application.decided = Some(now);
        match decision {
            Decision::Approve => {
                application.status = RealNameStatus::Verified;
                let identity = application.identity.clone();
                self.verify(identity, now);
            }
            Decision::Reject { code, reason } => {
                application.status = RealNameStatus::Rejected;
                application.reason = Some((code, reason));
                self.fall_back(RealNameStatus::Rejected);
            }
            Decision::Expire => {
                application.status = RealNameStatus::NeedsUpdate;
                self.status = RealNameStatus::NeedsUpdate;
            }
        }
        Ok(())
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
        self.fall_back(RealNameStatus::NotVerified);
        Ok(())
    }

    /// Takes the verification away: what `Crm RemoveIdentityCertifiedForBidUser` does.
    pub fn remove(&mut self) -> Result<(), Refusal> {
        if !self.is_verified() {
            return Err(Refusal::NotVerified);
        }
        self.identity = None;
        self.since = None;
        if self.status != RealNameStatus::UnderReview {
            self.status = RealNameStatus::NotVerified;
        }
        Ok(())
    }

    /// The application `id`.
    pub fn application(&self, id: u64) -> Result<&Application, Refusal> {
        self.applications.iter().find(|a| a.id == id).ok_or(Refusal::NoSuchApplication)
    }

    fn verify(&mut self, identity: Identity, now: Timestamp) {
        self.status = RealNameStatus::Verified;
        self.identity = Some(Arc::new(identity));
        self.since = Some(now);
    }

    /// A failed upgrade leaves what was verified before.
    fn fall_back(&mut self, otherwise: RealNameStatus) {
        self.status = if self.is_verified() { RealNameStatus::Verified } else { otherwise };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Scalar;

    fn identity(subject: Subject) -> Identity {
        Identity {
            subject,
            name: PersonName::parse("Example").unwrap(),
            license_type: "9".into(),
            license_number: LicenseNumber::parse("91330000MA27XXXXXX").unwrap(),
            phone: String::new(),
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    #[test]
    fn a_reviewed_method_waits_and_an_instant_one_does_not() {
        let mut record = RealName::default();
        record.submit(1, Method::Document, identity(Subject::Personal), Site::China, now()).unwrap();
        assert_eq!((record.status(), record.is_verified()), (RealNameStatus::UnderReview, false));
        record.decide(1, Decision::Reject { code: "BLUR".into(), reason: "blurred".into() }, now()).unwrap();
        assert_eq!(record.status(), RealNameStatus::Rejected);
        record.submit(2, Method::Alipay, identity(Subject::Personal), Site::China, now()).unwrap();
        assert_eq!((record.status(), record.is_verified()), (RealNameStatus::Verified, true));
    }

    #[test]
    fn a_verified_person_stays_verified_while_an_upgrade_is_reviewed_and_after_its_rejection() {
        let mut record = RealName::default();
        record.certify(identity(Subject::Personal), now()).unwrap();
        record.submit(1, Method::BankTransfer, identity(Subject::Enterprise), Site::China, now()).unwrap();
        assert_eq!((record.status(), record.is_verified()), (RealNameStatus::UnderReview, true));
        record.decide(1, Decision::Reject { code: String::new(), reason: String::new() }, now()).unwrap();
        assert_eq!(
            (record.status(), record.identity().unwrap().subject),
            (RealNameStatus::Verified, Subject::Personal)
        );
    }

    #[test]
    fn an_enterprise_of_the_international_site_cannot_go_back() {
        let mut record = RealName::default();
        record.certify(identity(Subject::Enterprise), now()).unwrap();
        let again =
            record.submit(1, Method::Document, identity(Subject::Personal), Site::International, now());
        assert_eq!(again.unwrap_err(), Refusal::Irreversible);
        assert!(record.submit(1, Method::Document, identity(Subject::Personal), Site::China, now()).is_ok());
    }

    #[test]
    fn verified_has_an_identity() {
        let mut record = RealName::default();
        assert_eq!(record.remove(), Err(Refusal::NotVerified));
        record.submit(1, Method::Document, identity(Subject::Personal), Site::China, now()).unwrap();
        assert_eq!(record.certify(identity(Subject::Personal), now()), Err(Refusal::UnderReview));
        record.decide(1, Decision::Approve, now()).unwrap();
        record.decide(1, Decision::Expire, now()).unwrap();
        assert!(record.is_verified() && record.identity().is_some());
        record.remove().unwrap();
        assert!(!record.is_verified() && record.status() == RealNameStatus::NotVerified);
        assert_eq!(record.decide(1, Decision::Approve, now()), Err(Refusal::NotUnderReview));
    }
}
