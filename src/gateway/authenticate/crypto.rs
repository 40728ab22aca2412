//! MACs, hashes and RSA: checks signatures of texts. The time of a comparison does not depend on the first difference.

use crate::world::account::KeyMaterial;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// Derivation of a signing key from the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyStep<'a> {
    /// Appends this to the secret: RPC v1 appends `&`.
    Suffix(&'a str),
    /// Derives the key for this scope, part by part. Source: package pyodps 0.13.2, `odps/accounts.py`.
    Scope(&'a str),
    /// The derived key in Base64, as a text. Source: package tablestore 6.4.8, `auth.py`.
    EncodedScope(&'a str),
}

impl<'a> KeyStep<'a> {
    /// Returns the derivation for a scope; without a scope, the key is the secret.
    pub(crate) fn of_scope(scope: &'a str) -> Self {
        if scope.is_empty() { Self::Suffix("") } else { Self::Scope(scope) }
    }

    fn key(self, secret: &str) -> Vec<u8> {
        match self {
            Self::EncodedScope(scope) => base64(Self::Scope(scope).key(secret)).into_bytes(),
            Self::Suffix(suffix) => [secret, suffix].concat().into_bytes(),
            Self::Scope(scope) => {
                let first = format!("aliyun_v4{secret}").into_bytes();
                scope.split('/').fold(first, |key, part| {
                    let mut mac = keyed::<Hmac<Sha256>>(&key);
                    mac.update(part.as_bytes());
                    mac.finalize().into_bytes().to_vec()
                })
            }
        }
    }
}

/// Signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// v1.
    HmacSha1,
    /// v1; UNCERTAIN: no observed client sends it. Source: docs/evidence/gateway.md 1.1.
    HmacSha256,
    /// v1, with the private key of a key pair.
    Sha256WithRsa,
    /// v3.
    Acs3Sha256,
    /// v3.
    Acs3Sm3,
    /// v3, with the private key of a key pair.
    Acs3Rsa,
    /// OSS V4, SLS V4.
    Oss4Sha256,
}

impl Algorithm {
    /// Returns the algorithm of a v1 `SignatureMethod` or a v3 scheme.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "HMAC-SHA1" => Self::HmacSha1,
            "HMAC-SHA256" => Self::HmacSha256,
            "SHA256withRSA" => Self::Sha256WithRsa,
            "ACS3-HMAC-SHA256" => Self::Acs3Sha256,
            "ACS3-HMAC-SM3" => Self::Acs3Sm3,
            "ACS3-RSA-SHA256" => Self::Acs3Rsa,
            _ => return None,
        })
    }

    pub(crate) fn is_acs3(self) -> bool {
        matches!(self, Self::Acs3Sha256 | Self::Acs3Sm3 | Self::Acs3Rsa)
    }

    /// Returns the v3 hash, in lower-case hex.
    pub(crate) fn hash(self, bytes: &[u8]) -> String {
        match self {
            Self::Acs3Sm3 => hex(&Sm3::digest(bytes)),
            _ => hex(&Sha256::digest(bytes)),
        }
    }

    /// Checks whether `signature` (Base64 in v1 and MaxCompute, hex in v3 and OSS V4) belongs to `text`.
    pub(crate) fn verifies(
        self,
        material: &KeyMaterial,
        step: KeyStep<'_>,
        text: &str,
        signature: &str,
    ) -> bool {
        let is_hex = self.is_acs3() || self == Self::Oss4Sha256;
        let decoded = if is_hex { from_hex(signature) } else { STANDARD.decode(signature).ok() };
        let Some(signature) = decoded else { return false };
        match (material, self) {
            (KeyMaterial::Public(key), Self::Sha256WithRsa | Self::Acs3Rsa) => {
                let key = ring::signature::UnparsedPublicKey::new(
                    &ring::signature::RSA_PKCS1_2048_8192_SHA256,
                    key,
                );
                key.verify(text.as_bytes(), &signature).is_ok()
            }
            (KeyMaterial::Public(_), _) | (_, Self::Sha256WithRsa | Self::Acs3Rsa) => false,
            (KeyMaterial::Secret(secret), _) => {
                let key = step.key(secret.reveal());
                match self {
                    Self::HmacSha1 => mac::<Hmac<Sha1>>(&key, text, &signature),
                    Self::Acs3Sm3 => mac::<Hmac<Sm3>>(&key, text, &signature),
                    _ => mac::<Hmac<Sha256>>(&key, text, &signature),
                }
            }
        }
    }
}

fn keyed<M: KeyInit>(key: &[u8]) -> M {
    M::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn mac<M: Mac + KeyInit>(key: &[u8], text: &str, signature: &[u8]) -> bool {
    let mut mac = keyed::<M>(key);
    mac.update(text.as_bytes());
    mac.verify_slice(signature).is_ok()
}

/// Returns `Content-MD5`: the MD5 in Base64.
pub(crate) fn content_md5(bytes: &[u8]) -> String {
    base64(md5::Md5::digest(bytes))
}

/// Returns Base64.
pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// Returns lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)] as char);
        out.push(DIGITS[usize::from(byte & 15)] as char);
    }
    out
}

/// Reads lower-case hex. v3 signatures have no other form.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let half = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| if let [high, low] = pair { Some(half(*high)? << 4 | half(*low)?) } else { None })
        .collect()
}
