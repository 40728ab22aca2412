//! What the documentation says is true: every shell snippet runs, every YAML block is a scenario, tables are current.

use crate::support::live::Live;
use alimock::Scenario;
use alimock::scenario::library;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<_> =
        fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ext| ext == "md"));
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// The fenced blocks of a language, with the line they start at.
fn fenced_blocks(text: &str, language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match &mut open {
            Some((_, block)) if line == "```" => {
                found.push((number, std::mem::take(block)));
                open = None;
            }
            Some((_, block)) => {
                let _ = writeln!(block, "{line}");
            }
            None if line == format!("```{language}") => open = Some((number + 2, String::new())),
            None => {}
        }
    }
    found
}

/// A shell whose `alimock` is the one under test and whose environment is that of `alimock run`.
fn shell_with_alimock(live: &Live, script: &str) -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_alimock")).parent().unwrap();
    let mut command = Command::new("bash");
    // What a snippet writes is not left in the project.
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    command.args(["-euo", "pipefail", "-c", script]).current_dir(scratch);
    command.env("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()));
    command.env("ALIMOCK_ENDPOINT", format!("http://{}", live.address)).env("NO_PROXY", "127.0.0.1");
    command
}

#[test]
fn every_shell_snippet_runs() {
    let mut ran = 0;
    for page in pages() {
        for (line, script) in fenced_blocks(&fs::read_to_string(&page).unwrap(), "sh") {
            let live = Live::start();
            let output = shell_with_alimock(&live, &script).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{} before line {line}: {said}", page.display());
            ran += 1;
        }
    }
    assert!(ran >= 7, "{ran}");
}

/// What a snippet of this page prints stands below it; how much there is to cover grows with the products.
#[test]
fn what_the_first_scenario_prints_is_what_the_page_shows() {
    let page = fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    let scripts = fenced_blocks(&page, "sh");
    let mut shown = 0;
    for (line, text) in fenced_blocks(&page, "text") {
        let (_, script) = scripts.iter().rfind(|(before, _)| *before < line).unwrap();
        let output = shell_with_alimock(&Live::start(), script).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let without_totals = |text: &str| {
            let words = text.split(' ').scan(false, |follows, word| {
                let is_total = std::mem::replace(follows, word == "of") && word.parse::<u32>().is_ok();
                Some(if is_total { "N" } else { word })
            });
            words.collect::<Vec<_>>().join(" ")
        };
        assert!(
            without_totals(&said).contains(&without_totals(&text)),
            "before line {line} the page shows\n{text}\nbut it is\n{said}"
        );
        shown += 1;
    }
    assert_eq!(shown, 2);
}

#[test]
fn every_yaml_block_is_a_scenario_and_so_is_every_file() {
    let mut read = 0;
    for page in pages() {
        for (line, text) in fenced_blocks(&fs::read_to_string(&page).unwrap(), "yaml") {
            Scenario::parse(&text)
                .unwrap_or_else(|error| panic!("{} before line {line}: {error}", page.display()));
            read += 1;
        }
    }
    for entry in fs::read_dir(root().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        Scenario::parse(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        read += 1;
    }
    assert!(read >= 2, "{read}");
}

#[test]
fn the_tour_works() {
    let live = Live::start();

    let tour = root().join("docs/tour.py");
    let script = format!("python3 {} \"$ALIMOCK_ENDPOINT\"", tour.display());
    let output = shell_with_alimock(&live, &script).output().unwrap();

    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("The journal holds all 17 requests"), "{said}");
}

/// What a translation shares with its page: levels of headings, code blocks, first cells of tables, targets of links, commands.
fn frame_of(page: &str) -> Vec<String> {
    let (mut frame, mut in_code) = (Vec::new(), false);
    for line in page.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        if in_code || line.starts_with("```") {
            frame.push(line.to_owned());
        } else if line.starts_with('#') {
            frame.extend(line.split(' ').next().map(str::to_owned));
        } else if line.starts_with("| ") {
            frame.push(format!("{} cells", line.matches(" | ").count()));
        } else if line.starts_with("- ") {
            frame.push("-".to_owned());
        }
        if !in_code {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            let mut links: Vec<_> =
                links.filter(|link| !link.starts_with("README")).map(str::to_owned).collect();
            let spans = line.split('`').skip(1).step_by(2).filter(|_| !line.starts_with("```"));
            links.extend(spans.map(str::to_owned));
            links.sort();
            frame.extend(links);
        }
    }
    frame
}

#[test]
fn the_chinese_readme_has_the_headings_commands_tables_and_links_of_the_english_one() {
    let read = |name: &str| frame_of(&fs::read_to_string(root().join(name)).unwrap());
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    for (number, (here, there)) in english.iter().zip(&chinese).enumerate() {
        let before = english[number.saturating_sub(3)..number].join(" / ");
        assert_eq!(here, there, "README.md and README.zh-CN.md differ after {before}");
    }
    assert_eq!(english.len(), chinese.len());
    assert!(english.len() > 100, "{}", english.len());
}

#[test]
fn the_readme_has_the_ids_of_the_default_seed() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let live = Live::start();
    let (_, world) = live.control("GET", "/worlds/default", "");
    for account in world["accounts"].as_array().unwrap() {
        for key in account["keys"].as_array().unwrap() {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            let user = key.get("user").map(|user| format!("/{}", text(user))).unwrap_or_default();
            let who = format!("{}{user}", text(&account["name"]));
            let row = format!(
                "| `{who}` | {} | `{}` | `{}` |",
                text(&account["uid"]),
                text(&key["accessKeyId"]),
                text(&key["accessKeySecret"])
            );
            assert!(readme.contains(&row), "README.md lacks: {row}");
        }
    }
}

#[test]
fn the_table_of_scenarios_is_current() {
    const HEAD: &str = "| scenario | what it is for |\n| --- | --- |\n";
    let mut table = HEAD.to_owned();
    for (name, text) in library::ALL {
        let _ = writeln!(table, "| [`{name}`](../scenarios/{name}.yaml) | {} |", library::purpose(text));
    }
    let path = root().join("docs/scenarios.md");
    let page = fs::read_to_string(&path).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let (before, rest) = page.split_once(HEAD).expect("the page has a table of scenarios");
        let after: String = rest.split_inclusive('\n').skip_while(|line| line.starts_with('|')).collect();
        fs::write(&path, format!("{before}{table}{after}")).unwrap();
    }

    let page = fs::read_to_string(&path).unwrap();

    assert!(
        page.contains(&format!("{table}\n")),
        "UPDATE_DOCS=1 writes docs/scenarios.md, which should hold:\n{table}"
    );
}

/// The recipes of other languages are run by the suites of tests/sdk, from files that hold them word for word.
#[test]
fn every_recipe_is_run_by_a_suite() {
    for (page, language, files) in [
        ("recipes", "python", &["scenarios/test_recipe.py"][..]),
        ("recipes", "go", &["go/recipe_test.go"]),
        ("recipes", "javascript", &["node/recipe.test.js"]),
        ("recipes", "java", &["java/src/test/java/alimock/RecipeTest.java"]),
        ("clients", "python", &["python_v2/recipe.py", "python_v1/recipe.py"]),
        ("clients", "go", &["go/recipe/ways.go"]),
        ("clients", "javascript", &["node/recipe.js"]),
        ("clients", "java", &["java/src/test/java/alimock/WaysRecipe.java"]),
    ] {
        let text = fs::read_to_string(root().join(format!("docs/{page}.md"))).unwrap();
        let shown: Vec<_> = fenced_blocks(&text, language).into_iter().map(|(_, recipe)| recipe).collect();
        assert_eq!(shown.len(), files.len(), "docs/{page}.md: recipes in {language}");
        for (recipe, file) in shown.iter().zip(files) {
            let run = fs::read_to_string(root().join("tests/sdk").join(file)).unwrap();
            assert_eq!(*recipe, run, "docs/{page}.md does not show tests/sdk/{file}");
        }
    }
}

/// What needs a program that is not installed everywhere is `bash`, and a suite runs it.
#[test]
fn every_recipe_for_another_program_is_run_by_its_suite() {
    let page = fs::read_to_string(root().join("docs/clients.md")).unwrap();
    let run = fs::read_to_string(root().join("tests/sdk/aliyun_cli/recipe.sh")).unwrap();

    let shown: Vec<_> = fenced_blocks(&page, "bash").into_iter().map(|(_, recipe)| recipe).collect();

    assert_eq!(shown, [run]);
}

#[test]
fn the_command_line_reference_names_every_flag_and_variable() {
    let page = fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let all = [
        "serve",
        "run",
        "policy",
        "scenario",
        "env",
        "ctl",
        "wait",
        "why",
        "logs",
        "status",
        "world new",
        "world reset",
        "account create",
        "account set",
        "key disable",
        "clock set",
        "version",
        "man",
        "completions",
    ];
    for command in all {
        let words = command.split(' ').chain(["--help"]);
        let help = Command::new(env!("CARGO_BIN_EXE_alimock")).args(words).output().unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let words: Vec<&str> =
            help.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).collect();
        let named = words
            .iter()
            .filter(|word| (word.starts_with("--") && word.len() > 2) || word.starts_with("ALIMOCK_"));
        for word in named.filter(|word| **word != "--help" && **word != "ALIMOCK_") {
            assert!(page.contains(*word), "docs/cli.md lacks `{word}` of `alimock {command}`");
        }
        assert!(page.contains(&format!("alimock {command}")), "docs/cli.md lacks `alimock {command}`");
    }
}

/// `GET /worlds/{}/clock` of every call that the tables of a page have in their first column. A method alone, `GET`, goes with
/// the next path, and a path alone with the last methods; `...` stands for what is before it.
fn calls_of(page: &str) -> BTreeSet<String> {
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let mut calls = BTreeSet::new();
    for cell in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let (cell, _) = cell.split_once(" | ").unwrap();
        let (mut methods, mut has_path) = (Vec::new(), false);
        for span in format!("`{cell}").split('`').skip(1).step_by(2) {
            for word in span.split(' ') {
                if METHODS.contains(&word) {
                    if std::mem::take(&mut has_path) {
                        methods.clear();
                    }
                    methods.push(word);
                } else if word.starts_with(['/', '.']) {
                    has_path = true;
                    let path = word.split('?').next().unwrap().replace("...", "/worlds/{}");
                    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
                    let path = parts.collect::<Vec<_>>().join("/");
                    calls.extend(methods.iter().map(|method| format!("{method} {path}")));
                }
            }
        }
    }
    calls
}

#[test]
fn the_control_reference_names_every_call_and_no_other() {
    let page = fs::read_to_string(root().join("docs/control-api.md")).unwrap();
    let (_, document) = Live::start().control("GET", "/openapi.json", "");
    let mut known = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        known.extend(
            operations.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }

    let named = calls_of(&page);

    assert!(known.len() > 40, "{known:?}");
    let lacks: Vec<_> = known.difference(&named).collect();
    assert!(lacks.is_empty(), "docs/control-api.md lacks {lacks:?}");
    let unknown: Vec<_> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "docs/control-api.md has calls that do not exist: {unknown:?}");
}

/// Cells of the tables of a page, a row each, without heads.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| row.split(" | ").collect()).collect()
}

#[test]
fn what_can_be_validated_is_proved_by_a_test_and_the_rest_has_a_reason() {
    let page = fs::read_to_string(root().join("docs/what-you-can-validate.md")).unwrap();
    let is_test = |proof: &str| match proof.split_once("::") {
        Some((module, test)) => [format!("tests/it/{module}.rs"), format!("tests/it/{module}/mod.rs")]
            .iter()
            .filter_map(|file| fs::read_to_string(root().join(file)).ok())
            .any(|text| text.contains(&format!("#[test]\nfn {test}()"))),
        None => proof.contains('/') && root().join(proof).is_file(),
    };
    let (mut yes, mut no) = (0, 0);
    for row in rows(&page).iter().filter(|row| row.len() == 3 && row[0].ends_with('?')) {
        match row[1] {
            "yes" => {
                let proofs: Vec<_> = row[2].split('`').skip(1).step_by(2).collect();
                let wrong: Vec<_> = proofs.iter().filter(|proof| !is_test(proof)).collect();
                assert!(!proofs.is_empty() && wrong.is_empty(), "{}: {wrong:?} is no test", row[0]);
                yes += 1;
            }
            "no" => {
                assert!(row[2].contains("]("), "{}: a *no* links to its reason", row[0]);
                no += 1;
            }
            other => panic!("{}: {other} is no answer", row[0]),
        }
    }
    assert!(yes > 30 && no > 4, "{yes} and {no} rows were read");
}

#[test]
fn the_reference_names_every_rule_about_accounts() {
    let page = fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    let (_, rules) = Live::start().control("GET", "/worlds/default/account-rules", "");
    let rules = rules.as_object().unwrap();
    assert!(rules.len() > 20, "{rules:?}");
    let lacks: Vec<_> = rules.keys().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(lacks.is_empty(), "docs/scenarios.md lacks {lacks:?}");
}
