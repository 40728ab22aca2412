//! OIDC tokens: JSON Web Tokens, signed with a published key of their issuer.
//!
//! Source: RFC 7515 (signatures), RFC 7517 (keys), RFC 7518 (algorithms), RFC 7519 (claims).

use crate::federation::public_key::{ED25519_BYTES, Hash, KeyFlaw, PublicKey, Scheme};
use crate::text::Timestamp;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use std::fmt;

/// A parsed token. Its signature is not checked yet.
///
/// Source: docs/evidence/sts.md section 5; OpenID Connect Core 1.0, section 2.
#[derive(Clone)]
pub struct Token {
    algorithm: Algorithm,
    key_id: Option<String>,
    issuer: String,
    subject: String,
    audiences: Vec<String>,
    expires: Timestamp,
    issued: Option<Timestamp>,
    not_before: Option<Timestamp>,
    /// First two parts of the token with the dot between them: the signed text.
    input: String,
    signature: Vec<u8>,
}

/// Mistake in the form of a token, in the order of the checks.
///
/// Source: docs/evidence/sts.md section 5.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFlaw {
    /// The token is empty.
    #[error("the token is empty")]
    Empty,
    /// The token does not consist of three parts separated by dots.
    #[error("the token does not consist of three parts separated by `.`")]
    Parts,
    /// A part is not valid base64url.
    #[error("a part of the token is not base64url")]
    Encoding,
    /// The header names an algorithm that is unknown or not asymmetric.
    #[error("the algorithm `{0}` is not supported")]
    Algorithm(String),
    /// Header or claims are not JSON objects, or a required member is missing or invalid.
    #[error("the header or the claims of the token are invalid")]
    Content,
}

/// Signature algorithm, by its name in the header.
///
/// Source: RFC 7518, section 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Algorithm {
    name: &'static str,
    scheme: Scheme,
}

/// Invariant: asymmetric algorithms only. A MAC would use the public key as a secret.
const ALGORITHMS: [Algorithm; 8] = [
    Algorithm { name: "RS256", scheme: Scheme::Pkcs1(Hash::Sha256) },
    Algorithm { name: "RS384", scheme: Scheme::Pkcs1(Hash::Sha384) },
    Algorithm { name: "RS512", scheme: Scheme::Pkcs1(Hash::Sha512) },
    Algorithm { name: "PS256", scheme: Scheme::Pss(Hash::Sha256) },
    Algorithm { name: "PS384", scheme: Scheme::Pss(Hash::Sha384) },
    Algorithm { name: "PS512", scheme: Scheme::Pss(Hash::Sha512) },
    Algorithm { name: "ES256", scheme: Scheme::Ecdsa(Hash::Sha256) },
    Algorithm { name: "ES384", scheme: Scheme::Ecdsa(Hash::Sha384) },
];

impl Token {
    /// Parses a token. The caller has limited its length.
    ///
    /// Source: docs/evidence/sts.md section 5.
    pub fn parse(text: &str) -> Result<Self, TokenFlaw> {
        if text.is_empty() {
            return Err(TokenFlaw::Empty);
        }
        let parts: Vec<_> = text.split('.').collect();
        let [header, claims, signature] = parts[..] else { return Err(TokenFlaw::Parts) };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFlaw::Encoding);
        let input = text[..header.len() + 1 + claims.len()].to_owned();
        let (header, claims, signature) = (decode(header)?, decode(claims)?, decode(signature)?);

        let header = object(&header)?;
        let name = string(&header, "alg")?;
        let algorithm = ALGORITHMS.into_iter().find(|known| known.name == name);
        let algorithm = algorithm.ok_or_else(|| TokenFlaw::Algorithm(name.to_owned()))?;
        // RFC 7515, section 4.1.11: a reader must reject a token with critical extensions that it does not know.
        if header.contains_key("crit") {
            return Err(TokenFlaw::Content);
        }

        let claims = object(&claims)?;
        Ok(Self {
            algorithm,
            key_id: header.get("kid").map(|_| string(&header, "kid")).transpose()?.map(str::to_owned),
            issuer: string(&claims, "iss")?.to_owned(),
            subject: string(&claims, "sub")?.to_owned(),
            audiences: audiences(claims.get("aud").ok_or(TokenFlaw::Content)?)?,
            expires: time(claims.get("exp").ok_or(TokenFlaw::Content)?)?,
            issued: claims.get("iat").map(time).transpose()?,
            not_before: claims.get("nbf").map(time).transpose()?,
            input,
            signature,
        })
    }

    /// Issuer (`iss`), as the token claims it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Subject (`sub`).
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Audiences (`aud`): a string or a list in the token.
    pub fn audiences(&self) -> &[String] {
        &self.audiences
    }

    /// End of validity (`exp`).
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Time of issue (`iat`).
    pub fn issued(&self) -> Option<Timestamp> {
        self.issued
    }

    /// Start of validity (`nbf`).
    pub fn not_before(&self) -> Option<Timestamp> {
        self.not_before
    }

    /// Returns `true` if one of `keys` made the signature. If the token and a key both have an id, the ids must be equal.
    pub fn is_signed_by(&self, keys: &KeySet) -> bool {
        keys.keys
            .iter()
            .filter(|key| key.id.is_none() || self.key_id.is_none() || key.id == self.key_id)
            .filter(|key| key.algorithm.as_deref().is_none_or(|name| name == self.algorithm.name))
            .any(|key| key.public.verifies(self.algorithm.scheme, self.input.as_bytes(), &self.signature))
    }
}

/// A token is a credential, so `Debug` does not print all of it.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

fn object(json: &[u8]) -> Result<Map<String, Value>, TokenFlaw> {
    serde_json::from_slice(json).map_err(|_| TokenFlaw::Content)
}

fn string<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, TokenFlaw> {
    object.get(name).and_then(Value::as_str).ok_or(TokenFlaw::Content)
}

fn audiences(value: &Value) -> Result<Vec<String>, TokenFlaw> {
    let one = |value: &Value| value.as_str().map(str::to_owned).ok_or(TokenFlaw::Content);
    match value {
        Value::Array(list) => list.iter().map(one).collect(),
        _ => Ok(vec![one(value)?]),
    }
}

/// Seconds since the epoch, with or without a fraction. Source: RFC 7519, section 2, "NumericDate".
fn time(value: &Value) -> Result<Timestamp, TokenFlaw> {
    if let Some(seconds) = value.as_i64() {
        return Ok(Timestamp::from_millis(seconds.saturating_mul(1000)));
    }
    let seconds = value.as_f64().ok_or(TokenFlaw::Content)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` keeps to the range of i64, and a Timestamp to its own"
    )]
    Ok(Timestamp::from_millis((seconds * 1000.0) as i64))
}

/// Maximum number of keys in a set. Each key may be tried on each token.
const MOST_KEYS: usize = 100;

/// Public keys of an issuer, from a JWKS document.
///
/// Source: RFC 7517, section 5.
#[derive(Debug, Clone)]
pub struct KeySet {
    /// Text of the document.
    text: String,
    keys: Vec<Jwk>,
}

#[derive(Debug, Clone)]
struct Jwk {
    id: Option<String>,
    /// The only algorithm that the key may be used with, if the document names one.
    algorithm: Option<String>,
    public: PublicKey,
}

impl KeySet {
    /// Text of the document.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Parses a JWKS document. Skips encryption keys and keys of unknown types, as the standard requires. Rejects an invalid key, and a
    /// document without a usable key.
    ///
    /// Source: RFC 7517, section 5.
    pub fn parse(json: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(json).map_err(|why| format!("not JSON: {why}"))?;
        let listed =
            document.get("keys").and_then(Value::as_array).ok_or("not a JWKS document: `keys` is missing")?;
        if listed.len() > MOST_KEYS {
            return Err(format!("the key set has {} keys; the maximum is {MOST_KEYS}", listed.len()));
        }
        let (mut keys, mut flaw) = (Vec::new(), "its list `keys` is empty".to_owned());
        for (number, key) in listed.iter().enumerate() {
            match Jwk::read(key) {
                Ok(key) => keys.push(key),
                Err(KeyFlaw::Other(why)) => flaw = format!("key {}: {why}", number + 1),
                Err(KeyFlaw::Broken(why)) => return Err(format!("key {}: {why}", number + 1)),
            }
        }
        if keys.is_empty() {
            return Err(format!("the key set has no usable signature key: {flaw}"));
        }
        Ok(Self { text: json.to_owned(), keys })
    }
}

impl Jwk {
    /// Reads one key. Source: RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2.
    fn read(key: &Value) -> Result<Self, KeyFlaw> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| {
            let text = text(name).ok_or_else(|| format!("`{name}` is missing"))?;
            URL_SAFE_NO_PAD.decode(text).map_err(|_| format!("`{name}` is not base64url"))
        };
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return Err(KeyFlaw::Other("the key is not for signatures".to_owned()));
        }
        let public = match (text("kty"), text("crv")) {
            (Some("RSA"), _) => PublicKey::rsa(&bytes("n")?, &bytes("e")?)?,
            (Some("EC"), Some("P-256")) => PublicKey::p256(&bytes("x")?, &bytes("y")?)?,
            (Some("EC"), Some("P-384")) => PublicKey::p384(&bytes("x")?, &bytes("y")?)?,
            (Some("OKP"), Some("Ed25519")) if bytes("x")?.len() != ED25519_BYTES => {
                return Err(format!("`x` of an Ed25519 key must have {ED25519_BYTES} bytes").into());
            }
            (Some("EC"), curve) => {
                return Err(KeyFlaw::Other(format!("the curve `{}` is not supported", curve.unwrap_or(""))));
            }
            (kind, _) => {
                return Err(KeyFlaw::Other(format!("the type `{}` is not supported", kind.unwrap_or(""))));
            }
        };
        Ok(Self { id: text("kid").map(str::to_owned), algorithm: text("alg").map(str::to_owned), public })
    }
}

#[cfg(test)]
mod tests;
