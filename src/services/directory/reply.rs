//! Shapes of responses: numbered pages, and tags. Source: docs/evidence/resource-directory.md section 1.

use crate::attributes::{apply, reply};
use crate::services::shared::numbered::Numbers;
pub(super) use crate::services::shared::numbered::Paging;
use crate::services::shared::reply::{Element, Listed, elements};
use crate::text::Timestamp;
use crate::world::account::Tags;
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A page with its number, as `{"Folders": {"Folder": [...]}, "PageNumber": 1, "PageSize": 10, "TotalCount": 1}`.
pub(super) struct Numbered<T> {
    things: Listed<T>,
    numbers: Numbers,
    /// Start of the next page, in lists that have it: empty on the last page.
    next: Option<String>,
}

impl<T> Numbered<T> {
    /// Returns the page of `all` that was asked for.
    pub(super) fn of<I>(paging: Paging, all: impl Iterator<Item = I>, view: impl Fn(I) -> T) -> Self {
        let (numbers, things) = Numbers::page(all, paging.number, paging.size, view);
        Self { things: Listed(things), numbers, next: None }
    }

    /// Returns the page of `all` that begins after the first `from` items, with the start of the next.
    pub(super) fn after<I>(
        from: usize,
        size: i64,
        all: impl Iterator<Item = I>,
        view: impl Fn(I) -> T,
    ) -> Self {
        let all: Vec<_> = all.collect();
        let (total, end) = (all.len(), from.saturating_add(usize::try_from(size).unwrap_or(0)));
        let things = all.into_iter().skip(from).take(end - from).map(view).collect();
        let next = if end < total { end.to_string() } else { String::new() };
        let numbers = Numbers { page_number: 1, page_size: size, total_count: total };
        Self { things: Listed(things), numbers, next: Some(next) }
    }

    /// Shows the start of the next page, which is empty in a numbered page.
    pub(super) fn with_token(self, shown: bool) -> Self {
        Self { next: shown.then(|| self.next.unwrap_or_default()), ..self }
    }
}

impl<T: Element> Serialize for Numbered<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut reply = s.serialize_struct(T::PLURAL, 5)?;
        reply.serialize_field("TotalCount", &self.numbers.total_count)?;
        reply.serialize_field("PageNumber", &self.numbers.page_number)?;
        reply.serialize_field("PageSize", &self.numbers.page_size)?;
        match &self.next {
            Some(next) => reply.serialize_field("NextToken", next)?,
            None => reply.skip_field("NextToken")?,
        }
        reply.serialize_field(T::PLURAL, &self.things)?;
        reply.end()
    }
}

/// A numbered page whose list has no wrapper, as `{"Contacts": [...], "PageNumber": 1, "PageSize": 10, "TotalCount": 1}`.
pub(super) struct Plainly<T>(pub(super) Numbered<T>);

impl<T: Element> Serialize for Plainly<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let page = &self.0;
        let mut reply = s.serialize_struct(T::PLURAL, 4)?;
        reply.serialize_field("TotalCount", &page.numbers.total_count)?;
        reply.serialize_field("PageNumber", &page.numbers.page_number)?;
        reply.serialize_field("PageSize", &page.numbers.page_size)?;
        reply.serialize_field(T::PLURAL, &page.things.0)?;
        reply.end()
    }
}

/// Time with the offset of Beijing: `2022-08-23T17:05:30+08:00`.
pub(super) fn beijing(at: Timestamp) -> String {
    let there = at.plus_millis(8 * 3_600_000).to_string();
    format!("{}+08:00", there.trim_end_matches('Z'))
}

/// A tag.
#[apply(reply)]
pub(super) struct TagView {
    key: String,
    value: String,
}

elements! { TagView: "Tag" "Tags"; }

/// Returns tags as a plain list.
pub(super) fn plain(tags: &Tags) -> Vec<TagView> {
    tags.iter().map(|(key, value)| TagView { key: key.to_string(), value: value.to_string() }).collect()
}

/// Returns tags in their wrapper.
pub(super) fn wrapped(tags: &Tags) -> Listed<TagView> {
    Listed(plain(tags))
}
