//! Mistakes of policy documents, with their places in the text.

use crate::policy::{Document, Kind, Malformed};
use crate::scenario::problem::{Place, Problem};
use crate::scenario::read_json;
use serde_json::{Value, json};

/// Returns the mistakes that RAM's own check finds in a policy: those of the document itself, or the first of each statement.
pub(crate) fn mistakes(text: &str, kind: Kind) -> Vec<Problem> {
    let told = |why: &Malformed| format!("{}: {why}", why.check.id);
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            let why = Document::parse(text, kind).expect_err("it is no JSON");
            let place = Place { line: error.line().max(1), column: error.column().max(1), length: 1 };
            return vec![Problem { place, message: told(&why) }];
        }
    };
    let tree = read_json(text).0;
    let problem = |why: Malformed| {
        let steps = || why.path.iter().map(String::as_str);
        let place = tree.as_ref().map_or(Place::START, |tree| tree.follow(steps()));
        Problem { place, message: told(&why) }
    };
    errors(&document, kind).into_iter().map(problem).collect()
}

/// Returns the error of the document itself, or the first error of each statement.
fn errors(document: &Value, kind: Kind) -> Vec<Malformed> {
    let refused = |document: &Value| Document::parse(&document.to_string(), kind).err();
    let statements = document["Statement"].as_array().filter(|list| !list.is_empty());
    let Some(statements) = statements else { return refused(document).into_iter().collect() };
    let mut found = Vec::new();
    let mut part = document.clone();
    for (index, statement) in statements.iter().enumerate() {
        part["Statement"] = json!([statement]);
        let Some(mut why) = refused(&part) else { continue };
        let is_of_statement = why.path.first().is_some_and(|step| step == "Statement");
        if let Some(step) = why.path.get_mut(1).filter(|_| is_of_statement) {
            *step = index.to_string();
        }
        found.push(why);
        if !is_of_statement {
            break;
        }
    }
    found
}
