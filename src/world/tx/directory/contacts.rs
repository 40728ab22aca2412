//! Message contacts of a directory: confirmation of their addresses, and deletion. Source: docs/evidence/resource-directory.md 4.9.

use crate::text::{ContactId, Email, MobilePhone, Uid};
use crate::world::directory::{ContactChange, ContactData, ContactStatus, MessageContact};
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::state::Event;
use crate::world::tx::Tx;
use compact_str::CompactString;
use imbl::OrdMap;

/// UNCERTAIN: no page shows how long the deletion from members takes.
const DELETION_MILLIS: i64 = 3_000;

impl Tx<'_> {
    /// Adds a contact, and asks its addresses for confirmation.
    pub fn add_message_contact(&mut self, manager: Uid, data: ContactData) -> Result<CompactString, Refusal> {
        let directory = self.state.directory(manager)?;
        directory.contacts_are_free(None)?;
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

    /// Adds a contact of a scenario, with a given or generated id.
    pub fn plant_message_contact(
        &mut self,
        manager: Uid,
        id: Option<CompactString>,
        contact: MessageContact,
    ) -> Result<(), Refusal> {
        let directory = self.state.directory(manager)?;
        directory.contact_name_is_free(&contact.data.name, None)?;
        if contact.members.keys().any(|uid| directory.member(*uid).is_err()) {
            return Err(Refusal::NotAMemberForContact);
        }
        if directory.contacts.len() >= self.state.quotas.message_contacts {
            return Err(Refusal::TooManyMessageContacts);
        }
        let id = id.map_or_else(|| self.directory_id(manager, "c-", 16), Ok)?;
        let added = self.directory_mut(manager)?.contacts.add(MessageContact { id, ..contact });
        added.map(drop).map_err(|_| Refusal::ContactNameTaken)
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
        directory.contacts_are_free(Some(id))?;
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
        directory.contacts_are_free(Some(id))?;
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
