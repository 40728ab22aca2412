//! Links the program at a fixed address on Linux with glibc. This saves 400 KB of relocations, and the time to apply them at each start.
//! Compresses documents and tables inside the program, which saves 270 KB.

use flate2::{Compression, write::DeflateEncoder};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Documents, and their names in `src/packed.rs`.
const DOCUMENTS: [(&str, &str); 4] = [
    ("alimock.schema.json", "schema.deflate"),
    ("src/control/openapi.json", "openapi.deflate"),
    ("src/services/location/hosts.txt", "hosts.deflate"),
    ("src/services/roa.txt", "roa.deflate"),
];

/// Table of the system policies; its head describes it.
const SYSTEM_POLICIES: &str = "src/world/account/system.txt";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for (document, packed) in DOCUMENTS {
        pack(&read(document), packed);
    }
    let rows = system_policies(&read(SYSTEM_POLICIES));
    let lines: Vec<_> = rows.values().map(String::as_str).collect();
    pack(&lines.join("\n"), "system.deflate");
    let names: Vec<_> = rows.keys().map(String::as_str).collect();
    keep(names.join("\n").as_bytes(), "system.names");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

/// One row for each policy, by name. A pair becomes the rows `full` and `read`, unless the policy has its own row.
fn system_policies(table: &str) -> BTreeMap<String, String> {
    let rows = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = rows.map(|line| line.splitn(3, ' ').collect::<Vec<_>>());
    let (pairs, single): (Vec<_>, Vec<_>) = rows.partition(|row| row[0] == "pair");
    let mut found = BTreeMap::new();
    for row in single {
        let twice = found.insert(row[1].to_owned(), format!("{} {}", row[0], row[2]));
        assert!(twice.is_none(), "two rows of {SYSTEM_POLICIES} are named {}", row[1]);
    }
    for row in pairs {
        for (kind, suffix) in [("full", "FullAccess"), ("read", "ReadOnlyAccess")] {
            found.entry(format!("{}{suffix}", row[1])).or_insert_with(|| format!("{kind} {}", row[2]));
        }
    }
    found
}

fn read(path: &str) -> String {
    println!("cargo:rerun-if-changed={path}");
    std::fs::read_to_string(path).expect("the repository has it")
}

fn pack(text: &str, name: &str) {
    let mut out = DeflateEncoder::new(Vec::new(), Compression::best());
    out.write_all(text.as_bytes()).expect("writing to memory does not fail");
    keep(&out.finish().expect("writing to memory does not fail"), name);
}

fn keep(bytes: &[u8], name: &str) {
    let folder = std::env::var("OUT_DIR").expect("cargo names it");
    std::fs::write(Path::new(&folder).join(name), bytes).expect("cargo has made the folder");
}
