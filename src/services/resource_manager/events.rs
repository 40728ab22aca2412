//! Events of resource groups, and the resources that rules moved. Source: docs/evidence/resource-directory.md 8.1 and 8.2.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::{Items, request};
use crate::services::shared::numbered::page_from;
use crate::services::shared::reply::Marker;
use crate::services::shared::words::words;
use crate::text::{Bounded, Flaw, Scalar, Timestamp};
use crate::world::View;
use crate::world::account::{GroupEvent, Moved, Remediation};
use compact_str::CompactString;
use serde::Serialize;

words! {
    /// `EventCategory`. UNCERTAIN: the only one that the page names.
    Category: () { "MemberShipChange" => () }
}

request! {
    /// Parameters of `LookupResourceGroupEvents`.
    pub(super) struct LookupEvents {
        _category: Category = "EventCategory",
        start: Option<Time> = "StartTime",
        end: Option<Time> = "EndTime",
        group: Option<String> = "ResourceGroupId",
        display_name: Option<String> = "ResourceGroupDisplayName",
        attributes: Items<Attribute> = "LookupAttributes",
        next: Option<Marker> = "NextToken",
        max: Option<Bounded<1, 100>> = "MaxResults",
    }

    /// A property of an event, and its value.
    struct Attribute {
        key: String = "Key",
        value: String = "Value",
    }

    /// Parameters of `ListAutoGroupingRemediations`.
    pub(super) struct ListRemediations {
        rule: String = "RuleId",
        earliest: Option<Time> = "EarliestRemediationTime",
        latest: Option<Time> = "LatestRemediationTime",
        service: Option<String> = "Service",
        kind: Option<String> = "ResourceType",
        id: Option<String> = "ResourceId",
        target: Option<String> = "TargetResourceGroupId",
        next: Option<Marker> = "NextToken",
        max: Option<Bounded<1, 100>> = "MaxResults",
    }
}

/// A time: `2025-11-30 23:43:16`, `2025-11-30` or `2025-11-30T23:43:16Z`.
pub(super) struct Time(Timestamp);

impl Scalar for Time {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let whole = match text.len() {
            10 => format!("{text}T00:00:00Z"),
            19 => format!("{}Z", text.replace(' ', "T")),
            _ => text.to_owned(),
        };
        Timestamp::parse(&whole).map(Self).map_err(|_| Flaw::Value)
    }
}

/// A group in an event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct GroupInfo {
    resource_group_display_name: String,
    resource_group_id: String,
}

impl From<&(CompactString, CompactString)> for GroupInfo {
    fn from((id, display_name): &(CompactString, CompactString)) -> Self {
        Self { resource_group_display_name: display_name.to_string(), resource_group_id: id.to_string() }
    }
}

/// Response of `LookupResourceGroupEvents`.
#[apply(reply)]
pub(super) struct Events {
    events: Vec<EventView>,
    next_token: Option<Marker>,
}

#[apply(reply)]
struct EventView {
    change_type: &'static str,
    event_time: Timestamp,
    region_id: String,
    resource_group_display_name: String,
    resource_group_id: String,
    resource_id: String,
    resource_type: &'static str,
    service: String,
    source_resource_group_info: Option<GroupInfo>,
    target_resource_group_info: GroupInfo,
}

/// `LookupResourceGroupEvents`: returns a page of the resources that entered or left groups while the notification was on, newest first.
///
/// UNCERTAIN: the need of the notification, the order, `Remove` as the other type of change, and the keys of `LookupAttributes`: here the
/// names of fields; another key matches nothing. Fails with `InvalidParameter.EventCategory` and `InvalidParameter.StartTime` (both UNCERTAIN).
pub(super) fn lookup(view: View<'_>, req: LookupEvents) -> Result<Events> {
    let account = view.account()?;
    let has = |one: &GroupEvent, attribute: &Attribute| {
        let Moved { service, kind, id, region } = &one.resource;
        let is = |value: &str| value == attribute.value;
        match attribute.key.as_str() {
            "ResourceId" => is(id),
            "ResourceType" => is(kind),
            "Service" => is(service),
            "RegionId" => is(region),
            "ChangeType" => is(change(one)),
            _ => false,
        }
    };
    let fits = |one: &&std::sync::Arc<GroupEvent>| {
        let (id, display_name) = one.group();
        req.start.as_ref().is_none_or(|start| one.at >= start.0)
            && req.end.as_ref().is_none_or(|end| one.at <= end.0)
            && req.group.as_ref().is_none_or(|group| group == id)
            && req.display_name.as_ref().is_none_or(|name| name == display_name)
            && req.attributes.0.iter().all(|attribute| has(one, attribute))
    };
    let (events, next_token) = page(account.grouping.events.iter().rev().filter(fits), req.next, req.max);
    let show = |one: &std::sync::Arc<GroupEvent>| EventView {
        change_type: change(one),
        event_time: one.at,
        region_id: one.resource.region.to_string(),
        resource_group_display_name: one.group().1.to_string(),
        resource_group_id: one.group().0.to_string(),
        resource_id: one.resource.id.to_string(),
        resource_type: one.resource.kind,
        service: one.resource.service.to_string(),
        source_resource_group_info: one.source.as_ref().map(GroupInfo::from),
        target_resource_group_info: (&one.target).into(),
    };
    Ok(Events { events: events.into_iter().map(show).collect(), next_token })
}

fn change(event: &GroupEvent) -> &'static str {
    if event.enters { "Add" } else { "Remove" }
}

/// A page from `next` on, and the start of the next page if more follow.
pub(super) fn page<T>(
    all: impl Iterator<Item = T>,
    next: Option<Marker>,
    max: Option<Bounded<1, 100>>,
) -> (Vec<T>, Option<Marker>) {
    let (shown, next) = page_from(all, next.map_or(0, |marker| marker.0 as usize), max);
    (shown, next.map(|next| Marker(u32::try_from(next).unwrap_or(u32::MAX))))
}

/// Response of `ListAutoGroupingRemediations`.
#[apply(reply)]
pub(super) struct Remediations {
    max_results: i64,
    next_token: Option<Marker>,
    remediations: Vec<RemediationView>,
}

#[apply(reply)]
struct RemediationView {
    region_id: String,
    remediation_id: String,
    remediation_time: String,
    resource_id: String,
    resource_type: &'static str,
    service: String,
    target_resource_group_info: GroupInfo,
}

/// `ListAutoGroupingRemediations`: returns a page of the resources that a rule moved, newest first (UNCERTAIN). An unknown rule moved none.
///
/// Fails with `AutoGroupingNotEnabled`.
pub(super) fn remediations(view: View<'_>, req: ListRemediations) -> Result<Remediations> {
    let auto = &view.account()?.grouping.auto;
    auto.enabled()?;
    let is = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
    let fits = |one: &&std::sync::Arc<Remediation>| {
        one.rule == req.rule
            && req.earliest.as_ref().is_none_or(|earliest| one.at >= earliest.0)
            && req.latest.as_ref().is_none_or(|latest| one.at <= latest.0)
            && is(&req.service, &one.resource.service)
            && is(&req.kind, one.resource.kind)
            && is(&req.id, &one.resource.id)
            && is(&req.target, &one.target.0)
    };
    let max_results = req.max.map_or(10, |max| max.0);
    let (moves, next_token) = page(auto.moves.iter().rev().filter(fits), req.next, req.max);
    let show = |one: &std::sync::Arc<Remediation>| RemediationView {
        region_id: one.resource.region.to_string(),
        remediation_id: one.id.to_string(),
        remediation_time: one.at.plain(),
        resource_id: one.resource.id.to_string(),
        resource_type: one.resource.kind,
        service: one.resource.service.to_string(),
        target_resource_group_info: (&one.target).into(),
    };
    Ok(Remediations { max_results, next_token, remediations: moves.into_iter().map(show).collect() })
}
