//! Bodies and paths of the control API drawn from its own description: values at the edge of what their schemas allow, and some
//! beyond it.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Map, Value, json};

/// Texts of any kind.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "名字",
    "🦀",
    "\0",
    "%",
    "%zz",
    "*",
    "../x",
    "<a>&\"",
    "${param.X}",
    "a.b@example.com",
    "13800000000",
    "CN",
    "-1",
    "0",
    "1",
    "18446744073709551615",
    "-9223372036854775808",
    "1e308",
    "0.005",
    "99999999999.99",
    "demo",
    "demo/dev",
    "dev",
    "operator",
    "default",
    "seed",
    "now",
    "real",
    "root",
    "acs:ram::*:role/x",
    "acs:ram::1897304235598129:user/dev",
    "AdministratorAccess",
    "RAM",
    "Sts",
    "ram:*",
    "ram:ListUsers",
    "CreateUser",
    "ListUsers",
    "LTAI5tS0DH7WrahS1t9VScWp",
    "approve",
    "reject",
    "Active",
    "Enterprise",
    "127.0.0.1",
    "::1/128",
    "10.0.0.0/33",
    "200",
    "yaml",
    "json",
    "text",
    "http://a",
    "active",
];

/// Texts about time.
const TIMES: &[&str] = &[
    "0s",
    "1ms",
    "-1ms",
    "30m",
    "+5s",
    "14d",
    "-20m",
    "-14d",
    "876000h",
    "-876000h",
    "69800000h",
    "87840000h",
    "-87840000h",
    "87840001h",
    "+300000000h",
    "99999999999999999999h",
    "9223372036854775807ms",
    "soon",
    "real",
    "0000-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "2026-11-22T08:00:00Z",
    "9999-12-30T21:59:59Z",
    "9999-12-30T22:00:00Z",
    "9999-12-31T23:59:59Z",
    "-000001-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
];

/// Names of fields that hold a time or a span.
const ABOUT_TIME: &[&str] = &[
    "at",
    "by",
    "after",
    "from",
    "until",
    "between",
    "expires",
    "issued",
    "notBefore",
    "delay",
    "jitter",
    "resource",
    "gateway",
    "skew",
    "stale",
    "duration",
    "within",
    "retryAfter",
    "birthday",
    "validFrom",
    "validUntil",
    "enforced",
    "returned",
];

/// Draws from a description.
pub struct Draw<'a> {
    rng: ChaCha8Rng,
    /// Where schemas refer to.
    document: &'a Value,
    /// Texts that were seen in answers: ids, names.
    pub seen: Vec<String>,
}

impl<'a> Draw<'a> {
    pub fn new(seed: u64, document: &'a Value) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), document, seen: Vec::new() }
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.rng.random_range(0..count)
    }

    /// Once in so many times.
    pub fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// A text for a field of this name.
    pub fn draw_text(&mut self, name: &str) -> String {
        // Names are drawn so that most calls find what they are about.
        let known: &[&str] = match name {
            "account" | "payer" | "partner" => &["demo", "operator"],
            "user" => &["dev", "demo/dev", "nobody"],
            "role" | "policy" => &["AdministratorAccess", "x", "demo/x"],
            "amount" | "balance" | "credit" | "creditLine" => {
                &["0", "1", "0.01", "-1", "9999999999.99", "92233720368547758.07"]
            }
            _ => &[],
        };
        if !known.is_empty() && !self.once_in(4) {
            return self.pick(known).to_owned();
        }
        let is_about_time = ABOUT_TIME.contains(&name) || name.to_lowercase().contains("time");
        match self.below(12) {
            0 => "x".repeat(self.pick(&[2, 64, 65, 255, 5000])),
            1 => self.pick(&["é", "\u{1F600}", "\u{202e}", "\u{feff}"]).repeat(self.pick(&[1, 3, 64, 300])),
            2..=5 if !self.seen.is_empty() => self.pick(&self.seen.clone()),
            2..=9 if is_about_time => self.pick(TIMES).to_owned(),
            10 => self.pick(TIMES).to_owned(),
            _ => self.pick(TEXTS).to_owned(),
        }
    }

    fn draw_number(&mut self, schema: &Value, is_whole: bool) -> Value {
        let bound = |name: &str| schema[name].as_i64();
        let (min, max) = (bound("minimum"), bound("maximum"));
        let at_bounds =
            [min, max, min.map(|min| min.saturating_sub(1)), max.map(|max| max.saturating_add(1))];
        let mut all: Vec<Value> = at_bounds.into_iter().flatten().map(Value::from).collect();
        all.extend([json!(0), json!(1), json!(2), json!(-1), json!(100), json!(u32::MAX), json!(i64::MAX)]);
        all.extend([
            json!(i64::MIN),
            json!(u64::MAX),
            json!(i64::MAX / 100),
            json!(i64::MAX / 1000 + 1),
            json!(1_000_000),
        ]);
        if !is_whole {
            all.extend([json!(0.5), json!(-0.0), json!(1e308), json!(5e-324), json!(1e6), json!(1.5e6)]);
        }
        self.pick(&all)
    }

    /// A value for a field of this name that fits its schema more often than not.
    pub fn draw_value(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        if self.once_in(60) {
            return self.pick(&[
                json!(null),
                json!([]),
                json!({}),
                json!(true),
                json!(-1),
                json!("x"),
                json!([[]]),
            ]);
        }
        if let Some(place) = schema["$ref"].as_str() {
            let place = place.strip_prefix('#').expect("references stay in the document");
            let document = self.document;
            return self.draw_value(name, document.pointer(place).expect("references lead somewhere"), depth);
        }
        for ways in ["oneOf", "anyOf", "allOf"] {
            if let Some(ways) = schema[ways].as_array() {
                let way = self.pick(ways);
                return self.draw_value(name, &way, depth);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.pick(values);
        }
        if !schema["const"].is_null() {
            return schema["const"].clone();
        }
        let kind = match &schema["type"] {
            Value::String(kind) => kind.clone(),
            Value::Array(kinds) => self.pick(kinds).as_str().unwrap_or_default().to_owned(),
            _ if schema["properties"].is_object() => "object".to_owned(),
            _ => self.pick(&["string", "number", "string"]).to_owned(),
        };
        match &*kind {
            "string" => Value::String(self.draw_text(name)),
            "integer" => self.draw_number(schema, true),
            "number" => self.draw_number(schema, false),
            "boolean" => Value::Bool(self.once_in(2)),
            "array" => {
                let count = if depth > 5 { 0 } else { self.pick(&[0, 1, 1, 2, 3]) };
                (0..count).map(|_| self.draw_value(name, &schema["items"], depth + 1)).collect()
            }
            "object" => self.draw_object(schema, depth),
            _ => Value::Null,
        }
    }

    fn draw_object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, of) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.iter().any(|one| one == name);
            let wanted = if is_required { !self.once_in(40) } else { depth < 6 && self.once_in(3) };
            if wanted {
                object.insert(name.clone(), self.draw_value(name, of, depth + 1));
            }
        }
        if schema["additionalProperties"].is_object() && depth < 5 {
            for _ in 0..self.below(3) {
                let name = self.draw_text("name");
                object.insert(name, self.draw_value("", &schema["additionalProperties"], depth + 1));
            }
        }
        if self.once_in(60) {
            object.insert("nothingOfTheKind".to_owned(), json!(1));
        }
        Value::Object(object)
    }
}
