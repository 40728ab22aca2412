//! `alimock policy` and the gateway on the whole corpus, and what `alimock policy` prints.

use super::{Case, cases};
use crate::cli::alimock;
use crate::support::{Actor, Lab};
use alimock::policy::{Context, Principal};
use alimock::text::{RoleName, Scalar, Uid};
use alimock::world::permission::{Ask, decide, decide_to_assume};
use alimock::world::{Caller, Credential};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A policy that allows to read users.
const READ_USERS: &str =
    r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:GetUser","Resource":"*"}]}"#;

/// A user without permissions, and a role whose sessions have none.
const SEED: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    users: [{name: ci, keys: [{}]}]
    roles: [{name: job, trust: {Version: "1", Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {RAM: "acs:ram::1234567890123456:root"}}]}}]
"#;

#[test]
fn the_command_decides_every_case_of_the_corpus_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/policy");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let junit = scratch("corpus").join("cases.xml");

    let done = alimock().args(["policy", "test"]).args(files).arg("--junit").arg(&junit).assert().success();

    let all = cases().len();
    assert_eq!(String::from_utf8_lossy(&done.get_output().stdout), format!("{all} of {all} cases pass\n"));
    let head = format!("<testsuite name=\"alimock\" tests=\"{all}\" failures=\"0\">");
    assert!(fs::read_to_string(junit).unwrap().contains(&head));
}

#[test]
fn the_gateway_decides_the_corpus_as_the_command_does() {
    let (mut wrong, mut skipped) = (Vec::new(), 0);
    for (file, case) in cases() {
        match by_gateway(&case) {
            None => skipped += 1,
            Some(found) => {
                let expect = case.expect.clone().unwrap_or_else(|| wellformed(&case).to_string());
                if found != expect {
                    wrong.push(format!("{file}: {}: expects {expect}, found {found}", case.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Control policies and policies of resource groups cannot be attached through RAM; principals of other accounts have no key here.
    assert!(skipped < 60, "{skipped} cases are skipped");
}

fn wellformed(case: &Case) -> bool {
    case.wellformed.is_some()
}

/// Plants a case by signed calls, and returns the decision; `None` if these calls cannot express the case.
fn by_gateway(case: &Case) -> Option<String> {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    if let Some(text) = case.malformed.as_ref().or(case.wellformed.as_ref()) {
        let reply = match case.kind.as_deref() {
            Some("trust") => {
                root.ram("CreateRole", &[("RoleName", "new"), ("AssumeRolePolicyDocument", text)])
            }
            _ => root.ram("CreatePolicy", &[("PolicyName", "new"), ("PolicyDocument", text)]),
        };
        return Some((reply.status == 200).to_string());
    }
    if !case.control.is_empty() || !case.resource_group.is_empty() {
        return None;
    }
    let ask = case.ask.as_ref()?.plain();
    let mut context = Context::default();
    ask.context.iter().for_each(|(key, values)| context.set(key, values.clone()));
    let decision = if let Some(trust) = &case.trust {
        if case.policies.is_some() {
            return None;
        }
        let (kind, name) = ask.principal.as_ref()?;
        let principal = match kind.as_str() {
            "RAM" => Principal::Ram(name),
            "Service" => Principal::Service(name),
            _ => Principal::Federated(name),
        };
        let document = json(trust);
        let made = root.ram("UpdateRole", &[("RoleName", "job"), ("NewAssumeRolePolicyDocument", &document)]);
        made.assert_ok();
        let state = lab.world().state();
        let account = state.accounts.values().next().unwrap();
        let role = account.role(account.role_slot(&RoleName::parse("job").unwrap()).unwrap()).unwrap();
        decide_to_assume(&state, &Caller::Nobody, role, Uid(0), Some(principal), context)
    } else {
        let is_session = case.session.is_some();
        for (number, policy) in case.policies.iter().flatten().enumerate() {
            attach(&root, &format!("p{number}"), &json(policy), is_session);
        }
        let caller = match &case.session {
            None => caller_of(&lab, &lab.user("demo", "ci").key),
            Some(session) => caller_of(&lab, &assume(&lab, &root, &json(session))),
        };
        let ask = Ask { action: ask.action, resources: vec![ask.resource], context, ..Ask::default() };
        decide(&lab.world().state(), &caller, ask)
    };
    Some(decision.evaluated().expect("policies decide").verdict.name().to_owned())
}

/// Creates a policy and attaches it to the role or the user.
fn attach(root: &Actor, name: &str, document: &str, to_role: bool) {
    root.ram("CreatePolicy", &[("PolicyName", name), ("PolicyDocument", document)]).assert_ok();
    let policy = [("PolicyType", "Custom"), ("PolicyName", name)];
    let (action, holder) = if to_role {
        ("AttachPolicyToRole", ("RoleName", "job"))
    } else {
        ("AttachPolicyToUser", ("UserName", "ci"))
    };
    root.ram(action, &[&policy[..], &[holder]].concat()).assert_ok();
}

/// Lets the user assume the role with a session policy. Returns the key of the session.
fn assume(lab: &Arc<Lab>, root: &Actor, policy: &str) -> String {
    let assume =
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"#;
    attach(root, "Assume", assume, false);
    let params = [
        ("RoleArn", "acs:ram::1234567890123456:role/job"),
        ("RoleSessionName", "session"),
        ("Policy", policy),
    ];
    let made = lab.user("demo", "ci").sts("AssumeRole", &params).assert_ok();
    made["Credentials"]["AccessKeyId"].as_str().unwrap().to_owned()
}

fn caller_of(lab: &Lab, key: &str) -> Caller {
    match lab.world().state().credential(key) {
        Some(Credential::Key { caller, .. } | Credential::Session { caller, .. }) => caller,
        None => panic!("the key is known"),
    }
}

/// JSON of a document in a case.
fn json(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A new folder for the files of a test.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("policy-{name}"));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file and runs `alimock policy` in its folder. Returns exit code, output and messages.
fn policy(name: &str, text: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = scratch(name);
    fs::write(folder.join("p.json"), text).unwrap();
    let done = alimock().current_dir(&folder).arg("policy").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn lint_reports_an_error_of_each_statement_with_its_line() {
    let text = "{\"Version\": \"1\", \"Statement\": [\n\t{\"Effect\": \"Allow\", \"Action\": [\"ram:*\", \"x\"], \"Resource\": \"*\"},\n\t{\"Effect\": \"allow\", \"Action\": \"*\", \"Resource\": \"*\"}\n]}";

    let (code, _, said) = policy("errors", text, &["lint", "p.json"]);

    assert_eq!(code, 2);
    assert!(
        said.contains("line 2 column 42: Invalid action format") && said.contains("p.json:2:42"),
        "{said}"
    );
    assert!(said.contains("line 3 column 13: Invalid effect") && said.contains("2 problems"), "{said}");
    for (text, why) in [
        ("{\"Version\": \"1\",", "Json syntax error"),
        ("[1]", "Data type mismatch"),
        (
            r#"{"Version":"1","Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#,
            "given twice",
        ),
    ] {
        let (code, _, said) = policy("error", text, &["lint", "p.json"]);
        assert!(code == 2 && said.contains(why), "{text}: {said}");
    }
}

#[test]
fn lint_warns_of_what_is_wide_unknown_or_never_met() {
    for (statement, warning) in [
        (r#""Action":"*","Resource":"acs:oss:*:*:b""#, "allows every action of every product"),
        (r#""Action":"oss:*","Resource":"acs:oss:*:*:b""#, "allows every action of `oss`"),
        (r#""Action":"ram:DeleteUser","Resource":"*""#, "allows changes of every resource"),
        (r#""NotAction":"ram:*","Resource":"acs:ecs:*:*:*""#, "`NotAction` allows everything"),
        (r#""Action":"ram:ListUser","Resource":"*""#, "did you mean `ram:ListUsers`?"),
        (r#""Action":"ramm:GetUser","Resource":"*""#, "did you mean `ram`?"),
        (
            r#""Action":"ram:GetUser","Resource":"*","Condition":{"StringEquals":{"acs:SourceIp":"10.0.0.0/8"}}"#,
            "no request can meet the conditions of `acs:SourceIp`",
        ),
    ] {
        let text = format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow",{statement}}}]}}"#);
        let (code, _, said) = policy("warnings", &text, &["lint", "p.json"]);
        assert_eq!((code, said.matches("warning:").count()), (0, 1), "{text}: {said}");
        assert!(said.contains(warning), "{text}: {said}");
        assert_eq!(policy("warnings", &text, &["lint", "--strict", "p.json"]).0, 1);
    }
    let good = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["ram:Get*","ram:PassRole"],"Resource":"acs:ram:*:*:role/x"}]}"#;
    assert_eq!(policy("good", good, &["lint", "p.json"]), (0, "ok p.json\n".to_owned(), String::new()));
}

#[test]
fn lint_knows_every_action_of_the_system_policies() {
    let folder = scratch("system");
    let names = ["AliyunRAMFullAccess", "AliyunECSReadOnlyAccess", "AliyunOSSReadOnlyAccess"];
    let lab = Lab::new();
    for name in names {
        let got = lab.root("demo").ram("GetPolicy", &[("PolicyName", name), ("PolicyType", "System")]);
        let text = got.assert_ok()["DefaultPolicyVersion"]["PolicyDocument"].as_str().unwrap().to_owned();
        fs::write(folder.join(format!("{name}.json")), text).unwrap();
    }

    let done = alimock()
        .current_dir(&folder)
        .args(["policy", "lint"])
        .args(names.map(|name| format!("{name}.json")))
        .assert()
        .success();

    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(!said.contains("known"), "{said}");
}

#[test]
fn explain_shows_each_statement_and_tells_the_decision_by_its_exit_code() {
    let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"false"}}}]}"#;
    let ask = ["explain", "--policy", "p.json", "--action", "oss:GetObject", "--resource", "acs:oss:*:1:b/k"];

    let allowed = policy("explain", text, &ask);
    let denied = policy("explain", text, &[&ask[..], &["--context", "acs:SecureTransport=false"]].concat());

    assert_eq!((allowed.0, denied.0), (0, 1));
    assert!(allowed.1.starts_with("Allow: oss:GetObject on acs:oss:*:1:b/k\n"), "{}", allowed.1);
    assert!(allowed.1.contains("* p.json statement 1 Allow: it applies\n"), "{}", allowed.1);
    assert!(allowed.1.contains("the condition Bool of acs:SecureTransport is not met"), "{}", allowed.1);
    assert!(denied.1.starts_with("ExplicitDeny: "), "{}", denied.1);
    let wrong = policy("explain", "{}", &ask);
    assert!(wrong.0 == 2 && wrong.2.contains("p.json:1:1: "), "{}", wrong.2);
}

#[test]
fn cases_name_callers_of_a_scenario_files_and_system_policies_and_a_failure_is_exit_code_3() {
    let folder = scratch("cases");
    fs::write(folder.join("read.json"), READ_USERS).unwrap();
    fs::write(
        folder.join("s.yaml"),
        "accounts: [{name: demo, keys: [{}], users: [{name: ci, policies: [AliyunRAMReadOnlyAccess]}]}]",
    )
    .unwrap();
    let cases = "
- {name: the scenario allows reads, who: demo/ci, ask: {action: ram:ListUsers}, expect: Allow}
- {name: the scenario allows no changes, who: demo/ci, ask: {action: ram:CreateUser}, expect: Deny}
- {name: the account may do everything, who: demo, ask: {action: ram:CreateUser}, expect: Allow}
- {name: a file, policies: [read.json], ask: {action: ram:GetUser, resource: '*'}, expect: Allow}
- {name: a system policy, policies: [AdministratorAccess], ask: {action: a:B, resource: '*'}, expect: Allow}
- {name: this one fails, policies: [read.json], ask: {action: ram:DeleteUser, resource: '*'}, expect: Allow}
- {name: nobody, who: demo/nobody, ask: {action: ram:GetUser}, expect: Allow}
";
    fs::write(folder.join("cases.yaml"), cases).unwrap();

    let done = alimock()
        .current_dir(&folder)
        .args(["policy", "test", "cases.yaml", "--scenario", "s.yaml", "--junit", "out.xml"])
        .assert()
        .code(3);

    let said = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    assert!(
        said.contains("FAILED cases.yaml: this one fails\n       expected Allow, found ImplicitDeny"),
        "{said}"
    );
    assert!(
        said.contains("`demo/nobody` is not in the scenario") && said.ends_with("5 of 7 cases pass\n"),
        "{said}"
    );
    assert!(fs::read_to_string(folder.join("out.xml")).unwrap().contains("tests=\"7\" failures=\"2\""));
    fs::write(folder.join("wrong.yaml"), "- {name: x, aks: {}}").unwrap();
    let wrong = alimock().current_dir(&folder).args(["policy", "test", "wrong.yaml"]).assert().code(2);
    let said = String::from_utf8_lossy(&wrong.get_output().stderr).into_owned();
    assert!(said.contains("unknown field `aks`") && said.contains("wrong.yaml:1:"), "{said}");
}
