//! Public keys: key sets, PEM and certificates. An accepted key is usable, and no key verifies unsigned data.
//!
//! Input: `{...}` is a key set, `-----BEGIN...` is PEM; anything else is a certificate.

#![no_main]

use alimock::Scenario;
use alimock::federation::jwt::{KeySet, Token};
use alimock::federation::{issuer, saml};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use std::sync::LazyLock;

static TOKENS: LazyLock<Vec<Token>> = LazyLock::new(|| {
    let claims = URL_SAFE_NO_PAD.encode(r#"{"iss":"i","sub":"s","aud":"a","exp":1}"#);
    let of = |algorithm: &str, length: usize| {
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{algorithm}"}}"#));
        let signature = URL_SAFE_NO_PAD.encode(vec![1; length]);
        Token::parse(&format!("{header}.{claims}.{signature}")).expect("its form is good")
    };
    vec![of("RS256", 256), of("PS256", 256), of("ES256", 64), of("ES384", 96)]
});

/// SAML metadata with this certificate.
fn metadata(certificate: &[u8]) -> String {
    let good = issuer::saml_metadata("https://idp.example");
    let (start, rest) = good.split_once("<ds:X509Certificate>").expect("it has one");
    let (_, end) = rest.split_once("</ds:X509Certificate>").expect("it ends");
    format!("{start}<ds:X509Certificate>{}</ds:X509Certificate>{end}", STANDARD.encode(certificate))
}

fuzz_target!(|bytes: &[u8]| {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.starts_with('{') => {
            if let Ok(keys) = KeySet::parse(text) {
                assert!(TOKENS.iter().all(|token| !token.is_signed_by(&keys)), "nobody signed these");
                let again = KeySet::parse(keys.text());
                assert!(again.is_ok(), "what was read once is read again");
            }
        }
        Ok(text) if text.starts_with('-') => {
            let key = json!({"accounts": [{"name": "demo", "keys": [{"publicKey": text}]}]});
            if let Err(error) = Scenario::parse(&key.to_string()) {
                assert_eq!(error.problems().len(), 1, "{error}");
            }
        }
        _ => {
            if let Ok(metadata) = saml::Metadata::parse(&metadata(bytes)) {
                assert!(saml::verify("AAAA", &metadata).is_err(), "nobody signed this");
            }
        }
    }
});
