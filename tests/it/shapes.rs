//! Answers have the fields that the official SDKs read: none missing, none extra, of the right types, the same in both formats.
//!
//! Source: the SDK packages, as `support::api` reads them. The answers are those of the walks, `walks/*.yaml`, which together
//! reach every operation of their products.

use crate::codes::{here, read_yaml};
use crate::support::steps::{Call, Play, Step};
use crate::support::xml::{self, Element};
use crate::support::{Lab, Reply, api, policy_document};
use alimock::services;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A walk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    #[serde(skip)]
    pub file: String,
    /// Products whose operations it takes; other walks may take the rest of them.
    pub products: Vec<String>,
    world: Map<String, Value>,
    absent: BTreeMap<String, String>,
    never: BTreeMap<String, String>,
    empty: BTreeMap<String, String>,
    steps: Vec<Value>,
}

impl Walk {
    /// All walks, by the names of their files.
    pub fn all() -> Vec<Self> {
        let entries = fs::read_dir(here("it/walks")).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<_> = entries.collect();
        paths.sort();
        let named = |path: &std::path::PathBuf| Self {
            file: path.file_name().unwrap().to_string_lossy().into_owned(),
            ..read_yaml(path)
        };
        paths.iter().map(named).collect()
    }

    /// A lab in which it can be taken.
    pub fn play(&self) -> Play {
        let lines: String = self.world.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        Play::new(Lab::with_scenario(&lines))
    }

    #[track_caller]
    pub fn steps(&self) -> Vec<Step> {
        self.steps
            .iter()
            .map(|step| Step::read(step).unwrap_or_else(|error| panic!("{}: {error}", self.file)))
            .collect()
    }

    /// Every call with its answer.
    #[track_caller]
    fn answers(&self, xml: bool) -> Vec<(Call, Reply)> {
        let mut play = self.play();
        play.xml = xml;
        let taken = self.steps().into_iter().map(|step| play.step(&step));
        taken.filter_map(|taken| taken.unwrap_or_else(|error| panic!("{}: {error}", self.file))).collect()
    }

    fn may_be_absent(&self, path: &str) -> bool {
        let anywhere = path.rsplit('.').next().map(|name| format!("*.{name}"));
        let never = self.never.contains_key(path);
        never
            || self.absent.contains_key(path)
            || anywhere.is_some_and(|name| self.absent.contains_key(&name))
    }
}

/// The shape of the answer to a call: of a refusal the gateway's.
fn shape_of(call: &Call, reply: &Reply) -> Value {
    if reply.status == 200 {
        return api::response(call.product.versions[0], &call.action).clone();
    }
    let detail = ["AuthAction", "AuthPrincipalDisplayName", "AuthPrincipalOwnerId", "AuthPrincipalType"];
    let detail = detail.into_iter().chain(["EncodedDiagnosticMessage", "NoPermissionType", "PolicyType"]);
    let detail: Map<_, _> = detail.map(|name| (name.to_owned(), "string".into())).collect();
    json!({
        "RequestId": "string", "HostId": "string", "Code": "string", "Message": "string", "Recommend": "string",
        "AccessDeniedDetail": detail,
    })
}

/// What a walk showed.
struct Shown<'a> {
    walk: &'a Walk,
    /// Every field that was there, lists with something in them.
    there: BTreeSet<String>,
    /// Every text that was filled.
    filled: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Shown<'_> {
    fn see(&mut self, value: &Value, shape: &Value, at: &str) {
        let fits = match (value, shape) {
            (Value::Object(fields), Value::Object(shapes)) => {
                for (name, shape) in shapes {
                    let path = format!("{at}.{name}");
                    match fields.get(name) {
                        Some(value) => self.see(value, shape, &path),
                        None if self.walk.may_be_absent(&path) => {}
                        None => self.wrong.push(format!("{path} is missing")),
                    }
                }
                let extra = fields.keys().filter(|name| !shapes.contains_key(*name));
                self.wrong.extend(extra.map(|name| format!("{at}.{name} is extra")));
                true
            }
            (Value::Array(items), Value::Array(shape)) => {
                for item in items {
                    self.see(item, &shape[0], &format!("{at}[]"));
                }
                true
            }
            (Value::String(text), Value::String(kind)) => {
                if !text.is_empty() {
                    self.filled.insert(at.to_owned());
                }
                kind == "string"
            }
            (Value::Bool(_), Value::String(kind)) => kind == "boolean",
            (Value::Number(_), Value::String(kind)) => kind == "integer",
            _ => false,
        };
        if !fits {
            self.wrong.push(format!("{at}: {value} is no {shape}"));
        }
        self.there.insert(at.to_owned());
    }
}

/// Every field of a shape, with whether it is a text.
fn fields(shape: &Value, at: &str, all: &mut Vec<(String, bool)>) {
    match shape {
        Value::Object(shapes) => {
            shapes.iter().for_each(|(name, shape)| fields(shape, &format!("{at}.{name}"), all));
        }
        Value::Array(shape) => fields(&shape[0], &format!("{at}[]"), all),
        kind => all.push((at.to_owned(), kind == "string")),
    }
}

#[test]
fn every_answer_has_the_shape_its_sdk_reads() {
    let wrong: Vec<_> = Walk::all().iter().flat_map(wrong_shapes).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The differences between the answers of a walk and their shapes.
fn wrong_shapes(walk: &Walk) -> Vec<String> {
    let mut shown = Shown { walk, there: BTreeSet::new(), filled: BTreeSet::new(), wrong: Vec::new() };
    let mut all = Vec::new();

    for (call, reply) in walk.answers(false) {
        let name = if reply.status == 200 { call.operation() } else { "Error".to_owned() };
        let shape = shape_of(&call, &reply);
        shown.see(&reply.json(), &shape, &name);
        fields(&shape, &name, &mut all);
    }

    let Shown { there, filled, mut wrong, .. } = shown;
    for (path, is_text) in all.into_iter().collect::<BTreeSet<_>>() {
        let never = walk.never.contains_key(&path);
        if there.contains(&path) == never {
            let word = if never { "there" } else { "never there" };
            wrong.push(format!("{path} was {word}"));
        } else if is_text && !never && filled.contains(&path) == walk.empty.contains_key(&path) {
            let word = if filled.contains(&path) { "filled" } else { "empty throughout" };
            wrong.push(format!("{path} was {word}"));
        }
    }
    wrong.into_iter().map(|one| format!("{}: {one}", walk.file)).collect()
}

#[test]
fn the_walks_reach_every_operation_of_their_products() {
    let walks = Walk::all();
    let answers = walks.iter().flat_map(|walk| walk.answers(false));
    let reached: BTreeSet<_> =
        answers.filter(|(_, reply)| reply.status == 200).map(|(call, _)| call.operation()).collect();
    let codes: BTreeSet<_> = walks.iter().flat_map(|walk| &walk.products).collect();

    let every = operations_of(|code| codes.iter().any(|one| *one == code));

    let missed: Vec<_> = every.difference(&reached).collect();
    assert!(missed.is_empty(), "{missed:?}");
    assert!(every.len() >= 78 + 94, "{}", every.len());
}

/// `Ram.CreateUser` of each operation of some products.
pub fn operations_of(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let products = services::products().iter().filter(|product| wanted(product.code));
    let names = products.flat_map(|product| product.operations().map(move |one| (product.code, one.name)));
    names.map(|(code, name)| format!("{code}.{name}")).collect()
}

#[test]
fn xml_holds_the_same_values_as_json_in_the_same_places() {
    let walks = Walk::all();
    let of_all = |xml| -> Vec<_> { walks.iter().flat_map(|walk| walk.answers(xml)).collect() };
    let (json, xml) = (of_all(false), of_all(true));
    assert_eq!(json.len(), xml.len());
    for ((call, json), (_, xml)) in json.iter().zip(&xml) {
        assert_eq!(json.status, xml.status, "{}", call.name);
        assert_eq!(xml.headers["content-type"], "text/xml;charset=utf-8");
        let root = if xml.status == 200 { format!("{}Response", call.action) } else { "Error".to_owned() };
        let document = xml::parse(&xml.body);
        assert_eq!(document.name, root);
        let value = value_of(&document, &shape_of(call, xml), &call.name);
        assert_eq!(value, json.json(), "{}: {}", call.name, xml.body);
    }
}

#[test]
fn texts_of_every_kind_survive_xml_and_what_it_cannot_hold_is_replaced() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let document = policy_document("Allow", "ecs:*");
    for (number, (text, expected)) in [
        ("<a href=\"x\">&amp;</a> ]]> 'q'", None),
        ("one\r\ntwo\rthree\nfour\tfive", None),
        (" blanks around ", None),
        ("王 \u{1f600} \u{feff}", None),
        ("a\u{0}b\u{b}c\u{ffff}d", Some("a\u{fffd}b\u{fffd}c\u{fffd}d")),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("p{number}");
        let params =
            [("PolicyName", name.as_str()), ("PolicyDocument", document.as_str()), ("Description", text)];
        let json = root.ram("CreatePolicy", &params).assert_ok();
        assert_eq!(json["Policy"]["Description"], text);

        let of = [("PolicyType", "Custom"), ("PolicyName", name.as_str())];
        let xml = root.clone().in_xml().ram("GetPolicy", &of);

        let found = xml::to_json(&xml.body)["Policy"]["Description"].clone();
        assert_eq!(found, expected.unwrap_or(text), "{}", xml.body);
    }
}

/// What an element holds when it has this shape. Elements of a list stand side by side under one name.
#[track_caller]
pub fn value_of(element: &Element, shape: &Value, at: &str) -> Value {
    match shape {
        Value::Object(shapes) => {
            assert!(element.text.trim().is_empty(), "{at} holds text: {}", element.text);
            for child in &element.children {
                assert!(shapes.contains_key(&child.name), "{at}.{} is extra", child.name);
            }
            let of = |(name, shape): (&String, &Value)| {
                let path = format!("{at}.{name}");
                let named: Vec<_> = element.children.iter().filter(|child| child.name == *name).collect();
                if let Value::Array(item) = shape {
                    let items: Vec<_> = named.iter().map(|child| value_of(child, &item[0], &path)).collect();
                    return Some((name.clone(), items.into()));
                }
                assert!(named.len() <= 1, "{path} comes {} times", named.len());
                named.first().map(|child| (name.clone(), value_of(child, shape, &path)))
            };
            Value::Object(shapes.iter().filter_map(of).collect())
        }
        kind => {
            assert!(element.children.is_empty(), "{at} holds elements");
            let text = element.text.as_str();
            match kind.as_str().expect("shapes are objects, lists and names of types") {
                "boolean" => text.parse::<bool>().unwrap_or_else(|error| panic!("{at}: {error}")).into(),
                "integer" => text.parse::<i64>().unwrap_or_else(|error| panic!("{at}: {error}")).into(),
                _ => text.into(),
            }
        }
    }
}
