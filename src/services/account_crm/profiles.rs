//! Profile of an account: names, contacts, address, site. Source: docs/evidence/account.md 3.3.

use crate::attributes::{apply, reply};
use crate::error::{Result, gateway, partner};
use crate::operation::{Operation, read, write};
use crate::params::{Object, request};
use crate::services::account_crm::identity::ByHavana;
use crate::services::account_crm::sheet::{Place, Sheet, Texts};
use crate::services::account_crm::{ALL, Changed, Info, Older, changed};
use crate::services::shared::envelope::Enveloped;
use crate::services::shared::partner::{Subject as Named, open_to};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{self, Unread};
use crate::text::{Scalar, Uid};
use crate::world::account::Account;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        read("QueryAccountProfileInfo", ALL, query),
        read("QueryEncryptedAccountProfileInfo", ALL, query_encrypted),
        write("CreateAccountProfileInfo", ALL, create),
        read("QuerySecurityInfo", ALL, security_info),
        read("QueryAccountSite", ALL, site),
        read("GetAliyunIdByPk", ALL, aliyun_id),
        read("GetAliyunPKByAliyunID", ALL, pk),
    ]
}

/// Data that the owner of an account enters. `CreateAccountProfileInfo` sets it.
const SAID: [&str; 30] = [
    "Address",
    "Address2",
    "Address3",
    "Address4",
    "Address5",
    "Address6",
    "AlipayAccount",
    "BankId",
    "BankName",
    "BeiAnIcpNumber",
    "BeiAnMobile",
    "BindAlipayNo",
    "City.Id",
    "City.Name",
    "ContactMethod",
    "District.Id",
    "District.Name",
    "Fax",
    "FirstName",
    "Head",
    "HeadUrl",
    "LastName",
    "NickName",
    "Own",
    "Phone",
    "PostCode",
    "PreferredLanguage",
    "Province.Id",
    "Province.Name",
    "ShowNickName",
];

/// All texts of the response.
const PROFILE: [&str; 58] = [
    "AccountAttr",
    "AccountCertifyType",
    "ActiveNotSetMobile",
    "Address",
    "Address2",
    "Address3",
    "Address4",
    "Address5",
    "Address6",
    "AlipayAccount",
    "AlipayUid",
    "AliyunID",
    "AliyunPK",
    "AuthAlipay",
    "AuthDomainUserId",
    "B2bhid",
    "BankId",
    "BankName",
    "BeiAnAuthCId",
    "BeiAnIcpNumber",
    "BeiAnMobile",
    "BindAlipayNo",
    "CertType",
    "CertifiedFrom",
    "CertifiedTime",
    "ContactMethod",
    "CreateTime",
    "Eid",
    "Email",
    "Fax",
    "FirstName",
    "Fyl",
    "HavanaId",
    "Head",
    "HeadUrl",
    "IDNumber",
    "IsBankIDAuth",
    "IsCertified",
    "LastName",
    "Mobile",
    "NationalityCode",
    "NickName",
    "Own",
    "Phone",
    "PostCode",
    "PreferredLanguage",
    "RegisterIP",
    "SecurityMobile",
    "SelfServicingBusinessRegNum",
    "SelfServicingIdentificationNum",
    "ShowNickName",
    "Src",
    "TaobaoAccount",
    "TaobaoNickFromHavana",
    "Tbhid",
    "TrueName",
    "UpdateTime",
    "YahooEmail",
];

#[apply(reply)]
struct Profile {
    #[serde(flatten)]
    texts: Texts,
    city: Place,
    district: Place,
    province: Place,
    processing_enterprise_certify: bool,
    security_question_exists: bool,
}

/// `QueryAccountProfileInfo`: returns all data of an account. Security questions do not exist in alimock.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn query(view: View<'_>, req: ByHavana) -> Result<Info<Profile>> {
    let account = view.state.account(req.uid(&view)?)?;
    let sheet = Sheet(account);
    Ok(Info {
        profile_info: Profile {
            texts: sheet.texts(&PROFILE),
            city: Place::of(sheet, "City"),
            district: Place::of(sheet, "District"),
            province: Place::of(sheet, "Province"),
            processing_enterprise_certify: account.real_name.is_becoming_an_enterprise(),
            security_question_exists: false,
        },
    })
}

#[apply(reply)]
struct Encrypted {
    #[serde(rename = "EncryptedAliyunID")]
    aliyun_id: String,
    #[serde(rename = "EncryptedEmail")]
    email: String,
    #[serde(rename = "EncryptedMobile")]
    mobile: String,
    #[serde(rename = "EncryptedSecurityMobile")]
    security_mobile: String,
    is_aliyun_id_an_email: bool,
    #[serde(rename = "pk")]
    pk: Uid,
}

/// Text with only the first and the last character, and the part after `@`.
fn masked(text: &str) -> String {
    let (name, domain) = text.split_at(text.find('@').unwrap_or(text.len()));
    let mut letters = name.chars();
    match (letters.next(), letters.next_back()) {
        (Some(first), Some(last)) => format!("{first}***{last}{domain}"),
        (Some(_), None) => format!("***{domain}"),
        _ => domain.to_owned(),
    }
}

/// `QueryEncryptedAccountProfileInfo`: returns names and contacts of an account, with most characters masked. UNCERTAIN: the meaning of
/// "encrypted".
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn query_encrypted(view: View<'_>, req: ByHavana) -> Result<Only<Encrypted>> {
    let account = view.state.account(req.uid(&view)?)?;
    let text = |name: &str| masked(&Sheet(account).text(name));
    Ok(Only(
        "EncryptedProfileInfo",
        Encrypted {
            aliyun_id: text("AliyunID"),
            email: text("Email"),
            mobile: text("Mobile"),
            security_mobile: text("SecurityMobile"),
            is_aliyun_id_an_email: account.profile.login_name.as_str().contains('@'),
            pk: account.uid,
        },
    ))
}

request! {
    /// Parameters of `CreateAccountProfileInfo`.
    struct Create {
        account: Object = "AccountJson",
    }
}

/// `CreateAccountProfileInfo`: sets data of an account's owner, as a JSON object with the names of
/// `QueryAccountProfileInfo`. Applies to the account `AliyunPK`, otherwise to the caller. UNCERTAIN: the names.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and `InvalidParameter` for a name that cannot be set.
/// Source: docs/evidence/account.md 3.3.
fn create(tx: &mut Tx<'_>, req: Create) -> Result<Changed> {
    let mut said = req.account.0;
    let uid = match said.remove("AliyunPK") {
        Some(pk) => open_to(Uid::parse(&pk).ok().and_then(|uid| tx.state().account(uid).ok()), tx)?,
        None => tx.account()?.uid,
    };
    if said.keys().any(|name| !SAID.contains(&name.as_str())) {
        return Err(gateway::INVALID_PARAMETER.about("AccountJson"));
    }
    let now = tx.now.to_string();
    let details = said.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    tx.set_details(uid, details.chain([("UpdateTime", now.as_str())]))?;
    Ok(changed())
}

request! {
    /// Parameters of `QuerySecurityInfo` and `GetAliyunIdByPk`.
    struct OneAccount {
        _app: Unread = "AppName",
        who: Named = "Pk",
    }
}

/// `QuerySecurityInfo`: returns login name and security contacts of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn security_info(view: View<'_>, req: OneAccount) -> Result<Enveloped<Only<Texts>>> {
    let sheet = Sheet(view.state.account(req.who.uid(&view)?)?);
    let texts = [
        ("AliyunId", "AliyunID"),
        ("Name", "Name"),
        ("NationalityCode", "NationalityCode"),
        ("Pk", "AliyunPK"),
        ("ProfileType", "AccountAttr"),
        ("SecurityEmail", "Email"),
        ("SecurityMobile", "SecurityMobile"),
    ];
    let texts = texts.iter().map(|(name, known)| (*name, sheet.text(known))).collect();
    Ok(Enveloped::new(Only("AccountSecurityInfoDto", Texts(texts))))
}

request! {
    /// Parameters of `QueryAccountSite`.
    struct SiteOf {
        who: Named = "Pk",
    }
}

#[apply(reply)]
struct SiteReply {
    code: &'static str,
    site: &'static str,
    success: bool,
}

/// `QueryAccountSite`: returns the site of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3 and 1.1.
fn site(view: View<'_>, req: SiteOf) -> Result<SiteReply> {
    let account = view.state.account(req.who.uid(&view)?)?;
    Ok(SiteReply { code: "200", site: vocabulary::site(account.profile.site), success: true })
}

/// `GetAliyunIdByPk`: returns the login name of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn aliyun_id(view: View<'_>, req: OneAccount) -> Result<Enveloped<Only<String>>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    Ok(Enveloped::new(Only("AliyunId", Sheet(account).text("AliyunID"))))
}

request! {
    /// Parameters of `GetAliyunPKByAliyunID`. All given ones must match (UNCERTAIN).
    struct PkOf {
        aliyun_id: String = "AliyunId",
        email: Option<String> = "Email",
        havana_id: Option<String> = "HavanaId",
        mobile: Option<String> = "Mobile",
        pk: Option<String> = "PK",
    }
}

impl PkOf {
    fn fits(&self, account: &Account) -> bool {
        let others = [
            ("Email", &self.email),
            ("HavanaId", &self.havana_id),
            ("Mobile", &self.mobile),
            ("AliyunPK", &self.pk),
        ];
        others
            .iter()
            .all(|(name, wanted)| wanted.as_deref().is_none_or(|wanted| wanted == Sheet(account).text(name)))
    }
}

/// `GetAliyunPKByAliyunID`: returns the account with a login name.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn pk(view: View<'_>, req: PkOf) -> Result<Older<Uid>> {
    let uid = open_to(view.state.account_named(&req.aliyun_id), &view)?;
    if req.fits(view.state.account(uid)?) { Ok(Older::new(uid)) } else { Err(partner::INVALID_PK.error()) }
}
