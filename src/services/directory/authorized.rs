//! Members and folders that a caller may read. Source: docs/evidence/resource-directory.md 4.2.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::directory::administered;
use crate::services::directory::members::MemberView;
use crate::services::directory::reply::{Numbered, Paging};
use crate::services::shared::reply::elements;
use crate::world::View;
use crate::world::permission::{Ask, context, judge};

request! {
    /// Parameters of `ListAuthorizedAccounts` and `ListAuthorizedFolders`.
    pub(super) struct List {
        paging: Paging = "PageNumber",
    }
}

/// A folder with its path.
#[apply(reply)]
pub(super) struct FolderView {
    folder_id: String,
    folder_name: String,
    resource_directory_path: String,
}

elements! { FolderView: "Folder" "Folders"; }

/// Returns `true` if the policies of the caller allow an action on an object of the directory.
fn may(view: &View<'_>, action: &str, kind: &str, path: &str) -> bool {
    let Some(uid) = view.by.caller.uid() else { return false };
    let ask = Ask {
        action: format!("resourcemanager:{action}"),
        resources: vec![format!("acs:resourcemanager:*:{uid}:{kind}/{path}")],
        context: context(view.by.caller, view.by.source, view.now),
        ..Ask::default()
    };
    judge(view.state, view.by.caller, ask).allowed()
}

/// `ListAuthorizedAccounts`: returns a page of the members that the caller may read.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). UNCERTAIN: what authorizes; here `GetAccount`. Source:
/// docs/evidence/resource-directory.md 4.2.
pub(super) fn accounts(view: View<'_>, req: List) -> Result<Numbered<MemberView>> {
    let directory = administered(&view)?;
    let all = directory.members().filter_map(|member| {
        let path = directory.member_path(member);
        let is_allowed = may(&view, "GetAccount", "account", &path);
        is_allowed.then(|| MemberView::with_path(view.state, directory, member, path).ok())?
    });
    Ok(Numbered::of(req.paging, all, |member| member))
}

/// `ListAuthorizedFolders`: returns a page of the folders that the caller may read.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). UNCERTAIN: what authorizes; here `GetFolder`; the Root folder is among them.
/// Source: docs/evidence/resource-directory.md 4.2.
pub(super) fn folders(view: View<'_>, req: List) -> Result<Numbered<FolderView>> {
    let directory = administered(&view)?;
    let all = directory.folders().filter_map(|(slot, folder)| {
        let resource_directory_path = directory.path(slot);
        let is_allowed = may(&view, "GetFolder", "folder", &resource_directory_path);
        is_allowed.then(|| FolderView {
            folder_id: folder.id.to_string(),
            folder_name: folder.name.to_string(),
            resource_directory_path,
        })
    });
    Ok(Numbered::of(req.paging, all, |folder| folder))
}
