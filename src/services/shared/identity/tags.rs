//! Pages of tags, for RAM and IMS. Source: docs/evidence/ram.md 5.9, docs/evidence/ims.md 4.14.

use crate::text::{Flaw, Scalar, TagKey, TagValue};
use crate::world::account::Tags;
use crate::world::register::Slot;
use std::borrow::Cow;
use std::fmt;

/// Start of a page of tags. Clients must not interpret it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TagPlace {
    thing: Slot,
    tag: u32,
}

impl TagPlace {
    /// First tag of the first resource.
    pub(crate) const START: Self = Self { thing: Slot(0), tag: 0 };

    /// Returns the resource that the page starts with.
    pub(crate) fn thing(self) -> Slot {
        self.thing
    }
}

impl fmt::Display for TagPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}{:08x}", self.thing.0, self.tag)
    }
}

impl Scalar for TagPlace {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let half = |range| text.get(range).and_then(|half| u32::from_str_radix(half, 16).ok());
        match (half(0..8), half(8..16), text.len()) {
            (Some(thing), Some(tag), 16) => Ok(Self { thing: Slot(thing), tag }),
            _ => Err(Flaw::Value),
        }
    }
}

/// A tag in a list, with the name or id of its resource.
pub(crate) struct Tagged<'a> {
    pub(crate) resource: Cow<'a, str>,
    pub(crate) key: &'a TagKey,
    pub(crate) value: &'a TagValue,
}

/// A resource with its tags: place, name or id, tags.
pub(crate) type Resource<'a> = (Slot, Cow<'a, str>, &'a Tags);

/// Returns a page of at most `max` tags from `from` on, and the start of the next page.
pub(crate) fn page_of_tags<'a>(
    resources: &mut dyn Iterator<Item = Resource<'a>>,
    from: TagPlace,
    max: Option<i64>,
) -> (Vec<Tagged<'a>>, Option<TagPlace>) {
    let max = usize::try_from(max.unwrap_or(100)).expect("between 1 and 100");
    let mut tags = resources
        .flat_map(|(thing, resource, tags)| {
            let numbered = tags.iter().zip(0u32..);
            numbered.map(move |((key, value), tag)| {
                (TagPlace { thing, tag }, Tagged { resource: resource.clone(), key, value })
            })
        })
        .filter(|(place, _)| *place >= from);
    let shown = tags.by_ref().take(max).map(|(_, tag)| tag).collect();
    let next = tags.next().map(|(place, _)| place);
    (shown, next)
}
