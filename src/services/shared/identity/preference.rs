//! Operations on the security preference. Source: docs/evidence/ram.md 5.10, docs/evidence/ims.md 4.8.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::params::{Field, Params, request};
use crate::services::shared::identity::{Api, Newer, Nothing, Older};
use crate::services::shared::reply::{One, elements};
use crate::text::{Bounded, Flaw, Patch, Scalar};
use crate::world::account::{MfaOperation, RiskOperation, SecurityPreference};
use crate::world::{Tx, View};
use std::sync::Arc;

request! {
    /// Parameters of `SetSecurityPreference`.
    pub(crate) struct SetPreference<A: Api> {
        enable_save_mfa_ticket: Option<bool> = "EnableSaveMFATicket",
        change_password: Option<bool> = "AllowUserToChangePassword",
        manage_access_keys: Option<bool> = "AllowUserToManageAccessKeys",
        manage_mfa_devices: Option<bool> = "AllowUserToManageMFADevices",
        manage_public_keys: Older<A, Option<bool>> = "AllowUserToManagePublicKeys",
        login_session_duration: Option<Bounded<1, 24>> = "LoginSessionDuration",
        login_network_masks: Patch<Masks> = "LoginNetworkMasks",
        manage_service_credentials: Newer<A, Option<bool>> = "AllowUserToManageServiceCredentials",
        login_with_passkey: Newer<A, Option<bool>> = "AllowUserToLoginWithPasskey",
        manage_ding_talk: Newer<A, Option<bool>> = "AllowUserToManagePersonalDingTalk",
        enforce_mfa: Newer<A, Option<bool>> = "EnforceMFAForLogin",
        mfa_operation: Newer<A, Option<MfaOperation>> = "MFAOperationForLogin",
        risk_operation: Newer<A, Option<RiskOperation>> = "OperationForRiskLogin",
        idle_days_of_users: Newer<A, Option<IdleDays>> = "MaxIdleDaysForUsers",
        idle_days_of_keys: Newer<A, Option<IdleDays>> = "MaxIdleDaysForAccessKeys",
        verification_types: Newer<A, VerificationTypes> = "VerificationTypes",
    }
}

/// Network masks: up to 40, separated by `;`, in up to 512 characters. UNCERTAIN: the code for too many.
struct Masks(String);

impl Scalar for Masks {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let fits = text.chars().count() <= 512 && text.split(';').count() <= 40;
        if fits { Ok(Self(text.to_owned())) } else { Err(Flaw::Length) }
    }
}

/// Days without use. UNCERTAIN: the code for another number.
struct IdleDays(i64);

impl Scalar for IdleDays {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let days = text.parse().ok().filter(|days| [90, 180, 365, 730].contains(days));
        days.map(Self).ok_or(Flaw::Value)
    }
}

/// Ways to verify users: one JSON array, or an empty text for none. `None` if they are not sent. UNCERTAIN: the code for another way.
#[derive(Default)]
struct VerificationTypes(Option<Vec<String>>);

impl Field for VerificationTypes {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let all: Vec<String> = Field::take(params, name)?;
        let known = |one: &String| matches!(one.as_str(), "sms" | "email");
        if !all.iter().all(known) {
            return Err(Flawed::new(name, Flaw::Value).into());
        }
        let is_sent = params.get(name).is_some() || !all.is_empty();
        Ok(Self(is_sent.then_some(all)))
    }
}

impl Scalar for MfaOperation {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "mandatory" => Ok(Self::Mandatory),
            "independent" => Ok(Self::Independent),
            "adaptive" => Ok(Self::Adaptive),
            _ => Err(Flaw::Value),
        }
    }
}

impl Scalar for RiskOperation {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "autonomous" => Ok(Self::Autonomous),
            "enforceVerify" => Ok(Self::EnforceVerify),
            _ => Err(Flaw::Value),
        }
    }
}

/// The preference. Fields that an API lacks are `None`.
#[apply(reply)]
pub(crate) struct PreferenceView {
    access_key_preference: KeyPreference,
    login_profile_preference: LoginPreference,
    #[serde(rename = "MFAPreference")]
    mfa_preference: MfaPreference,
    public_key_preference: Option<PublicKeyPreference>,
    max_idle_days: Option<MaxIdleDays>,
    personal_info_preference: Option<PersonalInfoPreference>,
    verification_preference: Option<VerificationPreference>,
}

#[apply(reply)]
struct KeyPreference {
    allow_user_to_manage_access_keys: bool,
    allow_user_to_manage_service_credentials: Option<bool>,
}

#[apply(reply)]
struct LoginPreference {
    #[serde(rename = "EnableSaveMFATicket")]
    enable_save_mfa_ticket: bool,
    allow_user_to_change_password: bool,
    login_session_duration: i64,
    login_network_masks: String,
    #[serde(rename = "MFAOperationForLogin")]
    mfa_operation_for_login: Option<MfaOperation>,
    operation_for_risk_login: Option<RiskOperation>,
    allow_user_to_login_with_passkey: Option<bool>,
}

#[apply(reply)]
struct MfaPreference {
    #[serde(rename = "AllowUserToManageMFADevices")]
    allow_user_to_manage_mfa_devices: bool,
}

#[apply(reply)]
struct PublicKeyPreference {
    allow_user_to_manage_public_keys: bool,
}

#[apply(reply)]
struct MaxIdleDays {
    max_idle_days_for_users: i64,
    max_idle_days_for_access_keys: i64,
}

#[apply(reply)]
struct PersonalInfoPreference {
    allow_user_to_manage_personal_ding_talk: bool,
}

#[apply(reply)]
struct VerificationPreference {
    verification_types: Vec<String>,
}

elements! { PreferenceView: "SecurityPreference" "SecurityPreferences"; }

impl PreferenceView {
    fn new(preference: &SecurityPreference, newer: bool) -> Self {
        let public_keys = PublicKeyPreference {
            allow_user_to_manage_public_keys: preference.allow_user_to_manage_public_keys,
        };
        Self {
            access_key_preference: KeyPreference {
                allow_user_to_manage_access_keys: preference.allow_user_to_manage_access_keys,
                allow_user_to_manage_service_credentials: newer
                    .then_some(preference.allow_user_to_manage_service_credentials),
            },
            login_profile_preference: LoginPreference {
                enable_save_mfa_ticket: preference.enable_save_mfa_ticket,
                allow_user_to_change_password: preference.allow_user_to_change_password,
                login_session_duration: preference.login_session_duration,
                login_network_masks: preference.login_network_masks.to_string(),
                mfa_operation_for_login: newer.then_some(preference.mfa_operation_for_login),
                operation_for_risk_login: newer.then_some(preference.operation_for_risk_login),
                allow_user_to_login_with_passkey: newer
                    .then_some(preference.allow_user_to_login_with_passkey),
            },
            mfa_preference: MfaPreference {
                allow_user_to_manage_mfa_devices: preference.allow_user_to_manage_mfa_devices,
            },
            public_key_preference: (!newer).then_some(public_keys),
            max_idle_days: newer.then_some(MaxIdleDays {
                max_idle_days_for_users: preference.max_idle_days_for_users,
                max_idle_days_for_access_keys: preference.max_idle_days_for_access_keys,
            }),
            personal_info_preference: newer.then_some(PersonalInfoPreference {
                allow_user_to_manage_personal_ding_talk: preference.allow_user_to_manage_personal_ding_talk,
            }),
            verification_preference: newer.then(|| VerificationPreference {
                verification_types: preference.verification_types.clone(),
            }),
        }
    }
}

/// `SetSecurityPreference`: changes the given settings and returns all (UNCERTAIN: missing ones may get their defaults).
///
/// `EnforceMFAForLogin` is the older form of `MFAOperationForLogin`, which comes first.
pub(crate) fn set<A: Api>(tx: &mut Tx<'_>, req: SetPreference<A>) -> Result<One<PreferenceView>> {
    let (account, _) = tx.account_mut()?;
    let preference = Arc::make_mut(&mut account.preference);
    let flags = [
        (&mut preference.enable_save_mfa_ticket, req.enable_save_mfa_ticket),
        (&mut preference.allow_user_to_change_password, req.change_password),
        (&mut preference.allow_user_to_manage_access_keys, req.manage_access_keys),
        (&mut preference.allow_user_to_manage_mfa_devices, req.manage_mfa_devices),
        (&mut preference.allow_user_to_manage_public_keys, req.manage_public_keys.0),
        (&mut preference.allow_user_to_manage_service_credentials, req.manage_service_credentials.0),
        (&mut preference.allow_user_to_login_with_passkey, req.login_with_passkey.0),
        (&mut preference.allow_user_to_manage_personal_ding_talk, req.manage_ding_talk.0),
    ];
    for (to, sent) in flags {
        *to = sent.unwrap_or(*to);
    }
    let numbers = [
        (&mut preference.login_session_duration, req.login_session_duration.map(|hours| hours.0)),
        (&mut preference.max_idle_days_for_users, req.idle_days_of_users.0.map(|days| days.0)),
        (&mut preference.max_idle_days_for_access_keys, req.idle_days_of_keys.0.map(|days| days.0)),
    ];
    for (to, sent) in numbers {
        *to = sent.unwrap_or(*to);
    }
    let enforced = |enforce| if enforce { MfaOperation::Mandatory } else { MfaOperation::Independent };
    if let Some(operation) = req.mfa_operation.0.or(req.enforce_mfa.0.map(enforced)) {
        preference.mfa_operation_for_login = operation;
    }
    if let Some(operation) = req.risk_operation.0 {
        preference.operation_for_risk_login = operation;
    }
    match req.login_network_masks {
        Patch::Keep => {}
        Patch::Clear => preference.login_network_masks = "".into(),
        Patch::Set(masks) => preference.login_network_masks = masks.0.into(),
    }
    if let Some(types) = req.verification_types.0.0 {
        preference.verification_types = types;
    }
    Ok(One(PreferenceView::new(preference, A::NEWER)))
}

/// `GetSecurityPreference`: returns the settings.
pub(crate) fn get<A: Api>(view: View<'_>, _: Nothing) -> Result<One<PreferenceView>> {
    Ok(One(PreferenceView::new(&view.account()?.preference, A::NEWER)))
}
