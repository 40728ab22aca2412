//! Parses YAML to a tree whose nodes know their position. JSON is YAML, too.

use crate::scenario::problem::{Place, Problem, Problems, lines};
use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StrInput};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

/// Maximum bytes of a text. The control API accepts less: see docs/limits.md.
const MOST_BYTES: usize = 16 << 20;
/// Maximum bytes of a field name: every path below the field repeats it.
const MOST_NAME: usize = 1024;
/// Maximum levels of lists and mappings, including those from aliases.
const MOST_LEVELS: usize = 64;
/// Maximum number of values and text bytes added by aliases: a few lines can expand to billions.
const MOST_COPIED: Size = Size { values: 100_000, bytes: 4 << 20 };

/// A node of the tree.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) content: Content,
}

/// Content of a node.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// A text. Without quotes, it may also be a number, for example.
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
    /// Returns `true` if the value is missing or `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Returns the text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// Returns the fields of a mapping.
    pub(crate) fn entries(&self) -> &[Entry] {
        if let Content::Map(entries) = &self.content { entries } else { &[] }
    }

    /// Returns the items of a list.
    pub(crate) fn items(&self) -> &[Node] {
        if let Content::List(items) = &self.content { items } else { &[] }
    }

    /// Returns the field `name` of a mapping.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    /// Returns the position that names of fields and numbers of items lead to: of a scalar value, or of the field name otherwise. If a
    /// step does not exist, returns the position before it.
    pub(crate) fn follow<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Place {
        let (mut node, mut place) = (self, self.place);
        for step in path {
            if let Some(entry) = node.entries().iter().find(|entry| entry.name == step) {
                node = &entry.value;
                place = if node.text().is_some() { node.place } else { entry.place };
            } else if let Some(item) = step.parse::<usize>().ok().and_then(|index| node.items().get(index)) {
                (node, place) = (item, item.place);
            }
        }
        place
    }

    /// Returns the position of `path`, `accounts[0].users[1].name`: of a scalar value, or of the field name otherwise.
    /// If the path does not exist, returns the position of its last existing part.
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

/// Parses a text. Adds errors to `problems`; returns no tree if the text is not valid YAML.
pub(crate) fn read(text: &str, problems: &mut Problems) -> Option<Node> {
    if text.len() > MOST_BYTES {
        problems
            .add(Place::START, &format!("the text has {} bytes: {MOST_BYTES} are read at most", text.len()));
        return None;
    }
    let mut options = Options::default();
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader =
        Reader { parser, anchors: BTreeMap::new(), copied: Size::default(), levels: 0, problems };
    match reader.document() {
        Ok(node) => Some(node),
        Err(Problem { mut place, message }) => {
            // An error at the end is shown after the last word.
            let last = lines(text).enumerate().filter(|(_, line)| !line.trim().is_empty()).last();
            if let Some((number, line)) = last.filter(|(number, _)| number + 1 < place.line) {
                place = Place { line: number + 1, column: line.trim_end().chars().count() + 1, length: 1 };
            }
            reader.problems.add(place, &message);
            None
        }
    }
}

/// Size of a part of the text.
#[derive(Debug, Default, Clone, Copy)]
struct Size {
    values: usize,
    /// Bytes of texts and names.
    bytes: usize,
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.values += other.values;
        self.bytes += other.bytes;
    }
}

/// Value of an anchor.
struct Anchor {
    node: Node,
    size: Size,
    /// Nested levels of lists and mappings.
    levels: usize,
}

struct Reader<'a, 'p> {
    parser: Parser<'a, StrInput<'a>>,
    anchors: BTreeMap<usize, Anchor>,
    /// Total size of the copies for anchors and aliases.
    copied: Size,
    /// Number of open lists and mappings.
    levels: usize,
    problems: &'p mut Problems,
}

type Read<T> = Result<T, Problem>;

impl<'a> Reader<'a, '_> {
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
        Ok(root.unwrap_or(Node { place: Place::START, content: Content::Map(Vec::new()) }))
    }

    fn node(&mut self, event: Event<'a>, span: &Span) -> Read<Node> {
        let mut place = place(span);
        let (content, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none_or(|tag| tag.suffix() != "str");
                (Content::Scalar { text: text.into_owned(), plain }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(1, place)?;
                let list = self.list(&mut place)?;
                self.levels -= 1;
                (Content::List(list), anchor)
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(1, place)?;
                let map = self.map(&mut place)?;
                self.levels -= 1;
                (Content::Map(map), anchor)
            }
            Event::Alias(anchor) => return self.alias(anchor, place),
            _ => return Err(Problem { place, message: "this is not understood".to_owned() }),
        };
        let node = Node { place, content };
        if anchor > 0 {
            let (size, levels) = measure(&node);
            self.copy(size, place)?;
            self.anchors.insert(anchor, Anchor { node: node.clone(), size, levels });
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Read<Node> {
        let Some(Anchor { size, levels, .. }) = self.anchors.get(&anchor) else {
            let message = "an alias cannot stand inside of what it names".to_owned();
            return Err(Problem { place, message });
        };
        let (size, levels) = (*size, *levels);
        self.open(levels, place)?;
        self.levels -= levels;
        self.copy(size, place)?;
        Ok(self.anchors[&anchor].node.clone())
    }

    /// Opens this number of levels.
    fn open(&mut self, levels: usize, place: Place) -> Read<()> {
        self.levels += levels;
        if self.levels > MOST_LEVELS {
            return Err(Problem { place, message: too_deep() });
        }
        Ok(())
    }

    /// Counts the size before a copy.
    fn copy(&mut self, size: Size, place: Place) -> Read<()> {
        self.copied += size;
        let Size { values, bytes } = MOST_COPIED;
        if self.copied.values > values || self.copied.bytes > bytes {
            let message =
                format!("anchors and aliases stand for more than {values} values or {bytes} bytes in all");
            return Err(Problem { place, message });
        }
        Ok(())
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
                // A mapping without brackets starts with its first field.
                let first = entries.first().filter(|first| first.place.column == place.column);
                place.length = first.map_or(place.length, |first| first.place.length);
                break;
            }
            let key = self.node(event, &span)?;
            let Content::Scalar { text: name, .. } = key.content else {
                let message = "the name of a field is a word, not a list or a mapping".to_owned();
                return Err(Problem { place: key.place, message });
            };
            if name.len() > MOST_NAME {
                let message = format!("the name of a field has {} bytes: {MOST_NAME} at most", name.len());
                return Err(Problem { place: key.place, message });
            }
            let (event, span) = self.next()?;
            let mut value = self.node(event, &span)?;
            if value.place.length == 0 {
                value.place = key.place;
            }
            if let Some(line) = lines.get(&name) {
                let message = format!("`{name}` is given twice, first in line {line}: leave one out");
                self.problems.add(key.place, &message);
                continue;
            }
            if name != "<<" {
                lines.insert(name.clone(), key.place.line);
            }
            entries.push(Entry { name, place: key.place, value });
        }
        if entries.iter().any(|entry| entry.name == "<<") {
            entries = self.merged(entries);
        }
        Ok(entries)
    }

    /// Merges the fields of `<<`; existing fields have priority.
    fn merged(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let (merges, mut entries): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.name == "<<");
        let mut names: BTreeSet<String> = entries.iter().map(|own| own.name.clone()).collect();
        for merge in merges {
            let from = match merge.value.content {
                Content::List(items) => items,
                _ => vec![merge.value],
            };
            if from.iter().any(|node| !matches!(node.content, Content::Map(_))) {
                self.problems.add(merge.place, "`<<` takes an alias of a mapping, or a list of them");
            }
            for node in from {
                let Content::Map(fields) = node.content else { continue };
                entries.extend(fields.into_iter().filter(|field| names.insert(field.name.clone())));
            }
        }
        entries
    }
}

/// Returns the size of a node and its levels.
fn measure(node: &Node) -> (Size, usize) {
    let mut size = Size { values: 1, bytes: 0 };
    let mut levels = 0;
    let mut add = |value: &Node, name: usize| {
        let (own, below) = measure(value);
        size += own;
        size.bytes += name;
        levels = levels.max(below);
    };
    match &node.content {
        Content::Scalar { text, .. } => size.bytes += text.len(),
        Content::List(items) => items.iter().for_each(|item| add(item, 0)),
        Content::Map(entries) => entries.iter().for_each(|entry| add(&entry.value, entry.name.len())),
    }
    (size, levels + usize::from(!matches!(node.content, Content::Scalar { .. })))
}

fn too_deep() -> String {
    format!("lists and mappings stand more than {MOST_LEVELS} levels deep in each other")
}

fn place(span: &Span) -> Place {
    Place { line: span.start.line().max(1), column: span.start.col() + 1, length: span.len() }
}

/// Marks a whole list or mapping in brackets if it ends in its line; otherwise marks only its start.
fn widen(place: &mut Place, end: &Span) {
    let closes = end.end.line() == place.line && end.len() == 1;
    place.length = if closes { end.end.col() + 1 - place.column } else { 1 };
}

/// Converts an error of the YAML parser to a message with advice.
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
        ErrorKind::RecursionLimitExceeded => too_deep(),
        ErrorKind::UnknownAnchor => "no `&` before this alias gives it a meaning".to_owned(),
        other => format!("this is no YAML: {other}"),
    };
    Problem { place: Place { line: at.line().max(1), column: at.col() + 1, length: 1 }, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(text: &str) -> Node {
        let mut problems = Problems::default();
        let node = read(text, &mut problems).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        node
    }

    fn refused(text: &str, why: &str) {
        let mut problems = Problems::default();
        assert!(read(text, &mut problems).is_none(), "{why}");
        assert!(format!("{problems:?}").contains(why), "{problems:?}");
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
        refused(&text, "more than 100000 values");
    }

    #[test]
    fn aliases_of_one_long_text_do_not_fill_the_memory() {
        let text = format!("a: &a {}\nb: [{}]", "x".repeat(1000), "*a, ".repeat(10_000));
        refused(&text, "or 4194304 bytes");
    }

    #[test]
    fn what_anchors_within_anchors_remember_counts() {
        let text = format!("a: {}{}{}", "&a [".repeat(60), "x".repeat(100_000), "]".repeat(60));
        refused(&text, "or 4194304 bytes");
    }

    #[test]
    fn levels_count_in_brackets_in_lines_and_through_aliases() {
        refused(&("[".repeat(65) + &"]".repeat(65)), "more than 64 levels");
        refused(&(0..65).map(|n| " ".repeat(n) + "a:\n").collect::<String>(), "more than 64 levels");
        let chain: String = (1..65).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
        refused(&format!("a0: &a0 [x]\n{chain}"), "more than 64 levels");
        good(&("[".repeat(64) + &"]".repeat(64)));
    }

    #[test]
    fn a_text_that_is_far_too_long_is_not_read() {
        refused(&" ".repeat(MOST_BYTES + 1), "16777217 bytes");
    }

    #[test]
    fn a_text_without_anything_is_an_empty_mapping() {
        assert!(good("# nothing\n").entries().is_empty() && good("---\n").entries().is_empty());
    }
}
