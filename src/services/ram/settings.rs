//! Operations on settings of the account that apply to all its users. Source: docs/evidence/ram.md 5.10.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::reply::{One, elements};
use crate::text::{AccountAlias, Bounded, Flaw, Patch, Scalar};
use crate::world::account::{PasswordPolicy, SecurityPreference};
use crate::world::{Tx, View};
use serde::Serialize;
use std::sync::Arc;

request! {
    /// Parameters of `SetAccountAlias`.
    pub(super) struct SetAlias {
        alias: AccountAlias = "AccountAlias",
    }

    /// Parameters of actions without parameters.
    pub(super) struct Nothing {}

    /// Parameters of `SetPasswordPolicy`.
    pub(super) struct SetPasswordPolicy {
        minimum_length: Option<Bounded<8, 32>> = "MinimumPasswordLength",
        lowercase: Option<bool> = "RequireLowercaseCharacters",
        uppercase: Option<bool> = "RequireUppercaseCharacters",
        numbers: Option<bool> = "RequireNumbers",
        symbols: Option<bool> = "RequireSymbols",
        hard_expiry: Option<bool> = "HardExpiry",
        max_age: Option<Bounded<0, 1095>> = "MaxPasswordAge",
        reuse_prevention: Option<Bounded<0, 24>> = "PasswordReusePrevention",
        max_login_attempts: Option<Bounded<0, 32>> = "MaxLoginAttemps",
    }

    /// Parameters of `SetSecurityPreference`.
    pub(super) struct SetPreference {
        enable_save_mfa_ticket: Option<bool> = "EnableSaveMFATicket",
        allow_user_to_change_password: Option<bool> = "AllowUserToChangePassword",
        allow_user_to_manage_access_keys: Option<bool> = "AllowUserToManageAccessKeys",
        allow_user_to_manage_mfa_devices: Option<bool> = "AllowUserToManageMFADevices",
        allow_user_to_manage_public_keys: Option<bool> = "AllowUserToManagePublicKeys",
        login_session_duration: Option<Bounded<1, 24>> = "LoginSessionDuration",
        login_network_masks: Patch<Masks> = "LoginNetworkMasks",
    }
}

/// Network masks, up to 512 characters.
struct Masks(String);

impl Scalar for Masks {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if text.chars().count() <= 512 { Ok(Self(text.to_owned())) } else { Err(Flaw::Length) }
    }
}

/// `SetAccountAlias`: sets the first label of the logon domain, and replaces the previous one.
///
/// Fails with `InvalidParameter.AccountAlias.*` and `EntityAlreadyExists.AccountAlias`.
pub(super) fn set_alias(tx: &mut Tx<'_>, req: SetAlias) -> Result<Done> {
    let uid = tx.account()?.uid;
    tx.set_alias(uid, Some(req.alias))?;
    Ok(Done {})
}

/// Response of `GetAccountAlias`.
#[apply(reply)]
pub(super) struct AliasReply {
    account_alias: String,
}

/// `GetAccountAlias`: returns the alias. Without an alias, returns the UID, which is then the label (UNCERTAIN).
pub(super) fn alias(view: View<'_>, _: Nothing) -> Result<AliasReply> {
    let account = view.account()?;
    let alias = account.alias.as_ref().map(|alias| alias.as_str().to_owned());
    Ok(AliasReply { account_alias: alias.unwrap_or_else(|| account.uid.to_string()) })
}

/// `ClearAccountAlias`: removes the alias.
pub(super) fn clear_alias(tx: &mut Tx<'_>, _: Nothing) -> Result<Done> {
    let uid = tx.account()?.uid;
    tx.set_alias(uid, None)?;
    Ok(Done {})
}

#[apply(reply)]
pub(super) struct PasswordPolicyView {
    minimum_password_length: i64,
    require_lowercase_characters: bool,
    require_uppercase_characters: bool,
    require_numbers: bool,
    require_symbols: bool,
    hard_expiry: bool,
    max_password_age: i64,
    password_reuse_prevention: i64,
    /// The misspelling is the service's.
    max_login_attemps: i64,
}

#[apply(reply)]
pub(super) struct PreferenceView {
    access_key_preference: KeyPreference,
    login_profile_preference: LoginPreference,
    #[serde(rename = "MFAPreference")]
    mfa_preference: MfaPreference,
    public_key_preference: PublicKeyPreference,
}

#[apply(reply)]
struct KeyPreference {
    allow_user_to_manage_access_keys: bool,
}

#[apply(reply)]
struct LoginPreference {
    #[serde(rename = "EnableSaveMFATicket")]
    enable_save_mfa_ticket: bool,
    allow_user_to_change_password: bool,
    login_session_duration: i64,
    login_network_masks: String,
}

#[derive(Debug, Serialize)]
struct MfaPreference {
    #[serde(rename = "AllowUserToManageMFADevices")]
    allow_user_to_manage_mfa_devices: bool,
}

#[apply(reply)]
struct PublicKeyPreference {
    allow_user_to_manage_public_keys: bool,
}

elements! {
    PasswordPolicyView: "PasswordPolicy" "PasswordPolicies";
    PreferenceView: "SecurityPreference" "SecurityPreferences";
}

impl From<&PasswordPolicy> for PasswordPolicyView {
    fn from(policy: &PasswordPolicy) -> Self {
        Self {
            minimum_password_length: policy.minimum_length,
            require_lowercase_characters: policy.lowercase,
            require_uppercase_characters: policy.uppercase,
            require_numbers: policy.numbers,
            require_symbols: policy.symbols,
            hard_expiry: policy.hard_expiry,
            max_password_age: policy.max_age,
            password_reuse_prevention: policy.reuse_prevention,
            max_login_attemps: policy.max_login_attempts,
        }
    }
}

impl From<&SecurityPreference> for PreferenceView {
    fn from(preference: &SecurityPreference) -> Self {
        Self {
            access_key_preference: KeyPreference {
                allow_user_to_manage_access_keys: preference.allow_user_to_manage_access_keys,
            },
            login_profile_preference: LoginPreference {
                enable_save_mfa_ticket: preference.enable_save_mfa_ticket,
                allow_user_to_change_password: preference.allow_user_to_change_password,
                login_session_duration: preference.login_session_duration,
                login_network_masks: preference.login_network_masks.to_string(),
            },
            mfa_preference: MfaPreference {
                allow_user_to_manage_mfa_devices: preference.allow_user_to_manage_mfa_devices,
            },
            public_key_preference: PublicKeyPreference {
                allow_user_to_manage_public_keys: preference.allow_user_to_manage_public_keys,
            },
        }
    }
}

/// `SetPasswordPolicy`: sets the complete policy. Missing parameters get their defaults (UNCERTAIN: or they keep their values).
///
/// Fails with `InvalidParameter.MinimumPasswordLength.Range`.
pub(super) fn set_password_policy(
    tx: &mut Tx<'_>,
    req: SetPasswordPolicy,
) -> Result<One<PasswordPolicyView>> {
    let usual = PasswordPolicy::default();
    let (account, _) = tx.account_mut()?;
    account.password_policy = PasswordPolicy {
        minimum_length: req.minimum_length.map_or(usual.minimum_length, |length| length.0),
        lowercase: req.lowercase.unwrap_or(usual.lowercase),
        uppercase: req.uppercase.unwrap_or(usual.uppercase),
        numbers: req.numbers.unwrap_or(usual.numbers),
        symbols: req.symbols.unwrap_or(usual.symbols),
        hard_expiry: req.hard_expiry.unwrap_or(usual.hard_expiry),
        max_age: req.max_age.map_or(usual.max_age, |days| days.0),
        reuse_prevention: req.reuse_prevention.map_or(usual.reuse_prevention, |count| count.0),
        max_login_attempts: req.max_login_attempts.map_or(usual.max_login_attempts, |count| count.0),
    };
    Ok(One((&account.password_policy).into()))
}

/// `GetPasswordPolicy`: returns the policy.
pub(super) fn password_policy(view: View<'_>, _: Nothing) -> Result<One<PasswordPolicyView>> {
    Ok(One((&view.account()?.password_policy).into()))
}

/// `SetSecurityPreference`: changes the given settings and returns all (UNCERTAIN: missing ones may get their defaults).
pub(super) fn set_preference(tx: &mut Tx<'_>, req: SetPreference) -> Result<One<PreferenceView>> {
    let (account, _) = tx.account_mut()?;
    let preference = Arc::make_mut(&mut account.preference);
    let set = |to: &mut bool, sent: Option<bool>| *to = sent.unwrap_or(*to);
    set(&mut preference.enable_save_mfa_ticket, req.enable_save_mfa_ticket);
    set(&mut preference.allow_user_to_change_password, req.allow_user_to_change_password);
    set(&mut preference.allow_user_to_manage_access_keys, req.allow_user_to_manage_access_keys);
    set(&mut preference.allow_user_to_manage_mfa_devices, req.allow_user_to_manage_mfa_devices);
    set(&mut preference.allow_user_to_manage_public_keys, req.allow_user_to_manage_public_keys);
    if let Some(hours) = req.login_session_duration {
        preference.login_session_duration = hours.0;
    }
    match req.login_network_masks {
        Patch::Keep => {}
        Patch::Clear => preference.login_network_masks = "".into(),
        Patch::Set(masks) => preference.login_network_masks = masks.0.into(),
    }
    Ok(One((&*account.preference).into()))
}

/// `GetSecurityPreference`: returns the settings.
pub(super) fn preference(view: View<'_>, _: Nothing) -> Result<One<PreferenceView>> {
    Ok(One((&*view.account()?.preference).into()))
}
