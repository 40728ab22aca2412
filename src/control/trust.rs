//! What clients have to trust to speak TLS with the server.

use crate::control::Shared;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use std::fmt::Debug;

/// Who signs the certificates of the server.
pub trait Trust: Debug + Send + Sync {
    /// The root's certificate as PEM; it is made when somebody asks first.
    fn certificate(&self) -> &str;
}

pub(super) fn certificate(State(control): Shared) -> Response {
    let pem = control.trust.certificate().to_owned();
    ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response()
}
