//! Responses and required parameters of operations, as the official SDK packages declare them.
//!
//! Source: `tests/data/api/*.json`; its README says how they are made. `tests/data/shapes.json` adds the
//! responses that those files lack: Aas, Crm, Agency and two billing actions. It also overrides
//! `DeleteCustomerLabel`, whose class in the SDK lacks the `RequestId` of every response.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The files of `tests/data/api` by the version of their product.
pub static PRODUCTS: LazyLock<BTreeMap<String, Map<String, Value>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/api");
    let paths = fs::read_dir(folder).expect("tests/data/api exists").map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let product: Map<String, Value> =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (product["version"].as_str().expect("a version is text").to_owned(), product)
        })
        .collect()
});

static MORE: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/shapes.json")).expect("tests/data/shapes.json is JSON")
});

/// The shape of the response to an action.
#[track_caller]
pub fn response(version: &str, action: &str) -> &'static Value {
    let more = MORE.get(version).and_then(|actions| actions.get(action));
    let declared = || PRODUCTS.get(version)?.get("actions")?.get(action)?.get("response");
    more.or_else(declared).unwrap_or_else(|| panic!("{version} {action}: no shape in tests/data"))
}

/// The names of the parameters that an action requires.
#[track_caller]
pub fn required(version: &str, action: &str) -> Vec<&'static str> {
    let params = PRODUCTS[version]["actions"][action]["params"].as_array().expect("parameters are a list");
    let required = params.iter().filter(|param| param.get("required").is_some_and(|value| *value == true));
    required.filter_map(|param| param["name"].as_str()).collect()
}
