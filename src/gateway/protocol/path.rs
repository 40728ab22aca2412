//! Names and parameters from paths and headers, for protocols that are not RPC.

use crate::params::{Origin, Params};

/// Tells an operation what is said elsewhere than in a parameter. A parameter of that name, which no client has reason to send, is
/// not to be taken for it.
pub(crate) fn tell(params: &mut Params, name: &str, value: &str) {
    if !value.is_empty() || params.iter().any(|(sent, _, _)| sent == name) {
        params.push(name, value, Origin::Path);
    }
}

/// A path or a text in it, decoded: a percent sign without two hex digits stands for itself.
pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A name in the words of an action: `tables` is `Tables`, `x-oss-traffic-limit` is `XOssTrafficLimit`.
pub(crate) fn capitalized(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
