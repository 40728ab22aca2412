//! Installed OAuth applications, those of the account and those of other accounts. Source: docs/evidence/ims.md 4.12.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Result};
use crate::operation::Done;
use crate::params::request;
use crate::services::ims::applications::{
    AppRef, Delegated, Nothing, OneApp, Semicolons, names, wrong_scope,
};
use crate::services::ims::oidc_providers::epoch_millis;
use crate::services::shared::reply::{All, One, Page, elements, page};
use crate::services::shared::words::words;
use crate::text::{AppDisplayName, AppName, Uid};
use crate::world::account::{Account, AppKind, Installed, OAuthApp};
use crate::world::{Refusal, State, Tx, View};

words! {
    /// `SourceType`: `true` for applications of other accounts.
    Source: bool { "inner" => false, "external" => true }
}

request! {
    /// Parameters of `ProvisionApplication` and `ProvisionExternalApplication`.
    pub(super) struct Provision {
        app: AppRef = "AppId",
        scopes: Option<Semicolons> = "Scopes",
    }

    /// Parameters of `ListApplicationProvisionInfos`.
    pub(super) struct ListInstalled {
        source: Option<Source> = "SourceType",
    }
}

/// An installed application. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct InstalledView {
    app_id: String,
    app_name: AppName,
    display_name: AppDisplayName,
    account_id: String,
    app_principal_name: Option<String>,
    tenant_id: Option<String>,
    app_category: Option<&'static str>,
    assignment_type: Option<&'static str>,
    need_principal_consent: Option<bool>,
    delegated_scope: Delegated,
    create_date: String,
    update_date: String,
}

/// An installed application of another account.
#[apply(reply)]
pub(super) struct ExternalView {
    foreign_app_id: String,
    display_name: AppDisplayName,
    app_principal_name: String,
    tenant_id: String,
    delegated_scope: Delegated,
    create_date: String,
    update_date: String,
}

elements! {
    InstalledView: "ApplicationProvisionInfo" "ApplicationProvisionInfos";
    ExternalView: "ExternalApplication" "ExternalApplications";
}

/// An installation with its application.
struct Found<'a> {
    account: &'a Account,
    app: &'a OAuthApp,
    installed: &'a Installed,
}

impl<'a> Found<'a> {
    /// Returns all installations of the account, oldest first, without those of deleted applications.
    fn all(account: &'a Account, state: &'a State) -> impl Iterator<Item = Self> {
        let found = move |installed: &'a Installed| {
            Some(Self { account, app: state.oauth_app(installed.app).ok()?, installed })
        };
        account.sign_on.installed.iter().filter_map(found)
    }

    /// Returns the installation of an application.
    fn one(account: &'a Account, state: &'a State, app: &AppRef) -> Result<Self, Refusal> {
        let installed = account.sign_on.installation(app.id()?)?;
        Ok(Self { account, app: state.oauth_app(installed.app)?, installed })
    }

    fn is_external(&self) -> bool {
        self.app.owner != self.account.uid
    }

    /// Returns it, if it is of another account.
    fn external(self) -> Result<Self, Refusal> {
        if self.is_external() { Ok(self) } else { Err(Refusal::NoSuchOAuthApp) }
    }

    /// UNCERTAIN: the account in the name; in the samples it is not the tenant.
    fn principal(&self) -> String {
        format!("{}@app.{}.onaliyun.com", self.app.name, self.app.owner)
    }

    fn scopes(&self) -> Delegated {
        Delegated::of(self.installed.scopes, self.account.profile.site, false)
    }

    fn plain(&self) -> InstalledView {
        InstalledView {
            app_id: self.app.id.to_string(),
            app_name: self.app.name.clone(),
            display_name: self.app.display_name.clone(),
            account_id: self.app.owner.to_string(),
            app_principal_name: None,
            tenant_id: None,
            app_category: None,
            assignment_type: None,
            need_principal_consent: None,
            delegated_scope: self.scopes(),
            create_date: epoch_millis(self.installed.created),
            update_date: epoch_millis(self.installed.updated),
        }
    }

    /// In the form of `GetApplicationProvisionInfo`. UNCERTAIN: the values; alimock has no applications of Alibaba Cloud,
    /// nobody can assign an application to some users, and users of the account need no consent.
    fn described(&self) -> InstalledView {
        InstalledView {
            app_category: Some("ThirdParty"),
            assignment_type: Some("AllowAll"),
            need_principal_consent: Some(self.is_external()),
            ..self.plain()
        }
    }
}

/// In the form of `ProvisionApplication`.
fn provisioned(found: &Found<'_>) -> InstalledView {
    let tenant_id = Some(found.account.uid.to_string());
    InstalledView { app_principal_name: Some(found.principal()), tenant_id, ..found.plain() }
}

/// In the form of the actions about applications of other accounts. UNCERTAIN: `TenantId`; here the account that installed it,
/// as the pages of `Get` and `List` say, against that of `Provision`.
fn foreign(found: &Found<'_>) -> ExternalView {
    ExternalView {
        foreign_app_id: found.app.id.to_string(),
        display_name: found.app.display_name.clone(),
        app_principal_name: found.principal(),
        tenant_id: found.account.uid.to_string(),
        delegated_scope: found.scopes(),
        create_date: epoch_millis(found.installed.created),
        update_date: epoch_millis(found.installed.updated),
    }
}

/// Installs an application that the account may install, and returns the form of the answer. An installed one gets the new
/// scopes: the pages call the actions updates. UNCERTAIN: the scopes without `Scopes`; here the required ones.
fn install<V>(
    tx: &mut Tx<'_>,
    req: &Provision,
    may: fn(&OAuthApp, Uid) -> bool,
    view: fn(&Found<'_>) -> V,
) -> Result<One<V>, Failure> {
    let (uid, now) = (tx.account()?.uid, tx.now);
    let app = tx.state().oauth_app(req.app.id()?)?;
    if !may(app, uid) {
        return Err(Refusal::NoSuchOAuthApp.into());
    }
    let scopes = match &req.scopes {
        None => app.scopes.required_only(),
        Some(list) => app.scopes.with(names(&list.0), app.scopes).ok_or(wrong_scope("Scopes"))?,
    };
    let (account, _) = tx.account_mut()?;
    account.sign_on_mut().install(req.app.id()?, scopes, now);
    Ok(One(view(&Found::one(tx.account()?, tx.state(), &req.app)?)))
}

/// `ProvisionApplication`: installs an application of the account.
///
/// Fails with `EntityNotExist.Application` and `InvalidParameter.Scopes` (UNCERTAIN).
pub(super) fn provision(tx: &mut Tx<'_>, req: Provision) -> Result<One<InstalledView>, Failure> {
    install(tx, &req, |app, uid| app.owner == uid, provisioned)
}

/// `ProvisionExternalApplication`: installs an application of another account of the world, if that lets others install it.
///
/// Fails with `EntityNotExist.Application` and `InvalidParameter.Scopes` (UNCERTAIN).
pub(super) fn provision_external(tx: &mut Tx<'_>, req: Provision) -> Result<One<ExternalView>, Failure> {
    install(tx, &req, |app, uid| app.owner != uid && app.multi_tenant, foreign)
}

/// `DeprovisionApplication`: uninstalls an application; one of the account only if it is a `ServerApp`.
///
/// Fails with `EntityNotExist.Application` and `NotSupport.Application` (UNCERTAIN).
pub(super) fn deprovision(tx: &mut Tx<'_>, req: OneApp) -> Result<Done> {
    let found = Found::one(tx.account()?, tx.state(), &req.app)?;
    if !found.is_external() && found.app.kind != AppKind::ServerApp {
        return Err(Refusal::OAuthAppStays.into());
    }
    uninstall(tx, &req.app)
}

/// `DeprovisionExternalApplication`: uninstalls an application of another account.
///
/// Fails with `EntityNotExist.Application` (UNCERTAIN).
pub(super) fn deprovision_external(tx: &mut Tx<'_>, req: OneApp) -> Result<Done> {
    Found::one(tx.account()?, tx.state(), &req.app)?.external()?;
    uninstall(tx, &req.app)
}

fn uninstall(tx: &mut Tx<'_>, app: &AppRef) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    account.sign_on_mut().uninstall(app.id()?)?;
    Ok(Done {})
}

/// `GetApplicationProvisionInfo`: returns an installed application, of any account.
///
/// Fails with `EntityNotExist.Application` (UNCERTAIN).
pub(super) fn get(view: View<'_>, req: OneApp) -> Result<One<InstalledView>> {
    Ok(One(Found::one(view.account()?, view.state, &req.app)?.described()))
}

/// `ListApplicationProvisionInfos`: returns all installed applications, or those of the account or of others. No pages.
pub(super) fn list(view: View<'_>, req: ListInstalled) -> Result<All<InstalledView>> {
    let all = Found::all(view.account()?, view.state);
    let wanted = all.filter(|found| req.source.as_ref().is_none_or(|source| source.0 == found.is_external()));
    Ok(wanted.map(|found| found.described()).collect())
}

/// `GetExternalApplication`: returns an installed application of another account.
///
/// Fails with `EntityNotExist.Application` (UNCERTAIN).
pub(super) fn get_external(view: View<'_>, req: OneApp) -> Result<One<ExternalView>> {
    Ok(One(foreign(&Found::one(view.account()?, view.state, &req.app)?.external()?)))
}

/// `ListExternalApplications`: returns all installed applications of other accounts, in one page.
pub(super) fn list_external(view: View<'_>, _: Nothing) -> Result<Page<ExternalView>> {
    let all = Found::all(view.account()?, view.state).filter(Found::is_external);
    Ok(page(all.map(|found| (0, found)), Some(i64::MAX), |found| foreign(&found)))
}
