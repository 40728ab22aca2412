//! SAML 2.0 responses: verifies the signature and reads the signed assertion.
//!
//! [`verify`] is the only source of an [`Assertion`]. Each part of it comes from an element that the signature covers.
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
/// Status of a successful response.
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// Reason why a response is rejected, in the order of the checks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseFlaw {
    /// The response is not base64, or the content is not UTF-8.
    #[error("the response is not UTF-8 text in base64")]
    Encoding,
    /// The content is not XML, or it uses unsupported features: document types, entities, deep nesting.
    #[error("the response is not valid XML: {0}")]
    Xml(String),
    /// The document is not a SAML 2.0 response.
    #[error("the document is not a SAML 2.0 response")]
    NotAResponse,
    /// The provider reports a failure.
    #[error("the status of the response is `{0}`")]
    Status(String),
    /// A part is encrypted. The service has no key to decrypt it.
    #[error("the response contains {0}, which is encrypted")]
    Encrypted(String),
    /// Neither the response nor the assertion is signed.
    #[error("neither the response nor its assertion is signed")]
    Unsigned,
    /// A signature is invalid, or does not cover the expected element.
    #[error("{0}")]
    Signature(String),
    /// The issuer differs from the metadata.
    #[error("the issuer `{0}` differs from the entityID of the metadata")]
    Issuer(String),
    /// The assertion lacks a required part, or contains a forbidden one.
    #[error("{0}")]
    Content(String),
}

/// Decodes a response (base64 of XML) and checks form, signatures and issuer against the metadata of its provider. The caller checks
/// times, recipient, audience and roles, which are in the result.
///
/// The response, its only assertion, or both must be signed. All signatures must be valid.
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
    // Invariant: from here on, only the content of `assertion` is read, and a signature covers it.
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

/// The only assertion of the response. With a second one anywhere, the reader could use another one than the signer.
fn only_assertion(document: &Document, response: ElementId) -> Result<ElementId, ResponseFlaw> {
    for name in ["EncryptedAssertion", "EncryptedID", "EncryptedAttribute"] {
        if !document.all(ASSERTION, name).is_empty() {
            return Err(ResponseFlaw::Encrypted(name.to_owned()));
        }
    }
    match document.all(ASSERTION, "Assertion")[..] {
        [only] if document[only].parent == Some(response) => Ok(only),
        [_] => Err(ResponseFlaw::Content("the assertion is not a child of the response".to_owned())),
        [] => Err(ResponseFlaw::Content("the response contains no assertion".to_owned())),
        _ => Err(ResponseFlaw::Content("the response contains more than one assertion".to_owned())),
    }
}

/// Elements that signatures cover: the response, the assertion, or both.
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
    let misplaced = || ResponseFlaw::Signature("a signature is not at a place that SAML allows".to_owned());
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
