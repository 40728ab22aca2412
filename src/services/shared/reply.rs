//! The shapes that replies of RAM and IMS share: one thing, a list of things, a page of them. Source: docs/evidence/ram.md section 2.

use crate::text::{Bounded, Flaw, Scalar};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// Something a reply shows.
pub(crate) trait Element: Serialize {
    /// The name of one, `User`.
    const NAME: &'static str;
    /// The name of a list of them, `Users`.
    const PLURAL: &'static str;
}

/// Names the views of a file.
macro_rules! elements {
    ($($view:ty: $name:literal $plural:literal;)*) => {$(
        impl $crate::services::shared::reply::Element for $view {
            const NAME: &'static str = $name;
            const PLURAL: &'static str = $plural;
        }
    )*};
}
pub(crate) use elements;

/// One thing: `{"User": {...}}`.
#[derive(Debug)]
pub(crate) struct One<T>(pub(crate) T);

/// A list inside its wrapper: `{"User": [...]}`. The wrapper is there when the list is empty, too.
#[derive(Debug)]
pub(crate) struct Listed<T>(pub(crate) Vec<T>);

/// A whole list: `{"Users": {"User": [...]}}`.
#[derive(Debug)]
pub(crate) struct All<T>(pub(crate) Listed<T>);

/// A page of a list, and where the next one starts when there is one.
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

/// `Marker` is there only when more follows.
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

/// Where a page starts. Opaque to clients. Source: docs/evidence/ram.md section 2.
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

/// How many things a page holds; 100 when nobody says.
pub(crate) type MaxItems = Option<Bounded<1, 1000>>;

/// The page that starts where `things` starts. Each thing comes with its place, which is what a marker says.
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
