//! The control API described for programs.

use crate::support::live::Live;
use alimock::Scenario;
use serde_json::Value;
use std::collections::BTreeSet;

fn document() -> Value {
    let (status, document) = Live::start().control("GET", "/openapi.json", "");
    assert_eq!(status, 200);
    document
}

/// All operations: path, method, operation.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, operations)| {
        let operations = operations.as_object().unwrap().iter();
        operations.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Every `$ref` below a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_resolves_and_every_schema_is_used() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);

    for reference in &found {
        let pointer = reference.strip_prefix('#').expect("references stay in the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(found.contains(&format!("#/components/schemas/{name}").as_str()), "nobody uses {name}");
        assert!(!name.ends_with(|c: char| c.is_ascii_digit()), "two types are called {name}");
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_declares_its_parameters() {
    let document = document();
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{method} {path}");
        let braces = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let parameters = operation["parameters"].as_array().unwrap();
        let declared = parameters.iter().filter(|one| one["in"] == "path" && one["required"] == true);
        let declared: Vec<_> = declared.map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(declared, braces.collect::<Vec<_>>(), "{method} {path}");
        assert!(parameters.iter().all(|one| one["schema"]["type"].is_string()), "{method} {path}");
        assert!(operation["responses"]["default"]["$ref"].is_string(), "{method} {path}");
        assert_eq!(operation["responses"].as_object().unwrap().len(), 2, "{method} {path}");
        assert!(method != "get" || operation.get("requestBody").is_none(), "{method} {path}");
    }
    assert!(names.len() > 40, "{names:?}");
}

#[test]
fn queries_and_bodies_are_described() {
    let document = document();
    let make = &document["paths"]["/worlds"]["post"];
    let names: Vec<_> =
        make["parameters"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["as", "listen", "name", "scenario", "slug"]);
    assert!(make["requestBody"]["content"]["application/yaml"].is_object());
    let rule = &document["paths"]["/worlds/{world}/faults"]["post"]["requestBody"];
    assert_eq!(rule["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Rule");
    assert_eq!(rule["required"], true);
    let words = &document["components"]["schemas"]["Error"]["properties"]["error"];
    assert_eq!(words["$ref"], "#/components/schemas/Reason");
}

/// A world in which whatever can be asked for is there.
const FULL: &str = "
accounts: [{name: demo, oidcProviders: [{name: idp, clientIds: [a]}], roles: [{name: app, trust: {Federated: [oidc-provider/idp]}}]}]
instance: {account: demo}
";

#[test]
fn what_is_described_answers_as_described() {
    let live = Live::with_scenario(Scenario::parse(FULL).unwrap());
    let (_, document) = live.control("GET", "/openapi.json", "");
    for (path, method, operation) in operations(&document).filter(|(_, method, _)| *method == "get") {
        if operation["responses"]["200"]["content"].get("text/event-stream").is_some() {
            // It has no end.
            continue;
        }
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let needed = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
        let query: String =
            needed.map(|one| format!("?{}=demo/app", one["name"].as_str().unwrap())).collect();
        let real = path.replace("{world}", "default") + &query;
        let (status, answer) = live.control(&method.to_uppercase(), &real, "");
        let expected = operation["responses"].get(status.to_string()).is_some();
        assert!(
            expected
                || (path.contains("{account}") || path.contains("{id}")) && status == 404
                || path.contains("{token}") && status == 401,
            "{path}: {status} {answer}"
        );
    }
}

#[test]
fn what_needs_the_token_is_said() {
    let document = document();
    let scheme = &document["components"]["securitySchemes"]["controlToken"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&"http".into(), &"bearer".into()));
    assert_eq!(document["security"][0]["controlToken"], serde_json::json!([]));
    let open: BTreeSet<_> = operations(&document)
        .filter(|(_, _, operation)| {
            operation.get("security").is_some_and(|security| security == &serde_json::json!([]))
        })
        .map(|(path, _, _)| path)
        .collect();
    let expected = ["/ca.pem", "/health", "/ready", "/version", "/worlds/{world}/credentials/{token}"];
    assert_eq!(open.into_iter().collect::<Vec<_>>(), expected);
}

/// Bodies are read by their schemas, which src/scenario/schema.rs tests; a query is read otherwise.
#[test]
fn a_wrong_word_in_a_query_is_answered_with_the_list() {
    let live = Live::start();
    for (method, call, values) in [
        ("GET", "outbox?channel=xyzzy", &["sms", "email", "bank"][..]),
        ("GET", "export?format=xyzzy", &["yaml", "json"]),
        ("GET", "diff?format=xyzzy", &["json", "text"]),
        ("POST", "reset?to=xyzzy", &["seed", "empty"]),
    ] {
        let (status, answer) = live.control(method, &format!("/worlds/default/{call}"), "");
        let said = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{call}: {said}");
        assert!(values.iter().all(|value| said.contains(&format!("`{value}`"))), "{call}: {said}");
    }
}
