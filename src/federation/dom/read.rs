//! Reads XML into the tree. Rejects XML that is not well formed or not supported.

use super::{Document, Element, ElementId, Name, Node};
use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesPI, BytesStart, Event};
use std::rc::Rc;

/// Maximum nesting of elements. Real responses have about ten levels.
const MAX_DEPTH: usize = 100;
/// Maximum number of attributes of an element, and of namespace bindings in scope.
const MAX_NAMES: usize = 100;
/// Maximum length of a namespace name. Canonical text repeats it at each use.
const MAX_NAMESPACE: usize = 1000;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

impl Document {
    /// Parses a document. The error text says what is wrong.
    pub(crate) fn parse(xml: &str) -> Result<Self, String> {
        let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
        if let Some(bad) = xml.chars().find(|c| !is_char(*c)) {
            return Err(format!("U+{:04X} is not a character of XML", u32::from(bad)));
        }
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().check_comments = true;
        let mut builder = Builder::default();
        let mut is_first = true;
        loop {
            let event =
                reader.read_event().map_err(|why| format!("at byte {}: {why}", reader.error_position()))?;
            match event {
                Event::Decl(declaration) if is_first => check(&declaration)?,
                Event::Decl(_) => return Err("the XML declaration is not at the beginning".to_owned()),
                Event::DocType(_) => return Err("document types are not supported".to_owned()),
                // An empty element is reported as a start and an end.
                Event::Start(start) | Event::Empty(start) => builder.open(&start)?,
                Event::End(_) => builder.close(),
                Event::CData(_) | Event::GeneralRef(_) if builder.open.is_empty() => {
                    return Err("text outside the root element".to_owned());
                }
                Event::Text(text) if text.contains("]]>") => return Err("`]]>` in text".to_owned()),
                Event::Text(text) => builder.text(&text.xml10_content())?,
                Event::CData(text) => builder.text(&text.xml10_content())?,
                Event::GeneralRef(name) => builder.text(reference(&name)?.encode_utf8(&mut [0; 4]))?,
                Event::Comment(text) => builder.push(Node::Comment(text.xml10_content().into_owned())),
                Event::PI(instruction) => builder.push(Node::Instruction(target_and_data(&instruction)?)),
                Event::Eof => return builder.finish(),
            }
            is_first = false;
        }
    }
}

#[derive(Default)]
struct Builder {
    elements: Vec<Element>,
    /// Open elements, with the number of bindings in scope before each.
    open: Vec<(ElementId, usize)>,
    scope: Vec<(String, Rc<str>)>,
}

impl Builder {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        if self.open.is_empty() && !self.elements.is_empty() {
            return Err("more than one root element".to_owned());
        }
        if self.open.len() == MAX_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_DEPTH} levels"));
        }
        if !is_spaced(start.attributes_raw()) {
            return Err(format!("the attributes of <{}> have no space between them", start.name().0));
        }
        let before = self.scope.len();
        let (mut plain, mut declarations) = (Vec::new(), Vec::new());
        for (number, attribute) in start.attributes().enumerate() {
            let attribute = attribute.map_err(|why| format!("attributes of <{}>: {why}", start.name().0))?;
            if number == MAX_NAMES {
                return Err(format!("an element has more than {MAX_NAMES} attributes"));
            }
            let value = normalized(&attribute.value)?;
            let (prefix, local) = split(attribute.key.0)?;
            match (prefix, local) {
                ("", "xmlns") => declarations.push(declaration("", &value)?),
                ("xmlns", prefix) => declarations.push(declaration(prefix, &value)?),
                _ => plain.push((prefix, local, value)),
            }
        }
        self.scope.extend(declarations.iter().cloned());
        if self.scope.len() > MAX_NAMES {
            return Err(format!("more than {MAX_NAMES} namespaces are in scope at one element"));
        }

        let (prefix, local) = split(start.name().0)?;
        let name = Name::new(prefix, local, self.namespace(prefix)?);
        let mut attributes = Vec::with_capacity(plain.len());
        for (prefix, local, value) in plain {
            let namespace = if prefix.is_empty() { "".into() } else { self.namespace(prefix)? };
            attributes.push((Name::new(prefix, local, namespace), value));
        }
        attributes.sort_by(|(a, _), (b, _)| (&a.namespace, &a.local).cmp(&(&b.namespace, &b.local)));
        let same = |pair: &[(Name, String)]| {
            (&pair[0].0.namespace, &pair[0].0.local) == (&pair[1].0.namespace, &pair[1].0.local)
        };
        if attributes.windows(2).any(same) {
            return Err(format!("<{}> has the same attribute twice", start.name().0));
        }

        let id = ElementId(self.elements.len());
        let parent = self.open.last().map(|(parent, _)| *parent);
        self.push(Node::Element(id));
        self.open.push((id, before));
        self.elements.push(Element { parent, name, attributes, declarations, children: Vec::new() });
        Ok(())
    }

    fn close(&mut self) {
        if let Some((_, before)) = self.open.pop() {
            self.scope.truncate(before);
        }
    }

    /// Adds text, to the preceding text if any.
    fn text(&mut self, text: &str) -> Result<(), String> {
        let Some((parent, _)) = self.open.last() else {
            let is_blank = text.chars().all(is_space);
            return if is_blank { Ok(()) } else { Err("text outside the root element".to_owned()) };
        };
        match self.elements[parent.0].children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.push(Node::Text(text.to_owned())),
        }
        Ok(())
    }

    /// Adds a node to the innermost open element. Nodes outside the root are ignored.
    fn push(&mut self, node: Node) {
        if let Some((parent, _)) = self.open.last() {
            self.elements[parent.0].children.push(node);
        }
    }

    fn namespace(&self, prefix: &str) -> Result<Rc<str>, String> {
        let bound = self.scope.iter().rev().find(|(declared, _)| declared == prefix);
        match (bound, prefix) {
            (Some((_, namespace)), _) => Ok(Rc::clone(namespace)),
            (None, "") => Ok("".into()),
            (None, "xml") => Ok(XML.into()),
            (None, _) => Err(format!("the prefix `{prefix}` is not declared")),
        }
    }

    fn finish(self) -> Result<Document, String> {
        match (self.open.last(), self.elements.is_empty()) {
            (Some((id, _)), _) => Err(format!("<{}> has no end tag", self.elements[id.0].name.local)),
            (None, true) => Err("there is no root element".to_owned()),
            (None, false) => Ok(Document { elements: self.elements }),
        }
    }
}

fn check(declaration: &BytesDecl<'_>) -> Result<(), String> {
    if declaration.version().map_err(|why| why.to_string())? != "1.0" {
        return Err("only XML 1.0 is taken".to_owned());
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => Err(format!("the encoding `{name}` is not supported; use UTF-8")),
        Some(Err(why)) => Err(why.to_string()),
    }
}

/// A namespace declaration. Source: W3C Namespaces in XML 1.0, section 3.
fn declaration(prefix: &str, namespace: &str) -> Result<(String, Rc<str>), String> {
    let is_reserved = prefix == "xmlns" || namespace == XMLNS || (prefix == "xml") != (namespace == XML);
    if is_reserved || (namespace.is_empty() && !prefix.is_empty()) {
        return Err(format!("the prefix `{prefix}` cannot be bound to `{namespace}`"));
    }
    if namespace.len() > MAX_NAMESPACE {
        return Err(format!("the name of a namespace is longer than {MAX_NAMESPACE} bytes"));
    }
    Ok((prefix.to_owned(), namespace.into()))
}

/// Prefix and local part of a name.
fn split(name: &str) -> Result<(&str, &str), String> {
    let (prefix, local) = name.split_once(':').map_or((None, name), |(prefix, local)| (Some(prefix), local));
    if is_name(local) && prefix.is_none_or(is_name) {
        Ok((prefix.unwrap_or(""), local))
    } else {
        Err(format!("`{name}` is not a name"))
    }
}

fn target_and_data(instruction: &BytesPI<'_>) -> Result<String, String> {
    let target = instruction.target();
    if !is_name(target) || target.eq_ignore_ascii_case("xml") {
        return Err(format!("`{target}` is not the target of a processing instruction"));
    }
    let data = instruction.content().trim_start_matches(is_space);
    let data = data.replace("\r\n", "\n").replace('\r', "\n");
    Ok(if data.is_empty() { target.to_owned() } else { format!("{target} {data}") })
}

/// Returns `true` if white space or the end follows each attribute value of a tag.
fn is_spaced(attributes: &str) -> bool {
    let mut open = None;
    let mut after_value = false;
    for c in attributes.chars() {
        if after_value && !is_space(c) {
            return false;
        }
        after_value = open == Some(c);
        match open {
            None if matches!(c, '"' | '\'') => open = Some(c),
            Some(_) if after_value => open = None,
            _ => {}
        }
    }
    true
}

/// Value of an attribute with resolved references. Literal line ends and tabs become spaces.
///
/// Source: W3C XML 1.0, section 3.3.3.
fn normalized(raw: &str) -> Result<String, String> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '<', '\t', '\n', '\r']) {
        value.push_str(&rest[..at]);
        let (special, after) = rest[at..].split_at(1);
        rest = after;
        match special {
            "&" => {
                let (name, after) = rest.split_once(';').ok_or("a `&` without `;` in an attribute")?;
                value.push(reference(name)?);
                rest = after;
            }
            "<" => return Err("a `<` in an attribute".to_owned()),
            "\r" => {
                value.push(' ');
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
            _ => value.push(' '),
        }
    }
    value.push_str(rest);
    Ok(value)
}

/// Character of the reference `&name;`. Entities that a document declares are not supported.
///
/// Source: W3C XML 1.0, sections 4.1 and 4.6.
fn reference(name: &str) -> Result<char, String> {
    let number = |digits: &str, radix| {
        let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        is_number.then(|| u32::from_str_radix(digits, radix).ok()).flatten().and_then(char::from_u32)
    };
    let found = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
            (Some(digits), _) => number(digits, 16),
            (None, Some(digits)) => number(digits, 10),
            (None, None) => return Err(format!("entities are not supported: `&{name};`")),
        },
    };
    found.filter(|c| is_char(*c)).ok_or_else(|| format!("`&{name};` is not a character of XML"))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Returns `true` if XML allows this character. Source: W3C XML 1.0, section 2.2.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Returns `true` if this is a name without colon. Source: W3C XML 1.0, section 2.3; W3C Namespaces in XML 1.0, section 3.
fn is_name(name: &str) -> bool {
    let starts = |c: char| {
        matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
            | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
            | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
            | '\u{10000}'..='\u{effff}')
    };
    let continues = |c: char| {
        starts(c)
            || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
    };
    name.starts_with(starts) && name.chars().all(continues)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(xml: &str, why: &str) {
        let said = Document::parse(xml).unwrap_err();
        assert!(said.contains(why), "{said}");
    }

    #[test]
    fn attributes_are_normalized_once() {
        let document = Document::parse("<a b='x\t\r\ny&#10;&amp;lt;&quot;'/>").unwrap();
        assert_eq!(document.attribute(Document::ROOT, "b"), Some("x  y\n&lt;\""));
    }

    #[test]
    fn document_types_and_entities_are_refused() {
        refused("<!DOCTYPE a><a/>", "document types are not supported");
        refused("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document types are not supported");
        refused("<a>&b;</a>", "entities are not supported: `&b;`");
        refused("<a b='&c;'/>", "entities are not supported: `&c;`");
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for xml in [
            "",
            " ",
            "text",
            "<a>",
            "</a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "<a/>&amp;",
            "&#x20;<a/>",
            "<![CDATA[]]><a/>",
            "<a b='1'c='2'/>",
            "<a b='1' b='2'/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
            "<a b='<'/>",
            "<a b='&'/>",
            "<a b=c/>",
            "<a b/>",
            "<a>&</a>",
            "<a>&#0;</a>",
            "<a>&#xD800;</a>",
            "<a>&#+65;</a>",
            "<a>]]></a>",
            "<a>\u{1}</a>",
            "<a>&#1;</a>",
            "<p:a/>",
            "<a p:b=''/>",
            "<a:b:c xmlns:a='u'/>",
            "<a xmlns:p=''/>",
            "<a xmlns:xml='u'/>",
            "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
            "<1a/>",
            "<a\"b/>",
            "<a><!-- -- --></a>",
            " <?xml version='1.0'?><a/>",
            "<?xml version='1.1'?><a/>",
            "<?xml version='1.0' encoding='utf-16'?><a/>",
            "<a><?xml version='1.0'?></a>",
        ] {
            assert!(Document::parse(xml).is_err(), "{xml}");
        }
    }

    #[test]
    fn deep_wide_and_long_documents_are_refused_before_they_cost_anything() {
        refused(&"<a>".repeat(100_000), "deeper than 100 levels");
        refused(&format!("<a {}/>", (0..101).map(|n| format!("b{n}='' ")).collect::<String>()), "attributes");
        refused(&format!("<a xmlns='{}'/>", "u".repeat(1001)), "longer than 1000 bytes");
        let nested: String = (0..60).map(|n| format!("<a xmlns:p{n}='u' xmlns:q{n}='u'>")).collect();
        refused(&nested, "namespaces are in scope");
    }
}
