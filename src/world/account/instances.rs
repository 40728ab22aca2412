//! What an account has bought: instances of products, as far as orders and closing need them. Source: docs/evidence/account.md 3.5, 1.7.

use crate::text::{Timestamp, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How an instance is paid for. Source: docs/evidence/account.md 3.5, `SubscriptionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Payment {
    /// In advance, for months.
    Subscription,
    /// By use.
    PayAsYouGo,
}

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// `ProductCode`.
    pub product: CompactString,
    /// `ProductType`.
    pub product_type: CompactString,
    /// Whether it is paid in advance, for so many months.
    pub months: Option<u32>,
    /// Where it runs.
    pub region: CompactString,
    /// Everything else that was asked for, as text, to tell whether a repeated order is the same.
    pub parameters: CompactString,
}

impl Order {
    /// How it is paid for.
    pub fn payment(&self) -> Payment {
        if self.months.is_some() { Payment::Subscription } else { Payment::PayAsYouGo }
    }
}

/// An instance of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its id.
    pub id: CompactString,
    /// Number of the order it came with.
    pub order_id: u64,
    /// What was ordered.
    pub order: Order,
    /// The token that makes a repeated order harmless.
    pub token: Option<CompactString>,
    /// What it cost, in hundredths.
    pub price_cents: i64,
    /// When it was bought.
    pub created: Timestamp,
    /// When it was released.
    pub released: Option<Timestamp>,
}

impl Instance {
    /// When a subscription ends.
    pub fn ends(&self) -> Option<Timestamp> {
        // UNCERTAIN: months of 30 days; nothing here depends on the day.
        self.order.months.map(|months| self.created.plus_millis(i64::from(months) * 30 * 86_400_000))
    }
}

/// An instance that is there without having been bought. What is not given is generated, or now.
#[derive(Debug)]
pub struct NewInstance {
    /// Its id and the number of its order.
    pub pinned: (Option<CompactString>, Option<u64>),
    /// What was ordered.
    pub order: Order,
    /// The token that it was ordered with.
    pub token: Option<CompactString>,
    /// What it cost, in hundredths.
    pub price_cents: i64,
    /// When it was bought.
    pub created: Option<Timestamp>,
    /// When it was released.
    pub released: Option<Timestamp>,
}

/// A reason that stands against closing an account. Source: docs/evidence/account.md 1.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Its id, ours: only `NON_SP_cs` was ever seen (UNCERTAIN).
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What to do about it.
    pub description: &'static str,
    /// Whether one may give up what it is about.
    pub waivable: bool,
}

/// Money that may be given up, in hundredths, owed or owned: 10 CNY. Source: docs/evidence/account.md 1.7.
const SMALL_CENTS: i64 = 1_000;

impl Account {
    /// The instances that are not released.
    pub fn live_instances(&self) -> impl Iterator<Item = &Arc<Instance>> {
        self.instances.iter().filter(|one| one.released.is_none())
    }

    /// The instance `id`.
    pub fn instance(&self, id: &str) -> Result<&Arc<Instance>, Refusal> {
        self.instances.iter().find(|one| one.id == id).ok_or(Refusal::NoSuchInstance)
    }

    /// The instance that was ordered with a token.
    pub fn ordered_with(&self, token: &str) -> Option<&Arc<Instance>> {
        self.instances.iter().find(|one| one.token.as_deref() == Some(token))
    }

    /// Releases an instance.
    pub fn release(&mut self, id: &str, now: Timestamp) -> Result<(), Refusal> {
        let at = self.instances.iter().position(|one| one.id == id && one.released.is_none());
        let found = &mut self.instances[at.ok_or(Refusal::NoSuchInstance)?];
        Arc::make_mut(found).released = Some(now);
        Ok(())
    }

    /// What stands against closing the account.
    pub fn closing_checks(&self) -> Vec<Check> {
        let owed = -self.standing.available_cents();
        let left = self.standing.balance_cents();
        let mut checks = Vec::new();
        if owed > 0 {
            checks.push(Check {
                id: "DEBT",
                name: "Overdue payment",
                description: "Pay what is owed.",
                waivable: owed <= SMALL_CENTS,
            });
        }
        if left > 0 {
            checks.push(Check {
                id: "BALANCE",
                name: "Account balance",
                description: "Withdraw the balance.",
                waivable: left <= SMALL_CENTS,
            });
        }
        if self.live_instances().next().is_some() {
            checks.push(Check {
                id: "RESOURCES",
                name: "Resources",
                description: "Release all resources.",
                waivable: false,
            });
        }
        checks
    }

    /// Whether something was paid by use within so many milliseconds before `now`: then a silence period comes first.
    pub fn paid_by_use(&self, within_millis: i64, now: Timestamp) -> bool {
        let since = now.plus_millis(-within_millis);
        self.instances.iter().any(|one| {
            one.order.payment() == Payment::PayAsYouGo
                && one.released.is_none_or(|released| released >= since)
        })
    }
}

/// The number of an order, and the id of its instance. Both are made from the account and a counter of its own.
pub(crate) fn order_ids(uid: Uid, counter: u32) -> (u64, CompactString) {
    let number = 200_000_000_000_000 + uid.0 % 1_000_000 * 1_000_000 + u64::from(counter);
    (number, compact_str::format_compact!("i-{number:x}"))
}
