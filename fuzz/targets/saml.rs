//! SAML metadata and responses. An accepted response has the content that was signed.
//!
//! Input: the XML of a response.

#![no_main]

use alimock::federation::issuer::{self, Key, ResponseFields};
use alimock::federation::saml::{self, Assertion, Metadata};
use alimock::text::{Scalar, Timestamp};
use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const ENTITY: &str = "https://issuer.alimock.internal/saml";

static METADATA: LazyLock<Metadata> =
    LazyLock::new(|| Metadata::parse(&issuer::saml_metadata(ENTITY)).expect("it is our own"));

/// Content of the only signed response. The corpus contains its XML.
static SIGNED: LazyLock<Assertion> = LazyLock::new(|| {
    let at = |text| Timestamp::parse(text).expect("it is a time");
    let fields = ResponseFields {
        issuer: ENTITY,
        audience: "urn:alibaba:cloudcomputing",
        recipient: "https://signin.aliyun.com/saml-role/sso",
        subject: "alice",
        role_arn: "acs:ram::1234567890123456:role/r",
        provider_arn: "acs:ram::1234567890123456:saml-provider/corp",
        session_name: "alice",
        source_identity: Some("alice"),
        issued: at("2026-11-22T08:00:00Z"),
        not_before: at("2026-11-22T07:55:00Z"),
        not_on_or_after: at("2026-11-22T08:05:00Z"),
    };
    let response = issuer::saml_response(&fields, Key::Published);
    if let Some(path) = std::env::var_os("WRITE_SEED") {
        std::fs::write(path, STANDARD.decode(&response).expect("it is base64"))
            .expect("the seed can be written");
    }
    saml::verify(&response, &METADATA).expect("it is our own")
});

fuzz_target!(|xml: &str| {
    let signed = &*SIGNED;
    let _ = Metadata::parse(xml);
    if let Ok(said) = saml::verify(&STANDARD.encode(xml), &METADATA) {
        assert_eq!(said, *signed, "nobody signed this");
    }
});
