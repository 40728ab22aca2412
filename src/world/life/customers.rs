//! How accounts come to a partner or an enterprise, other than being made by it: by an invitation to register, or by being
//! asked to join. Source: docs/evidence/account.md 3.4 and 3.6.

use crate::text::{Email, MobilePhone, Uid};
use crate::world::account::{Contact, Customer, Hold, Invite, JoinRequest, Offer};
use crate::world::ids::Kind;
use crate::world::life::Registration;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::CompactString;
use jiff::SignedDuration;
use std::sync::Arc;

/// How many invitations may be mailed within [`MAILS_WITHIN`]. Source: alibabacloud-agency20221216, `ResendEmail`, 3058.
const MAILS: usize = 10;
/// Source: the same.
const MAILS_WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// How long an account has to answer an enterprise. UNCERTAIN: `TimeoutTime` was never seen.
const JOIN_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Ids begin here and grow by one.
const FIRST_ID: u64 = 1_000_000;

impl Tx<'_> {
    /// The next id of what concerns two accounts. It is the world's, so it is nobody else's.
    fn shared_id(&mut self) -> u64 {
        FIRST_ID + u64::from(self.state.counters.next(Kind::Trace))
    }

    /// Adds a customer of a partner; gives its id.
    pub fn add_customer(&mut self, partner: Uid, customer: Customer) -> Result<u64, Refusal> {
        self.open_account(partner)?;
        let id = self.shared_id();
        self.account_of(partner)?.0.affairs_mut().customers.all.insert(id, Arc::new(customer));
        Ok(id)
    }

    /// Invites somebody to register under a partner; the address goes out by mail.
    pub fn invite(&mut self, partner: Uid, offer: Offer) -> Result<Arc<Invite>, Refusal> {
        let account = self.open_account(partner)?;
        let customer = offer.association.customer;
        if customer.is_some_and(|customer| !account.affairs.customers.all.contains_key(&customer)) {
            return Err(Refusal::NoSuchCustomer);
        }
        let address = offer.email.as_str().to_lowercase();
        if self.state.registry.emails.contains_key(address.as_str()) {
            return Err(Refusal::EmailTaken);
        }
        let (id, now) = (self.shared_id(), self.now);
        let expires = now.plus(SignedDuration::from_hours(24 * i64::from(self.rules().invite_days)));
        let ids = self.ids;
        let (account, _) = self.account_of(partner)?;
        let token = ids.word(Kind::Link, partner, account.counters.next(Kind::Link), 32);
        let invite =
            Arc::new(Invite { id, token: token.clone(), offer, created: now, expires, accepted: None });
        account.affairs_mut().customers.invites.insert(id, Arc::clone(&invite));
        self.registry_mut().invites.insert(token, (partner, id));
        self.mail_invite(partner, &invite)?;
        Ok(invite)
    }

    fn mail_invite(&mut self, partner: Uid, invite: &Invite) -> Result<(), Refusal> {
        let since = self.now.plus(-MAILS_WITHIN);
        let now = self.now;
        let mailed = &mut self.account_of(partner)?.0.affairs_mut().customers.mailed;
        mailed.retain(|at| *at > since);
        mailed.push_back(now);
        let text = format!("You are invited to register an account: {}", invite.url());
        self.send(self.message(Channel::Email, invite.offer.email.as_str(), "invite", text));
        Ok(())
    }

    /// Mails an invitation once more.
    pub fn resend_invite(&mut self, partner: Uid, id: u64) -> Result<(), Refusal> {
        let since = self.now.plus(-MAILS_WITHIN);
        let customers = &self.open_account(partner)?.affairs.customers;
        let invite = customers.invites.get(&id).filter(|one| one.accepted.is_none());
        let invite = Arc::clone(invite.ok_or(Refusal::NoSuchInvite)?);
        if invite.expires <= self.now {
            return Err(Refusal::InviteExpired);
        }
        if customers.mailed.iter().filter(|at| **at > since).count() >= MAILS {
            return Err(Refusal::TooManyInvites);
        }
        self.mail_invite(partner, &invite)
    }

    /// Registers an account as the address of an invitation lets one: it is the partner's from then on, with the credit line
    /// and the other terms that were offered. Without an e-mail of its own it gets the one that was invited.
    pub fn accept_invite(&mut self, token: &str, mut new: Registration) -> Result<Uid, Refusal> {
        let (partner, id) = self.state.registry.invites.get(token).copied().ok_or(Refusal::NoSuchInvite)?;
        let invites = &self.open_account(partner)?.affairs.customers.invites;
        let invite = Arc::clone(invites.get(&id).ok_or(Refusal::NoSuchInvite)?);
        if invite.accepted.is_some() {
            return Err(Refusal::InviteTaken);
        }
        if invite.expires <= self.now {
            return Err(Refusal::InviteExpired);
        }
        let offer = &invite.offer;
        new.profile.email.get_or_insert_with(|| offer.email.clone());
        let uid = self.sign_up(new)?;
        self.set_operator(uid, Some(partner))?;
        self.account_of(uid)?.0.affairs_mut().association = Some(Arc::new(offer.association.clone()));
        self.set_shutdown_policy(uid, offer.shutdown_policy)?;
        self.set_standing(uid, None, None, Some(offer.credit_cents))?;
        self.hold(uid, Hold::Purchases, offer.is_banned)?;
        let accepted = Some((uid, self.now));
        let (account, _) = self.account_of(partner)?;
        let accepted = Arc::new(Invite { accepted, ..(*invite).clone() });
        account.affairs_mut().customers.invites.insert(id, accepted);
        Ok(uid)
    }

    /// Asks an account to join an enterprise; gives the number of the request, which it answers.
    pub fn ask_to_join(
        &mut self,
        by: Uid,
        invitee: Uid,
        remark: &str,
    ) -> Result<(u64, JoinRequest), Refusal> {
        self.open_account(by)?;
        let account = self.open_account(invitee)?;
        if account.operator.is_some() || invitee == by {
            return Err(Refusal::InEnterprise);
        }
        let now = self.now;
        if account.affairs.joins.values().any(|one| one.by == by && one.expires > now) {
            return Err(Refusal::AskedAlready);
        }
        let id = self.shared_id();
        let request = JoinRequest { by, remark: remark.into(), since: now, expires: now.plus(JOIN_WITHIN) };
        self.account_of(invitee)?.0.affairs_mut().joins.insert(id, request.clone());
        self.mail(invitee, "join", format!("The account {by} asks you to join its enterprise. {remark}"));
        Ok((id, request))
    }

    /// Answers an enterprise that asked an account to join.
    pub fn answer_join(&mut self, invitee: Uid, id: u64, yes: bool) -> Result<(), Refusal> {
        self.open_account(invitee)?;
        let now = self.now;
        let (account, _) = self.account_of(invitee)?;
        let asked = account.affairs_mut().joins.remove(&id).filter(|one| one.expires > now);
        let by = asked.ok_or(Refusal::NoSuchJoin)?.by;
        if !yes {
            return Ok(());
        }
        if account.operator.is_some() {
            return Err(Refusal::InEnterprise);
        }
        self.set_operator(invitee, Some(by))
    }

    /// Lets an account go from its partner or enterprise.
    pub fn separate(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.open_account(uid)?;
        self.set_operator(uid, None)?;
        self.account_of(uid)?.0.affairs_mut().association = None;
        Ok(())
    }

    /// Adds a contact; gives its id.
    pub fn add_contact(&mut self, uid: Uid, contact: Contact) -> Result<u64, Refusal> {
        self.open_account(uid)?;
        let id = self.shared_id();
        self.account_of(uid)?.0.affairs_mut().contacts.insert(id, contact);
        Ok(id)
    }

    /// Takes the code that was sent to the e-mail or mobile of a contact as a sign that it is theirs.
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
