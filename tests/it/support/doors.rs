//! Clients of products that are not behind the API gateway. Written from the official packages, not from the gateway's code:
//! pyodps 0.13.2 (`odps/accounts.py`), oss2 2.19.1 (`auth.py`).

use crate::support::sign::{encode, hex, hmac_sha1, mac};
use crate::support::{Actor, NOW, Reply};
use alimock::gateway::RawRequest;
use alimock::text::{Scalar, Timestamp};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::Hmac;
use http::Request;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The time of the clocks of a lab.
fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

/// A time relative to that of the clocks.
pub fn seconds_from_now(seconds: i64) -> Timestamp {
    now().plus_millis(seconds * 1000)
}

/// The names that a list of MaxCompute or OSS contains.
#[track_caller]
pub fn listed_names(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body.split("<Name>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// The text of the first element of this name.
#[track_caller]
pub fn xml_text(body: &str, name: &str) -> String {
    let start = body.find(&format!("<{name}>")).unwrap_or_else(|| panic!("no <{name}> in {body}"));
    let text = &body[start + name.len() + 2..];
    let text = &text[..text.find(&format!("</{name}>")).expect("an element ends")];
    text.trim_start_matches("<![CDATA[").trim_end_matches("]]>").to_owned()
}

impl Reply {
    /// Fails unless MaxCompute refused the call with this status, class and code. Returns the text.
    #[track_caller]
    pub fn assert_odps_refused(&self, status: u16, class: &str, code: &str) -> String {
        assert_eq!((self.status, xml_text(&self.body, "Code").as_str()), (status, class), "{}", self.body);
        let text = xml_text(&self.body, "Message");
        assert!(text.starts_with(&format!("{code}:")), "{text}");
        text
    }
}

/// The derived key of a V4 signature.
pub fn derive_v4_key(secret: &str, scope: &str) -> Vec<u8> {
    let first = format!("aliyun_v4{secret}").into_bytes();
    scope.split('/').fold(first, |key, part| mac::<Hmac<Sha256>>(&key, part))
}

/// A request to MaxCompute.
pub struct Odps<'a> {
    pub method: &'a str,
    /// Path and query after the endpoint, encoded.
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
                let signature =
                    STANDARD.encode(mac::<Hmac<Sha1>>(&derive_v4_key(&actor.secret, &scope), &text));
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
    /// Sends a GET request to MaxCompute.
    pub fn odps(&self, target: &str) -> Reply {
        self.lab.send(&Odps { target, ..Odps::default() }.signed(self))
    }
}

/// Version and place of an OSS signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OssForm {
    V1,
    V4,
    V1Url,
    V4Url,
}

impl OssForm {
    pub fn is_v4(self) -> bool {
        matches!(self, Self::V4 | Self::V4Url)
    }
}

pub const OSS_FORMS: [OssForm; 4] = [OssForm::V1, OssForm::V4, OssForm::V1Url, OssForm::V4Url];

/// A request to OSS.
pub struct Oss<'a> {
    pub form: OssForm,
    pub method: &'a str,
    pub bucket: &'a str,
    /// Encoded.
    pub key: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    /// If the first label of the host is the bucket, the path has no bucket.
    pub host: &'a str,
    pub region: &'a str,
    pub time: Timestamp,
    /// Lifetime of a signed URL in seconds.
    pub seconds: i64,
    /// Headers `x-oss-...`.
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a str,
}

impl Default for Oss<'_> {
    fn default() -> Self {
        Self {
            form: OssForm::V1,
            method: "GET",
            bucket: "",
            key: "",
            query: &[],
            host: "127.0.0.1:4588",
            region: "cn-hangzhou",
            time: now(),
            seconds: 60,
            headers: &[],
            body: "",
        }
    }
}

fn canonical_pairs(query: &[(String, String)], show: fn(&str) -> String) -> String {
    let one = |(name, value): &(String, String)| {
        if value.is_empty() { show(name) } else { format!("{}={}", show(name), show(value)) }
    };
    query.iter().map(one).collect::<Vec<_>>().join("&")
}

impl Oss<'_> {
    /// The request, signed by `actor`.
    pub fn signed(&self, actor: &Actor) -> RawRequest {
        let basic = self.time.to_string().replace(['-', ':'], "");
        let scope = format!("{}/{}/oss/aliyun_v4_request", &basic[..8], self.region);
        let in_url = matches!(self.form, OssForm::V1Url | OssForm::V4Url);
        let is_v4 = self.form.is_v4();
        let resource =
            if self.bucket.is_empty() { "/".to_owned() } else { format!("/{}/{}", self.bucket, self.key) };
        let mut query: Vec<(String, String)> =
            self.query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut headers: Vec<(&str, String)> =
            self.headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let mut add = |name: &str, value: String| query.push((name.to_owned(), value));
        let expires = (self.time.as_millis() / 1000 + self.seconds).to_string();
        match (self.form, &actor.token) {
            (OssForm::V1 | OssForm::V4, Some(token)) => headers.push(("x-oss-security-token", token.clone())),
            (OssForm::V1Url, Some(token)) => add("security-token", token.clone()),
            (OssForm::V4Url, Some(token)) => add("x-oss-security-token", token.clone()),
            (_, None) => {}
        }
        match self.form {
            OssForm::V4Url => {
                add("x-oss-signature-version", "OSS4-HMAC-SHA256".into());
                add("x-oss-date", basic.clone());
                add("x-oss-expires", self.seconds.to_string());
                add("x-oss-credential", format!("{}/{scope}", actor.key));
            }
            OssForm::V4 => {
                headers.push(("x-oss-date", basic.clone()));
                headers.push(("x-oss-content-sha256", "UNSIGNED-PAYLOAD".into()));
            }
            _ => {}
        }
        query.sort();
        headers.sort();
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let signature = if is_v4 {
            let all = canonical_pairs(&query, encode);
            let canonical = format!("{}\n{resource}\n{all}\n{lines}\n\nUNSIGNED-PAYLOAD", self.method);
            let text = format!("OSS4-HMAC-SHA256\n{basic}\n{scope}\n{}", hex(&Sha256::digest(&canonical)));
            hex(&mac::<Hmac<Sha256>>(derive_v4_key(&actor.secret, &scope), &text))
        } else {
            let parts = "acl bucketInfo delete location partNumber policy security-token tagging uploadId uploads versions";
            let is_part = |name: &str| parts.split(' ').any(|part| part == name);
            let parts: Vec<_> = query.iter().filter(|(name, _)| is_part(name)).cloned().collect();
            let mark = if parts.is_empty() { "" } else { "?" };
            let time = if in_url { expires.clone() } else { self.time.to_http() };
            let parts = canonical_pairs(&parts, str::to_owned);
            hmac_sha1(&actor.secret, &format!("{}\n\n\n{time}\n{lines}{resource}{mark}{parts}", self.method))
        };
        let mut add = |name: &str, value: String| query.push((name.to_owned(), value));
        match self.form {
            OssForm::V1Url => {
                add("OSSAccessKeyId", actor.key.clone());
                add("Expires", expires);
                add("Signature", signature.clone());
            }
            OssForm::V4Url => add("x-oss-signature", signature.clone()),
            _ => {}
        }
        let is_virtual = !self.bucket.is_empty() && self.host.starts_with(&format!("{}.", self.bucket));
        let path = if is_virtual { format!("/{}", self.key) } else { resource };
        let mark = if query.is_empty() { "" } else { "?" };
        let target = format!("{path}{mark}{}", canonical_pairs(&query, encode));
        let mut request = Request::builder().method(self.method).uri(target).header("host", self.host);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request = match self.form {
            OssForm::V1 => {
                let authorization = format!("OSS {}:{signature}", actor.key);
                request.header("date", self.time.to_http()).header("authorization", authorization)
            }
            OssForm::V4 => {
                let credential = format!("Credential={}/{scope}", actor.key);
                request
                    .header("authorization", format!("OSS4-HMAC-SHA256 {credential}, Signature={signature}"))
            }
            _ => request,
        };
        request.body(Bytes::from(self.body.to_owned())).unwrap()
    }
}

impl Actor {
    /// Sends a request to OSS.
    pub fn oss(&self, call: &Oss<'_>) -> Reply {
        self.lab.send(&call.signed(self))
    }
}

impl Reply {
    /// Fails unless OSS refused the call with this status and code. Returns the text.
    #[track_caller]
    pub fn assert_oss_refused(&self, status: u16, code: &str) -> String {
        assert_eq!((self.status, xml_text(&self.body, "Code").as_str()), (status, code), "{}", self.body);
        assert_eq!(xml_text(&self.body, "RequestId"), self.headers["x-oss-request-id"]);
        xml_text(&self.body, "Message")
    }
}
