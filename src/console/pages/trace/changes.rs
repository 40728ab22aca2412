//! The difference that a request made to the state of its world, in the words of scenario files.

use crate::console::visit::Visit;
use crate::scenario::difference::{Difference, of_change};
use crate::world::State;
use crate::world::account::Account;
use crate::world::journal::Record;
use std::sync::Arc;

/// Differences on the page at most.
const SHOWN: usize = 100;
/// Accounts and users that are compared without being asked for. More take longer than a page may.
const QUICK: usize = 500;
/// Bytes of a value on the page at most.
const LONGEST: usize = 2_000;

/// The change of a request.
pub(super) struct Changes {
    pub(super) from: u64,
    pub(super) to: u64,
    /// `None` if the states are not kept, or if the difference waits for `page`.
    pub(super) lines: Option<Vec<Line>>,
    /// Address of the page with the difference, which takes a while.
    pub(super) page: Option<String>,
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
    let states = v.world.change_of(record);
    let is_asked = v.query.given("diff").is_some();
    let page = states.as_ref().filter(|states| !is_asked && size(states) > QUICK);
    let page = page.map(|_| v.at(&format!("/requests/{}?diff=1", record.ids.request_id())));
    let states = states.filter(|_| page.is_none());
    let found = states.map(|states| of_change(&v.world, &states, record.at));
    let omitted = found.as_ref().map_or(0, |found| found.len().saturating_sub(SHOWN));
    let lines = found.map(|found| found.iter().take(SHOWN).map(line).collect());
    Some(Changes { from: to - 1, to, lines, page, omitted })
}

/// Returns how much a comparison has to read: accounts, and the users of those that differ.
fn size([before, after]: &[Arc<State>; 2]) -> usize {
    let is_other =
        |one: &&Arc<Account>| before.accounts.get(&one.uid).is_none_or(|old| !Arc::ptr_eq(old, one));
    let users = after.accounts.values().filter(is_other).map(|account| account.users.len());
    after.accounts.len() + users.sum::<usize>()
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
