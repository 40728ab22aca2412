use super::*;
use crate::federation::issuer::{self, Key};
use crate::text::{Scalar, Timestamp};
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Made by signxml and lxml, by the name of their layout: tests/data/federation/make.py.
pub(super) fn fixtures() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("../../../tests/data/federation/responses.json")).unwrap()
}

pub(super) fn fixture(name: &str) -> String {
    fixtures().remove(name).unwrap()
}

pub(super) fn metadata() -> Metadata {
    Metadata::parse(include_str!("../../../tests/data/federation/metadata.xml")).unwrap()
}

pub(super) fn check(xml: &str) -> Result<Assertion, ResponseFlaw> {
    verify(&STANDARD.encode(xml), &metadata())
}

#[track_caller]
pub(super) fn refused(xml: &str) -> String {
    check(xml).unwrap_err().to_string()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A valid response whose content `change` changed before signing.
fn minted(change: impl Fn(&str) -> String) -> Result<Assertion, ResponseFlaw> {
    let entity = "https://idp.example/metadata";
    let fields = issuer::ResponseFields {
        issuer: entity,
        audience: "urn:alibaba:cloudcomputing",
        recipient: "https://signin.aliyun.com/saml-role/sso",
        subject: "alice",
        role_arn: "acs:ram::1:role/reader",
        provider_arn: "acs:ram::1:saml-provider/idp",
        session_name: "alice",
        source_identity: None,
        issued: at("2026-11-22T08:00:00Z"),
        not_before: at("2026-11-22T07:55:00Z"),
        not_on_or_after: at("2026-11-22T08:05:00Z"),
    };
    let response = issuer::signed_response(&fields, Key::Published, change);
    verify(&response, &Metadata::parse(&issuer::saml_metadata(entity)).unwrap())
}

#[track_caller]
fn content(change: impl Fn(&str) -> String) -> String {
    match minted(change).unwrap_err() {
        ResponseFlaw::Content(why) => why,
        other => panic!("{other}"),
    }
}

#[test]
fn every_layout_that_signxml_made_is_taken() {
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), 16);
    for (name, xml) in fixtures {
        let said = check(&xml).unwrap_or_else(|flaw| panic!("{name}: {flaw}"));

        assert_eq!(said.issuer, "https://idp.example/metadata");
        assert_eq!(said.subject, "alice & bob", "{name}");
        assert_eq!(said.subject_format, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
        assert_eq!(said.recipient, "https://signin.aliyun.com/saml-role/sso");
        assert_eq!(said.audiences, ["urn:alibaba:cloudcomputing"]);
        assert_eq!(said.issued, at("2026-11-22T08:00:00.123Z"));
        assert_eq!(said.not_before, Some(at("2026-11-22T07:55:00Z")));
        assert_eq!(said.not_on_or_after, Some(at("2026-11-22T09:00:00Z")));
        assert_eq!(said.subject_not_on_or_after, at("2026-11-22T08:05:00Z"));
        let provider = "acs:ram::1234567890123456:saml-provider/idp".to_owned();
        assert_eq!(
            said.roles,
            ["reader", "writer"]
                .map(|role| (format!("acs:ram::1234567890123456:role/{role}"), provider.clone()))
        );
        assert_eq!(said.session_names, ["alice"]);
        assert_eq!(said.source_identity, None);
    }
}

#[test]
fn what_is_no_response_is_said() {
    let good = fixture("signed assertion");
    let other = |xml: &str| verify(xml, &metadata()).unwrap_err();

    assert_eq!(other("no base64!"), ResponseFlaw::Encoding);
    assert_eq!(other(&STANDARD.encode([0xff])), ResponseFlaw::Encoding);
    assert_eq!(other(""), ResponseFlaw::Xml("there is no root element".to_owned()));
    assert_eq!(check("<a/>").unwrap_err(), ResponseFlaw::NotAResponse);
    assert_eq!(
        check(&good.replacen("Version=\"2.0\"", "Version=\"1.1\"", 1)).unwrap_err(),
        ResponseFlaw::NotAResponse
    );
    let denied = "urn:oasis:names:tc:SAML:2.0:status:Requester";
    let failed = good.replace("urn:oasis:names:tc:SAML:2.0:status:Success", denied);
    assert_eq!(check(&failed).unwrap_err(), ResponseFlaw::Status(denied.to_owned()));
}

#[test]
fn base64_may_be_broken_into_lines() {
    let encoded = STANDARD.encode(fixture("signed assertion"));
    let lines: Vec<_> = encoded.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();

    assert!(verify(&lines.join("\r\n"), &metadata()).is_ok());
}

#[test]
fn a_response_without_any_signature_is_refused() {
    let xml = fixture("signed assertion");
    let (before, rest) = xml.split_once("<ds:Signature").unwrap();
    let (_, after) = rest.split_once("</ds:Signature>").unwrap();

    assert_eq!(check(&format!("{before}{after}")).unwrap_err(), ResponseFlaw::Unsigned);
}

#[test]
fn encrypted_parts_are_refused_by_name() {
    let xml = fixture("signed assertion").replace("saml:Assertion", "saml:EncryptedAssertion");

    assert_eq!(check(&xml).unwrap_err(), ResponseFlaw::Encrypted("EncryptedAssertion".to_owned()));
}

#[test]
fn another_issuer_than_the_one_of_the_metadata_is_refused() {
    let mut other = metadata();
    other.entity_id = "https://other.example".to_owned();

    let flaw = verify(&STANDARD.encode(fixture("signed assertion")), &other).unwrap_err();

    assert_eq!(flaw, ResponseFlaw::Issuer("https://idp.example/metadata".to_owned()));
}

#[test]
fn no_changed_byte_makes_a_response_say_something_else() {
    let (xml, metadata) = (fixture("signed assertion"), metadata());
    let good = check(&xml).unwrap();
    for at in xml.find("<saml:Assertion").unwrap()..xml.find("</samlp:Response>").unwrap() {
        for change in [0x01, 0x04, 0x20] {
            let mut bytes = xml.clone().into_bytes();
            bytes[at] ^= change;
            // The certificate in the signature and the white space between attributes are not signed.
            if let Ok(said) = verify(&STANDARD.encode(&bytes), &metadata) {
                assert_eq!(said, good, "byte {at}");
            }
        }
    }
}

#[test]
fn every_byte_of_the_signed_part_is_signed() {
    let metadata = metadata();
    for name in ["signed assertion", "signed response", "inclusive prefixes"] {
        let xml = fixture(name);
        let said = xml.find("<saml:Subject>").unwrap()..xml.find("</saml:AttributeStatement>").unwrap();
        // A declaration that no name uses, or that repeats an outer one, is not part of the canonical text.
        let declared = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";
        let from = xml.rfind(declared).unwrap();
        let unsigned = from..from + declared.len();
        for at in said.filter(|at| !unsigned.contains(at)) {
            let mut bytes = xml.clone().into_bytes();
            bytes[at] ^= 1;
            assert!(verify(&STANDARD.encode(&bytes), &metadata).is_err(), "{name}: {}", &xml[at - 20..=at]);
        }
    }
}

#[test]
fn a_declaration_is_signed_when_the_signature_lists_its_prefix() {
    let changed = |name| fixture(name).replace("xmlns:unused=\"u:unused\"", "xmlns:unused=\"u:other\"");

    assert!(changed("inclusive prefixes").contains("u:other"));
    assert!(refused(&changed("inclusive prefixes")).contains("no key of the metadata"));
    assert!(check(&changed("inclusive default")).is_ok());
}

#[test]
fn documents_with_a_type_of_their_own_are_refused() {
    let xml = fixture("signed assertion");

    assert!(
        refused(&format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{xml}")).contains("document types are not supported")
    );
}

#[test]
fn a_hundred_thousand_levels_do_not_overflow_the_stack() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));

    assert!(refused(&deep).contains("nested deeper"));
    assert!(Metadata::parse(&deep).is_err());
}

#[test]
fn what_an_assertion_lacks_is_said() {
    let without = |part: &'static str| content(move |xml| xml.replace(part, ""));

    assert_eq!(
        without(" Recipient=\"https://signin.aliyun.com/saml-role/sso\""),
        "SubjectConfirmationData has no Recipient"
    );
    assert_eq!(without(" IssueInstant=\"2026-11-22T08:00:00Z\""), "the assertion has no IssueInstant");
    assert_eq!(without("Version=\"2.0\""), "the assertion does not have version 2.0");
    assert_eq!(
        without("urn:oasis:names:tc:SAML:2.0:cm:bearer"),
        "the subject needs one bearer confirmation, but has 0"
    );
    assert_eq!(without("<saml:Issuer>https://idp.example/metadata</saml:Issuer>"), "Assertion has no Issuer");
    assert_eq!(content(|xml| xml.replace("saml:NameID", "saml:BaseID")), "Subject has no NameID");
    assert_eq!(
        content(|xml| xml.replace("2026-11-22T07:55:00Z", "yesterday")),
        "NotBefore is not a time: `yesterday`"
    );
    assert_eq!(
        content(|xml| xml.replace("saml-provider/idp<", "saml-provider/idp,more<")),
        "a value of Role must be two ARNs separated by a comma: `acs:ram::1:role/reader,acs:ram::1:saml-provider/idp,more`"
    );
    assert_eq!(
        content(|xml| xml.replace("saml:AudienceRestriction", "saml:Weather")),
        "the condition Weather is not supported"
    );
    let twice = "</saml:AudienceRestriction><saml:AudienceRestriction></saml:AudienceRestriction>";
    assert_eq!(
        content(|xml| xml.replace("</saml:AudienceRestriction>", twice)),
        "Conditions has more than one AudienceRestriction"
    );
}

#[test]
fn values_of_an_attribute_that_comes_twice_are_all_kept() {
    let more = "<saml:Attribute Name=\"https://www.aliyun.com/SAML-Role/Attributes/RoleSessionName\">\
                <saml:AttributeValue> bob </saml:AttributeValue></saml:Attribute></saml:AttributeStatement>";

    let said = minted(|xml| xml.replace("</saml:AttributeStatement>", more)).unwrap();

    assert_eq!(said.session_names, ["alice", "bob"]);
}

#[test]
fn a_name_without_a_format_is_unspecified() {
    let format = " Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"";

    let said = minted(|xml| xml.replace(format, "")).unwrap();

    assert_eq!(said.subject_format, "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified");
}

/// XML fragments in any order.
const SCRAPS: &str = concat!(
    "(<[a-z:]{1,3}( x(mlns)?(:p)?=\"[a-z&;]{0,4}\")?/?>|</[a-z]>|<!--|-->|",
    "<!\\[CDATA\\[|]]>|<\\?|&#?[a-z0-9]{1,3};|.){0,20}"
);

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), xml in SCRAPS) {
        let metadata = metadata();
        let _ = verify(&text, &metadata);
        let _ = verify(&STANDARD.encode(&text), &metadata);
        let _ = verify(&STANDARD.encode(&xml), &metadata);
        let _ = Metadata::parse(&text);
        let _ = Metadata::parse(&xml);
    }

    #[test]
    fn no_damage_to_a_response_makes_the_reader_panic(
        at in any::<prop::sample::Index>(),
        len in 0_usize..40,
        with in any::<String>(),
    ) {
        let xml = fixture("both signed");
        let from = at.index(xml.len());
        let to = (from + len).min(xml.len());
        let damaged = format!("{}{with}{}", &xml[..from], &xml[to..]);

        if let Ok(said) = check(&damaged) {
            prop_assert_eq!(said, check(&xml).unwrap());
        }
    }
}
