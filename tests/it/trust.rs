//! The command line about certificates and the proxy: `ca`, `--data-dir`, `--tls`, `--proxy`, `--ca`.

use crate::access::scratch;
use crate::cli::{Served, alimock};
use std::collections::BTreeMap;
use std::fs;

#[track_caller]
fn run_and_read_stdout(arguments: &[&str]) -> String {
    let done = alimock().args(arguments).assert().success();
    String::from_utf8(done.get_output().stdout.clone()).unwrap()
}

/// The variables that the command of a run sees.
fn variables_of_run(flags: &[&str]) -> BTreeMap<String, String> {
    let script = "cat \"$ALIMOCK_CA\" > /dev/null && env";
    let text = run_and_read_stdout(&[&["run", "--log", "off"], flags, &["--", "sh", "-c", script]].concat());
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn a_run_sends_its_command_to_tls_or_the_proxy_on_request() {
    let of = |flags: &[&str], name: &str| variables_of_run(flags).get(name).cloned().unwrap_or_default();
    let plain = variables_of_run(&[]);
    assert_ne!(plain.get("SSL_CERT_FILE"), plain.get("ALIMOCK_CA"));
    assert!(plain.contains_key("RAM_ENDPOINT"));
    assert!(!fs::exists(&plain["ALIMOCK_CA"]).unwrap(), "the file is gone when the run is over");

    let tls = variables_of_run(&["--tls"]);
    for name in ["SSL_CERT_FILE", "ALIBABA_CLOUD_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"] {
        assert_eq!(tls[name], tls["ALIMOCK_CA"]);
    }
    assert!(tls.contains_key("RAM_ENDPOINT"));

    let proxy = variables_of_run(&["--proxy"]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"] {
        assert_eq!(proxy[name], proxy["ALIMOCK_ENDPOINT"]);
    }
    assert_eq!(
        (&proxy["SSL_CERT_FILE"], proxy["NO_PROXY"].as_str()),
        (&proxy["ALIMOCK_CA"], "localhost,127.0.0.1,::1")
    );
    assert!(!proxy.contains_key("RAM_ENDPOINT"), "clients ask the real hosts");

    let kept = scratch("kept");
    let directory = kept.to_str().unwrap();
    assert_eq!(of(&["--data-dir", directory], "ALIMOCK_CA"), format!("{directory}/ca.pem"));
    assert!(kept.join("ca.pem").exists(), "what is kept stays");
}

#[test]
fn the_command_of_a_run_reaches_alibaba_cloud_through_the_proxy_and_nobody_else() {
    let script = "curl -s 'https://sts.aliyuncs.com/?Action=GetCallerIdentity&Version=2015-04-01&Format=JSON'; \
                  curl -s https://example.com/ || echo refused";
    let said = run_and_read_stdout(&["run", "--log", "off", "--proxy", "--", "sh", "-c", script]);

    assert!(said.contains("MissingAccessKeyId") && said.ends_with("refused\n"), "{said}");
}

#[test]
fn ca_prints_the_certificate_of_a_server_or_of_a_directory() {
    let kept = scratch("printed");
    let directory = kept.to_str().unwrap();
    let made = run_and_read_stdout(&["ca", "--data-dir", directory]);
    let served = Served::start(&["--data-dir", directory]);

    assert_eq!(run_and_read_stdout(&["ca", "--endpoint", &served.endpoint]), made);
    assert!(made.starts_with("-----BEGIN CERTIFICATE-----\n"), "{made}");
    let own = run_and_read_stdout(&["ca", "--endpoint", &Served::start(&[]).endpoint]);
    assert_ne!(own, made);
    alimock().args(["ca", "--endpoint", "http://127.0.0.1:1"]).assert().code(1);
    let help = run_and_read_stdout(&["ca", "--help"]);
    for word in ["SSL_CERT_FILE", "ALIBABA_CLOUD_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "keytool", "--cacert"] {
        assert!(help.contains(word), "{word}");
    }
}

#[test]
fn an_unusable_directory_is_reported_at_the_start() {
    let kept = scratch("broken");
    let directory = kept.to_str().unwrap();
    fs::write(kept.join("ca.key"), "no key").unwrap();

    let failed =
        alimock().args(["serve", "--listen", "127.0.0.1:0", "--data-dir", directory]).assert().code(2);

    failed.stderr(format!(
        "error: cannot use the certificate authority: `{directory}/ca.key` is not the private key of an alimock certificate authority; remove it and the `ca.pem` in the same directory to create a new pair\n"
    ));
    let file = kept.join("ca.key").join("below");
    let failed = alimock().args(["ca", "--data-dir", file.to_str().unwrap()]).assert().code(2);
    let said = String::from_utf8(failed.get_output().stderr.clone()).unwrap();
    assert!(said.starts_with("error: cannot use `"), "{said}");
}

#[test]
fn env_writes_the_certificate_where_it_is_told_to_but_not_over_something_else() {
    let served = Served::start(&[]);
    let folder = scratch("env");
    let file = folder.join("it's.pem");
    let env = |flags: &[&str]| [&["env", "--endpoint", &served.endpoint], flags].concat().join("\n");
    let run = |flags: &[&str]| alimock().args(env(flags).split('\n')).assert();

    let done = run(&["--proxy", "--ca", file.to_str().unwrap()]).success();
    let text = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    let shell = std::process::Command::new("sh")
        .args(["-c", &format!("{text}\ncat \"$SSL_CERT_FILE\"; echo \"$HTTPS_PROXY\"")])
        .output()
        .unwrap();
    let expected =
        format!("{}{}\n", run_and_read_stdout(&["ca", "--endpoint", &served.endpoint]), served.endpoint);
    assert_eq!(String::from_utf8_lossy(&shell.stdout), expected);

    run(&["--tls"])
        .code(1)
        .stderr("error: `--tls` and `--proxy` need a file for the certificate; add `--ca FILE`\n");
    fs::write(&file, "-----BEGIN A-----\n-----BEGIN B-----\n").unwrap();
    run(&["--tls", "--ca", file.to_str().unwrap()]).code(1);
    assert!(fs::read_to_string(&file).unwrap().contains("BEGIN B"));
}
