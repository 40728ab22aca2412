//! What shapes are made of: a job, and how libraries write parameters, headers and requests.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
pub struct Key {
    pub id: &'static str,
    pub secret: &'static str,
    pub token: Option<&'static str>,
}

/// What a client wants: an action with parameters. The serial makes nonces.
pub struct Job<'a> {
    pub host: String,
    pub key: Key,
    pub version: &'a str,
    pub action: &'a str,
    pub params: &'a [(&'a str, &'a str)],
    pub serial: u32,
}

/// What goes over the wire, and the text that the client signed: some compare it with the one in a refusal.
pub struct Sent {
    pub bytes: Vec<u8>,
    pub signed: String,
}

/// How a library writes what a URL cannot hold.
#[derive(Clone, Copy)]
pub struct Escape {
    keeps: &'static str,
    space: &'static str,
    lower: bool,
}

pub const RFC3986: Escape = Escape { keeps: "-_.~", space: "%20", lower: false };
/// `urllib.parse.urlencode` of Python, `url.QueryEscape` of Go.
pub const FORM: Escape = Escape { keeps: "-_.~", space: "+", lower: false };
/// `urlencode` of PHP.
pub const PHP_FORM: Escape = Escape { keeps: "-_.", space: "+", lower: false };
/// `HttpUtility.UrlEncode` of .NET.
pub const NET: Escape = Escape { keeps: "-_.!*()", space: "+", lower: true };

impl Escape {
    pub fn text(self, text: &str) -> String {
        let write = |byte: u8| match byte {
            b' ' => self.space.to_owned(),
            _ if byte.is_ascii_alphanumeric() || self.keeps.as_bytes().contains(&byte) => {
                (byte as char).to_string()
            }
            _ if self.lower => format!("%{byte:02x}"),
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(write).collect()
    }

    pub fn pairs(self, pairs: &[(&str, &str)]) -> String {
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| format!("{}={}", self.text(name), self.text(value))).collect();
        pairs.join("&")
    }
}

pub fn sorted<'a>(pairs: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().copied().collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// A request of these headers, which are lines of a shape with its gaps filled.
pub fn http(method: &str, target: &str, headers: &[(String, String)], body: &str) -> Vec<u8> {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("{method} {target} HTTP/1.1\r\n{lines}{length}Connection: close\r\n\r\n{body}").into_bytes()
}

/// The lines of a shape as headers. A line whose gap nothing fills is left out.
pub fn headers(lines: &str, gaps: &[(&str, &str)]) -> Vec<(String, String)> {
    let line = |line: &str| {
        let (name, value) = line.split_once(": ").expect("a line is a header");
        let value = gaps.iter().fold(value.to_owned(), |value, (gap, text)| value.replace(gap, text));
        (!value.is_empty()).then(|| (name.to_owned(), value))
    };
    lines.lines().filter_map(|one| line(one.trim())).collect()
}

/// The nonce of a shape, whose `#` is the serial of the request.
pub fn nonce(pattern: &str, serial: u32) -> String {
    pattern.replace('#', &serial.to_string())
}

pub const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// Base64 of the MD5 of a body.
pub fn md5(body: &str) -> String {
    STANDARD.encode(Md5::digest(body))
}
