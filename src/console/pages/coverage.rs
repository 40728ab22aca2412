//! Coverage of a world: which operations answered, with success or with which codes.

use crate::console::form::encoded;
use crate::console::visit::{Shown, Trouble, Visit};
use crate::world::coverage::{Operation, Outcomes, Totals};
use askama::Template;
use std::collections::{BTreeMap, BTreeSet};

/// A product with the number of its operations by their best outcome.
#[derive(Default)]
struct Product {
    name: &'static str,
    page: String,
    succeeded: usize,
    /// Operations that were called and always rejected.
    rejected: usize,
    uncalled: usize,
    calls: u64,
    bar: Bar,
}

impl Product {
    fn total(&self) -> usize {
        self.succeeded + self.rejected + self.uncalled
    }
}

/// Widths of the parts of a bar, of [`WIDTH`].
#[derive(Default)]
struct Bar {
    succeeded: usize,
    rejected: usize,
    /// Start of the third part.
    after: usize,
    uncalled: usize,
}

/// Width of a bar.
const WIDTH: usize = 200;
/// Operations in the list at most, without a chosen product; error codes of an operation at most.
const SHOWN: usize = 100;
const CODES: usize = 20;

/// An operation that was called.
struct Called {
    product: &'static str,
    action: &'static str,
    succeeded: u64,
    codes: Vec<(String, u64)>,
    more: usize,
}

#[derive(Template)]
#[template(path = "coverage.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    products: Vec<Product>,
    all: Product,
    chosen: &'a str,
    called: Vec<Called>,
    more: usize,
    uncalled: Vec<&'static str>,
    codes_met: usize,
    codes: usize,
}

/// Shows all products, or one: `?product=NAME`.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let operations: BTreeSet<Operation> = (v.control.operations)().into_iter().collect();
    let mut outcomes = BTreeMap::new();
    v.world.coverage.add_to(&mut outcomes);
    let totals = Totals::of(&outcomes, operations.iter().copied());
    let products = products(v, &operations, &outcomes);
    let chosen = v.query.get("product");
    if !chosen.is_empty() && products.iter().all(|one| one.name != chosen) {
        return Err(Trouble::NotFound);
    }
    let is_chosen = |product: &str| chosen.is_empty() || product == chosen;
    let mut called: Vec<_> =
        outcomes.into_iter().filter(|((product, _), _)| is_chosen(product)).map(called).collect();
    let more = if chosen.is_empty() { called.len().saturating_sub(SHOWN) } else { 0 };
    called.truncate(called.len() - more);
    let is_called = |action: &str| called.iter().any(|one| one.action == action);
    let uncalled = operations.iter().filter(|(product, action)| *product == chosen && !is_called(action));
    let mut all = Product { name: v.t.views.all_products, page: v.at("/coverage"), ..Product::default() };
    for one in &products {
        all.succeeded += one.succeeded;
        all.rejected += one.rejected;
        all.uncalled += one.uncalled;
        all.calls += one.calls;
    }
    let uncalled = uncalled.map(|(_, action)| *action).collect();
    let (codes_met, codes) = (totals.codes.met.len(), totals.codes.of);
    let all = with_bar(all);
    let page = Page { v, products, all, chosen, called, more, uncalled, codes_met, codes };
    let recipes = [v.recipe("GET", "/coverage", ""), v.recipe("GET", "//coverage", "")];
    Ok(v.page(v.t.views.coverage, &page, &recipes))
}

fn called(((product, action), outcomes): (Operation, Outcomes)) -> Called {
    let more = outcomes.refused.len().saturating_sub(CODES);
    let codes = outcomes.refused.into_iter().take(CODES).collect();
    Called { product, action, succeeded: outcomes.succeeded, codes, more }
}

/// Returns every product that alimock runs or that was called.
fn products(
    v: &Visit<'_>,
    operations: &BTreeSet<Operation>,
    outcomes: &BTreeMap<Operation, Outcomes>,
) -> Vec<Product> {
    let mut found: BTreeMap<&'static str, Product> = BTreeMap::new();
    for operation in operations.iter().chain(outcomes.keys().filter(|one| !operations.contains(*one))) {
        let product = found.entry(operation.0).or_default();
        product.name = operation.0;
        match outcomes.get(operation) {
            None => product.uncalled += 1,
            Some(one) => {
                let is_good = one.succeeded > 0;
                product.succeeded += usize::from(is_good);
                product.rejected += usize::from(!is_good);
                product.calls += one.succeeded + one.refused.values().sum::<u64>();
            }
        }
    }
    let mut products: Vec<_> = found.into_values().map(with_bar).collect();
    for one in &mut products {
        one.page = v.at(&format!("/coverage?product={}", encoded(one.name)));
    }
    products
}

/// Computes the bar. A part that exists is at least two units wide.
fn with_bar(product: Product) -> Product {
    let total = product.total().max(1);
    let width = |count: usize| if count == 0 { 0 } else { (count * WIDTH / total).max(2) };
    let (succeeded, rejected) = (width(product.succeeded), width(product.rejected));
    let after = succeeded + rejected;
    let bar = Bar { succeeded, rejected, after, uncalled: WIDTH.saturating_sub(after) };
    Product { bar, ..product }
}
