//! Orders and their instances. Source: docs/evidence/account.md 3.5.

use crate::text::Uid;
use crate::world::account::{DEFAULT_GROUP, Instance, NewInstance, Order, Payment, order_ids};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

impl Tx<'_> {
    /// Buys an instance and pays for it. Repeating an order with the same token returns the same instance.
    ///
    /// Checks only the money. Gates decide whether the account may buy at all.
    pub fn buy(
        &mut self,
        uid: Uid,
        order: Order,
        token: Option<CompactString>,
    ) -> Result<Arc<Instance>, Refusal> {
        let account = self.open_account(uid)?;
        if let Some(before) = token.as_deref().and_then(|token| account.ordered_with(token)) {
            return if before.order == order {
                Ok(Arc::clone(before))
            } else {
                Err(Refusal::OrderTokenTaken)
            };
        }
        let rules = self.rules();
        let price = i64::from(order.months.unwrap_or(0)).saturating_mul(rules.month_price.0);
        let needed = match order.payment() {
            Payment::Subscription => price,
            Payment::PayAsYouGo => rules.pay_as_you_go_minimum.0,
        };
        if account.standing.available_cents() < needed {
            return Err(Refusal::NotEnoughBalance);
        }
        if price > 0 {
            self.pay(uid, -price)?;
        }
        let (pinned, created, released) = ((None, None), None, None);
        self.add_instance(
            uid,
            NewInstance { pinned, order, token, price_cents: price, created, released, group: DEFAULT_GROUP },
        )
    }

    /// Adds an instance to an account without payment.
    ///
    /// Fails with [`Refusal::InstanceTaken`] if the account has another instance with this id.
    pub fn add_instance(&mut self, uid: Uid, new: NewInstance) -> Result<Arc<Instance>, Refusal> {
        let now = self.now;
        let (account, _) = self.account_of(uid)?;
        // A scenario may already have the generated id.
        let (order_id, id) = loop {
            let made = order_ids(uid, account.counters.next(IdKind::Order));
            if new.pinned.0.is_some() || account.instance(&made.1).is_err() {
                break made;
            }
        };
        let id = new.pinned.0.unwrap_or(id);
        if account.instance(&id).is_ok() {
            return Err(Refusal::InstanceTaken);
        }
        let instance = Arc::new(Instance {
            id,
            order_id: new.pinned.1.unwrap_or(order_id),
            order: new.order,
            token: new.token,
            price_cents: new.price_cents,
            created: new.created.unwrap_or(now),
            released: new.released,
            group: new.group,
        });
        account.instances.push_back(Arc::clone(&instance));
        account.group_new_resource(&instance.order.product, &instance.id, now);
        Ok(instance)
    }

    /// Releases an instance.
    pub fn release(&mut self, uid: Uid, id: &str) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let now = self.now;
        self.account_of(uid)?.0.release(id, now)
    }
}
