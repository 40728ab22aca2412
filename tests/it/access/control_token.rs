//! Who is answered under `/_alimock/`: whoever shows the token, and on loopback everybody but web pages of strangers.

use crate::access::{Served, end, program, scratch};
use crate::support::live::{self, Live};
use crate::support::tls;
use rustix::process::Signal;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Stdio;

const EVERYWHERE: [&str; 2] = ["--listen", "0.0.0.0:0"];
const HERE: [&str; 2] = ["--listen", "127.0.0.1:0"];
const OPEN: [&str; 4] = ["/health", "/ready", "/version", "/ca.pem"];

/// The token that a server has printed.
#[track_caller]
fn printed_token(served: &Served) -> String {
    let words: Vec<_> = served.block.split_whitespace().collect();
    let at = words.windows(2).position(|pair| pair == ["control", "token"]).expect("a token is printed");
    words[at + 2].to_owned()
}

/// An answer: status, head and body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn of(text: &str) -> Self {
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        Self {
            status: status.unwrap_or_else(|| panic!("no status: {text}")),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A request below `/_alimock`, with these headers.
fn call_control(address: SocketAddr, method: &str, path: &str, headers: &str) -> Answer {
    let host = if headers.contains("Host:") { "" } else { "Host: 127.0.0.1\r\n" };
    let request = format!(
        "{method} /_alimock{path} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: 0\r\n\r\n"
    );
    Answer::of(&live::send_bytes(address, request.as_bytes()))
}

fn bearer_header(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// Method and path of every call, as the description of the control API has them.
fn every_call() -> Vec<(String, String)> {
    let (_, document) = Live::start().control("GET", "/openapi.json", "");
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let path = path.replace("{world}", "default").replace(['{', '}'], "");
            calls.push((method.to_uppercase(), path));
        }
    }
    assert!(calls.len() > 60, "{}", calls.len());
    calls
}

#[test]
fn beyond_loopback_every_control_call_needs_the_printed_token() {
    let served = Served::start(&EVERYWHERE);
    let (address, token) = (served.address(), printed_token(&served));
    assert!(token.len() >= 32, "{token}");

    for (method, path) in every_call() {
        let without = call_control(address, &method, &path, "");
        let wrong = call_control(address, &method, &path, &bearer_header("not-the-token"));
        if OPEN.contains(&path.as_str()) {
            assert_eq!((without.status, wrong.status), (200, 200), "{method} {path}");
        } else if path.ends_with("/credentials/token") {
            assert_eq!(without.status, 400, "{method} {path}: it has a token of its own, and needs a role");
        } else {
            assert_eq!((without.status, without.code().as_str()), (401, "token_required"), "{method} {path}");
            assert!(without.head.contains("www-authenticate: bearer"), "{}", without.head);
            assert_eq!((wrong.status, wrong.code().as_str()), (401, "wrong_token"), "{method} {path}");
        }
    }
    for path in ["/worlds", "/metrics", "/openapi.json"] {
        assert_eq!(call_control(address, "GET", path, &bearer_header(&token)).status, 200, "{path}");
    }
    let hint = call_control(address, "GET", "/worlds", "").body;
    for word in ["Authorization: Bearer", "--control-token", "ALIMOCK_CONTROL_TOKEN"] {
        assert!(hint.contains(word), "{hint}");
    }
    for path in ["", "/", "/nothing", "/worlds/", "/health/", "/worlds/default/credentials/"] {
        assert_eq!(call_control(address, "GET", path, "").status, 401, "{path}");
    }
}

#[test]
fn a_generated_token_differs_at_each_start_with_any_seed() {
    let of = || printed_token(&Served::start(&["--listen", "0.0.0.0:0", "--seed", "7"]));

    assert_ne!(of(), of());
}

#[test]
fn one_listen_address_beyond_loopback_makes_the_token_required() {
    let served = Served::start(&["--listen", "127.0.0.1:0", "--listen", "0.0.0.0:0"]);

    assert_eq!(call_control(served.address(), "GET", "/worlds", "").code(), "token_required");
    assert_eq!(
        call_control(served.address(), "GET", "/worlds", &bearer_header(&printed_token(&served))).status,
        200
    );
}

#[test]
fn a_configured_token_is_required_on_loopback_too_and_never_printed() {
    let given = "given-by-the-user";
    let mut by_variable = program();
    by_variable.args(["serve", HERE[0], HERE[1]]).env("ALIMOCK_CONTROL_TOKEN", given);
    let by_flag = Served::start(&[&HERE[..], &["--control-token", given, "--log", "debug"]].concat());
    for mut served in [Served::spawn(by_variable), by_flag] {
        assert_eq!(call_control(served.address(), "GET", "/worlds", "").code(), "token_required");
        assert_eq!(call_control(served.address(), "GET", "/worlds", &bearer_header(given)).status, 200);
        assert!(served.block.contains("control   requires the given token"), "{}", served.block);

        assert_eq!(served.stop(Signal::TERM), Some(0));

        let mut said = served.block.clone();
        served.said.read_to_string(&mut said).unwrap();
        assert!(!said.contains(given), "{said}");
    }
    for command in ["serve", "run", "ctl", "env", "wait", "ca", "deny-sweep"] {
        let help = program().args([command, "--help"]).env("ALIMOCK_CONTROL_TOKEN", given).output().unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        assert!(help.contains("--control-token") && !help.contains(given), "{command}: {help}");
    }
}

#[test]
fn on_loopback_no_token_is_needed_and_none_is_printed() {
    let served = Served::start(&HERE);

    assert_eq!(call_control(served.address(), "GET", "/worlds", "").status, 200);
    assert_eq!(call_control(served.address(), "GET", "/worlds", &bearer_header("any-token")).status, 200);
    assert!(!served.block.contains("control"), "{}", served.block);
}

#[test]
fn the_token_none_disables_the_check_and_the_start_message_says_so() {
    let served = Served::start(&[&EVERYWHERE[..], &["--control-token", "none"]].concat());

    assert_eq!(call_control(served.address(), "GET", "/worlds", "").status, 200);
    assert_eq!(
        call_control(served.address(), "GET", "/worlds", "Host: rebound.example\r\n").code(),
        "foreign_origin"
    );
    assert!(
        served.block.contains("checks    the control API requires no token beyond loopback"),
        "{}",
        served.block
    );
}

#[test]
fn the_server_does_not_start_with_an_invalid_token_or_one_that_nobody_would_see() {
    for (arguments, why) in [
        (&["--log", "off"][..], "`--log off` hides the generated token of the control API"),
        (&["--control-token", ""], "expected 8 to 256 visible ASCII characters, or `none`"),
        (&["--control-token", "None"], "expected 8 to 256 visible ASCII characters, or `none`"),
        (&["--control-token", "with a space"], "expected 8 to 256 visible ASCII characters, or `none`"),
    ] {
        let mut command = program();
        command.arg("serve").args(EVERYWHERE).args(arguments).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();

        let code = end(&mut child).code();

        let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
        assert!(code == Some(2) && said.contains(why), "{arguments:?}: {said}");
        assert!(!said.contains("with a space"), "a secret is not repeated: {said}");
    }
}

#[test]
fn the_gateway_and_the_metadata_need_no_token() {
    let served = Served::start(&EVERYWHERE);
    let get = |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Answer::of(&live::send_bytes(served.address(), request.as_bytes()))
    };

    assert!(
        get("/?Action=GetCallerIdentity&Version=2015-04-01&Format=JSON").body.contains("MissingAccessKeyId")
    );
    assert_eq!(get("/latest/meta-data/").status, 404);
}

#[test]
fn the_proxy_its_tunnels_and_tls_require_the_token_too() {
    let served = Served::start(&EVERYWHERE);
    let (address, token) = (served.address(), printed_token(&served));
    let through = |headers: &str| {
        let request = format!(
            "GET http://{address}/_alimock/worlds HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\n\r\n"
        );
        Answer::of(&live::send_bytes(address, request.as_bytes()))
    };
    assert_eq!(through("").code(), "token_required");
    assert_eq!(through(&bearer_header(&token)).status, 200);

    let tunnelled = |headers: &str| {
        let mut stream = live::connect(address);
        write!(stream, "CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        read_head(&mut stream);
        write!(
            stream,
            "GET /_alimock/worlds HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        Answer::of(&text)
    };
    assert_eq!(tunnelled("").code(), "token_required");
    assert_eq!(tunnelled(&bearer_header(&token)).status, 200);

    let pem = call_control(address, "GET", "/ca.pem", "").body;
    let by_tls = |headers: &str| {
        let request =
            format!("GET /_alimock/worlds HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n");
        Answer::of(&over_tls(address, &pem, &request))
    };
    assert_eq!(by_tls("").code(), "token_required");
    assert_eq!(by_tls(&bearer_header(&token)).status, 200);
}

/// Reads the head of the answer to a `CONNECT`.
fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
}

fn over_tls(address: SocketAddr, pem: &str, request: &str) -> String {
    let config = std::sync::Arc::new(tls::client_config(pem, &[]));
    let name = "localhost".try_into().unwrap();
    let mut connection = rustls::ClientConnection::new(config, name).unwrap();
    let mut socket = live::connect(address);
    let mut stream = rustls::Stream::new(&mut connection, &mut socket);
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_port_of_a_world_requires_the_token_too() {
    let served = Served::start(&EVERYWHERE);
    let token = printed_token(&served);
    let made =
        call_control(served.address(), "POST", "/worlds?name=own&listen=127.0.0.1:0", &bearer_header(&token));
    let world: Value = serde_json::from_str(&made.body).unwrap();
    let own: SocketAddr = world["listen"].as_str().unwrap().parse().unwrap();

    assert_eq!(call_control(own, "GET", "/worlds", "").code(), "token_required");
    assert_eq!(call_control(own, "GET", "/worlds", &bearer_header(&token)).status, 200);
    assert_eq!(call_control(own, "GET", "/ready", "").status, 200);
}

#[test]
fn a_port_of_a_world_is_not_open_to_more_clients_than_the_server() {
    let here = Served::start(&HERE);
    let everywhere = Served::start(&EVERYWHERE);
    let token = bearer_header(&printed_token(&everywhere));
    let parent = "/worlds/default/fork";
    for call in ["/worlds", parent] {
        for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:0.0.0.0]:0"] {
            let answer = call_control(here.address(), "POST", &format!("{call}?listen={listen}"), "");
            assert_eq!((answer.status, answer.code().as_str()), (403, "listen_too_wide"), "{listen}");
            assert!(answer.body.contains("(127.0.0.1)"), "{}", answer.body);
        }
        assert_eq!(
            call_control(here.address(), "POST", &format!("{call}?listen=127.0.0.2:0"), "").status,
            201
        );
        for listen in ["0.0.0.0:0", "127.0.0.1:0"] {
            let answer =
                call_control(everywhere.address(), "POST", &format!("{call}?listen={listen}"), &token);
            assert_eq!(answer.status, 201, "{listen}: {}", answer.body);
        }
    }
    let worlds: Value =
        serde_json::from_str(&call_control(here.address(), "GET", "/worlds", "").body).unwrap();
    assert_eq!(worlds["worlds"].as_array().unwrap().len(), 3, "a refused world is not made");
}

#[test]
fn without_a_token_calls_from_foreign_web_pages_are_refused() {
    let served = Served::start(&HERE);
    let address = served.address();
    let strange = [
        "Host: rebound.example\r\n",
        "Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n",
        "Host: 127.0.0.1\r\nOrigin: null\r\n",
        "Host: 127.0.0.1\r\nOrigin: http://203.0.113.9\r\n",
        "Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n",
    ];
    for (method, path) in every_call() {
        if OPEN.contains(&path.as_str()) || path.ends_with("/credentials/token") {
            continue;
        }
        for headers in strange {
            let answer = call_control(address, &method, &path, headers);
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "foreign_origin"),
                "{method} {path} {headers}"
            );
        }
    }
    for headers in [
        "Host: localhost:4588\r\nOrigin: http://localhost:3000\r\nSec-Fetch-Site: cross-site\r\n",
        "Host: alimock\r\n",
        "Host: 192.0.2.7\r\nSec-Fetch-Site: none\r\n",
        "Host: host.docker.internal\r\n",
    ] {
        assert_eq!(call_control(address, "GET", "/worlds", headers).status, 200, "{headers}");
    }
}

/// A page cannot know the token, so who shows it may come by any name.
#[test]
fn with_the_token_any_host_name_is_accepted() {
    let served = Served::start(&EVERYWHERE);
    let by_name =
        format!("Host: alimock.test.svc.cluster.example\r\n{}", bearer_header(&printed_token(&served)));

    assert_eq!(call_control(served.address(), "GET", "/worlds", &by_name).status, 200);
    assert_eq!(call_control(served.address(), "POST", "/worlds/default/reset", &by_name).status, 204);
}

#[test]
fn a_cors_preflight_request_is_not_permitted() {
    let (here, everywhere) = (Served::start(&HERE), Served::start(&EVERYWHERE));
    for address in [here.address(), everywhere.address()] {
        for origin in ["http://evil.example", "http://localhost:3000"] {
            for path in ["/worlds", "/worlds/default/reset", "/health"] {
                let headers = format!(
                    "Host: 127.0.0.1\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n"
                );
                let answer = call_control(address, "OPTIONS", path, &headers);
                assert!(matches!(answer.status, 401 | 403 | 405), "{path}: {}", answer.status);
                assert!(!answer.head.contains("access-control-"), "{}", answer.head);
            }
        }
    }
}

#[test]
fn commands_take_the_token_and_say_what_to_do_without_it() {
    let served = Served::start(&EVERYWHERE);
    let (endpoint, token) = (format!("http://{}", served.address()), printed_token(&served));
    let run = |arguments: &[&str], token: Option<&str>| {
        let mut command = program();
        command.args(arguments).args(["--endpoint", &endpoint]);
        if let Some(token) = token {
            command.env("ALIMOCK_CONTROL_TOKEN", token);
        }
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };

    for command in [&["ctl", "GET", "/worlds"][..], &["env", "--format", "json"]] {
        for (token, why) in [
            (None, "requires a token"),
            (Some("none"), "requires a token"),
            (Some("another-token"), "wrong token"),
        ] {
            let (code, printed, said) = run(command, token);
            assert_eq!((code, printed.as_str()), (Some(1), ""), "{command:?}");
            assert!(said.contains(why) && said.contains("ALIMOCK_CONTROL_TOKEN"), "{command:?}: {said}");
        }
        let (code, _, said) = run(command, Some(&token));
        assert_eq!(code, Some(0), "{command:?}: {said}");
    }
    let variables: Value = serde_json::from_str(&run(&["env", "--format", "json"], Some(&token)).1).unwrap();
    assert_eq!(variables["ALIMOCK_CONTROL_TOKEN"], *token);
    for command in [&["wait", "--timeout", "10s"][..], &["ca"]] {
        assert_eq!((run(command, None).0, run(command, Some(&token)).0), (Some(0), Some(0)), "{command:?}");
    }
    let folder = scratch("token-files");
    let (token_file, ca) = (folder.join("token"), folder.join("ca.pem"));
    let flags = ["env", "--tls", "--ca", ca.to_str().unwrap(), "--control-token", &token];
    assert_eq!(run(&flags, None).0, Some(0));
    assert!(ca.exists() && !token_file.exists());
}

#[test]
fn run_and_deny_sweep_pass_the_token_to_their_command() {
    let script = format!(
        "test \"$ALIMOCK_CONTROL_TOKEN\" = of-this-run || exit 4
         curl -s --noproxy '*' \"$ALIMOCK_ENDPOINT/_alimock/worlds\" | grep -q token_required || exit 5
         {} ctl GET /worlds > /dev/null || exit 6",
        env!("CARGO_BIN_EXE_alimock")
    );
    for name in ["run", "deny-sweep"] {
        let mut command = program();
        command.args([name, "--log", "off", "--control-token", "of-this-run"]);
        let output = command.args(["--", "sh", "-c", &script]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let plain =
        program().args(["run", "--", "sh", "-c", "test -z \"$ALIMOCK_CONTROL_TOKEN\""]).status().unwrap();
    assert!(plain.success());
}
