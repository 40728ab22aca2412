//! Answers of the control API as people see them: aligned, one thing a line.

use serde_json::Value;
use std::fmt::Write;

/// Names of columns or lines, and the values that they show.
type Columns = &'static [(&'static str, &'static str)];

/// Form in which people see an answer.
#[derive(Clone, Copy)]
pub(super) enum Show {
    /// A table of the items of a list.
    Table(&'static str, Columns),
    /// A line for each value.
    Card(Columns),
    /// The sentence that the answer has.
    Done,
    /// This sentence.
    Said(&'static str),
    /// A line for each record of the journal.
    Lines,
    /// Text that the function makes of it. The flag is true if the output is coloured.
    With(fn(&Value, bool) -> String),
}

/// An account.
pub(super) const ACCOUNT: Show = Show::Card(&[
    ("account", "/name"),
    ("UID", "/uid"),
    ("login name", "/loginName"),
    ("site", "/site"),
    ("status", "/status"),
    ("holds", "/holds"),
    ("real name", "/realName/status"),
    ("balance", "/balance"),
    ("available", "/available"),
    ("partner", "/partner"),
    ("e-mail", "/email"),
    ("mobile", "/mobile"),
    ("created", "/created"),
    ("users", "/users"),
    ("keys", "/keys"),
    ("instances", "/instances"),
]);

impl Show {
    /// Returns the text for people.
    pub(super) fn text(self, answer: &Value, is_coloured: bool) -> String {
        match self {
            Self::Table(list, columns) => table(answer[list].as_array().map_or(&[], Vec::as_slice), columns),
            Self::Card(lines) => card(answer, lines),
            Self::Done => format!("{}\n", shown(&answer["done"])),
            Self::Said(sentence) => format!("{sentence}\n"),
            Self::Lines => String::new(),
            Self::With(text) => text(answer, is_coloured),
        }
    }
}

/// Text for a terminal: control characters would let a client of the emulator write to it.
pub(super) fn safe(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// A value in one cell. Of a list, the texts or names; of a list without them, the number of items.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        Value::String(text) => safe(text),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => {
            let name = |item: &Value| {
                [item, &item["name"], &item["accessKeyId"], &item["instanceId"]]
                    .into_iter()
                    .find_map(|value| value.as_str().map(safe))
            };
            let names: Option<Vec<_>> = items.iter().map(name).collect();
            names.map_or_else(|| items.len().to_string(), |names| names.join(", "))
        }
        other => other.to_string(),
    }
}

fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// Aligned columns under their names. The keys of accounts are counted.
fn table(items: &[Value], columns: Columns) -> String {
    let cell = |item: &Value, pointer: &str| match at(item, pointer) {
        Value::Array(items) => items.len().to_string(),
        value => shown(value),
    };
    let head = columns.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let rows = items.iter().map(|item| columns.iter().map(|(_, at)| cell(item, at)).collect());
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..columns.len()).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Lines of a name and a value.
fn card(answer: &Value, lines: Columns) -> String {
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    lines.iter().map(|(name, pointer)| format!("{name:<width$}  {}\n", shown(at(answer, pointer)))).collect()
}

/// The server and its worlds.
pub(super) fn status(answer: &Value, _: bool) -> String {
    let [name, version, endpoint] = ["name", "version", "endpoint"].map(|field| shown(&answer[field]));
    let columns: Columns = &[
        ("WORLD", "/world"),
        ("ACCOUNTS", "/accounts"),
        ("CALLS", "/requests"),
        ("REFUSED", "/refused"),
        ("ENDPOINT", "/endpoint"),
    ];
    let worlds = table(answer["worlds"].as_array().map_or(&[], Vec::as_slice), columns);
    format!("{name} {version} at {endpoint}\n{worlds}")
}

/// A new key.
pub(super) fn keys(answer: &Value, _: bool) -> String {
    card(answer, &[("AccessKeyId", "/accessKeyId"), ("secret", "/accessKeySecret")])
}

/// Both clocks, and what became due.
pub(super) fn clock(answer: &Value, _: bool) -> String {
    let mut out = String::new();
    for name in ["resource", "gateway"] {
        let clock = &answer[name];
        let _ = writeln!(out, "{name:<8}  {}  {}", shown(&clock["now"]), shown(&clock["run"]));
    }
    for due in answer["fellDue"].as_array().into_iter().flatten() {
        let _ = writeln!(out, "due       {}  {}", shown(&due["at"]), shown(&due["what"]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_is_aligned_and_counts_lists() {
        let rows = [json!({"a": "x", "b": [1, 2]}), json!({"a": "longer", "b": true})];
        assert_eq!(table(&rows, &[("A", "/a"), ("B", "/b")]), "A       B\nx       2\nlonger  yes\n");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(shown(&json!("a\u{1b}[2Jb\n")), "a\\u{1b}[2Jb\\n");
        assert_eq!(shown(&json!([{"name": "x"}, {"name": "y"}])), "x, y");
        assert_eq!(shown(&json!([])), "-");
    }
}
