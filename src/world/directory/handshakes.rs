//! Invitations to a directory. Source: docs/evidence/resource-directory.md 4.4.

use crate::text::{Email, Note, Timestamp, Uid};
use crate::world::account::Tags;
use crate::world::register::{Named, Slot};
use compact_str::CompactString;
use serde::Serialize;

/// Status of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum HandshakeStatus {
    /// Waits for an answer.
    Pending,
    /// Accepted by the invited account.
    Accepted,
    /// Declined by the invited account.
    Declined,
    /// Cancelled by the management account.
    Cancelled,
    /// Not answered in time.
    Expired,
}

/// The way in which an invitation names an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invitee {
    /// By UID.
    Account(Uid),
    /// By e-mail.
    Email(Email),
}

/// An invitation. It outlives the directory, so that its invitee learns that the directory is gone.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// `h-` and 16 characters.
    pub id: CompactString,
    /// Management account.
    pub manager: Uid,
    /// Id of the directory.
    pub directory: CompactString,
    /// Target as sent.
    pub target: Invitee,
    /// Invited account.
    pub uid: Uid,
    /// Optional remark.
    pub note: Option<Note>,
    /// Folder of the new member.
    pub folder: Slot,
    /// Status.
    pub status: HandshakeStatus,
    /// Time of the invitation.
    pub created: Timestamp,
    /// Time of the last change.
    pub modified: Timestamp,
    /// Expiry.
    pub expires: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl Named for Handshake {
    fn folded_name(&self) -> CompactString {
        self.id.clone()
    }
}

/// Input for an invitation.
#[derive(Debug)]
pub struct NewHandshake {
    /// Target.
    pub target: Invitee,
    /// Optional remark.
    pub note: Option<Note>,
    /// Folder of the new member.
    pub folder: Slot,
    /// Tags.
    pub tags: Tags,
}
