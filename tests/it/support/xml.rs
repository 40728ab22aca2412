//! Parsed XML.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// An element: its name, the elements inside, and its text when there are none.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub children: Vec<Element>,
    pub text: String,
}

/// The root element of a document.
#[track_caller]
pub fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}")) {
            Event::Start(tag) => {
                assert!(tag.attributes().next().is_none(), "an attribute: {text}");
                open.push(Element { name: tag.name().as_ref().to_owned(), ..Element::default() });
            }
            Event::End(_) => {
                let closed = open.pop().expect("the parser pairs tags");
                let parent = open.last_mut().expect("the parser pairs tags");
                parent.children.push(closed);
            }
            Event::Text(part) => open.last_mut().unwrap().text += &part.xml10_content(),
            Event::CData(part) => open.last_mut().unwrap().text += &part.xml10_content(),
            Event::GeneralRef(part) => {
                let reference = format!("&{};", part.xml10_content());
                open.last_mut().unwrap().text += &quick_xml::escape::unescape(&reference).unwrap();
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?}: {text}"),
        }
    }
    let mut document = open.pop().expect("the document itself stays open");
    assert!(open.is_empty() && document.children.len() == 1, "not one root element: {text}");
    document.children.pop().expect("one root element")
}

/// Converts a document to JSON texts. Repeated names become a list. Use it to find fields, not to compare shapes.
#[track_caller]
pub fn to_json(text: &str) -> Value {
    fn value(element: &Element) -> Value {
        if element.children.is_empty() {
            return element.text.as_str().into();
        }
        let mut fields: Map<String, Value> = Map::new();
        for child in &element.children {
            match fields.get_mut(&child.name) {
                None => drop(fields.insert(child.name.clone(), value(child))),
                Some(Value::Array(items)) => items.push(value(child)),
                Some(one) => *one = vec![one.take(), value(child)].into(),
            }
        }
        fields.into()
    }
    value(&parse(text))
}
