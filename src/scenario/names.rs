//! Checks the names of products, versions and actions in rules, expectations and stubs. This is the only file of the
//! module that reads the table of products, and it reads only names.

use crate::scenario::misfit::{At, MOST_MISFITS, Misfit};
use crate::scenario::problem::{advice, nearest};
use crate::scenario::stubs::Known;
use crate::services::{Product, products};
use crate::text::REGIONS;
use crate::text::{Scalar, Timestamp, covers};
use crate::world::Hosts;
use crate::world::expect::Expectation;
use crate::world::faults::Match;
use crate::world::gates::{Gate, MAINLAND};
use crate::world::stubs::Stub;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Products by the name of an action.
static ACTIONS: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for product in products() {
        for action in product.actions() {
            owners.entry(action).or_default().push(product.code);
        }
    }
    owners
});

/// Names that a rule or an expectation matches.
struct Named<'a> {
    product: Option<&'a str>,
    version: Option<&'a str>,
    action: Option<&'a str>,
    /// Known stubs; their products may be missing in the table.
    known: Option<&'a Known>,
    /// Returns `true` if the pattern `asked` matches the product `name`.
    is: fn(asked: &str, name: &str) -> bool,
}

/// Returns names in a rule at `at` that match no call of any product.
pub(super) fn rule(matching: &Match, known: &Known, at: &At) -> Vec<Misfit> {
    let named = Named {
        product: matching.product.as_deref(),
        version: matching.version.as_deref(),
        action: matching.action.as_deref(),
        known: Some(known),
        is: str::eq_ignore_ascii_case,
    };
    named.misfits(&at.field("match"))
}

/// Returns names in an expectation at `at` that match no call of any product.
pub(super) fn expectation(expectation: &Expectation, known: &Known, at: &At) -> Vec<Misfit> {
    let calls = expectation.calls.iter().map(|calls| (calls, at.field("calls")));
    let order = expectation.order.iter().enumerate().map(|(index, calls)| (calls, at.item("order", index)));
    let named = calls.chain(order).flat_map(|(calls, at)| {
        let (product, action) = (calls.product.as_deref(), calls.action.as_deref());
        Named { product, version: None, action, known: Some(known), is: covers }.misfits(&at)
    });
    named.take(MOST_MISFITS).collect()
}

/// Returns errors in the names of a stub at `at`.
pub(super) fn stub(stub: &Stub, at: &At) -> Vec<Misfit> {
    let dated = |version: &str| Timestamp::parse(&format!("{version}T00:00:00Z")).is_ok();
    let version = stub.version.as_deref();
    let odd = version.filter(|version| !dated(version)).map(|version| {
        at.field("version").wrong(format!("`{version}` is not a version: one is a day such as 2015-01-09"))
    });
    let is_odd =
        |action: &&String| action.contains(char::is_whitespace) || (action.is_empty() && stub.path.is_none());
    let action = Some(&stub.action).filter(is_odd);
    let action = action.map(|action| match action.as_str() {
        "" => at.wrong("a stub has an `action` or a `path`"),
        action => at.field("action").wrong(format!("`{action}` is no name of an action")),
    });
    let path = stub.path.as_deref().filter(|path| !path.starts_with(['/', '*']));
    let path = path.map(|path| at.field("path").wrong(format!("`{path}` is no path: it starts with `/`")));
    if odd.is_some() || action.is_some() || path.is_some() {
        return odd.into_iter().chain(action).chain(path).collect();
    }
    let Some(product) = products().iter().find(|product| stub.is_of(product.code)) else {
        return declared(stub).map(|why| at.field("product").wrong(why)).into_iter().collect();
    };
    // For products that alimock does not implement, the versions are unknown.
    let is_listed = product.lists_actions() || product.running().next().is_some();
    let named = Named {
        product: Some(product.code),
        version: version.filter(|_| is_listed),
        action: Some(stub.action.as_str()).filter(|action| !action.is_empty()),
        known: None,
        is: str::eq_ignore_ascii_case,
    };
    let running = (!stub.action.is_empty()).then(|| runs(product, &stub.action)).flatten();
    let running = running.map(|why| at.field("action").wrong(why));
    named.misfits(at).into_iter().chain(running).collect()
}

/// Returns hosts that are no names, and products that nothing declares.
pub(super) fn hosts(hosts: &Hosts, stubs: &[&Stub]) -> Vec<Misfit> {
    let at = At::top().field("hosts");
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let wrong = hosts.0.iter().filter_map(|(host, code)| {
        let is_known = || products().iter().any(|product| product.code.eq_ignore_ascii_case(code));
        if host.is_empty() || host.len() > 253 || !host.chars().all(good) {
            return Some(format!("`{host}` is no host name: it has neither scheme nor port nor path"));
        }
        (!is_known() && !stubs.iter().any(|stub| stub.is_of(code))).then(|| {
            let near = nearest(code, products().iter().map(|product| product.code));
            let near = near.map(|near| format!(", did you mean `{near}`?"));
            format!("`{host}`: there is no product `{code}`{}", near.unwrap_or_default())
        })
    });
    wrong.take(MOST_MISFITS).map(|why| at.wrong(why)).collect()
}

/// Returns the reason why a stub cannot declare its product as new.
fn declared(stub: &Stub) -> Option<String> {
    let code = stub.product.as_str();
    let near = |products: Vec<&'static Product>| nearest(code, products.iter().map(|product| product.code));
    let Some(version) = stub.version.as_deref() else {
        let near = near(products().iter().collect()).map(|near| format!(", did you mean `{near}`?"));
        let near = near.unwrap_or_default();
        return Some(format!(
            "there is no product `{code}`{near} (a new one is declared with its `version`)"
        ));
    };
    let of_version = products().iter().filter(|product| product.versions.contains(&version)).collect();
    if let Some(near) = near(of_version) {
        return Some(format!(
            "there is no product `{code}`, did you mean `{near}`, which has the version {version}?"
        ));
    }
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if code.is_empty() || code.len() > 63 || !code.chars().all(good) {
        return Some(format!("`{code}` is no code of a product: 1 to 63 letters, digits, `-` and `_`"));
    }
    let label = code.to_ascii_lowercase();
    let owner = products().iter().find(|product| product.hosts.contains(&label.as_str()))?;
    Some(format!("the hosts `{label}` are those of `{}`: name that", owner.code))
}

/// Returns the reason why a stub cannot answer `action`: alimock implements it. A pattern may cover other actions too.
fn runs(product: &Product, action: &str) -> Option<String> {
    let all = || product.actions().filter(|one| covers(action, one));
    let nothing_else = all().next().is_some() && all().all(|one| product.running().any(|own| own == one));
    let is_pattern = action.contains(['*', '?']);
    let may_cover_more = is_pattern && !product.lists_actions();
    (nothing_else && !may_cover_more).then(|| {
        format!(
            "alimock runs `{action}` of `{}` itself: write a rule of `faults` to make it fail",
            product.code
        )
    })
}

/// Returns names in a gate at `at` that match no call.
pub(super) fn gate(gate: &Gate, known: &Known, at: &At) -> Vec<Misfit> {
    let (product, action) = (gate.product.as_deref(), gate.action.as_deref());
    let named = Named { product, version: None, action, known: Some(known), is: str::eq_ignore_ascii_case };
    let is_known =
        |region: &&str| *region == MAINLAND || REGIONS.iter().any(|known| covers(region, known.id));
    let region = gate.region.as_deref().filter(|region| !is_known(region)).map(|region| {
        let near = nearest(region, REGIONS.iter().map(|known| known.id).chain([MAINLAND]));
        let near = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        at.field("region").wrong(format!("no region is called `{region}`{near}"))
    });
    region.into_iter().chain(named.misfits(at)).collect()
}

impl Named<'_> {
    fn misfits(&self, at: &At) -> Vec<Misfit> {
        if self.known.is_some_and(|known| self.is_stubbed(known)) {
            return Vec::new();
        }
        let fits = |product: &&Product| self.product.is_none_or(|asked| (self.is)(asked, product.code));
        let fitting: Vec<&Product> = products().iter().filter(fits).collect();
        if fitting.is_empty() {
            let asked = self.product.unwrap_or_default();
            // A host name means the product in its first label.
            let meant = asked.split('.').next().unwrap_or(asked);
            let near = nearest(meant, products().iter().map(|product| product.code));
            let near = near.map(|near| format!(", did you mean `{near}`?"));
            let near = near.unwrap_or_else(|| ": a stub can declare it".to_owned());
            return vec![at.field("product").wrong(format!("there is no product `{asked}`{near}"))];
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

    /// Returns `true` if a stub declares the product or version.
    fn is_stubbed(&self, known: &Known) -> bool {
        let has = |versions: &BTreeSet<Option<String>>| {
            self.version.is_none_or(|asked| versions.contains(&Some(asked.to_owned())))
        };
        match self.product {
            None => self.version.is_some() && known.products.values().any(has),
            // A name without wildcards is looked up.
            Some(asked) if !asked.contains(['*', '?']) => {
                known.products.get(&asked.to_ascii_lowercase()).is_some_and(has)
            }
            Some(asked) => {
                known.products.iter().any(|(name, versions)| (self.is)(asked, name) && has(versions))
            }
        }
    }

    /// Returns the reason why no product in `fitting` has the version.
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
            (Some(_), None) if known.is_empty() => ": it has none".to_owned(),
            (Some(_), None) => format!(": expected `{}`", known.join("` or `")),
            (None, _) => advice(asked, known),
        };
        Some(match self.product {
            Some(product) => format!("`{product}` has no version `{asked}`{why}"),
            None => format!("no product has a version `{asked}`{why}"),
        })
    }

    /// Returns the reason why no product in `fitting` has the action. A product without a list of actions may have any.
    fn no_action(&self, asked: &str, fitting: &[&Product]) -> Option<String> {
        let is_pattern = asked.contains(['*', '?']);
        let owners = ACTIONS.get(asked).map_or(&[][..], Vec::as_slice);
        if fitting.iter().any(|product| owners.contains(&product.code))
            || self.known.is_some_and(|known| !known.compares())
        {
            return None;
        }
        let has = |product: &Product| product.actions().any(|action| covers(asked, action));
        if fitting.iter().any(|product| product.also_has(asked)) {
            return None;
        }
        if is_pattern && fitting.iter().any(|product| has(product)) {
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
        // The action may be missing in the lists; a name that is almost equal to a listed one is a typo.
        if self.product.is_some() || self.version.is_some() || is_pattern {
            return None;
        }
        let near = nearest(asked, known).filter(|near| strsim::damerau_levenshtein(near, asked) <= 2)?;
        Some(format!(
            "no action is known by the name `{asked}`, did you mean `{near}`? (for one of a product that is not listed, give `product`)"
        ))
    }
}
