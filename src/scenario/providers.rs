//! Plants identity providers; the control API registers them the same way.

use crate::federation::issuer;
use crate::federation::jwt::KeySet;
use crate::federation::saml::Metadata;
use crate::scenario::file::{OidcProviderFile, SamlProviderFile};
use crate::scenario::identities::{document, span};
use crate::scenario::misfit::{At, Misfit};
use crate::text::Uid;
use crate::world::Tx;
use crate::world::account::providers::{DEFAULT_ISSUANCE_HOURS, oidc_arn, saml_arn};
use crate::world::account::{IssuerSite, OidcProvider, SamlProvider};
use std::sync::Arc;

/// `iss` of the tokens that the built-in issuer makes.
pub(crate) const BUILT_IN_ISSUER: &str = "https://issuer.alimock.internal";
/// Name of the built-in SAML provider.
pub(crate) const BUILT_IN_ENTITY: &str = "https://issuer.alimock.internal/saml";

/// Registers an OIDC provider; returns its ARN.
pub(crate) fn plant_oidc(
    file: &OidcProviderFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<String, Misfit> {
    let issuer = file.issuer.clone().unwrap_or_else(|| BUILT_IN_ISSUER.to_owned());
    if !issuer.starts_with("https://") || issuer.len() > 255 || issuer.contains(['?', '#', '@']) {
        return Err(at.field("issuer").wrong("an issuer is an https address without `?`, `#` and `@`"));
    }
    let keys = match &file.keys {
        Some(keys) => Some(document(keys)),
        None => (issuer == BUILT_IN_ISSUER).then(issuer::jwks),
    };
    let read = |text: String| KeySet::parse(&text).map_err(|why| at.field("keys").wrong(why));
    let keys = keys.map(read).transpose()?.map(Arc::new);
    let hours = match span(at, "issuanceLimit", file.issuance_limit.as_ref())? {
        None => DEFAULT_ISSUANCE_HOURS,
        Some(limit) => limit.as_hours(),
    };
    if !(1..=168).contains(&hours) {
        return Err(at.field("issuanceLimit").wrong("a token may be between 1h and 168h old"));
    }
    if file.client_ids.is_empty() {
        return Err(at.field("clientIds").wrong("there must be one or more"));
    }
    let provider = OidcProvider {
        name: at.read("name", &file.name)?,
        issuer,
        client_ids: file.client_ids.clone(),
        fingerprints: file.fingerprints.clone(),
        issuance_hours: hours,
        site: IssuerSite { keys, fingerprint: file.certificate.clone(), trusted: file.trusted },
        created: tx.now,
    };
    let arn = oidc_arn(uid, &provider.name);
    let (account, _) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.add_oidc_provider(provider).map_err(|refusal| at.field("name").refused(refusal))?;
    Ok(arn)
}

/// Registers a SAML provider; returns its ARN.
pub(crate) fn plant_saml(
    file: &SamlProviderFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<String, Misfit> {
    let text = file.metadata.clone().unwrap_or_else(|| issuer::saml_metadata(BUILT_IN_ENTITY));
    let metadata = match Metadata::parse(&text) {
        _ if !file.readable => Err("the scenario says that the metadata cannot be read".to_owned()),
        Ok(metadata) => Ok(Arc::new(metadata)),
        Err(why) => {
            let why =
                format!("the metadata cannot be read: {why} (`readable: false` makes every login fail)");
            return Err(at.field("metadata").wrong(why));
        }
    };
    let provider =
        SamlProvider { name: at.read("name", &file.name)?, metadata, text: text.into(), created: tx.now };
    let arn = saml_arn(uid, &provider.name);
    let (account, _) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.add_saml_provider(provider).map_err(|refusal| at.field("name").refused(refusal))?;
    Ok(arn)
}
