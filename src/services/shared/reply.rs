//! Response shapes that products share: one field, and of RAM and IMS one item, a list, a page. Source: docs/evidence/ram.md section 2.

use crate::text::{Bounded, Flaw, Scalar};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// An item of a response.
pub(crate) trait Element: Serialize {
    /// Name of an item, such as `User`.
    const NAME: &'static str;
    /// Name of a list, such as `Users`.
    const PLURAL: &'static str;
}

/// Sets the names for the views of a file.
macro_rules! elements {
    ($($view:ty: $name:literal $plural:literal;)*) => {$(
        impl $crate::services::shared::reply::Element for $view {
            const NAME: &'static str = $name;
            const PLURAL: &'static str = $plural;
        }
    )*};
}
pub(crate) use elements;

/// One item: `{"User": {...}}`.
#[derive(Debug)]
pub(crate) struct One<T>(pub(crate) T);

/// A list in its wrapper: `{"User": [...]}`. The wrapper is present even if the list is empty.
#[derive(Debug)]
pub(crate) struct Listed<T>(pub(crate) Vec<T>);

/// A complete list: `{"Users": {"User": [...]}}`.
#[derive(Debug)]
pub(crate) struct All<T>(pub(crate) Listed<T>);

/// A page of a list, and the start of the next one if more items follow.
#[derive(Debug)]
pub(crate) struct Page<T> {
    things: Listed<T>,
    next: Option<Marker>,
}

impl<T: Element> Serialize for One<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut reply = s.serialize_struct(T::NAME, 1)?;
        reply.serialize_field(T::NAME, &self.0)?;
        reply.end()
    }
}

impl<T: Element> Serialize for Listed<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut list = s.serialize_struct(T::PLURAL, 1)?;
        list.serialize_field(T::NAME, &self.0)?;
        list.end()
    }
}

impl<T: Element> Serialize for All<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut reply = s.serialize_struct(T::PLURAL, 1)?;
        reply.serialize_field(T::PLURAL, &self.0)?;
        reply.end()
    }
}

/// `Marker` is present only if more items follow.
impl<T: Element> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut reply = s.serialize_struct(T::PLURAL, 3)?;
        reply.serialize_field("IsTruncated", &self.next.is_some())?;
        match &self.next {
            Some(next) => reply.serialize_field("Marker", next)?,
            None => reply.skip_field("Marker")?,
        }
        reply.serialize_field(T::PLURAL, &self.things)?;
        reply.end()
    }
}

impl<T> FromIterator<T> for All<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        Self(Listed(things.into_iter().collect()))
    }
}

/// A reply with one field: `Only("TaskDto", task)` is `{"TaskDto": {...}}`.
#[derive(Debug)]
pub(crate) struct Only<T>(pub(crate) &'static str, pub(crate) T);

impl<T: Serialize> Serialize for Only<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut reply = s.serialize_struct("Only", 1)?;
        reply.serialize_field(self.0, &self.1)?;
        reply.end()
    }
}

/// Start of a page. Clients must not interpret it. Source: docs/evidence/ram.md section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker(pub(crate) u32);

impl Scalar for Marker {
    fn parse(text: &str) -> Result<Self, Flaw> {
        u32::from_str_radix(text, 16).map(Self).map_err(|_| Flaw::Value)
    }
}

impl Serialize for Marker {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{:08x}", self.0))
    }
}

/// Maximum number of items in a page; default 100.
pub(crate) type MaxItems = Option<Bounded<1, 1000>>;

/// The first page of `things`. Each item has its position, which the marker contains.
pub(crate) fn page<T, V>(
    things: impl Iterator<Item = (u32, T)>,
    max: Option<i64>,
    view: impl Fn(T) -> V,
) -> Page<V> {
    let max = usize::try_from(max.unwrap_or(100)).expect("between 1 and 1000");
    let mut things = things.fuse();
    let shown = things.by_ref().take(max).map(|(_, thing)| view(thing)).collect();
    Page { things: Listed(shown), next: things.next().map(|(place, _)| Marker(place)) }
}

/// Masked mobile or mailbox: `86-139****1111`, `o***@example.com`. UNCERTAIN: how much is shown.
pub(crate) fn masked(text: &str) -> String {
    if let Some((name, domain)) = text.split_once('@') {
        let first: String = name.chars().take(1).collect();
        return format!("{first}***@{domain}");
    }
    let (country, number) = text.split_once('-').unwrap_or(("", text));
    let (start, end) = (number.get(..3).unwrap_or(number), number.get(number.len().saturating_sub(4)..));
    format!("{country}-{start}****{}", end.unwrap_or_default())
}
