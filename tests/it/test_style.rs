//! Rules about how tests are written.

use crate::tidy::sources;
use std::fmt::Write as _;

/// Lines of an inline snapshot that are longer than this cannot be read in a review.
const WIDEST: usize = 110;

/// The numbers of the lines in inline snapshots that are too long.
fn wide_snapshot_lines(text: &str) -> Vec<usize> {
    let mut in_snapshot = false;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        in_snapshot |= line.contains("snapshot!(");
        if in_snapshot && line.chars().count() > WIDEST {
            found.push(index + 1);
        }
        in_snapshot &= !line.ends_with(");");
    }
    found
}

/// The numbers of the lines that begin a function, or a parameter, with a tuple that is taken apart: `(status, code): (u16, &str)`.
fn tuple_parameters(text: &str) -> Vec<usize> {
    let is_one = |line: &str| {
        let line = line.trim_start();
        line.contains("): (") && (line.starts_with('(') || line.contains("fn "))
    };
    text.lines().enumerate().filter(|(_, line)| is_one(line)).map(|(index, _)| index + 1).collect()
}

#[track_caller]
fn assert_no_line_in(folder: &str, find: fn(&str) -> Vec<usize>, rule: &str) {
    let mut report = String::new();
    for (path, text) in sources(folder) {
        for line in find(&text) {
            let _ = writeln!(report, "{}:{line}", path.display());
        }
    }
    assert!(report.is_empty(), "{rule}:\n{report}");
}

#[test]
fn no_line_of_an_inline_snapshot_is_longer_than_110_columns() {
    let rule = "split the snapshot with `Reply::one_field_a_line`, or assert single fields";
    assert_no_line_in("tests", wide_snapshot_lines, rule);
    assert_no_line_in("src", wide_snapshot_lines, rule);
}

#[test]
fn helpers_that_all_tests_share_take_no_tuples() {
    let rule = "use a struct with named fields, or separate arguments";
    assert_no_line_in("tests/it/support", tuple_parameters, rule);
}

#[test]
fn a_long_snapshot_and_a_tuple_parameter_are_found() {
    let long = "x".repeat(WIDEST);
    let text = format!("{long}y\nassert_snapshot!(body, @r\"\n{long}\n{long}y\n\");\n{long}y");
    assert_eq!(wide_snapshot_lines(&text), [4]);
    let text = "fn a((status, code): (u16, &str)) {}\nfn b(\n    (x, y): (u8, u8),\n    z: (u8, u8),\n) {}";
    assert_eq!(tuple_parameters(text), [1, 3]);
}
