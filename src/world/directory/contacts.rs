//! Message contacts of a directory. Source: docs/evidence/resource-directory.md 4.9.

use crate::text::{ContactId, ContactName, Email, MobilePhone, Timestamp, Uid};
use crate::world::directory::Directory;
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;
use imbl::OrdMap;

/// Status of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactStatus {
    /// Its addresses wait for confirmation.
    Verifying,
    /// Its addresses are confirmed.
    Active,
    /// It is being removed from its members.
    Deleting,
}

/// Titles of contacts, as they are on the wire. Source: docs/evidence/resource-directory.md 4.9.
pub const TITLES: [&str; 6] =
    ["FinanceDirector", "TechnicalDirector", "MaintenanceDirector", "CEO", "ProjectDirector", "Other"];

/// Returns `true` if a text can be a type of messages. UNCERTAIN: the words; alimock accepts letters, digits, `.` and `_`.
pub fn is_message_type(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    (1..=64).contains(&text.len()) && text.chars().all(good)
}

impl ContactStatus {
    /// Returns the word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verifying => "Verifying",
            Self::Active => "Active",
            Self::Deleting => "Deleting",
        }
    }
}

/// Data of a contact that requests give.
#[derive(Debug, Clone)]
pub struct ContactData {
    /// Name; unique in the directory.
    pub name: ContactName,
    /// E-mail.
    pub email: Email,
    /// Mobile.
    pub mobile: MobilePhone,
    /// Title, by its word on the wire.
    pub title: &'static str,
    /// Types of messages that it gets.
    pub types: Vec<CompactString>,
}

/// A message contact.
#[derive(Debug, Clone)]
pub struct MessageContact {
    /// `c-` and 16 characters.
    pub id: CompactString,
    /// Data.
    pub data: ContactData,
    /// Status.
    pub status: ContactStatus,
    /// New e-mail, not confirmed.
    pub new_email: Option<Email>,
    /// New mobile, not confirmed.
    pub new_mobile: Option<MobilePhone>,
    /// Members that it is associated with, with the times of association.
    pub members: OrdMap<Uid, Timestamp>,
    /// Time of creation.
    pub created: Timestamp,
}

impl Named for MessageContact {
    fn folded_name(&self) -> CompactString {
        self.id.clone()
    }
}

/// Changes of a contact. `None` keeps the old value.
#[derive(Debug, Default)]
pub struct ContactChange {
    /// Name.
    pub name: Option<ContactName>,
    /// E-mail, which must be confirmed.
    pub email: Option<Email>,
    /// Mobile, which must be confirmed.
    pub mobile: Option<MobilePhone>,
    /// Title.
    pub title: Option<&'static str>,
    /// Types of messages.
    pub types: Option<Vec<CompactString>>,
}

impl MessageContact {
    /// Returns the addresses that wait for confirmation, e-mail first.
    pub fn waiting(&self) -> impl Iterator<Item = &str> {
        let email = self.new_email.as_ref().map(Email::as_str);
        email.into_iter().chain(self.new_mobile.as_ref().map(MobilePhone::as_str))
    }
}

impl Directory {
    /// Iterates over the message contacts, oldest first.
    pub fn contacts(&self) -> impl Iterator<Item = &MessageContact> {
        self.contacts.iter().map(|(_, contact)| &**contact)
    }

    pub(in crate::world) fn contact_slot(&self, id: &ContactId) -> Result<Slot, Refusal> {
        self.contacts.find(id.as_str()).ok_or(Refusal::NoSuchMessageContact)
    }

    /// Returns the contact with an id.
    pub fn contact(&self, id: &ContactId) -> Result<&MessageContact, Refusal> {
        let slot = self.contact_slot(id)?;
        self.contacts.get(slot).map(|contact| &**contact).ok_or(Refusal::NoSuchMessageContact)
    }

    pub(in crate::world) fn contact_mut(&mut self, id: &ContactId) -> Result<&mut MessageContact, Refusal> {
        let slot = self.contact_slot(id)?;
        self.contacts.get_mut(slot).ok_or(Refusal::NoSuchMessageContact)
    }

    pub(in crate::world) fn contact_name_is_free(
        &self,
        name: &ContactName,
        but: Option<&ContactId>,
    ) -> Result<(), Refusal> {
        let is_taken =
            self.contacts().any(|one| one.data.name == *name && but.is_none_or(|id| one.id != id.as_str()));
        if is_taken { Err(Refusal::ContactNameTaken) } else { Ok(()) }
    }

    /// Fails while a contact is being deleted, unless it is `but`. Changes of a directory run one after the other, and a deletion takes a
    /// moment. UNCERTAIN: which changes exclude each other. Source: docs/evidence/resource-directory.md section 3.
    pub(in crate::world) fn contacts_are_free(&self, but: Option<&ContactId>) -> Result<(), Refusal> {
        let is_other = |one: &MessageContact| but.is_none_or(|id| one.id != id.as_str());
        let is_busy = self.contacts().any(|one| one.status == ContactStatus::Deleting && is_other(one));
        if is_busy { Err(Refusal::DirectoryBusy) } else { Ok(()) }
    }

    /// Adds or removes members of an active contact. UNCERTAIN: a member that is there already, or not there, is accepted.
    pub fn associate(
        &mut self,
        id: &ContactId,
        members: &[Uid],
        on: bool,
        (now, quotas): (Timestamp, &Quotas),
    ) -> Result<(), Refusal> {
        if on {
            self.contacts_are_free(Some(id))?;
        } else if members.len() > quotas.members_per_directory {
            return Err(Refusal::TooManyMembersNamed);
        }
        if members.iter().any(|uid| self.member(*uid).is_err()) {
            return Err(Refusal::NotAMemberForContact);
        }
        let contact = self.contact_mut(id)?;
        if contact.status != ContactStatus::Active {
            return Err(Refusal::ContactUnfit);
        }
        for uid in members {
            if on {
                contact.members.entry(*uid).or_insert(now);
            } else {
                contact.members.remove(uid);
            }
        }
        if on && contact.members.len() > quotas.members_per_contact {
            return Err(Refusal::TooManyMembersOfContact);
        }
        Ok(())
    }

    /// Cancels the change of an address that waits for confirmation.
    pub fn cancel_contact_update(
        &mut self,
        id: &ContactId,
        email: Option<&Email>,
        mobile: Option<&MobilePhone>,
    ) -> Result<(), Refusal> {
        let contact = self.contact_mut(id)?;
        let has_email = email.is_some() && contact.new_email.as_ref() == email;
        let has_mobile = mobile.is_some() && contact.new_mobile.as_ref() == mobile;
        if contact.status != ContactStatus::Active || !(has_email || has_mobile) {
            return Err(Refusal::ContactUnfit);
        }
        if has_email {
            contact.new_email = None;
        }
        if has_mobile {
            contact.new_mobile = None;
        }
        Ok(())
    }
}
