//! Data that an enterprise enters about itself, besides its verification. Source: docs/evidence/account.md 3.3, Identity.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::{Operation, read, write};
use crate::params::{Object, request};
use crate::services::account_crm::identity::ByHavana;
use crate::services::account_crm::sheet::{Place, Sheet, Texts};
use crate::services::account_crm::{ALL, Changed, changed};
use crate::services::shared::envelope::Enveloped;
use crate::services::shared::partner::Anyone;
use crate::services::shared::reply::Only;
use crate::services::shared::vocabulary;
use crate::world::account::{RealName, Subject};
use crate::world::{Tx, View};

pub(super) fn operations() -> Vec<Operation> {
    vec![read("QueryEnterpriseInfo", ALL, query), write("UpdateOrInsertEnterpriseInfo", ALL, update)]
}

/// Data of an enterprise, by the names of the response. Stored in the details as `Enterprise.<name>`.
const SAID: [&str; 13] = [
    "Alias",
    "BusinessLicenseImgSrc",
    "CreateTime",
    "DetailAddress",
    "EInterpriseSize",
    "EnterpriseEntity",
    "EntityIDNumber",
    "Extend",
    "Fax",
    "Phone",
    "PostalCode",
    "Profile",
    "Years",
];

#[apply(reply)]
struct Enterprise {
    #[serde(rename = "AliyunPK")]
    pk: String,
    audit_status: String,
    business_license_number: String,
    business_license_type: String,
    certified_from: String,
    certified_time: String,
    city: Place,
    name: String,
    province: Place,
    update_time: String,
    #[serde(flatten)]
    said: Texts,
}

/// State of the verification as an enterprise: of the latest application, otherwise of the record.
fn audit_status(record: &RealName) -> String {
    let mut applications = record.history().iter().rev();
    let latest = applications.find(|one| one.identity.subject == Subject::Enterprise);
    vocabulary::apply_status(latest.map_or(record.status(), |one| one.status))
}

/// `QueryEnterpriseInfo`: returns the verified identity of an enterprise, and the data that it entered.
///
/// Fails with `Not Bid`, `Bid Mismatch` and `Invalid PK`. Source: docs/evidence/account.md 3.3.
fn query(view: View<'_>, req: ByHavana) -> Result<Enveloped<Only<Enterprise>>> {
    let account = view.state.account(req.uid(&view)?)?;
    let sheet = Sheet(account);
    let identity = sheet.identity().filter(|identity| identity.subject == Subject::Enterprise);
    let said = |name: &str| sheet.text(&format!("Enterprise.{name}"));
    let verified = |name: &str| if identity.is_some() { sheet.text(name) } else { String::new() };
    Ok(Enveloped::new(Only(
        "ProfileInfo",
        Enterprise {
            pk: sheet.text("AliyunPK"),
            audit_status: audit_status(&account.real_name),
            business_license_number: verified("LicenseNumber"),
            business_license_type: verified("LicenseType"),
            certified_from: verified("CertifiedFrom"),
            certified_time: verified("CertifiedTime"),
            city: Place::of(sheet, "Enterprise.City"),
            name: identity.map_or_else(|| said("Name"), |identity| identity.name.to_string()),
            province: Place::of(sheet, "Enterprise.Province"),
            update_time: said("UpdateTime"),
            said: Texts(SAID.iter().map(|name| (*name, said(name))).collect()),
        },
    )))
}

request! {
    /// Parameters of `UpdateOrInsertEnterpriseInfo`. Missing ones keep their values.
    struct Update {
        address: Option<String> = "Address",
        alias: Option<String> = "Alias",
        city: Option<Object> = "CityJsonString",
        size: Option<String> = "EnterpriseSize",
        fax: Option<String> = "Fax",
        name: Option<String> = "Name",
        who: Anyone = "PK",
        phone: Option<String> = "Phone",
        province: Option<Object> = "ProvinceJsonString",
        years: Option<String> = "Years",
    }
}

/// `UpdateOrInsertEnterpriseInfo`: sets the data that an enterprise enters. Stores `Id` and `Name` of a place. Does not change the
/// verification.
///
/// Fails with `Not Bid`, `Bid Mismatch`, `Invalid PK` and `InvalidParameter.*`. Source: docs/evidence/account.md 3.3.
fn update(tx: &mut Tx<'_>, req: Update) -> Result<Changed> {
    let uid = req.who.uid(tx)?;
    let now = tx.now.to_string();
    let is_new = !tx.state().account(uid)?.profile.details.contains_key("Enterprise.CreateTime");
    let part = |place: &Option<Object>, name: &str| place.as_ref().and_then(|it| it.0.get(name).cloned());
    let details = [
        ("Enterprise.DetailAddress", req.address),
        ("Enterprise.Alias", req.alias),
        ("Enterprise.City.Id", part(&req.city, "Id")),
        ("Enterprise.City.Name", part(&req.city, "Name")),
        ("Enterprise.EInterpriseSize", req.size),
        ("Enterprise.Fax", req.fax),
        ("Enterprise.Name", req.name),
        ("Enterprise.Phone", req.phone),
        ("Enterprise.Province.Id", part(&req.province, "Id")),
        ("Enterprise.Province.Name", part(&req.province, "Name")),
        ("Enterprise.Years", req.years),
        ("Enterprise.CreateTime", is_new.then(|| now.clone())),
        ("Enterprise.UpdateTime", Some(now)),
    ];
    let given = details.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?)));
    tx.set_details(uid, given)?;
    Ok(changed())
}
