//! Values that validate themselves: after [`Scalar::parse`], no further check is needed.
//!
//! A value knows *what* is wrong with a text (a [`Flaw`]); the parameter reader knows *where*. This module must not know requests, worlds
//! or wire codes.

mod contact;
mod diagnostic;
mod directory;
mod ids;
mod money;
mod names;
mod network;
mod pattern;
mod providers;
mod region;
mod resource_groups;
mod site;
mod span;
mod time;
mod world_name;
pub(crate) mod written;

pub use contact::{Contact, CountryCode, Email, MobilePhone, usual_mobile};
pub use diagnostic::Diagnostic;
pub use directory::{
    AccountNamePrefix, ContactId, ContactName, FolderId, FolderName, HandshakeId, ManagementPrefix,
    MemberName, Note, ServicePrincipal,
};
pub use ids::{AccessKeyId, Password, SecretText, Uid};
pub use money::{MOST_CENTS, Money, amount, cents};
pub use names::{
    AccountAlias, AppDisplayName, AppName, BucketName, BusinessWord, Comments, Description, DisplayName,
    Fingerprint, GroupName, LicenseNumber, LoginName, LogonDomain, ManagerName, MfaName, NewRoleName,
    PasskeyName, PersonName, PolicyName, ProjectName, ProviderDescription, RoleName, RoleSuffix,
    ServiceCredentialName, ServiceName, Tag, TagKey, TagValue, UserName, UserPrincipalName,
};
pub use network::{Network, listen_address};
pub use pattern::covers;
pub use providers::{ClientId, IssuerUrl, ProviderName, Separated};
pub use region::{
    DEFAULT_REGION, REGIONS, Region, RegionNames, region_of_host, without_network, without_region,
};
pub use resource_groups::{
    GroupingCondition, ResourceGroupId, ResourceGroupName, ResourceGroupTitle, RuleDescription, RuleName,
};
pub use site::Site;
pub use span::{Moment, Span};
pub use time::{NoSpan, Timestamp, format_duration, parse_duration};
pub use world_name::WorldName;
pub use written::Written;

use std::borrow::Cow;

/// Text of bytes. Bytes that are not UTF-8 become U+FFFD. The standard library's lossy reader is several times slower for valid
/// UTF-8.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Mistake in a value. Together with the parameter's name, it determines the wire code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Too short or too long.
    Length,
    /// A character that is not allowed.
    InvalidChars,
    /// Wrong form.
    Format,
    /// A number outside its range.
    Range {
        /// Smallest valid value.
        min: i64,
        /// Largest valid value.
        max: i64,
    },
    /// A length outside its range; the message names the range.
    Size {
        /// Smallest valid length.
        min: usize,
        /// Largest valid length.
        max: usize,
    },
    /// Not one of the allowed values.
    Value,
}

/// A value that is one string on the wire.
pub trait Scalar: Sized {
    /// Parses the value, or returns the mistake.
    fn parse(text: &str) -> Result<Self, Flaw>;
}

impl Scalar for String {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(text.to_owned())
    }
}

/// Accepts `true` and `True`: Python clients send their own spelling.
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

impl<const MIN: i64, const MAX: i64> From<Bounded<MIN, MAX>> for i64 {
    fn from(number: Bounded<MIN, MAX>) -> Self {
        number.0
    }
}

impl<const MIN: i64, const MAX: i64> Scalar for Bounded<MIN, MAX> {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text.parse() {
            Ok(n) if (MIN..=MAX).contains(&n) => Ok(Self(n)),
            _ => Err(Flaw::Range { min: MIN, max: MAX }),
        }
    }
}

/// Change of an optional text: a missing parameter leaves it, an empty one clears it. Source: docs/evidence/ram.md 5.1, `UpdateUser`.
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

/// Declares newtypes over short texts, each with its length in characters and its allowed characters.
macro_rules! text {
    ($($(#[$doc:meta])* $name:ident, $min:literal..=$max:literal, $good:expr;)*) => {$(
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
    )*};
}
pub(crate) use text;

/// Declares an enumeration whose words are the same on the wire and in files.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema)]
        pub enum $name { $($(#[$of])* #[serde(rename = $word)] $variant,)* }

        impl $crate::text::Scalar for $name {
            fn parse(text: &str) -> Result<Self, $crate::text::Flaw> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::text::Flaw::Value),
                }
            }
        }
    };
}
pub(crate) use choices;
