//! Deletion of members: check, deletion, and the record that outlives the member. Source: docs/evidence/resource-directory.md 4.2.

use crate::text::{Timestamp, Uid};
use crate::world::account::Check;
use crate::world::directory::{Directory, MemberKind, MemberStatus};
use crate::world::refusal::Refusal;
use std::sync::Arc;

/// UNCERTAIN: no page shows how long a check takes.
const CHECK_MILLIS: i64 = 3_000;

/// Check whether a member can be deleted.
#[derive(Debug, Clone)]
pub struct DeletionCheck {
    /// Start of the check.
    pub since: Timestamp,
    /// Reasons against the deletion. Some may be waived.
    pub checks: Arc<[Check]>,
}

impl DeletionCheck {
    /// Returns `true` if the check is complete.
    pub fn is_done(&self, now: Timestamp) -> bool {
        now >= self.since.plus_millis(CHECK_MILLIS)
    }

    /// Returns `true` if the member can be deleted.
    pub fn allows(&self) -> bool {
        self.checks.iter().all(|check| check.waivable)
    }
}

/// A request to delete a member. It outlives the member.
#[derive(Debug, Clone)]
pub struct Deletion {
    /// Management account.
    pub manager: Uid,
    /// Time of the request.
    pub since: Timestamp,
    /// Time of the deletion: the end of the silence period.
    pub ends: Timestamp,
    /// Set with a silence period.
    pub is_silent: bool,
    /// Reasons for which nothing was deleted.
    pub failed: Arc<[Check]>,
}

/// Progress of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionStatus {
    /// The silence period runs.
    Deleting,
    /// The account is closed.
    Success,
    /// A check failed; nothing was deleted.
    CheckFailed,
    /// The account was kept open.
    DeleteFailed,
}

impl DeletionStatus {
    /// Returns the word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deleting => "Deleting",
            Self::Success => "Success",
            Self::CheckFailed => "CheckFailed",
            Self::DeleteFailed => "DeleteFailed",
        }
    }
}

impl Directory {
    /// Fails if a member cannot be deleted, whatever its account holds. UNCERTAIN: the order, and the code while an e-mail must confirm the
    /// switch of its type.
    pub(in crate::world) fn may_delete(&self, uid: Uid) -> Result<(), Refusal> {
        let member = self.member(uid)?;
        if !self.deletes_members {
            return Err(Refusal::DeletionNotAllowed);
        }
        if member.kind != MemberKind::ResourceAccount {
            return Err(Refusal::DeletionOfCloudAccount);
        }
        if member.status == MemberStatus::PromoteVerifying {
            return Err(Refusal::MemberUnfit);
        }
        if self.control.is_switching() {
            return Err(Refusal::ControlNotEnabled);
        }
        if self.services_of(uid).next().is_some() {
            return Err(Refusal::DeletionOfAdministrator);
        }
        Ok(())
    }
}
