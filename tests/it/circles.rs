//! Circles between files of different concerns: each needs the other, so nobody can read or move one alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Circles that a folder keeps, each with its reason.
type Essential = &'static [(&'static [&'static str], &'static str)];

const OF_WORLD: Essential = &[(
    &["by", "command", "permission", "state", "tx"],
    "a state keeps the commands of its timeline, a command runs on a Tx, and a Tx changes a State, which it also asks for permission",
)];

const OF_SERVICES: Essential = &[(
    &["mod", "shared"],
    "the table in mod.rs takes the rows of products that run nothing from shared/others.rs",
)];

#[test]
fn files_of_the_world_need_each_other_in_one_essential_circle() {
    assert_essential("src/world", OF_WORLD);
}

#[test]
fn products_do_not_need_each_other() {
    assert_essential("src/services", OF_SERVICES);
}

#[track_caller]
fn assert_essential(below: &str, essential: Essential) {
    let essential = essential.iter().map(|(circle, _)| circle.iter().copied().map(String::from).collect());
    assert_eq!(circles(below), essential.collect::<Vec<_>>(), "circles below {below}");
}

/// Returns the circles below a folder of `src`. Each file and each folder directly below it is one concern; `mod` is its `mod.rs`.
/// A path that `mod.rs` writes relative to itself outside of `use` is not seen.
fn circles(below: &str) -> Vec<BTreeSet<String>> {
    let imports = imports(below);
    let reached: BTreeMap<_, _> = imports.keys().map(|from| (from, reached(&imports, from))).collect();
    let circles = reached.iter().map(|(from, all)| {
        all.iter().filter(|one| reached[one].contains(*from)).cloned().collect::<BTreeSet<_>>()
    });
    // Every member of a circle finds the same one.
    circles.filter(|circle| circle.len() > 1).collect::<BTreeSet<_>>().into_iter().collect()
}

fn reached(imports: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(one) = open.pop() {
        open.extend(imports[one].iter().filter(|next| found.insert((*next).clone())).map(String::as_str));
    }
    found
}

/// Returns which concerns each concern below a folder names.
fn imports(below: &str) -> BTreeMap<String, BTreeSet<String>> {
    let module: Vec<_> = below.split('/').skip(1).map(String::from).collect();
    let mut files = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(below), &module, &mut files);
    let depth = module.len();
    let concern = |file: &[String]| file.get(depth).map_or("mod", String::as_str).to_owned();
    let mut imports: BTreeMap<_, _> =
        files.iter().map(|(file, _)| (concern(file), BTreeSet::new())).collect();
    assert!(imports.len() > 1, "{below} holds no modules");

    // A name that `mod.rs` gives out again belongs to the concern that it comes from.
    let top = files.iter().find(|(file, _)| *file == module).map_or("", |(_, text)| text);
    let given_out = top.split(';').filter_map(|statement| statement.trim().strip_prefix("pub use "));
    let given_out: BTreeMap<_, _> = given_out
        .flat_map(paths)
        .filter_map(|path| Some((path.last()?.clone(), path.first()?.clone())))
        .collect();

    for (file, text) in &files {
        let is_top = *file == module;
        for statement in
            text.split(';').filter(|statement| !is_top || !statement.trim().starts_with("pub use "))
        {
            for path in named(statement, file) {
                let path = path.strip_prefix(&module[..]).or(is_top.then_some(&path[..]));
                let Some(name) = path.and_then(<[_]>::first) else { continue };
                let known = imports.get_key_value(name).map(|(name, _)| name);
                let other = known.or(given_out.get(name)).cloned();
                // What else `mod.rs` names first comes from other crates.
                let other = if is_top { other } else { other.or(Some("mod".to_owned())) };
                let own = concern(file);
                imports.get_mut(&own).unwrap().extend(other.filter(|other| *other != own));
            }
        }
    }
    imports
}

/// Reads every file below a folder, without comments and tests, with the path of its module.
fn read(folder: &Path, module: &[String], files: &mut Vec<(Vec<String>, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_stem().unwrap().to_str().unwrap();
        let module = if name == "mod" { module.to_vec() } else { [module, &[name.to_owned()]].concat() };
        if entry.is_dir() {
            read(&entry, &module, files);
        } else {
            let text = fs::read_to_string(&entry).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            files.push((module, code.collect::<Vec<_>>().join("\n")));
        }
    }
}

/// Returns the full paths that a piece of code of `file` names by `crate::`, `super::` or `use`.
fn named(code: &str, file: &[String]) -> Vec<Vec<String>> {
    let starts = ["use ", "crate::", "super::"].into_iter().flat_map(|start| {
        let found = code.match_indices(start).filter(|(at, _)| !code[..*at].ends_with("::"));
        found.map(move |(at, _)| if start == "use " { at + start.len() } else { at })
    });
    let full = |path: Vec<String>| match path[0].as_str() {
        "crate" => path[1..].to_vec(),
        "super" => {
            let up = path.iter().take_while(|part| *part == "super").count();
            [&file[..file.len() - up], &path[up..]].concat()
        }
        _ => path,
    };
    starts.flat_map(|at| paths(&code[at..])).map(full).collect()
}

/// Returns the paths of a tree of names: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let (mut found, mut open, mut path, mut name) = (Vec::new(), Vec::new(), Vec::new(), String::new());
    for c in tree.chars().chain([';']) {
        if c.is_alphanumeric() || c == '_' {
            name.push(c);
            continue;
        }
        path.extend((!name.is_empty()).then(|| std::mem::take(&mut name)));
        match c {
            ':' => {}
            '{' => open.push(path.clone()),
            ',' | '}' | ' ' | '\n' if !open.is_empty() => {
                found.push(std::mem::replace(&mut path, open[open.len() - 1].clone()));
                if c == '}' {
                    open.pop();
                    if open.is_empty() {
                        break;
                    }
                }
            }
            _ => {
                found.push(path);
                break;
            }
        }
    }
    found.retain(|path| !path.is_empty());
    found
}

#[test]
fn a_tree_of_names_is_read_as_the_paths_it_stands_for() {
    let read = |tree| paths(tree).into_iter().map(|path| path.join("::")).collect::<BTreeSet<_>>();
    let expected = ["a", "a::b", "a::c", "a::c::d", "a::c::e"].map(String::from);
    assert_eq!(read("a::{b, c::{d, e}}; f::g"), expected.into());
    assert_eq!(read("crate::world::By<'a>"), ["crate::world::By".to_owned()].into());
}
