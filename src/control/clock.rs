//! The two clocks of a world: read, set, advance.

use crate::attributes::{apply, input, view};
use crate::control::call::{InWorld, Input};
use crate::control::{Answer, ControlError, ok, read};
use crate::scenario::Setting;
use crate::text::{Timestamp, format_duration, parse_duration};
use crate::world::clock::Run;
use crate::world::{Clocks, FellDue, World};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

#[apply(view)]
struct Shown {
    resource: ClockView,
    gateway: ClockView,
    fell_due: Vec<FellDue>,
}

#[derive(Serialize)]
struct ClockView {
    now: Timestamp,
    run: String,
}

/// Applies all events that are due, then returns both clocks.
fn shown(world: &World) -> Shown {
    let now = world.clock.now();
    let fell_due = world.settle(now.resource);
    let setting = world.clock.setting();
    let view = |now, run| ClockView { now, run: describe(run) };
    Shown {
        resource: view(now.resource, setting.resource),
        gateway: view(now.gateway, setting.gateway),
        fell_due,
    }
}

/// Describes the setting of a clock.
pub(crate) fn describe(run: Run) -> String {
    match run {
        Run::Real => "real".to_owned(),
        Run::Offset(span) => format_duration(span),
        Run::Frozen(at) => format!("frozen at {at}"),
        Run::Scaled { factor, .. } => format!("{factor} x"),
    }
}

pub(super) fn show(InWorld(world): InWorld) -> Response {
    ok(&shown(&world))
}

#[apply(input)]
#[schemars(rename = "Clocks")]
pub(super) struct Set {
    /// The resource clock, which dates stored data; same values as `gateway`.
    #[schemars(with = "Option<serde_json::Value>")]
    resource: Option<Setting>,
    /// `"real"`, a fixed time, an offset from real time, or a number: the speed factor.
    #[schemars(with = "Option<serde_json::Value>")]
    gateway: Option<Setting>,
}

pub(super) fn set(InWorld(world): InWorld, Input(body): Input<Set>) -> Response {
    let before = world.clock.setting();
    let or = |setting: Option<Setting>, before| setting.map_or(before, Setting::run);
    world.clock.set(Clocks {
        resource: or(body.resource, before.resource),
        gateway: or(body.gateway, before.gateway),
    });
    ok(&shown(&world))
}

#[apply(input)]
pub(super) struct Advance {
    by: String,
}

pub(super) fn advance(InWorld(world): InWorld, body: Bytes) -> Answer<Response> {
    let Advance { by } = read(&body)?;
    let wrong = |why: &str| ControlError::bad_request("invalid_by", format!("`by`: `{by}` {why}"));
    let span = parse_duration(&by).map_err(|why| wrong(&why.to_string()))?;
    if span.is_negative() {
        return Err(
            wrong("is negative, and time does not go back").hint("PUT .../clock sets a clock to any time")
        );
    }
    if !world.clock.advance(span) {
        return Err(wrong("takes the clock past the year 9999"));
    }
    Ok(ok(&shown(&world)))
}
