//! Operations on tags of users. Source: docs/evidence/ims.md 4.14.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::Done;
use crate::params::{Field, Params, request};
use crate::services::shared::identity::tags::{Resource, TagPlace, Tagged, page_of_tags};
use crate::services::shared::identity::users::UserTags;
use crate::services::shared::identity::{UserId, UserRef};
use crate::text::{Bounded, Flaw, TagKey, TagValue, UserPrincipalName};
use crate::world::account::Account;
use crate::world::register::Slot;
use crate::world::{Refusal, Tx, View};

/// `ResourceType`: only users have tags. UNCERTAIN: it may be missing.
struct OfUsers;

impl Field for OfUsers {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        match params.filled(name) {
            None | Some("user") => Ok(Self),
            Some(_) => Err(Flawed::new(name, Flaw::Value).into()),
        }
    }
}

request! {
    /// Parameters of `TagResources`.
    pub(super) struct TagResources {
        kind: OfUsers = "ResourceType",
        users: Users = "ResourceId",
        tags: Given<UserTags> = "Tag",
    }

    /// Parameters of `UntagResources`.
    pub(super) struct UntagResources {
        kind: OfUsers = "ResourceType",
        users: Users = "ResourceId",
        keys: Vec<TagKey> = "TagKey",
        all: Option<bool> = "All",
    }

    /// Parameters of `ListTagResources`.
    pub(super) struct ListTagResources {
        kind: OfUsers = "ResourceType",
        wanted: Wanted = "ResourceId",
        next_token: Option<TagPlace> = "NextToken",
        page_size: Option<Bounded<1, 100>> = "PageSize",
    }
}

/// Users by `ResourceId.N`, or else by `ResourcePrincipalName.N`: up to 50.
///
/// UNCERTAIN: the errors without any, with both, and for more than 50. Source: docs/evidence/ims.md 4.14.
struct Users {
    ids: Vec<UserId>,
    names: Vec<UserPrincipalName>,
}

const MOST_USERS: usize = 50;

impl Users {
    fn optional(params: &Params) -> Result<Option<Self>, Failure> {
        let (by_id, by_name) = ("ResourceId", "ResourcePrincipalName");
        let (ids, names) = (Vec::take(params, by_id)?, Vec::take(params, by_name)?);
        let found = Self { ids, names };
        match (found.ids.len(), found.names.len()) {
            (0, 0) => Ok(None),
            (0, 1..=MOST_USERS) | (1..=MOST_USERS, 0) => Ok(Some(found)),
            (0, _) => Err(Flawed::new(by_name, Flaw::Length).into()),
            (_, 0) => Err(Flawed::new(by_id, Flaw::Length).into()),
            _ => Err(Flawed::new(by_name, Flaw::Value).into()),
        }
    }

    /// Returns the slots of the users, without repetitions.
    fn slots(&self, account: &Account) -> Result<Vec<Slot>, Refusal> {
        let mut slots = if self.ids.is_empty() {
            self.names.iter().map(|name| name.slot_in(account)).collect::<Result<Vec<_>, _>>()?
        } else {
            self.ids.iter().map(|id| id.slot_in(account)).collect::<Result<Vec<_>, _>>()?
        };
        slots.sort_unstable();
        slots.dedup();
        Ok(slots)
    }
}

impl Field for Users {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Self::optional(params)?.ok_or_else(|| Flawed::missing(name).into())
    }
}

/// Tags, at least one.
struct Given<T>(T);

impl Field for Given<UserTags> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let tags = UserTags::take(params, name)?;
        if tags.0.is_empty() { Err(Flawed::missing(name).into()) } else { Ok(Self(tags)) }
    }
}

/// Users or tags of a list: at least one of both.
struct Wanted {
    users: Option<Users>,
    tags: UserTags,
}

impl Field for Wanted {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let (users, tags) = (Users::optional(params)?, UserTags::take(params, "Tag")?);
        let is_empty = users.is_none() && tags.0.is_empty();
        if is_empty { Err(Flawed::missing(name).into()) } else { Ok(Self { users, tags }) }
    }
}

/// `TagResources`: sets tags of users. If one is missing, none is changed.
///
/// Fails with `EntityNotExist.User` and `LimitExceeded.Tag` (UNCERTAIN).
pub(super) fn tag(tx: &mut Tx<'_>, req: TagResources) -> Result<Done> {
    let TagResources { kind: OfUsers, users, tags } = req;
    let (account, quotas) = tx.account_mut()?;
    for slot in users.slots(account)? {
        account.extras_mut(slot)?.tags.set(&tags.0.0, quotas.tags_each)?;
    }
    Ok(Done {})
}

/// `UntagResources`: removes the named tags. Without names and with `All`, removes all tags.
///
/// Fails with `EntityNotExist.User` (UNCERTAIN).
pub(super) fn untag(tx: &mut Tx<'_>, req: UntagResources) -> Result<Done> {
    let UntagResources { kind: OfUsers, users, keys, all } = req;
    let (account, _) = tx.account_mut()?;
    let keys = (!(keys.is_empty() && all == Some(true))).then_some(keys.as_slice());
    for slot in users.slots(account)? {
        account.extras_mut(slot)?.tags.remove(keys);
    }
    Ok(Done {})
}

/// Response of `ListTagResources`. In contrast to RAM, the list is wrapped. `NextToken` is empty on the last page (UNCERTAIN).
#[apply(reply)]
pub(super) struct TagPage {
    is_truncated: bool,
    next_token: String,
    tag_resources: TagResourceList,
}

#[apply(reply)]
struct TagResourceList {
    tag_resource: Vec<TagResource>,
}

#[apply(reply)]
struct TagResource {
    resource_type: &'static str,
    resource_id: String,
    tag_key: TagKey,
    tag_value: TagValue,
}

/// `ListTagResources`: returns a page of the tags of users.
///
/// Fails with `EntityNotExist.User` (UNCERTAIN).
pub(super) fn list(view: View<'_>, req: ListTagResources) -> Result<TagPage> {
    let ListTagResources {
        kind: OfUsers,
        wanted: Wanted { users, tags: UserTags(having) },
        next_token,
        page_size,
    } = req;
    let account = view.account()?;
    let named = users.map(|users| users.slots(account)).transpose()?;
    let from = next_token.unwrap_or(TagPlace::START);
    let mut wanted =
        account.users.iter_from(from.thing()).filter_map(|(slot, user)| -> Option<Resource<'_>> {
            let is_named = named.as_ref().is_none_or(|named| named.binary_search(&slot).is_ok());
            let tags = &user.extras().tags;
            let is_wanted = !tags.is_empty() && is_named && tags.have(&having);
            is_wanted.then(|| (slot, user.id.to_string().into(), tags))
        });
    let (tags, next) = page_of_tags(&mut wanted, from, page_size.map(|size| size.0));
    let view = |tag: Tagged<'_>| TagResource {
        resource_type: "user",
        resource_id: tag.resource.into_owned(),
        tag_key: tag.key.clone(),
        tag_value: tag.value.clone(),
    };
    Ok(TagPage {
        is_truncated: next.is_some(),
        next_token: next.map(|place| place.to_string()).unwrap_or_default(),
        tag_resources: TagResourceList { tag_resource: tags.into_iter().map(view).collect() },
    })
}
