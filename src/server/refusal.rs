//! Rejections by the server itself, before the gateway or the control API gets a complete request. The format of the error is that of the
//! API that the client called.

use crate::control;
use crate::error::ApiError;
use crate::error::gateway::{BODY_TOO_LARGE, INTERNAL_ERROR};
use crate::server::connection::{Body, Connection};
use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use std::borrow::Cow;

/// Reason of a rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The request is not valid HTTP; with the mistake.
    Malformed(Cow<'static, str>),
    /// The head exceeds its limits.
    HeadTooLarge,
    /// The request uses an unsupported part of HTTP; with its description.
    NotImplemented(&'static str),
    /// The body exceeds its limit.
    BodyTooLarge,
    /// The body did not arrive in time.
    TimedOut(&'static str),
    /// Other bodies fill the memory for large bodies.
    Crowded,
    /// A bug in alimock.
    Bug,
}

impl Refusal {
    pub(super) fn malformed(why: &'static str) -> Self {
        Self::Malformed(Cow::Borrowed(why))
    }

    /// HTTP status, error code of the control API, and text.
    fn words(&self) -> (StatusCode, &'static str, &str) {
        match self {
            Self::Malformed(why) => (StatusCode::BAD_REQUEST, "bad_request", why),
            Self::HeadTooLarge => (
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "head_too_large",
                "the head of the request is larger than 65536 bytes or has more than 100 fields",
            ),
            Self::NotImplemented(what) => (StatusCode::NOT_IMPLEMENTED, "not_implemented", what),
            Self::BodyTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is larger than 1048576 bytes")
            }
            Self::TimedOut(why) => (StatusCode::REQUEST_TIMEOUT, "request_timeout", why),
            Self::Crowded => (
                StatusCode::SERVICE_UNAVAILABLE,
                "too_many_bodies",
                "the server is processing too many large bodies; try again",
            ),
            Self::Bug => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal_error",
                "this is a bug in alimock; please report it with the request and the log",
            ),
        }
    }

    /// Error of the gateway.
    fn error(&self) -> ApiError {
        let code = match self {
            Self::Malformed(_) => "Alimock.BadRequest",
            Self::HeadTooLarge => "Alimock.HeadTooLarge",
            Self::NotImplemented(_) => "Alimock.NotImplemented",
            Self::BodyTooLarge => return BODY_TOO_LARGE.error(),
            Self::TimedOut(_) => "Alimock.RequestTimeout",
            Self::Crowded => "Alimock.TooManyBodies",
            Self::Bug => return INTERNAL_ERROR.error(),
        };
        let (status, _, text) = self.words();
        ApiError::free(status.as_u16(), code.to_owned(), text.to_owned())
    }

    /// Response of the control API.
    pub(super) fn of_control(&self) -> Response<Body> {
        let (status, code, text) = self.words();
        control::refused(status, code, text).map(Either::Right)
    }

    /// Response in the format of the API that `head` called. The connection closes after it, because the start of the next request is
    /// unknown.
    pub(super) fn answer(&self, head: &Request<Bytes>, connection: &Connection) -> Response<Body> {
        let mut answer = if is_control(head.uri().path()) {
            self.of_control()
        } else {
            let refused = connection.app.gateway.refuse(head, &connection.entrance, self.error());
            refused.map(|body| Either::Left(Full::new(body)))
        };
        if connection.is_one_at_a_time() {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

/// Returns `true` if the path belongs to the control API.
pub(super) fn is_control(path: &str) -> bool {
    path.starts_with("/_alimock")
}
