//! The life of an account: from its registration to its closing. Everything here keeps more than one account true, or the
//! timeline; what concerns one account alone is in [`crate::world::account`].

mod customers;
mod due;
mod login;
mod money;
mod real_name;
mod registration;
mod traces;

pub use login::LogIn;
pub use registration::{Contacts, Registration};
pub use traces::{Asked, Trace, TraceStatus};

use crate::world::gates::Gates;
use crate::world::rules::AccountRules;
use crate::world::state::Registry;
use crate::world::tx::Tx;
use std::sync::Arc;

impl Tx<'_> {
    /// What concerns all accounts, to change.
    pub(in crate::world) fn registry_mut(&mut self) -> &mut Registry {
        Arc::make_mut(&mut self.state.registry)
    }

    /// The rules about accounts.
    pub fn rules(&self) -> &AccountRules {
        &self.state.registry.rules
    }

    /// Sets the rules about accounts.
    pub fn set_rules(&mut self, rules: AccountRules) {
        self.registry_mut().rules = rules;
    }

    /// Sets what must be in order before what is called.
    pub fn set_gates(&mut self, gates: Gates) {
        self.registry_mut().gates = gates;
    }
}
