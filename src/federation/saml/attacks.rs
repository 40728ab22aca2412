//! Signature wrapping: a valid signature over an element that is not read, next to an element that is not signed.
//!
//! Source: Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012), figure 4, and the
//! numbers XSW1 to XSW8 that test tools have given to its shapes.

use super::tests::{check, fixture, refused};
use crate::federation::saml::ResponseFlaw;

/// A document in parts that attacks can rearrange.
struct Parts {
    /// The signed element without its signature.
    original: String,
    signature: String,
    /// The signed element, unchanged.
    signed: String,
}

/// Finds the element `name` in `xml` and its first signature.
fn parts(xml: &str, name: &str) -> Parts {
    let end = format!("</{name}>");
    let from = xml.find(&format!("<{name} ")).unwrap();
    let to = xml.rfind(&end).unwrap() + end.len();
    let signed = xml[from..to].to_owned();
    let (before, rest) = signed.split_once("<ds:Signature ").unwrap();
    let (inner, after) = rest.split_once("</ds:Signature>").unwrap();
    Parts {
        original: format!("{before}{after}"),
        signature: format!("<ds:Signature {inner}</ds:Signature>"),
        signed: signed.clone(),
    }
}

/// The same element with another ID and another subject.
fn evil(element: &str) -> String {
    element
        .replace("ID=\"_response\"", "ID=\"_evil_response\"")
        .replace("ID=\"_assertion\"", "ID=\"_evil\"")
        .replace("alice &amp; bob", "admin")
}

/// Inserts `part` before the end tag of `element`.
fn inside(element: &str, part: &str) -> String {
    let at = element.rfind("</").unwrap();
    format!("{}{part}{}", &element[..at], &element[at..])
}

/// Inserts `part` after the issuer, the place of a signature in SAML.
fn after_issuer(element: &str, part: &str) -> String {
    let at = element.find("Issuer>").unwrap();
    let at = at + element[at + 1..].find("Issuer>").unwrap() + 1 + "Issuer>".len();
    format!("{}{part}{}", &element[..at], &element[at..])
}

fn object(signature: &str, part: &str) -> String {
    inside(signature, &format!("<ds:Object>{part}</ds:Object>"))
}

fn response_around(assertions: &str) -> String {
    let xml = fixture("signed assertion");
    let from = xml.find("<saml:Assertion ").unwrap();
    let to = xml.find("</samlp:Response>").unwrap();
    format!("{}{assertions}{}", &xml[..from], &xml[to..])
}

#[track_caller]
fn wrapped(xml: &str) {
    let flaw = check(xml).unwrap_err();
    let is_about_form = matches!(flaw, ResponseFlaw::Content(_) | ResponseFlaw::Signature(_));
    assert!(is_about_form, "the attack is not well formed: {flaw}");
}

#[test]
fn the_parts_put_together_again_are_taken() {
    let Parts { original, signature, signed } = parts(&fixture("signed assertion"), "saml:Assertion");

    assert!(check(&response_around(&signed)).is_ok());
    assert!(check(&response_around(&after_issuer(&original, &signature))).is_ok());
    assert_eq!(evil(&original).matches("admin").count(), 1);
}

#[test]
fn xsw1_a_signed_response_in_the_signature_of_another() {
    let Parts { original, signature, .. } = parts(&fixture("signed response"), "samlp:Response");

    wrapped(&after_issuer(&evil(&original), &object(&signature, &original)));
}

#[test]
fn xsw2_a_signed_response_beside_its_signature_in_another() {
    let Parts { original, signature, signed } = parts(&fixture("signed response"), "samlp:Response");

    wrapped(&after_issuer(&evil(&original), &format!("{original}{signature}")));
    wrapped(&inside(&evil(&original), &signed));
    let status = "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>";
    wrapped(&format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_w\" Version=\"2.0\">{status}{}{signed}\
         </samlp:Response>",
        evil(&original)
    ));
}

#[test]
fn xsw3_an_assertion_before_the_signed_one() {
    let Parts { original, signed, .. } = parts(&fixture("signed assertion"), "saml:Assertion");

    wrapped(&response_around(&format!("{}{signed}", evil(&original))));
    wrapped(&response_around(&format!("{signed}{}", evil(&original))));
}

#[test]
fn xsw4_an_assertion_around_the_signed_one() {
    let Parts { original, signed, .. } = parts(&fixture("signed assertion"), "saml:Assertion");

    wrapped(&response_around(&inside(&evil(&original), &signed)));
}

#[test]
fn xsw5_the_signature_in_a_changed_assertion_with_the_signed_one_at_the_end() {
    let Parts { original, signature, .. } = parts(&fixture("signed assertion"), "saml:Assertion");

    wrapped(&response_around(&format!("{}{original}", after_issuer(&evil(&original), &signature))));
}

#[test]
fn xsw6_the_signed_assertion_in_the_signature_of_a_changed_one() {
    let Parts { original, signature, .. } = parts(&fixture("signed assertion"), "saml:Assertion");

    wrapped(&response_around(&after_issuer(&evil(&original), &inside(&signature, &original))));
}

#[test]
fn xsw7_the_signed_assertion_in_an_extension() {
    let Parts { original, signed, .. } = parts(&fixture("signed assertion"), "saml:Assertion");
    let extension = format!("<samlp:Extensions>{}</samlp:Extensions>", evil(&original));

    wrapped(&response_around(&format!("{extension}{signed}")));
    wrapped(&response_around(&format!("<samlp:Extensions>{signed}</samlp:Extensions>{}", evil(&original))));
}

#[test]
fn xsw8_the_signed_assertion_in_an_object_of_the_signature() {
    let Parts { original, signature, .. } = parts(&fixture("signed assertion"), "saml:Assertion");

    wrapped(&response_around(&after_issuer(&evil(&original), &object(&signature, &original))));
}

#[test]
fn the_same_shapes_with_the_same_id_twice_are_refused() {
    let Parts { original, signature, signed } = parts(&fixture("signed assertion"), "saml:Assertion");
    let twin = original.replace("alice &amp; bob", "admin");

    wrapped(&response_around(&format!("{twin}{signed}")));
    wrapped(&response_around(&after_issuer(&twin, &object(&signature, &original))));
}

#[test]
fn a_lone_changed_assertion_with_the_signature_of_another_is_refused() {
    let Parts { original, signature, .. } = parts(&fixture("signed assertion"), "saml:Assertion");
    let changed = original.replace("alice &amp; bob", "admin");

    assert!(
        refused(&response_around(&after_issuer(&changed, &signature))).contains("the digest does not match")
    );
    assert!(
        refused(&response_around(&after_issuer(&evil(&original), &signature)))
            .contains("does not point to the element that contains the signature")
    );
}

#[test]
fn the_signed_element_under_another_name_is_refused() {
    // An element of another kind has the signed content; the assertion next to it is empty.
    let Parts { original, signed, .. } = parts(&fixture("signed assertion"), "saml:Assertion");
    let disguised = signed.replace("saml:Assertion", "saml:Advice");

    wrapped(&response_around(&format!("{}{disguised}", evil(&original))));
}

#[test]
fn an_id_that_another_attribute_repeats_is_refused() {
    for attribute in ["Id", "id", "xml:id", "ID"] {
        let extension = format!("<samlp:Extensions {attribute}=\"_assertion\"/><saml:Assertion ");
        let xml = fixture("signed assertion").replacen("<saml:Assertion ", &extension, 1);
        assert!(refused(&xml).contains("more than one element has the ID `_assertion`"), "{attribute}");
    }
}

#[test]
fn references_to_the_whole_document_or_elsewhere_are_refused() {
    for uri in [
        "",
        "#",
        "#xpointer(/)",
        "#xpointer(id('_assertion'))",
        "https://evil.example/",
        "#_response",
        "_assertion",
    ] {
        let xml = fixture("signed assertion").replace("URI=\"#_assertion\"", &format!("URI=\"{uri}\""));
        let said = refused(&xml);
        assert!(
            said.contains("not to an ID") || said.contains("does not point to the element"),
            "{uri}: {said}"
        );
    }
}

#[test]
fn a_signature_that_holds_more_than_it_may_is_refused() {
    let good = fixture("signed assertion");
    for (part, more) in [
        ("</ds:Signature>", "<ds:Object/></ds:Signature>"),
        ("</ds:SignedInfo>", "<ds:Reference URI=\"#_response\"/></ds:SignedInfo>"),
        (
            "</ds:Transforms>",
            "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>",
        ),
        ("<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>"),
    ] {
        let said = refused(&good.replace(part, more));
        let is_refused =
            ["exactly", "more than", "no key of the metadata"].iter().any(|why| said.contains(why));
        assert!(is_refused, "{said}");
    }
}

#[test]
fn other_algorithms_are_refused_by_name() {
    let good = fixture("signed assertion");
    for (known, other) in [
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        ("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    ] {
        assert!(refused(&good.replace(known, other)).contains(other));
    }
}

#[test]
fn a_key_that_comes_with_the_signature_is_not_believed() {
    // The certificate in the signature has no effect, even a foreign or missing one.
    let good = fixture("signed assertion");
    let (before, rest) = good.split_once("<ds:KeyInfo>").unwrap();
    let (_, after) = rest.split_once("</ds:KeyInfo>").unwrap();

    assert!(check(&format!("{before}{after}")).is_ok());
    assert!(check(&format!("{before}<ds:KeyInfo>anything</ds:KeyInfo>{after}")).is_ok());
}

#[test]
fn a_comment_does_not_cut_a_name_short() {
    // CVE-2018-0489 and similar: a reader ended the text at a comment that the signature does not cover.
    let xml = fixture("signed assertion").replace("alice &amp; bob", "alice<!-- --> &amp; bob");

    assert_eq!(check(&xml).unwrap().subject, "alice & bob");
}

#[test]
fn a_second_signature_that_does_not_hold_spoils_a_good_one() {
    let xml = fixture("both signed").replacen("2026-11-22T08:00:00Z", "2026-11-22T08:00:01Z", 1);

    assert!(refused(&xml).contains("the digest does not match"));
}
