//! A world written down as a scenario.

use crate::control::{Answer, ControlError, Shared};
use crate::scenario::Export;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::header;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct As {
    format: Option<String>,
}

pub(super) async fn export(
    State(control): Shared,
    Path(world): Path<String>,
    Query(wanted): Query<As>,
) -> Answer<Response> {
    let export = Export::present(&*control.world(&world)?);
    let (kind, text) = match wanted.format.as_deref() {
        None | Some("yaml") => ("application/yaml", export.yaml()),
        Some("json") => ("application/json", export.json()),
        Some(other) => return Err(unknown_format(other, "`yaml` nor `json`")),
    };
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

fn unknown_format(format: &str, known: &str) -> ControlError {
    ControlError::bad_request("invalid_format", format!("`format`: `{format}` is neither {known}"))
}
