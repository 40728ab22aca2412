//! Products that are not behind the API gateway and speak a protocol of their own. Each is one file: how its requests are read,
//! what its signatures are over, when its signed times are good, and what its answers look like. The steps of a call are the
//! gateway's for all of them.

pub(crate) mod metadata;
pub(crate) mod odps;
pub(crate) mod oss;
#[cfg(test)]
mod vectors;

use crate::error::{Known, gateway};
use crate::gateway::parse::Call;
use crate::gateway::{Answer, RawRequest};
use crate::operation::Document;
use crate::params::{Origin, Params};
use crate::services::{self, Product};
use http::{HeaderValue, Response, StatusCode, header};

/// Who reads and answers a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// The API gateway.
    Gateway,
    /// MaxCompute.
    Odps,
    /// OSS.
    Oss,
    /// Metadata of an instance.
    Metadata,
}

/// What a protocol answers to a credential that is not good.
pub(crate) struct Words {
    /// There is none.
    pub(crate) nothing: &'static Known,
    /// Nobody has the key.
    pub(crate) unknown: &'static Known,
    /// No key can have this id.
    pub(crate) impossible: &'static Known,
    /// Whether a key can have this id.
    pub(crate) can_be: fn(&str) -> bool,
    /// The key is disabled.
    pub(crate) inactive: &'static Known,
    /// A temporary key without its token.
    pub(crate) no_token: &'static Known,
    /// The token was good once.
    pub(crate) token_expired: &'static Known,
    /// The token is another key's.
    pub(crate) token_mismatch: &'static Known,
    /// The token is none.
    pub(crate) token_malformed: &'static Known,
    /// A bearer token that nobody issued.
    pub(crate) bearer: &'static Known,
    /// The signature is made in a way that the protocol does not have.
    pub(crate) method: &'static Known,
    /// A header that must come once came more often.
    pub(crate) doubled: &'static Known,
    /// The credential is good, and alimock does not run the operation.
    pub(crate) not_run: &'static Known,
}

static GATEWAY: Words = Words {
    nothing: &gateway::MISSING_ACCESS_KEY_ID,
    unknown: &gateway::ACCESS_KEY_NOT_FOUND,
    impossible: &gateway::ACCESS_KEY_INVALID,
    can_be: |id| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')),
    inactive: &gateway::ACCESS_KEY_INACTIVE,
    no_token: &gateway::MISSING_SECURITY_TOKEN,
    token_expired: &gateway::SECURITY_TOKEN_EXPIRED,
    token_mismatch: &gateway::SECURITY_TOKEN_MISMATCH,
    token_malformed: &gateway::SECURITY_TOKEN_MALFORMED,
    bearer: &gateway::INVALID_PARAMETER,
    method: &gateway::INVALID_SIGNATURE_METHOD,
    doubled: &gateway::INVALID_PARAMETER,
    not_run: &gateway::ACTION_NOT_FOUND,
};

impl Protocol {
    /// The product, when the protocol has but one.
    pub(crate) fn product(self) -> Option<&'static Product> {
        match self {
            Self::Gateway => None,
            Self::Odps => services::by_code("Odps"),
            Self::Oss => services::by_code("Oss"),
            Self::Metadata => services::by_code("Metadata"),
        }
    }

    /// What it answers to a credential that is not good.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            // Metadata takes no credential that could be wrong.
            Self::Gateway | Self::Metadata => &GATEWAY,
            Self::Odps => &odps::WORDS,
            Self::Oss => &oss::WORDS,
        }
    }
}

/// The call of a request that is none to the API gateway.
pub(crate) fn call(request: &RawRequest, host: &str) -> Option<Call> {
    metadata::call(request, host).or_else(|| odps::call(request, host)).or_else(|| oss::call(request, host))
}

/// The answer that a document is; headers that every answer of its product has come besides.
pub(crate) fn answer(document: &Document) -> Answer {
    let mut answer = Response::new(bytes::Bytes::from(document.body.clone()));
    *answer.status_mut() = StatusCode::from_u16(document.status).expect("documents have HTTP statuses");
    if let Some(kind) = document.kind {
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in &document.headers {
        // Names of accounts may hold any letter.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            answer.headers_mut().insert(*name, value);
        }
    }
    answer
}

/// Tells an operation what is said elsewhere than in a parameter. A parameter of that name, which no client has reason to send, is
/// not to be taken for it.
fn tell(params: &mut Params, name: &str, value: &str) {
    if !value.is_empty() || params.iter().any(|(sent, _, _)| sent == name) {
        params.push(name, value, Origin::Path);
    }
}

/// A path or a text in it, decoded: a percent sign without two hex digits stands for itself.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A name in the words of an action: `tables` is `Tables`, `x-oss-traffic-limit` is `XOssTrafficLimit`.
fn capitalized(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
