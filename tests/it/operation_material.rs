//! `tests/it/of Ims.CreateAccessKey` prints everything that the repository says about one operation.

use crate::codes::here;
use std::collections::BTreeMap;
use std::process::{Command, Output};

fn run(operation: &str) -> Output {
    Command::new("python3").arg(here("it/of")).arg(operation).output().expect("python3 is installed")
}

/// What the script prints, by the title of the section.
#[track_caller]
fn sections(operation: &str) -> BTreeMap<String, String> {
    let output = run(operation);
    assert!(output.status.success(), "{operation}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let sections = text.split("\n== ").skip(1).map(|section| section.split_once('\n').unwrap());
    sections.map(|(title, lines)| (title.to_owned(), lines.to_owned())).collect()
}

#[track_caller]
fn assert_sections_contain(operation: &str, expected: &[(&str, &str)]) {
    let sections = sections(operation);
    for (title, part) in expected {
        let lines = sections.get(*title).unwrap_or_else(|| panic!("{operation} has no section `{title}`"));
        assert!(lines.contains(part), "{operation}, {title}: no `{part}` in\n{lines}");
    }
    assert_eq!(sections.len(), 11, "{:?}", sections.keys());
}

#[test]
fn everything_about_an_operation_of_ram_is_printed() {
    assert_sections_contain(
        "Ram.CreateUser",
        &[
            ("row and function", "src/services/ram/mod.rs:"),
            ("row and function", "pub(crate) fn create<A: Api>("),
            ("parameters of the published API", "UserName: type string"),
            ("shape of the answer", "\"CreateDate\": \"string\""),
            ("steps and fields in the walks", "- [CreateUser, {UserName: bob, DisplayName: Bob}]"),
            ("required parameters and resource", "CreateUser: {needs: [UserName], resource: \"user/*\"}"),
            ("documented codes", "EntityAlreadyExists.User"),
            ("cases that provoke codes", "LimitExceeded.User:"),
            ("row in docs/coverage.md", "| `Ram.CreateUser` |"),
            ("reached by the suites of", "java"),
            ("tests that name it", "users.rs:"),
            ("evidence", "docs/evidence/ram.md: lines "),
        ],
    );
}

#[test]
fn an_operation_of_another_product_is_kept_apart_from_one_of_ram_with_the_same_name() {
    assert_sections_contain(
        "ims.listaccesskeys",
        &[
            ("row and function", "src/services/ims/mod.rs:"),
            ("parameters of the published API", "UserPrincipalName: type string"),
            ("steps and fields in the walks", "[Ims.ListAccessKeys, {UserPrincipalName:"),
            ("required parameters and resource", "Ims.ListAccessKeys: {resource: user/bob}"),
            ("documented codes", "EntityNotExist.User"),
            ("cases that provoke codes", "Ims.ListAccessKeys:"),
            ("row in docs/coverage.md", "| `Ims.ListAccessKeys` |"),
        ],
    );
    let sections = sections("Ims.ListAccessKeys");
    for (title, lines) in &sections {
        assert!(!lines.contains("services/ram"), "{title}: {lines}");
    }
    assert!(!sections["steps and fields in the walks"].contains("- [ListAccessKeys"));
}

#[test]
fn an_operation_that_does_not_exist_is_refused_with_near_names() {
    let output = run("Ims.CreateAccessKy");
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(message.starts_with("error: no operation is named `Ims.CreateAccessKy`\n"), "{message}");
    assert!(message.contains("did you mean `Ims.CreateAccessKey`"), "{message}");
    let message = String::from_utf8(run("ListAccessKeys").stderr).unwrap();
    assert!(message.contains("use one of `Ims.ListAccessKeys`, `Ram.ListAccessKeys`"), "{message}");
    let message = String::from_utf8(run("Nothing.AtAll").stderr).unwrap();
    assert!(message.contains("docs/coverage.md lists the operations"), "{message}");
}

#[test]
fn an_operation_that_alimock_does_not_implement_is_printed_with_its_parameters() {
    let output = run("Cloudauth.DescribeFaceVerify");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("cloudauth.DescribeFaceVerify\nalimock does not implement this operation"),
        "{text}"
    );
    assert!(text.contains("  CertifyId: type string"), "{text}");
}
