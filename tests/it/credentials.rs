//! Where credentials chains find what is no key: a credentials URI, an OIDC token in a file. Source: docs/evidence/clients.md 3.4.

use crate::support::NOW;
use crate::support::live::{self, Live};
use crate::support::sign::{self, Form};
use alimock::Scenario;
use assert_cmd::Command;
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const SHOP: &str = "
clock: {resource: '2026-11-22T08:00:00Z', gateway: '2026-11-22T08:00:00Z'}
accounts:
  - name: shop
    uid: 1234567890123456
    keys: [{}]
    oidcProviders: [{name: pipelines, clientIds: [other, sts.aliyuncs.com]}]
    roles:
      - {name: app}
      - name: picky
        trust: {Version: '1', Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Federated: ['acs:ram::1234567890123456:oidc-provider/pipelines']}, Condition: {StringEquals: {'oidc:aud': sts.aliyuncs.com}}}]}
      - {name: web, trust: {Federated: [oidc-provider/pipelines]}}
";

fn live() -> Live {
    Live::with_scenario(Scenario::parse(SHOP).unwrap())
}

/// Who a temporary credential is.
#[track_caller]
fn identity(live: &Live, made: &Value) -> Value {
    let text = |name: &str| made[name].as_str().unwrap_or_else(|| panic!("{made} has no {name}"));
    let call = sign::Call {
        key: text("AccessKeyId"),
        secret: text("AccessKeySecret"),
        token: Some(text("SecurityToken")),
        version: "2015-04-01",
        action: "GetCallerIdentity",
        params: &[],
        time: NOW,
        nonce: text("AccessKeyId"),
        xml: false,
    };
    live::send(live.address, &sign::request(Form::RpcV1, &call)).1
}

/// The path of credentials that were asked for.
#[track_caller]
fn path(live: &Live, wanted: &Value) -> String {
    let (status, made) = live.control("POST", "/worlds/default/credentials", &wanted.to_string());
    assert_eq!(status, 201, "{made}");
    made["uri"].as_str().unwrap().split_once("/_alimock").unwrap().1.to_owned()
}

#[test]
fn a_credentials_uri_gives_new_credentials_of_a_role_each_time() {
    let live = live();
    let get = |wanted: Value| live.control("GET", &path(&live, &wanted), "");

    let (status, made) = get(json!({"role": "shop/app"}));

    assert_eq!((status, &made["Code"]), (200, &json!("Success")));
    assert_eq!(identity(&live, &made)["Arn"], "acs:ram::1234567890123456:assumed-role/app/alimock");
    let role = "acs:ram::1234567890123456:role/app";
    let by_arn = get(json!({"role": role, "session": "job-1", "duration": "15m"})).1;
    assert_eq!(identity(&live, &by_arn)["Arn"], "acs:ram::1234567890123456:assumed-role/app/job-1");
    assert_ne!(by_arn["AccessKeyId"], made["AccessKeyId"]);
    let revoked = live.control("POST", "/worlds/default/commands", r#"{"revokeSessions":{"role":"app"}}"#);
    assert_eq!(revoked.0, 200);
    assert_eq!(identity(&live, &made)["Code"], "InvalidAccessKeyId.NotFound");
}

/// Python's library sends `Host` without the port. Source: docs/evidence/clients.md 2.18.
#[test]
fn a_client_may_leave_out_the_port_of_the_host() {
    let live = live();

    let path = path(&live, &json!({"role": "shop/app"}));

    let (status, made) = live.control_with_headers("GET", &path, "", "Host: 127.0.0.1\r\n");

    assert_eq!((status, &made["Code"]), (200, &json!("Success")));
}

#[test]
fn a_credentials_uri_refuses_other_requests() {
    let live = live();
    let good = path(&live, &json!({"role": "shop/app"}));
    for (query, status, code) in [
        ("&duration=5m", 400, "invalid_duration"),
        ("&duration=soon", 400, "invalid_duration"),
        ("&session=a%20b", 400, "invalid_session"),
        ("&name=x", 400, "invalid_query"),
    ] {
        let (found, body) = live.control("GET", &format!("{good}{query}"), "");
        assert_eq!((found, &body["error"]["code"]), (status, &json!(code)), "{query}: {body}");
    }
    assert_eq!(live.control("GET", good.split_once('?').unwrap().0, "").0, 400);
    assert_eq!(live.control("GET", "/worlds/default/sessions", "").1["sessions"], json!([]));
}

#[test]
fn an_oidc_login_uses_the_first_role_that_trusts_the_issuer_or_the_named_role() {
    let live = live();
    let login = |query: &str| live.control("GET", &format!("/worlds/default/issuer/login{query}"), "").1;
    for (query, role) in [("", "picky"), ("?role=shop/web", "web")] {
        let login = login(query);
        let text = |name: &str| login[name].as_str().unwrap_or_else(|| panic!("{login}"));
        assert_eq!(text("roleArn"), format!("acs:ram::1234567890123456:role/{role}"));

        let mut form =
            "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&RoleSessionName=job".to_owned();
        for (name, field) in
            [("RoleArn", "roleArn"), ("OIDCProviderArn", "providerArn"), ("OIDCToken", "token")]
        {
            let _ = write!(form, "&{name}={}", text(field));
        }
        let (status, made) = live.post_form(&form);

        assert_eq!(status, 200, "{made}");
        let who = identity(&live, &made["Credentials"]);
        assert_eq!(who["Arn"], format!("acs:ram::1234567890123456:assumed-role/{role}/job"));
    }
    assert_eq!(login("?role=shop/app")["error"]["code"], "role_not_trusting");
    assert_eq!(Live::start().control("GET", "/worlds/default/issuer/login", "").0, 404);
}

fn alimock() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alimock"));
    command.timeout(std::time::Duration::from_secs(60));
    command
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn run_provides_a_private_token_file_and_removes_it_afterwards() {
    let file = scratch("credentials-shop.yaml");
    fs::write(&file, SHOP).unwrap();
    let run = |options: &[&str], script: &str| {
        let mut command = alimock();
        command.args(["run", "--log", "off", "--scenario"]).arg(&file).args(options);
        let done = command.args(["--", "sh", "-c", script]).assert();
        let output = done.get_output().clone();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let show = "echo $ALIBABA_CLOUD_ROLE_ARN $ALIBABA_CLOUD_OIDC_PROVIDER_ARN $ALIBABA_CLOUD_ROLE_SESSION_NAME; \
                stat -c %a $ALIBABA_CLOUD_OIDC_TOKEN_FILE; echo $ALIBABA_CLOUD_OIDC_TOKEN_FILE; echo $ALIBABA_CLOUD_CREDENTIALS_URI";

    let (_, shown, _) = run(&["--oidc-role"], show);

    let lines: Vec<_> = shown.lines().collect();
    let provider = "acs:ram::1234567890123456:oidc-provider/pipelines";
    assert_eq!(lines[..2], [&format!("acs:ram::1234567890123456:role/picky {provider} alimock"), "600"]);
    assert!(!Path::new(lines[2]).exists() && lines[3].is_empty(), "{shown}");
    assert_eq!(run(&["--oidc-role", "first"], show).1.lines().next(), shown.lines().next());
    assert_eq!(run(&[], show).1.lines().next(), Some(""), "the variables are set only on request");
    let get = "curl -s --noproxy '*' \"$ALIBABA_CLOUD_CREDENTIALS_URI\"";
    let (_, made, _) = run(&["--oidc-role", "shop/web", "--credentials-uri", "shop/app"], get);
    assert_eq!(serde_json::from_str::<Value>(&made).unwrap()["Code"], "Success", "{made}");
    for (options, why) in [
        (["--oidc-role", "shop/app"], "trusts no OIDC provider"),
        (["--oidc-role", "shop/nobody"], "there is no such role"),
        (["--credentials-uri", "shop/nobody"], "there is no such role"),
        (["--credentials-uri", "nobody"], "neither the ARN of a role nor"),
    ] {
        let (code, _, said) = run(&options, "true");
        assert!(code == Some(2) && said.contains(why), "{options:?}: {code:?} {said}");
    }
    let of_default = alimock().args(["run", "--log", "off", "--oidc-role", "--", "true"]).output().unwrap();
    let said = String::from_utf8(of_default.stderr).unwrap();
    assert!(of_default.status.code() == Some(2) && said.contains("no role trusts a provider"), "{said}");
}

#[test]
fn env_writes_an_oidc_token_to_the_given_file_and_prints_its_variables() {
    let live = live();
    let endpoint = format!("http://{}", live.address);
    let file = scratch("credentials-token");
    fs::write(&file, "old").unwrap();
    let env = |options: &[&str]| {
        let mut command = alimock();
        command.args(["env", "--endpoint", &endpoint, "--as", "shop", "--format", "json"]).args(options);
        command.output().unwrap()
    };

    let given = env(&[
        "--oidc-token-file",
        file.to_str().unwrap(),
        "--oidc-role",
        "shop/web",
        "--credentials-uri",
        "shop/app",
    ]);

    let variables: Value = serde_json::from_slice(&given.stdout).unwrap_or_else(|_| panic!("{given:?}"));
    assert_eq!(variables["ALIBABA_CLOUD_ROLE_ARN"], "acs:ram::1234567890123456:role/web");
    assert_eq!(variables["ALIBABA_CLOUD_OIDC_TOKEN_FILE"], file.to_str().unwrap());
    let uri = variables["ALIBABA_CLOUD_CREDENTIALS_URI"].as_str().unwrap();
    assert!(uri.starts_with(&format!("{endpoint}/_alimock/worlds/default/credentials/")), "{uri}");
    assert!(uri.ends_with("?role=shop%2Fapp"), "{uri}");
    assert_eq!(fs::read_to_string(&file).unwrap().split('.').count(), 3);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(env(&[]).status.success());
    for options in [["--oidc-role", "shop/web"], ["--credentials-uri", "shop/nobody"]] {
        let failed = env(&options);
        assert_eq!((failed.status.code(), failed.stdout.len()), (Some(1), 0), "{options:?}");
    }
}
