//! OIDC providers. Source: docs/evidence/ims.md 4.11.

use crate::attributes::{apply, reply};
use crate::error::Result;
use crate::params::request;
use crate::services::ims::providers::Shown;
use crate::services::shared::reply::{One, elements};
use crate::text::{
    Bounded, ClientId, Fingerprint, IssuerUrl, Patch, ProviderDescription, ProviderName, Separated,
    Timestamp, Uid,
};
use crate::world::account::OidcProvider;
use crate::world::account::providers::{DEFAULT_ISSUANCE_HOURS, oidc_arn};
use crate::world::{Refusal, Tx};

request! {
    /// Parameters of `CreateOIDCProvider`.
    pub(super) struct CreateOidcProvider {
        name: ProviderName = "OIDCProviderName",
        issuer: IssuerUrl = "IssuerUrl",
        description: Option<ProviderDescription> = "Description",
        client_ids: Option<ClientIds> = "ClientIds",
        fingerprints: Option<Separated<',', Fingerprint>> = "Fingerprints",
        issuance_hours: Option<IssuanceHours> = "IssuanceLimitTime",
    }

    /// Parameters of `UpdateOIDCProvider`.
    pub(super) struct UpdateOidcProvider {
        name: ProviderName = "OIDCProviderName",
        client_ids: Patch<ClientIds> = "ClientIds",
        issuance_hours: Option<IssuanceHours> = "IssuanceLimitTime",
        new_description: Patch<ProviderDescription> = "NewDescription",
    }

    /// Parameters of `AddClientIdToOIDCProvider` and `RemoveClientIdFromOIDCProvider`.
    pub(super) struct OneClientId {
        name: ProviderName = "OIDCProviderName",
        client_id: ClientId = "ClientId",
    }

    /// Parameters of `AddFingerprintToOIDCProvider` and `RemoveFingerprintFromOIDCProvider`.
    pub(super) struct OneFingerprint {
        name: ProviderName = "OIDCProviderName",
        fingerprint: Fingerprint = "Fingerprint",
    }
}

/// Client ids, separated by commas.
type ClientIds = Separated<',', ClientId>;
/// Maximum age of a token in hours.
type IssuanceHours = Bounded<1, 168>;

/// An OIDC provider.
#[apply(reply)]
pub(super) struct OidcView {
    #[serde(rename = "OIDCProviderName")]
    name: ProviderName,
    arn: String,
    description: String,
    issuer_url: String,
    client_ids: String,
    fingerprints: String,
    issuance_limit_time: i64,
    create_date: Timestamp,
    update_date: Timestamp,
    gmt_create: String,
    gmt_modified: String,
}

elements! { OidcView: "OIDCProvider" "OIDCProviders"; }

/// Milliseconds since the epoch as a text, of whole seconds as in the samples. Source: docs/evidence/ims.md 4.11.
pub(super) fn epoch_millis(at: Timestamp) -> String {
    (at.as_millis().div_euclid(1000) * 1000).to_string()
}

impl Shown for OidcProvider {
    const NAME: &'static str = "OIDCProviderName";
    type View = OidcView;

    fn whole(&self, uid: Uid) -> OidcView {
        OidcView {
            name: self.name.clone(),
            arn: oidc_arn(uid, &self.name),
            description: self.description.as_ref().map_or("", ProviderDescription::as_str).to_owned(),
            issuer_url: self.issuer.clone(),
            client_ids: self.client_ids.join(","),
            fingerprints: self.fingerprints.join(","),
            issuance_limit_time: self.issuance_hours,
            create_date: self.created,
            update_date: self.updated,
            gmt_create: epoch_millis(self.created),
            gmt_modified: epoch_millis(self.updated),
        }
    }

    fn listed(&self, uid: Uid) -> OidcView {
        self.whole(uid)
    }
}

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(T::to_string).collect()
}

/// `CreateOIDCProvider`: registers an issuer whose tokens can assume roles. Its keys are those of [`State::issuer_site`](crate::world::State::issuer_site). Client
/// ids and fingerprints may be missing, as in the page of 2024.
///
/// Fails with `EntityAlreadyExists.OIDCProvider`, `EntityAlreadyExists.OIDCProvider.Url`, and `LimitExceeded.OIDCProvider`,
/// `LimitExceeded.OIDCProvider.ClientId` and `LimitExceeded.OIDCProvider.Fingerprint` (UNCERTAIN).
pub(super) fn create(tx: &mut Tx<'_>, req: CreateOidcProvider) -> Result<One<OidcView>> {
    let now = tx.now;
    let provider = OidcProvider {
        name: req.name,
        client_ids: texts(&req.client_ids.map(|list| list.0).unwrap_or_default()),
        fingerprints: texts(&req.fingerprints.map(|list| list.0).unwrap_or_default()),
        issuance_hours: req.issuance_hours.map_or(DEFAULT_ISSUANCE_HOURS, |hours| hours.0),
        description: req.description,
        site: tx.state().issuer_site(req.issuer.as_str()),
        issuer: req.issuer.to_string(),
        created: now,
        updated: now,
    };
    let (account, quotas) = tx.account_mut()?;
    let view = provider.whole(account.uid);
    account.add_oidc_provider(provider, &quotas)?;
    Ok(One(view))
}

fn change(
    tx: &mut Tx<'_>,
    name: &ProviderName,
    change: impl FnOnce(&mut OidcProvider) -> Result<(), Refusal>,
) -> Result<One<OidcView>> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let uid = account.uid;
    Ok(One(account.change_provider(name, now, change)?.whole(uid)))
}

/// `UpdateOIDCProvider`: replaces the client ids, or changes the age limit of tokens or the description. Missing parameters
/// keep their values.
///
/// Fails with `EntityNotExist.OIDCProvider` and `LimitExceeded.OIDCProvider.ClientId` (UNCERTAIN).
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateOidcProvider) -> Result<One<OidcView>> {
    change(tx, &req.name, |provider| {
        match req.client_ids {
            Patch::Keep => {}
            Patch::Clear => provider.client_ids.clear(),
            Patch::Set(list) => provider.client_ids = texts(&list.0),
        }
        provider.issuance_hours = req.issuance_hours.map_or(provider.issuance_hours, |hours| hours.0);
        req.new_description.apply(&mut provider.description);
        provider.check()
    })
}

/// `AddClientIdToOIDCProvider`: accepts one more audience.
///
/// Fails with `EntityNotExist.OIDCProvider`, and `EntityAlreadyExists.OIDCProvider.ClientId` and
/// `LimitExceeded.OIDCProvider.ClientId` (UNCERTAIN).
pub(super) fn add_client_id(tx: &mut Tx<'_>, req: OneClientId) -> Result<One<OidcView>> {
    change(tx, &req.name, |provider| provider.add_client_id(req.client_id.to_string()))
}

/// `RemoveClientIdFromOIDCProvider`: accepts an audience no more.
///
/// Fails with `EntityNotExist.OIDCProvider` and `EntityNotExist.OIDCProvider.ClientId` (UNCERTAIN).
pub(super) fn remove_client_id(tx: &mut Tx<'_>, req: OneClientId) -> Result<One<OidcView>> {
    change(tx, &req.name, |provider| provider.remove_client_id(req.client_id.as_str()))
}

/// `AddFingerprintToOIDCProvider`: accepts one more certificate of the issuer.
///
/// Fails with `EntityNotExist.OIDCProvider`, and `EntityAlreadyExists.OIDCProvider.Fingerprint` and
/// `LimitExceeded.OIDCProvider.Fingerprint` (UNCERTAIN).
pub(super) fn add_fingerprint(tx: &mut Tx<'_>, req: OneFingerprint) -> Result<One<OidcView>> {
    change(tx, &req.name, |provider| provider.add_fingerprint(&req.fingerprint))
}

/// `RemoveFingerprintFromOIDCProvider`: accepts a certificate no more.
///
/// Fails with `EntityNotExist.OIDCProvider`, and `EntityNotExist.OIDCProvider.Fingerprint` and, for the last one,
/// `DeleteConflict.OIDCProvider.Fingerprint` (UNCERTAIN).
pub(super) fn remove_fingerprint(tx: &mut Tx<'_>, req: OneFingerprint) -> Result<One<OidcView>> {
    change(tx, &req.name, |provider| provider.remove_fingerprint(&req.fingerprint))
}
