//! Errors that a client gets: [`ApiError`], and the catalogue of wire codes.
//!
//! Each error code of alimock is one [`Known`] constant with status, text and source. Search for a wire code to find its constant, and
//! from there its uses.

mod account;
pub mod business;
mod cause;
pub mod dataworks;
pub mod directory;
pub mod ecs;
pub mod fc;
pub mod gateway;
pub mod metadata;
pub mod mns;
pub mod odps;
pub mod oss;
pub mod ots;
mod parameter;
pub mod partner;
pub mod ram;
pub mod resource_manager;
pub mod sls;
pub mod sts;

pub use account::*;
pub use cause::{Cause, Slip};
pub use parameter::{Dialect, Failure, Flawed};

use serde::Serialize;
use std::borrow::Cow;

/// One entry of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// HTTP status.
    pub status: u16,
    /// Wire code.
    pub code: &'static str,
    /// Text of the real service; `{}` is a placeholder for a name, a key or a string to sign.
    pub message: &'static str,
}

impl Known {
    /// The error with its text unchanged.
    pub fn error(&self) -> ApiError {
        ApiError {
            status: self.status,
            code: Cow::Borrowed(self.code),
            message: Cow::Borrowed(self.message),
            ..ApiError::default()
        }
    }

    /// The error as a business error: some products return it in the body of an HTTP 200.
    pub fn business(&self) -> ApiError {
        ApiError { is_business: true, ..self.error() }
    }

    /// The error with `value` in place of `{}`.
    pub fn about(&self, value: impl std::fmt::Display) -> ApiError {
        self.about_all(&[&value.to_string()])
    }

    /// The error with `values` in place of each `{}`, in this order.
    pub fn about_all(&self, values: &[&str]) -> ApiError {
        let mut parts = self.message.split("{}");
        let mut message = parts.next().unwrap_or_default().to_owned();
        let mut values = values.iter();
        for part in parts {
            message += values.next().unwrap_or(&"{}");
            message += part;
        }
        ApiError { message: Cow::Owned(message), ..self.error() }
    }

    /// Returns the text in place of `{}` if `error` is this entry. It is empty for an entry without a placeholder.
    pub fn value_of<'a>(&self, error: &'a ApiError) -> Option<&'a str> {
        if (self.status, self.code) != (error.status, &*error.code) {
            return None;
        }
        match self.message.split_once("{}") {
            None => (self.message == error.message).then_some(""),
            Some((before, after)) => error.message.strip_prefix(before)?.strip_suffix(after),
        }
    }
}

/// Declares constants of the catalogue, and a list of them for tables and tests.
macro_rules! entries {
    ($($(#[doc = $doc:literal])* $name:ident = $status:literal $code:literal $message:literal;)*) => {
        $($(#[doc = $doc])* pub const $name: $crate::error::Known = $crate::error::Known { status: $status, code: $code, message: $message };)*
        /// Every entry of this file, in order.
        pub const ALL: &[$crate::error::Known] = &[$($name),*];
    };
}
pub(crate) use entries;

/// Every entry of the catalogue.
pub fn catalogue() -> impl Iterator<Item = &'static Known> {
    gateway::ALL
        .iter()
        .chain(account::ALL)
        .chain(ram::ALL)
        .chain(resource_manager::ALL)
        .chain(sts::ALL)
        .chain(partner::ALL)
        .chain(business::ALL)
        .chain(ecs::ALL)
        .chain(dataworks::ALL)
        .chain(directory::ALL)
        .chain(odps::ALL)
        .chain(oss::ALL)
        .chain(metadata::ALL)
        .chain(sls::ALL)
        .chain(mns::ALL)
        .chain(fc::ALL)
        .chain(ots::ALL)
}

/// The entry for `code` of `product`. The product's own entries come before all others.
pub fn known(product: &str, code: &str) -> Option<&'static Known> {
    let own: &[Known] = match product {
        "dataworks-public" => dataworks::ALL,
        "Ecs" => ecs::ALL,
        "FC" => fc::ALL,
        "MNS" => mns::ALL,
        "Metadata" => metadata::ALL,
        "Odps" => odps::ALL,
        "Oss" => oss::ALL,
        "Ots" => ots::ALL,
        "Ram" | "Ims" => ram::ALL,
        "ResourceDirectoryMaster" => directory::ALL,
        "ResourceManager" => resource_manager::ALL,
        "Sls" => sls::ALL,
        "Sts" => sts::ALL,
        _ => &[],
    };
    // It runs the actions of the directory, too.
    let more: &[Known] = if product == "ResourceManager" { directory::ALL } else { &[] };
    own.iter().chain(more).chain(catalogue()).find(|known| known.code == code)
}

/// The catalogue code that is most similar to `code`.
pub fn nearest_code(code: &str) -> &'static str {
    // All codes are much shorter, so the rest of a long text cannot change the result.
    let code = code.char_indices().nth(200).map_or(code, |(end, _)| &code[..end]);
    let near = |known: &&Known| strsim::damerau_levenshtein(known.code, code);
    catalogue().min_by_key(near).map_or("", |known| known.code)
}

/// Note of an action that alimock does not run.
pub const NOT_RUN: &str = "alimock does not run this action; the list `stubs` of a scenario can answer it";

/// Error of a call. `note` is for log and journal and never reaches the client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Wire code.
    pub code: Cow<'static, str>,
    /// Text for the client.
    pub message: Cow<'static, str>,
    /// Internal note.
    pub note: Option<String>,
    /// Details of a permission denial.
    pub denied: Option<Box<AccessDenied>>,
    /// Details of a signature mismatch, for the journal.
    pub mismatch: Option<Box<Mismatch>>,
    /// True for a business error: some products then respond with HTTP 200 and report it in the body.
    pub is_business: bool,
    /// True if alimock does not run the action.
    pub is_not_run: bool,
    /// More elements besides code and text, as name and text, for products that have them.
    pub details: Vec<(&'static str, String)>,
}

/// Comparison of the expected and the received signature, as far as possible. Texts are strings to sign, or canonical requests in v3, with
/// masked secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mismatch {
    /// Text that the client should have signed.
    pub server: String,
    /// Text that the client signed, if the mistake was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Position of the first different byte, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_difference: Option<usize>,
    /// Description of the mistake.
    pub cause: Cause,
}

/// `AccessDeniedDetail` of a permission denial. Source: docs/evidence/policy.md section 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessDenied {
    /// Requested action, such as `ram:CreateUser`.
    pub auth_action: String,
    /// User id, or `role:session`.
    pub auth_principal_display_name: String,
    /// UID of the caller's account.
    pub auth_principal_owner_id: String,
    /// `SubUser` or `AssumedRoleUser`.
    pub auth_principal_type: &'static str,
    /// `ImplicitDeny` or `ExplicitDeny`.
    pub no_permission_type: &'static str,
    /// Kind of the policy that decided.
    pub policy_type: &'static str,
}

/// Result of an operation.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    /// Adds a note for log and journal.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The error with status and text of the entry of `words` that has its code. Its own text becomes a note.
    pub(crate) fn in_words(mut self, words: &[Known]) -> Self {
        if let Some(known) = words.iter().find(|known| known.code == self.code) {
            self.note = self.note.or_else(|| Some(self.message.clone().into_owned()));
            (self.status, self.message) = (known.status, Cow::Borrowed(known.message));
        }
        self
    }

    /// Marks the error of an action that alimock does not run.
    #[must_use]
    pub fn not_run(mut self) -> Self {
        self.is_not_run = true;
        self.with_note(NOT_RUN)
    }

    /// Adds an element that only some errors have.
    #[must_use]
    pub fn with_detail(mut self, name: &'static str, text: impl std::fmt::Display) -> Self {
        self.details.push((name, text.to_string()));
        self
    }

    /// Message for the journal. It leaves out a string to sign, which contains all parameters, including secrets.
    pub(crate) fn message_without_secrets(&self) -> Cow<'static, str> {
        match self.message.split_once(" server ") {
            Some((sentence, _)) if self.code.contains("Signature") => Cow::Owned(sentence.to_owned()),
            _ => self.message.clone(),
        }
    }

    /// An error that is not in the catalogue.
    pub(crate) fn free(status: u16, code: String, message: String) -> Self {
        Self { status, code: code.into(), message: message.into(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_can_be_told_from_the_others() {
        let words = |known: &Known| (known.status, known.code, known.message);
        let same_as_oss = words(&mns::SIGNATURE_MISMATCH);
        let mut seen = BTreeSet::new();
        for known in catalogue() {
            assert!((300..600).contains(&known.status), "{known:?}");
            assert!(!known.code.is_empty() && !known.message.is_empty(), "{known:?}");
            assert!(seen.insert(words(known)) || words(known) == same_as_oss, "twice: {known:?}");
        }
    }

    #[test]
    fn the_text_of_a_v1_mismatch_ends_with_the_string_to_sign_after_a_colon() {
        // Python's core splits the text at colons and fails without one. Go and Java compare the text after the last words
        // (docs/evidence/gateway.md 6.2).
        for known in [gateway::SIGNATURE_MISMATCH, gateway::INCOMPLETE_SIGNATURE] {
            assert!(known.message.ends_with("server string to sign is:{}"), "{known:?}");
        }
    }
}
