//! Credentials for clients without an AccessKey: an OIDC token file and a credentials URI.

use crate::control::Login;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// An OIDC token file, and the variables that point clients to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TokenFile {
    path: PathBuf,
    provider_arn: String,
    role_arn: String,
    role_session_name: String,
}

impl TokenFile {
    /// Writes the token of a login. Only the owner can read the file. An existing file is replaced.
    pub(super) fn write(path: &Path, login: Login) -> Result<Self, String> {
        let cannot =
            |error: std::io::Error| format!("cannot write the OIDC token to {}: {error}", path.display());
        // The old file could be a link that another user made.
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(cannot(error)),
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        file.and_then(|mut file| file.write_all(login.token.as_bytes())).map_err(cannot)?;
        let path = fs::canonicalize(path).map_err(cannot)?;
        let Login { provider_arn, role_arn, role_session_name, .. } = login;
        Ok(Self { path, provider_arn, role_arn, role_session_name })
    }

    /// Environment variables. Source: docs/evidence/clients.md 3.4.
    pub(super) fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", self.path.display().to_string()),
            ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", self.provider_arn.clone()),
            ("ALIBABA_CLOUD_ROLE_ARN", self.role_arn.clone()),
            ("ALIBABA_CLOUD_ROLE_SESSION_NAME", self.role_session_name.clone()),
        ]
    }
}

/// Text, encoded as the value of a query parameter.
pub(super) fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}
