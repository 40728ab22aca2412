//! Files of `tests/data/api` have the keys that their README describes, and no others.

use crate::support::api::PRODUCTS;
use serde_json::{Map, Value};

const PRODUCT: &[&str] = &[
    "product",
    "version",
    "style",
    "sdk",
    "endpoint_rule",
    "endpoints",
    "selection",
    "only_in_metadata",
    "only_in_sdk",
    "actions",
];
const ACTION: &[&str] =
    &["methods", "sdk_method", "auth", "deprecated", "params", "response", "response_notes", "errors"];
const PARAMETER: &[&str] = &[
    "name",
    "in",
    "type",
    "items",
    "shape",
    "encoding",
    "required",
    "required_docs",
    "min_length",
    "max_length",
    "length_unit",
    "pattern",
    "minimum",
    "maximum",
    "default",
    "enum",
    "max_items",
    "maximum_from",
    "separator",
    "format",
    "absent_in_sdk",
    "absent_in_metadata",
    "meta_type",
];
const SCALARS: &[&str] = &["string", "integer", "number", "boolean", "any", "binary"];

#[track_caller]
fn has_keys(of: &Map<String, Value>, required: &[&str], known: &[&str], at: &str) {
    for name in required {
        assert!(of.contains_key(*name), "{at} lacks `{name}`");
    }
    for name in of.keys() {
        let of_an_item = name.strip_prefix("item_").unwrap_or(name);
        assert!(known.contains(&of_an_item), "{at}: the README does not describe `{name}`");
    }
}

/// Fails unless `tree` is an object, a list of one tree, or the name of a scalar type.
#[track_caller]
fn is_a_tree(tree: &Value, at: &str) {
    match tree {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, tree)| is_a_tree(tree, &format!("{at}.{name}")));
        }
        Value::Array(items) => {
            assert_eq!(items.len(), 1, "{at} is a list of one tree");
            is_a_tree(&items[0], &format!("{at}[]"));
        }
        kind => assert!(kind.as_str().is_some_and(|kind| SCALARS.contains(&kind)), "{at}: {kind}"),
    }
}

#[test]
fn every_file_of_api_shapes_has_the_documented_keys() {
    let mut parameters = 0;
    for product in PRODUCTS.values() {
        let name = product["sdk"].as_str().expect("the package is text");
        has_keys(product, &["product", "version", "style", "sdk", "actions"], PRODUCT, name);
        for (action, of) in product["actions"].as_object().expect("actions are an object") {
            let at = format!("{name}: {action}");
            let of = of.as_object().expect("an action is an object");
            has_keys(of, &["params", "response"], ACTION, &at);
            is_a_tree(&of["response"], &at);
            for parameter in of["params"].as_array().expect("parameters are a list") {
                let at = format!("{at}: {}", parameter["name"]);
                let of = parameter.as_object().expect("a parameter is an object");
                has_keys(of, &["name", "in", "type"], PARAMETER, &at);
                assert!(["query", "body", "header"].map(Value::from).contains(&of["in"]), "{at}");
                ["items", "shape"]
                    .iter()
                    .filter_map(|key| of.get(*key))
                    .for_each(|tree| is_a_tree(tree, &at));
                parameters += 1;
            }
        }
    }
    assert_eq!(PRODUCTS.len(), 9);
    assert!(parameters > 2000, "{parameters}");
}
