//! Deserializes types from a tree. The target type decides: `2015` is a text for a text field.

use crate::scenario::problem::{Place, Problems};
use crate::scenario::tree::{Content, Entry, Node};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor, value::StrDeserializer,
};
use std::fmt::{self, Display};

/// Error with its position.
#[derive(Debug)]
pub(crate) struct Wrong {
    place: Option<Place>,
    pub(crate) message: String,
}

impl Wrong {
    fn within(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }
}

impl Wrong {
    /// Adds it to other problems.
    pub(crate) fn tell(&self, problems: &mut Problems) {
        problems.add(self.place.unwrap_or(Place::START), &self.message);
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: Display>(message: T) -> Self {
        Self { place: None, message: message.to_string() }
    }
}

/// Parses a whole number as in YAML: `42`, `1_000`, `0x2a`, `0o52`.
pub(crate) fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = digits.replace('_', "");
    let number = match (digits.strip_prefix("0x"), digits.strip_prefix("0o")) {
        (Some(hex), _) => i128::from_str_radix(hex, 16),
        (_, Some(octal)) => i128::from_str_radix(octal, 8),
        _ => digits.parse(),
    };
    number.ok().map(|number| sign * number)
}

/// Parses a number.
pub(crate) fn number(text: &str) -> Option<f64> {
    let begins = text.trim_start_matches(['+', '-', '.']).starts_with(|c: char| c.is_ascii_digit());
    text.replace('_', "").parse().ok().filter(|number: &f64| begins && number.is_finite())
}

/// Parses `true` or `false`, and the boolean words of older YAML.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" => Some(true),
        "false" | "no" | "off" | "n" => Some(false),
        _ => None,
    }
}

impl Node {
    fn wrong(&self, wanted: &str) -> Wrong {
        let found = match &self.content {
            _ if self.is_null() => "nothing".to_owned(),
            Content::Scalar { text, .. } => format!("`{text}`"),
            Content::List(_) => "a list".to_owned(),
            Content::Map(_) => "a mapping".to_owned(),
        };
        Wrong { place: Some(self.place), message: format!("expected {wanted}, found {found}") }
    }

    fn integer(&self) -> Result<i128, Wrong> {
        self.text().and_then(integer).ok_or_else(|| self.wrong("a whole number"))
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let number = <$type>::try_from(self.integer()?);
            visitor.$visit(number.map_err(|_| self.wrong("a smaller number"))?).map_err(|wrong: Wrong| wrong.within(self.place))
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let read = match &self.content {
            _ if self.is_null() => visitor.visit_unit(),
            Content::List(_) => return self.deserialize_seq(visitor),
            Content::Map(_) => return self.deserialize_map(visitor),
            Content::Scalar { text, plain: false } => visitor.visit_str(text),
            Content::Scalar { text, .. } => match text.as_str() {
                "true" | "True" | "TRUE" => visitor.visit_bool(true),
                "false" | "False" | "FALSE" => visitor.visit_bool(false),
                text => match (integer(text), number(text)) {
                    (Some(whole), _) if u64::try_from(whole).is_ok() => {
                        visitor.visit_u64(u64::try_from(whole).unwrap_or_default())
                    }
                    (Some(whole), _) if i64::try_from(whole).is_ok() => {
                        visitor.visit_i64(i64::try_from(whole).unwrap_or_default())
                    }
                    (_, Some(number)) => visitor.visit_f64(number),
                    _ => visitor.visit_str(text),
                },
            },
        };
        read.map_err(|wrong: Wrong| wrong.within(self.place))
    }

    integers! {
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let number = self.text().and_then(number).ok_or_else(|| self.wrong("a number"))?;
        visitor.visit_f64(number).map_err(|wrong: Wrong| wrong.within(self.place))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let read = self.text().and_then(boolean).ok_or_else(|| self.wrong("`true` or `false`"))?;
        visitor.visit_bool(read).map_err(|wrong: Wrong| wrong.within(self.place))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let text = self.text().ok_or_else(|| self.wrong("a text"))?;
        visitor.visit_str(text).map_err(|wrong: Wrong| wrong.within(self.place))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self).map_err(|wrong| wrong.within(self.place))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Content::List(items) = &self.content else { return Err(self.wrong("a list")) };
        visitor.visit_seq(Items(items.iter())).map_err(|wrong| wrong.within(self.place))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Content::Map(entries) = &self.content else { return Err(self.wrong("a mapping")) };
        visitor.visit_map(Fields(entries.iter(), None)).map_err(|wrong| wrong.within(self.place))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let variant = match (&self.content, self.text()) {
            (_, Some(word)) => Variant { word, place: self.place, value: None },
            (Content::Map(entries), _) if entries.len() == 1 => {
                let Entry { name, place, value } = &entries[0];
                Variant { word: name, place: *place, value: Some(value) }
            }
            _ => return Err(self.wrong("a word, or a mapping with one field")),
        };
        visitor.visit_enum(variant).map_err(|wrong| wrong.within(self.place))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! { bytes byte_buf unit_struct identifier ignored_any i128 u128 }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some(node) = self.0.next() else { return Ok(None) };
        seed.deserialize(node).map(Some).map_err(|wrong| wrong.within(node.place))
    }
}

struct Fields<'de>(std::slice::Iter<'de, Entry>, Option<&'de Node>);

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some(entry) = self.0.next() else { return Ok(None) };
        self.1 = Some(&entry.value);
        let name: StrDeserializer<'_, Wrong> = entry.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|wrong| wrong.within(entry.place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let node = self.1.take().ok_or_else(|| Wrong::custom("a field without a value"))?;
        seed.deserialize(node).map_err(|wrong| wrong.within(node.place))
    }
}

struct Variant<'de> {
    word: &'de str,
    place: Place,
    value: Option<&'de Node>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        let word: StrDeserializer<'_, Wrong> = self.word.into_deserializer();
        Ok((seed.deserialize(word).map_err(|wrong| wrong.within(self.place))?, self))
    }
}

impl<'de> Variant<'de> {
    fn value(self) -> Result<&'de Node, Wrong> {
        self.value.ok_or_else(|| Wrong {
            place: Some(self.place),
            message: format!("`{0}` takes fields: write `{0}: {{}}`", self.word),
        })
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.value.filter(|value| !value.is_null()) {
            Some(value) => Err(value.wrong("nothing")),
            None => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.value()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.value()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.value()?.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::problem::Problems;
    use crate::scenario::tree;
    use serde::Deserialize;
    use serde_json::{Value, json};

    fn value(text: &str) -> Value {
        Value::deserialize(&tree::read(text, &mut Problems::default()).unwrap()).unwrap()
    }

    #[test]
    fn plain_words_are_what_yaml_says_and_quoted_ones_are_texts() {
        assert_eq!(
            value(
                "[1, -2, 1_000, 0x10, 1.5, 1e3, true, null, ~, '1', \"true\", 2015-05-01, yes, -20m, .5, nan, !!str 7]"
            ),
            json!([
                1,
                -2,
                1000,
                16,
                1.5,
                1000.0,
                true,
                null,
                null,
                "1",
                "true",
                "2015-05-01",
                "yes",
                "-20m",
                0.5,
                "nan",
                "7"
            ])
        );
    }

    #[test]
    fn the_library_is_read_as_another_reader_of_yaml_reads_it() {
        for (name, text) in crate::scenario::library::ALL {
            let other: Value = serde_saphyr::from_str(text).unwrap();
            assert_eq!(value(text), other, "{name}");
        }
    }

    #[test]
    fn a_type_says_what_a_word_is() {
        #[derive(Debug, Deserialize, PartialEq)]
        struct Wanted {
            name: String,
            count: u64,
            share: f64,
            on: bool,
            none: Option<u8>,
        }
        let tree =
            tree::read("{name: 2015, count: '7', share: 1, on: yes, none: ~}", &mut Problems::default())
                .unwrap();
        let wanted = Wanted { name: "2015".to_owned(), count: 7, share: 1.0, on: true, none: None };
        assert_eq!(Wanted::deserialize(&tree).unwrap(), wanted);
    }
}
