//! Contact data: mobile number, e-mail address, country.

use crate::text::{Flaw, Scalar};
use compact_str::CompactString;
use serde::Serialize;

/// Mobile number, `<country code>-<number>`. Source: docs/evidence/account.md 1.3, docs/evidence/ims.md 4.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct MobilePhone(CompactString);

impl Scalar for MobilePhone {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let good = text.split_once('-').is_some_and(|(country, number)| {
            digits(country)
                && digits(number)
                && (1..=4).contains(&country.len())
                && (5..=15).contains(&number.len())
        });
        if good { Ok(Self(text.into())) } else { Err(Flaw::Format) }
    }
}

/// E-mail address: one `@`, a name before it and a dotted domain after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(CompactString);

impl Scalar for Email {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = text.len() <= 128
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && text.split_once('@').is_some_and(|(name, domain)| {
                !name.is_empty()
                    && !domain.contains('@')
                    && domain.split('.').count() > 1
                    && domain.split('.').all(|l| !l.is_empty())
            });
        if good { Ok(Self(text.into())) } else { Err(Flaw::Format) }
    }
}

/// ISO alpha-2 code of a country, such as `CN`. Source: docs/evidence/account.md 1.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CountryCode(CompactString);

impl Scalar for CountryCode {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        if good { Ok(Self(text.into())) } else { Err(Flaw::Format) }
    }
}

/// A place that a code is sent to: a mailbox or a mobile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Contact {
    /// A mailbox.
    Email(Email),
    /// A mobile.
    Mobile(MobilePhone),
}

impl Contact {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Mobile(mobile) => mobile.as_str(),
        }
    }
}

impl Scalar for Contact {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let mobile = || MobilePhone::parse(text).map(Self::Mobile);
        if text.contains('@') { Email::parse(text).map(Self::Email) } else { mobile() }
    }
}

macro_rules! readable {
    ($($name:ident)*) => {$(
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}
readable!(MobilePhone Email CountryCode);
