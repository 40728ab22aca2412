//! Parameters and names from paths and headers, for protocols other than RPC.

use crate::params::{Origin, Params};

/// Adds a parameter for an operation from another source. It replaces a parameter of that name that the client sent.
pub(crate) fn tell(params: &mut Params, name: &str, value: &str) {
    if !value.is_empty() || params.iter().any(|(sent, _, _)| sent == name) {
        params.push(name, value, Origin::Path);
    }
}

/// Decodes a path or a part of it. A percent sign without two hex digits is kept.
pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Converts a name to the style of actions: `tables` to `Tables`, `x-oss-traffic-limit` to `XOssTrafficLimit`.
pub(crate) fn capitalized(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
