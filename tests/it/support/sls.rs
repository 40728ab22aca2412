//! A client of Log Service. Written from the official package aliyun-log-python-sdk 0.9.52 (`auth.py`), not from the gateway's
//! code.

use crate::support::doors::{derive_v4_key, seconds_from_now};
use crate::support::sign::{encode, hex, hmac_sha1, mac};
use crate::support::{Actor, Reply};
use alimock::gateway::RawRequest;
use alimock::text::Timestamp;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::Hmac;
use http::Request;
use md5::Md5;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Generation of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlsForm {
    V1,
    /// V1 with `hmac-sha256`, as newer clients sign.
    V1Sha256,
    V4,
}

pub const SLS_FORMS: [SlsForm; 3] = [SlsForm::V1, SlsForm::V1Sha256, SlsForm::V4];

/// A request to Log Service.
pub struct Sls<'a> {
    pub form: SlsForm,
    pub method: &'a str,
    /// Goes before the host.
    pub project: &'a str,
    pub host: &'a str,
    /// Not encoded.
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    pub region: &'a str,
    pub time: Timestamp,
    pub body: &'a str,
}

impl Default for Sls<'_> {
    fn default() -> Self {
        Self {
            form: SlsForm::V1,
            method: "GET",
            project: "my-logs",
            host: "cn-hangzhou.log.aliyuncs.com",
            path: "/logstores",
            query: &[],
            region: "cn-hangzhou",
            time: seconds_from_now(0),
            body: "",
        }
    }
}

impl Sls<'_> {
    /// The request, signed by `actor`.
    pub fn signed(&self, actor: &Actor) -> RawRequest {
        let dot = if self.project.is_empty() { "" } else { "." };
        let host = format!("{}{dot}{}", self.project, self.host);
        let mut headers: Vec<(&str, String)> =
            vec![("x-log-apiversion", "0.6.0".into()), ("x-log-bodyrawsize", self.body.len().to_string())];
        if !self.body.is_empty() {
            headers.push(("content-type", "application/json".into()));
        }
        if let Some(token) = &actor.token {
            headers.push(("x-acs-security-token", token.clone()));
        }
        let mut query = self.query.to_vec();
        query.sort_unstable();
        let authorization = match self.form {
            SlsForm::V4 => self.v4(actor, &host, &query, &mut headers),
            form => self.v1(actor, form, &query, &mut headers),
        };
        let pairs: Vec<_> =
            query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        let path: Vec<_> = self.path.split('/').map(encode).collect();
        let target = format!("{}{mark}{}", path.join("/"), pairs.join("&"));
        let mut request = Request::builder().method(self.method).uri(target).header("host", host);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.header("authorization", authorization).body(Bytes::from(self.body.to_owned())).unwrap()
    }

    fn v1(
        &self,
        actor: &Actor,
        form: SlsForm,
        query: &[(&str, &str)],
        headers: &mut Vec<(&str, String)>,
    ) -> String {
        let is_sha1 = form == SlsForm::V1;
        headers.push(("x-log-signaturemethod", if is_sha1 { "hmac-sha1" } else { "hmac-sha256" }.into()));
        let date = self.time.to_http();
        let md5 = if self.body.is_empty() {
            String::new()
        } else {
            let md5 = hex(&Md5::digest(self.body)).to_uppercase();
            headers.push(("content-md5", md5.clone()));
            md5
        };
        let kind = if self.body.is_empty() { "" } else { "application/json" };
        let mut own: Vec<_> = headers.iter().filter(|(name, _)| name.starts_with("x-")).cloned().collect();
        own.sort();
        let own: String = own.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let pairs: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        let resource = format!("{}{mark}{}", self.path, pairs.join("&"));
        let text = format!("{}\n{md5}\n{kind}\n{date}\n{own}{resource}", self.method);
        headers.push(("date", date.clone()));
        headers.push(("x-log-date", date));
        let signature = if is_sha1 {
            hmac_sha1(&actor.secret, &text)
        } else {
            STANDARD.encode(mac::<Hmac<Sha256>>(actor.secret.as_bytes(), &text))
        };
        format!("LOG {}:{signature}", actor.key)
    }

    fn v4(
        &self,
        actor: &Actor,
        host: &str,
        query: &[(&str, &str)],
        headers: &mut Vec<(&str, String)>,
    ) -> String {
        let time = self.time.to_string().replace(['-', ':'], "");
        let payload = hex(&Sha256::digest(self.body));
        headers.push(("x-log-content-sha256", payload.clone()));
        headers.push(("x-log-date", time.clone()));
        let mut all = headers.clone();
        all.push(("host", host.to_owned()));
        all.sort();
        let lines: String = all.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
        let pair = |(name, value): &(&str, &str)| {
            if value.is_empty() { (*name).to_owned() } else { format!("{name}={}", encode(value)) }
        };
        let pairs: Vec<_> = query.iter().map(pair).collect();
        let canonical = format!(
            "{}\n{}\n{}\n{lines}\n{}\n{payload}",
            self.method,
            self.path,
            pairs.join("&"),
            names.join(";")
        );
        let scope = format!("{}/{}/sls/aliyun_v4_request", &time[..8], self.region);
        let text = format!("SLS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let signature = hex(&mac::<Hmac<Sha256>>(derive_v4_key(&actor.secret, &scope), &text));
        format!("SLS4-HMAC-SHA256 Credential={}/{scope},Signature={signature}", actor.key)
    }
}

impl Actor {
    /// Sends a request to Log Service.
    pub fn sls(&self, call: &Sls<'_>) -> Reply {
        self.lab.send(&call.signed(self))
    }
}

impl Reply {
    /// Fails unless Log Service refused the call with this status and code. Returns the text.
    #[track_caller]
    pub fn assert_sls_refused(&self, status: u16, code: &str) -> String {
        let body: Value = serde_json::from_str(&self.body).expect("Log Service refuses in JSON");
        assert_eq!((self.status, body["errorCode"].as_str().unwrap()), (status, code), "{body}");
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
        let id = self.headers["x-log-requestid"].to_str().unwrap();
        assert!(id.len() == 24 && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{id}");
        body["errorMessage"].as_str().unwrap().to_owned()
    }
}
