//! RSA public keys from PEM.

use crate::federation::der::{self, tag};
use crate::federation::public_key::PublicKey;
use base64::{Engine, engine::general_purpose::STANDARD};

/// `AlgorithmIdentifier` of RSA: rsaEncryption, without parameters.
const ALGORITHM: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Formats a PKCS#1 `RSAPublicKey` as PEM that [`rsa`] reads.
pub(crate) fn pem(key: &[u8]) -> String {
    let bits = der::whole(tag::BIT_STRING, &[&[0], key].concat());
    let text = STANDARD.encode(der::whole(tag::SEQUENCE, &[ALGORITHM, &bits].concat()));
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\n");
    format!("-----BEGIN PUBLIC KEY-----\n{}-----END PUBLIC KEY-----\n", lines.collect::<String>())
}

/// Returns the PKCS#1 `RSAPublicKey` in a `-----BEGIN PUBLIC KEY-----` block, or the reason why the key is unusable.
pub(crate) fn rsa(pem: &str) -> Result<Vec<u8>, String> {
    const NONE: &str = "this is no PEM of an RSA public key";
    let der = bytes(pem).ok_or(NONE)?;
    let (info, _) = der::element(&der, tag::SEQUENCE).ok_or(NONE)?;
    match PublicKey::of_info(info) {
        Ok(PublicKey::Rsa { .. }) => inner(info).ok_or_else(|| NONE.to_owned()),
        Ok(PublicKey::P256(_) | PublicKey::P384(_)) => Err(format!("{NONE}: its key is on a curve")),
        Err(why) => Err(format!("{NONE}: {why}")),
    }
}

fn bytes(pem: &str) -> Option<Vec<u8>> {
    let body =
        pem.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?.strip_suffix("-----END PUBLIC KEY-----")?;
    let text: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(text).ok()
}

/// Returns the key of `SubjectPublicKeyInfo ::= SEQUENCE { SEQUENCE { algorithm }, BIT STRING { no unused bits, key } }`.
fn inner(info: &[u8]) -> Option<Vec<u8>> {
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
            let der = bytes(&pem(&key)).unwrap();
            assert_eq!(inner(der::element(&der, tag::SEQUENCE).unwrap().0), Some(key), "{len}");
        }
    }

    #[test]
    fn a_key_that_checks_no_signature_is_refused_with_a_reason() {
        let key = |bits: usize| {
            let n = der::whole(tag::INTEGER, &[&[0][..], &vec![0xff; bits / 8]].concat());
            pem(&der::whole(tag::SEQUENCE, &[n, der::whole(tag::INTEGER, &[1, 0, 1])].concat()))
        };
        assert!(rsa(&key(2048)).is_ok());
        assert!(
            rsa(&key(512)).unwrap_err().ends_with("an RSA key must have 2048 to 8192 bits; this one has 512")
        );
        assert!(rsa(&pem(b"garbage")).unwrap_err().ends_with("the public key cannot be read"));
        assert_eq!(rsa("garbage").unwrap_err(), "this is no PEM of an RSA public key");
    }
}
