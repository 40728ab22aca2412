//! The command line as people write it, and the environment that they have.

use crate::cli::alimock;
use crate::support::live::{Live, assert_error};

/// Every kind of variable by which a real credential reaches an SDK or a tool.
const REAL: [&str; 22] = [
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABACLOUD_SECURITY_TOKEN",
    "ALICLOUD_SECURITY_TOKEN",
    "ALICLOUD_ACCESS_KEY",
    "ALICLOUD_SECRET_KEY",
    "ALIBABA_CLOUD_PROFILE",
    "ALIBABACLOUD_PROFILE",
    "ALICLOUD_PROFILE",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
    "ALICLOUD_SHARED_CREDENTIALS_FILE",
    "ALIBABA_CLOUD_CONFIG_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALICLOUD_ECS_ROLE_NAME",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALICLOUD_ASSUME_ROLE_ARN",
    "OSS_SESSION_TOKEN",
    "SECURITY_TOKEN",
];

#[test]
fn a_command_never_finds_real_credentials() {
    let none = std::env::temp_dir().join(format!("alimock-none-{}.yaml", std::process::id()));
    std::fs::write(&none, "accounts: [{name: demo}]").unwrap();
    let scenario = none.to_str().unwrap();
    for (command, warns) in [
        (vec!["run", "--", "sh", "-c", "env"], false),
        (vec!["run", "--scenario", scenario, "--", "sh", "-c", "env"], true),
        (vec!["deny-sweep", "--scenario", scenario, "--", "sh", "-c", "env"], true),
    ] {
        let mut alimock = alimock();
        alimock.args(&command).env("ALIBABA_CLOUD_ENDPOINT_TYPE", "kept");
        let done =
            REAL.iter().fold(&mut alimock, |alimock, name| alimock.env(name, "a-real-one")).output().unwrap();
        let (shown, said) =
            (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());

        assert!(shown.contains("ALIMOCK_ENDPOINT=") && !shown.contains("a-real-one"), "{command:?}: {shown}");
        assert!(shown.contains("ALIBABA_CLOUD_ENDPOINT_TYPE=kept"), "{shown}");
        assert_eq!(said.contains("has no AccessKey for this caller"), warns, "{command:?}: {said}");
    }
    std::fs::remove_file(none).unwrap();
}

#[test]
fn env_unsets_real_credentials_for_the_shell() {
    let live = Live::start();
    let mut alimock = alimock();
    alimock.args(["env", "--endpoint", &format!("http://{}", live.address)]);
    let done =
        REAL.iter().chain(&["ODPS_STS_TOKEN"]).fold(&mut alimock, |alimock, name| alimock.env(name, "x"));
    let text = String::from_utf8(done.output().unwrap().stdout).unwrap();
    let unset: Vec<_> = text.lines().next().unwrap().split(' ').collect();
    for name in REAL.iter().chain(&["ODPS_STS_TOKEN"]) {
        assert!(unset.contains(name) != text.contains(&format!("export {name}=")), "{name}: {text}");
    }
}

#[test]
fn unknown_variables_are_ignored_and_near_misses_are_warnings() {
    let run = |name: &str, value: &str| {
        let done = alimock().env(name, value).arg("--version").assert().success();
        String::from_utf8(done.get_output().stderr.clone()).unwrap()
    };
    assert_eq!(run("ALIMOCK_PORT", "tcp://10.0.0.7:4588"), "");
    assert_eq!(
        run("ALIMOCK_SEDE", "1"),
        "warning: `ALIMOCK_SEDE` in the environment is ignored; did you mean `ALIMOCK_SEED`?\n"
    );
    let script = "test -n \"$ALIMOCK_ENDPOINT\"";
    let mut empty = alimock();
    for name in ["ALIMOCK_SEED", "ALIMOCK_SCENARIO", "ALIMOCK_LOG", "ALIMOCK_CONTROL_TOKEN", "ALIMOCK_TLS"] {
        empty.env(name, "");
    }
    empty.args(["run", "--", "sh", "-c", script]).assert().success();
}

#[test]
fn a_variable_can_have_the_scenario_itself() {
    let uid = |scenario: &str| {
        let mut run = alimock();
        run.env("ALIMOCK_SCENARIO", scenario).args(["run", "--", "sh", "-c", "echo $ALICLOUD_ACCOUNT_ID"]);
        let done = run.output().unwrap();
        (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    for scenario in [
        "accounts: [{name: demo, uid: 1000000000000007, keys: [{}]}]",
        "accounts:\n- name: demo\n  uid: 1000000000000007\n  keys: [{}]\n",
        r#"{"accounts": [{"name": "demo", "uid": 1000000000000007, "keys": [{}]}]}"#,
    ] {
        assert_eq!(uid(scenario).0, "1000000000000007\n", "{scenario}");
    }
    let (out, error) = uid("acounts: []");
    assert_eq!(out, "");
    assert!(error.contains("acounts") && error.contains("accounts"), "{error}");
}

#[test]
fn a_command_needs_no_separator_and_keeps_its_flags() {
    alimock().args(["run", "sh", "-c", "exit 9"]).assert().code(9);
    alimock()
        .args(["run", "--log", "off", "echo", "--log", "-q", "--", "x"])
        .assert()
        .success()
        .stdout("--log -q -- x\n");
    alimock().args(["run", "--seed"]).assert().code(2);
    alimock().args(["run", "--sede", "1", "true"]).assert().code(2);
}

#[test]
fn listen_takes_a_port_and_localhost() {
    for listen in ["0", ":0", "localhost:0", "127.0.0.1:0"] {
        let served = crate::access::Served::start(&["--listen", listen]);
        assert!(served.address().ip().is_loopback(), "{listen}");
    }
    let wrong = alimock().args(["serve", "--listen", "nowhere"]).assert().code(2);
    assert!(
        String::from_utf8_lossy(&wrong.get_output().stderr)
            .contains("expected IP:PORT, PORT or localhost:PORT")
    );
}

#[test]
fn colour_is_as_the_flag_and_no_color_say() {
    let scenario = std::env::temp_dir().join(format!("alimock-colour-{}.yaml", std::process::id()));
    std::fs::write(
        &scenario,
        "{accounts: [{name: demo, keys: [{}]}], expect: [{calls: {action: ListUsers}}]}",
    )
    .unwrap();
    let said = |colour: &[&str], no_color: &str| {
        let mut alimock = alimock();
        alimock
            .arg("run")
            .args(colour)
            .arg("--scenario")
            .arg(&scenario)
            .env("NO_COLOR", no_color)
            .args(["--", "true"]);
        String::from_utf8(alimock.output().unwrap().stderr).unwrap()
    };
    assert!(said(&["--color", "always"], "1").contains("\x1b[31mFAILED"));
    for (colour, no_color) in [(&["--color", "never"][..], ""), (&[], "1"), (&[], "")] {
        assert!(!said(colour, no_color).contains('\x1b'));
    }
    let wrong = alimock().args(["serve", "--sede", "--color=always"]).output().unwrap();
    assert!(String::from_utf8(wrong.stderr).unwrap().contains('\x1b'));
    std::fs::remove_file(scenario).unwrap();
}

#[test]
fn help_fits_a_hundred_columns_and_has_groups_and_examples() {
    for command in ["serve", "run", "env", "ctl", "deny-sweep", "wait", "scenario"] {
        let help = alimock().args([command, "--help"]).assert().success();
        let text = String::from_utf8(help.get_output().stdout.clone()).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{command}: {text}");
        assert!(text.contains("Examples:"), "{command}: {text}");
    }
    let help = alimock().args(["run", "--help"]).output().unwrap();
    let text = String::from_utf8(help.stdout).unwrap();
    for heading in ["Options:", "Reports and log:", "Server:", "Limits and strictness:"] {
        assert!(text.contains(heading), "{heading}");
    }
}

#[test]
fn every_call_of_the_control_api_refuses_unknown_query_parameters() {
    let listed = alimock().args(["ctl", "--list"]).assert().success();
    let listed = String::from_utf8(listed.get_output().stdout.clone()).unwrap();
    let calls: Vec<_> = listed
        .lines()
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.next().unwrap())
        })
        .collect();
    assert!(calls.len() > 70 && calls.contains(&("GET", "/worlds")), "{listed}");
    let live = Live::start();
    for (method, path) in calls {
        let path = path.replace("{world}", "default");
        let answer = live.control(method, &format!("{path}?nosuch=1"), "");
        if !path.contains('{') || method == "GET" && !path.contains("{token}") {
            assert_error(&answer, 400, "invalid_query");
        }
    }
}
