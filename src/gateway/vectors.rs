//! Signatures of official clients, checked by the functions that check every request.
//!
//! Source: tests/data/signature-vectors.json (what the clients themselves computed with a fixed clock and nonce).

use crate::gateway::authenticate::crypto::Algorithm;
use crate::gateway::call::{Sent, Shown};
use crate::gateway::request::RawRequest;
use crate::gateway::{authenticate, parse};
use crate::scenario::public_key;
use crate::text::SecretText;
use crate::world::account::KeyMaterial;
use bytes::Bytes;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
    negative_vectors: Vec<Vector>,
    unsigned_shapes: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    style: Option<String>,
    signature_algorithm: Option<String>,
    access_key_id: Option<String>,
    access_key_secret: Option<String>,
    security_token: Option<String>,
    public_key: Option<String>,
    request: VectorRequest,
    expected: Expected,
}

#[derive(Deserialize)]
struct VectorRequest {
    method: String,
    path: String,
    raw_query: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Deserialize)]
struct Expected {
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../tests/data/signature-vectors.json")).unwrap()
}

fn request(vector: &Vector) -> RawRequest {
    let VectorRequest { method, path, raw_query, headers, body } = &vector.request;
    let target = if raw_query.is_empty() { path.clone() } else { format!("{path}?{raw_query}") };
    let mut request = http::Request::builder().method(method.as_str()).uri(target);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Bytes::from(body.clone())).unwrap()
}

/// Returns the result of the check, if the key were known.
fn verdict(vector: &Vector) -> crate::error::Result<()> {
    let request = request(vector);
    let call = parse::call(&request, None);
    let Shown::Signed(signed) = &call.shown else { panic!("{}: no signature was seen", vector.id) };
    assert_eq!(call.form.name, vector.style.as_deref().unwrap().to_lowercase(), "{}", vector.id);
    let algorithm = Algorithm::named(signed.method.as_deref().unwrap()).unwrap();
    let material = match (&vector.access_key_secret, &vector.public_key) {
        (Some(secret), _) => KeyMaterial::Secret(SecretText::new(secret.as_str())),
        (None, Some(pem)) => KeyMaterial::Public(public_key::rsa(pem).unwrap().into()),
        (None, None) => panic!("{}: no key", vector.id),
    };
    (call.form.body_fits)(&request)?;
    authenticate::verify(Sent { request: &request, call: &call, signed }, algorithm, &material)
}

#[test]
fn every_positive_vector_verifies() {
    let vectors = vectors().vectors;
    assert_eq!(vectors.len(), 100);
    for vector in vectors {
        let request = request(&vector);
        let call = parse::call(&request, None);
        let Shown::Signed(signed) = &call.shown else { panic!("{}: no signature was seen", vector.id) };
        assert_eq!(Some(signed.key.as_str()), vector.access_key_id.as_deref(), "{}", vector.id);
        assert_eq!(signed.token.as_deref(), vector.security_token.as_deref(), "{}", vector.id);
        assert_eq!(signed.method.as_deref(), vector.signature_algorithm.as_deref(), "{}", vector.id);
        if let Err(error) = verdict(&vector) {
            panic!("{}: {}", vector.id, error.message);
        }
    }
}

#[test]
fn every_negative_vector_is_refused() {
    let vectors = vectors().negative_vectors;
    assert_eq!(vectors.len(), 14);
    for vector in vectors {
        let error = verdict(&vector).expect_err(&vector.id);
        let code = if vector.id == "neg-008" { "ContentMD5NotMatched" } else { "SignatureDoesNotMatch" };
        assert_eq!(error.code, code, "{}", vector.id);
    }
}

#[test]
fn our_first_string_to_sign_is_the_clients_own_where_clients_agree() {
    let mut differing = Vec::new();
    for vector in vectors().vectors {
        let request = request(&vector);
        let call = parse::call(&request, None);
        let Shown::Signed(signed) = &call.shown else { unreachable!("every vector is signed") };
        let algorithm = Algorithm::named(signed.method.as_deref().unwrap()).unwrap();
        let sent = Sent { request: &request, call: &call, signed };
        let ours = (call.form.signing)(sent, algorithm).texts.next().unwrap();
        let theirs = vector.expected.canonical_request.or(vector.expected.string_to_sign).unwrap();
        if ours != theirs {
            differing.push(vector.id);
        }
    }
    // Three clients sign an empty ROA query value without `=`; Java signs an empty header as `null`.
    let expected = ["py-tea-v1roa-002", "java-core-roa-001", "java-core-v3roa-001", "go-core-roa-001"];
    assert_eq!(differing, expected);
}

#[test]
fn unsigned_requests_show_no_signature() {
    for vector in vectors().unsigned_shapes {
        let call = parse::call(&request(&vector), None);
        match (&call.shown, vector.id.starts_with("bearer")) {
            (Shown::Bearer(token), true) => assert!(!token.is_empty(), "{}", vector.id),
            (Shown::Nothing, false) => assert!(!call.action.is_empty(), "{}", vector.id),
            (shown, _) => panic!("{}: {shown:?}", vector.id),
        }
    }
}
