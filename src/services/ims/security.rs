//! MFA devices as IMS shows and disables them. Source: docs/evidence/ims.md 4.6.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::identity::mfa::BoundDevice;
use crate::services::shared::identity::{Ims, Nothing, OneUser, UserRef};
use crate::text::UserPrincipalName;
use crate::world::account::Account;
use crate::world::register::Slot;
use crate::world::{Caller, Tx, View};

request! {
    /// Parameters of `GetUserMFAInfo`, `ListPasskeys` and `GetVerificationInfo`.
    pub(super) struct MaybeUser {
        pub(super) user: Option<UserPrincipalName> = "UserPrincipalName",
    }
}

/// Returns the named user, or else the calling one.
///
/// UNCERTAIN: for a caller that is no RAM user, the name is missing. Source: docs/evidence/ims.md 4.6, `GetUserMFAInfo`.
pub(super) fn user_or_caller(
    named: Option<&UserPrincipalName>,
    caller: &Caller,
    account: &Account,
) -> Result<Slot, Failure> {
    match (named, caller) {
        (Some(name), _) => Ok(name.slot_in(account)?),
        (None, Caller::User { slot, .. }) => Ok(*slot),
        (None, _) => Err(Flawed::missing("UserPrincipalName").into()),
    }
}

/// Response of `GetUserMFAInfo`: without a device, none (UNCERTAIN: RAM returns an error).
#[apply(reply)]
pub(super) struct UserMfa {
    #[serde(rename = "IsMFAEnable")]
    is_enabled: bool,
    #[serde(rename = "MFADevice")]
    device: Option<BoundDevice>,
}

/// `GetUserMFAInfo`: returns the device of a user, if any.
///
/// Fails with `EntityNotExist.User`.
pub(super) fn mfa_of_user(view: View<'_>, req: MaybeUser) -> Result<UserMfa, Failure> {
    let account = view.account()?;
    let slot = user_or_caller(req.user.as_ref(), view.by.caller, account)?;
    let device = account.device_of(slot).map(|device| BoundDevice::of(device, account));
    Ok(UserMfa { is_enabled: device.is_some(), device })
}

/// Response of `GetAccountMFAInfo`.
#[apply(reply)]
pub(super) struct AccountMfa {
    #[serde(rename = "IsMFAEnable")]
    is_enabled: bool,
}

/// `GetAccountMFAInfo`: returns whether the owner of the account logs in with an MFA device.
pub(super) fn mfa_of_account(view: View<'_>, _: Nothing) -> Result<AccountMfa> {
    Ok(AccountMfa { is_enabled: view.account()?.security.mfa.is_some() })
}

/// `DisableVirtualMFA`: unbinds the device of a user and deletes it.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.MFADevice`.
pub(super) fn disable_mfa(tx: &mut Tx<'_>, req: OneUser<Ims>) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let user = req.user.slot_in(account)?;
    account.drop_device(user)?;
    Ok(Done {})
}
