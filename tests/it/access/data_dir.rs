//! `--data-dir` keeps one authority, whole, however many programs start at once and whatever stands in its way.

use crate::access::{Served, end, program, scratch};
use alimock::server::Authority;
use rustix::fs::{CWD, FileType, Mode};
use rustix::process::Signal;
use std::fs::{self, Permissions};
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};

/// `alimock ca --data-dir`, to its end.
fn run_ca(directory: &Path) -> Output {
    let mut command = program();
    command.args(["ca", "--data-dir"]).arg(directory).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    end(&mut child);
    child.wait_with_output().unwrap()
}

/// What a command that was refused has said.
#[track_caller]
fn run_ca_refused(directory: &Path) -> String {
    let done = run_ca(directory);
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!((done.status.code(), done.stdout.len(), said.lines().count()), (Some(2), 0, 1), "{said}");
    said
}

fn file_names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn many_programs_that_start_at_once_have_one_authority() {
    for round in 0..3 {
        let directory = scratch(&format!("at-once-{round}")).join("made");
        let start = |_| {
            let mut command = program();
            command.args(["ca", "--data-dir"]).arg(&directory);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };

        let started: Vec<_> = (0..24).map(start).collect();

        let kept: Vec<_> = started
            .into_iter()
            .map(|mut child| {
                let status = end(&mut child);
                let output = child.wait_with_output().unwrap();
                assert!(status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                output.stdout
            })
            .collect();
        let certificate = fs::read(directory.join("ca.pem")).unwrap();
        assert!(kept.iter().all(|one| *one == certificate), "round {round}");
        assert_eq!(file_names(&directory), ["ca.key", "ca.pem"]);
        assert_eq!(fs::metadata(directory.join("ca.key")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// Two containers on one volume are both process 1.
#[test]
fn programs_with_one_process_id_have_one_authority() {
    for round in 0..10 {
        let directory = scratch(&format!("one-id-{round}"));
        let open = || {
            let authority = Authority::new(Ipv4Addr::LOCALHOST.into(), Some(&directory)).unwrap();
            authority.certificate().to_owned()
        };

        let kept: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });

        let certificate = fs::read_to_string(directory.join("ca.pem")).unwrap();
        assert!(kept.iter().all(|one| *one == certificate), "round {round}");
        assert_eq!(file_names(&directory), ["ca.key", "ca.pem"]);
    }
}

#[test]
fn a_pipe_or_directory_in_place_of_a_file_is_reported_and_never_waited_for() {
    for name in ["ca.key", "ca.pem"] {
        let directory = scratch(&format!("no-file-{name}"));
        run_ca(&directory);
        let path = directory.join(name);
        let told =
            format!("`{}` is not a regular file; remove it, or choose another directory", path.display());

        fs::remove_file(&path).unwrap();
        rustix::fs::mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        assert!(run_ca_refused(&directory).contains(&told), "{name}");

        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(run_ca_refused(&directory).contains(&told), "{name}");
    }
    let pipe = scratch("no-directory").join("pipe");
    rustix::fs::mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    assert!(run_ca_refused(&pipe).starts_with("error: cannot use `"));
}

#[test]
fn serve_and_run_report_a_bad_directory_with_exit_code_2() {
    let directory = scratch("told-by-all");
    rustix::fs::mknodat(CWD, directory.join("ca.key"), FileType::Fifo, Mode::from_raw_mode(0o600), 0)
        .unwrap();
    let directory = directory.to_str().unwrap();
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0", "--data-dir", directory][..],
        &["run", "--data-dir", directory, "--", "true"],
    ] {
        let mut child = program().args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        let status = end(&mut child);
        let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
        assert_eq!(status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: cannot use the certificate authority: "), "{said}");
    }
}

#[test]
fn a_key_that_others_can_read_is_refused_until_it_is_made_private() {
    let directory = scratch("exposed");
    let certificate = run_ca(&directory).stdout;
    let key = directory.join("ca.key");
    for mode in [0o644, 0o640, 0o620, 0o604] {
        fs::set_permissions(&key, Permissions::from_mode(mode)).unwrap();

        let said = run_ca_refused(&directory);

        let told = format!(
            "other users can read or change the private key `{}` (mode {mode:o}); run `chmod 600 /",
            key.display()
        );
        assert!(said.contains(&told), "{said}");
    }
    for mode in [0o600, 0o400] {
        fs::set_permissions(&key, Permissions::from_mode(mode)).unwrap();
        assert_eq!(run_ca(&directory).stdout, certificate);
    }
}

#[test]
fn a_read_only_directory_works_if_it_holds_both_files() {
    let directory = scratch("read-only");
    let certificate = run_ca(&directory).stdout;
    fs::set_permissions(&directory, Permissions::from_mode(0o500)).unwrap();

    let mut served = Served::start(&["--listen", "127.0.0.1:0", "--data-dir", directory.to_str().unwrap()]);

    assert_eq!(run_ca(&directory).stdout, certificate);
    assert_eq!(served.stop(Signal::TERM), Some(0));
    fs::set_permissions(&directory, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_partly_written_file_is_reported_and_leftovers_of_a_crash_do_not_matter() {
    let directory = scratch("in-part");
    let certificate = run_ca(&directory).stdout;
    let (key, pem) = (directory.join("ca.key"), directory.join("ca.pem"));
    let whole = fs::read_to_string(&key).unwrap();

    fs::write(&key, &whole[..whole.len() / 2]).unwrap();
    assert!(
        run_ca_refused(&directory).contains("is not the private key of an alimock certificate authority")
    );
    fs::write(&key, &whole).unwrap();
    for part in [0, certificate.len() / 2] {
        fs::write(&pem, &certificate[..part]).unwrap();
        assert!(run_ca_refused(&directory).contains("remove it to create it again from the key"));
    }

    fs::remove_file(&pem).unwrap();
    fs::write(directory.join(".ca.pem.new-0123456789abcdef"), "part").unwrap();
    let again = run_ca(&directory);
    assert!(again.status.success());
    assert_eq!(file_names(&directory), ["ca.key", "ca.pem"]);
    assert_eq!(fs::read_to_string(&key).unwrap(), whole, "the key stays");
}

#[test]
fn a_certificate_is_never_served_with_the_key_of_another() {
    let (one, other) = (scratch("fits-one"), scratch("fits-other"));
    run_ca(&one);
    run_ca(&other);

    fs::copy(other.join("ca.pem"), one.join("ca.pem")).unwrap();

    assert!(run_ca_refused(&one).contains("does not match `ca.key`"));
    fs::remove_file(one.join("ca.key")).unwrap();
    assert!(run_ca_refused(&one).contains("is missing, but `ca.pem` exists"));
}

#[test]
fn symbolic_links_to_the_files_work() {
    let (kept, linked) = (scratch("linked-to"), scratch("linked-from"));
    let certificate = run_ca(&kept).stdout;
    for name in ["ca.key", "ca.pem"] {
        std::os::unix::fs::symlink(kept.join(name), linked.join(name)).unwrap();
    }

    assert_eq!(run_ca(&linked).stdout, certificate);

    fs::remove_file(kept.join("ca.key")).unwrap();
    fs::remove_file(kept.join("ca.pem")).unwrap();
    let said = run_ca_refused(&linked);
    assert!(said.contains("ca.key` is missing"), "{said}");
}
