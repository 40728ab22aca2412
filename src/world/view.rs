//! What an operation that reads is given; one that writes is given a [`crate::world::Tx`].

use crate::text::{AccessKeyId, Timestamp};
use crate::world::account::Account;
use crate::world::by::By;
use crate::world::ids::Ids;
use crate::world::journal::{Journal, Record};
use crate::world::machine::Machine;
use crate::world::refusal::Refusal;
use crate::world::state::State;
use crate::world::usage::{LastUse, Usage};
use std::sync::Arc;

/// What an operation that reads is given.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The state as it was when the call came.
    pub state: &'a State,
    /// Who calls, and from where.
    pub by: By<'a>,
    /// The resource clock.
    pub now: Timestamp,
    pub(super) usage: &'a Usage,
    pub(super) journal: &'a Journal,
    pub(super) ids: &'a Ids,
}

impl<'a> View<'a> {
    /// The caller's account.
    pub fn account(&self) -> Result<&'a Account, Refusal> {
        self.state.account(self.by.caller.uid().ok_or(Refusal::NoSuchAccount)?)
    }

    /// The caller's account as products see it that only hear of changes to it.
    pub fn account_seen(&self) -> Result<&'a Account, Refusal> {
        self.by.seen.unwrap_or(self.state).account(self.by.caller.uid().ok_or(Refusal::NoSuchAccount)?)
    }

    /// When a key was last used.
    pub fn last_use(&self, key: &AccessKeyId) -> Option<LastUse> {
        self.usage.of(key)
    }

    /// A token that opens the metadata of `machine` for so many seconds.
    pub fn metadata_token(&self, machine: &Machine, seconds: i64) -> String {
        self.ids.metadata_token(&machine.id, self.now.plus_millis(seconds * 1000))
    }

    /// The record of an earlier request, as long as the journal holds it.
    pub fn record(&self, request_id: &str) -> Option<Arc<Record>> {
        self.journal.find(request_id)
    }
}
