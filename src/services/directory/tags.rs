//! Operations on tags of members, folders and control policies. Source: docs/evidence/resource-directory.md 4.8.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::operation::Done;
use crate::params::{Filled, request};
use crate::services::directory::{managed, manager};
use crate::services::shared::numbered::page_from;
use crate::services::shared::words::words;
use crate::text::{Bounded, Tag, TagKey};
use crate::world::account::Tags;
use crate::world::directory::Tagged;
use crate::world::{Refusal, Tx, View};
use compact_str::CompactString;
use std::collections::BTreeSet;

request! {
    /// Parameters of `TagResources`.
    pub(in crate::services) struct TagThem {
        kind: Option<Kind> = "ResourceType",
        ids: Filled<String> = "ResourceId",
        tags: Filled<Tag> = "Tag",
    }

    /// Parameters of `UntagResources`.
    pub(in crate::services) struct Untag {
        kind: Option<Kind> = "ResourceType",
        ids: Filled<String> = "ResourceId",
        keys: Vec<TagKey> = "TagKey",
        all: Option<bool> = "All",
    }

    /// Parameters of `ListTagResources`.
    pub(in crate::services) struct List {
        kind: Option<Kind> = "ResourceType",
        ids: Vec<String> = "ResourceId",
        tags: Vec<Tag> = "Tag",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
    }

    /// Parameters of `ListTagKeys`.
    pub(in crate::services) struct Keys {
        kind: Kind = "ResourceType",
        filter: Option<String> = "KeyFilter",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
    }

    /// Parameters of `ListTagValues`.
    pub(in crate::services) struct Values {
        kind: Kind = "ResourceType",
        key: TagKey = "TagKey",
        filter: Option<String> = "ValueFilter",
        max: Option<Bounded<1, 100>> = "MaxResults",
        next: Option<Bounded<0, 1_000_000>> = "NextToken",
    }
}

words! {
    /// `ResourceType`, in two spellings (UNCERTAIN); by default members.
    Kind: Tagged {
        "Account" | "account" => Tagged::Account,
        "Folder" | "folder" => Tagged::Folder,
        "ControlPolicy" | "controlpolicy" => Tagged::ControlPolicy,
    }
}

fn of(kind: Option<Kind>) -> Tagged {
    kind.map_or(Tagged::Account, |kind| kind.0)
}

/// `TagResources`: sets tags of members, folders or control policies. If one is missing, none is changed.
///
/// Fails with `EntityNotExists.ResourceDirectory`, `EntityNotExists.Account` and `LimitExceeded.Tag` (all UNCERTAIN). Source:
/// docs/evidence/resource-directory.md 4.8.
pub(in crate::services) fn tag(tx: &mut Tx<'_>, req: TagThem) -> Result<Done> {
    let TagThem { kind, ids, tags } = req;
    let quota = tx.state().quotas.tags_each;
    change(tx, kind, &ids.0, |own| own.set(&tags.0, quota))
}

/// Changes the tags of members, folders or control policies.
fn change(
    tx: &mut Tx<'_>,
    kind: Option<Kind>,
    ids: &[String],
    change: impl Fn(&mut Tags) -> Result<(), Refusal>,
) -> Result<Done> {
    let own = manager(tx)?;
    let (directory, kind) = (tx.directory_mut(own)?, of(kind));
    for id in ids {
        change(directory.tags_mut(kind, id)?)?;
    }
    Ok(Done {})
}

/// `UntagResources`: removes the named tags. Without names and with `All`, removes all tags.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Account` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.8.
pub(in crate::services) fn untag(tx: &mut Tx<'_>, req: Untag) -> Result<Done> {
    let Untag { kind, ids, keys, all } = req;
    let keys = (!(keys.is_empty() && all == Some(true))).then_some(keys.as_slice());
    change(tx, kind, &ids.0, |own| {
        own.remove(keys);
        Ok(())
    })
}

/// A page of a plain list, as its name and items, and a token that the last page lacks: Terraform asks on until there is none.
#[apply(reply)]
pub(in crate::services) struct TagPage {
    next_token: Option<String>,
    tag_resources: Option<Vec<TagOf>>,
    tags: Option<Vec<One>>,
}

#[apply(reply)]
struct TagOf {
    resource_id: CompactString,
    resource_type: &'static str,
    tag_key: String,
    tag_value: String,
}

/// A key or a value.
#[apply(reply)]
struct One {
    key: Option<String>,
    value: Option<String>,
}

/// Number of items on a page, and the start of the page.
type Range = (Option<Bounded<1, 100>>, Option<Bounded<0, 1_000_000>>);

/// Returns a page of `all`, and the start of the next.
fn page<T>(
    all: impl Iterator<Item = T>,
    max: Option<Bounded<1, 100>>,
    next: Option<Bounded<0, 1_000_000>>,
) -> (Vec<T>, Option<String>) {
    let first = usize::try_from(next.map_or(0, |next| next.0)).unwrap_or(usize::MAX);
    let (shown, next) = page_from(all, first, max);
    (shown, next.map(|next| next.to_string()))
}

/// `ListTagResources`: returns a page of the tags of members.
///
/// Fails with `EntityNotExists.ResourceDirectory` and `EntityNotExists.Account` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.8.
pub(in crate::services) fn list(view: View<'_>, req: List) -> Result<TagPage> {
    let List { kind, ids, tags, max, next } = req;
    let (directory, kind) = (managed(&view)?, of(kind));
    for id in &ids {
        if !directory.tagged(kind).any(|(one, _)| one == *id) {
            return Err(kind.missing().into());
        }
    }
    let fits = |id: &str, own: &Tags| (ids.is_empty() || ids.iter().any(|one| one == id)) && own.have(&tags);
    let objects = directory.tagged(kind).filter(|(id, own)| fits(id, own));
    let all = objects.flat_map(|(id, own)| {
        own.iter().map(move |(key, value)| TagOf {
            resource_id: id.clone(),
            resource_type: kind.name(),
            tag_key: key.to_string(),
            tag_value: value.to_string(),
        })
    });
    let (shown, next_token) = page(all, max, next);
    Ok(TagPage { next_token, tag_resources: Some(shown), tags: None })
}

/// `ListTagKeys`: returns a page of the keys of tags of members, in order.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.8.
pub(in crate::services) fn keys(view: View<'_>, req: Keys) -> Result<TagPage> {
    let Keys { kind: Kind(kind), filter, max, next } = req;
    Ok(key_page(managed(&view)?.tagged(kind).map(|(_, tags)| tags), filter.as_deref(), (max, next)))
}

/// Returns a page of the keys of `tags`, in order.
pub(in crate::services) fn key_page<'a>(
    tags: impl Iterator<Item = &'a Tags>,
    filter: Option<&str>,
    (max, next): Range,
) -> TagPage {
    let filter = filter.unwrap_or_default();
    let all = tags.flat_map(Tags::iter).map(|(key, _)| key.as_str());
    let all: BTreeSet<_> = all.filter(|key| key.contains(filter)).collect();
    let all = all.into_iter().map(|key| One { key: Some(key.to_owned()), value: None });
    let (shown, next_token) = page(all, max, next);
    TagPage { next_token, tag_resources: None, tags: Some(shown) }
}

/// `ListTagValues`: returns a page of the values that tags of members have for a key, in order.
///
/// Fails with `EntityNotExists.ResourceDirectory` (UNCERTAIN). Source: docs/evidence/resource-directory.md 4.8.
pub(in crate::services) fn values(view: View<'_>, req: Values) -> Result<TagPage> {
    let Values { kind: Kind(kind), key, filter, max, next } = req;
    Ok(value_page(managed(&view)?.tagged(kind).map(|(_, tags)| tags), &key, filter.as_deref(), (max, next)))
}

/// Returns a page of the values that `tags` have for a key, in order.
pub(in crate::services) fn value_page<'a>(
    tags: impl Iterator<Item = &'a Tags>,
    key: &TagKey,
    filter: Option<&str>,
    (max, next): Range,
) -> TagPage {
    let filter = filter.unwrap_or_default();
    let all = tags.flat_map(Tags::iter).filter(|(one, _)| one == key);
    let all: BTreeSet<_> =
        all.map(|(_, value)| value.as_str()).filter(|value| value.contains(filter)).collect();
    let all = all.into_iter().map(|value| One { key: None, value: Some(value.to_owned()) });
    let (shown, next_token) = page(all, max, next);
    TagPage { next_token, tag_resources: None, tags: Some(shown) }
}
