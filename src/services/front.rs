//! Front of a product: the part of the service that answers before the product itself. Most products share the API gateway's.

use crate::error::{ApiError, Known};

/// The errors of a front, as far as they differ from those of the API gateway. Data only: the steps are the same for all.
pub struct Front {
    /// An error of the gateway, and the error of this front. The text in place of `{}` is kept.
    pub words: &'static [(&'static Known, &'static Known)],
    /// Error for a missing parameter that every call needs; `None` for `Missing<Name>`.
    pub missing: Option<&'static Known>,
    /// True to reject a token that nobody issued before the key is looked up.
    pub token_first: bool,
    /// Error for a bearer token that nobody issued, if it is a special one.
    pub bearer: Option<&'static Known>,
    /// True if scenarios can issue bearer tokens for the product.
    pub takes_bearer: bool,
    /// Parameters that must name the account of the caller, and their errors.
    pub owners: &'static [(&'static str, &'static Known)],
}

impl Front {
    /// The front of most products.
    pub const GATEWAY: Self =
        Self { words: &[], missing: None, token_first: false, bearer: None, takes_bearer: true, owners: &[] };

    /// Returns an error of the gateway in the words of this front.
    pub fn worded(&self, error: ApiError) -> ApiError {
        let own = self.words.iter().find_map(|(of_gateway, own)| Some((own, of_gateway.value_of(&error)?)));
        let missing = || {
            let name = error.message.strip_suffix(" is mandatory for this action.")?;
            (error.code.strip_prefix("Missing") == Some(name)).then_some((self.missing.as_ref()?, name))
        };
        let Some((own, value)) = own.or_else(missing) else { return error };
        let ApiError { status, code, message, .. } = own.about(value);
        ApiError { status, code, message, ..error }
    }
}
