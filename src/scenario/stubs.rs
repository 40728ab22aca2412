//! Checks stubs for those that never answer a call, or not as intended.

use crate::scenario::misfit::{At, MOST_MISFITS, Misfit};
use crate::scenario::names;
use crate::scenario::problem::{advice, nearest};
use crate::world::State;
use crate::world::stubs::{Piece, Stub, Stubs, Variable, pieces};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Statuses of successful responses.
const GOOD: std::ops::Range<u16> = 200..300;

/// Names in a file or world that rules, expectations and commands may use.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Names of accounts.
    pub(crate) accounts: BTreeSet<String>,
    /// Products of stubs in lower case, with the versions of the stubs.
    pub(crate) products: BTreeMap<String, BTreeSet<Option<String>>>,
    /// Number of names already compared with those of all actions.
    compared: Cell<usize>,
}

/// Maximum number of names in one text to compare with those of all actions. Further names count as correct.
const MOST_COMPARED: usize = 300;

impl Known {
    pub(super) fn new<'a>(accounts: BTreeSet<String>, stubs: impl Iterator<Item = &'a Stub>) -> Self {
        let mut products: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for stub in stubs {
            products.entry(stub.product.to_ascii_lowercase()).or_default().insert(stub.version.clone());
        }
        Self { accounts, products, compared: Cell::default() }
    }

    /// Returns `true` if one more name may be compared with those of all actions, which is slow.
    pub(super) fn compares(&self) -> bool {
        self.compared.set(self.compared.get() + 1);
        self.compared.get() <= MOST_COMPARED
    }

    /// Returns the names in a world.
    pub(crate) fn of(state: &State) -> Self {
        let accounts = state.accounts.values().map(|account| account.label.to_string());
        Self::new(accounts.collect(), state.stubs.0.iter())
    }
}

/// Returns the reasons why stubs can never answer as intended.
pub(crate) fn flaws_of_stubs(stubs: &Stubs) -> Vec<Misfit> {
    let one = |(index, stub)| flaws_of_stub(stub, &At::top().item("stubs", index));
    stubs.0.iter().enumerate().flat_map(one).take(MOST_MISFITS).collect()
}

/// Returns the reasons why a stub can never answer as intended.
pub(super) fn flaws_of_stub(stub: &Stub, at: &At) -> Vec<Misfit> {
    let status = stub.status.filter(|status| !GOOD.contains(status)).map(|status| {
        let why = if status >= 400 {
            "a stub answers with success, 200 to 299: write a refusal as a rule of `faults`, `do: {error: {...}}`"
        } else {
            "a stub answers with success, 200 to 299"
        };
        at.field("status").wrong(why)
    });
    let unknown = stub.body.unknown(MOST_MISFITS).into_iter();
    let unknown = unknown
        .map(|(path, name)| at.field(&format!("body{path}")).wrong(no_variable(name)))
        .collect::<Vec<_>>();
    let headers = stub.headers.iter().filter_map(|(name, value)| {
        let why = flaw_of_header(name, value)?;
        Some(at.field("headers").field(name).wrong(why))
    });
    names::stub(stub, at).into_iter().chain(status).chain(headers).chain(unknown).collect()
}

/// Headers that belong to the connection and not to the response of a stub.
const OF_THE_SERVER: [&str; 4] = ["connection", "content-length", "transfer-encoding", "upgrade"];

fn flaw_of_header(name: &str, value: &str) -> Option<String> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_of_name) {
        return Some(format!("`{name}` is no name of a header"));
    }
    if OF_THE_SERVER.contains(&name.to_ascii_lowercase().as_str()) {
        return Some(format!("alimock sets `{name}` itself"));
    }
    if value.chars().any(|c| c.is_ascii_control()) {
        return Some("a header has one line".to_owned());
    }
    let unknown = pieces(value).find_map(|piece| match piece {
        Piece::Unknown(name) => Some(name),
        _ => None,
    });
    unknown.map(no_variable)
}

fn no_variable(name: &str) -> String {
    // `params.Name` means a parameter, and any parameter name is allowed.
    let (head, param) = name.split_once('.').map_or((name, None), |(head, param)| (head, Some(param)));
    let meant = match (nearest(head, ["param"]), param) {
        (Some(near), Some(param)) if !param.is_empty() => format!(", did you mean `${{{near}.{param}}}`?"),
        _ => advice(name, Variable::NAMES),
    };
    format!("there is no variable `${{{name}}}`{meant} (`$${{` stands for `${{` itself)")
}
