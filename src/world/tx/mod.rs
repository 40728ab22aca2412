//! Changes to the state, by subject. Each function keeps the indexes of [`State`], the timeline and the rules between
//! accounts consistent. [`crate::world::account`] has the changes within one account. Start with [`Tx`].

mod closing;
mod contacts;
mod customers;
mod directory;
mod idle;
mod keys;
mod login;
mod machine;
mod messages;
mod orders;
mod partner;
mod products;
mod real_name;
mod registration;
mod resource_groups;
mod roles;
mod service_credentials;
mod sessions;
mod sign_on;
mod standing;
mod timeline;
mod traces;
mod users;

pub use contacts::Contacts;
pub(in crate::world) use idle::{Sweep, day};
pub use login::LogIn;
pub use machine::{Handed, NotHanded};
pub use registration::Registration;
pub use resource_groups::{GROUPING_SERVICE, NewResourceGroup};
pub use roles::{DEFAULT_SESSION_SECONDS, NewRole};
pub use service_credentials::NewServiceCredential;
pub use sessions::{Grant, NewSession};

use crate::text::{Timestamp, Uid};
use crate::world::account::{Account, SystemPolicy};
use crate::world::by::By;
use crate::world::gates::Gates;
use crate::world::hosts::Hosts;
use crate::world::ids::Ids;
use crate::world::permission::Decision;
use crate::world::refusal::Refusal;
use crate::world::settings::{AccountRules, Enforcement, Propagation, Quotas, SessionExpiry};
use crate::world::state::{Registry, State};
use crate::world::stubs::Stubs;
use crate::world::usage::Usage;
use crate::world::vpcs::Vpcs;
use std::sync::Arc;

/// Transaction of an operation that writes: a copy that becomes the state on success.
#[derive(Debug)]
pub struct Tx<'a> {
    pub(super) state: State,
    /// Caller and origin.
    pub by: By<'a>,
    /// The resource clock.
    pub now: Timestamp,
    pub(super) ids: &'a Ids,
    /// Last use of keys, which is no part of the state.
    pub(super) usage: &'a Usage,
    /// Accounts that were borrowed for changes, in worlds whose changes take time to spread.
    pub(super) touched: Vec<Uid>,
    /// Decision of a change that asks policies itself, as `AssumeRole` does; the journal keeps it.
    pub decided: Option<Decision>,
}

impl<'a> Tx<'a> {
    /// Creates a copy, to try a change.
    #[must_use]
    pub fn fork(&self) -> Tx<'a> {
        Tx {
            state: self.state.clone(),
            touched: self.touched.clone(),
            decided: self.decided.clone(),
            ..*self
        }
    }
}

impl Tx<'_> {
    /// Returns the state with the changes made so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns the state for permission checks: as the call sees it, while a change spreads.
    pub fn seen(&self) -> &State {
        self.by.seen.unwrap_or(&self.state)
    }

    /// Returns the caller's account.
    pub fn account(&self) -> Result<&Account, Refusal> {
        self.state.account(self.caller_uid()?)
    }

    /// Makes a change at another time.
    pub fn at<T>(&mut self, at: Timestamp, change: impl FnOnce(&mut Self) -> T) -> T {
        let now = std::mem::replace(&mut self.now, at);
        let given = change(self);
        self.now = now;
        given
    }

    /// Returns the caller's account, to change, with its quotas.
    pub fn account_mut(&mut self) -> Result<(&mut Account, Quotas), Refusal> {
        self.account_of(self.caller_uid()?)
    }

    /// Returns an account, to change, with its quotas.
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

    /// Returns an account that is not closed.
    pub fn open_account(&self, uid: Uid) -> Result<&Account, Refusal> {
        let account = self.state.account(uid)?;
        account.standing().must_be_open()?;
        Ok(account)
    }

    /// Returns the data of all accounts together, to change.
    pub(in crate::world) fn registry_mut(&mut self) -> &mut Registry {
        Arc::make_mut(&mut self.state.registry)
    }

    /// Returns the rules about accounts.
    pub fn rules(&self) -> &AccountRules {
        &self.state.registry.rules
    }

    /// Sets the rules about accounts.
    pub fn set_rules(&mut self, rules: AccountRules) {
        self.registry_mut().rules = rules;
    }

    /// Sets the requirements for calls.
    pub fn set_gates(&mut self, gates: Gates) {
        self.registry_mut().gates = gates;
    }

    /// Sets the system policies that accounts registered later have beside those of the table.
    pub fn set_system_policies(&mut self, policies: Vec<SystemPolicy>) {
        self.state.system_policies = (!policies.is_empty()).then(|| policies.into());
    }

    /// Sets the quotas of accounts.
    pub fn set_quotas(&mut self, quotas: Quotas) {
        self.state.quotas = quotas;
    }

    /// Sets the treatment of calls that no policy allows.
    pub fn set_enforcement(&mut self, enforcement: Enforcement) {
        self.state.enforcement = enforcement;
    }

    /// Sets the speed at which changes spread.
    pub fn set_propagation(&mut self, propagation: Propagation) {
        self.state.propagation = Arc::new(propagation);
    }

    /// Sets the expiry of issued sessions.
    pub fn set_session_expiry(&mut self, expiry: SessionExpiry) {
        self.state.session_expiry = expiry;
    }

    /// Sets the responses for actions that alimock does not implement.
    pub fn set_stubs(&mut self, stubs: Stubs) {
        self.state.stubs = Arc::new(stubs);
    }

    /// Sets the VPCs of clients.
    pub fn set_vpcs(&mut self, vpcs: Vpcs) {
        self.state.vpcs = Arc::new(vpcs);
    }

    /// Sets the hosts that products have besides their own.
    pub fn set_hosts(&mut self, hosts: Hosts) {
        self.state.hosts = Arc::new(hosts.noted());
    }
}
