//! Message contacts of a directory. Source: docs/evidence/resource-directory.md 4.9.

use crate::text::{ContactId, ContactName, Email, MobilePhone, Timestamp, Uid};
use crate::world::directory::Directory;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::state::Event;
use crate::world::tx::Tx;
use compact_str::CompactString;
use imbl::OrdMap;

/// UNCERTAIN: no page shows how long the deletion from members takes.
const DELETION_MILLIS: i64 = 3_000;

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

    fn contact_slot(&self, id: &ContactId) -> Result<Slot, Refusal> {
        self.contacts.find(id.as_str()).ok_or(Refusal::NoSuchMessageContact)
    }

    /// Returns the contact with an id.
    pub fn contact(&self, id: &ContactId) -> Result<&MessageContact, Refusal> {
        let slot = self.contact_slot(id)?;
        self.contacts.get(slot).map(|contact| &**contact).ok_or(Refusal::NoSuchMessageContact)
    }

    fn contact_mut(&mut self, id: &ContactId) -> Result<&mut MessageContact, Refusal> {
        let slot = self.contact_slot(id)?;
        self.contacts.get_mut(slot).ok_or(Refusal::NoSuchMessageContact)
    }

    fn contact_name_is_free(&self, name: &ContactName, but: Option<&ContactId>) -> Result<(), Refusal> {
        let is_taken =
            self.contacts().any(|one| one.data.name == *name && but.is_none_or(|id| one.id != id.as_str()));
        if is_taken { Err(Refusal::ContactNameTaken) } else { Ok(()) }
    }

    /// Adds or removes members of an active contact. UNCERTAIN: a member that is there already, or not there, is accepted.
    pub fn associate(
        &mut self,
        id: &ContactId,
        members: &[Uid],
        on: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if members.iter().any(|uid| self.member(*uid).is_err()) {
            return Err(Refusal::NotAMemberForContact);
        }
        let contact = self.contact_mut(id)?;
        if contact.status != ContactStatus::Active {
            return Err(Refusal::ContactUnfit);
        }
        for uid in members {
            match on {
                true => contact.members.entry(*uid).or_insert(now),
                false => {
                    contact.members.remove(uid);
                    continue;
                }
            };
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

impl Tx<'_> {
    /// Adds a contact, and asks its addresses for confirmation.
    pub fn add_message_contact(&mut self, manager: Uid, data: ContactData) -> Result<CompactString, Refusal> {
        let directory = self.state.directory(manager)?;
        directory.contact_name_is_free(&data.name, None)?;
        if directory.contacts.len() >= self.state.quotas.message_contacts {
            return Err(Refusal::TooManyMessageContacts);
        }
        let (id, now) = (self.directory_id(manager, "c-", 16)?, self.now);
        let contact = MessageContact {
            id: id.clone(),
            new_email: Some(data.email.clone()),
            new_mobile: Some(data.mobile.clone()),
            data,
            status: ContactStatus::Verifying,
            members: OrdMap::new(),
            created: now,
        };
        let waiting: Vec<_> = contact.waiting().map(str::to_owned).collect();
        self.directory_mut(manager)?.contacts.add(contact).map_err(|_| Refusal::TooManyMessageContacts)?;
        waiting.iter().try_for_each(|to| self.ask_contact(manager, to))?;
        Ok(id)
    }

    /// Changes a contact. New addresses must be confirmed.
    pub fn update_message_contact(
        &mut self,
        manager: Uid,
        id: &ContactId,
        change: ContactChange,
    ) -> Result<(), Refusal> {
        let directory = self.directory_mut(manager)?;
        directory.contact(id)?;
        if let Some(name) = &change.name {
            directory.contact_name_is_free(name, Some(id))?;
        }
        let contact = directory.contact_mut(id)?;
        if contact.status != ContactStatus::Active {
            return Err(Refusal::ContactUnfit);
        }
        let data = &mut contact.data;
        data.name = change.name.unwrap_or_else(|| data.name.clone());
        data.title = change.title.unwrap_or(data.title);
        data.types = change.types.unwrap_or_else(|| std::mem::take(&mut data.types));
        let (email, mobile) =
            (change.email.filter(|new| *new != data.email), change.mobile.filter(|new| *new != data.mobile));
        let asked: Vec<_> = [email.as_ref().map(Email::as_str), mobile.as_ref().map(MobilePhone::as_str)]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect();
        contact.new_email = email.or_else(|| contact.new_email.take());
        contact.new_mobile = mobile.or_else(|| contact.new_mobile.take());
        asked.iter().try_for_each(|to| self.ask_contact(manager, to))
    }

    /// Asks the owner of an address to confirm it.
    fn ask_contact(&mut self, manager: Uid, to: &str) -> Result<(), Refusal> {
        let channel = if to.contains('@') { Channel::Email } else { Channel::Sms };
        self.send_to_directory_contact(manager, channel, to)
    }

    /// Asks the owner of an address that waits for confirmation again.
    pub fn ask_contact_again(&mut self, manager: Uid, id: &ContactId, to: &str) -> Result<(), Refusal> {
        let contact = self.state.directory(manager)?.contact(id)?;
        if !contact.waiting().any(|one| one == to) {
            return Err(Refusal::NoContactVerification);
        }
        self.ask_contact(manager, to)
    }

    /// Confirms the addresses of the contact that waits for a mailbox to answer, as its owner does. UNCERTAIN: the owner confirms the mobile,
    /// too.
    pub fn confirm_message_contact(&mut self, mailbox: &Email) -> Result<Uid, Refusal> {
        let waits = |contact: &&MessageContact| contact.new_email.as_ref() == Some(mailbox);
        let mut found = self
            .state
            .directories
            .iter()
            .flat_map(|one| one.contacts().map(move |contact| (one.manager, contact)));
        let (manager, contact) = found.find(|(_, contact)| waits(contact)).ok_or(Refusal::NoSuchTrace)?;
        let id = contact.id.clone();
        drop(found);
        let directory = self.directory_mut(manager)?;
        let slot = directory.contacts.find(&id).ok_or(Refusal::NoSuchMessageContact)?;
        if let Some(contact) = directory.contacts.get_mut(slot) {
            let data = &mut contact.data;
            data.email = contact.new_email.take().unwrap_or_else(|| data.email.clone());
            data.mobile = contact.new_mobile.take().unwrap_or_else(|| data.mobile.clone());
            contact.status = ContactStatus::Active;
        }
        Ok(manager)
    }

    /// Deletes a contact: at once, or in a moment if it also goes from its members.
    pub fn delete_message_contact(
        &mut self,
        manager: Uid,
        id: &ContactId,
        retain: bool,
    ) -> Result<bool, Refusal> {
        let now = self.now;
        let directory = self.directory_mut(manager)?;
        let slot = directory.contact_slot(id)?;
        if retain {
            directory.contacts.remove(slot);
            return Ok(true);
        }
        let contact = directory.contact_mut(id)?;
        if contact.status != ContactStatus::Deleting {
            contact.status = ContactStatus::Deleting;
            let id = contact.id.clone();
            self.later(now.plus_millis(DELETION_MILLIS), Event::ContactDeleted { manager, id });
        }
        Ok(false)
    }

    /// Ends the deletion of a contact.
    pub(in crate::world) fn contact_deleted(&mut self, manager: Uid, id: &str) -> Option<String> {
        let directory = self.directory_mut(manager).ok()?;
        let slot = directory.contacts.find(id)?;
        directory.contacts.remove(slot)?;
        Some(format!("the message contact {id} of account {manager} was deleted"))
    }
}
