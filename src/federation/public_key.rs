//! Public keys of identity providers: reads them from certificates and key sets, and checks signatures.

use crate::federation::der::{self, tag};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use ring::{agreement, digest, rand};

/// A public key for checking signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// RSA: modulus and exponent, big endian without leading zeros.
    Rsa {
        /// Modulus.
        n: Vec<u8>,
        /// Exponent.
        e: Vec<u8>,
    },
    /// A point of NIST P-256, uncompressed.
    P256(Vec<u8>),
    /// A point of NIST P-384, uncompressed.
    P384(Vec<u8>),
}

/// Reason why no key can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyFlaw {
    /// The key type is not supported. Other keys in the document may be usable.
    #[error("{0}")]
    Other(String),
    /// The key is malformed, or it cannot check any signature.
    #[error("{0}")]
    Broken(String),
}

impl From<String> for KeyFlaw {
    fn from(why: String) -> Self {
        Self::Broken(why)
    }
}

impl From<&str> for KeyFlaw {
    fn from(why: &str) -> Self {
        Self::Broken(why.to_owned())
    }
}

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// Signature scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(Hash),
    /// RSASSA-PSS.
    Pss(Hash),
    /// ECDSA; the signature consists of both numbers, one after the other.
    Ecdsa(Hash),
}

impl Hash {
    /// Hash of `bytes`.
    pub(crate) fn digest(self, bytes: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes)
    }
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];

/// Object identifier of Ed25519. Source: RFC 8410, section 3.
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// Length of an Ed25519 key. Source: RFC 8032, section 5.1.5.
pub(crate) const ED25519_BYTES: usize = 32;

impl PublicKey {
    /// An RSA key of 2048 to 8192 bits; the signature library supports no other size.
    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Result<Self, String> {
        let strip = |number: &[u8]| -> Vec<u8> { number.iter().copied().skip_while(|b| *b == 0).collect() };
        let (n, e) = (strip(n), strip(e));
        let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
        if !(2048..=8192).contains(&bits) {
            return Err(format!("an RSA key must have 2048 to 8192 bits; this one has {bits}"));
        }
        let exponent = e.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        // The library's maximum is 2^33 - 1.
        if e.len() > 5 || !(3..1 << 33).contains(&exponent) || exponent % 2 == 0 {
            return Err("the exponent of an RSA key must be an odd number from 3 to 8589934591".to_owned());
        }
        if n.last().is_none_or(|last| last % 2 == 0) {
            return Err("the modulus of an RSA key must be odd".to_owned());
        }
        Ok(Self::Rsa { n, e })
    }

    /// A NIST P-256 key from both coordinates.
    pub(crate) fn p256(x: &[u8], y: &[u8]) -> Result<Self, String> {
        point(x, y, 32, &agreement::ECDH_P256).map(Self::P256)
    }

    /// A NIST P-384 key from both coordinates.
    pub(crate) fn p384(x: &[u8], y: &[u8]) -> Result<Self, String> {
        point(x, y, 48, &agreement::ECDH_P384).map(Self::P384)
    }

    /// Key of an X.509 certificate. Its validity, issuer and signature are not checked: the metadata is trusted.
    ///
    /// Source: RFC 5280, section 4.1.
    pub(crate) fn of_certificate(certificate: &[u8]) -> Result<Self, KeyFlaw> {
        let info = subject_public_key_info(certificate).ok_or("not an X.509 certificate")?;
        Self::of_info(info)
    }

    /// Key of a `SubjectPublicKeyInfo`, without the header of the outer element.
    ///
    /// Source: RFC 5280, section 4.1.2.7; RFC 3279, section 2.3.1; RFC 5480, section 2.
    pub(crate) fn of_info(info: &[u8]) -> Result<Self, KeyFlaw> {
        const BROKEN: &str = "the public key cannot be read";
        let (algorithm, rest) = der::element(info, tag::SEQUENCE).ok_or(BROKEN)?;
        let (kind, parameters) = der::element(algorithm, tag::OBJECT_IDENTIFIER).ok_or(BROKEN)?;
        let (key, _) = der::bits(rest).ok_or(BROKEN)?;
        let other = |why: &str| Err(KeyFlaw::Other(why.to_owned()));
        match kind {
            RSA => {
                let (numbers, _) = der::element(key, tag::SEQUENCE).ok_or(BROKEN)?;
                let (n, rest) = der::element(numbers, tag::INTEGER).ok_or(BROKEN)?;
                let (e, _) = der::element(rest, tag::INTEGER).ok_or(BROKEN)?;
                Ok(Self::rsa(n, e)?)
            }
            EC => {
                let Some((curve, _)) = der::element(parameters, tag::OBJECT_IDENTIFIER) else {
                    return other("the curve of the public key has no name");
                };
                let compressed = key.first().is_some_and(|form| matches!(form, 2 | 3));
                let point = key.strip_prefix(&[4]);
                match (curve, point) {
                    (P256 | P384, None) if compressed => other("the public key is a compressed point"),
                    (P256 | P384, None) => Err(BROKEN.into()),
                    (P256, Some(point)) => {
                        let (x, y) = point.split_at(point.len() / 2);
                        Ok(Self::p256(x, y)?)
                    }
                    (P384, Some(point)) => {
                        let (x, y) = point.split_at(point.len() / 2);
                        Ok(Self::p384(x, y)?)
                    }
                    _ => other("the public key is on another curve than P-256 and P-384"),
                }
            }
            ED25519 if key.len() != ED25519_BYTES => {
                Err(format!("an Ed25519 key must have {ED25519_BYTES} bytes; this one has {}", key.len())
                    .into())
            }
            _ => other("the public key is neither RSA nor EC"),
        }
    }

    /// Returns `true` if the private key made `signature` for `message`. A scheme that does not fit the key gives `false`.
    pub(crate) fn verifies(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        match (self, scheme) {
            (Self::Rsa { n, e }, Scheme::Pkcs1(hash)) => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(pkcs1(hash), message, signature).is_ok()
            }
            (Self::Rsa { n, e }, Scheme::Pss(hash)) => {
                let key = RsaPublicKeyComponents { n, e };
                pss(hash).is_some_and(|pss| key.verify(pss, message, signature).is_ok())
            }
            (Self::P256(point), Scheme::Ecdsa(Hash::Sha256)) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, signature)
                    .is_ok()
            }
            (Self::P384(point), Scheme::Ecdsa(Hash::Sha384)) => {
                UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point)
                    .verify(message, signature)
                    .is_ok()
            }
            _ => false,
        }
    }
}

/// Encodes a point and checks that it is on its curve.
fn point(x: &[u8], y: &[u8], len: usize, curve: &'static agreement::Algorithm) -> Result<Vec<u8>, String> {
    if x.len() != len || y.len() != len {
        return Err(format!("each coordinate of a point on this curve must have {len} bytes"));
    }
    let point = [&[4], x, y].concat();
    // The library checks a point when it agrees on a secret. The secret is not used, and the result does not depend on the random
    // number.
    let own = agreement::EphemeralPrivateKey::generate(curve, &rand::SystemRandom::new());
    let own = own.map_err(|_| "the system has no random numbers to check a point with")?;
    agreement::agree_ephemeral(own, &agreement::UnparsedPublicKey::new(curve, &point), |_| ())
        .map_err(|_| "the point is not on its curve")?;
    Ok(point)
}

fn subject_public_key_info(certificate: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = der::element(certificate, tag::SEQUENCE)?;
    let (mut rest, _) = der::element(certificate, tag::SEQUENCE)?;
    // Certificates of version 1 have no version element.
    if let Some((_, after)) = der::element(rest, tag::CONTEXT_0) {
        rest = after;
    }
    // Skips serial number, signature algorithm, issuer, validity and subject.
    for skipped in [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::SEQUENCE, tag::SEQUENCE] {
        (_, rest) = der::element(rest, skipped)?;
    }
    der::element(rest, tag::SEQUENCE).map(|(info, _)| info)
}

fn pkcs1(hash: Hash) -> &'static RsaParameters {
    match hash {
        Hash::Sha1 => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    }
}

fn pss(hash: Hash) -> Option<&'static RsaParameters> {
    match hash {
        Hash::Sha1 => None,
        Hash::Sha256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Hash::Sha384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Hash::Sha512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("keys/published.cert.der");

    #[test]
    fn a_certificate_gives_its_key() {
        let key = PublicKey::of_certificate(CERTIFICATE).unwrap();

        let PublicKey::Rsa { n, e } = key else { panic!("the test certificate is for RSA") };
        assert_eq!((n.len(), e), (256, vec![1, 0, 1]));
    }

    #[test]
    fn a_cut_certificate_gives_words_and_no_panic() {
        for len in 0..CERTIFICATE.len() {
            assert!(PublicKey::of_certificate(&CERTIFICATE[..len]).is_err(), "{len}");
        }
    }

    #[test]
    fn a_damaged_certificate_never_panics() {
        for at in 0..CERTIFICATE.len() {
            for damage in [0x01, 0x80, 0xff] {
                let mut bytes = CERTIFICATE.to_vec();
                bytes[at] ^= damage;
                if let Ok(key) = PublicKey::of_certificate(&bytes) {
                    assert!(!key.verifies(Scheme::Pkcs1(Hash::Sha256), b"text", &[0; 256]));
                }
            }
        }
    }

    #[test]
    fn a_key_of_1024_bits_is_too_short() {
        let flaw = PublicKey::rsa(&[0xff; 128], &[3]).unwrap_err();

        assert_eq!(flaw, "an RSA key must have 2048 to 8192 bits; this one has 1024");
    }

    #[test]
    fn a_point_has_coordinates_of_full_length() {
        assert!(PublicKey::p256(&[1; 31], &[1; 32]).is_err());
    }

    #[test]
    fn a_point_is_on_its_curve() {
        let flaw = PublicKey::p256(&[1; 32], &[1; 32]).unwrap_err();
        assert_eq!(flaw, "the point is not on its curve");
        assert!(PublicKey::p384(&[0; 48], &[0; 48]).is_err());
        let rng = rand::SystemRandom::new();
        let own = agreement::EphemeralPrivateKey::generate(&agreement::ECDH_P384, &rng).unwrap();
        let own = own.compute_public_key().unwrap();
        assert!(PublicKey::p384(&own.as_ref()[1..49], &own.as_ref()[49..]).is_ok());
    }

    #[test]
    fn numbers_that_no_rsa_key_has_are_refused() {
        let mut even = [0xff; 256];
        even[255] = 0;
        assert!(PublicKey::rsa(&even, &[3]).is_err());
        for exponent in [&[][..], &[0], &[1], &[4], &[2, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 1]] {
            assert!(PublicKey::rsa(&[0xff; 256], exponent).is_err(), "{exponent:?}");
        }
        assert!(PublicKey::rsa(&[0xff; 256], &[1, 0xff, 0xff, 0xff, 0xff]).is_ok());
    }

    #[test]
    fn an_ed25519_key_is_of_another_kind_and_one_of_a_wrong_length_is_broken() {
        let info = |len: usize| {
            let algorithm = der::whole(tag::SEQUENCE, &der::whole(tag::OBJECT_IDENTIFIER, ED25519));
            [algorithm, der::whole(tag::BIT_STRING, &vec![0; len + 1])].concat()
        };
        assert!(matches!(PublicKey::of_info(&info(32)), Err(KeyFlaw::Other(_))));
        assert!(matches!(PublicKey::of_info(&info(31)), Err(KeyFlaw::Broken(_))));
    }
}
