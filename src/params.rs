//! Request parameters, and the types that read them.
//!
//! [`Params`] holds them decoded, sorted by name. [`Field`] reads one by its wire name. `request!` lists the fields of
//! an operation in the order in which the service checks them. The source of a parameter is known only as far as
//! signatures need it.

pub(crate) mod json;

use crate::error::{self, ApiError, Failure, Flawed};
use crate::text::{Flaw, Patch, Scalar, Tag, TagKey, TagValue, lossy};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Maximum number of parameters of a request. Source: ours; lists of 100 structures with ten fields fit.
pub const MOST_PARAMS: usize = 2_000;
/// Maximum length of a parameter name, in bytes after decoding. Source: ours; documented names have less than 100.
pub const LONGEST_NAME: usize = 512;
/// Maximum length of a parameter value, in bytes after decoding. Source: ours; a SAML assertion has up to 100,000.
pub const LONGEST_VALUE: usize = 512 << 10;
/// Maximum length of all names and values of a request together, in bytes after decoding. Source: ours.
pub const MOST_TEXT: usize = 2 << 20;

/// Source of a parameter, in the order of precedence: a body value wins over a query value.
///
/// UNCERTAIN: clients disagree; the service's choice was not observed. Source: docs/evidence/gateway.md 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The path, the host or a document, in a product with its own protocol. Clients cannot send it otherwise.
    Path,
    /// A form body; signed in v1.
    Form,
    /// A JSON body; signed by its hash alone.
    Json,
    /// The query string.
    Query,
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    start: u32,
    middle: u32,
    end: u32,
    origin: Origin,
}

/// Decoded parameters. One buffer holds all text, so a request needs only two allocations.
#[derive(Debug, Clone, Default)]
pub struct Params {
    text: String,
    pairs: Vec<Pair>,
    excess: Option<Excess>,
}

/// A limit that a request exceeds. Reading stops there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// More than [`MOST_PARAMS`] parameters.
    Count,
    /// A name of more than [`LONGEST_NAME`] bytes.
    Name,
    /// A value of more than [`LONGEST_VALUE`] bytes.
    Value,
    /// More than [`MOST_TEXT`] bytes in all.
    Text,
}

impl Excess {
    /// Returns the error.
    pub fn error(self) -> ApiError {
        let (what, bound) = match self {
            Self::Count => ("more parameters than", MOST_PARAMS),
            Self::Name => ("a parameter name longer than", LONGEST_NAME),
            Self::Value => ("a parameter value longer than", LONGEST_VALUE),
            Self::Text => ("more bytes of parameters than", MOST_TEXT),
        };
        error::gateway::PARAMETERS_TOO_LARGE.about(format_args!("{what} {bound}"))
    }
}

impl Params {
    /// Adds one parameter, unless a limit is exceeded. Call [`Params::sort`] before reading.
    pub fn push(&mut self, name: &str, value: &str, origin: Origin) {
        if !self.has_room(self.text.len(), name.len(), value.len()) {
            return;
        }
        let start = self.offset();
        self.text.push_str(name);
        let middle = self.offset();
        self.text.push_str(value);
        self.pairs.push(Pair { start, middle, end: self.offset(), origin });
    }

    /// Returns `true` if one more parameter fits, beside `held` bytes of others. Stores the first exceeded limit.
    fn has_room(&mut self, held: usize, name: usize, value: usize) -> bool {
        self.excess = if self.excess.is_some() {
            self.excess
        } else if self.pairs.len() >= MOST_PARAMS {
            Some(Excess::Count)
        } else if name > LONGEST_NAME {
            Some(Excess::Name)
        } else if value > LONGEST_VALUE {
            Some(Excess::Value)
        } else if held + name + value > MOST_TEXT {
            Some(Excess::Text)
        } else {
            None
        };
        self.excess.is_none()
    }

    /// Returns the first limit that the request exceeds.
    pub fn excess(&self) -> Option<Excess> {
        self.excess
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.text.len()).expect("all text is bounded by `MOST_TEXT` and one more value")
    }

    /// Adds the parameters of a query string or form body and decodes them: `+` is a space. A percent sign without two
    /// hex digits is kept. Bytes that are not UTF-8 become U+FFFD (so a signature over them never matches).
    ///
    /// Source: docs/evidence/gateway.md section 11, docs/evidence/clients.md 2.5.
    pub fn push_encoded(&mut self, encoded: &[u8], origin: Origin) {
        let encoded = lossy(encoded);
        let mut scratch = Vec::new();
        self.text.reserve(encoded.len());
        self.pairs.reserve(16);
        for part in encoded.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let start = self.offset();
            self.push_decoded(name, &mut scratch);
            let middle = self.offset();
            self.push_decoded(value, &mut scratch);
            let end = self.offset();
            if !self.has_room(start as usize, (middle - start) as usize, (end - middle) as usize) {
                self.text.truncate(start as usize);
                return;
            }
            self.pairs.push(Pair { start, middle, end, origin });
        }
    }

    fn push_decoded(&mut self, encoded: &str, scratch: &mut Vec<u8>) {
        if !encoded.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
            self.text.push_str(encoded);
            return;
        }
        scratch.clear();
        let mut rest = encoded.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            scratch.push(match (first, tail) {
                (b'+', _) => b' ',
                (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    rest = after;
                    hex_digit(*high) << 4 | hex_digit(*low)
                }
                _ => *first,
            });
        }
        self.text.push_str(&lossy(scratch));
    }

    /// Sorts the parameters for lookups and signatures: by name, then by precedence. If one source has a name twice,
    /// the smallest value comes first: signatures do not cover the order on the wire. In a JSON body the last value
    /// comes first, as in JSON parsers.
    pub fn sort(&mut self) {
        let text = &self.text;
        let key = |pair: &Pair| (name_of(text, *pair), pair.origin);
        self.pairs.sort_by(|a, b| {
            key(a).cmp(&key(b)).then_with(|| match a.origin {
                Origin::Json => Reverse(a.start).cmp(&Reverse(b.start)),
                _ => value_of(text, *a).cmp(value_of(text, *b)),
            })
        });
        self.text.shrink_to_fit();
    }

    /// Returns `true` if a name is in the query and in the body.
    pub fn is_contested(&self) -> bool {
        let same = |two: &[Pair]| name_of(&self.text, two[0]) == name_of(&self.text, two[1]);
        self.pairs.windows(2).any(|two| two[0].origin != two[1].origin && same(two))
    }

    /// Keeps one value of each name, preferably from `preferred`. The parameters must be sorted.
    pub fn keep_one_each(&mut self, preferred: Origin) {
        let text = &self.text;
        self.pairs.dedup_by(|later, kept| {
            let is_same = name_of(text, *later) == name_of(text, *kept);
            if is_same && later.origin == preferred && kept.origin != preferred {
                *kept = *later;
            }
            is_same
        });
    }

    /// Returns all parameters, sorted. For a name that was sent twice, the value that counts comes first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Origin)> {
        self.pairs.iter().map(|&pair| (name_of(&self.text, pair), value_of(&self.text, pair), pair.origin))
    }

    /// Returns all parameters in the order in which they were sent, the query before the body.
    pub fn as_sent(&self) -> Vec<(&str, &str, Origin)> {
        let mut pairs = self.pairs.clone();
        pairs.sort_by_key(|pair| pair.start);
        pairs
            .iter()
            .map(|&pair| (name_of(&self.text, pair), value_of(&self.text, pair), pair.origin))
            .collect()
    }

    /// Returns the value of `name`, if it was sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.pairs.partition_point(|&pair| name_of(&self.text, pair) < name);
        let pair = *self.pairs.get(at)?;
        (name_of(&self.text, pair) == name).then(|| value_of(&self.text, pair))
    }

    /// Returns the value of `name`, if it was sent and is not empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Returns the number of parameters.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Returns `true` if the request has no parameters.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Returns the memory used, in bytes.
    pub fn weight(&self) -> usize {
        self.text.len() + self.pairs.len() * size_of::<Pair>()
    }
}

/// Returns the value of a hex digit.
fn hex_digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => byte.to_ascii_lowercase() - b'a' + 10,
    }
}

#[inline]
fn name_of(text: &str, pair: Pair) -> &str {
    &text[pair.start as usize..pair.middle as usize]
}

#[inline]
fn value_of(text: &str, pair: Pair) -> &str {
    &text[pair.middle as usize..pair.end as usize]
}

/// A value that can be read from the parameters by name.
pub trait Field: Sized {
    /// Reads the value, or returns its flaw.
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure>;
}

/// Required: fails if absent. The type decides about an empty text.
impl<T: Scalar> Field for T {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let text = params.get(name).ok_or(Flawed::missing(name))?;
        Ok(T::parse(text).map_err(|flaw| Flawed::new(name, flaw))?)
    }
}

/// Optional: an empty text counts as absent, because several SDKs send all known parameters.
impl<T: Scalar> Field for Option<T> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let read = |text| T::parse(text).map_err(|flaw| Flawed::new(name, flaw));
        Ok(params.filled(name).map(read).transpose()?)
    }
}

impl<T: Scalar> Field for Patch<T> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Ok(match params.get(name) {
            None => Self::Keep,
            Some("") => Self::Clear,
            Some(_) => Self::Set(T::take(params, name)?),
        })
    }
}

/// A list: `Name.1`, `Name.2` and so on, or one JSON array in `Name`. Source: docs/evidence/gateway.md 1.4.
impl<T: Scalar> Field for Vec<T> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let item = |text: &str| Ok(T::parse(text).map_err(|flaw| Flawed::new(name, flaw))?);
        if let Some(text) = params.filled(name) {
            let texts: Vec<String> =
                serde_json::from_str(text).map_err(|_| Flawed::new(name, Flaw::Format))?;
            return texts.iter().map(|text| item(text)).collect();
        }
        let numbered = (1..).map_while(|n| params.get(&format!("{name}.{n}")));
        numbered.map(item).collect()
    }
}

/// Tags: one JSON array of `{"Key", "Value"}` in `Name`, or `Name.1.Key`, `Name.1.Value` and so on. Source: docs/evidence/ram.md 5.9.
impl Field for Vec<Tag> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let wrong = |flaw| Flawed::new(name, flaw);
        let tag = |key: &str, value: &str| {
            Ok(Tag(TagKey::parse(key).map_err(wrong)?, TagValue::parse(value).map_err(wrong)?))
        };
        if let Some(text) = params.filled(name) {
            #[derive(serde::Deserialize)]
            #[serde(rename_all = "PascalCase")]
            struct Sent {
                key: String,
                #[serde(default)]
                value: String,
            }
            let sent: Vec<Sent> = serde_json::from_str(text).map_err(|_| wrong(Flaw::Format))?;
            return sent.iter().map(|one| tag(&one.key, &one.value)).collect();
        }
        let numbered = (1..).map_while(|n| {
            let key = params.get(&format!("{name}.{n}.Key"))?;
            Some((key, params.get(&format!("{name}.{n}.Value")).unwrap_or_default()))
        });
        numbered.map(|(key, value)| tag(key, value)).collect()
    }
}

/// Whole numbers: `Name.1`, `Name.2` and so on, or one JSON array in `Name`, of numbers or texts.
#[derive(Debug)]
pub struct Numbers(pub Vec<u64>);

impl Field for Numbers {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        if let Some(text) = params.filled(name)
            && let Ok(numbers) = serde_json::from_str(text)
        {
            return Ok(Self(numbers));
        }
        let texts = Vec::<String>::take(params, name)?;
        let numbers = texts.iter().map(|text| text.parse().map_err(|_| Flawed::new(name, Flaw::Format)));
        Ok(Self(numbers.collect::<Result<_, _>>()?))
    }
}

/// A list of structures: `Name.1.Field`, `Name.2.Field` and so on, or one JSON array of objects in `Name`. Errors name
/// only the field.
#[derive(Debug)]
pub struct Items<T>(pub Vec<T>);

impl<T: Request> Field for Items<T> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let read = |fields: &mut dyn Iterator<Item = (&str, String)>| {
            let mut item = Params::default();
            fields.for_each(|(field, value)| item.push(field, &value, Origin::Form));
            item.sort();
            T::parse(&item)
        };
        if let Some(text) = params.filled(name) {
            use serde_json::{Map, Value};
            let wrong = |_| Flawed::new(name, Flaw::Format);
            let sent: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(wrong)?;
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let fields = |one: &Map<String, Value>| {
                read(&mut one.iter().filter(|(_, value)| !value.is_null()).map(|(n, v)| (&**n, text(v))))
            };
            return sent.iter().map(fields).collect::<Result<_, _>>().map(Self);
        }
        let mut items = Vec::new();
        loop {
            let start = format!("{name}.{}.", items.len() + 1);
            let from = params.pairs.partition_point(|&pair| name_of(&params.text, pair) < start.as_str());
            let mut fields = params.pairs[from..]
                .iter()
                .map_while(|&pair| {
                    Some((
                        name_of(&params.text, pair).strip_prefix(&start)?,
                        value_of(&params.text, pair).to_owned(),
                    ))
                })
                .peekable();
            if fields.peek().is_none() {
                return Ok(Self(items));
            }
            items.push(read(&mut fields)?);
        }
    }
}

/// A property of an order: `Code` and `Value`.
#[derive(Debug)]
pub struct Property {
    /// Name of the property.
    pub code: String,
    /// Requested value.
    pub value: String,
}

impl Request for Property {
    fn parse(params: &Params) -> Result<Self, Failure> {
        Ok(Self { code: Field::take(params, "Code")?, value: Field::take(params, "Value")? })
    }
}

/// An object of texts, numbers and booleans: one JSON object in `Name`. Values keep their spelling.
#[derive(Debug, Default)]
pub struct Object(pub BTreeMap<String, String>);

impl Scalar for Object {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let fields: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|_| Flaw::Format)?;
        let flat = fields.into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) => Ok((name, text)),
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => Err(Flaw::Format),
            serde_json::Value::Null => Ok((name, String::new())),
            other => Ok((name, other.to_string())),
        });
        flat.collect::<Result<_, _>>().map(Self)
    }
}

/// Ids of 1 to 100 ECS instances: a JSON array, or one text with commas. `None` for any other text. Source:
/// AlibabaCloudDocs/ecs, "AttachInstanceRamRole" and "DetachInstanceRamRole".
#[derive(Debug)]
pub struct InstanceIds(pub Option<Vec<String>>);

impl InstanceIds {
    /// Reads the ids.
    pub fn read(text: &str) -> Option<Vec<String>> {
        let ids: Vec<String> = if text.trim_start().starts_with('[') {
            serde_json::from_str(text).ok()?
        } else {
            text.split(',').map(|id| id.trim().to_owned()).collect()
        };
        let is_good = (1..=100).contains(&ids.len()) && ids.iter().all(|id| !id.is_empty());
        is_good.then_some(ids)
    }
}

impl Scalar for InstanceIds {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(Self::read(text)))
    }
}

/// A required list with at least one item.
#[derive(Debug)]
pub struct Filled<T>(pub Vec<T>);

impl<T> Field for Filled<T>
where
    Vec<T>: Field,
{
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let items: Vec<T> = Field::take(params, name)?;
        if items.is_empty() { Err(Flawed::missing(name).into()) } else { Ok(Self(items)) }
    }
}

/// A typed request.
pub trait Request: Sized {
    /// Reads the request, or returns the first error.
    fn parse(params: &Params) -> Result<Self, Failure>;
}

/// Declares requests: structs with one [`Field::take`] per field, in the order in which the service checks them.
macro_rules! request {
    ($($(#[$doc:meta])* $vis:vis struct $name:ident $(<$door:ident: $bound:path>)? { $($of:vis $field:ident: $ty:ty = $wire:expr),* $(,)? })+) => {$(
        $(#[$doc])*
        $vis struct $name $(<$door: $bound>)? { $($of $field: $ty),* }

        impl $(<$door: $bound>)? $crate::params::Request for $name $(<$door>)? {
            #[allow(unused_variables, reason = "an operation may take no parameter at all")]
            fn parse(params: &$crate::params::Params) -> Result<Self, $crate::error::Failure> {
                Ok(Self { $($field: $crate::params::Field::take(params, $wire)?),* })
            }
        }
    )+};
}
pub(crate) use request;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn params(query: &str, form: &str) -> Params {
        let mut params = Params::default();
        params.push_encoded(query.as_bytes(), Origin::Query);
        params.push_encoded(form.as_bytes(), Origin::Form);
        params.sort();
        params
    }

    #[test]
    fn values_are_decoded_form_style_and_leniently() {
        let params = params("a=1+2%203&b=%zz%4&c&%E4%B8%AD=%FF", "");
        let all: Vec<_> = params.iter().map(|(name, value, _)| (name, value)).collect();
        assert_eq!(all, [("a", "1 2 3"), ("b", "%zz%4"), ("c", ""), ("中", "\u{fffd}")]);
    }

    #[test]
    fn a_body_value_wins_and_the_first_of_two_stays() {
        let params = params("x=query&y=1&y=2", "x=form");
        assert_eq!((params.get("x"), params.get("y"), params.get("z")), (Some("form"), Some("1"), None));
    }

    #[test]
    fn lists_come_numbered_or_as_json() {
        let numbered: Vec<String> = Field::take(&params("N.1=a&N.2=b&N.4=d", ""), "N").unwrap();
        let json: Vec<String> = Field::take(&params("N=%5B%22a%22%2C%22b%22%5D", ""), "N").unwrap();
        assert_eq!(numbered, json);
        let bad: Result<Vec<String>, _> = Field::take(&params("N=a", ""), "N");
        assert_eq!(bad.unwrap_err(), Flawed::new("N", Flaw::Format).into());
    }

    #[test]
    fn absent_empty_and_filled_are_three_changes() {
        let params = params("New=&Other=x", "");
        assert_eq!(Patch::<String>::take(&params, "Gone").unwrap(), Patch::Keep);
        assert_eq!(Patch::<String>::take(&params, "New").unwrap(), Patch::Clear);
        assert_eq!(Patch::<String>::take(&params, "Other").unwrap(), Patch::Set("x".into()));
    }
}
