//! Operations on tags of roles and policies. Source: docs/evidence/ram.md 5.9.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::{Filled, request};
use crate::services::shared::identity::tags::{Resource, TagPlace, Tagged, page_of_tags};
use crate::text::{Bounded, Flaw, PolicyName, RoleName, Scalar, Tag, TagKey};
use crate::world::account::{Account, Tags};
use crate::world::register::Slot;
use crate::world::{Refusal, Tx, View};
use serde::Serialize;

request! {
    /// Parameters of `TagResources`.
    pub(super) struct TagResources {
        kind: ResourceKind = "ResourceType",
        names: Vec<String> = "ResourceNames",
        tags: Filled<Tag> = "Tag",
    }

    /// Parameters of `UntagResources`.
    pub(super) struct UntagResources {
        kind: ResourceKind = "ResourceType",
        names: Filled<String> = "ResourceNames",
        keys: Vec<TagKey> = "TagKeys",
        all: Option<bool> = "All",
    }

    /// Parameters of `ListTagResources`.
    pub(super) struct ListTagResources {
        kind: ResourceKind = "ResourceType",
        names: Vec<String> = "ResourceNames",
        tags: Vec<Tag> = "Tag",
        next_token: Option<TagPlace> = "NextToken",
        page_size: Option<Bounded<1, 100>> = "PageSize",
    }
}

/// A resource that can have tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ResourceKind {
    Role,
    Policy,
}

impl Scalar for ResourceKind {
    fn parse(text: &str) -> Result<Self, Flaw> {
        match text {
            "role" => Ok(Self::Role),
            "policy" => Ok(Self::Policy),
            _ => Err(Flaw::Value),
        }
    }
}

impl ResourceKind {
    /// Resource with this name. An invalid name is treated as unknown.
    fn find(self, name: &str, account: &Account) -> Result<Slot, Refusal> {
        match self {
            Self::Role => RoleName::parse(name)
                .map_err(|_| Refusal::NoSuchRole)
                .and_then(|name| account.role_slot(&name)),
            Self::Policy => PolicyName::parse(name)
                .map_err(|_| Refusal::NoSuchPolicy)
                .and_then(|name| account.policy_slot(&name)),
        }
    }

    fn tags_mut(self, slot: Slot, account: &mut Account) -> Result<&mut Tags, Refusal> {
        match self {
            Self::Role => account.roles.get_mut(slot).map(|role| &mut role.tags).ok_or(Refusal::NoSuchRole),
            Self::Policy => {
                account.policies.get_mut(slot).map(|policy| &mut policy.tags).ok_or(Refusal::NoSuchPolicy)
            }
        }
    }
}

/// `TagResources`: sets tags of roles or policies. If one is missing, none is changed.
///
/// Fails with `EntityNotExist.Role`, `EntityNotExist.Policy` and `LimitExceeded.Tag` (UNCERTAIN).
pub(super) fn tag(tx: &mut Tx<'_>, req: TagResources) -> Result<Done> {
    let (account, quotas) = tx.account_mut()?;
    for name in &req.names {
        let slot = req.kind.find(name, account)?;
        req.kind.tags_mut(slot, account)?.set(&req.tags.0, quotas.tags_each)?;
    }
    Ok(Done {})
}

/// `UntagResources`: removes the named tags. Without names and with `All`, removes all tags.
///
/// Fails with `EntityNotExist.Role` and `EntityNotExist.Policy`.
pub(super) fn untag(tx: &mut Tx<'_>, req: UntagResources) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let keys = (!(req.keys.is_empty() && req.all == Some(true))).then_some(req.keys.as_slice());
    for name in &req.names.0 {
        let slot = req.kind.find(name, account)?;
        req.kind.tags_mut(slot, account)?.remove(keys);
    }
    Ok(Done {})
}

/// Response of `ListTagResources`: a plain list, and a token that is empty on the last page.
#[apply(reply)]
pub(super) struct TagPage {
    next_token: String,
    tag_resources: Vec<TagResource>,
}

#[apply(reply)]
struct TagResource {
    resource_type: ResourceKind,
    resource_name: String,
    tag_key: String,
    tag_value: String,
}

/// `ListTagResources`: returns a page of the tags of roles or policies.
///
/// Fails with `EntityNotExist.Role` and `EntityNotExist.Policy` (UNCERTAIN).
pub(super) fn list(view: View<'_>, req: ListTagResources) -> Result<TagPage> {
    let account = view.account()?;
    let named = req.names.iter().map(|name| req.kind.find(name, account)).collect::<Result<Vec<_>, _>>()?;
    let from = req.next_token.unwrap_or(TagPlace::START);
    let mut wanted = everything(req.kind, from.thing(), account)
        .filter(|(slot, _, tags)| (named.is_empty() || named.contains(slot)) && tags.have(&req.tags));
    let (tags, next) = page_of_tags(&mut wanted, from, req.page_size.map(|size| size.0));
    let view = |tag: Tagged<'_>| TagResource {
        resource_type: req.kind,
        resource_name: tag.resource.into_owned(),
        tag_key: tag.key.to_string(),
        tag_value: tag.value.to_string(),
    };
    let next_token = next.map(|place| place.to_string()).unwrap_or_default();
    Ok(TagPage { next_token, tag_resources: tags.into_iter().map(view).collect() })
}

fn everything(
    kind: ResourceKind,
    from: Slot,
    account: &Account,
) -> Box<dyn Iterator<Item = Resource<'_>> + '_> {
    match kind {
        ResourceKind::Role => Box::new(
            account.roles.iter_from(from).map(|(slot, role)| (slot, role.name.as_str().into(), &role.tags)),
        ),
        ResourceKind::Policy => {
            let policies = account.policies.iter_from(from);
            Box::new(policies.map(|(slot, policy)| (slot, policy.name.as_str().into(), &policy.tags)))
        }
    }
}
