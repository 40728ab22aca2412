//! The journal names the mistake behind a wrong signature. Each named mistake fits the signature that was sent.

use crate::support::sign::{Form, Signer, encode, hex, hmac_sha1, mac};
use crate::support::{Lab, NOW};
use alimock::gateway::RawRequest;
use alimock::text::Timestamp;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::Hmac;
use http::Request;
use sha2::{Digest, Sha256};
use std::sync::Arc;

const ID: &str = "LTAI5tActive0001";
const SECRET: &str = "activeSecret0123";

fn lab() -> Arc<Lab> {
    Lab::with_scenario(&format!("accounts: [{{name: demo, keys: [{{id: {ID}, secret: {SECRET}}}]}}]"))
}

/// What the journal says of a request with a wrong signature.
fn cause(lab: &Lab, request: &RawRequest) -> String {
    lab.send(request).assert_refused(400, "SignatureDoesNotMatch");
    lab.last_record().refused.as_ref().unwrap().mismatch.as_ref().unwrap().cause.to_string()
}

/// A request of RPC v1 whose parameters are sent in this order. `text` makes what is signed of the pairs.
fn rpc_v1(pairs: &[(&str, &str)], text: impl Fn(&[(&str, &str)]) -> String) -> RawRequest {
    let signature = hmac_sha1(&format!("{SECRET}&"), &text(pairs));
    let query: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let target = format!("/?Signature={}&{}", encode(&signature), query.join("&"));
    Request::get(target).header("host", "127.0.0.1:4588").body(Bytes::new()).unwrap()
}

/// The parameters of a call, not sorted.
fn unsorted(nonce: &str) -> Vec<(&str, &str)> {
    vec![
        ("Version", "2015-05-01"),
        ("action-note", "b"),
        ("Action", "GetUser"),
        ("UserName", "a b:c"),
        ("AccessKeyId", ID),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", nonce),
        ("Timestamp", NOW),
        ("Format", "JSON"),
    ]
}

fn string_to_sign(pairs: &[(&str, &str)], encode_value: impl Fn(&str) -> String) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode_value(name), encode_value(value))).collect();
    format!("GET&%2F&{}", encode(&pairs.join("&")))
}

fn sorted<'a>(pairs: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable();
    pairs
}

#[test]
fn orders_and_encodings_of_parameters_of_v1() {
    let lab = lab();
    let nonces: Vec<String> = (0..5).map(|_| lab.nonce()).collect();
    let right = rpc_v1(&unsorted(&nonces[0]), |pairs| string_to_sign(&sorted(pairs), encode));
    lab.send(&right).assert_refused(400, "InvalidParameter.UserName.InvalidChars");

    let as_sent = rpc_v1(&unsorted(&nonces[1]), |pairs| string_to_sign(pairs, encode));
    assert_eq!(
        cause(&lab, &as_sent),
        "the parameters were signed in the order in which they were sent, not sorted"
    );
    let signature = lab.last_record().refused.as_ref().unwrap().mismatch.clone().unwrap();
    assert!(signature.client.unwrap().starts_with("GET&%2F&Version%3D2015-05-01%26action-note"));
    let blind = rpc_v1(&unsorted(&nonces[2]), |pairs| {
        let mut pairs = pairs.to_vec();
        pairs.sort_by_key(|(name, _)| name.to_lowercase());
        string_to_sign(&pairs, encode)
    });
    assert_eq!(cause(&lab, &blind), "the parameters were sorted regardless of case");
    let twice =
        rpc_v1(&unsorted(&nonces[3]), |pairs| string_to_sign(&sorted(pairs), |text| encode(&encode(text))));
    assert_eq!(cause(&lab, &twice), "names and values were encoded once more than documented");
    let once = rpc_v1(&unsorted(&nonces[4]), |pairs| string_to_sign(&sorted(pairs), str::to_owned));
    assert_eq!(cause(&lab, &once), "names and values were encoded only once");
}

#[test]
fn the_method_in_other_capitals() {
    let lab = lab();
    let nonce = lab.nonce();
    let request =
        rpc_v1(&unsorted(&nonce), |pairs| string_to_sign(&sorted(pairs), encode).replacen("GET", "get", 1));

    let words = "the HTTP method was signed in other capitals than it was sent in";
    assert_eq!(cause(&lab, &request), words);
    let actor = lab.actor(ID, SECRET).signing(Form::RpcV3);
    let signer = Signer { request: Some(("POST".into(), "post".into())), ..Signer::default() };
    assert_eq!(cause(&lab, &actor.request_by(&signer, "2015-05-01", "GetUser", &[])), words);
    assert_eq!(cause(&lab, &roa_v1(&lab, |text| text.replacen("GET", "get", 1))), words);
}

#[test]
fn secrets_with_what_files_and_variables_add() {
    let lab = lab();
    let base64 = STANDARD.encode(SECRET);
    for form in [Form::RpcV1, Form::RpcV1Sha256, Form::RpcV3, Form::RpcV3Sm3, Form::RoaV1, Form::RoaV3] {
        for (secret, words) in [
            (format!("{SECRET}\n"), "the secret had a line end"),
            (format!("{SECRET}\r\n"), "the secret had a line end of Windows"),
            (format!("{SECRET} "), "the secret had a blank after it"),
            (format!(" {SECRET}"), "the secret had a blank before it"),
            (format!(" {SECRET} "), "the secret had blanks around it"),
            (format!("\u{feff}{SECRET}"), "the secret had a byte order mark"),
            (format!("\"{SECRET}\""), "the secret had quotes around it"),
            (base64.clone(), "the secret was still in base64"),
            (SECRET.to_lowercase(), "the secret was in lower case"),
            (String::new(), "the secret was empty"),
        ] {
            let actor = lab.actor(ID, &secret).signing(form);
            let request = actor.request("2015-12-15", "DescribeClusters", &[]);
            assert_eq!(cause(&lab, &request), words, "{form:?}");
        }
        let nobodys =
            lab.actor(ID, "nobodysSecret").signing(form).request("2015-12-15", "DescribeClusters", &[]);
        assert_eq!(cause(&lab, &nobodys), "wrong secret, or something changed the request after signing");
    }
}

/// A request of v3 with this query; what is signed has `canonical` in its place.
fn v3(lab: &Lab, path: (&str, &str), query: &str, canonical: &str) -> RawRequest {
    let payload = hex(&Sha256::digest(""));
    let nonce = lab.nonce();
    let headers = [
        ("host", "127.0.0.1:4588"),
        ("x-acs-action", "GetUser"),
        ("x-acs-content-sha256", &payload),
        ("x-acs-date", NOW),
        ("x-acs-signature-nonce", &nonce),
        ("x-acs-version", "2015-05-01"),
    ];
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names = headers.map(|(name, _)| name).join(";");
    let (sent, signed) = path;
    let text = format!("POST\n{signed}\n{canonical}\n{lines}\n{names}\n{payload}");
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(text)));
    let signature = hex(&mac::<Hmac<Sha256>>(SECRET, &to_sign));
    let mut request = Request::post(format!("{sent}?{query}"));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let authorization =
        format!("ACS3-HMAC-SHA256 Credential={ID},SignedHeaders={names},Signature={signature}");
    request.header("authorization", authorization).body(Bytes::new()).unwrap()
}

#[test]
fn orders_and_encodings_of_v3() {
    let lab = lab();
    let query = "b=1&A=x%20y";
    lab.send(&v3(&lab, ("/", "/"), query, "A=x%20y&b=1")).assert_refused(400, "MissingUserName");

    let said = |canonical: &str| cause(&lab, &v3(&lab, ("/", "/"), query, canonical));
    assert_eq!(
        said("b=1&A=x%20y"),
        "the parameters were signed in the order in which they were sent, not sorted"
    );
    assert_eq!(said("A=x%2520y&b=1"), "names and values were encoded once more than documented");
    let query = "B=1&a=2";
    let blind = v3(&lab, ("/", "/"), "a=2&C=3&B=1", "a=2&B=1&C=3");
    assert_eq!(cause(&lab, &blind), "the parameters were sorted regardless of case");
    let path = v3(&lab, ("/a%20b", "/a%2520b"), query, query);
    assert_eq!(cause(&lab, &path), "the path was encoded once more than documented");
}

/// A request of ROA v1 with a query; `change` makes what is signed.
fn roa_v1(lab: &Lab, change: impl Fn(&str) -> String) -> RawRequest {
    let date = Timestamp::parse_signed(NOW).unwrap().0.to_http();
    let nonce = lab.nonce();
    let own = [("x-acs-signature-nonce", &*nonce), ("x-acs-version", "2015-12-15")];
    let lines: String = own.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let text = change(&format!("GET\napplication/json\n\n\n{date}\n{lines}/clusters?A=x y&b=1"));
    let request = Request::get("/clusters?b=1&A=x%20y").header("host", "127.0.0.1:4588");
    let request = request.header("accept", "application/json").header("date", date);
    let request = own.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    let authorization = format!("acs {ID}:{}", hmac_sha1(SECRET, &text));
    request.header("authorization", authorization).body(Bytes::new()).unwrap()
}

#[test]
fn queries_of_roa_v1() {
    let lab = lab();
    lab.send(&roa_v1(&lab, str::to_owned)).assert_refused(404, "InvalidAction.NotFound");

    for (signed, words) in [
        ("b=1&A=x y", "the parameters were signed in the order in which they were sent, not sorted"),
        ("A=x%20y&b=1", "the query was signed encoded"),
    ] {
        assert_eq!(cause(&lab, &roa_v1(&lab, |text| text.replace("A=x y&b=1", signed))), words);
    }
    let without = roa_v1(&lab, |text| text.replace("?A=x y&b=1", ""));
    assert_eq!(cause(&lab, &without), "the query was not signed");
}
