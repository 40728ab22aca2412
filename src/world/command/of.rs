//! Commands about one account: their fields, and the account.

use crate::text::Uid;
use crate::world::Tx;
use crate::world::command::{Done, account_named};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A change to an account. Scenario files, control API and command line use the fields of the type.
pub trait Act {
    /// Result for the caller.
    type Given;

    /// Changes the account.
    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Self::Given>;

    /// Describes the change in a sentence.
    fn describe(&self, uid: Uid, given: &Self::Given) -> String;
}

/// Fields of a command, with `account`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Of<T> {
    /// UID or name of the account, or `account/user` for a command that takes a user; by default the first account that is not a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The fields.
    #[serde(flatten)]
    pub words: T,
}

impl<T> Of<T> {
    /// Returns the account of the command.
    pub(super) fn uid(&self, tx: &Tx<'_>) -> Done<Uid> {
        Ok(account_named(self.account.as_deref(), tx.state())?.uid)
    }

    /// Changes the account and describes the result.
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done
    where
        T: Act,
    {
        let uid = self.uid(tx)?;
        let given = self.words.act(uid, tx)?;
        Ok(self.words.describe(uid, &given))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Of<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_map(Fields(PhantomData))
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = Of<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fields of a command")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Of<T>, A::Error> {
        let (mut account, mut user) = (None, None);
        let others = Others { map, account: &mut account, user: &mut user };
        let words = T::deserialize(MapAccessDeserializer::new(others))?;
        Ok(Of { account, words })
    }
}

/// All fields except `account`, which is kept aside. The flattening of serde would lose the positions of errors. The user in `account/user`
/// is the field `user`.
struct Others<'a, A> {
    map: A,
    account: &'a mut Option<String>,
    user: &'a mut Option<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Others<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.map.next_key::<String>()? {
            if name != "account" {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
            if self.account.is_some() {
                return Err(A::Error::duplicate_field("account"));
            }
            *self.account = self.map.next_value()?;
        }
        // The map has ended.
        let split = self.account.as_ref().and_then(|named| named.split_once('/'));
        if let Some((account, user)) = split.map(|(account, user)| (account.to_owned(), user.to_owned())) {
            (*self.account, *self.user) = (Some(account), Some(user));
            return seed.deserialize("user".into_deserializer()).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.user.take() {
            Some(user) => seed.deserialize(Text(user)).map_err(A::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// A text that is read as a value or as an optional one.
struct Text(String);

impl<'de> Deserializer<'de> for Text {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<T: JsonSchema> JsonSchema for Of<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Of", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let account = json_schema!({
            "description": "UID or name of the account, or account/user for a command that takes a user; by default the first account that is not a partner.",
            "type": ["string", "null"],
        });
        if schema.get("properties").is_none() {
            schema.insert("properties".to_owned(), json_schema!({}).to_value());
        }
        if let Some(fields) = schema.get_mut("properties").and_then(|fields| fields.as_object_mut()) {
            fields.insert("account".to_owned(), account.to_value());
        }
        schema
    }
}
