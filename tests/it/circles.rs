//! No circles between the files of a folder: a file imports files below it, and none of those imports it.

use crate::tidy::sources;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The module that a file is, `crate::gateway::protocol::oss`.
fn module_of(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let text = relative.with_extension("").to_str().unwrap().replace('/', "::");
    format!("crate::{}", text.strip_suffix("::mod").unwrap_or(&text))
}

/// Every path that a text names from `crate::`, `super::` or a module of its own on, those in braces one by one. Comments and tests
/// do not count.
fn paths(text: &str, own: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let parent = own.rsplit_once("::").map_or("crate", |(parent, _)| parent);
    let code = code.join("\n").replace("super::", &format!("{parent}::"));
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        collect(&code[at..], "", &mut found);
    }
    for child in code.lines().filter_map(|line| line.strip_suffix(';')?.rsplit_once("mod ")) {
        let start = format!("{}::", child.1);
        let is_start =
            |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        for (at, _) in code.match_indices(&start).filter(|(at, _)| is_start(*at)) {
            collect(&code[at..], &format!("{own}::"), &mut found);
        }
    }
    found
}

/// Adds the paths at the start of `rest`, each below `prefix`; returns how long they are.
fn collect(rest: &str, prefix: &str, found: &mut BTreeSet<String>) -> usize {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
    let path = format!("{prefix}{}", &rest[..end]);
    if !path.ends_with("::") || !rest[end..].starts_with('{') {
        found.insert(path.trim_end_matches("::self").to_owned());
        return end;
    }
    let mut at = end + 1;
    while at < rest.len() && !rest[at..].starts_with('}') {
        let here = &rest[at..];
        at += match here.chars().next() {
            Some(c) if c.is_alphanumeric() || c == '_' => collect(here, &path, found),
            Some(c) => c.len_utf8(),
            None => 0,
        };
    }
    at + 1
}

/// The circles between files below a folder of `src`: sets of modules each of which imports, over others, every other one.
pub fn circles(below: &str) -> Vec<BTreeSet<String>> {
    among(sources(below).into_iter().map(|(path, text)| (module_of(&path), text)).collect())
}

/// The circles among modules with these texts.
fn among(texts: BTreeMap<String, String>) -> Vec<BTreeSet<String>> {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (own, text) in &texts {
        let imported = paths(text, own);
        // The file of a path is the longest module that it begins with.
        let file = |path: &String| {
            let below = format!("{path}::");
            let known = texts.keys().filter(|module| below.starts_with(&format!("{module}::")));
            known.max_by_key(|module| module.len())
        };
        let targets = imported.iter().filter_map(file).filter(|target| *target != own);
        reached.insert(own, targets.map(String::as_str).collect());
    }
    // What is reached over one more file, until nothing is new.
    loop {
        let farther: BTreeMap<&str, BTreeSet<&str>> = reached
            .iter()
            .map(|(own, near)| {
                (*own, near.iter().flat_map(|one| &reached[one]).chain(near).copied().collect())
            })
            .collect();
        if farther == reached {
            break;
        }
        reached = farther;
    }
    let mutual = |own: &str| -> BTreeSet<String> {
        let back = reached[own].iter().filter(|other| reached[*other].contains(own));
        back.map(|other| (*other).to_owned()).collect()
    };
    let found: BTreeSet<_> =
        reached.keys().map(|own| mutual(own)).filter(|circle| circle.len() > 1).collect();
    found.into_iter().collect()
}

/// Fails when there are other circles than the essential ones, each of which has its reason.
#[track_caller]
fn has_no_circles_but(below: &str, essential: &[(&[&str], &str)]) {
    let essential: Vec<BTreeSet<String>> = essential
        .iter()
        .map(|(files, _)| files.iter().map(|file| format!("crate::{file}")).collect())
        .collect();
    assert_eq!(circles(below), essential, "{below}");
}

#[test]
fn files_of_the_gateway_import_files_below_them() {
    has_no_circles_but("src/gateway", &[]);
}

#[test]
fn files_that_import_each_other_are_a_circle() {
    let texts = [
        ("crate::a", "mod b;\nuse b::B;"),
        ("crate::a::b", "use crate::{c::C, d::D};"),
        ("crate::c", "use crate::a::A;"),
        ("crate::d", "// use crate::c::C;"),
    ];
    let found = among(texts.map(|(module, text)| (module.to_owned(), text.to_owned())).into());
    assert_eq!(found, [BTreeSet::from(["crate::a", "crate::a::b", "crate::c"].map(str::to_owned))]);
}

#[test]
fn paths_in_braces_are_found_one_by_one() {
    let text = "pub mod j;\nuse crate::a::{self, b::{C, d}, E};\nuse super::f::G;\n// crate::none\nlet x = crate::h::i(j::K);";
    let found = paths(text, "crate::own::file");
    let expected = [
        "crate::a",
        "crate::a::E",
        "crate::a::b::C",
        "crate::a::b::d",
        "crate::h::i",
        "crate::own::f::G",
        "crate::own::file::j::K",
    ];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}
