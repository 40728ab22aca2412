//! Operations on resource groups. Source: docs/evidence/resource-directory.md 8.1.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result, resource_manager};
use crate::params::{Field, Items, Params, request};
use crate::services::ram::policies::{TagView, tag_list};
use crate::services::shared::numbered::{NumberedPage, Numbers, PageNumber, PageSize};
use crate::services::shared::reply::{Listed, One, elements};
use crate::text::{REGIONS, ResourceGroupId, ResourceGroupName, ResourceGroupTitle, Scalar, Tag};
use crate::world::account::{Account, GroupStatus, ResourceGroup, ResourceType, Tags};
use crate::world::permission::{Ask, context, judge};
use crate::world::{NewResourceGroup, Tx, View};
use serde::Serialize;
use std::sync::Arc;

request! {
    /// Parameters of `CreateResourceGroup`.
    pub(super) struct CreateGroup {
        name: ResourceGroupName = "Name",
        display_name: Title = "DisplayName",
        tags: Vec<Tag> = "Tag",
    }

    /// Parameters of `GetResourceGroup`.
    pub(super) struct GetGroup {
        id: ResourceGroupId = "ResourceGroupId",
        include_tags: Option<bool> = "IncludeTags",
    }

    /// Parameters of `UpdateResourceGroup`.
    pub(super) struct UpdateGroup {
        id: ResourceGroupId = "ResourceGroupId",
        display_name: Title = "NewDisplayName",
    }

    /// Parameters of `DeleteResourceGroup`.
    pub(super) struct OneGroup {
        id: ResourceGroupId = "ResourceGroupId",
    }

    /// Parameters of `ListResourceGroups`.
    pub(super) struct ListGroups {
        filter: GroupFilter = "",
        page_number: PageNumber = "PageNumber",
        page_size: PageSize = "PageSize",
    }

    /// Parameters of `ListResourceGroupsWithAuthDetails`.
    pub(super) struct ListWithPermissions {
        filter: GroupFilter = "",
        page_number: PageNumber = "PageNumber",
        page_size: PageSize = "PageSize",
        types: Items<TypeRef> = "ResourceTypes",
    }

    /// Filters of both lists.
    struct Filters {
        status: Option<GroupStatus> = "Status",
        id: Option<String> = "ResourceGroupId",
        ids: Vec<String> = "ResourceGroupIds",
        name: Option<String> = "Name",
        display_name: Option<String> = "DisplayName",
        tags: Vec<Tag> = "Tag",
        include_tags: Option<bool> = "IncludeTags",
    }

    /// A type of resources.
    pub(super) struct TypeRef {
        pub(super) service: Option<String> = "Service",
        pub(super) kind: Option<String> = "ResourceTypeCode",
    }
}

/// Display name of a group. Its errors have the name of the field, also for the new one.
pub(super) struct Title(ResourceGroupTitle);

impl Field for Title {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        match params.get(name).ok_or(Flawed::missing(name))? {
            "" => Err(resource_manager::MISSING_DISPLAY_NAME.error().into()),
            text => {
                let title = ResourceGroupTitle::parse(text);
                Ok(Self(title.map_err(|flaw| Flawed::new("DisplayName", flaw))?))
            }
        }
    }
}

/// Filters of a list of groups.
pub(super) struct GroupFilter(Filters);

impl Field for GroupFilter {
    fn take(params: &Params, _: &'static str) -> Result<Self, Failure> {
        crate::params::Request::parse(params).map(Self)
    }
}

impl GroupFilter {
    /// The groups that all filters fit. Names are searched for parts of them.
    fn fitting<'a>(&self, account: &'a Account) -> impl Iterator<Item = &'a Arc<ResourceGroup>> {
        let Self(filters) = self;
        let part =
            |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|part| name.contains(&**part));
        account.resource_groups().filter(move |one| {
            filters.status.is_none_or(|status| status == one.status())
                && filters.id.as_ref().is_none_or(|id| *id == one.id)
                && (filters.ids.is_empty() || filters.ids.iter().any(|id| *id == one.id))
                && part(&filters.name, &one.name)
                && part(&filters.display_name, &one.display_name)
                && one.tags.have(&filters.tags)
        })
    }

    fn shows_tags(&self) -> bool {
        self.0.include_tags.unwrap_or(false)
    }
}

/// A resource group. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct GroupView {
    account_id: String,
    create_date: String,
    display_name: String,
    id: String,
    name: String,
    status: Option<GroupStatus>,
    region_statuses: Option<Listed<RegionStatus>>,
    tags: Option<TagsView>,
}

/// Tags of a group: one action has them without a wrapper.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum TagsView {
    Wrapped(Listed<TagView>),
    Plain(Vec<TagView>),
}

#[apply(reply)]
struct RegionStatus {
    region_id: &'static str,
    status: GroupStatus,
}

elements! {
    GroupView: "ResourceGroup" "ResourceGroups";
    RegionStatus: "RegionStatus" "RegionStatuses";
}

impl GroupView {
    /// A group in the form of `UpdateResourceGroup`.
    fn of(group: &ResourceGroup, account: &Account) -> Self {
        Self {
            account_id: account.uid.to_string(),
            create_date: group.created.in_china(),
            display_name: group.display_name.to_string(),
            id: group.id.to_string(),
            name: group.name.to_string(),
            status: None,
            region_statuses: None,
            tags: None,
        }
    }

    /// A group with its status, which is the same in all regions.
    fn with_regions(group: &ResourceGroup, account: &Account, status: GroupStatus) -> Self {
        let regions = REGIONS.iter().map(|region| RegionStatus { region_id: region.id, status });
        Self { region_statuses: Some(Listed(regions.collect())), ..Self::with_status(group, account, status) }
    }

    fn with_status(group: &ResourceGroup, account: &Account, status: GroupStatus) -> Self {
        Self { status: Some(status), ..Self::of(group, account) }
    }
}

/// `CreateResourceGroup`: creates a resource group. Its response says `Creating`; the next call finds it ready.
///
/// A RAM user becomes the administrator of the group, unless the account does not want it. Fails with `LimitExceeded.ResourceGroup` and
/// `EntityAlreadyExists.ResourceGroup` (UNCERTAIN).
pub(super) fn create(tx: &mut Tx<'_>, req: CreateGroup) -> Result<One<GroupView>> {
    let mut tags = Tags::default();
    tags.set(&req.tags, tx.state().quotas.tags_each)?;
    let new = NewResourceGroup { id: None, name: req.name, display_name: req.display_name.0, tags };
    let number = tx.create_resource_group(new)?;
    let account = tx.account()?;
    Ok(One(GroupView::with_regions(account.numbered_group(number), account, GroupStatus::Creating)))
}

/// `GetResourceGroup`: returns a resource group, also one that is being deleted.
///
/// Fails with `InvalidParameter.ResourceGroupId` and `EntityNotExists.ResourceGroup`.
pub(super) fn get(view: View<'_>, req: GetGroup) -> Result<One<GroupView>> {
    let account = view.account()?;
    let group = account.resource_group(req.id.as_str())?;
    let tags = (req.include_tags == Some(true)).then(|| TagsView::Wrapped(tag_list(&group.tags)));
    Ok(One(GroupView { tags, ..GroupView::with_regions(group, account, group.status()) }))
}

/// `ListResourceGroups`: returns a page of the groups, the default group first. UNCERTAIN: the order.
pub(super) fn list(view: View<'_>, req: ListGroups) -> Result<NumberedPage<GroupView>> {
    let account = view.account()?;
    let tags = |group: &ResourceGroup| TagsView::Wrapped(tag_list(&group.tags));
    Ok(NumberedPage::of(req.filter.fitting(account), req.page_number, req.page_size, |group| GroupView {
        tags: req.filter.shows_tags().then(|| tags(group)),
        ..GroupView::with_status(group, account, group.status())
    }))
}

/// `UpdateResourceGroup`: changes the display name.
///
/// Fails with `InvalidParameter.ResourceGroupId`, `EntityNotExists.ResourceGroup` and, while the group is being deleted,
/// `Invalid.ResourceGroup.Status` (UNCERTAIN).
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateGroup) -> Result<One<GroupView>> {
    let (account, _) = tx.account_mut()?;
    account.resource_group_mut(req.id.as_str())?.display_name = req.display_name.0.as_str().into();
    Ok(One(GroupView::of(account.resource_group(req.id.as_str())?, account)))
}

/// `DeleteResourceGroup`: deletes a resource group without resources. It is `PendingDelete` for seven days, and then gone.
///
/// Fails with `InvalidParameter.ResourceGroupId` (UNCERTAIN: also for the default group), `EntityNotExists.ResourceGroup`,
/// `DeleteConflict.ResourceGroup.Resource` and, for a second time, `Invalid.ResourceGroup.Status` (UNCERTAIN).
pub(super) fn delete(tx: &mut Tx<'_>, req: OneGroup) -> Result<One<GroupView>> {
    let uid = tx.account()?.uid;
    let number = tx.delete_resource_group(uid, req.id.as_str())?;
    let account = tx.account()?;
    Ok(One(GroupView::with_regions(account.numbered_group(number), account, GroupStatus::PendingDelete)))
}

/// Response of `ListResourceGroupsWithAuthDetails`.
#[apply(reply)]
pub(super) struct WithPermissions {
    auth_details: Vec<AuthDetail>,
    page_number: i64,
    page_size: i64,
    resource_groups: Vec<GroupView>,
    total_count: usize,
}

#[apply(reply)]
struct AuthDetail {
    account_scope_auth: bool,
    auth_of_resource_groups: Vec<AuthOfGroup>,
    resource_type: &'static str,
    service: &'static str,
}

#[apply(reply)]
struct AuthOfGroup {
    has_permission: bool,
    resource_group_id: String,
}

/// `ListResourceGroupsWithAuthDetails`: returns a page of the groups and, for each type in the request, if the caller may see resources of it in
/// the account and in each group of the page.
///
/// UNCERTAIN: the action that counts as permission; here the one that shows such resources. A type that alimock does not know is left out.
pub(super) fn list_with_permissions(view: View<'_>, req: ListWithPermissions) -> Result<WithPermissions> {
    let account = view.account()?;
    let keys = context(view.by.caller, view.by.source, view.now);
    let may = |kind: &ResourceType, group: Option<&str>| {
        let ask = Ask {
            action: kind.shows.to_owned(),
            resources: vec![format!("acs:{}:*:{}:*", kind.service, account.uid)],
            context: keys.clone(),
            resource_group: group,
            ..Ask::default()
        };
        judge(view.state, view.by.caller, ask).allowed()
    };
    let (numbers, groups) =
        Numbers::page(req.filter.fitting(account), req.page_number, req.page_size, |group| group);
    let known = |one: &TypeRef| ResourceType::named(one.service.as_deref()?, one.kind.as_deref()?);
    let detail = |kind: &'static ResourceType| AuthDetail {
        account_scope_auth: may(kind, None),
        auth_of_resource_groups: groups
            .iter()
            .map(|group| AuthOfGroup {
                has_permission: may(kind, Some(&group.id)),
                resource_group_id: group.id.to_string(),
            })
            .collect(),
        resource_type: kind.name,
        service: kind.service,
    };
    let tags = |group: &ResourceGroup| TagsView::Plain(tag_list(&group.tags).0);
    Ok(WithPermissions {
        auth_details: req.types.0.iter().filter_map(known).map(detail).collect(),
        page_number: numbers.page_number,
        page_size: numbers.page_size,
        resource_groups: groups
            .iter()
            .map(|group| GroupView {
                tags: req.filter.shows_tags().then(|| tags(group)),
                ..GroupView::with_status(group, account, group.status())
            })
            .collect(),
        total_count: numbers.total_count,
    })
}
