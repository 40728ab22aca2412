//! Registration of accounts by a partner. Source: docs/evidence/account.md 3.3, Registration and profile.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{Operation, write};
use crate::params::request;
use crate::services::account_crm::ALL;
use crate::services::account_crm::relations::{Relation, RelationReply};
use crate::services::shared::envelope::Enveloped;
use crate::services::shared::partner::{Mpk, partner};
use crate::services::shared::vocabulary::{self, AccountStatus, Language};
use crate::text::{CountryCode, Email, MobilePhone, Password, Uid};
use crate::world::Tx;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        write("CreateAgAccount", ALL, create),
        write("RegisterInternalAccountForBuc", ALL, register_internal),
    ]
}

request! {
    /// Parameters of `CreateAgAccount`.
    struct Create {
        email: Option<Email> = "LoginEmail",
        mpk: Mpk = "Mpk",
        country: Option<CountryCode> = "NationCode",
        own: Option<String> = "Own",
        real_parent: Option<String> = "RealParentPk",
        mobile: Option<MobilePhone> = "SecurityMobile",
        show_nick_name: Option<String> = "ShowNickName",
        site_nick: Option<String> = "SiteNick",
        source: Option<String> = "srcAccountInfo",
    }
}

/// `CreateAgAccount`: registers an account of the partner, on the partner's site. Without a login e-mail, it gets a generated name.
///
/// Fails with `Not Bid` and `Bid Mismatch`, and in the body with `EMAIL_EXISTS`, `EntityAlreadyExists.AliyunId`,
/// `MOBILE_LIMIT_EXCEEDED` and `OVER_MA_CREATE_ACCOUNT_QUOTA_LIMIT`. Source: docs/evidence/account.md 3.3.
fn create(tx: &mut Tx<'_>, req: Create) -> Result<Enveloped<RelationReply>> {
    let mpk = req.mpk.uid(tx)?;
    let mut profile = tx.profile_for(mpk, req.email.as_ref(), "ag", req.country)?;
    profile.mobile = req.mobile;
    let pk = tx.register_for(mpk, profile)?;
    let details = [
        ("Own", &req.own),
        ("RealParentPk", &req.real_parent),
        ("ShowNickName", &req.show_nick_name),
        ("SiteNick", &req.site_nick),
        ("Src", &req.source),
    ];
    tx.set_details(pk, details.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))))?;
    Ok(Enveloped::new(RelationReply::new(Relation::new(mpk, pk))))
}

request! {
    /// Parameters of `RegisterInternalAccountForBuc`.
    struct RegisterInternal {
        bid: String = "Bid",
        email: Email = "Email",
        is_email_confirmed: Option<bool> = "IsEmailConfirmed",
        is_mobile_confirmed: Option<bool> = "IsMobileConfirmed",
        is_mobile_login: Option<bool> = "IsMobileLogin",
        mobile: Option<MobilePhone> = "Mobile",
        country: Option<CountryCode> = "NationalityCode",
        password: Option<Password> = "PlainPassword",
        language: Option<Language> = "PreferredLanguage",
        structure: Option<String> = "accountTypeCode",
    }
}

#[apply(reply)]
struct Registered {
    account_status: &'static str,
    account_structure: String,
    extend_info: &'static str,
    havana_id: String,
    last_login_time: &'static str,
    owner_bid: String,
    parent_pk: Uid,
    partner_pk: Uid,
    pk: Uid,
    site: &'static str,
}

/// Envelope of `RegisterInternalAccountForBuc`.
#[apply(reply)]
struct RegisteredReply {
    code: &'static str,
    data: Registered,
    localized_message: &'static str,
    message: &'static str,
    msg: &'static str,
}

/// `RegisterInternalAccountForBuc`: registers an account with password and contacts. UNCERTAIN: it is for staff; here a partner
/// may call it for itself. `Bid`, and the flags for confirmed contacts, are stored without effect.
///
/// Fails with `Not Bid`, `Missing<Name>` and `InvalidParameter.*`; in the body with the errors of `CreateAgAccount` and
/// `PASSWORD_TOO_WEAK`. Source: docs/evidence/account.md 3.3.
fn register_internal(tx: &mut Tx<'_>, req: RegisterInternal) -> Result<RegisteredReply> {
    let mpk = partner(tx)?;
    let mut profile = tx.profile_for(mpk, Some(&req.email), "ag", req.country)?;
    profile.mobile = req.mobile;
    let pk = tx.register_for(mpk, profile)?;
    if let Some(password) = &req.password {
        tx.set_password(pk, password)?;
    }
    tx.account_of(pk)?.0.security_mut().mobile_login = req.is_mobile_login == Some(true);
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    let details = [
        ("OwnerBid", Some(req.bid.clone())),
        ("IsEmailConfirmed", flag(req.is_email_confirmed)),
        ("IsMobileConfirmed", flag(req.is_mobile_confirmed)),
        ("PreferredLanguage", req.language.map(|language| language.0)),
        ("AccountStructure", req.structure.clone()),
    ];
    tx.set_details(pk, details.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))))?;
    let account = tx.state().account(pk)?;
    Ok(RegisteredReply {
        code: "200",
        data: Registered {
            account_status: AccountStatus::of(account).word(),
            account_structure: req.structure.unwrap_or_default(),
            extend_info: "",
            havana_id: String::new(),
            last_login_time: "",
            owner_bid: req.bid,
            parent_pk: mpk,
            partner_pk: mpk,
            pk,
            site: vocabulary::site(account.profile.site),
        },
        localized_message: "success",
        message: "success",
        msg: "success",
    })
}
