//! Single sign-on of RAM users and OAuth applications: the format, planting and export.

use crate::attributes::{apply, input, optional_input};
use crate::federation::saml::Metadata;
use crate::scenario::file::{AccountFile, is_default};
use crate::scenario::identities::span;
use crate::scenario::misfit::{At, Misfit, Misfits};
use crate::text::{AppDisplayName, SecretText, Uid, format_duration};
use crate::world::account::{
    Account, AppKind, AppSecret, Installed, NewOAuthApp, OAuthApp, OAuthScopes, Protocol, SignAlgo, UserSso,
};
use crate::world::{State, Tx};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// Single sign-on of RAM users, as `SetUserSsoSettings` sets it.
#[apply(optional_input)]
pub(super) struct UserSsoFile {
    #[serde(skip_serializing_if = "is_default")]
    pub(super) enabled: bool,
    /// Metadata XML of the provider.
    pub(super) metadata: Option<String>,
    /// Names in SAML responses have a domain; default `true`.
    pub(super) login_with_domain: Option<bool>,
    pub(super) auxiliary_domain: Option<String>,
    /// Algorithm of signed requests to the provider.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) authn_sign_algo: SignAlgo,
}

/// An OAuth application.
#[apply(input)]
pub(super) struct ApplicationFile {
    pub(super) name: String,
    /// Name that users see; default: the first 24 characters of the name.
    pub(super) display_name: Option<String>,
    pub(super) r#type: AppKind,
    /// Fixed id of 19 digits.
    pub(super) id: Option<String>,
    /// Scopes besides `openid`.
    pub(super) scopes: Vec<String>,
    /// Scopes that users cannot refuse.
    pub(super) required_scopes: Vec<String>,
    pub(super) redirect_uris: Vec<String>,
    /// Validity of access tokens: 15m to 3h; default `1h`.
    pub(super) access_tokens_last: Option<String>,
    /// Validity of refresh tokens: 2h to 8760h; default: that of the type.
    pub(super) refresh_tokens_last: Option<String>,
    /// Other accounts may install it.
    pub(super) multi_tenant: Option<bool>,
    /// A `NativeApp` needs a secret.
    pub(super) secret_required: Option<bool>,
    /// Version of OAuth.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) protocol: Protocol,
    /// Secrets, two at most.
    pub(super) secrets: Vec<AppSecretFile>,
}

/// A secret of an OAuth application.
#[apply(optional_input)]
pub(super) struct AppSecretFile {
    /// Fixed id.
    pub(super) id: Option<String>,
    /// Fixed value.
    pub(super) value: Option<String>,
}

/// An OAuth application that is installed in the account.
#[apply(input)]
pub(super) struct InstalledFile {
    /// Its id, or ACCOUNT/NAME.
    pub(super) application: String,
    /// Granted scopes besides `openid`; default: the required ones.
    pub(super) scopes: Option<Vec<String>>,
}

/// Plants single sign-on and the applications of an account.
pub(super) fn plant(file: &AccountFile, at: &At, uid: Uid, tx: &mut Tx<'_>, misfits: &mut Misfits) {
    if let Some(sso) = &file.user_sso {
        misfits.note(plant_sso(sso, &at.field("userSso"), uid, tx));
    }
    for (index, app) in file.applications.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(plant_app(app, &at.item("applications", index), uid, tx));
    }
}

fn plant_sso(file: &UserSsoFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let why = |why| at.field("metadata").wrong(format!("the metadata cannot be read: {why}"));
    file.metadata.as_deref().map(|text| Metadata::parse(text).map_err(why)).transpose()?;
    let (account, _) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.sign_on_mut().user_sso = UserSso {
        enabled: file.enabled,
        metadata: file.metadata.as_deref().map(Into::into),
        login_with_domain: file.login_with_domain.unwrap_or(true),
        auxiliary_domain: file.auxiliary_domain.as_deref().map(Into::into),
        sign_algo: file.authn_sign_algo,
    };
    Ok(())
}

/// Returns a validity in seconds.
fn seconds(
    at: &At,
    name: &str,
    text: Option<&String>,
    (least, most): (i64, i64),
) -> Result<Option<i64>, Misfit> {
    let seconds = span(at, name, text)?.map(|span| span.as_secs());
    if seconds.is_some_and(|seconds| !(least..=most).contains(&seconds)) {
        let spell = |seconds| format_duration(SignedDuration::from_secs(seconds));
        return Err(at.field(name).wrong(format!("it is between {} and {}", spell(least), spell(most))));
    }
    Ok(seconds)
}

fn plant_app(file: &ApplicationFile, at: &At, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Misfit> {
    let offered = OAuthScopes::offered(Some(file.r#type));
    let scopes = OAuthScopes::default().with(file.scopes.iter().map(String::as_str), offered);
    let scopes = scopes.ok_or_else(|| {
        let names: Vec<_> = offered.iter().map(|(scope, _)| scope.name).collect();
        at.field("scopes").wrong(format!("scopes of this type are {}", names.join(", ")))
    })?;
    let required = scopes.requiring(file.required_scopes.iter().map(String::as_str));
    let display_name = file.display_name.clone().unwrap_or_else(|| file.name.chars().take(24).collect());
    let new = NewOAuthApp {
        name: at.read("name", &file.name)?,
        display_name: at.read::<AppDisplayName>("displayName", &display_name)?,
        kind: file.r#type,
        protocol: file.protocol,
        scopes: required.ok_or_else(|| at.field("requiredScopes").wrong("they are among `scopes`"))?,
        redirect_uris: file.redirect_uris.clone(),
        access_seconds: seconds(at, "accessTokensLast", file.access_tokens_last.as_ref(), (900, 10_800))?,
        refresh_seconds: seconds(
            at,
            "refreshTokensLast",
            file.refresh_tokens_last.as_ref(),
            (7200, 31_536_000),
        )?,
        multi_tenant: file.multi_tenant,
        secret_required: file.secret_required,
    };
    let id = file.id.as_deref().map(|id| match id.parse() {
        Ok(id) if file.id.as_ref().is_some_and(|text| text.len() == 19) => Ok(id),
        _ => Err(at.field("id").wrong("an id has 19 digits")),
    });
    let id = id.transpose()?;
    if id.is_some_and(|id| tx.state().oauth_app(id).is_ok()) {
        return Err(at.field("id").wrong("another application has this id"));
    }
    let id = tx.add_oauth_app(uid, id, new).map_err(|refusal| at.refused(refusal))?.id;
    for (index, secret) in file.secrets.iter().enumerate() {
        let value = secret.value.as_deref().map(SecretText::new);
        let added = tx.add_app_secret(uid, id, secret.id.as_deref(), value);
        added.map_err(|refusal| at.item("secrets", index).refused(refusal))?;
    }
    Ok(())
}

/// Plants the installed applications of an account, when all applications exist.
pub(super) fn plant_installed(
    file: &AccountFile,
    at: &At,
    named: &BTreeMap<String, Uid>,
    tx: &mut Tx<'_>,
    misfits: &mut Misfits,
) {
    let Some(uid) = named.get(&file.name) else { return };
    for (index, installed) in file.installed_applications.iter().enumerate() {
        if misfits.is_full() {
            return;
        }
        misfits.note(install(installed, &at.item("installedApplications", index), *uid, named, tx));
    }
}

fn install(
    file: &InstalledFile,
    at: &At,
    uid: Uid,
    named: &BTreeMap<String, Uid>,
    tx: &mut Tx<'_>,
) -> Result<(), Misfit> {
    let text = &file.application;
    let found = match text.split_once('/') {
        None => text.parse().ok().and_then(|id| tx.state().oauth_app(id).ok()),
        Some((owner, name)) => named.get(owner).and_then(|owner| {
            let owner = tx.state().account(*owner).ok()?;
            owner.sign_on.applications.iter().find(|app| app.name.as_str() == name).map(|app| &**app)
        }),
    };
    let app = found.ok_or_else(|| at.field("application").wrong(format!("no application is `{text}`")))?;
    let (id, all) = (app.id, app.scopes);
    let scopes = match &file.scopes {
        None => all.required_only(),
        Some(list) => all
            .with(list.iter().map(String::as_str), all)
            .ok_or_else(|| at.field("scopes").wrong("the application has no such scope"))?,
    };
    let now = tx.now;
    let (account, _) = tx.account_of(uid).map_err(|refusal| at.refused(refusal))?;
    account.sign_on_mut().install(id, scopes, now);
    Ok(())
}

/// Returns single sign-on as a file has it; `None` if nobody set it.
pub(super) fn user_sso_file(account: &Account) -> Option<UserSsoFile> {
    let sso = &account.sign_on.user_sso;
    (*sso != UserSso::default()).then(|| UserSsoFile {
        enabled: sso.enabled,
        metadata: sso.metadata.as_ref().map(ToString::to_string),
        login_with_domain: (!sso.login_with_domain).then_some(false),
        auxiliary_domain: sso.auxiliary_domain.as_ref().map(ToString::to_string),
        authn_sign_algo: sso.sign_algo,
    })
}

/// Returns the applications of an account as a file has them.
pub(super) fn application_files(account: &Account) -> Vec<ApplicationFile> {
    account.sign_on.applications.iter().map(|app| application_file(app)).collect()
}

fn application_file(app: &OAuthApp) -> ApplicationFile {
    let last = |seconds: i64| Some(format_duration(SignedDuration::from_secs(seconds)));
    let named = |wanted: fn(bool) -> bool| -> Vec<String> {
        // The first scope is `openid`, which is always there.
        let listed = app.scopes.iter().skip(1).filter(|(_, required)| wanted(*required));
        listed.map(|(scope, _)| scope.name.to_owned()).collect()
    };
    let secret = |secret: &AppSecret| AppSecretFile {
        id: Some(secret.id.to_string()),
        value: Some(secret.value.reveal().to_owned()),
    };
    ApplicationFile {
        name: app.name.to_string(),
        display_name: Some(app.display_name.to_string()),
        r#type: app.kind,
        id: Some(app.id.to_string()),
        scopes: named(|_| true),
        required_scopes: named(|required| required),
        redirect_uris: app.redirect_uris.clone(),
        access_tokens_last: last(app.access_seconds),
        refresh_tokens_last: last(app.refresh_seconds),
        multi_tenant: Some(app.multi_tenant),
        secret_required: Some(app.secret_required),
        protocol: app.protocol,
        secrets: app.secrets.iter().map(secret).collect(),
    }
}

/// Returns the installed applications of an account as a file has them.
pub(super) fn installed_files(account: &Account, state: &State) -> Vec<InstalledFile> {
    let there = account.sign_on.installed.iter().filter(|one| state.oauth_app(one.app).is_ok());
    let file = |one: &Installed| InstalledFile {
        application: one.app.to_string(),
        scopes: Some(one.scopes.iter().skip(1).map(|(scope, _)| scope.name.to_owned()).collect()),
    };
    there.map(file).collect()
}
