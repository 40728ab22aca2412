//! Users as IMS lists them in short.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::shared::identity::logon_name;
use crate::services::shared::identity::users::{ACTIVE, Wanted};
use crate::services::shared::reply::{Marker, MaxItems, Page, elements, page};
use crate::world::View;
use crate::world::register::Slot;

request! {
    /// Parameters of `ListUserBasicInfos`.
    pub(super) struct ListUserBasicInfos {
        marker: Option<Marker> = "Marker",
        max_items: MaxItems = "MaxItems",
        wanted: Wanted = "Status",
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

/// `ListUserBasicInfos`: a page of users in the order of their making, of 100 unless `MaxItems` says more.
///
/// Fails with `InvalidParameter.Marker`, `InvalidParameter.MaxItems.Range` and `InvalidParameter.Status` (UNCERTAIN). Source:
/// docs/evidence/ims.md 4.1 and section 2.
pub(super) fn basic_infos(view: View<'_>, req: ListUserBasicInfos) -> Result<Page<BasicInfo>> {
    let account = view.account()?;
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let users = account.users.iter_from(from).filter(|(_, user)| req.wanted.has(user));
    Ok(page(users.map(|(slot, user)| (slot.0, user)), req.max_items.map(|max| max.0), |user| BasicInfo {
        user_id: user.id.to_string(),
        user_principal_name: logon_name(account, user),
        display_name: user.display_name(),
        status: ACTIVE,
    }))
}
