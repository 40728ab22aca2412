//! Other ways to an emulator than plain HTTP at its address: TLS by a certificate in a file, and its proxy.

use crate::cli::client::{EndpointOption, nobody};
use crate::cli::folder::Folder;
use clap::Args;
use clap::builder::BoolishValueParser;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where runtimes look for what they trust: Go and Python, Python's v1 SDKs, Node; and, as machines set them for all programs, curl and
/// requests. Source: docs/evidence/clients.md section 1.
const CERTIFICATES: [&str; 5] = [
    "SSL_CERT_FILE",
    "ALIBABA_CLOUD_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
];

/// How a client is to come.
#[derive(Args, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WayOptions {
    /// Have clients trust the emulator's certificates, so that https:// works, and nobody else's
    #[arg(long, env = "ALIMOCK_TLS", value_parser = BoolishValueParser::new())]
    pub(super) tls: bool,
    /// Have clients use the emulator as their proxy, which lets nothing else out, in place of an endpoint; with all of --tls
    #[arg(long, env = "ALIMOCK_PROXY", value_parser = BoolishValueParser::new())]
    pub(super) proxy: bool,
}

/// A way, and the certificate of the emulator's authority.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trust {
    ca: PathBuf,
    way: WayOptions,
}

impl Trust {
    /// Writes the certificate to a file of a run.
    pub(super) fn lent(certificate: &str, folder: &Folder, way: WayOptions) -> Result<Self, String> {
        let ca = folder.file("ca.pem");
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&ca);
        file.and_then(|mut file| file.write_all(certificate.as_bytes()))
            .map_err(|error| cannot_write(&ca, &error))?;
        Ok(Self { ca, way })
    }

    /// The certificate that a directory keeps.
    pub(super) fn kept_in(directory: &Path, way: WayOptions) -> Result<Self, String> {
        let ca = directory.join("ca.pem");
        Ok(Self { ca: fs::canonicalize(&ca).map_err(|error| cannot_write(&ca, &error))?, way })
    }

    /// Writes the certificate of a running emulator to a file that is there no longer than it is of use: until somebody else
    /// writes it.
    pub(super) async fn written(
        file: &Path,
        endpoint: &EndpointOption,
        way: WayOptions,
    ) -> Result<Self, String> {
        let certificate = certificate(endpoint).await?;
        if fs::read_to_string(file).is_ok_and(|text| text.matches("-BEGIN ").count() != 1) {
            return Err(format!(
                "{} holds something else than one certificate; choose another file",
                file.display()
            ));
        }
        fs::write(file, certificate).map_err(|error| cannot_write(file, &error))?;
        let ca = fs::canonicalize(file).map_err(|error| cannot_write(file, &error))?;
        Ok(Self { ca, way })
    }

    /// Whether clients find the emulator without an endpoint.
    pub(super) fn is_proxy(&self) -> bool {
        self.way.proxy
    }

    /// What leads clients this way.
    pub(super) fn variables(&self, endpoint: &str) -> Vec<(&'static str, String)> {
        let ca = self.ca.display().to_string();
        let mut all = vec![("ALIMOCK_CA", ca.clone())];
        if self.way.tls || self.way.proxy {
            all.extend(CERTIFICATES.map(|name| (name, ca.clone())));
        }
        if self.way.proxy {
            for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"] {
                all.push((name, endpoint.to_owned()));
            }
            // Else a list of the user's own could let a host of Alibaba Cloud by.
            for name in ["NO_PROXY", "no_proxy"] {
                all.push((name, "localhost,127.0.0.1,::1".to_owned()));
            }
        }
        all
    }
}

/// The certificate of a running emulator's authority.
pub(super) async fn certificate(endpoint: &EndpointOption) -> Result<String, String> {
    let answer = endpoint.get("/_alimock/ca.pem", Duration::from_secs(5)).await;
    let endpoint = endpoint.url();
    match answer {
        Ok((200, pem)) => Ok(String::from_utf8_lossy(&pem).into_owned()),
        Ok((status, _)) => Err(format!("{endpoint} does not answer like an emulator: HTTP {status}")),
        Err(error) => Err(nobody(endpoint, &error)),
    }
}

fn cannot_write(file: &Path, error: &std::io::Error) -> String {
    format!("cannot write the certificate to {}: {error}", file.display())
}
