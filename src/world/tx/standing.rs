//! State, money and holds of an account. Source: docs/evidence/account.md 1.6.

use crate::text::Uid;
use crate::world::account::{Hold, ShutdownPolicy, Standing, Status};
use crate::world::refusal::Refusal;
use crate::world::state::Event;
use crate::world::tx::Tx;

impl Tx<'_> {
    /// Changes the standing of an account. New arrears stop its services at the end of their grace period.
    pub(super) fn stand(
        &mut self,
        uid: Uid,
        change: impl FnOnce(&mut Standing) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let (account, _) = self.account_of(uid)?;
        let before = account.standing.waits_since();
        change(&mut account.standing)?;
        if let Some(since) = account.standing.waits_since().filter(|since| before != Some(*since)) {
            self.later(since.plus(self.rules().arrears_grace.0), Event::Shutdown { uid, since });
        }
        Ok(())
    }

    /// Moves an account to a state, and sets its balance and credit line, in hundredths; `None` keeps the old value.
    ///
    /// A state removes all holds on the account. Fails if state and money contradict each other.
    pub fn set_standing(
        &mut self,
        uid: Uid,
        status: Option<Status>,
        balance: Option<i64>,
        credit: Option<i64>,
    ) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let now = self.now;
        let money_is_set = balance.is_some() || credit.is_some();
        self.stand(uid, |standing| {
            if money_is_set {
                standing.set_money(balance, credit, now)?;
            }
            match status {
                None | Some(Status::Closing | Status::Closed) => Ok(()),
                Some(status) => standing.set_status(status, money_is_set, now),
            }
        })?;
        match status {
            Some(Status::Closing) => self.close_with(uid, self.rules().silence.millis()).map(drop),
            Some(Status::Closed) => self.close_with(uid, 0).map(drop),
            _ => Ok(()),
        }
    }

    /// Adds an amount to the balance of an account, in hundredths; a negative amount is taken from it.
    pub fn pay(&mut self, uid: Uid, cents: i64) -> Result<(), Refusal> {
        let balance = self.open_account(uid)?.standing.balance_cents().checked_add(cents);
        self.set_standing(uid, None, Some(balance.ok_or(Refusal::NoAmount)?), None)
    }

    /// Sets or lifts a hold on an account.
    pub fn hold(&mut self, uid: Uid, hold: Hold, is_on: bool) -> Result<(), Refusal> {
        self.stand(uid, |standing| standing.hold(hold, is_on))
    }

    /// Sets the shutdown policy for services without credit.
    pub fn set_shutdown_policy(&mut self, uid: Uid, policy: ShutdownPolicy) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let now = self.now;
        self.stand(uid, |standing| {
            standing.shutdown_policy = policy;
            if policy == ShutdownPolicy::ImmediatelyStop {
                standing.shut_down();
            }
            standing.set_money(None, None, now)
        })
    }
}
