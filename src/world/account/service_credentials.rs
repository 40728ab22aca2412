//! Service credentials: API keys of a user, or of the account itself, for one cloud service. Source: docs/evidence/ims.md 4.13.

use crate::text::{SecretText, ServiceCredentialName, Timestamp};
use crate::world::account::{Account, KeyStatus, Owner};
use crate::world::refusal::Refusal;
use crate::world::settings::Quotas;
use compact_str::CompactString;
use std::sync::Arc;

/// A service credential.
#[derive(Debug, Clone)]
pub struct ServiceCredential {
    /// Number in the account, in order of creation.
    pub number: u32,
    /// Id. UNCERTAIN: its form.
    pub id: CompactString,
    /// Name; several credentials may have the same one (UNCERTAIN).
    pub name: ServiceCredentialName,
    /// The cloud service.
    pub service: CompactString,
    /// Secret; only the response that creates it has it.
    pub secret: SecretText,
    /// Status, without the expiry.
    pub status: KeyStatus,
    /// Creation time.
    pub created: Timestamp,
    /// Expiry; `None` for a credential that never expires.
    pub expires: Option<Timestamp>,
}

impl ServiceCredential {
    /// Returns the status at `now`: `Active`, `Inactive` or `Expired`.
    pub fn status_at(&self, now: Timestamp) -> &'static str {
        match self.status {
            _ if self.expires.is_some_and(|expires| expires <= now) => "Expired",
            KeyStatus::Active => "Active",
            KeyStatus::Inactive => "Inactive",
        }
    }
}

impl Account {
    /// Returns the credentials of an owner, oldest first.
    pub fn service_credentials(&self, owner: Owner) -> &[ServiceCredential] {
        self.affairs.service_credentials.get(&owner).map_or(&[], |all| all)
    }

    /// Returns a credential of an owner.
    pub fn service_credential(&self, owner: Owner, id: &str) -> Result<&ServiceCredential, Refusal> {
        let mut all = self.service_credentials(owner).iter();
        all.find(|one| one.id == id).ok_or(Refusal::NoSuchServiceCredential)
    }

    /// Adds a credential, unless its owner has as many for the service as the quota allows.
    pub fn add_service_credential(
        &mut self,
        owner: Owner,
        new: ServiceCredential,
        quotas: &Quotas,
    ) -> Result<(), Refusal> {
        let all = self.service_credentials(owner);
        let same = all.iter().filter(|one| one.service.eq_ignore_ascii_case(&new.service)).count();
        if same >= quotas.service_credentials_each {
            return Err(Refusal::TooManyServiceCredentials);
        }
        let all: Arc<[_]> = all.iter().cloned().chain([new]).collect();
        self.affairs_mut().service_credentials.insert(owner, all);
        Ok(())
    }

    /// Changes a credential of an owner; `None` deletes it.
    pub fn change_service_credential(
        &mut self,
        owner: Owner,
        id: &str,
        change: impl Fn(ServiceCredential) -> Option<ServiceCredential>,
    ) -> Result<(), Refusal> {
        self.service_credential(owner, id)?;
        let change = |one: ServiceCredential| if one.id == id { change(one) } else { Some(one) };
        let left: Vec<_> = self.service_credentials(owner).iter().cloned().filter_map(change).collect();
        let all = &mut self.affairs_mut().service_credentials;
        if left.is_empty() {
            all.remove(&owner)
        } else {
            all.insert(owner, left.into())
        };
        Ok(())
    }
}
