//! Accounts that join a partner or an enterprise: by an invitation to register, or by a request to join. Source:
//! docs/evidence/account.md 3.4 and 3.6.

use crate::text::Uid;
use crate::world::account::{Customer, Hold, Invite, Offer};
use crate::world::ids::IdKind;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::tx::{Registration, Tx};
use jiff::SignedDuration;
use std::sync::Arc;

/// Maximum of invitation mails in [`MAILS_WITHIN`]. Source: alibabacloud-agency20221216, `ResendEmail`, 3058.
const MAILS: usize = 10;
/// Source: the same.
const MAILS_WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// First id; the next ones grow by one.
const FIRST_ID: u64 = 1_000_000;

impl Tx<'_> {
    /// Returns the next id for objects that concern two accounts. It is unique in the world.
    pub(super) fn shared_id(&mut self) -> u64 {
        FIRST_ID + u64::from(self.state.counters.next(IdKind::Trace))
    }

    /// Adds a customer of a partner and returns its id.
    pub fn add_customer(&mut self, partner: Uid, customer: Customer) -> Result<u64, Refusal> {
        self.open_account(partner)?;
        let id = self.shared_id();
        self.account_of(partner)?.0.affairs_mut().customers.all.insert(id, Arc::new(customer));
        Ok(id)
    }

    /// Invites a customer to register under a partner. The outbox gets a mail with the link.
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
        let token = ids.word(IdKind::Link, partner, account.counters.next(IdKind::Link), 32);
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

    /// Sends an invitation again.
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

    /// Registers an account by an invitation. It belongs to the partner and gets the offered credit line and other
    /// terms. Its default e-mail is the invited one.
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
        self.set_partner(uid, Some(partner))?;
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
}
