//! The envelope in which BssOpenApi, account-crm, AccountCenter and Agency answer: `Code`, `Message`, `Success` and the content.
//! What a rule of the business refuses comes in the same envelope, with HTTP 200: the gateway sees to that.
//! Source: docs/evidence/account.md 3.3 to 3.6.

use serde::Serialize;

/// An answer in its envelope.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Enveloped<T> {
    code: &'static str,
    message: &'static str,
    success: bool,
    #[serde(flatten)]
    content: T,
}

/// `{"Data": ...}`.
#[derive(Debug, Serialize)]
pub(crate) struct Data<T> {
    #[serde(rename = "Data")]
    pub(crate) data: T,
}

/// Nothing but the envelope.
#[derive(Debug, Serialize)]
pub(crate) struct Nothing {}

impl<T> Enveloped<T> {
    /// As account-crm, AccountCenter and Agency answer. `200` is documented for Agency alone (UNCERTAIN).
    pub(crate) const fn new(content: T) -> Self {
        Self { code: "200", message: "success", success: true, content }
    }

    /// As BssOpenApi answers. Source: docs/evidence/account.md 3.5.
    pub(crate) fn bss(content: T) -> Self {
        Self { code: "Success", message: "Successful!", success: true, content }
    }
}

impl<T> Enveloped<Data<T>> {
    /// As account-crm, AccountCenter and Agency answer, with `Data`.
    pub(crate) fn data(data: T) -> Self {
        Self::new(Data { data })
    }
}
