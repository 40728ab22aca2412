//! Checks what rules and expectations call products, versions and actions. The one place here that reads the table of
//! products, and only for its names.

use crate::scenario::misfit::{At, Misfit};
use crate::scenario::problem::{advice, nearest};
use crate::services::{Product, products};
use crate::text::covers;
use crate::world::expect::Expectation;
use crate::world::faults::Match;
use crate::world::gates::{Gate, MAINLAND, REGIONS};

/// What a rule or an expectation asks of the name of a call.
struct Named<'a> {
    product: Option<&'a str>,
    version: Option<&'a str>,
    action: Option<&'a str>,
    /// Whether `name` is a product that is asked for.
    is: fn(asked: &str, name: &str) -> bool,
}

/// What can match no call of any product in a rule at `at`.
pub(super) fn rule(matching: &Match, at: &At) -> Vec<Misfit> {
    let named = Named {
        product: matching.product.as_deref(),
        version: matching.version.as_deref(),
        action: matching.action.as_deref(),
        is: str::eq_ignore_ascii_case,
    };
    named.misfits(&at.field("match"))
}

/// The same of an expectation.
pub(super) fn expectation(expectation: &Expectation, at: &At) -> Vec<Misfit> {
    let calls = expectation.calls.iter().map(|calls| (calls, at.field("calls")));
    let order = expectation.order.iter().enumerate().map(|(index, calls)| (calls, at.item("order", index)));
    let named = calls.chain(order).flat_map(|(calls, at)| {
        let (product, action) = (calls.product.as_deref(), calls.action.as_deref());
        Named { product, version: None, action, is: covers }.misfits(&at)
    });
    named.collect()
}

/// What can match no call in a gate at `at`.
pub(super) fn gate(gate: &Gate, at: &At) -> Vec<Misfit> {
    let (product, action) = (gate.product.as_deref(), gate.action.as_deref());
    let named = Named { product, version: None, action, is: str::eq_ignore_ascii_case };
    let known = |region: &&str| *region == MAINLAND || REGIONS.iter().any(|known| covers(region, known));
    let region = gate.region.as_deref().filter(|region| !known(region)).map(|region| {
        let near = nearest(region, REGIONS.iter().copied().chain([MAINLAND]));
        let near = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        at.field("region").wrong(format!("no region is called `{region}`{near}"))
    });
    region.into_iter().chain(named.misfits(at)).collect()
}

impl Named<'_> {
    fn misfits(&self, at: &At) -> Vec<Misfit> {
        let fits = |product: &&Product| self.product.is_none_or(|asked| (self.is)(asked, product.code));
        let fitting: Vec<&Product> = products().iter().filter(fits).collect();
        if fitting.is_empty() {
            let asked = self.product.unwrap_or_default();
            let codes: Vec<_> = products().iter().map(|product| product.code).collect();
            // Whoever writes a host means the product that it starts with.
            let meant = asked.split('.').next().unwrap_or(asked);
            return vec![
                at.field("product").wrong(format!("there is no product `{asked}`{}", advice(meant, codes))),
            ];
        }
        let version = self.version.and_then(|version| self.no_version(version, &fitting));
        let version = version.map(|why| at.field("version").wrong(why));
        let of_version = |product: &&Product| {
            version.is_some() || self.version.is_none_or(|asked| product.versions.contains(&asked))
        };
        let fitting: Vec<&Product> = fitting.iter().copied().filter(of_version).collect();
        let action = self.action.and_then(|action| self.no_action(action, &fitting));
        let action = action.map(|why| at.field("action").wrong(why));
        version.into_iter().chain(action).collect()
    }

    /// Why none of `fitting` has the version.
    fn no_version(&self, asked: &str, fitting: &[&Product]) -> Option<String> {
        let has = |product: &&&Product| product.versions.contains(&asked);
        if fitting.iter().any(|product| has(&product)) {
            return None;
        }
        let known: Vec<&str> = fitting.iter().flat_map(|product| product.versions).copied().collect();
        let other = products().iter().find(|product| product.versions.contains(&asked));
        let why = match (self.product, other) {
            (Some(_), Some(other)) => {
                format!(", which is one of `{}`: expected `{}`", other.code, known.join("` or `"))
            }
            (Some(_), None) => format!(": expected `{}`", known.join("` or `")),
            (None, _) => advice(asked, known),
        };
        Some(match self.product {
            Some(product) => format!("`{product}` has no version `{asked}`{why}"),
            None => format!("no product has a version `{asked}`{why}"),
        })
    }

    /// Why none of `fitting` has the action. A product whose actions nobody has listed may have any.
    fn no_action(&self, asked: &str, fitting: &[&Product]) -> Option<String> {
        let is_pattern = asked.contains(['*', '?']);
        let has = |product: &Product| product.actions().any(|action| covers(asked, action));
        if fitting.iter().any(|product| has(product)) {
            return None;
        }
        let known = fitting.iter().flat_map(|product| product.actions());
        if fitting.iter().all(|product| product.lists_actions()) {
            let whose = match fitting {
                [one] => format!("`{}` has", one.code),
                _ => "these products have".to_owned(),
            };
            if is_pattern {
                return Some(format!("{whose} no action that fits `{asked}`"));
            }
            let other = products().iter().find(|product| product.lists_actions() && has(product));
            let why = match (nearest(asked, known), other) {
                (_, Some(other)) => format!(": it is one of `{}`", other.code),
                (Some(near), None) => format!(", did you mean `{near}`?"),
                (None, None) => String::new(),
            };
            return Some(format!("{whose} no action `{asked}`{why}"));
        }
        // It may be an action that nobody has listed; one that is nearly the same as a listed one is a slip of the pen.
        let near = nearest(asked, known).filter(|near| strsim::damerau_levenshtein(near, asked) <= 2);
        let near = near.filter(|_| self.product.is_none() && self.version.is_none() && !is_pattern)?;
        Some(format!(
            "no action is known by the name `{asked}`, did you mean `{near}`? (for one of a product that is not listed, give `product`)"
        ))
    }
}
