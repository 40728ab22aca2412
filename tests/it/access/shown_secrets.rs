//! Secrets in the start block and in the log. A secret that a scenario file pins may be a real one.

use crate::access::{Served, end, free_address, program, scratch, signal};
use crate::support::live;
use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const SECRET: &str = "PerhapsTheRealSecretOfSomebody";

/// A scenario that pins a secret of one account and none of the other.
fn scenario(name: &str) -> PathBuf {
    let file = scratch(name).join("pinned.yaml");
    let text = format!(
        "accounts:\n  - {{name: shop, keys: [{{id: LTAI5tPinnedOfTheShop01, secret: {SECRET}}}]}}\n  - {{name: other, keys: [{{}}]}}\n"
    );
    std::fs::write(&file, text).unwrap();
    file
}

fn serve(name: &str, flags: &[&str]) -> Command {
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--scenario"]).arg(scenario(name)).args(flags);
    command
}

/// What a program writes to a terminal until it has written `until` or ended; then it is told to stop.
fn on_a_terminal(mut command: Command, until: &str) -> String {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let terminal = ioctl_tiocgptpeer(&controller, OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    let mut child = command.stderr(Stdio::from(terminal)).spawn().unwrap();
    // The command keeps its copy of the terminal's end: without it the end of the program is an end to read to.
    drop(command);
    let mut controller = File::from(controller);
    let (mut said, mut part) = (Vec::new(), [0; 1024]);
    // When the other end is closed that is an error, and no end of file.
    while let Ok(read @ 1..) = controller.read(&mut part) {
        said.extend_from_slice(&part[..read]);
        if String::from_utf8_lossy(&said).contains(until) {
            signal(child.id(), Signal::TERM);
        }
    }
    assert_eq!(end(&mut child).code(), Some(0));
    String::from_utf8(said).unwrap()
}

#[test]
fn a_pinned_secret_is_printed_only_on_a_terminal_or_on_request() {
    let piped = Served::spawn(serve("pinned-piped", &[])).block.clone();
    assert!(!piped.contains(SECRET) && piped.contains("(hidden; --show-secrets prints it)"), "{piped}");
    assert!(piped.contains("LTAI5tPinnedOfTheShop01"), "the id is no secret: {piped}");
    let asked = Served::spawn(serve("pinned-asked", &["--show-secrets"])).block.clone();
    assert!(asked.contains(SECRET), "{asked}");
    let mut by_variable = serve("pinned-variable", &[]);
    by_variable.env("ALIMOCK_SHOW_SECRETS", "true");
    assert!(Served::spawn(by_variable).block.contains(SECRET));

    let terminal = on_a_terminal(serve("pinned-terminal", &[]), "  checks ");
    assert!(terminal.contains(SECRET) && terminal.contains("\x1b[1malimock"), "{terminal}");
}

#[test]
fn a_secret_that_follows_from_the_seed_is_printed_for_ci_to_read() {
    let block = Served::spawn(serve("seeded", &[])).block.clone();
    let other = block.lines().find(|line| line.contains("account   other")).unwrap();
    assert_eq!(other.split_whitespace().last().unwrap().len(), 30, "{other}");

    let default = Served::start(&["--listen", "127.0.0.1:0"]).block.clone();
    assert!(default.contains("ug8uI6eyNeqxlqBycpO6YmuBDJNXp6"), "{default}");
}

#[test]
fn with_the_log_off_only_errors_are_printed() {
    for flags in [&["--log", "off"][..], &["--log", "off", "--show-secrets"]] {
        let address = free_address().to_string();
        let mut command = serve("quiet", &[flags, &["--listen", &address]].concat());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut wait = program();
        wait.args(["wait", "--endpoint", &format!("http://{address}"), "--timeout", "30s"]);
        assert!(wait.status().unwrap().success());
        live::send_bytes(
            address.parse().unwrap(),
            b"GET http://x.example/ HTTP/1.1\r\nHost: x.example\r\n\r\n",
        );

        signal(child.id(), Signal::TERM);

        assert_eq!(end(&mut child).code(), Some(0));
        let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
        assert_eq!(said, "", "{flags:?}");
    }
    let taken = Served::start(&["--listen", "127.0.0.1:0"]);
    let mut again = program();
    again.args(["serve", "--log", "off", "--listen", &taken.address().to_string()]);
    let failed = again.output().unwrap();
    assert_eq!(failed.status.code(), Some(2));
    assert!(String::from_utf8(failed.stderr).unwrap().contains("is in use"));
}

#[test]
fn no_log_level_prints_a_pinned_secret() {
    let mut served = Served::spawn(serve("logged", &["--log", "trace"]));
    let request = "GET /?Action=GetCallerIdentity&Version=2015-04-01&AccessKeyId=LTAI5tPinnedOfTheShop01&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=1&Timestamp=2026-11-30T00:00:00Z&Signature=x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    live::send_bytes(served.address(), request.as_bytes());
    live::send_bytes(
        served.address(),
        b"GET /_alimock/worlds/default HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );

    assert_eq!(served.stop(Signal::TERM), Some(0));

    let mut said = served.block.clone();
    served.said.read_to_string(&mut said).unwrap();
    assert!(!said.contains(SECRET), "{said}");
}
