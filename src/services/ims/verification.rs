//! Operations on the contacts that verify a user. Source: docs/evidence/ims.md 4.6.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::Done;
use crate::params::request;
use crate::services::ims::security::{MaybeUser, user_or_caller};
use crate::services::shared::words::words;
use crate::text::{Email, Flaw, MobilePhone, UserPrincipalName};
use crate::world::account::Confirmation;
use crate::world::{Tx, View};

/// Kind of a contact.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Mobile,
    Email,
}

words! {
    /// `VerifyType`.
    VerifyType: Kind { "sms" => Kind::Mobile, "email" => Kind::Email }
}

request! {
    /// Parameters of `SetVerificationInfo` and `UnbindVerification`.
    pub(super) struct OneContact {
        user: Option<UserPrincipalName> = "UserPrincipalName",
        kind: VerifyType = "VerifyType",
        mobile: Option<MobilePhone> = "MobilePhone",
        email: Option<Email> = "Email",
    }
}

/// Response of `GetVerificationInfo`. UNCERTAIN: a contact that is not set is absent.
#[apply(reply)]
pub(super) struct Info {
    security_phone_device: Option<PhoneDevice>,
    security_email_device: Option<EmailDevice>,
}

#[apply(reply)]
struct PhoneDevice {
    area_code: String,
    phone_number: String,
    status: Confirmation,
}

#[apply(reply)]
struct EmailDevice {
    email: Email,
    status: Confirmation,
}

/// `GetVerificationInfo`: returns the contacts of a user, by default of the caller.
///
/// Fails with `EntityNotExist.User` (UNCERTAIN).
pub(super) fn get(view: View<'_>, req: MaybeUser) -> Result<Info, Failure> {
    let account = view.account()?;
    let slot = user_or_caller(req.user.as_ref(), view.by.caller, account)?;
    let verification = account.extras(slot)?.verification.clone();
    let phone = |(mobile, status): (MobilePhone, Confirmation)| {
        let (area_code, phone_number) = mobile.as_str().split_once('-').unwrap_or(("", mobile.as_str()));
        PhoneDevice { area_code: area_code.to_owned(), phone_number: phone_number.to_owned(), status }
    };
    Ok(Info {
        security_phone_device: verification.mobile.map(phone),
        security_email_device: verification.email.map(|(email, status)| EmailDevice { email, status }),
    })
}

/// `SetVerificationInfo`: sets a contact of a user, by default of the caller. It stays `pending`: the user confirms it in the console.
///
/// Fails with `EntityNotExist.User` (UNCERTAIN).
pub(super) fn set(tx: &mut Tx<'_>, req: OneContact) -> Result<Done, Failure> {
    let caller = tx.by.caller;
    let (account, _) = tx.account_mut()?;
    let slot = user_or_caller(req.user.as_ref(), caller, account)?;
    let verification = &mut account.extras_mut(slot)?.verification;
    match req.kind.0 {
        Kind::Mobile => {
            let mobile = req.mobile.ok_or(Flawed::missing("MobilePhone"))?;
            verification.mobile = Some((mobile, Confirmation::Pending));
        }
        Kind::Email => {
            let email = req.email.ok_or(Flawed::missing("Email"))?;
            verification.email = Some((email, Confirmation::Pending));
        }
    }
    Ok(Done {})
}

/// `UnbindVerification`: removes a contact of a user, by default of the caller.
///
/// UNCERTAIN: a contact that the user does not have is incorrect, and a missing one stands for the present one.
///
/// Fails with `EntityNotExist.User` (UNCERTAIN).
pub(super) fn unbind(tx: &mut Tx<'_>, req: OneContact) -> Result<Done, Failure> {
    let caller = tx.by.caller;
    let (account, _) = tx.account_mut()?;
    let slot = user_or_caller(req.user.as_ref(), caller, account)?;
    let verification = &mut account.extras_mut(slot)?.verification;
    let (had, parameter) = match req.kind.0 {
        Kind::Mobile => (takes(&mut verification.mobile, req.mobile.as_ref()), "MobilePhone"),
        Kind::Email => (takes(&mut verification.email, req.email.as_ref()), "Email"),
    };
    if had { Ok(Done {}) } else { Err(Flawed::new(parameter, Flaw::Value).into()) }
}

/// Removes a contact, if it is the wanted one.
fn takes<T: PartialEq>(contact: &mut Option<(T, Confirmation)>, wanted: Option<&T>) -> bool {
    contact.take_if(|(present, _)| wanted.is_none_or(|wanted| wanted == present)).is_some()
}
