//! Values that validate themselves: after [`Scalar::parse`] nobody checks them again.
//!
//! A value knows *what* is wrong with a text (a [`Flaw`]); the parameter reader knows *where*. Nothing here knows
//! about requests, worlds or wire codes.

mod contact;
mod diagnostic;
mod ids;
mod money;
mod names;
mod network;
mod pattern;
mod region;
mod site;
mod span;
mod time;

pub use contact::{CountryCode, Email, MobilePhone};
pub use diagnostic::Diagnostic;
pub use ids::{AccessKeyId, Password, SecretText, Uid};
pub use money::{MOST_CENTS, amount, cents, cents_of};
pub use names::{
    AccountAlias, BucketName, BusinessWord, Comments, Description, DisplayName, GroupName, LicenseNumber,
    LoginName, ManagerName, MfaName, NewRoleName, PersonName, PolicyName, ProjectName, ProviderName,
    RoleName, RoleSuffix, Tag, TagKey, TagValue, UserName, UserPrincipalName, WorldName,
};
pub use network::Network;
pub use pattern::covers;
pub use region::{DEFAULT_REGION, REGIONS, Region, RegionNames};
pub use site::Site;
pub use span::{Moment, Span};
pub use time::{NoSpan, Timestamp, format_duration, parse_duration};

use std::borrow::Cow;

/// The text of some bytes; those that are not UTF-8 become U+FFFD. The standard library's lossy reader takes several times as long
/// for bytes that need no replacement.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// What is wrong with one value; together with the parameter's name it makes the wire code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Too short or too long.
    Length,
    /// A character that the value may not hold.
    InvalidChars,
    /// Not of the required form.
    Format,
    /// A number outside its range.
    Range {
        /// The smallest good value.
        min: i64,
        /// The largest good value.
        max: i64,
    },
    /// A length outside its range, told with the range.
    Size {
        /// The shortest good length.
        min: usize,
        /// The longest.
        max: usize,
    },
    /// Not one of the known words.
    Value,
}

/// A value that is written as one string on the wire.
pub trait Scalar: Sized {
    /// Reads the value, or says what is wrong with the text.
    fn parse(text: &str) -> Result<Self, Flaw>;
}

impl Scalar for String {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(text.to_owned())
    }
}

/// Booleans come as `true` and `True` alike: Python clients send their own spelling.
///
/// Source: docs/evidence/gateway.md 1.4.
impl Scalar for bool {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            _ if text.eq_ignore_ascii_case("true") => Ok(true),
            _ if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(Flaw::Value),
        }
    }
}

/// A whole number between `MIN` and `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounded<const MIN: i64, const MAX: i64>(pub i64);

impl<const MIN: i64, const MAX: i64> Scalar for Bounded<MIN, MAX> {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text.parse() {
            Ok(n) if (MIN..=MAX).contains(&n) => Ok(Self(n)),
            _ => Err(Flaw::Range { min: MIN, max: MAX }),
        }
    }
}

/// A change to an optional text: absent leaves it, empty clears it. Source: docs/evidence/ram.md 5.1, `UpdateUser`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Not sent.
    #[default]
    Keep,
    /// Sent empty.
    Clear,
    /// Sent.
    Set(T),
}

impl<T> Patch<T> {
    /// Applies the change.
    pub fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *to = None,
            Self::Set(value) => *to = Some(value),
        }
    }
}

/// Declares a newtype over a short text: its length in characters, and which characters are good.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $min:literal..=$max:literal, $good:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(compact_str::CompactString);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $crate::text::Scalar for $name {
            fn parse(text: &str) -> Result<Self, $crate::text::Flaw> {
                if !($min..=$max).contains(&text.chars().count()) {
                    return Err($crate::text::Flaw::Length);
                }
                let good: fn(char) -> bool = $good;
                if !text.chars().all(good) {
                    return Err($crate::text::Flaw::InvalidChars);
                }
                Ok(Self(text.into()))
            }
        }
    };
}
pub(crate) use text;
