//! The commands that are one call of the control API: what they print, what `--json` and `--dry-run` print, and what they refuse.

mod why;

use crate::access::program;
use crate::support::NOW;
use crate::support::live::{self, Live};
use crate::support::sign::{Call, Form, Signer, request_by, unsigned};
use alimock::Scenario;
use serde_json::Value;
use std::cell::Cell;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// A server whose clocks stand still, and the program that asks it.
struct Asked {
    live: Live,
    nonce: Cell<u32>,
}

/// Exit code, standard output and standard error.
struct Said {
    code: Option<i32>,
    out: String,
    error: String,
}

impl Said {
    #[track_caller]
    fn good(self) -> String {
        assert_eq!((self.code, self.error.as_str()), (Some(0), ""), "{}", self.out);
        self.out
    }

    #[track_caller]
    fn json(self) -> Value {
        let text = self.good();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    #[track_caller]
    fn failed(self, code: i32, part: &str) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.error);
        assert!(self.error.starts_with("error: ") && self.error.contains(part), "{}", self.error);
    }
}

impl Asked {
    fn new() -> Self {
        Self::with("")
    }

    /// A server whose scenario has these further words.
    fn with(words: &str) -> Self {
        let text = format!(
            "clock: {{resource: '{NOW}', gateway: '{NOW}'}}
accounts:
  - name: demo
    realName: {{status: VERIFIED}}
    state: {{balance: 100}}
    keys: [{{id: LTAI5tOfTheAccount, secret: secretOfTheAccount}}]
    users:
      - {{name: dev, keys: [{{id: LTAI5tOfDevOld0001, secret: secretOfDev}}, {{id: LTAI5tOfDevNew0002, secret: secretOfDev}}]}}
{words}"
        );
        Self { live: Live::with_scenario(Scenario::parse(&text).unwrap()), nonce: Cell::new(0) }
    }

    fn endpoint(&self) -> String {
        format!("http://{}", self.live.address)
    }

    fn run(&self, words: &[&str]) -> Said {
        let mut command = program();
        command.args(words).env("ALIMOCK_ENDPOINT", self.endpoint());
        said(&mut command)
    }

    /// Sends a call of RAM, and returns its id.
    fn call(
        &self,
        signer: &Signer,
        key: &str,
        secret: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> String {
        self.nonce.set(self.nonce.get() + 1);
        let nonce = self.nonce.get().to_string();
        let (version, time) = ("2015-05-01", NOW);
        let call =
            Call { key, secret, token: None, version, action, params, time, nonce: &nonce, xml: false };
        let (_, answer) = live::send(self.live.address, &request_by(signer, Form::RpcV1, &call));
        answer["RequestId"].as_str().unwrap().to_owned()
    }

    fn by_root(&self, action: &str, params: &[(&str, &str)]) -> String {
        self.call(&Signer::default(), "LTAI5tOfTheAccount", "secretOfTheAccount", action, params)
    }

    fn by_dev(&self, action: &str, params: &[(&str, &str)]) -> String {
        self.call(&Signer::default(), "LTAI5tOfDevNew0002", "secretOfDev", action, params)
    }

    /// Runs what `--dry-run` prints for a command.
    #[track_caller]
    fn run_curl(&self, words: &[&str]) -> Said {
        let line = self.run(&[words, &["--dry-run"]].concat()).good();
        assert!(line.starts_with("curl ") && line.lines().count() == 1, "{line}");
        said(std::process::Command::new("sh").args(["-c", &line]).env("NO_PROXY", "127.0.0.1"))
    }
}

fn said(command: &mut std::process::Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
}

#[test]
fn logs_prints_the_lines_of_the_server_and_filters_them() {
    let asked = Asked::new();
    let first = asked.by_root("ListUsers", &[]);
    let second = asked.by_dev("CreateUser", &[("UserName", "x")]);
    asked.call(&Signer::default(), "LTAI5tOfNobody", "x", "ListUsers", &[]);
    live::send(asked.live.address, &unsigned("2015-04-01", "GetCallerIdentity", &[], false));
    let lines = |flags: &[&str]| asked.run(&[&["logs"], flags].concat()).good();

    let all = lines(&[]);

    let expected = [
        format!("08:00:00 200 Ram.ListUsers demo ({first})\n"),
        format!(
            "08:00:00 403 Ram.CreateUser demo/dev NoPermission: no statement allows ram:CreateUser ({second})\n"
        ),
        "08:00:00 404 Ram.ListUsers LTAI5tOfNobody InvalidAccessKeyId.NotFound: ".to_owned(),
        "08:00:00 400 Sts.GetCallerIdentity - MissingAccessKeyId: ".to_owned(),
    ];
    assert_eq!(all.lines().count(), 4, "{all}");
    for (line, expected) in all.split_inclusive('\n').zip(&expected) {
        assert!(line.starts_with(expected), "{line}");
    }
    for (flags, kept) in [
        (&["--caller", "demo"][..], &[0, 1][..]),
        (&["--caller", "demo/dev"], &[1]),
        (&["--caller", "dem"], &[]),
        (&["--caller", "LTAI5tOfNobody"], &[2]),
        (&["--product", "Sts"], &[3]),
        (&["--action", "ListUsers", "--refused"], &[2]),
        (&["--code", "NoPermission"], &[1]),
        (&["--status", "4xx"], &[1, 2, 3]),
        (&["--status", "404"], &[2]),
        (&["--last", "2"], &[2, 3]),
        (&["--last", "1", "--status", "200"], &[0]),
        (&["--since", "10m"], &[0, 1, 2, 3]),
        (&["--since", "2026-11-22T08:00:01Z"], &[]),
    ] {
        let expected: Vec<_> = kept.iter().map(|index| all.lines().nth(*index).unwrap()).collect();
        assert_eq!(lines(flags).lines().collect::<Vec<_>>(), expected, "{flags:?}");
    }
    let records: Vec<Value> =
        lines(&["--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 4);
    assert_eq!((&records[1]["who"], &records[1]["number"]), (&"demo/dev".into(), &2.into()));
    asked
        .run(&["logs", "--status", "5x"])
        .failed(1, "`5x` is neither a status, such as 404, nor a class, such as 4xx");
    assert!(lines(&["--color", "always", "--refused"]).contains("\x1b[31m403\x1b[0m"));
    asked.run(&["clock", "advance", "1h"]).good();
    assert_eq!(lines(&["--since", "10m"]), "");
    assert_eq!(lines(&["--since", "-2h", "--last", "1"]).lines().count(), 1);
}

#[test]
fn logs_follows_the_journal_until_the_server_stops() {
    let mut asked = Asked::new();
    asked.by_root("ListUsers", &[]);
    asked.by_root("ListRoles", &[]);
    let mut command = program();
    command.args(["logs", "-f", "--last", "1", "--caller", "demo"]).env("ALIMOCK_ENDPOINT", asked.endpoint());
    let mut following = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines().map(Result::unwrap);

    assert!(lines.next().unwrap().starts_with("08:00:00 200 Ram.ListRoles demo ("));
    live::send(asked.live.address, &unsigned("2015-04-01", "GetCallerIdentity", &[], false));
    asked.by_root("ListGroups", &[]);
    assert!(lines.next().unwrap().starts_with("08:00:00 200 Ram.ListGroups demo ("));
    asked.live.stop();
    assert_eq!((lines.next(), following.wait().unwrap().code()), (None, Some(0)));
}

#[test]
fn status_counts_accounts_calls_and_refusals_of_every_world() {
    let asked = Asked::new();
    asked.by_root("ListUsers", &[]);
    asked.by_dev("CreateUser", &[("UserName", "x")]);
    asked.run(&["world", "new", "second", "--listen", "127.0.0.1:0", "--scenario", "default"]).good();

    let text = asked.run(&["status"]).good();

    let mut lines = text.lines();
    let head = format!("alimock {} at {}", env!("CARGO_PKG_VERSION"), asked.endpoint());
    assert_eq!(lines.next(), Some(head.as_str()));
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(lines.next().unwrap()), ["WORLD", "ACCOUNTS", "CALLS", "REFUSED", "ENDPOINT"]);
    assert_eq!(words(lines.next().unwrap()), ["default", "1", "2", "1", &asked.endpoint()]);
    assert_eq!(words(lines.next().unwrap())[..4], ["second", "2", "0", "0"]);
    let json = asked.run(&["status", "--json"]).json();
    assert_eq!((&json["name"], &json["worlds"][0]["refused"]), (&"alimock".into(), &1.into()));
    asked.run(&["world", "reset"]).good();
    assert_eq!(asked.run(&["status", "--json"]).json()["worlds"][0]["refused"], 0);
}

#[test]
fn worlds_are_made_from_a_file_or_a_name_listed_reset_and_deleted() {
    let asked = Asked::new();
    let file = crate::access::scratch("rows").join("mine.yaml");
    std::fs::write(&file, "accounts: [{name: solo, keys: [{id: LTAI5tOfSolo0001}]}]").unwrap();
    let file = file.to_str().unwrap();

    let made = asked.run(&["world", "new", "mine", "--scenario", file]).good();

    assert!(made.contains("world        mine\n") && made.contains("accounts     solo\n"), "{made}");
    assert!(made.contains("AccessKeyId  LTAI5tOfSolo0001\n"), "{made}");
    let listed = |flag: &str| asked.run(&["account", "list", "--world", flag, "--json"]).json();
    assert_eq!(listed("mine")["accounts"].as_array().unwrap().len(), 1);
    asked.run(&["account", "create", "other", "--world", "mine"]).good();
    assert_eq!(listed("mine")["accounts"].as_array().unwrap().len(), 2);
    assert_eq!(asked.run(&["world", "reset", "mine"]).good(), "the world was reset\n");
    assert_eq!(listed("mine")["accounts"].as_array().unwrap().len(), 1);
    assert_eq!(asked.run(&["world", "reset", "--world", "mine", "--to", "empty", "--json"]).good(), "{}\n");
    assert_eq!(listed("mine")["accounts"].as_array().unwrap().len(), 0);
    asked.run(&["world", "reset", "--to", "nothing"]).failed(1, "`nothing` is neither `seed` nor `empty`");
    asked.run(&["world", "new", "mine"]).failed(1, "a world of this name exists\nhint: ");
    asked.run(&["world", "new", "--scenario", "no-such"]).failed(1, "there is no scenario `no-such`\nhint: ");
    asked.run(&["world", "new", "--scenario", "lost.yaml"]).failed(2, "cannot read `lost.yaml`: ");
    assert_eq!(asked.run(&["world", "rm", "mine"]).good(), "the world was deleted\n");
    asked.run(&["world", "rm", "mine"]).failed(1, "there is no world `mine`");
    asked.run(&["world", "rm", "default"]).failed(1, "the world `default` always exists");
    assert_eq!(asked.run(&["world", "list"]).good().lines().count(), 2);
}

#[test]
fn an_account_goes_through_its_life_by_commands() {
    let asked = Asked::new();
    let shown =
        |field: &str| asked.run(&["account", "show", "shop", "--json"]).json().pointer(field).cloned();
    let made = asked.run(&["account", "create", "shop", "email=a@b.example", "site=intl"]).good();
    assert!(made.contains("account     shop\n") && made.contains("e-mail      a@b.example\n"), "{made}");

    asked.run(&["account", "verify", "shop", "subject=personal", "documentType=Passport"]).good();
    assert_eq!(shown("/realName/verified"), Some(true.into()));
    asked.run(&["account", "unverify", "shop"]).good();
    assert_eq!(shown("/realName/verified"), Some(false.into()));
    let paid = asked.run(&["account", "pay", "shop", "50"]).good();
    assert!(paid.ends_with(" has a balance of 50\n") || paid.contains("balance of 50"), "{paid}");
    asked.run(&["account", "pay", "shop", "-20"]).good();
    assert_eq!(shown("/balance"), Some(30.0.into()));
    for (word, status) in [
        ("suspend", "DISABLED"),
        ("resume", "NORMAL"),
        ("arrears", "ARREARS"),
        ("shutdown", "ARREARS_SHUTDOWN"),
        ("resume", "NORMAL"),
    ] {
        asked.run(&["account", word, "shop"]).good();
        assert_eq!(shown("/status"), Some(status.into()), "{word}");
    }
    asked.run(&["account", "hold", "shop", "PURCHASES"]).good();
    assert_eq!(shown("/holds/0"), Some("PURCHASES".into()));
    asked.run(&["account", "unhold", "shop", "PURCHASES"]).good();
    assert_eq!(shown("/holds/0"), None);
    asked.run(&["account", "set", "shop", "balance=7.5", "holds=[LOGIN]"]).good();
    assert_eq!((shown("/balance"), shown("/holds/0")), (Some(7.5.into()), Some("LOGIN".into())));
    asked.run(&["account", "resume", "shop"]).good();
    asked.run(&["account", "close", "shop", "waive=[BALANCE]"]).good();
    let status = shown("/status").unwrap();
    assert!(status == "CLOSED" || status == "CLOSING", "{status}");

    let table = asked.run(&["account", "list"]).good();
    assert!(table.starts_with("ACCOUNT  UID") && table.lines().count() == 3, "{table}");
    asked.run(&["account", "show", "lost"]).failed(1, "there is no such account");
    asked.run(&["account", "keep", "demo"]).failed(1, "");
    asked.run(&["account", "hold", "demo", "BUYING"]).failed(1, "`PURCHASES`, `PAY_AS_YOU_GO`");
    asked.run(&["account", "set", "demo", "status"]).failed(2, "`status` is not a field of a command");
    asked.run(&["account", "verify", "demo", "colour=red"]).failed(1, "unknown field `colour`");
}

#[test]
fn a_key_command_takes_an_id_or_the_newest_key_of_its_owner_that_it_changes() {
    let asked = Asked::new();
    let keys = || asked.run(&["key", "list", "demo/dev", "--json"]).json()["accessKeys"].clone();
    let states = |field: &str| -> Vec<Value> {
        keys().as_array().unwrap().iter().map(|key| key[field].clone()).collect()
    };
    asked.run(&["clock", "advance", "1h"]).good();
    asked.run(&["key", "delete", "LTAI5tOfDevOld0001"]).good();
    let made = asked.run(&["key", "create", "demo/dev"]).good();
    let (id, secret) = made.trim().split_once('\n').unwrap();
    let id = id.strip_prefix("AccessKeyId  ").unwrap();
    assert!(secret.strip_prefix("secret       ").is_some_and(|secret| secret.len() == 30), "{made}");

    assert_eq!(
        asked.run(&["key", "disable", "demo/dev"]).good(),
        format!("the key {id} was made Inactive\n")
    );
    assert_eq!(states("status"), ["Active", "Inactive"]);
    let next = asked.run(&["key", "disable", "demo/dev"]).good();
    assert_eq!(next, "the key LTAI5tOfDevNew0002 was made Inactive\n");
    asked.run(&["key", "disable", "demo/dev"]).failed(1, "`demo/dev` has no key that this would change");
    assert_eq!(asked.run(&["key", "enable", "demo/dev"]).good(), format!("the key {id} was made Active\n"));
    asked.run(&["key", "leak", "LTAI5tOfDevNew0002"]).good();
    assert_eq!(states("leaked"), [true, false]);
    let cleared = asked.run(&["key", "unleak", "demo/dev"]).good();
    assert!(cleared.starts_with("the key LTAI5tOfDevNew0002 is not marked"), "{cleared}");
    assert_eq!(asked.run(&["key", "delete", "demo/dev"]).good(), format!("the key {id} was deleted\n"));
    let table = asked.run(&["key", "list", "demo"]).good();
    assert!(
        table.starts_with("ACCESSKEYID") && table.contains("LTAI5tOfDevNew0002  dev   Inactive  no"),
        "{table}"
    );
    asked.run(&["key", "disable", "nobody"]).failed(1, "`nobody` is neither an AccessKeyId nor an account");
    asked.run(&["key", "disable", "demo/nobody"]).failed(1, "user");
    asked.run(&["key", "create", "nobody"]).failed(1, "there is no such account");
    asked.run(&["key", "disable"]).failed(2, "WHO");
    asked.run(&["key", "disable", "--dry", "demo"]).failed(2, "--dry");
}

#[test]
fn clocks_are_shown_moved_and_set() {
    let asked = Asked::with("timeline: [{at: +30m, do: {disableKey: {account: demo}}}]");
    let shown = asked.run(&["clock", "show"]).good();
    assert_eq!(shown, format!("resource  {NOW}  frozen at {NOW}\ngateway   {NOW}  frozen at {NOW}\n"));

    let moved = asked.run(&["clock", "advance", "31m"]).good();

    assert!(moved.starts_with("resource  2026-11-22T08:31:00Z  "), "{moved}");
    assert!(moved.contains("\ndue       2026-11-22T08:30:00Z  "), "{moved}");
    let set = asked.run(&["clock", "set", "gateway=2030-01-01T00:00:00Z"]).good();
    assert!(set.contains("gateway   2030-01-01T00:00:00Z  frozen"), "{set}");
    asked.run(&["clock", "advance", "soon"]).failed(1, "`by`: `soon`");
    asked.run(&["clock", "set", "gatway=real"]).failed(1, "did you mean `gateway`?");
}

/// Each command that changes something, and a call that shows that it did.
#[test]
fn the_printed_curl_does_what_the_command_does() {
    for (words, shows, part) in [
        (&["clock", "advance", "30m"][..], &["clock", "show"][..], "2026-11-22T08:30:00Z"),
        (&["key", "disable", "demo/dev"], &["key", "list", "demo/dev"], "Inactive"),
        (&["key", "create", "demo/dev"], &["key", "list", "demo/dev"], "dev   Active"),
        (&["account", "create", "it's", "loginName=its-shop"], &["account", "list"], "it's"),
        (&["account", "arrears", "demo"], &["account", "show", "demo"], "ARREARS"),
        (&["world", "new", "other", "--scenario", "key-leaked"], &["world", "list"], "other"),
        (&["world", "reset", "--to", "empty"], &["status"], "default  0 "),
    ] {
        // A user may have two keys; here it has one.
        let asked = Asked::new();
        asked.run(&["key", "delete", "LTAI5tOfDevOld0001"]).good();
        let before = asked.run(shows).good();
        asked.run_curl(words).good();
        let after = asked.run(shows).good();
        assert!(after.contains(part) && before != after, "{words:?}: {after}");
    }
    let asked = Asked::new();
    asked.by_dev("CreateUser", &[("UserName", "x")]);
    for words in [&["why"][..], &["status"], &["account", "show", "demo"], &["key", "list", "demo/dev"]] {
        let json = asked.run(&[words, &["--json"]].concat()).good();
        assert_eq!(asked.run_curl(words).good(), json, "{words:?}");
    }
    let refused = asked.run_curl(&["why", "lost"]);
    assert!(refused.code == Some(22) && refused.out.contains("request_not_found"), "{}", refused.out);
}

#[test]
fn the_printed_curl_names_the_variable_of_the_token_and_not_the_token() {
    let mut command = program();
    command.args([
        "status",
        "--dry-run",
        "--control-token",
        "very-secret",
        "--endpoint",
        "http://127.0.0.1:1",
    ]);
    let expected = "curl -sS --fail-with-body -X GET 'http://127.0.0.1:1/_alimock/status' -H \"Authorization: Bearer $ALIMOCK_CONTROL_TOKEN\"\n";
    assert_eq!(said(&mut command).good(), expected);
    let mut follow = program();
    follow.args(["logs", "-f", "--caller", "a/b", "--dry-run"]);
    let expected = "curl -sS --fail-with-body -X GET -N 'http://127.0.0.1:4588/_alimock/worlds/default/requests/stream?caller=a%2Fb&last=1000'\n";
    assert_eq!(said(&mut follow).good(), expected);
}

#[test]
fn every_command_says_what_to_do_without_a_server_and_with_a_wrong_token() {
    for words in [
        &["why"][..],
        &["logs"],
        &["logs", "-f"],
        &["status"],
        &["world", "list"],
        &["clock", "advance", "1m"],
    ] {
        let mut command = program();
        command.args(words).args(["--endpoint", "http://127.0.0.1:1"]);
        said(&mut command).failed(1, "no response from `http://127.0.0.1:1`: ");
    }
    let mut served =
        crate::access::Served::start(&["--listen", "127.0.0.1:0", "--control-token", "right-token"]);
    for (token, code) in [("right-token", 0), ("wrong-token", 1)] {
        let mut command = program();
        command.args(["status", "--endpoint", &format!("http://{}", served.address())]);
        let said = said(command.env("ALIMOCK_CONTROL_TOKEN", token));
        assert_eq!(said.code, Some(code), "{}", said.error);
        assert!(
            code == 0 || said.error.contains("wrong token for the control API\nhint: "),
            "{}",
            said.error
        );
    }
    served.stop(rustix::process::Signal::TERM);
}

#[test]
fn version_and_man_need_no_server() {
    let run = |words: &[&str]| said(program().args(words));
    let version = run(&["version"]).good();
    assert!(version.starts_with(&format!("alimock {} (debug", env!("CARGO_PKG_VERSION"))), "{version}");
    let json = run(&["version", "--json"]).json();
    assert_eq!((&json["version"], &json["profile"]), (&env!("CARGO_PKG_VERSION").into(), &"debug".into()));
    let page = run(&["man"]).good();
    for part in [
        ".TH ALIMOCK 1 ",
        ".SH COMMANDS\n",
        ".SS alimock key disable WHO\n",
        "\\-\\-dry\\-run",
        "ALIMOCK_ENDPOINT",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let completions = run(&["completions", "bash"]).good();
    assert!(
        completions.contains("alimock__key__disable") || completions.contains("disable"),
        "no `key disable`"
    );
}

#[test]
fn wait_env_and_scenario_list_print_json() {
    let asked = Asked::new();
    let ready = asked.run(&["wait", "--json"]).json();
    assert_eq!(ready, serde_json::json!({"endpoint": asked.endpoint(), "ready": true}));
    let late = asked.run(&["wait", "--json", "--timeout", "100ms", "--endpoint", "http://127.0.0.1:1"]);
    assert_eq!(
        (late.code, late.out.as_str()),
        (Some(1), "{\"endpoint\":\"http://127.0.0.1:1\",\"ready\":false}\n")
    );

    let env = asked.run(&["env", "--json", "--as", "demo/dev"]).json();
    assert_eq!(env["variables"]["ALIBABA_CLOUD_ACCESS_KEY_ID"], "LTAI5tOfDevOld0001");
    let unset = env["unset"].as_array().unwrap();
    assert!(unset.contains(&"ALIBABA_CLOUD_SECURITY_TOKEN".into()), "{env}");
    asked.run(&["env", "--json", "--format", "sh"]).failed(2, "--format");

    let list = asked.run(&["scenario", "list", "--json"]).json();
    let first = list["scenarios"].as_array().unwrap().iter().find(|one| one["name"] == "default").unwrap();
    assert!(first["purpose"].as_str().is_some_and(|purpose| !purpose.is_empty()), "{list}");
}

#[test]
fn the_help_of_every_command_fits_a_hundred_columns() {
    let help = |words: &[&str]| said(program().args(words).arg("--help")).good();
    let all = help(&[]);
    for command in ["why", "logs", "status", "world", "account", "key", "clock", "version", "man"] {
        assert!(all.contains(&format!("\n  {command} ")), "{all}");
        assert!(!all.contains("Options that say"), "{all}");
        let text = help(&[command]);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
    assert!(help(&["key", "disable"]).contains("Usage: alimock key disable [OPTIONS] <WHO>"));
}
