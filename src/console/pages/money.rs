//! Money of an account: balance, arrears, orders, recharge; and closing the account with its checks. Source:
//! docs/evidence/account.md 1.6 and 1.7.

use crate::console::visit::{Shown, Visit};
use crate::console::{reasons, words};
use crate::text::{Money, cents};
use crate::world::account::{Account, Check};
use crate::world::{Act, Close, Command, WhichAccount};
use askama::Template;
use http::StatusCode;
use serde_json::json;

/// An order.
struct Order {
    id: String,
    product: String,
    region: String,
    bought: String,
    released: String,
}

#[derive(Template)]
#[template(path = "money.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    account: &'a Account,
    balance: Money,
    credit: Money,
    available: Money,
    arrears: Option<String>,
    orders: Vec<Order>,
    checks: Vec<Check>,
    /// The closing has begun: the end of the silence period.
    closes: Option<String>,
    error: Option<String>,
}

/// Orders on the page at most.
const SHOWN: usize = 100;

/// Shows the page.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    page(v, StatusCode::OK, None)
}

fn page(v: &Visit<'_>, status: StatusCode, error: Option<String>) -> Shown {
    let account = v.own_account()?;
    let standing = account.standing();
    let orders = account.instances.iter().rev().take(SHOWN).map(|one| Order {
        id: one.id.to_string(),
        product: one.order.product.to_string(),
        region: one.order.region.to_string(),
        bought: one.created.to_string(),
        released: one.released.map(|at| at.to_string()).unwrap_or_default(),
    });
    let page = Page {
        v,
        account,
        balance: Money(standing.balance_cents()),
        credit: Money(standing.credit_cents()),
        available: Money(standing.available_cents()),
        arrears: standing.arrears().map(|arrears| arrears.since.to_string()),
        orders: orders.collect(),
        checks: account.closing_checks(),
        closes: standing.closure().map(|closure| closure.ends.to_string()),
        error,
    };
    let path = format!("/accounts/{}", account.uid);
    let pay = json!({"pay": {"account": account.uid.to_string(), "amount": 100}}).to_string();
    let recipes = [
        v.recipe("POST", "/commands", &pay),
        v.recipe("POST", &format!("{path}/state"), r#"{"status": "ARREARS"}"#),
        v.recipe("GET", &format!("{path}/close"), ""),
        v.recipe("POST", &format!("{path}/close"), "{}"),
        v.recipe("DELETE", &format!("{path}/close"), ""),
    ];
    Ok(v.page_with(status, v.t.money, &page, &recipes))
}

fn done(v: &Visit<'_>, done: Result<(), String>, name: &str) -> Shown {
    match done {
        Ok(()) => Ok(v.go("/console/money", name)),
        Err(why) => page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(why)),
    }
}

/// Adds to the balance.
pub(crate) fn recharge(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let Some(amount) = cents(v.form.get("amount")).filter(|amount| *amount > 0) else {
        return page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(v.t.wrong_amount.to_owned()));
    };
    done(v, v.act(|tx| Ok(tx.pay(uid, amount)?)), "done_recharged")
}

/// Closes the account, at once or after a silence period.
pub(crate) fn close(v: &Visit<'_>) -> Shown {
    let account = v.own_account()?;
    if v.form.get("confirm") != account.uid.to_string() {
        return page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(v.t.confirm_uid_wrong.to_owned()));
    }
    let waived = account.closing_checks().into_iter().filter(|check| v.form.given(check.id).is_some());
    let words = Close { waive: waived.map(|check| check.id.to_owned()).collect() };
    match v.act(|tx| words.act(account.uid, tx)) {
        // The log-in ends with the account.
        Ok(closure) if closure.is_done => Ok(v.go("/console/login", "done_closed")),
        Ok(_) => Ok(v.go("/console/money", "done_closing")),
        Err(why) => page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(why)),
    }
}

/// Keeps the account during its silence period.
pub(crate) fn stay(v: &Visit<'_>) -> Shown {
    let uid = v.own_account()?.uid;
    let command = Command::Stay(WhichAccount::named(&uid.to_string()));
    done(v, v.act(|tx| command.run(tx)).map(drop), "done_stays")
}

impl Page<'_> {
    fn check(&self, check: &Check) -> (&'static str, &'static str) {
        reasons::of_closing(check, self.v.lang)
    }

    fn state(&self) -> String {
        words::written(&self.account.status())
    }
}
