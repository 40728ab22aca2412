//! Verification methods: availability, review time and accepted documents.

use crate::text::{Site, Timestamp};
use crate::world::account::real_name::Subject;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Verification method of an application. Source: docs/evidence/account.md 2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Authorization by a verified Alipay account: instant.
    Alipay,
    /// Face scan: instant.
    Face,
    /// A bank card in the person's name: instant (INFERRED; only the field `IsBankIDAuth` was seen).
    BankCard,
    /// Upload of documents: reviewed.
    Document,
    /// Face scan of the legal representative: instant.
    LegalRepFace,
    /// Enterprise Alipay: instant.
    EnterpriseAlipay,
    /// Small transfer to the enterprise's bank account; the enterprise reports the amount.
    BankTransfer,
    /// KYC Center, after a payment risk notice: reviewed.
    Kyc,
}

use Method::{Alipay, BankCard, BankTransfer, Document, EnterpriseAlipay, Face, Kyc, LegalRepFace};
use Site::{China, International};
use Subject::{Enterprise, Personal};

/// Methods by site and subject, each with the maximum working days of a review; 0 means instant.
///
/// UNCERTAIN: the days of the personal methods of the China site. The two days of the KYC Center and
/// the three of the International enterprise are documented. Source: docs/evidence/account.md 2.2.
const WAYS: &[(Site, Subject, Method, u32)] = &[
    (China, Personal, Alipay, 0),
    (China, Personal, Face, 0),
    (China, Personal, BankCard, 0),
    (China, Personal, Document, 3),
    (China, Enterprise, LegalRepFace, 0),
    (China, Enterprise, EnterpriseAlipay, 0),
    (China, Enterprise, BankTransfer, 3),
    (China, Enterprise, Document, 3),
    (International, Personal, Document, 3),
    (International, Personal, Kyc, 2),
    (International, Enterprise, Document, 3),
    (International, Enterprise, Kyc, 2),
];

impl Method {
    /// Returns the working days of a review; 0 means instant, `None` unavailable.
    pub fn days(self, site: Site, subject: Subject) -> Option<u32> {
        let way = WAYS.iter().find(|way| (way.0, way.1, way.2) == (site, subject, self));
        way.map(|(.., days)| *days)
    }

    /// Returns `true` if the decision is instant.
    pub fn is_instant(self) -> bool {
        !matches!(self, Document | BankTransfer | Kyc)
    }
}

/// Document types by subject: the code that the APIs take, and other words for it in scenarios and commands. `0` ID card, `9` business
/// licence, `12` organisation code, `13` public institution; International names are ours (UNCERTAIN).
/// Source: docs/evidence/account.md 2.3 and 2.2.
const DOCUMENTS: &[(Subject, &str, &[&str])] = &[
    (Personal, "0", &[]),
    (Personal, "id_card", &["id", "idcard", "identity_card"]),
    (Personal, "passport", &[]),
    (Personal, "driving_licence", &["driving_license", "driver_license", "drivers_license"]),
    (Enterprise, "9", &[]),
    (Enterprise, "business_licence", &["business_license", "business", "enterprise"]),
    (Enterprise, "12", &["organisation_code", "organization_code"]),
    (Enterprise, "13", &["public_institution"]),
];

/// Returns `true` if the document type fits.
pub(super) fn shows(license_type: &str, subject: Subject) -> bool {
    DOCUMENTS.iter().any(|(of, code, _)| *of == subject && *code == license_type)
}

/// Type of an identity document, as a person writes it. Case, hyphens and spaces make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DocumentType(String);

impl DocumentType {
    /// Returns the type with this code.
    pub(crate) fn of_code(code: &str) -> Self {
        Self(code.to_owned())
    }

    /// Returns the code.
    pub(crate) fn code(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for DocumentType {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let word = text.trim().to_lowercase().replace(['-', ' '], "_");
        let found = DOCUMENTS.iter().find(|(_, code, others)| *code == word || others.contains(&&*word));
        found.map(|(_, code, _)| Self((*code).to_owned())).ok_or_else(|| {
            let words = DOCUMENTS.iter().map(|(_, code, others)| match others.first() {
                Some(word) if code.starts_with(|c: char| c.is_ascii_digit()) => {
                    format!("`{word}` (`{code}`)")
                }
                _ => format!("`{code}`"),
            });
            let words = words.collect::<Vec<_>>().join(", ");
            serde::de::Error::custom(format!("`{text}` is not a type of document, expected one of {words}"))
        })
    }
}

crate::text::written::described! {
    DocumentType: "document-type", "passport",
        "the type of a document: `0` or `id_card`, `passport`, `driving_licence`; `9` or `business_licence`, `12`, `13`", None;
}

/// Returns the birth date in a Chinese ID card number: digits 7 to 14 of 18.
pub(super) fn born(license_type: &str, number: &str) -> Option<Timestamp> {
    let digits = number.get(6..14).filter(|_| license_type == "0" && number.len() == 18)?;
    let date = format!("{}-{}-{}T00:00:00Z", digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?);
    Timestamp::parse_signed(&date).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_instant_for_all_or_for_none() {
        for (site, subject, method, days) in WAYS {
            assert_eq!(method.is_instant(), *days == 0, "{site:?} {subject:?} {method:?}");
            assert_eq!(method.days(*site, *subject), Some(*days));
        }
        assert_eq!(Alipay.days(International, Personal), None);
        assert_eq!(Alipay.days(China, Enterprise), None);
    }

    #[test]
    fn an_id_card_tells_when_its_holder_was_born() {
        assert_eq!(born("0", "110101201001011234").unwrap().to_string(), "2010-01-01T00:00:00Z");
        for (kind, number) in [
            ("9", "110101201001011234"),
            ("0", "11010120100101123"),
            ("0", "110101201013011234"),
            ("0", "二二二二二二"),
        ] {
            assert!(born(kind, number).is_none(), "{number}");
        }
    }
}
