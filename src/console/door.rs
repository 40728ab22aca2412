//! Requests that the console answers: its own paths, and the pages of the real console at their hosts.
//!
//! Hosts and paths: docs/evidence/account.md 1.1, 2.4 and 5. UNCERTAIN: the paths of pages that current documents show
//! only as pictures. `tests/it/console/hosts.rs` lists them.

use crate::console::pages::ram;
use crate::text::REGIONS;
use crate::world::World;
use http::{HeaderMap, Method, Uri, header};
use std::net::IpAddr;
use std::sync::Arc;

/// Prefix of the console's own paths.
pub(super) const ROOT: &str = "/_alimock";

/// Page that leads from `/` of a server to its first page.
pub const START: &str = "/start";

/// Domains of the real console, each with the page at `/`.
const HOSTS: [(&str, &str); 9] = [
    ("signin.aliyun.com", "/console/login"),
    ("signin.alibabacloud.com", "/console/login"),
    ("account.aliyun.com", "/console/"),
    ("account.alibabacloud.com", "/console/"),
    ("ak-console.aliyun.com", "/console/keys"),
    ("usercenter2.aliyun.com", "/console/money"),
    ("ram.console.aliyun.com", ram::ROOT),
    ("usercenter.console.aliyun.com", "/console/keys"),
    ("account-intl.console.aliyun.com", "/console/security"),
];

/// Paths at these hosts besides `/`, each with its page.
const PATHS: [(&str, &str); 7] = [
    ("/login/login.htm", "/console/login"),
    ("/login.htm", "/console/login"),
    ("/register/register.htm", "/console/sign-up"),
    ("/register/intl_register.htm", "/console/sign-up"),
    ("/accesskey", "/console/keys"),
    ("/manage/ak", "/console/keys"),
    ("/certification", "/console/real-name"),
];

/// Properties of a connection that a page depends on.
#[derive(Debug, Clone)]
pub struct Door {
    /// Client address.
    pub client: IpAddr,
    /// `true` for a connection over TLS.
    pub secure: bool,
    /// World that the port or the host identifies.
    pub world: Option<Arc<World>>,
}

/// Returns `true` if pages open at a host of Alibaba Cloud: one of the real console, or the endpoint of a product. Hosts that are named by
/// customers, such as those of buckets, are not among them.
pub(super) fn is_known_host(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_endpoint = |below: &str| match below.split_once('.') {
        None => true,
        Some((_, region)) => REGIONS.iter().any(|one| one.id == region),
    };
    start_of(&host).is_some() || host.strip_suffix(".aliyuncs.com").is_some_and(is_endpoint)
}

/// Returns the page at `/` of a host of the real console.
fn start_of(host: &str) -> Option<&'static str> {
    let is_below =
        |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    HOSTS.iter().find(|(domain, _)| is_below(domain)).map(|(_, page)| *page)
}

/// Returns the path below `ROOT` of the page that a request asks for. `None`: the console does not answer it.
///
/// At `/`, `/_alimock/` and `/_alimock/coverage` only browsers get a page: other clients get the answer of the gateway or
/// the control API.
pub fn page_of(method: &Method, uri: &Uri, host: &str, headers: &HeaderMap) -> Option<String> {
    let path = uri.path();
    let is_read = *method == Method::GET || *method == Method::HEAD;
    if let Some(path) = path.strip_prefix(ROOT) {
        // The control API has calls at these paths.
        let is_shared = matches!(path, "" | "/" | "/coverage");
        let is_ours = if is_shared { is_read && is_browser(headers) } else { super::knows(path) };
        return is_ours.then(|| if path.is_empty() { "/".to_owned() } else { path.to_owned() });
    }
    if !is_read {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let Some(start) = start_of(&host) else {
        let is_call = uri.query().is_some() || headers.contains_key(header::AUTHORIZATION);
        return (path == "/" && !is_call && is_browser(headers)).then(|| START.to_owned());
    };
    if path == "/" {
        return Some(start.to_owned());
    }
    if start == ram::ROOT
        && let Some(page) = ram::page_of_real(path)
    {
        return Some(page);
    }
    if let Some((_, page)) = PATHS.iter().find(|(known, _)| *known == path) {
        return Some((*page).to_owned());
    }
    if let Some(token) = path.strip_prefix("/certification/").filter(|token| !token.contains('/')) {
        return Some(format!("/console/certification/{token}"));
    }
    // `signin.aliyun.com/<UID or alias>/login.htm`: log-in of the RAM users of one account.
    let account = path.strip_prefix('/')?.strip_suffix("/login.htm")?;
    (!account.contains('/')).then(|| format!("/console/login/{account}"))
}

/// Returns `true` if a client asks for HTML in so many words.
fn is_browser(headers: &HeaderMap) -> bool {
    let mut all = headers.get_all(header::ACCEPT).iter();
    all.any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
}
