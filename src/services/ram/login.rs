//! Operations on console passwords. Source: docs/evidence/ram.md 5.2.

use crate::attributes::{apply, reply};
use crate::error::{Result, ram};
use crate::operation::Done;
use crate::params::request;
use crate::services::ram::users::OneUser;
use crate::services::shared::reply::{One, elements};
use crate::text::{Password, Timestamp, UserName};
use crate::world::account::{LoginChange, LoginProfile};
use crate::world::{Caller, Refusal, Tx, View};

request! {
    /// Parameters of `CreateLoginProfile`.
    pub(super) struct CreateLoginProfile {
        user_name: UserName = "UserName",
        password: Password = "Password",
        password_reset_required: Option<bool> = "PasswordResetRequired",
        mfa_bind_required: Option<bool> = "MFABindRequired",
    }

    /// Parameters of `UpdateLoginProfile`.
    pub(super) struct UpdateLoginProfile {
        user_name: UserName = "UserName",
        password: Option<Password> = "Password",
        password_reset_required: Option<bool> = "PasswordResetRequired",
        mfa_bind_required: Option<bool> = "MFABindRequired",
    }

    /// Parameters of `ChangePassword`.
    pub(super) struct ChangePassword {
        old_password: Password = "OldPassword",
        new_password: Password = "NewPassword",
    }
}

#[apply(reply)]
pub(super) struct LoginView {
    user_name: UserName,
    password_reset_required: bool,
    #[serde(rename = "MFABindRequired")]
    mfa_bind_required: bool,
    create_date: Timestamp,
}

elements! { LoginView: "LoginProfile" "LoginProfiles"; }

impl LoginView {
    fn of(user_name: UserName, profile: &LoginProfile) -> Self {
        Self {
            user_name,
            password_reset_required: profile.password_reset_required,
            mfa_bind_required: profile.mfa_bind_required,
            create_date: profile.created,
        }
    }
}

/// `CreateLoginProfile`: sets the first password of a user. It is never shown again.
///
/// Fails with `InvalidParameter.Password.TooWeak`, `EntityNotExist.User` and `EntityAlreadyExists.User.LoginProfile`, in this
/// order.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateLoginProfile) -> Result<One<LoginView>> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    account.check_password(&req.password)?;
    let slot = account.user_slot(&req.user_name)?;
    let name = account.user(slot)?.name.clone();
    let change = LoginChange {
        password: Some(req.password),
        mfa_bind_required: req.mfa_bind_required,
        password_reset_required: req.password_reset_required,
        status: None,
    };
    Ok(One(LoginView::of(name, account.add_login(slot, change, now)?)))
}

/// `GetLoginProfile`: returns the login settings of a user.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.LoginProfile`.
pub(super) fn get(view: View<'_>, req: OneUser) -> Result<One<LoginView>> {
    let account = view.account()?;
    let slot = account.user_slot(&req.user_name)?;
    Ok(One(LoginView::of(account.user(slot)?.name.clone(), account.login(slot)?)))
}

/// `UpdateLoginProfile`: changes the password or the login settings.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.User.LoginProfile` and `InvalidParameter.Password.TooWeak`.
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateLoginProfile) -> Result<Done> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let slot = account.user_slot(&req.user_name)?;
    let change = LoginChange {
        password: req.password,
        mfa_bind_required: req.mfa_bind_required,
        password_reset_required: req.password_reset_required,
        status: None,
    };
    account.change_login(slot, change, now)?;
    Ok(Done {})
}

/// `DeleteLoginProfile`: deletes the password.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.LoginProfile`.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneUser) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.user_slot(&req.user_name)?;
    account.remove_login(slot)?;
    Ok(Done {})
}

/// `ChangePassword`: a RAM user changes its own password.
///
/// Fails with `NotSupport.Account`, `EntityNotExist.User.LoginProfile`, `InvalidParameter.OldPassword.Incorrect`,
/// `InvalidParameter.NewPassword.TooWeak` and `InvalidParameter.NewPassword.ReusePrevention`.
pub(super) fn change_password(tx: &mut Tx<'_>, req: ChangePassword) -> Result<Done> {
    let Caller::User { slot, .. } = *tx.by.caller else { return Err(ram::NOT_SUPPORT_ACCOUNT.error()) };
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    account.change_password(slot, [&req.old_password, &req.new_password], now).map_err(|refusal| {
        match refusal {
            Refusal::PasswordTooWeak => ram::NEW_PASSWORD_TOO_WEAK.error(),
            other => other.into(),
        }
    })?;
    Ok(Done {})
}
