//! Strings to sign, as pure functions of a request. Each returns the variants of official clients, the documented one
//! first. A signature is valid if it fits one of them.
//!
//! Source: docs/evidence/gateway.md 1.2, 1.3, 2.3, 3.1 and 11.

use crate::gateway::percent::{encode, encode_twice};
use crate::gateway::request::{RawRequest, header, value_text};
use crate::params::{Origin, Params};
use http::HeaderMap;
use std::fmt::Write;

/// Returns the string of RPC v1: `METHOD&%2F&enc(sorted enc(k)=enc(v))`, over query and form without `Signature`. Each
/// name counts once: see [`crate::gateway::parse::other_reading`].
pub(crate) fn rpc_v1(method: &str, params: &Params) -> String {
    rpc_v1_of(method, params.iter(), params.weight())
}

/// Returns the same string over pairs in an order that the caller chooses.
pub(super) fn rpc_v1_of<'a>(
    method: &str,
    pairs: impl Iterator<Item = (&'a str, &'a str, Origin)>,
    weight: usize,
) -> String {
    let mut out = String::with_capacity(weight * 2 + 64);
    let _ = write!(out, "{method}&%2F&");
    let start = out.len();
    for (name, value, _) in pairs.filter(|(name, _, _)| *name != "Signature") {
        if out.len() > start {
            out.push_str("%26");
        }
        encode_twice(&mut out, name);
        out.push_str("%3D");
        encode_twice(&mut out, value);
    }
    out
}

/// Returns a v3 canonical request without its last line, the hash of the body.
///
/// Variants: the path as sent, or with `+`, `*` and `%7E` rewritten as in Go and Node; names encoded or bare; an empty
/// header value as such or, in Java's core, as `null`. They are created only as needed. Bare names with `&`, `=` or `%`
/// are not tried, because they would read as other parameters.
pub(crate) fn acs3<'a>(
    request: &'a RawRequest,
    params: &'a Params,
    signed_headers: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let is_plain = params.iter().all(|(name, _, _)| !name.contains(['&', '=', '%']));
    let variants = (0..8).filter(move |variant| is_plain || variant & 2 == 0);
    variants.map(move |variant| acs3_once(request, params, signed_headers, variant))
}

/// Creates one variant. Each of the three bits of `variant` is a difference from the documents.
fn acs3_once(request: &RawRequest, params: &Params, signed_headers: &str, variant: u8) -> String {
    let headers = request.headers();
    let mut out = String::with_capacity(params.weight() + headers.len() * 48 + 256);
    out.push_str(request.method().as_str());
    out.push('\n');
    match request.uri().path() {
        "" => out.push('/'),
        path if variant & 1 != 0 => out += &path.replace('+', "%20").replace('*', "%2A").replace("%7E", "~"),
        path => out.push_str(path),
    }
    out.push('\n');
    acs3_query(&mut out, params, variant & 2 == 0);
    out.push('\n');
    acs3_headers(&mut out, headers, signed_headers, if variant & 4 == 0 { "" } else { "null" });
    out.push('\n');
    out.push_str(signed_headers);
    out.push('\n');
    out
}

fn acs3_query(out: &mut String, params: &Params, encode_names: bool) {
    // Sorted by name, then by value.
    acs3_query_of(out, params.iter(), encode_names);
}

/// Appends the pairs of the query, in an order that the caller chooses.
pub(super) fn acs3_query_of<'a>(
    out: &mut String,
    pairs: impl Iterator<Item = (&'a str, &'a str, Origin)>,
    encode_names: bool,
) {
    let of_query = pairs.filter(|(_, _, origin)| *origin == Origin::Query);
    for (index, (name, value, _)) in of_query.enumerate() {
        if index > 0 {
            out.push('&');
        }
        if encode_names {
            encode(out, name);
        } else {
            out.push_str(name);
        }
        out.push('=');
        encode(out, value);
    }
}

/// Appends the signed headers, sorted by name; values of one name are sorted and joined.
fn acs3_headers(out: &mut String, headers: &HeaderMap, signed_headers: &str, empty: &str) {
    let mut names: Vec<&str> = signed_headers.split(';').filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    for name in names {
        let mut values: Vec<_> = headers.get_all(name).iter().map(value_text).collect();
        values.sort_unstable();
        name.bytes().for_each(|byte| out.push(byte.to_ascii_lowercase() as char));
        out.push(':');
        let start = out.len();
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(value.trim());
        }
        if out.len() == start {
            out.push_str(empty);
        }
        out.push('\n');
    }
}

/// Returns the string of ROA v1: method, four headers, the `x-acs-` headers, then path and decoded query.
///
/// Variants: an empty query value with and without `=`; header values as sent, or with spaces for tabs.
pub(crate) fn roa_v1<'a>(request: &'a RawRequest, params: &'a Params) -> impl Iterator<Item = String> + 'a {
    let has_empty = params.iter().any(|(_, value, origin)| origin == Origin::Query && value.is_empty());
    let has_tab = request.headers().values().any(|value| value.as_bytes().contains(&b'\t'));
    let choices = [(true, false), (false, false), (true, true), (false, true)];
    choices
        .into_iter()
        .filter(move |(equals, untab)| (*equals || has_empty) && (!untab || has_tab))
        .map(move |(equals, untab)| roa_v1_once(request, params, equals, untab))
}

fn roa_v1_once(request: &RawRequest, params: &Params, equals: bool, untab: bool) -> String {
    let clean = |text: &str| {
        if untab { text.replace(['\t', '\r', '\n', '\u{c}'], " ").trim().to_owned() } else { text.to_owned() }
    };
    let mut out = format!("{}\n", request.method());
    for name in ["accept", "content-md5", "content-type", "date"] {
        let _ = writeln!(out, "{}", header(request.headers(), name).unwrap_or_default());
    }
    let mut names: Vec<&str> = request
        .headers()
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| name.starts_with("x-acs-"))
        .collect();
    names.sort_unstable();
    for name in names {
        let _ = writeln!(out, "{name}:{}", clean(&header(request.headers(), name).unwrap_or_default()));
    }
    out.push_str(request.uri().path());
    roa_v1_query_of(&mut out, params.iter(), equals);
    out
}

/// Appends the pairs of the query as ROA v1 signs them, in an order that the caller chooses.
pub(super) fn roa_v1_query_of<'a>(
    out: &mut String,
    pairs: impl Iterator<Item = (&'a str, &'a str, Origin)>,
    equals: bool,
) {
    let query = pairs.filter(|(_, _, origin)| *origin == Origin::Query);
    for (index, (name, value, _)) in query.enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        if equals || !value.is_empty() {
            let _ = write!(out, "={value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::tests::params;
    use bytes::Bytes;

    #[test]
    fn a_string_to_sign_of_v1_has_each_parameter_but_the_signature() {
        let text = rpc_v1("GET", &params("A=a%20b*~&C=&Signature=x", "B=body"));
        assert_eq!(text, "GET&%2F&A%3Da%2520b%252A~%26B%3Dbody%26C%3D");
    }

    #[test]
    fn node_signs_a_tab_in_a_roa_header_as_a_space() {
        let request = http::Request::get("/p").header("x-acs-a", "1\t2").body(Bytes::new()).unwrap();
        let texts: Vec<_> = roa_v1(&request, &params("", "")).collect();
        assert_eq!(texts, ["GET\n\n\n\n\nx-acs-a:1\t2\n/p", "GET\n\n\n\n\nx-acs-a:1 2\n/p"]);
    }
}
