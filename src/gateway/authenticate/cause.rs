//! Why a signature does not fit: a guess for the journal, made by trying the mistakes that clients make.
//!
//! It runs only when a signature was refused, and what it finds never reaches the client.

use crate::gateway::RawRequest;
use crate::gateway::authenticate::canonical;
use crate::gateway::authenticate::crypto::Algorithm;
use crate::gateway::parse::{Call, Form, Signed, header};
use crate::world::State;
use crate::world::account::{AccessKey, KeyMaterial};

/// Keys whose secrets are tried.
const MOST_KEYS: usize = 1000;

/// What a client writes instead of what it should, in a canonical query of v3; of v1 it is encoded once more.
const ENCODINGS: [(&str, &str, &str); 4] = [
    ("%20", "+", "a space was encoded as `+`"),
    ("%2A", "*", "`*` was not encoded"),
    ("~", "%7E", "`~` was encoded"),
    ("%2F", "/", "`/` was not encoded"),
];

/// The strings that a call may be signed over, and how the last step is made.
struct Signable<'a> {
    texts: Vec<String>,
    algorithm: Algorithm,
    /// The name of the algorithm, which v3 signs with the hash of the canonical request.
    name: Option<&'a str>,
    suffix: &'static str,
    signature: &'a str,
}

impl Signable<'_> {
    fn fits(&self, material: &KeyMaterial, suffix: &str, change: impl Fn(&str) -> String) -> bool {
        self.texts.iter().any(|text| {
            let text = change(text);
            let text = match self.name {
                Some(name) => format!("{name}\n{}", self.algorithm.hash(text.as_bytes())),
                None => text,
            };
            self.algorithm.verifies(material, suffix, &text, self.signature)
        })
    }
}

/// The mistake that would explain the signature, in words.
pub(super) fn probable(
    request: &RawRequest,
    (call, signed): (&Call, &Signed),
    algorithm: Algorithm,
    material: &KeyMaterial,
    state: &State,
) -> Option<String> {
    let signature = signed.signature.as_deref()?;
    let claimed = header(request.headers(), "x-acs-content-sha256").unwrap_or_default();
    let payload = algorithm.hash(request.body());
    let (texts, name, suffix): (Vec<String>, _, _) = match call.form {
        Form::RpcV1 => (canonical::rpc_v1(request.method().as_str(), &call.params).collect(), None, "&"),
        Form::RoaV1 => (canonical::roa_v1(request, &call.params).collect(), None, ""),
        Form::RpcV3 | Form::RoaV3 => {
            let heads = canonical::acs3(request, &call.params, &signed.signed_headers);
            (heads.map(|head| head + &payload).collect(), signed.method.as_deref(), "")
        }
    };
    let signable = Signable { texts, algorithm, name, suffix, signature };
    let as_is = |text: &str| text.to_owned();

    if claimed != payload && signable.fits(material, suffix, |text| text.replace(&payload, &claimed)) {
        return Some("the body is not the one that was signed".to_owned());
    }
    for (right, wrong, words) in ENCODINGS {
        let twice =
            |text: &str| text.replace('%', "%25").replace('+', "%2B").replace('*', "%2A").replace('/', "%2F");
        let (right, wrong) =
            if name.is_some() { (right.to_owned(), wrong.to_owned()) } else { (twice(right), twice(wrong)) };
        if signable.fits(material, suffix, |text| text.replace(&right, &wrong)) {
            return Some(words.to_owned());
        }
    }
    let other_method = |text: &str| match text.strip_prefix("GET") {
        Some(rest) => format!("POST{rest}"),
        None => text.replacen("POST", "GET", 1),
    };
    if signable.fits(material, suffix, other_method) {
        return Some("another HTTP method was signed".to_owned());
    }
    if signable.fits(material, if suffix.is_empty() { "&" } else { "" }, as_is) {
        return Some(
            if suffix.is_empty() {
                "a `&` was appended to the secret"
            } else {
                "no `&` was appended to the secret"
            }
            .to_owned(),
        );
    }
    let signs = |key: &&AccessKey| signable.fits(&key.material, signable.suffix, as_is);
    let other = state.keys().take(MOST_KEYS).find(signs);
    other.map(|key| format!("it was made with the secret of the AccessKey {}", key.id))
}
