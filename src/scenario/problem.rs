//! What is wrong with a text, where it stands, and how it is shown to people.

use std::fmt::{self, Write};
use std::path::Path;

/// A stretch of a line, counted from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the line.
    pub line: usize,
    /// Where in it the stretch starts.
    pub column: usize,
    /// How long it is; what goes past the end of the line is not shown.
    pub length: usize,
}

impl Place {
    /// The start of a text.
    pub(super) const START: Self = Self { line: 1, column: 1, length: 1 };
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, in words.
    pub message: String,
}

/// Everything that is wrong with a text, in the order of its lines.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct NotAScenario {
    text: String,
    problems: Vec<Problem>,
}

/// How much of a long line is shown.
const WIDTH: usize = 100;

const RED: &str = "\x1b[1;31m";
const BLUE: &str = "\x1b[1;34m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

impl NotAScenario {
    pub(super) fn new(text: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.place);
        problems.dedup();
        Self { text: text.to_owned(), problems }
    }

    /// Each problem.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Each problem on a line of its own: where and what, without the text around it.
    pub fn brief(&self) -> Vec<String> {
        let brief = |Problem { place, message }: &Problem| {
            format!("line {} column {}: {message}", place.line, place.column)
        };
        self.problems.iter().map(brief).collect()
    }

    /// All problems with the lines they stand in, as of `file`, with or without colour.
    pub fn shown(&self, file: Option<&Path>, colour: bool) -> String {
        let paint = |code: &'static str| if colour { code } else { "" };
        let shown = self.problems.iter().map(|problem| self.show(problem, file, &paint));
        let mut shown = shown.collect::<Vec<_>>().join("\n\n");
        if self.problems.len() > 1 {
            let file = file.map_or_else(|| "the text".to_owned(), |file| file.display().to_string());
            let _ = write!(shown, "\n\n{} problems in {file}", self.problems.len());
        }
        shown
    }

    fn show(
        &self,
        Problem { place, message }: &Problem,
        file: Option<&Path>,
        paint: &dyn Fn(&'static str) -> &'static str,
    ) -> String {
        let (red, blue, bold, plain) = (paint(RED), paint(BLUE), paint(BOLD), paint(PLAIN));
        let Place { line, column, length } = *place;
        let file = file.map_or_else(String::new, |file| format!("{}:", file.display()));
        let gutter = line.to_string().len();
        let source = |number: usize| self.text.lines().nth(number.checked_sub(1)?);
        // A line far too long, as of JSON on one line, is shown around the place alone.
        let is_long = source(line).is_some_and(|text| text.chars().count() > WIDTH);
        let skipped = if is_long { column.saturating_sub(1 + WIDTH / 3) } else { 0 };
        let dots = if skipped > 0 { "..." } else { "" };
        let cut = |text: &str| {
            let shown: String = text.chars().skip(skipped).take(WIDTH).collect();
            let more = if text.chars().count() > skipped + WIDTH { "..." } else { "" };
            format!("{dots}{}{more}", shown.replace('\t', " ").trim_end())
        };
        let mut out = format!(
            "{red}error:{plain} {bold}line {line} column {column}: {message}{plain}\n\
             {:gutter$}{blue}-->{plain} {file}{line}:{column}\n{:gutter$} {blue}|{plain}",
            "", ""
        );
        let before = source(line - 1).filter(|text| !is_long && !text.trim().is_empty());
        if let Some(before) = before {
            let _ = write!(out, "\n{blue}{:>gutter$} |{plain} {}", line - 1, cut(before));
        }
        let text = cut(source(line).unwrap_or_default());
        let _ = write!(out, "\n{blue}{line} |{plain} {text}");
        let start = column - 1 - skipped + dots.len();
        let lead: usize = text.chars().take(start).map(width).sum();
        let lead = lead + start.saturating_sub(text.chars().count());
        let marked: usize = text.chars().skip(start).take(length).map(width).sum();
        let _ = write!(
            out,
            "\n{:gutter$} {blue}|{plain} {:lead$}{red}{}{plain}",
            "",
            "",
            "^".repeat(marked.max(1))
        );
        out
    }
}

/// How many cells of a terminal a character takes: two for those of East Asia.
fn width(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}');
    1 + usize::from(wide)
}

/// What a test shows that did not expect it.
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

/// The one of `known` that `word` is most likely meant to be.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bare = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let word = bare(word);
    let limit = (word.chars().count() / 3).max(1);
    let score = |one: &str| {
        let one = bare(one);
        let begins = word.len() >= 3 && one.starts_with(&word);
        let distance = strsim::damerau_levenshtein(&one, &word);
        (distance <= limit || begins).then_some(distance)
    };
    known
        .into_iter()
        .filter_map(|one| Some((score(one)?, one)))
        .min_by_key(|(score, _)| *score)
        .map(|(_, one)| one)
}

/// What to say of a word that is none of `known`: which was meant, or which there are.
pub(crate) fn advice<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(word, known.clone()) {
        return format!(", did you mean `{near}`?");
    }
    match &*known.into_iter().map(|one| format!("`{one}`")).collect::<Vec<_>>() {
        [] => String::new(),
        [one] => format!(", expected {one}"),
        all => format!(", expected one of {}", all.join(", ")),
    }
}
