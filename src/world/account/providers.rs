//! Identity providers for assuming roles. Source: docs/evidence/sts.md sections 4 and 5, docs/evidence/ims.md 4.11.

use crate::federation::jwt::KeySet;
use crate::federation::saml::Metadata;
use crate::text::{ProviderName, Timestamp, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::Named;
use compact_str::CompactString;
use std::sync::Arc;

/// Default maximum age of a token in hours. Source: docs/evidence/sts.md section 5.
pub const DEFAULT_ISSUANCE_HOURS: i64 = 12;

/// An OIDC provider.
#[derive(Debug, Clone)]
pub struct OidcProvider {
    /// Provider name.
    pub name: ProviderName,
    /// `iss` of its tokens.
    pub issuer: String,
    /// Accepted audiences of tokens.
    pub client_ids: Vec<String>,
    /// Accepted SHA-1 thumbprints of the issuer's certificate; empty accepts any.
    pub fingerprints: Vec<String>,
    /// Maximum age of a token in hours.
    pub issuance_hours: i64,
    /// Simulated responses of the issuer.
    pub site: IssuerSite,
    /// Time of registration.
    pub created: Timestamp,
}

/// Simulated web site of an issuer. The emulator never opens a connection.
#[derive(Debug, Clone)]
pub struct IssuerSite {
    /// Public keys; `None` simulates an unreachable site.
    pub keys: Option<Arc<KeySet>>,
    /// Certificate thumbprint; by default a registered one.
    pub fingerprint: Option<String>,
    /// Simulates a valid certificate chain.
    pub trusted: bool,
}

/// A SAML provider.
#[derive(Debug, Clone)]
pub struct SamlProvider {
    /// Provider name.
    pub name: ProviderName,
    /// Parsed metadata, or the reason why it is invalid.
    pub metadata: Result<Arc<Metadata>, String>,
    /// The metadata as XML.
    pub text: Arc<str>,
    /// Time of registration.
    pub created: Timestamp,
}

impl Named for OidcProvider {
    fn folded_name(&self) -> CompactString {
        self.name.folded()
    }
}

impl Named for SamlProvider {
    fn folded_name(&self) -> CompactString {
        self.name.folded()
    }
}

/// Returns the ARN of an OIDC provider.
pub fn oidc_arn(uid: Uid, name: &ProviderName) -> String {
    format!("acs:ram::{uid}:oidc-provider/{name}")
}

/// Returns the ARN of a SAML provider.
pub fn saml_arn(uid: Uid, name: &ProviderName) -> String {
    format!("acs:ram::{uid}:saml-provider/{name}")
}

impl Account {
    /// Registers an OIDC provider.
    pub fn add_oidc_provider(&mut self, provider: OidcProvider) -> Result<(), Refusal> {
        self.oidc_providers.add(provider).map(drop).map_err(|_| Refusal::ProviderExists)
    }

    /// Registers a SAML provider.
    pub fn add_saml_provider(&mut self, provider: SamlProvider) -> Result<(), Refusal> {
        self.saml_providers.add(provider).map(drop).map_err(|_| Refusal::ProviderExists)
    }

    /// Returns the OIDC provider `name`.
    pub fn oidc_provider(&self, name: &str) -> Option<&OidcProvider> {
        let slot = self.oidc_providers.find(&name.to_ascii_lowercase())?;
        self.oidc_providers.get(slot).map(|provider| &**provider)
    }

    /// Returns the SAML provider `name`.
    pub fn saml_provider(&self, name: &str) -> Option<&SamlProvider> {
        let slot = self.saml_providers.find(&name.to_ascii_lowercase())?;
        self.saml_providers.get(slot).map(|provider| &**provider)
    }
}
