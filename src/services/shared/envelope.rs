//! Response envelope of BssOpenApi, account-crm, AccountCenter and Agency: `Code`, `Message`, `Success` and the content.
//! Business errors use the same envelope, with HTTP 200; the gateway creates it.
//! Source: docs/evidence/account.md 3.3 to 3.6.

use crate::attributes::{apply, reply};
use serde::Serialize;

/// A response in its envelope.
#[apply(reply)]
pub(crate) struct Enveloped<T> {
    code: &'static str,
    message: &'static str,
    success: bool,
    #[serde(flatten)]
    content: T,
}

/// `{"Data": ...}`.
#[apply(reply)]
pub(crate) struct Data<T> {
    pub(crate) data: T,
}

/// An empty content.
#[derive(Debug, Serialize)]
pub(crate) struct Nothing {}

impl<T> Enveloped<T> {
    /// Envelope of account-crm, AccountCenter and Agency. `200` is documented for Agency only (UNCERTAIN).
    pub(crate) const fn new(content: T) -> Self {
        Self { code: "200", message: "success", success: true, content }
    }

    /// Envelope of BssOpenApi. Source: docs/evidence/account.md 3.5.
    pub(crate) fn bss(content: T) -> Self {
        Self { code: "Success", message: "Successful!", success: true, content }
    }
}

impl<T> Enveloped<Data<T>> {
    /// Envelope of account-crm, AccountCenter and Agency, with `Data`.
    pub(crate) fn data(data: T) -> Self {
        Self::new(Data { data })
    }
}
