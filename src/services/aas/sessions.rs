//! Logins that a partner opens for its accounts, and queries of an account about itself.

use crate::attributes::{apply, reply};
use crate::error::{Result, business};
use crate::params::request;
use crate::services::shared::envelope::{Enveloped, Nothing};
use crate::services::shared::partner::{Pk, owned};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::Language;
use crate::text::Uid;
use crate::world::{Caller, Tx, View};

request! {
    /// Parameters of `GenerateAccountLoginToken`.
    pub(super) struct GenerateToken {
        target: Pk = "TargetPk",
    }

    /// Parameters of `VerifyAccountLoginToken`.
    pub(super) struct VerifyToken {
        token: String = "LoginToken",
    }

    /// Parameters of `CheckMfaBind`.
    pub(super) struct CheckMfa {}

    /// Parameters of `ChangePreferredLanguage`.
    pub(super) struct ChangeLanguage {
        language: Language = "PreferredLanguage",
    }
}

#[apply(reply)]
pub(super) struct LoginToken {
    target_pk: Uid,
    login_token_string: String,
}

/// `GenerateAccountLoginToken`: logs an account of the partner in to the console; the token is the ticket of the login.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `LOGIN_FROZEN` (UNCERTAIN: no code is known).
/// Source: docs/evidence/account.md 3.1. UNCERTAIN: the lifetime of a token; here it equals the login's.
pub(super) fn generate_token(tx: &mut Tx<'_>, req: GenerateToken) -> Result<Only<LoginToken>> {
    let uid = req.target.of(tx)?;
    let token = tx.give_ticket(uid)?;
    Ok(Only("LoginToken", LoginToken { target_pk: uid, login_token_string: token.into() }))
}

/// `VerifyAccountLoginToken`: returns the account of a login token.
///
/// Fails with `LOGIN_NOT_EXIST` (UNCERTAIN: no code is known) and `Bid Mismatch`. Source: docs/evidence/account.md 3.1.
pub(super) fn verify_token(view: View<'_>, req: VerifyToken) -> Result<Only<LoginToken>> {
    let login = view.state.registry.owner_login(req.token.as_str());
    let login = login.ok_or_else(|| business::NO_SUCH_LOGIN.error())?;
    let uid = owned(view.state.account(login.uid).ok(), &view)?;
    Ok(Only("LoginToken", LoginToken { target_pk: uid, login_token_string: req.token }))
}

/// In the SDK, this `Code` is a number.
#[apply(reply)]
pub(super) struct MfaBind {
    is_bind_mfa: bool,
    code: u16,
    message: &'static str,
    success: bool,
}

/// `CheckMfaBind`: returns if the caller (the account, or a RAM user) has an MFA device.
///
/// Source: docs/evidence/account.md 3.1 and 1.5.
pub(super) fn check_mfa(view: View<'_>, _: CheckMfa) -> Result<MfaBind> {
    let account = view.account()?;
    let is_bind_mfa = match view.by.caller {
        Caller::User { slot, .. } => account.device_of(*slot).is_some(),
        _ => account.security.mfa.is_some(),
    };
    Ok(MfaBind { is_bind_mfa, code: 200, message: "success", success: true })
}

/// `ChangePreferredLanguage`: sets the language of the caller's account.
///
/// Fails with `MissingParameter` and `InvalidParameter`. Source: docs/evidence/account.md 3.1.
pub(super) fn change_language(tx: &mut Tx<'_>, req: ChangeLanguage) -> Result<Enveloped<Nothing>> {
    let uid = tx.account()?.uid;
    tx.set_details(uid, [("PreferredLanguage", req.language.0.as_str())])?;
    Ok(Enveloped::new(Nothing {}))
}
