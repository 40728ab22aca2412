//! Checks the heads of HTTP/1.1 requests before hyper reads them.
//!
//! hyper accepts everything that the standard allows a lenient server to accept. It responds to the rest without a body, and it does not
//! report a request with two lengths. So each head is kept until it is complete and checked here. For a bad head, hyper gets a substitute
//! request, and the service responds to it with the error. Nothing more is read from the connection.

use crate::server::limits::{MAX_FIELDS, MAX_HEAD, MAX_METHOD};
use crate::server::refusal::{Refusal, is_control};
use bytes::{Buf, BytesMut};
use http::uri::Authority;
use http::{Request, Uri, Version};
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};

/// Substitutes for bad requests.
const STAND_IN: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
const CONTROL_STAND_IN: &[u8] = b"GET /_alimock HTTP/1.1\r\nhost: localhost\r\n\r\n";
/// Bytes read at a time while a head is incomplete.
const PART: usize = 8 << 10;

/// Meaning of the next bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    /// A number of bytes of a body.
    Body(u64),
    /// A chunked body, or the bytes after `CONNECT`: the last of the connection. The response closes the connection or opens a tunnel.
    Open,
    /// A head was rejected.
    Over,
}

/// State of the checks on a connection.
#[derive(Debug)]
pub(super) struct Heads {
    place: Place,
    /// Start of an incomplete head.
    held: BytesMut,
    /// Length of `held` at the last parse.
    parsed: usize,
    /// Length of `held` at the last search for its end.
    searched: usize,
    /// Bytes that are checked and not yet read by hyper.
    ready: BytesMut,
    /// Number of heads given to hyper.
    count: u64,
    refused: Option<Refusal>,
    /// Number of received bytes.
    received: u64,
}

impl Heads {
    pub(super) fn new() -> Self {
        Self {
            place: Place::Head,
            held: BytesMut::new(),
            parsed: 0,
            searched: 0,
            ready: BytesMut::new(),
            count: 0,
            refused: None,
            received: 0,
        }
    }

    /// Number of received bytes, read by hyper or not.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Returns `true` if the client may be in the middle of a request that is not read to its end.
    pub(super) fn is_cut(&self) -> bool {
        self.place != Place::Head
    }

    /// Reads checked bytes. For a rejected head, returns its number on the connection and the reason.
    pub(super) fn poll_read<R: AsyncRead + Unpin>(
        &mut self,
        stream: &mut R,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<Option<(u64, Refusal)>>> {
        let before = buf.filled().len();
        loop {
            if self.ready.has_remaining() {
                let count = self.ready.len().min(buf.remaining());
                buf.put_slice(&self.ready.split_to(count));
                let refused = if self.ready.is_empty() { self.refused.take() } else { None };
                return Poll::Ready(Ok(refused.map(|refused| (self.count, refused))));
            }
            if self.place == Place::Over {
                // hyper sees the end of the stream.
                return Poll::Ready(Ok(None));
            }
            if self.held.is_empty() {
                ready!(Pin::new(&mut *stream).poll_read(cx, buf))?;
                let received = &buf.filled()[before..];
                if received.is_empty() {
                    return Poll::Ready(Ok(None));
                }
                self.received += received.len() as u64;
                let good = self.admit(received);
                self.held.extend_from_slice(&received[good..]);
                if self.place == Place::Over {
                    self.stand_in();
                }
                buf.set_filled(before + good);
                if good > 0 {
                    return Poll::Ready(Ok(None));
                }
            } else {
                let mut part = [0; PART];
                let mut part = ReadBuf::new(&mut part);
                ready!(Pin::new(&mut *stream).poll_read(cx, &mut part))?;
                if part.filled().is_empty() {
                    // An incomplete head: hyper sees a connection that ended between requests.
                    return Poll::Ready(Ok(None));
                }
                self.received += part.filled().len() as u64;
                let mut held = std::mem::take(&mut self.held);
                held.extend_from_slice(part.filled());
                let good = self.admit(&held);
                self.ready = held.split_to(good);
                self.held = held;
                if self.place == Place::Over {
                    self.stand_in();
                }
            }
        }
    }

    /// Replaces the bad head by a substitute.
    fn stand_in(&mut self) {
        let target = self.held[..].split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let is_control = std::str::from_utf8(target).is_ok_and(is_control);
        self.ready.extend_from_slice(if is_control { CONTROL_STAND_IN } else { STAND_IN });
        self.held = BytesMut::new();
        self.count += 1;
    }

    /// Returns how many of the bytes may be passed on. The rest is an incomplete or rejected head.
    fn admit(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            match self.place {
                Place::Over => break,
                Place::Open => return bytes.len(),
                Place::Body(left) => {
                    let here = left.min(rest.len() as u64);
                    self.place = if left == here { Place::Head } else { Place::Body(left - here) };
                    at += usize::try_from(here).expect("no more than the bytes at hand");
                }
                Place::Head => {
                    let searched = std::mem::replace(&mut self.searched, rest.len());
                    // A head that arrives byte by byte is not parsed again for each byte.
                    let is_worth_it = rest.len() >= 2 * self.parsed
                        || rest.len() >= MAX_HEAD
                        || has_end(&rest[searched.saturating_sub(2)..]);
                    if !is_worth_it {
                        break;
                    }
                    self.parsed = rest.len();
                    match head(rest) {
                        Ok(Some((length, next))) => {
                            at += length;
                            (self.parsed, self.searched) = (0, 0);
                            self.count += 1;
                            self.place = next;
                        }
                        Ok(None) if rest.len() < MAX_HEAD => break,
                        Ok(None) => {
                            self.refused = Some(Refusal::HeadTooLarge);
                            self.place = Place::Over;
                        }
                        Err(refused) => {
                            self.refused = Some(refused);
                            self.place = Place::Over;
                        }
                    }
                }
            }
        }
        at
    }
}

/// Returns `true` if a head may end here.
fn has_end(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\n\n") || bytes.windows(3).any(|three| three == b"\n\r\n")
}

/// Length of a complete head, and the meaning of the bytes after it. `None` if the head is incomplete.
fn head(bytes: &[u8]) -> Result<Option<(usize, Place)>, Refusal> {
    let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
    let mut request = httparse::Request::new(&mut []);
    let length = match request.parse_with_uninit_headers(bytes, &mut fields) {
        Ok(httparse::Status::Complete(length)) if length > MAX_HEAD => return Err(Refusal::HeadTooLarge),
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::HeadTooLarge),
        Err(httparse::Error::Version) => {
            return Err(Refusal::malformed("the request is neither HTTP/1.1 nor HTTP/1.0"));
        }
        Err(httparse::Error::HeaderName | httparse::Error::HeaderValue) => {
            return Err(Refusal::malformed("a header field is malformed"));
        }
        Err(_) => return Err(Refusal::malformed("the request line is malformed")),
    };
    let (method, target) = (request.method.unwrap_or_default(), request.path.unwrap_or_default());
    let is_1_1 = request.version == Some(1);
    if method.len() > MAX_METHOD {
        return Err(Refusal::NotImplemented("the method is longer than 32 letters"));
    }
    check_target(method, target)?;
    let mut hosts = 0;
    let (mut length_of_body, mut coding) = (None, None);
    for field in request.headers.iter().filter(|field| matches!(field.name.len(), 4 | 14 | 17)) {
        if field.name.eq_ignore_ascii_case("host") {
            hosts += 1;
            if hosts > 1 {
                return Err(Refusal::malformed("the request has more than one `Host`"));
            }
            if !is_host(field.value) {
                return Err(Refusal::malformed("`Host` is not a host with an optional port"));
            }
        } else if field.name.eq_ignore_ascii_case("content-length") {
            let length = number(field.value)
                .ok_or_else(|| Refusal::malformed("`Content-Length` is not a number of bytes"))?;
            if length_of_body.replace(length).is_some_and(|before| before != length) {
                return Err(Refusal::malformed("the request has two different values of `Content-Length`"));
            }
        } else if field.name.eq_ignore_ascii_case("transfer-encoding")
            && coding.replace(field.value).is_some()
        {
            return Err(Refusal::malformed("the request has more than one `Transfer-Encoding`"));
        }
    }
    if is_1_1 && hosts == 0 {
        return Err(Refusal::malformed("`Host` is missing; HTTP/1.1 requires it"));
    }
    let next = match (coding, length_of_body) {
        (Some(_), _) if !is_1_1 => {
            return Err(Refusal::malformed("HTTP/1.0 does not allow `Transfer-Encoding`"));
        }
        (Some(_), Some(_)) => {
            return Err(Refusal::malformed("the request has both `Transfer-Encoding` and `Content-Length`"));
        }
        (Some(coding), None) => {
            check_coding(coding)?;
            Place::Open
        }
        (None, _) if method == "CONNECT" => Place::Open,
        (None, None | Some(0)) => Place::Head,
        (None, Some(length)) => Place::Body(length),
    };
    Ok(Some((length, next)))
}

/// Checks that the form of the target fits the method. Source: RFC 9112 section 3.2.
fn check_target(method: &str, target: &str) -> Result<(), Refusal> {
    let wrong = || Err(Refusal::malformed("the target of the request is malformed"));
    let has_form = match (method, target) {
        ("CONNECT", _) => true,
        ("OPTIONS", "*") => return Ok(()),
        _ => target.starts_with('/') || target.contains("://"),
    };
    // hyper would respond to these without a body.
    let bytes = target.as_bytes();
    let is_odd = !target.starts_with('/')
        || memchr::memchr3(b'<', b'>', b'"', bytes).or_else(|| memchr::memchr(b'`', bytes)).is_some();
    if !has_form || is_odd && target.parse::<Uri>().is_err() { wrong() } else { Ok(()) }
}

/// Checks the codings. Source: RFC 9112 section 6.3: without `chunked` at the end, the end of the body is unknown; section 6.1: other codings get status 501.
fn check_coding(coding: &[u8]) -> Result<(), Refusal> {
    let mut codings = coding.split(|byte| *byte == b',').rev().map(<[u8]>::trim_ascii);
    let is_chunked = |coding: &[u8]| coding.eq_ignore_ascii_case(b"chunked");
    if !codings.next().is_some_and(is_chunked) {
        return Err(Refusal::malformed("`Transfer-Encoding` does not end with `chunked`"));
    }
    match codings.next() {
        None => Ok(()),
        Some(coding) if is_chunked(coding) => {
            Err(Refusal::malformed("`Transfer-Encoding` lists `chunked` twice"))
        }
        Some(_) => Err(Refusal::NotImplemented("the only supported `Transfer-Encoding` is `chunked`")),
    }
}

fn number(text: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(text).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Returns `true` for a name or an address, with or without a port. An empty text is allowed: then the target has no host. Python's tea
/// clients send the whole URL of their endpoint. Source: docs/evidence/gateway.md section 0.
fn is_host(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let of_url = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let text = of_url.map_or(text, |rest| rest.split('/').next().unwrap_or(rest));
    let (host, port) = match text.rfind(':') {
        Some(colon) if !text.ends_with(']') => (&text[..colon], &text[colon + 1..]),
        _ => (text, ""),
    };
    let has_port = port.is_empty() || port.bytes().all(|c| c.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let is_name = match host.strip_prefix('[') {
        Some(address) => {
            address.strip_suffix(']').is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
        }
        None => host.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~')),
    };
    has_port && is_name
}

/// Checks the host of an HTTP/2 request. hyper has checked the rest.
///
/// Source: RFC 9113 section 8.3.1.
pub(super) fn check_h2<B>(request: &Request<B>) -> Result<(), Refusal> {
    if request.version() != Version::HTTP_2 {
        return Ok(());
    }
    let mut hosts = request.headers().get_all(http::header::HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    let authority = request.uri().authority().map(Authority::as_str);
    if second.is_some() {
        return Err(Refusal::malformed("the request has more than one `Host`"));
    }
    if authority.is_none() && host.is_none() {
        return Err(Refusal::malformed("`:authority` is missing"));
    }
    let is_other = |host: &http::HeaderValue| {
        authority.is_some_and(|authority| !host.as_bytes().eq_ignore_ascii_case(authority.as_bytes()))
    };
    if host.is_some_and(is_other) {
        return Err(Refusal::malformed("`Host` and `:authority` differ"));
    }
    let texts = authority.map(str::as_bytes).into_iter().chain(host.map(http::HeaderValue::as_bytes));
    if request.method().as_str().len() > MAX_METHOD {
        return Err(Refusal::NotImplemented("the method is longer than 32 letters"));
    }
    let is_good = texts.into_iter().all(is_host);
    if is_good { Ok(()) } else { Err(Refusal::malformed("`:authority` is not a valid host")) }
}
