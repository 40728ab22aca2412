//! SAML providers, and single sign-on of RAM users by SAML. Source: docs/evidence/ims.md 4.10.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::federation::saml::Metadata;
use crate::params::request;
use crate::services::ims::providers::Shown;
use crate::services::shared::reply::{One, Only, elements};
use crate::text::{Description, Flaw, Patch, ProviderName, Scalar, Timestamp, Uid};
use crate::world::account::providers::saml_arn;
use crate::world::account::{SamlProvider, SignAlgo, UserSso};
use crate::world::{Refusal, Tx, View};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::Arc;

/// Maximum number of certificates in metadata. Source: docs/evidence/ims.md 4.10.
const MOST_CERTIFICATES: usize = 2;

request! {
    /// Parameters of `CreateSAMLProvider`.
    pub(super) struct CreateSamlProvider {
        name: ProviderName = "SAMLProviderName",
        description: Option<Description> = "Description",
        document: MetadataDocument = "EncodedSAMLMetadataDocument",
        sign_algo: Option<SignAlgo> = "AuthnSignAlgo",
    }

    /// Parameters of `UpdateSAMLProvider`.
    pub(super) struct UpdateSamlProvider {
        name: ProviderName = "SAMLProviderName",
        new_description: Patch<Description> = "NewDescription",
        new_document: Option<MetadataDocument> = "NewEncodedSAMLMetadataDocument",
        sign_algo: Option<SignAlgo> = "AuthnSignAlgo",
    }

    /// Parameters of `SetUserSsoSettings`.
    pub(super) struct SetUserSso {
        document: Patch<MetadataDocument> = "MetadataDocument",
        enabled: Option<bool> = "SsoEnabled",
        auxiliary_domain: Patch<Domain> = "AuxiliaryDomain",
        login_with_domain: Option<bool> = "SsoLoginWithDomain",
        sign_algo: Option<SignAlgo> = "AuthnSignAlgo",
    }

    /// Parameters of an action without parameters.
    pub(super) struct Nothing {}
}

/// Metadata in base64. UNCERTAIN: the flaw of metadata that cannot be read.
pub(super) struct MetadataDocument {
    metadata: Metadata,
    text: String,
}

impl Scalar for MetadataDocument {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let packed: String = text.split_ascii_whitespace().collect();
        let text = STANDARD.decode(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or(Flaw::Format)?;
        let metadata = Metadata::parse(&text).map_err(|_| Flaw::Format)?;
        if metadata.certificates() > MOST_CERTIFICATES {
            Err(Flaw::Format)
        } else {
            Ok(Self { metadata, text })
        }
    }
}

/// A domain of up to 255 characters. UNCERTAIN: its form.
pub(super) struct Domain(String);

impl Scalar for Domain {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        match text.len() {
            1..=255 if text.bytes().all(good) => Ok(Self(text.to_ascii_lowercase())),
            1..=255 => Err(Flaw::Format),
            _ => Err(Flaw::Length),
        }
    }
}

/// A SAML provider. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct SamlView {
    #[serde(rename = "SAMLProviderName")]
    name: ProviderName,
    arn: String,
    description: String,
    #[serde(rename = "EncodedSAMLMetadataDocument")]
    document: Option<String>,
    authn_sign_algo: Option<SignAlgo>,
    create_date: Timestamp,
    update_date: Timestamp,
}

elements! { SamlView: "SAMLProvider" "SAMLProviders"; }

impl Shown for SamlProvider {
    const NAME: &'static str = "SAMLProviderName";
    type View = SamlView;

    fn whole(&self, uid: Uid) -> SamlView {
        SamlView { document: Some(STANDARD.encode(&*self.text)), ..changed(self, uid) }
    }

    fn listed(&self, uid: Uid) -> SamlView {
        SamlView { authn_sign_algo: None, ..changed(self, uid) }
    }
}

/// A provider after a change.
fn changed(provider: &SamlProvider, uid: Uid) -> SamlView {
    SamlView {
        name: provider.name.clone(),
        arn: saml_arn(uid, &provider.name),
        description: provider.description.as_ref().map_or("", Description::as_str).to_owned(),
        document: None,
        authn_sign_algo: Some(provider.sign_algo),
        create_date: provider.created,
        update_date: provider.updated,
    }
}

/// `CreateSAMLProvider`: registers an identity provider whose responses can assume roles.
///
/// Fails with `InvalidParameter.EncodedSAMLMetadataDocument.Format`, `EntityAlreadyExists.SAMLProvider` and
/// `LimitExceeded.SAMLProvider` (UNCERTAIN).
pub(super) fn create(tx: &mut Tx<'_>, req: CreateSamlProvider) -> Result<One<SamlView>> {
    let now = tx.now;
    let provider = SamlProvider {
        name: req.name,
        metadata: Ok(Arc::new(req.document.metadata)),
        text: req.document.text.into(),
        description: req.description,
        sign_algo: req.sign_algo.unwrap_or_default(),
        created: now,
        updated: now,
    };
    let (account, quotas) = tx.account_mut()?;
    let view = changed(&provider, account.uid);
    account.add_provider(provider, &quotas)?;
    Ok(One(view))
}

/// `UpdateSAMLProvider`: changes description, metadata or algorithm. Missing parameters keep their values, but one must be
/// there. UNCERTAIN: the error without any.
///
/// Fails with `EntityNotExist.SAMLProvider`, `InvalidParameter.NewEncodedSAMLMetadataDocument.Format` and
/// `MissingNewDescription` (UNCERTAIN).
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateSamlProvider) -> Result<One<SamlView>, Failure> {
    if req.new_description == Patch::Keep && req.new_document.is_none() && req.sign_algo.is_none() {
        return Err(Flawed::missing("NewDescription").into());
    }
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let uid = account.uid;
    let provider = account.change_provider(&req.name, now, |provider: &mut SamlProvider| {
        req.new_description.apply(&mut provider.description);
        provider.sign_algo = req.sign_algo.unwrap_or(provider.sign_algo);
        if let Some(document) = req.new_document {
            provider.metadata = Ok(Arc::new(document.metadata));
            provider.text = document.text.into();
        }
        Ok::<_, Refusal>(())
    })?;
    Ok(One(changed(provider, uid)))
}

/// Response of `SetUserSsoSettings` and `GetUserSsoSettings`.
#[apply(reply)]
pub(super) struct UserSsoView {
    metadata_document: String,
    sso_enabled: bool,
    sso_login_with_domain: bool,
    auxiliary_domain: Option<String>,
    authn_sign_algo: SignAlgo,
}

impl From<&UserSso> for UserSsoView {
    fn from(sso: &UserSso) -> Self {
        Self {
            metadata_document: sso.metadata.as_ref().map(|text| STANDARD.encode(&**text)).unwrap_or_default(),
            sso_enabled: sso.enabled,
            sso_login_with_domain: sso.login_with_domain,
            auxiliary_domain: sso.auxiliary_domain.as_ref().map(ToString::to_string),
            authn_sign_algo: sso.sign_algo,
        }
    }
}

/// `SetUserSsoSettings`: sets how RAM users sign on. A missing switch or algorithm gets its documented default; missing
/// metadata and a missing domain stay (UNCERTAIN).
///
/// Fails with `InvalidParameter.MetadataDocument.Format` and `InvalidParameter.AuxiliaryDomain.*` (UNCERTAIN).
pub(super) fn set_user_sso(tx: &mut Tx<'_>, req: SetUserSso) -> Result<Only<UserSsoView>> {
    let (account, _) = tx.account_mut()?;
    let sso = &mut account.sign_on_mut().user_sso;
    let UserSso { mut metadata, mut auxiliary_domain, .. } = sso.clone();
    match req.document {
        Patch::Keep => {}
        Patch::Clear => metadata = None,
        Patch::Set(document) => metadata = Some(document.text.into()),
    }
    match req.auxiliary_domain {
        Patch::Keep => {}
        Patch::Clear => auxiliary_domain = None,
        Patch::Set(domain) => auxiliary_domain = Some(domain.0.into()),
    }
    let UserSso { enabled, login_with_domain, sign_algo, .. } = UserSso::default();
    *sso = UserSso {
        enabled: req.enabled.unwrap_or(enabled),
        metadata,
        login_with_domain: req.login_with_domain.unwrap_or(login_with_domain),
        auxiliary_domain,
        sign_algo: req.sign_algo.unwrap_or(sign_algo),
    };
    Ok(Only("UserSsoSettings", (&*sso).into()))
}

/// `GetUserSsoSettings`: returns how RAM users sign on; of an account that never set it, the defaults.
pub(super) fn user_sso(view: View<'_>, _: Nothing) -> Result<Only<UserSsoView>> {
    Ok(Only("UserSsoSettings", (&view.account()?.sign_on.user_sso).into()))
}
