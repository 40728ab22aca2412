//! Mails that ask to confirm a registration or a new log-in e-mail. The outbox shows the number to confirm with.
//!
//! UNCERTAIN: the lifetime of a trace. Here it has no limit. Source: docs/evidence/account.md 3.3.

use crate::text::{Email, LoginName, Scalar, Uid};
use crate::world::account::{Asked, Trace, TraceStatus};
use crate::world::ids::IdKind;
use crate::world::outbox::{Channel, Message};
use crate::world::refusal::Refusal;
use crate::world::tx::{Contacts, Tx};
use compact_str::CompactString;
use std::sync::Arc;

impl Tx<'_> {
    /// Asks the owner of a mailbox to confirm the registration of an account of a partner. Returns the number.
    pub fn ask_for_registration(&mut self, partner: Uid, email: Email) -> Result<CompactString, Refusal> {
        self.partner_has_room(partner)?;
        self.mailbox_is_free(&email, None)?;
        self.ask(partner, Asked::Registration { email, made: None })
    }

    /// Asks the owner of a mailbox to confirm it as the new log-in e-mail of an account. Returns the number.
    pub fn ask_for_login_email(
        &mut self,
        partner: Uid,
        uid: Uid,
        new: Email,
    ) -> Result<CompactString, Refusal> {
        let old = self.open_account(uid)?.profile.email.clone();
        self.mailbox_is_free(&new, Some(uid))?;
        self.ask(partner, Asked::LoginEmail { uid, old, new })
    }

    /// Asks the owner of a mailbox to confirm it as the e-mail of a member of a resource directory. Returns the number of the record.
    pub(in crate::world) fn ask_for_record(
        &mut self,
        manager: Uid,
        uid: Uid,
        new: Email,
    ) -> Result<CompactString, Refusal> {
        self.mailbox_is_free(&new, None).map_err(|_| Refusal::MemberEmailTaken)?;
        let ids = self.ids;
        let old = self.open_account(uid)?.profile.email.clone();
        let counter = self.account_of(manager)?.0.counters.next(IdKind::Trace);
        let number = ids.record(manager, counter);
        let asked = Asked::LoginEmail { uid, old, new };
        self.put_trace(&number, Trace { partner: manager, asked, status: TraceStatus::Waiting });
        Ok(number)
    }

    fn put_trace(&mut self, number: &CompactString, trace: Trace) {
        self.mail_trace(number, &trace);
        self.registry_mut().traces.insert(number.clone(), Arc::new(trace));
    }

    fn mailbox_is_free(&self, email: &Email, but_for: Option<Uid>) -> Result<(), Refusal> {
        let owner = self.state.registry.emails.get(email.as_str().to_lowercase().as_str());
        if owner.is_some_and(|owner| Some(*owner) != but_for) { Err(Refusal::EmailTaken) } else { Ok(()) }
    }

    fn ask(&mut self, partner: Uid, asked: Asked) -> Result<CompactString, Refusal> {
        let trace = Trace { partner, asked, status: TraceStatus::Waiting };
        let ids = self.ids;
        let (account, _) = self.account_of(partner)?;
        let counter = account.counters.next(IdKind::Trace);
        let number = compact_str::format_compact!("{}", ids.number(IdKind::Trace, partner, counter, 12));
        self.put_trace(&number, trace);
        Ok(number)
    }

    fn mail_trace(&mut self, number: &str, trace: &Trace) {
        let (scene, what) = match trace.asked {
            Asked::Registration { .. } => ("confirm-registration", "the registration of your account"),
            Asked::LoginEmail { .. } => ("confirm-login-email", "your new log-in e-mail"),
        };
        let text = format!("Confirm {what} under the number {number}.");
        self.send(self.message(Channel::Email, trace.mailbox().as_str(), scene, text));
    }

    /// Returns a trace that is neither confirmed nor cancelled.
    fn waiting(&self, number: &str) -> Result<&Arc<Trace>, Refusal> {
        let trace = self.state.registry.traces.get(number).ok_or(Refusal::NoSuchTrace)?;
        if trace.status == TraceStatus::Waiting { Ok(trace) } else { Err(Refusal::TraceDone) }
    }

    /// Sends the mail of a trace again.
    pub fn resend_trace(&mut self, number: &str) -> Result<(), Refusal> {
        let trace = Arc::clone(self.waiting(number)?);
        self.mail_trace(number, &trace);
        Ok(())
    }

    /// Sends the mail of a creation or switch of a member again, but not soon after the last one. UNCERTAIN: the interval; here that of codes.
    pub(crate) fn resend_record(&mut self, number: &str) -> Result<(), Refusal> {
        let mailbox = self.waiting(number)?.mailbox().clone();
        let since = self.now.plus(-self.rules().captcha_interval.0);
        let recent = self.state.registry.outbox.iter().rev().take_while(|one| one.at > since);
        let is_it = |one: &&Arc<Message>| one.to == mailbox.as_str() && one.text.contains(number);
        if recent.filter(is_it).count() > 0 {
            return Err(Refusal::MailedTooOften);
        }
        self.resend_trace(number)
    }

    /// Cancels a trace.
    pub fn cancel_trace(&mut self, number: &str) -> Result<(), Refusal> {
        let trace = Trace { status: TraceStatus::Cancelled, ..Trace::clone(self.waiting(number)?) };
        self.registry_mut().traces.insert(number.into(), Arc::new(trace));
        Ok(())
    }

    /// Confirms a trace, as the link in the mail does, and makes the requested change. Returns the account that was
    /// registered or changed.
    pub fn confirm_trace(&mut self, number: &str) -> Result<Uid, Refusal> {
        let mut trace = Trace::clone(self.waiting(number)?);
        let partner = trace.partner;
        let uid = match &mut trace.asked {
            Asked::LoginEmail { uid, old, new } => {
                self.change_login_email(*uid, old.as_ref(), new)?;
                *uid
            }
            Asked::Registration { email, made } => {
                let profile = self.profile_for(partner, Some(email), "ag", None)?;
                *made.insert(self.register_for(partner, profile)?)
            }
        };
        trace.status = TraceStatus::Confirmed;
        self.record_confirmed(uid, &number.into());
        self.registry_mut().traces.insert(number.into(), Arc::new(trace));
        Ok(uid)
    }

    /// Changes the log-in e-mail, and the login name if it is the same.
    fn change_login_email(&mut self, uid: Uid, old: Option<&Email>, new: &Email) -> Result<(), Refusal> {
        self.set_contacts(uid, Contacts { email: Some(new.clone()), mobile: None })?;
        let name = self.state.account(uid)?.profile.login_name.clone();
        let is_name = old.is_some_and(|old| old.as_str() == name.as_str());
        match LoginName::parse(new.as_str()) {
            Ok(name) if is_name => self.rename_account(uid, name),
            _ => Ok(()),
        }
    }
}
