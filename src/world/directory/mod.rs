//! Resource directories: a tree of folders whose leaves are accounts, the members.
//!
//! A directory belongs to its management account. Members are accounts of the world like any other: a directory holds only
//! the record of their membership, and [`crate::world::Tx`] registers, moves and closes the accounts. Two products are doors to it.
//! Source: docs/evidence/resource-directory.md.

mod contacts;
mod control;
mod delegation;
mod deletion;
mod folders;
mod handshakes;
mod members;
mod tags;

pub use contacts::{ContactChange, ContactData, ContactStatus, MessageContact, TITLES, is_message_type};
pub use control::{Control, ControlPolicy, ControlStatus, FULL_ACCESS, Target};
pub use deletion::{Deletion, DeletionCheck, DeletionStatus};
pub use folders::Folder;
pub use handshakes::{Handshake, HandshakeStatus, Invitee, NewHandshake};
pub use members::{JoinMethod, Member, MemberKind, MemberSeed, MemberStatus, NewMember};
pub use tags::Tagged;

use crate::text::{Timestamp, Uid};
use crate::world::register::{Register, Slot};
use compact_str::CompactString;
use imbl::OrdMap;
use std::sync::Arc;

/// The resource directories of a world.
#[derive(Debug, Clone, Default)]
pub struct Directories {
    pub(in crate::world) all: OrdMap<Uid, Arc<Directory>>,
    // Invariant: holds the management account of every member of every directory, and nothing else.
    pub(in crate::world) managers: OrdMap<Uid, Uid>,
    pub(in crate::world) handshakes: Register<Handshake>,
    /// Last request to delete each account that was a member; it outlives the member.
    pub(in crate::world) deletions: OrdMap<Uid, Arc<Deletion>>,
}

/// A resource directory.
#[derive(Debug, Clone)]
pub struct Directory {
    /// `rd-` and 6 characters.
    pub id: CompactString,
    /// Management account.
    pub manager: Uid,
    /// Time of creation.
    pub created: Timestamp,
    // Invariant: the Root folder is the first.
    pub(in crate::world) folders: Register<Folder>,
    pub(in crate::world) members: Register<Member>,
    /// Control policies and their attachments.
    pub control: Control,
    pub(in crate::world) contacts: Register<MessageContact>,
    /// Trusted services, with the times of enabling.
    pub(in crate::world) trusted: OrdMap<CompactString, Timestamp>,
    /// Administrators of services, with the times of registration.
    pub(in crate::world) delegations: OrdMap<(CompactString, Uid), Timestamp>,
    /// Members may be deleted: `MemberDeletionStatus`.
    pub deletes_members: bool,
    /// Display names are also written into the accounts: `MemberAccountDisplayNameSyncStatus`.
    pub syncs_names: bool,
}

impl Directory {
    /// Position of the Root folder.
    pub const ROOT: Slot = Slot(0);

    /// Returns the id of the Root folder.
    pub fn root_id(&self) -> &str {
        self.folders.get(Self::ROOT).map_or("", |root| &root.id)
    }
}

impl Directories {
    /// Iterates over all directories, by management account.
    pub fn iter(&self) -> impl Iterator<Item = &Directory> {
        self.all.values().map(|directory| &**directory)
    }

    /// Returns the directory that `manager` manages.
    pub fn managed_by(&self, manager: Uid) -> Option<&Directory> {
        self.all.get(&manager).map(|directory| &**directory)
    }

    /// Returns the directory that the account is a member of, and the record of its membership.
    pub fn of_member(&self, uid: Uid) -> Option<(&Directory, &Member)> {
        let directory = self.managed_by(*self.managers.get(&uid)?)?;
        Some((directory, directory.member(uid).ok()?))
    }
}
