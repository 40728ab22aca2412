//! `alimock ca`: prints the CA certificate that clients must trust.

use crate::cli::client::EndpointOption;
use crate::cli::{USAGE, fail, runtime, say, trust};
use crate::server::Authority;
use clap::Args;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Trust settings of each runtime. Source: docs/evidence/clients.md section 1; docs/clients.md has more.
const TRUST: &str = "\
Run `alimock ca > ca.pem`. Then make your runtime trust it:
  Python v2 SDKs and credentials   SSL_CERT_FILE=ca.pem
  Python v1 SDKs                   ALIBABA_CLOUD_CA_BUNDLE=ca.pem
  Node                             NODE_EXTRA_CA_CERTS=ca.pem
  Go, aliyun CLI, Terraform        SSL_CERT_FILE=ca.pem
  Java                             keytool -importcert -noprompt -alias alimock -file ca.pem -keystore ca.p12 -storepass changeit
                                   java -Djavax.net.ssl.trustStore=ca.p12 -Djavax.net.ssl.trustStorePassword=changeit ...
  curl                             curl --cacert ca.pem https://...
`alimock run --tls` and `alimock env --tls` set these variables.";

#[derive(Args, Debug)]
#[command(after_help = TRUST)]
pub(super) struct CaOptions {
    #[command(flatten)]
    endpoint: EndpointOption,
    /// Print the certificate in this directory, and create it if missing; needs no running emulator
    #[arg(long, env = "ALIMOCK_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

pub(super) fn run(options: &CaOptions) -> ExitCode {
    let certificate = match &options.data_dir {
        Some(directory) => Authority::new(Ipv4Addr::LOCALHOST.into(), Some(directory))
            .map(|authority| authority.certificate().to_owned())
            .map_err(|error| fail(USAGE, &error.to_string())),
        None => runtime().block_on(trust::certificate(&options.endpoint)).map_err(|why| fail(1, &why)),
    };
    match certificate {
        Ok(certificate) => say(certificate.as_bytes()),
        Err(code) => code,
    }
}
