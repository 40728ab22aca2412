//! Export of a world as a scenario, and differences between two points of a world.

use crate::attributes::{apply, input};
use crate::control::call::InWorld;
use crate::control::worlds::no_such_snapshot;
use crate::control::{Answer, ControlError, ok};
use crate::scenario::Export;
use crate::scenario::difference::{self, Difference};
use crate::text::Timestamp;
use crate::world::{Point, World};
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use http::header;
use serde::Serialize;

#[apply(input)]
pub(super) struct As {
    format: Option<String>,
}

pub(super) fn export(InWorld(world): InWorld, Query(wanted): Query<As>) -> Answer<Response> {
    let export = Export::present(&world);
    let (kind, text) = match wanted.format.as_deref() {
        None | Some("yaml") => ("application/yaml", export.yaml()),
        Some("json") => ("application/json", export.json()),
        Some(other) => return Err(unknown_format(other, "`yaml` nor `json`")),
    };
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Two points of a world: `seed`, `now`, or the name of a snapshot.
#[apply(input)]
pub(super) struct Points {
    from: Option<String>,
    to: Option<String>,
    format: Option<String>,
}

/// Returns a point of a world by its name; `None` if no snapshot has this name.
pub(crate) fn point(world: &World, name: &str, now: Timestamp) -> Option<Point> {
    match name {
        "seed" => Some(world.origin(now)),
        "now" => Some(world.present(now)),
        name => world.snapshot(name, now),
    }
}

pub(super) fn diff(InWorld(world): InWorld, Query(wanted): Query<Points>) -> Answer<Response> {
    #[derive(Serialize)]
    struct Answered<'a> {
        from: &'a str,
        to: &'a str,
        differences: Vec<Difference>,
    }
    let now = world.clock.now().resource;
    world.settle(now);
    let (from, to) = (wanted.from.as_deref().unwrap_or("seed"), wanted.to.as_deref().unwrap_or("now"));
    let export = |name| {
        let point = point(&world, name, now).ok_or_else(|| no_such_snapshot(name))?;
        Ok::<_, ControlError>(Export::of(&world, &point, now))
    };
    let differences = difference::between(&export(from)?, &export(to)?);
    match wanted.format.as_deref() {
        None | Some("json") => Ok(ok(&Answered { from, to, differences })),
        Some("text") => Ok(difference::text(&differences).into_response()),
        Some(other) => Err(unknown_format(other, "`json` nor `text`")),
    }
}

fn unknown_format(format: &str, known: &str) -> ControlError {
    ControlError::bad_request("invalid_format", format!("`format`: `{format}` is neither {known}"))
}
