//! Editor of a policy document: the text, the mistakes of RAM's own check, and a copy of the text in which they are marked.

use crate::console::marked::{self, Line};
use crate::console::pages::ram::form::{Checked, Mistake, Wrong};
use crate::console::visit::{Render, Shown, Visit, part};
use crate::policy::Kind;
use crate::scenario::{Problem, mistakes};
use askama::Template;

/// Mistakes shown at most.
const MOST: usize = 50;

/// The text, and what its check found.
#[derive(Template)]
#[template(path = "ram/editor.html")]
struct Editor<'a> {
    v: &'a Visit<'a>,
    kind: Kind,
    text: &'a str,
    found: Option<String>,
    mistake: &'a Mistake,
}

impl Editor<'_> {
    fn is_trust(&self) -> bool {
        self.kind == Kind::Trust
    }
}

/// Result of the check.
#[derive(Template)]
#[template(path = "ram/editor_check.html")]
struct Found<'a> {
    v: &'a Visit<'a>,
    is_too_long: bool,
    problems: Vec<Problem>,
    lines: Vec<Line>,
}

/// Returns the document that a form sends.
pub(super) fn sent(v: &Visit<'_>) -> String {
    v.form.raw("document").replace("\r\n", "\n")
}

/// Returns `true` if the form asks for the check only.
pub(super) fn is_check(v: &Visit<'_>) -> bool {
    v.form.get("step") == "check"
}

/// Reads the document of a form, by a reader that knows its grammar.
pub(super) fn read<T, E>(v: &Visit<'_>, kind: Kind, parse: impl FnOnce(&str) -> Result<T, E>) -> Checked<T> {
    let text = sent(v);
    let wrong = |text| Wrong::in_field("document", text);
    if text.is_empty() {
        return Err(wrong(v.t.ram.flaw_missing));
    }
    if !kind.admits_length(&text) {
        return Err(wrong(v.t.ram.flaw_length));
    }
    parse(&text).map_err(|_| wrong(v.t.ram.document_wrong))
}

/// Returns the editor as a part of a form. A form that was sent is checked.
pub(super) fn part_of_form(v: &Visit<'_>, kind: Kind, text: &str, mistake: &Mistake) -> String {
    let found = (!v.is_read && !text.is_empty()).then(|| found(v, kind, text));
    Editor { v, kind, text, found, mistake }.html()
}

fn found(v: &Visit<'_>, kind: Kind, text: &str) -> String {
    let is_too_long = !kind.admits_length(text);
    let mut problems = if is_too_long { Vec::new() } else { mistakes(text, kind) };
    problems.truncate(MOST);
    let lines = if problems.is_empty() { Vec::new() } else { marked(text, &problems) };
    Found { v, is_too_long, problems, lines }.html()
}

/// Copies a text with marks at its mistakes. A mistake may be after the last line end.
fn marked(text: &str, problems: &[Problem]) -> Vec<Line> {
    let places: Vec<_> = problems.iter().map(|problem| problem.place).collect();
    marked::copy(text.split('\n'), &places)
}

/// Answers the check of a text while a person types.
pub(crate) fn check(v: &Visit<'_>) -> Shown {
    v.own_account()?;
    let kind = if v.form.get("kind") == "trust" { Kind::Trust } else { Kind::Permission };
    let text = sent(v);
    Ok(part(&Ready { inner: if text.is_empty() { String::new() } else { found(v, kind, &text) } }))
}

/// A part that is rendered already.
#[derive(Template)]
#[template(source = "{{ inner|safe }}", ext = "html")]
struct Ready {
    inner: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_marked_where_they_are_and_nothing_of_the_text_is_lost() {
        let text = "{\n  \"Version\": \"1\",\n  \"Statement\": [{\"Effect\": \"Perhaps\", \"Action\": \"你\", \"Resource\": \"*\"},\n    {\"Effect\": \"Allow\"}]\n}";
        let found = mistakes(text, Kind::Permission);
        let lines = marked(text, &found);

        let joined: Vec<String> =
            lines.iter().map(|line| line.pieces.iter().map(|piece| piece.text.as_str()).collect()).collect();
        let parts = lines.iter().flat_map(|line| line.pieces.iter().map(|piece| (line.number, piece)));
        let marks: Vec<_> =
            parts.filter(|(_, piece)| piece.is_marked).map(|(at, piece)| (at, piece.text.as_str())).collect();

        assert_eq!(joined.join("\n"), text);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(marks, [(3, "\"Perhaps\""), (4, "{\"Effect\": \"Allow\"}")]);
    }

    #[test]
    fn a_text_that_is_no_json_is_marked_at_its_end() {
        for text in ["{", "{\"Version\": \"1\",\n", "\n\n", "你\n}", "]"] {
            let found = mistakes(text, Kind::Trust);
            let lines = marked(text, &found);
            let marks = lines.iter().flat_map(|line| &line.pieces).filter(|piece| piece.is_marked).count();
            assert_eq!((found.len(), marks), (1, 1), "{text:?}: {found:?}");
        }
    }
}
