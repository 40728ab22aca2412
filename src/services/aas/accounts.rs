//! Accounts of the partner: register, find, list, disable.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::aas::{Outcome, done};
use crate::services::shared::envelope::Enveloped;
use crate::services::shared::partner::{Pk, owned};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{
    self, AccountStatus, BidType, HavanaId, Platform, SubjectType, Unread,
};
use crate::text::{Bounded, CountryCode, LoginName, Password, Site, Uid};
use crate::world::account::{Account, Hold, Profile};
use crate::world::{Tx, View};
use serde::Serialize;

request! {
    /// Parameters of `CreateAliyunAccount`.
    pub(super) struct CreateAliyunAccount {
        aliyun_id: LoginName = "AliyunId",
    }

    /// Parameters of `CreateIntlAliyunAccount`.
    pub(super) struct CreateIntlAliyunAccount {
        nationality_code: CountryCode = "NationalityCode",
    }

    /// Parameters of `CreateAliyunAccountWithBindHid` and `GetAliyunAccountWithBindHid`.
    pub(super) struct WithHid {
        hid: HavanaId = "InnerAccountHid",
    }

    /// Parameters of `GetAliyunAccountWithBindTaobaoHid`.
    pub(super) struct WithTaobaoHid {
        hid: HavanaId = "HavanaId",
    }

    /// Parameters of `GetBasicInfoForAccount`.
    pub(super) struct BasicInfoOf {
        aliyun_id: String = "AliyunId",
    }

    /// Parameters of `ListAliyunAccount`.
    pub(super) struct ListAliyunAccount {
        marker: Option<Uid> = "Marker",
        max_items: Option<Bounded<1, 1000>> = "MaxItems",
    }

    /// Parameters of `UpdateStatusForAccount`.
    pub(super) struct UpdateStatus {
        pk: Pk = "PK",
        status: AccountStatus = "AccountStatus",
    }

    /// Parameters of `UpdatePasswordForAccount`.
    pub(super) struct UpdatePassword {
        pk: Pk = "PK",
        password: Password = "NewPassword",
    }

    /// Parameters of `GenerateAliyunBidCertWaysUrl`.
    pub(super) struct CertificationUrl {
        pk: Pk = "AliyunPk",
        _bid_type: Option<BidType> = "BidType",
        _platform: Platform = "Platform",
        subject_type: SubjectType = "SubjectType",
        _source: Option<Unread> = "Source",
        _is_mobile: Option<bool> = "IsMobile",
        _is_open_app: Option<bool> = "IsOpenApp",
    }
}

#[apply(reply)]
pub(super) struct Created {
    #[serde(rename = "PK")]
    pk: Uid,
    aliyun_id: Option<LoginName>,
}

/// `CreateAliyunAccount`: registers an account of the China site under the partner.
///
/// Fails with `EntityAlreadyExists.AliyunId` (UNCERTAIN: no code is known). Source: docs/evidence/account.md 3.1.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateAliyunAccount) -> Result<Created> {
    let pk = register(tx, Site::China, req.aliyun_id.clone(), None)?;
    Ok(Created { pk, aliyun_id: Some(req.aliyun_id) })
}

/// `CreateIntlAliyunAccount`: registers an account of the International site under the partner.
///
/// Source: docs/evidence/account.md 3.1.
pub(super) fn create_intl(tx: &mut Tx<'_>, req: CreateIntlAliyunAccount) -> Result<Created> {
    let name = tx.free_login_name("intl");
    let pk = register(tx, Site::International, name, Some(req.nationality_code))?;
    Ok(Created { pk, aliyun_id: None })
}

/// `CreateAliyunAccountWithBindHid`: registers an account of the China site and binds it to a passport id.
///
/// Fails with `EntityAlreadyExists.HavanaId` (UNCERTAIN: no code is known). Source: docs/evidence/account.md 3.1.
pub(super) fn create_with_hid(tx: &mut Tx<'_>, req: WithHid) -> Result<Created> {
    let name = tx.free_login_name("hid");
    let pk = register(tx, Site::China, name, None)?;
    tx.bind_havana(pk, &req.hid.0)?;
    Ok(Created { pk, aliyun_id: None })
}

fn register(tx: &mut Tx<'_>, site: Site, login_name: LoginName, country: Option<CountryCode>) -> Result<Uid> {
    let partner = tx.account()?.uid;
    let country = country.unwrap_or_else(|| site.usual_country());
    let uid = tx.register(None, Profile { country, ..Profile::new(site, login_name) })?.uid;
    tx.set_partner(uid, Some(partner))?;
    Ok(uid)
}

/// `GetAliyunAccountWithBindHid`: returns the account bound to a passport id.
///
/// Fails with `Invalid PK` and `Bid Mismatch` (UNCERTAIN: no codes are known). Source: docs/evidence/account.md 3.1.
pub(super) fn by_hid(view: View<'_>, req: WithHid) -> Result<Created> {
    let pk = owned(view.state.account_of_havana(&req.hid.0), &view)?;
    Ok(Created { pk, aliyun_id: None })
}

#[derive(Debug, Serialize)]
pub(super) struct Found {
    #[serde(rename = "PK")]
    pk: Uid,
    #[serde(rename = "PartnerPk")]
    partner: Uid,
}

/// `GetAliyunAccountWithBindTaobaoHid`: returns the same, with its partner.
///
/// Fails with `Invalid PK` and `Bid Mismatch` (UNCERTAIN: no codes are known). Source: docs/evidence/account.md 3.1.
pub(super) fn by_taobao_hid(view: View<'_>, req: WithTaobaoHid) -> Result<Found> {
    let pk = owned(view.state.account_of_havana(&req.hid.0), &view)?;
    Ok(Found { pk, partner: view.account()?.uid })
}

#[derive(Debug, Serialize)]
pub(super) struct Basic {
    #[serde(rename = "PK")]
    pk: Uid,
    #[serde(rename = "LastLoginDate")]
    last_login: String,
    #[serde(rename = "AccountStatus")]
    status: &'static str,
}

impl From<&Account> for Basic {
    fn from(account: &Account) -> Self {
        let last_login = account.security.last_login.map(|at| at.to_string()).unwrap_or_default();
        Self { pk: account.uid, last_login, status: AccountStatus::of(account).word() }
    }
}

/// `GetBasicInfoForAccount`: returns an account of the partner, by its login name.
///
/// Fails with `Invalid PK` and `Bid Mismatch` (UNCERTAIN: no codes are known). Source: docs/evidence/account.md 3.1.
pub(super) fn basic_info(view: View<'_>, req: BasicInfoOf) -> Result<Basic> {
    let uid = owned(view.state.account_named(&req.aliyun_id), &view)?;
    Ok(view.state.account(uid)?.into())
}

#[apply(reply)]
struct AccountEntry {
    #[serde(flatten)]
    basic: Basic,
    aliyun_id: LoginName,
}

#[apply(reply)]
pub(super) struct AccountPage {
    is_truncated: bool,
    marker: Option<Uid>,
    has_next: bool,
    total_account: usize,
    accounts: Only<Vec<AccountEntry>>,
}

/// `ListAliyunAccount`: returns the open accounts of the partner in the order of their UIDs; default page size 100.
///
/// Source: docs/evidence/account.md 3.1. UNCERTAIN: the order and the form of `Marker`.
pub(super) fn list(view: View<'_>, req: ListAliyunAccount) -> Result<AccountPage> {
    let partner = view.account()?.uid;
    let most = req.max_items.map_or(100, |max| usize::try_from(max.0).expect("between 1 and 1000"));
    let from = req.marker.unwrap_or(Uid(0));
    let is_own = |one: &Account| one.partner == Some(partner) && !one.standing().is_closed();
    let mut own = view.state.accounts.range(from..).filter(|(_, one)| is_own(one));
    let shown = own.by_ref().take(most);
    let account = shown.map(|(_, one)| AccountEntry {
        basic: Basic::from(&**one),
        aliyun_id: one.profile.login_name.clone(),
    });
    let account = account.collect();
    let marker = own.next().map(|(uid, _)| *uid);
    Ok(AccountPage {
        is_truncated: marker.is_some(),
        marker,
        has_next: marker.is_some(),
        total_account: view.state.accounts_of(partner),
        accounts: Only("Account", account),
    })
}

/// `UpdateStatusForAccount`: disables an account and so its keys, or enables it again.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `InvalidParameter`. Source: docs/evidence/account.md 3.1 and 1.6.
pub(super) fn set_status(tx: &mut Tx<'_>, req: UpdateStatus) -> Result<Outcome> {
    let pk = req.pk.of(tx)?;
    tx.hold(pk, Hold::Account, req.status == AccountStatus::Inactive)?;
    Ok(done(pk))
}

/// `UpdatePasswordForAccount`: sets the password of an account, and ends its logins.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch` and `PASSWORD_TOO_WEAK` (UNCERTAIN: no code is known).
/// Source: docs/evidence/account.md 3.1.
pub(super) fn set_password(tx: &mut Tx<'_>, req: UpdatePassword) -> Result<Outcome> {
    let pk = req.pk.of(tx)?;
    tx.set_password(pk, &req.password)?;
    Ok(done(pk))
}

/// URL of a page.
#[apply(reply)]
pub(in crate::services) struct PageAddress {
    data: String,
    http_code: &'static str,
}

impl PageAddress {
    pub(in crate::services) fn new(data: String) -> Self {
        Self { data, http_code: "200" }
    }
}

/// `GenerateAliyunBidCertWaysUrl`: returns the URL of a verification page for the customer. It is valid for three hours.
///
/// Fails with `Empty PK`, `Invalid PK`, `Bid Mismatch`, `MissingParameter` and `InvalidParameter`.
/// Source: docs/evidence/account.md 3.1; fields of the response from the Java package aas20150701.
pub(super) fn certification_url(tx: &mut Tx<'_>, req: CertificationUrl) -> Result<Enveloped<PageAddress>> {
    let pk = req.pk.of(tx)?;
    let token = tx.add_link(pk, req.subject_type.0)?;
    let site = tx.state().account(pk)?.profile.site;
    Ok(Enveloped::new(PageAddress::new(vocabulary::page(site, &token))))
}
