//! Data of an account as texts, by the names of this product's responses.

use crate::services::shared::vocabulary;
use crate::world::account::{Account, Identity, Method, RealNameStatus, Subject};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Data of an account. Hidden personal data is empty.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a>(pub(super) &'a Account);

impl<'a> Sheet<'a> {
    /// Verified identity.
    pub(super) fn identity(self) -> Option<&'a Identity> {
        self.0.real_name.identity().filter(|_| !self.0.affairs.hidden)
    }

    /// Person or enterprise; a person until an enterprise was verified.
    pub(super) fn subject(self) -> Subject {
        self.0.real_name.identity().map_or(Subject::Personal, |identity| identity.subject)
    }

    /// Method of the verification, if it was an application.
    pub(super) fn method(self) -> Option<Method> {
        let record = &self.0.real_name;
        let good = |status| matches!(status, RealNameStatus::Verified | RealNameStatus::NeedsUpdate);
        let last =
            record.history().iter().rev().find(|one| good(one.status) && one.decided == record.since());
        last.map(|one| one.method)
    }

    /// Text for a name; empty if unknown.
    pub(super) fn text(self, name: &str) -> String {
        let Self(account) = self;
        let (profile, record) = (&account.profile, &account.real_name);
        let is_verified = record.is_verified();
        match name {
            "AliyunPK" => account.uid.to_string(),
            "AccountAttr" => vocabulary::account_type(self.subject()).to_string(),
            "NationalityCode" => profile.country.as_str().to_owned(),
            "CreateTime" => account.created.to_string(),
            "IsCertified" => if is_verified { "1" } else { "0" }.to_owned(),
            "IsBankIDAuth" => if self.is_by_bank() { "1" } else { "0" }.to_owned(),
            "AccountCertifyType" if is_verified => vocabulary::subject(self.subject()).to_owned(),
            "CertifiedTime" => record.since().map(|at| at.to_string()).unwrap_or_default(),
            "CertifiedFrom" => self.method().map(vocabulary::method).unwrap_or_default().to_owned(),
            _ if account.affairs.hidden => String::new(),
            "AliyunID" => profile.login_name.to_string(),
            "Email" => profile.email.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default(),
            "Mobile" | "SecurityMobile" => {
                profile.mobile.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default()
            }
            "Name" | "TrueName" => self.identity().map(|it| it.name.to_string()).unwrap_or_default(),
            "LicenseType" | "CertType" => {
                self.identity().map(|it| it.license_type.clone()).unwrap_or_default()
            }
            "LicenseNumber" | "IDNumber" => {
                self.identity().map(|it| it.license_number.to_string()).unwrap_or_default()
            }
            "HavanaId" => profile.havana_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            other => profile.details.get(other).map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// Returns `true` if a bank card was used for the verification.
    pub(super) fn is_by_bank(self) -> bool {
        self.method() == Some(Method::BankCard)
    }

    /// Texts for these names.
    pub(super) fn texts(self, names: &[&'static str]) -> Texts {
        Texts(names.iter().map(|name| (*name, self.text(name))).collect())
    }
}

/// Texts by name.
#[derive(Debug)]
pub(super) struct Texts(pub(super) Vec<(&'static str, String)>);

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(self.0.len()))?;
        for (name, text) in &self.0 {
            map.serialize_entry(name, text)?;
        }
        map.end()
    }
}

/// City, province or district, with number and name.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Place {
    id: String,
    name: String,
}

impl Place {
    /// Place that an account has under a name such as `City`.
    pub(super) fn of(sheet: Sheet<'_>, name: &str) -> Self {
        Self { id: sheet.text(&format!("{name}.Id")), name: sheet.text(&format!("{name}.Name")) }
    }
}
