//! Keeps web pages out: a call that changes something is refused when its `Origin` is foreign or its `Host` could be a name
//! that an attacker points at this machine.

use crate::control::ControlError;
use crate::gateway::host_name;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};

/// The middleware.
pub(super) async fn check(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    match foreign(request.headers()) {
        Some(name) if changes => ControlError::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            format!("`{name}` may not change anything here"),
        )
        .hint("call the server by an IP address, localhost or a name without dots")
        .into_response(),
        _ => next.run(request).await,
    }
}

/// The first of `Origin` and `Host` that is not ours.
fn foreign(headers: &HeaderMap) -> Option<String> {
    let texts = [header::ORIGIN, header::HOST].into_iter().filter_map(|name| headers.get(name));
    texts
        .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
        .find(|text| !is_ours(host_name(text)))
}

/// IP addresses, localhost and names without dots (a container's, say) cannot be registered by a stranger.
fn is_ours(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<std::net::IpAddr>().is_ok()
        || !host.contains('.') && host != "null"
        || host.ends_with(".localhost")
        || host.ends_with(".internal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_stranger_can_register_are_foreign() {
        for ours in ["127.0.0.1", "[::1]", "localhost", "w1.localhost", "alimock", "host.docker.internal"] {
            assert!(is_ours(ours), "{ours}");
        }
        for foreign in ["evil.example", "127.0.0.1.evil.example", "null"] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }
}
