//! docs/commands.md, the one reference for what timelines, rules, the control API and the command line can do to a world.

use crate::support::live::Live;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const HEAD: &str = "# Commands

A command changes a world from outside of its APIs.
The words of a command are the same wherever it is written:

- in the `timeline` of a scenario: `{at: +1h, do: {disableKey: {user: ci}}}`
- in a rule, as `change` or `then`
- in a call of the control API: `POST /worlds/{w}/commands`, or the call that is named below, whose body is the fields alone
- on the command line: `alimock do disableKey user=ci`

Every command about an account also takes `account`, its UID or name; by default it is the first account that is not a partner.
A call that has the account in its path leaves it out.
A field is optional unless its value says \"required\".

`UPDATE_DOCS=1 cargo test --test it command_reference` writes this page from the types that read the commands.
";

/// The schema that a reference leads to; of an optional value, the schema of the value.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(path) = schema["$ref"].as_str() {
        return resolved(document, document.pointer(path.trim_start_matches('#')).unwrap());
    }
    let ways = schema["anyOf"].as_array();
    let way = ways.and_then(|ways| ways.iter().find(|one| one["type"] != "null"));
    way.map_or(schema, |way| resolved(document, way))
}

/// The values that a schema allows, in words.
fn values(document: &Value, schema: &Value) -> String {
    let schema = resolved(document, schema);
    let words = |list: &[Value], key: &str| -> Vec<String> {
        let word =
            |one: &Value| format!("`{}`", if key.is_empty() { one } else { &one[key] }.as_str().unwrap());
        list.iter().map(word).collect()
    };
    if let Some(list) = schema["enum"].as_array() {
        return words(list, "").join(", ");
    }
    if let Some(list) = schema["oneOf"].as_array() {
        return list.iter().map(|one| values(document, one)).collect::<Vec<_>>().join(", ");
    }
    if let Some(word) = schema["const"].as_str() {
        return format!("`{word}`");
    }
    let kind = schema["type"].as_array().map_or(&schema["type"], |kinds| &kinds[0]);
    let example = schema["examples"][0].as_str().map(|example| format!(", such as `{example}`"));
    match kind.as_str().unwrap_or("any") {
        "array" => format!("a list of {}", values(document, &schema["items"])),
        "object" if schema["properties"].is_object() => {
            let fields: Vec<_> =
                schema["properties"].as_object().unwrap().keys().map(|name| format!("`{name}`")).collect();
            format!("fields: {}", fields.join(", "))
        }
        "object" => "fields of any names".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "string" if schema["format"] == "span" => "a span, such as `30m`".to_owned(),
        "string" if schema["format"] == "moment" => "a time or a span".to_owned(),
        "string" => format!("a text{}", example.unwrap_or_default()),
        "integer" => "a whole number".to_owned(),
        "number" => "a number".to_owned(),
        other => other.to_owned(),
    }
}

/// The call of the control API whose body is these fields.
fn call_of(calls: &Value, type_name: &str) -> Option<String> {
    let wanted = format!("#/components/schemas/{}", type_name.strip_suffix("Of").unwrap_or(type_name));
    let paths = calls["paths"].as_object().unwrap();
    paths.iter().find_map(|(path, methods)| {
        let (method, _) = methods.as_object().unwrap().iter().find(|(_, call)| {
            call["requestBody"]["content"]["application/json"]["schema"]["$ref"] == wanted.as_str()
        })?;
        Some(format!("{} {}", method.to_uppercase(), path.replace("{world}", "{w}")))
    })
}

fn page(schema: &Value, calls: &Value) -> String {
    let mut page = HEAD.to_owned();
    let commands = schema["$defs"]["Command"]["oneOf"].as_array().unwrap();
    assert!(commands.len() > 40, "{} commands", commands.len());
    for command in commands {
        let (name, words) = command["properties"].as_object().unwrap().iter().next().unwrap();
        let says = command["description"].as_str().unwrap();
        write!(page, "\n## {name}\n\n{says}\n").unwrap();
        let type_name = words["$ref"].as_str().unwrap_or_default().rsplit('/').next().unwrap();
        if let Some(call) = call_of(calls, type_name).filter(|_| name != "setInstance") {
            write!(page, "\nControl API: `{call}`\n").unwrap();
        }
        let words = resolved(schema, words);
        let required = words["required"].as_array().map_or(&[][..], |all| all);
        let fields = words["properties"].as_object().unwrap();
        let fields: Vec<_> = fields.iter().filter(|(field, _)| *field != "account").collect();
        if !fields.is_empty() {
            page.push_str("\n| field | value | meaning |\n| --- | --- | --- |\n");
        }
        for (field, about) in fields {
            let is_required = required.iter().any(|one| one == field.as_str());
            let needed = if is_required { "; required" } else { "" };
            let about_it = about["description"].as_str().unwrap_or_default();
            let meaning =
                about_it.split("Source:").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(page, "| `{field}` | {}{needed} | {meaning} |", values(schema, about)).unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_commands_is_current() {
    let live = Live::start();
    let (_, schema) = live.control("GET", "/schema/scenario.json", "");
    let (_, calls) = live.control("GET", "/openapi.json", "");
    let page = page(&schema, &calls);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "UPDATE_DOCS=1 cargo test --test it command_reference writes docs/commands.md anew"
    );
    let wide = page.lines().flat_map(|line| line.split(" | ")).find(|cell| cell.chars().count() > 200);
    assert_eq!(wide, None, "a cell of docs/commands.md has more than 200 characters");
}
