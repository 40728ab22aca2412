//! The standing of an account: its holds, its money, and its closure.
//!
//! [`Status`] sums it up: it is the most serious part. The parts are kept apart because official
//! actions change and show them one by one. Source: docs/evidence/account.md 1.6.

use crate::text::{MOST_CENTS, Timestamp};
use crate::world::account::closing::Closure;
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// State of an account as one value. Source: docs/evidence/account.md 1.6 and 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// No restriction.
    Normal,
    /// Console log-in is rejected; keys work.
    LoginFrozen,
    /// Disabled by its operator: no key works.
    Disabled,
    /// Products reject requests for risk control; keys work.
    RiskControlled,
    /// In debt; services still run.
    Arrears,
    /// In debt; services are stopped.
    ArrearsShutdown,
    /// In the silence period before closing.
    Closing,
    /// Closed: its keys are unknown.
    Closed,
}

/// Writes the name used in files.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A restriction on an account. Source: docs/evidence/account.md 1.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Hold {
    /// Console log-in is rejected; keys work: `FreezeLogin`, `ForbiddenAgAccountLogin`.
    Login,
    /// The account is disabled and no key works: `Aas UpdateStatusForAccount`.
    Account,
    /// Products reject requests for risk control.
    Risk,
    /// New orders are rejected: `Agency EditNewBuyStatus`.
    Purchases,
    /// Pay-as-you-go services do not run: `Agency EditEndUserStatus`.
    PayAsYouGo,
    /// Frozen by its reseller: `BssOpenApi SetResellerUserStatus` of `FREEZE`.
    Business,
    /// Under trusteeship of its reseller: `BssOpenApi SetResellerUserStatus` of `TRUSTEESHIP`.
    Trusteeship,
}

impl Hold {
    /// All holds, in order.
    pub const ALL: [Self; 7] = [
        Self::Login,
        Self::Account,
        Self::Risk,
        Self::Purchases,
        Self::PayAsYouGo,
        Self::Business,
        Self::Trusteeship,
    ];
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A set of holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holds(u8);

impl Holds {
    /// Returns `true` if the set contains `hold`.
    pub fn has(self, hold: Hold) -> bool {
        self.0 & 1 << hold as u8 != 0
    }

    /// Returns the set with or without `hold`.
    #[must_use]
    pub fn with(self, hold: Hold, is_on: bool) -> Self {
        let bit = 1 << hold as u8;
        Self(if is_on { self.0 | bit } else { self.0 & !bit })
    }

    /// Iterates over the holds, in order.
    pub fn iter(self) -> impl Iterator<Item = Hold> {
        Hold::ALL.into_iter().filter(move |hold| self.has(*hold))
    }
}

impl FromIterator<Hold> for Holds {
    fn from_iter<I: IntoIterator<Item = Hold>>(holds: I) -> Self {
        holds.into_iter().fold(Self::default(), |all, hold| all.with(hold, true))
    }
}

/// Effect on services when the credit is used up: `ZeroCreditShutdownPolicy`.
///
/// Source: alibabacloud-agency20221216, `InviteSubAccount` and `GetCreditInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ShutdownPolicy {
    /// Stop after the grace period.
    #[default]
    DelayStop,
    /// Stop at once.
    ImmediatelyStop,
    /// Continue.
    NoStop,
}

/// Debt beyond the credit line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrears {
    /// Start of the arrears.
    pub since: Timestamp,
    /// Set once services are stopped.
    pub shut_down: bool,
}

/// Standing of an account.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    holds: Holds,
    // Invariant: both are amounts, so sums of a few do not overflow.
    balance_cents: i64,
    credit_cents: i64,
    /// Effect on services when the credit is used up.
    pub shutdown_policy: ShutdownPolicy,
    // Invariant: there exactly when `available_cents` is negative.
    arrears: Option<Arrears>,
    closure: Option<Closure>,
}

/// Default debt of an account that is put in arrears without an amount.
const OWED_CENTS: i64 = 100;

impl Standing {
    /// Returns the most serious state.
    pub fn status(&self) -> Status {
        let shut_down = self.arrears.map(|arrears| arrears.shut_down);
        match self.closure {
            Some(Closure { is_done: true, .. }) => Status::Closed,
            Some(_) => Status::Closing,
            None if self.holds.has(Hold::Account) => Status::Disabled,
            None if shut_down == Some(true) => Status::ArrearsShutdown,
            None if self.holds.has(Hold::Risk) => Status::RiskControlled,
            None if shut_down.is_some() => Status::Arrears,
            None if self.holds.has(Hold::Login) => Status::LoginFrozen,
            None => Status::Normal,
        }
    }

    /// Returns the holds.
    pub fn holds(&self) -> Holds {
        self.holds
    }

    /// Returns the balance in hundredths; negative for debt.
    pub fn balance_cents(&self) -> i64 {
        self.balance_cents
    }

    /// Returns the credit line in hundredths.
    pub fn credit_cents(&self) -> i64 {
        self.credit_cents
    }

    /// Returns balance plus credit line in hundredths; negative in arrears.
    pub fn available_cents(&self) -> i64 {
        self.balance_cents + self.credit_cents
    }

    /// Returns the arrears.
    pub fn arrears(&self) -> Option<Arrears> {
        self.arrears
    }

    /// Returns the closure.
    pub fn closure(&self) -> Option<Closure> {
        self.closure
    }

    /// Returns `true` if the account is closed.
    pub fn is_closed(&self) -> bool {
        self.closure.is_some_and(|closure| closure.is_done)
    }

    /// Rejects changes to a closed account.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        if self.is_closed() { Err(Refusal::AccountClosed) } else { Ok(()) }
    }

    /// Sets or removes a hold.
    pub fn hold(&mut self, hold: Hold, is_on: bool) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.holds = self.holds.with(hold, is_on);
        Ok(())
    }

    /// Sets balance and credit line; starts or ends arrears accordingly.
    pub fn set_money(
        &mut self,
        balance: Option<i64>,
        credit: Option<i64>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.must_be_open()?;
        let is_amount = |cents: i64| (-MOST_CENTS..=MOST_CENTS).contains(&cents);
        if !balance.is_none_or(is_amount) || !credit.is_none_or(|credit| is_amount(credit) && credit >= 0) {
            return Err(Refusal::NoAmount);
        }
        self.balance_cents = balance.unwrap_or(self.balance_cents);
        self.credit_cents = credit.unwrap_or(self.credit_cents);
        if self.available_cents() >= 0 {
            self.arrears = None;
        } else if self.arrears.is_none() {
            let shut_down = self.shutdown_policy == ShutdownPolicy::ImmediatelyStop;
            self.arrears = Some(Arrears { since: now, shut_down });
        }
        Ok(())
    }

    /// Returns the start of the arrears while services wait to be stopped.
    pub(in crate::world) fn waits_since(&self) -> Option<Timestamp> {
        let waits = self.shutdown_policy == ShutdownPolicy::DelayStop;
        self.arrears.filter(|arrears| waits && !arrears.shut_down).map(|arrears| arrears.since)
    }

    /// Stops services for debt. Returns `false` if no debt exists or services are already stopped.
    pub fn shut_down(&mut self) -> bool {
        let Some(arrears) = self.arrears.as_mut().filter(|arrears| !arrears.shut_down) else { return false };
        arrears.shut_down = true;
        true
    }

    /// Sets the state and removes all other holds. If the money does not allow the state, the money
    /// changes too, unless `money_is_set` says that it was just set. For [`Status::Closing`] and
    /// [`Status::Closed`] use [`Standing::close`].
    pub(in crate::world) fn set_status(
        &mut self,
        status: Status,
        money_is_set: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.must_be_open()?;
        let hold = match status {
            Status::LoginFrozen => Some(Hold::Login),
            Status::Disabled => Some(Hold::Account),
            Status::RiskControlled => Some(Hold::Risk),
            _ => None,
        };
        self.holds = hold.into_iter().collect();
        self.closure = None;
        let owes = matches!(status, Status::Arrears | Status::ArrearsShutdown);
        if !money_is_set && owes != (self.available_cents() < 0) {
            let debt = if owes { OWED_CENTS } else { 0 };
            self.set_money(Some(-self.credit_cents - debt), None, now)?;
        }
        if let Some(arrears) = &mut self.arrears {
            let shut_down = status == Status::ArrearsShutdown;
            // Restarted services get a new grace period.
            let since = if arrears.shut_down && !shut_down { now } else { arrears.since };
            *arrears = Arrears { since, shut_down };
        }
        if self.status() == status { Ok(()) } else { Err(Refusal::BalanceContradicts) }
    }

    /// Starts closing the account, or closes it if the silence period is already over.
    pub(in crate::world) fn close(&mut self, closure: Closure) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.closure = Some(closure);
        Ok(())
    }

    /// Cancels the closing.
    pub fn stay(&mut self) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.closure.take().map(drop).ok_or(Refusal::NotClosing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_credit_line_puts_arrears_off() {
        let mut standing = Standing::default();
        standing.set_money(Some(-500), Some(500), at(0)).unwrap();
        assert_eq!((standing.status(), standing.available_cents()), (Status::Normal, 0));
        standing.set_money(None, Some(499), at(7)).unwrap();
        assert_eq!(standing.arrears(), Some(Arrears { since: at(7), shut_down: false }));
        assert_eq!(standing.set_money(None, Some(-1), at(8)), Err(Refusal::NoAmount));
        assert_eq!(standing.set_status(Status::Normal, true, at(8)), Err(Refusal::BalanceContradicts));
    }
}
