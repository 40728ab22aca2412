//! Pages that are counted by number, as newer products have them: `PageNumber`, `PageSize`, `TotalCount`; and pages from a token on.

use crate::error::Failure;
use crate::params::{Field, Params};
use crate::services::shared::reply::{Element, Listed};
use crate::text::Bounded;
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// Number of a page, from 1; default 1.
pub(crate) type PageNumber = Option<Bounded<1, { i32::MAX as i64 }>>;
/// Size of a page; default 10.
pub(crate) type PageSize = Option<Bounded<1, 100>>;

/// Number and size of a page, which are both parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paging {
    pub(crate) number: PageNumber,
    pub(crate) size: PageSize,
}

impl Field for Paging {
    fn take(params: &Params, _: &'static str) -> Result<Self, Failure> {
        let number = Field::take(params, "PageNumber")?;
        Ok(Self { number, size: Field::take(params, "PageSize")? })
    }
}

/// A page of a list, by number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    pub(crate) page_number: i64,
    pub(crate) page_size: i64,
    pub(crate) total_count: usize,
}

impl Numbers {
    /// The page of `all` with this number, and its numbers. Only the items of the page are viewed.
    pub(crate) fn page<T, V>(
        all: impl Iterator<Item = T>,
        number: PageNumber,
        size: PageSize,
        mut view: impl FnMut(T) -> V,
    ) -> (Self, Vec<V>) {
        let (number, size) = (number.map_or(1, |one| one.0), size.map_or(10, |one| one.0));
        let most = usize::try_from(size).expect("between 1 and 100");
        let first = usize::try_from(number - 1).expect("at least 0").saturating_mul(most);
        let (mut total_count, mut shown) = (0, Vec::new());
        for (at, one) in all.enumerate() {
            total_count += 1;
            if at >= first && shown.len() < most {
                shown.push(view(one));
            }
        }
        (Self { page_number: number, page_size: size, total_count }, shown)
    }
}

/// Returns the page of `all` that starts at the item `first`, and the start of the next page if more follow.
pub(crate) fn page_from<T>(
    all: impl Iterator<Item = T>,
    first: usize,
    size: PageSize,
) -> (Vec<T>, Option<usize>) {
    let most = usize::try_from(size.map_or(10, |one| one.0)).expect("between 1 and 100");
    let mut rest = all.skip(first);
    let shown = rest.by_ref().take(most).collect();
    (shown, rest.next().map(|_| first.saturating_add(most)))
}

/// A page with its list in a wrapper: `{"PageNumber": 1, ..., "Roles": {"Role": [...]}}`.
#[derive(Debug)]
pub(crate) struct NumberedPage<T> {
    numbers: Numbers,
    things: Listed<T>,
}

impl<T: Element> NumberedPage<T> {
    /// The page of `all` with this number.
    pub(crate) fn of<U>(
        all: impl Iterator<Item = U>,
        number: PageNumber,
        size: PageSize,
        view: impl FnMut(U) -> T,
    ) -> Self {
        let (numbers, shown) = Numbers::page(all, number, size, view);
        Self { numbers, things: Listed(shown) }
    }
}

impl<T: Element> Serialize for NumberedPage<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut reply = s.serialize_struct(T::PLURAL, 4)?;
        reply.serialize_field("PageNumber", &self.numbers.page_number)?;
        reply.serialize_field("PageSize", &self.numbers.page_size)?;
        reply.serialize_field("TotalCount", &self.numbers.total_count)?;
        reply.serialize_field(T::PLURAL, &self.things)?;
        reply.end()
    }
}
