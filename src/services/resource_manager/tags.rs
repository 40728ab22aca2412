//! Operations on tags of resource groups and, by `ResourceType`, of members of the resource directory. Source: docs/evidence/resource-directory.md 4.8.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Result};
use crate::operation::Done;
use crate::params::{Filled, Params, Request, request};
use crate::services::directory::tags as members;
use crate::services::shared::words::words;
use crate::text::{Bounded, Flaw, Scalar, Tag, TagKey};
use crate::world::{Tx, View};
use serde::Serialize;
use std::fmt;

words! {
    /// `ResourceType`, by default a resource group.
    GroupType: () { "ResourceGroup" | "resourcegroup" => () }
}

request! {
    /// Parameters of `TagResources`.
    pub(super) struct TagResources {
        _kind: Option<GroupType> = "ResourceType",
        ids: Filled<String> = "ResourceId",
        tags: Filled<Tag> = "Tag",
    }

    /// Parameters of `UntagResources`.
    pub(super) struct UntagResources {
        _kind: Option<GroupType> = "ResourceType",
        ids: Filled<String> = "ResourceId",
        keys: Vec<TagKey> = "TagKey",
        all: Option<bool> = "All",
    }

    /// Parameters of `ListTagKeys`.
    pub(super) struct ListTagKeys {
        _kind: GroupType = "ResourceType",
        filter: Option<String> = "KeyFilter",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
    }

    /// Parameters of `ListTagValues`.
    pub(super) struct ListTagValues {
        _kind: GroupType = "ResourceType",
        key: TagKey = "TagKey",
        filter: Option<String> = "ValueFilter",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
    }

    /// Parameters of `ListTagResources`.
    pub(super) struct ListTagResources {
        _kind: Option<GroupType> = "ResourceType",
        ids: Vec<String> = "ResourceId",
        tags: Vec<Tag> = "Tag",
        next: Option<TagPlace> = "NextToken",
        max: Option<Bounded<1, 100>> = "MaxResults",
    }
}

/// A request or response about resource groups, or about members of the resource directory.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Of<G, M> {
    Groups(G),
    Members(M),
}

impl<G: Request, M: Request> Request for Of<G, M> {
    fn parse(params: &Params) -> Result<Self, Failure> {
        let is_member = params.get("ResourceType").is_some_and(|kind| kind.eq_ignore_ascii_case("Account"));
        if is_member { M::parse(params).map(Self::Members) } else { G::parse(params).map(Self::Groups) }
    }
}

/// Start of a page of tags: number of the group, and of the tag in it. Clients must not interpret it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TagPlace(u32, u32);

impl fmt::Display for TagPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}{:08x}", self.0, self.1)
    }
}

impl Scalar for TagPlace {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let half = |range| text.get(range).and_then(|half| u32::from_str_radix(half, 16).ok());
        match (half(0..8), half(8..16), text.len()) {
            (Some(group), Some(tag), 16) => Ok(Self(group, tag)),
            _ => Err(Flaw::Value),
        }
    }
}

/// `TagResources`: sets tags of resource groups. If one is missing, none is changed.
///
/// Fails with `EntityNotExists.ResourceGroup`, `Invalid.ResourceGroup.Status` and `LimitExceeded.Tag` (all UNCERTAIN).
pub(super) fn tag(tx: &mut Tx<'_>, req: Of<TagResources, members::TagThem>) -> Result<Done> {
    let req = match req {
        Of::Groups(req) => req,
        Of::Members(req) => return members::tag(tx, req),
    };
    let (account, quotas) = tx.account_mut()?;
    for id in &req.ids.0 {
        account.resource_group_mut(id)?.tags.set(&req.tags.0, quotas.tags_each)?;
    }
    Ok(Done {})
}

/// `UntagResources`: removes the named tags. Without keys and with `All`, removes all.
///
/// Fails with `EntityNotExists.ResourceGroup` and `Invalid.ResourceGroup.Status` (both UNCERTAIN).
pub(super) fn untag(tx: &mut Tx<'_>, req: Of<UntagResources, members::Untag>) -> Result<Done> {
    let req = match req {
        Of::Groups(req) => req,
        Of::Members(req) => return members::untag(tx, req),
    };
    let (account, _) = tx.account_mut()?;
    let keys = (!(req.keys.is_empty() && req.all == Some(true))).then_some(req.keys.as_slice());
    for id in &req.ids.0 {
        account.resource_group_mut(id)?.tags.remove(keys);
    }
    Ok(Done {})
}

/// Response of `ListTagResources`: a plain list, and a token that the last page lacks: Terraform asks on until there is none.
#[apply(reply)]
pub(super) struct TagPage {
    next_token: Option<String>,
    tag_resources: Vec<TagResource>,
}

#[apply(reply)]
struct TagResource {
    resource_id: String,
    resource_type: &'static str,
    tag_key: String,
    tag_value: String,
}

/// `ListTagResources`: returns a page of the tags of resource groups.
///
/// Fails with `EntityNotExists.ResourceGroup` (UNCERTAIN).
pub(super) fn list(
    view: View<'_>,
    req: Of<ListTagResources, members::List>,
) -> Result<Of<TagPage, members::TagPage>> {
    let req = match req {
        Of::Groups(req) => req,
        Of::Members(req) => return members::list(view, req).map(Of::Members),
    };
    let account = view.account()?;
    req.ids.iter().try_for_each(|id| account.resource_group(id).map(drop))?;
    let from = req.next.unwrap_or(TagPlace(0, 0));
    let max = usize::try_from(req.max.map_or(10, |max| max.0)).expect("between 1 and 100");
    let fitting = account.resource_groups().filter(|one| {
        (req.ids.is_empty() || req.ids.iter().any(|id| *id == one.id)) && one.tags.have(&req.tags)
    });
    let all = fitting.flat_map(|group| {
        let numbered = group.tags.iter().zip(0u32..);
        numbered.map(move |((key, value), tag)| (TagPlace(group.number, tag), group, key, value))
    });
    let mut rest = all.filter(|(place, ..)| *place >= from);
    let tag_resources = rest.by_ref().take(max).map(|(_, group, key, value)| TagResource {
        resource_id: group.id.to_string(),
        resource_type: "resourcegroup",
        tag_key: key.to_string(),
        tag_value: value.to_string(),
    });
    let tag_resources = tag_resources.collect();
    let next_token = rest.next().map(|(place, ..)| place.to_string());
    Ok(Of::Groups(TagPage { next_token, tag_resources }))
}

/// `ListTagKeys`: returns a page of the keys of tags of resource groups, in order.
pub(super) fn keys(view: View<'_>, req: Of<ListTagKeys, members::Keys>) -> Result<members::TagPage> {
    let req = match req {
        Of::Groups(req) => req,
        Of::Members(req) => return members::keys(view, req),
    };
    let tags = view.account()?.resource_groups().map(|group| &group.tags);
    Ok(members::key_page(tags, req.filter.as_deref(), (req.max, req.next)))
}

/// `ListTagValues`: returns a page of the values that tags of resource groups have for a key, in order.
pub(super) fn values(view: View<'_>, req: Of<ListTagValues, members::Values>) -> Result<members::TagPage> {
    let req = match req {
        Of::Groups(req) => req,
        Of::Members(req) => return members::values(view, req),
    };
    let tags = view.account()?.resource_groups().map(|group| &group.tags);
    Ok(members::value_page(tags, &req.key, req.filter.as_deref(), (req.max, req.next)))
}
