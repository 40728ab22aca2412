//! Matters of an account that seldom change and that nothing else depends on: labels, statuses of services, addresses of
//! verification pages.

use crate::text::Timestamp;
use crate::world::account::customers::{Association, Contact, Customers, JoinRequest};
use crate::world::account::instances::Check;
use crate::world::account::real_name::Subject;
use crate::world::refusal::Refusal;
use compact_str::CompactString;
use imbl::OrdMap;
use std::sync::Arc;

/// A label: its series and its name. Source: docs/evidence/account.md 3.2 and 3.3.
pub type Label = (CompactString, CompactString);

/// The address of a verification page, good for a while. Source: docs/evidence/account.md 3.1, `GenerateAliyunBidCertWaysUrl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Who may be verified on it; anybody when it says none.
    pub subject: Option<Subject>,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// Addresses that were given out, by the token in them.
pub type Links = OrdMap<CompactString, Link>;

/// What seldom changes.
#[derive(Debug, Clone, Default)]
pub struct Affairs {
    /// Labels, each with its end.
    pub labels: OrdMap<Label, Option<Timestamp>>,
    /// Status of a service, by service and key: `Ubsms`. Source: docs/evidence/account.md 1.6.
    pub business: OrdMap<(CompactString, CompactString), CompactString>,
    /// Addresses of verification pages.
    pub links: Links,
    /// When the KYC Center must have been answered after a notice of payment risk.
    pub kyc_due: Option<Timestamp>,
    /// The relation to its partner: its number, and since when.
    pub relation: Option<(u64, Timestamp)>,
    /// How its partner keeps it.
    pub association: Option<Arc<Association>>,
    /// To whom it sells, when it is a partner.
    pub customers: Customers,
    /// Whom to turn to, by their ids.
    pub contacts: OrdMap<u64, Contact>,
    /// Enterprises that ask it to join, by the numbers of their requests.
    pub joins: OrdMap<u64, JoinRequest>,
    /// Refunds: the number of each order, by the token that makes a repeated one harmless.
    pub refunds: OrdMap<CompactString, u64>,
    /// What else the form of an application for verification said, by the names of official APIs and by application.
    pub forms: OrdMap<u64, Form>,
    /// The latest check of whether the account could be closed: its number, and what stood against it.
    pub checked: Option<(u64, Arc<[Check]>)>,
    /// Whether what is known of the person behind it is hidden.
    pub hidden: bool,
}

/// What a form said.
pub type Form = OrdMap<CompactString, CompactString>;

/// The key of a service's status that says whether it is activated. UNCERTAIN: keys are not published; this one is ours.
pub(in crate::world) const ACTIVATED: &str = "activated";

impl Affairs {
    /// Whether the account has activated a service: each is until its status says otherwise.
    pub fn has_activated(&self, service: &str) -> bool {
        let key = (service.to_lowercase().into(), ACTIVATED.into());
        self.business.get(&key).is_none_or(|value| value != "false")
    }

    /// Sets a status of a service.
    pub fn set_business(&mut self, service: &str, key: &str, value: &str) {
        self.business.insert((service.to_lowercase().into(), key.into()), value.into());
    }

    /// Activates a service, or takes its activation away.
    pub fn set_activated(&mut self, service: &str, active: bool) {
        self.set_business(service, ACTIVATED, if active { "true" } else { "false" });
    }

    /// The labels that hold at `now`, in order.
    pub fn labels_at(&self, now: Timestamp) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(move |(_, end)| end.is_none_or(|end| end > now)).map(|(label, _)| label)
    }

    /// Refuses an address that is none, is meant for another subject, or is over.
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
