//! What a client sees when it is refused: [`ApiError`], and the catalogue of wire codes.
//!
//! Every code that alimock can answer is one [`Known`] constant with its status, its text and where that was seen.
//! Search for a wire code and you find its constant and from there its users.

mod account;
pub mod business;
pub mod dataworks;
pub mod ecs;
pub mod gateway;
pub mod metadata;
pub mod odps;
pub mod oss;
mod parameter;
pub mod partner;
pub mod ram;
pub mod sts;

pub use account::*;
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
    /// The text as the service has it; `{}` is where a name, a key or a string to sign goes.
    pub message: &'static str,
}

impl Known {
    /// The error with its text as it stands.
    pub fn error(&self) -> ApiError {
        ApiError {
            status: self.status,
            code: Cow::Borrowed(self.code),
            message: Cow::Borrowed(self.message),
            note: None,
            denied: None,
            mismatch: None,
            is_business: false,
            details: Vec::new(),
        }
    }

    /// The error as a rule of the business: some products tell it in the body of an HTTP 200.
    pub fn business(&self) -> ApiError {
        ApiError { is_business: true, ..self.error() }
    }

    /// The error with `value` in place of `{}`.
    pub fn about(&self, value: impl std::fmt::Display) -> ApiError {
        let mut error = self.error();
        error.message = Cow::Owned(self.message.replacen("{}", &value.to_string(), 1));
        error
    }
}

/// Declares constants of the catalogue, and the list of them all that tables and tests walk.
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
        .chain(sts::ALL)
        .chain(partner::ALL)
        .chain(business::ALL)
        .chain(ecs::ALL)
        .chain(dataworks::ALL)
        .chain(odps::ALL)
        .chain(oss::ALL)
        .chain(metadata::ALL)
}

/// The entry that whoever names `code` about a product means: its own before all others.
pub fn known(product: &str, code: &str) -> Option<&'static Known> {
    let own: &[Known] = match product {
        "dataworks-public" => dataworks::ALL,
        "Ecs" => ecs::ALL,
        "Metadata" => metadata::ALL,
        "Odps" => odps::ALL,
        "Oss" => oss::ALL,
        _ => &[],
    };
    own.iter().chain(catalogue()).find(|known| known.code == code)
}

/// The code of the catalogue that `code` is most likely meant to be.
pub fn nearest_code(code: &str) -> &'static str {
    // No code is nearly as long: the rest of a long text makes no difference to which is nearest.
    let code = code.char_indices().nth(200).map_or(code, |(end, _)| &code[..end]);
    let near = |known: &&Known| strsim::damerau_levenshtein(known.code, code);
    catalogue().min_by_key(near).map_or("", |known| known.code)
}

/// Why a call is refused. `note` is for log and journal alone and never reaches the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Wire code.
    pub code: Cow<'static, str>,
    /// Text for the client.
    pub message: Cow<'static, str>,
    /// What the client is not told.
    pub note: Option<String>,
    /// Who was denied what; only on refusals of permission.
    pub denied: Option<Box<AccessDenied>>,
    /// What was signed instead, for the journal alone; only on refusals of a signature.
    pub mismatch: Option<Box<Mismatch>>,
    /// Whether it is a rule of the business that refuses: some products then answer HTTP 200 and tell it in the body.
    pub is_business: bool,
    /// Elements besides code and text, in products whose errors have them: name and text.
    pub details: Vec<(&'static str, String)>,
}

/// What a signature that does not fit was made over, as far as that can be found out. Texts are strings to sign, in v3 canonical
/// requests, with every secret value masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mismatch {
    /// What should have been signed.
    pub server: String,
    /// What the client signed, when the mistake was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The first byte that differs, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_difference: Option<usize>,
    /// The mistake, in words.
    pub cause: String,
}

/// `AccessDeniedDetail` of a refusal of permission. Source: docs/evidence/policy.md section 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessDenied {
    /// The action asked about, `ram:CreateUser`.
    pub auth_action: String,
    /// User id, or `role:session`.
    pub auth_principal_display_name: String,
    /// UID of the caller's account.
    pub auth_principal_owner_id: String,
    /// `SubUser` or `AssumedRoleUser`.
    pub auth_principal_type: &'static str,
    /// `ImplicitDeny` or `ExplicitDeny`.
    pub no_permission_type: &'static str,
    /// The kind of policy that decided.
    pub policy_type: &'static str,
}

/// What an operation gives.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    /// Adds what log and journal should say.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Adds an element that only some errors have.
    #[must_use]
    pub fn with_detail(mut self, name: &'static str, text: impl std::fmt::Display) -> Self {
        self.details.push((name, text.to_string()));
        self
    }

    /// The message for the journal: a string to sign repeats every parameter, secret ones too, so it is left out.
    pub(crate) fn message_without_secrets(&self) -> Cow<'static, str> {
        match self.message.split_once(" server ") {
            Some((sentence, _)) if self.code.contains("Signature") => Cow::Owned(sentence.to_owned()),
            _ => self.message.clone(),
        }
    }

    /// An error that stands in no catalogue.
    pub(crate) fn free(status: u16, code: String, message: String) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            note: None,
            denied: None,
            mismatch: None,
            is_business: false,
            details: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_can_be_told_from_the_others() {
        let mut seen = BTreeSet::new();
        for known in catalogue() {
            assert!((300..600).contains(&known.status), "{known:?}");
            assert!(!known.code.is_empty() && !known.message.is_empty(), "{known:?}");
            assert!(seen.insert((known.status, known.code, known.message)), "twice: {known:?}");
        }
    }

    #[test]
    fn the_text_of_a_v1_mismatch_ends_with_the_string_to_sign_after_a_colon() {
        // Python's core splits the text at colons and dies without one; Go's and Java's compare what follows the last words
        // (docs/evidence/gateway.md 6.2).
        for known in [gateway::SIGNATURE_MISMATCH, gateway::INCOMPLETE_SIGNATURE] {
            assert!(known.message.ends_with("server string to sign is:{}"), "{known:?}");
        }
    }
}
