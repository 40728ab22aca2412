//! Scenario files: what a world starts with. YAML, and so JSON too.
//!
//! `file` is the format, `seed` plants it. A file that cannot be planted is refused when it is loaded, not when it is used.

pub mod difference;
mod export;
mod file;
mod identities;
pub mod library;
mod providers;
pub(crate) mod public_key;
pub mod schema;
mod seed;

use crate::text::WorldName;
use crate::world::expect::Expectation;
use crate::world::faults::Rule;
use crate::world::ids::Ids;
use crate::world::{Clocks, Plant, Settings, Tx, World};
pub use export::Export;
use file::File;
pub(crate) use file::{OidcProviderFile, SamlProviderFile};
pub(crate) use providers::{BUILT_IN_ENTITY, BUILT_IN_ISSUER, plant_oidc, plant_saml};
pub use seed::Misfit;
pub(crate) use seed::{At, cents, run};

/// A scenario that can be planted.
#[derive(Debug)]
pub struct Scenario {
    file: File,
    clocks: Clocks,
}

/// Why a text is not a scenario, in words for people.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAScenario(pub String);

impl Scenario {
    /// Reads a scenario and tries it out.
    pub fn parse(text: &str) -> Result<Self, NotAScenario> {
        let file: File = if text.trim().is_empty() {
            File::default()
        } else {
            serde_saphyr::from_str(text).map_err(|error| {
                // Whoever shows it says that it is an error.
                NotAScenario(error.to_string().trim_start_matches("error: ").to_owned())
            })?
        };
        let clocks = seed::clocks(&file).map_err(|misfit| NotAScenario(misfit.to_string()))?;
        let scenario = Self { file, clocks };
        let name = WorldName::default_world();
        World::new(name.clone(), Ids::new(0, &name, 0), &Settings::default(), &scenario)
            .map_err(|misfit| NotAScenario(misfit.to_string()))?;
        let flaws = scenario.file.faults.iter().zip(0..).flat_map(|(rule, number)| {
            rule.flaws().into_iter().map(move |flaw| format!("faults[{number}].{flaw}"))
        });
        let expected = scenario.file.expect.iter().zip(0..);
        let unchecked =
            expected.filter_map(|(one, number)| Some(format!("expect[{number}]: {}", one.flaw()?)));
        let nobody = scenario.actor().and_then(|who| scenario.file.missing(who));
        let flaws: Vec<_> = flaws.chain(unchecked).chain(nobody).collect();
        if !flaws.is_empty() {
            return Err(NotAScenario(flaws.join("\n")));
        }
        Ok(scenario)
    }

    /// Whose credentials a command gets that is run with it: an account, or account/user.
    pub fn actor(&self) -> Option<&str> {
        self.file.r#as.as_deref()
    }

    /// The same with another seed, when there is one.
    #[must_use]
    pub fn with_seed(mut self, seed: Option<u64>) -> Self {
        self.file.seed = seed.or(self.file.seed);
        self
    }

    /// The scenario that a server starts with when it is given none.
    pub fn default_seed() -> Self {
        let text = library::named("default").expect("the library has it");
        Self::parse(text).expect("every scenario of the library is tried out by a test")
    }
}

impl Plant for Scenario {
    type Error = Misfit;

    fn clocks(&self) -> Clocks {
        self.clocks
    }

    fn seed(&self) -> Option<u64> {
        self.file.seed
    }

    fn faults(&self) -> &[Rule] {
        &self.file.faults
    }

    fn expectations(&self) -> &[Expectation] {
        &self.file.expect
    }

    fn plant(&self, tx: &mut Tx<'_>) -> Result<(), Misfit> {
        seed::plant(&self.file, tx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_field_is_refused_where_it_stands() {
        let error = Scenario::parse("accounts:\n  - name: demo\n    sites: cn\n").unwrap_err().0;
        assert!(error.contains("sites") && error.contains("line 3"), "{error}");
    }

    #[test]
    fn whoever_a_command_runs_as_has_a_key() {
        let with =
            |who: &str| format!("as: {who}\naccounts: [{{name: demo, users: [{{name: ci, keys: [{{}}]}}]}}]");
        assert_eq!(Scenario::parse(&with("demo/ci")).unwrap().actor(), Some("demo/ci"));
        for nobody in ["demo", "demo/dev", "shop/ci", "shop"] {
            let error = Scenario::parse(&with(nobody)).unwrap_err().0;
            assert_eq!(error, format!("as: no account or account/user `{nobody}` has a key"));
        }
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_where_it_stands() {
        let error = Scenario::parse("accounts: [{name: demo, users: [{name: 'a b'}]}]").unwrap_err().0;
        assert_eq!(error, "accounts[0].users[0].name: `a b` holds a character that is not allowed");
        let error = Scenario::parse("accounts: [{name: demo, operatedBy: nobody}]").unwrap_err().0;
        assert_eq!(error, "accounts[0].operatedBy: no account before this one is named `nobody`");
    }
}
