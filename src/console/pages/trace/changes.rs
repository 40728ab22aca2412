//! The difference that a request made to the state of its world, in the words of scenario files.

use crate::console::visit::Visit;
use crate::scenario::difference::{Difference, of_change};
use crate::world::journal::Record;

/// Differences on the page at most.
const SHOWN: usize = 100;
/// Bytes of a value on the page at most.
const LONGEST: usize = 2_000;

/// The change of a request.
pub(super) struct Changes {
    pub(super) from: u64,
    pub(super) to: u64,
    /// `None` if the states are not kept.
    pub(super) lines: Option<Vec<Line>>,
    /// Differences that are not on the page.
    pub(super) omitted: usize,
}

/// A difference: `+`, `-` or `~`.
pub(super) struct Line {
    pub(super) sign: char,
    pub(super) text: String,
}

/// Returns the change of a request; `None` if it changed nothing.
pub(super) fn of(record: &Record, v: &Visit<'_>) -> Option<Changes> {
    let to = record.changed?;
    let found = v.world.change_of(record).map(|states| of_change(&v.world, &states, record.at));
    let omitted = found.as_ref().map_or(0, |found| found.len().saturating_sub(SHOWN));
    let lines = found.map(|found| found.iter().take(SHOWN).map(line).collect());
    Some(Changes { from: to - 1, to, lines, omitted })
}

fn line(one: &Difference) -> Line {
    let value = |value: &serde_json::Value| shortened(&value.to_string());
    let (sign, text) = match (&one.was, &one.is) {
        (Some(was), Some(is)) => ('~', format!("{}: {} \u{2192} {}", one.path, value(was), value(is))),
        (Some(was), None) => ('-', format!("{}: {}", one.path, value(was))),
        (None, is) => ('+', format!("{}: {}", one.path, is.as_ref().map(value).unwrap_or_default())),
    };
    Line { sign, text }
}

fn shortened(text: &str) -> String {
    let mut end = LONGEST.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if end == text.len() { text.to_owned() } else { format!("{}\u{2026}", &text[..end]) }
}
