//! `release/sbom`: the list of the crates that the program is linked from.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// What the program of the tests has besides: features of dependencies that only tests ask for.
const OF_TESTS: [&str; 2] = ["annotate-snippets", "unicode-width"];

fn list() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut list = Command::new("python3");
    list.arg(root.join("release/sbom")).env("CARGO", env!("CARGO"));
    // The program of the tests has the same features.
    if cfg!(feature = "mcp") {
        list.args(["--features", "mcp"]);
    }
    let made = list.output().expect("release/sbom needs python3");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    serde_json::from_slice(&made.stdout).expect("it prints JSON")
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_else(|| panic!("{of} has no {name}"))
}

/// The crates whose sources a program names: where they may panic, their paths are in it. Most have such a place.
fn named_in(program: &[u8]) -> BTreeSet<String> {
    let folder = b"/registry/src/";
    let starts = program.windows(folder.len()).enumerate().filter(|(_, bytes)| bytes == folder);
    let crates = starts.filter_map(|(at, _)| {
        let rest = program[at + folder.len()..].split(|byte| *byte == b'/').nth(1)?;
        let rest = rest.split(|byte| *byte == 0).next()?;
        let (name, version) = std::str::from_utf8(rest).ok()?.rsplit_once('-')?;
        version.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("{name} {version}"))
    });
    crates.filter(|name| !OF_TESTS.iter().any(|test| name.starts_with(&format!("{test} ")))).collect()
}

#[test]
fn every_crate_that_the_program_names_is_listed_with_the_checksum_of_the_lock_file() {
    let list = list();
    let listed: BTreeMap<String, &Value> = list["components"]
        .as_array()
        .expect("a list of crates")
        .iter()
        .map(|one| (format!("{} {}", text(one, "name"), text(one, "version")), one))
        .collect();
    let program = std::fs::read(env!("CARGO_BIN_EXE_alimock")).unwrap();

    let named = named_in(&program);
    assert!(named.len() > 50, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !listed.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");

    let lock = include_str!("../../Cargo.lock");
    for (name, one) in &listed {
        let (name, version) = name.split_once(' ').unwrap();
        let entry = lock.find(&format!("name = \"{name}\"\nversion = \"{version}\"\n"));
        let entry = &lock[entry.unwrap_or_else(|| panic!("{name} {version} is in no lock file"))..];
        let entry = &entry[..entry.find("\n\n").unwrap_or(entry.len())];
        assert!(entry.contains(&format!("checksum = \"{}\"", text(&one["hashes"][0], "content"))), "{entry}");
        assert!(!text(&one["licenses"][0], "expression").is_empty());
        assert_eq!(text(one, "purl"), format!("pkg:cargo/{name}@{version}"));
    }
}

#[test]
fn the_list_names_what_is_used_in_the_program_and_not_what_only_tests_it() {
    let list = list();

    let names: BTreeSet<&str> =
        list["components"].as_array().unwrap().iter().map(|one| text(one, "name")).collect();
    for used in ["axum", "ring", "rustls", "granit-parser", "mimalloc", "serde_json", "tokio"] {
        assert!(names.contains(used), "{used}");
    }
    for other in ["proptest", "insta", "assert_cmd", "serde_derive", "cc", "alimock"] {
        assert!(!names.contains(other), "{other}");
    }
    assert_eq!(text(&list["metadata"]["component"], "name"), "alimock");
    assert_eq!(list["specVersion"], "1.6");
}
