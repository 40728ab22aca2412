//! Scenario files: the initial state of a world, in YAML or JSON.
//!
//! `file` is the format and `seed` plants it. A file that cannot be planted is rejected when it is loaded, not when it is
//! used: `tree` parses it, `shape` checks it against the schema, `trial` plants it in a test world; each reports errors.

mod clock;
pub mod difference;
mod directories;
mod documents;
mod export;
mod file;
mod grouping;
mod identities;
pub mod library;
mod life;
mod misfit;
mod names;
mod problem;
mod products;
mod providers;
pub(crate) mod public_key;
pub mod schema;
mod seed;
mod shape;
mod sign_on;
mod stubs;
mod tree;
mod trial;
mod value;

use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::{Clocks, Plant, Tx};
pub(crate) use clock::Setting;
pub(crate) use documents::mistakes;
pub use export::Export;
pub(crate) use export::yaml;
use file::File;
pub(crate) use file::{OidcProviderFile, SamlProviderFile};
pub(crate) use life::details;
pub(crate) use misfit::{At, MOST_MISFITS};
pub use misfit::{Misfit, Misfits};
pub use problem::{NotAScenario, Place, Problem};
pub(crate) use problem::{Problems, lines, nearest, shown_warning};
pub(crate) use providers::{plant_oidc, plant_saml};
use serde::de::DeserializeOwned;
use std::sync::Arc;
pub(crate) use stubs::{Known, flaws_of_stubs};
pub(crate) use tree::Node;
pub(crate) use trial::{NotTaken, flaws_of_expectation, flaws_of_gate, flaws_of_rule, part};

/// Reads another YAML file; errors have their line.
pub(crate) fn read_yaml<T: DeserializeOwned>(text: &str) -> Result<T, NotAScenario> {
    let mut problems = Problems::default();
    let tree = tree::read(text, &mut problems);
    let value = tree.and_then(|tree| T::deserialize(&tree).map_err(|wrong| wrong.tell(&mut problems)).ok());
    value.filter(|_| problems.is_empty()).ok_or_else(|| NotAScenario::new(text, problems))
}

/// Reads JSON as a tree that knows its lines. JSON is YAML, but for tabs between values.
pub(crate) fn read_json(text: &str) -> (Option<Node>, Problems) {
    let mut problems = Problems::default();
    (tree::read(&text.replace('\t', " "), &mut problems), problems)
}

/// A scenario that can be planted.
#[derive(Debug)]
pub struct Scenario {
    file: File,
    text: Arc<str>,
}

impl Scenario {
    /// Parses and checks a scenario.
    pub fn parse(text: &str) -> Result<Self, NotAScenario> {
        trial::read(text).map(|file| Self { file, text: text.into() })
    }

    /// Returns `true` if the file sets this AccessKey secret, which may be a real one.
    pub(crate) fn pins_secret(&self, secret: &str) -> bool {
        self.file.keys().any(|key| key.secret.as_deref() == Some(secret))
    }

    /// Replaces the seed, if one is given.
    #[must_use]
    pub fn with_seed(mut self, seed: Option<u64>) -> Self {
        self.file.seed = seed.or(self.file.seed);
        self
    }

    /// Returns the default scenario of a server.
    pub fn default_seed() -> Self {
        let text = library::named("default").expect("the library has it");
        Self::parse(text).expect("every scenario of the library is tried out by a test")
    }
}

impl Plant for Scenario {
    type Error = Misfits;

    fn clocks(&self) -> Clocks {
        self.file.clocks()
    }

    fn seed(&self) -> Option<u64> {
        self.file.seed
    }

    fn faults(&self) -> &[Rule] {
        &self.file.faults
    }

    fn actor(&self) -> Option<&str> {
        self.file.r#as.as_deref()
    }

    fn expectations(&self) -> &[Expectation] {
        &self.file.expect
    }

    fn text(&self) -> Option<Arc<str>> {
        Some(Arc::clone(&self.text))
    }

    fn plant(&self, tx: &mut Tx<'_>) -> Result<(), Misfits> {
        seed::plant(&self.file, tx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Vec<String> {
        Scenario::parse(text).unwrap_err().brief()
    }

    #[test]
    fn whoever_a_command_runs_as_has_a_key() {
        let with =
            |who: &str| format!("as: {who}\naccounts: [{{name: demo, users: [{{name: ci, keys: [{{}}]}}]}}]");
        assert_eq!(Scenario::parse(&with("demo/ci")).unwrap().actor(), Some("demo/ci"));
        assert_eq!(refused(&with("demo")), ["line 1 column 5: `demo` has no key: give it `keys: [{}]`"]);
        for nobody in ["demo/dev", "shop/ci", "shop"] {
            let why = &refused(&with(nobody))[0];
            assert!(
                why.starts_with(&format!("line 1 column 5: `{nobody}` is neither an account nor")),
                "{why}"
            );
        }
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_where_it_stands() {
        assert_eq!(
            refused("accounts: [{name: demo, users: [{name: 'a b'}]}]"),
            ["line 1 column 40: `a b` holds a space, which is not allowed here"]
        );
        assert_eq!(
            refused("accounts: [{name: demo, partner: nobody}]"),
            ["line 1 column 34: no account before this one is named `nobody`"]
        );
    }

    #[test]
    fn a_command_of_a_timeline_needs_an_account_that_is_no_partner_unless_it_registers_one() {
        let with = |command: &str| {
            format!("accounts: [{{name: boss, isPartner: true}}]\ntimeline: [{{at: +1s, do: {command}}}]")
        };
        assert_eq!(
            refused(&with("{certify: {}}")),
            [
                "line 2 column 27: no account to apply this to: `account` is missing and every account is a partner"
            ]
        );
        Scenario::parse(&with("{register: {partner: comes-later}}")).unwrap();
    }
}
