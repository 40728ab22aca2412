//! Identity of an account's owner: immediate verification, application, and queries. Source: docs/evidence/account.md 3.3, Identity.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::{Operation, read, write};
use crate::params::request;
use crate::services::aas::PageAddress;
use crate::services::account_crm::sheet::{Sheet, Texts};
use crate::services::account_crm::{ALL, Changed, Info, Older, changed};
use crate::services::shared::envelope::{Data, Enveloped};
use crate::services::shared::partner::{Anyone, Subject as Named, open_to};
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary::{self, HavanaId, Platform, SubjectKind, SubjectType, Unread};
use crate::text::{CountryCode, Email, LicenseNumber, PersonName, Uid};
use crate::world::account::{Application, Form, Identity, Method, Subject, Submission};
use crate::world::refusal::Refusal;
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        write("CreateRealNameCertification", ALL, certify),
        write("ApplyIdentityRegistration", ALL, apply),
        read("GetIdentityRegistrationByCustomer", ALL, registration),
        read("GetUploadIdentityRegistrationDocConfig", ALL, upload_config),
        read("LoadRealNameInfoByPk", ALL, load),
        read("QueryAccountRealNameInfo", ALL, query),
        read("QueryAccountTrueName", ALL, true_name),
        write("GenerateAliyunCertUrl", ALL, page),
        read("GetProfileTypeByPk", ALL, profile_type),
    ]
}

request! {
    /// Parameters of `CreateRealNameCertification`. UNCERTAIN: the required ones; here `Corporate*` for an enterprise, the others for
    /// a person.
    struct Certification {
        kind: SubjectKind = "AccountCertifyType",
        corporate_number: Option<LicenseNumber> = "CorporateLicenseNumber",
        corporate_name: Option<PersonName> = "CorporateName",
        number: Option<LicenseNumber> = "LicenseNumber",
        license_type: Option<String> = "LicenseType",
        name: Option<PersonName> = "Name",
        who: Named = "Pk",
    }
}

fn required<T>(given: Option<T>, name: &'static str) -> Result<T, Flawed> {
    given.ok_or(Flawed::missing(name))
}

/// `CreateRealNameCertification`: verifies an account at once. The document of an enterprise is its business licence, unless
/// `LicenseType` names one of the other two types.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, `Missing<Name>`, and in the body with the errors of real-name verification.
/// Source: docs/evidence/account.md 3.3.
fn certify(tx: &mut Tx<'_>, req: Certification) -> Result<Changed, Failure> {
    let uid = req.who.uid(tx)?;
    let (name, license_number, license_type) = match req.kind.0 {
        Subject::Enterprise => (
            required(req.corporate_name, "CorporateName")?,
            required(req.corporate_number, "CorporateLicenseNumber")?,
            req.license_type.filter(|kind| matches!(kind.as_str(), "12" | "13")).unwrap_or("9".to_owned()),
        ),
        Subject::Personal => (
            required(req.name, "Name")?,
            required(req.number, "LicenseNumber")?,
            required(req.license_type, "LicenseType")?,
        ),
    };
    let (phone, country, expires) = (String::new(), None, None);
    tx.certify(
        uid,
        Identity { subject: req.kind.0, name, license_type, license_number, phone, country, expires },
    )?;
    Ok(changed())
}

request! {
    /// Parameters of `ApplyIdentityRegistration`.
    struct Registration {
        kind: SubjectKind = "AccountType",
        who: Anyone = "CustomerId",
        doc_back_pic: String = "DocBackPic",
        doc_front_pic: String = "DocFrontPic",
        doc_num: Option<LicenseNumber> = "DocNum",
        doc_type: Option<String> = "DocType",
        email: Email = "Email",
        full_name: PersonName = "FullName",
        address: Option<String> = "RegisteredAddress",
        country: Option<CountryCode> = "RegisteredCountry",
        registered_num: Option<LicenseNumber> = "RegisteredNum",
        _source: Option<Unread> = "Source",
        tel: Option<String> = "Tel",
    }
}

/// `ApplyIdentityRegistration`: submits documents for review. The document number is `RegisteredNum` for an enterprise and `DocNum` for a
/// person; each can replace the other.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, `Missing<Name>`, and in the body with the errors of real-name verification.
/// Source: docs/evidence/account.md 3.3. UNCERTAIN: `DocType`, for example of a passport; `passport`, `driving_licence` and
/// `id_card` are accepted besides the codes of docs/evidence/account.md 2.3.
fn apply(tx: &mut Tx<'_>, req: Registration) -> Result<Enveloped<Data<u64>>, Failure> {
    let uid = req.who.uid(tx)?;
    let subject = req.kind.0;
    let (number, other, named, usual) = match subject {
        Subject::Personal => (&req.doc_num, &req.registered_num, "DocNum", "id_card"),
        Subject::Enterprise => (&req.registered_num, &req.doc_num, "RegisteredNum", "business_licence"),
    };
    let license_number = required(number.clone().or_else(|| other.clone()), named)?;
    let identity = Identity {
        subject,
        name: req.full_name.clone(),
        license_type: req.doc_type.clone().unwrap_or_else(|| usual.to_owned()),
        license_number,
        phone: req.tel.clone().unwrap_or_default(),
        country: req.country.clone(),
        expires: None,
    };
    let id = tx.submit(uid, Submission { method: Method::Document, identity })?.id;
    let text = |number: &Option<LicenseNumber>| number.as_ref().map(ToString::to_string);
    let said = [
        ("DocBackPic", Some(req.doc_back_pic)),
        ("DocFrontPic", Some(req.doc_front_pic)),
        ("DocNum", text(&req.doc_num)),
        ("Email", Some(req.email.as_str().to_owned())),
        ("RegisteredAddress", req.address),
        ("RegisteredNum", text(&req.registered_num)),
    ];
    let mut form = Form::new();
    for (name, text) in said {
        text.map(|text| form.insert(name.into(), text.into()));
    }
    tx.account_of(uid)?.0.affairs_mut().forms.insert(id, form);
    Ok(Enveloped::data(id))
}

request! {
    /// Parameters of `GetIdentityRegistrationByCustomer`.
    struct RegistrationOf {
        who: Named = "CustomerId",
    }
}

#[apply(reply)]
struct RegistrationView {
    account_type: i64,
    application_id: u64,
    customer_id: u64,
    #[serde(flatten)]
    texts: Texts,
}

/// `GetIdentityRegistrationByCustomer`: returns the latest application of an account and its state.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, and in the body with `Set Realname Error` if no application exists
/// (UNCERTAIN). Source: docs/evidence/account.md 3.3.
fn registration(view: View<'_>, req: RegistrationOf) -> Result<Enveloped<Data<RegistrationView>>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let latest = account.real_name.history().last().filter(|_| !account.affairs.hidden);
    let latest = latest.ok_or(Refusal::NoSuchApplication)?;
    let form = account.affairs.forms.get(&latest.id);
    Ok(Enveloped::data(RegistrationView {
        account_type: vocabulary::account_type(latest.identity.subject),
        application_id: latest.id,
        customer_id: account.uid.0,
        texts: registration_texts(latest, form),
    }))
}

fn registration_texts(latest: &Application, form: Option<&Form>) -> Texts {
    let identity = &latest.identity;
    let said = |name: &str| form.and_then(|form| form.get(name)).map(ToString::to_string);
    // An application by another API has only one number.
    let number = |name: &str| match form {
        Some(_) => said(name),
        None => Some(identity.license_number.to_string()),
    };
    let code = latest.reason.as_ref().map(|(code, _)| code.clone());
    let texts = [
        ("ApplyStatus", Some(vocabulary::apply_status(latest.status))),
        ("AuditCode", code),
        ("DocBackPic", said("DocBackPic")),
        ("DocFrontPic", said("DocFrontPic")),
        ("DocNum", number("DocNum")),
        ("DocType", Some(identity.license_type.clone())),
        ("Email", said("Email")),
        ("FullName", Some(identity.name.to_string())),
        ("RegisteredAddress", said("RegisteredAddress")),
        ("RegisteredCountry", identity.country.as_ref().map(|country| country.as_str().to_owned())),
        ("RegisteredNum", number("RegisteredNum")),
        ("Tel", Some(identity.phone.clone())),
    ];
    Texts(texts.into_iter().map(|(name, text)| (name, text.unwrap_or_default())).collect())
}

request! {
    /// Parameters of `GetUploadIdentityRegistrationDocConfig`.
    struct UploadOf {
        who: Named = "CustomerId",
        path: String = "FilePath",
    }
}

#[apply(reply)]
struct Upload {
    bucket_name: &'static str,
    #[serde(rename = "fileName")]
    file_name: String,
}

/// `GetUploadIdentityRegistrationDocConfig`: returns the upload location for a picture of a document. The picture is not read: an
/// application only repeats the name. UNCERTAIN: names of buckets and files.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn upload_config(view: View<'_>, req: UploadOf) -> Result<Enveloped<Data<Upload>>> {
    let uid = req.who.uid(&view)?;
    let file_name = format!("{uid}/{}", req.path.trim_start_matches('/'));
    Ok(Enveloped::data(Upload { bucket_name: "alimock-identity-registration", file_name }))
}

request! {
    /// Parameters of `LoadRealNameInfoByPk`.
    struct LoadOf {
        who: Named = "PK",
    }
}

/// Texts in the responses of both queries.
const REAL_NAME: [&str; 7] = [
    "AccountCertifyType",
    "AuthAlipay",
    "CertifiedFrom",
    "CertifiedTime",
    "LicenseNumber",
    "LicenseType",
    "Name",
];

#[apply(reply)]
struct RealNameView {
    #[serde(flatten)]
    texts: Texts,
    #[serde(flatten)]
    more: Texts,
    certify_status: i64,
    cic_certify_from: i64,
    cic_certify_product: i64,
    #[serde(rename = "IsBankIDAuth")]
    is_bank_id_auth: bool,
    is_certified: bool,
    processing_enterprise_certify: bool,
}

/// `LoadRealNameInfoByPk`: returns the verified identity of an account, with flags as booleans.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn load(view: View<'_>, req: LoadOf) -> Result<Older<RealNameView>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let (sheet, record) = (Sheet(account), &account.real_name);
    Ok(Older::new(RealNameView {
        texts: sheet.texts(&REAL_NAME),
        more: sheet.texts(&[
            "AuthAlipayDomain",
            "AuthAlipayLoginId",
            "AuthBeiAnCid",
            "AuthDomain",
            "NewUnityRealNameAccount",
        ]),
        certify_status: vocabulary::certify_status(record),
        cic_certify_from: 0,
        cic_certify_product: 0,
        is_bank_id_auth: sheet.is_by_bank(),
        is_certified: record.is_verified(),
        processing_enterprise_certify: record.is_becoming_an_enterprise(),
    }))
}

request! {
    /// Parameters of `QueryAccountRealNameInfo`.
    struct QueryOf {
        who: Anyone = "PK",
    }
}

#[apply(reply)]
struct RealNameTexts {
    #[serde(flatten)]
    texts: Texts,
    #[serde(flatten)]
    more: Texts,
    processing_enterprise_certify: bool,
}

/// `QueryAccountRealNameInfo`: returns the same, with flags as `0` and `1`.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn query(view: View<'_>, req: QueryOf) -> Result<Info<RealNameTexts>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    let sheet = Sheet(account);
    Ok(Info {
        profile_info: RealNameTexts {
            texts: sheet.texts(&REAL_NAME),
            more: sheet.texts(&["AuthBeiAnCid", "AuthDomain", "IsBankIDAuth", "IsCertified"]),
            processing_enterprise_certify: account.real_name.is_becoming_an_enterprise(),
        },
    })
}

request! {
    /// Parameters of actions that name an account by UID or passport id.
    pub(super) struct ByHavana {
        who: Anyone = "PK",
        havana: Option<HavanaId> = "HavanaId",
    }
}

impl ByHavana {
    /// UID of the account. If both are given, the UID is used.
    ///
    /// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`.
    pub(super) fn uid(&self, view: &View<'_>) -> Result<Uid> {
        match &self.havana {
            Some(id) if !self.who.is_named() => open_to(view.state.account_of_havana(&id.0), view),
            _ => self.who.uid(view),
        }
    }
}

/// `QueryAccountTrueName`: returns the verified name of an account.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn true_name(view: View<'_>, req: ByHavana) -> Result<Info<Texts>> {
    let account = view.state.account(req.uid(&view)?)?;
    Ok(Info { profile_info: Sheet(account).texts(&["TrueName"]) })
}

request! {
    /// Parameters of `GenerateAliyunCertUrl`.
    struct PageOf {
        who: Named = "AliyunPk",
        _app: Unread = "AppName",
        ignore_certified: Option<bool> = "IgnoreAlreadyCert",
        _is_mobile: Option<bool> = "IsMobile",
        _is_open_app: Option<bool> = "IsOpenApp",
        _platform: Platform = "Platform",
        _source: Unread = "Source",
        subject_type: SubjectType = "SubjectType",
    }
}

/// `GenerateAliyunCertUrl`: returns the URL of a verification page. A verified account gets none, unless
/// `IgnoreAlreadyCert` is true (INFERRED from the name).
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK`, `Missing<Name>`, `InvalidParameter.*`, and in the body with
/// `Set Realname Error`. Source: docs/evidence/account.md 3.3.
fn page(tx: &mut Tx<'_>, req: PageOf) -> Result<Enveloped<PageAddress>> {
    let uid = req.who.uid(tx)?;
    let account = tx.open_account(uid)?;
    let site = account.profile.site;
    if account.real_name.is_verified() && req.ignore_certified != Some(true) {
        return Err(Refusal::AlreadyVerified.into());
    }
    let token = tx.add_link(uid, req.subject_type.0)?;
    Ok(Enveloped::new(PageAddress::new(vocabulary::page(site, &token))))
}

request! {
    /// Parameters of `GetProfileTypeByPk`.
    struct ProfileTypeOf {
        _app: Unread = "AppName",
        who: Named = "Pk",
    }
}

/// `GetProfileTypeByPk`: returns individual (`0`) or enterprise (`1`). An unverified account is an individual (UNCERTAIN).
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn profile_type(view: View<'_>, req: ProfileTypeOf) -> Result<Enveloped<Only<String>>> {
    let account = view.state.account(req.who.uid(&view)?)?;
    Ok(Enveloped::new(Only("AccountType", Sheet(account).text("AccountAttr"))))
}
