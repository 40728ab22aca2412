//! Trust of TLS clients in the server.

use crate::control::Shared;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use std::fmt::Debug;

/// Provides the certificate authority of the server.
pub trait Trust: Debug + Send + Sync {
    /// Returns the root certificate as PEM. Creates it on first use.
    fn certificate(&self) -> &str;
}

pub(super) fn certificate(State(control): Shared) -> Response {
    let pem = control.trust.certificate().to_owned();
    ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response()
}
