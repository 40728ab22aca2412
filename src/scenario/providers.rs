//! Plants identity providers; the control API registers them the same way.

use crate::federation::issuer;
use crate::federation::jwt::KeySet;
use crate::federation::saml::Metadata;
use crate::scenario::file::{OidcProviderFile, SamlProviderFile};
use crate::scenario::identities::{document, span};
use crate::scenario::misfit::{At, Misfit};
use crate::text::{IssuerUrl, Scalar, Uid};
use crate::world::Tx;
use crate::world::account::providers::{DEFAULT_ISSUANCE_HOURS, oidc_arn, saml_arn};
use crate::world::account::{IssuerSite, OidcProvider, SamlProvider};
use std::sync::Arc;

/// Registers an OIDC provider; returns its ARN.
pub(crate) fn plant_oidc(
    file: &OidcProviderFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<String, Misfit> {
    let issuer = file.issuer.clone().unwrap_or_else(|| issuer::ISSUER.to_owned());
    if IssuerUrl::parse(&issuer).is_err() {
        return Err(at.field("issuer").wrong("an issuer is an https address without `?`, `#` and `@`"));
    }
    let keys = match &file.keys {
        Some(keys) => Some(document(keys)),
        None => (issuer == issuer::ISSUER).then(issuer::jwks),
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
        description: at.read_option("description", file.description.as_ref())?,
        site: IssuerSite { keys, fingerprint: file.certificate.clone(), trusted: file.trusted },
        created: tx.now,
        updated: tx.now,
    };
    let arn = oidc_arn(uid, &provider.name);
    provider.check().map_err(|refusal| at.refused(refusal))?;
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.add_provider(provider, &quotas).map_err(|refusal| at.field("name").refused(refusal))?;
    Ok(arn)
}

/// Registers a SAML provider; returns its ARN.
pub(crate) fn plant_saml(
    file: &SamlProviderFile,
    at: &At,
    uid: Uid,
    tx: &mut Tx<'_>,
) -> Result<String, Misfit> {
    let text = file.metadata.clone().unwrap_or_else(|| issuer::saml_metadata(issuer::ENTITY));
    let metadata = match Metadata::parse(&text) {
        _ if !file.readable => Err("the scenario says that the metadata cannot be read".to_owned()),
        Ok(metadata) => Ok(Arc::new(metadata)),
        Err(why) => {
            let why =
                format!("the metadata cannot be read: {why} (`readable: false` makes every login fail)");
            return Err(at.field("metadata").wrong(why));
        }
    };
    let provider = SamlProvider {
        name: at.read("name", &file.name)?,
        metadata,
        text: text.into(),
        description: at.read_option("description", file.description.as_ref())?,
        sign_algo: file.authn_sign_algo,
        created: tx.now,
        updated: tx.now,
    };
    let arn = saml_arn(uid, &provider.name);
    let (account, quotas) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.add_provider(provider, &quotas).map_err(|refusal| at.field("name").refused(refusal))?;
    Ok(arn)
}
