//! Changes to the state, by subject. Each is one function that keeps the indexes of [`State`], the timeline and the rules between
//! accounts true; what concerns one account alone is in [`crate::world::account`]. Read [`Tx`] first.

mod closing;
mod contacts;
mod customers;
mod keys;
mod login;
mod machine;
mod messages;
mod orders;
mod partner;
mod products;
mod real_name;
mod registration;
mod roles;
mod sessions;
mod standing;
mod timeline;
mod traces;
mod users;

pub use contacts::Contacts;
pub use login::LogIn;
pub use machine::{Handed, NotHanded};
pub use registration::Registration;
pub use roles::{DEFAULT_SESSION_SECONDS, NewRole};
pub use sessions::{Grant, NewSession};

use crate::text::{Timestamp, Uid};
use crate::world::account::Account;
use crate::world::by::By;
use crate::world::gates::Gates;
use crate::world::ids::Ids;
use crate::world::permission::Decision;
use crate::world::refusal::Refusal;
use crate::world::settings::{AccountRules, Enforcement, Propagation, Quotas, SessionExpiry};
use crate::world::state::{Registry, State};
use crate::world::stubs::Stubs;
use std::sync::Arc;

/// What an operation that writes is given: a copy that becomes the state when it succeeds.
#[derive(Debug)]
pub struct Tx<'a> {
    pub(super) state: State,
    /// Who calls, and from where.
    pub by: By<'a>,
    /// The resource clock.
    pub now: Timestamp,
    pub(super) ids: &'a Ids,
    /// Accounts that were given out to change, in worlds whose changes take time to spread.
    pub(super) touched: Vec<Uid>,
    /// The decision of a change that asks policies by itself, as `AssumeRole` does; the journal keeps it.
    pub decided: Option<Decision>,
}

impl<'a> Tx<'a> {
    /// A copy to try something out on.
    #[must_use]
    pub fn fork(&self) -> Tx<'a> {
        let (touched, decided) = (self.touched.clone(), self.decided.clone());
        Tx { state: self.state.clone(), by: self.by, now: self.now, ids: self.ids, touched, decided }
    }
}

impl Tx<'_> {
    /// The state with the changes made so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The state that permission is asked of: as the call sees it, when a change has not spread yet.
    pub fn seen(&self) -> &State {
        self.by.seen.unwrap_or(&self.state)
    }

    /// The caller's account.
    pub fn account(&self) -> Result<&Account, Refusal> {
        self.state.account(self.caller_uid()?)
    }

    /// The caller's account, to change, with the quotas that bind it.
    pub fn account_mut(&mut self) -> Result<(&mut Account, Quotas), Refusal> {
        self.account_of(self.caller_uid()?)
    }

    /// Another account, to change.
    pub fn account_of(&mut self, uid: Uid) -> Result<(&mut Account, Quotas), Refusal> {
        let account = self.state.accounts.get_mut(&uid).ok_or(Refusal::NoSuchAccount)?;
        if !self.state.propagation.is_immediate() && !self.touched.contains(&uid) {
            self.touched.push(uid);
        }
        Ok((Arc::make_mut(account), self.state.quotas))
    }

    fn caller_uid(&self) -> Result<Uid, Refusal> {
        self.by.caller.uid().ok_or(Refusal::NoSuchAccount)
    }

    /// An account that is not closed.
    pub fn open_account(&self, uid: Uid) -> Result<&Account, Refusal> {
        let account = self.state.account(uid)?;
        account.standing().must_be_open()?;
        Ok(account)
    }

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

    /// Sets what accounts may hold.
    pub fn set_quotas(&mut self, quotas: Quotas) {
        self.state.quotas = quotas;
    }

    /// Sets what becomes of calls that no policy allows.
    pub fn set_enforcement(&mut self, enforcement: Enforcement) {
        self.state.enforcement = enforcement;
    }

    /// Sets how fast changes spread.
    pub fn set_propagation(&mut self, propagation: Propagation) {
        self.state.propagation = Arc::new(propagation);
    }

    /// Sets when sessions end that are given out.
    pub fn set_session_expiry(&mut self, expiry: SessionExpiry) {
        self.state.session_expiry = expiry;
    }

    /// Sets what is answered for actions that nobody runs.
    pub fn set_stubs(&mut self, stubs: Stubs) {
        self.state.stubs = Arc::new(stubs);
    }
}
