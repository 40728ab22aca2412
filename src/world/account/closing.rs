//! Closing an account: the reasons that prevent it, and its progress. `tx/closing.rs` changes them. Source: docs/evidence/account.md 1.7.

use crate::text::Timestamp;
use crate::world::account::{Account, Payment};

/// Closing of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closure {
    /// Task number.
    pub task: u64,
    /// Time of the request to close.
    pub since: Timestamp,
    /// End of the silence period; equals `since` if the account was closed at once.
    pub ends: Timestamp,
    /// Set once the account is closed.
    pub is_done: bool,
}

/// A reason that prevents closing an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Id, chosen by alimock: only `NON_SP_cs` was ever seen (UNCERTAIN).
    pub id: &'static str,
    /// Short name.
    pub name: &'static str,
    /// Instruction to the owner.
    pub description: &'static str,
    /// Set if the owner may waive the amount.
    pub waivable: bool,
}

/// Amount, owed or owned, that the owner may waive, in hundredths: 10 CNY. Source: docs/evidence/account.md 1.7.
const SMALL_CENTS: i64 = 1_000;

impl Account {
    /// Returns the reasons that prevent closing the account.
    pub fn closing_checks(&self) -> Vec<Check> {
        let (owed, left) = (-self.standing.available_cents(), self.standing.balance_cents());
        let has_resources = self.live_instances().next().is_some();
        let check = |id, name, description, waivable| Check { id, name, description, waivable };
        let checks = [
            (owed > 0).then(|| check("DEBT", "Overdue payment", "Pay what is owed.", owed <= SMALL_CENTS)),
            (left > 0)
                .then(|| check("BALANCE", "Account balance", "Withdraw the balance.", left <= SMALL_CENTS)),
            has_resources.then(|| check("RESOURCES", "Resources", "Release all resources.", false)),
        ];
        checks.into_iter().flatten().collect()
    }

    /// Returns `true` if pay-as-you-go was in use within this time before `now`. Closing then needs a silence period.
    pub fn paid_by_use(&self, within_millis: i64, now: Timestamp) -> bool {
        let since = now.plus_millis(-within_millis);
        self.instances.iter().any(|one| {
            one.order.payment() == Payment::PayAsYouGo
                && one.released.is_none_or(|released| released >= since)
        })
    }
}
