//! Operations on the resources in resource groups. Source: docs/evidence/resource-directory.md 8.1.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result, resource_manager};
use crate::params::{Items, request};
use crate::services::resource_manager::groups::TypeRef;
use crate::services::shared::numbered::{NumberedPage, PageNumber, PageSize};
use crate::services::shared::reply::elements;
use crate::text::{REGIONS, ResourceGroupId};
use crate::world::account::{Moved, RESOURCE_TYPES, Resource, ResourceType};
use crate::world::permission::{Ask, context, judge};
use crate::world::{Tx, View};
use std::collections::BTreeMap;

request! {
    /// Parameters of `ListResources`.
    pub(super) struct ListResources {
        group: Option<String> = "ResourceGroupId",
        service: Option<String> = "Service",
        region: Option<String> = "Region",
        kind: Option<String> = "ResourceType",
        id: Option<String> = "ResourceId",
        types: Items<ServiceType> = "ResourceTypes",
        page_number: PageNumber = "PageNumber",
        page_size: PageSize = "PageSize",
    }

    /// A type of resources, in `ListResources`.
    pub(super) struct ServiceType {
        service: Option<String> = "Service",
        kind: Option<String> = "ResourceType",
    }

    /// Parameters of `GetResourceGroupResourceCounts`.
    pub(super) struct CountResources {
        group_by: Option<String> = "GroupByKey",
        group: Option<String> = "ResourceGroupId",
        region: Option<String> = "ResourceRegionId",
        types: Items<TypeRef> = "ResourceTypes",
    }

    /// Parameters of `ListResourceGroupCapability`.
    pub(super) struct ListCapabilities {
        service: Option<String> = "Service",
        kind: Option<String> = "ResourceType",
        has_events: Option<bool> = "SupportResourceGroupEvent",
    }

    /// Parameters of `MoveResources`.
    pub(super) struct MoveResources {
        group: ResourceGroupId = "ResourceGroupId",
        resources: Items<ResourceRef> = "Resources",
    }

    /// A resource to move.
    pub(super) struct ResourceRef {
        service: Option<String> = "Service",
        kind: Option<String> = "ResourceType",
        id: Option<String> = "ResourceId",
        region: Option<String> = "RegionId",
    }
}

/// A resource in a list.
#[apply(reply)]
pub(super) struct ResourceView {
    create_date: String,
    region_id: String,
    resource_group_id: String,
    resource_id: String,
    resource_type: &'static str,
    service: String,
}

elements! { ResourceView: "Resource" "Resources"; }

/// Maximum number of ids in `ResourceId`, and of characters of one. UNCERTAIN.
const MOST_IDS: usize = 100;
const LONGEST_ID: usize = 256;
/// Maximum number of resources that move at a time. Source: page of `MoveResources`.
const MOST_MOVES: usize = 10;

/// The resources that the caller may see: the account all, others by their policies, also those for the group of the resource.
///
/// UNCERTAIN: the action that counts; here the one of the product that shows such a resource.
fn visible(view: View<'_>) -> Result<impl Iterator<Item = Resource<'_>>> {
    let account = view.account()?;
    let keys = context(view.by.caller, view.by.source, view.now);
    Ok(account.resources().filter(move |one| {
        let by_rule = || format!("{}:Describe{}", one.service, one.kind);
        let ask = Ask {
            action: one.kind().map_or_else(by_rule, |kind| kind.shows.to_owned()),
            resources: vec![one.arn(account.uid)],
            context: keys.clone(),
            ..Ask::default()
        };
        view.state.enforcement.lets_through(&judge(view.state, view.by.caller, ask))
    }))
}

/// `ListResources`: returns a page of the resources that the caller may see, with the group of each. No permission is needed.
///
/// Fails with `InvalidParameter.ResourceIds` and `LimitExceeded.ResourceIds` (UNCERTAIN: both are about ids in `ResourceId`, with commas between
/// them). An unknown group has no resources.
pub(super) fn list(view: View<'_>, req: ListResources) -> Result<NumberedPage<ResourceView>> {
    let account = view.account()?;
    let ids: Vec<&str> =
        req.id.as_deref().map_or_else(Vec::new, |ids| ids.split(',').map(str::trim).collect());
    if ids.len() > MOST_IDS {
        return Err(resource_manager::TOO_MANY_RESOURCE_IDS.error());
    }
    if ids.iter().any(|id| id.is_empty() || id.len() > LONGEST_ID) {
        return Err(resource_manager::RESOURCE_IDS.error());
    }
    // A pair without service or type has no effect. Source: www.alibabacloud.com/help/doc-detail/159993.htm
    let pairs = req.types.0.iter().filter_map(|one| one.service.as_deref().zip(one.kind.as_deref()));
    let pairs: Vec<_> = pairs.collect();
    let is = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
    let fits = |one: &Resource<'_>| {
        is(&req.group, &account.numbered_group(one.group).id)
            && is(&req.service, one.service)
            && is(&req.region, one.region)
            && is(&req.kind, one.kind)
            && (ids.is_empty() || ids.contains(&one.id))
            && (pairs.is_empty() || pairs.contains(&(one.service, one.kind)))
    };
    Ok(NumberedPage::of(visible(view)?.filter(fits), req.page_number, req.page_size, |one| ResourceView {
        create_date: one.created.in_china(),
        region_id: one.region.to_owned(),
        resource_group_id: account.numbered_group(one.group).id.to_string(),
        resource_id: one.id.to_owned(),
        resource_type: one.kind,
        service: one.service.to_owned(),
    }))
}

/// Response of `GetResourceGroupResourceCounts`.
#[apply(reply)]
pub(super) struct Counts {
    resource_counts: Vec<Count>,
}

#[apply(reply)]
struct Count {
    count: usize,
    group_by_key: String,
    resource_group_id: Option<String>,
}

/// `GetResourceGroupResourceCounts`: counts the resources that the caller may see, by group or by type. Without `GroupByKey`, the list is empty.
///
/// UNCERTAIN: counts by type have the type as key. Fails with `InvalidParameter.GroupByKey`, `UnsupportedResourceType` and
/// `EntityNotExists.ResourceGroup`.
pub(super) fn counts(view: View<'_>, req: CountResources) -> Result<Counts> {
    let account = view.account()?;
    let by_group = match req.group_by.as_deref() {
        Some("ResourceGroupId") => true,
        Some("ResourceType") => false,
        Some(_) => return Err(resource_manager::GROUP_BY_KEY.error()),
        None => return Ok(Counts { resource_counts: Vec::new() }),
    };
    let known = |one: &TypeRef| ResourceType::named(one.service.as_deref()?, one.kind.as_deref()?);
    let types: Option<Vec<_>> = req.types.0.iter().map(known).collect();
    let types = types.ok_or_else(|| resource_manager::UNSUPPORTED_TYPE.error())?;
    let group = req.group.as_deref().map(|id| account.resource_group(id)).transpose()?;
    let fits = |one: &Resource<'_>| {
        group.is_none_or(|group| group.number == one.group)
            && req.region.as_ref().is_none_or(|region| region == one.region)
            && (types.is_empty() || one.kind().is_some_and(|kind| types.contains(&kind)))
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in visible(view)?.filter(fits) {
        let by_rule = || format!("{}.{}", one.service, one.kind);
        let key = if by_group {
            account.numbered_group(one.group).id.to_string()
        } else {
            one.kind().map_or_else(by_rule, |kind| kind.center.to_owned())
        };
        *counts.entry(key).or_default() += 1;
    }
    let count = |(key, count)| {
        let named = group.map(|group| group.id.to_string());
        let (group_by_key, resource_group_id) =
            if by_group { ("ResourceGroupId".to_owned(), Some(key)) } else { (key, named) };
        Count { count, group_by_key, resource_group_id }
    };
    Ok(Counts { resource_counts: counts.into_iter().map(count).collect() })
}

/// Response of `ListResourceGroupCapability`.
#[apply(reply)]
pub(super) struct Capabilities {
    capabilities: Vec<Capability>,
}

#[apply(reply)]
struct Capability {
    resource_center_resource_type: &'static str,
    resource_type: &'static str,
    service: &'static str,
    support_resource_group_event: bool,
}

/// `ListResourceGroupCapability`: returns the types of resources that can be in groups, of those that alimock knows. All have events (UNCERTAIN).
#[expect(clippy::unnecessary_wraps, reason = "one signature for all operations")]
pub(super) fn capabilities(_: View<'_>, req: ListCapabilities) -> Result<Capabilities> {
    let is = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
    let fitting = RESOURCE_TYPES.iter().filter(|one| {
        is(&req.service, one.service) && is(&req.kind, one.name) && req.has_events != Some(false)
    });
    let view = |one: &ResourceType| Capability {
        resource_center_resource_type: one.center,
        resource_type: one.name,
        service: one.service,
        support_resource_group_event: true,
    };
    Ok(Capabilities { capabilities: fitting.map(view).collect() })
}

/// Response of `MoveResources`.
#[apply(reply)]
pub(super) struct Moves {
    responses: Vec<Move>,
}

#[apply(reply)]
struct Move {
    service: String,
    resource_id: String,
    resource_type: String,
    region_id: String,
    request_id: String,
    status: &'static str,
    error_code: Option<&'static str>,
    error_msg: Option<&'static str>,
}

/// `MoveResources`: moves up to ten resources into a group. Each has its own result.
///
/// UNCERTAIN: the code of a resource that does not exist; a task of associated resources follows the move of an ECS instance. Fails with
/// `SERVICE_REGION_NO_ENDPOINT`, `InvalidParameter.Resources` (UNCERTAIN), `EntityExists.AssociatedTransferTask`, `EntityNotExists.ResourceGroup` and `Invalid.ResourceGroup.Status` (UNCERTAIN: the page lists neither).
pub(super) fn move_to_group(tx: &mut Tx<'_>, req: MoveResources) -> Result<Moves, Failure> {
    if req.resources.0.is_empty() {
        return Err(Flawed::missing("Resources").into());
    }
    if req.resources.0.len() > MOST_MOVES {
        return Err(resource_manager::TOO_MANY_MOVES.error().into());
    }
    let now = tx.now;
    let group = tx.account()?.usable_group(req.group.as_str())?;
    if tx.account()?.grouping.transfer.as_ref().is_some_and(|transfer| transfer.is_busy(now)) {
        return Err(resource_manager::TRANSFER_TASK.error().into());
    }
    let mut responses = Vec::new();
    for one in req.resources.0 {
        let [service, kind, id, region] =
            [one.service, one.kind, one.id, one.region].map(Option::unwrap_or_default);
        let request_id = tx.sub_request_id()?;
        let (account, _) = tx.account_mut()?;
        let has_service = RESOURCE_TYPES.iter().any(|one| one.service == service)
            || account.resources().any(|one| one.service == service);
        if !has_service || REGIONS.iter().all(|one| one.id != region) {
            return Err(resource_manager::NO_ENDPOINT.error().into());
        }
        let found =
            account.resources().find(|one| one.service == service && one.id == id && one.kind == kind);
        let moved = found.map(Moved::from).filter(|found| found.region == region);
        let is_moved = moved.is_some_and(|moved| account.move_resource(&moved, group, now));
        responses.push(Move {
            service,
            resource_id: id,
            resource_type: kind,
            region_id: region,
            request_id,
            status: if is_moved { "SUCCESS" } else { "FAIL" },
            error_code: (!is_moved).then_some("EntityNotExists.Resource"),
            error_msg: (!is_moved).then_some("The specified resource does not exist."),
        });
    }
    let moves_primary = |one: &Move| one.status == "SUCCESS" && one.service == "ecs";
    if responses.iter().any(moves_primary)
        && let Some(transfer) = &mut tx.account_mut()?.0.grouping_mut().transfer
    {
        transfer.start_task(now);
    }
    Ok(Moves { responses })
}
