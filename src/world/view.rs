//! Input of operations that read. Operations that write get a [`crate::world::Tx`].

use crate::text::Timestamp;
use crate::world::account::{AccessKey, Account, LastUse};
use crate::world::by::By;
use crate::world::ids::Ids;
use crate::world::journal::{Journal, Record};
use crate::world::machine::Machine;
use crate::world::refusal::Refusal;
use crate::world::state::State;
use crate::world::usage::Usage;
use std::sync::Arc;

/// Input of an operation that reads.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// State at the arrival of the call.
    pub state: &'a State,
    /// Caller and origin of the call.
    pub by: By<'a>,
    /// Time on the resource clock.
    pub now: Timestamp,
    pub(super) usage: &'a Usage,
    pub(super) journal: &'a Journal,
    pub(super) ids: &'a Ids,
}

impl<'a> View<'a> {
    /// Returns the caller's account.
    pub fn account(&self) -> Result<&'a Account, Refusal> {
        self.state.account(self.by.caller.uid().ok_or(Refusal::NoSuchAccount)?)
    }

    /// Returns the caller's account as seen by products that learn about changes with a delay.
    pub fn account_seen(&self) -> Result<&'a Account, Refusal> {
        self.by.seen.unwrap_or(self.state).account(self.by.caller.uid().ok_or(Refusal::NoSuchAccount)?)
    }

    /// Returns the last use of a key.
    pub fn last_use(&self, key: &AccessKey) -> Option<LastUse> {
        self.usage.of(key)
    }

    /// Creates a token for the metadata of `machine`, valid for some seconds.
    pub fn metadata_token(&self, machine: &Machine, seconds: i64) -> String {
        self.ids.metadata_token(&machine.id, self.now.plus_millis(seconds * 1000))
    }

    /// Returns the record of an earlier request, if the journal still has it.
    pub fn record(&self, request_id: &str) -> Option<Arc<Record>> {
        self.journal.find(request_id)
    }
}
