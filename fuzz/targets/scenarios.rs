//! Scenario files. A text is loaded, or each reported problem is in one of its lines.

#![no_main]

use alimock::Scenario;
use alimock::scenario::Export;
use alimock::world::{Settings, Worlds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Scenario::parse(text) {
        Ok(scenario) => {
            let worlds =
                Worlds::new(Settings::default(), &scenario).expect("what was tried out can be planted");
            let _ = Export::present(worlds.default_world()).yaml();
        }
        Err(error) => {
            // In YAML, a carriage return also ends a line.
            let lines = text.lines().flat_map(|line| line.split('\r')).count().max(1);
            assert!((1..=100).contains(&error.problems().len()), "{error}");
            for problem in error.problems() {
                assert!((1..=lines).contains(&problem.place.line), "{problem:?}");
                assert!(problem.message.len() < 10_000, "{problem:?}");
            }
            assert!(error.shown(None, false).starts_with("error: line "), "{error}");
        }
    }
});
