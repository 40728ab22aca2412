//! The control API as OpenAPI 3.1. A test generates the document from the table of calls. The server contains the
//! finished document, because the generator is larger.

use crate::packed::{OPENAPI, unpacked};
use axum::response::{IntoResponse, Response};
use http::header;
use schemars::JsonSchema;
use serde_json::Value;
use std::sync::LazyLock;

pub(super) fn show() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], unpacked(OPENAPI)).into_response()
}

/// Returns method, path and summary of every call.
pub(crate) fn calls() -> Vec<[String; 3]> {
    let document: Value = serde_json::from_str(&unpacked(OPENAPI)).expect("a test has written it");
    let paths = document["paths"].as_object().into_iter().flatten();
    let of_path = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().into_iter().flatten();
        let call = |(method, call): (&String, &Value)| {
            [method.to_uppercase(), path.clone(), call["summary"].as_str().unwrap_or_default().to_owned()]
        };
        methods.map(call).collect::<Vec<_>>()
    };
    paths.flat_map(of_path).collect()
}

/// Returns the document, and in it the schema of a request type.
pub(super) fn schema<T: JsonSchema>() -> (&'static Value, &'static Value) {
    static READ: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(&unpacked(OPENAPI)).expect("a test has written it"));
    let schema = READ["components"]["schemas"].get(&*T::schema_name());
    (&READ, schema.expect("the document has what every call is sent"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Refused;
    use crate::control::guard::OPEN;
    use crate::control::routes::{self, Body, Reply, Route, Shape};
    use schemars::SchemaGenerator;
    use schemars::generate::SchemaSettings;
    use serde_json::{Map, json};

    /// Run with UPDATE_DOCS=1 to regenerate it.
    #[test]
    fn the_document_in_the_repository_is_current() {
        let drawn = document().to_string() + "\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/control/openapi.json");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &drawn).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == drawn, "UPDATE_DOCS=1 writes src/control/openapi.json anew");
    }

    fn document() -> Value {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        let mut schemas = settings.into_generator();
        let error = schemas.subschema_for::<Refused>();
        let mut paths: Map<String, Value> = Map::new();
        for route in routes::all() {
            let method = route.described.method.as_str().to_lowercase();
            paths.entry(route.path).or_insert_with(|| json!({}))[method] = operation(&route, &mut schemas);
        }
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "alimock control API",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "Drives the worlds of an emulator of Alibaba Cloud's account plane. A server that listens beyond loopback requires a token. Without a token, calls with a foreign `Origin` or `Host` are rejected.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/_alimock"}],
            // The empty entry: a server on loopback requires no token.
            "security": [{"controlToken": []}, {}],
            "paths": paths,
            "components": {
                "securitySchemes": {
                    "controlToken": {"type": "http", "scheme": "bearer", "description": "The value of `--control-token`, or the generated token that the server printed at its start"},
                },
                "schemas": schemas.take_definitions(true),
                "responses": {
                    "Error": {"description": "Error", "content": {"application/json": {"schema": error}}},
                },
            },
        })
    }

    fn operation(route: &Route, schemas: &mut SchemaGenerator) -> Value {
        let in_path = path_parameters(route.path)
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
        let in_query =
            route.described.query.map(|query| query_parameters(query, schemas)).unwrap_or_default();
        let parameters: Vec<_> = in_path.chain(in_query).collect();
        let mut operation = json!({
            "operationId": route.described.name,
            "summary": route.described.says,
            "tags": [tag(route.path)],
            "parameters": parameters,
            "responses": {
                route.described.reply.status.to_string(): reply(route.described.reply),
                "default": {"$ref": "#/components/responses/Error"},
            },
        });
        if OPEN.contains(&route.path) || route.path.contains("{token}") {
            operation["security"] = json!([]);
        }
        match &route.described.body {
            None => {}
            Some(Body::Json(shape, reference)) => {
                let is_required = shape(schemas).get("required").is_some();
                let content = json!({"application/json": {"schema": reference(schemas)}});
                operation["requestBody"] = json!({"required": is_required, "content": content});
            }
            Some(Body::Scenario) => {
                let schema = json!({"type": "object", "description": "A scenario; its schema is at /schema/scenario.json"});
                let content =
                    json!({"application/yaml": {"schema": schema}, "application/json": {"schema": schema}});
                operation["requestBody"] = json!({"required": false, "content": content});
            }
        }
        operation
    }

    /// Returns the names in braces.
    fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
        path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Returns the fields of a query as parameters.
    fn query_parameters(query: Shape, schemas: &mut SchemaGenerator) -> Vec<Value> {
        let schema = query(schemas).to_value();
        let required = |name: &str| {
            schema["required"].as_array().is_some_and(|required| required.iter().any(|one| one == name))
        };
        let one = |(name, schema): (&String, &Value)| {
            let mut schema = schema.clone();
            // Optional fields are never null.
            if let Some(kinds) = schema["type"].as_array() {
                schema["type"] = kinds[0].clone();
            }
            json!({"name": name, "in": "query", "required": required(name), "schema": schema})
        };
        schema["properties"].as_object().into_iter().flatten().map(one).collect()
    }

    /// Returns the subject of a call: the first word after its world, or its first word.
    fn tag(path: &str) -> &str {
        let words = path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{'));
        let mut words = words.peekable();
        let first = words.next().unwrap_or_default();
        if first == "worlds" { words.next().unwrap_or(first) } else { "server" }
    }

    fn reply(Reply { status, kinds }: Reply) -> Value {
        let says = match status {
            201 => "Created",
            202 => "Accepted",
            204 => "Done",
            _ => "The result",
        };
        let content: Map<_, _> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
        if content.is_empty() {
            json!({"description": says})
        } else {
            json!({"description": says, "content": content})
        }
    }
}
