//! A deliberately naive policy evaluator, to hold the real engine against.
//!
//! It works on JSON documents as they were written, recurses, keeps nothing, and shares no code with the engine. It
//! assumes that documents are well formed. It must never become clever: where it is slow, make the
//! test smaller. Start reading at [`basic`].
//!
//! Source: docs/evidence/policy.md sections 1 to 3.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::Value;

/// What a case asks, in plain data.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The action asked for, such as `ecs:RunInstances`.
    pub action: String,
    /// The resource asked for, as the request names it; empty where only a trust policy is asked.
    pub resource: String,
    /// The kind of the caller (`RAM`, `Service` or `Federated`) and its text; only trust policies look at it.
    pub principal: Option<(String, String)>,
    /// The condition keys of the request with their values; a key that is not here is absent from the request.
    pub context: BTreeMap<String, Vec<String>>,
}

/// The basic step over a set of policies: `Allow`, `ExplicitDeny` or `ImplicitDeny`.
///
/// Source: docs/evidence/policy.md section 3, "Basic step".
pub fn basic(policies: &[Value], ask: &Ask) -> &'static str {
    let statements: Vec<&Value> = policies.iter().flat_map(|policy| list(&policy["Statement"])).collect();
    let says = |effect: &str| statements.iter().any(|it| it["Effect"] == effect && applies(it, ask));
    if says("Deny") {
        "ExplicitDeny"
    } else if says("Allow") {
        "Allow"
    } else {
        "ImplicitDeny"
    }
}

/// Every layer of one caller: control policies, session policy, account scope, resource-group scope.
///
/// `None` or an empty list of control policies means that none applies; then the step is skipped.
///
/// Source: docs/evidence/policy.md section 3, steps 1 to 3.
pub fn layered(
    control: Option<&[Value]>,
    session: Option<&Value>,
    account: &[Value],
    group: &[Value],
    ask: &Ask,
) -> &'static str {
    if let Some(control) = control
        && !control.is_empty()
        && basic(control, ask) != "Allow"
    {
        return basic(control, ask);
    }
    if let Some(session) = session
        && basic(std::slice::from_ref(session), ask) != "Allow"
    {
        return basic(std::slice::from_ref(session), ask);
    }
    if basic(account, ask) == "ImplicitDeny" { basic(group, ask) } else { basic(account, ask) }
}

/// The rule of `AssumeRole`: both sides must allow, an explicit deny on either side wins.
///
/// Source: docs/evidence/policy.md section 3, "AssumeRole is the exception".
pub fn assume(identity: &'static str, trust: &'static str) -> &'static str {
    if identity == "ExplicitDeny" || trust == "ExplicitDeny" {
        "ExplicitDeny"
    } else if identity == "Allow" && trust == "Allow" {
        "Allow"
    } else {
        "ImplicitDeny"
    }
}

/// Does this statement say anything about the ask?
fn applies(statement: &Value, ask: &Ask) -> bool {
    concerns(statement, "Action", "NotAction", |pattern| action_matches(pattern, &ask.action))
        && concerns(statement, "Resource", "NotResource", |pattern| resource_matches(pattern, &ask.resource))
        && admits(statement, ask)
        && conditions_met(statement, ask)
}

/// One of two opposite elements: the list must match, or none of the `Not` list may. An element that is not there
/// at all (a trust policy has no resources) is no obstacle.
fn concerns(statement: &Value, element: &str, opposite: &str, matches: impl Fn(&str) -> bool) -> bool {
    let any = |name: &str| texts(&statement[name]).iter().any(|pattern| matches(pattern));
    if !statement[element].is_null() {
        any(element)
    } else if !statement[opposite].is_null() {
        !any(opposite)
    } else {
        true
    }
}

/// Actions are compared ignoring case.
fn action_matches(pattern: &str, action: &str) -> bool {
    like(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// Resources are compared with case; for RAM without, and an empty region and the region `*` are the same.
///
/// Source: docs/evidence/policy.md section 2, "Resource".
fn resource_matches(pattern: &str, resource: &str) -> bool {
    let (small, own) = (resource.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    let (pattern, resource) =
        if pattern.starts_with("acs:ram:") { (own.as_str(), small.as_str()) } else { (pattern, resource) };
    if let Some(rest) = resource.strip_prefix("acs:ram:*:").or_else(|| resource.strip_prefix("acs:ram::")) {
        like(pattern, &format!("acs:ram:*:{rest}")) || like(pattern, &format!("acs:ram::{rest}"))
    } else {
        like(pattern, resource)
    }
}

/// Does the `Principal` of a statement name the caller? A statement without one does not care.
///
/// UNCERTAIN: letters are compared ignoring ASCII case; a captured refusal would settle it.
fn admits(statement: &Value, ask: &Ask) -> bool {
    let principal = &statement["Principal"];
    if principal.is_null() {
        return true;
    }
    let Some((kind, caller)) = &ask.principal else { return false };
    if principal == "*" {
        return kind == "RAM";
    }
    texts(&principal[kind]).iter().any(|trusted| {
        trusted == "*"
            || trusted.eq_ignore_ascii_case(caller)
            || (kind == "RAM" && is_root_of(trusted, caller))
    })
}

/// A trusted root ARN stands for every user and role of its account.
fn is_root_of(trusted: &str, caller: &str) -> bool {
    let trusted = trusted.to_ascii_lowercase();
    let caller = caller.to_ascii_lowercase();
    trusted.strip_suffix(":root").is_some_and(|account| {
        caller.starts_with(&format!("{account}:user/")) || caller.starts_with(&format!("{account}:role/"))
    })
}

/// All operators must hold, and all keys below each.
fn conditions_met(statement: &Value, ask: &Ask) -> bool {
    let Some(condition) = statement["Condition"].as_object() else { return true };
    condition.iter().all(|(operator, keys)| {
        keys.as_object()
            .is_none_or(|keys| keys.iter().all(|(key, listed)| key_met(operator, key, &texts(listed), ask)))
    })
}

/// One key below one operator.
///
/// An absent key has no values, so a positive operator fails and a negated one holds by the words "any" and "all".
fn key_met(operator: &str, key: &str, listed: &[String], ask: &Ask) -> bool {
    let mut given = ask.context.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key)).flat_map(|it| it.1);
    let (set, name) = operator.split_once(':').unwrap_or(("", operator));
    let negated = name.contains("Not");
    let positive = name.replace("Not", "");
    let met = |value: &String| listed.iter().any(|it| matches(&positive, value, it)) != negated;
    match (set, negated) {
        ("ForAllValues", _) | ("", true) => given.all(met),
        _ => given.any(met),
    }
}

/// Does one value of the request match one listed value? A value that cannot be read matches nothing.
fn matches(operator: &str, given: &str, listed: &str) -> bool {
    match operator {
        "StringEquals" => given == listed,
        "StringEqualsIgnoreCase" => given.eq_ignore_ascii_case(listed),
        "StringLike" => like(listed, given),
        "Bool" => {
            given.eq_ignore_ascii_case(listed) && ["true", "false"].contains(&&*given.to_ascii_lowercase())
        }
        "IpAddress" => within(given, listed).unwrap_or(false),
        _ => {
            let order = match operator.strip_prefix("Date") {
                Some(_) => instant(given).zip(instant(listed)).map(|(given, listed)| given.cmp(&listed)),
                None => {
                    number(given).zip(number(listed)).and_then(|(given, listed)| given.partial_cmp(&listed))
                }
            };
            order.is_some_and(|order| fits(operator, order))
        }
    }
}

/// Does an order fit the tail of a number or date operator?
fn fits(operator: &str, order: Ordering) -> bool {
    let tail = operator.trim_start_matches("Numeric").trim_start_matches("Date");
    match tail {
        "Equals" => order.is_eq(),
        "LessThan" => order.is_lt(),
        "LessThanEquals" => order.is_le(),
        "GreaterThan" => order.is_gt(),
        "GreaterThanEquals" => order.is_ge(),
        _ => false,
    }
}

/// A number as JSON writes it, so neither `NaN` nor `inf`.
fn number(text: &str) -> Option<f64> {
    serde_json::from_str::<Value>(text).ok().and_then(|value| value.as_f64())
}

/// A moment: date, `T`, time with seconds, perhaps a fraction, then `Z` or an offset with a colon.
///
/// Source: docs/evidence/policy.md section 2, "Dates".
fn instant(text: &str) -> Option<Timestamp> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let tail = shape.strip_prefix("0000-00-00T00:00:00")?;
    let zone = tail.strip_prefix('.').map_or(tail, |fraction| fraction.trim_start_matches('0'));
    ["Z", "+00:00", "-00:00"].contains(&zone).then(|| text.parse().ok())?
}

/// Is the address inside the block, or equal to the listed address? `None` where one of them cannot be read.
fn within(given: &str, listed: &str) -> Option<bool> {
    let given = given.parse::<IpAddr>().ok()?.to_canonical();
    let Some((_, length)) = listed.split_once('/') else {
        return Some(listed.parse::<IpAddr>().ok()?.to_canonical() == given);
    };
    let base = block(listed)?;
    let length: usize = length.parse().ok()?;
    let (base, given) = (bits(base), bits(given));
    Some(base.len() == given.len() && base[..length] == given[..length])
}

/// The address of a CIDR block, if the block is one: digits after the slash, no more than the address has bits.
fn block(text: &str) -> Option<IpAddr> {
    let (base, length) = text.split_once('/')?;
    let base: IpAddr = base.parse().ok()?;
    let digits = !length.is_empty() && length.chars().all(|c| c.is_ascii_digit());
    (digits && length.parse::<usize>().ok()? <= bits(base).len()).then_some(base)
}

/// An address as a text of zeros and ones.
fn bits(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("{:032b}", u32::from(address)),
        IpAddr::V6(address) => format!("{:0128b}", u128::from(address)),
    }
}

/// Wildcards: `*` is any run of characters, `?` is one character; the pattern covers the whole text.
///
/// Source: docs/evidence/policy.md section 2, "Wildcards".
pub fn like(pattern: &str, text: &str) -> bool {
    let mut rest = text.chars();
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => like(&pattern[1..], text) || (rest.next().is_some() && like(pattern, rest.as_str())),
        Some('?') => rest.next().is_some() && like(&pattern[1..], rest.as_str()),
        Some(c) => rest.next() == Some(c) && like(&pattern[c.len_utf8()..], rest.as_str()),
    }
}

/// A single value may stand where a list may.
fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        single => vec![single],
    }
}

/// The texts of a value or list; bare numbers and booleans count as their text.
fn texts(value: &Value) -> Vec<String> {
    list(value)
        .into_iter()
        .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
        .collect()
}
