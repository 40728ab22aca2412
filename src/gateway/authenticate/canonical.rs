//! Strings to sign, as pure functions of a request. Each gives the variants that official clients disagree about, the one
//! of the documents first; a signature is good when it fits one of them.
//!
//! Source: facts/gateway.md 1.2, 1.3, 2.3, 3.1 and 11.

use crate::gateway::RawRequest;
use crate::gateway::parse::header;
use crate::params::{Origin, Params};
use http::HeaderMap;
use std::fmt::Write;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

fn push_byte(out: &mut String, byte: u8, escape: &str) {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        out.push(byte as char);
    } else {
        out.push_str(escape);
        out.push(HEX[usize::from(byte >> 4)] as char);
        out.push(HEX[usize::from(byte & 15)] as char);
    }
}

/// Percent-encodes as the protocol does: everything but `A-Z a-z 0-9 - _ . ~`.
fn encode(out: &mut String, text: &str) {
    text.bytes().for_each(|byte| push_byte(out, byte, "%"));
}

/// The same, encoded once more.
fn encode_twice(out: &mut String, text: &str) {
    text.bytes().for_each(|byte| push_byte(out, byte, "%25"));
}

/// RPC v1: `METHOD&%2F&enc(sorted enc(k)=enc(v))`, over query and form without `Signature`. A name that came in both counts
/// once: first with the body's value, then, for Java's core, with the query's.
pub(crate) fn rpc_v1(method: &str, params: &Params) -> impl Iterator<Item = String> {
    [false, true].into_iter().scan(false, move |done, query_wins| {
        if *done {
            return None;
        }
        let (text, contested) = rpc_v1_once(method, params, query_wins);
        *done = !contested;
        Some(text)
    })
}

fn rpc_v1_once(method: &str, params: &Params, query_wins: bool) -> (String, bool) {
    let mut out = String::with_capacity(params.weight() * 2 + 64);
    let _ = write!(out, "{method}&%2F&");
    let start = out.len();
    let (mut contested, mut last) = (false, None::<(&str, Origin, usize)>);
    for (name, value, origin) in
        params.iter().filter(|&(name, _, origin)| name != "Signature" && origin != Origin::Json)
    {
        match last {
            Some((before, from, at)) if before == name => {
                let other_place = from != origin;
                contested |= other_place;
                if !(query_wins && other_place) {
                    continue;
                }
                out.truncate(at);
                last = Some((name, origin, at));
            }
            _ => {
                if out.len() > start {
                    out.push_str("%26");
                }
                encode_twice(&mut out, name);
                out.push_str("%3D");
                last = Some((name, origin, out.len()));
            }
        }
        encode_twice(&mut out, value);
    }
    (out, contested)
}

/// A v3 canonical request without its last line, the hash of the body.
///
/// Variants: the path as sent, then with `+`, `*` and `%7E` rewritten as Go and Node do; names encoded, then bare; an empty
/// header value, then `null` for Java's core.
pub(crate) fn acs3<'a>(
    request: &'a RawRequest,
    params: &'a Params,
    signed_headers: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let path = match request.uri().path() {
        "" => "/",
        path => path,
    };
    let rewritten = path.replace('+', "%20").replace('*', "%2A").replace("%7E", "~");
    let odd_names = params
        .iter()
        .any(|(name, _, _)| !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)));
    let headers = acs3_headers(request.headers(), signed_headers, "");
    let nulls = acs3_headers(request.headers(), signed_headers, "null");
    let paths = if rewritten == path { vec![path.to_owned()] } else { vec![path.to_owned(), rewritten] };
    let names = if odd_names { vec![true, false] } else { vec![true] };
    let headers = if headers == nulls { vec![headers] } else { vec![headers, nulls] };
    headers.into_iter().flat_map(move |headers| {
        let (paths, names) = (paths.clone(), names.clone());
        paths.into_iter().flat_map(move |path| {
            let headers = headers.clone();
            names.clone().into_iter().map(move |encoded| {
                let mut out = String::with_capacity(params.weight() + headers.len() + 256);
                let _ = write!(out, "{}\n{path}\n", request.method());
                acs3_query(&mut out, params, encoded);
                let _ = write!(out, "\n{headers}\n{signed_headers}\n");
                out
            })
        })
    })
}

fn acs3_query(out: &mut String, params: &Params, encode_names: bool) {
    let mut pairs: Vec<(&str, &str)> = params
        .iter()
        .filter(|(_, _, origin)| *origin == Origin::Query)
        .map(|(name, value, _)| (name, value))
        .collect();
    if pairs.windows(2).any(|two| two[0].0 == two[1].0) {
        pairs.sort_unstable();
    }
    for (index, (name, value)) in pairs.into_iter().enumerate() {
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

/// The signed headers, sorted by name; those of one name sorted and joined.
fn acs3_headers(headers: &HeaderMap, signed_headers: &str, empty: &str) -> String {
    let mut names: Vec<String> =
        signed_headers.split(';').filter(|name| !name.is_empty()).map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    let mut out = String::with_capacity(256);
    for name in names {
        let mut values: Vec<_> =
            headers.get_all(&name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        values.sort_unstable();
        let joined = values.iter().map(|value| value.trim()).collect::<Vec<_>>().join(",");
        let _ = writeln!(out, "{name}:{}", if joined.is_empty() { empty } else { &joined });
    }
    out
}

/// ROA v1: method, four headers, the `x-acs-` headers, then path and decoded query.
///
/// Variants: an empty query value with and without `=`; header values as sent and with tabs as spaces.
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
    let query = params.iter().filter(|(_, _, origin)| *origin == Origin::Query);
    for (index, (name, value, _)) in query.enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        if equals || !value.is_empty() {
            let _ = write!(out, "={value}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn params(query: &str, form: &str) -> Params {
        let mut params = Params::default();
        params.push_encoded(query.as_bytes(), Origin::Query);
        params.push_encoded(form.as_bytes(), Origin::Form);
        params.sort();
        params
    }

    #[test]
    fn a_name_in_query_and_body_counts_with_either_value() {
        let texts: Vec<_> = rpc_v1("POST", &params("A=1&B=query&C=3&Signature=x", "B=body")).collect();
        let expected =
            ["A%3D1%26B%3Dbody%26C%3D3", "A%3D1%26B%3Dquery%26C%3D3"].map(|text| format!("POST&%2F&{text}"));
        assert_eq!(texts, expected);
    }

    #[test]
    fn without_such_a_name_there_is_one_string() {
        let texts: Vec<_> = rpc_v1("GET", &params("A=a%20b*~&A=2", "")).collect();
        assert_eq!(texts, ["GET&%2F&A%3Da%2520b%252A~"]);
    }

    #[test]
    fn node_signs_a_tab_in_a_roa_header_as_a_space() {
        let request = http::Request::get("/p").header("x-acs-a", "1\t2").body(Bytes::new()).unwrap();
        let texts: Vec<_> = roa_v1(&request, &params("", "")).collect();
        assert_eq!(texts, ["GET\n\n\n\n\nx-acs-a:1\t2\n/p", "GET\n\n\n\n\nx-acs-a:1 2\n/p"]);
    }
}
