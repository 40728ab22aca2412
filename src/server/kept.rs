//! Files of a certificate authority in a directory: `ca.key` and `ca.pem`. Each file is complete or absent.
//!
//! Programs that start at the same time, also in containers that share a volume, use one authority. The key is created before the
//! certificate, neither file is ever replaced, and each program uses the files that it reads afterwards. This module must not know what
//! a certificate is.

use crate::control::generated;
use crate::server::Unusable;
use crate::world::clock::stopwatch;
use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Maximum number of bytes read from a file.
const LONGEST: u64 = 64 << 10;
/// Longest wait for another program that creates the files.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

/// A directory.
pub(super) struct Kept<'a> {
    directory: &'a Path,
}

/// The lock of a directory; dropping it unlocks.
pub(super) struct Lock {
    _directory: File,
}

impl<'a> Kept<'a> {
    pub(super) fn new(directory: &'a Path) -> Self {
        Self { directory }
    }

    pub(super) fn key_file(&self) -> PathBuf {
        self.directory.join("ca.key")
    }

    pub(super) fn certificate_file(&self) -> PathBuf {
        self.directory.join("ca.pem")
    }

    /// The text and the mode of the key file, if it exists.
    pub(super) fn key(&self) -> Result<Option<(String, u32)>, Unusable> {
        read(&self.key_file())
    }

    /// The text of the certificate file, if it exists.
    pub(super) fn certificate(&self) -> Result<Option<String>, Unusable> {
        Ok(read(&self.certificate_file())?.map(|(text, _)| text))
    }

    /// Creates the directory if needed, locks it, and removes the temporary files of a crash.
    pub(super) fn lock(&self) -> Result<Lock, Unusable> {
        let cannot = |error| Unusable::File(self.directory.to_owned(), error);
        fs::create_dir_all(self.directory).map_err(cannot)?;
        let (directory, is_locked) = locked(self.directory, PATIENCE)?;
        if is_locked {
            self.remove_leftovers();
        }
        Ok(Lock { _directory: directory })
    }

    /// Creates the key file, unless it exists.
    pub(super) fn place_key(&self, text: &str) -> Result<(), Unusable> {
        self.place("ca.key", text, 0o600)
    }

    /// Creates the certificate file, unless it exists.
    pub(super) fn place_certificate(&self, text: &str) -> Result<(), Unusable> {
        self.place("ca.pem", text, 0o644)
    }

    fn place(&self, name: &str, text: &str, mode: u32) -> Result<(), Unusable> {
        let path = self.directory.join(name);
        let early = self.directory.join(format!("{}{}", early(name), generated().reveal()));
        let wrong = |error| Unusable::File(path.clone(), error);
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(mode).open(&early).map_err(wrong)?;
        // `hard_link` fails if the name exists, and the linked file is complete.
        let placed = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::hard_link(&early, &path));
        let _ = fs::remove_file(&early);
        match placed {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(wrong(error)),
            _ => {
                // Some file systems cannot sync a directory.
                let _ = File::open(self.directory).and_then(|directory| directory.sync_all());
                Ok(())
            }
        }
    }

    /// Removes the temporary files of a crash. The caller holds the lock.
    fn remove_leftovers(&self) {
        let Ok(entries) = fs::read_dir(self.directory) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&early("ca.key")) || name.starts_with(&early("ca.pem")) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Prefix of the name of a temporary file.
fn early(name: &str) -> String {
    format!(".{name}.new-")
}

/// The text and the mode of a file, if it exists. Anything but a regular file is an error; opening a pipe does not block.
fn read(path: &Path) -> Result<Option<(String, u32)>, Unusable> {
    let wrong = |error| Unusable::File(path.to_owned(), error);
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).expect("flags fit");
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(error)),
    };
    let about = file.metadata().map_err(wrong)?;
    if !about.is_file() {
        return Err(Unusable::NoFile(path.to_owned()));
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(wrong)?;
    Ok(Some((text, about.permissions().mode())))
}

/// Opens a directory and tries to lock it. Returns `false` if the file system has no locks.
fn locked(path: &Path, patience: Duration) -> Result<(File, bool), Unusable> {
    let directory = File::open(path).map_err(|error| Unusable::File(path.to_owned(), error))?;
    let waited = stopwatch();
    loop {
        match directory.try_lock() {
            Ok(()) => return Ok((directory, true)),
            Err(TryLockError::Error(_)) => return Ok((directory, false)),
            Err(TryLockError::WouldBlock) if waited.elapsed() < patience => std::thread::park_timeout(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(Unusable::Locked(path.to_owned(), patience)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_somebody_holds_is_waited_for_a_while_and_then_told() {
        let directory = std::env::temp_dir().join(format!("alimock-lock-{}", generated().reveal()));
        fs::create_dir(&directory).unwrap();
        let (held, is_locked) = locked(&directory, Duration::ZERO).unwrap();
        assert!(is_locked);

        let message = locked(&directory, Duration::from_millis(30)).unwrap_err().to_string();

        assert!(message.ends_with("another program has locked it for 30ms; stop that program"), "{message}");
        drop(held);
        assert!(locked(&directory, Duration::ZERO).is_ok());
        fs::remove_dir(directory).unwrap();
    }

    #[test]
    fn what_a_crash_left_is_removed_and_nothing_else() {
        let directory = std::env::temp_dir().join(format!("alimock-left-{}", generated().reveal()));
        fs::create_dir(&directory).unwrap();
        for name in [".ca.key.new-0123", ".ca.pem.new-0123", "notes", ".ca.key"] {
            fs::write(directory.join(name), "x").unwrap();
        }

        drop(Kept::new(&directory).lock().unwrap());

        let left = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name());
        let mut left: Vec<_> = left.collect();
        left.sort();
        assert_eq!(left, [".ca.key", "notes"]);
        fs::remove_dir_all(directory).unwrap();
    }
}
