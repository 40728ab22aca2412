//! Operations on folders. Source: docs/evidence/resource-directory.md 4.3.

use crate::attributes::{apply, reply};
use crate::error::{Result, directory};
use crate::operation::Done;
use crate::params::request;
use crate::services::directory::reply::{Numbered, Paging, TagView, wrapped};
use crate::services::directory::{Door, managed, manager};
use crate::services::shared::reply::{All, Listed, One, elements};
use crate::text::{FolderId, FolderName, Tag};
use crate::world::directory::{Directory, Folder, Target};
use crate::world::register::Slot;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateFolder`.
    pub(super) struct Create {
        name: FolderName = "FolderName",
        parent: Option<FolderId> = "ParentFolderId",
        tags: Vec<Tag> = "Tag",
    }

    /// Parameters of `GetFolder` and `DeleteFolder`.
    pub(super) struct OneFolder {
        id: FolderId = "FolderId",
    }

    /// Parameters of `UpdateFolder`.
    pub(super) struct Update {
        id: FolderId = "FolderId",
        name: FolderName = "NewFolderName",
    }

    /// Parameters of `ListFoldersForParent`.
    pub(super) struct List {
        parent: Option<FolderId> = "ParentFolderId",
        keyword: Option<String> = "QueryKeyword",
        tags: Vec<Tag> = "Tag",
        paging: Paging = "PageNumber",
    }

    /// Parameters of `ListAncestors`.
    pub(super) struct Ancestors {
        child: String = "ChildId",
    }
}

/// A folder. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct FolderView {
    folder_id: String,
    folder_name: String,
    parent_folder_id: Option<String>,
    create_time: String,
    resource_directory_path: Option<String>,
    tags: Option<Listed<TagView>>,
}

elements! { FolderView: "Folder" "Folders"; }

impl FolderView {
    fn in_list(folder: &Folder) -> Self {
        Self {
            folder_id: folder.id.to_string(),
            folder_name: folder.name.to_string(),
            parent_folder_id: None,
            create_time: folder.created.with_millis(),
            resource_directory_path: None,
            tags: None,
        }
    }

    fn new(directory: &Directory, slot: Slot) -> Result<Self> {
        let folder = directory.folder(slot)?;
        let parent = folder.parent.and_then(|parent| directory.folder(parent).ok());
        // UNCERTAIN: the Root folder has an empty text.
        let parent_folder_id = Some(parent.map(|parent| parent.id.to_string()).unwrap_or_default());
        Ok(Self { parent_folder_id, ..Self::in_list(folder) })
    }
}

/// `CreateFolder`: adds a folder to a folder, by default to the Root folder.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Folder`, `InvalidParameter.Folder.Name.AlreadyUsed`,
/// `LimitExceeded.Folder.Depth` and `QuotaExceeded.Folder.Count`. Source: docs/evidence/resource-directory.md 4.3.
pub(super) fn create(tx: &mut Tx<'_>, req: Create) -> Result<One<FolderView>> {
    let uid = manager(tx)?;
    let parent = tx.state().directory(uid)?.folder_or_root(req.parent.as_ref())?;
    let slot = tx.add_folder(uid, req.name, parent)?;
    let quota = tx.state().quotas.tags_each;
    tx.directory_mut(uid)?.folder_tags_mut(slot)?.set(&req.tags, quota)?;
    Ok(One(FolderView::new(tx.state().directory(uid)?, slot)?))
}

/// `GetFolder`: returns a folder with its path.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Folder`. Source: docs/evidence/resource-directory.md 4.3.
pub(super) fn get(view: View<'_>, req: OneFolder) -> Result<One<FolderView>> {
    let directory = managed(&view)?;
    let slot = directory.folder_slot(&req.id)?;
    let resource_directory_path = Some(directory.path(slot));
    Ok(One(FolderView { resource_directory_path, ..FolderView::new(directory, slot)? }))
}

/// `UpdateFolder`: renames a folder.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Folder` and `InvalidParameter.Folder.Name.AlreadyUsed`. Source:
/// docs/evidence/resource-directory.md 4.3.
pub(super) fn update(tx: &mut Tx<'_>, req: Update) -> Result<One<FolderView>> {
    let uid = manager(tx)?;
    let directory = tx.directory_mut(uid)?;
    let slot = directory.folder_slot(&req.id)?;
    directory.rename_folder(slot, req.name)?;
    Ok(One(FolderView::new(directory, slot)?))
}

/// `DeleteFolder`: deletes an empty folder.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Folder`, `DeleteConflict.Folder.SubFolder` and
/// `DeleteConflict.Folder.Account`. Source: docs/evidence/resource-directory.md 4.3.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneFolder) -> Result<Done> {
    let uid = manager(tx)?;
    let directory = tx.directory_mut(uid)?;
    let slot = directory.folder_slot(&req.id)?;
    directory.remove_folder(slot)?;
    Ok(Done {})
}

/// `ListFoldersForParent`: returns a page of the folders directly in a folder, by default in the Root folder, oldest first.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Folder`. Source: docs/evidence/resource-directory.md 4.3.
pub(super) fn list<D: Door>(view: View<'_>, req: List) -> Result<Numbered<FolderView>> {
    folders_in(view, req, D::NEWER)
}

fn folders_in(view: View<'_>, req: List, with_tags: bool) -> Result<Numbered<FolderView>> {
    let directory = managed(&view)?;
    let parent = directory.folder_or_root(req.parent.as_ref())?;
    let keyword = req.keyword.unwrap_or_default();
    let wanted = |folder: &&Folder| folder.name.as_str().contains(&keyword) && folder.tags.have(&req.tags);
    let all = directory.folders_in(parent).map(|(_, folder)| folder).filter(wanted);
    Ok(Numbered::of(req.paging, all, |folder| FolderView {
        tags: with_tags.then(|| wrapped(&folder.tags)),
        ..FolderView::in_list(folder)
    }))
}

/// `ListAncestors`: returns the folders above a folder or member, the Root folder first (UNCERTAIN).
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Folder`. Source: docs/evidence/resource-directory.md 4.3.
pub(super) fn ancestors(view: View<'_>, req: Ancestors) -> Result<All<FolderView>> {
    let directory = managed(&view)?;
    let is_id = req.child.starts_with("fd-") || req.child.starts_with("r-");
    if !is_id && (req.child.is_empty() || !req.child.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(directory::INVALID_PARAMETER_CHILD_ID.error());
    }
    let above = match directory.target(&req.child).map_err(|_| directory::ENTITY_NOT_EXISTS_FOLDER.error())? {
        Target::Member(uid) => Some(directory.member(uid)?.folder),
        Target::Folder(slot) => directory.folder(slot)?.parent,
    };
    let above = above.into_iter().flat_map(|slot| directory.upwards(slot));
    let mut above: Vec<_> = above.map(|(_, folder)| FolderView::in_list(folder)).collect();
    above.reverse();
    Ok(above.into_iter().collect())
}
