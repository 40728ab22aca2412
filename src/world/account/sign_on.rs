//! Sign-on by others: single sign-on of RAM users, and OAuth applications with their secrets and installations.
//! Source: docs/evidence/ims.md 4.10 and 4.12.

use crate::text::{AppDisplayName, AppName, SecretText, Timestamp, Uid, choices};
use crate::world::account::SignAlgo;
use crate::world::refusal::Refusal;
use compact_str::CompactString;
use std::sync::Arc;

/// Maximum number of secrets of an application. Source: docs/evidence/ims.md 4.12.
const MOST_SECRETS: usize = 2;

/// Settings for single sign-on, and OAuth applications, of an account.
#[derive(Debug, Clone, Default)]
pub struct SignOn {
    /// Single sign-on of RAM users.
    pub user_sso: UserSso,
    /// Applications of the account, oldest first.
    pub applications: imbl::Vector<Arc<OAuthApp>>,
    /// Installed applications, of the account and of others, oldest first.
    pub installed: imbl::Vector<Installed>,
}

/// Single sign-on of RAM users. While it is enabled, passwords of RAM users do not work; alimock has no provider to log in at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSso {
    /// True if users log in at the provider.
    pub enabled: bool,
    /// Metadata of the provider, as XML.
    pub metadata: Option<Arc<str>>,
    /// True if names in SAML responses have a domain.
    pub login_with_domain: bool,
    /// Further domain of those names.
    pub auxiliary_domain: Option<CompactString>,
    /// Algorithm of signed requests.
    pub sign_algo: SignAlgo,
}

impl Default for UserSso {
    fn default() -> Self {
        let sign_algo = SignAlgo::default();
        Self { enabled: false, metadata: None, login_with_domain: true, auxiliary_domain: None, sign_algo }
    }
}

choices! {
    /// Kind of an application.
    AppKind {
        /// For browsers.
        WebApp = "WebApp",
        /// On a device.
        NativeApp = "NativeApp",
        /// Without log-in of users.
        ServerApp = "ServerApp",
    }
}

choices! {
    /// Version of OAuth.
    #[derive(Default)]
    Protocol {
        /// OAuth 2.0.
        #[default]
        V2_0 = "2.0",
        /// OAuth 2.1.
        V2_1 = "2.1",
    }
}

/// A scope of Alibaba Cloud's OAuth service.
#[derive(Debug, PartialEq, Eq)]
pub struct Scope {
    /// Name, such as `openid`.
    pub name: &'static str,
    /// Description in Chinese and in English.
    pub text: [&'static str; 2],
}

/// All scopes; every application has the first. UNCERTAIN: the list is that of the overview, without scopes that only some
/// accounts get; the descriptions but the first are of the same page. Source: docs/evidence/ims.md 4.12.
const SCOPES: &[Scope] = &[
    Scope {
        name: "openid",
        text: [
            "用于获取用户的OpenID(默认权限范围,不可移除)",
            "Obtain the OpenID of the user. This is the default permission that you cannot remove.",
        ],
    },
    Scope { name: "aliuid", text: ["用于获取阿里云UID", "Obtain the UID of the user."] },
    Scope {
        name: "profile", text: ["用于获取用户名称等个人信息", "Obtain the profile of the user."]
    },
    Scope {
        name: "/acs/ccc", text: ["用于访问阿里云呼叫中心服务API", "Access Cloud Call Center."]
    },
    Scope { name: "/acs/alidns", text: ["用于访问阿里云解析API", "Access Alibaba Cloud DNS."] },
    Scope { name: "/acs/digitalstore", text: ["用于访问数字化门店", "Access Digital Store."] },
    Scope {
        name: "/acs/scsp", text: ["用于访问智能客服平台", "Access Smart Customer Service Platform."]
    },
    Scope { name: "/acs/cloudgame", text: ["用于访问云游戏平台", "Access Cloud Gaming Platform."] },
    Scope {
        name: "/acs/aiccs",
        text: ["用于访问智能联络中心", "Access Artificial Intelligence Cloud Call Service."],
    },
    Scope {
        name: "/acs/mcp-server",
        text: ["用于访问阿里云OpenAPI MCP服务", "Access Alibaba Cloud OpenAPI MCP servers."],
    },
    Scope {
        name: SCIM,
        text: ["用于访问阿里云跨域身份管理服务", "Access System for Cross-domain Identity Management."],
    },
];

/// Scope for the synchronization of users, the only purpose of a server application.
const SCIM: &str = "/acs/scim";

/// A set of scopes, with the required ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OAuthScopes {
    all: u16,
    required: u16,
}

impl Default for OAuthScopes {
    /// Only `openid`, which is required.
    fn default() -> Self {
        Self { all: 1, required: 1 }
    }
}

/// Returns the scopes with these names as a set, `openid` among them; `None` if one is unknown.
fn set_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<u16> {
    names.into_iter().try_fold(1, |set, name| {
        let place = SCOPES.iter().position(|scope| scope.name == name)?;
        Some(set | 1 << place)
    })
}

impl OAuthScopes {
    /// Returns every scope that an application of a kind may have. UNCERTAIN: a server application has that of SCIM, the
    /// others have the rest.
    pub fn offered(kind: Option<AppKind>) -> Self {
        let whole = (1 << SCOPES.len()) - 1;
        let scim = set_of([SCIM]).expect("it is in the list");
        let all = match kind {
            None => whole,
            Some(AppKind::ServerApp) => scim,
            Some(AppKind::WebApp | AppKind::NativeApp) => whole & !scim | 1,
        };
        Self { all, required: 1 }
    }

    /// Replaces the scopes. Required ones remain required. Returns `None` if `offered` lacks one.
    #[must_use]
    pub fn with<'a>(self, names: impl IntoIterator<Item = &'a str>, offered: Self) -> Option<Self> {
        let all = set_of(names).filter(|all| all & !offered.all == 0)?;
        Some(Self { all, required: self.required & all })
    }

    /// Replaces the required scopes. Returns `None` if the set lacks one.
    #[must_use]
    pub fn requiring<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let required = set_of(names).filter(|required| required & !self.all == 0)?;
        Some(Self { required, ..self })
    }

    /// Returns only the required scopes.
    #[must_use]
    pub fn required_only(self) -> Self {
        Self { all: self.required, ..self }
    }

    /// Iterates over the scopes in the order of their list; `true` for a required one.
    pub fn iter(self) -> impl Iterator<Item = (&'static Scope, bool)> {
        let places = SCOPES.iter().enumerate().filter(move |(place, _)| self.all >> place & 1 == 1);
        places.map(move |(place, scope)| (scope, self.required >> place & 1 == 1))
    }
}

/// Input for a new application.
#[derive(Debug, Clone)]
pub struct NewOAuthApp {
    /// Name. UNCERTAIN: nothing keeps it unique.
    pub name: AppName,
    /// Name that users see.
    pub display_name: AppDisplayName,
    /// Kind.
    pub kind: AppKind,
    /// Version of OAuth.
    pub protocol: Protocol,
    /// Scopes.
    pub scopes: OAuthScopes,
    /// Addresses that users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Validity of access tokens in seconds.
    pub access_seconds: Option<i64>,
    /// Validity of refresh tokens in seconds.
    pub refresh_seconds: Option<i64>,
    /// True if other accounts may install it.
    pub multi_tenant: Option<bool>,
    /// True if it needs a secret. Only native applications may do without.
    pub secret_required: Option<bool>,
}

/// An OAuth application.
#[derive(Debug, Clone)]
pub struct OAuthApp {
    /// Id.
    pub id: u64,
    /// Its account.
    pub owner: Uid,
    /// Name.
    pub name: AppName,
    /// Name that users see.
    pub display_name: AppDisplayName,
    /// Kind.
    pub kind: AppKind,
    /// Version of OAuth.
    pub protocol: Protocol,
    /// Scopes.
    pub scopes: OAuthScopes,
    /// Addresses that users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Validity of access tokens in seconds.
    pub access_seconds: i64,
    /// Validity of refresh tokens in seconds.
    pub refresh_seconds: i64,
    /// True if other accounts may install it.
    pub multi_tenant: bool,
    /// True if it needs a secret.
    pub secret_required: bool,
    /// Secrets, oldest first.
    pub secrets: Vec<AppSecret>,
    /// Creation time.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
}

/// A secret of an application.
#[derive(Debug, Clone)]
pub struct AppSecret {
    /// Id.
    pub id: CompactString,
    /// The secret itself.
    pub value: SecretText,
    /// Creation time.
    pub created: Timestamp,
}

/// An installed application.
#[derive(Debug, Clone)]
pub struct Installed {
    /// Id of the application. Applications that were deleted are not installed any more.
    pub app: u64,
    /// Granted scopes.
    pub scopes: OAuthScopes,
    /// Time of the installation.
    pub created: Timestamp,
    /// Time of the last change.
    pub updated: Timestamp,
}

impl OAuthApp {
    /// Creates an application, with the defaults of its kind.
    pub fn new(id: u64, owner: Uid, new: NewOAuthApp, now: Timestamp) -> Self {
        let is_native = new.kind == AppKind::NativeApp;
        Self {
            id,
            owner,
            name: new.name,
            display_name: new.display_name,
            kind: new.kind,
            protocol: new.protocol,
            scopes: new.scopes,
            redirect_uris: new.redirect_uris,
            access_seconds: new.access_seconds.unwrap_or(3600),
            refresh_seconds: new.refresh_seconds.unwrap_or(if is_native { 7_776_000 } else { 2_592_000 }),
            multi_tenant: new.multi_tenant.unwrap_or(new.kind != AppKind::WebApp),
            secret_required: !is_native || new.secret_required.unwrap_or(false),
            secrets: Vec::new(),
            created: now,
            updated: now,
        }
    }

    /// Returns the secret `id`.
    pub fn secret(&self, id: &str) -> Result<&AppSecret, Refusal> {
        self.secrets.iter().find(|secret| secret.id == id).ok_or(Refusal::NoSuchAppSecret)
    }

    /// Adds a secret.
    pub fn add_secret(&mut self, secret: AppSecret) -> Result<&AppSecret, Refusal> {
        if self.secrets.len() >= MOST_SECRETS {
            return Err(Refusal::TooManyAppSecrets);
        }
        self.secrets.push(secret);
        Ok(self.secrets.last().expect("one was just added"))
    }

    /// Deletes the secret `id`.
    pub fn remove_secret(&mut self, id: &str) -> Result<(), Refusal> {
        let place = self.secrets.iter().position(|secret| secret.id == id);
        self.secrets.remove(place.ok_or(Refusal::NoSuchAppSecret)?);
        Ok(())
    }
}

impl SignOn {
    /// Returns the application `id` of the account.
    pub fn application(&self, id: u64) -> Result<&Arc<OAuthApp>, Refusal> {
        self.applications.iter().find(|app| app.id == id).ok_or(Refusal::NoSuchOAuthApp)
    }

    /// Returns the application `id` of the account, to change.
    pub fn application_mut(&mut self, id: u64) -> Result<&mut OAuthApp, Refusal> {
        let place = self.applications.iter().position(|app| app.id == id).ok_or(Refusal::NoSuchOAuthApp)?;
        Ok(Arc::make_mut(&mut self.applications[place]))
    }

    /// Deletes the application `id` with its secrets.
    pub fn remove_application(&mut self, id: u64) -> Result<(), Refusal> {
        self.application(id)?;
        self.applications.retain(|app| app.id != id);
        Ok(())
    }

    /// Returns the installation of the application `id`.
    pub fn installation(&self, id: u64) -> Result<&Installed, Refusal> {
        self.installed.iter().find(|one| one.app == id).ok_or(Refusal::NoSuchOAuthApp)
    }

    /// Installs an application, or replaces the granted scopes of an installed one.
    pub fn install(&mut self, app: u64, scopes: OAuthScopes, now: Timestamp) -> &Installed {
        let place = self.installed.iter().position(|one| one.app == app).unwrap_or_else(|| {
            self.installed.push_back(Installed { app, scopes, created: now, updated: now });
            self.installed.len() - 1
        });
        let installed = &mut self.installed[place];
        (installed.scopes, installed.updated) = (scopes, now);
        installed
    }

    /// Uninstalls the application `id`.
    pub fn uninstall(&mut self, id: u64) -> Result<(), Refusal> {
        self.installation(id)?;
        self.installed.retain(|one| one.app != id);
        Ok(())
    }
}
