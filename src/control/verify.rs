//! Verification: were the calls made that should have been?

use crate::control::{Answer, ControlError, Shared, ok, read};
use crate::world::expect::{Expectation, Outcome};
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Expectations")]
pub(super) struct Wanted {
    expect: Vec<Expectation>,
}

#[derive(Serialize)]
struct Verified {
    passed: bool,
    results: Vec<Outcome>,
}

pub(super) async fn verify(
    State(control): Shared,
    Path(world): Path<String>,
    body: Bytes,
) -> Answer<Response> {
    let world = control.world(&world)?;
    let wanted: Wanted = read(&body)?;
    for (number, expectation) in wanted.expect.iter().enumerate() {
        if let Some(flaw) = expectation.flaw() {
            return Err(ControlError::bad_request(
                "invalid_expectation",
                format!("expect[{number}]: {flaw}"),
            ));
        }
    }
    let results: Vec<_> = wanted.expect.iter().map(|expectation| expectation.check(&world)).collect();
    Ok(ok(&Verified { passed: results.iter().all(|result| result.passed), results }))
}
