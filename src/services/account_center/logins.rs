//! Login and security settings of an enterprise's accounts. Source: docs/evidence/account.md 1.5 and 3.4.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Result};
use crate::params::{Field, Params, request};
use crate::services::account_center::{NeededPk, Pk, RequestId};
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::words::words;
use crate::text::{Bounded, Email, MobilePhone, Network, Password, Uid};
use crate::world::account::{IpMask, Protection, Security};
use crate::world::{Contacts, Tx, View};

words! {
    /// A switch. UNCERTAIN: the values were not observed. Source: docs/evidence/account.md 3.4.
    Switch: bool { "ENABLE" => true, "DISABLE" => false }
}

fn switch(is_on: bool) -> &'static str {
    if is_on { "ENABLE" } else { "DISABLE" }
}

request! {
    /// Parameters of `EnterpriseAccountQueryLoginSettings`.
    pub(super) struct Query {
        pk: Pk = "Pk",
    }
}

#[apply(reply)]
pub(super) struct Settings {
    ip_mask_dto: IpMaskView,
    mfa_bind_status: &'static str,
    risk_control_dto: RiskControlView,
    security_mobile_login_status: &'static str,
    session_expire_time: i64,
}

#[apply(reply)]
struct IpMaskView {
    ip_mask_enabled_status: &'static str,
    ip_masks: Vec<String>,
}

#[apply(reply)]
struct RiskControlView {
    protect_level: String,
    risk_control_enabled: bool,
    verify_detail: String,
    verify_type: String,
}

/// `EnterpriseAccountQueryLoginSettings`: returns the login settings of an account.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. UNCERTAIN: the status values; the unit of
/// `SessionExpireTime`, here seconds; `VerifyDetail`, here empty. Source: docs/evidence/account.md 1.5 and 3.4.
pub(super) fn query(view: View<'_>, req: Query) -> Result<Enveloped<Data<Settings>>> {
    let account = req.pk.to_show(&view)?;
    let Security { mfa, ip_mask, session_seconds, mobile_login, protection, .. } = &*account.security;
    let default = view.state.registry.rules.login_session.millis() / 1000;
    Ok(Enveloped::data(Settings {
        ip_mask_dto: IpMaskView {
            ip_mask_enabled_status: switch(ip_mask.enabled),
            ip_masks: ip_mask.networks.iter().map(ToString::to_string).collect(),
        },
        mfa_bind_status: if mfa.is_some() { "BIND" } else { "UNBIND" },
        risk_control_dto: RiskControlView {
            protect_level: protection.level.clone(),
            risk_control_enabled: !protection.level.is_empty(),
            verify_detail: String::new(),
            verify_type: protection.verify_type.clone(),
        },
        security_mobile_login_status: switch(*mobile_login),
        session_expire_time: session_seconds.unwrap_or(default),
    }))
}

/// `{"Pass": true}`.
#[apply(reply)]
pub(super) struct Passed {
    pass: bool,
}

const PASSED: Passed = Passed { pass: true };

request! {
    /// Parameters of `EnterpriseAccountChangeLoginPassword`.
    pub(super) struct SetPassword {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
        password: Password = "EncryptPassword",
    }
}

/// `EnterpriseAccountChangeLoginPassword`: sets the password of an account, and ends its logins.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST`, `ACCOUNT_NOT_MANAGED` and `PASSWORD_TOO_WEAK`. Source: docs/evidence/account.md 3.4.
pub(super) fn set_password(tx: &mut Tx<'_>, req: SetPassword) -> Result<Enveloped<Passed>> {
    let uid = req.pk.0.to_change(tx)?;
    tx.set_password(uid, &req.password)?;
    Ok(Enveloped::new(PASSED))
}

request! {
    /// Parameters of `EnterpriseAccountChangeSecurityEmail`.
    pub(super) struct SetEmail {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
        email: Email = "SecurityEmail",
        code: String = "VerifyCode",
    }
}

/// `EnterpriseAccountChangeSecurityEmail`: changes the security e-mail, with a code sent to the new one.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST`, `ACCOUNT_NOT_MANAGED`, `VERIFY_CODE_ERROR`, `VERIFY_CODE_EXPIRED` and `EMAIL_EXISTS`.
/// UNCERTAIN: which action sends the code; here `SendAsyncEmailCaptcha`. Source: docs/evidence/account.md 3.4.
pub(super) fn set_email(tx: &mut Tx<'_>, req: SetEmail) -> Result<Enveloped<Data<bool>>> {
    let uid = req.pk.0.to_change(tx)?;
    tx.use_captcha(req.email.as_str(), &req.code)?;
    tx.set_contacts(uid, Contacts { email: Some(req.email), mobile: None })?;
    Ok(Enveloped::data(true))
}

request! {
    /// Parameters of `EnterpriseAccountChangeSecurityMobile`.
    pub(super) struct SetMobile {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
        mobile: MobilePhone = "NewMobile",
        code: String = "VerificationCode",
    }
}

/// `EnterpriseAccountChangeSecurityMobile`: changes the security mobile, with a code sent to the new one.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST`, `ACCOUNT_NOT_MANAGED`, `VERIFY_CODE_ERROR`, `VERIFY_CODE_EXPIRED` and `MOBILE_LIMIT_EXCEEDED`.
/// UNCERTAIN: which action sends the code; here `SendAsyncMobileCaptcha`. Source: docs/evidence/account.md 3.4.
pub(super) fn set_mobile(tx: &mut Tx<'_>, req: SetMobile) -> Result<Enveloped<Data<bool>>> {
    let uid = req.pk.0.to_change(tx)?;
    tx.use_captcha(req.mobile.as_str(), &req.code)?;
    tx.set_contacts(uid, Contacts { email: None, mobile: Some(req.mobile) })?;
    Ok(Enveloped::data(true))
}

request! {
    /// Parameters of `EnterpriseAccountRemoveMfa`.
    pub(super) struct RemoveMfa {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
    }
}

/// `EnterpriseAccountRemoveMfa`: unbinds the MFA device of an account.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST`, `ACCOUNT_NOT_MANAGED` and `MFA_NOT_BOUND`. Source: docs/evidence/account.md 3.4.
pub(super) fn remove_mfa(tx: &mut Tx<'_>, req: RemoveMfa) -> Result<Enveloped<Data<bool>>> {
    let uid = req.pk.0.to_change(tx)?;
    tx.unbind_mfa(uid)?;
    Ok(Enveloped::data(true))
}

/// Changes the security settings of an open account.
fn change(tx: &mut Tx<'_>, uid: Uid, change: impl FnOnce(&mut Security)) -> Result<()> {
    tx.open_account(uid)?;
    change(tx.account_of(uid)?.0.security_mut());
    Ok(())
}

request! {
    /// Parameters of `EnterpriseAccountUpdateSecurityMobileLoginStatus`.
    pub(super) struct SetMobileLogin {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
        status: Switch = "Status",
    }
}

/// `EnterpriseAccountUpdateSecurityMobileLoginStatus`: allows or forbids logins with the security mobile.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. Source: docs/evidence/account.md 3.4.
pub(super) fn set_mobile_login(tx: &mut Tx<'_>, req: SetMobileLogin) -> Result<Enveloped<Passed>> {
    let uid = req.pk.0.to_change(tx)?;
    change(tx, uid, |security| security.mobile_login = req.status.0)?;
    Ok(Enveloped::new(PASSED))
}

request! {
    /// Parameters of `EnterpriseAccountUpdateSessionExpireTime`.
    pub(super) struct SetSessionTime {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
        // UNCERTAIN: the range; here a minute to a week.
        seconds: Bounded<60, 604_800> = "SessionExpireTime",
    }
}

/// `EnterpriseAccountUpdateSessionExpireTime`: sets the lifetime of an account's logins.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. UNCERTAIN: the unit, here seconds. Source: docs/evidence/account.md 1.5.
pub(super) fn set_session_time(tx: &mut Tx<'_>, req: SetSessionTime) -> Result<Enveloped<Data<bool>>> {
    let uid = req.pk.0.to_change(tx)?;
    change(tx, uid, |security| security.session_seconds = Some(req.seconds.0))?;
    Ok(Enveloped::data(true))
}

/// `IpMasksJson`: a JSON list of addresses and CIDR blocks, which may be empty.
struct IpMasks(Vec<Network>);

impl Field for IpMasks {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let needed = String::take(params, name)?;
        // An empty text is not JSON; it means an empty list.
        let texts: Vec<NetworkText> = if needed.is_empty() { Vec::new() } else { Field::take(params, name)? };
        Ok(Self(texts.into_iter().map(|text| text.0).collect()))
    }
}

struct NetworkText(Network);

impl crate::text::Scalar for NetworkText {
    fn parse(text: &str) -> Result<Self, crate::text::Flaw> {
        Network::parse(text).map(Self).ok_or(crate::text::Flaw::Format)
    }
}

request! {
    /// Parameters of `EnterpriseAccountUpdateIpMask`.
    pub(super) struct SetIpMask {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
        masks: IpMasks = "IpMasksJson",
        status: Switch = "Status",
    }
}

/// `EnterpriseAccountUpdateIpMask`: sets the client addresses from which an account may log in, and enables or disables the check.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. Source: docs/evidence/account.md 1.5 and 3.4.
pub(super) fn set_ip_mask(tx: &mut Tx<'_>, req: SetIpMask) -> Result<Enveloped<Data<bool>>> {
    let uid = req.pk.0.to_change(tx)?;
    change(tx, uid, |security| security.ip_mask = IpMask { enabled: req.status.0, networks: req.masks.0 })?;
    Ok(Enveloped::data(true))
}

request! {
    /// Parameters of `EnterpriseAccountUpdateOperateRiskControl`.
    pub(super) struct SetProtection {
        _request: RequestId = "RequestId",
        pk: NeededPk = "Pk",
        level: String = "ProductLevel",
        verify_type: String = "ValidateType",
    }
}

/// `EnterpriseAccountUpdateOperateRiskControl`: sets the protection of sensitive operations of an account. An empty level means no protection.
///
/// Fails in the body with `ACCOUNT_NOT_EXIST` and `ACCOUNT_NOT_MANAGED`. UNCERTAIN: the values; they are stored unchanged.
/// Source: docs/evidence/account.md 1.5 and 3.4.
pub(super) fn set_protection(tx: &mut Tx<'_>, req: SetProtection) -> Result<Enveloped<Data<bool>>> {
    let uid = req.pk.0.to_change(tx)?;
    change(tx, uid, |security| {
        security.protection = Protection { level: req.level, verify_type: req.verify_type }
    })?;
    Ok(Enveloped::data(true))
}
