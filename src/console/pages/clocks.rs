//! The two clocks of a world, and what will fall due.

use crate::console::reasons;
use crate::console::visit::{Shown, Visit};
use crate::control::described_clock;
use crate::text::{Scalar, Timestamp, parse_duration};
use crate::world::clock::Run;
use crate::world::{Clocks, Event, FellDue};
use askama::Template;
use http::StatusCode;

struct Due {
    at: String,
    what: String,
}

#[derive(Template)]
#[template(path = "clocks.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    resource: (String, String),
    gateway: (String, String),
    due: Vec<Due>,
    fell_due: Vec<Due>,
    error: Option<&'static str>,
    steps: [&'static str; 6],
}

/// Steps of the buttons.
const STEPS: [&str; 6] = ["1m", "30m", "1h", "1d", "7d", "31d"];
/// Events on the page at most.
const SHOWN: usize = 50;

/// Shows the clocks.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    Ok(page(v, StatusCode::OK, &[], None))
}

fn page(
    v: &Visit<'_>,
    status: StatusCode,
    fell_due: &[FellDue],
    error: Option<&'static str>,
) -> axum::response::Response {
    let (now, setting) = (v.world.clock.now(), v.world.clock.setting());
    let due =
        |(at, event): (Timestamp, &Event)| Due { at: at.to_string(), what: reasons::of_event(event, v.lang) };
    let due = v.world.state().upcoming().take(SHOWN).map(due).collect();
    let past = |one: &FellDue| Due { at: one.at.to_string(), what: reasons::of_past_event(one, v.lang) };
    let page = Page {
        v,
        resource: (now.resource.to_string(), described_clock(setting.resource)),
        gateway: (now.gateway.to_string(), described_clock(setting.gateway)),
        due,
        fell_due: fell_due.iter().map(past).collect(),
        error,
        steps: STEPS,
    };
    let frozen = format!(r#"{{"resource": "{}", "gateway": "{}"}}"#, now.resource, now.gateway);
    let recipes = [
        v.recipe("POST", "/clock/advance", r#"{"by": "1h"}"#),
        v.recipe("PUT", "/clock", &frozen),
        v.recipe("PUT", "/clock", r#"{"resource": "real", "gateway": "real"}"#),
    ];
    v.page_with(status, v.t.clocks, &page, &recipes)
}

/// Moves the resource clock forward, and shows what fell due.
pub(crate) fn advance(v: &Visit<'_>) -> Shown {
    let by = v.form.given("by").unwrap_or(v.form.get("other"));
    let span = parse_duration(by).ok().filter(|span| !span.is_negative());
    let Some(true) = span.map(|span| v.world.clock.advance(span)) else {
        return Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, &[], Some(v.t.wrong_span)));
    };
    let fell_due = v.world.settle(v.world.clock.now().resource);
    Ok(page(v, StatusCode::OK, &fell_due, None))
}

/// Freezes both clocks, at their time or at a given one, or lets them run.
pub(crate) fn set(v: &Visit<'_>) -> Shown {
    let now = v.world.clock.now();
    let at = v.form.given("at").map(Timestamp::parse).transpose();
    let clocks = match (v.form.get("run"), at) {
        ("real", _) => Clocks::default(),
        (_, Ok(at)) => Clocks {
            resource: Run::Frozen(at.unwrap_or(now.resource)),
            gateway: Run::Frozen(at.unwrap_or(now.gateway)),
        },
        (_, Err(_)) => {
            return Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, &[], Some(v.t.wrong_time)));
        }
    };
    v.world.clock.set(clocks);
    v.world.settle(v.world.clock.now().resource);
    Ok(v.go("/clocks", "done_clock"))
}
