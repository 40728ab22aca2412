//! Names of people and things.

use crate::text::{Flaw, Scalar, Uid, text};

text! {
    /// Name of a RAM user: 1 to 64 of `[A-Za-z0-9._-]`.
    ///
    /// UNCERTAIN: the server of 2021 also took `@`; the pages of 2026 do not. Source: facts/ram.md 5.1.
    UserName, 1..=64, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

text! {
    /// Display name of a RAM user: 1 to 128 characters. Source: facts/ram.md 5.1.
    DisplayName, 1..=128, |c| !c.is_control()
}

text! {
    /// Free remark on a RAM user: up to 128 characters. Source: facts/ram.md 5.1.
    Comments, 1..=128, |c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')
}

text! {
    /// Login name of an account (`AliyunId`). UNCERTAIN: one page says 5 to 25 characters, another 6 to 32; we take
    /// 5 to 32, or an e-mail address. Source: facts/account.md 1.4.
    LoginName, 5..=32, |c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+')
}

text! {
    /// Name on a document of identity, of a person or an enterprise.
    PersonName, 1..=128, |c| !c.is_control()
}

text! {
    /// Number of a document of identity or a business licence.
    LicenseNumber, 1..=64, |c| c.is_alphanumeric() || matches!(c, '-' | '/' | '(' | ')' | '.' | ' ')
}

text! {
    /// Name of a world: a host label, so 1 to 63 of `[a-z0-9-]`.
    WorldName, 1..=63, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

impl UserName {
    /// The form two names are compared in: they are unique regardless of case.
    ///
    /// UNCERTAIN: no page says so for users. Source: facts/ram.md section 3.
    pub fn folded(&self) -> compact_str::CompactString {
        self.0.to_ascii_lowercase()
    }
}

impl WorldName {
    /// The world that always exists.
    pub fn default_world() -> Self {
        Self("default".into())
    }
}

/// Logon name of a RAM user, `<user>@<uid or alias>.onaliyun.com`. Source: facts/ims.md section 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPrincipalName {
    /// The part before `@`.
    pub user: UserName,
    /// The part after `@`.
    pub domain: String,
}

impl UserPrincipalName {
    /// The default domain of an account that has no alias.
    pub fn default_domain(uid: Uid) -> String {
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
