//! OAuth applications and their secrets. Source: docs/evidence/ims.md 4.12.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Flawed, Result};
use crate::operation::Done;
use crate::params::request;
use crate::services::shared::reply::{All, Listed, One, elements};
use crate::text::{AppDisplayName, AppName, Bounded, Flaw, Patch, Scalar, Separated, Site, Timestamp};
use crate::world::account::{AppKind, AppSecret, NewOAuthApp, OAuthApp, OAuthScopes, Protocol, Scope};
use crate::world::{Refusal, Tx, View};

/// Items that semicolons separate.
pub(super) type Semicolons = Separated<';', String>;
/// Validity of access tokens in seconds.
type AccessSeconds = Bounded<900, 10_800>;
/// Validity of refresh tokens in seconds.
type RefreshSeconds = Bounded<7200, 31_536_000>;

request! {
    /// Parameters of `CreateApplication`. The page requires `AppName`, the SDK does not.
    pub(super) struct CreateApplication {
        name: AppName = "AppName",
        display_name: AppDisplayName = "DisplayName",
        kind: AppKind = "AppType",
        access_seconds: Option<AccessSeconds> = "AccessTokenValidity",
        refresh_seconds: Option<RefreshSeconds> = "RefreshTokenValidity",
        multi_tenant: Option<bool> = "IsMultiTenant",
        scopes: Option<Semicolons> = "PredefinedScopes",
        protocol: Option<Protocol> = "ProtocolVersion",
        redirect_uris: Option<RedirectUris> = "RedirectUris",
        required_scopes: Option<Semicolons> = "RequiredScopes",
        secret_required: Option<bool> = "SecretRequired",
    }

    /// Parameters of `UpdateApplication`.
    pub(super) struct UpdateApplication {
        app: AppRef = "AppId",
        new_access_seconds: Option<AccessSeconds> = "NewAccessTokenValidity",
        new_display_name: Option<AppDisplayName> = "NewDisplayName",
        new_multi_tenant: Option<bool> = "NewIsMultiTenant",
        new_scopes: Patch<Semicolons> = "NewPredefinedScopes",
        new_redirect_uris: Patch<RedirectUris> = "NewRedirectUris",
        new_refresh_seconds: Option<RefreshSeconds> = "NewRefreshTokenValidity",
        new_required_scopes: Patch<Semicolons> = "NewRequiredScopes",
        new_secret_required: Option<bool> = "NewSecretRequired",
    }

    /// Parameters of actions on one application.
    pub(super) struct OneApp {
        pub(super) app: AppRef = "AppId",
    }

    /// Parameters of `GetAppSecret` and `DeleteAppSecret`.
    pub(super) struct OneSecret {
        app: AppRef = "AppId",
        secret: String = "AppSecretId",
    }

    /// Parameters of `ListPredefinedScopes`.
    pub(super) struct OfKind {
        kind: Option<AppKind> = "AppType",
    }

    /// Parameters of an action without parameters.
    pub(super) struct Nothing {}
}

/// An application in a call. A malformed id is treated as unknown; no other code is documented.
pub(super) struct AppRef(Option<u64>);

impl Scalar for AppRef {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self(text.parse().ok()))
    }
}

impl AppRef {
    /// The id.
    pub(super) fn id(&self) -> Result<u64, Refusal> {
        self.0.ok_or(Refusal::NoSuchOAuthApp)
    }
}

/// Addresses, separated by semicolons. UNCERTAIN: their form; here without blanks and control characters.
pub(super) struct RedirectUris(Vec<String>);

impl Scalar for RedirectUris {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let list = Semicolons::parse(text)?.0;
        let good = |uri: &String| !uri.contains(|c: char| c.is_whitespace() || c.is_control());
        if list.iter().all(good) { Ok(Self(list)) } else { Err(Flaw::Format) }
    }
}

/// An application.
#[apply(reply)]
pub(super) struct AppView {
    app_id: String,
    app_name: AppName,
    display_name: AppDisplayName,
    app_type: AppKind,
    account_id: String,
    protocol_version: Protocol,
    is_multi_tenant: bool,
    secret_required: bool,
    access_token_validity: i64,
    refresh_token_validity: i64,
    redirect_uris: Redirects,
    delegated_scope: Delegated,
    create_date: Timestamp,
    update_date: Timestamp,
}

#[apply(reply)]
struct Redirects {
    redirect_uri: Vec<String>,
}

/// Scopes of an application.
#[apply(reply)]
pub(super) struct Delegated {
    predefined_scopes: Listed<ScopeView>,
}

#[apply(reply)]
pub(super) struct ScopeView {
    name: &'static str,
    description: &'static str,
    required: Option<bool>,
}

elements! {
    AppView: "Application" "Applications";
    ScopeView: "PredefinedScope" "PredefinedScopes";
    SecretView: "AppSecret" "AppSecrets";
}

impl ScopeView {
    /// UNCERTAIN: the language; here that of the site.
    fn of(scope: &'static Scope, required: Option<bool>, site: Site) -> Self {
        let [chinese, english] = scope.text;
        let description = if site == Site::China { chinese } else { english };
        Self { name: scope.name, description, required }
    }
}

impl Delegated {
    /// Scopes, each with its `Required` if `marked`.
    pub(super) fn of(scopes: OAuthScopes, site: Site, marked: bool) -> Self {
        let views =
            scopes.iter().map(|(scope, required)| ScopeView::of(scope, marked.then_some(required), site));
        Self { predefined_scopes: Listed(views.collect()) }
    }
}

impl AppView {
    fn of(app: &OAuthApp, site: Site) -> Self {
        Self {
            app_id: app.id.to_string(),
            app_name: app.name.clone(),
            display_name: app.display_name.clone(),
            app_type: app.kind,
            account_id: app.owner.to_string(),
            protocol_version: app.protocol,
            is_multi_tenant: app.multi_tenant,
            secret_required: app.secret_required,
            access_token_validity: app.access_seconds,
            refresh_token_validity: app.refresh_seconds,
            redirect_uris: Redirects { redirect_uri: app.redirect_uris.clone() },
            delegated_scope: Delegated::of(app.scopes, site, true),
            create_date: app.created,
            update_date: app.updated,
        }
    }
}

/// Returns the texts of a list.
pub(super) fn names(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

/// Returns the error for a scope that does not exist, or that the application may not have. UNCERTAIN: the code.
pub(super) fn wrong_scope(param: &'static str) -> Flawed {
    Flawed::new(param, Flaw::Value)
}

/// `CreateApplication`: creates an OAuth application. It always has the scope `openid`.
///
/// Fails with `InvalidParameter.*`, also for an unknown scope (UNCERTAIN).
pub(super) fn create(tx: &mut Tx<'_>, req: CreateApplication) -> Result<One<AppView>, Failure> {
    let offered = OAuthScopes::offered(Some(req.kind));
    let scopes = req.scopes.map(|list| list.0).unwrap_or_default();
    let scopes = OAuthScopes::default().with(names(&scopes), offered);
    let scopes = scopes.ok_or(wrong_scope("PredefinedScopes"))?;
    let required = req.required_scopes.map(|list| list.0).unwrap_or_default();
    let new = NewOAuthApp {
        name: req.name,
        display_name: req.display_name,
        kind: req.kind,
        protocol: req.protocol.unwrap_or_default(),
        scopes: scopes.requiring(names(&required)).ok_or(wrong_scope("RequiredScopes"))?,
        redirect_uris: req.redirect_uris.map(|list| list.0).unwrap_or_default(),
        access_seconds: req.access_seconds.map(|seconds| seconds.0),
        refresh_seconds: req.refresh_seconds.map(|seconds| seconds.0),
        multi_tenant: req.multi_tenant,
        secret_required: req.secret_required,
    };
    let account = tx.account()?;
    let (uid, site) = (account.uid, account.profile.site);
    Ok(One(AppView::of(tx.add_oauth_app(uid, None, new)?, site)))
}

/// `GetApplication`: returns an application of the account.
///
/// Fails with `EntityNotExist.Application`.
pub(super) fn get(view: View<'_>, req: OneApp) -> Result<One<AppView>> {
    let account = view.account()?;
    Ok(One(AppView::of(account.sign_on.application(req.app.id()?)?, account.profile.site)))
}

/// `UpdateApplication`: changes an application. Missing parameters keep their values, lists are replaced as a whole. A scope
/// that is not there any more is not required any more.
///
/// Fails with `EntityNotExist.Application` and `InvalidParameter.*`.
pub(super) fn update(tx: &mut Tx<'_>, req: UpdateApplication) -> Result<One<AppView>, Failure> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let site = account.profile.site;
    let app = account.sign_on_mut().application_mut(req.app.id()?)?;
    if let Some(list) = given(req.new_scopes) {
        let scopes = app.scopes.with(names(&list), OAuthScopes::offered(Some(app.kind)));
        app.scopes = scopes.ok_or(wrong_scope("NewPredefinedScopes"))?;
    }
    if let Some(list) = given(req.new_required_scopes) {
        app.scopes = app.scopes.requiring(names(&list)).ok_or(wrong_scope("NewRequiredScopes"))?;
    }
    match req.new_redirect_uris {
        Patch::Keep => {}
        Patch::Clear => app.redirect_uris.clear(),
        Patch::Set(list) => app.redirect_uris = list.0,
    }
    app.access_seconds = req.new_access_seconds.map_or(app.access_seconds, |seconds| seconds.0);
    app.refresh_seconds = req.new_refresh_seconds.map_or(app.refresh_seconds, |seconds| seconds.0);
    app.display_name = req.new_display_name.unwrap_or_else(|| app.display_name.clone());
    app.multi_tenant = req.new_multi_tenant.unwrap_or(app.multi_tenant);
    let wanted = req.new_secret_required.unwrap_or(app.secret_required);
    app.secret_required = wanted || app.kind != AppKind::NativeApp;
    app.updated = now;
    Ok(One(AppView::of(app, site)))
}

/// The new list, if one was sent.
fn given(patch: Patch<Semicolons>) -> Option<Vec<String>> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => Some(Vec::new()),
        Patch::Set(list) => Some(list.0),
    }
}

/// `DeleteApplication`: deletes an application with its secrets. It is not installed any more, in any account.
///
/// Fails with `EntityNotExist.Application`.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneApp) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    account.sign_on_mut().remove_application(req.app.id()?)?;
    Ok(Done {})
}

/// `ListApplications`: returns all applications of the account, oldest first. No pages.
pub(super) fn list(view: View<'_>, _: Nothing) -> Result<All<AppView>> {
    let account = view.account()?;
    Ok(account.sign_on.applications.iter().map(|app| AppView::of(app, account.profile.site)).collect())
}

/// `ListPredefinedScopes`: returns the scopes that applications of a kind, or of any kind, may have.
pub(super) fn list_scopes(view: View<'_>, req: OfKind) -> Result<All<ScopeView>> {
    let site = view.account()?.profile.site;
    Ok(OAuthScopes::offered(req.kind).iter().map(|(scope, _)| ScopeView::of(scope, None, site)).collect())
}

/// A secret. Fields that an action leaves out are `None`.
#[apply(reply)]
pub(super) struct SecretView {
    app_id: String,
    app_secret_id: String,
    app_secret_value: Option<String>,
    create_date: Timestamp,
}

impl SecretView {
    fn listed(app: u64, secret: &AppSecret) -> Self {
        Self {
            app_id: app.to_string(),
            app_secret_id: secret.id.to_string(),
            app_secret_value: None,
            create_date: secret.created,
        }
    }

    fn whole(app: u64, secret: &AppSecret) -> Self {
        Self { app_secret_value: Some(secret.value.reveal().to_owned()), ..Self::listed(app, secret) }
    }
}

/// `CreateAppSecret`: creates a secret; an application has two at most.
///
/// Fails with `EntityNotExist.Application` and `LimitExceeded.Application.AppSecret` (UNCERTAIN).
pub(super) fn create_secret(tx: &mut Tx<'_>, req: OneApp) -> Result<One<SecretView>> {
    let (uid, id) = (tx.account()?.uid, req.app.id()?);
    Ok(One(SecretView::whole(id, &tx.add_app_secret(uid, id, None, None)?)))
}

/// `GetAppSecret`: returns a secret with its value, which can be read as long as it exists.
///
/// Fails with `EntityNotExist.Application` and `EntityNotExist.Application.AppSecret` (UNCERTAIN).
pub(super) fn get_secret(view: View<'_>, req: OneSecret) -> Result<One<SecretView>> {
    let app = view.account()?.sign_on.application(req.app.id()?)?;
    Ok(One(SecretView::whole(app.id, app.secret(&req.secret)?)))
}

/// `ListAppSecretIds`: returns the secrets of an application without their values. No pages.
///
/// Fails with `EntityNotExist.Application`.
pub(super) fn list_secrets(view: View<'_>, req: OneApp) -> Result<All<SecretView>> {
    let app = view.account()?.sign_on.application(req.app.id()?)?;
    Ok(app.secrets.iter().map(|secret| SecretView::listed(app.id, secret)).collect())
}

/// `DeleteAppSecret`: deletes a secret.
///
/// Fails with `EntityNotExist.Application` and `EntityNotExist.Application.AppSecret` (UNCERTAIN).
pub(super) fn delete_secret(tx: &mut Tx<'_>, req: OneSecret) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    account.sign_on_mut().application_mut(req.app.id()?)?.remove_secret(&req.secret)?;
    Ok(Done {})
}
