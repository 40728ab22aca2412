//! Users as IMS lists them.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::shared::reply::{Marker, MaxItems, Page, elements, page};
use crate::services::shared::words::words;
use crate::text::{DisplayName, Tag, UserPrincipalName};
use crate::world::View;
use crate::world::register::Slot;

words! {
    /// `Status`: whether it includes active users. No API of alimock freezes a user.
    Status: bool { "active" => true, "active,freeze" => true, "freeze" => false }
}

request! {
    /// Parameters of `ListUserBasicInfos`.
    pub(super) struct ListUserBasicInfos {
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
        status: Option<Status> = "Status",
        tags: Vec<Tag> = "Tag",
    }
}

/// A user in a list.
#[apply(reply)]
pub(super) struct BasicInfo {
    user_id: String,
    user_principal_name: String,
    display_name: String,
    status: &'static str,
}

elements! { BasicInfo: "UserBasicInfo" "UserBasicInfos"; }

/// `ListUserBasicInfos`: a page of users in the order of their making. Users have no tags: a `Tag` matches none.
///
/// Fails with `InvalidParameter.Marker`, `InvalidParameter.MaxItems.Range` and `InvalidParameter.Status` (UNCERTAIN).
/// UNCERTAIN: the domain of an account with an alias; here the default one. Source: docs/evidence/ims.md 4.1 and section 2.
pub(super) fn basic_infos(view: View<'_>, req: ListUserBasicInfos) -> Result<Page<BasicInfo>> {
    let account = view.account()?;
    let domain = UserPrincipalName::default_domain(account.uid);
    let matches = req.tags.is_empty() && req.status.is_none_or(|status| status.0);
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let users = account.users.iter_from(from).filter(|_| matches).map(|(slot, user)| (slot.0, user));
    Ok(page(users, req.max_items.map(|max| max.0), |user| BasicInfo {
        user_id: user.id.to_string(),
        user_principal_name: format!("{}@{domain}", user.name),
        display_name: user.details.display_name.as_ref().map_or("", DisplayName::as_str).to_owned(),
        status: "active",
    }))
}
