//! Overview of an account.

use crate::console::visit::{Shown, Visit, redirect};
use crate::console::words;
use crate::text::Money;
use crate::world::account::Account;
use askama::Template;

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    account: &'a Account,
    user: Option<String>,
    real_name: (&'static str, &'static str),
    state: String,
    holds: Vec<String>,
    balance: Money,
    domain: String,
}

/// Goes to the page with its slash.
pub(crate) fn lead(v: &Visit<'_>) -> Shown {
    Ok(redirect(&v.at("/console/")))
}

/// Shows the page.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let (account, person) = (v.account()?, v.person()?);
    let standing = account.standing();
    let page = Page {
        v,
        account,
        user: person.user.as_ref().map(|(_, name)| name.to_string()),
        real_name: words::of_status(account.real_name.status(), v.t),
        state: words::written(&account.status()),
        holds: standing.holds().iter().map(|hold| words::written(&hold)).collect(),
        balance: Money(standing.balance_cents()),
        domain: account.default_domain(),
    };
    Ok(v.page(v.t.overview, &page, &[v.recipe("GET", &format!("/accounts/{}", account.uid), "")]))
}
