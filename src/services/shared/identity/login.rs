//! Operations on console passwords. Source: docs/evidence/ram.md 5.2, docs/evidence/ims.md 4.2.

use crate::attributes::{apply, reply};
use crate::error::{Result, ram};
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::identity::{Api, Ims, LogonName, Newer, OneUser, Ram, UserRef, names};
use crate::services::shared::reply::{One, elements};
use crate::text::{Flaw, Password, Scalar, Timestamp, UserName};
use crate::world::account::{Account, LoginChange, LoginProfile, LoginStatus, PasswordStatus};
use crate::world::register::Slot;
use crate::world::{Caller, Refusal, Tx, View};

request! {
    /// Parameters of `CreateLoginProfile`.
    pub(crate) struct CreateLoginProfile<A: Api> {
        user: A::Name = A::USER,
        password: A::Password = "Password",
        password_reset_required: Option<bool> = "PasswordResetRequired",
        mfa_bind_required: Option<bool> = "MFABindRequired",
        status: Newer<A, Option<LoginStatus>> = "Status",
    }

    /// Parameters of `UpdateLoginProfile`.
    pub(crate) struct UpdateLoginProfile<A: Api> {
        user: A::Name = A::USER,
        password: Option<Password> = "Password",
        password_reset_required: Option<bool> = "PasswordResetRequired",
        mfa_bind_required: Option<bool> = "MFABindRequired",
        status: Newer<A, Option<LoginStatus>> = "Status",
    }

    /// Parameters of `ChangePassword`.
    pub(crate) struct ChangePassword {
        old_password: Password = "OldPassword",
        new_password: Password = "NewPassword",
    }
}

impl Scalar for LoginStatus {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "Active" => Ok(Self::Active),
            "Inactive" => Ok(Self::Inactive),
            _ => Err(Flaw::Value),
        }
    }
}

/// A login profile. Fields that an action or an API leaves out are `None`.
#[apply(reply)]
pub(crate) struct LoginView {
    user_name: Option<UserName>,
    user_principal_name: Option<String>,
    status: Option<LoginStatus>,
    password_status: Option<PasswordStatus>,
    password_reset_required: bool,
    #[serde(rename = "MFABindRequired")]
    mfa_bind_required: bool,
    create_date: Option<Timestamp>,
    update_date: Option<Timestamp>,
    last_login_time: Option<Timestamp>,
    auto_disable_login_status: Option<&'static str>,
}

elements! { LoginView: "LoginProfile" "LoginProfiles"; }

impl LoginView {
    fn of<A: Api>(account: &Account, slot: Slot, now: Timestamp) -> Result<Self, Refusal> {
        let (user, profile) = (account.user(slot)?, account.login(slot)?);
        let (user_name, user_principal_name) = names::<A>(account, user);
        let newer = |at: Timestamp| A::NEWER.then_some(at);
        Ok(Self {
            user_name,
            user_principal_name,
            status: A::NEWER.then_some(profile.status),
            password_status: A::NEWER.then(|| profile.password_status(&account.password_policy, now)),
            password_reset_required: profile.password_reset_required,
            mfa_bind_required: profile.mfa_bind_required,
            create_date: Some(profile.created).filter(|_| !A::NEWER),
            update_date: newer(profile.updated),
            last_login_time: None,
            auto_disable_login_status: None,
        })
    }

    /// With the state of the log-in of an idle user, a text.
    fn with_idleness(self, profile: &LoginProfile) -> Self {
        let status = if profile.auto_disabled { "true" } else { "false" };
        Self { auto_disable_login_status: Some(status), ..self }
    }
}

/// `CreateLoginProfile`: sets the first password of a user. It is never shown again.
///
/// IMS needs no password. UNCERTAIN: nobody can log in without one. Source: docs/evidence/ims.md 4.2.
///
/// Fails with `InvalidParameter.Password.TooWeak`, `EntityNotExist.User` and `EntityAlreadyExists.User.LoginProfile`, in this
/// order.
pub(crate) fn create<A: Api>(tx: &mut Tx<'_>, req: CreateLoginProfile<A>) -> Result<One<LoginView>> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let password = req.password.into();
    password.iter().try_for_each(|password| account.check_password(password, req.user.user()))?;
    let slot = req.user.slot_in(account)?;
    let change = LoginChange {
        password,
        mfa_bind_required: req.mfa_bind_required,
        password_reset_required: req.password_reset_required,
        status: req.status.0,
    };
    account.add_login(slot, change, now)?;
    Ok(One(LoginView::of::<A>(account, slot, now)?))
}

/// `GetLoginProfile`: returns the login settings of a user.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.LoginProfile`.
pub(crate) fn get<A: Api>(view: View<'_>, req: OneUser<A>) -> Result<One<LoginView>> {
    let account = view.account()?;
    let slot = req.user.slot_in(account)?;
    let shown = LoginView::of::<A>(account, slot, view.now)?;
    if !A::NEWER {
        return Ok(One(shown));
    }
    Ok(One(LoginView {
        last_login_time: account.user(slot)?.last_login,
        ..shown.with_idleness(account.login(slot)?)
    }))
}

fn change<A: Api>(tx: &mut Tx<'_>, req: UpdateLoginProfile<A>) -> Result<Slot> {
    let account = tx.account()?;
    let (uid, slot) = (account.uid, req.user.slot_in(account)?);
    let change = LoginChange {
        password: req.password,
        mfa_bind_required: req.mfa_bind_required,
        password_reset_required: req.password_reset_required,
        status: req.status.0,
    };
    tx.change_user_login(uid, slot, change)?;
    Ok(slot)
}

/// `UpdateLoginProfile` of RAM: changes the password or the login settings. A new password ends the log-ins to the console.
///
/// Fails with `EntityNotExist.User`, `EntityNotExist.User.LoginProfile` and `InvalidParameter.Password.TooWeak`.
pub(crate) fn update(tx: &mut Tx<'_>, req: UpdateLoginProfile<Ram>) -> Result<Done> {
    change(tx, req).map(|_| Done {})
}

/// `UpdateLoginProfile` of IMS: changes the password or the login settings, and returns them.
///
/// Fails as that of RAM.
pub(crate) fn update_and_show(tx: &mut Tx<'_>, req: UpdateLoginProfile<Ims>) -> Result<One<LoginView>> {
    let slot = change(tx, req)?;
    let account = tx.account()?;
    Ok(One(LoginView::of::<Ims>(account, slot, tx.now)?.with_idleness(account.login(slot)?)))
}

/// `DeleteLoginProfile`: deletes the password.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.LoginProfile`.
pub(crate) fn delete<A: Api>(tx: &mut Tx<'_>, req: OneUser<A>) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = req.user.slot_in(account)?;
    account.remove_login(slot)?;
    Ok(Done {})
}

/// `ChangePassword`: a RAM user changes its own password. Its log-ins to the console end.
///
/// Fails with `NotSupport.Account`, `EntityNotExist.User.LoginProfile`, `InvalidParameter.OldPassword.Incorrect`,
/// `InvalidParameter.NewPassword.TooWeak` (in IMS `InvalidParameter.Password.TooWeak`) and
/// `InvalidParameter.NewPassword.ReusePrevention`. UNCERTAIN: the others in IMS. Source: docs/evidence/ims.md 4.2.
pub(crate) fn change_password<A: Api>(tx: &mut Tx<'_>, req: ChangePassword) -> Result<Done> {
    let Caller::User { slot, .. } = *tx.by.caller else { return Err(ram::NOT_SUPPORT_ACCOUNT.error()) };
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let uid = account.uid;
    account.change_password(slot, [&req.old_password, &req.new_password], now).map_err(|refusal| {
        match refusal {
            Refusal::PasswordTooWeak if !A::NEWER => ram::NEW_PASSWORD_TOO_WEAK.error(),
            other => other.into(),
        }
    })?;
    tx.log_user_out(uid, slot);
    Ok(Done {})
}
