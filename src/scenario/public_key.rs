//! RSA public keys from PEM.

use base64::{Engine, engine::general_purpose::STANDARD};

/// The PKCS#1 `RSAPublicKey` inside a `-----BEGIN PUBLIC KEY-----` block.
pub(crate) fn rsa(pem: &str) -> Option<Vec<u8>> {
    let body =
        pem.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?.strip_suffix("-----END PUBLIC KEY-----")?;
    let text: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let der = STANDARD.decode(text).ok()?;
    // SubjectPublicKeyInfo ::= SEQUENCE { SEQUENCE { algorithm }, BIT STRING { no unused bits, RSAPublicKey } }
    let (info, _) = element(&der, 0x30)?;
    let (_, key) = element(info, 0x30)?;
    let (bits, _) = element(key, 0x03)?;
    bits.strip_prefix(&[0]).map(<[u8]>::to_vec)
}

/// The content of the DER element that `der` starts with, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (len, rest) = rest.split_first()?;
    let (len, rest) = match len {
        0..=0x7f => (usize::from(*len), rest),
        0x81 => (usize::from(*rest.first()?), &rest[1..]),
        0x82 => (usize::from(*rest.first()?) << 8 | usize::from(*rest.get(1)?), &rest[2..]),
        _ => return None,
    };
    (*first == tag && rest.len() >= len).then(|| rest.split_at(len))
}
