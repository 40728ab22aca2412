//! Access check of the control API: a token, or without a token a check of `Host` and `Origin`.
//!
//! A web page in a browser on this machine can send requests to this server. `Origin` names the page's site. `Host` is
//! the name that the page used; any registered name can point at 127.0.0.1. The check applies to reads and changes.

use crate::control::access::Shown;
use crate::control::{Control, ControlError};
use crate::gateway::host_name;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use std::net::IpAddr;
use std::sync::Arc;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Calls that need no token. They reveal no secret and make no changes. Health checks send no header, and a client
/// needs the certificate before its first TLS request.
pub(super) const OPEN: [&str; 4] = ["/health", "/ready", "/version", "/ca.pem"];

/// The middleware.
pub(super) async fn check(State(control): State<Arc<Control>>, request: Request, next: Next) -> Response {
    match refused(&control, request.method(), request.uri().path(), request.headers()) {
        Some(why) if why.status == StatusCode::UNAUTHORIZED => {
            ([(header::WWW_AUTHENTICATE, "Bearer")], why).into_response()
        }
        Some(why) => why.into_response(),
        None => next.run(request).await,
    }
}

/// Returns the reason to reject a request.
fn refused(control: &Control, method: &Method, path: &str, headers: &HeaderMap) -> Option<ControlError> {
    let path = path.strip_prefix("/_alimock").unwrap_or(path);
    match credentials(path) {
        Some("") if *method == Method::GET || *method == Method::HEAD => {
            let why = "this path requires a token: /credentials/{token}";
            return Some(
                ControlError::new(StatusCode::UNAUTHORIZED, "token_required", why)
                    .hint("get the address with `alimock env --credentials-uri ACCOUNT/ROLE`, or with POST to this path"),
            );
        }
        None | Some("") if !OPEN.contains(&path) => {}
        _ => return None,
    }
    let unauthorized = |code: &'static str, why: &str| {
        Some(ControlError::new(StatusCode::UNAUTHORIZED, code, why).hint(
            "send `Authorization: Bearer TOKEN`; alimock commands take --control-token or ALIMOCK_CONTROL_TOKEN. \
             The server prints a generated token at its start",
        ))
    };
    match control.access.shown(headers) {
        Shown::Right => None,
        Shown::Missing => unauthorized("token_required", "the control API of this server requires a token"),
        Shown::Wrong => unauthorized("wrong_token", "wrong token for the control API"),
        Shown::NotNeeded => foreign(headers, |_| false).map(|name| {
            ControlError::new(
                StatusCode::FORBIDDEN,
                "foreign_origin",
                format!("requests from `{name}` are rejected"),
            )
            .hint("use an IP address, localhost or a name without dots, or start the server with --control-token")
        }),
    }
}

/// Returns the token in the path of a credentials URI; empty if the path has no token. The handler compares it.
fn credentials(path: &str) -> Option<&str> {
    let (world, rest) = path.strip_prefix("/worlds/")?.split_once('/')?;
    let token = rest.strip_prefix("credentials").filter(|_| !world.is_empty())?;
    if token.is_empty() {
        return Some(token);
    }
    token.strip_prefix('/').filter(|token| !token.is_empty() && !token.contains('/'))
}

/// Returns the header value that shows a request from a foreign web page. `also` names further hosts of this server.
pub(crate) fn foreign(headers: &HeaderMap, also: fn(&str) -> bool) -> Option<String> {
    let texts = |name: HeaderName| {
        let texts = headers.get_all(name).into_iter();
        texts.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase()).collect::<Vec<_>>()
    };
    let (hosts, origins) = (texts(header::HOST), texts(header::ORIGIN));
    if let Some(host) = hosts.iter().find(|host| !is_ours(host_name(host)) && !also(host_name(host))) {
        return Some(host.clone());
    }
    let is_same = |origin: &str| hosts.iter().any(|host| host_name(host) == host_name(origin));
    if let Some(origin) = origins.iter().find(|origin| !is_same(origin) && !is_near(host_name(origin))) {
        return Some(origin.clone());
    }
    // Images and links of a page send no `Origin`.
    let is_cross_site = texts(SEC_FETCH_SITE).iter().any(|site| site == "cross-site");
    (origins.is_empty() && is_cross_site).then(|| "another site".to_owned())
}

/// Returns `true` for IP addresses, localhost and names without dots (containers), which a stranger cannot register.
fn is_ours(host: &str) -> bool {
    address(host).is_some()
        || !host.contains('.') && host != "null"
        || host.ends_with(".localhost")
        || host.ends_with(".internal")
}

/// Returns `true` if a host is on this machine or its network. A page at a public IP address is foreign.
fn is_near(host: &str) -> bool {
    match address(host) {
        None => is_ours(host),
        Some(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Some(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn names_that_a_stranger_can_register_are_foreign() {
        for ours in ["127.0.0.1", "[::1]", "localhost", "w1.localhost", "alimock", "host.docker.internal"] {
            assert!(is_ours(ours), "{ours}");
        }
        for foreign in ["evil.example", "127.0.0.1.evil.example", "null"] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }

    fn foreign_of(headers: &[(HeaderName, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_static(value));
        }
        foreign(&map, |_| false).is_some()
    }

    #[test]
    fn pages_of_this_machine_and_its_network_are_let_in_and_those_of_strangers_are_not() {
        let (host, origin, site) = (header::HOST, header::ORIGIN, SEC_FETCH_SITE);
        let here = (host.clone(), "127.0.0.1:4588");
        for ours in
            ["http://localhost:3000", "http://192.168.1.7", "http://[::1]:8080", "http://app.localhost"]
        {
            assert!(
                !foreign_of(&[here.clone(), (origin.clone(), ours), (site.clone(), "cross-site")]),
                "{ours}"
            );
        }
        for strange in ["http://203.0.113.7", "https://evil.example", "null", "http://[2001:db8::1]"] {
            assert!(foreign_of(&[here.clone(), (origin.clone(), strange)]), "{strange}");
        }
        assert!(foreign_of(&[here.clone(), (host.clone(), "evil.example")]));
        assert!(foreign_of(&[
            here.clone(),
            (origin.clone(), "http://localhost"),
            (origin.clone(), "http://evil.example")
        ]));
        assert!(foreign_of(&[here.clone(), (site.clone(), "cross-site")]));
        for own in ["same-origin", "same-site", "none"] {
            assert!(!foreign_of(&[here.clone(), (site.clone(), own)]), "{own}");
        }
        assert!(!foreign_of(&[(host, "203.0.113.7:4588"), (origin, "http://203.0.113.7:4588")]));
    }

    #[test]
    fn an_address_of_credentials_has_a_token_and_nothing_after_it() {
        assert_eq!(credentials("/worlds/default/credentials/token"), Some("token"));
        assert_eq!(credentials("/worlds/default/credentials"), Some(""));
        for other in [
            "/worlds/default/credentials/",
            "/worlds/default/credentials/token/more",
            "/worlds/default/credentialsx",
            "/worlds/default/sessions/token",
            "/worlds/default/accounts/credentials/token",
            "/worlds//credentials/token",
            "/credentials/token",
        ] {
            assert_eq!(credentials(other), None, "{other}");
        }
    }
}
