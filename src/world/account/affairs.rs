//! Rarely changed data of an account that nothing else depends on: labels, service statuses,
//! verification links.

use crate::policy::NetworkPolicy;
use crate::text::Timestamp;
use crate::world::account::closing::Check;
use crate::world::account::customers::{Association, Contact, Customers, JoinRequest};
use crate::world::account::real_name::Subject;
use crate::world::account::{Owner, Reports, ServiceCredential};
use crate::world::refusal::Refusal;
use compact_str::CompactString;
use imbl::OrdMap;
use std::sync::Arc;

/// A label: series and name. Source: docs/evidence/account.md 3.2 and 3.3.
pub type Label = (CompactString, CompactString);

/// A temporary verification link. Source: docs/evidence/account.md 3.1, `GenerateAliyunBidCertWaysUrl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Subject that may use the link; `None` allows any.
    pub subject: Option<Subject>,
    /// Expiry of the link.
    pub expires: Timestamp,
}

/// Issued links, by token.
pub type Links = OrdMap<CompactString, Link>;

/// Rarely changed data of an account.
#[derive(Debug, Clone, Default)]
pub struct Affairs {
    /// Labels with their expiry.
    pub labels: OrdMap<Label, Option<Timestamp>>,
    /// Service statuses, by service and key: `Ubsms`. Source: docs/evidence/account.md 1.6.
    pub business: OrdMap<(CompactString, CompactString), CompactString>,
    /// Issued verification links.
    pub links: Links,
    /// Deadline of the KYC Center after a payment risk notice.
    pub kyc_due: Option<Timestamp>,
    /// Partner relation: number and start time.
    pub relation: Option<(u64, Timestamp)>,
    /// The partner's own record of the account.
    pub association: Option<Arc<Association>>,
    /// Customers of a partner.
    pub customers: Customers,
    /// Contacts, by id.
    pub contacts: OrdMap<u64, Contact>,
    /// Requests by enterprises that the account join them, by id.
    pub joins: OrdMap<u64, JoinRequest>,
    /// Refund order numbers, by idempotency token.
    pub refunds: OrdMap<CompactString, u64>,
    /// Other fields of verification applications, by application id.
    pub forms: OrdMap<u64, Form>,
    /// Latest check before closing: number, and reasons against closing.
    pub checked: Option<(u64, Arc<[Check]>)>,
    /// Tasks that deleted service-linked roles. Such a task outlives its role.
    pub deleted_roles: imbl::OrdSet<CompactString>,
    /// Hides the personal data of the owner.
    pub hidden: bool,
    /// Network policy of all keys of the account and its users.
    pub key_network: Option<Arc<NetworkPolicy>>,
    /// Service credentials by owner. A deleted user keeps its own until it is purged.
    pub service_credentials: OrdMap<Owner, Arc<[ServiceCredential]>>,
    /// Reports that were asked for.
    pub reports: Reports,
}

/// Other fields of an application form, by their official names.
pub type Form = OrdMap<CompactString, CompactString>;

/// Status key that says if a service is activated. UNCERTAIN: real keys are not published; alimock chose this one.
pub(in crate::world) const ACTIVATED: &str = "activated";

impl Affairs {
    /// Returns `true` if a service is activated. Services are activated by default.
    pub fn has_activated(&self, service: &str) -> bool {
        let key = (service.to_lowercase().into(), ACTIVATED.into());
        self.business.get(&key).is_none_or(|value| value != "false")
    }

    /// Sets a service status.
    pub fn set_business(&mut self, service: &str, key: &str, value: &str) {
        self.business.insert((service.to_lowercase().into(), key.into()), value.into());
    }

    /// Activates or deactivates a service.
    pub fn set_activated(&mut self, service: &str, active: bool) {
        self.set_business(service, ACTIVATED, if active { "true" } else { "false" });
    }

    /// Returns the labels valid at `now`, in order.
    pub fn labels_at(&self, now: Timestamp) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(move |(_, end)| end.is_none_or(|end| end > now)).map(|(label, _)| label)
    }

    /// Rejects a link that is unknown, expired or issued for another subject.
    pub fn check_link(&self, token: &str, subject: Subject, now: Timestamp) -> Result<(), Refusal> {
        let link = self.links.get(token).ok_or(Refusal::NoSuchLink)?;
        if link.expires <= now {
            return Err(Refusal::LinkExpired);
        }
        if link.subject.is_some_and(|meant| meant != subject) {
            return Err(Refusal::LinkForAnother);
        }
        Ok(())
    }
}
