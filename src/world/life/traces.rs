//! What the owner of a mailbox must confirm before it is done: a registration, or another log-in e-mail. The mailbox is the
//! outbox; whoever plays its owner confirms by the number of the trace.
//!
//! UNCERTAIN: how long a trace waits. Here it waits until it is confirmed or cancelled. Source: docs/evidence/account.md 3.3.

use crate::text::{CountryCode, Email, LoginName, Scalar, Uid};
use crate::world::account::Profile;
use crate::world::ids::Kind;
use crate::world::life::Contacts;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

/// What must be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// An account of the partner is registered.
    Registration {
        /// Under this log-in e-mail.
        email: Email,
        /// The account, once it is confirmed.
        made: Option<Uid>,
    },
    /// An account gets another log-in e-mail.
    LoginEmail {
        /// The account.
        uid: Uid,
        /// The one it had.
        old: Option<Email>,
        /// The one it gets.
        new: Email,
    },
}

/// Where a trace stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceStatus {
    /// The mailbox was asked.
    Waiting,
    /// It was confirmed, and done.
    Confirmed,
    /// The partner has cancelled it.
    Cancelled,
}

/// Something that must be confirmed. Source: docs/evidence/account.md 3.3, `TraceNo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The partner that asked.
    pub partner: Uid,
    /// What for.
    pub asked: Asked,
    /// Where it stands.
    pub status: TraceStatus,
}

impl Trace {
    /// The mailbox that is asked.
    pub fn mailbox(&self) -> &Email {
        match &self.asked {
            Asked::Registration { email, .. } => email,
            Asked::LoginEmail { new, .. } => new,
        }
    }

    /// The account, as soon as there is one.
    pub fn uid(&self) -> Option<Uid> {
        match &self.asked {
            Asked::Registration { made, .. } => *made,
            Asked::LoginEmail { uid, .. } => Some(*uid),
        }
    }
}

impl Tx<'_> {
    /// The profile of an account that a partner registers by its log-in e-mail, which is the login name, too, where it can be;
    /// else that is made from `stem`. Its site is the partner's (UNCERTAIN), and so is its country when none is given.
    pub fn profile_for(
        &self,
        partner: Uid,
        (email, stem): (Option<&Email>, &str),
        country: Option<CountryCode>,
    ) -> Result<Profile, Refusal> {
        let of_partner = &self.open_account(partner)?.profile;
        let name = email.and_then(|email| LoginName::parse(email.as_str()).ok());
        let name = name.unwrap_or_else(|| self.free_login_name(stem));
        let country = country.unwrap_or_else(|| of_partner.country.clone());
        Ok(Profile { country, email: email.cloned(), ..Profile::new(of_partner.site, name) })
    }

    /// Asks the owner of a mailbox to confirm that an account of a partner is registered for it; gives the number.
    pub fn ask_for_registration(&mut self, partner: Uid, email: Email) -> Result<CompactString, Refusal> {
        self.partner_has_room(partner)?;
        self.mailbox_is_free(&email, None)?;
        self.ask(partner, Asked::Registration { email, made: None })
    }

    /// Asks the owner of a mailbox to confirm that it becomes the log-in e-mail of an account; gives the number.
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

    fn mailbox_is_free(&self, email: &Email, but_for: Option<Uid>) -> Result<(), Refusal> {
        let owner = self.state.registry.emails.get(email.as_str().to_lowercase().as_str());
        if owner.is_some_and(|owner| Some(*owner) != but_for) { Err(Refusal::EmailTaken) } else { Ok(()) }
    }

    fn ask(&mut self, partner: Uid, asked: Asked) -> Result<CompactString, Refusal> {
        let trace = Trace { partner, asked, status: TraceStatus::Waiting };
        let ids = self.ids;
        let (account, _) = self.account_of(partner)?;
        let counter = account.counters.next(Kind::Trace);
        let number = compact_str::format_compact!("{}", ids.number(Kind::Trace, partner, counter, 12));
        self.mail_trace(&number, &trace);
        self.registry_mut().traces.insert(number.clone(), Arc::new(trace));
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

    /// What a partner asked for under a number, and its owner has neither confirmed nor the partner cancelled.
    fn waiting(&self, number: &str) -> Result<&Arc<Trace>, Refusal> {
        let trace = self.state.registry.traces.get(number).ok_or(Refusal::NoSuchTrace)?;
        if trace.status == TraceStatus::Waiting { Ok(trace) } else { Err(Refusal::TraceDone) }
    }

    /// Sends the question of a trace once more.
    pub fn resend_trace(&mut self, number: &str) -> Result<(), Refusal> {
        let trace = Arc::clone(self.waiting(number)?);
        self.mail_trace(number, &trace);
        Ok(())
    }

    /// Cancels a trace.
    pub fn cancel_trace(&mut self, number: &str) -> Result<(), Refusal> {
        let trace = Trace { status: TraceStatus::Cancelled, ..Trace::clone(self.waiting(number)?) };
        self.registry_mut().traces.insert(number.into(), Arc::new(trace));
        Ok(())
    }

    /// Confirms a trace, as the owner of the mailbox does by the link in the mail: what was asked for is done. Gives the
    /// account that was registered or changed.
    pub fn confirm_trace(&mut self, number: &str) -> Result<Uid, Refusal> {
        let mut trace = Trace::clone(self.waiting(number)?);
        let partner = trace.partner;
        let uid = match &mut trace.asked {
            Asked::LoginEmail { uid, old, new } => {
                self.change_login_email(*uid, old.as_ref(), new)?;
                *uid
            }
            Asked::Registration { email, made } => {
                let profile = self.profile_for(partner, (Some(email), "ag"), None)?;
                *made.insert(self.register_for(partner, profile)?)
            }
        };
        trace.status = TraceStatus::Confirmed;
        self.registry_mut().traces.insert(number.into(), Arc::new(trace));
        Ok(uid)
    }

    /// A login name that is the e-mail changes with it.
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
