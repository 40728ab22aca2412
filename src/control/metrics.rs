//! Counters for monitoring, in the text format of Prometheus.
//!
//! Source: prometheus.io, "Exposition formats", text format 0.0.4.

use crate::control::Shared;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use std::collections::BTreeMap;
use std::fmt::{Display, Write};

/// Value of the `code` label of successful calls.
const SUCCESS: &str = "OK";

pub(super) fn show(State(control): Shared) -> Response {
    let worlds = control.worlds.all();
    let sum = |of: fn(&crate::world::World) -> u64| worlds.iter().map(|world| of(world)).sum::<u64>();
    let mut struck: BTreeMap<String, u64> = BTreeMap::new();
    for rule in worlds.iter().flat_map(|world| world.faults.list()) {
        *struck.entry(rule.rule.name).or_default() += rule.struck;
    }

    let mut page = Page::default();
    page.family("alimock_build_info", "gauge", "Version of the program.");
    page.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.family(
        "alimock_requests_total",
        "counter",
        "Calls since the start that found their operation, by what came of them.",
    );
    for ((product, action), outcomes) in control.worlds.outcomes() {
        let mut sample = |code: &str, count: u64| {
            page.sample(&[("product", product), ("action", action), ("code", code)], count);
        };
        if outcomes.succeeded > 0 {
            sample(SUCCESS, outcomes.succeeded);
        }
        outcomes.refused.iter().for_each(|(code, count)| sample(code, *count));
    }
    page.family("alimock_worlds", "gauge", "Worlds there are.");
    page.sample(&[], worlds.len());
    page.family("alimock_accounts", "gauge", "Accounts of all worlds.");
    page.sample(&[], sum(|world| world.state().accounts.len() as u64));
    page.family("alimock_journal_records", "gauge", "Records written since the last reset of each world.");
    page.sample(&[], sum(|world| world.journal.written()));
    page.family(
        "alimock_faults_struck",
        "gauge",
        "Calls that the rules there are have struck, by name of the rule.",
    );
    for (rule, count) in &struck {
        page.sample(&[("rule", rule)], count);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page.text).into_response()
}

/// A metrics page: families of samples, each after its name, description and type.
#[derive(Default)]
struct Page {
    text: String,
    family: &'static str,
}

impl Page {
    fn family(&mut self, name: &'static str, kind: &str, says: &str) {
        self.family = name;
        let _ = writeln!(self.text, "# HELP {name} {says}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<_> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.text, "{}{labels} {value}", self.family);
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n")
}
