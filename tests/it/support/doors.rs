//! Clients of products that are not behind the API gateway. Written from the official packages, not from the gateway's code:
//! pyodps 0.13.2 (`odps/accounts.py`).

use crate::support::sign::{hmac_sha1, mac};
use crate::support::{Actor, NOW, Reply};
use alimock::gateway::RawRequest;
use alimock::text::{Scalar, Timestamp};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::Hmac;
use http::Request;
use sha1::Sha1;
use sha2::Sha256;

/// Clocks of labs stand at this time.
fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

/// The text of the first element of this name.
#[track_caller]
pub fn element(body: &str, name: &str) -> String {
    let start = body.find(&format!("<{name}>")).unwrap_or_else(|| panic!("no <{name}> in {body}"));
    let text = &body[start + name.len() + 2..];
    let text = &text[..text.find(&format!("</{name}>")).expect("an element ends")];
    text.trim_start_matches("<![CDATA[").trim_end_matches("]]>").to_owned()
}

impl Reply {
    /// A call that must have been refused so by MaxCompute; gives its text.
    #[track_caller]
    pub fn odps_err(&self, status: u16, class: &str, code: &str) -> String {
        assert_eq!((self.status, element(&self.body, "Code").as_str()), (status, class), "{}", self.body);
        let text = element(&self.body, "Message");
        assert!(text.starts_with(&format!("{code}:")), "{text}");
        text
    }
}

/// The key of the fourth generation of signatures.
fn derived(secret: &str, scope: &str) -> Vec<u8> {
    let first = format!("aliyun_v4{secret}").into_bytes();
    scope.split('/').fold(first, |key, part| mac::<Hmac<Sha256>>(&key, part))
}

/// A request to MaxCompute.
pub struct Odps<'a> {
    pub method: &'a str,
    /// What follows the endpoint, encoded.
    pub target: &'a str,
    /// Path of the endpoint, `/api` or nothing.
    pub base: &'a str,
    pub host: &'a str,
    /// Signs with V4 for this region.
    pub region: Option<&'a str>,
    pub time: Timestamp,
    pub headers: &'a [(&'a str, &'a str)],
}

impl Default for Odps<'_> {
    fn default() -> Self {
        let (host, base) = ("127.0.0.1:4588", "/api");
        Self { method: "GET", target: "/projects", base, host, region: None, time: now(), headers: &[] }
    }
}

impl Odps<'_> {
    /// The request, signed by `actor`.
    pub fn signed(&self, actor: &Actor) -> RawRequest {
        let (path, query) = self.target.split_once('?').unwrap_or((self.target, ""));
        let mut params: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        for pair in &mut params {
            *pair = pair.strip_suffix('=').unwrap_or(pair);
        }
        params.sort_unstable();
        let mark = if params.is_empty() { "" } else { "?" };
        let resource = format!("{path}{mark}{}", params.join("&"));
        let date = self.time.to_http();
        let mut lines = vec![
            ("content-md5".to_owned(), String::new()),
            ("content-type".to_owned(), String::new()),
            ("date".to_owned(), date.clone()),
        ];
        lines
            .extend(self.headers.iter().map(|(name, value)| ((*name).to_owned(), format!("{name}:{value}"))));
        lines.sort();
        let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        let text = format!("{}\n{}\n{resource}", self.method, lines.join("\n"));
        let authorization = match self.region {
            None => format!("ODPS {}:{}", actor.key, hmac_sha1(&actor.secret, &text)),
            Some(region) => {
                let day = self.time.to_string()[..10].replace('-', "");
                let scope = format!("{day}/{region}/odps/aliyun_v4_request");
                let signature = STANDARD.encode(mac::<Hmac<Sha1>>(&derived(&actor.secret, &scope), &text));
                format!("ODPS {}/{scope}:{signature}", actor.key)
            }
        };
        let target = format!("{}{}", self.base, self.target);
        let mut request = Request::builder().method(self.method).uri(target).header("host", self.host);
        request = request.header("date", date).header("authorization", authorization);
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &actor.token {
            request = request.header("authorization-sts-token", token);
        }
        request.body(Bytes::new()).unwrap()
    }
}

impl Actor {
    /// Reads something of MaxCompute.
    pub fn odps(&self, target: &str) -> Reply {
        self.lab.send(&Odps { target, ..Odps::default() }.signed(self))
    }
}
