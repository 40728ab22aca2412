//! SAML 2.0 responses: what an identity provider says of somebody, believed as far as its signature reaches.
//!
//! [`verify`] is the one way to an [`Assertion`]; every part of it was read from the element that the signature covers.
//!
//! Source: SAML 2.0 Core (saml-core-2.0-os), SAML 2.0 Profiles section 4.1, docs/evidence/sts.md section 4.

mod assertion;
mod metadata;

pub use assertion::Assertion;
pub use metadata::Metadata;

use crate::federation::dom::{Document, ElementId};
use crate::federation::xmldsig::{self, DSIG};

/// Namespace of assertions.
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Namespace of responses.
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The status of a response that holds an assertion.
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// Why a response is not believed, in the order of the checks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseFlaw {
    /// Not base64, or not UTF-8 within.
    #[error("the response is not base64 of UTF-8")]
    Encoding,
    /// Not XML, or XML with what is not taken: document types, entities, deep nesting.
    #[error("the response is not XML that is taken: {0}")]
    Xml(String),
    /// Another document than a SAML 2.0 response.
    #[error("the document is not a SAML 2.0 response")]
    NotAResponse,
    /// The provider says that it did not succeed.
    #[error("the status of the response is `{0}`")]
    Status(String),
    /// A part is encrypted; no key to open it was ever agreed upon.
    #[error("the response holds {0}, which cannot be read")]
    Encrypted(String),
    /// Neither the response nor the assertion is signed.
    #[error("neither the response nor its assertion is signed")]
    Unsigned,
    /// A signature does not hold, or does not cover what it seems to cover.
    #[error("{0}")]
    Signature(String),
    /// Another provider made it than the one of the metadata.
    #[error("the issuer is `{0}`, not the one of the metadata")]
    Issuer(String),
    /// The assertion lacks what it must hold, or holds what it must not.
    #[error("{0}")]
    Content(String),
}

/// Reads a response, base64 of its XML, and checks it against what its provider published: form, signatures, issuer.
/// Times, recipient, audience and roles are in the result for the caller to judge.
///
/// The response or its one assertion is signed, or both; every signature there is must hold.
///
/// Source: docs/evidence/sts.md section 4; SAML 2.0 Core, section 5.
pub fn verify(base64: &str, metadata: &Metadata) -> Result<Assertion, ResponseFlaw> {
    let bytes = xmldsig::from_base64(base64).ok_or(ResponseFlaw::Encoding)?;
    let xml = String::from_utf8(bytes).map_err(|_| ResponseFlaw::Encoding)?;
    let document = Document::parse(&xml).map_err(ResponseFlaw::Xml)?;
    let response = Document::ROOT;
    let is_response = document.is(response, PROTOCOL, "Response");
    if !is_response || document.attribute(response, "Version") != Some("2.0") {
        return Err(ResponseFlaw::NotAResponse);
    }
    check_status(&document, response)?;
    let assertion = only_assertion(&document, response)?;
    let signed = signed_elements(&document, response, assertion, metadata)?;
    // Invariant: from here on the document is read below `assertion` alone, and a signature covers that.
    if !signed.contains(&assertion) && !signed.contains(&response) {
        return Err(ResponseFlaw::Unsigned);
    }

    let issuers = document.named(response, ASSERTION, "Issuer");
    for issuer in issuers.into_iter().chain(document.named(assertion, ASSERTION, "Issuer")) {
        let issuer = document.text(issuer).unwrap_or_default();
        if issuer != metadata.entity_id {
            return Err(ResponseFlaw::Issuer(issuer));
        }
    }
    assertion::read(&document, assertion).map_err(ResponseFlaw::Content)
}

fn check_status(document: &Document, response: ElementId) -> Result<(), ResponseFlaw> {
    let status = document.named(response, PROTOCOL, "Status");
    let code = status.first().and_then(|status| document.named(*status, PROTOCOL, "StatusCode").pop());
    match code.and_then(|code| document.attribute(code, "Value")) {
        Some(SUCCESS) => Ok(()),
        other => Err(ResponseFlaw::Status(other.unwrap_or("").to_owned())),
    }
}

/// The assertion of the response. A second one, wherever it is, would let the reader take another than the signer.
fn only_assertion(document: &Document, response: ElementId) -> Result<ElementId, ResponseFlaw> {
    for name in ["EncryptedAssertion", "EncryptedID", "EncryptedAttribute"] {
        if !document.all(ASSERTION, name).is_empty() {
            return Err(ResponseFlaw::Encrypted(name.to_owned()));
        }
    }
    match document.all(ASSERTION, "Assertion")[..] {
        [only] if document[only].parent == Some(response) => Ok(only),
        [_] => Err(ResponseFlaw::Content("the assertion is not where the response has it".to_owned())),
        [] => Err(ResponseFlaw::Content("the response holds no assertion".to_owned())),
        _ => Err(ResponseFlaw::Content("the response holds more than one assertion".to_owned())),
    }
}

/// The elements that signatures cover: the response, the assertion, or both.
fn signed_elements(
    document: &Document,
    response: ElementId,
    assertion: ElementId,
    metadata: &Metadata,
) -> Result<Vec<ElementId>, ResponseFlaw> {
    let signatures = document.all(DSIG, "Signature");
    if signatures.is_empty() {
        return Err(ResponseFlaw::Unsigned);
    }
    let misplaced = || ResponseFlaw::Signature("a signature is not where SAML has signatures".to_owned());
    let mut signed = Vec::new();
    for signature in signatures {
        let parent = document[signature].parent.ok_or_else(misplaced)?;
        if (parent != response && parent != assertion) || signed.contains(&parent) {
            return Err(misplaced());
        }
        signed.push(xmldsig::verify(document, signature, &metadata.keys).map_err(ResponseFlaw::Signature)?);
    }
    Ok(signed)
}

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod tests;
