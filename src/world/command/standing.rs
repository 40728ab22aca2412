//! Commands about the standing of an account: state, holds, money, orders, closing.

use crate::attributes::{apply, input, optional_input};
use crate::text::{Money, Uid};
use crate::world::Tx;
use crate::world::account::{Check, Closure, Hold, Instance, Order, ShutdownPolicy, Status};
use crate::world::command::{Act, Done, NotDone};
use crate::world::refusal::Refusal;
use std::sync::Arc;

/// State, money and holds. Missing fields keep their values, but a state lifts every hold.
#[apply(optional_input)]
pub struct SetState {
    /// The new state.
    pub status: Option<Status>,
    /// The new balance.
    pub balance: Option<Money>,
    /// Maximum debt of the account.
    pub credit_line: Option<Money>,
    /// Shutdown policy for services without credit.
    pub shutdown_policy: Option<ShutdownPolicy>,
    /// Holds on the account. With a state, they are added to the holds that the state brings.
    pub holds: Option<Vec<Hold>>,
    /// Stops the services for debt, if `status` is a more serious state.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shut_down: bool,
}

impl SetState {
    fn apply(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        if let Some(policy) = self.shutdown_policy {
            tx.set_shutdown_policy(uid, policy)?;
        }
        // A closing account takes no more holds.
        let (way_out, status) = match self.status {
            Some(Status::Closing | Status::Closed) => (self.status, None),
            status => (None, status),
        };
        let cents = |money: Option<Money>| money.map(|money| money.0);
        tx.set_standing(uid, status, cents(self.balance), cents(self.credit_line))?;
        if let Some(holds) = &self.holds {
            for hold in Hold::ALL {
                let is_on = holds.contains(&hold);
                if is_on || status.is_none() {
                    tx.hold(uid, hold, is_on)?;
                }
            }
        }
        if way_out.is_some() {
            tx.set_standing(uid, way_out, None, None)?;
        }
        Ok(())
    }

    /// Returns the rest of the change after the services stopped: without money, which would restart the debt.
    fn graver(&self) -> Self {
        let graver = match self.status {
            Some(Status::Disabled) => Some(Hold::Account),
            Some(Status::RiskControlled) => Some(Hold::Risk),
            _ => None,
        };
        let status = self.status.filter(|status| matches!(status, Status::Closing | Status::Closed));
        let holds = self.holds.iter().flatten().copied().chain(graver).collect();
        Self { status, holds: Some(holds), ..Self::default() }
    }
}

impl Act for SetState {
    type Given = (Status, Money);

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Self::Given> {
        if self.shut_down {
            let debt = Self { status: Some(Status::ArrearsShutdown), holds: None, ..self.clone() };
            debt.apply(uid, tx)?;
            self.graver().apply(uid, tx)?;
        } else {
            self.apply(uid, tx)?;
        }
        let standing = tx.state().account(uid)?.standing();
        Ok((standing.status(), Money(standing.balance_cents())))
    }

    fn describe(&self, uid: Uid, (status, balance): &Self::Given) -> String {
        format!("account {uid} is {status}, with a balance of {balance}")
    }
}

/// A hold.
#[apply(input)]
pub struct WhichHold {
    /// The hold.
    pub hold: Hold,
}

impl WhichHold {
    pub(super) fn set(&self, is_on: bool, uid: Uid, tx: &mut Tx<'_>) -> Done {
        tx.hold(uid, self.hold, is_on)?;
        let done = if is_on { "is held against" } else { "is no longer held against" };
        Ok(format!("{} {done} account {uid}", self.hold))
    }
}

/// A payment.
#[apply(input)]
pub struct Pay {
    /// The amount that is added to the balance; a negative one is taken from it.
    pub amount: Money,
}

impl Act for Pay {
    type Given = Money;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Money> {
        tx.pay(uid, self.amount.0)?;
        Ok(Money(tx.state().account(uid)?.standing().balance_cents()))
    }

    fn describe(&self, uid: Uid, balance: &Money) -> String {
        format!("account {uid} has a balance of {balance}")
    }
}

/// A shutdown policy.
#[apply(input)]
pub struct SetShutdownPolicy {
    /// Services stop after the grace period, at once, or not at all.
    pub policy: ShutdownPolicy,
}

impl Act for SetShutdownPolicy {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        Ok(tx.set_shutdown_policy(uid, self.policy)?)
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("account {uid} has the shutdown policy {:?}", self.policy)
    }
}

/// An order.
#[apply(input)]
pub struct Buy {
    /// `ProductCode`.
    pub product: String,
    /// `ProductType`; by default the product.
    pub r#type: Option<String>,
    /// Number of months that are paid in advance; by default the instance is paid by use.
    pub months: Option<u32>,
    /// Region of the instance; by default `cn-hangzhou`.
    pub region: Option<String>,
    /// Other parameters of the order, as one text.
    pub parameters: Option<String>,
}

impl Act for Buy {
    type Given = Arc<Instance>;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Arc<Instance>> {
        let [kind, region, parameters] = [&self.r#type, &self.region, &self.parameters].map(Option::as_deref);
        let order = Order::new(&self.product, kind, self.months, region, parameters);
        Ok(tx.buy(uid, order, None)?)
    }

    fn describe(&self, uid: Uid, instance: &Arc<Instance>) -> String {
        format!("account {uid} bought {} of {}", instance.id, self.product)
    }
}

/// An instance.
#[apply(input)]
pub struct Release {
    /// Its id.
    pub instance: String,
}

impl Act for Release {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        Ok(tx.release(uid, &self.instance)?)
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("account {uid} released {}", self.instance)
    }
}

/// Closing of an account.
#[apply(optional_input)]
pub struct Close {
    /// Checks that are waived, by id: `DEBT`, `BALANCE`.
    pub waive: Vec<String>,
}

impl Act for Close {
    type Given = Closure;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Closure> {
        let waived: Vec<_> = self.waive.iter().map(String::as_str).collect();
        tx.close(uid, &waived).map_err(|refusal| match refusal {
            Refusal::ClosingBlocked => {
                let checks = tx.closing_checks(uid, &waived).unwrap_or_default();
                let advice: Vec<_> = checks.iter().map(advice).collect();
                NotDone::Advised { refusal, advice: advice.join(" ") }
            }
            refusal => refusal.into(),
        })
    }

    fn describe(&self, uid: Uid, closure: &Closure) -> String {
        if closure.is_done {
            format!("account {uid} was closed")
        } else {
            format!("account {uid} closes on {}", closure.ends)
        }
    }
}

/// Explains how to pass a check that blocks closing.
fn advice(check: &Check) -> String {
    let waive = if check.waivable { " Or waive it." } else { "" };
    format!("{}: {}{waive}", check.id, check.description)
}
