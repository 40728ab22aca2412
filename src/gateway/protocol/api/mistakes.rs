//! Signing mistakes of API gateway clients, tried to explain a wrong signature.

use super::canonical;
use crate::error::Slip;
use crate::gateway::authenticate::crypto::Algorithm;
use crate::gateway::authenticate::signing::{Mistake, OtherWay, other_method};
use crate::gateway::call::Sent;
use crate::gateway::request::{RawRequest, header, value_text};
use crate::params::Origin;

/// Right and wrong encodings in a canonical v3 query. v1 encodes them once more.
const ENCODINGS: [(&str, &str, Slip); 4] = [
    ("%20", "+", Slip::SpaceAsPlus),
    ("%2A", "*", Slip::StarNotEncoded),
    ("~", "%7E", Slip::TildeEncoded),
    ("%2F", "/", Slip::SlashNotEncoded),
];

/// Names of the v1 algorithms.
const OF_V1: [(&str, Algorithm); 2] =
    [("HMAC-SHA1", Algorithm::HmacSha1), ("HMAC-SHA256", Algorithm::HmacSha256)];

/// Pairs of parameters, in an order in which a client may have signed them.
type Pairs<'a> = Vec<(&'a str, &'a str, Origin)>;

/// Returns the orders that clients mistake for the documented one.
fn orders<'a>(sent: Sent<'a>) -> [(Slip, Pairs<'a>); 2] {
    let mut blind: Pairs<'a> = sent.call.params.iter().collect();
    blind.sort_by_key(|(name, _, _)| name.to_ascii_lowercase());
    [(Slip::NotSorted, sent.call.params.as_sent()), (Slip::SortedWithoutCase, blind)]
}

/// Returns mistakes in v1.
pub(super) fn of_v1(sent: Sent<'_>) -> Vec<Mistake<'_>> {
    let mut mistakes = encodings(false);
    for (slip, pairs) in orders(sent) {
        let text = canonical::rpc_v1_of(sent.request.method().as_str(), pairs.into_iter(), 256);
        mistakes.push((slip.into(), Box::new(move |_: &str| text.clone())));
    }
    mistakes.push((Slip::EncodedTwice.into(), Box::new(|text: &str| text.replace("%25", "%2525"))));
    let once = |text: &str| text.replace("%25", "%");
    mistakes.push((Slip::EncodedOnce.into(), Box::new(once)));
    mistakes.push(other_method());
    mistakes
}

/// Returns mistakes in ROA v1, which signs the query without encoding it.
pub(super) fn of_roa_v1(sent: Sent<'_>) -> Vec<Mistake<'_>> {
    let path = sent.request.uri().path();
    let with_query = move |text: &str, query: &str| match text.rsplit_once('\n') {
        Some((before, _)) => format!("{before}\n{path}{query}"),
        None => text.to_owned(),
    };
    let mut mistakes: Vec<Mistake<'_>> = Vec::new();
    for (slip, pairs) in orders(sent) {
        let mut query = String::new();
        canonical::roa_v1_query_of(&mut query, pairs.into_iter(), true);
        mistakes.push((slip.into(), Box::new(move |text: &str| with_query(text, &query))));
    }
    let mut encoded = String::new();
    canonical::acs3_query_of(&mut encoded, sent.call.params.iter(), true);
    let change = move |text: &str| with_query(text, &format!("?{encoded}"));
    mistakes.push((Slip::QueryEncoded.into(), Box::new(change)));
    let change = move |text: &str| with_query(text, "");
    mistakes.push((Slip::QueryNotSigned.into(), Box::new(change)));
    mistakes.push(other_method());
    mistakes
}

/// Returns mistakes about the third line of a v3 canonical request, the query.
fn queries_of_v3(sent: Sent<'_>) -> Vec<Mistake<'_>> {
    let with_line = |text: &str, at: usize, change: &dyn Fn(&str) -> String| {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        if let Some(line) = lines.get_mut(at) {
            *line = change(line);
        }
        lines.join("\n")
    };
    let mut mistakes: Vec<Mistake<'_>> = Vec::new();
    for (slip, pairs) in orders(sent) {
        let mut query = String::new();
        canonical::acs3_query_of(&mut query, pairs.into_iter(), true);
        let change = move |text: &str| with_line(text, 2, &|_| query.clone());
        mistakes.push((slip.into(), Box::new(change)));
    }
    let twice = |line: &str| line.replace('%', "%25");
    mistakes.push((Slip::EncodedTwice.into(), Box::new(move |text: &str| with_line(text, 2, &twice))));
    mistakes.push((Slip::PathEncodedTwice.into(), Box::new(move |text: &str| with_line(text, 1, &twice))));
    mistakes
}

/// Returns mistakes in v3.
pub(super) fn of_v3(sent: Sent<'_>, algorithm: Algorithm) -> Vec<Mistake<'_>> {
    let mut mistakes = body(sent.request, algorithm.hash(sent.request.body()));
    mistakes.extend(encodings(true));
    mistakes.extend(queries_of_v3(sent));
    mistakes.push(other_method());
    mistakes.extend(headers(sent.request, &sent.signed.signed_headers));
    mistakes
}

/// Returns the algorithms that `SignatureMethod` does not name.
pub(super) fn other_algorithms(_: Sent<'_>, own: Algorithm) -> Vec<OtherWay> {
    let way = |(name, algorithm): (&str, Algorithm)| OtherWay {
        cause: Slip::OtherAlgorithm.about(name),
        algorithm,
        text: None,
    };
    OF_V1.into_iter().filter(|(_, other)| *other != own).map(way).collect()
}

/// Returns the way of a request that is sent as v3 but signed as v1.
pub(super) fn v1_instead(sent: Sent<'_>, _: Algorithm) -> Vec<OtherWay> {
    let text = canonical::rpc_v1(sent.request.method().as_str(), &sent.call.params);
    let way = |(_, algorithm)| OtherWay {
        cause: Slip::VersionOne.into(),
        algorithm,
        text: Some((text.clone(), "&")),
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
    vec![(Slip::OtherBody.into(), Box::new(change))]
}

fn encodings<'a>(once: bool) -> Vec<Mistake<'a>> {
    let twice =
        |text: &str| text.replace('%', "%25").replace('+', "%2B").replace('*', "%2A").replace('/', "%2F");
    let mistake = |(right, wrong, slip): (&str, &str, Slip)| -> Mistake<'a> {
        let (right, wrong) =
            if once { (right.to_owned(), wrong.to_owned()) } else { (twice(right), twice(wrong)) };
        (slip.into(), Box::new(move |text: &str| text.replace(&right, &wrong)))
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
        mistakes.push((Slip::HostWithoutPort.into(), Box::new(change)));
    }
    let is_signed = |name: &str| signed_headers.split(';').any(|one| one == name);
    for name in signed_headers.split(';').filter(|name| !name.is_empty()) {
        let start = format!("{name}:");
        let change = move |text: &str| {
            let kept = text.split('\n').filter(|line| !line.starts_with(&start));
            kept.collect::<Vec<_>>().join("\n")
        };
        mistakes.push((Slip::HeaderNotSigned.about(name), Box::new(change)));
    }
    for (name, value) in request.headers() {
        let name = name.as_str();
        if is_signed(name) || name == "authorization" {
            continue;
        }
        let line = format!("{name}:{}", value_text(value).trim());
        mistakes.push((
            Slip::HeaderNotNamed.about(name),
            Box::new(move |text: &str| with_header(text, &line, signed_headers)),
        ));
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
