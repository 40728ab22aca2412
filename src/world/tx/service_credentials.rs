//! Service credentials.

use crate::text::{SecretText, ServiceCredentialName, Timestamp};
use crate::world::account::{KeyStatus, Place, ServiceCredential};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::{CompactString, format_compact};

/// A service credential to create.
#[derive(Debug)]
pub struct NewServiceCredential {
    /// Name.
    pub name: ServiceCredentialName,
    /// The cloud service.
    pub service: CompactString,
    /// Status.
    pub status: KeyStatus,
    /// Creation time.
    pub created: Timestamp,
    /// Expiry, if it expires.
    pub expires: Option<Timestamp>,
    /// Id and secret; generated if missing.
    pub pinned: (Option<CompactString>, Option<SecretText>),
}

impl Tx<'_> {
    /// Creates a service credential. UNCERTAIN: the forms of id and secret.
    pub fn add_service_credential(
        &mut self,
        place: Place,
        new: NewServiceCredential,
    ) -> Result<ServiceCredential, Refusal> {
        let ids = self.ids;
        let (account, quotas) = self.account_of(place.uid)?;
        let number = account.counters.next(IdKind::ServiceCredential);
        let word = ids.word(IdKind::ServiceCredential, place.uid, number, 60);
        let (id, secret) = word.split_at(20);
        let made = ServiceCredential {
            number,
            id: new.pinned.0.unwrap_or_else(|| format_compact!("sc-{id}")),
            name: new.name,
            service: new.service,
            secret: new.pinned.1.unwrap_or_else(|| SecretText::new(secret)),
            status: new.status,
            created: new.created,
            expires: new.expires,
        };
        account.add_service_credential(place.owner, made.clone(), &quotas)?;
        Ok(made)
    }
}
