//! Clients of MNS, FunctionCompute 2.0 and Table Store. Written from the official packages, not from the gateway's code:
//! aliyun-mns-sdk 1.3.0 (`mns_client.py`), aliyun-fc2 2.5.2 (`auth.py`), tablestore 6.4.8 (`auth.py`, `protocol.py`).

use crate::support::Actor;
use crate::support::doors::{derive_v4_key, seconds_from_now};
use crate::support::sign::{hex, hmac_sha1, mac};
use alimock::gateway::RawRequest;
use alimock::text::Timestamp;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::Hmac;
use http::Request;
use md5::Md5;
use sha2::{Digest, Sha256};

/// A request to one of these products.
pub struct Own<'a> {
    pub method: &'a str,
    pub host: &'a str,
    /// Path and query, as sent.
    pub target: &'a str,
    pub time: Timestamp,
    pub body: &'a [u8],
}

impl Default for Own<'_> {
    fn default() -> Self {
        Self { method: "GET", host: "localhost:4588", target: "/", time: seconds_from_now(0), body: b"" }
    }
}

impl Own<'_> {
    fn request(&self, headers: &[(&str, String)]) -> RawRequest {
        let mut request = Request::builder().method(self.method).uri(self.target).header("host", self.host);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.body(Bytes::copy_from_slice(self.body)).unwrap()
    }

    /// The request to MNS, signed by `actor`.
    pub fn mns(&self, actor: &Actor) -> RawRequest {
        let date = self.time.to_http();
        let mut headers = vec![("date", date.clone()), ("x-mns-version", "2015-06-06".to_owned())];
        let (mut md5, mut kind) = (String::new(), "");
        if !self.body.is_empty() {
            (md5, kind) = (STANDARD.encode(hex(&Md5::digest(self.body))), "text/xml;charset=UTF-8");
            headers.extend([("content-md5", md5.clone()), ("content-type", kind.to_owned())]);
        }
        let own = "x-mns-version:2015-06-06\n";
        let text = format!("{}\n{md5}\n{kind}\n{date}\n{own}{}", self.method, self.target);
        headers.push(("authorization", format!("MNS {}:{}", actor.key, hmac_sha1(&actor.secret, &text))));
        headers.extend(actor.token.iter().map(|token| ("security-token", token.clone())));
        self.request(&headers)
    }

    /// The request to FunctionCompute 2.0, signed by `actor`.
    pub fn fc(&self, actor: &Actor) -> RawRequest {
        let date = self.time.to_http();
        let (path, _) = self.target.split_once('?').unwrap_or((self.target, ""));
        let mut headers = vec![("date", date.clone()), ("content-type", "application/json".to_owned())];
        let own = actor.token.as_ref().map(|token| format!("x-fc-security-token:{token}\n"));
        let text = format!("{}\n\napplication/json\n{date}\n{}{path}", self.method, own.unwrap_or_default());
        let signature = STANDARD.encode(mac::<Hmac<Sha256>>(actor.secret.as_bytes(), &text));
        headers.push(("authorization", format!("FC {}:{signature}", actor.key)));
        headers.extend(actor.token.iter().map(|token| ("x-fc-security-token", token.clone())));
        self.request(&headers)
    }

    /// The request to Table Store, signed by `actor`; with V4 for a region.
    pub fn ots(&self, actor: &Actor, region: Option<&str>) -> RawRequest {
        let mut headers = vec![
            ("x-ots-date", self.time.with_millis()),
            ("x-ots-apiversion", "2015-12-31".to_owned()),
            ("x-ots-accesskeyid", actor.key.clone()),
            ("x-ots-instancename", "my-instance".to_owned()),
            ("x-ots-contentmd5", STANDARD.encode(Md5::digest(self.body))),
        ];
        headers.extend(actor.token.iter().map(|token| ("x-ots-ststoken", token.clone())));
        let day = self.time.to_string()[..10].replace('-', "");
        if let Some(region) = region {
            headers.extend([("x-ots-signdate", day.clone()), ("x-ots-signregion", region.to_owned())]);
        }
        headers.sort();
        let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        let text = format!("{}\nPOST\n\n{}\n", self.target, lines.join("\n"));
        headers.push(match region {
            None => ("x-ots-signature", hmac_sha1(&actor.secret, &text)),
            Some(region) => {
                let key = derive_v4_key(&actor.secret, &format!("{day}/{region}/ots/aliyun_v4_request"));
                let key = STANDARD.encode(key);
                let signature = STANDARD.encode(mac::<Hmac<Sha256>>(key.as_bytes(), &format!("{text}ots")));
                ("x-ots-signaturev4", signature)
            }
        });
        Own { method: "POST", ..*self }.request(&headers)
    }
}
