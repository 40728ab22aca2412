//! Settings for clients that use HTTPS, with a CA certificate in a file, or the proxy.

use crate::cli::client::{EndpointOption, nobody};
use crate::cli::folder::Folder;
use clap::Args;
use clap::builder::BoolishValueParser;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Variables for the file of trusted certificates: Go and Python, Python's v1 SDKs, Node. The last two are for curl and requests, which
/// machines may set for all programs. Source: docs/evidence/clients.md section 1.
const CERTIFICATES: [&str; 5] = [
    "SSL_CERT_FILE",
    "ALIBABA_CLOUD_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
];

/// Connection settings of a client.
#[derive(Args, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WayOptions {
    /// Make clients trust the emulator's CA, and no other, for https://
    #[arg(long, env = "ALIMOCK_TLS", value_parser = BoolishValueParser::new())]
    pub(super) tls: bool,
    /// Make clients use the emulator as their proxy in place of an endpoint; the proxy reaches no other host. Includes --tls
    #[arg(long, env = "ALIMOCK_PROXY", value_parser = BoolishValueParser::new())]
    pub(super) proxy: bool,
}

/// Connection settings, and the CA certificate file of the emulator.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trust {
    ca: PathBuf,
    way: WayOptions,
}

impl Trust {
    /// Writes the certificate to a file in a run's directory.
    pub(super) fn lent(certificate: &str, folder: &Folder, way: WayOptions) -> Result<Self, String> {
        let ca = folder.file("ca.pem");
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&ca);
        file.and_then(|mut file| file.write_all(certificate.as_bytes()))
            .map_err(|error| cannot_write(&ca, &error))?;
        Ok(Self { ca, way })
    }

    /// Uses the certificate in the data directory.
    pub(super) fn kept_in(directory: &Path, way: WayOptions) -> Result<Self, String> {
        let ca = directory.join("ca.pem");
        Ok(Self { ca: fs::canonicalize(&ca).map_err(|error| cannot_write(&ca, &error))?, way })
    }

    /// Writes the certificate of a running emulator to a file. The file stays until the user removes it. A file that holds anything but one
    /// certificate is not overwritten.
    pub(super) async fn written(
        file: &Path,
        endpoint: &EndpointOption,
        way: WayOptions,
    ) -> Result<Self, String> {
        let certificate = certificate(endpoint).await?;
        if fs::read_to_string(file).is_ok_and(|text| text.matches("-BEGIN ").count() != 1) {
            return Err(format!(
                "`{}` contains something other than one certificate; choose another file",
                file.display()
            ));
        }
        fs::write(file, certificate).map_err(|error| cannot_write(file, &error))?;
        let ca = fs::canonicalize(file).map_err(|error| cannot_write(file, &error))?;
        Ok(Self { ca, way })
    }

    /// Returns `true` if clients use the proxy and need no endpoint.
    pub(super) fn is_proxy(&self) -> bool {
        self.way.proxy
    }

    /// Environment variables for these settings.
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
            // Otherwise a list of the user's own could exclude a host of Alibaba Cloud.
            for name in ["NO_PROXY", "no_proxy"] {
                all.push((name, "localhost,127.0.0.1,::1".to_owned()));
            }
        }
        all
    }
}

/// CA certificate of a running emulator.
pub(super) async fn certificate(endpoint: &EndpointOption) -> Result<String, String> {
    let answer = endpoint.get("/_alimock/ca.pem", Duration::from_secs(5)).await;
    let endpoint = endpoint.url();
    match answer {
        Ok((200, pem)) => Ok(String::from_utf8_lossy(&pem).into_owned()),
        Ok((status, _)) => Err(format!("`{endpoint}` is not an alimock emulator: HTTP {status}")),
        Err(error) => Err(nobody(endpoint, &error)),
    }
}

fn cannot_write(file: &Path, error: &std::io::Error) -> String {
    format!("cannot write the certificate to `{}`: {error}", file.display())
}
