//! Members of a directory: records of accounts. Source: docs/evidence/resource-directory.md 4.2.

use crate::text::{AccountNamePrefix, MemberName, Timestamp, Uid};
use crate::world::account::Tags;
use crate::world::directory::{DeletionCheck, Directory, Target};
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use compact_str::{CompactString, ToCompactString};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Type of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum MemberKind {
    /// Created in the directory; its root has no password.
    ResourceAccount,
    /// Invited, or switched from a resource account.
    CloudAccount,
}

/// Way in which a member joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JoinMethod {
    /// By an invitation.
    Invited,
    /// Created in the directory.
    Created,
}

/// Status of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MemberStatus {
    /// Created.
    CreateSuccess,
    /// Accepted an invitation.
    InviteSuccess,
    /// Switched to the other type.
    SwitchSuccess,
    /// Waits for the confirmation of a creation by e-mail.
    CreateVerifying,
    /// Waits for the confirmation of a switch by e-mail.
    PromoteVerifying,
    /// The switch by e-mail was cancelled.
    PromoteCancelled,
    /// Switched by e-mail.
    PromoteSuccess,
}

/// The record of a member.
#[derive(Debug, Clone)]
pub struct Member {
    /// The account.
    pub uid: Uid,
    /// Display name; unique in the directory.
    pub display_name: MemberName,
    /// Type.
    pub kind: MemberKind,
    /// Way in which it joined.
    pub join: JoinMethod,
    /// Folder that holds it.
    pub folder: Slot,
    /// Status.
    pub status: MemberStatus,
    /// Time of joining.
    pub joined: Timestamp,
    /// Time of the last change.
    pub modified: Timestamp,
    /// Account that pays for it; `None` if it pays for itself.
    pub payer: Option<Uid>,
    /// Number of the last change of its e-mail.
    pub email_change: Option<CompactString>,
    /// Number of its last creation or switch by e-mail.
    pub record: Option<CompactString>,
    /// Last check whether it can be deleted.
    pub check: Option<DeletionCheck>,
    /// Tags.
    pub tags: Tags,
}

impl Named for Member {
    fn folded_name(&self) -> CompactString {
        self.uid.to_compact_string()
    }
}

/// Input for a new resource account.
#[derive(Debug)]
pub struct NewMember {
    /// Display name.
    pub display_name: MemberName,
    /// Beginning of the account name; by default random.
    pub prefix: Option<AccountNamePrefix>,
    /// Folder that holds it.
    pub folder: Slot,
    /// Account that pays for it; `None` if it pays for itself.
    pub payer: Option<Uid>,
    /// Tags.
    pub tags: Tags,
}

/// A member of a scenario.
#[derive(Debug)]
pub struct MemberSeed {
    /// The account.
    pub uid: Uid,
    /// Display name.
    pub display_name: MemberName,
    /// Folder that holds it.
    pub folder: Slot,
    /// Type.
    pub kind: MemberKind,
    /// Way in which it joined.
    pub join: JoinMethod,
    /// Tags.
    pub tags: Tags,
}

impl Directory {
    fn member_slot(&self, uid: Uid) -> Result<Slot, Refusal> {
        self.members.find(&uid.to_compact_string()).ok_or(Refusal::NoSuchMember)
    }

    /// Returns the record of a member.
    pub fn member(&self, uid: Uid) -> Result<&Member, Refusal> {
        let slot = self.member_slot(uid)?;
        self.members.get(slot).map(|member| &**member).ok_or(Refusal::NoSuchMember)
    }

    /// Returns the record of a member, to change.
    pub fn member_mut(&mut self, uid: Uid) -> Result<&mut Member, Refusal> {
        let slot = self.member_slot(uid)?;
        self.members.get_mut(slot).ok_or(Refusal::NoSuchMember)
    }

    /// Iterates over all members, in order of joining.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().map(|(_, member)| &**member)
    }

    /// Iterates over the members directly in a folder.
    pub fn members_in(&self, folder: Slot) -> impl Iterator<Item = &Member> {
        self.members().filter(move |member| member.folder == folder)
    }

    /// Returns `ResourceDirectoryPath` of a member.
    pub fn member_path(&self, member: &Member) -> String {
        format!("{}/{}", self.path(member.folder), member.uid)
    }

    /// Fails if another member has the display name.
    pub(in crate::world) fn display_name_is_free(
        &self,
        name: &MemberName,
        but: Option<Uid>,
    ) -> Result<(), Refusal> {
        let is_taken = self.members().any(|one| one.display_name == *name && Some(one.uid) != but);
        if is_taken { Err(Refusal::DisplayNameTaken) } else { Ok(()) }
    }

    /// Renames a member.
    pub(in crate::world) fn rename_member(
        &mut self,
        uid: Uid,
        name: MemberName,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.member(uid)?;
        self.display_name_is_free(&name, Some(uid))?;
        let member = self.member_mut(uid)?;
        (member.display_name, member.modified) = (name, now);
        Ok(())
    }

    /// Moves a member to another folder. UNCERTAIN: the present folder is accepted.
    pub fn move_member(&mut self, uid: Uid, folder: Slot, now: Timestamp) -> Result<(), Refusal> {
        self.folder(folder)?;
        let member = self.member_mut(uid)?;
        (member.folder, member.modified) = (folder, now);
        Ok(())
    }

    /// Adds the record of a member.
    pub(in crate::world) fn add_member(&mut self, member: Member) -> Result<(), Refusal> {
        let (uid, now) = (member.uid, member.joined);
        self.members.add(member).map_err(|_| Refusal::InDirectory)?;
        self.control.cover(Target::Member(uid), now);
        Ok(())
    }

    /// Removes the record of a member.
    pub(in crate::world) fn drop_member(&mut self, uid: Uid) -> Result<(), Refusal> {
        let slot = self.member_slot(uid)?;
        self.members.remove(slot);
        self.control.uncover(Target::Member(uid));
        self.undelegate_all(uid);
        // Those that it paid for pay for themselves.
        let paid: Vec<_> = self.members().filter(|one| one.payer == Some(uid)).map(|one| one.uid).collect();
        for one in paid {
            self.member_mut(one)?.payer = None;
        }
        Ok(())
    }
}
