//! Accounts that pay for members. Source: docs/evidence/resource-directory.md 4.7.

use crate::text::Uid;
use crate::world::account::Hold;
use crate::world::directory::Directory;
use crate::world::refusal::Refusal;
use crate::world::state::State;
use crate::world::tx::Tx;

impl State {
    /// Returns the reason why an account cannot pay for members of a directory.
    ///
    /// UNCERTAIN: the order. Source: docs/evidence/resource-directory.md sections 2 and 5.
    pub fn payer_flaw(&self, directory: &Directory, payer: Uid) -> Option<Refusal> {
        let is_inside = payer == directory.manager || directory.member(payer).is_ok();
        let Some(account) = self.account(payer).ok().filter(|_| is_inside) else {
            return Some(Refusal::PayerOutside);
        };
        if directory.member(payer).is_ok_and(|member| member.payer.is_some()) {
            return Some(Refusal::PayerIsPaidFor);
        }
        let (standing, holds) = (account.standing(), account.standing().holds());
        if standing.closure().is_some() || holds.has(Hold::Account) || holds.has(Hold::Risk) {
            return Some(Refusal::PayerUnavailable);
        }
        if account.is_partner {
            return Some(Refusal::PayerIsReseller);
        }
        if account.partner.is_some() {
            return Some(Refusal::PayerOfPartner);
        }
        match account.real_name.identity() {
            None => return Some(Refusal::PayerNotVerified),
            Some(_) if account.enterprise().is_none() => return Some(Refusal::PayerNotAnEnterprise),
            Some(_) => {}
        }
        if account.standing().arrears().is_some() {
            return Some(Refusal::PayerInArrears);
        }
        let manager = self.account(directory.manager).ok()?;
        let names = [account, manager].map(|one| one.enterprise().map(|identity| identity.name.as_str()));
        (names[0] != names[1]).then_some(Refusal::PayerOfOtherName)
    }
}

impl Tx<'_> {
    /// Sets the account that pays for a member; the member itself or nobody means that it pays for itself.
    pub fn set_payer(&mut self, manager: Uid, uid: Uid, payer: Option<Uid>) -> Result<(), Refusal> {
        let payer = payer.filter(|payer| *payer != uid);
        let directory = self.state.directory(manager)?;
        directory.member(uid)?;
        if let Some(flaw) = payer.and_then(|payer| self.state.payer_flaw(directory, payer)) {
            return Err(flaw);
        }
        if payer.is_some() && self.state.account(uid)?.partner.is_some() {
            return Err(Refusal::PayerOfPartner);
        }
        if payer.is_some() && directory.members().any(|one| one.payer == Some(uid)) {
            return Err(Refusal::PayerOfOthers);
        }
        let now = self.now;
        let member = self.directory_mut(manager)?.member_mut(uid)?;
        if member.payer != payer {
            (member.payer, member.modified) = (payer, now);
        }
        Ok(())
    }

    /// Sets the account that pays for a member of a scenario. Its state is not checked: it may have changed since it began to pay.
    pub fn plant_payer(&mut self, manager: Uid, uid: Uid, payer: Uid) -> Result<(), Refusal> {
        let directory = self.directory_mut(manager)?;
        if payer != manager && directory.member(payer).is_err() {
            return Err(Refusal::PayerOutside);
        }
        directory.member_mut(uid)?.payer = Some(payer).filter(|payer| *payer != uid);
        Ok(())
    }
}
