//! RSA public keys from PEM.

use crate::federation::der::{self, tag};
use base64::{Engine, engine::general_purpose::STANDARD};

/// The PKCS#1 `RSAPublicKey` inside a `-----BEGIN PUBLIC KEY-----` block.
pub(crate) fn rsa(pem: &str) -> Option<Vec<u8>> {
    let body =
        pem.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?.strip_suffix("-----END PUBLIC KEY-----")?;
    let text: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let der = STANDARD.decode(text).ok()?;
    // SubjectPublicKeyInfo ::= SEQUENCE { SEQUENCE { algorithm }, BIT STRING { no unused bits, RSAPublicKey } }
    let (info, _) = der::element(&der, tag::SEQUENCE)?;
    let (_, key) = der::element(info, tag::SEQUENCE)?;
    der::bits(key).map(|(key, _)| key.to_vec())
}
