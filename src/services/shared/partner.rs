//! Account of a call in Aas, Crm or account-crm, and the permission to use it: a partner for its accounts, an account for itself.
//!
//! If a call names a partner (`Mpk`), the caller must be that partner, and the account must belong to it. Otherwise, an account calls
//! about itself, or a partner about one of its accounts. UNCERTAIN for account-crm: the allowed callers are not published;
//! the codes are those of Aas and Crm (docs/evidence/account.md 3.2).

use crate::error::{ApiError, Failure, Result, partner};
use crate::params::{Field, Params};
use crate::text::{Flaw, Scalar, Uid};
use crate::world::account::Account;
use crate::world::{State, Tx, View};

/// Input of an operation, as far as this file needs it.
pub(crate) trait Context {
    /// The caller's account.
    fn caller(&self) -> Result<&Account>;
    /// The state.
    fn all(&self) -> &State;
}

impl Context for Tx<'_> {
    fn caller(&self) -> Result<&Account> {
        Ok(self.account()?)
    }

    fn all(&self) -> &State {
        self.state()
    }
}

impl Context for View<'_> {
    fn caller(&self) -> Result<&Account> {
        Ok(self.account()?)
    }

    fn all(&self) -> &State {
        self.state
    }
}

/// `PK`: the UID of an account of the partner, in Aas and Crm.
///
/// Fails with `Empty PK`. Source: docs/evidence/account.md 3.2.
pub(crate) struct Pk(Named);

impl Field for Pk {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let text = params.filled(name).ok_or_else(|| partner::EMPTY_PK.error())?;
        Ok(Self(Named(Uid::parse(text).ok())))
    }
}

impl Pk {
    /// The account, which must belong to the caller.
    ///
    /// Fails with `Invalid PK` and `Bid Mismatch`.
    pub(crate) fn of(&self, context: &impl Context) -> Result<Uid> {
        owned(context.all().account_at(self.0), context)
    }
}

/// Account as named in a call. A text that is not a UID is an unknown account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named(Option<Uid>);

impl Scalar for Named {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(Uid::parse(text).ok()))
    }
}

impl State {
    fn account_at(&self, named: Named) -> Option<&Account> {
        named.0.and_then(|uid| self.account(uid).ok())
    }
}

/// The account `found`, which must belong to the caller, a partner.
///
/// Fails with `Invalid PK` and `Bid Mismatch`.
pub(crate) fn owned(found: Option<&Account>, context: &impl Context) -> Result<Uid> {
    let account = found.ok_or_else(|| partner::INVALID_PK.error())?;
    if account.partner != Some(context.caller()?.uid) {
        return Err(partner::BID_MISMATCH.error());
    }
    Ok(account.uid)
}

/// The account `found`, which must be the caller or belong to it.
///
/// Fails with `Not Bid`, `Invalid PK` and `Bid Mismatch`. An account that is not a partner cannot find out which accounts exist.
pub(crate) fn open_to(found: Option<&Account>, context: &impl Context) -> Result<Uid> {
    let caller = context.caller()?;
    if found.is_some_and(|account| account.uid == caller.uid) {
        return Ok(caller.uid);
    }
    must_be_partner(caller)?;
    owned(found, context)
}

fn must_be_partner(caller: &Account) -> Result<()> {
    if caller.is_partner { Ok(()) } else { Err(partner::NOT_BID.error()) }
}

/// The caller, which must be a partner.
///
/// Fails with `Not Bid`.
pub(crate) fn partner(context: &impl Context) -> Result<Uid> {
    let caller = context.caller()?;
    must_be_partner(caller)?;
    Ok(caller.uid)
}

/// `Mpk`: the calling partner.
pub(crate) struct Mpk(Named);

impl Scalar for Mpk {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Named::parse(text).map(Self)
    }
}

impl Mpk {
    /// The partner, which must be the caller.
    ///
    /// Fails with `Not Bid` and `Bid Mismatch`.
    pub(crate) fn uid(&self, context: &impl Context) -> Result<Uid> {
        let uid = partner(context)?;
        if self.0.0 == Some(uid) { Ok(uid) } else { Err(mismatch()) }
    }
}

fn mismatch() -> ApiError {
    partner::BID_MISMATCH.error()
}

/// An account of a partner: the call names both.
pub(crate) struct Child {
    mpk: Mpk,
    pk: Named,
}

/// An account that the call names, and its partner when the call names one, too.
pub(crate) struct Subject {
    mpk: Option<Mpk>,
    pk: Named,
}

/// An account that the call may name, and its partner when the call names one. A call without either is about the caller.
pub(crate) struct Anyone {
    mpk: Option<Mpk>,
    pk: Option<Named>,
}

impl Field for Child {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Ok(Self { mpk: Field::take(params, "Mpk")?, pk: Field::take(params, name)? })
    }
}

impl Field for Subject {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Ok(Self { mpk: Field::take(params, "Mpk")?, pk: Field::take(params, name)? })
    }
}

impl Field for Anyone {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Ok(Self { mpk: Field::take(params, "Mpk")?, pk: Field::take(params, name)? })
    }
}

impl Child {
    /// The account.
    ///
    /// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`.
    pub(crate) fn uid(&self, context: &impl Context) -> Result<Uid> {
        self.mpk.uid(context)?;
        owned(context.all().account_at(self.pk), context)
    }
}

impl Subject {
    /// The account.
    ///
    /// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`.
    pub(crate) fn uid(&self, context: &impl Context) -> Result<Uid> {
        match &self.mpk {
            Some(mpk) => mpk.uid(context).and_then(|_| owned(context.all().account_at(self.pk), context)),
            None => open_to(context.all().account_at(self.pk), context),
        }
    }
}

impl Anyone {
    /// The account.
    ///
    /// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`.
    pub(crate) fn uid(&self, context: &impl Context) -> Result<Uid> {
        if let Some(mpk) = &self.mpk {
            mpk.uid(context)?;
        }
        match (&self.mpk, self.pk) {
            (_, None) => Ok(context.caller()?.uid),
            (Some(_), Some(pk)) => owned(context.all().account_at(pk), context),
            (None, Some(pk)) => open_to(context.all().account_at(pk), context),
        }
    }

    /// Returns `true` if the call names an account.
    pub(crate) fn is_named(&self) -> bool {
        self.pk.is_some()
    }
}
