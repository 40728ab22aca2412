//! The envelope in which BssOpenApi, account-crm, AccountCenter and Agency answer: `Code`, `Message`, `Success` and the content.
//! What a rule of the business refuses comes in the same envelope, with HTTP 200: the gateway sees to that.
//! Source: docs/evidence/account.md 3.3 to 3.6.

use serde::Serialize;

/// An answer in its envelope.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Enveloped<T> {
    code: &'static str,
    message: &'static str,
    success: bool,
    #[serde(flatten)]
    content: T,
}

/// `{"Data": ...}`.
#[derive(Debug, Serialize)]
pub(super) struct Data<T> {
    #[serde(rename = "Data")]
    pub(super) data: T,
}

/// Nothing but the envelope.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

impl<T> Enveloped<T> {
    /// As account-crm, AccountCenter and Agency answer. `200` is documented for Agency alone (UNCERTAIN).
    pub(super) const fn new(content: T) -> Self {
        Self { code: "200", message: "success", success: true, content }
    }

    /// As BssOpenApi answers. Source: docs/evidence/account.md 3.5.
    pub(super) fn bss(content: T) -> Self {
        Self { code: "Success", message: "Successful!", success: true, content }
    }
}

impl<T> Enveloped<Data<T>> {
    /// As account-crm, AccountCenter and Agency answer, with `Data`.
    pub(super) fn data(data: T) -> Self {
        Self::new(Data { data })
    }
}
