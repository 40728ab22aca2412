//! E-mail, mobile and contacts of an account. An e-mail belongs to one account, a mobile to as many as the rules allow.
//! Source: docs/evidence/account.md 1.4 and 3.4.

use crate::text::{Email, MobilePhone, Uid};
use crate::world::account::Contact;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

/// Contacts to change; `None` keeps the old value.
#[derive(Debug, Default)]
pub struct Contacts {
    /// Security e-mail.
    pub email: Option<Email>,
    /// Security mobile.
    pub mobile: Option<MobilePhone>,
}

impl Tx<'_> {
    /// Changes security e-mail and mobile.
    pub fn set_contacts(&mut self, uid: Uid, contacts: Contacts) -> Result<(), Refusal> {
        let before = Arc::clone(&self.open_account(uid)?.profile);
        if let Some(email) = contacts.email {
            if let Some(before) = &before.email {
                self.registry_mut().emails.remove(before.as_str().to_lowercase().as_str());
            }
            self.take_email(Some(&email), uid)?;
            Arc::make_mut(&mut self.account_of(uid)?.0.profile).email = Some(email);
        }
        if let Some(mobile) = contacts.mobile {
            self.free_mobile(before.mobile.as_ref());
            self.take_mobile(Some(&mobile))?;
            Arc::make_mut(&mut self.account_of(uid)?.0.profile).mobile = Some(mobile);
        }
        Ok(())
    }

    pub(super) fn take_email(&mut self, email: Option<&Email>, uid: Uid) -> Result<(), Refusal> {
        let Some(email) = email else { return Ok(()) };
        let folded = CompactString::from(email.as_str().to_lowercase());
        let registry = self.registry_mut();
        if registry.emails.get(&folded).is_some_and(|owner| *owner != uid) {
            return Err(Refusal::EmailTaken);
        }
        registry.emails.insert(folded, uid);
        Ok(())
    }

    pub(super) fn take_mobile(&mut self, mobile: Option<&MobilePhone>) -> Result<(), Refusal> {
        let Some(mobile) = mobile else { return Ok(()) };
        let registry = self.registry_mut();
        let most = registry.rules.accounts_per_mobile;
        let count = registry.mobiles.entry(mobile.as_str().into()).or_default();
        *count += 1;
        if *count > most { Err(Refusal::MobileUsedUp) } else { Ok(()) }
    }

    pub(super) fn free_mobile(&mut self, mobile: Option<&MobilePhone>) {
        let Some(mobile) = mobile else { return };
        let mobiles = &mut self.registry_mut().mobiles;
        let left = mobiles.get(mobile.as_str()).map_or(0, |count| count.saturating_sub(1));
        match left {
            0 => mobiles.remove(mobile.as_str()),
            _ => mobiles.insert(mobile.as_str().into(), left),
        };
    }

    /// Adds a contact and returns its id.
    pub fn add_contact(&mut self, uid: Uid, contact: Contact) -> Result<u64, Refusal> {
        self.open_account(uid)?;
        let id = self.shared_id();
        self.account_of(uid)?.0.affairs_mut().contacts.insert(id, contact);
        Ok(id)
    }

    /// Verifies the e-mail or mobile of a contact by the code that was sent to it.
    pub fn verify_contact(&mut self, uid: Uid, id: u64, channel: Channel, code: &str) -> Result<(), Refusal> {
        let contact = self.open_account(uid)?.affairs.contacts.get(&id).ok_or(Refusal::NoSuchContact)?;
        let to = match channel {
            Channel::Email => contact.email.as_ref().map(|(email, _)| email.as_str()),
            _ => contact.mobile.as_ref().map(|(mobile, _)| mobile.as_str()),
        };
        let to = CompactString::from(to.ok_or(Refusal::NoSuchContact)?);
        self.use_captcha(&to, code)?;
        let contacts = &mut self.account_of(uid)?.0.affairs_mut().contacts;
        let contact = contacts.get_mut(&id).ok_or(Refusal::NoSuchContact)?;
        match channel {
            Channel::Email => contact.email.as_mut().map(|(_, shown): &mut (Email, bool)| *shown = true),
            _ => contact.mobile.as_mut().map(|(_, shown): &mut (MobilePhone, bool)| *shown = true),
        };
        Ok(())
    }
}
