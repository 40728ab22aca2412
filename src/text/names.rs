//! Names of people and things.

use crate::text::{Flaw, Scalar, Uid, text};
use serde::Serialize;

text! {
    /// Name of a RAM user: 1 to 64 of `[A-Za-z0-9._-]`.
    ///
    /// UNCERTAIN: the server of 2021 also accepted `@`; the pages of 2026 do not list it. Source: docs/evidence/ram.md 5.1.
    UserName, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');

    /// Display name of a RAM user: 1 to 128 characters. Source: docs/evidence/ram.md 5.1.
    DisplayName, 1..=128, |c| !c.is_control();

    /// Comment on a RAM user: up to 128 characters. Source: docs/evidence/ram.md 5.1.
    Comments, 1..=128, |c| !c.is_control() || matches!(c, '\n' | '\r' | '\t');

    /// Name of a person or an enterprise on an identity document.
    PersonName, 1..=128, |c| !c.is_control();
}

/// Login name of an account (`AliyunId`). UNCERTAIN: one page says 5 to 25 characters, another 6 to 32; alimock accepts
/// 5 to 32, or an e-mail address. Names that a resource directory makes are longer. Source: docs/evidence/account.md 1.4,
/// docs/evidence/resource-directory.md 4.2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LoginName(compact_str::CompactString);

impl LoginName {
    /// The end of names that a resource directory makes.
    pub const OF_DIRECTORY: &str = ".aliyunid.com";

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for LoginName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Scalar for LoginName {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let longest = if text.ends_with(Self::OF_DIRECTORY) { 80 } else { 32 };
        if !(5..=longest).contains(&text.chars().count()) {
            return Err(Flaw::Length);
        }
        let good = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+');
        if text.chars().all(good) { Ok(Self(text.into())) } else { Err(Flaw::InvalidChars) }
    }
}

impl PersonName {
    /// The name of owners whose name nobody gave.
    pub fn example() -> Self {
        Self("Example Ltd".into())
    }
}

text! {
    /// Number of an identity document or a business licence.
    LicenseNumber, 1..=64, |c| c.is_alphanumeric() || matches!(c, '-' | '/' | '(' | ')' | '.' | ' ');
}

impl LicenseNumber {
    /// A number that nobody gave, in the form of an ID card or of a business license.
    pub fn example(of_person: bool) -> Self {
        Self(if of_person { "110101199001011234" } else { "91330000MA27EXAMPL" }.into())
    }
}

text! {
    /// Manager of a partner's customer: up to 50 characters. Source: alibabacloud-agency20221216, `SetAccountInfo`.
    ManagerName, 1..=50, |_| true;

    /// Name, key or value of a service's status. UNCERTAIN: the allowed characters; up to 128. Source: docs/evidence/account.md 1.6.
    BusinessWord, 1..=128, |c| !c.is_control();

    /// Name of a group: 1 to 64 of `[A-Za-z0-9._-]`. Source: docs/evidence/ram.md 5.5.
    GroupName, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');

    /// Name of a policy: 1 to 128 of `[A-Za-z0-9-]`. Source: docs/evidence/ram.md 5.6.
    PolicyName, 1..=128, |c| c.is_ascii_alphanumeric() || c == '-';

    /// Name of an existing role: 1 to 64 of `[A-Za-z0-9.-]`, and `_` before the suffix of a service-linked one.
    /// Source: docs/evidence/ram.md 5.7 and section 10.
    RoleName, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');

    /// Name of a new role: 1 to 64 of `[A-Za-z0-9.-]`. Source: docs/evidence/ram.md 5.7.
    NewRoleName, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
}

impl From<NewRoleName> for RoleName {
    fn from(name: NewRoleName) -> Self {
        Self(name.0)
    }
}

text! {
    /// Suffix of a service-linked role: 1 to 64 of `[A-Za-z0-9.-]`. Source: docs/evidence/ram.md 5.8.
    RoleSuffix, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');

    /// Name of a virtual MFA device: 1 to 64 of `[A-Za-z0-9.-]`. Source: docs/evidence/ram.md 5.4.
    MfaName, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');

    /// Description of an OIDC provider: 1 to 256 characters. Source: docs/evidence/sts.md section 5.
    ProviderDescription, 1..=256, |_| true;

    /// Certificate thumbprint of an issuer: 1 to 128 letters and digits. Source: docs/evidence/ims.md 4.11.
    Fingerprint, 1..=128, |c| c.is_ascii_alphanumeric();

    /// Name of an OAuth application: 1 to 64 of `[A-Za-z0-9._-]`. Source: docs/evidence/ims.md 4.12.
    AppName, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');

    /// Display name of an OAuth application: 1 to 24 characters. Source: docs/evidence/ims.md 4.12.
    AppDisplayName, 1..=24, |c| !c.is_control();
    /// Name of a passkey. UNCERTAIN: the limit; 1 to 64 characters.
    PasskeyName, 1..=64, |c| !c.is_control();

    /// Name of a MaxCompute project: 3 to 63 of `[A-Za-z0-9_]`. UNCERTAIN: pages disagree about the maximum length.
    ProjectName, 3..=63, |c| c.is_ascii_alphanumeric() || c == '_';

    /// Name of a service credential: 1 to 128 of `[A-Za-z0-9._-]`. Source: docs/evidence/ims.md 4.13.
    ServiceCredentialName, 1..=128, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');

    /// Name of a cloud service that takes service credentials. UNCERTAIN: which services do; any name is accepted.
    ServiceName, 1..=128, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');

    /// Description of a policy or role: 1 to 1024 characters. Source: docs/evidence/ram.md 5.6 and 5.7.
    Description, 1..=1024, |_| true;

    /// Key of a tag. UNCERTAIN for RAM; the rule is Resource Manager's. Source: docs/evidence/resource-directory.md 4.8.
    TagKey, 1..=128, |_| true;

    /// Value of a tag; may be empty. UNCERTAIN for RAM; the rule is Resource Manager's. Source: docs/evidence/resource-directory.md 4.8.
    TagValue, 0..=128, |_| true;
}

/// A tag: key and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag(pub TagKey, pub TagValue);

/// Names that are unique in their account, ignoring case.
///
/// UNCERTAIN: no page says so. Source: docs/evidence/ram.md section 3.
macro_rules! unique {
    ($($name:ident)*) => {$(
        impl $name {
            /// Form for comparing two names.
            pub fn folded(&self) -> compact_str::CompactString {
                self.0.to_ascii_lowercase()
            }
        }
    )*};
}
unique!(UserName GroupName PolicyName RoleName MfaName);

/// Alias of an account, the first label of its logon domain: 3 to 32 lower-case letters, digits and single hyphens inside.
///
/// UNCERTAIN: the text of the error says 63. Source: docs/evidence/ram.md 5.10.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AccountAlias(compact_str::CompactString);

impl AccountAlias {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for AccountAlias {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if !(3..=32).contains(&text.chars().count()) {
            return Err(Flaw::Size { min: 3, max: 63 });
        }
        let label = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if text.split('-').all(label) { Ok(Self(text.into())) } else { Err(Flaw::Format) }
    }
}

/// Name of an OSS bucket: 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.
/// Source: package alibabacloud-oss-v2 1.4.1, `validation.py`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct BucketName(compact_str::CompactString);

impl BucketName {
    /// Maximum length of a name. Source: AlibabaCloudDocs/oss, "Bucket naming".
    pub const LONGEST: usize = 63;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for BucketName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Scalar for BucketName {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if !(3..=Self::LONGEST).contains(&text.chars().count()) {
            return Err(Flaw::Length);
        }
        if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(Flaw::InvalidChars);
        }
        if text.starts_with('-') || text.ends_with('-') { Err(Flaw::Format) } else { Ok(Self(text.into())) }
    }
}

/// Logon domain of an account, `<alias or uid>.onaliyun.com`: up to 64 characters. Source: docs/evidence/ims.md 4.8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogonDomain(AccountAlias);

impl LogonDomain {
    /// Returns the alias; `None` for the domain of the UID.
    pub fn alias_in(self, uid: Uid) -> Option<AccountAlias> {
        Some(self.0).filter(|alias| alias.as_str() != uid.to_string())
    }
}

impl Scalar for LogonDomain {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if text.chars().count() > 64 {
            return Err(Flaw::Length);
        }
        let label = text.strip_suffix(".onaliyun.com").ok_or(Flaw::Format)?;
        match AccountAlias::parse(label) {
            Ok(alias) => Ok(Self(alias)),
            Err(Flaw::Size { .. }) => Err(Flaw::Length),
            Err(flaw) => Err(flaw),
        }
    }
}

/// Logon name of a RAM user, `<user>@<uid or alias>.onaliyun.com`. Source: docs/evidence/ims.md section 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPrincipalName {
    /// The part before `@`.
    pub user: UserName,
    /// The part after `@`.
    pub domain: String,
}

impl UserPrincipalName {
    /// Logon domain that follows from the UID of an account.
    pub fn domain_of(uid: Uid) -> String {
        format!("{uid}.onaliyun.com")
    }
}

impl Scalar for UserPrincipalName {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if text.is_empty() || text.chars().count() > 128 {
            return Err(Flaw::Length);
        }
        let (user, domain) = text.split_once('@').ok_or(Flaw::Format)?;
        Ok(Self { user: UserName::parse(user)?, domain: domain.to_ascii_lowercase() })
    }
}
