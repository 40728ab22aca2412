//! Identity providers for assuming roles. Source: docs/evidence/sts.md sections 4 and 5, docs/evidence/ims.md 4.11.

use crate::federation::issuer;
use crate::federation::jwt::KeySet;
use crate::federation::saml::Metadata;
use crate::text::{Description, Fingerprint, ProviderDescription, ProviderName, Timestamp, Uid, choices};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Register, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;
use std::sync::Arc;

/// Default maximum age of a token in hours. Source: docs/evidence/sts.md section 5.
pub const DEFAULT_ISSUANCE_HOURS: i64 = 12;
/// Maximum number of client ids of a provider. Source: docs/evidence/ims.md 4.11.
const MOST_CLIENT_IDS: usize = 50;
/// Maximum number of fingerprints of a provider. Source: docs/evidence/ims.md 4.11.
const MOST_FINGERPRINTS: usize = 5;

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
    /// Optional remark.
    pub description: Option<ProviderDescription>,
    /// Simulated responses of the issuer.
    pub site: IssuerSite,
    /// Time of registration.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
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

choices! {
    /// Algorithm of signed SAML requests. No operation of alimock sends one. Source: docs/evidence/ims.md 4.10.
    #[derive(Default)]
    SignAlgo {
        /// RSA with SHA-1.
        #[default]
        RsaSha1 = "rsa-sha1",
        /// RSA with SHA-256.
        RsaSha256 = "rsa-sha256",
    }
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
    /// Optional remark.
    pub description: Option<Description>,
    /// Algorithm that Alibaba Cloud signs its requests to the provider with.
    pub sign_algo: SignAlgo,
    /// Time of registration.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
}

/// Returns the ARN of an OIDC provider.
pub fn oidc_arn(uid: Uid, name: &ProviderName) -> String {
    format!("acs:ram::{uid}:oidc-provider/{name}")
}

/// Returns the ARN of a SAML provider.
pub fn saml_arn(uid: Uid, name: &ProviderName) -> String {
    format!("acs:ram::{uid}:saml-provider/{name}")
}

/// A kind of identity provider.
pub trait Provider: Named {
    /// The account has no provider of this name.
    const MISSING: Refusal;
    /// The name is taken.
    const TAKEN: Refusal;
    /// The account has as many as its quota allows.
    const FULL: Refusal;
    /// Returns the providers of an account.
    fn all(account: &Account) -> &Register<Self>;
    /// Returns the providers of an account, to change.
    fn all_mut(account: &mut Account) -> &mut Register<Self>;
    /// Returns its name.
    fn name(&self) -> &ProviderName;
    /// Returns the time of the last change.
    fn updated(&mut self) -> &mut Timestamp;
}

/// Writes what the kinds of providers have in common.
macro_rules! kinds {
    ($($kind:ty: $all:ident, $missing:ident $taken:ident $full:ident;)*) => {$(
        impl Named for $kind {
            fn folded_name(&self) -> CompactString {
                self.name.folded()
            }
        }

        impl Provider for $kind {
            const MISSING: Refusal = Refusal::$missing;
            const TAKEN: Refusal = Refusal::$taken;
            const FULL: Refusal = Refusal::$full;

            fn all(account: &Account) -> &Register<Self> {
                &account.$all
            }

            fn all_mut(account: &mut Account) -> &mut Register<Self> {
                &mut account.$all
            }

            fn name(&self) -> &ProviderName {
                &self.name
            }

            fn updated(&mut self) -> &mut Timestamp {
                &mut self.updated
            }
        }
    )*};
}
kinds! {
    OidcProvider: oidc_providers, NoSuchOidcProvider OidcProviderExists TooManyOidcProviders;
    SamlProvider: saml_providers, NoSuchSamlProvider SamlProviderExists TooManySamlProviders;
}

impl IssuerSite {
    /// Returns the site of the built-in issuer, with its own certificate.
    pub fn built_in() -> Self {
        let keys = KeySet::parse(&issuer::jwks()).expect("the built-in issuer has a good key set");
        Self { keys: Some(Arc::new(keys)), fingerprint: Some(issuer::fingerprint()), trusted: true }
    }

    /// Returns an unreachable site.
    pub fn unreachable() -> Self {
        Self { keys: None, fingerprint: None, trusted: true }
    }
}

impl OidcProvider {
    /// Checks the numbers of client ids and fingerprints.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.client_ids.len() > MOST_CLIENT_IDS {
            return Err(Refusal::TooManyClientIds);
        }
        if self.fingerprints.len() > MOST_FINGERPRINTS { Err(Refusal::TooManyFingerprints) } else { Ok(()) }
    }

    /// Adds a client id.
    pub fn add_client_id(&mut self, id: String) -> Result<(), Refusal> {
        if self.client_ids.contains(&id) {
            return Err(Refusal::ClientIdExists);
        }
        self.client_ids.push(id);
        self.check()
    }

    /// Removes a client id. A provider may have none.
    pub fn remove_client_id(&mut self, id: &str) -> Result<(), Refusal> {
        let place = self.client_ids.iter().position(|one| one == id).ok_or(Refusal::NoSuchClientId)?;
        self.client_ids.remove(place);
        Ok(())
    }

    fn place_of(&self, fingerprint: &Fingerprint) -> Option<usize> {
        self.fingerprints.iter().position(|one| one.eq_ignore_ascii_case(fingerprint.as_str()))
    }

    /// Adds a fingerprint.
    pub fn add_fingerprint(&mut self, fingerprint: &Fingerprint) -> Result<(), Refusal> {
        if self.place_of(fingerprint).is_some() {
            return Err(Refusal::FingerprintExists);
        }
        self.fingerprints.push(fingerprint.to_string());
        self.check()
    }

    /// Removes a fingerprint; the last one stays. Source: docs/evidence/ims.md 4.11.
    pub fn remove_fingerprint(&mut self, fingerprint: &Fingerprint) -> Result<(), Refusal> {
        let place = self.place_of(fingerprint).ok_or(Refusal::NoSuchFingerprint)?;
        if self.fingerprints.len() == 1 {
            return Err(Refusal::LastFingerprint);
        }
        self.fingerprints.remove(place);
        Ok(())
    }
}

impl Account {
    /// Returns the provider that is called `name`, ignoring case.
    pub fn provider_named<P: Provider>(&self, name: &str) -> Option<&P> {
        let all = P::all(self);
        all.get(all.find(&name.to_ascii_lowercase())?).map(|provider| &**provider)
    }

    /// Returns the provider `name`.
    pub fn provider<P: Provider>(&self, name: &ProviderName) -> Result<&P, Refusal> {
        self.provider_named(name.as_str()).ok_or(P::MISSING)
    }

    /// Registers a provider.
    pub fn add_provider<P: Provider>(&mut self, provider: P, quotas: &Quotas) -> Result<Slot, Refusal> {
        let all = P::all_mut(self);
        if all.len() >= quotas.identity_providers && all.find(&provider.folded_name()).is_none() {
            return Err(P::FULL);
        }
        all.add(provider).map_err(|_| P::TAKEN)
    }

    /// Registers an OIDC provider whose issuer no other provider of the account has. Scenarios may register several with one
    /// issuer. Source: docs/evidence/ims.md 4.11.
    pub fn add_oidc_provider(&mut self, provider: OidcProvider, quotas: &Quotas) -> Result<Slot, Refusal> {
        provider.check()?;
        let is_taken = self.oidc_providers.iter().any(|(_, one)| one.issuer == provider.issuer);
        if is_taken && self.provider_named::<OidcProvider>(provider.name.as_str()).is_none() {
            return Err(Refusal::IssuerExists);
        }
        self.add_provider(provider, quotas)
    }

    /// Changes a provider.
    pub fn change_provider<P: Provider, E: From<Refusal>>(
        &mut self,
        name: &ProviderName,
        now: Timestamp,
        change: impl FnOnce(&mut P) -> Result<(), E>,
    ) -> Result<&P, E> {
        let all = P::all_mut(self);
        let slot = all.find(&name.folded()).ok_or(P::MISSING)?;
        let provider = all.get_mut(slot).ok_or(P::MISSING)?;
        change(provider)?;
        *provider.updated() = now;
        Ok(provider)
    }

    /// Deletes a provider. Issued sessions stay valid until they expire.
    pub fn remove_provider<P: Provider>(&mut self, name: &ProviderName) -> Result<(), Refusal> {
        let all = P::all_mut(self);
        let slot = all.find(&name.folded()).ok_or(P::MISSING)?;
        all.remove(slot);
        Ok(())
    }
}
