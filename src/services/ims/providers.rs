//! Operations that OIDC and SAML providers have in common. STS uses the same providers.

use crate::error::Result;
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::reply::{Element, Marker, One, Page, page};
use crate::text::{Bounded, Flaw, ProviderName, Scalar, Uid};
use crate::world::account::Provider;
use crate::world::register::Slot;
use crate::world::{Tx, View};
use std::marker::PhantomData;

/// A kind of provider as IMS shows it.
pub(super) trait Shown: Provider + 'static {
    /// Parameter that names a provider.
    const NAME: &'static str;
    /// A provider in a response.
    type View: Element;
    /// A provider with all fields.
    fn whole(&self, uid: Uid) -> Self::View;
    /// A provider in a list.
    fn listed(&self, uid: Uid) -> Self::View;
}

/// Name of a provider of one kind.
pub(super) struct NameOf<P>(pub(super) ProviderName, PhantomData<P>);

impl<P> Scalar for NameOf<P> {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(ProviderName::parse(text)?, PhantomData))
    }
}

request! {
    /// Parameters of `GetOIDCProvider`, `DeleteOIDCProvider`, `GetSAMLProvider` and `DeleteSAMLProvider`.
    pub(super) struct OneProvider<P: Shown> {
        name: NameOf<P> = P::NAME,
    }

    /// Parameters of `ListOIDCProviders` and `ListSAMLProviders`.
    pub(super) struct Listing {
        marker: Option<Marker> = "Marker",
        max_items: Option<Bounded<1, 100>> = "MaxItems",
    }
}

/// `GetOIDCProvider`, `GetSAMLProvider`: return a provider.
///
/// Fail with `EntityNotExist.OIDCProvider` or `EntityNotExist.SAMLProvider`. Source: docs/evidence/ims.md 4.10 and 4.11.
pub(super) fn get<P: Shown>(view: View<'_>, req: OneProvider<P>) -> Result<One<P::View>> {
    let account = view.account()?;
    Ok(One(account.provider::<P>(&req.name.0)?.whole(account.uid)))
}

/// `DeleteOIDCProvider`, `DeleteSAMLProvider`: delete a provider. UNCERTAIN: a provider that a role trusts can be deleted.
///
/// Fail with `EntityNotExist.OIDCProvider` or `EntityNotExist.SAMLProvider`. Source: docs/evidence/ims.md 4.10 and 4.11.
pub(super) fn delete<P: Shown>(tx: &mut Tx<'_>, req: OneProvider<P>) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    account.remove_provider::<P>(&req.name.0)?;
    Ok(Done {})
}

/// `ListOIDCProviders`, `ListSAMLProviders`: return a page of providers, oldest first.
///
/// Fail with `InvalidParameter.Marker` and `InvalidParameter.MaxItems.Range`. Source: docs/evidence/ims.md 4.10 and 4.11.
pub(super) fn list<P: Shown>(view: View<'_>, req: Listing) -> Result<Page<P::View>> {
    let account = view.account()?;
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let all = P::all(account).iter_from(from).map(|(slot, provider)| (slot.0, provider));
    Ok(page(all, req.max_items.map(|max| max.0), |provider| provider.listed(account.uid)))
}
