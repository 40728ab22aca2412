//! `alimock policy lint`: errors of RAM's own check, and warnings, each with its line.

use crate::cli::policy::{kind_of, text};
use crate::cli::{USAGE, fail, log, say};
use crate::policy::{Document, Kind};
use crate::scenario::{Node, NotAScenario, Problem, Problems, mistakes, nearest, read_json, shown_warning};
use crate::services::products;
use crate::text::covers;
use crate::world::account::system;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

pub(super) fn run(files: &[PathBuf], strict: bool) -> Result<ExitCode, String> {
    let colour = std::io::stderr().is_terminal();
    let (mut errors, mut warnings) = (false, false);
    for file in files {
        let text = text(file)?;
        match lint(&text) {
            Err(wrong) => {
                errors = true;
                fail(USAGE, &wrong.shown(Some(file), colour));
            }
            Ok(found) if found.is_empty() => _ = say(format!("ok {}\n", file.display()).as_bytes()),
            Ok(found) => {
                warnings = true;
                for one in &found {
                    warn(&text, one, file, colour);
                }
            }
        }
    }
    Ok(match (errors, warnings && strict) {
        (true, _) => ExitCode::from(USAGE),
        (false, true) => ExitCode::FAILURE,
        (false, false) => ExitCode::SUCCESS,
    })
}

fn warn(text: &str, warning: &Problem, file: &Path, colour: bool) {
    log::say(&format!("{}\n\n", shown_warning(&text.replace('\t', " "), warning, file, colour)));
}

/// Returns the warnings, or the errors: the first of each statement.
fn lint(text: &str) -> Result<Vec<Problem>, NotAScenario> {
    let mut problems = Problems::default();
    let (tree, twice) = read_json(text);
    let mut kind = Kind::Permission;
    if let Ok(document) = serde_json::from_str::<Value>(text) {
        // RAM takes the last of two equal names; nobody means that.
        problems.extend(twice);
        kind = kind_of(&document);
    }
    for Problem { place, message } in mistakes(text, kind) {
        problems.add(place, &message);
    }
    match (Document::parse(text, kind), tree) {
        (Ok(document), Some(tree)) if problems.is_empty() => Ok(warnings(&document, &tree)),
        (Ok(_), _) if problems.is_empty() => Ok(Vec::new()),
        _ => Err(NotAScenario::new(text, problems)),
    }
}

fn warnings(document: &Document, tree: &Node) -> Vec<Problem> {
    let mut found = Vec::new();
    let Some(statements) = tree.get("Statement") else { return found };
    for statement in list(statements) {
        found.extend(statement.get("Action").into_iter().flat_map(list).filter_map(|action| {
            Some(Problem { place: action.place, message: unknown_action(action.text()?)? })
        }));
        found.extend(wide(statement));
    }
    for never in document.never_met() {
        let index = never.statement.to_string();
        let place = tree.follow(["Statement", &index, "Condition", never.operator, never.key]);
        let message = format!("no request can meet the conditions of `{}`", never.key);
        found.push(Problem { place, message });
    }
    found.sort_by_key(|problem| problem.place);
    found
}

/// A list, or one item.
fn list(node: &Node) -> &[Node] {
    if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() }
}

/// Beginnings of the names of actions that change nothing.
const READS: [&str; 7] = ["get", "list", "describe", "query", "batchget", "search", "lookup"];

/// Warns of a statement without conditions that allows more than most programs need.
fn wide(statement: &Node) -> Vec<Problem> {
    let is_allowed = statement.get("Effect").and_then(Node::text) == Some("Allow");
    if !is_allowed || statement.get("Condition").is_some() {
        return Vec::new();
    }
    let nodes = |name: &str| statement.get(name).map_or(&[][..], list);
    let problem = |node: &Node, message: String| Problem { place: node.place, message };
    let is_everything = |node: &&Node| node.text() == Some("*");
    let is_read = |node: &Node| {
        let name = node.text().and_then(|text| text.split_once(':')).unwrap_or_default().1.to_lowercase();
        READS.iter().any(|read| name.starts_with(read))
    };
    let mut found = Vec::new();
    for name in ["NotAction", "NotResource"] {
        let message = || format!("`{name}` allows everything that is not listed");
        found.extend(nodes(name).first().map(|node| problem(node, message())));
    }
    for action in nodes("Action") {
        match action.text().and_then(|text| text.split_once(':')) {
            None => found.push(problem(action, "allows every action of every product".to_owned())),
            Some((code, "*")) => found.push(problem(action, format!("allows every action of `{code}`"))),
            Some(_) => {}
        }
    }
    let reads_only = !nodes("Action").is_empty() && nodes("Action").iter().all(is_read);
    let everything = nodes("Resource").iter().find(is_everything).filter(|_| !reads_only);
    found.extend(everything.map(|node| problem(node, "allows changes of every resource".to_owned())));
    let members = nodes("Principal").iter().flat_map(Node::entries).flat_map(|member| list(&member.value));
    let everybody = members.chain(nodes("Principal")).filter(is_everything);
    found.extend(everybody.map(|node| problem(node, "everybody may assume the role".to_owned())));
    found
}

/// Actions that permissions name and no API has. Source: docs/evidence/policy.md section 4.
const PERMISSIONS_ONLY: [&str; 1] = ["ram:passrole"];

/// Actions that the system policies name, in lower case.
static OF_SYSTEM_POLICIES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let documents = system::all().map(|(_, policy)| &policy.version.document);
    documents.flat_map(|document| document.actions()).map(str::to_owned).collect()
});

/// Returns the reason why no product has an action.
fn unknown_action(action: &str) -> Option<String> {
    let action = action.to_ascii_lowercase();
    let (code, name) = action.split_once(':')?;
    if code.contains(['*', '?']) {
        return None;
    }
    let of_code = |text: &&str| text.split_once(':').is_some_and(|(one, _)| one == code);
    let used = || OF_SYSTEM_POLICIES.iter().map(String::as_str).chain(PERMISSIONS_ONLY);
    let own: Vec<_> = products().iter().filter(|one| one.policy_code.eq_ignore_ascii_case(code)).collect();
    if own.is_empty() && !used().any(|one| of_code(&one)) {
        let codes = products().iter().map(|product| product.policy_code);
        let near = nearest(code, codes).map(|near| format!(", did you mean `{near}`?"));
        return Some(format!("no known product has actions of `{code}`{}", near.unwrap_or_default()));
    }
    if !own.iter().any(|product| product.lists_actions()) {
        return None;
    }
    let names: Vec<_> = own.iter().flat_map(|product| product.actions()).collect();
    let is_known = names.iter().any(|one| covers(name, &one.to_ascii_lowercase()));
    if is_known || used().filter(of_code).any(|one| one == action || covers(&action, one)) {
        return None;
    }
    let near = nearest(name, names).map(|near| format!(", did you mean `{code}:{near}`?"));
    Some(format!("`{code}` is not known to have an action `{name}`{}", near.unwrap_or_default()))
}
