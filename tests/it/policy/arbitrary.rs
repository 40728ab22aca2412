//! Random policies and asks from a small vocabulary, so that matches are frequent.
//!
//! Every document is well formed. Nothing here knows what a policy means; where a construction has a
//! meaning that nobody documents (two spellings of one key in a block, a service hidden behind a wildcard), it is
//! left out.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::naive::Ask;

const ACTIONS: &[&str] = &[
    "ecs:RunInstances",
    "ecs:DescribeInstances",
    "oss:GetObject",
    "ram:GetUser",
    "ram:CreateUser",
    "sts:AssumeRole",
];

const ACTION_PATTERNS: &[&str] = &[
    "*",
    "ecs:*",
    "ecs:Describe*",
    "ECS:runinstances",
    "*:Get*",
    "ram:Get????",
    "ram:*User",
    "oss:GetObject",
    "sts:AssumeRole",
    "sts:?ssume*",
    "rds:*",
];

const TRUST_ACTION_PATTERNS: &[&str] = &["sts:AssumeRole", "STS:assumerole", "sts:*", "*", "ram:*"];

const RESOURCES: &[&str] = &[
    "*",
    "acs:ecs:*:1:instance/*",
    "acs:ecs:cn-hangzhou:1:instance/i-1",
    "acs:oss:*:1:photos",
    "acs:oss:*:1:photos/2026/a.jpg",
    "acs:oss:*:2:Photos/杭.jpg",
    "acs:ram:*:1:user/dev",
    "acs:ram:*:1:user/*",
    "acs:ram::1:role/ops",
    "acs:ram:*:system:policy/ReadOnlyAccess",
];

const RESOURCE_PATTERNS: &[&str] = &[
    "*",
    "acs:*:*:*:*",
    "acs:ecs:*:*:*",
    "acs:ecs:cn-*:1:instance/i-?",
    "acs:ecs::1:instance/*",
    "acs:oss:*:*:photos",
    "acs:oss:*:*:photos/*",
    "acs:oss:*:1:photos/????/*.jpg",
    "acs:oss:*:?:Photos/?.jpg",
    "acs:ram::1:*",
    "acs:ram::1:user/d*v",
    "acs:ram:*:1:user/dev",
    "acs:ram:*:*:role/ops",
    "acs:ram::1:role/o?s",
    "acs:ram:cn-hangzhou:1:user/dev",
];

const CALLERS: &[(&str, &str)] = &[
    ("RAM", "acs:ram::1:user/dev"),
    ("RAM", "acs:ram::1:role/ops"),
    ("RAM", "acs:ram::1:root"),
    ("RAM", "acs:ram::2:user/dev"),
    ("Service", "ecs.aliyuncs.com"),
    ("Federated", "acs:ram::1:saml-provider/corp"),
];

const TRUSTED: &[&str] = &[
    "*",
    "acs:ram::1:root",
    "acs:ram::1:user/dev",
    "acs:ram::1:user/*",
    "acs:ram::1:role/OPS",
    "acs:ram::2:root",
    "acs:ram::1:saml-provider/corp",
];

const SERVICES: &[&str] = &["*", "ecs.aliyuncs.com", "fc.aliyuncs.com", "acs:ram::1:root"];

/// Operators of one type with the keys they are used on, values for policies and values for requests.
struct Family {
    operators: &'static [&'static str],
    keys: &'static [&'static str],
    listed: &'static [&'static str],
    given: &'static [&'static str],
}

const FAMILIES: &[Family] = &[
    Family {
        operators: &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
        keys: &["acs:ResourceTag/env", "acs:SourceVpc"],
        listed: &["prod", "PROD", "dev", "pr*", "?ev", "*", "", "生?"],
        given: &["prod", "Prod", "dev", "pr*", "", "生产"],
    },
    Family {
        operators: &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        keys: &["acs:RequestTag/size", "acs:RequestTag/count"],
        listed: &["-1.5", "0", "9", "10", "10.0"],
        given: &["-2", "0", "9", "9.5", "10", "10.00", "many"],
    },
    Family {
        operators: &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        keys: &["acs:CurrentTime", "acs:CurrentTIME"],
        listed: &["2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "2026-06-30T23:59:59-01:30"],
        given: &["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-07-01T01:29:59Z", "soon"],
    },
    Family {
        operators: &["Bool"],
        keys: &["acs:SecureTransport", "acs:MFAPresent"],
        listed: &["true", "false", "True"],
        given: &["true", "false", "FALSE", "1"],
    },
    Family {
        operators: &["IpAddress", "NotIpAddress"],
        keys: &["acs:SourceIp", "ACS:SourceIP"],
        listed: &["10.0.0.1", "10.0.0.64/27", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::1", "2001:db8::/33"],
        given: &[
            "10.0.0.1",
            "10.0.0.95",
            "10.0.0.96",
            "::ffff:10.0.0.1",
            "2001:0db8::1",
            "2001:db8:8000::",
            "?",
        ],
    },
];

/// Random well-formed identity policies (also fit for sessions and control).
pub fn document() -> impl Strategy<Value = Value> {
    policy(statement(ACTION_PATTERNS, resources()))
}

/// A few random identity policies, perhaps none.
pub fn documents() -> impl Strategy<Value = Vec<Value>> {
    vec(document(), 0..4)
}

/// Random well-formed trust policies.
pub fn trust_document() -> impl Strategy<Value = Value> {
    policy(statement(TRUST_ACTION_PATTERNS, principal().prop_map(|principal| ("Principal", principal))))
}

/// Random asks with a random context and, sometimes, a caller.
pub fn ask() -> impl Strategy<Value = Ask> {
    (select(ACTIONS), select(RESOURCES), option::of(caller()), context()).prop_map(
        |(action, resource, principal, context)| Ask {
            action: action.to_owned(),
            resource: resource.to_owned(),
            principal,
            context,
        },
    )
}

/// Random asks to assume a role; always with a caller.
pub fn assume_role() -> impl Strategy<Value = Ask> {
    let role = select(&["acs:ram::1:role/ops", "acs:ram:*:1:role/ops"][..]);
    (role, caller(), context()).prop_map(|(role, caller, context)| Ask {
        action: "sts:AssumeRole".to_owned(),
        resource: role.to_owned(),
        principal: Some(caller),
        context,
    })
}

/// Random callers: a kind and a text that fits it.
pub fn caller() -> impl Strategy<Value = (String, String)> {
    select(CALLERS).prop_map(|(kind, text)| (kind.to_owned(), text.to_owned()))
}

/// Random condition keys of a request: each key absent, with one value, or with two.
pub fn context() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let keys: Vec<_> = FAMILIES
        .iter()
        .flat_map(|family| {
            let spelled_alike = |key: &str| key.eq_ignore_ascii_case(family.keys[0]);
            let keys = if spelled_alike(family.keys[1]) { &family.keys[..1] } else { family.keys };
            keys.iter().map(|key| {
                let values = prop_oneof![
                    2 => Just(Vec::new()),
                    4 => vec(select(family.given), 1),
                    1 => vec(select(family.given), 2),
                ];
                values.prop_map(|values| (*key, values))
            })
        })
        .collect();
    keys.prop_map(|entries| {
        let present = entries.into_iter().filter(|(_, values)| !values.is_empty());
        present
            .map(|(key, values)| (key.to_owned(), values.into_iter().map(str::to_owned).collect()))
            .collect()
    })
}

fn policy(statement: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    (vec(statement, 1..4), any::<bool>()).prop_map(|(statements, bare)| match (&statements[..], bare) {
        ([single], true) => json!({"Version": "1", "Statement": single}),
        _ => json!({"Version": "1", "Statement": statements}),
    })
}

fn statement(
    patterns: &'static [&'static str],
    target: impl Strategy<Value = (&'static str, Value)>,
) -> impl Strategy<Value = Value> {
    let effect = prop_oneof![2 => Just("Allow"), 1 => Just("Deny")];
    (effect, actions(patterns), target, option::weighted(0.6, condition())).prop_map(
        |(effect, actions, target, condition)| {
            let mut statement = Map::new();
            statement.insert("Effect".to_owned(), effect.into());
            statement.insert(actions.0.to_owned(), actions.1);
            statement.insert(target.0.to_owned(), target.1);
            if let Some(condition) = condition {
                statement.insert("Condition".to_owned(), condition);
            }
            Value::Object(statement)
        },
    )
}

fn actions(patterns: &'static [&'static str]) -> impl Strategy<Value = (&'static str, Value)> {
    let name = prop_oneof![4 => Just("Action"), 1 => Just("NotAction")];
    (name, one_or_more(patterns))
}

fn resources() -> impl Strategy<Value = (&'static str, Value)> {
    let name = prop_oneof![4 => Just("Resource"), 1 => Just("NotResource")];
    (name, one_or_more(RESOURCE_PATTERNS))
}

fn principal() -> impl Strategy<Value = Value> {
    let members = subsequence(&["RAM", "Service", "Federated"][..], 1..=3)
        .prop_flat_map(|kinds| {
            let named = |kind| one_or_more(if kind == "Service" { SERVICES } else { TRUSTED });
            kinds.into_iter().map(|kind| (Just(kind), named(kind))).collect::<Vec<_>>()
        })
        .prop_map(|members| members.into_iter().map(|(kind, texts)| (kind.to_owned(), texts)).collect());
    prop_oneof![1 => Just(json!("*")), 6 => members.prop_map(Value::Object)]
}

/// A single text or a list of up to three.
fn one_or_more(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        select(words).prop_map(Value::from),
        vec(select(words), 1..=3).prop_map(|words| words.into_iter().map(Value::from).collect()),
    ]
}

/// A block of up to two operators; sometimes empty.
fn condition() -> impl Strategy<Value = Value> {
    vec(operator(), 0..=2).prop_map(|operators| Value::Object(operators.into_iter().collect()))
}

/// One operator with one key or two keys of its type.
fn operator() -> impl Strategy<Value = (String, Value)> {
    let set = prop_oneof![6 => Just(""), 1 => Just("ForAnyValue:"), 1 => Just("ForAllValues:")];
    (set, select((0..FAMILIES.len()).collect::<Vec<_>>())).prop_flat_map(|(set, index)| {
        let family = &FAMILIES[index];
        let name = select(family.operators).prop_map(move |name| format!("{set}{name}"));
        let spelled_alike = family.keys[0].eq_ignore_ascii_case(family.keys[1]);
        let keys = subsequence(family.keys, 1..=if spelled_alike { 1 } else { 2 });
        let values = vec(operands(family), 2);
        (name, keys, values).prop_map(|(name, keys, values)| {
            let keys = keys.into_iter().map(str::to_owned);
            (name, Value::Object(keys.zip(values).collect()))
        })
    })
}

/// A single operand or a list of up to three, for booleans of one; numbers and booleans stand bare now and then.
fn operands(family: &'static Family) -> impl Strategy<Value = Value> {
    let is_bool = family.operators == ["Bool"];
    (one_or_more(family.listed), any::<bool>()).prop_map(move |(operands, bare)| match operands {
        Value::Array(mut list) if is_bool => {
            list.truncate(1);
            Value::Array(list)
        }
        Value::String(text) if bare => match serde_json::from_str(&text) {
            Ok(scalar @ (Value::Number(_) | Value::Bool(_))) => scalar,
            _ => Value::String(text),
        },
        other => other,
    })
}
