//! Groups of RAM users.

use crate::text::{Comments, DisplayName, GroupName, Patch, Timestamp};
use crate::world::account::{Account, Entity};
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;

/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Group id; a rename keeps it.
    pub id: CompactString,
    /// Group name.
    pub name: GroupName,
    /// Name shown in the console. Only IMS sets and returns it.
    pub display_name: Option<DisplayName>,
    /// Optional remark.
    pub comments: Option<Comments>,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
}

/// Changes to a group.
pub struct GroupChange {
    /// New name.
    pub name: Option<GroupName>,
    /// New display name.
    pub display_name: Patch<DisplayName>,
    /// New remark.
    pub comments: Patch<Comments>,
}

impl Named for Group {
    fn folded_name(&self) -> CompactString {
        self.name.folded()
    }
}

impl Account {
    /// Returns the slot of the group `name`.
    pub fn group_slot(&self, name: &GroupName) -> Result<Slot, Refusal> {
        self.groups.find(&name.folded()).ok_or(Refusal::NoSuchGroup)
    }

    /// Returns the group in `slot`.
    pub fn group(&self, slot: Slot) -> Result<&Group, Refusal> {
        self.groups.get(slot).map(|group| &**group).ok_or(Refusal::NoSuchGroup)
    }

    /// Adds a group.
    pub fn add_group(&mut self, group: Group, quotas: &Quotas) -> Result<Slot, Refusal> {
        if self.groups.len() >= quotas.groups && self.groups.find(&group.folded_name()).is_none() {
            return Err(Refusal::TooManyGroups);
        }
        self.groups.add(group).map_err(|_| Refusal::GroupExists)
    }

    /// Changes a group. A rename keeps id, members and policies.
    pub fn update_group(
        &mut self,
        slot: Slot,
        change: GroupChange,
        now: Timestamp,
    ) -> Result<&Group, Refusal> {
        let apply = |group: &mut Group| {
            group.name = change.name.unwrap_or_else(|| group.name.clone());
            change.display_name.apply(&mut group.display_name);
            change.comments.apply(&mut group.comments);
            group.updated = now;
        };
        self.groups.rename(slot, apply).map_err(|_| Refusal::GroupExists)?;
        self.group(slot)
    }

    /// Deletes a group without members and policies. Nothing cascades. Source: docs/evidence/ram.md section 6.
    pub fn remove_group(&mut self, slot: Slot) -> Result<(), Refusal> {
        if self.members.left_of(slot).next().is_some() {
            return Err(Refusal::GroupHasUsers);
        }
        if self.attachments.right_of(Entity::Group(slot)).next().is_some() {
            return Err(Refusal::GroupHasPolicies);
        }
        self.groups.remove(slot);
        Ok(())
    }

    /// Adds a user to a group.
    pub fn join(&mut self, user: Slot, group: Slot, now: Timestamp, quotas: &Quotas) -> Result<(), Refusal> {
        let joined = self.members.right_of(user).count();
        if self.members.right_of(user).any(|(one, _)| one == group) {
            return Err(Refusal::AlreadyMember);
        }
        if joined >= quotas.groups_per_user {
            return Err(Refusal::TooManyGroupsOfUser);
        }
        self.members.add(user, group, now);
        Ok(())
    }

    /// Removes a user from a group.
    pub fn leave(&mut self, user: Slot, group: Slot) -> Result<(), Refusal> {
        if self.members.remove(user, group) { Ok(()) } else { Err(Refusal::NotAMember) }
    }
}
