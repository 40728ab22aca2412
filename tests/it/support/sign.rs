//! A client of our own that signs in every form. Written from docs/evidence/gateway.md, not from the gateway's code.

use alimock::gateway::RawRequest;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use std::collections::BTreeMap;

/// The forms a request can have, with the algorithms of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    RpcV1,
    /// HMAC-SHA256, POST with everything in the body.
    RpcV1Sha256,
    RpcV3,
    RpcV3Sm3,
    RoaV1,
    RoaV3,
}

pub const ALL: [Form; 6] =
    [Form::RpcV1, Form::RpcV1Sha256, Form::RpcV3, Form::RpcV3Sm3, Form::RoaV1, Form::RoaV3];

/// What is to be signed.
pub struct Call<'a> {
    pub key: &'a str,
    pub secret: &'a str,
    pub token: Option<&'a str>,
    pub version: &'a str,
    pub action: &'a str,
    pub params: &'a [(&'a str, &'a str)],
    pub time: &'a str,
    pub nonce: &'a str,
    pub xml: bool,
}

/// How a signature is made; a test may spoil it as clients do.
#[derive(Debug, Clone)]
pub struct Signer {
    /// Something of the canonical query, and what is signed instead.
    pub query: Option<(String, String)>,
    /// Something of the canonical request of v3, and what is signed instead.
    pub request: Option<(String, String)>,
    /// How RPC v1 is signed, when it is not as it says.
    pub mac: Option<&'static str>,
    /// What follows the secret in RPC v1.
    pub suffix: &'static str,
    /// The method that is signed, when it is not the one that is sent.
    pub method: Option<&'static str>,
}

impl Default for Signer {
    fn default() -> Self {
        Self { query: None, request: None, mac: None, suffix: "&", method: None }
    }
}

impl Signer {
    fn query(&self, canonical: &str) -> String {
        match &self.query {
            Some((right, wrong)) => canonical.replace(right, wrong),
            None => canonical.to_owned(),
        }
    }
}

pub fn request(form: Form, call: &Call<'_>) -> RawRequest {
    request_by(&Signer::default(), form, call)
}

pub fn request_by(signer: &Signer, form: Form, call: &Call<'_>) -> RawRequest {
    match form {
        Form::RpcV1 => rpc_v1(signer, call, "HMAC-SHA1"),
        Form::RpcV1Sha256 => rpc_v1(signer, call, "HMAC-SHA256"),
        Form::RpcV3 => acs3(signer, call, "/", "ACS3-HMAC-SHA256"),
        Form::RpcV3Sm3 => acs3(signer, call, "/", "ACS3-HMAC-SM3"),
        Form::RoaV1 => roa_v1(call),
        Form::RoaV3 => acs3(signer, call, "/clusters", "ACS3-HMAC-SHA256"),
    }
}

/// A call that nobody signs.
pub fn unsigned(version: &str, action: &str, params: &[(&str, &str)], xml: bool) -> RawRequest {
    let format = if xml { "XML" } else { "JSON" };
    let own = [("Action", action), ("Version", version), ("Format", format)];
    let query = query(own.into_iter().chain(params.iter().copied()));
    Request::get(format!("/?{query}")).header("host", "127.0.0.1:4588").body(Bytes::new()).unwrap()
}

pub fn encode(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes().map(|b| if keep(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<_> =
        pairs.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn mac<M: Mac + KeyInit>(key: impl AsRef<[u8]>, text: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_ref()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Base64 of the HMAC that version 1 signs with.
pub fn hmac_sha1(key: &str, text: &str) -> String {
    STANDARD.encode(mac::<Hmac<Sha1>>(key, text))
}

fn rpc_v1(signer: &Signer, call: &Call<'_>, method: &str) -> RawRequest {
    let format = if call.xml { "XML" } else { "JSON" };
    let mut all: BTreeMap<&str, &str> = call.params.iter().copied().collect();
    all.extend([
        ("Action", call.action),
        ("Version", call.version),
        ("Format", format),
        ("AccessKeyId", call.key),
        ("SignatureMethod", method),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", call.nonce),
        ("Timestamp", call.time),
    ]);
    all.extend(call.token.map(|token| ("SecurityToken", token)));
    let canonical = query(all.iter().map(|(name, value)| (*name, *value)));
    let sha256 = method == "HMAC-SHA256";
    let verb = if sha256 { "POST" } else { "GET" };
    let signed_verb = signer.method.unwrap_or(verb);
    let text = format!("{signed_verb}&%2F&{}", encode(&signer.query(&canonical)));
    let key = format!("{}{}", call.secret, signer.suffix);
    let signature = match signer.mac.unwrap_or(method) {
        "HMAC-SHA256" => STANDARD.encode(mac::<Hmac<Sha256>>(&key, &text)),
        _ => hmac_sha1(&key, &text),
    };
    let sent = format!("{canonical}&Signature={}", encode(&signature));
    if sha256 {
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        request.header("host", "127.0.0.1:4588").body(sent.into()).unwrap()
    } else {
        Request::get(format!("/?{sent}")).header("host", "127.0.0.1:4588").body(Bytes::new()).unwrap()
    }
}

fn acs3(signer: &Signer, call: &Call<'_>, path: &str, algorithm: &str) -> RawRequest {
    let sm3 = algorithm.ends_with("SM3");
    let hash = |text: &str| if sm3 { hex(&Sm3::digest(text)) } else { hex(&Sha256::digest(text)) };
    let payload = hash("");
    let params: BTreeMap<&str, &str> = call.params.iter().copied().collect();
    let canonical_query = query(params.iter().map(|(name, value)| (*name, *value)));
    let mut headers: BTreeMap<&str, &str> = BTreeMap::from([
        ("accept", if call.xml { "application/xml" } else { "application/json" }),
        ("host", "127.0.0.1:4588"),
        ("x-acs-action", call.action),
        ("x-acs-version", call.version),
        ("x-acs-date", call.time),
        ("x-acs-signature-nonce", call.nonce),
        ("x-acs-content-sha256", &payload),
    ]);
    headers.extend(call.token.map(|token| ("x-acs-security-token", token)));
    headers.extend(call.token.map(|_| ("x-acs-accesskey-id", call.key)));
    let names = headers.keys().copied().collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!("POST\n{path}\n{}\n{lines}\n{names}\n{payload}", signer.query(&canonical_query));
    let canonical = match &signer.request {
        Some((from, to)) => canonical.replacen(from, to, 1),
        None => canonical,
    };
    let text = format!("{algorithm}\n{}", hash(&canonical));
    let signature = hex(&if sm3 {
        mac::<Hmac<Sm3>>(call.secret, &text)
    } else {
        mac::<Hmac<Sha256>>(call.secret, &text)
    });
    let target =
        if canonical_query.is_empty() { path.to_owned() } else { format!("{path}?{canonical_query}") };
    let mut request = Request::post(target);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let authorization =
        format!("{algorithm} Credential={},SignedHeaders={names},Signature={signature}", call.key);
    request.header("authorization", authorization).body(Bytes::new()).unwrap()
}

fn roa_v1(call: &Call<'_>) -> RawRequest {
    let date = alimock::text::Timestamp::parse_signed(call.time)
        .map_or(call.time.to_owned(), |(at, _)| at.to_http());
    let mut headers: BTreeMap<&str, &str> = BTreeMap::from([
        ("x-acs-action", call.action),
        ("x-acs-version", call.version),
        ("x-acs-signature-method", "HMAC-SHA1"),
        ("x-acs-signature-version", "1.0"),
        ("x-acs-signature-nonce", call.nonce),
    ]);
    headers.extend(call.token.map(|token| ("x-acs-security-token", token)));
    headers.extend(call.token.map(|_| ("x-acs-accesskey-id", call.key)));
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let params: BTreeMap<&str, &str> = call.params.iter().copied().collect();
    let raw: Vec<_> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let resource =
        if raw.is_empty() { "/clusters".to_owned() } else { format!("/clusters?{}", raw.join("&")) };
    let accept = if call.xml { "application/xml" } else { "application/json" };
    let text = format!("GET\n{accept}\n\n\n{date}\n{lines}{resource}");
    let signature = STANDARD.encode(mac::<Hmac<Sha1>>(call.secret, &text));
    let encoded = query(params.iter().map(|(name, value)| (*name, *value)));
    let target = if encoded.is_empty() { "/clusters".to_owned() } else { format!("/clusters?{encoded}") };
    let mut request =
        Request::get(target).header("host", "127.0.0.1:4588").header("accept", accept).header("date", date);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.header("authorization", format!("acs {}:{signature}", call.key)).body(Bytes::new()).unwrap()
}
