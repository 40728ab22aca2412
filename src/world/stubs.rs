//! Stubs: responses for actions that alimock does not implement, defined by the user.
//!
//! A stub names calls and their response. Such a call is authenticated and authorized like any other. Start with
//! [`Stubs::answering`] and [`Template::fill`]. This module knows no products and no response formats:
//! the scenario reader checks which stubs make sense.

use crate::attributes::{apply, input};
use crate::text::covers;
use schemars::JsonSchema;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Stubs of a world. The first match responds to a call.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Stubs(pub Vec<Stub>);

/// A response to calls of an action that alimock does not implement.
#[apply(input)]
pub struct Stub {
    /// Product code, such as `Alidns`. A stub declares a product that alimock does not know: its
    /// host starts with the code in lowercase.
    pub product: String,
    /// API version, such as `2015-01-09`; by default every known version of the product.
    pub version: Option<String>,
    /// Action name; may contain `*` and `?`. Without it, `path` selects the calls; with both, the action
    /// is the name of requests to that path that have no name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// HTTP method, such as `GET`.
    pub method: Option<String>,
    /// Path of a ROA request; may contain `*` and `?`.
    pub path: Option<String>,
    /// HTTP status, 200 to 299; by default 200. For errors use fault rules: see `faults`.
    pub status: Option<u16>,
    /// More response headers, such as `ETag`. Values may contain variables, as the body may.
    pub headers: BTreeMap<String, String>,
    /// Response body. Texts may contain `${param.Name}`, `${requestId}`, `${accountId}`,
    /// `${callerArn}`, `${now}` and `${region}`. alimock adds a missing `RequestId`.
    #[serde(default, skip_serializing_if = "Template::is_empty")]
    pub body: Template,
}

/// A call, as stubs are compared with it.
#[derive(Debug, Clone, Copy)]
pub struct AskedOf<'a> {
    /// API version.
    pub version: &'a str,
    /// Action name; empty for a request that names none.
    pub action: &'a str,
    /// HTTP method.
    pub method: &'a str,
    /// Path, as sent.
    pub path: &'a str,
}

impl Stub {
    /// Returns `true` if the stub is for a call. Without a version, `is_known` decides.
    pub fn fits(&self, asked: &AskedOf<'_>, is_known: impl FnOnce(&Self) -> bool) -> bool {
        let unnamed = asked.action.is_empty() && self.path.is_some();
        (unnamed || self.action.is_empty() || covers(&self.action, asked.action))
            && self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(asked.method))
            && self.path.as_deref().is_none_or(|path| covers(path, asked.path))
            && self.version.as_deref().map_or_else(|| is_known(self), |own| own == asked.version)
    }

    /// Returns the action if it is no pattern.
    pub fn literal_action(&self) -> Option<&str> {
        Some(self.action.as_str()).filter(|action| !action.contains(['*', '?']))
    }

    /// Returns `true` if the stub is for the product with this code.
    pub fn is_of(&self, product: &str) -> bool {
        self.product.eq_ignore_ascii_case(product)
    }
}

impl Stubs {
    /// Returns the first stub that matches a call.
    pub fn answering(&self, product: &str, asked: &AskedOf<'_>) -> Option<&Stub> {
        self.0.iter().find(|stub| stub.is_of(product) && stub.fits(asked, |_| true))
    }
}

/// A value whose texts may contain variables.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// Null.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// A whole number too large for `i64`.
    Large(u64),
    /// Any other number.
    Number(f64),
    /// A text with variables.
    Text(String),
    /// An array.
    List(Vec<Template>),
    /// An object; it keeps the order of its fields.
    Map(Vec<(String, Template)>),
}

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable<'a> {
    /// Value of a parameter; empty if missing.
    Param(&'a str),
    /// Request id.
    RequestId,
    /// UID of the caller's account.
    AccountId,
    /// ARN of the caller.
    CallerArn,
    /// Time on the resource clock.
    Now,
    /// Region of the call.
    Region,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Literal text.
    Said(&'a str),
    /// A variable.
    Variable(Variable<'a>),
    /// Unknown variable, without `${` and `}`.
    Unknown(&'a str),
}

impl<'a> Variable<'a> {
    /// Spelling of the variables.
    pub const NAMES: [&'static str; 6] =
        ["param.Name", "requestId", "accountId", "callerArn", "now", "region"];

    fn named(name: &'a str) -> Option<Self> {
        Some(match name {
            "requestId" => Self::RequestId,
            "accountId" => Self::AccountId,
            "callerArn" => Self::CallerArn,
            "now" => Self::Now,
            "region" => Self::Region,
            _ => Self::Param(name.strip_prefix("param.").filter(|name| !name.is_empty())?),
        })
    }
}

/// Splits a text into pieces. `$${` means a literal `${`.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let Some(start) = rest.find("${") else {
            // A `$` at the end escapes nothing.
            let said = std::mem::take(&mut rest);
            return (!said.is_empty()).then_some(Piece::Said(said));
        };
        if let Some(escaped) = rest[..start].strip_suffix('$') {
            // The dollar sign and the brace, without the escaping dollar sign.
            let (said, after) = (escaped.len(), &rest[start + 2..]);
            if said > 0 {
                let before = &rest[..said];
                rest = &rest[said..];
                return Some(Piece::Said(before));
            }
            rest = after;
            return Some(Piece::Said("${"));
        }
        if start > 0 {
            let said = &rest[..start];
            rest = &rest[start..];
            return Some(Piece::Said(said));
        }
        let inside = rest.strip_prefix("${")?;
        let (name, after) = inside.split_once('}').unwrap_or((inside, ""));
        rest = after;
        Some(Variable::named(name).map_or(Piece::Unknown(name), Piece::Variable))
    })
}

/// Replaces the variables in a text by values.
pub fn filled(text: &str, value: &dyn Fn(Variable<'_>) -> String) -> String {
    let said = pieces(text).map(|piece| match piece {
        Piece::Said(said) | Piece::Unknown(said) => Cow::Borrowed(said),
        Piece::Variable(variable) => Cow::Owned(value(variable)),
    });
    said.collect()
}

impl Template {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Map(fields) if fields.is_empty())
    }

    /// Replaces variables by values.
    #[must_use]
    pub fn fill(&self, value: &dyn Fn(Variable<'_>) -> String) -> Self {
        match self {
            Self::Text(text) => Self::Text(filled(text, value)),
            Self::List(items) => Self::List(items.iter().map(|item| item.fill(value)).collect()),
            Self::Map(fields) => {
                Self::Map(fields.iter().map(|(name, one)| (name.clone(), one.fill(value))).collect())
            }
            other => other.clone(),
        }
    }

    /// Returns the first `most` unknown variables, each with the path to its text: `.Domains.Domain[0].Name`.
    pub fn unknown(&self, most: usize) -> Vec<(String, &str)> {
        /// A step of the path to a text, and the steps before it.
        enum Step<'s> {
            Start,
            Item(&'s Step<'s>, usize),
            Field(&'s Step<'s>, &'s str),
        }

        impl Step<'_> {
            fn path(&self) -> String {
                match self {
                    Self::Start => String::new(),
                    Self::Item(before, at) => format!("{}[{at}]", before.path()),
                    Self::Field(before, name) => format!("{}.{name}", before.path()),
                }
            }
        }

        fn look<'a>(one: &'a Template, step: &Step<'_>, most: usize, found: &mut Vec<(String, &'a str)>) {
            match one {
                _ if found.len() >= most => {}
                Template::Text(text) => {
                    let unknown = pieces(text).filter_map(|piece| match piece {
                        Piece::Unknown(name) => Some((step.path(), name)),
                        _ => None,
                    });
                    found.extend(unknown.take(most - found.len()));
                }
                Template::List(items) => {
                    for (at, item) in items.iter().enumerate() {
                        look(item, &Step::Item(step, at), most, found);
                    }
                }
                Template::Map(fields) => {
                    for (name, one) in fields {
                        look(one, &Step::Field(step, name), most, found);
                    }
                }
                _ => {}
            }
        }
        let mut found = Vec::new();
        look(self, &Step::Start, most, &mut found);
        found
    }
}

/// Empty body.
impl Default for Template {
    fn default() -> Self {
        Self::Map(Vec::new())
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => s.serialize_unit(),
            Self::Bool(flag) => s.serialize_bool(*flag),
            Self::Whole(number) => s.serialize_i64(*number),
            Self::Large(number) => s.serialize_u64(*number),
            Self::Number(number) => s.serialize_f64(*number),
            Self::Text(text) => s.serialize_str(text),
            Self::List(items) => s.collect_seq(items),
            Self::Map(fields) => s.collect_map(fields.iter().map(|(name, one)| (name, one))),
        }
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Anything;
        impl<'de> Visitor<'de> for Anything {
            type Value = Template;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<Template, E> {
                Ok(Template::Null)
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Template, E> {
                Ok(Template::Bool(flag))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Template, E> {
                Ok(Template::Whole(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Template, E> {
                Ok(i64::try_from(number).map_or(Template::Large(number), Template::Whole))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Template, E> {
                Ok(Template::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Template, E> {
                Ok(Template::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Template, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Template::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Template, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Template::Map(fields))
            }
        }
        d.deserialize_any(Anything)
    }
}

impl JsonSchema for Template {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_variables() {
        let all = |text: &'static str| pieces(text).collect::<Vec<_>>();
        assert_eq!(all(""), []);
        assert_eq!(all("plain $ { }"), [Piece::Said("plain $ { }")]);
        assert_eq!((all("$"), all("5$$")), (vec![Piece::Said("$")], vec![Piece::Said("5$$")]));
        assert_eq!(all("${now}$"), [Piece::Variable(Variable::Now), Piece::Said("$")]);
        assert_eq!(
            all("a${now}${param.Name}b"),
            [
                Piece::Said("a"),
                Piece::Variable(Variable::Now),
                Piece::Variable(Variable::Param("Name")),
                Piece::Said("b")
            ]
        );
        assert_eq!(
            all("${nwo}${param.}${"),
            [Piece::Unknown("nwo"), Piece::Unknown("param."), Piece::Unknown("")]
        );
        assert_eq!(all("x$${now}"), [Piece::Said("x"), Piece::Said("${"), Piece::Said("now}")]);
    }

    #[test]
    fn values_stand_where_variables_stood() {
        let template = Template::Map(vec![
            ("a".into(), Template::List(vec![Template::Text("${param.X}-${now}".into()), Template::Null])),
            ("b".into(), Template::Whole(1)),
        ]);

        let filled = template.fill(&|variable| match variable {
            Variable::Param(name) => name.to_lowercase(),
            _ => "then".into(),
        });

        assert_eq!(
            filled,
            Template::Map(vec![
                ("a".into(), Template::List(vec![Template::Text("x-then".into()), Template::Null])),
                ("b".into(), Template::Whole(1)),
            ])
        );
    }

    #[test]
    fn the_first_unknown_variables_are_told_with_their_paths() {
        let text = |text: &str| Template::Text(text.into());
        let template = Template::Map(vec![
            ("a".into(), Template::List(vec![text("${now}"), text("${nwo}${then}")])),
            ("b".into(), text("${last}")),
        ]);

        let found = |most| template.unknown(most).into_iter().map(|(path, name)| format!("{path} {name}"));
        assert_eq!(found(9).collect::<Vec<_>>(), [".a[1] nwo", ".a[1] then", ".b last"]);
        assert_eq!(found(2).count(), 2);
    }
}
