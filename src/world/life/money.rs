//! Money, orders, holds and the way out of an account. Source: docs/evidence/account.md 1.6, 1.7 and 3.5.

use crate::text::Uid;
use crate::world::account::{
    Check, Closure, Hold, Instance, NewInstance, Order, Payment, ShutdownPolicy, Standing, Status, order_ids,
};
use crate::world::ids::Kind;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::state::Event;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

impl Tx<'_> {
    /// Changes how an account stands. Arrears that begin stop its services when their grace is over.
    fn stand(
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

    /// Moves an account to a state, and sets its balance and credit line, in hundredths; what is `None` stays.
    ///
    /// A state wins over everything that was held against the account. Fails when state and money contradict each other.
    pub fn set_standing(
        &mut self,
        uid: Uid,
        status: Option<Status>,
        balance: Option<i64>,
        credit: Option<i64>,
    ) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let now = self.now;
        let told = balance.is_some() || credit.is_some();
        self.stand(uid, |standing| {
            if told {
                standing.set_money(balance, credit, now)?;
            }
            match status {
                None | Some(Status::Closing | Status::Closed) => Ok(()),
                Some(status) => standing.set_status(status, told, now),
            }
        })?;
        match status {
            Some(Status::Closing) => self.close_with(uid, self.rules().silence.millis()).map(drop),
            Some(Status::Closed) => self.close_with(uid, 0).map(drop),
            _ => Ok(()),
        }
    }

    /// Adds to the balance of an account, or takes from it, in hundredths.
    pub fn pay(&mut self, uid: Uid, cents: i64) -> Result<(), Refusal> {
        let balance = self.open_account(uid)?.standing.balance_cents().checked_add(cents);
        self.set_standing(uid, None, Some(balance.ok_or(Refusal::NoAmount)?), None)
    }

    /// Sets or lifts a hold on an account.
    pub fn hold(&mut self, uid: Uid, hold: Hold, is_on: bool) -> Result<(), Refusal> {
        self.stand(uid, |standing| standing.hold(hold, is_on))
    }

    /// Sets what becomes of services once the credit is used up.
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

    /// Buys an instance and pays for it. The same order under the same token gives the instance that it gave before.
    ///
    /// Whether the account may buy at all is a matter of gates; money is not.
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
        self.add_instance(uid, NewInstance { pinned, order, token, price_cents: price, created, released })
    }

    /// Gives an account an instance without a payment.
    ///
    /// Fails with [`Refusal::InstanceTaken`] when the account has another one with its id.
    pub fn add_instance(&mut self, uid: Uid, new: NewInstance) -> Result<Arc<Instance>, Refusal> {
        let now = self.now;
        let (account, _) = self.account_of(uid)?;
        // One that a scenario pinned may be one that is made here.
        let (order_id, id) = loop {
            let made = order_ids(uid, account.counters.next(Kind::Order));
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
        });
        account.instances.push_back(Arc::clone(&instance));
        Ok(instance)
    }

    /// Releases an instance.
    pub fn release(&mut self, uid: Uid, id: &str) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let now = self.now;
        self.account_of(uid)?.0.release(id, now)
    }

    /// What stands against closing an account, without what is given up by its id.
    pub fn closing_checks(&self, uid: Uid, waived: &[&str]) -> Result<Vec<Check>, Refusal> {
        let checks = self.open_account(uid)?.closing_checks().into_iter();
        Ok(checks.filter(|check| !(check.waivable && waived.contains(&check.id))).collect())
    }

    /// Looks whether an account could be closed, and keeps what stands against it under a number.
    pub fn check_closing(&mut self, uid: Uid) -> Result<u64, Refusal> {
        let checks = self.closing_checks(uid, &[])?;
        let ids = self.ids;
        let (account, _) = self.account_of(uid)?;
        let number = ids.number(Kind::Task, uid, account.counters.next(Kind::Task), 8);
        account.affairs_mut().checked = Some((number, checks.into()));
        Ok(number)
    }

    /// Closes an account: after a silence period when something was paid by use lately, else at once.
    ///
    /// Fails while something stands against it.
    pub fn close(&mut self, uid: Uid, waived: &[&str]) -> Result<Closure, Refusal> {
        if self.open_account(uid)?.standing.closure().is_some() {
            return Err(Refusal::Closing);
        }
        if !self.closing_checks(uid, waived)?.is_empty() {
            return Err(Refusal::ClosingBlocked);
        }
        let silence = self.rules().silence.millis();
        let is_quiet = self.state.account(uid)?.paid_by_use(silence, self.now);
        self.close_with(uid, if is_quiet { silence } else { 0 })
    }

    fn close_with(&mut self, uid: Uid, silence_millis: i64) -> Result<Closure, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let number = account.counters.next(Kind::Task);
        let task = ids.number(Kind::Task, uid, number, 8);
        let ends = now.plus_millis(silence_millis);
        let closure = Closure { task, since: now, ends, is_done: silence_millis <= 0 };
        account.standing.close(closure)?;
        let mobile = account.profile.mobile.clone();
        if closure.is_done {
            self.closed(uid);
            return Ok(closure);
        }
        if let Some(mobile) = mobile {
            let text = format!("Your account {uid} closes on {ends}.");
            self.send(self.message(Channel::Sms, mobile.as_str(), "close", text));
        }
        self.later(ends, Event::SilenceEnds { uid, task });
        Ok(closure)
    }

    /// What a closed account leaves behind.
    pub(in crate::world) fn closed(&mut self, uid: Uid) {
        self.log_all_out(uid);
        self.uncount(self.state.account(uid).ok().and_then(|account| account.operator));
        self.later(self.now.plus(self.rules().names_kept.0), Event::NamesFreed { uid });
    }

    /// Lets an account stay open during its silence period.
    pub fn stay(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.stand(uid, Standing::stay)
    }
}
