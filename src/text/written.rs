//! Values in files and bodies. Scenario files, the control API and commands read them here, so all refuse the same texts in the
//! same words.

use crate::text::{
    AccessKeyId, AccountAlias, Contact, CountryCode, Email, Flaw, GroupName, LicenseNumber, LoginName,
    MobilePhone, PasskeyName, PersonName, PolicyName, RoleName, Scalar, UserName, usual_mobile,
};
use schemars::{Schema, json_schema};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};

/// A value that files and bodies hold as one text.
pub trait Written: DeserializeOwned {
    /// Name of its form in schemas. The checker of files finds the reader by it.
    const FORM: &'static str;
    /// Its form in words, for messages and schemas.
    const MEANING: &'static str;
    /// A text of this form.
    const EXAMPLE: &'static str;
    /// Pattern for editors.
    const PATTERN: Option<&'static str> = None;
}

/// Reads a value, or says what is wrong with its text.
pub(crate) fn read<'de, T: Written + Scalar, D: Deserializer<'de>>(d: D) -> Result<T, D::Error> {
    let text = String::deserialize(d)?;
    let is_phone = [MobilePhone::FORM, Contact::FORM].contains(&T::FORM);
    let text = if is_phone { usual_mobile(&text).into() } else { text };
    T::parse(&text).map_err(|flaw| D::Error::custom(describe::<T>(&text, flaw, T::MEANING)))
}

/// Schema of a value.
pub(crate) fn schema<T: Written>() -> Schema {
    let mut schema = json_schema!({"type": "string", "description": T::MEANING, "format": T::FORM, "examples": [T::EXAMPLE]});
    if let Some(pattern) = T::PATTERN {
        schema.insert("pattern".to_owned(), pattern.into());
    }
    schema
}

/// Makes values readable wherever serde reads, and describes them.
macro_rules! written {
    ($($name:ty: $form:literal, $example:literal, $meaning:literal;)*) => {$(
        $crate::text::written::described!($name: $form, $example, $meaning, None;);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                $crate::text::written::read(d)
            }
        }
    )*};
}
pub(crate) use written;

/// Describes values for schemas and for the checker of files.
macro_rules! described {
    ($($name:ty: $form:literal, $example:literal, $meaning:literal, $pattern:expr;)*) => {$(
        impl $crate::text::Written for $name {
            const FORM: &'static str = $form;
            const MEANING: &'static str = $meaning;
            const EXAMPLE: &'static str = $example;
            const PATTERN: Option<&'static str> = $pattern;
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                $form.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::text::written::schema::<Self>()
            }
        }
    )*};
}
pub(crate) use described;

written! {
    AccessKeyId: "access-key-id", "LTAI5tExampleExample01", "an AccessKey ID: 8 to 128 letters, digits and dots";
    AccountAlias: "alias", "example", "an alias: 3 to 32 lower-case letters, digits and single hyphens";
    Contact: "contact", "a@b.example", "an e-mail address or a mobile number such as 86-13900000000";
    CountryCode: "country", "SG", "the ISO alpha-2 code of a country, such as SG";
    Email: "email", "a@b.example", "an e-mail address";
    GroupName: "group-name", "ops", "the name of a group";
    LicenseNumber: "document-number", "G1234567", "the number of a document";
    LoginName: "login-name", "owner@example.com", "a login name: 5 to 32 characters, or an e-mail address";
    MobilePhone: "mobile", "86-13900000000", "a mobile number such as 86-13900000000";
    PasskeyName: "passkey-name", "laptop", "the name of a passkey: 1 to 64 characters";
    PersonName: "person-name", "Jane Doe", "the name on a document";
    PolicyName: "policy-name", "AliyunRAMFullAccess", "the name of a policy";
    RoleName: "role-name", "app", "the name of a role";
    UserName: "user-name", "ci", "the name of a RAM user";
}

/// Longest text that a message repeats. The shortest good text of every value is shorter.
const QUOTED: usize = 40;

/// Says what is wrong with a text and what would be right. The value itself is asked about texts like it.
pub(crate) fn describe<T: Scalar>(text: &str, flaw: Flaw, meaning: &str) -> String {
    let count = text.chars().count();
    let start: String = text.chars().take(QUOTED).collect();
    let shown = if count > QUOTED { format!("`{start}...`") } else { format!("`{text}`") };
    let good = |text: &str| T::parse(text).is_ok();
    match flaw {
        Flaw::Length | Flaw::Size { .. } => {
            let most = longest::<T>(text, count);
            let least =
                (count + 1..=QUOTED).find(|length| good(&format!("{text}{}", "a".repeat(length - count))));
            match (most, least) {
                (Some(most), _) => format!("{shown} is too long: {count} characters, at most {most}"),
                (_, Some(least)) => format!("{shown} is too short: at least {least} characters"),
                _ => format!("{shown} is too short or too long"),
            }
        }
        Flaw::InvalidChars => {
            let is_bad = |c: &char| matches!(T::parse(&format!("aaaaaaaa{c}")), Err(Flaw::InvalidChars));
            match text.chars().find(is_bad) {
                Some(' ') => format!("{shown} holds a space, which is not allowed here"),
                Some(bad) => format!("{shown} holds `{}`, which is not allowed here", bad.escape_debug()),
                None => format!("{shown} holds a character that is not allowed here"),
            }
        }
        Flaw::Format | Flaw::Value => format!("{shown} is not {meaning}"),
        Flaw::Range { min, max } => format!("{shown} is not between {min} and {max}"),
    }
}

/// The most characters of a text that is too long which are not too many: first the fewest that are not too few, then by halves.
fn longest<T: Scalar>(text: &str, count: usize) -> Option<usize> {
    let fits = |length: usize| {
        let end = text.char_indices().nth(length).map_or(text.len(), |(end, _)| end);
        !matches!(T::parse(&text[..end]), Err(Flaw::Length | Flaw::Size { .. }))
    };
    let mut most = (1..=count.min(QUOTED)).find(|length| fits(*length))?;
    let mut over = count;
    while most + 1 < over {
        let middle = most.midpoint(over);
        if fits(middle) { most = middle } else { over = middle }
    }
    Some(most)
}
