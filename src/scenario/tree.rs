//! A text of YAML as a tree whose every part knows where it stands. JSON is YAML, too.

use crate::scenario::problem::{Place, Problem};
use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StrInput};
use std::collections::BTreeMap;

/// How many nodes aliases may add: a few lines can name each other into billions.
const COPIES: usize = 100_000;

/// A part of the text.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

/// What a part of the text is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A text; a plain one, without quotes, may also be a number and so on.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A field of a mapping.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) value: Node,
}

impl Node {
    /// Whether nothing stands there, or `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// The fields of a mapping.
    pub(crate) fn entries(&self) -> &[Entry] {
        if let Kind::Map(entries) = &self.kind { entries } else { &[] }
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> &[Node] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// The field `name` of a mapping.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    /// Where `path` stands, `accounts[0].users[1].name`: the value, or the name of the field when the value is more than a
    /// word. Where the path leads out of the tree, it is as far as it leads.
    pub(crate) fn locate(&self, path: &str) -> Place {
        let (mut node, mut place) = (self, self.place);
        for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
            let index = step.strip_suffix(']').and_then(|number| number.parse::<usize>().ok());
            if let Some(item) = index.and_then(|index| node.items().get(index)) {
                (node, place) = (item, item.place);
            } else if let Some(entry) = node.entries().iter().find(|entry| entry.name == step) {
                node = &entry.value;
                place = if node.text().is_some() { node.place } else { entry.place };
            } else {
                break;
            }
        }
        place
    }
}

/// Reads a text. What is wrong with it is added to `problems`; there is no tree when the text cannot be understood.
pub(crate) fn read(text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { parser, anchors: BTreeMap::new(), copied: 0, problems };
    match reader.document() {
        Ok(node) => Some(node),
        Err(mut problem) => {
            // What is missing at the end is shown after the last word.
            let last = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).last();
            if let Some((number, line)) = last.filter(|(number, _)| number + 1 < problem.place.line) {
                let column = line.trim_end().chars().count() + 1;
                problem.place = Place { line: number + 1, column, length: 1 };
            }
            reader.problems.push(problem);
            None
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// What aliases stand for, with the count of its nodes.
    anchors: BTreeMap<usize, (Node, usize)>,
    copied: usize,
    problems: &'a mut Vec<Problem>,
}

type Read<T> = Result<T, Problem>;

impl<'a> Reader<'a> {
    fn next(&mut self) -> Read<(Event<'a>, Span)> {
        match self.parser.next() {
            Some(Ok((event, span))) => Ok((event, span)),
            Some(Err(error)) => Err(syntax(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn document(&mut self) -> Read<Node> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                _ if root.is_some() => {
                    let message = "a second document starts here, and a scenario is one: leave out the `---`";
                    return Err(Problem { place: place(&span), message: message.to_owned() });
                }
                event => root = Some(self.node(event, &span)?),
            }
        }
        let root = root.filter(|root| !root.is_null());
        Ok(root.unwrap_or(Node { place: Place::START, kind: Kind::Map(Vec::new()) }))
    }

    fn node(&mut self, event: Event<'a>, span: &Span) -> Read<Node> {
        let mut place = place(span);
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none_or(|tag| tag.suffix() != "str");
                (Kind::Scalar { text: text.into_owned(), plain }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => (Kind::List(self.list(&mut place)?), anchor),
            Event::MappingStart(_, anchor, _) => (Kind::Map(self.map(&mut place)?), anchor),
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    let message = "an alias cannot stand inside of what it names".to_owned();
                    return Err(Problem { place, message });
                };
                self.copied += size;
                if self.copied > COPIES {
                    let message = format!("aliases stand for more than {COPIES} values in all");
                    return Err(Problem { place, message });
                }
                return Ok(node.clone());
            }
            _ => return Err(Problem { place, message: "this is not understood".to_owned() }),
        };
        let node = Node { place, kind };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size(&node)));
        }
        Ok(node)
    }

    fn list(&mut self, place: &mut Place) -> Read<Vec<Node>> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                widen(place, &span);
                return Ok(items);
            }
            items.push(self.node(event, &span)?);
        }
    }

    fn map(&mut self, place: &mut Place) -> Read<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                widen(place, &span);
                // One without brackets starts with its first field.
                let first = entries.first().filter(|first| first.place.column == place.column);
                place.length = first.map_or(place.length, |first| first.place.length);
                break;
            }
            let key = self.node(event, &span)?;
            let Kind::Scalar { text: name, .. } = key.kind else {
                let message = "the name of a field is a word, not a list or a mapping".to_owned();
                return Err(Problem { place: key.place, message });
            };
            let (event, span) = self.next()?;
            let mut value = self.node(event, &span)?;
            if value.place.length == 0 {
                value.place = key.place;
            }
            if let Some(line) = lines.get(&name) {
                let message = format!("`{name}` is given twice, first in line {line}: leave one out");
                self.problems.push(Problem { place: key.place, message });
                continue;
            }
            if name != "<<" {
                lines.insert(name.clone(), key.place.line);
            }
            entries.push(Entry { name, place: key.place, value });
        }
        Ok(self.merged(entries))
    }

    /// Fields of `<<` stand beside the others, which win.
    fn merged(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let (merges, mut entries): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.name == "<<");
        for merge in merges {
            let from = match merge.value.kind {
                Kind::List(items) => items,
                _ => vec![merge.value],
            };
            if from.iter().any(|node| !matches!(node.kind, Kind::Map(_))) {
                let message = "`<<` takes an alias of a mapping, or a list of them".to_owned();
                self.problems.push(Problem { place: merge.place, message });
            }
            for entry in from.into_iter().flat_map(|node| node.entries().to_vec()) {
                if entries.iter().all(|own| own.name != entry.name) {
                    entries.push(entry);
                }
            }
        }
        entries
    }
}

fn size(node: &Node) -> usize {
    1 + node.items().iter().map(size).sum::<usize>()
        + node.entries().iter().map(|entry| size(&entry.value)).sum::<usize>()
}

fn place(span: &Span) -> Place {
    Place { line: span.start.line().max(1), column: span.start.col() + 1, length: span.len() }
}

/// A list or mapping in brackets that ends in its line is shown whole, any other by its start.
fn widen(place: &mut Place, end: &Span) {
    let closes = end.end.line() == place.line && end.len() == 1;
    place.length = if closes { end.end.col() + 1 - place.column } else { 1 };
}

/// What the YAML parser says, in words that say what to do.
fn syntax(error: &ScanError) -> Problem {
    let at = error.marker();
    let message = match error.kind() {
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
            "a tab stands where YAML wants spaces: indent with spaces alone".to_owned()
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::BlockSequenceEntryNotAllowed => {
            "this does not line up with what it belongs to: fields of one mapping and items of one list start in the same column".to_owned()
        }
        ErrorKind::MappingValueNotAllowed => {
            "a second `:` in this place: put the value in quotes, or start a new line".to_owned()
        }
        ErrorKind::SimpleKeyExpected => "a field needs a `:` and a space after its name".to_owned(),
        ErrorKind::InvalidColonPlacement => {
            "a `:` cannot stand here: a bracket or a quote before it may not be closed".to_owned()
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "expected `,` or the closing bracket here".to_owned()
        }
        ErrorKind::UnclosedFlowCollection { open } => format!("the bracket `{open}` is never closed"),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            format!("the bracket `{open}` is closed by `{close}`")
        }
        ErrorKind::MisplacedFlowCollectionEnd => "this bracket was never opened".to_owned(),
        ErrorKind::UnclosedQuotedScalar => "this quote is never closed".to_owned(),
        ErrorKind::InvalidQuotedScalarIndent => {
            "a quote before this is not closed, or its text goes on in a line that is not indented".to_owned()
        }
        ErrorKind::UnexpectedCharacter { character } => {
            format!("a value cannot start with `{character}`: put it in quotes")
        }
        ErrorKind::UnknownAnchor => "no `&` before this alias gives it a meaning".to_owned(),
        other => format!("this is no YAML: {other}"),
    };
    Problem { place: Place { line: at.line().max(1), column: at.col() + 1, length: 1 }, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(text: &str) -> Node {
        let mut problems = Vec::new();
        let node = read(text, &mut problems).unwrap();
        assert_eq!(problems, []);
        node
    }

    fn at(line: usize, column: usize, length: usize) -> Place {
        Place { line, column, length }
    }

    #[test]
    fn every_part_knows_where_it_stands() {
        let tree = good("a: 1\nlist:\n  - name: x\n    flow: {b: \"two words\"}\n");
        assert_eq!(tree.locate("a"), at(1, 4, 1));
        assert_eq!(tree.locate("list"), at(2, 1, 4));
        assert_eq!(tree.locate("list[0]"), at(3, 5, 4));
        assert_eq!(tree.locate("list[0].name"), at(3, 11, 1));
        assert_eq!(tree.locate("list[0].flow"), at(4, 5, 4));
        assert_eq!(tree.locate("list[0].flow.b"), at(4, 15, 11));
        assert_eq!(tree.locate("list[0].name.nothing[3]"), at(3, 11, 1));
    }

    #[test]
    fn aliases_and_merges_are_filled_in() {
        let tree = good("one: &x {a: 1, b: 2}\ntwo: {<<: *x, b: 3}\nthree: *x");
        let value = |path: [&str; 2]| tree.get(path[0]).unwrap().get(path[1]).unwrap().text().unwrap();
        assert_eq!((value(["two", "a"]), value(["two", "b"]), value(["three", "b"])), ("1", "3", "2"));
    }

    #[test]
    fn aliases_of_aliases_do_not_fill_the_memory() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..9 {
            let before = format!("*a{}, ", n - 1).repeat(10);
            text += &format!("a{n}: &a{n} [{before}]\n");
        }
        let mut problems = Vec::new();
        assert!(read(&text, &mut problems).is_none());
        assert!(problems[0].message.contains("aliases"), "{problems:?}");
    }

    #[test]
    fn a_text_without_anything_is_an_empty_mapping() {
        assert!(good("# nothing\n").entries().is_empty() && good("---\n").entries().is_empty());
    }
}
