//! A folder for the files that a run lends to its command. Only its owner can enter it, its name cannot be guessed, and it goes with
//! the run. One that a killed program has left is never used again.

use crate::control;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

/// The folder; dropped, it is gone.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Result<Self, String> {
        let parent = std::env::temp_dir();
        let path = parent.join(format!("alimock-{}", control::generated().reveal()));
        // Nothing that is there is taken, be it a link or a folder.
        DirBuilder::new().mode(0o700).create(&path).map_err(|error| {
            let parent = parent.display();
            format!("cannot make a folder for temporary files in {parent}: {error}; name another with TMPDIR")
        })?;
        Ok(Self(path))
    }

    /// Where a file of it is.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
