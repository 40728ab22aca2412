//! A JSON body as flat parameters. Source: docs/evidence/gateway.md 1.4 and 2.1.
//!
//! Reads the body in one pass, without building a tree, and stops when [`Params`] exceeds a limit.

use super::{Origin, Params};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt::{self, Write};

/// Error for a body that is not a JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnObject {
    /// Line of the error, counted from 1.
    pub line: usize,
    /// Column of the error.
    pub column: usize,
}

impl Params {
    /// Adds the members of a JSON object: `Key.1` for a list item, `Key.Sub` for an object member. Ignores null.
    ///
    /// Fails if the body is not a JSON object. Reading stops at an exceeded limit: see [`Params::excess`].
    pub fn push_json(&mut self, body: &[u8]) -> Result<(), NotAnObject> {
        let mut reader = serde_json::Deserializer::from_slice(body);
        let mut name = String::new();
        let read = Part { params: self, name: &mut name, is_root: true }.deserialize(&mut reader);
        match read.and_then(|()| reader.end()) {
            Err(error) if self.excess().is_none() => {
                Err(NotAnObject { line: error.line(), column: error.column() })
            }
            _ => Ok(()),
        }
    }
}

/// A value of the body, and its parameter name.
struct Part<'a> {
    params: &'a mut Params,
    name: &'a mut String,
    is_root: bool,
}

impl Part<'_> {
    fn push<E: Error>(self, value: &str) -> Result<(), E> {
        if self.is_root {
            return Err(E::custom("not an object"));
        }
        self.params.push(self.name, value, Origin::Json);
        self.params.excess().map_or(Ok(()), |_| Err(E::custom("too large")))
    }

    /// Reads the part below this one that `step` names.
    fn below<R>(&mut self, step: impl fmt::Display, read: impl FnOnce(Part<'_>) -> R) -> R {
        let length = self.name.len();
        let dot = if self.is_root { "" } else { "." };
        let _ = write!(self.name, "{dot}{step}");
        let done = read(Part { params: self.params, name: self.name, is_root: false });
        self.name.truncate(length);
        done
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object of parameters")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.is_root { Err(E::custom("not an object")) } else { Ok(()) }
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        self.push(if flag { "true" } else { "false" })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.push(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.push(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        let number = serde_json::Number::from_f64(number);
        self.push(&number.map(|number| number.to_string()).unwrap_or_default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.push(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        if self.is_root {
            return Err(A::Error::custom("not an object"));
        }
        let mut number = 1;
        while self.below(number, |part| items.next_element_seed(part))?.is_some() {
            number += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            self.below(key, |part| members.next_value_seed(part))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::{Excess, LONGEST_NAME};

    fn read(body: &str) -> Result<Vec<(String, String)>, NotAnObject> {
        let mut params = Params::default();
        params.push_json(body.as_bytes())?;
        params.sort();
        Ok(params.iter().map(|(name, value, _)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn members_are_flattened_and_null_is_absent() {
        let body = r#"{"a":[1,{"b":"x"},[true,null]],"c":{"d":-1.5},"e":null,"f":"\u4e2d"}"#;
        let expected = [("a.1", "1"), ("a.2.b", "x"), ("a.3.1", "true"), ("c.d", "-1.5"), ("f", "中")];
        assert_eq!(read(body).unwrap(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn of_a_name_that_comes_twice_the_last_counts() {
        let mut params = Params::default();
        params.push_json(br#"{"a":1,"b":0,"a":2}"#).unwrap();
        params.sort();
        assert_eq!(params.get("a"), Some("2"));
    }

    #[test]
    fn what_is_not_an_object_says_where() {
        for body in ["1", "[]", "null", "\"x\"", "", "{\"a\":", "{} x", "{\"a\":tru}"] {
            assert!(read(body).is_err(), "{body}");
        }
        assert_eq!(read("{\n\"a\": x}").unwrap_err(), NotAnObject { line: 2, column: 6 });
    }

    #[test]
    fn reading_ends_at_the_first_bound() {
        let long = "n".repeat(LONGEST_NAME + 1);
        let many = format!("{{\"{}\":[{}1]}}", "n".repeat(500), "1,".repeat(300_000));
        for (body, excess) in [(format!("{{\"{long}\":1}}"), Excess::Name), (many, Excess::Count)] {
            let mut params = Params::default();
            params.push_json(body.as_bytes()).unwrap();
            assert_eq!(params.excess(), Some(excess));
            assert!(params.weight() < 2 << 20);
        }
    }
}
