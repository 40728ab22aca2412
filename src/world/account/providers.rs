//! Identity providers whose users may assume roles. Source: docs/evidence/sts.md sections 4 and 5, docs/evidence/ims.md 4.11.

use crate::federation::jwt::KeySet;
use crate::federation::saml::Metadata;
use crate::text::{ProviderName, Timestamp, Uid};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::Named;
use compact_str::CompactString;
use std::sync::Arc;

/// Hours that a token may be old when nobody says. Source: docs/evidence/sts.md section 5.
pub const DEFAULT_ISSUANCE_HOURS: i64 = 12;

/// An OIDC provider.
#[derive(Debug, Clone)]
pub struct OidcProvider {
    /// Its name.
    pub name: ProviderName,
    /// `iss` of its tokens.
    pub issuer: String,
    /// Audiences that its tokens may have.
    pub client_ids: Vec<String>,
    /// SHA-1 thumbprints that the certificate of the issuer may have; any when there is none.
    pub fingerprints: Vec<String>,
    /// Hours that a token may be old.
    pub issuance_hours: i64,
    /// What the issuer would answer if anybody asked it.
    pub site: IssuerSite,
    /// When it was registered.
    pub created: Timestamp,
}

/// The web site of an issuer, as the emulator pretends it is: it never opens a connection.
#[derive(Debug, Clone)]
pub struct IssuerSite {
    /// Its public keys; without any it cannot be reached.
    pub keys: Option<Arc<KeySet>>,
    /// Thumbprint of its certificate; without any it is one that was registered.
    pub fingerprint: Option<String>,
    /// Whether its certificate has a good chain.
    pub trusted: bool,
}

/// A SAML provider.
#[derive(Debug, Clone)]
pub struct SamlProvider {
    /// Its name.
    pub name: ProviderName,
    /// What it published of itself, or why that cannot be read.
    pub metadata: Result<Arc<Metadata>, String>,
    /// The XML that says so.
    pub text: Arc<str>,
    /// When it was registered.
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

/// The ARN of an OIDC provider.
pub fn oidc_arn(uid: Uid, name: &ProviderName) -> String {
    format!("acs:ram::{uid}:oidc-provider/{name}")
}

/// The ARN of a SAML provider.
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

    /// The OIDC provider `name`.
    pub fn oidc_provider(&self, name: &str) -> Option<&OidcProvider> {
        let slot = self.oidc_providers.find(&name.to_ascii_lowercase())?;
        self.oidc_providers.get(slot).map(|provider| &**provider)
    }

    /// The SAML provider `name`.
    pub fn saml_provider(&self, name: &str) -> Option<&SamlProvider> {
        let slot = self.saml_providers.find(&name.to_ascii_lowercase())?;
        self.saml_providers.get(slot).map(|provider| &**provider)
    }
}
