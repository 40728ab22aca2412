//! Accounts that a partner, reseller or enterprise manages: shared code of BssOpenApi, AccountCenter and Agency.

use crate::error::{ApiError, Known, Result};
use crate::text::{CountryCode, Email, Scalar, Uid};
use crate::world::account::Account;
use crate::world::{Refusal, State, Tx};

/// Errors of a product for an account that the caller does not manage.
pub(crate) struct Managed {
    /// The account does not exist.
    pub(crate) unknown: &'static Known,
    /// Another account manages it.
    pub(crate) foreign: &'static Known,
    /// True if the error is in the body of an HTTP 200.
    pub(crate) in_body: bool,
}

impl Managed {
    fn error(&self, known: &Known) -> ApiError {
        if self.in_body { known.business() } else { known.error() }
    }

    /// Account named by `text`, which `parent` must manage. A closed account counts as unknown.
    pub(crate) fn child<'a>(&self, state: &'a State, parent: Uid, text: &str) -> Result<&'a Account> {
        let account = Uid::parse(text).ok().and_then(|uid| state.account(uid).ok());
        let account = account.filter(|one| !one.standing().is_closed());
        let account = account.ok_or_else(|| self.error(self.unknown))?;
        if account.partner == Some(parent) { Ok(account) } else { Err(self.error(self.foreign)) }
    }

    /// The same, or the caller's own account.
    pub(crate) fn own_or_child<'a>(&self, state: &'a State, parent: Uid, text: &str) -> Result<&'a Account> {
        if text == parent.to_string() { Ok(state.account(parent)?) } else { self.child(state, parent, text) }
    }
}

/// Open accounts that `parent` manages, in the order of their UIDs.
pub(crate) fn children(state: &State, parent: Uid) -> impl Iterator<Item = &Account> {
    let is_its = move |one: &&Account| one.partner == Some(parent) && !one.standing().is_closed();
    state.accounts.values().map(|one| &**one).filter(is_its)
}

/// Registers an account that `parent` manages, with these details.
pub(crate) fn register(
    tx: &mut Tx<'_>,
    parent: Uid,
    email: Option<Email>,
    stem: &str,
    country: Option<CountryCode>,
    details: &[(&str, Option<String>)],
) -> Result<Uid, Refusal> {
    let mut profile = tx.profile_for(parent, email.as_ref(), stem, country)?;
    for (name, value) in details {
        if let Some(value) = value {
            profile.details.insert((*name).into(), value.into());
        }
    }
    tx.register_for(parent, profile)
}
