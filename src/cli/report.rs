//! Report of `alimock run`: results of the expectations, and coverage.

use crate::cli::calls::{NotRun, not_run};
use crate::error::NOT_RUN;
use crate::services;
use crate::world::Worlds;
use crate::world::coverage::{Outcomes, Totals};
use crate::world::expect::{Expectation, Outcome};
use serde::Serialize;
use std::fmt::Write;

/// Exit code if an expectation fails.
pub(super) const EXPECTATION_FAILED: u8 = 3;

/// The report of a run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) passed: bool,
    expectations: Vec<Outcome>,
    /// Actions that the command called and that alimock does not run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_run: Vec<NotRun>,
    operations: Vec<Operation>,
    #[serde(flatten)]
    totals: Totals,
}

#[derive(Serialize)]
struct Operation {
    product: &'static str,
    action: &'static str,
    #[serde(flatten)]
    outcomes: Outcomes,
}

impl Report {
    /// Checks the expectations of a scenario against the default world after the run.
    pub(super) fn of(expectations: &[Expectation], worlds: &Worlds) -> Self {
        let (world, outcomes) = (worlds.default_world(), worlds.outcomes());
        let totals = Totals::of(&outcomes, services::operations());
        let evidence = world.evidence();
        let expectations: Vec<_> =
            expectations.iter().map(|expectation| expectation.check(&evidence)).collect();
        let operation = |((product, action), outcomes)| Operation { product, action, outcomes };
        Self {
            passed: expectations.iter().all(|outcome| outcome.passed),
            expectations,
            not_run: not_run(worlds),
            operations: outcomes.into_iter().map(operation).collect(),
            totals,
        }
    }

    /// Report for people. Empty if the scenario expects nothing, alimock ran everything, and nobody asked for the coverage.
    pub(super) fn text(&self, colour: bool, coverage: bool) -> String {
        let mut out = String::new();
        for outcome in &self.expectations {
            let (word, paint) = if outcome.passed { ("ok    ", "\x1b[32m") } else { ("FAILED", "\x1b[31m") };
            let (paint, plain) = if colour { (paint, "\x1b[0m") } else { ("", "") };
            let _ = writeln!(out, "{paint}{word}{plain} {} ({})", outcome.name, outcome.found);
            for near in &outcome.nearest {
                let _ = writeln!(out, "         {near}");
            }
        }
        for NotRun { product, action, calls } in &self.not_run {
            let _ = writeln!(out, "not run: {product}.{action} ({calls} calls): {NOT_RUN}");
        }
        if coverage {
            let succeeded = self.operations.iter().filter(|one| one.outcomes.succeeded > 0).count();
            let (called, Totals { codes, uncalled }) = (self.operations.len(), &self.totals);
            let (all, met, known) = (called + uncalled.len(), codes.met.len(), codes.of);
            let _ = writeln!(
                out,
                "covered: {called} of {all} operations, {succeeded} with success; {met} of {known} error codes"
            );
        }
        out
    }

    /// Report for programs, as JSON.
    pub(super) fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report is plain data") + "\n"
    }

    /// Report for CI, as JUnit XML: one test case an expectation.
    pub(super) fn junit(&self) -> String {
        let result = |outcome: &Outcome| {
            let nearest: Vec<_> = outcome.nearest.iter().map(ToString::to_string).collect();
            let failure = (!outcome.passed).then(|| (outcome.found.clone(), nearest.join("\n")));
            (outcome.name.clone(), failure)
        };
        junit(&self.expectations.iter().map(result).collect::<Vec<_>>())
    }
}

/// JUnit XML of named checks. A failed check has a message and a text.
pub(super) fn junit(checks: &[(String, Option<(String, String)>)]) -> String {
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    let failures = checks.iter().filter(|(_, failure)| failure.is_some()).count();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"alimock\" tests=\"{}\" failures=\"{failures}\">\n",
        checks.len()
    );
    for (name, failure) in checks {
        let name = escape(name);
        let _ = match failure {
            None => writeln!(out, "  <testcase classname=\"alimock\" name=\"{name}\"/>"),
            Some((message, text)) => {
                let failure = format!("<failure message=\"{}\">{}</failure>", escape(message), escape(text));
                writeln!(out, "  <testcase classname=\"alimock\" name=\"{name}\">{failure}</testcase>")
            }
        };
    }
    out + "</testsuite>\n"
}
