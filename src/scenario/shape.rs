//! Checks a tree against the JSON Schema of its type, and reports all errors at once.
//!
//! The check repairs errors with the most likely value, or any value of the right shape, so that one error hides no
//! other. A repaired tree is used only to find more errors.

use crate::scenario::clock::Setting;
use crate::scenario::problem::{Place, Problems, advice, choice, nearest};
use crate::scenario::tree::{Content, Entry, Node};
use crate::scenario::value::{Wrong, boolean, integer, number};
use crate::text::{
    AccessKeyId, AccountAlias, Contact, CountryCode, Email, GroupName, LicenseNumber, LoginName, MobilePhone,
    Moment, Network, PersonName, PolicyName, RoleName, Span, UserName, Written,
};
use crate::world::account::{DocumentType, Seed};
use crate::world::faults::Rate;
use serde::Deserialize;
use serde_json::Value;
use std::fmt;

/// Result of a check.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) problems: Problems,
    /// Paths of values that could not be repaired.
    pub(crate) unsound: Vec<String>,
}

/// Paths that cannot be read.
pub(crate) struct Unsound(pub(crate) Vec<String>);

impl Unsound {
    /// Returns `true` if everything at and below `path` can be read.
    pub(crate) fn is_sound(&self, path: &str) -> bool {
        // An error of the whole tree is an error of every part.
        if self.0.iter().any(String::is_empty) {
            return false;
        }
        let below = |one: &String| {
            !path.is_empty()
                && one.strip_prefix(path).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        !self.0.iter().any(below)
    }
}

/// Checks a tree against a schema in a document.
pub(crate) fn check(root: &mut Node, (document, schema): (&Value, &Value), what: &str) -> Found {
    let mut check = Check { root: document, found: Found::default() };
    let spot = Spot { way: Way::Whole(what), place: root.place };
    check.value(root, schema, &spot);
    check.found
}

struct Check<'s> {
    root: &'s Value,
    found: Found,
}

/// Position of the check. It is formatted only for an error.
struct Spot<'w> {
    way: Way<'w>,
    /// Range to mark if the whole value is wrong.
    place: Place,
}

/// Path to a part of the tree with this name.
#[derive(Clone, Copy)]
enum Way<'w> {
    Whole(&'w str),
    Field(&'w Way<'w>, &'w str),
    Item(&'w Way<'w>, usize),
}

impl Way<'_> {
    fn path(self) -> String {
        match self {
            Self::Whole(_) => String::new(),
            Self::Field(Way::Whole(_), name) => name.to_owned(),
            Self::Field(before, name) => format!("{}.{name}", before.path()),
            Self::Item(before, index) => format!("{}[{index}]", before.path()),
        }
    }
}

/// Name in messages: `` `users` ``, an item of `` `users` ``.
impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(what) => f.write_str(what),
            Self::Field(_, name) => write!(f, "`{name}`"),
            Self::Item(list, _) => write!(f, "an item of {list}"),
        }
    }
}

impl<'w> Spot<'w> {
    fn of_field(before: &'w Way<'w>, name: &'w str, value: &Node, place: Place) -> Self {
        Self {
            way: Way::Field(before, name),
            place: if value.text().is_some() { value.place } else { place },
        }
    }
}

/// A text format.
struct Form {
    /// Name in the schema.
    name: &'static str,
    /// Parser.
    read: fn(&Node) -> Result<(), Wrong>,
    example: &'static str,
}

impl Form {
    /// Returns the format of a type.
    const fn of<T: Written>() -> Self {
        Self { name: T::FORM, read: |node| T::deserialize(node).map(drop), example: T::EXAMPLE }
    }
}

const FORMS: [Form; 20] = [
    Form::of::<AccessKeyId>(),
    Form::of::<AccountAlias>(),
    Form::of::<Contact>(),
    Form::of::<CountryCode>(),
    Form::of::<DocumentType>(),
    Form::of::<Email>(),
    Form::of::<GroupName>(),
    Form::of::<LicenseNumber>(),
    Form::of::<LoginName>(),
    Form::of::<MobilePhone>(),
    Form::of::<PersonName>(),
    Form::of::<PolicyName>(),
    Form::of::<RoleName>(),
    Form::of::<Seed>(),
    Form::of::<UserName>(),
    Form { name: "clock", read: |node| Setting::deserialize(node).map(drop), example: "real" },
    Form::of::<Span>(),
    Form::of::<Rate>(),
    Form::of::<Network>(),
    Form::of::<Moment>(),
];

impl<'s> Check<'s> {
    /// Reports an error that cannot be repaired.
    fn wrong(&mut self, spot: &Spot<'_>, message: String) {
        self.found.unsound.push(spot.way.path());
        self.found.problems.add(spot.place, &message);
    }

    /// Reports a repaired error.
    fn odd(&mut self, spot: &Spot<'_>, message: String) {
        self.found.problems.add(spot.place, &message);
    }

    /// Resolves `$ref`.
    fn resolved(&self, mut schema: &'s Value) -> &'s Value {
        while let Some(name) = schema["$ref"].as_str() {
            schema = self.root.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null);
        }
        schema
    }

    /// Returns the alternatives of a schema.
    fn alternatives(&self, schema: &'s Value) -> Vec<&'s Value> {
        let schema = self.resolved(schema);
        let several = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
        let Some(several) = several else { return vec![schema] };
        let all = several.iter().flat_map(|one| self.alternatives(one));
        all.filter(|one| one["type"] != "null").collect()
    }

    fn value(&mut self, node: &mut Node, schema: &'s Value, spot: &Spot<'_>) {
        if self.found.problems.is_full() {
            return;
        }
        let mut ways = self.alternatives(schema);
        if let [one] = ways[..]
            && one["const"].is_null()
            && one["enum"].is_null()
        {
            return self.one(node, one, spot);
        }
        let words: Vec<&str> = ways
            .iter()
            .flat_map(|one| one["enum"].as_array().into_iter().flatten().chain(one.get("const")))
            .filter_map(Value::as_str)
            .collect();
        ways.retain(|one| one["const"].is_null() && one["enum"].is_null());
        let fields: Vec<(&str, &Value)> = ways.iter().filter_map(|one| tag(one)).collect();
        let others: Vec<&Value> =
            ways.iter().copied().filter(|one| tag(one).is_none() && fits(node, one)).collect();
        if let [one] = others[..] {
            return self.one(node, one, spot);
        }
        if !others.is_empty() {
            return self.best(node, &others, spot);
        }
        match &mut node.content {
            Content::Map(entries) if !fields.is_empty() => self.tagged(entries, &fields, spot),
            Content::Scalar { text, .. } if words.contains(&text.as_str()) => {}
            Content::Scalar { text, .. } => {
                let names: Vec<&str> =
                    words.iter().copied().chain(fields.iter().map(|(name, _)| *name)).collect();
                let near = nearest(text, names.iter().copied()).filter(|near| words.contains(near));
                let message = match () {
                    () if text.is_empty() => format!("{} has no value{}", spot.way, advice("", names)),
                    () if names.contains(&text.as_str()) => {
                        format!("`{text}` takes fields: write `{{{text}: {{...}}}}`")
                    }
                    () => format!("{} cannot be `{text}`{}", spot.way, choice(text, names)),
                };
                match near.or(words.first().copied()) {
                    Some(word) => {
                        word.clone_into(text);
                        self.odd(spot, message);
                    }
                    None => self.wrong(spot, message),
                }
            }
            _ => {
                let names = words.iter().copied().chain(fields.iter().map(|(name, _)| *name));
                let names: Vec<&str> = names.collect();
                self.wrong(spot, format!("{} takes a word{}", spot.way, advice("", names)));
            }
        }
    }

    /// Checks a value with several allowed shapes against the most similar one.
    fn best(&mut self, node: &mut Node, ways: &[&'s Value], spot: &Spot<'_>) {
        let tried = ways.iter().map(|way| {
            let mut one = Check { root: self.root, found: Found::default() };
            let mut copy = node.clone();
            one.one(&mut copy, way, spot);
            (one.found, copy)
        });
        if let Some((found, copy)) = tried.min_by_key(|(found, _)| found.problems.len()) {
            *node = copy;
            self.found.problems.extend(found.problems);
            self.found.unsound.extend(found.unsound);
        }
    }

    /// Checks a mapping with one field, whose name is the tag.
    fn tagged(&mut self, entries: &mut [Entry], fields: &[(&str, &'s Value)], spot: &Spot<'_>) {
        let names = || fields.iter().map(|(name, _)| *name);
        let [entry] = entries else {
            let given: Vec<_> = entries.iter().map(|entry| format!("`{}`", entry.name)).collect();
            let message = if given.is_empty() {
                format!("{} is empty{}", spot.way, advice("", names().collect::<Vec<_>>()))
            } else {
                format!("{} takes one of {}, not all", spot.way, given.join(" and "))
            };
            return self.wrong(spot, message);
        };
        let known = |name: &str| fields.iter().find(|(one, _)| *one == name).map(|(_, schema)| *schema);
        let mut schema = known(&entry.name);
        if schema.is_none() {
            let all: Vec<_> = names().collect();
            let message = format!("{} cannot be `{}`{}", spot.way, entry.name, advice(&entry.name, all));
            let Some(near) = nearest(&entry.name, names()) else {
                return self.wrong(&Spot { way: spot.way, place: entry.place }, message);
            };
            self.found.problems.add(entry.place, &message);
            near.clone_into(&mut entry.name);
            schema = known(near);
        }
        if let Some(schema) = schema {
            let inner = Spot::of_field(&spot.way, &entry.name, &entry.value, entry.place);
            self.value(&mut entry.value, schema, &inner);
        }
    }

    /// Checks a value with one allowed shape.
    fn one(&mut self, node: &mut Node, schema: &'s Value, spot: &Spot<'_>) {
        let wants = |kind: &str| wants(schema, kind);
        let label = spot.way;
        let anything = schema["type"].is_null();
        let is_null = node.is_null();
        match &mut node.content {
            _ if anything => {}
            Content::List(items) if wants("array") => self.list(items, schema, spot),
            Content::Map(entries) if wants("object") => self.map(entries, schema, spot),
            Content::Map(_) if wants("array") => {
                self.odd(spot, format!("{label} takes a list: put a `-` before each item"));
                self.only_item(node, schema, spot);
            }
            Content::List(_) if wants("object") => {
                self.wrong(spot, format!("{label} takes fields, not a list: leave out the `-` or `[`"));
            }
            Content::List(_) => {
                self.wrong(spot, format!("{label} takes {}, not a list", scalar_kind(schema)));
            }
            Content::Map(_) => self.wrong(spot, format!("{label} takes {}, not fields", scalar_kind(schema))),
            Content::Scalar { .. } if is_null => {
                let may_be_empty = wants("object") && schema["required"].is_null();
                self.wrong(
                    spot,
                    format!("{label} has no value{}", if may_be_empty { ": write `{}`" } else { "" }),
                );
            }
            Content::Scalar { text, .. } if wants("array") => {
                self.odd(spot, format!("{label} takes a list: write `[{text}]`"));
                self.only_item(node, schema, spot);
            }
            Content::Scalar { .. } if wants("object") => {
                let names =
                    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
                let names: Vec<_> = names.collect();
                self.wrong(spot, format!("{label} takes fields, not a word{}", advice("", names)));
            }
            Content::Scalar { .. } => self.scalar(node, schema, spot),
        }
    }

    /// Wraps a value in a list and checks it.
    fn only_item(&mut self, node: &mut Node, schema: &'s Value, spot: &Spot<'_>) {
        let items = Content::List(vec![node.clone()]);
        node.content = items;
        self.one(node, schema, spot);
    }

    fn scalar(&mut self, node: &mut Node, schema: &'s Value, spot: &Spot<'_>) {
        let text = node.text().unwrap_or_default();
        let in_range = |number: f64| {
            schema["minimum"].as_f64().is_none_or(|least| number >= least)
                && schema["maximum"].as_f64().is_none_or(|most| number <= most)
        };
        #[expect(clippy::cast_precision_loss, reason = "only compared with the bounds of a schema")]
        let good = (wants(schema, "integer")
            && integer(text).is_some_and(|number| in_range(number as f64) && number <= i128::from(u64::MAX)))
            || (wants(schema, "number") && number(text).is_some_and(in_range))
            || (wants(schema, "boolean") && boolean(text).is_some());
        if good {
            return;
        }
        let form = FORMS.iter().find(|form| schema["format"] == form.name);
        let (why, stand_in) = if wants(schema, "string") {
            let Some((Err(why), form)) = form.map(|form| ((form.read)(node), form)) else { return };
            (why.message, form.example)
        } else {
            let why = format!("{} takes {}, not `{text}`", spot.way, scalar_kind(schema));
            (why, if wants(schema, "boolean") { "false" } else { "1" })
        };
        self.odd(spot, why);
        node.content = Content::Scalar { text: stand_in.to_owned(), plain: true };
    }

    fn list(&mut self, items: &mut [Node], schema: &'s Value, spot: &Spot<'_>) {
        let bound = |name: &str| schema[name].as_u64().and_then(|count| usize::try_from(count).ok());
        let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(usize::MAX));
        if !(least..=most).contains(&items.len()) {
            let wanted = if items.len() < least { least } else { most };
            return self.wrong(spot, format!("{} takes {wanted} values, not {}", spot.way, items.len()));
        }
        for (index, item) in items.iter_mut().enumerate() {
            let own = schema["prefixItems"].get(index).or(schema.get("items"));
            let spot = Spot { way: Way::Item(&spot.way, index), place: item.place };
            if let Some(own) = own {
                self.value(item, own, &spot);
            }
        }
    }

    fn map(&mut self, entries: &mut Vec<Entry>, schema: &'s Value, spot: &Spot<'_>) {
        let known = |name: &str| schema["properties"].get(name);
        let names = || schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let open = schema.get("additionalProperties").filter(|other| other.is_object());
        let closed = schema["additionalProperties"] == false;
        // Fields next to the field that should contain them: the containing field is not missing, only its name is.
        let mut beside = Vec::new();
        // Repaired names: two fields must not get the same name.
        let mut righted = Vec::new();
        for mut entry in std::mem::take(entries) {
            if self.found.problems.is_full() {
                return;
            }
            if known(&entry.name).is_none() && open.is_none() && closed {
                let near = nearest(&entry.name, names());
                let outer = if near.is_none() { self.outer(&entry.name, schema) } else { None };
                let advice = match outer {
                    Some((outer, inner)) if inner == entry.name => format!(": it belongs in `{outer}`"),
                    Some((outer, inner)) => {
                        format!(", did you mean `{inner}`, which belongs in `{outer}`?")
                    }
                    None => advice(&entry.name, names().collect::<Vec<_>>()),
                };
                let message = format!("unknown field `{}`{advice}", entry.name);
                self.found.problems.add(entry.place, &message);
                beside.extend(outer.map(|(outer, _)| outer));
                let Some(near) = near else { continue };
                near.clone_into(&mut entry.name);
                if entries.iter().any(|before| before.name == entry.name) {
                    continue;
                }
                righted.push(near);
            } else if righted.contains(&entry.name.as_str()) {
                continue;
            }
            let is_required = required.contains(&entry.name.as_str());
            // An optional field may be empty.
            if entry.value.is_null() && !is_required && open.is_none() {
                continue;
            }
            if let Some(own) = known(&entry.name).or(open) {
                let inner = Spot::of_field(&spot.way, &entry.name, &entry.value, entry.place);
                self.value(&mut entry.value, own, &inner);
            }
            entries.push(entry);
        }
        for name in required.into_iter().filter(|name| entries.iter().all(|entry| entry.name != *name)) {
            if beside.contains(&name) {
                self.found.unsound.push(spot.way.path());
            } else {
                self.wrong(spot, format!("{} lacks the field `{name}`", spot.way));
            }
        }
    }

    /// Returns the field that should contain `name`, and its name there.
    fn outer(&self, name: &str, schema: &'s Value) -> Option<(&'s str, &'s str)> {
        let fields = || schema["properties"].as_object().into_iter().flatten();
        let inner = fields().flat_map(|(outer, own)| {
            let ways = self.alternatives(own).into_iter();
            let names = ways.filter_map(|one| one["properties"].as_object()).flat_map(|all| all.keys());
            names.map(move |inner| (outer.as_str(), inner.as_str()))
        });
        let inner: Vec<_> = inner.collect();
        let near = nearest(name, inner.iter().map(|(_, inner)| *inner))?;
        inner.into_iter().find(|(_, inner)| *inner == near)
    }
}

/// Returns name and value of a shape that is a mapping with one field.
fn tag(schema: &Value) -> Option<(&str, &Value)> {
    let properties = schema["properties"].as_object().filter(|properties| properties.len() == 1)?;
    let (name, value) = properties.iter().next()?;
    (schema["required"].as_array()?.iter().any(|one| one == name.as_str())).then_some((name, value))
}

fn wants(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind
        || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}

/// Returns `true` if a value has the kind of a shape, regardless of its content.
fn fits(node: &Node, schema: &Value) -> bool {
    match node.content {
        _ if schema["type"].is_null() => true,
        Content::List(_) => wants(schema, "array"),
        Content::Map(_) => wants(schema, "object"),
        Content::Scalar { .. } => {
            ["string", "integer", "number", "boolean"].iter().any(|kind| wants(schema, kind))
        }
    }
}

fn scalar_kind(schema: &Value) -> String {
    let (least, most) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
    match () {
        () if wants(schema, "string") => "a text".to_owned(),
        () if wants(schema, "boolean") => "`true` or `false`".to_owned(),
        () if wants(schema, "integer") => match (least, most) {
            (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
            (Some(least), None) => format!("a whole number from {least} on"),
            _ => "a whole number".to_owned(),
        },
        () => "a number".to_owned(),
    }
}
