//! Signing mistakes of API gateway clients, tried to explain a wrong signature.

use super::canonical;
use crate::gateway::authenticate::crypto::Algorithm;
use crate::gateway::authenticate::signing::{Mistake, OtherWay, other_method};
use crate::gateway::call::Sent;
use crate::gateway::request::{RawRequest, header, value_text};

/// Right and wrong encodings in a canonical v3 query. v1 encodes them once more.
const ENCODINGS: [(&str, &str, &str); 4] = [
    ("%20", "+", "a space was encoded as `+`"),
    ("%2A", "*", "`*` was not encoded"),
    ("~", "%7E", "`~` was encoded"),
    ("%2F", "/", "`/` was not encoded"),
];

/// Names of the v1 algorithms.
const OF_V1: [(&str, Algorithm); 2] =
    [("HMAC-SHA1", Algorithm::HmacSha1), ("HMAC-SHA256", Algorithm::HmacSha256)];

/// Returns mistakes in v1.
pub(super) fn of_v1() -> Vec<Mistake<'static>> {
    let mut mistakes = encodings(false);
    mistakes.push(other_method());
    mistakes
}

/// Returns mistakes in v3.
pub(super) fn of_v3(sent: Sent<'_>, algorithm: Algorithm) -> Vec<Mistake<'_>> {
    let mut mistakes = body(sent.request, algorithm.hash(sent.request.body()));
    mistakes.extend(encodings(true));
    mistakes.push(other_method());
    mistakes.extend(headers(sent.request, &sent.signed.signed_headers));
    mistakes
}

/// Returns the algorithms that `SignatureMethod` does not name.
pub(super) fn other_algorithms(_: Sent<'_>, own: Algorithm) -> Vec<OtherWay> {
    let way = |(name, algorithm): (&str, Algorithm)| {
        let words = format!("it was made with {name}, which is not what `SignatureMethod` says");
        OtherWay { words, algorithm, text: None }
    };
    OF_V1.into_iter().filter(|(_, other)| *other != own).map(way).collect()
}

/// Returns the way of a request that is sent as v3 but signed as v1.
pub(super) fn v1_instead(sent: Sent<'_>, _: Algorithm) -> Vec<OtherWay> {
    let text = canonical::rpc_v1(sent.request.method().as_str(), &sent.call.params);
    let way = |(_, algorithm)| {
        let words = "it is a signature of version 1".to_owned();
        OtherWay { words, algorithm, text: Some((text.clone(), "&")) }
    };
    OF_V1.into_iter().map(way).collect()
}

fn body(request: &RawRequest, payload: String) -> Vec<Mistake<'static>> {
    let claimed = header(request.headers(), "x-acs-content-sha256").unwrap_or_default();
    if claimed == payload.as_str() {
        return Vec::new();
    }
    let claimed = claimed.into_owned();
    let change = move |text: &str| text.replace(&payload, &claimed);
    vec![("the body is not the one that was signed".to_owned(), Box::new(change))]
}

fn encodings(once: bool) -> Vec<Mistake<'static>> {
    let twice =
        |text: &str| text.replace('%', "%25").replace('+', "%2B").replace('*', "%2A").replace('/', "%2F");
    let mistake = |(right, wrong, words): (&str, &str, &str)| -> Mistake<'static> {
        let (right, wrong) =
            if once { (right.to_owned(), wrong.to_owned()) } else { (twice(right), twice(wrong)) };
        (words.to_owned(), Box::new(move |text: &str| text.replace(&right, &wrong)))
    };
    ENCODINGS.into_iter().map(mistake).collect()
}

/// Returns mistakes with headers in v3: named but not signed, signed but not named, a host without its port.
fn headers<'a>(request: &'a RawRequest, signed_headers: &'a str) -> Vec<Mistake<'a>> {
    let mut mistakes: Vec<Mistake<'a>> = Vec::new();
    let host = header(request.headers(), "host").unwrap_or_default().into_owned();
    if let Some((name, _)) = host.rsplit_once(':') {
        let (with, without) = (format!("\nhost:{host}\n"), format!("\nhost:{name}\n"));
        let change = move |text: &str| text.replace(&with, &without);
        mistakes.push(("the host was signed without its port".to_owned(), Box::new(change)));
    }
    let is_signed = |name: &str| signed_headers.split(';').any(|one| one == name);
    for name in signed_headers.split(';').filter(|name| !name.is_empty()) {
        let start = format!("{name}:");
        let change = move |text: &str| {
            let kept = text.split('\n').filter(|line| !line.starts_with(&start));
            kept.collect::<Vec<_>>().join("\n")
        };
        let words = format!("the header `{name}` was not signed, although `SignedHeaders` names it");
        mistakes.push((words, Box::new(change)));
    }
    for (name, value) in request.headers() {
        let name = name.as_str();
        if is_signed(name) || name == "authorization" {
            continue;
        }
        let line = format!("{name}:{}", value_text(value).trim());
        let words = format!("the header `{name}` was signed, but `SignedHeaders` does not name it");
        mistakes.push((words, Box::new(move |text: &str| with_header(text, &line, signed_headers))));
    }
    mistakes
}

/// Inserts a header into a canonical request, in order.
fn with_header(text: &str, line: &str, signed_headers: &str) -> String {
    let first = signed_headers.split(';').next().unwrap_or_default();
    let mut lines: Vec<&str> = text.split('\n').collect();
    let start = lines.iter().position(|one| one.starts_with(&format!("{first}:"))).unwrap_or(3);
    let end = lines.iter().skip(start).position(|one| one.is_empty()).map_or(lines.len(), |at| start + at);
    let at = lines[start..end].iter().position(|one| *one > line).map_or(end, |at| start + at);
    lines.insert(at, line);
    lines.join("\n")
}
