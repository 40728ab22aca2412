//! Names of worlds.

use crate::text::{Flaw, Scalar};
use compact_str::{CompactString, ToCompactString};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Maximum length.
const LONGEST: usize = 63;
/// Characters of the digest at the end of a slug.
const DIGEST: usize = 8;

/// Name of a world: 1 to 63 of `[A-Za-z0-9._-]`, of which the first is a letter or digit. It is part of paths and host names. Host names
/// have no case, so names that differ only in case are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct WorldName(CompactString);

impl WorldName {
    /// The allowed characters, for messages.
    pub const ALLOWED: &'static str = "A-Z, a-z, 0-9, `.`, `_` and `-`, the first of them a letter or digit";

    /// The world that always exists.
    pub fn default_world() -> Self {
        Self("default".into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Form for comparing two names.
    pub fn folded(&self) -> CompactString {
        self.0.to_ascii_lowercase()
    }

    /// Makes a name of any text, such as the name of a test: `test_x[a/b]` becomes `test_x-a-b-` and a digest of the text. The digest keeps
    /// two texts apart that differ only in other characters. A text that is a name stays as it is.
    pub fn slug(text: &str) -> Self {
        if let Ok(name) = Self::parse(text) {
            return name;
        }
        let mut name = String::new();
        for c in text.chars() {
            match c {
                c if is_allowed(c) && (!name.is_empty() || c.is_ascii_alphanumeric()) => name.push(c),
                _ if name.is_empty() || name.ends_with('-') => {}
                _ => name.push('-'),
            }
            if name.len() >= LONGEST - DIGEST - 1 {
                break;
            }
        }
        let stem = name.trim_end_matches('-');
        let digest = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let joint = if stem.is_empty() { "" } else { "-" };
        Self(format!("{stem}{joint}{}", &digest[..DIGEST]).into())
    }
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

impl std::fmt::Display for WorldName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Scalar for WorldName {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if !(1..=LONGEST).contains(&text.chars().count()) {
            return Err(Flaw::Length);
        }
        if !text.chars().all(is_allowed) {
            return Err(Flaw::InvalidChars);
        }
        if text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            Ok(Self(text.to_compact_string()))
        } else {
            Err(Flaw::Format)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tests_are_names_of_worlds() {
        for name in ["test_x", "TestUsers.Create", "w1", "a-b_c.d", "9"] {
            assert_eq!(WorldName::parse(name).unwrap().as_str(), name);
        }
        for (name, flaw) in [
            ("", Flaw::Length),
            (&*"a".repeat(64), Flaw::Length),
            ("test_x[a-1]", Flaw::InvalidChars),
            ("..", Flaw::Format),
            ("-x", Flaw::Format),
        ] {
            assert_eq!(WorldName::parse(name), Err(flaw), "{name}");
        }
    }

    #[test]
    fn every_text_has_a_slug_of_its_own() {
        let long = "x".repeat(500);
        let texts = [
            "test_x[a/b]",
            "test_x[a-b]",
            "tests/test_a.py::test_b",
            "\u{6d4b}\u{8bd5}",
            "",
            "..",
            "[]",
            &long,
        ];
        let slugs: Vec<_> = texts.iter().map(|text| WorldName::slug(text)).collect();

        for slug in &slugs {
            assert_eq!(WorldName::parse(slug.as_str()).as_ref(), Ok(slug));
            assert_eq!(slugs.iter().filter(|one| *one == slug).count(), 1);
        }
        assert!(slugs[0].as_str().starts_with("test_x-a-b-"), "{}", slugs[0]);
        assert_eq!(WorldName::slug("TestX.y").as_str(), "TestX.y");
    }
}
