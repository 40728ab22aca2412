//! Tags of what a directory holds. Source: docs/evidence/resource-directory.md 4.8.

use crate::text::{FolderId, Scalar, Uid};
use crate::world::account::Tags;
use crate::world::directory::Directory;
use crate::world::refusal::Refusal;
use compact_str::{CompactString, ToCompactString};

/// Kind of objects that have tags: `ResourceType`. Terraform uses all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagged {
    /// Members.
    Account,
    /// Folders.
    Folder,
    /// Control policies.
    ControlPolicy,
}

impl Tagged {
    /// Returns the name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Folder => "Folder",
            Self::ControlPolicy => "ControlPolicy",
        }
    }

    /// Returns the refusal of an unknown object.
    pub fn missing(self) -> Refusal {
        match self {
            Self::Account => Refusal::NoSuchMember,
            Self::Folder => Refusal::NoSuchFolder,
            Self::ControlPolicy => Refusal::NoSuchControlPolicy,
        }
    }
}

impl Directory {
    /// Returns the objects of a kind with their tags: id, tags.
    pub fn tagged(&self, kind: Tagged) -> Box<dyn Iterator<Item = (CompactString, &Tags)> + '_> {
        match kind {
            Tagged::Account => Box::new(self.members().map(|one| (one.uid.to_compact_string(), &one.tags))),
            Tagged::Folder => Box::new(self.folders().map(|(_, one)| (one.id.clone(), &one.tags))),
            Tagged::ControlPolicy => {
                Box::new(self.control.policies().map(|(_, one)| (one.id.clone(), &one.tags)))
            }
        }
    }

    /// Returns the tags of an object, to change. A malformed id is treated as unknown.
    pub fn tags_mut(&mut self, kind: Tagged, id: &str) -> Result<&mut Tags, Refusal> {
        match kind {
            Tagged::Account => {
                let uid = Uid::parse(id).map_err(|_| Refusal::NoSuchMember)?;
                Ok(&mut self.member_mut(uid)?.tags)
            }
            Tagged::Folder => {
                let slot = self.folder_slot(&FolderId::parse(id).map_err(|_| Refusal::NoSuchFolder)?)?;
                self.folder_tags_mut(slot)
            }
            Tagged::ControlPolicy => {
                let slot = self.control.slot(id)?;
                let policy = self.control.policies.get_mut(slot).filter(|policy| !policy.is_system);
                policy.map(|policy| &mut policy.tags).ok_or(Refusal::NoSuchControlPolicy)
            }
        }
    }
}
