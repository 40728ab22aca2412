//! RSA public keys from PEM.

use crate::federation::der::{self, tag};
use base64::{Engine, engine::general_purpose::STANDARD};

/// `AlgorithmIdentifier` of RSA: rsaEncryption, without parameters.
const ALGORITHM: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// A PKCS#1 `RSAPublicKey` as PEM; what [`rsa`] reads.
pub(crate) fn pem(key: &[u8]) -> String {
    let bits = der::whole(tag::BIT_STRING, &[&[0], key].concat());
    let text = STANDARD.encode(der::whole(tag::SEQUENCE, &[ALGORITHM, &bits].concat()));
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\n");
    format!("-----BEGIN PUBLIC KEY-----\n{}-----END PUBLIC KEY-----\n", lines.collect::<String>())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_any_length_is_written_as_it_is_read() {
        for len in [1, 70, 100, 127, 128, 255, 256, 270, 1038] {
            let key: Vec<u8> = (0..len).map(|n: u32| n.to_le_bytes()[0]).collect();
            assert_eq!(rsa(&pem(&key)), Some(key), "{len}");
        }
    }
}
