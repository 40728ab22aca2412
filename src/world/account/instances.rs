//! Purchased instances, with the data that orders and closing need. Source: docs/evidence/account.md 3.5, 1.7.

use crate::text::{DEFAULT_REGION, Timestamp, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Payment method of an instance. Source: docs/evidence/account.md 3.5, `SubscriptionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Payment {
    /// Prepaid, for a number of months.
    Subscription,
    /// Pay by use.
    PayAsYouGo,
}

/// Contents of an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// `ProductCode`.
    pub product: CompactString,
    /// `ProductType`.
    pub product_type: CompactString,
    /// Number of prepaid months; `None` for pay by use.
    pub months: Option<u32>,
    /// Region.
    pub region: CompactString,
    /// All other parameters as text, to recognize a repeated order.
    pub parameters: CompactString,
}

impl Order {
    /// An order with defaults: the product as its type, no other parameters, the default region.
    pub fn new(
        product: &str,
        product_type: Option<&str>,
        months: Option<u32>,
        region: Option<&str>,
        parameters: Option<&str>,
    ) -> Self {
        Self {
            product: product.into(),
            product_type: product_type.unwrap_or(product).into(),
            months,
            region: region.unwrap_or(DEFAULT_REGION).into(),
            parameters: parameters.unwrap_or_default().into(),
        }
    }

    /// Returns the payment method.
    pub fn payment(&self) -> Payment {
        if self.months.is_some() { Payment::Subscription } else { Payment::PayAsYouGo }
    }
}

/// An instance of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Instance id.
    pub id: CompactString,
    /// Order number.
    pub order_id: u64,
    /// Contents of the order.
    pub order: Order,
    /// Idempotency token of the order.
    pub token: Option<CompactString>,
    /// Price in hundredths.
    pub price_cents: i64,
    /// Time of purchase.
    pub created: Timestamp,
    /// Time of release.
    pub released: Option<Timestamp>,
    /// Number of its resource group.
    pub group: u32,
}

impl Instance {
    /// Returns the end of a subscription.
    pub fn ends(&self) -> Option<Timestamp> {
        // UNCERTAIN: months of 30 days; nothing here depends on the exact day.
        self.order.months.map(|months| self.created.plus_millis(i64::from(months) * 30 * 86_400_000))
    }
}

/// An instance that is added without a purchase. Missing ids are generated; the purchase time is by default now.
#[derive(Debug)]
pub struct NewInstance {
    /// Instance id and order number.
    pub pinned: (Option<CompactString>, Option<u64>),
    /// Contents of the order.
    pub order: Order,
    /// Idempotency token of the order.
    pub token: Option<CompactString>,
    /// Price in hundredths.
    pub price_cents: i64,
    /// Time of purchase.
    pub created: Option<Timestamp>,
    /// Time of release.
    pub released: Option<Timestamp>,
    /// Number of its resource group.
    pub group: u32,
}

impl Account {
    /// Returns the instances that are not released.
    pub fn live_instances(&self) -> impl Iterator<Item = &Arc<Instance>> {
        self.instances.iter().filter(|one| one.released.is_none())
    }

    /// Returns the instance `id`.
    pub fn instance(&self, id: &str) -> Result<&Arc<Instance>, Refusal> {
        self.instances.iter().find(|one| one.id == id).ok_or(Refusal::NoSuchInstance)
    }

    /// Returns the instance ordered with `token`.
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
}

/// Generates an order number and an instance id from the account and its order counter.
pub(crate) fn order_ids(uid: Uid, counter: u32) -> (u64, CompactString) {
    let number = 200_000_000_000_000 + uid.0 % 1_000_000 * 1_000_000 + u64::from(counter);
    (number, compact_str::format_compact!("i-{number:x}"))
}
