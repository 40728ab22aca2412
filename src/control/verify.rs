//! Verification of the expected calls.

use crate::control::call::InWorld;
use crate::control::{Answer, known, ok, part};
use crate::scenario::{At, MOST_MISFITS, flaws_of_expectation};
use crate::world::World;
use crate::world::expect::{Expectation, Outcome};
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

/// Checks the expectations of the body, or those of the scenario.
pub(super) fn verify(InWorld(world): InWorld, body: Bytes) -> Answer<Response> {
    // An empty body stands for the expectations of the scenario, which were checked when it was loaded.
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(ok(&Verified::of(&world, &world.brief().expectations)));
    }
    let known = known(&world);
    let wanted: Wanted = part(&body, "the body", "invalid_expectation", |wanted: &Wanted| {
        let expect = wanted.expect.iter().enumerate();
        let flaws =
            expect.map(|(index, one)| flaws_of_expectation(one, &known, &At::top().item("expect", index)));
        flaws.flatten().take(MOST_MISFITS).collect()
    })?;
    Ok(ok(&Verified::of(&world, &wanted.expect)))
}

impl Verified {
    fn of(world: &World, expectations: &[Expectation]) -> Self {
        let evidence = world.evidence();
        let results: Vec<_> = expectations.iter().map(|expectation| expectation.check(&evidence)).collect();
        Self { passed: results.iter().all(|result| result.passed), results }
    }
}
