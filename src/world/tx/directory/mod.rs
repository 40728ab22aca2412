//! Changes to resource directories that concern accounts, the timeline or the outbox. [`crate::world::directory`] has the changes within
//! one directory. Source: docs/evidence/resource-directory.md.

mod contacts;
mod deletion;
mod handshakes;
mod lifecycle;
mod payers;
mod retired;
mod security;

use crate::text::Uid;
use crate::world::directory::Directory;
use crate::world::refusal::Refusal;
use crate::world::state::State;
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl State {
    /// Returns the directory that an account manages.
    pub fn directory(&self, manager: Uid) -> Result<&Directory, Refusal> {
        self.directories.managed_by(manager).ok_or(Refusal::NoDirectory)
    }

    /// Returns the directory that an account manages or is a member of.
    pub fn directory_around(&self, uid: Uid) -> Option<&Directory> {
        let of_member = || self.directories.of_member(uid).map(|(directory, _)| directory);
        self.directories.managed_by(uid).or_else(of_member)
    }
}
