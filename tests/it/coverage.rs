//! `docs/coverage.md`: which operations an official client has reached, and which documented codes a case provokes.

use crate::codes::{here, known, provoked_codes};
use alimock::services::{self, Product};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

/// Operations that reached success with each suite of `tests/sdk`; each suite's author keeps its row.
fn reached() -> BTreeMap<String, Vec<String>> {
    serde_json::from_str(include_str!("../data/reached.json"))
        .expect("tests/data/reached.json is what it should be")
}

fn products() -> Vec<&'static Product> {
    let mut products: Vec<_> = services::products().iter().collect();
    products.retain(|product| product.operations().next().is_some());
    products.sort_by_key(|product| product.code);
    products
}

/// `Ram.CreateUser` of every operation that runs.
fn operations() -> BTreeSet<String> {
    let of =
        |product: &'static Product| product.operations().map(|one| format!("{}.{}", product.code, one.name));
    products().into_iter().flat_map(of).collect()
}

/// Counts of a product, or of all.
#[derive(Default)]
struct Count {
    reached: usize,
    operations: usize,
    provoked: usize,
    codes: usize,
}

impl Count {
    fn add(&mut self, more: &Self) {
        self.reached += more.reached;
        self.operations += more.operations;
        self.provoked += more.provoked;
        self.codes += more.codes;
    }

    fn codes_in_words(&self) -> String {
        if self.codes == 0 { "none".into() } else { format!("{} of {}", self.provoked, self.codes) }
    }
}

/// The version of a product that the SDKs speak, and a blank.
fn version(code: &str) -> String {
    let product = products().into_iter().find(|product| product.code == code);
    let version = product.and_then(|product| product.versions.first());
    version.map(|version| format!("{version} ")).unwrap_or_default()
}

/// The page as it should be.
fn page() -> String {
    let (reached, provoked, known) = (reached(), provoked_codes(), known());
    let mut rows = String::new();
    let mut sums: Vec<(&str, Count)> = Vec::new();
    for product in products() {
        let mut sum = Count::default();
        for operation in product.operations() {
            let name = format!("{}.{}", product.code, operation.name);
            let in_cases = if product.code == "Ram" { operation.name.to_owned() } else { name.clone() };
            let suites = reached.iter().filter(|(_, operations)| operations.contains(&name));
            let suites: Vec<_> = suites.map(|(suite, _)| suite.as_str()).collect();
            let facts = known.get(product.code).and_then(|actions| actions.get(operation.name));
            let codes = facts.map_or(&[][..], |facts| &facts.codes);
            let count = Count {
                reached: usize::from(!suites.is_empty()),
                operations: 1,
                provoked: codes
                    .iter()
                    .filter(|code| provoked.contains(&(in_cases.clone(), (*code).clone())))
                    .count(),
                codes: codes.len(),
            };
            let missing =
                codes.iter().filter(|code| !provoked.contains(&(in_cases.clone(), (*code).clone())));
            let missing: Vec<_> = missing.map(|code| format!("`{code}`")).collect();
            let but =
                if missing.is_empty() { String::new() } else { format!("; not {}", missing.join(", ")) };
            let uncertain = facts.map(|facts| in_a_cell(&facts.uncertain)).unwrap_or_default();
            let _ = writeln!(
                rows,
                "| `{name}` | {} | {}{but} | {} | {uncertain} |",
                suites.join(", "),
                count.codes_in_words(),
                operation.keys.iter().map(|key| format!("`{}`", key.name())).collect::<Vec<_>>().join(", "),
            );
            sum.add(&count);
        }
        sums.push((product.code, sum));
    }
    let mut all = Count::default();
    for (_, sum) in &sums {
        all.add(sum);
    }
    let mut totals = String::new();
    for (product, sum) in sums.iter().map(|(code, sum)| (*code, sum)).chain([("all", &all)]) {
        let _ = writeln!(
            totals,
            "| {product} {}| {} of {} | {} |",
            version(product),
            sum.reached,
            sum.operations,
            sum.codes_in_words()
        );
    }
    format!(
        "# Coverage

Operations reached by at least one official client: **{} of {}**. Documented error codes provoked: **{}**.

Both are counted by a test. An operation is reached by a client when the suite of that name in `tests/sdk` calls it and it succeeds; the suites keep
`tests/data/reached.json`. A code is known when the reference lists it for the action (`tests/data/codes.json`), and provoked when a case in `tests/it/codes` makes
a call that is refused with its status, code and text and changes nothing; four codes that only something wrong within the service brings come
from a rule of `faults`. Codes common to all actions are not counted: `NoPermission` and a missing parameter are
provoked for every action that knows them, the gateway's own codes in `tests/it/refusals.rs`. The last column names what no source shows.
Condition keys are those of RAM and STS that an action sets, besides the keys that all actions set.

{assumptions}

Other actions of these products, and of Cloudauth, Location, CS and the products
of `src/services/shared/others.rs`, are authenticated and authorized, and then answered by a stub of the world, or `InvalidAction.NotFound`.

| product | operations reached | codes provoked |
| --- | --- | --- |
{totals}
| operation | reached by | codes provoked | condition keys | uncertain |
| --- | --- | --- | --- | --- |
{rows}",
        all.reached,
        all.operations,
        all.codes_in_words(),
        assumptions = crate::probes::counted(),
    )
}

/// Joins what fits into a cell of 200 characters, and counts the rest.
fn in_a_cell(uncertain: &[String]) -> String {
    let fits = |count: &usize| uncertain[..*count].join("; ").chars().count() <= 160;
    let shown = (0..=uncertain.len()).rev().find(fits).unwrap_or_default();
    let more = uncertain.len() - shown;
    let rest = if more > 0 { format!("; and {more} more in `tests/data/codes.json`") } else { String::new() };
    uncertain[..shown].join("; ") + &rest
}

#[test]
fn the_page_on_coverage_is_current() {
    let path = here("../docs/coverage.md");
    let expected = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }

    let found = fs::read_to_string(&path).unwrap_or_default();

    assert!(found == expected, "UPDATE_DOCS=1 writes docs/coverage.md, which should hold:\n{expected}");
}

#[test]
fn reached_operations_are_a_sorted_list_for_each_suite() {
    let operations = operations();
    for (suite, names) in reached() {
        assert!(here("sdk").join(&suite).is_dir(), "there is no suite `{suite}`");
        assert!(names.is_sorted(), "{suite} is not sorted");
        let unknown: Vec<_> = names.iter().filter(|name| !operations.contains(*name)).collect();
        assert!(unknown.is_empty(), "{suite}: {unknown:?}");
    }
}

#[test]
fn documented_codes_belong_to_existing_actions() {
    for (product, actions) in known() {
        let found = services::products().iter().find(|one| one.code == product).expect("a product");
        for (action, known) in actions {
            assert!(found.may_have(&action), "{product} has no {action}");
            let distinct: BTreeSet<_> = known.codes.iter().collect();
            assert_eq!(distinct.len(), known.codes.len(), "{product}.{action} names a code twice");
        }
    }
}
