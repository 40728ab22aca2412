//! Circles of imports. In a circle, no file can be read or moved alone.

use crate::tidy::sources;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The module that a file is, `crate::gateway::protocol::oss`.
fn module_of(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let text = relative.with_extension("").to_str().unwrap().replace('/', "::");
    format!("crate::{}", text.strip_suffix("::mod").unwrap_or(&text))
}

/// Paths in a text that begin with `crate::`, `super::` or a child module; paths in braces one by one. Ignores comments and tests.
fn paths(text: &str, own: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let parent = own.rsplit_once("::").map_or("crate", |(parent, _)| parent);
    // A restricted visibility is no import.
    let code = code.join("\n").replace("(in crate::", "(in ").replace("super::", &format!("{parent}::"));
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

/// Circles that a folder keeps, each with its reason.
type Essential = &'static [(&'static [&'static str], &'static str)];

/// The statements of a text that give names of its modules out again, with the lines that declare these modules; and the rest.
fn given_out(text: &str) -> (String, String) {
    let is_given = |statement: &&str| {
        ["pub use ", "pub(crate) use "].iter().any(|start| statement.trim_start().starts_with(start))
    };
    let (given, rest): (Vec<_>, Vec<_>) = text.split_inclusive(';').partition(is_given);
    let modules: Vec<_> = text.lines().filter(|line| line.contains("mod ") && line.ends_with(';')).collect();
    (modules.join("\n") + "\n" + &given.concat(), rest.concat())
}

/// Circles among the modules of these texts. Modules of one concern count as one. A name that a module gives out again belongs to
/// the module that it comes from.
fn among(texts: &BTreeMap<String, String>, concern: impl Fn(&str) -> String) -> Vec<BTreeSet<String>> {
    // The file of a path is the longest module that it begins with.
    let file = |path: &str| {
        let below = format!("{path}::");
        let known = texts.keys().filter(|module| below.starts_with(&format!("{module}::")));
        known.max_by_key(|module| module.len()).cloned()
    };
    let mut origins: BTreeMap<String, String> = BTreeMap::new();
    for (own, text) in texts {
        for path in paths(&given_out(text).0, own) {
            let name = path.rsplit("::").next().unwrap_or_default();
            origins.insert(format!("{own}::{name}"), path.clone());
        }
    }
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (own, text) in texts {
        let own_concern = concern(own);
        let imported = paths(&given_out(text).1, own);
        let targets = imported.iter().filter_map(|path| file(origins.get(path).unwrap_or(path)));
        let targets: BTreeSet<_> =
            targets.map(|target| concern(&target)).filter(|target| *target != own_concern).collect();
        reached.entry(own_concern).or_default().extend(targets);
    }
    // Adds the modules that are reached over one more module, until nothing is new.
    loop {
        let over = |near: &BTreeSet<String>| -> BTreeSet<String> {
            near.iter().flat_map(|one| &reached[one]).chain(near).cloned().collect()
        };
        let farther: BTreeMap<_, _> = reached.iter().map(|(own, near)| (own.clone(), over(near))).collect();
        if farther == reached {
            break;
        }
        reached = farther;
    }
    let mutual = |own: &String| -> BTreeSet<String> {
        reached[own].iter().filter(|other| reached[*other].contains(own)).cloned().collect()
    };
    let found: BTreeSet<_> = reached.keys().map(mutual).filter(|circle| circle.len() > 1).collect();
    found.into_iter().collect()
}

/// Fails when a folder of `src` has other circles than the essential ones.
#[track_caller]
fn assert_circles(below: &str, concern: impl Fn(&str) -> String, essential: Essential) {
    let texts = sources(below).into_iter().map(|(path, text)| (module_of(&path), text)).collect();
    let circle = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let essential: Vec<_> = essential.iter().map(|(names, _)| circle(names)).collect();
    assert_eq!(among(&texts, concern), essential, "{below}");
}

/// The file or folder directly below a folder of `src` that a module is in; `mod` is the folder's own file.
fn part_of(folder: &'static str) -> impl Fn(&str) -> String {
    move |module| {
        let rest = module.strip_prefix(folder).unwrap_or_default();
        rest.split("::").find(|part| !part.is_empty()).unwrap_or("mod").to_owned()
    }
}

#[test]
fn parts_of_the_world_import_each_other_in_one_essential_circle() {
    assert_circles(
        "src/world",
        part_of("crate::world"),
        &[(
            &["by", "command", "permission", "state", "tx"],
            "a state keeps commands for later, a command runs on a Tx, and a Tx changes a State and asks it for permission",
        )],
    );
}

#[test]
fn files_of_the_gateway_import_files_below_them() {
    assert_circles("src/gateway", str::to_owned, &[]);
}

#[test]
fn products_do_not_import_each_other() {
    assert_circles(
        "src/services",
        part_of("crate::services"),
        &[(&["location", "mod"], "Location answers at which hosts the other products are")],
    );
}

#[test]
fn files_that_import_each_other_are_a_circle() {
    let texts = [
        ("crate::a", "mod b;\nuse b::B;"),
        ("crate::a::b", "use crate::{c::C, d::D};"),
        ("crate::c", "use crate::a::A;"),
        ("crate::d", "// use crate::c::C;"),
    ];
    let texts = texts.map(|(module, text)| (module.to_owned(), text.to_owned())).into();
    let found = among(&texts, str::to_owned);
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
