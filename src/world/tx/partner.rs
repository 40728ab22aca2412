//! Partner of an account: registering, joining and leaving.

use crate::text::{CountryCode, Email, LoginName, Scalar, Uid};
use crate::world::account::{JoinRequest, Profile};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use jiff::SignedDuration;

/// Maximum number of partners above an account.
const PARTNERS_ABOVE: usize = 64;
/// Time to answer an enterprise. UNCERTAIN: `TimeoutTime` was never seen.
const JOIN_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Tx<'_> {
    /// Assigns an account to a partner, or removes it from its partner.
    pub fn set_partner(&mut self, uid: Uid, partner: Option<Uid>) -> Result<(), Refusal> {
        // Invariant: partners above each other form no circle.
        let mut above = partner;
        for _ in 0..PARTNERS_ABOVE {
            let Some(next) = above else { break };
            let next = self.state.account(next)?;
            if next.uid == uid {
                return Err(Refusal::OwnPartner);
            }
            above = next.partner;
        }
        if above.is_some() {
            return Err(Refusal::OwnPartner);
        }
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let before = std::mem::replace(&mut account.partner, partner);
        if before == partner {
            return Ok(());
        }
        let number = ids.number(IdKind::Relation, uid, account.counters.next(IdKind::Relation), 9);
        account.affairs_mut().relation = partner.map(|_| (number, now));
        if account.standing.is_closed() {
            return Ok(());
        }
        self.uncount(before);
        if let Some(partner) = partner {
            *self.registry_mut().partners.entry(partner).or_default() += 1;
        }
        Ok(())
    }

    /// Decreases the account count of a partner.
    pub(in crate::world) fn uncount(&mut self, partner: Option<Uid>) {
        let Some(partner) = partner else { return };
        let partners = &mut self.registry_mut().partners;
        match partners.get(&partner).copied().unwrap_or(0) {
            0 | 1 => partners.remove(&partner),
            count => partners.insert(partner, count - 1),
        };
    }

    /// Registers an account of a partner, within the limit of the partner.
    pub fn register_for(&mut self, partner: Uid, profile: Profile) -> Result<Uid, Refusal> {
        self.partner_has_room(partner)?;
        let uid = self.register(None, profile)?.uid;
        self.set_partner(uid, Some(partner))?;
        Ok(uid)
    }

    /// Fails if a partner has its maximum number of accounts.
    pub(in crate::world) fn partner_has_room(&self, partner: Uid) -> Result<(), Refusal> {
        let is_full = self.state.accounts_of(partner) >= self.rules().accounts_per_partner;
        if is_full { Err(Refusal::PartnerUsedUp) } else { Ok(()) }
    }

    /// Ends the relation of an account to its partner.
    pub fn release_from_partner(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.open_account(uid)?;
        self.set_partner(uid, None)
    }

    /// Removes an account from its partner or enterprise.
    pub fn separate(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.open_account(uid)?;
        self.set_partner(uid, None)?;
        self.account_of(uid)?.0.affairs_mut().association = None;
        Ok(())
    }

    /// Returns the profile of an account that a partner registers. The e-mail is also the login name if possible, else
    /// `stem` is used. Site (UNCERTAIN) and default country are those of the partner.
    pub fn profile_for(
        &self,
        partner: Uid,
        email: Option<&Email>,
        stem: &str,
        country: Option<CountryCode>,
    ) -> Result<Profile, Refusal> {
        let of_partner = &self.open_account(partner)?.profile;
        let name = email.and_then(|email| LoginName::parse(email.as_str()).ok());
        let name = name.unwrap_or_else(|| self.free_login_name(stem));
        let country = country.unwrap_or_else(|| of_partner.country.clone());
        Ok(Profile { country, email: email.cloned(), ..Profile::new(of_partner.site, name) })
    }

    /// Asks an account to join an enterprise, and returns the number of the request.
    pub fn ask_to_join(
        &mut self,
        by: Uid,
        invitee: Uid,
        remark: &str,
    ) -> Result<(u64, JoinRequest), Refusal> {
        self.open_account(by)?;
        let account = self.open_account(invitee)?;
        if account.partner.is_some() || invitee == by {
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

    /// Answers the request of an enterprise to join.
    pub fn answer_join(&mut self, invitee: Uid, id: u64, yes: bool) -> Result<(), Refusal> {
        self.open_account(invitee)?;
        let now = self.now;
        let (account, _) = self.account_of(invitee)?;
        let asked = account.affairs_mut().joins.remove(&id).filter(|one| one.expires > now);
        let by = asked.ok_or(Refusal::NoSuchJoin)?.by;
        if !yes {
            return Ok(());
        }
        if account.partner.is_some() {
            return Err(Refusal::InEnterprise);
        }
        self.set_partner(invitee, Some(by))
    }
}
