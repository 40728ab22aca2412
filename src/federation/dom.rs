//! Tree of an XML document with resolved namespaces. It rejects what SAML documents do not need (document types, entities, deep nesting).
//! This strictness prevents a document from being read differently than its signer meant it.
//!
//! Source: W3C Extensible Markup Language 1.0 (fifth edition); W3C Namespaces in XML 1.0 (third edition).

mod read;

pub(crate) use read::is_char;

use std::ops::Index;
use std::rc::Rc;

/// Id of an element of a [`Document`], in the order of start tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ElementId(usize);

/// A document: its elements, with the root first.
#[derive(Debug)]
pub(crate) struct Document {
    elements: Vec<Element>,
}

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) parent: Option<ElementId>,
    pub(crate) name: Name,
    /// Attributes without namespace declarations. Invariant: canonical order, by namespace and then by name.
    pub(crate) attributes: Vec<(Name, String)>,
    /// Prefixes and namespaces. An empty text means "no prefix" or "no namespace".
    pub(crate) declarations: Vec<(String, Rc<str>)>,
    pub(crate) children: Vec<Node>,
}

/// Name of an element or attribute. An empty text means no prefix or no namespace.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) prefix: String,
    pub(crate) namespace: Rc<str>,
    pub(crate) local: String,
}

impl Name {
    fn new(prefix: &str, local: &str, namespace: Rc<str>) -> Self {
        Self { prefix: prefix.to_owned(), namespace, local: local.to_owned() }
    }
}

/// Content of an element.
#[derive(Debug)]
pub(crate) enum Node {
    /// An element.
    Element(ElementId),
    /// Text with resolved references. Two texts are never adjacent.
    Text(String),
    /// A comment.
    Comment(String),
    /// A processing instruction: the target, then a space and the data if any.
    Instruction(String),
}

impl Index<ElementId> for Document {
    type Output = Element;

    fn index(&self, id: ElementId) -> &Element {
        &self.elements[id.0]
    }
}

impl Document {
    /// The root element, which every document has.
    pub(crate) const ROOT: ElementId = ElementId(0);

    /// All elements, in the order of start tags.
    pub(crate) fn ids(&self) -> impl Iterator<Item = ElementId> {
        (0..self.elements.len()).map(ElementId)
    }

    /// Returns `true` if the element has this name.
    pub(crate) fn is(&self, id: ElementId, namespace: &str, local: &str) -> bool {
        let name = &self[id].name;
        &*name.namespace == namespace && name.local == local
    }

    /// All elements with this name in the document.
    pub(crate) fn all(&self, namespace: &str, local: &str) -> Vec<ElementId> {
        self.ids().filter(|id| self.is(*id, namespace, local)).collect()
    }

    /// Child elements of an element.
    pub(crate) fn children(&self, id: ElementId) -> impl Iterator<Item = ElementId> {
        self[id]
            .children
            .iter()
            .filter_map(|node| if let Node::Element(id) = node { Some(*id) } else { None })
    }

    /// Child elements with this name.
    pub(crate) fn named(&self, id: ElementId, namespace: &str, local: &str) -> Vec<ElementId> {
        self.children(id).filter(|child| self.is(*child, namespace, local)).collect()
    }

    /// Value of an attribute without a namespace.
    pub(crate) fn attribute(&self, id: ElementId, local: &str) -> Option<&str> {
        let mut attributes = self[id].attributes.iter();
        attributes
            .find(|(name, _)| name.namespace.is_empty() && name.local == local)
            .map(|(_, value)| value.as_str())
    }

    /// Text of an element without child elements, trimmed. Comments do not end the text: a signature over text without comments would not
    /// detect them.
    pub(crate) fn text(&self, id: ElementId) -> Option<String> {
        let mut text = String::new();
        for node in &self[id].children {
            match node {
                Node::Element(_) => return None,
                Node::Text(part) => text.push_str(part),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
        Some(text.trim_ascii().to_owned())
    }

    /// Namespace of a prefix at an element; `None` if the prefix was not declared.
    pub(crate) fn in_scope(&self, id: ElementId, prefix: &str) -> Option<&str> {
        let mut at = Some(id);
        while let Some(id) = at {
            let element = &self[id];
            if let Some((_, namespace)) = element.declarations.iter().find(|(declared, _)| declared == prefix)
            {
                return Some(namespace);
            }
            at = element.parent;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn text_of(xml: &str) -> String {
        let document = Document::parse(xml).unwrap();
        document.text(Document::ROOT).unwrap()
    }

    #[test]
    fn names_are_resolved_where_they_stand() {
        let document = Document::parse(
            r#"<p:a xmlns:p="u:1" xmlns="u:2"><b p:c="1" d="2"/><p:b xmlns:p="u:3"/><e xmlns=""/></p:a>"#,
        )
        .unwrap();

        let names: Vec<_> = document.ids().map(|id| document[id].name.namespace.to_string()).collect();
        assert_eq!(names, ["u:1", "u:2", "u:3", ""]);
        let b = document.named(Document::ROOT, "u:2", "b")[0];
        assert_eq!((document.attribute(b, "d"), document.attribute(b, "c")), (Some("2"), None));
        assert_eq!(document.in_scope(b, "p"), Some("u:1"));
    }

    #[test]
    fn text_is_read_through_comments_and_character_data() {
        assert_eq!(text_of("<a> ad<!-- x -->min<![CDATA[&<]]>&#65;&#x42;&amp;\r\n </a>"), "admin&<AB&");
    }
}
