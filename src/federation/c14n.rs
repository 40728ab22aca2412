//! Exclusive canonical XML: the canonical text of an element, from which its digest is computed.
//!
//! Source: W3C Exclusive XML Canonicalization 1.0; W3C Canonical XML 1.0, section 2.3.

use crate::federation::dom::{Document, ElementId, Name, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Algorithm: exclusive canonicalization without comments. The variant with comments has the suffix `WithComments`.
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Options of the canonical text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Exclusive {
    /// True to include comments.
    pub(crate) comments: bool,
    /// Prefixes whose declarations are written even if no visible name uses them. An empty prefix is the default namespace.
    pub(crate) inclusive: BTreeSet<String>,
}

impl Exclusive {
    /// Canonical text of the element `apex` and its content, without the element `except`.
    pub(crate) fn render(&self, document: &Document, apex: ElementId, except: Option<ElementId>) -> String {
        let mut writer = Writer { document, method: self, except, written: Vec::new(), out: String::new() };
        writer.element(apex, true);
        writer.out
    }
}

struct Writer<'a> {
    document: &'a Document,
    method: &'a Exclusive,
    except: Option<ElementId>,
    /// Declarations written by the open elements.
    written: Vec<(&'a str, &'a str)>,
    out: String,
}

impl<'a> Writer<'a> {
    /// Recursion is as deep as the document; the reader limits that depth.
    fn element(&mut self, id: ElementId, is_apex: bool) {
        let document = self.document;
        let element = &document[id];
        let before = self.written.len();
        self.out.push('<');
        self.name(&element.name);
        for (prefix, namespace) in self.needed(id, is_apex) {
            let written = self.written.iter().rev().find(|(known, _)| *known == prefix);
            if written.map_or("", |(_, namespace)| namespace) == namespace {
                continue;
            }
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(prefix);
            self.value(namespace);
            self.written.push((prefix, namespace));
        }
        for (name, value) in &element.attributes {
            self.out.push(' ');
            self.name(name);
            self.value(value);
        }
        self.out.push('>');
        for node in &element.children {
            match node {
                Node::Element(child) if Some(*child) == self.except => {}
                Node::Element(child) => self.element(*child, false),
                Node::Text(text) => self.out.push_str(&escape_text(text)),
                Node::Comment(text) if self.method.comments => {
                    let _ = write!(self.out, "<!--{text}-->");
                }
                Node::Comment(_) => {}
                Node::Instruction(text) => {
                    let _ = write!(self.out, "<?{text}?>");
                }
            }
        }
        self.out.push_str("</");
        self.name(&element.name);
        self.out.push('>');
        self.written.truncate(before);
    }

    fn name(&mut self, name: &Name) {
        if !name.prefix.is_empty() {
            self.out.push_str(&name.prefix);
            self.out.push(':');
        }
        self.out.push_str(&name.local);
    }

    fn value(&mut self, value: &str) {
        let _ = write!(self.out, "=\"{}\"", escape_attribute(value));
    }

    /// Namespace bindings needed at an element: those that its names use, and those in `inclusive`. Below the apex, the second kind changes
    /// only at declarations.
    fn needed(&self, id: ElementId, is_apex: bool) -> BTreeMap<&'a str, &'a str> {
        let (document, method) = (self.document, self.method);
        let element = &document[id];
        let prefixed = element.attributes.iter().map(|(name, _)| name).filter(|name| !name.prefix.is_empty());
        let mut needed: BTreeMap<&str, &str> = std::iter::once(&element.name)
            .chain(prefixed)
            .map(|name| (name.prefix.as_str(), &*name.namespace))
            .collect();
        if is_apex {
            let bound =
                method.inclusive.iter().map(|prefix| (prefix.as_str(), document.in_scope(id, prefix)));
            needed.extend(bound.filter_map(|(prefix, namespace)| Some((prefix, namespace?))));
        } else {
            let declared =
                element.declarations.iter().filter(|(prefix, _)| method.inclusive.contains(prefix));
            needed.extend(declared.map(|(prefix, namespace)| (prefix.as_str(), &**namespace)));
        }
        // The prefix `xml` is predefined and never written.
        needed.remove("xml");
        needed
    }
}

/// Text escaped for element content. Source: W3C Canonical XML 1.0, section 2.3.
pub(crate) fn escape_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;")
}

/// Text escaped for attribute values. Source: W3C Canonical XML 1.0, section 2.3.
pub(crate) fn escape_attribute(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
        .replace('\t', "&#x9;")
        .replace('\n', "&#xA;")
        .replace('\r', "&#xD;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn canonical(xml: &str, apex: &str, comments: bool, inclusive: &[&str]) -> String {
        let document = Document::parse(xml).unwrap();
        let apex = document.ids().find(|id| document.attribute(*id, "apex") == Some(apex));
        let inclusive =
            inclusive.iter().map(|prefix| prefix.trim_start_matches("#default").to_owned()).collect();
        Exclusive { comments, inclusive }.render(&document, apex.unwrap_or(Document::ROOT), None)
    }

    /// 160 documents, written by lxml (libxml2): tests/data/federation/make.py.
    #[test]
    fn libxml2_writes_the_same() {
        let cases = include_str!("../../tests/data/federation/c14n.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        for case in cases.as_array().unwrap() {
            let inclusive: Vec<_> =
                case["inclusive"].as_array().unwrap().iter().map(|prefix| prefix.as_str().unwrap()).collect();
            let (xml, comments) = (case["xml"].as_str().unwrap(), case["comments"].as_bool().unwrap());

            let written = canonical(xml, &case["apex"].to_string(), comments, &inclusive);

            assert_eq!(written, case["canonical"].as_str().unwrap(), "{xml}");
        }
    }

    /// W3C Exclusive XML Canonicalization 1.0, section 2.2: the parent of an element does not change its canonical text.
    #[test]
    fn what_surrounds_an_element_does_not_matter() {
        let first = r#"<n0:pdu xmlns:n0="http://a.example"><n1:elem2 apex="1" xmlns:n1="http://b.example">content</n1:elem2></n0:pdu>"#;
        let second = r#"<n2:pdu xmlns:n1="http://b.example" xmlns:n2="http://c.example" xml:lang="fr" xml:space="retain"><n1:elem2 apex="1">content</n1:elem2></n2:pdu>"#;

        let written = r#"<n1:elem2 xmlns:n1="http://b.example" apex="1">content</n1:elem2>"#;
        assert_eq!(canonical(first, "1", true, &[]), written);
        assert_eq!(canonical(second, "1", true, &[]), written);
    }

    #[test]
    fn listed_prefixes_are_written_where_an_ancestor_declared_them() {
        let xml = r#"<a xmlns="u:0" xmlns:p="u:1" xmlns:q="u:2"><x:b xmlns:x="u:x" apex="1"><c xmlns:p="u:3" xmlns=""/></x:b></a>"#;

        assert_eq!(
            canonical(xml, "1", false, &["p", "#default", "absent"]),
            r#"<x:b xmlns="u:0" xmlns:p="u:1" xmlns:x="u:x" apex="1"><c xmlns="" xmlns:p="u:3"></c></x:b>"#
        );
    }

    #[test]
    fn an_excepted_element_leaves_its_surroundings() {
        let document = Document::parse("<a> <b>x</b> <c/></a>").unwrap();
        let b = document.children(Document::ROOT).next();

        assert_eq!(Exclusive::default().render(&document, Document::ROOT, b), "<a>  <c></c></a>");
    }
}
