//! Commands about how an account stands: state, holds, money, orders and the way out.

use crate::text::{Uid, amount};
use crate::world::Tx;
use crate::world::account::{Hold, Order, ShutdownPolicy, Status};
use crate::world::command::{Done, account, words};
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// State, money and holds; what is not given stays, but a state lifts every hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SetState {
    /// UID or name of the account; the first that is no operator when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The new state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The new balance, in hundredths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_cents: Option<i64>,
    /// How deep it may be in debt, in hundredths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_cents: Option<i64>,
    /// What becomes of services once the credit is used up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shutdown_policy: Option<ShutdownPolicy>,
    /// What is held against it: this and, when a state is given, what that says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Vec<Hold>>,
}

impl SetState {
    /// Lets an account stand so.
    pub fn apply(&self, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Refusal> {
        if let Some(policy) = self.shutdown_policy {
            tx.set_shutdown_policy(uid, policy)?;
        }
        // What closes is held before: afterwards nothing can be.
        let (way_out, status) = match self.status {
            Some(Status::Closing | Status::Closed) => (self.status, None),
            status => (None, status),
        };
        tx.set_standing(uid, status, self.balance_cents, self.credit_cents)?;
        if let Some(holds) = &self.holds {
            for hold in Hold::ALL {
                let is_on = holds.contains(&hold);
                if is_on || status.is_none() {
                    tx.hold(uid, hold, is_on)?;
                }
            }
        }
        if way_out.is_some() { tx.set_standing(uid, way_out, None, None) } else { Ok(()) }
    }

    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = account(self.account.as_deref(), tx)?.uid;
        self.apply(uid, tx)?;
        let standing = tx.state().account(uid)?.standing();
        let (status, balance) = (standing.status(), amount(standing.balance_cents()));
        Ok(format!("account {uid} is {status}, with a balance of {balance}"))
    }
}

words! {
    /// A hold.
    struct WhichHold {
        /// What is held against the account, or is no longer.
        hold: Hold,
    }

    /// Money.
    struct Pay {
        /// How much is added to the balance, in hundredths; less than 0 is taken from it.
        cents: i64,
    }

    /// What becomes of services once the credit is used up.
    struct SetShutdownPolicy {
        /// They stop after the grace, at once, or not.
        policy: ShutdownPolicy,
    }

    /// An order.
    struct Buy {
        /// `ProductCode`.
        product: String,
        /// `ProductType`; the product when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        r#type: Option<String>,
        /// Paid in advance for so many months; by use when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        months: Option<u32>,
        /// Where it runs; `cn-hangzhou` when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// What else is ordered, as a text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameters: Option<String>,
    }

    /// An instance.
    struct Release {
        /// Its id.
        instance: String,
    }

    /// Closing.
    struct Close {
        /// What is given up: ids of checks that may be waived, `DEBT` and `BALANCE`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waive: Vec<String>,
    }
}

impl WhichHold {
    pub(super) fn run(&self, is_on: bool, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        tx.hold(uid, self.hold, is_on)?;
        let done = if is_on { "is held against" } else { "is no longer held against" };
        Ok(format!("{} {done} account {uid}", self.hold))
    }
}

impl Pay {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        tx.pay(uid, self.cents)?;
        let balance = tx.state().account(uid)?.standing().balance_cents();
        Ok(format!("account {uid} has a balance of {}", amount(balance)))
    }
}

impl SetShutdownPolicy {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        tx.set_shutdown_policy(uid, self.policy)?;
        Ok(format!("account {uid} has the shutdown policy {:?}", self.policy))
    }
}

impl Buy {
    /// What is ordered.
    fn order(&self) -> Order {
        let or = |text: &Option<String>, usual: &str| text.as_deref().unwrap_or(usual).into();
        Order {
            product: self.product.as_str().into(),
            product_type: or(&self.r#type, &self.product),
            months: self.months,
            region: or(&self.region, "cn-hangzhou"),
            parameters: or(&self.parameters, ""),
        }
    }

    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let instance = tx.buy(uid, self.order(), None)?;
        Ok(format!("account {uid} bought {} of {}", instance.id, self.product))
    }
}

impl Release {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        tx.release(uid, &self.instance)?;
        Ok(format!("account {uid} released {}", self.instance))
    }
}

impl Close {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let waived: Vec<_> = self.waive.iter().map(String::as_str).collect();
        let closure = tx.close(uid, &waived)?;
        Ok(if closure.is_done {
            format!("account {uid} was closed")
        } else {
            format!("account {uid} closes on {}", closure.ends)
        })
    }
}
