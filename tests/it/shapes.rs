//! Replies have the fields that the official SDKs read: none missing, none extra, of the right types.
//!
//! Source: facts/api/*.json (from the SDK packages), kept in tests/data/shapes.json for the operations that run.

use crate::support::{Actor, Lab, Reply};
use serde_json::Value;

/// Fields that are absent by documented rule: a marker while nothing follows, the ids of other kinds of callers.
const OPTIONAL: [&str; 2] = ["ListUsers.Marker", "GetCallerIdentity.RoleId"];

fn shapes() -> Value {
    serde_json::from_str(include_str!("../data/shapes.json")).unwrap()
}

#[track_caller]
fn fits(value: &Value, shape: &Value, at: &str) {
    match (value, shape) {
        (Value::Object(fields), Value::Object(shapes)) => {
            for (name, value) in fields {
                let shape = shapes.get(name).unwrap_or_else(|| panic!("{at}.{name} is extra"));
                fits(value, shape, &format!("{at}.{name}"));
            }
            for name in shapes.keys().filter(|name| !OPTIONAL.contains(&format!("{at}.{name}").as_str())) {
                assert!(fields.contains_key(name), "{at}.{name} is missing");
            }
        }
        (Value::Array(items), Value::Array(shape)) => {
            assert!(!items.is_empty(), "{at}: an empty list shows nothing");
            for item in items {
                fits(item, &shape[0], &format!("{at}[]"));
            }
        }
        (Value::String(_), Value::String(kind)) => assert_eq!(kind, "string", "{at}"),
        (Value::Bool(_), Value::String(kind)) => assert_eq!(kind, "boolean", "{at}"),
        (Value::Number(_), Value::String(kind)) => assert_eq!(kind, "integer", "{at}"),
        _ => panic!("{at}: {value} does not fit {shape}"),
    }
}

/// Calls every operation that has a shape, in an order in which all succeed.
fn every_call(root: &Actor) -> Vec<(&'static str, &'static str, Reply)> {
    let (ram, ims) = ("2015-05-01", "2019-08-15");
    let upn = format!("alice@{}.onaliyun.com", root.lab.uid("demo"));
    let call =
        |version, action, params: &[(&str, &str)]| (version, action, root.call(version, action, params));
    let mut all = vec![call("2015-04-01", "GetCallerIdentity", &[])];
    all.push(call(ram, "CreateUser", &[("UserName", "alice")]));
    all.push(call(ram, "GetUser", &[("UserName", "alice")]));
    all.push(call(ram, "UpdateUser", &[("UserName", "alice"), ("NewComments", "x")]));
    all.push(call(ram, "ListUsers", &[]));
    for (version, name, value) in [(ram, "UserName", "alice"), (ims, "UserPrincipalName", upn.as_str())] {
        let made = call(version, "CreateAccessKey", &[(name, value)]);
        let key = made.2.ok()["AccessKey"]["AccessKeyId"].as_str().unwrap().to_owned();
        let of_key = [(name, value), ("UserAccessKeyId", key.as_str())];
        all.push(made);
        all.push(call(version, "ListAccessKeys", &[(name, value)]));
        all.push(call(version, "UpdateAccessKey", &[of_key[0], of_key[1], ("Status", "Inactive")]));
        all.push(call(version, "GetAccessKeyLastUsed", &of_key));
        all.push(call(version, "DeleteAccessKey", &of_key));
    }
    all.push(call(ram, "DeleteUser", &[("UserName", "alice")]));
    all
}

#[test]
fn every_reply_of_ram_ims_and_sts_has_the_shape_its_sdk_reads() {
    let shapes = shapes();
    let mut seen = 0;
    for (version, action, reply) in every_call(&Lab::new().root("demo")) {
        fits(&reply.ok(), &shapes[version][action], action);
        seen += 1;
    }
    assert_eq!(seen, 16);
}

#[test]
fn xml_holds_the_same_values_as_json() {
    let json = every_call(&Lab::new().root("demo"));
    let xml = every_xml_call();
    assert_eq!(json.len(), xml.len());
    for ((_, action, json), xml) in json.iter().zip(&xml) {
        let start = format!("<?xml version='1.0' encoding='UTF-8'?><{action}Response>");
        assert!(xml.starts_with(&start) && xml.ends_with(&format!("</{action}Response>")), "{xml}");
        let sorted = |mut leaves: Vec<String>| {
            leaves.sort();
            leaves
        };
        assert_eq!(
            sorted(leaves_of_xml(&xml[start.len()..])),
            sorted(leaves_of_json(&json.ok())),
            "{action}"
        );
    }
}

fn every_xml_call() -> Vec<String> {
    let lab = Lab::new();
    // The replies of CreateAccessKey are read as JSON on the way, so each call is made twice, in worlds of the same seed.
    let json = lab.root("demo");
    let script: Vec<_> = lab_script(&json);
    let lab = Lab::new();
    let root = lab.root("demo").in_xml();
    script
        .iter()
        .map(|(version, action, params)| {
            let params: Vec<_> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let reply = root.call(version, action, &params);
            assert_eq!(reply.status, 200, "{}", reply.body);
            reply.body
        })
        .collect()
}

/// Version, action and parameters of a call.
type Sent = (String, String, Vec<(String, String)>);

/// What `every_call` sent, read back from the journal.
fn lab_script(root: &Actor) -> Vec<Sent> {
    let _ = every_call(root);
    let records = root.lab.world().journal.read(0, usize::MAX, |_| true);
    let of = |record: &alimock::world::journal::Record| {
        let own = record.params.iter();
        (
            record.version.to_string(),
            record.action.to_string(),
            own.map(|(n, v, _)| (n.to_owned(), v.to_owned())).collect(),
        )
    };
    records.iter().map(|record| of(record)).collect()
}

fn leaves_of_json(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields.values().flat_map(leaves_of_json).collect(),
        Value::Array(items) => items.iter().flat_map(leaves_of_json).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// The texts between tags; `<a/>` is an empty one.
fn leaves_of_xml(xml: &str) -> Vec<String> {
    let mut leaves = Vec::new();
    let mut rest = xml;
    while let Some((before, tag)) = rest.split_once('<') {
        let (name, after) = tag.split_once('>').unwrap();
        if name.ends_with('/') {
            leaves.push(String::new());
        } else if name.starts_with('/') && !before.is_empty() {
            leaves.push(before.to_owned());
        }
        rest = after;
    }
    leaves
}
