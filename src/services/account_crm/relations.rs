//! Relation of a partner to its accounts, and changes that the partner makes to them. Source: docs/evidence/account.md 3.3,
//! Registration and profile.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{Operation, read, write};
use crate::params::request;
use crate::services::account_crm::sheet::{Sheet, Texts};
use crate::services::account_crm::{ALL, Changed, changed};
use crate::services::shared::envelope::Enveloped;
use crate::services::shared::partner::{Anyone, Child, Mpk, Subject, partner};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{self, Unread, Words};
use crate::text::{CountryCode, Email, MobilePhone, Scalar, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::{Contacts, Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        read("GetAgRelation", ALL, relation),
        read("BatchQueryAgAccount", ALL, batch),
        read("QueryAgRelationCountAndQuota", ALL, count),
        write("ReleaseAgAccount", ALL, release),
        write("SeparateAgRelation", ALL, release),
        write("ChangeAgSecurityEmail", ALL, change_email),
        write("ChangeAgSecurityMobile", ALL, change_mobile),
        read("QueryAgSecurityMobile", ALL, mobile),
        write("ChangeAgAccountNationalityCode", ALL, change_country),
        write("UpdateAgAccountAddressInfo", ALL, change_address),
    ]
}

/// Relation of an account to its partner.
#[apply(reply)]
pub(super) struct Relation {
    mpk: Uid,
    pk: Uid,
    r#type: &'static str,
}

impl Relation {
    pub(super) fn new(mpk: Uid, pk: Uid) -> Self {
        Self { mpk, pk, r#type: vocabulary::RELATION }
    }
}

#[apply(reply)]
pub(super) struct RelationReply {
    ag_relation_dto: Relation,
}

impl RelationReply {
    pub(super) fn new(relation: Relation) -> Self {
        Self { ag_relation_dto: relation }
    }
}

request! {
    /// Parameters of `GetAgRelation`.
    struct RelationOf {
        _kind: Option<Unread> = "AgAccountType",
        who: Subject = "Pk",
    }
}

/// `GetAgRelation`: returns the partner of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `AG_RELATION_NOT_EXIST`.
/// Source: docs/evidence/account.md 3.3.
fn relation(view: View<'_>, req: RelationOf) -> Result<Enveloped<RelationReply>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let mpk = account.partner.ok_or(Refusal::NoRelation)?;
    Ok(Enveloped::new(RelationReply::new(Relation::new(mpk, account.uid))))
}

request! {
    /// Parameters of `BatchQueryAgAccount`.
    struct Batch {
        mpk: Mpk = "Mpk",
        pks: Words = "PkList",
    }
}

#[apply(reply)]
struct AgAccount {
    login_email: String,
    pk: Uid,
    show_nick_name: String,
}

/// `BatchQueryAgAccount`: returns accounts of the partner. Omits accounts that do not belong to the partner (UNCERTAIN).
///
/// Fails with `Not Bid` and `Bid Mismatch`. Source: docs/evidence/account.md 3.3.
fn batch(view: View<'_>, req: Batch) -> Result<Enveloped<Only<Vec<AgAccount>>>> {
    let mpk = req.mpk.uid(&view)?;
    let found = req.pks.0.iter().filter_map(|pk| view.state.account(Uid::parse(pk).ok()?).ok());
    let shown = found.filter(|account| account.partner == Some(mpk)).map(|account| AgAccount {
        login_email: Sheet(account).text("Email"),
        pk: account.uid,
        show_nick_name: Sheet(account).text("ShowNickName"),
    });
    Ok(Enveloped::new(Only("AgAccounts", shown.collect())))
}

request! {
    /// Parameters of `QueryAgRelationCountAndQuota`. The gateway fills in the others of its shape, about the caller.
    struct CountOf {
        mpk: Option<Mpk> = "Mpk",
    }
}

#[apply(reply)]
struct Count {
    account_count: usize,
    mpk: Uid,
    null_object: bool,
    quota: usize,
}

#[apply(reply)]
struct CountReply {
    data: Count,
    http_code: &'static str,
    null_object: bool,
}

/// `QueryAgRelationCountAndQuota`: returns number and maximum number of the partner's accounts.
///
/// Fails with `Not Bid` and `Bid Mismatch`. Source: docs/evidence/account.md 3.3.
fn count(view: View<'_>, req: CountOf) -> Result<Enveloped<CountReply>> {
    let mpk = match &req.mpk {
        Some(mpk) => mpk.uid(&view)?,
        None => partner(&view)?,
    };
    let quota = view.state.registry.rules.accounts_per_partner;
    let data = Count { account_count: view.state.accounts_of(mpk), mpk, null_object: false, quota };
    Ok(Enveloped::new(CountReply { data, http_code: "200", null_object: false }))
}

request! {
    /// Parameters of `ReleaseAgAccount` and `SeparateAgRelation`.
    struct Release {
        who: Child = "Pk",
        _reason: Option<Unread> = "ReleaseReason",
    }
}

/// `ReleaseAgAccount`, `SeparateAgRelation`: end the relation of an account to the partner. Nothing else changes.
///
/// Fail with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3. UNCERTAIN: the difference between them.
fn release(tx: &mut Tx<'_>, req: Release) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    tx.release_from_partner(uid)?;
    Ok(changed())
}

request! {
    /// Parameters of `ChangeAgSecurityEmail`.
    struct ChangeEmail {
        _app: Unread = "AppName",
        who: Child = "Pk",
        email: Email = "SecurityEmail",
    }
}

/// `ChangeAgSecurityEmail`: sets the security e-mail of an account, without a confirmation.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `EMAIL_EXISTS`. Source: docs/evidence/account.md 3.3.
fn change_email(tx: &mut Tx<'_>, req: ChangeEmail) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    tx.set_contacts(uid, Contacts { email: Some(req.email), mobile: None })?;
    Ok(changed())
}

request! {
    /// Parameters of `ChangeAgSecurityMobile`.
    struct ChangeMobile {
        _app: Unread = "AppName",
        who: Child = "Pk",
        mobile: MobilePhone = "SecurityMobile",
    }
}

/// `ChangeAgSecurityMobile`: sets the security mobile of an account, without a confirmation.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `MOBILE_LIMIT_EXCEEDED`.
/// Source: docs/evidence/account.md 3.3.
fn change_mobile(tx: &mut Tx<'_>, req: ChangeMobile) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    tx.set_contacts(uid, Contacts { email: None, mobile: Some(req.mobile) })?;
    Ok(changed())
}

request! {
    /// Parameters of `QueryAgSecurityMobile`.
    struct MobileOf {
        _kind: Unread = "AgAccountType",
        _app: Option<Unread> = "AppName",
        who: Child = "Pk",
    }
}

/// `QueryAgSecurityMobile`: returns the security mobile of an account, or an empty text.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn mobile(view: View<'_>, req: MobileOf) -> Result<Enveloped<Texts>> {
    let account: &Account = view.state.account(req.who.uid(&view)?)?;
    Ok(Enveloped::new(Sheet(account).texts(&["SecurityMobile"])))
}

request! {
    /// Parameters of `ChangeAgAccountNationalityCode`.
    struct ChangeCountry {
        _app: Option<Unread> = "AppName",
        country: CountryCode = "NationalityCode",
        who: Anyone = "PK",
    }
}

/// `ChangeAgAccountNationalityCode`: sets the country of registration of an account. Its site stays the same.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, `MissingNationalityCode` and `InvalidParameter.NationalityCode.Format`.
/// Source: docs/evidence/account.md 3.3.
fn change_country(tx: &mut Tx<'_>, req: ChangeCountry) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    tx.set_country(uid, req.country)?;
    Ok(changed())
}

request! {
    /// Parameters of `UpdateAgAccountAddressInfo`. Missing ones keep their values.
    struct ChangeAddress {
        address: Option<String> = "Address",
        address2: Option<String> = "Address2",
        _app: Option<Unread> = "AppName",
        city: Option<String> = "City",
        who: Anyone = "PK",
        post_code: Option<String> = "PostCode",
        province: Option<String> = "Province",
    }
}

/// `UpdateAgAccountAddressInfo`: sets the address of an account. City and province are names.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn change_address(tx: &mut Tx<'_>, req: ChangeAddress) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    let details = [
        ("Address", &req.address),
        ("Address2", &req.address2),
        ("City.Name", &req.city),
        ("PostCode", &req.post_code),
        ("Province.Name", &req.province),
    ];
    tx.set_details(uid, details.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))))?;
    Ok(changed())
}
