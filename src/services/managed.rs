//! A partner, reseller or enterprise acts on accounts of its own: one shape for BssOpenApi, AccountCenter and Agency.

use crate::error::{ApiError, Known, Result};
use crate::services::vocabulary::CountryCode;
use crate::text::{Email, LoginName, Scalar, Uid};
use crate::world::account::{Account, Profile};
use crate::world::{Refusal, State, Tx};

/// How a product words that an account is none the caller may act on.
pub(super) struct Managed {
    /// There is no such account.
    pub(super) unknown: &'static Known,
    /// It is somebody else's.
    pub(super) foreign: &'static Known,
    /// Whether that is told in the body of an HTTP 200.
    pub(super) in_body: bool,
}

impl Managed {
    fn error(&self, known: &Known) -> ApiError {
        if self.in_body { known.business() } else { known.error() }
    }

    /// The account that `text` names, which must be one of `parent`'s. A closed one is no account any more.
    pub(super) fn child<'a>(&self, state: &'a State, parent: Uid, text: &str) -> Result<&'a Account> {
        let account = Uid::parse(text).ok().and_then(|uid| state.account(uid).ok());
        let account = account.filter(|one| !one.standing().is_closed());
        let account = account.ok_or_else(|| self.error(self.unknown))?;
        if account.operator == Some(parent) { Ok(account) } else { Err(self.error(self.foreign)) }
    }

    /// The same, or the caller's own.
    pub(super) fn own_or_child<'a>(&self, state: &'a State, parent: Uid, text: &str) -> Result<&'a Account> {
        if text == parent.to_string() { Ok(state.account(parent)?) } else { self.child(state, parent, text) }
    }
}

/// The accounts of `parent` that are not closed, in the order of their UIDs.
pub(super) fn children(state: &State, parent: Uid) -> impl Iterator<Item = &Account> {
    let is_its = move |one: &&Account| one.operator == Some(parent) && !one.standing().is_closed();
    state.accounts.values().map(|one| &**one).filter(is_its)
}

/// Registers an account under `parent`, on its site: named by its e-mail, when that is short enough for a login name.
pub(super) fn register(
    tx: &mut Tx<'_>,
    parent: Uid,
    (email, stem): (Option<Email>, &str),
    country: Option<CountryCode>,
    details: &[(&str, Option<String>)],
) -> Result<Uid, Refusal> {
    let of_parent = &tx.open_account(parent)?.profile;
    let (site, own) = (of_parent.site, of_parent.country.clone());
    let by_email = email.as_ref().and_then(|email| LoginName::parse(email.as_str()).ok());
    let name = by_email.unwrap_or_else(|| tx.free_login_name(stem));
    let mut profile = Profile::new(site, name, country.as_ref().map_or(&own, |country| &country.0));
    profile.email = email;
    for (name, value) in details {
        if let Some(value) = value {
            profile.details.insert((*name).into(), value.into());
        }
    }
    tx.register_for(parent, profile)
}

/// An amount of money as the wire has it: `10000.00`. Source: the samples of alibabacloud-bssopenapi20171214.
pub(super) fn amount(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// The largest amount that is taken, in hundredths: what an account can hold.
const MOST_CENTS: i64 = 1_000_000_000_000_000;

/// An amount of money that somebody sends, in hundredths: digits, with up to two after a point.
pub(super) fn cents(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(rest).filter(|sum| *sum <= MOST_CENTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_amount_is_known_as_such() {
        for text in ["", ".", "1.", ".5", "1.234", "-1", "+1", "1e3", "1,000", "99999999999999999999"] {
            assert_eq!(cents(text), None, "{text}");
        }
        assert_eq!((cents("100"), cents("0.5"), cents("7.05")), (Some(10_000), Some(50), Some(705)));
        assert_eq!((amount(-5), amount(1_000_000)), ("-0.05".to_owned(), "10000.00".to_owned()));
    }

    proptest! {
        #[test]
        fn an_amount_that_is_written_is_read_as_the_same(sum in 0..=MOST_CENTS) {
            prop_assert_eq!(cents(&amount(sum)), Some(sum));
        }
    }
}
