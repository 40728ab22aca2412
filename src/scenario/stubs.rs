//! Checks stubs: what would never answer a call, or not what was meant.

use crate::scenario::misfit::{At, MOST_MISFITS, Misfit};
use crate::scenario::names;
use crate::scenario::problem::{advice, nearest};
use crate::world::State;
use crate::world::stubs::{Stub, Stubs, Variable};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// The statuses of an answer that is no refusal.
const GOOD: std::ops::Range<u16> = 200..300;

/// What a file or a world says that rules, expectations and commands may name.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Our own names for accounts.
    pub(crate) accounts: BTreeSet<String>,
    /// Products of stubs in lower case, with the versions that stubs give.
    pub(crate) products: BTreeMap<String, BTreeSet<Option<String>>>,
    /// How many names were compared with those of all actions.
    compared: Cell<usize>,
}

/// Names of one text that are compared with those of all actions. Whatever comes after them is not looked at: it may be right.
const MOST_COMPARED: usize = 300;

impl Known {
    pub(super) fn new<'a>(accounts: BTreeSet<String>, stubs: impl Iterator<Item = &'a Stub>) -> Self {
        let mut products: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for stub in stubs {
            products.entry(stub.product.to_ascii_lowercase()).or_default().insert(stub.version.clone());
        }
        Self { accounts, products, compared: Cell::default() }
    }

    /// Whether another name is compared with those of all actions, which takes its time.
    pub(super) fn compares(&self) -> bool {
        self.compared.set(self.compared.get() + 1);
        self.compared.get() <= MOST_COMPARED
    }

    /// What a world has.
    pub(crate) fn of(state: &State) -> Self {
        let accounts = state.accounts.values().map(|account| account.label.to_string());
        Self::new(accounts.collect(), state.stubs.0.iter())
    }
}

/// Why stubs can never answer what was meant.
pub(crate) fn flaws_of_stubs(stubs: &Stubs) -> Vec<Misfit> {
    let one = |(index, stub)| flaws_of_stub(stub, &At::top().item("stubs", index));
    stubs.0.iter().enumerate().flat_map(one).take(MOST_MISFITS).collect()
}

/// Why a stub can never answer what was meant.
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
    names::stub(stub, at).into_iter().chain(status).chain(unknown).collect()
}

fn no_variable(name: &str) -> String {
    // Whoever writes `params.Name` means a parameter; its own name is not for us to know.
    let (head, param) = name.split_once('.').map_or((name, None), |(head, param)| (head, Some(param)));
    let meant = match (nearest(head, ["param"]), param) {
        (Some(near), Some(param)) if !param.is_empty() => format!(", did you mean `${{{near}.{param}}}`?"),
        _ => advice(name, Variable::NAMES),
    };
    format!("there is no variable `${{{name}}}`{meant} (`$${{` stands for `${{` itself)")
}
