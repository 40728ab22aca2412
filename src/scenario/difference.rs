//! Differences between two points of a world, in the format of scenario files.

use crate::scenario::Export;
use crate::text::Timestamp;
use crate::world::account::Account;
use crate::world::{State, World};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

/// Replacement for a secret.
const MASK: &str = "***";
/// Fields whose values are secrets, or lists of secrets.
const SECRETS: [&str; 5] = ["secret", "token", "bearerTokens", "password", "mfa"];
/// Fields that identify an item in a list; the first existing one counts.
const NAMES: [&str; 7] = ["id", "name", "account", "path", "action", "version", "at"];

/// A difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Path: `accounts[demo].users[ci].keys[LTAI...].status`.
    pub path: String,
    /// Old value; missing if the item is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Value>,
    /// New value; missing if the item was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Value>,
}

/// Returns all differences in the order of their paths; new list items come last. Secrets are compared but masked.
pub fn between(from: &Export, to: &Export) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&Place::default(), Some(&from.value()), Some(&to.value()), &mut found);
    found
}

/// Returns the differences of a change. Only the accounts that it touched are compared.
pub fn of_change(world: &World, states: &[Arc<State>; 2], now: Timestamp) -> Vec<Difference> {
    let [from, to] = [(0, 1), (1, 0)].map(|(this, other)| {
        let is_other = |account: &Account| {
            states[other].account(account.uid).map_or(true, |same| !std::ptr::eq(same, account))
        };
        Export::of_accounts(world, &world.point_of(Arc::clone(&states[this])), now, is_other)
    });
    between(&from, &to)
}

/// Formats differences for people, one line each: `+` for new, `-` for removed, `~` for changed.
pub fn text(differences: &[Difference]) -> String {
    let mut out = String::new();
    for Difference { path, was, is } in differences {
        let _ = match (was, is) {
            (Some(was), Some(is)) => writeln!(out, "~ {path}: {was} -> {is}"),
            (Some(was), None) => writeln!(out, "- {path}: {was}"),
            (None, is) => writeln!(out, "+ {path}: {}", is.as_ref().unwrap_or(&Value::Null)),
        };
    }
    out
}

/// Position of a value: the whole path, and the name of its field.
#[derive(Default)]
struct Place<'a> {
    path: String,
    word: &'a str,
}

impl Place<'_> {
    fn field<'b>(&self, word: &'b str) -> Place<'b> {
        let path = if self.path.is_empty() { word.to_owned() } else { format!("{}.{word}", self.path) };
        Place { path, word }
    }

    fn item(&self, name: &str) -> Self {
        Self { path: format!("{}[{name}]", self.path), word: self.word }
    }
}

fn compare(place: &Place<'_>, was: Option<&Value>, is: Option<&Value>, found: &mut Vec<Difference>) {
    if was == is {
        return;
    }
    match (was, is) {
        (Some(Value::Object(was)), Some(Value::Object(is))) => {
            let words: BTreeSet<_> = was.keys().chain(is.keys()).collect();
            for word in words {
                compare(&place.field(word), was.get(word), is.get(word), found);
            }
        }
        // Files omit empty lists.
        (Some(Value::Array(was)), Some(Value::Array(is))) => compare_lists(place, was, is, found),
        (Some(Value::Array(was)), None) => compare_lists(place, was, &[], found),
        (None, Some(Value::Array(is))) => compare_lists(place, &[], is, found),
        _ => {
            let shown = |value: Option<&Value>| value.map(|value| masked(place.word, value));
            found.push(Difference { path: place.path.clone(), was: shown(was), is: shown(is) });
        }
    }
}

/// Compares two lists. Items with the same name are compared with each other. Of the rest, equal items are removed;
/// then the remaining items are compared in their order.
fn compare_lists(place: &Place<'_>, was: &[Value], is: &[Value], found: &mut Vec<Difference>) {
    let (old_names, new_names) = (names(place, was), names(place, is));
    let mut new: Vec<usize> = (0..is.len()).collect();
    let mut pairs: Vec<(usize, Option<usize>)> = Vec::new();
    let mut take = |fits: &dyn Fn(usize) -> bool| {
        let at = new.iter().position(|new| fits(*new))?;
        Some(new.remove(at))
    };
    let (mut named, mut nameless): (Vec<usize>, Vec<usize>) =
        (0..was.len()).partition(|old| old_names[*old].is_some());
    pairs.extend(named.drain(..).map(|old| (old, take(&|new| new_names[new] == old_names[old]))));
    nameless.retain(|old| take(&|new| new_names[new].is_none() && is[new] == was[*old]).is_none());
    pairs.extend(nameless.drain(..).map(|old| (old, take(&|new| new_names[new].is_none()))));
    pairs.sort_unstable();
    for (old, paired) in pairs {
        let name = old_names[old].clone().unwrap_or_else(|| paired.unwrap_or(old).to_string());
        compare(&place.item(&name), Some(&was[old]), paired.map(|new| &is[new]), found);
    }
    for added in new {
        let name = new_names[added].clone().unwrap_or_else(|| added.to_string());
        compare(&place.item(&name), None, Some(&is[added]), found);
    }
}

/// Returns the name of each item. An item whose name is already taken has no name.
fn names(place: &Place<'_>, list: &[Value]) -> Vec<Option<String>> {
    let mut taken = BTreeSet::new();
    let mut name = |one: &Value| {
        let of_word = NAMES.iter().find_map(|word| one.get(word)).map(plain);
        let of_text = || one.as_str().filter(|_| !SECRETS.contains(&place.word)).map(str::to_owned);
        of_word.or_else(of_text).filter(|name| taken.insert(name.clone()))
    };
    list.iter().map(&mut name).collect()
}

/// Returns a name without JSON quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Masks the secrets in the value of the field `word`.
fn masked(word: &str, value: &Value) -> Value {
    match value {
        Value::String(_) if SECRETS.contains(&word) => MASK.into(),
        Value::Array(list) => list.iter().map(|one| masked(word, one)).collect(),
        Value::Object(words) => {
            let words = words.iter().map(|(word, value)| (word.clone(), masked(word, value)));
            Value::Object(words.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(was: &Value, is: &Value) -> String {
        let mut found = Vec::new();
        compare(&Place::default().field("list"), Some(was), Some(is), &mut found);
        text(&found)
    }

    #[test]
    fn named_things_are_found_wherever_they_stand() {
        let (was, is) =
            (json!([{"name": "a", "n": 1}, {"name": "b"}]), json!([{"name": "b"}, {"name": "a", "n": 2}]));
        assert_eq!(of(&was, &is), "~ list[a].n: 1 -> 2\n");
        assert_eq!(of(&json!(["x", "y"]), &json!(["y", "z"])), "- list[x]: \"x\"\n+ list[z]: \"z\"\n");
    }

    #[test]
    fn of_nameless_things_only_what_changed_is_told() {
        let (was, is) = (json!([{"n": 1}, {"n": 2}, {"n": 3}]), json!([{"n": 3}, {"n": 4}]));
        assert_eq!(of(&was, &is), "~ list[1].n: 1 -> 4\n- list[1]: {\"n\":2}\n");
    }

    #[test]
    fn two_of_one_name_are_not_taken_for_each_other() {
        let twice = json!([{"name": "a", "n": 1}, {"name": "a", "n": 2}]);
        assert_eq!(of(&twice, &twice), "");
        assert_eq!(of(&twice, &json!([{"name": "a", "n": 1}])), "- list[1]: {\"n\":2,\"name\":\"a\"}\n");
    }

    #[test]
    fn secrets_are_compared_and_not_shown() {
        let (was, is) = (json!([{"id": "k", "secret": "one"}]), json!([{"id": "k", "secret": "two"}]));
        assert_eq!(of(&was, &is), "~ list[k].secret: \"***\" -> \"***\"\n");
        let mut found = Vec::new();
        let bearers = Place::default();
        compare(&bearers.field("bearerTokens"), None, Some(&json!(["open sesame"])), &mut found);
        assert_eq!(text(&found), "+ bearerTokens[0]: \"***\"\n");
    }
}
