//! Comments and documents cite evidence and data that exist.
//!
//! A citation is the path of a page below `docs/evidence`, then section numbers (`3.1`, `section 2`,
//! `sections 4 and 5`, `4.3 and section 6`), then texts of that page in quotes. A range (`4 to 6`) is read
//! as its two ends.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const CITING: &[&str] = &[
    "src",
    "tests",
    "benches",
    "docs",
    "fuzz",
    "tools",
    "scenarios",
    "packages",
    "examples",
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
];
const TEXTS: &[&str] = &["rs", "md", "py", "yaml", "toml", "lua", "sh"];
/// The address of a page, in two parts so that this file does not cite it.
const PAGES: &str = concat!("docs/", "evidence/");
const DATA: &str = concat!("tests/", "data/");

/// A page: the numbers of its headings, and its text on one line.
struct Page {
    sections: BTreeSet<String>,
    text: String,
}

impl Page {
    fn read(text: &str) -> Self {
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let numbers = headings.filter_map(|line| number(line.trim_start_matches('#').trim_start()));
        Self { sections: numbers.map(|(number, _)| number.to_owned()).collect(), text: one_line(text) }
    }
}

/// The text without line breaks, without the marks of comments at the beginning of lines, and without the
/// backslashes and backticks that differ between a page and a citation of it.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.trim_start();
        ["///", "//!", "//", "# "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim()
    });
    lines.collect::<Vec<_>>().join(" ").replace("\\\"", "\"").replace('`', "")
}

/// A section number at the beginning of `text`, and the rest.
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    (!number.is_empty() && !number.starts_with('.')).then(|| (number, &text[number.len()..]))
}

/// The section numbers and the quoted texts at the beginning of `rest`, which follows the name of a page.
fn cited(rest: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut numbers, mut quoted) = (Vec::new(), Vec::new());
    let mut rest = rest;
    loop {
        let linked =
            [", ", " and ", " to ", " "].iter().find_map(|link| rest.strip_prefix(link)).unwrap_or(rest);
        let named =
            ["sections ", "section "].iter().find_map(|word| linked.strip_prefix(word)).unwrap_or(linked);
        // "2 keys" after a citation is no section; a section is followed by a mark or by another one.
        if let Some((number, more)) = number(named)
            && (named.len() < linked.len() || !more.starts_with(|c: char| c.is_alphanumeric()))
        {
            numbers.push(number);
            rest = more;
        } else if let Some((text, more)) =
            linked.trim_start_matches('(').strip_prefix('"').and_then(|text| text.split_once('"'))
            && linked.len() < rest.len()
        {
            quoted.push(text);
            rest = more;
        } else {
            return (numbers, quoted);
        }
    }
}

/// The number of citations in `text`, and a message for each that leads nowhere.
fn dead_citations(text: &str, pages: &BTreeMap<String, Page>) -> (usize, Vec<String>) {
    let text = one_line(text);
    let mut wrong = Vec::new();
    let mut count = 0;
    for (at, _) in text.match_indices(PAGES) {
        let rest = &text[at + PAGES.len()..];
        let Some(end) = rest.find(".md") else { continue };
        let name = &rest[..end];
        if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            continue;
        }
        count += 1;
        let Some(page) = pages.get(name) else {
            wrong.push(format!("{PAGES}{name}.md does not exist"));
            continue;
        };
        let (numbers, quoted) = cited(&rest[end + 3..]);
        let missing = numbers.iter().filter(|number| !page.sections.contains(**number));
        wrong.extend(missing.map(|number| format!("{name}.md has no section {number}")));
        let missing = quoted.iter().filter(|text| !page.text.contains(**text));
        wrong.extend(missing.map(|text| format!("{name}.md does not say \"{text}\"")));
    }
    (count, wrong)
}

fn files(below: &Path, found: &mut Vec<PathBuf>) {
    if below.is_dir() {
        let name = below.file_name().unwrap_or_default();
        if name != "target" && name != ".work" && name != "node_modules" && name != "snapshots" {
            for entry in fs::read_dir(below).unwrap() {
                files(&entry.unwrap().path(), found);
            }
        }
    } else if below.extension().is_some_and(|extension| TEXTS.iter().any(|text| extension == *text)) {
        found.push(below.to_owned());
    }
}

fn texts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for place in CITING {
        files(&root.join(place), &mut found);
    }
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

fn pages() -> BTreeMap<String, Page> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGES);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = paths.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path));
    named.map(|(name, path)| (name, Page::read(&fs::read_to_string(path).unwrap()))).collect()
}

#[test]
fn every_citation_of_evidence_leads_to_a_page_and_a_section() {
    let pages = pages();
    let (mut count, mut wrong) = (0, Vec::new());
    for (path, text) in texts() {
        let (cited, dead) = dead_citations(&text, &pages);
        count += cited;
        wrong.extend(dead.into_iter().map(|what| format!("{}: {what}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 500, "{count} citations");
}

#[test]
fn every_path_of_test_data_that_is_cited_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut count, mut wrong) = (0, Vec::new());
    for (path, text) in texts() {
        for (at, _) in text.match_indices(DATA) {
            let rest = &text[at..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_-./".contains(c));
            let cited = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
            count += 1;
            if !root.join(cited).exists() {
                wrong.push(format!("{}: {cited} does not exist", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 30, "{count} paths");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut count = 0;
    for (path, text) in texts().into_iter().filter(|(path, _)| path.extension().is_some_and(|md| md == "md"))
    {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if file.contains("://") || file.contains(char::is_whitespace) {
                continue;
            }
            count += 1;
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: {link} does not exist", path.display());
            if !anchor.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let anchors = text.lines().filter(|line| line.starts_with('#')).map(anchor_of);
                assert!(anchors.into_iter().any(|one| one == anchor), "{}: {link}", path.display());
            }
        }
    }
    assert!(count > 100, "{count} links");
}

/// The anchor that a heading of Markdown gets.
fn anchor_of(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn a_wrong_citation_is_found() {
    let page = Page::read("# Page\n\n## 2. Second\n\n### 2.1 Part\n\nA text of\ntwo lines.\n");
    let pages = BTreeMap::from([("page".to_owned(), page)]);
    let of = |rest: &str| dead_citations(&format!("// Source: {PAGES}{rest}"), &pages).1;

    for right in [
        "page.md.",
        "page.md 2.1.",
        "page.md section 2, \"A text of two lines\", and more",
        "page.md sections 2 and 2.1 (weak)",
        "page.md 2.1 and\n/// section 2, step 7",
        "page.md 2 keys",
    ] {
        assert_eq!(of(right), [""; 0], "{right}");
    }
    for wrong in [
        "pages.md 2.1",
        "page.md 2.2.",
        "page.md section 3",
        "page.md 2.1 and 2.4",
        "page.md 2.1, section\n/// 7",
        "page.md section 2, \"three lines\"",
    ] {
        assert_eq!(of(wrong).len(), 1, "{wrong}");
    }
}
