//! Operations on mobile and e-mail of members. Source: docs/evidence/resource-directory.md 4.2.

use crate::attributes::{apply, reply};
use crate::error::{Result, directory as codes};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::whole::mobile_for;
use crate::services::directory::{manager, must_be_user_or_role};
use crate::text::{Email, MobilePhone, Uid};
use crate::world::Tx;

request! {
    /// Parameters of `BindSecureMobilePhone`.
    pub(super) struct Bind {
        uid: Uid = "AccountId",
        mobile: MobilePhone = "SecureMobilePhone",
        code: String = "VerificationCode",
    }

    /// Parameters of `SendVerificationCodeForBindSecureMobilePhone`.
    pub(super) struct SendCode {
        uid: Uid = "AccountId",
        mobile: String = "SecureMobilePhone",
    }

    /// Parameters of `ChangeAccountEmail`.
    pub(super) struct ChangeEmail {
        uid: Uid = "AccountId",
        email: Email = "Email",
    }

    /// Parameters of `RetryChangeAccountEmail` and `CancelChangeAccountEmail`.
    pub(super) struct OneAccount {
        uid: Uid = "AccountId",
    }
}

/// Returns the management account, if a user or role of it calls.
fn caller(tx: &Tx<'_>) -> Result<Uid> {
    must_be_user_or_role(tx, &codes::CALLER_IDENTITY_ERROR)?;
    manager(tx)
}

/// `BindSecureMobilePhone`: binds the first mobile of a resource account. The code must have been sent to it.
///
/// Fails with `CallerIdentityError`, `AccountTypeMismatch`, `AccountSecureMobileAlreadyExists` and `Invalid.VerificationCode`. UNCERTAIN: the
/// listed codes about enabling a directory. Here those about the enterprise are about the management account, those about directories
/// about the account to which the mobile is bound. Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn bind(tx: &mut Tx<'_>, req: Bind) -> Result<Done> {
    must_be_user_or_role(tx, &codes::CALLER_IDENTITY_ERROR)?;
    tx.state().may_act_on_site(tx.account()?.uid)?;
    let own = manager(tx)?;
    tx.bind_member_mobile(own, req.uid, &req.mobile, &req.code)?;
    Ok(Done {})
}

/// Response of `SendVerificationCodeForBindSecureMobilePhone`.
#[apply(reply)]
pub(super) struct Sent {
    expiration_date: String,
}

/// `SendVerificationCodeForBindSecureMobilePhone`: sends a code to the mobile for a resource account.
///
/// Fails with `CallerIdentityError`, `AccountTypeMismatch` and `AccountSecureMobileAlreadyExists` (UNCERTAIN here),
/// `InvalidParameter.MobileCountryCode` and `SendValidateCodeExceedsLimitForAccount`. Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn send_code(tx: &mut Tx<'_>, req: SendCode) -> Result<Sent> {
    let own = caller(tx)?;
    tx.may_bind_mobile(own, req.uid)?;
    let mobile = mobile_for(&req.mobile, tx.state().account(own)?.profile.site)?;
    let expires = tx.send_directory_code(own, &mobile, "BindSecureMobilePhone")?;
    Ok(Sent { expiration_date: expires.with_millis() })
}

/// `ChangeAccountEmail`: mails the new address of a member, whose owner must confirm it.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account`, `NotSupport.InvitedAccount`,
/// `NotSupportedOperation.Account.EmailModify` and `InvalidParameter.Email.AlreadyUsed` (UNCERTAIN). Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn change_email(tx: &mut Tx<'_>, req: ChangeEmail) -> Result<Done> {
    let own = manager(tx)?;
    tx.change_member_email(own, req.uid, req.email)?;
    Ok(Done {})
}

/// `RetryChangeAccountEmail`: sends the mail again.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account` and `EntityNotExists.EmailModifyRecord`. Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn retry_email(tx: &mut Tx<'_>, req: OneAccount) -> Result<Done> {
    let own = manager(tx)?;
    let number = tx.email_change(own, req.uid)?;
    tx.resend_trace(&number)?;
    Ok(Done {})
}

/// `CancelChangeAccountEmail`: cancels the change of the address.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account` and `EntityNotExists.EmailModifyRecord`. Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn cancel_email(tx: &mut Tx<'_>, req: OneAccount) -> Result<Done> {
    let own = manager(tx)?;
    let number = tx.email_change(own, req.uid)?;
    tx.cancel_trace(&number)?;
    Ok(Done {})
}
