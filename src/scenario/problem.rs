//! Problems of a text: message, position, and display for people.

use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::path::Path;

/// Maximum number of problems in a report; checks stop after one more.
const MOST_PROBLEMS: usize = 100;
/// Maximum characters of a word in backticks, and of a whole message.
const MOST_QUOTED: usize = 120;
const MOST_MESSAGE: usize = 2000;
/// Maximum number of known names to compare with a word, and to list in a message.
const MOST_COMPARED: usize = 5000;
const MOST_LISTED: usize = 60;

/// A range in a line, counted from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line number.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Length; the part after the end of the line is not shown.
    pub length: usize,
}

impl Place {
    /// Start of a text.
    pub(super) const START: Self = Self { line: 1, column: 1, length: 1 };
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Position.
    pub place: Place,
    /// Error message.
    pub message: String,
}

/// Collected problems: the first hundred.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    problems: Vec<Problem>,
    /// More problems exist.
    more: bool,
}

impl Problems {
    /// Adds a problem, with a message of limited length.
    pub(crate) fn add(&mut self, place: Place, message: &str) {
        self.more |= self.problems.len() == MOST_PROBLEMS;
        if !self.more {
            self.problems.push(Problem { place, message: shortened(message) });
        }
    }

    /// Adds the problems of another part of the text.
    pub(crate) fn extend(&mut self, other: Self) {
        for Problem { place, message } in other.problems {
            self.add(place, &message);
        }
        self.more |= other.more;
    }

    /// Returns `true` if no more problems are added, so that callers can stop checking.
    pub(crate) fn is_full(&self) -> bool {
        self.more
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.problems.len()
    }

    /// Returns the positions of all problems.
    pub(crate) fn places(&self) -> BTreeSet<Place> {
        self.problems.iter().map(|problem| problem.place).collect()
    }
}

/// Shortens a message and each word in backticks.
pub(crate) fn shortened(message: &str) -> String {
    if message.len() <= MOST_QUOTED {
        return message.to_owned();
    }
    let mut short = String::new();
    for (number, part) in message.split('`').enumerate() {
        if number > 0 {
            short.push('`');
        }
        match part.char_indices().nth(MOST_QUOTED) {
            Some((end, _)) if number % 2 == 1 => {
                short.push_str(&part[..end]);
                short.push_str("...");
            }
            _ => short.push_str(part),
        }
        if let Some((end, _)) = short.char_indices().nth(MOST_MESSAGE) {
            short.truncate(end);
            short.push_str("...");
            break;
        }
    }
    short
}

/// Problems of a text, in the order of its lines.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct NotAScenario {
    text: String,
    problems: Vec<Problem>,
    /// More problems exist.
    more: bool,
}

/// Maximum shown characters of a line.
const WIDTH: usize = 100;

const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const BLUE: &str = "\x1b[1;34m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

impl NotAScenario {
    pub(crate) fn new(text: &str, problems: Problems) -> Self {
        let Problems { mut problems, more } = problems;
        problems.sort_by_key(|problem| problem.place);
        problems.dedup();
        Self { text: text.to_owned(), problems, more }
    }

    /// Returns the problems, a hundred at most.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns each problem in one line: position and message, without the text around it.
    pub fn brief(&self) -> Vec<String> {
        let brief = |Problem { place, message }: &Problem| {
            format!("line {} column {}: {message}", place.line, place.column)
        };
        let more = self.more.then(|| "and more".to_owned());
        self.problems.iter().map(brief).chain(more).collect()
    }

    /// Formats the problems with their lines, for the file name `file`, with or without colour.
    pub fn shown(&self, file: Option<&Path>, colour: bool) -> String {
        let paint = |code: &'static str| if colour { code } else { "" };
        let mut lines = Lines::of(&self.text);
        let red = (paint(RED), "error");
        let shown = self.problems.iter().map(|problem| show(problem, red, &mut lines, file, &paint));
        let mut shown = shown.collect::<Vec<_>>().join("\n\n");
        if self.problems.len() > 1 {
            let file = file.map_or_else(|| "the text".to_owned(), |file| file.display().to_string());
            let more = if self.more { ", and more" } else { "" };
            let _ = write!(shown, "\n\n{} problems in {file}{more}", self.problems.len());
        }
        shown
    }
}

/// Formats a warning about a text, with its line.
pub(crate) fn shown_warning(text: &str, warning: &Problem, file: &Path, colour: bool) -> String {
    let paint = |code: &'static str| if colour { code } else { "" };
    show(warning, (paint(YELLOW), "warning"), &mut Lines::of(text), Some(file), &paint)
}

/// Returns the lines of a text as YAML defines them: a carriage return ends a line, too.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('\r'))
}

/// Lines of a text by number, with the last used column. Problems are shown from first to last, so each search starts
/// at the previous position.
struct Lines<'a> {
    all: Vec<&'a str>,
    /// Line, column and byte offset of the last search.
    cursor: (usize, usize, usize),
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { all: lines(text).collect(), cursor: (0, 0, 0) }
    }

    /// Returns the line with this number, counted from 1.
    fn get(&self, number: usize) -> Option<&'a str> {
        self.all.get(number.checked_sub(1)?).copied()
    }

    /// Returns the line without its first `skipped` characters.
    fn from(&mut self, number: usize, skipped: usize) -> &'a str {
        let line = self.get(number).unwrap_or_default();
        let (column, byte) = match self.cursor {
            (same, column, byte) if same == number && column <= skipped => (column, byte),
            _ => (0, 0),
        };
        let at = line[byte..].char_indices().nth(skipped - column).map_or(line.len(), |(at, _)| byte + at);
        if at < line.len() {
            self.cursor = (number, skipped, at);
        }
        &line[at..]
    }
}

/// Returns the start of a line without characters that would break the columns, and `true` if more follows.
fn cut(line: &str) -> (String, bool) {
    let end = line.char_indices().nth(WIDTH).map(|(end, _)| end);
    (line[..end.unwrap_or(line.len())].replace('\t', " ").trim_end().to_owned(), end.is_some())
}

fn show(
    Problem { place, message }: &Problem,
    (red, word): (&str, &str),
    lines: &mut Lines<'_>,
    file: Option<&Path>,
    paint: &dyn Fn(&'static str) -> &'static str,
) -> String {
    let (blue, bold, plain) = (paint(BLUE), paint(BOLD), paint(PLAIN));
    let Place { line, column, length } = *place;
    let file = file.map_or_else(String::new, |file| format!("{}:", file.display()));
    let gutter = line.to_string().len();
    // Of a very long line, such as JSON in one line, only the part around the position is shown.
    let is_long = lines.get(line).is_some_and(|text| text.chars().nth(WIDTH).is_some());
    let skipped = if is_long { column.saturating_sub(1 + WIDTH / 3) } else { 0 };
    let dots = |shown: bool| if shown { "..." } else { "" };
    let mut out = format!(
        "{red}{word}:{plain} {bold}line {line} column {column}: {message}{plain}\n\
         {:gutter$}{blue}-->{plain} {file}{line}:{column}\n{:gutter$} {blue}|{plain}",
        "", ""
    );
    let before = lines.get(line - 1).filter(|text| !is_long && !text.trim().is_empty());
    if let Some((before, more)) = before.map(cut) {
        let _ = write!(out, "\n{blue}{:>gutter$} |{plain} {before}{}", line - 1, dots(more));
    }
    let (text, more) = cut(lines.from(line, skipped));
    let text = format!("{}{text}{}", dots(skipped > 0), dots(more));
    let _ = write!(out, "\n{blue}{line} |{plain} {text}");
    let start = column - 1 - skipped + dots(skipped > 0).len();
    let lead: usize = text.chars().take(start).map(width).sum();
    let lead = lead + start.saturating_sub(text.chars().count());
    let marked: usize = text.chars().skip(start).take(length).map(width).sum();
    let _ =
        write!(out, "\n{:gutter$} {blue}|{plain} {:lead$}{red}{}{plain}", "", "", "^".repeat(marked.max(1)));
    out
}

/// Returns the width of a character in terminal cells: two for East Asian characters.
fn width(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}');
    1 + usize::from(wide)
}

/// Output of a failed test.
impl fmt::Debug for NotAScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}\n")
    }
}

impl fmt::Display for NotAScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(None, false))
    }
}

/// Returns the name in `known` that is most similar to `word`. Skips very long words, and compares only the first names
/// of a long list.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > MOST_QUOTED {
        return None;
    }
    let bare = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let word = bare(word);
    let count = word.chars().count();
    let limit = (count / 3).max(1);
    let score = |one: &str| {
        if one.len() > 4 * MOST_QUOTED {
            return None;
        }
        let one = bare(one);
        let begins = word.len() >= 3 && one.starts_with(&word);
        // Each additional character counts as a difference.
        if !begins && one.chars().count().abs_diff(count) > limit {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&one, &word);
        (distance <= limit || begins).then_some(distance)
    };
    known
        .into_iter()
        .take(MOST_COMPARED)
        .filter_map(|one| Some((score(one)?, one)))
        .min_by_key(|(score, _)| *score)
        .map(|(_, one)| one)
}

/// Returns advice about a value that is not in a closed list: the list, and the most similar value.
pub(crate) fn choice<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let near = nearest(word, known.clone()).map(|near| format!("; did you mean `{near}`?"));
    listed(known) + &near.unwrap_or_default()
}

/// Returns advice about an unknown word: the most similar name, or the list of names.
pub(crate) fn advice<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(word, known.clone()) {
        return format!(", did you mean `{near}`?");
    }
    listed(known)
}

fn listed<'a>(known: impl IntoIterator<Item = &'a str>) -> String {
    match &*known.into_iter().take(MOST_LISTED + 1).map(|one| format!("`{one}`")).collect::<Vec<_>>() {
        [] => String::new(),
        [one] => format!(", expected {one}"),
        all if all.len() > MOST_LISTED => {
            format!(", expected one of {} and others", all[..MOST_LISTED].join(", "))
        }
        all => format!(", expected one of {}", all.join(", ")),
    }
}
