//! Standard error that is full, closed or not read stops nothing, and ends nothing.

use crate::access::{Served, end, free_address, program, signal};
use crate::support::live;
use rustix::process::Signal;
use std::io::{BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};

const LISTEN: [&str; 2] = ["--listen", "127.0.0.1:0"];

/// Has the server write so many warnings, each of some 200 bytes: requests that its proxy refuses.
fn cause_warnings(address: SocketAddr, count: usize) {
    let mut stream = live::connect(address);
    let host = "x".repeat(63);
    let request = format!("GET http://{host}.example/ HTTP/1.1\r\nHost: {host}.example\r\n\r\n");
    let mut buffer = vec![0; 64 << 10];
    for number in 0..count {
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            let read = stream.read(&mut buffer).unwrap();
            assert_ne!(read, 0, "after {number} requests: {}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&buffer[..read]);
        }
    }
}

#[track_caller]
fn assert_answers(address: SocketAddr) {
    let answer = live::send_bytes(
        address,
        b"GET /_alimock/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// A shell that becomes the program, with standard error as the redirection says.
fn redirected(arguments: &str, redirection: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec \"$0\" {arguments} {redirection}"), env!("CARGO_BIN_EXE_alimock")]);
    shell
}

/// Waits until the server answers.
fn wait_for(address: SocketAddr) {
    let endpoint = format!("http://{address}");
    let mut wait = program();
    assert!(wait.args(["wait", "--endpoint", &endpoint, "--timeout", "30s"]).status().unwrap().success());
}

#[test]
fn a_pipe_that_nobody_reads_keeps_neither_requests_nor_sigterm_waiting() {
    let mut served = Served::start(&LISTEN);

    cause_warnings(served.address(), 1500);

    assert_answers(served.address());
    assert_eq!(served.stop(Signal::TERM), Some(0));
}

#[test]
fn dropped_lines_are_counted_and_the_count_is_written_when_somebody_reads_again() {
    let mut served = Served::start(&[&LISTEN[..], &["--log-format", "json"]].concat());
    cause_warnings(served.address(), 1500);
    let (mut lines, mut dropped) = (0, 0);

    while dropped == 0 {
        let mut line = String::new();
        assert_ne!(served.said.read_line(&mut line).unwrap(), 0);
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let message = line["fields"]["message"].as_str().unwrap();
        match message.strip_prefix("log lines dropped: ") {
            Some(told) => dropped = told.split(';').next().unwrap().parse().unwrap(),
            None => lines += 1,
        }
    }

    assert!(lines > 100, "{lines}");
    assert!(lines + dropped <= 1500, "{lines} {dropped}");
    assert_eq!(served.stop(Signal::TERM), Some(0));
    let mut rest = String::new();
    served.said.read_to_string(&mut rest).unwrap();
    let told = |line: &str| {
        line.split_once("log lines dropped: ")
            .map(|(_, told)| told.split(';').next().unwrap().parse::<usize>().unwrap())
    };
    let (more, uncounted): (Vec<_>, Vec<_>) = rest.lines().partition(|line| told(line).is_some());
    let more: usize = more.into_iter().filter_map(told).sum();
    assert_eq!(lines + dropped + more + uncounted.len(), 1500, "{rest}");
}

#[test]
fn a_closed_stderr_pipe_does_not_end_the_server() {
    let mut served = Served::start(&LISTEN);
    let address = served.address();
    let child = &mut served.child;
    drop(std::mem::replace(&mut served.said, std::io::BufReader::new(other_pipe())));

    cause_warnings(address, 300);

    assert_answers(address);
    signal(child.id(), Signal::TERM);
    assert_eq!(end(child).code(), Some(0));
}

/// The end of a pipe of some other program.
fn other_pipe() -> std::process::ChildStderr {
    let mut other = Command::new("true").stderr(Stdio::piped()).spawn().unwrap();
    let end = other.stderr.take().unwrap();
    other.wait().unwrap();
    end
}

#[test]
fn a_server_starts_answers_and_stops_with_standard_error_closed_or_full() {
    for redirection in ["2>&-", "2>/dev/full", "2>/dev/null", "<&- >&- 2>&-"] {
        let address = free_address();
        let mut child = redirected(&format!("serve --listen {address}"), redirection).spawn().unwrap();
        wait_for(address);

        cause_warnings(address, 10);

        assert_answers(address);
        signal(child.id(), Signal::TERM);
        assert_eq!(end(&mut child).code(), Some(0), "{redirection}");
    }
}

#[test]
fn exit_codes_are_the_same_when_nothing_can_be_printed() {
    for (arguments, code) in [
        ("serve --sede 1", 2),
        ("serve --scenario /no/such/file", 2),
        ("env --endpoint http://127.0.0.1:1", 1),
        ("run --scenario key-leaked -- true", 3),
        ("run -- sh -c 'exit 7'", 7),
        ("deny-sweep -- sh -c 'exit 9'", 9),
    ] {
        for redirection in ["2>&-", "2>/dev/full"] {
            let mut child = redirected(arguments, redirection).stdout(Stdio::null()).spawn().unwrap();
            assert_eq!(end(&mut child).code(), Some(code), "{arguments} {redirection}");
        }
    }
}

#[test]
fn standard_output_that_is_full_is_an_error_and_no_panic() {
    let served = Served::start(&LISTEN);
    let ctl = format!("ctl --endpoint http://{} GET /worlds", served.address());
    for arguments in
        ["--help", "--version", "completions bash", "scenario list", "scenario show default", &ctl]
    {
        let failed = redirected(arguments, ">/dev/full").output().unwrap();

        let said = String::from_utf8(failed.stderr).unwrap();
        assert_eq!(failed.status.code(), Some(1), "{arguments}: {said}");
        assert!(said.starts_with("error: cannot write to standard output: No space left"), "{said}");
        let closed = redirected(arguments, ">&-").output().unwrap();
        assert_eq!((closed.status.code(), closed.stderr.len()), (Some(0), 0), "{arguments}");
    }
}

#[test]
fn a_report_into_a_pipe_that_nobody_reads_does_not_keep_the_exit_code() {
    let command =
        "curl -s --noproxy '' -x \"$ALIMOCK_ENDPOINT\" 'http://x.example/[1-1500]' -o /dev/null; exit 5";
    let mut run = program();
    run.args(["run", "--", "sh", "-c", command]).stderr(Stdio::piped());
    let mut child = run.spawn().unwrap();

    let status = end(&mut child);

    assert_eq!(status.code(), Some(5));
}

/// The guard of the tests above: a connection that is not answered is an error, and no hang.
#[test]
fn a_warning_is_written_for_each_request_that_the_proxy_refuses() {
    let mut served = Served::start(&[&LISTEN[..], &["--log-format", "text"]].concat());
    let address = served.address();

    cause_warnings(address, 2);

    assert_eq!(served.stop(Signal::TERM), Some(0));
    let mut rest = String::new();
    served.said.read_to_string(&mut rest).unwrap();
    assert_eq!(rest.matches("the alimock proxy forwards no requests").count(), 2, "{rest}");
    assert!(TcpStream::connect(address).is_err());
}
