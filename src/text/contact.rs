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

/// Country calling codes of one and of two digits; all others have three. Source: ITU-T E.164, list of assigned country codes.
const CALLING_CODES: [&str; 46] = [
    "1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
    "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
    "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
];

/// Returns a mobile number as people write it in the form of [`MobilePhone`]: `13800138000`, `+86 138 0013 8000` and `0086-13800138000`
/// are `86-13800138000`. Any other text stays as it is.
pub fn usual_mobile(text: &str) -> CompactString {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '+');
    let is_usual = MobilePhone::parse(text).is_ok() && !text.starts_with("00");
    if is_usual || !text.chars().all(plain) {
        return text.into();
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international = match (text.starts_with('+'), digits.strip_prefix("00")) {
        (true, _) => Some(digits.as_str()),
        (false, rest) => rest,
    };
    let number = match international {
        Some(digits) => {
            let code =
                CALLING_CODES.iter().find(|code| digits.starts_with(**code)).map_or(3, |code| code.len());
            digits.split_at_checked(code).map(|(country, number)| format!("{country}-{number}"))
        }
        // Mobile numbers of mainland China have eleven digits.
        None if digits.len() == 11 && digits.starts_with('1') => Some(format!("86-{digits}")),
        None => match text.trim().split_once(' ') {
            Some((country, rest)) if country.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(format!("{country}-{}", rest.chars().filter(char::is_ascii_digit).collect::<String>()))
            }
            _ => None,
        },
    };
    number
        .filter(|number| MobilePhone::parse(number).is_ok())
        .map_or_else(|| text.into(), CompactString::from)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles_are_taken_as_people_write_them() {
        for (text, usual) in [
            ("13800138000", "86-13800138000"),
            ("138 0013 8000", "86-13800138000"),
            ("+86 138 0013 8000", "86-13800138000"),
            ("+8613800138000", "86-13800138000"),
            ("0086-13800138000", "86-13800138000"),
            ("+65 8000 0000", "65-80000000"),
            ("+852-91234567", "852-91234567"),
            ("+1 (415) 555-2671", "1-4155552671"),
            ("86 13800138000", "86-13800138000"),
            ("86-13800138000", "86-13800138000"),
        ] {
            assert_eq!(usual_mobile(text), usual, "{text}");
        }
        for other in ["12", "a@b.example", "+86", "138x0013800", ""] {
            assert_eq!(usual_mobile(other), other);
        }
    }
}
