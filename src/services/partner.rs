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
pub(super) trait Scene {
    /// The caller's account.
    fn caller(&self) -> Result<&Account>;
    /// The state.
    fn all(&self) -> &State;
}

impl Scene for Tx<'_> {
    fn caller(&self) -> Result<&Account> {
        Ok(self.account()?)
    }

    fn all(&self) -> &State {
        self.state()
    }
}

impl Scene for View<'_> {
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
pub(super) struct Pk(Named);

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
    pub(super) fn of(&self, scene: &impl Scene) -> Result<Uid> {
        owned(scene.all().account_at(self.0), scene)
    }
}

/// Account as named in a call. A text that is not a UID is an unknown account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named(Option<Uid>);

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
pub(super) fn owned(found: Option<&Account>, scene: &impl Scene) -> Result<Uid> {
    let account = found.ok_or_else(|| partner::INVALID_PK.error())?;
    if account.operator != Some(scene.caller()?.uid) {
        return Err(partner::BID_MISMATCH.error());
    }
    Ok(account.uid)
}

/// The account `found`, which must be the caller or belong to it.
///
/// Fails with `Not Bid`, `Invalid PK` and `Bid Mismatch`. An account that is not a partner cannot find out which accounts exist.
pub(super) fn open_to(found: Option<&Account>, scene: &impl Scene) -> Result<Uid> {
    let caller = scene.caller()?;
    if found.is_some_and(|account| account.uid == caller.uid) {
        return Ok(caller.uid);
    }
    must_be_partner(caller)?;
    owned(found, scene)
}

fn must_be_partner(caller: &Account) -> Result<()> {
    if caller.is_operator { Ok(()) } else { Err(partner::NOT_BID.error()) }
}

/// The caller, which must be a partner.
///
/// Fails with `Not Bid`.
pub(super) fn partner(scene: &impl Scene) -> Result<Uid> {
    let caller = scene.caller()?;
    must_be_partner(caller)?;
    Ok(caller.uid)
}

/// `Mpk`: the calling partner.
pub(super) struct Mpk(Named);

impl Scalar for Mpk {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Named::parse(text).map(Self)
    }
}

impl Mpk {
    /// The partner, which must be the caller.
    ///
    /// Fails with `Not Bid` and `Bid Mismatch`.
    pub(super) fn uid(&self, scene: &impl Scene) -> Result<Uid> {
        let uid = partner(scene)?;
        if self.0.0 == Some(uid) { Ok(uid) } else { Err(mismatch()) }
    }
}

fn mismatch() -> ApiError {
    partner::BID_MISMATCH.error()
}

/// Account of a call: `Mpk`, required if `PARTNER`, and the account in the parameter of the field, required if `NAMED`. Default: the
/// caller.
pub(super) struct About<const PARTNER: bool, const NAMED: bool> {
    mpk: Option<Mpk>,
    pk: Option<Named>,
}

/// A named account of a named partner.
pub(super) type Child = About<true, true>;
/// A named account.
pub(super) type Subject = About<false, true>;
/// An optional account.
pub(super) type Anyone = About<false, false>;

impl<const PARTNER: bool, const NAMED: bool> Field for About<PARTNER, NAMED> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let given = PARTNER || params.filled("Mpk").is_some();
        let mpk = given.then(|| Mpk::take(params, "Mpk")).transpose()?;
        let pk = if NAMED { Some(Named::take(params, name)?) } else { Field::take(params, name)? };
        Ok(Self { mpk, pk })
    }
}

impl<const PARTNER: bool, const NAMED: bool> About<PARTNER, NAMED> {
    /// The account.
    ///
    /// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`.
    pub(super) fn uid(&self, scene: &impl Scene) -> Result<Uid> {
        if let Some(mpk) = &self.mpk {
            mpk.uid(scene)?;
        }
        match (&self.mpk, self.pk) {
            (_, None) => Ok(scene.caller()?.uid),
            (Some(_), Some(pk)) => owned(scene.all().account_at(pk), scene),
            (None, Some(pk)) => open_to(scene.all().account_at(pk), scene),
        }
    }

    /// Returns `true` if the call names an account.
    pub(super) fn is_named(&self) -> bool {
        self.pk.is_some()
    }
}
