//! Only what was signed is used. One file for each way in which that could fail.

mod any_change;
mod doubles;
mod hashes;
mod headers_of_v3;
mod replay;
mod rpc_v1;
mod scopes;

use crate::support::sign::{hex, mac};
use crate::support::{Actor, NOW};
use alimock::gateway::RawRequest;
use bytes::Bytes;
use hmac::Hmac;
use http::{HeaderName, HeaderValue, Request};
use sha2::{Digest, Sha256};

/// A world with a root key and a session that may do anything.
const SEED: &str = "accounts: [{name: demo, keys: [{id: LTAI5tDemoRootKey, secret: demoRootSecret}], users: [{name: ann}], \
     roles: [{name: ops, policies: [AdministratorAccess], sessions: [{name: night, id: STS.Night, secret: nightSecret, token: CAISnight}]}]}]";

/// A v3 request under construction: any of its headers can be left unsigned.
struct V3<'a> {
    query: &'a str,
    headers: Vec<(&'static str, String)>,
    body: &'a str,
    /// Headers that `SignedHeaders` does not name.
    unsigned: &'a [&'a str],
}

impl<'a> V3<'a> {
    /// A call of RAM with every header that depends on nothing else.
    fn of(action: &str) -> Self {
        let headers = [
            ("host", "127.0.0.1:4588"),
            ("x-acs-action", action),
            ("x-acs-version", "2015-05-01"),
            ("x-acs-date", NOW),
            ("x-acs-signature-nonce", action),
        ];
        let headers = headers.map(|(name, value)| (name, value.to_owned())).to_vec();
        Self { query: "", headers, body: "", unsigned: &[] }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(one, _)| *one != name);
        self
    }

    fn unsigned(self, unsigned: &'a [&'a str]) -> Self {
        Self { unsigned, ..self }
    }

    fn query(self, query: &'a str) -> Self {
        Self { query, ..self }
    }

    fn body(self, body: &'a str) -> Self {
        Self { body, ..self }
    }

    fn signed(mut self, actor: &Actor) -> RawRequest {
        let payload = hex(&Sha256::digest(self.body));
        self.headers.push(("x-acs-content-sha256", payload.clone()));
        self.headers.sort();
        let signed = self.headers.iter().filter(|(name, _)| !self.unsigned.contains(name));
        let signed: Vec<&(&str, String)> = signed.collect();
        let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let canonical = format!("POST\n/\n{}\n{lines}\n{names}\n{payload}", self.query);
        let text = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(&canonical)));
        let signature = hex(&mac::<Hmac<Sha256>>(&actor.secret, &text));
        let mut request = Request::post(format!("/?{}", self.query));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let authorization =
            format!("ACS3-HMAC-SHA256 Credential={},SignedHeaders={names},Signature={signature}", actor.key);
        request.header("authorization", authorization).body(Bytes::from(self.body.to_owned())).unwrap()
    }
}

/// A request with another value of a header, in place of what is there.
fn with_header(mut request: RawRequest, name: &'static str, value: &str) -> RawRequest {
    request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    request
}

/// A request with one more value of a header.
fn with_second(mut request: RawRequest, name: &'static str, value: &str) -> RawRequest {
    request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    request
}

/// A request with another body, of a kind.
fn with_body(request: RawRequest, kind: &str, body: &str) -> RawRequest {
    let mut request = with_header(request, "content-type", kind);
    *request.body_mut() = Bytes::from(body.to_owned());
    request
}
