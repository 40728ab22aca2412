//! JSON Schema of scenario files, for completion and checks in editors. A test generates it from the types of the
//! files. The program contains the finished document, because the generator is larger.

use crate::packed::{SCHEMA, unpacked};
use crate::text::written::described;
use crate::text::{Moment, Network, Span};
use crate::world::faults::{Rate, Stale};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Returns the schema as indented JSON.
pub fn text() -> String {
    unpacked(SCHEMA)
}

/// Returns the schema for checks of files.
pub(super) fn of_file() -> &'static Value {
    static OF_FILE: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(&text()).expect("a test has written it"));
    &OF_FILE
}

/// Description of a word of scenario files.
pub(crate) struct Described {
    pub(crate) text: &'static str,
    /// Fields, or allowed values: name, description, default.
    pub(crate) fields: Vec<(&'static str, &'static str, String)>,
}

/// Returns the description of a word of scenario files. Descriptions omit notes about sources.
pub(crate) fn described_word(word: &str) -> Described {
    let schema = of_file();
    let inner = |value: &'static Value| {
        let path = value["$ref"].as_str().or_else(|| value["items"]["$ref"].as_str());
        let path = path.or_else(|| value["anyOf"][0]["$ref"].as_str());
        path.and_then(|path| schema.pointer(path.trim_start_matches('#')))
    };
    let own = &schema["properties"][word];
    let text = |value: &'static Value| {
        let text = value["description"].as_str().unwrap_or_default();
        let notes = ["Source:", "UNCERTAIN", "INFERRED"];
        notes.iter().fold(text, |text, note| text.split(note).next().unwrap_or_default()).trim()
    };
    let found = inner(own).unwrap_or(own);
    let fields = found["properties"].as_object().into_iter().flatten();
    let fields = fields.map(|(name, field)| {
        let default = field.get("default").map(ToString::to_string).unwrap_or_default();
        (name.as_str(), text(field), default)
    });
    let values = found["oneOf"].as_array().into_iter().flatten();
    let values = values.filter_map(|one| Some((one["const"].as_str()?, text(one), String::new())));
    let own = if text(own).is_empty() { found } else { own };
    Described { text: text(own), fields: fields.chain(values).collect() }
}

described! {
    Span: "span", "1s", "A span of time: 2s, 1h30m, -20m", Some(r"^[+-]?[0-9]");
    Rate: "rate", "1/s", "So many calls in so long: 5/s, 100/m", Some(r"^[1-9][0-9]*/[sm]$");
    Network: "network", "10.0.0.0/8", "An address or a CIDR block: 10.0.0.1, 10.0.0.0/8, 2001:db8::/32", Some(r"^[0-9a-fA-F:.]+(/[0-9]+)?$");
    Moment: "moment", "+1s", "A time, 2026-01-01T00:00:00Z, or a span from the start, +10s", Some(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T|[+-]?[0-9])");
}

impl JsonSchema for Stale {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Stale".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "So many changes ago: 1, or so long: 5s",
            "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[0-9]"}],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::OPENAPI;
    use crate::scenario::file::File;
    use crate::scenario::problem::{NotAScenario, Problems};
    use crate::scenario::{shape, tree};

    /// Run with UPDATE_DOCS=1 to regenerate it.
    #[test]
    fn the_schema_in_the_repository_is_current() {
        let mut schema = schemars::schema_for!(File);
        schema.insert("title".to_owned(), "alimock scenario".into());
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/alimock.schema.json");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == schema, "UPDATE_DOCS=1 writes alimock.schema.json anew");
    }

    #[test]
    fn it_knows_every_word_of_a_rule_and_nothing_else() {
        let schema = of_file();
        let rule = &schema["$defs"]["Rule"];
        let words: Vec<_> = rule["properties"].as_object().unwrap().keys().collect();
        assert_eq!(words, ["do", "enabled", "match", "name", "when"]);
        assert_eq!(rule["additionalProperties"], false);
        assert_eq!(schema["properties"]["faults"]["items"]["$ref"], "#/$defs/Rule");
    }

    /// Returns the words that a schema allows, through references and alternatives.
    fn words<'s>(document: &'s Value, schema: &'s Value) -> Vec<&'s str> {
        if let Some(path) = schema["$ref"].as_str() {
            return words(document, document.pointer(path.trim_start_matches('#')).unwrap());
        }
        let ways = ["anyOf", "oneOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten();
        let inner = ways.flat_map(|one| words(document, one));
        let own = schema["enum"].as_array().into_iter().flatten().chain(schema.get("const"));
        own.filter_map(Value::as_str).chain(inner).collect()
    }

    fn each_schema<'s>(value: &'s Value, found: &mut Vec<&'s Value>) {
        match value {
            Value::Object(fields) => {
                found.push(value);
                fields.values().for_each(|inner| each_schema(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| each_schema(inner, found)),
            _ => {}
        }
    }

    /// Files, the control API, commands and `alimock do` are all checked by these two documents.
    #[test]
    fn a_wrong_word_is_answered_with_every_value_of_a_closed_list() {
        for text in [text(), unpacked(OPENAPI)] {
            let document: Value = serde_json::from_str(&text).unwrap();
            let (mut schemas, mut lists) = (Vec::new(), 0);
            each_schema(&document, &mut schemas);
            for schema in schemas {
                let values = words(&document, schema);
                let Some(first) = values.first() else { continue };
                for wrong in ["xyzzy".to_owned(), format!("{first}x"), format!("x{}", &first[1..])] {
                    let mut node = tree::read(&wrong, &mut Problems::default()).unwrap();
                    let found = shape::check(&mut node, (&document, schema), "the value");
                    let said = NotAScenario::new(&wrong, found.problems).brief().join("\n");
                    for value in &values {
                        assert!(
                            said.contains(&format!("`{value}`")),
                            "{wrong}: {said} lacks {value}: {schema}"
                        );
                    }
                }
                lists += 1;
            }
            assert!(lists > 100, "{lists}");
        }
    }

    #[test]
    fn a_type_of_document_has_synonyms_and_a_wrong_one_is_answered_with_the_list() {
        use crate::world::account::DocumentType;
        let read = |text: &str| serde_json::from_value::<DocumentType>(text.into());
        for (text, code) in [
            ("id-card", "id_card"),
            ("idcard", "id_card"),
            ("ID_CARD", "id_card"),
            ("0", "0"),
            ("Passport", "passport"),
            ("driving-license", "driving_licence"),
            ("business-license", "business_licence"),
            ("enterprise", "business_licence"),
            ("9", "9"),
            ("organization code", "12"),
            ("public_institution", "13"),
        ] {
            assert_eq!(read(text).unwrap().code(), code);
        }
        let why = read("library card").unwrap_err().to_string();
        for part in
            ["`library card`", "`0`", "`id_card`", "`passport`", "`business_licence`", "(`12`)", "(`13`)"]
        {
            assert!(why.contains(part), "{why}");
        }
    }
}
