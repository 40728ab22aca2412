//! Enveloped XML signatures in the form that SAML uses: one reference, to the element that contains the signature.
//!
//! Other forms of XML signatures (several references, objects, other transforms) are rejected. A key inside the signature is ignored.
//!
//! Source: W3C XML Signature Syntax and Processing 1.1; SAML 2.0 Core, section 5.4.

use crate::federation::c14n::{EXCLUSIVE, Exclusive};
use crate::federation::dom::{Document, ElementId};
use crate::federation::public_key::{Hash, PublicKey, Scheme};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Namespace of signatures.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Transform that removes the signature from the signed element.
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Checks the signature element `signature`. Returns the signed element, which contains the signature.
pub(crate) fn verify(
    document: &Document,
    signature: ElementId,
    keys: &[PublicKey],
) -> Result<ElementId, String> {
    let children: Vec<_> = document.children(signature).collect();
    let [info, value, ..] = children[..] else { return Err("the signature is incomplete".to_owned()) };
    let is_known = match children[2..] {
        [] => true,
        [key_info] => document.is(key_info, DSIG, "KeyInfo"),
        _ => false,
    };
    if !document.is(info, DSIG, "SignedInfo") || !document.is(value, DSIG, "SignatureValue") || !is_known {
        return Err("the signature holds more than SignedInfo, SignatureValue and KeyInfo".to_owned());
    }
    let [method, algorithm, reference] =
        exactly(document, info, ["CanonicalizationMethod", "SignatureMethod", "Reference"])?;

    let signed = document[signature].parent.ok_or("the signature is not inside an element")?;
    check_target(document, reference, signed)?;

    let name = named(document, algorithm)?;
    let scheme = scheme(name).ok_or_else(|| format!("the signature method `{name}` is not supported"))?;
    let text = canonicalization(document, method)?.render(document, info, None);
    let bytes = decoded(document, value)?;
    if !keys.iter().any(|key| key.verifies(scheme, text.as_bytes(), &bytes)) {
        return Err("the signature matches no key of the metadata".to_owned());
    }

    check_digest(document, reference, signed, signature)?;
    Ok(signed)
}

/// Checks that the reference points to `signed` and to no other element.
///
/// Source: SAML 2.0 Core, section 5.4.2.
fn check_target(document: &Document, reference: ElementId, signed: ElementId) -> Result<(), String> {
    let uri = document.attribute(reference, "URI").unwrap_or("");
    let id = uri.strip_prefix('#').filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| format!("the reference is to `{uri}`, not to an ID"))?;
    if document.attribute(signed, "ID") != Some(id) {
        return Err(format!(
            "the reference `{uri}` does not point to the element that contains the signature"
        ));
    }
    // Other software may use another attribute as the ID. So no other attribute may have the same value.
    let named = document.ids().flat_map(|at| &document[at].attributes);
    let named =
        named.filter(|(name, value)| name.local.eq_ignore_ascii_case("id") && value.trim() == id.trim());
    if named.count() != 1 {
        return Err(format!("more than one element has the ID `{id}`"));
    }
    Ok(())
}

fn check_digest(
    document: &Document,
    reference: ElementId,
    signed: ElementId,
    signature: ElementId,
) -> Result<(), String> {
    let [transforms, method, value] =
        exactly(document, reference, ["Transforms", "DigestMethod", "DigestValue"])?;
    let [enveloped, exclusive] = exactly(document, transforms, ["Transform", "Transform"])?;
    if document.attribute(enveloped, "Algorithm") != Some(ENVELOPED) {
        return Err("the first transform is not `enveloped-signature`".to_owned());
    }
    // A reference by ID excludes comments, whatever the transform says: XML Signature, section 4.4.3.3.
    let canonical = Exclusive { comments: false, ..canonicalization(document, exclusive)? };
    let text = canonical.render(document, signed, Some(signature));

    let name = named(document, method)?;
    let hash = hash(name).ok_or_else(|| format!("the digest method `{name}` is not supported"))?;
    if hash.digest(text.as_bytes()).as_ref() != decoded(document, value)? {
        return Err("the signed content was changed: the digest does not match".to_owned());
    }
    Ok(())
}

/// Child elements of an element, which must be exactly these.
fn exactly<const N: usize>(
    document: &Document,
    id: ElementId,
    names: [&str; N],
) -> Result<[ElementId; N], String> {
    let children: Vec<_> = document.children(id).collect();
    let found = <[ElementId; N]>::try_from(children).ok();
    found
        .filter(|found| found.iter().zip(names).all(|(child, name)| document.is(*child, DSIG, name)))
        .ok_or_else(|| format!("{} does not hold exactly {}", document[id].name.local, names.join(", ")))
}

fn named(document: &Document, method: ElementId) -> Result<&str, String> {
    document
        .attribute(method, "Algorithm")
        .ok_or_else(|| format!("{} names no algorithm", document[method].name.local))
}

fn decoded(document: &Document, id: ElementId) -> Result<Vec<u8>, String> {
    let name = &document[id].name.local;
    let text = document.text(id).ok_or_else(|| format!("{name} holds elements"))?;
    from_base64(&text).ok_or_else(|| format!("{name} is not base64"))
}

/// Decodes base64 as XML allows it, with white space anywhere.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(text).ok()
}

fn canonicalization(document: &Document, method: ElementId) -> Result<Exclusive, String> {
    let name = named(document, method)?;
    let comments = match name.strip_prefix(EXCLUSIVE) {
        Some("") => false,
        Some("WithComments") => true,
        _ => return Err(format!("`{name}` is not exclusive canonicalization")),
    };
    let mut inclusive = std::collections::BTreeSet::new();
    for child in document.children(method) {
        if !document.is(child, EXCLUSIVE, "InclusiveNamespaces") {
            return Err("a canonicalization has parameters that are not known".to_owned());
        }
        let listed = document.attribute(child, "PrefixList").unwrap_or("").split_ascii_whitespace();
        inclusive.extend(listed.map(|prefix| if prefix == "#default" { "" } else { prefix }.to_owned()));
    }
    Ok(Exclusive { comments, inclusive })
}

/// Signature scheme of an algorithm URI. Source: W3C XML Signature 1.1, section 6.4; RFC 9231, section 2.3.
fn scheme(name: &str) -> Option<Scheme> {
    Some(match name {
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1" => Scheme::Pkcs1(Hash::Sha1),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => Scheme::Pkcs1(Hash::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => Scheme::Pkcs1(Hash::Sha384),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Scheme::Pkcs1(Hash::Sha512),
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => Scheme::Ecdsa(Hash::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => Scheme::Ecdsa(Hash::Sha384),
        _ => return None,
    })
}

/// Hash of an algorithm URI. Source: W3C XML Signature 1.1, section 6.2; RFC 9231, section 2.1.
fn hash(name: &str) -> Option<Hash> {
    Some(match name {
        "http://www.w3.org/2000/09/xmldsig#sha1" => Hash::Sha1,
        "http://www.w3.org/2001/04/xmlenc#sha256" => Hash::Sha256,
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Hash::Sha384,
        "http://www.w3.org/2001/04/xmlenc#sha512" => Hash::Sha512,
        _ => return None,
    })
}
