//! Raw requests of official clients. Source: tests/data/captures.json, recorded on 2026-11-22 with dummy keys.

use crate::support::{CLIENT, Lab};
use alimock::gateway::RawRequest;
use alimock::text::Timestamp;
use alimock::world::clock::Run;
use alimock::world::{Caller, Clocks};
use bytes::Bytes;
use http::Request;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
struct Capture {
    client: String,
    call: String,
    access_key_id: Option<String>,
    access_key_secret: Option<String>,
    security_token: Option<String>,
    signature_verified: Option<bool>,
    raw: Raw,
}

#[derive(Deserialize, Clone)]
struct Raw {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn captures() -> Vec<Capture> {
    serde_json::from_str(include_str!("../data/captures.json")).unwrap()
}

impl Raw {
    /// A changed byte may make what no HTTP library can hold; such a request never reaches the gateway.
    fn request(&self) -> Option<RawRequest> {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.target);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Bytes::from(self.body.clone())).ok()
    }

    fn time(&self) -> Timestamp {
        let header = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("x-acs-date"))
            .map(|(_, value)| value.clone());
        let all = format!("{}&{}", self.target, self.body);
        let param = all
            .split(['&', '?'])
            .find_map(|part| part.strip_prefix("Timestamp="))
            .map(|time| time.replace("%3A", ":"));
        Timestamp::parse_signed(&param.or(header).expect("a signed request has a time"))
            .expect("of a known form")
            .0
    }
}

impl Capture {
    /// A world in which the capture's key exists, at the capture's time.
    fn lab(&self) -> Arc<Lab> {
        let (id, secret) = (self.access_key_id.as_ref().unwrap(), self.access_key_secret.as_ref().unwrap());
        let scenario = match &self.security_token {
            None => {
                serde_json::json!({"accounts": [{"name": "demo", "keys": [{"id": id, "secret": secret}]}]})
            }
            Some(token) => {
                let session = serde_json::json!({"name": "s", "id": id, "secret": secret, "token": token});
                serde_json::json!({"accounts": [{"name": "demo", "roles": [{"name": "r", "sessions": [session]}]}]})
            }
        };
        // The lab writes its clock as a line of YAML in front.
        let lab = Lab::with_scenario(
            &scenario
                .to_string()
                .trim_start_matches('{')
                .trim_end_matches('}')
                .replace("\"accounts\":", "accounts: "),
        );
        let at = Run::Frozen(self.raw.time());
        lab.world().clock.set(Clocks { resource: at, gateway: at });
        lab
    }

    fn is_let_in(&self, lab: &Lab, raw: &Raw) -> bool {
        let Some(request) = raw.request() else { return false };
        let answer = lab.gateway.handle(&request, CLIENT);
        assert_ne!(answer.status(), 500, "{} {}", self.client, self.call);
        lab.last_record().caller != Caller::Nobody
    }
}

#[test]
fn every_signed_capture_is_accepted_if_its_key_exists() {
    let signed: Vec<_> =
        captures().into_iter().filter(|capture| capture.signature_verified == Some(true)).collect();
    assert_eq!(signed.len(), 190);
    for capture in &signed {
        let lab = capture.lab();
        assert!(
            capture.is_let_in(&lab, &capture.raw),
            "{} {}: {:?}",
            capture.client,
            capture.call,
            lab.last_record()
        );
    }
}

#[test]
fn the_capture_whose_signature_does_not_match_is_refused() {
    let wrong: Vec<_> =
        captures().into_iter().filter(|capture| capture.signature_verified == Some(false)).collect();
    assert_eq!(wrong.len(), 1);
    assert!(!wrong[0].is_let_in(&wrong[0].lab(), &wrong[0].raw));
}

#[test]
fn a_signed_capture_with_one_byte_changed_is_refused() {
    let mut changed = 0;
    for capture in captures().into_iter().filter(|capture| capture.signature_verified == Some(true)) {
        let lab = capture.lab();
        for raw in mutations(&capture.raw) {
            changed += 1;
            assert!(
                !capture.is_let_in(&lab, &raw),
                "{} {}: {} {}",
                capture.client,
                capture.call,
                raw.target,
                raw.body
            );
        }
    }
    assert!(changed > 190 * 8, "{changed}");
}

/// The capture with one byte changed at up to sixteen places of query, body and signed headers.
fn mutations(raw: &Raw) -> Vec<Raw> {
    let swap = |text: &str, at: usize| -> Option<String> {
        let byte = text.as_bytes()[at];
        // A digit of an escape in the other case is the same escape.
        let other = if byte == b'7' { '8' } else { '7' };
        (byte.is_ascii_alphanumeric()).then(|| format!("{}{other}{}", &text[..at], &text[at + 1..]))
    };
    let places =
        |len: usize, from: usize| (0..16).map(move |i| from + (len - from) * i / 16).collect::<Vec<_>>();
    let mut all = Vec::new();
    if let Some(query) = raw.target.find('?') {
        let places = places(raw.target.len(), query + 1);
        all.extend(
            places
                .into_iter()
                .filter_map(|at| swap(&raw.target, at))
                .map(|target| Raw { target, ..raw.clone() }),
        );
    }
    if !raw.body.is_empty() {
        let places = places(raw.body.len(), 0);
        all.extend(
            places.into_iter().filter_map(|at| swap(&raw.body, at)).map(|body| Raw { body, ..raw.clone() }),
        );
    }
    if raw
        .headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("authorization") && value.starts_with("ACS3"))
    {
        for (index, (name, value)) in raw.headers.iter().enumerate() {
            if !name.to_ascii_lowercase().starts_with("x-acs-") && !name.eq_ignore_ascii_case("authorization")
            {
                continue;
            }
            let places = [value.len() - 1, value.len() / 2];
            for changed in places.into_iter().filter_map(|at| swap(value, at)) {
                let mut copy = raw.clone();
                copy.headers[index].1 = changed;
                all.push(copy);
            }
        }
    }
    all.dedup_by(|a, b| a.target == b.target && a.body == b.body && a.headers == b.headers);
    all
}
