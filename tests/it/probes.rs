//! `probes/`: for each open question a request, with what alimock answers. The table of docs/known-differences.md is made from it.

use crate::support::live::Live;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Open questions about one subject.
#[derive(Deserialize)]
struct Subject {
    title: String,
    row: Vec<Row>,
}

/// An open question. `probes/kit.py` checks the form and reads the other fields.
#[derive(Deserialize)]
struct Row {
    id: String,
    point: String,
    alimock: String,
    grade: String,
    #[serde(default)]
    setting: String,
    by_hand: Option<String>,
}

/// Grades and their meaning.
const GRADES: [(&str, &str); 4] = [
    ("T", "a test of a client expects it"),
    ("P", "an official page suggests it"),
    ("I", "inferred from what is near"),
    ("O", "our own choice"),
];

const HEAD: &str = "## Open questions";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs `probes/run` and returns its standard output.
#[track_caller]
fn run(arguments: &[&str]) -> String {
    let output = Command::new("python3").arg(root().join("probes/run")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "probes/run {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn subjects() -> Vec<Subject> {
    serde_json::from_str(&run(&["--rows"])).expect("probes/run prints the rows as JSON")
}

/// A line of docs/coverage.md: the number of assumptions, of each grade, and of those that a request can settle.
pub fn counted() -> String {
    let rows: Vec<_> = subjects().into_iter().flat_map(|subject| subject.row).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *counts.entry(&row.grade).or_default() += 1;
    }
    let by_grade = GRADES.map(|(grade, meaning)| {
        format!("{} {grade} ({meaning})", counts.get(grade).copied().unwrap_or_default())
    });
    let asked = rows.iter().filter(|row| row.by_hand.is_none()).count();
    format!(
        "Assumptions that no source settles: **{}**, by grade {}. A request of `probes/` can settle {asked} of them.",
        rows.len(),
        by_grade.join(", ")
    )
}

/// The generated part of the page.
fn open_questions() -> String {
    let mut text = format!(
        "{HEAD}

No source shows these points.
`alimock` is what alimock does; `probe` is the row of [probes/](../probes/README.md) that would settle it.
A probe in parentheses must be made by hand.
Grades: {}.

`UPDATE_DOCS=1 cargo test --locked --test it probes` writes these tables from `probes/*.toml`.
",
        GRADES.map(|(grade, meaning)| format!("{grade}: {meaning}")).join("; ")
    );
    for Subject { title, row } in subjects() {
        let _ = write!(
            text,
            "\n### {title}\n\n| point | alimock | probe | setting | grade |\n| --- | --- | --- | --- | --- |\n"
        );
        for Row { id, point, alimock, grade, setting, by_hand } in row {
            let probe = if by_hand.is_some() { format!("(`{id}`)") } else { format!("`{id}`") };
            let _ = writeln!(text, "| {point} | {alimock} | {probe} | {setting} | {grade} |");
        }
    }
    text
}

#[test]
fn the_open_questions_of_the_page_are_those_of_the_probes() {
    let path = root().join("docs/known-differences.md");
    let page = fs::read_to_string(&path).unwrap();
    let before = page.find(HEAD).map_or(&*page, |at| &page[..at]);
    let expected = format!("{before}{}", open_questions());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }

    let found = fs::read_to_string(&path).unwrap();

    assert!(found == expected, "UPDATE_DOCS=1 writes docs/known-differences.md from probes/*.toml");
}

#[test]
fn every_setting_of_a_row_exists() {
    let schema = fs::read_to_string(root().join("alimock.schema.json")).unwrap();
    let options = fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let mut count = 0;
    for row in subjects().into_iter().flat_map(|subject| subject.row) {
        for setting in row.setting.split(", ").filter(|setting| !setting.is_empty()) {
            let name = setting.trim_matches('`');
            let is_known = match name.strip_prefix("--") {
                Some(_) => options.contains(name),
                None => name.split('.').all(|word| schema.contains(&format!("\"{word}\""))),
            };
            assert!(is_known, "{}: there is no setting {setting}", row.id);
            count += 1;
        }
    }
    assert!(count >= 15, "{count}");
}

#[test]
fn alimock_answers_every_probe_as_the_probe_says_and_the_report_names_nobody() {
    let live = Live::start();
    let report = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("probes.json");

    run(&["--against", &format!("http://{}", live.address), "--out", report.to_str().unwrap()]);

    let report = fs::read_to_string(report).unwrap();
    assert!(
        report.contains("\"verdict\": \"as assumed\"") && report.contains("<AccessKeyId of root>"),
        "{report}"
    );
    assert!(!report.contains("\"left\""), "a probe has left something: {report}");
    for secret in ["LTAI5t8", "\"STS.", "alimock-probe-", "member@"] {
        assert!(!report.contains(secret), "the report has `{secret}`: {report}");
    }
}

#[test]
fn the_kit_has_no_credentials_of_its_own() {
    let mut command = Command::new("python3");
    command.arg(root().join("probes/run")).arg("--real").env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());

    let output = command.output().unwrap();

    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("ALIBABA_CLOUD_ACCESS_KEY_ID"), "{output:?}");
}
