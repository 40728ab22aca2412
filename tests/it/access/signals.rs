//! `run`, its command and signals: passed on to all, a grace time, and nothing left behind.

use crate::access::{Served, end, program, scratch, signal};
use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A script that starts another in the foreground. Both tell of each signal; the first ends with 5 when the second has ended.
const TELLING: &str = "for s in INT TERM HUP QUIT; do trap \"echo parent $s\" $s; done
sh -c 'for s in INT TERM HUP QUIT; do trap \"echo child $s; exit 0\" $s; done; echo ready; while :; do sleep 0.02; done'
exit 5";
/// The same, and neither ends.
const DEAF: &str = "trap '' INT TERM HUP QUIT; sh -c 'echo ready; while :; do sleep 0.02; done'; echo never";

/// A run in a session of its own, which has no terminal.
struct Run {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Run {
    /// Starts `sh -c script` and waits until it has said so.
    #[track_caller]
    fn start(flags: &[&str], script: &str) -> Self {
        Self::spawn(&mut without_terminal(flags, script))
    }

    #[track_caller]
    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self { child, said }
    }

    /// Sends a signal to the run alone; gives its exit code and what its command has said since. Everything that the command has started
    /// holds the pipe: the text has an end when they all have.
    fn stop(&mut self, by: Signal) -> (Option<i32>, String) {
        signal(self.child.id(), by);
        let code = end(&mut self.child).code();
        let mut text = String::new();
        self.said.read_to_string(&mut text).unwrap();
        (code, text)
    }
}

fn without_terminal(flags: &[&str], script: &str) -> Command {
    let mut command = Command::new("setsid");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ALIMOCK_") {
            command.env_remove(name);
        }
    }
    command.args([env!("CARGO_BIN_EXE_alimock"), "run", "--log", "off"]);
    command.args(flags).args(["--", "sh", "-c", script]);
    command
}

#[test]
fn each_signal_is_passed_on_to_the_command_and_what_it_has_started() {
    for (by, name) in
        [(Signal::INT, "INT"), (Signal::TERM, "TERM"), (Signal::HUP, "HUP"), (Signal::QUIT, "QUIT")]
    {
        let (code, said) = Run::start(&[], TELLING).stop(by);

        assert_eq!((code, said), (Some(5), format!("child {name}\nparent {name}\n")));
    }
}

#[test]
fn a_command_ended_by_a_signal_gives_exit_code_128_plus_the_signal() {
    for (by, code) in [(Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131), (Signal::TERM, 143)] {
        let script = "ulimit -c 0; echo ready; exec sleep 600";
        assert_eq!(Run::start(&[], script).stop(by), (Some(code), String::new()));
    }
}

#[test]
fn processes_that_do_not_end_are_killed_after_the_grace_time() {
    for by in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        assert_eq!(Run::start(&["--grace", "200ms"], DEAF).stop(by), (Some(137), String::new()));
    }
    assert_eq!(Run::start(&["--grace", "0s"], DEAF).stop(Signal::TERM), (Some(137), String::new()));
}

#[test]
fn processes_that_a_command_leaves_behind_are_killed_inside_and_outside_its_group() {
    for left in ["sh -c", "setsid sh -c"] {
        let script = format!(
            "trap 'exit 5' TERM; {left} \"trap '' TERM HUP; echo ready; while :; do sleep 0.02; done\" & wait; wait"
        );
        let (code, _) = Run::start(&["--grace", "200ms"], &script).stop(Signal::TERM);

        assert_eq!(code, Some(5), "{left}");
    }
}

#[test]
fn a_process_whose_parent_has_ended_is_killed_with_the_group() {
    let left = "sh -c \"trap '' TERM HUP; echo ready; while :; do sleep 0.02; done\"";
    let script = format!("trap 'exit 5' TERM; ({left} &); while :; do sleep 0.02; done");

    let (code, _) = Run::start(&["--grace", "200ms"], &script).stop(Signal::TERM);

    assert_eq!(code, Some(5));
}

#[test]
fn a_run_waits_for_processes_that_end_within_the_grace_time() {
    let left = "trap 'exit 5' TERM; sh -c 'trap \"echo saved; exit 0\" TERM; echo ready; while :; do sleep 0.02; done' & wait; wait";

    let (code, said) = Run::start(&["--grace", "60s"], left).stop(Signal::TERM);

    assert_eq!((code, said.as_str()), (Some(5), "saved\n"));
}

#[test]
fn the_command_dies_with_a_run_that_is_killed() {
    let mut run = Run::start(&[], "echo ready; exec sleep 600");

    let (code, said) = run.stop(Signal::KILL);

    assert_eq!((code, said), (None, String::new()));
}

/// A run that has a token and a certificate in files below `folder`.
fn lending(folder: &Path, script: &str) -> Command {
    let file = folder.with_extension("yaml");
    let text = "accounts: [{name: shop, keys: [{}], oidcProviders: [{name: ci, clientIds: [sts.aliyuncs.com]}], roles: [{name: web, trust: {Federated: [oidc-provider/ci]}}]}]";
    fs::write(&file, text).unwrap();
    let mut command = without_terminal(
        &["--grace", "200ms", "--oidc-role", "shop/web", "--scenario", file.to_str().unwrap()],
        script,
    );
    command.env("TMPDIR", folder);
    command
}

#[test]
fn temporary_files_of_a_run_are_private_and_removed_however_it_ends() {
    let folder = scratch("lent");
    let empty = || fs::read_dir(&folder).unwrap().count() == 0;
    for by in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        for script in [TELLING, DEAF] {
            let mut run = Run::spawn(&mut lending(&folder, script));
            let lent: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
            assert_eq!(lent.len(), 1);
            assert_eq!(lent[0].metadata().unwrap().mode() & 0o7777, 0o40700 & 0o7777);
            let files: Vec<_> = fs::read_dir(lent[0].path()).unwrap().map(|entry| entry.unwrap()).collect();
            assert_eq!(files.len(), 2, "{files:?}");
            for file in files {
                assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{file:?}");
            }

            run.stop(by);

            assert!(empty(), "{by:?}");
        }
    }
    for (script, code) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)] {
        assert_eq!(lending(&folder, script).status().unwrap().code(), Some(code));
        assert!(empty(), "{script}");
    }
    for flags in [&["--oidc-role", "shop/nobody"][..], &["--credentials-uri", "nobody"], &["--as", "nobody"]]
    {
        let mut run = program();
        run.args(["run", "--log", "off"]).args(flags).args(["--", "true"]).env("TMPDIR", &folder);
        assert_eq!(run.output().unwrap().status.code(), Some(2), "{flags:?}");
        assert!(empty(), "{flags:?}");
    }
    let missing = program().args(["run", "--", "/no/such/program"]).env("TMPDIR", &folder).output().unwrap();
    let said = String::from_utf8(missing.stderr).unwrap();
    assert!(
        missing.status.code() == Some(2)
            && said.starts_with("error: cannot run `/no/such/program`: No such file"),
        "{said}"
    );
    assert!(empty());
}

#[test]
fn files_left_by_a_killed_run_are_never_used_again() {
    let folder = scratch("left");
    let mut killed = Run::spawn(&mut lending(&folder, "echo ready; exec sleep 600"));
    killed.stop(Signal::KILL);
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left.len(), 1, "nobody was there to remove it");
    assert_eq!(fs::metadata(&left[0]).unwrap().mode() & 0o777, 0o700);

    let next = lending(&folder, "echo $ALIMOCK_CA $ALIBABA_CLOUD_OIDC_TOKEN_FILE").output().unwrap();

    let next = String::from_utf8(next.stdout).unwrap();
    assert!(
        !next.contains(left[0].to_str().unwrap()) && next.matches(folder.to_str().unwrap()).count() == 2,
        "{next}"
    );
    let now: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(now, left);
}

#[test]
fn a_folder_that_cannot_be_created_is_reported() {
    let mut run = program();
    let failed = run.args(["run", "--", "true"]).env("TMPDIR", "/no/such/folder").output().unwrap();

    let said = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(failed.status.code(), Some(2));
    assert!(said.contains("in /no/such/folder") && said.contains("set TMPDIR"), "{said}");
}

#[test]
fn sighup_and_sigquit_stop_serve_as_sigterm_does() {
    for by in [Signal::HUP, Signal::QUIT, Signal::INT, Signal::TERM] {
        assert_eq!(Served::start(&["--listen", "127.0.0.1:0"]).stop(by), Some(0), "{by:?}");
    }
}

#[test]
fn under_nohup_sighup_stays_ignored() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$0\" serve --listen 127.0.0.1:0", env!("CARGO_BIN_EXE_alimock")]);
    let mut served = Served::spawn(shell);

    signal(served.child.id(), Signal::HUP);

    let answer = crate::support::live::send_bytes(
        served.address(),
        b"GET /_alimock/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(served.stop(Signal::TERM), Some(0));
}

#[test]
fn a_deny_sweep_ends_with_the_command_that_a_signal_has_ended() {
    let folder = scratch("swept");
    let (mark, pipe) = (folder.join("mark"), folder.join("pipe"));
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let script = format!(
        "if test -e {mark}; then echo started > {pipe}; exec sleep 600; fi
         touch {mark}
         for action in AssumeRoleWithOIDC AssumeRoleWithSAML; do curl -s --noproxy '*' \"$ALIMOCK_ENDPOINT/\" -d Action=$action -d Version=2015-04-01 > /dev/null; done",
        mark = mark.display(),
        pipe = pipe.display()
    );
    let mut sweep = Command::new("setsid");
    sweep.args([env!("CARGO_BIN_EXE_alimock"), "deny-sweep", "--log", "off", "--", "sh", "-c", &script]);
    let mut child = sweep.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut started = String::new();
    File::open(&pipe).unwrap().read_to_string(&mut started).unwrap();

    signal(child.id(), Signal::TERM);

    assert_eq!(end(&mut child).code(), Some(143));
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.stdout.len(), started.as_str()), (0, "started\n"), "{said}");
    assert!(said.contains("a signal stopped the sweep"), "{said}");
}

/// Runs a script on a terminal of its own, types what `typed` says after a line, and gives what the terminal showed and the exit code.
fn on_a_terminal(script: &str, typed: &[(&str, &str)], ending: &str) -> (String, Option<i32>) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let terminal = ioctl_tiocgptpeer(&controller, OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    let mut command = Command::new("setsid");
    command.args(["--ctty", env!("CARGO_BIN_EXE_alimock"), "run", "--log", "off", "--grace", "200ms", "--"]);
    command.args(["sh", "-c", script]);
    command.stdin(terminal.try_clone().unwrap()).stdout(terminal.try_clone().unwrap()).stderr(terminal);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut controller = File::from(controller);
    let (mut shown, mut part, mut typed) = (Vec::new(), [0; 1024], typed.iter());
    let mut next = typed.next();
    while let Ok(read @ 1..) = controller.read(&mut part) {
        shown.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&shown).into_owned();
        if let Some((_, keys)) = next.filter(|(after, _)| text.contains(after)) {
            controller.write_all(keys.as_bytes()).unwrap();
            next = typed.next();
        }
        if !ending.is_empty() && text.contains(ending) {
            signal(child.id(), Signal::TERM);
        }
    }
    let code = end(&mut child).code();
    (String::from_utf8_lossy(&shown).into_owned(), code)
}

#[test]
fn on_a_terminal_the_command_reads_what_is_typed() {
    let (shown, code) = on_a_terminal(
        "echo ready; read line < /dev/tty; echo \"got $line\"; exit 5",
        &[("ready", "hello\n")],
        "",
    );

    assert!(code == Some(5) && shown.contains("got hello"), "{code:?}: {shown}");
}

#[test]
fn on_a_terminal_ctrl_c_reaches_the_command_once_and_the_command_may_continue() {
    let script = "trap 'echo told' INT; sh -c 'echo ready; read line'; read line; echo \"got $line\"; exit 5";

    let (shown, code) = on_a_terminal(script, &[("ready", "\x03"), ("told", "hello\n")], "");

    assert_eq!((code, shown.matches("told").count()), (Some(5), 1), "{shown}");
    assert!(shown.contains("got hello"), "{shown}");
}

#[test]
fn on_a_terminal_processes_that_ignore_sigterm_are_killed_too() {
    let (shown, code) = on_a_terminal(DEAF, &[], "ready");

    assert!(code == Some(137) && !shown.contains("never"), "{code:?}: {shown}");
}

#[test]
fn the_internal_launch_step_is_not_a_public_command() {
    let help = String::from_utf8(program().arg("--help").output().unwrap().stdout).unwrap();
    assert!(!help.contains("launch"), "{help}");
    for arguments in [&["__launch"][..], &["__launch", "1", "/dev/null", "true"], &["__launch", "x"]] {
        assert_eq!(program().args(arguments).output().unwrap().status.code(), Some(2), "{arguments:?}");
    }
}
