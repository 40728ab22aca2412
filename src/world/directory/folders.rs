//! Folders of a directory. Source: docs/evidence/resource-directory.md 4.3.

use crate::text::{FolderId, FolderName, Scalar, Timestamp};
use crate::world::account::Tags;
use crate::world::directory::{Directory, Target};
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;

/// Levels of folders below the Root folder. Source: docs/evidence/resource-directory.md section 3.
const DEEPEST: usize = 5;

/// A folder. The Root folder has no parent.
#[derive(Debug, Clone)]
pub struct Folder {
    /// `fd-` and 10 characters; `r-` and 6 characters for the Root folder.
    pub id: CompactString,
    /// Name; unique among its siblings.
    pub name: FolderName,
    /// Folder that holds it.
    pub parent: Option<Slot>,
    /// Time of creation.
    pub created: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl Named for Folder {
    fn folded_name(&self) -> CompactString {
        self.id.clone()
    }
}

impl Folder {
    /// Creates the Root folder. The sample of `ListAncestors` shows its name.
    pub(in crate::world) fn root(id: CompactString, now: Timestamp) -> Self {
        let name = FolderName::parse("root").expect("it is a name");
        Self { id, name, parent: None, created: now, tags: Tags::default() }
    }
}

impl Directory {
    /// Returns the folder with an id.
    pub fn folder_slot(&self, id: &FolderId) -> Result<Slot, Refusal> {
        self.folders.find(id.as_str()).ok_or(Refusal::NoSuchFolder)
    }

    /// Returns the folder with an id; without one, the Root folder.
    pub fn folder_or_root(&self, id: Option<&FolderId>) -> Result<Slot, Refusal> {
        id.map_or(Ok(Self::ROOT), |id| self.folder_slot(id))
    }

    /// Returns the folder in `slot`.
    pub fn folder(&self, slot: Slot) -> Result<&Folder, Refusal> {
        self.folders.get(slot).map(|folder| &**folder).ok_or(Refusal::NoSuchFolder)
    }

    /// Iterates over all folders, oldest first.
    pub fn folders(&self) -> impl Iterator<Item = (Slot, &Folder)> {
        self.folders.iter().map(|(slot, folder)| (slot, &**folder))
    }

    /// Iterates over the folders directly in `parent`.
    pub fn folders_in(&self, parent: Slot) -> impl Iterator<Item = (Slot, &Folder)> {
        self.folders().filter(move |(_, folder)| folder.parent == Some(parent))
    }

    /// Iterates over a folder and all folders above it, the Root folder last.
    pub fn upwards(&self, from: Slot) -> impl Iterator<Item = (Slot, &Folder)> {
        std::iter::successors(self.folders.get(from).map(|folder| (from, &**folder)), |(_, folder)| {
            folder.parent.and_then(|slot| Some((slot, &**self.folders.get(slot)?)))
        })
    }

    /// Returns `ResourceDirectoryPath` of a folder: the ids from the directory to the folder.
    pub fn path(&self, folder: Slot) -> String {
        let mut ids: Vec<_> = self.upwards(folder).map(|(_, folder)| folder.id.as_str()).collect();
        ids.push(&self.id);
        ids.reverse();
        ids.join("/")
    }

    /// Returns the names from the Root folder down to a folder, as `prod/web`; empty for the Root folder.
    pub fn names_to(&self, folder: Slot) -> String {
        let named = self.upwards(folder).filter(|(_, folder)| folder.parent.is_some());
        let mut path: Vec<_> = named.map(|(_, folder)| folder.name.as_str()).collect();
        path.reverse();
        path.join("/")
    }

    /// Returns the folder with such a path.
    pub fn folder_at(&self, path: &str) -> Option<Slot> {
        let names = path.split('/').filter(|name| !name.is_empty());
        { names }.try_fold(Self::ROOT, |parent, name| {
            self.folders_in(parent).find(|(_, folder)| folder.name.as_str() == name).map(|(slot, _)| slot)
        })
    }

    fn name_is_free(&self, name: &FolderName, parent: Slot, but: Option<Slot>) -> Result<(), Refusal> {
        let is_taken = self.folders_in(parent).any(|(slot, one)| one.name == *name && Some(slot) != but);
        if is_taken { Err(Refusal::FolderNameTaken) } else { Ok(()) }
    }

    /// Adds a folder.
    pub(in crate::world) fn add_folder(
        &mut self,
        id: CompactString,
        name: FolderName,
        parent: Slot,
        now: Timestamp,
        quotas: &Quotas,
    ) -> Result<Slot, Refusal> {
        self.name_is_free(&name, parent, None)?;
        if self.upwards(parent).count() > DEEPEST {
            return Err(Refusal::FolderTooDeep);
        }
        // The Root folder does not count.
        if self.folders.len() > quotas.folders_per_directory {
            return Err(Refusal::TooManyFolders);
        }
        let folder = Folder { id, name, parent: Some(parent), created: now, tags: Tags::default() };
        let slot = self.folders.add(folder).map_err(|_| Refusal::FolderNameTaken)?;
        self.control.cover(Target::Folder(slot), now);
        Ok(slot)
    }

    /// Renames a folder. UNCERTAIN: the name of the Root folder cannot change.
    pub fn rename_folder(&mut self, slot: Slot, name: FolderName) -> Result<(), Refusal> {
        let parent = self.folder(slot)?.parent.ok_or(Refusal::NoSuchFolder)?;
        self.name_is_free(&name, parent, Some(slot))?;
        if let Some(folder) = self.folders.get_mut(slot) {
            folder.name = name;
        }
        Ok(())
    }

    /// Deletes an empty folder. UNCERTAIN: the code for the Root folder.
    pub fn remove_folder(&mut self, slot: Slot) -> Result<(), Refusal> {
        self.folder(slot)?.parent.ok_or(Refusal::NoSuchFolder)?;
        if self.folders_in(slot).next().is_some() {
            return Err(Refusal::FolderHasFolders);
        }
        if self.members_in(slot).next().is_some() {
            return Err(Refusal::FolderHasMembers);
        }
        self.folders.remove(slot);
        self.control.uncover(Target::Folder(slot));
        Ok(())
    }

    /// Returns the tags of a folder, to change.
    pub fn folder_tags_mut(&mut self, slot: Slot) -> Result<&mut Tags, Refusal> {
        self.folders.get_mut(slot).map(|folder| &mut folder.tags).ok_or(Refusal::NoSuchFolder)
    }
}
