//! Built-in identity provider for tests without one. It publishes one key, and signs with that key or with another one.
//!
//! **Its private keys are in this repository and in every copy of the program. They protect nothing. Never register
//! them, its key set or its metadata with a real service.**
//!
//! The same input gives the same bytes: RSASSA-PKCS1-v1_5 uses no random numbers, and ids are hashes of the content.

use crate::federation::c14n::{EXCLUSIVE, Exclusive, escape_attribute, escape_text};
use crate::federation::dom::{self, Document};
use crate::federation::public_key::Hash;
use crate::text::Timestamp;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::{Engine, display::Base64Display};
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use std::sync::LazyLock;

/// `iss` of its tokens.
pub const ISSUER: &str = "https://issuer.alimock.internal";
/// Entity id of its SAML metadata.
pub const ENTITY: &str = "https://issuer.alimock.internal/saml";
/// Key id of the published key.
const KEY_ID: &str = "alimock-public-test-key";
/// A self-signed certificate of the published key, valid from 2020 to 2120.
const CERTIFICATE: &[u8] = include_bytes!("keys/published.cert.der");

// PUBLIC TEST KEYS, created once with openssl. Anyone can read them; they protect nothing.
static PUBLISHED: LazyLock<RsaKeyPair> = LazyLock::new(|| pair(include_bytes!("keys/published.pk8.der")));
static UNKNOWN: LazyLock<RsaKeyPair> = LazyLock::new(|| pair(include_bytes!("keys/unknown.pk8.der")));

/// Key that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The published key, which key set and metadata list.
    Published,
    /// A key that no document lists, for invalid tokens. Its tokens carry the id of the published key, as forged tokens would.
    Unknown,
}

/// Key set (JWKS) of the provider, with its published key.
///
/// Source: RFC 7517, section 5.
pub fn jwks() -> String {
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(PUBLISHED.public());
    let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
    format!(r#"{{"keys":[{{"kty":"RSA","use":"sig","alg":"RS256","kid":"{KEY_ID}","n":"{n}","e":"{e}"}}]}}"#)
}

/// SHA-1 thumbprint of its certificate, in lower-case hex digits.
pub fn fingerprint() -> String {
    Hash::Sha1.digest(CERTIFICATE).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Signs a token with these claims, using RS256. The claims are not checked, so invalid claims give an invalid token.
///
/// Source: RFC 7515, section 3.1; RFC 7519, section 3.1.
pub fn token(claims: &serde_json::Value, key: Key) -> String {
    let header = format!(r#"{{"alg":"RS256","kid":"{KEY_ID}","typ":"JWT"}}"#);
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(input.as_bytes()));
    format!("{input}.{signature}")
}

/// SAML metadata of a provider with this entity id and the certificate of the published key.
///
/// Source: SAML 2.0 Metadata, section 2.4.3.
pub fn saml_metadata(entity_id: &str) -> String {
    let entity_id = attribute(entity_id);
    let certificate = Base64Display::new(CERTIFICATE, &STANDARD);
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity_id}\">\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>\
         <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://alimock.invalid/sso\"></md:SingleSignOnService>\
         </md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

/// Content of a SAML response. Any text is accepted; characters that XML does not allow become U+FFFD.
///
/// Source: docs/evidence/sts.md section 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseFields<'a> {
    /// Entity id of the provider.
    pub issuer: &'a str,
    /// `Audience`: the service that may use the response.
    pub audience: &'a str,
    /// `Recipient`: the URL to which the response may be sent.
    pub recipient: &'a str,
    /// `NameID`, in the format `persistent`.
    pub subject: &'a str,
    /// ARN of the role to assume.
    pub role_arn: &'a str,
    /// ARN of the provider in the `Role` attribute.
    pub provider_arn: &'a str,
    /// `RoleSessionName`.
    pub session_name: &'a str,
    /// `SourceIdentity`.
    pub source_identity: Option<&'a str>,
    /// Time of issue.
    pub issued: Timestamp,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity, in the conditions and in the confirmation.
    pub not_on_or_after: Timestamp,
}

/// A response in base64. Its assertion is signed with rsa-sha256 over exclusive canonical XML.
///
/// Source: docs/evidence/sts.md section 4; SAML 2.0 Core, section 5.
pub fn saml_response(fields: &ResponseFields<'_>, key: Key) -> String {
    signed_response(fields, key, str::to_owned)
}

/// A response whose assertion was changed by `change` before signing. `change` gets both parts of the assertion.
pub(super) fn signed_response(
    fields: &ResponseFields<'_>,
    key: Key,
    change: impl Fn(&str) -> String,
) -> String {
    let id = hex_id(&format!("{fields:?}"));
    let (head, body) = assertion(fields, &id);
    let (head, body) = (change(&head), change(&body));
    let signature = signature(&id, &canonical(&format!("{head}{body}")), key);
    let response_id = hex_id(&id);
    let xml = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{response_id}\" Version=\"2.0\" \
         IssueInstant=\"{instant}\" Destination=\"{destination}\"><saml:Issuer>{issuer}</saml:Issuer>\
         <samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>\
         </samlp:Status>{head}{signature}{body}</samlp:Response>",
        instant = fields.issued,
        destination = attribute(fields.recipient),
        issuer = text(fields.issuer),
    );
    STANDARD.encode(xml)
}

/// Assertion in two parts: the signature goes between them, after the issuer. Written as text, because the layout is fixed and each value
/// is escaped by [`text`] or [`attribute`].
fn assertion(fields: &ResponseFields<'_>, id: &str) -> (String, String) {
    let ResponseFields { issued, not_before, not_on_or_after, .. } = *fields;
    let head = format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" IssueInstant=\"{issued}\" \
         Version=\"2.0\"><saml:Issuer>{issuer}</saml:Issuer>",
        issuer = text(fields.issuer),
    );
    let value = |name: &str, value: &str| {
        format!(
            "<saml:Attribute Name=\"https://www.aliyun.com/SAML-Role/Attributes/{name}\">\
             <saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute>",
            text(value)
        )
    };
    let attributes = [
        value("Role", &format!("{},{}", fields.role_arn, fields.provider_arn)),
        value("RoleSessionName", fields.session_name),
        fields.source_identity.map(|name| value("SourceIdentity", name)).unwrap_or_default(),
    ]
    .concat();
    let body = format!(
        "<saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">{subject}\
         </saml:NameID><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData NotOnOrAfter=\"{not_on_or_after}\" Recipient=\"{recipient}\">\
         </saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
         <saml:Conditions NotBefore=\"{not_before}\" NotOnOrAfter=\"{not_on_or_after}\"><saml:AudienceRestriction>\
         <saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"{issued}\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext>\
         </saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>",
        subject = text(fields.subject),
        recipient = attribute(fields.recipient),
        audience = text(fields.audience),
    );
    (head, body)
}

/// Signature element over the canonical text of the element `id`.
fn signature(id: &str, signed: &str, key: Key) -> String {
    let digest = STANDARD.encode(Hash::Sha256.digest(signed.as_bytes()));
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
         <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    let value = STANDARD.encode(key.sign(canonical(&info).as_bytes()));
    let certificate = Base64Display::new(CERTIFICATE, &STANDARD);
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}<ds:SignatureValue>{value}\
         </ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
}

/// Canonical text of a document.
fn canonical(xml: &str) -> String {
    let document = Document::parse(xml).expect("every text was escaped, and XML can hold it");
    Exclusive::default().render(&document, Document::ROOT, None)
}

/// SAML ID: a hash of the content that does not begin with a digit.
fn hex_id(content: &str) -> String {
    let digest = Hash::Sha256.digest(content.as_bytes());
    let hex: String = digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("_{hex}")
}

fn possible(text: &str) -> String {
    text.replace(|c| !dom::is_char(c), "\u{fffd}")
}

fn text(raw: &str) -> String {
    escape_text(&possible(raw))
}

fn attribute(raw: &str) -> String {
    escape_attribute(&possible(raw))
}

fn pair(pkcs8: &[u8]) -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(pkcs8).expect("the embedded keys were made by openssl and are tested")
}

impl Key {
    /// RSASSA-PKCS1-v1_5 signature of `message` with SHA-256.
    fn sign(self, message: &[u8]) -> Vec<u8> {
        let pair = match self {
            Self::Published => &*PUBLISHED,
            Self::Unknown => &*UNKNOWN,
        };
        let mut signature = vec![0; pair.public().modulus_len()];
        // The library requires random numbers for PSS; PKCS1 does not use them.
        let unused = ring::rand::SystemRandom::new();
        pair.sign(&RSA_PKCS1_SHA256, &unused, message, &mut signature)
            .expect("the buffer is as long as the modulus");
        signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::federation::jwt::{KeySet, Token};
    use crate::federation::saml::{self, Metadata, ResponseFlaw};
    use crate::text::Scalar;
    use proptest::prelude::*;
    use serde_json::json;

    fn fields() -> ResponseFields<'static> {
        ResponseFields {
            issuer: "https://idp.example/metadata",
            audience: "urn:alibaba:cloudcomputing",
            recipient: "https://signin.aliyun.com/saml-role/sso",
            subject: "alice",
            role_arn: "acs:ram::1234567890123456:role/reader",
            provider_arn: "acs:ram::1234567890123456:saml-provider/idp",
            session_name: "alice@example.com",
            source_identity: Some("alice"),
            issued: Timestamp::parse("2026-11-22T08:00:00Z").unwrap(),
            not_before: Timestamp::parse("2026-11-22T07:55:00Z").unwrap(),
            not_on_or_after: Timestamp::parse("2026-11-22T08:05:00Z").unwrap(),
        }
    }

    fn metadata(entity_id: &str) -> Metadata {
        Metadata::parse(&saml_metadata(entity_id)).unwrap()
    }

    fn claims() -> serde_json::Value {
        json!({"iss": "https://issuer.example", "sub": "job:1", "aud": ["sts"], "exp": 1_800_000_000, "iat": 1_799_999_000})
    }

    #[test]
    fn a_token_of_the_published_key_is_taken_and_one_of_another_key_is_not() {
        let keys = KeySet::parse(&jwks()).unwrap();

        let good = Token::parse(&token(&claims(), Key::Published)).unwrap();
        let wrong = Token::parse(&token(&claims(), Key::Unknown)).unwrap();

        assert!(good.is_signed_by(&keys));
        assert_eq!((good.issuer(), good.subject()), ("https://issuer.example", "job:1"));
        assert!(!wrong.is_signed_by(&keys));
    }

    #[test]
    fn a_response_says_what_it_was_asked_to_say() {
        let fields = fields();

        let said = saml::verify(&saml_response(&fields, Key::Published), &metadata(fields.issuer)).unwrap();

        assert_eq!(said.issuer, fields.issuer);
        assert_eq!(said.audiences, [fields.audience]);
        assert_eq!(said.recipient, fields.recipient);
        assert_eq!(said.subject, fields.subject);
        assert_eq!(said.subject_format, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
        assert_eq!(said.roles, [(fields.role_arn.to_owned(), fields.provider_arn.to_owned())]);
        assert_eq!(said.session_names, [fields.session_name]);
        assert_eq!(said.source_identity.as_deref(), Some("alice"));
        assert_eq!((said.issued, said.not_before), (fields.issued, Some(fields.not_before)));
        assert_eq!(said.not_on_or_after, Some(fields.not_on_or_after));
        assert_eq!(said.subject_not_on_or_after, fields.not_on_or_after);
    }

    #[test]
    fn a_response_of_another_key_is_refused() {
        let fields = fields();

        let flaw = saml::verify(&saml_response(&fields, Key::Unknown), &metadata(fields.issuer)).unwrap_err();

        assert_eq!(flaw, ResponseFlaw::Signature("the signature matches no key of the metadata".to_owned()));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        assert_eq!(token(&claims(), Key::Published), token(&claims(), Key::Published));
        assert_eq!(saml_response(&fields(), Key::Published), saml_response(&fields(), Key::Published));
        assert_ne!(
            saml_response(&fields(), Key::Published),
            saml_response(&ResponseFields { subject: "bob", ..fields() }, Key::Published)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn any_text_comes_through_escaped(
            subject in any::<String>(),
            issuer in "[ -~]{1,40}",
            session in r#"[<>&"'\r\n\t a-z]{0,20}"#,
        ) {
            let fields =
                ResponseFields { subject: &subject, issuer: &issuer, session_name: &session, ..fields() };
            prop_assume!(!issuer.trim().is_empty());
            let metadata = metadata(&issuer);

            let said = saml::verify(&saml_response(&fields, Key::Published), &metadata).unwrap();

            let (subject, session) = (possible(&subject), vec![session.trim_ascii()]);
            prop_assert_eq!(said.subject, subject.trim_ascii());
            prop_assert_eq!(said.session_names, session);
        }
    }
}
