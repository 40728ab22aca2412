//! Names and ids of a resource directory. Source: docs/evidence/resource-directory.md section 4.

use crate::text::{Flaw, Scalar, text};

/// Letters and digits of any script, and the marks that names of the directory may have.
fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
}

text! {
    /// Name of a folder: 1 to 24 letters, digits, `_`, `.` and `-`. Source: docs/evidence/resource-directory.md 4.3.
    FolderName, 1..=24, in_name;

    /// Display name of a member: 2 to 50 letters, digits, `_`, `.`, `-` and spaces. Source: docs/evidence/resource-directory.md 4.2.
    MemberName, 2..=50, |c| in_name(c) || c == ' ';

    /// Name of a message contact: 2 to 12 letters. Source: docs/evidence/resource-directory.md 4.9.
    ContactName, 2..=12, char::is_alphabetic;

    /// Note of an invitation: up to 1024 characters. Source: docs/evidence/resource-directory.md 4.4.
    Note, 1..=1024, |c| !c.is_control() || matches!(c, '\n' | '\r' | '\t');

    /// Name of a trusted service, such as `cloudfw.aliyuncs.com`. UNCERTAIN: the allowed characters.
    ServicePrincipal, 1..=128, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
}

impl MemberName {
    /// The display name of a member that is invited: its account name, without what a display name cannot hold. Source:
    /// docs/evidence/resource-directory.md 4.4.
    pub fn of_account(name: &str) -> Self {
        let end = name.char_indices().nth(50).map_or(name.len(), |(end, _)| end);
        Self(name[..end].into())
    }
}

/// Letters, digits, `_`, `.` and `-`, with a letter or digit at both ends and no two marks in a row.
fn is_prefix(text: &str) -> bool {
    let mark = |c: char| matches!(c, '_' | '.' | '-');
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.chars().all(|c| c.is_ascii_alphanumeric() || mark(c))
        && ends(text.chars().next())
        && ends(text.chars().next_back())
        && !text.as_bytes().windows(2).any(|two| two.iter().all(|byte| mark(char::from(*byte))))
}

macro_rules! prefix {
    ($($(#[$doc:meta])* $name:ident, $max:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(compact_str::CompactString);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Scalar for $name {
            fn parse(text: &str) -> Result<Self, Flaw> {
                if !(2..=$max).contains(&text.chars().count()) {
                    return Err(Flaw::Length);
                }
                if is_prefix(text) { Ok(Self(text.into())) } else { Err(Flaw::Format) }
            }
        }
    )*};
}

prefix! {
    /// Beginning of the account name of a member: 2 to 37 characters. UNCERTAIN: older pages say 50. Source:
    /// docs/evidence/resource-directory.md 4.2.
    AccountNamePrefix, 37;
    /// Beginning of the name of a new management account: 2 to 50 characters. Source: docs/evidence/resource-directory.md 4.1.
    ManagementPrefix, 50;
}

/// Declares ids: one of some prefixes, then letters and digits.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $($prefix:literal)*;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(compact_str::CompactString);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Scalar for $name {
            fn parse(text: &str) -> Result<Self, Flaw> {
                let rest = [$($prefix),*].iter().find_map(|prefix| text.strip_prefix(prefix));
                let good = |rest: &str| {
                    (1..=32).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
                };
                if rest.is_some_and(good) { Ok(Self(text.into())) } else { Err(Flaw::Format) }
            }
        }
    )*};
}

ids! {
    /// Id of a folder, or of the Root folder.
    FolderId: "fd-" "r-";
    /// Id of an invitation.
    HandshakeId: "h-";
    /// Id of a message contact.
    ContactId: "c-";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids_have_their_documented_forms() {
        assert!(FolderName::parse("生产-1.a_b").is_ok() && FolderName::parse("a b").is_err());
        assert!(FolderName::parse(&"a".repeat(24)).is_ok());
        assert_eq!(FolderName::parse(&"a".repeat(25)), Err(Flaw::Length));
        assert!(MemberName::parse("Dev Team").is_ok() && MemberName::parse("a").is_err());
        for (text, good) in [("ab", true), ("a-b.c", true), ("-ab", false), ("a--b", false), ("a_", false)] {
            assert_eq!(AccountNamePrefix::parse(text).is_ok(), good, "{text}");
        }
        assert!(AccountNamePrefix::parse(&"a".repeat(37)).is_ok());
        assert!(AccountNamePrefix::parse(&"a".repeat(38)).is_err());
        assert!(FolderId::parse("r-Ab1").is_ok() && FolderId::parse("fd-Ab1").is_ok());
        assert!(FolderId::parse("x-Ab1").is_err() && HandshakeId::parse("h-").is_err());
    }
}
