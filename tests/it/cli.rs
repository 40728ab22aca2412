//! The command line: exit codes, messages, environment. docs/cli.md is its reference.

use assert_cmd::Command;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

pub fn alimock() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alimock"));
    command.timeout(std::time::Duration::from_secs(60));
    command
}

/// `alimock serve` on a free port.
pub struct Served {
    child: Child,
    pub endpoint: String,
    block: String,
}

impl Served {
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_alimock"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut block = String::new();
        while !block.contains("  checks ") {
            assert_ne!(lines.read_line(&mut block).unwrap(), 0, "it ended: {block}");
        }
        let endpoint = block.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        Self { child, endpoint, block }
    }

    /// Sends SIGTERM; gives the exit code.
    fn stop(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").arg(pid).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

#[test]
fn serve_says_where_it_listens_with_the_same_keys_each_time_and_stops_at_sigterm() {
    let mut first = Served::start(&[]);
    let mut second = Served::start(&["--seed", "7"]);

    let keys = |block: &str| {
        block.lines().filter(|line| line.contains("account ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(keys(&first.block).len(), 2);
    assert_eq!(keys(&first.block), keys(&Served::start(&[]).block));
    assert_ne!(keys(&first.block), keys(&second.block));
    assert!(first.block.contains("checks    all strict"), "{}", first.block);
    alimock().args(["wait", "--endpoint", &first.endpoint, "--timeout", "5s"]).assert().success();
    assert_eq!((first.stop(), second.stop()), (Some(0), Some(0)));
}

#[test]
fn a_disabled_check_is_reported_at_the_start() {
    let served = Served::start(&["--window-v1", "31m"]);
    assert!(served.block.contains("checks    v1 signatures may be 1860 s old"), "{}", served.block);
}

#[test]
fn a_port_in_use_is_reported_in_one_line_with_exit_code_2() {
    let served = Served::start(&[]);
    let address = served.endpoint.trim_start_matches("http://");

    let failed = alimock().args(["serve", "--listen", address]).assert().code(2);

    let expected = format!(
        "error: address `{address}` is in use; stop the other program, or choose another one with `--listen`\n"
    );
    failed.stderr(expected);
}

#[test]
fn serve_listens_on_every_given_address() {
    let served = Served::start(&["--listen", "127.0.0.1:0,127.0.0.1:0"]);
    let others: Vec<_> = served.block.lines().filter_map(|line| line.strip_prefix("  also      ")).collect();
    assert_eq!(others.len(), 2, "{}", served.block);

    for address in others {
        let endpoint = format!("http://{address}");
        assert_ne!(endpoint, served.endpoint);
        alimock().args(["ctl", "--endpoint", &endpoint, "GET", "/worlds/default"]).assert().success();
    }
    let taken = served.endpoint.trim_start_matches("http://");
    let failed = alimock().args(["serve", "--listen", "127.0.0.1:0", "--listen", taken]).assert().code(2);
    let said = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
    assert!(said.starts_with(&format!("error: address `{taken}` is in use")), "{said}");
}

#[test]
fn run_gives_the_child_endpoint_and_credentials_and_its_exit_code() {
    let script = "test -n \"$ALIMOCK_ENDPOINT\" && test ${#ALIBABA_CLOUD_ACCESS_KEY_ID} = 24 && test ${#ALICLOUD_SECRET_KEY} = 30 && exit 7";
    alimock().args(["run", "--", "sh", "-c", script]).assert().code(7);
    alimock().args(["run", "--", "sh", "-c", "kill -9 $$"]).assert().code(137);
    let missing = alimock().args(["run", "--", "no-such-program"]).assert().code(2);
    assert!(String::from_utf8_lossy(&missing.get_output().stderr).contains("cannot run `no-such-program`"));
    let program = env!("CARGO_BIN_EXE_alimock");
    let env = alimock().args(["run", "--", program, "env", "--format", "json"]).assert().success();
    let text = String::from_utf8(env.get_output().stdout.clone()).unwrap();
    let variables: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(variables["ALIBABA_CLOUD_ACCESS_KEY_ID"], variables["ALICLOUD_ACCESS_KEY"]);
}

#[test]
fn env_prints_what_a_shell_can_read_for_any_seeded_caller() {
    let served = Served::start(&[]);
    let env = |who: &str| alimock().args(["env", "--endpoint", &served.endpoint, "--as", who]).assert();
    let demo = String::from_utf8(env("demo").success().get_output().stdout.clone()).unwrap();
    let dev = String::from_utf8(env("demo/dev").success().get_output().stdout.clone()).unwrap();

    let (unset, set) = demo.split_once('\n').unwrap();
    assert!(unset.starts_with("unset ") && unset.contains(" ALIBABA_CLOUD_SECURITY_TOKEN "), "{demo}");
    assert!(set.lines().all(|line| line.starts_with("export ") && line.ends_with('\'')), "{demo}");
    assert_ne!(demo, dev);
    env("nobody").code(1).stderr("error: no account `nobody`; the world has `operator`, `demo`\n");
    let unreachable = alimock().args(["env", "--endpoint", "http://127.0.0.1:1"]).assert().code(1);
    assert!(
        String::from_utf8_lossy(&unreachable.get_output().stderr)
            .contains("start an emulator with `alimock serve`")
    );
}

#[test]
fn env_prints_the_port_of_a_world_that_has_its_own() {
    let served = Served::start(&[]);
    let alimock = |arguments: &[&str]| {
        let output = alimock().args(arguments).args(["--endpoint", &served.endpoint]).output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let world = alimock(&["ctl", "POST", "/worlds?name=own&listen=127.0.0.1:0"]);
    let env =
        |world: &str| alimock(&["env", "--format", "json", "--world", world])["ALIMOCK_ENDPOINT"].clone();

    assert_eq!(env("own"), world["endpoint"]);
    assert_eq!(world["endpoint"], format!("http://{}", world["listen"].as_str().unwrap()));
    assert_eq!(env("default"), *served.endpoint);
}

#[test]
fn wait_fails_after_its_timeout() {
    let failed =
        alimock().args(["wait", "--endpoint", "http://127.0.0.1:1", "--timeout", "100ms"]).assert().code(1);
    failed.stderr("error: `http://127.0.0.1:1` was not ready within 100ms\n");
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_one() {
    let flag = alimock().args(["serve", "--sede", "1"]).assert().code(2);
    assert!(String::from_utf8_lossy(&flag.get_output().stderr).contains("--seed"));
    let span = alimock().args(["serve", "--window-v1", "soon"]).assert().code(2);
    assert!(
        String::from_utf8_lossy(&span.get_output().stderr)
            .contains("expected a duration above zero, such as `15m`")
    );
    alimock().args(["serve", "--log", "loud"]).assert().code(2);
}

#[test]
fn an_invalid_scenario_is_refused_before_anything_starts() {
    let folder = std::env::temp_dir().join(format!("alimock-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("bad.yaml");
    std::fs::write(&file, "accounts:\n  - name: demo\n    sight: cn\n").unwrap();
    let path = file.to_str().unwrap();

    let failed = alimock().args(["serve", "--scenario", path]).assert().code(2);

    let text = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
    assert!(text.contains("bad.yaml") && text.contains("sight") && text.contains("line 3"), "{text}");
    alimock().args(["run", "--scenario", "/no/such/file", "--", "true"]).assert().code(2);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn version_and_completions_go_to_stdout() {
    alimock().arg("--version").assert().success().stdout(format!("alimock {}\n", env!("CARGO_PKG_VERSION")));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let printed = alimock().args(["completions", shell]).assert().success();
        assert!(printed.get_output().stdout.windows(5).any(|part| part == b"serve"), "{shell}");
    }
}

#[test]
fn a_child_is_told_to_stop_when_run_is() {
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_alimock"))
        .args([
            "run",
            "--",
            "sh",
            "-c",
            "trap 'echo told; exit 5' TERM; echo ready; for i in $(seq 600); do sleep 0.1; done",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(run.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();

    assert!(std::process::Command::new("kill").arg(run.id().to_string()).status().unwrap().success());
    out.read_to_string(&mut text).unwrap();

    assert_eq!((text.as_str(), run.wait().unwrap().code()), ("ready\ntold\n", Some(5)));
}

#[test]
fn a_deny_sweep_refuses_each_action_once_and_reports_which_refusals_the_command_survives() {
    let call = |action: &str| {
        format!("curl -sf \"$ALIMOCK_ENDPOINT/\" -d Action={action} -d Version=2015-04-01 -o /dev/null")
    };
    // Neither call succeeds; the second one's code is looked at, so another code makes the command fail.
    let command = format!(
        "{}; curl -s \"$ALIMOCK_ENDPOINT/\" -d Action=AssumeRoleWithSAML -d Version=2015-04-01 -d Format=JSON | grep -q MissingParameter",
        call("AssumeRoleWithOIDC")
    );

    let swept = alimock().args(["deny-sweep", "--log", "off", "--", "sh", "-c", &command]).output().unwrap();

    let text = String::from_utf8(swept.stdout).unwrap();
    let expected = "survives Sts AssumeRoleWithOIDC (1 denied)\nfails    Sts AssumeRoleWithSAML (1 denied, exit 1)\nthe command survives 1 of 2 denials\n";
    assert_eq!((swept.status.code(), text.as_str()), (Some(0), expected));
    let failing =
        alimock().args(["deny-sweep", "--log", "off", "--", "sh", "-c", "exit 9"]).output().unwrap();
    assert_eq!(failing.status.code(), Some(9));
}

#[test]
fn a_deny_sweep_denies_with_the_error_of_the_product() {
    let ecs = r#"curl -s "$ALIMOCK_ENDPOINT/?Action=RunInstances&Version=2014-05-26" | grep -v '<Code>Forbidden.RAM</Code>' > /dev/null"#;
    let oss = r#"curl -s -H "Host: oss-cn-hangzhou.aliyuncs.com" "$ALIMOCK_ENDPOINT/" | grep -q '<Code>AccessDenied</Code>'"#;
    let script = format!("{ecs} && {oss}");

    let swept = alimock().args(["deny-sweep", "--log", "off", "--", "sh", "-c", &script]).output().unwrap();

    let text = String::from_utf8(swept.stdout).unwrap();
    let expected = "fails    Ecs RunInstances (1 denied, exit 1)\nsurvives Oss ListBuckets (1 denied)\nthe command survives 1 of 2 denials\n";
    assert_eq!(text, expected);
}

#[test]
fn scenarios_are_listed_shown_and_checked() {
    let run = |arguments: &[&str]| {
        let output = alimock().arg("scenario").args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };

    let (code, listed, _) = run(&["list"]);
    assert!(code == Some(0) && listed.lines().any(|line| line.starts_with("default ")), "{listed}");
    assert_eq!(run(&["show", "default"]).1, include_str!("../../scenarios/default.yaml"));
    assert_eq!(run(&["check", "default"]).1, "ok default\n");
    let (code, _, error) = run(&["check", "defualt"]);
    let message = "error: no file and no built-in scenario `defualt`; did you mean `default`?\n";
    assert_eq!((code, error.as_str()), (Some(2), message));
}

#[test]
fn a_command_runs_as_the_identity_that_the_scenario_or_the_flag_names() {
    let folder = std::env::temp_dir().join(format!("alimock-as-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let run = |text: &str, flags: &[&str]| {
        let file = folder.join("scenario.yaml");
        std::fs::write(&file, text).unwrap();
        let mut alimock = Command::new(env!("CARGO_BIN_EXE_alimock"));
        alimock.args(["run", "--log", "off"]).args(flags).arg("--scenario").arg(file);
        let show = r#"echo "${ALIMOCK_ENDPOINT:+there} ${ALIBABA_CLOUD_ACCESS_KEY_ID-nobody}""#;
        let output = alimock
            .env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID")
            .args(["--", "sh", "-c", show])
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let seen = |text: &str, flags: &[&str]| run(text, flags).1.trim().to_owned();
    let keys = "accounts: [{name: shop, keys: [{id: LTAI5tOfTheShop}], users: [{name: ci, keys: [{id: LTAI5tOfTheUser}]}]}]";

    assert_eq!(seen(keys, &[]), "there LTAI5tOfTheShop");
    assert_eq!(seen(&format!("as: shop/ci\n{keys}"), &[]), "there LTAI5tOfTheUser");
    assert_eq!(seen(&format!("as: shop/ci\n{keys}"), &["--as", "shop"]), "there LTAI5tOfTheShop");
    let user = "accounts: [{name: shop, users: [{name: ci, keys: [{id: LTAI5tOfTheUser}]}]}]";
    assert_eq!(seen(user, &[]), "there LTAI5tOfTheUser");
    assert_eq!(seen("accounts: [{name: shop}]", &[]), "there nobody");
    let (code, _, said) = run(keys, &["--as", "shop/dev"]);
    assert!(code == Some(2) && said.contains("`shop/dev` has no AccessKey from the scenario"), "{said}");
    std::fs::write(folder.join("scenario.yaml"), keys).unwrap();
    let mut sweep = alimock();
    sweep
        .args(["deny-sweep", "--log", "off", "--as", "shop/ci", "--scenario"])
        .arg(folder.join("scenario.yaml"));
    let swept = sweep
        .args(["--", "sh", "-c", "test $ALIBABA_CLOUD_ACCESS_KEY_ID = LTAI5tOfTheUser"])
        .output()
        .unwrap();
    assert!(swept.status.success(), "{}", String::from_utf8_lossy(&swept.stderr));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn ctl_makes_any_call_of_the_control_api() {
    let served = Served::start(&[]);
    let ctl = |arguments: &[&str]| {
        let mut command = alimock();
        command.args(["ctl", "--endpoint", &served.endpoint]).args(arguments);
        command
    };
    let said = |arguments: &[&str]| {
        let output = ctl(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };

    let (code, made, _) = said(&["POST", "/worlds?name=mine", "accounts: [{name: solo}]"]);
    assert!(code == Some(0) && made.starts_with("{\"world\":\"mine\"") && made.ends_with("}\n"), "{made}");
    let (_, clock, _) = said(&["put", "--world", "mine", "clock", r#"{"resource":"2030-01-01T00:00:00Z"}"#]);
    assert!(clock.contains("2030-01-01T00:00:00Z"), "{clock}");
    let moved = ctl(&["POST", "clock/advance", "-"])
        .env("ALIMOCK_WORLD", "mine")
        .write_stdin(r#"{"by":"1h"}"#)
        .output();
    assert!(String::from_utf8(moved.unwrap().stdout).unwrap().contains("2030-01-01T01:00:00Z"));
    assert_eq!(said(&["DELETE", "/worlds/mine"]), (Some(0), String::new(), String::new()));

    let nothing = "error: there is no world `mine`\nhint: GET /_alimock/worlds lists them, POST /_alimock/worlds makes one\n";
    assert_eq!(said(&["GET", "--world", "mine", "clock"]), (Some(1), String::new(), nothing.to_owned()));
    let (code, _, why) = said(&["GET", "/worlds/default/requests?acton=x"]);
    assert!(code == Some(1) && why.starts_with("error: ") && why.contains("unknown field `acton`"), "{why}");
    for (arguments, why) in [
        (&["POST", "commands", "@/no/such/file"][..], "cannot read `/no/such/file`"),
        (&["GET", "/a b"][..], "`/a b` is not a valid path"),
        (&["BREW", "/worlds"][..], "invalid value 'BREW'"),
        (&["GET"][..], "PATH"),
    ] {
        let (code, _, said) = said(arguments);
        assert!(code == Some(2) && said.contains(why), "{arguments:?}: {said}");
    }
    alimock()
        .args(["ctl", "--endpoint", "http://127.0.0.1:1", "GET", "/worlds"])
        .assert()
        .code(1)
        .stderr("error: no response from `http://127.0.0.1:1`: Connection refused (os error 111); start an emulator with `alimock serve`\n");
}

#[test]
fn ctl_takes_a_body_from_a_file_and_prints_a_stream_as_it_comes() {
    let mut served = Served::start(&[]);
    let ctl = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_alimock"));
        command.args(["ctl", "--endpoint", &served.endpoint]).args(arguments);
        command
    };
    let file = std::env::temp_dir().join(format!("alimock-ctl-{}.yaml", std::process::id()));
    std::fs::write(&file, "accounts: [{name: filed}]").unwrap();
    let made = ctl(&["POST", "/worlds?name=filed", &format!("@{}", file.display())]).output().unwrap();
    assert!(String::from_utf8(made.stdout).unwrap().contains("\"name\":\"filed\""));
    std::fs::remove_file(file).unwrap();

    let mut following = ctl(&["GET", "requests/stream"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = served.endpoint.trim_start_matches("http://");
    let mut call = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut call, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();

    assert!(lines.any(|line| line == "event: request"));
    assert!(lines.next().unwrap().starts_with("data: {\"number\":1,"));
    assert_eq!(served.stop(), Some(0));
    assert_eq!(following.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_closes_the_output_early_causes_no_failure() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_alimock"))
        .args(["scenario", "schema"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());

    let output = child.wait_with_output().unwrap();

    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
