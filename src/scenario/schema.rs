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
    use crate::scenario::file::File;

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
}
