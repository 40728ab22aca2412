//! Temporary directory of a run: mode 0700, random name, removed at the end of the run. A killed run leaves its directory behind; no
//! other run uses it.

use crate::control;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

/// The directory; dropping it removes it.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Result<Self, String> {
        let parent = std::env::temp_dir();
        let path = parent.join(format!("alimock-{}", control::generated().reveal()));
        // `create` fails if the name exists, also as a link.
        DirBuilder::new().mode(0o700).create(&path).map_err(|error| {
            let parent = parent.display();
            format!(
                "cannot create a temporary directory in {parent}: {error}; set TMPDIR to another directory"
            )
        })?;
        Ok(Self(path))
    }

    /// Path of a file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
