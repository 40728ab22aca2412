//! `alimock run --policy-out` and `--policy-check`, and the recorder behind them.

use crate::cli::alimock;
use crate::support::{FrozenClocks, Lab, NOW, live, sign};
use alimock::Scenario;
use alimock::world::needs::Needs;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const SEED: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    roles: [{name: ops, trust: {Version: "1", Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {RAM: "acs:ram::1234567890123456:root"}}]}}]
    groups: [{name: team}]
    users: [{name: ci, policies: [AliyunSTSAssumeRoleAccess], keys: [{}]}]
"#;

/// Identity, action and resources of each need.
fn noted(needs: &Needs) -> Vec<(String, String, Vec<String>)> {
    needs.all().into_iter().map(|(need, ..)| (need.who, need.action, need.resources)).collect()
}

#[test]
fn the_recorder_knows_all_resources_of_calls_that_are_allowed_refused_or_made_by_the_account_itself() {
    let (lab, needs) = Lab::recording(&FrozenClocks(Scenario::parse(SEED).unwrap()));
    let member = [("UserName", "ci"), ("GroupName", "team")];

    lab.root("demo").ram("AddUserToGroup", &member).assert_ok();
    lab.user("demo", "ci").ram("AddUserToGroup", &member).assert_refused(403, "NoPermission");
    lab.user("demo", "ci").ram("AddUserToGroup", &member).assert_refused(403, "NoPermission");
    let role = [("RoleArn", "acs:ram::1234567890123456:role/ops"), ("RoleSessionName", "session")];
    lab.user("demo", "ci").sts("AssumeRole", &role).assert_ok();
    lab.session("ops").ram("GetUser", &[("UserName", "ci")]).assert_refused(403, "NoPermission");
    lab.user("demo", "ci").sts("GetCallerIdentity", &[]).assert_ok();

    let arn = |rest: &str| format!("acs:ram:*:1234567890123456:{rest}");
    let both = vec![arn("user/ci"), arn("group/team")];
    let who = |rest: &str| format!("acs:ram::1234567890123456:{rest}");
    let expected = [
        (who("role/ops"), "ram:GetUser".to_owned(), vec![arn("user/ci")]),
        (who("root"), "ram:AddUserToGroup".to_owned(), both.clone()),
        (who("user/ci"), "ram:AddUserToGroup".to_owned(), both),
        (who("user/ci"), "sts:AssumeRole".to_owned(), vec![who("role/ops")]),
    ];
    assert_eq!(noted(needs), expected);
    let calls: Vec<_> = needs.all().iter().map(|(_, calls, _)| *calls).collect();
    assert_eq!((calls, needs.first()), (vec![1, 1, 2, 1], Some(who("root"))));
}

/// Runs `alimock run` with `arguments` and makes these calls of RAM with its credentials. Returns exit code and messages.
fn run(arguments: &[&str], folder: &Path, calls: &[(&str, &[(&str, &str)])]) -> (i32, String) {
    let script =
        "echo $ALIMOCK_ENDPOINT $ALIBABA_CLOUD_ACCESS_KEY_ID $ALIBABA_CLOUD_ACCESS_KEY_SECRET; read end";
    let clock = format!("clock: {{resource: '{NOW}', gateway: '{NOW}'}}\n{SEED}");
    fs::write(folder.join("s.yaml"), clock).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_alimock"))
        .current_dir(folder)
        .args(["run", "--log", "off", "--scenario", "s.yaml"])
        .args(arguments)
        .args(["--", "sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let [endpoint, key, secret] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
    let address = endpoint.strip_prefix("http://").unwrap().parse().unwrap();
    for (number, (action, params)) in calls.iter().enumerate() {
        let nonce = format!("n-{number}");
        let call = sign::Call {
            key,
            secret,
            token: None,
            version: "2015-05-01",
            action,
            params,
            time: NOW,
            nonce: &nonce,
            xml: false,
        };
        let (status, answer) = live::send(address, &sign::request(sign::Form::RpcV1, &call));
        assert_eq!(status, 200, "{action}: {answer}");
    }
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    let done = child.wait_with_output().unwrap();
    (done.status.code().unwrap(), String::from_utf8_lossy(&done.stderr).into_owned())
}

#[test]
fn run_writes_the_least_policy_and_tells_which_calls_another_policy_refuses() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("needs");
    fs::create_dir_all(&folder).unwrap();
    let calls: [(&str, &[(&str, &str)]); 3] =
        [("CreateUser", &[("UserName", "alice")]), ("ListUsers", &[]), ("ListUsers", &[])];

    let (code, said) = run(&["--policy-out", "least.json"], &folder, &calls);

    assert_eq!(code, 0, "{said}");
    let least: Value = serde_json::from_str(&fs::read_to_string(folder.join("least.json")).unwrap()).unwrap();
    let users = json!([{"Effect": "Allow", "Action": ["ram:CreateUser", "ram:ListUsers"], "Resource": ["acs:ram:*:*:user/*"]}]);
    assert_eq!(least["Statement"], users);
    assert_eq!(run(&["--policy-check", "least.json"], &folder, &calls).0, 0);
    let reads = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:List*","Resource":"*"}]}"#;
    fs::write(folder.join("reads.json"), reads).unwrap();
    let (code, said) = run(&["--policy-check", "reads.json"], &folder, &calls);
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("refused ram:CreateUser on ") && said.contains(": ImplicitDeny (calls: 1)"),
        "{said}"
    );
    assert!(said.contains("policy reads.json: refuses 1 of 3 calls of "), "{said}");
    fs::write(folder.join("bad.json"), "{}").unwrap();
    alimock().current_dir(&folder).args(["run", "--policy-check", "bad.json", "--", "true"]).assert().code(2);
}
